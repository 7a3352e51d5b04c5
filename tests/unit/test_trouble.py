"""Which database errors pass by themselves."""

import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from bot.db.trouble import is_trouble


def of_sqlite(name: str) -> sqlite3.OperationalError:
    why = sqlite3.OperationalError("told by SQLite")
    why.sqlite_errorname = name
    return why


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (NoConnection("all connections are in use"), True),
        (OperationalError("", None, of_sqlite("SQLITE_BUSY")), True),
        (OperationalError("", None, of_sqlite("SQLITE_IOERR_WRITE")), True),
        (OperationalError("", None, of_sqlite("SQLITE_ERROR")), False),
        (OperationalError("", None, psycopg.OperationalError("connection refused")), True),
        (OperationalError("", None, psycopg.errors.AdminShutdown("terminating")), True),
        (OperationalError("", None, psycopg.errors.DeadlockDetected("deadlock")), True),
        (OperationalError("", None, psycopg.errors.ProgramLimitExceeded("index row is too big")), False),
        (DataError("", None, psycopg.errors.StringDataRightTruncation("too long")), False),
        (IntegrityError("", None, sqlite3.IntegrityError("unique")), False),
        (OperationalError("", None, sqlite3.ProgrammingError("x"), connection_invalidated=True), True),
        (ValueError("naive datetime"), False),
    ],
)
def test_only_trouble_of_the_database_itself_passes(error: Exception, passes: bool) -> None:
    assert is_trouble(error) is passes
