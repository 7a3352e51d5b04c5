"""Who was paused past the end of a lease or a claim: what it was in the middle of does not count. Both databases."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import FixedClock, RealClock
from bot.db.engine import fenced
from bot.db.queries import leases, mails, switches
from bot.desk import Desk, deliveries, receive
from bot.errors import NotOurs
from bot.settings.secrets import Secrets
from bot.work.lease import SPAN, Held, Lease
from bot.work.readers import Reader
from bot.work.ticks import Clockwork, Tick


def switch(desk: Desk) -> str | None:
    with desk.database.reading() as tx:
        return switches.get(tx, "test")


def turn(desk: Desk, value: str) -> None:
    with desk.database.writing() as tx:
        switches.replace(tx, "test", value)


def test_what_was_begun_under_a_lease_that_another_has_taken_is_undone(desk: Desk, clock: FixedClock) -> None:
    first, second = Lease(desk, "clock", "a"), Lease(desk, "clock", "b")
    assert first.hold()
    with fenced(first.fence()):
        turn(desk, "by the first")
    fence = first.fence()
    clock.advance(SPAN)
    with fenced(fence):
        turn(desk, "late, and nobody else has it")
    assert second.hold()
    with pytest.raises(NotOurs), fenced(fence):
        turn(desk, "by who slept")
    assert switch(desk) == "late, and nobody else has it"
    turn(desk, "by somebody without a fence")
    assert switch(desk) == "by somebody without a fence"


def test_a_lease_that_one_gets_back_is_another_lease(desk: Desk, clock: FixedClock) -> None:
    first, second = Lease(desk, "clock", "a"), Lease(desk, "clock", "b")
    assert first.hold()
    before = first.fence()
    clock.advance(SPAN)
    assert [second.hold(), first.hold()] == [True, False]
    second.give_back()
    assert first.hold()
    with pytest.raises(NotOurs), fenced(before):
        turn(desk, "begun before the other had it")
    with fenced(first.fence()):
        turn(desk, "begun now")
    assert switch(desk) == "begun now"


def test_a_lease_ends_by_the_stop_watch_although_nobody_has_looked(desk: Desk) -> None:
    over, lasting = Lease(desk, "a", "me", timedelta(0)), Lease(desk, "b", "me")
    for lease, is_ours in ((over, False), (lasting, True)):
        held = Held(lease)
        assert not held.is_set()
        assert lease.hold()
        held.set()
        assert held.is_set() is is_ours
        lease.give_back()
        assert not held.is_set()


def test_a_tick_that_slept_stores_nothing_and_the_next_one_is_not_begun(
    desk: Desk, clock: FixedClock
) -> None:
    ours, theirs = Lease(desk, "clock", "a"), Lease(desk, "clock", "b")
    held, begun, done = Held(ours), [], threading.Event()

    def slow() -> None:
        begun.append(1)
        clock.advance(SPAN)
        other = threading.Thread(target=theirs.hold)  # another process: no fence of ours is around it
        other.start()
        other.join()
        try:
            turn(desk, "by who slept")
        finally:
            held.clear()
            done.set()

    assert ours.hold()
    held.set()
    work = Clockwork((Tick("slow", 0.2, slow),), 1.0)
    work.start(held)
    work.all_due()
    slept = done.wait(20)
    work.stop()
    assert (slept, switch(desk), begun) == (True, None, [1])


def test_after_the_clock_was_set_back_ticks_do_not_wait_until_it_is_as_late_again(desk: Desk) -> None:
    lease, ran = Lease(desk, "clock", "a"), threading.Event()
    held, machine = Held(lease), FixedClock(RealClock().now() + timedelta(hours=3))
    work = Clockwork((Tick("pings", 30, ran.set), Tick("holds", 3600, lambda: None)), 1.0, machine)
    assert lease.hold()
    held.set()
    work.start(held)
    work.all_due()
    machine.advance(-timedelta(hours=3))
    assert not ran.is_set(), "planned for in three hours"
    work.mind_the_clock()
    assert ran.wait(20)
    ran.clear()
    work.mind_the_clock()
    work.stop()
    assert not ran.is_set(), "planned for in half a minute, as it should be"


def test_after_the_clock_was_set_back_a_mailbox_was_read_now_and_not_in_three_hours(
    desk: Desk, clock: FixedClock
) -> None:
    receive.store_raw(desk, "nordlicht", 1, 1, [])
    reader = Reader(desk, "nordlicht", Secrets(desk.settings, {}), "a", threading.Event())
    noted = []
    for span in (timedelta(0), timedelta(seconds=5), timedelta(hours=-3), timedelta(seconds=20)):
        clock.advance(span)
        reader.note_read()
        with desk.database.reading() as tx:
            row = mails.mailbox(tx, "nordlicht")
        assert row is not None
        noted.append(clock.now() - row.read_at)
    assert noted == [timedelta(0), timedelta(seconds=5), timedelta(0), timedelta(0)]


def test_a_click_is_heard_once_by_all_processes_until_it_can_not_come_again(
    desk: Desk, clock: FixedClock
) -> None:
    other = replace(desk)
    assert [deliveries.hear(one, "t.1") for one in (desk, other, desk)] == [True, False, False]
    assert deliveries.hear(other, "t.2")
    assert Lease(desk, "clock", "a").hold()
    clock.advance(deliveries.REMEMBERED - timedelta(seconds=1))
    assert deliveries.forget(desk) == 0
    clock.advance(timedelta(seconds=1))
    assert deliveries.forget(desk) == 2
    assert deliveries.hear(desk, "t.1")
    with desk.database.reading() as tx:
        assert leases.is_held(tx, "clock", "a"), "a job's lease is not forgotten"
