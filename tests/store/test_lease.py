"""Waiting for a lease outlives a database that fails: a mailbox whose thread had ended was read no more."""

import threading

from sqlalchemy import text

from bot.db.engine import Database
from bot.desk import Desk
from bot.work.lease import Lease


class Mended(threading.Event):
    """A stop that nobody sets: the first time that somebody waits for it, the database is well again."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        self.waits = 0

    def wait(self, timeout: float | None = None) -> bool:
        self.waits += 1
        rename(self._database, "away", "leases")
        return False


def rename(database: Database, old: str, new: str) -> None:
    with database.writing() as tx:
        tx.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


def test_a_database_that_fails_is_asked_again(desk: Desk, database: Database) -> None:
    rename(database, "leases", "away")
    stop = Mended(database)
    assert Lease(desk, "mailbox:nordlicht", "me").wait_until_held(stop)
    assert stop.waits == 1
    other = Lease(desk, "mailbox:nordlicht", "you")
    assert not other.hold()
