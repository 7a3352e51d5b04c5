"""Which database errors pass by themselves."""

import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from bot.db.trouble import is_full, is_passing, is_trouble


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


@pytest.mark.parametrize(
    ("error", "passes", "full"),
    [
        (NoConnection("all connections are in use"), True, False),
        (OperationalError("", None, psycopg.OperationalError("connection refused")), True, False),
        (OperationalError("", None, sqlite3.ProgrammingError("x"), connection_invalidated=True), True, False),
        (OperationalError("", None, of_sqlite("SQLITE_BUSY_SNAPSHOT")), True, False),
        (OperationalError("", None, of_sqlite("SQLITE_FULL")), False, True),
        (OperationalError("", None, of_sqlite("SQLITE_IOERR_WRITE")), False, False),
        (OperationalError("", None, psycopg.errors.AdminShutdown("terminating")), True, False),
        (OperationalError("", None, psycopg.errors.DeadlockDetected("deadlock")), True, False),
        (OperationalError("", None, psycopg.errors.QueryCanceled("statement timeout")), False, False),
        (OperationalError("", None, psycopg.errors.DiskFull("could not extend file")), False, True),
        (IntegrityError("", None, sqlite3.IntegrityError("unique")), False, False),
        (ValueError("naive datetime"), False, False),
    ],
)
def test_what_was_to_be_stored_may_be_the_reason_of_some(error: Exception, passes: bool, full: bool) -> None:
    assert (is_passing(error), is_full(error)) == (passes, full)
