"""Bulk replies: what is chosen, what leaves, what is refused at the last moment. Both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.clock import FixedClock
from bot.db.queries import ledger
from bot.db.tables import CaseRow
from bot.db.tables_bulk import BulkCaseRow, BulkRow
from bot.desk import Desk, assign, bulk, bulk_sending, close, read, reply, template_edits
from bot.domain.bulk import Wanted
from bot.domain.ledger import first_fault
from bot.errors import NotAllowed, NotFound, Stale, WrongInput
from tests.store.bulk_words import (
    FRIDAY,
    STEP,
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
from tests.world import ANNA, BOB, CHEN, GUEST, LI_WEI, WANG


@pytest.fixture
def buyers(desk: Desk, clock: FixedClock) -> Buyers:
    return Buyers(desk, clock)


def test_each_case_gets_the_previewed_text_as_a_reply_of_its_own(
    desk: Desk, clock: FixedClock, buyers: Buyers
) -> None:
    german, english = buyers.case("Jana Probe", "de"), buyers.case("Tom Sample", "en")
    number = bulk.prepare(desk, WANTED, by=ANNA)
    shown = {one.case: one.text for one in bulk.page(desk, number, 0, by=ANNA).cases}
    assert "Guten Tag Jana" in str(shown[german])
    assert "27. November 2026" in str(shown[german])
    assert "Hello Tom" in str(shown[english])
    assert sent(desk) == []
    bulk.start(desk, number, by=ANNA)
    run(desk, clock, 2)
    assert {row.case: row.text for row in sent(desk)} == shown
    let_leave(desk, clock)
    run(desk, clock, 1)
    assert [(row.state, row.author, row.template, row.edited) for row in sent(desk)] == [
        ("accepted", ANNA, "holding_reply", 0.0)
    ] * 2
    assert [read.case(desk, case).state for case in (german, english)] == ["closed", "closed"]
    stands = bulk.progress(desk, number)
    assert (stands.state, stands.sent, stands.ended_at is not None) == ("done", 2, True)
    with desk.database.reading() as tx:
        assert tx.get_one(BulkRow, number).shared == {}


def test_the_ledger_has_the_whole_and_each_reply_with_the_bulk_replys_number(
    desk: Desk, clock: FixedClock, buyers: Buyers
) -> None:
    for _ in range(2):
        buyers.case()
    number = begin(desk)
    run(desk, clock, 2)
    let_leave(desk, clock)
    run(desk, clock, 1)
    assert [(row.who, row.what, row.facts["bulk"]) for row in records(desk)] == [
        (ANNA, "bulk_started", number),
        ("reply24", "bulk_finished", number),
    ]
    assert records(desk)[0].facts == {
        "bulk": number,
        "cases": 2,
        "template": "holding_reply",
        "sources": {"en": "templates/holding_reply/en.txt"},
        "topic": None,
        "lang": None,
    }
    assert [row.facts["bulk"] for row in records(desk, "reply_held")] == [number] * 2
    with desk.database.reading() as tx:
        assert first_fault(ledger.records(tx)) is None


def test_one_case_a_step_and_only_when_its_moment_has_come(
    desk: Desk, clock: FixedClock, buyers: Buyers
) -> None:
    for _ in range(3):
        buyers.case()
    begin(desk)
    bulk_sending.send_due(desk)
    assert bulk_sending.send_due(desk) == 0
    assert len(sent(desk)) == 1
    clock.advance(STEP)
    bulk_sending.send_due(desk)
    assert len(sent(desk)) == 2


# Who is not answered


def test_risk_opt_out_colleagues_and_replies_on_their_way_are_left_out(
    desk: Desk, clock: FixedClock, buyers: Buyers
) -> None:
    risky, theirs, mine, going, out, free = (buyers.case() for _ in range(6))
    answer(desk, out, LI_WEI)
    let_leave(desk, clock)
    buyers.opts_out(out, f"<reply-{sent(desk)[0].id}@nordlicht.example>")
    assign.release(desk, out, by=LI_WEI)
    assign.claim(desk, theirs, by=LI_WEI)
    assign.claim(desk, mine, by=ANNA)
    answer(desk, going, ANNA)
    with desk.database.writing() as tx:
        tx.get_one(CaseRow, risky).risk = "safety"
    shown = bulk.page(desk, bulk.prepare(desk, WANTED, by=ANNA), 0, by=ANNA)
    assert [one.case for one in shown.cases] == [mine, free]
    assert left_out(shown) == {risky: "risk", theirs: "claimed", going: "under_way", out: "opted_out"}


def test_a_buyer_who_opted_out_in_one_case_is_left_alone_in_the_next(
    desk: Desk, clock: FixedClock, buyers: Buyers
) -> None:
    first = buyers.case(buyer_base="same@marketplace.amazon.de")
    answer(desk, first, ANNA)
    let_leave(desk, clock)
    buyers.opts_out(first, f"<reply-{sent(desk)[0].id}@nordlicht.example>")
    close.no_response_needed(desk, first, "", by=ANNA)
    clock.advance(timedelta(days=40))
    second, other = buyers.case(buyer_base="same@marketplace.amazon.de"), buyers.case()
    shown = bulk.page(desk, bulk.prepare(desk, WANTED, by=ANNA), 0, by=ANNA)
    assert left_out(shown) == {second: "opted_out"}
    assert [one.case for one in shown.cases] == [other]


def test_the_filter_is_topic_language_and_whose(desk: Desk, buyers: Buyers) -> None:
    german, refund, mine = buyers.case(lang="de"), buyers.case(), buyers.case()
    with desk.database.writing() as tx:
        for case, topic in ((german, "delivery"), (refund, "refund"), (mine, "delivery")):
            tx.get_one(CaseRow, case).topic = topic
    assign.claim(desk, mine, by=ANNA)

    def chosen(**about: object) -> list[int]:
        number = bulk.prepare(desk, replace(WANTED, **about), by=ANNA)
        return [one.case for one in bulk.page(desk, number, 0, by=ANNA).cases]

    assert chosen() == [german, refund, mine]
    assert chosen(topic="delivery") == [german, mine]
    assert chosen(lang="de") == [german]
    assert chosen(only_mine=True) == [mine]
    with pytest.raises(WrongInput) as caught:
        chosen(topic="invoice")
    assert caught.value.key == "bulk_nothing"


def test_what_cannot_be_written_is_left_out_and_says_why(desk: Desk, buyers: Buyers) -> None:
    link, orderless, fine = (
        buyers.case("www.lamp-deals.com Sample"),
        buyers.case(order_id=None),
        buyers.case(),
    )
    with desk.database.writing() as tx:
        for row in tx.scalars(select(CaseRow)):
            row.topic = "delivery"
    shown = bulk.page(desk, bulk.prepare(desk, replace(WANTED, template="delivery_fba"), by=ANNA), 0, by=ANNA)
    assert {case: (reason, facts) for case, reason, facts in shown.left_out} == {
        link: ("blocked", {"rules": ["external_link"]}),
        orderless: ("missing", {"names": ["order_id"]}),
    }
    assert [one.case for one in shown.cases] == [fine]
    assert shown.ready == 1


def test_a_value_that_was_not_typed_leaves_every_case_out_and_nothing_can_start(
    desk: Desk, buyers: Buyers
) -> None:
    case = buyers.case()
    number = bulk.prepare(desk, replace(WANTED, shared={}), by=ANNA)
    shown = bulk.page(desk, number, 0, by=ANNA)
    assert (shown.ready, left_out(shown)) == (0, {case: "missing"})
    with pytest.raises(WrongInput) as caught:
        bulk.start(desk, number, by=ANNA)
    assert caught.value.key == "bulk_empty"


def test_what_the_policy_warns_of_needs_a_manager(desk: Desk, clock: FixedClock, buyers: Buyers) -> None:
    """Nobody translated the template into Polish: the buyer would get English."""
    polish = buyers.case(lang="pl")
    shown = bulk.page(desk, bulk.prepare(desk, WANTED, by=ANNA), 0, by=ANNA)
    assert left_out(shown) == {polish: "warned"}
    number = bulk.prepare(desk, WANTED, by=WANG)
    (one,) = bulk.page(desk, number, 0, by=WANG).cases
    assert one.warns == ("language_mismatch",)
    bulk.start(desk, number, by=WANG)
    run(desk, clock, 1)
    assert [row.case for row in sent(desk)] == [polish]


def test_money_is_promised_only_where_it_was_decided(desk: Desk, buyers: Buyers) -> None:
    case = buyers.case()
    shown = bulk.page(desk, bulk.prepare(desk, Wanted("nordlicht", "refund_full"), by=ANNA), 0, by=ANNA)
    assert left_out(shown) == {case: "not_offered"}


def test_no_return_number_is_given_by_looking(desk: Desk, buyers: Buyers) -> None:
    offered = bulk.offered(desk)
    assert offered["holding_reply"] == ("due_date",)
    assert "return_status" in offered
    assert "delivery_delay" not in offered  # its tracking number is another one in each order
    case = buyers.case()
    wanted = Wanted("nordlicht", "return_status", shared=FRIDAY)
    shown = bulk.page(desk, bulk.prepare(desk, wanted, by=ANNA), 0, by=ANNA)
    assert left_out(shown) == {case: "missing"}
    assert read.case(desk, case).rma is None


def test_fifty_at_most_and_ten_a_page(desk: Desk, buyers: Buyers) -> None:
    every = [buyers.case() for _ in range(53)]
    number = bulk.prepare(desk, WANTED, by=ANNA)
    first, last = bulk.page(desk, number, 0, by=ANNA), bulk.page(desk, number, 99, by=ANNA)
    assert (first.ready, first.too_many, first.pages, last.page) == (50, 3, 5, 4)
    assert [one.case for one in first.cases] == every[:10]
    assert [one.case for one in last.cases] == every[40:50]


# Taking out, rights


def test_the_agent_takes_cases_out_and_puts_them_back(desk: Desk, clock: FixedClock, buyers: Buyers) -> None:
    first, second, third = (buyers.case() for _ in range(3))
    number = bulk.prepare(desk, WANTED, by=ANNA)
    for case in (first, second, second):
        bulk.turn(desk, number, case, by=ANNA)
    shown = bulk.page(desk, number, 0, by=ANNA)
    assert (shown.ready, [one.reason for one in shown.cases]) == (2, ["agent", None, None])
    bulk.start(desk, number, by=ANNA)
    run(desk, clock, 3)
    assert [row.case for row in sent(desk)] == [second, third]


def test_only_people_of_the_store_and_only_whose_it_is(desk: Desk, buyers: Buyers) -> None:
    case = buyers.case()
    for who in (BOB, GUEST):
        with pytest.raises(NotAllowed):
            bulk.prepare(desk, WANTED, by=who)
    with pytest.raises(NotAllowed):
        bulk.prepare(desk, replace(WANTED, store="nowhere"), by=ANNA)
    assert bulk.stores(desk, by=BOB) == {"sunrise": "Sunrise"}
    with pytest.raises(NotAllowed):
        bulk.stores(desk, by=GUEST)
    number = bulk.prepare(desk, WANTED, by=ANNA)
    for act in (
        lambda: bulk.page(desk, number, 0, by=LI_WEI),
        lambda: bulk.turn(desk, number, case, by=LI_WEI),
        lambda: bulk.start(desk, number, by=LI_WEI),
    ):
        with pytest.raises(NotAllowed):
            act()
    bulk.start(desk, number, by=ANNA)
    for who in (LI_WEI, BOB, GUEST):
        with pytest.raises(NotAllowed):
            bulk.stop(desk, number, by=who)
    assert bulk.progress(desk, number).state == "running"
    with pytest.raises(Stale):
        bulk.turn(desk, number, case, by=ANNA)
    with pytest.raises(Stale):
        bulk.page(desk, number, 0, by=ANNA)
    for act in (bulk.start, bulk.stop):
        with pytest.raises(NotFound):
            act(desk, 77, by=ANNA)


def test_starting_twice_starts_once(desk: Desk, clock: FixedClock, buyers: Buyers) -> None:
    buyers.case()
    number = begin(desk)
    bulk.start(desk, number, by=ANNA)
    run(desk, clock, 3)
    bulk.start(desk, number, by=ANNA)
    assert len(sent(desk)) == 1
    assert len(records(desk, "bulk_started")) == 1


def test_a_preview_that_nobody_starts_is_removed_after_an_hour(
    desk: Desk, clock: FixedClock, buyers: Buyers
) -> None:
    buyers.case()
    old = bulk.prepare(desk, WANTED, by=ANNA)
    running = begin(desk)
    clock.advance(timedelta(minutes=61))
    new = bulk.prepare(desk, WANTED, by=ANNA)
    assert bulk_sending.forget_previews(desk) == 1
    with pytest.raises(NotFound):
        bulk.start(desk, old, by=ANNA)
    with desk.database.reading() as tx:
        assert list(tx.scalars(select(BulkRow.id).order_by(BulkRow.id))) == [running, new]
        assert set(tx.scalars(select(BulkCaseRow.bulk))) == {running, new}


# What happens between preview and sending


def test_a_buyer_who_writes_again_is_not_answered_with_an_old_text(
    desk: Desk, clock: FixedClock, buyers: Buyers
) -> None:
    first, second = buyers.case(), buyers.case()
    number = begin(desk)
    buyers.write_again(second)
    run(desk, clock, 2)
    assert [row.case for row in sent(desk)] == [first]
    assert troubles(desk, number) == {second: "buyer_wrote_again"}
    (record,) = records(desk, "bulk_refused")
    assert (record.who, record.case, record.facts) == (
        ANNA,
        second,
        {"bulk": number, "reason": "buyer_wrote_again"},
    )


def test_of_two_agents_the_second_is_told_who_answered(desk: Desk, clock: FixedClock, buyers: Buyers) -> None:
    cases = [buyers.case() for _ in range(3)]
    mine, theirs = begin(desk, ANNA), begin(desk, LI_WEI)
    run(desk, clock, 4)
    assert sorted(row.case for row in sent(desk)) == cases
    assert {row.author for row in sent(desk)} == {ANNA}
    assert troubles(desk, mine) == {}
    assert troubles(desk, theirs) == dict.fromkeys(cases, "answered_already")
    assert {str(facts) for _case, _reason, facts in bulk.progress(desk, theirs).troubles} == {
        str({"who": ANNA})
    }


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        (lambda desk, case: assign.claim(desk, case, by=LI_WEI), "claimed"),
        (lambda desk, case: reply.compose(desk, case, by=LI_WEI), "composing"),
        (lambda desk, case: close.no_response_needed(desk, case, "", by=LI_WEI), "closed"),
        (lambda desk, case: answer(desk, case, LI_WEI), "answered_already"),
        (
            lambda desk, _case: template_edits.retire(desk, "holding_reply", "en", seen=0, by=WANG),
            "not_offered",
        ),
    ],
)
def test_what_changed_since_the_preview_is_refused_with_its_reason(
    desk: Desk, clock: FixedClock, buyers: Buyers, meanwhile: Callable[[Desk, int], object], reason: str
) -> None:
    case = buyers.case()
    number = begin(desk)
    meanwhile(desk, case)
    run(desk, clock, 1)
    assert [row.case for row in sent(desk) if row.author == ANNA] == []
    assert troubles(desk, number) == {case: reason}


def test_a_text_that_would_be_another_one_now_does_not_leave(
    desk: Desk, clock: FixedClock, buyers: Buyers
) -> None:
    case = buyers.case()
    number = bulk.prepare(desk, WANTED, by=ANNA)
    with desk.database.writing() as tx:
        tx.get_one(CaseRow, case).buyer_name = "Another Name"
    (shown,) = bulk.page(desk, number, 0, by=ANNA).cases
    assert (shown.text, shown.reason) == (None, "not_previewed")
    bulk.start(desk, number, by=ANNA)
    run(desk, clock, 1)
    assert (sent(desk), troubles(desk, number)) == ([], {case: "not_previewed"})


def test_who_is_no_agent_any_more_sends_nothing(desk: Desk, clock: FixedClock, buyers: Buyers) -> None:
    case = buyers.case()
    number = begin(desk, CHEN)
    agents = {key: one for key, one in desk.settings.agents.items() if key != "chen-yu"}
    later = replace(desk, settings=desk.settings.model_copy(update={"agents": agents}))
    run(later, clock, 1)
    assert (sent(desk), troubles(desk, number)) == ([], {case: "not_an_agent"})


# Stop


def test_stop_starts_nothing_more_and_calls_back_what_is_held(
    desk: Desk, clock: FixedClock, buyers: Buyers
) -> None:
    cases = [buyers.case() for _ in range(5)]
    number = begin(desk)
    run(desk, clock, 1)
    let_leave(desk, clock)
    run(desk, clock, 2)
    bulk.stop(desk, number, by=ANNA)
    bulk.stop(desk, number, by=ANNA)
    run(desk, clock, 3)
    let_leave(desk, clock)
    assert [(row.case, row.state) for row in sent(desk)] == [
        (cases[0], "accepted"),
        (cases[1], "withdrawn"),
        (cases[2], "withdrawn"),
    ]
    stands = bulk.progress(desk, number)
    assert (stands.state, stands.sent, stands.called_back, stands.waiting) == ("stopped", 1, 2, 2)
    assert (stands.stopped_by, stands.ended_at is not None) == (ANNA, True)
    assert [row.what for row in records(desk)] == ["bulk_started", "bulk_stopped", "bulk_finished"]
    assert read.draft(desk, cases[1], ANNA) is not None


def test_a_manager_of_the_store_may_stop_it(desk: Desk, clock: FixedClock, buyers: Buyers) -> None:
    buyers.case()
    number = begin(desk)
    bulk.stop(desk, number, by=WANG)
    run(desk, clock, 2)
    assert sent(desk) == []
    assert bulk.progress(desk, number).stopped_by == WANG


def test_what_is_over_cannot_be_stopped(desk: Desk, clock: FixedClock, buyers: Buyers) -> None:
    buyers.case()
    number = begin(desk)
    run(desk, clock, 1)
    let_leave(desk, clock)
    run(desk, clock, 1)
    bulk.stop(desk, number, by=ANNA)
    assert bulk.progress(desk, number).state == "done"
