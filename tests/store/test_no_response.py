"""No response needed: it excuses what somebody had before them, and nothing that came since. Both databases."""

from datetime import timedelta

import pytest

from bot.clock import FixedClock
from bot.desk import Desk, assign, close, merging, read
from bot.domain.deadlines import waiting_mark
from bot.errors import Stale
from tests.world import ANNA, LI_WEI, Post, buyer_mail


@pytest.fixture(autouse=True)
def thanks(post: Post) -> None:
    post.deliver(buyer_mail("Thank you!"))


def mark(desk: Desk, number: int = 1001) -> str:
    """Of what waits now, as the modal keeps it."""
    return waiting_mark(one.id for one in read.case(desk, number).messages if one.deadline_state == "open")


def states(desk: Desk, number: int = 1001) -> list[str | None]:
    return [one.deadline_state for one in read.case(desk, number).messages]


def close_as_seen(desk: Desk, seen: str, number: int = 1001) -> None:
    with pytest.raises(Stale) as refused:
        close.no_response_needed(desk, number, "only thanks", by=ANNA, seen=seen)
    assert refused.value.key == "waiting_changed"


def test_who_closed_it_is_named_and_not_whose_case_it_was(desk: Desk) -> None:
    assign.claim(desk, 1001, by=LI_WEI)
    close.no_response_needed(desk, 1001, by=ANNA, seen=mark(desk))
    now = read.case(desk, 1001)
    assert (now.assignee, now.closed_by, now.excused_by) == (LI_WEI, "no_response_needed", ANNA)


def test_a_message_that_came_since_keeps_the_case_open(desk: Desk, post: Post) -> None:
    seen = mark(desk)
    post.deliver(buyer_mail("Wait, it smells of smoke!"))
    close_as_seen(desk, seen)
    assert (states(desk), read.case(desk, 1001).state) == (["open", "open"], "open")
    assert read.case(desk, 1001).notes == ()
    close.no_response_needed(desk, 1001, by=ANNA, seen=mark(desk))
    assert (states(desk), read.case(desk, 1001).state) == (["excused", "excused"], "closed")


def test_so_does_an_older_one_of_a_case_that_was_merged_in(desk: Desk, post: Post) -> None:
    post.deliver(
        buyer_mail(
            "Thanks again",
            amazon_case_id="case-2",
            order_id="305-2222222-2222222",
            buyer_alias="katrin0000001+case-2@marketplace.amazon.de",
        )
    )
    seen = mark(desk, 1002)
    merging.merge(desk, 1001, 1002, by=LI_WEI)
    close_as_seen(desk, seen, 1002)
    assert states(desk, 1002) == ["open", "open"]


def test_what_people_did_to_the_case_meanwhile_is_no_reason(desk: Desk, clock: FixedClock) -> None:
    seen = mark(desk)
    assign.claim(desk, 1001, by=LI_WEI)
    close.note(desk, 1001, "looks like thanks", by=LI_WEI)
    assign.snooze(desk, 1001, clock.now() + timedelta(hours=1), by=LI_WEI)
    close.no_response_needed(desk, 1001, by=ANNA, seen=seen)
    assert states(desk) == ["excused"]


def test_the_second_click_of_one_person_changes_nothing(desk: Desk) -> None:
    seen = mark(desk)
    close.no_response_needed(desk, 1001, by=ANNA, seen=seen)
    close.no_response_needed(desk, 1001, by=ANNA, seen=seen)
    assert (states(desk), read.case(desk, 1001).state) == (["excused"], "closed")
