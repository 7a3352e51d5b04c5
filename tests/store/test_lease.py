"""Waiting for a lease outlives a database that fails: a mailbox whose thread had ended was read no more.

And what is repeated under one: when it ends, when it fails, when another has taken the lease. Both databases.
"""

import threading

from sqlalchemy import text

from bot.clock import FixedClock
from bot.db.engine import Database
from bot.db.queries import switches
from bot.desk import Desk
from bot.work.lease import SPAN, Lease


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


class Counted(threading.Event):
    """A stop that is set when somebody has waited for it so many times; `waits` says how long they wanted to."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self._times, self.waits = times, list[float | None]()

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        if len(self.waits) == self._times:
            self.set()
        return self.is_set()


def test_a_step_that_fails_is_done_again_and_at_the_end_the_lease_is_free(desk: Desk) -> None:
    lease, stop, begun = Lease(desk, "orders:nordlicht", "a"), Counted(3), list[int]()
    failed = list[Exception]()

    def step() -> float:
        begun.append(1)
        if len(begun) == 2:
            raise ValueError
        return 4.0

    def wait_s(error: Exception) -> float:
        failed.append(error)
        return 60.0

    lease.repeat(stop, step, wait_s)
    assert (stop.waits, [type(one) for one in failed]) == ([4.0, 60.0, 4.0], [ValueError])
    assert Lease(desk, "orders:nordlicht", "b").hold()


def test_a_step_that_slept_past_the_lease_is_undone_and_nothing_has_failed(
    desk: Desk, clock: FixedClock
) -> None:
    ours, theirs = Lease(desk, "orders:nordlicht", "a"), Lease(desk, "orders:nordlicht", "b")
    stop, kept = Counted(2), list[str | None]()  # the first step, and the lease that is tried for in vain

    def step() -> float:
        with desk.database.reading() as tx:
            kept.append(switches.get(tx, "test"))
        if len(kept) == 2:
            clock.advance(SPAN)
            other = threading.Thread(target=theirs.hold)  # another process: no fence of ours is around it
            other.start()
            other.join()
        with desk.database.writing() as tx:
            switches.replace(tx, "test", f"by step {len(kept)}")
        return 0.0

    def wait_s(error: Exception) -> float:
        raise AssertionError(error)

    ours.repeat(stop, step, wait_s)
    with desk.database.reading() as tx:
        assert switches.get(tx, "test") == "by step 1"
    assert (kept, theirs.hold()) == ([None, "by step 1"], True)
