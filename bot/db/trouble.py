"""Whose fault a database error is: its own, so that the same may work later, or that of what was to be stored."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from bot.log import get_logger

log = get_logger()

_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED")
_SQLITE = (
    *_BUSY,
    *(f"SQLITE_{name}" for name in ("FULL", "IOERR", "READONLY", "CANTOPEN", "NOMEM", "PROTOCOL")),
)
_OTHERS_DO = ("08", "40", "55", "57P")
"""Beginnings of states: connection, deadlock, lock, shut down."""
_POSTGRESQL = (*_OTHERS_DO, "25", "53", "57", "58")
"""Besides: read only or timed out, out of disk or memory, cancelled, system."""


def is_trouble(error: BaseException) -> bool:
    """Whether it is the database's: held, full, cut off, restarted."""
    return _is_one_of(error, _SQLITE, _POSTGRESQL)


def is_passing(error: Exception) -> bool:
    """Whether it has nothing to do with what was to be stored: held, cut off, restarted, but not full or too slow."""
    return _is_one_of(error, _BUSY, _OTHERS_DO)


def is_full(error: Exception) -> bool:
    """Whether there is no room: what is smaller may be stored all the same."""
    return _is_one_of(error, ("SQLITE_FULL",), ("53100",), when_unsaid=False)


def _is_one_of(
    error: BaseException, names: tuple[str, ...], states: tuple[str, ...], *, when_unsaid: bool = True
) -> bool:
    """`when_unsaid`: of an error without a name or a state: of a connection that is lost, or was never made."""
    if isinstance(error, NoConnection):
        return when_unsaid
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return when_unsaid
    name, state = getattr(error.orig, "sqlite_errorname", None), getattr(error.orig, "sqlstate", None)
    if name is not None:
        return str(name).startswith(names)
    if state is not None:
        return str(state).startswith(states)
    # A server that could not be asked gives no state.
    return when_unsaid and type(error.orig).__name__ == "OperationalError"


def _with_contexts(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and those while which it came up."""
    while error is not None:
        yield error
        error = error.__context__


@contextmanager
def apart(tx: Session, what: str, **which: int | str | None) -> Iterator[None]:
    """One of many rows of a transaction: an error of our own undoes what this block did, and the others go on.

    The log has it as `what`, with `which` row. It is tried again when the work is repeated. Trouble of the database
    ends the whole transaction, as ever.
    """
    try:
        with tx.begin_nested():
            yield
    except Exception as error:
        # A full SQLite undoes the whole transaction: what is raised then is that there is no savepoint any more.
        if any(map(is_trouble, _with_contexts(error))):
            raise
        log.error(what, exc_info=error, **which)
