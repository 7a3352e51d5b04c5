"""Amazon's copies of replies that name a buyer and no order: whose clock they stop. Both databases."""

from dataclasses import replace
from datetime import timedelta

from bot.clock import FixedClock
from bot.db.tables import ReplyRow
from bot.desk import Desk, read
from bot.domain.mail import Kind, Mail
from tests.store.test_merging import TEXT, leave, send
from tests.world import Post, buyer_mail

ANN, OTHER = "ann0000000001@marketplace.amazon.de", "ann0000000002@marketplace.amazon.de"


def question(base: str, case: str) -> Mail:
    """A question about a product, with no order."""
    return buyer_mail(
        "Does it fit?",
        buyer_base=base,
        buyer_alias=base.replace("@", f"+{case}@"),
        buyer_name="Ann",
        amazon_case_id=case,
        order_id=None,
    )


def copy(clock: FixedClock, text: str) -> Mail:
    return Mail(
        kind=Kind.REPLY_COPY,
        why="a copy",
        message_id=f"<copy-{clock.now().timestamp()}@amazon.example>",
        buyer_name="Ann",
        text=text,
        received_at=clock.now(),
    )


def test_a_copy_of_our_reply_to_one_stops_no_clock_of_another_of_the_same_name(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    post.deliver(question(ANN, "a"), question(OTHER, "b"))
    leave(desk, clock, send(desk, 1001))
    assert read.case(desk, 1001).state == "closed"
    clock.advance(timedelta(minutes=1))
    post.deliver(copy(clock, f"{TEXT}\n"))
    assert read.case(desk, 1002).due_at is not None, "nobody has answered her"


def test_a_copy_of_our_reply_in_one_conversation_stops_no_clock_of_another_about_the_order(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    one, other = (buyer_mail(amazon_case_id=case, buyer_alias=f"ann+{case}@m.example") for case in "ab")
    post.deliver(one)
    post.deliver(other)
    leave(desk, clock, send(desk, 1001))
    clock.advance(timedelta(minutes=1))
    post.deliver(replace(copy(clock, TEXT), order_id=one.order_id))
    assert (read.case(desk, 1001).state, read.case(desk, 1002).state) == ("closed", "open")
    assert read.case(desk, 1002).due_at is not None


def test_a_copy_of_what_nobody_knew_of_stops_the_clock(desk: Desk, clock: FixedClock, post: Post) -> None:
    post.deliver(question(ANN, "a"))
    number = send(desk, 1001)
    clock.advance(timedelta(minutes=1))
    with desk.database.writing() as tx:
        row = tx.get_one(ReplyRow, number)
        row.state, row.taken_at = "unsure", clock.now()
    post.deliver(copy(clock, TEXT))
    assert (read.case(desk, 1001).state, read.case(desk, 1001).due_at) == ("closed", None)


def test_what_was_typed_in_seller_central_to_the_only_one_who_waits_stops_her_clock(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    post.deliver(question(ANN, "a"), question(OTHER, "b"))
    leave(desk, clock, send(desk, 1001))
    clock.advance(timedelta(minutes=1))
    post.deliver(copy(clock, "Yes, in every size."))
    assert (read.case(desk, 1002).state, read.case(desk, 1002).closed_by) == ("closed", "copy")
