"""Bulk replies and merged cases: what is picked, which address is answered, what is refused. Both databases."""

from datetime import timedelta

import pytest

from bot.clock import FixedClock
from bot.db.queries import replies as reply_queries
from bot.db.tables import CaseRow
from bot.desk import Desk, bulk, bulk_sending, merging, read, settle
from bot.domain.bulk import BulkCase, Wanted
from bot.errors import Stale
from tests.store.bulk_words import (
    FRIDAY,
    WANTED,
    Buyers,
    answer,
    begin,
    left_out,
    let_leave,
    records,
    run,
    sent,
    troubles,
)
from tests.world import ANNA, LI_WEI

SAME = {"buyer_base": "same@marketplace.amazon.de"}


@pytest.fixture
def buyers(desk: Desk, clock: FixedClock) -> Buyers:
    return Buyers(desk, clock)


@pytest.fixture
def two(buyers: Buyers, clock: FixedClock) -> tuple[int, int]:
    """Two cases of one buyer, an hour apart, each with an order and an address of its own."""
    early = buyers.case("Jana Probe", "de", **SAME)
    clock.advance(timedelta(hours=1))
    return early, buyers.case("Jana Probe", "en", **SAME)


def shown(desk: Desk, number: int) -> dict[int, BulkCase]:
    return {one.case: one for one in bulk.page(desk, number, 0, by=ANNA).cases}


# Who is picked


def test_a_merged_case_is_not_picked_and_the_one_that_stays_goes_by_its_next_address(
    desk: Desk, two: tuple[int, int]
) -> None:
    early, late = two
    merging.merge(desk, early, late, by=ANNA)
    page = bulk.page(desk, bulk.prepare(desk, WANTED, by=ANNA), 0, by=ANNA)
    (one,) = page.cases
    assert (one.case, page.left_out) == (late, ())
    assert one.order_id == read.case(desk, early).order_id
    assert one.due_at == read.case(desk, late).due_at
    assert "Guten Tag Jana" in str(one.text)
    assert one.goes_to is not None
    assert (one.goes_to[0].number, one.goes_to[1]) == (early, 1)


def test_topic_and_language_are_those_of_the_address_whose_turn_it_is(
    desk: Desk, clock: FixedClock, two: tuple[int, int]
) -> None:
    early, late = two
    merging.merge(desk, early, late, by=ANNA)
    german = Wanted("nordlicht", "holding_reply", lang="de", shared=FRIDAY)
    english = Wanted("nordlicht", "holding_reply", lang="en", shared=FRIDAY)
    first = begin(desk, wanted=german)
    run(desk, clock, 1)
    let_leave(desk, clock)
    run(desk, clock, 1)
    assert bulk.progress(desk, first).sent == 1
    begin(desk, wanted=english)
    run(desk, clock, 1)
    assert [row.case for row in sent(desk)] == [early, late]
    assert "Hello Jana" in sent(desk)[1].text


@pytest.mark.parametrize("reason", ["risk", "under_way", "opted_out", "claimed"])
def test_what_is_in_the_way_of_a_merged_case_is_in_the_way_of_the_one_that_stays(
    desk: Desk, clock: FixedClock, buyers: Buyers, reason: str
) -> None:
    # Joined by the order alone: what is known of the one buyer's address is not known of the other's.
    order = {"order_id": "305-9999999-9999999"}
    gone, stays = buyers.case(**order), buyers.case(**order)
    if reason == "opted_out":
        answer(desk, gone, ANNA)
        let_leave(desk, clock)
        buyers.opts_out(gone, f"<reply-{sent(desk)[0].id}@nordlicht.example>")
    merging.merge(desk, gone, stays, by=LI_WEI if reason == "claimed" else ANNA)
    with desk.database.writing() as tx:
        if reason == "risk":
            tx.get_one(CaseRow, gone).risk = "safety"
        if reason == "claimed":
            tx.get_one(CaseRow, stays).assignee = LI_WEI
        if reason == "opted_out":
            tx.get_one(CaseRow, stays).assignee = None
    if reason == "under_way":
        answer(desk, stays, ANNA)
    buyers.case()
    page = bulk.page(desk, bulk.prepare(desk, WANTED, by=ANNA), 0, by=ANNA)
    assert left_out(page) == {stays: reason}


# What leaves


def test_a_case_with_two_addresses_is_answered_at_the_one_whose_turn_it_is(
    desk: Desk, clock: FixedClock, two: tuple[int, int]
) -> None:
    early, late = two
    merging.merge(desk, early, late, by=ANNA)
    number = begin(desk)
    run(desk, clock, 3)
    let_leave(desk, clock)
    run(desk, clock, 1)
    assert [(row.case, row.state) for row in sent(desk)] == [(early, "accepted")]
    stays = read.case(desk, late)
    assert (stays.state, [one.deadline_state for one in stays.messages]) == ("open", ["met", "open"])
    assert (bulk.progress(desk, number).state, bulk.progress(desk, number).sent) == ("done", 1)
    (held,) = records(desk, "reply_held")
    assert (held.case, held.facts["to"], held.facts["bulk"]) == (late, early, number)
    begin(desk)
    run(desk, clock, 1)
    let_leave(desk, clock)
    assert [row.case for row in sent(desk)] == [early, late]
    assert read.case(desk, late).state == "closed"


