"""Bulk replies: how they are told, processes that die at every step, and several at once. Both databases."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from bot.clock import FixedClock
from bot.db.queries import replies as reply_queries
from bot.db.tables import CaseRow, OutboxRow
from bot.db.tables_bulk import BulkRow
from bot.desk import Desk, bulk, bulk_sending, settle
from tests.store.bulk_words import STEP, Buyers, begin, let_leave, run, sent, troubles
from tests.world import ANNA, LI_WEI, START, WANG


@pytest.fixture
def buyers(desk: Desk, clock: FixedClock) -> Buyers:
    return Buyers(desk, clock)


def test_progress_is_told_soon_not_at_every_case_and_at_once_when_it_is_over(
    desk: Desk, clock: FixedClock, buyers: Buyers
) -> None:
    def row() -> OutboxRow | None:
        with desk.database.writing() as tx:
            found = tx.scalars(select(OutboxRow).where(OutboxRow.key.startswith("bulk:"))).one_or_none()
            if found is not None:
                tx.delete(found)
        return found

    for _ in range(2):
        buyers.case()
    begin(desk)
    told = row()
    assert told is not None
    assert (told.place, told.not_before) == (ANNA, START)
    run(desk, clock, 2)
    told = row()
    assert told is not None
    assert told.not_before == START + timedelta(seconds=3)
    run(desk, clock, 3)
    assert row() is None  # nothing has changed: the replies are held
    let_leave(desk, clock)
    run(desk, clock, 1)
    told = row()
    assert told is not None
    assert told.not_before <= clock.now()


def test_a_clock_that_is_set_back_stops_none(desk: Desk, clock: FixedClock, buyers: Buyers) -> None:
    for _ in range(2):
        buyers.case()
    begin(desk)
    run(desk, clock, 1)
    clock.advance(-timedelta(hours=2))
    run(desk, clock, 1)
    assert len(sent(desk)) == 2


def test_what_did_not_arrive_is_named(desk: Desk, clock: FixedClock, buyers: Buyers) -> None:
    refused, lost = buyers.case(), buyers.case()
    number = begin(desk)
    run(desk, clock, 2)
    clock.advance(timedelta(minutes=1))
    with desk.database.writing() as tx:
        taken = reply_queries.claim_ready(tx, desk.now())
    settle.failed(desk, taken[0].id, "550 no")
    settle.unsure(desk, taken[1].id, "no answer")
    run(desk, clock, 1)
    assert troubles(desk, number) == {refused: "reply_failed", lost: "reply_unsure"}
    assert bulk.progress(desk, number).state == "done"


# Deaths and many at once


@contextmanager
def dying_at(moment: str, nth: int) -> Iterator[None]:
    """The process dies at the `nth` flush or commit: what was not committed is gone, as after kill -9.

    The listener hears every session of this process; those of other threads, such as a running bot's, go on.
    """
    seen, here = 0, threading.current_thread()

    def die(*_about: object) -> None:
        nonlocal seen
        if threading.current_thread() is not here:
            return
        seen += 1
        if seen == nth:
            raise KeyboardInterrupt

    event.listen(Session, moment, die)
    try:
        yield
    finally:
        event.remove(Session, moment, die)


@pytest.mark.parametrize("moment", ["before_flush", "after_flush", "before_commit", "after_commit"])
@pytest.mark.parametrize("nth", range(1, 7))
def test_wherever_it_dies_each_case_is_answered_once(
    desk: Desk, clock: FixedClock, buyers: Buyers, moment: str, nth: int
) -> None:
    cases = [buyers.case() for _ in range(3)]
    number = begin(desk)
    try:
        with dying_at(moment, nth):
            run(desk, clock, 2)
    except KeyboardInterrupt:
        pass
    run(desk, clock, 4)
    assert [row.case for row in sent(desk)] == cases
    assert troubles(desk, number) == {}
    let_leave(desk, clock)
    run(desk, clock, 1)
    assert (bulk.progress(desk, number).sent, bulk.progress(desk, number).state) == (3, "done")


def test_two_clocks_that_tick_at_once_send_nothing_twice(
    desk: Desk, clock: FixedClock, buyers: Buyers
) -> None:
    cases = [buyers.case() for _ in range(8)]
    number, start = begin(desk), threading.Barrier(4)

    def tick(_number: int) -> None:
        start.wait(20)
        for _ in range(4):
            bulk_sending.send_due(desk)
            clock.advance(STEP)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(tick, range(4)))
    run(desk, clock, 8)
    assert sorted(row.case for row in sent(desk)) == cases
    assert troubles(desk, number) == {}


def test_a_fault_in_one_does_not_hold_up_the_others(desk: Desk, clock: FixedClock, buyers: Buyers) -> None:
    case = buyers.case()
    broken, fine = begin(desk), begin(desk, LI_WEI)
    with desk.database.writing() as tx:
        tx.get_one(BulkRow, broken).shared = {"due_date": "no day"}
    run(desk, clock, 2)
    assert troubles(desk, broken) == {case: "fault"}
    assert [(row.case, row.author) for row in sent(desk)] == [(case, LI_WEI)]
    assert bulk.progress(desk, fine).leaving == 1


def test_a_warning_that_nobody_has_looked_at_keeps_a_managers_text_here(
    desk: Desk, clock: FixedClock, buyers: Buyers
) -> None:
    """The buyer turns out to be Polish; there is no Polish text, so they would get the English one."""
    changed, known = buyers.case(), buyers.case(lang="pl")
    number = begin(desk, by=WANG)
    with desk.database.writing() as tx:
        tx.get_one(CaseRow, changed).lang = "pl"
    run(desk, clock, 2)
    assert troubles(desk, number) == {changed: "warned_anew"}
    assert [one.case for one in sent(desk)] == [known]


@pytest.mark.parametrize("again", ["the next step", "somebody presses Stop again"])
def test_a_process_that_dies_at_stop_lets_nothing_leave(
    desk: Desk, clock: FixedClock, buyers: Buyers, again: str
) -> None:
    """It said that it stops, and had not called back yet."""
    for _ in range(2):
        buyers.case()
    number = begin(desk)
    run(desk, clock, 1)
    with desk.database.writing() as tx:
        row = tx.get_one(BulkRow, number)
        row.state, row.stopped_by = "stopped", ANNA
    if again == "the next step":
        bulk_sending.send_due(desk)
    else:
        bulk.stop(desk, number, by=ANNA)
    assert [one.state for one in sent(desk)] == ["withdrawn"]
    run(desk, clock, 2)
    shown = bulk.progress(desk, number)
    assert (shown.state, shown.called_back, shown.waiting) == ("stopped", 1, 1)
    assert shown.ended_at is not None
