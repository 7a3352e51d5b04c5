"""Answered in Seller Central while a reply waited, as we advise while a mail server is down. Both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.clock import FixedClock
from bot.db.tables import LedgerRow, ReplyRow
from bot.desk import Desk, close, figures, read, reply, settle
from bot.domain.mail import Kind, Mail
from bot.domain.sla import SELLER_CENTRAL
from bot.settings import Secrets
from bot.work.replies import send_next
from tests.store.test_merging import send
from tests.world import ANNA, LI_WEI, Post, buyer_mail

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def case(post: Post) -> None:
    post.deliver(buyer_mail())


def work(lane: Desk) -> None:
    while send_next(lane, Secrets(lane.settings, {})):
        pass


def row_of(desk: Desk, number: int) -> ReplyRow:
    with desk.database.reading() as tx:
        return tx.get_one(ReplyRow, number)


def copy(clock: FixedClock) -> Mail:
    """Amazon's copy of what somebody typed in Seller Central just now."""
    return Mail(
        kind=Kind.REPLY_COPY,
        why="a copy",
        message_id=f"<copy-{clock.now().timestamp()}@amazon.example>",
        order_id="305-1234567-1234567",
        text="It arrives on Friday.",
        received_at=clock.now(),
    )


def stuck(desk: Desk, clock: FixedClock) -> int:
    """A reply that the mail server has not taken for an hour."""
    number = send(desk, 1001)
    clock.advance(MINUTE)
    with desk.database.writing() as tx:
        row = tx.get_one(ReplyRow, number)
        row.state, row.attempts, row.taken_at = "sending", 3, clock.now()
    settle.again(desk, number, "no connection")
    clock.advance(HOUR)
    return number


def in_undo_window(desk: Desk, clock: FixedClock) -> int:
    number = send(desk, 1001)
    clock.advance(timedelta(seconds=5))
    return number


@pytest.mark.parametrize("waiting", [stuck, in_undo_window])
def test_what_was_answered_there_does_not_leave_as_well(
    lane: Desk, clock: FixedClock, post: Post, waiting: Callable[[Desk, FixedClock], int]
) -> None:
    number = waiting(lane, clock)
    post.deliver(copy(clock))
    clock.advance(HOUR)
    work(lane)
    row = row_of(lane, number)
    assert (row.state, row.reason) == ("withdrawn", SELLER_CENTRAL)
    assert read.draft(lane, 1001, ANNA) is not None, "the words are kept"
    case = read.case(lane, 1001)
    assert (case.state, case.closed_by, case.due_at) == ("closed", "copy", None)
    with lane.database.reading() as tx:
        last = tx.scalars(select(LedgerRow).where(LedgerRow.what == "reply_withdrawn")).one()
        assert last.facts == {"reply": number, "why": "answered_there"}


def test_who_knows_of_the_answer_there_may_send_another(lane: Desk, clock: FixedClock, post: Post) -> None:
    post.deliver(copy(clock))
    clock.advance(MINUTE)
    number = send(lane, 1001)
    clock.advance(HOUR)
    work(lane)
    assert row_of(lane, number).state == "accepted"


def test_a_message_that_is_not_answered_there_is_answered_here(
    lane: Desk, clock: FixedClock, post: Post
) -> None:
    typed = copy(clock)
    clock.advance(MINUTE)
    post.deliver(buyer_mail("And my invoice, please."))
    number = send(lane, 1001)
    post.deliver(typed)
    clock.advance(HOUR)
    work(lane)
    assert row_of(lane, number).state == "accepted"
    assert read.case(lane, 1001).due_at is None


def test_no_response_needed_holds_no_reply_back(lane: Desk, clock: FixedClock) -> None:
    number = send(lane, 1001)
    close.no_response_needed(lane, 1001, by=LI_WEI)
    clock.advance(HOUR)
    work(lane)
    assert row_of(lane, number).state == "accepted"
    with pytest.raises(reply.Stale):
        reply.undo(lane, number, by=LI_WEI)


def states(desk: Desk) -> list[str | None]:
    return [one.deadline_state for one in read.case(desk, 1001).messages]


def test_a_reply_answers_what_was_excused_while_it_waited_to_leave(
    lane: Desk, clock: FixedClock, post: Post
) -> None:
    number = in_undo_window(lane, clock)
    close.no_response_needed(lane, 1001, by=LI_WEI)
    assert states(lane) == ["excused"]
    clock.advance(HOUR)
    work(lane)
    assert states(lane) == ["met"]
    with lane.database.reading() as tx:
        counted = dict(figures.periods(tx, lane, None))["7d"]
    assert (counted.in_time, counted.excused) == (1, 0)
    assert read.case(lane, 1001).closed_by == "reply"
    close.reopen(lane, 1001, by=LI_WEI)
    assert states(lane) == ["met"], "what is answered waits for no second answer"
    bounced = Mail(kind=Kind.BOUNCE, why="a test", message_id="<bounce@mail.example>")
    post.deliver(replace(bounced, failed_message_id=row_of(lane, number).message_id))
    assert states(lane) == ["open"]


def test_what_was_excused_before_it_was_written_stays_so(lane: Desk, clock: FixedClock, post: Post) -> None:
    close.no_response_needed(lane, 1001, by=LI_WEI)
    clock.advance(HOUR)
    post.deliver(buyer_mail("And my invoice, please."))
    in_undo_window(lane, clock)
    post.deliver(buyer_mail("Thanks!"))
    close.no_response_needed(lane, 1001, by=LI_WEI)
    clock.advance(HOUR)
    work(lane)
    assert states(lane) == ["excused", "met", "excused"]


def test_a_late_reply_makes_no_miss_of_what_was_excused(lane: Desk, clock: FixedClock) -> None:
    number = in_undo_window(lane, clock)
    close.no_response_needed(lane, 1001, by=LI_WEI)
    clock.advance(25 * HOUR)
    work(lane)
    assert row_of(lane, number).state == "accepted"
    assert states(lane) == ["excused"]


def test_a_reply_to_a_closed_case_answers_what_its_closing_excused(lane: Desk, clock: FixedClock) -> None:
    close.no_response_needed(lane, 1001, by=LI_WEI)
    clock.advance(HOUR)
    in_undo_window(lane, clock)
    clock.advance(HOUR)
    work(lane)
    close.reopen(lane, 1001, by=LI_WEI)
    assert states(lane) == ["met"]


def test_what_two_replies_answer_stays_answered_when_the_one_that_left_first_comes_back(
    lane: Desk, clock: FixedClock, post: Post
) -> None:
    first, second = send(lane, 1001), send(lane, 1001)
    reply.send_now(lane, second, by=ANNA)
    work(lane)
    clock.advance(HOUR)
    work(lane)
    assert [row_of(lane, one).state for one in (first, second)] == ["accepted", "accepted"]
    bounced = Mail(kind=Kind.BOUNCE, why="a test", message_id="<bounce@mail.example>")
    post.deliver(replace(bounced, failed_message_id=row_of(lane, second).message_id))
    assert states(lane) == ["met"], "by the other"
