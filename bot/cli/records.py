"""`reply24 sla status`, `ledger` and `db`: figures, the record of who did what, and the database itself."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.cli import printing

if TYPE_CHECKING:
    from bot.db.engine import Database
    from bot.domain.ledger import Record


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


def verify(as_json: printing.AsJson = False) -> None:
    """Check the ledger's chain: has a record been changed, dropped or moved?"""
    from bot.db.queries import ledger
    from bot.domain.ledger import first_fault

    chain = _Chain()
    with database_answers(), _existing_database() as database, database.reading() as tx:
        fault = first_fault(chain.follow(ledger.records(tx)))
    if as_json:
        head = {"last_seq": chain.seq, "last_hash": chain.hash}
        printing.as_json({"ok": fault is None, "records": chain.count, "first_fault": fault, **head})
    elif fault is None:
        printing.line(
            f"{chain.count} records, all of them as they were written. Last hash: {chain.hash or '-'}"
        )
    else:
        printing.line(
            f"The chain breaks at record {fault}: it was changed, dropped or moved after it was written. "
            f"The {fault - 1} records before it hold. Compare the database with a backup"
        )
    if fault is not None:
        raise typer.Exit(1)


class _Chain:
    """Counts the records on their way through the check, and keeps the last one's place and hash."""

    def __init__(self) -> None:
        self.count, self.seq, self.hash = 0, 0, ""

    def follow(self, records: "Iterator[tuple[Record, str]]") -> "Iterator[tuple[Record, str]]":
        for record, stored in records:
            self.count, self.seq, self.hash = self.count + 1, record.seq, stored
            yield record, stored


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
    from bot.settings.environment import database_url, environment_faults

    faults = list(environment_faults(os.environ))
    if faults:
        raise ConfigError(*map(str, faults))
    database = open_database(database_url(os.environ))
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _existing_database() -> "Iterator[Database]":
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


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    return value


def iso(instant: datetime) -> str:
    """2026-11-25T09:00:00Z, with the fraction of the second if there is one."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


@contextmanager
def database_answers() -> Iterator[None]:
    """Raises Unreachable in the place of what the database library says when there is no database."""
    from sqlalchemy.exc import DBAPIError

    from bot.errors import Unreachable

    try:
        yield
    except DBAPIError as why:
        words = " ".join(str(why.orig).split())
        raise Unreachable(
            f"The database does not answer as it should ({type(why.orig).__name__}: {words[:300]}). "
            "Check REPLY24_DATABASE_URL; reply24 check says more"
        ) from why
