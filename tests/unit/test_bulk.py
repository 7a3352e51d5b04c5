"""Which cases go into a bulk reply, and what their template may ask of the agent."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bulk import (
    MOST,
    SHARED,
    BulkProgress,
    Candidate,
    Selection,
    Wanted,
    left_out_because,
    select,
    to_type,
    values_in,
)
from tests.world import ANNA, LI_WEI, START

WANTED = Wanted("nordlicht", "holding_reply")
FREE = Candidate(1001, START + timedelta(hours=5), "delivery", "de")
candidates = st.lists(
    st.builds(
        Candidate,
        case=st.integers(1001, 1200),
        due_at=st.integers(-500, 1440).map(lambda minutes: START + timedelta(minutes=minutes)),
        topic=st.sampled_from(["delivery", "refund", None]),
        lang=st.sampled_from(["de", "en", None]),
        has_risk=st.booleans(),
        assignee=st.sampled_from([None, ANNA, LI_WEI]),
        opted_out=st.booleans(),
        under_way=st.booleans(),
        composing=st.sampled_from([None, ANNA, LI_WEI]),
        composing_at=st.just(START - timedelta(minutes=3)),
    ),
    unique_by=lambda one: one.case,
    max_size=120,
)
wanteds = st.builds(
    Wanted,
    store=st.just("nordlicht"),
    template=st.just("holding_reply"),
    topic=st.sampled_from([None, "delivery"]),
    lang=st.sampled_from([None, "de"]),
    only_mine=st.booleans(),
)


@given(candidates, wanteds)
def test_nobody_is_answered_who_must_not_be(every, wanted):
    found = select(every, wanted, ANNA, START)
    by_number = {one.case: one for one in every}
    assert len(found.chosen) <= MOST
    for case in found.chosen:
        one = by_number[case]
        assert not any((one.has_risk, one.opted_out, one.under_way))
        assert one.assignee in ((ANNA,) if wanted.only_mine else (None, ANNA))
        assert one.composing in (None, ANNA)
        assert wanted.topic in (None, one.topic)
        assert wanted.lang in (None, one.lang)


@given(candidates, wanteds)
def test_every_case_that_fits_is_chosen_or_left_out_with_a_reason_or_counted(every, wanted):
    found = select(every, wanted, ANNA, START)
    fitting = [
        one
        for one in every
        if (wanted.topic is None or one.topic == wanted.topic)
        and (wanted.lang is None or one.lang == wanted.lang)
        and (one.assignee == ANNA or not wanted.only_mine)
    ]
    left_out = dict(found.left_out)
    assert not set(found.chosen) & set(left_out)
    assert len(found.chosen) + len(left_out) + found.too_many == len(fitting)
    by_number = {one.case: one for one in every}
    assert all(left_out_because(by_number[case], ANNA, START) == why for case, why in left_out.items())


@given(candidates, wanteds, st.randoms(use_true_random=False))
def test_the_most_urgent_come_first_in_whatever_order_they_are_found(every, wanted, chance):
    mixed = list(every)
    chance.shuffle(mixed)
    found = select(every, wanted, ANNA, START)
    assert select(mixed, wanted, ANNA, START) == found
    due = {one.case: one.due_at for one in every}
    assert [due[case] for case in found.chosen] == sorted(due[case] for case in found.chosen)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({}, None, id="a free case"),
        pytest.param({"assignee": ANNA}, None, id="one's own"),
        pytest.param({"has_risk": True, "assignee": ANNA}, "risk", id="a risk, even in one's own"),
        pytest.param({"snoozed_until": START + timedelta(seconds=1)}, "put_aside", id="put aside"),
        pytest.param({"snoozed_until": START, "assignee": ANNA}, None, id="its time has come"),
        pytest.param({"opted_out": True}, "opted_out", id="a buyer who wants no messages"),
        pytest.param({"assignee": LI_WEI}, "claimed", id="a colleague's"),
        pytest.param({"under_way": True}, "under_way", id="a reply that may be leaving"),
        pytest.param(
            {"composing": LI_WEI, "composing_at": START - timedelta(minutes=10)},
            "composing",
            id="a colleague writes",
        ),
        pytest.param(
            {"composing": LI_WEI, "composing_at": START - timedelta(minutes=11)}, None, id="or wrote long ago"
        ),
        pytest.param({"composing": ANNA, "composing_at": START}, None, id="one writes oneself"),
    ],
)
def test_why_a_case_is_left_out(changes, reason):
    assert left_out_because(replace(FREE, **changes), ANNA, START) == reason


def test_of_more_than_fifty_the_rest_is_counted():
    every = [replace(FREE, case=case, due_at=START + timedelta(minutes=case)) for case in range(60, 0, -1)]
    found = select(every, WANTED, ANNA, START)
    assert found == Selection(tuple(range(1, 51)), (), 10)


@pytest.mark.parametrize(
    ("needs", "asked"),
    [
        ((), ()),
        (("store_name", "order_id", "refund_amount", "rma"), ()),
        (("due_date", "store_name", "carrier"), ("carrier", "due_date")),
        (("carrier", "tracking"), None),
        (("product",), None),
        (SHARED, SHARED),
    ],
)
def test_what_an_agent_types_once_and_what_no_two_orders_share(needs, asked):
    assert to_type(needs) == asked


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "November 27, 2026"), ("de", "27. November 2026"), ("ja", "2026年11月27日")]
)
def test_a_day_is_written_as_each_buyer_reads_it(lang, said):
    assert values_in(lang, {"due_date": "2026-11-27", "carrier": "Post", "answer": ""}) == {
        "due_date": said,
        "carrier": "Post",
    }


def test_what_is_over_and_what_is_still_to_come():
    stands = BulkProgress(1, ANNA, "t", "N", "running", 3, 2, 4, 1, ((1001, "closed", {}),))
    assert (stands.total, stands.over, stands.steps) == (11, 5, 12)
