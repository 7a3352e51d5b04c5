"""`reply24 keys`: the keys that personal data are stored under. How to go about it: config/README.md."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import printing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.db.engine import Database


def register(app: typer.Typer) -> None:
    """Commands about the keys of stored personal data."""
    group = typer.Typer(no_args_is_help=True, help="The keys that personal data are stored under.")
    for function in (new, status, rotate):
        group.command()(function)
    app.add_typer(group, name="keys")


def new(
    key_id: Annotated[
        str, typer.Option("--id", help="A name for it, never used before; by default the day.")
    ] = "",
) -> None:
    """Print a fresh key for REPLY24_DATA_KEYS. Put it before the others, and keep a copy where the backups are not."""
    from bot.clock import RealClock
    from bot.settings.data_keys import new_key

    try:
        printing.line(new_key(key_id or f"k{RealClock().now():%Y%m%d}"))
    except ValueError as why:
        raise typer.BadParameter(str(why), param_hint="--id") from why


def status(
    read: Annotated[
        bool, typer.Option("--read", help="Decrypt every value, and name those that can't be.")
    ] = False,
    as_json: printing.AsJson = False,
) -> None:
    """Rows by key and table, and how many are not encrypted; with --read also the rows that can't be decrypted."""
    from bot.db import keys

    with _ready_database() as database:
        found = keys.status(database)
        lost = list(keys.unreadable(database)) if read else []
        given, first = database.vault.ids, database.vault.first
    missing = sorted({one for counts in found.values() for one in counts} - {"", *given})
    if as_json:
        tables = {
            table: {"keys": {one: count for one, count in counts.items() if one}, "unencrypted": counts[""]}
            for table, counts in found.items()
        }
        printing.as_json(
            {"keys": list(given), "encrypts": first, "missing": missing, "tables": tables, "unreadable": lost}
        )
    else:
        for table, counts in found.items():
            told = ", ".join(f"{one or 'unencrypted'} {count}" for one, count in sorted(counts.items()))
            printing.line(f"{table:<18}{told or 'nothing to encrypt'}")
        printing.line(f"Keys: {', '.join(given) or 'none'}; {first or 'none'} encrypts.")
        if missing:
            printing.line(f"Missing in REPLY24_DATA_KEYS: {', '.join(missing)}.")
        for one in lost:
            printing.line(f"can't be decrypted: {one}")
    if missing or lost:
        raise typer.Exit(1)


def rotate(as_json: printing.AsJson = False) -> None:
    """Write everything anew that is not under the first key; after the word plain, everything without a key.

    The bot may run; whoever starts it again goes on.
    """
    from bot.db import keys

    def tell(table: str, rows: int) -> None:
        if not as_json:
            printing.line(f"{table}: {rows} rows")

    with _ready_database() as database:
        keys.admit(database)
        done = keys.rotate(database, tell)
        first = database.vault.first
    if as_json:
        printing.as_json({"key": first, "rows": done.rows, "left": done.left, "unreadable": done.unreadable})
    else:
        for one in done.unreadable:
            printing.line(f"can't be decrypted, left as it is: {one}")
        left = f"{done.left} rows are not; run it again" if done.left else "everything is"
        how = f"with key {first}. Under it now" if first else "unencrypted. Unencrypted now"
        printing.line(f"{done.rows} rows were written anew {how}: {left}.")
    if done.left:
        raise typer.Exit(1)


@contextmanager
def _ready_database() -> "Iterator[Database]":
    """The database, with the tables of this program. Raises NotFound, WrongInput."""
    from bot.cli.records import database_answers, existing_database
    from bot.db import migrate
    from bot.errors import WrongInput

    with database_answers(), existing_database() as database:
        if migrate.current(database) != migrate.newest():
            raise WrongInput(
                "The database has the tables of another version. Bring it up first: reply24 db upgrade"
            )
        yield database
