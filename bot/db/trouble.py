"""Whose fault a database error is: its own, so that the same may work later, or that of what was to be stored."""

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

_SQLITE = tuple(
    f"SQLITE_{name}"
    for name in ("BUSY", "LOCKED", "FULL", "IOERR", "READONLY", "CANTOPEN", "NOMEM", "PROTOCOL")
)
_POSTGRESQL = ("08", "25", "40", "53", "55", "57", "58")
"""Classes of states: connection, read only or timed out, deadlock, out of disk or memory, lock, shut down, system."""


def is_trouble(error: Exception) -> bool:
    """Whether it is the database's: held, full, cut off, restarted."""
    if isinstance(error, NoConnection):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    name, state = getattr(error.orig, "sqlite_errorname", None), getattr(error.orig, "sqlstate", None)
    if name is not None:
        return str(name).startswith(_SQLITE)
    if state is not None:
        return str(state)[:2] in _POSTGRESQL
    return type(error.orig).__name__ == "OperationalError"  # a server that could not be asked gives no state


def is_full(error: Exception) -> bool:
    """Whether there is no room: what is smaller may be stored all the same."""
    if not isinstance(error, DBAPIError):
        return False
    name, state = getattr(error.orig, "sqlite_errorname", None), getattr(error.orig, "sqlstate", None)
    return name == "SQLITE_FULL" or state == "53100"
