"""Amazon's copies of replies that name a buyer and no order: whose clock they stop. Both databases."""

from datetime import timedelta

from bot.clock import FixedClock
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


def test_what_was_typed_in_seller_central_to_the_only_one_who_waits_stops_her_clock(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    post.deliver(question(ANN, "a"), question(OTHER, "b"))
    leave(desk, clock, send(desk, 1001))
    clock.advance(timedelta(minutes=1))
    post.deliver(copy(clock, "Yes, in every size."))
    assert (read.case(desk, 1002).state, read.case(desk, 1002).closed_by) == ("closed", "copy")
