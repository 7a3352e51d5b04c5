"""What stands around merged and split cases: mails that come later, offers, pings, solutions, many hands at once.

Both engines. Case 1001 and, an hour later, 1002 are of one buyer, with two addresses.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from bot.clock import FixedClock
from bot.db.queries import replies as reply_queries
from bot.db.tables import CaseRow, MailRow, PingRow
from bot.db.tables_shifts import OfferRow
from bot.desk import (
    Desk,
    assign,
    close,
    merging,
    pings,
    read,
    route,
    settle,
    solution_pages,
    solutions,
)
from bot.desk.solutions import Wish
from bot.domain.mail import Kind, Mail, Notice
from bot.errors import Stale
from tests.store.test_merging import (
    DAY,
    FIRST,
    HOUR,
    SECOND,
    answer,
    due,
    first,
    open_cases,
    places,
    second,
    send,
)
from tests.world import ANNA, CHEN, LI_WEI, START, WANG, Post

MINUTE = timedelta(minutes=1)


@pytest.fixture
def two(post: Post, clock: FixedClock) -> None:
    post.deliver(first())
    clock.advance(HOUR)
    post.deliver(second())


def bounce(reply_id: int) -> Mail:
    return Mail(
        kind=Kind.BOUNCE,
        why="5.1.1",
        message_id="<bounce@x.example>",
        failed_message_id=f"<reply-{reply_id}@nordlicht.example>",
        failure="5.1.1 no such user",
        failure_is_final=True,
    )


def copy(**about: object) -> Mail:
    return Mail(
        kind=Kind.REPLY_COPY,
        why="a copy",
        message_id="<copy@x.example>",
        marketplace="DE",
        text="We sent a new one.",
        **about,
    )


def last_reply(desk: Desk, number: int) -> int:
    return read.case(desk, number).replies[-1].id


def test_a_bounce_after_the_merge_opens_the_case_that_stays(
    two: None, desk: Desk, clock: FixedClock, post: Post
) -> None:
    answer(desk, clock, 1002, then_close=False)
    merging.merge(desk, 1002, 1001, by=ANNA)
    answer(desk, clock, 1001)
    assert read.case(desk, 1001).state == "closed"
    post.deliver(bounce(read.case(desk, 1002).replies[0].id))
    one = read.case(desk, 1001)
    assert (one.state, one.due_at) == ("open", START + HOUR + DAY)
    assert [message.deadline_state for message in one.messages] == ["met", "open"]
    merging.separate(desk, 1002, by=ANNA)
    assert due(desk, 1002) == START + HOUR + DAY


def test_a_bounce_after_a_split_reopens_what_was_split_off_too(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    post.deliver(first("One."), first("Two."), first("Three."))
    answer(desk, clock, 1001, then_close=False)
    number = last_reply(desk, 1001)
    post.deliver(first("Four."))
    merging.split(desk, 1001, [2, 4], by=ANNA)
    assert places(desk)[2] == (1002, 1002)
    close.no_response_needed(desk, 1002, by=ANNA)
    post.deliver(bounce(number))
    states = [one.deadline_state for case in (1001, 1002) for one in read.case(desk, case).messages]
    assert states == ["open", "open", "open", "excused"]
    assert read.case(desk, 1002).state == "open"
    assert due(desk, 1002) == START + DAY


def test_a_copy_of_a_reply_closes_its_own_conversation_only(
    two: None, desk: Desk, clock: FixedClock, post: Post
) -> None:
    merging.merge(desk, 1002, 1001, by=ANNA)
    post.deliver(copy(order_id=SECOND))
    one = read.case(desk, 1001)
    assert ([message.deadline_state for message in one.messages], one.state) == (["open", "met"], "open")
    post.deliver(copy(order_id=FIRST))
    assert read.case(desk, 1001).state == "closed"


@pytest.mark.parametrize("about", [{"order_id": FIRST}, {"buyer_name": "Katrin Muster"}])
def test_a_copy_that_fits_two_addresses_of_a_case_closes_neither(
    desk: Desk, post: Post, about: dict[str, object]
) -> None:
    post.deliver(first(), second(order_id=FIRST))
    merging.merge(desk, 1002, 1001, by=ANNA)
    post.deliver(copy(**about))
    assert [message.deadline_state for message in read.case(desk, 1001).messages] == ["open", "open"]
    assert read.case(desk, 1003).kind == "review"


def test_notices_of_a_merged_case_stand_under_the_card_that_stays(two: None, desk: Desk, post: Post) -> None:
    assign.claim(desk, 1001, by=LI_WEI)
    merging.merge(desk, 1002, 1001, by=ANNA)
    post.deliver(
        Mail(
            kind=Kind.AMAZON_NOTICE,
            notice=Notice.A_TO_Z,
            why="x",
            message_id="<a@x.example>",
            order_id=SECOND,
            marketplace="DE",
        )
    )
    with desk.database.reading() as tx:
        mail = tx.scalars(select(MailRow).where(MailRow.notice == "a_to_z")).one()
        assert read.whose_notice(tx, mail.id) == ("nordlicht", LI_WEI)
    assert read.notice(desk, mail.id).case == 1001


def test_risk_that_waits_in_a_merged_case_makes_the_case_risky_until_it_is_answered(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    post.deliver(first("Thanks, all fine."), second("The lamp caught fire and burned my hand!"))
    merging.merge(desk, 1002, 1001, by=ANNA)
    one = read.case(desk, 1001)
    assert "safety" in one.risk
    assert one.needs_reply
    answer(desk, clock, 1001)
    answer(desk, clock, 1001)
    assert read.case(desk, 1001).risk == ()


def test_offers_of_the_merged_case_end_and_come_back_with_it(staffed: Desk, clock: FixedClock) -> None:
    post = Post(staffed, clock)
    post.deliver(first(), second())
    assert _offers(staffed, 1002) == [None]
    merging.merge(staffed, 1002, 1001, by=ANNA)
    assert _offers(staffed, 1002) == ["passed"]
    clock.advance(30 * MINUTE)
    route.route_waiting(staffed)
    assert _offers(staffed, 1002) == ["passed"]
    merging.separate(staffed, 1002, by=ANNA)
    assert _offers(staffed, 1002) == ["passed", None]


def _offers(desk: Desk, number: int) -> list[str | None]:
    with desk.database.reading() as tx:
        rows = tx.scalars(select(OfferRow).where(OfferRow.case == number).order_by(OfferRow.id))
        return [row.ended for row in rows]


def test_a_claimed_case_that_is_split_stays_in_its_hands_and_a_free_one_is_offered(
    staffed: Desk, clock: FixedClock
) -> None:
    Post(staffed, clock).deliver(first("One."), first("Two."), first("Three."))
    free = merging.split(staffed, 1001, [3], by=ANNA)
    assert _offers(staffed, free) == [None]
    assign.claim(staffed, 1001, by=LI_WEI)
    kept = merging.split(staffed, 1001, [2], by=ANNA)
    assert (read.case(staffed, kept).assignee, _offers(staffed, kept)) == (LI_WEI, [])


def test_pings_follow_the_message_and_are_sent_once(two: None, desk: Desk, clock: FixedClock) -> None:
    assign.claim(desk, 1001, by=LI_WEI)
    assign.claim(desk, 1002, by=CHEN)
    assign.snooze(desk, 1002, START + 30 * HOUR, by=CHEN)
    merging.merge(desk, 1002, 1001, by=ANNA)
    assert read.case(desk, 1001).snoozed_until is None
    clock.advance(17 * HOUR + MINUTE)  # 5 h 59 min before the first one's deadline
    assert pings.ping_due(desk) > 0
    assert _pinged(desk) == {1}, "of two messages of a case the older one's clock pings"
    merging.separate(desk, 1002, by=ANNA)
    clock.advance(HOUR)
    pings.ping_due(desk)
    assert _pinged(desk) == {1, 2}
    before = _pings(desk)
    merging.merge(desk, 1002, 1001, by=ANNA)
    pings.ping_due(desk)
    assert _pings(desk) == before


def _pings(desk: Desk) -> set[tuple[int, str, str]]:
    with desk.database.reading() as tx:
        return {(row.message, row.stage, row.addressee) for row in tx.scalars(select(PingRow))}


def _pinged(desk: Desk) -> set[int]:
    return {message for message, stage, _who in _pings(desk) if stage == "6h"}


def test_what_was_asked_for_on_a_merged_case_can_still_be_decided(two: None, desk: Desk) -> None:
    wish = Wish("partial_refund", "50", "25", "late")
    seen = solution_pages.preview(desk, 1002, wish, by=ANNA).seen
    number, state = solutions.grant(desk, 1002, wish, by=ANNA, seen=seen)
    assert state == "asked"
    merging.merge(desk, 1002, 1001, by=ANNA)
    solutions.approve(desk, number, by=WANG)
    (one,) = read.case(desk, 1001).solutions
    assert (one.state, one.case) == ("approved", 1001)


def test_an_rma_number_is_of_the_order_that_the_reply_goes_to(
    two: None, desk: Desk, clock: FixedClock
) -> None:
    own = solutions.rma_for(desk, 1001, by=ANNA)
    merging.merge(desk, 1002, 1001, by=ANNA)
    other = solutions.rma_for(desk, 1001, by=ANNA, to=1002)
    assert solutions.rma_for(desk, 1001, by=ANNA) == own != other
    merging.separate(desk, 1002, by=ANNA)
    assert (read.case(desk, 1001).rma, read.case(desk, 1002).rma) == (own, other)


def test_an_unsure_reply_of_a_merged_case_counts_as_stuck_while_it_waits(
    two: None, desk: Desk, clock: FixedClock
) -> None:
    number = send(desk, 1002)
    clock.advance(2 * MINUTE)
    with desk.database.writing() as tx:
        from_lane = reply_queries.claim_ready(tx, desk.now())
        assert [row.id for row in from_lane] == [number]
    settle.failed(desk, number, "550")
    merging.merge(desk, 1002, 1001, by=ANNA)
    assert read.board(desk).stuck_replies == 1
    answer(desk, clock, 1001)
    answer(desk, clock, 1001)
    assert read.board(desk).stuck_replies == 0


Act = Callable[[Desk], object]
HANDS: dict[str, tuple[Act, ...]] = {
    "both merge the same": (
        lambda desk: merging.merge(desk, 1002, 1001, by=ANNA),
        lambda desk: merging.merge(desk, 1002, 1001, by=LI_WEI),
    ),
    "crosswise": (
        lambda desk: merging.merge(desk, 1002, 1001, by=ANNA),
        lambda desk: merging.merge(desk, 1001, 1002, by=LI_WEI),
    ),
    "merge and reply": (
        lambda desk: merging.merge(desk, 1002, 1001, by=ANNA),
        lambda desk: send(desk, 1002, by=LI_WEI),
    ),
    "both split the same": (
        lambda desk: merging.split(desk, 1001, [3], by=ANNA),
        lambda desk: merging.split(desk, 1001, [3], by=LI_WEI),
    ),
    "split and reply": (
        lambda desk: merging.split(desk, 1001, [3], by=ANNA),
        lambda desk: send(desk, 1001, by=LI_WEI),
    ),
    "merge and split": (
        lambda desk: merging.merge(desk, 1001, 1002, by=ANNA),
        lambda desk: merging.split(desk, 1001, [3], by=LI_WEI),
    ),
}
BOTH_ORDERS = ("split and reply", "merge and split")
"""Where the one may also come after the other, because it is about what that leaves."""


@pytest.mark.parametrize("name", HANDS)
def test_of_two_at_once_one_wins_and_the_other_is_told(two: None, desk: Desk, post: Post, name: str) -> None:
    post.deliver(first("One more."))
    start = Barrier(2)

    def run(act: Act) -> str | None:
        start.wait()
        try:
            act(desk)
        except Stale as why:
            return why.key
        return None

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(run, HANDS[name]))
    lost = [key for key in ended if key]
    assert len(lost) == 1 or (name in BOTH_ORDERS and not lost), ended
    assert set(lost) <= {"merged_into", "split_gone", "reply_on_its_way", "message_moved"}
    assert set(places(desk)) == {1, 2, 3}
    assert all(waits in open_cases(desk) for _came, waits in places(desk).values())


def test_a_message_that_arrives_while_cases_are_merged_is_in_one_of_them_and_waits(
    two: None, desk: Desk, post: Post
) -> None:
    start = Barrier(2)

    def deliver(_at: int) -> None:
        start.wait()
        for number in range(5):
            post.deliver(second(f"Again {number}."))

    def merge_and_back(_at: int) -> None:
        start.wait()
        for _again in range(5):
            merging.merge(desk, 1002, 1001, by=ANNA)
            merging.separate(desk, 1002, by=ANNA)

    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(deliver, 0), pool.submit(merge_and_back, 0)]
        for job in jobs:
            job.result()
    found = places(desk)
    assert len(found) == 7
    assert {came for came, _waits in found.values()} == {1001, 1002}
    assert all(came == waits for came, waits in found.values())
    with desk.database.reading() as tx:
        assert tx.scalars(select(CaseRow.number).where(CaseRow.state == "open")).all() == [1001, 1002]
