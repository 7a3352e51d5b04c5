"""For commands that ask the desk of this installation: the desk, open for as long as they ask, and a store of its."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from bot.cli.records import database_answers

if TYPE_CHECKING:
    from bot.desk import Desk


@contextmanager
def at_desk() -> "Iterator[Desk]":
    """The desk, its database closed at the end. Raises ConfigError; Unreachable if the database does not answer."""
    from bot.cli.running import open_desk

    with database_answers():
        desk, _secrets = open_desk()
        try:
            yield desk
        finally:
            desk.database.close()


def check_store(store: str, known: Collection[str]) -> None:
    """Raises BadParameter for a store that is not there; none at all was not asked for."""
    if store and store not in known:
        text = f"there is no store {store}; expected one of {', '.join(known)}"
        raise typer.BadParameter(text, param_hint="--store")
