"""A reply comes back when the buyer has another answer, or when two conversations may be meant. Both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import FixedClock
from bot.desk import Desk, merging, read
from bot.mail.compose import message_id
from tests.store.test_merging import answer
from tests.store.test_merging_around import bounce
from tests.world import ANNA, START, Post, buyer_mail

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ORDER = "305-1234567-1234567"


@pytest.fixture(autouse=True)
def case(post: Post) -> None:
    post.deliver(buyer_mail())


def states(desk: Desk, number: int) -> list[str]:
    return [one.state for one in read.case(desk, number).replies]


def test_who_has_another_answer_is_answered_still(desk: Desk, clock: FixedClock, post: Post) -> None:
    answer(desk, clock, 1001, then_close=False)
    clock.advance(HOUR)
    answer(desk, clock, 1001, then_close=False)
    first, second = (one.id for one in read.case(desk, 1001).replies)
    post.deliver(bounce(first))
    assert states(desk, 1001) == ["bounced", "accepted"]
    assert read.case(desk, 1001).messages[0].deadline_state == "met"
    post.deliver(replace(bounce(second), message_id="<second@x.example>"))
    one = read.case(desk, 1001)
    assert (states(desk, 1001), one.messages[0].deadline_state) == (["bounced", "bounced"], "open")
    assert (one.state, one.due_at) == ("open", START + DAY)


@pytest.mark.parametrize("later", ["Hello? Any news?", "Thank you very much!"])
def test_what_comes_back_warns_again(desk: Desk, clock: FixedClock, post: Post, later: str) -> None:
    post.deliver(buyer_mail("The lamp caught fire. My lawyer will contact you."))
    answer(desk, clock, 1001, then_close=False)
    clock.advance(HOUR)
    post.deliver(buyer_mail(later))
    assert read.case(desk, 1001).risk == ()
    post.deliver(bounce(read.case(desk, 1001).replies[0].id))
    one = read.case(desk, 1001)
    assert (one.risk, one.needs_reply) == (("safety", "legal"), True)


def test_an_answer_to_an_older_message_answers_no_newer_one(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    answer(desk, clock, 1001, then_close=False)
    post.deliver(buyer_mail("And the bulb?"))
    answer(desk, clock, 1001, then_close=False)
    post.deliver(bounce(read.case(desk, 1001).replies[1].id))
    assert [one.deadline_state for one in read.case(desk, 1001).messages] == ["met", "open"]


def test_a_bounce_that_names_an_order_with_two_conversations_is_shown_to_a_person(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    post.deliver(
        buyer_mail(
            buyer_alias="other00000001+case-2@marketplace.amazon.de",
            buyer_base="other00000001@marketplace.amazon.de",
        )
    )
    for number in (1001, 1002):
        answer(desk, clock, number)
    post.deliver(replace(bounce(0), failed_message_id=None, order_id=ORDER, marketplace="DE"))
    assert (states(desk, 1001), states(desk, 1002)) == (["accepted"], ["accepted"])
    assert read.case(desk, 1003).kind == "review"


def test_a_bounce_of_a_reply_that_left_after_a_backup_brings_no_earlier_one_back(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    answer(desk, clock, 1001)
    lost = message_id(2, "support@nordlicht.example", "of a time that the backup does not have")
    post.deliver(replace(bounce(0), failed_message_id=lost, order_id=ORDER, marketplace="DE"))
    assert (states(desk, 1001), read.case(desk, 1001).messages[0].deadline_state) == (["accepted"], "met")
    assert read.case(desk, 1002).kind == "review"


def test_another_question_that_still_waits_is_closed_by_no_bounce(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    post.deliver(buyer_mail("And the bulb?", order_id="305-7654321-7654321", amazon_case_id="case-2"))
    for _ in range(2):
        answer(desk, clock, 1002, then_close=False)
    merging.merge(desk, 1001, 1002, by=ANNA)
    post.deliver(bounce(read.case(desk, 1002).replies[0].id))
    waiting = {one.text: one.deadline_state for one in read.case(desk, 1002).messages}
    assert waiting == {"Where is my parcel?": "open", "And the bulb?": "met"}