def test_messages_with_the_very_same_address_are_answered_at_once(
    desk: Desk, clock: FixedClock, buyers: Buyers
) -> None:
    case = buyers.case()
    buyers.write_again(case)
    new = merging.split(desk, case, [2], by=ANNA)
    merging.merge(desk, new, case, by=ANNA)
    begin(desk)
    run(desk, clock, 1)
    let_leave(desk, clock)
    assert len(sent(desk)) == 1
    assert {one.deadline_state for one in read.case(desk, case).messages} == {"met"}


def test_a_reply_that_did_not_arrive_is_told_by_the_case_that_people_work_on(
    desk: Desk, clock: FixedClock, two: tuple[int, int]
) -> None:
    early, late = two
    merging.merge(desk, early, late, by=ANNA)
    number = begin(desk)
    run(desk, clock, 1)
    clock.advance(timedelta(minutes=1))
    with desk.database.writing() as tx:
        (row,) = reply_queries.claim_ready(tx, desk.now())
    settle.failed(desk, row.id, "550 no such mailbox")
    assert troubles(desk, number) == {late: "reply_failed"}


# What changed between the preview and its turn


def test_a_case_that_was_merged_since_the_preview_is_refused_and_says_where_it_went(
    desk: Desk, clock: FixedClock, two: tuple[int, int]
) -> None:
    early, late = two
    number = bulk.prepare(desk, WANTED, by=ANNA)
    merging.merge(desk, late, early, by=LI_WEI)
    seen = shown(desk, number)
    assert (seen[late].text, seen[late].reason, seen[late].facts) == (None, "merged_into", {"into": early})
    assert seen[early].reason is None
    bulk.start(desk, number, by=ANNA)
    run(desk, clock, 2)
    assert [row.case for row in sent(desk)] == [early]
    ((case, reason, facts),) = bulk.progress(desk, number).troubles
    assert (case, reason, facts) == (late, "merged_into", {"into": early, "who": LI_WEI})
    (record,) = records(desk, "bulk_refused")
    assert (record.case, record.facts) == (late, {"bulk": number, "reason": "merged_into"})


@pytest.mark.parametrize("merged_before", [False, True])
def test_another_address_than_the_previewed_one_is_not_answered(
    desk: Desk, clock: FixedClock, two: tuple[int, int], merged_before: bool
) -> None:
    """Merged after the preview, the other one is due first; or the previewed one became a case of its own."""
    early, late = two
    if merged_before:
        merging.merge(desk, early, late, by=LI_WEI)
    number = bulk.prepare(desk, WANTED, by=ANNA)
    if merged_before:
        merging.separate(desk, early, by=LI_WEI)
    else:
        merging.merge(desk, early, late, by=LI_WEI)
    why = shown(desk, number)[late]
    assert (why.text, why.reason) == (None, "rearranged")
    bulk.start(desk, number, by=ANNA)
    run(desk, clock, 2)
    assert sent(desk) == []
    assert troubles(desk, number)[late] == ("address_gone" if merged_before else "rearranged")


def test_a_case_whose_previewed_message_was_split_off_is_not_answered(
    desk: Desk, clock: FixedClock, buyers: Buyers
) -> None:
    case = buyers.case()
    buyers.write_again(case)
    number = begin(desk)
    merging.split(desk, case, [2], by=LI_WEI)
    run(desk, clock, 1)
    assert (sent(desk), troubles(desk, number)) == ([], {case: "message_moved"})


def test_what_was_merged_in_and_is_due_later_holds_nothing_up(
    desk: Desk, clock: FixedClock, two: tuple[int, int]
) -> None:
    early, late = two
    number = bulk.prepare(desk, WANTED, by=ANNA)
    bulk.turn(desk, number, late, by=ANNA)
    merging.merge(desk, late, early, by=LI_WEI)
    bulk.start(desk, number, by=ANNA)
    run(desk, clock, 1)
    let_leave(desk, clock)
    assert ([row.case for row in sent(desk)], troubles(desk, number)) == ([early], {})
    assert read.case(desk, early).state == "open"


def test_a_risk_that_was_merged_in_since_the_preview_stops_the_reply(
    desk: Desk, clock: FixedClock, two: tuple[int, int]
) -> None:
    early, late = two
    with desk.database.writing() as tx:
        tx.get_one(CaseRow, late).risk = "legal"
    number = begin(desk)
    merging.merge(desk, late, early, by=LI_WEI)
    run(desk, clock, 1)
    assert (sent(desk), troubles(desk, number)) == ([], {early: "risk"})


def test_cases_do_not_merge_while_the_bulk_reply_of_one_is_held(
    desk: Desk, clock: FixedClock, two: tuple[int, int]
) -> None:
    early, late = two
    number = begin(desk)
    run(desk, clock, 1)
    with pytest.raises(Stale) as why:
        merging.merge(desk, late, early, by=LI_WEI)
    assert (why.value.key, why.value.facts["who"]) == ("reply_on_its_way", ANNA)
    bulk.stop(desk, number, by=ANNA)
    merging.merge(desk, late, early, by=LI_WEI)
    bulk_sending.send_due(desk)
    assert read.draft(desk, early, ANNA) is not None
