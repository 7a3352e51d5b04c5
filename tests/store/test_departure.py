"""A reply that waited to leave, into a world that has changed: its author is asked first. Both databases."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

from bot.clock import FixedClock
from bot.db.tables import CaseRow, LedgerRow, OutboxRow, ReplyRow
from bot.desk import Desk, assign, close, pings, read, reply, settle, solutions
from bot.desk.reply import Outgoing
from bot.desk.solutions import Wish
from bot.domain.departure import SAID_ANEW, WROTE_AGAIN
from bot.sandbox.relay import MailRelay
from bot.settings import Secrets
from bot.slack import telling_manual
from bot.slack.texts import say_for
from bot.work.replies import send_next
from tests.store.test_merging import TEXT
from tests.world import ANNA, LI_WEI, WANG, Post, buyer_mail

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OF_ANOTHER_ORDER = TEXT.replace("on Friday", "on Friday (order 305-7654321-7654321)")


@pytest.fixture(autouse=True)
def case(post: Post) -> None:
    post.deliver(buyer_mail())


def send(desk: Desk, text: str = TEXT, by: str = ANNA) -> int:
    shown = reply.preview(desk, 1001, text, by=by)
    out = Outgoing(shown.text, shown.fingerprint, shown.seen, shown.seen_reply, said=None)
    return reply.send(desk, 1001, out, by=by)


def stuck(desk: Desk, clock: FixedClock, number: int) -> None:
    """The mail server did not take the reply, and is down for an hour."""
    clock.advance(MINUTE)
    with desk.database.writing() as tx:
        row = tx.get_one(ReplyRow, number)
        row.state, row.attempts, row.taken_at = "sending", 1, clock.now()
    settle.again(desk, number, "no connection")
    clock.advance(HOUR)


def left(lane: Desk, number: int) -> tuple[str, str | None]:
    """What becomes of the reply at the next look of the lane."""
    for _ in range(3):
        send_next(lane, Secrets(lane.settings, {}))
    with lane.database.reading() as tx:
        row = tx.get_one(ReplyRow, number)
        return row.state, row.reason


def told(desk: Desk) -> set[str]:
    with desk.database.reading() as tx:
        return set(tx.scalars(select(OutboxRow.key)))


def test_the_buyer_wrote_while_it_waited_so_its_author_looks_once_more(
    lane: Desk, clock: FixedClock, post: Post, relay: MailRelay
) -> None:
    number = send(lane)
    stuck(lane, clock, number)
    post.deliver(buyer_mail("It has come, please forget it."))
    assign.assign(lane, 1001, LI_WEI, by=WANG)
    assert left(lane, number) == ("withdrawn", WROTE_AGAIN)
    assert list(relay.sent) == []
    draft = read.draft(lane, 1001, ANNA)
    assert draft is not None
    assert draft.text == TEXT
    assert {f"held_back:{number}:{ANNA}", f"held_back:{number}:{LI_WEI}", f"reply:{number}"} <= told(lane)
    assert len([one for one in read.case(lane, 1001).messages if one.deadline_state == "open"]) == 2
    with lane.database.reading() as tx:
        last = tx.scalars(select(LedgerRow).where(LedgerRow.what == "reply_withdrawn")).one()
        assert last.facts == {"reply": number, "why": WROTE_AGAIN}
    again = send(lane)
    clock.advance(MINUTE)
    assert left(lane, again) == ("accepted", None)
    assert read.case(lane, 1001).due_at is None


def test_its_deadline_is_pinged_on(lane: Desk, clock: FixedClock, post: Post) -> None:
    number = send(lane)
    stuck(lane, clock, number)
    post.deliver(buyer_mail("Hello?"))
    left(lane, number)
    clock.advance(timedelta(hours=20, minutes=30))
    assert pings.ping_due(lane) > 0


@pytest.mark.parametrize("after", [timedelta(seconds=30), timedelta(seconds=50)])
def test_what_leaves_on_time_leaves_as_before(
    lane: Desk, clock: FixedClock, post: Post, after: timedelta
) -> None:
    number = send(lane)
    clock.advance(after)
    post.deliver(buyer_mail("Hello?"))
    clock.advance(MINUTE - after)
    assert left(lane, number) == ("accepted", None)


def test_so_is_one_of_which_a_clock_that_was_set_back_does_not_know_how_long_it_waited(
    lane: Desk, clock: FixedClock, post: Post
) -> None:
    clock.advance(5 * HOUR)
    number = send(lane)
    clock.advance(-4 * HOUR)
    post.deliver(buyer_mail("It has come, please forget it."))
    assert left(lane, number) == ("withdrawn", WROTE_AGAIN)


def test_a_newer_message_that_somebody_dealt_with_holds_nothing_back(
    lane: Desk, clock: FixedClock, post: Post
) -> None:
    number = send(lane)
    stuck(lane, clock, number)
    post.deliver(buyer_mail("Thanks!"))
    close.no_response_needed(lane, 1001, by=LI_WEI)
    assert left(lane, number) == ("accepted", None)


def test_a_warning_that_is_new_by_now_is_looked_at_first(lane: Desk, clock: FixedClock) -> None:
    number = send(lane, OF_ANOTHER_ORDER.replace("305-7654321-7654321", "305-1234567-1234567"))
    stuck(lane, clock, number)
    with lane.database.writing() as tx:
        tx.execute(update(CaseRow).values(order_id="305-1111111-1111111"))
    assert left(lane, number) == ("withdrawn", SAID_ANEW)
    assert f"held_back:{number}:{ANNA}" in told(lane)


def test_its_author_hears_of_it_though_nobody_waits(lane: Desk, clock: FixedClock) -> None:
    number = send(lane, OF_ANOTHER_ORDER.replace("305-7654321-7654321", "305-1234567-1234567"))
    close.no_response_needed(lane, 1001, by=LI_WEI)
    stuck(lane, clock, number)
    with lane.database.writing() as tx:
        tx.execute(update(CaseRow).values(order_id="305-1111111-1111111"))
    assert left(lane, number) == ("withdrawn", SAID_ANEW)
    assert read.case(lane, 1001).due_at is None
    asked = SimpleNamespace(desk=lane, number=number, say=say_for("en-US"), about=lambda post, _case: post)
    post = telling_manual.KINDS["held_back"](asked)  # type: ignore[arg-type]  # of Asked only what it uses
    assert "did not leave" in str(post)
    assert "clock" not in str(post)


def test_so_is_an_amount_that_was_taken_back_in_the_undo_window(lane: Desk, clock: FixedClock) -> None:
    solutions.grant(lane, 1001, Wish("partial_refund", "50", "5"), by=ANNA, seen=0)
    number = send(
        lane, TEXT.replace("It arrives on Friday.", "We refund 5.00 EUR, and it arrives on Friday.")
    )
    with lane.database.reading() as tx:
        given = read.snapshot(tx, lane, 1001).solutions[0].id
    solutions.withdraw(lane, given, by=WANG)
    clock.advance(MINUTE)
    assert left(lane, number) == ("withdrawn", SAID_ANEW)


def test_what_a_manager_sent_over_a_warning_leaves(lane: Desk, clock: FixedClock) -> None:
    number = send(lane, OF_ANOTHER_ORDER, by=WANG)
    stuck(lane, clock, number)
    assert left(lane, number) == ("accepted", None)
