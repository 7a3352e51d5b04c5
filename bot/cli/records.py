"""`reply24 sla status`, `ledger` and `db`: figures, the record of who did what, and the database itself."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import printing

if TYPE_CHECKING:
    from bot.db.engine import Database


def register(app: typer.Typer) -> None:
    """Commands about what is stored."""
    for name, what, commands in (
        ("ledger", "The record of who did what, when.", {"verify": verify}),
        ("db", "The database.", {"upgrade": upgrade}),
    ):
        group = typer.Typer(no_args_is_help=True, help=what)
        for command, function in commands.items():
            group.command(command)(function)
        app.add_typer(group, name=name)


def verify(
    anchor: Annotated[
        str,
        typer.Option(help="An anchor as it was posted, SEQ:HASH: was anything before it cut or rewritten?"),
    ] = "",
    as_json: printing.AsJson = False,
) -> None:
    """Check the ledger: was a record changed, dropped or moved, was its end cut off, does an anchor still fit?"""
    from bot.db.queries import ledger
    from bot.domain.ledger import Checked, anchor_in

    try:
        kept = [anchor_in(anchor)] if anchor else []
    except ValueError as why:
        raise typer.BadParameter(str(why), param_hint="--anchor") from why
    with database_answers(), existing_database() as database, database.reading() as tx:
        own = list(ledger.anchors(tx))
        found = Checked([*own, *kept])
        for record, stored in ledger.records(tx):
            if not found.take(record, stored):
                break
        faults = found.faults(ledger.head(tx))
    if as_json:
        first = faults[0] if faults else None
        told = {"first_fault": first and first.seq, "fault": first and first.what, "anchors": len(own)}
        head = {"last_seq": found.count, "last_hash": found.hash if found.count else ""}
        printing.as_json({"ok": not faults, "records": found.count} | told | head)
    elif not faults:
        head_of = f"{found.count}:{found.hash}" if found.count else "-"
        printing.line(
            f"{found.count} records, all of them as they were written; {len(own)} anchors fit"
            f"{', and so does the one that you gave' if kept else ''}. Head: {head_of}"
        )
    else:
        printing.line(_FAULTS[faults[0].what].format(seq=faults[0].seq, before=faults[0].seq - 1))
    if faults:
        raise typer.Exit(1)


_FAULTS = {
    "broken": (
        "The chain breaks at record {seq}: it was changed, dropped or moved after it was written. "
        "The {before} records before it hold. Compare the database with a backup"
    ),
    "cut": (
        "The end of the ledger is missing: the {before} records that are there hold, but there were more, from "
        "record {seq} on. Compare the database with a backup"
    ),
    "other": (
        "The records fit each other, but not what was noted or posted of record {seq}: the ledger was written anew, "
        "or this is another one. Compare the database with a backup"
    ),
}


def upgrade(as_json: printing.AsJson = False) -> None:
    """Bring the database to the tables that this version of the program knows."""
    from bot.db import migrate

    with database_answers(), _database() as database:
        before = migrate.current(database)
        migrate.upgrade(database)
        after = migrate.current(database)
    if as_json:
        printing.as_json({"before": before, "after": after})
    elif before == after:
        printing.line(f"The database is at revision {after}; nothing was missing.")
    else:
        printing.line(f"The database went from {before or 'empty'} to revision {after}.")


@contextmanager
def _database() -> "Iterator[Database]":
    """The database that the environment names; the settings are not needed for it. Raises ConfigError."""
    from bot.db.engine import open_database
    from bot.errors import ConfigError
    from bot.settings.data_keys import data_keys
    from bot.settings.environment import database_url, environment_faults

    faults = list(environment_faults(os.environ))
    if faults:
        raise ConfigError(*map(str, faults))
    database = open_database(database_url(os.environ), data_keys(os.environ))
    try:
        yield database
    finally:
        database.close()


@contextmanager
def existing_database() -> "Iterator[Database]":
    """The same, with tables in it; none is made. Raises NotFound."""
    from bot.db import migrate
    from bot.errors import NotFound
    from bot.settings.environment import database_url

    url = database_url(os.environ)
    file = Path(url.removeprefix("sqlite:///"))
    empty = NotFound(
        "There is no database yet, or it is empty: nothing was ever recorded. Check REPLY24_DATABASE_URL and "
        "the folder that you are in, or make the tables: reply24 db upgrade"
    )
    if url.startswith("sqlite:") and not file.is_file():
        raise empty
    with _database() as database:
        if migrate.current(database) is None:
            raise empty
        yield database


@contextmanager
def database_answers() -> Iterator[None]:
    """Raises Unreachable in the place of what the database library says when there is no database."""
    from sqlalchemy.exc import DBAPIError

    from bot.errors import Unreachable

    try:
        yield
    except DBAPIError as why:
        # PostgreSQL's details may quote the row; the first line of its answer does not.
        said = getattr(getattr(why.orig, "diag", None), "message_primary", None) or str(why.orig)
        words = " ".join(said.split())
        raise Unreachable(
            f"The database does not answer as it should ({type(why.orig).__name__}: {words[:300]}). "
            "Check REPLY24_DATABASE_URL; reply24 check says more"
        ) from why
