"""Leases: one of many does the job, whatever the clocks of the others show. Both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import FixedClock, RealClock
from bot.db.queries import leases
from bot.desk import Desk
from bot.work.lease import SPAN, Lease

SECOND = timedelta(seconds=1)


class OffClock(RealClock):
    """The machine's clock, so much ahead of the others'."""

    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        return super().now() + self._ahead


def lease_of(desk: Desk, owner: str, ahead: timedelta = timedelta(0)) -> Lease:
    return Lease(replace(desk, clock=OffClock(ahead)), "mailbox:nordlicht", owner)


def test_one_holds_it_and_another_gets_it_when_it_ends_or_is_given_back(
    desk: Desk, clock: FixedClock
) -> None:
    first, second = (Lease(desk, "job", owner) for owner in ("a", "b"))
    assert [first.hold(), second.hold(), first.hold()] == [True, False, True]
    clock.advance(SPAN - SECOND)
    assert not second.hold()
    clock.advance(SECOND)
    assert second.hold()
    assert not first.hold(), "who slept through the end of the lease has lost it"
    second.give_back()
    assert first.hold()


def test_a_lease_of_a_clock_that_was_set_back_since_keeps_nobody_waiting(
    desk: Desk, clock: FixedClock
) -> None:
    dead, living = (Lease(desk, "job", owner) for owner in ("dead", "living"))
    clock.advance(timedelta(hours=8))
    assert dead.hold()
    clock.advance(-timedelta(hours=8))
    assert living.hold()
    assert not dead.hold(), "should it live after all, it has lost it"


@pytest.mark.parametrize("ahead", [3 * SECOND, -3 * SECOND, timedelta(0)])
def test_clocks_that_differ_a_little_do_no_harm(desk: Desk, ahead: timedelta) -> None:
    first, second = lease_of(desk, "a"), lease_of(desk, "b", ahead)
    assert first.hold()
    assert not second.hold()
    first.give_back()
    assert second.hold()
    assert not first.hold()


@pytest.mark.parametrize("ahead", [40 * SECOND, -40 * SECOND])
def test_whose_clock_is_far_off_takes_none_and_gives_up_what_it_has(desk: Desk, ahead: timedelta) -> None:
    off, right = lease_of(desk, "off", ahead), lease_of(desk, "right")
    if desk.database.is_sqlite:
        assert off.hold(), "all processes of a SQLite database have the clock of one machine"
        return
    assert right.hold()
    assert not off.hold(), "by its own clock the lease may be over"
    assert right.hold()
    right.give_back()
    assert not off.hold()
    with desk.database.writing() as tx:  # its clock was set while it had the lease
        assert leases.take(tx, "mailbox:nordlicht", "off", datetime.now(UTC) + ahead, SPAN)  # noqa: TID251 - the real one
    assert not off.hold()
    assert right.hold()
