"""Causes: each of the six, their order, exactly one for every miss, and who had a case when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.causes import (
    FOUNDING,
    Cause,
    Facts,
    Miss,
    Refusal,
    Sent,
    Verdict,
    cause_of,
    founding_of,
    shares,
)
from bot.domain.holding import Hold, holds
from bot.domain.ledger import Record
from bot.domain.timetable import Span

CAME = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DUE = CAME + timedelta(hours=24)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
ANNA, BOB = "U0ANNA", "U0BOB"
SHARE = 0.25

# Nobody ever had it, and somebody was on shift for eight hours.
PLAIN = Facts(CAME, CAME, DUE, staffed=(Span(CAME, CAME + 8 * HOUR),), holds=(Hold(CAME, None),))


def sent(state: str, *, leaves: datetime = DUE - HOUR, tried: datetime | None = None) -> Sent:
    return Sent(ANNA, CAME + HOUR, leaves, state, tried)


def refusal(at: datetime = DUE - HOUR, *, from_template: bool = False) -> Refusal:
    return Refusal(BOB, at, ("phone_number", "external_link"), from_template)


def after(**changes: object) -> Verdict:
    return cause_of(replace(PLAIN, **changes), SHARE)


@pytest.mark.parametrize(
    ("left", "cause", "span"),
    [
        pytest.param(6 * HOUR, Cause.NO_SHIFT, None, id="a quarter of its time is enough"),
        pytest.param(6 * HOUR - SECOND, Cause.INGEST_LATE, 6 * HOUR - SECOND, id="a second less is not"),
        pytest.param(0 * HOUR, Cause.INGEST_LATE, 0 * HOUR, id="none left"),
        pytest.param(-HOUR, Cause.INGEST_LATE, -HOUR, id="over already"),
    ],
)
def test_what_reaches_us_late(left, cause, span):
    found = after(reached_at=DUE - left)
    assert found.cause == cause
    assert span is None or (found.at, found.span) == (DUE - left, span)


def test_a_share_of_none_leaves_what_came_after_it_was_due():
    facts = replace(PLAIN, reached_at=DUE - SECOND)
    assert cause_of(facts, 0).cause == Cause.NO_SHIFT
    assert cause_of(replace(facts, reached_at=DUE), 0).cause == Cause.INGEST_LATE


@pytest.mark.parametrize(
    ("one", "counts"),
    [
        pytest.param(sent("failed"), True, id="refused by the mail server"),
        pytest.param(sent("bounced"), True, id="came back"),
        pytest.param(sent("unsure"), True, id="nobody knows"),
        pytest.param(sent("queued"), True, id="still waiting"),
        pytest.param(sent("accepted"), True, id="left too late"),
        pytest.param(sent("withdrawn"), False, id="called back"),
        pytest.param(sent("held", leaves=DUE), False, id="held until it was due"),
        pytest.param(sent("queued", leaves=DUE + HOUR, tried=DUE - SECOND), True, id="tried in time"),
        pytest.param(sent("queued", leaves=DUE + HOUR, tried=DUE), False, id="first tried when it was due"),
    ],
)
def test_a_reply_that_was_sent_in_time_and_did_not_arrive(one, counts):
    found = after(replies=(one,))
    assert (found.cause == Cause.SEND_FAILED) is counts
    if counts:
        assert found == Verdict(Cause.SEND_FAILED, CAME + HOUR, ANNA, (one.state,))


def test_what_the_check_refused_counts_with_its_rules_and_only_while_there_was_time():
    found = after(refusals=(refusal(CAME + HOUR), refusal(from_template=True)))
    assert found == Verdict(
        Cause.BLOCKED_BY_POLICY, DUE - HOUR, BOB, ("external_link", "phone_number"), from_template=True
    )
    assert after(refusals=(refusal(DUE),)).cause == Cause.NOT_CLAIMED
    assert after(refusals=(refusal(CAME - HOUR),)).cause == Cause.NOT_CLAIMED


def test_without_a_minute_of_shift_nobody_is_to_blame():
    found = after(staffed=(Span(CAME - HOUR, CAME), Span(DUE, DUE + HOUR)), holds=(Hold(CAME, ANNA),))
    assert found == Verdict(Cause.NO_SHIFT, CAME)


def test_who_had_it_when_it_was_due():
    found = after(holds=(Hold(CAME, None), Hold(CAME + HOUR, ANNA), Hold(DUE, None)))
    assert found == Verdict(Cause.CLAIMED_NOT_SENT, CAME + HOUR, ANNA, span=8 * HOUR)


@pytest.mark.parametrize(
    ("history", "at", "who"),
    [
        ((), CAME, None),
        ((Hold(CAME, None),), CAME, None),
        ((Hold(CAME, None), Hold(DUE, ANNA)), CAME, None),
        ((Hold(CAME, ANNA), Hold(CAME + HOUR, None)), CAME + HOUR, ANNA),
    ],
)
def test_nobody_had_it_when_it_was_due(history, at, who):
    assert after(holds=history) == Verdict(Cause.NOT_CLAIMED, at, who, span=8 * HOUR)


def test_of_all_that_broke_the_first_of_the_written_order_is_the_cause():
    """Takes away one broken link after the other, from the top; each time the next one is the cause."""
    facts = replace(
        PLAIN,
        reached_at=DUE - HOUR,
        staffed=(),
        holds=(Hold(CAME, ANNA),),
        refusals=(refusal(),),
        replies=(sent("failed", leaves=DUE - SECOND),),
    )
    mends = (
        {"reached_at": CAME},
        {"replies": ()},
        {"refusals": ()},
        {"staffed": PLAIN.staffed},
        {"holds": ()},
    )
    seen = [cause_of(facts, SHARE).cause]
    for mend in mends:
        facts = replace(facts, **mend)
        seen.append(cause_of(facts, SHARE).cause)
    assert seen == [
        "ingest_late",
        "send_failed",
        "blocked_by_policy",
        "no_shift",
        "claimed_not_sent",
        "not_claimed",
    ]
    assert seen == list(Cause)


# The twin: what broke (late, sent, refused, nobody on, had), and the cause; "-" is "either way".
TABLE = {
    "y----": "ingest_late",
    "ny---": "send_failed",
    "nny--": "blocked_by_policy",
    "nnny-": "no_shift",
    "nnnny": "claimed_not_sent",
    "nnnnn": "not_claimed",
}


def test_the_twin_has_a_cause_for_everything():
    for row in product("yn", repeat=5):
        assert sum(_fits(pattern, row) for pattern in TABLE) == 1


def _fits(pattern: str, row) -> bool:
    return all(wanted in ("-", is_so) for wanted, is_so in zip(pattern, row, strict=True))


def twin(facts: Facts, share: float) -> str:
    """Second by second and word by word, without a thought for speed."""
    had = None
    for one in facts.holds:
        if one.at < facts.due_at:
            had = one.who
    answers = (
        facts.due_at <= facts.reached_at
        or (facts.due_at - facts.reached_at) / (facts.due_at - facts.anchor) < share,
        any(
            (one.tried_at is not None and one.tried_at < facts.due_at)
            or (one.leaves_at < facts.due_at and one.state != "withdrawn")
            for one in facts.replies
        ),
        any(facts.reached_at <= one.at < facts.due_at for one in facts.refusals),
        not any(
            span.start <= facts.reached_at + step * timedelta(minutes=30) < span.end
            for span in facts.staffed
            for step in range((facts.due_at - facts.reached_at) // timedelta(minutes=30))
        ),
        had is not None,
    )
    row = ["y" if one else "n" for one in answers]
    (cause,) = (cause for pattern, cause in TABLE.items() if _fits(pattern, row))
    return cause


half_hours = st.integers(-8, 60).map(lambda n: CAME + n * timedelta(minutes=30))
people = st.sampled_from([None, ANNA, BOB])
states = st.sampled_from(
    ["held", "queued", "sending", "accepted", "failed", "unsure", "bounced", "withdrawn"]
)
some_facts = st.builds(
    Facts,
    anchor=st.just(CAME),
    reached_at=st.integers(0, 60).map(lambda n: CAME + n * timedelta(minutes=30)),
    due_at=st.just(DUE),
    staffed=st.lists(
        st.builds(lambda at, n: Span(at, at + n * timedelta(minutes=30)), half_hours, st.integers(1, 9)),
        max_size=3,
    ).map(tuple),
    holds=st.lists(st.builds(Hold, half_hours, people), max_size=4).map(
        lambda found: tuple(sorted(found, key=lambda one: one.at))
    ),
    refusals=st.lists(st.builds(refusal, half_hours), max_size=2).map(tuple),
    replies=st.lists(
        st.builds(
            lambda state, leaves, tried: sent(state, leaves=leaves, tried=tried),
            states,
            half_hours,
            st.none() | half_hours,
        ),
        max_size=2,
    ).map(tuple),
)


@given(some_facts, st.sampled_from([0, 0.125, 0.25, 0.5, 1]))
def test_every_miss_has_exactly_one_cause_and_the_twin_has_the_same(facts, share):
    found = cause_of(facts, share)
    assert found.cause in Cause
    assert found.cause == twin(facts, share)


def miss(cause: Cause, *, from_template: bool = False, after_due: bool = False) -> Miss:
    verdict = Verdict(cause, CAME, from_template=from_template)
    return Miss(1, 1001, "nordlicht", CAME, DUE, None, after_due, verdict)


def test_shares_stand_beside_the_founding_texts():
    every = [
        *[miss(Cause.NOT_CLAIMED)] * 4,
        miss(Cause.INGEST_LATE),
        miss(Cause.INGEST_LATE, after_due=True),
        miss(Cause.SEND_FAILED),
        *[miss(Cause.BLOCKED_BY_POLICY)] * 3,
        miss(Cause.BLOCKED_BY_POLICY, from_template=True),
    ]
    found = shares(iter(every))
    assert (found.total, found.after_due) == (10, 1), "late on arrival is in no rate"
    assert list(found.counts.items()) == [
        ("ingest_late", 1),
        ("send_failed", 1),
        ("blocked_by_policy", 4),
        ("no_shift", 0),
        ("claimed_not_sent", 0),
        ("not_claimed", 4),
    ]
    assert found.share(found.counts[Cause.NOT_CLAIMED]) == 0.4
    assert found.founding == {"no_reply": 6, "content": 3, "template": 1}
    assert FOUNDING == {"no_reply": 0.61, "content": 0.28, "template": 0.11}
    assert {founding_of(one.verdict) for one in every} == set(FOUNDING)


def test_no_miss_has_no_share():
    found = shares([])
    assert (found.total, found.share(0), sum(found.counts.values())) == (0, None, 0)


def record(seq: int, what: str, case: int = 1, who: str = ANNA, **facts: object) -> Record:
    return Record(seq, CAME + seq * HOUR, who, what, "nordlicht", case, facts)


def history(*records: Record, thread: int = 1, split_from: dict[int, int] | None = None):
    return [((one.at - CAME) // HOUR, one.who) for one in holds(records, 7, thread, split_from or {})]


CAME_IN = record(1, "message_received", message=7)


def test_claimed_given_back_and_assigned():
    told = (
        CAME_IN,
        record(2, "claimed"),
        record(3, "snoozed"),
        record(4, "released", before=ANNA),
        record(5, "assigned", who=ANNA, to=BOB, before=None),
        record(6, "returned", who="reply24", before=BOB),
    )
    assert history(*told) == [(1, None), (2, ANNA), (4, None), (5, BOB), (6, None)]


def test_answering_takes_what_nobody_has_and_nothing_else():
    assert history(CAME_IN, record(2, "reply_held", who=BOB, to=99)) == [(1, None), (2, BOB)]
    assert history(CAME_IN, record(2, "claimed"), record(3, "reply_held", who=BOB)) == [(1, None), (2, ANNA)]


def test_what_comes_to_a_case_that_somebody_has_is_theirs():
    assert history(record(0, "claimed"), CAME_IN) == [(1, ANNA)]


def test_of_a_message_that_the_ledger_never_saw_come_nothing_is_known():
    assert history(record(0, "claimed"), record(1, "message_received", message=8)) == []


def test_a_merged_case_is_in_the_hands_of_the_one_that_stays_and_separate_gives_it_back():
    told = (
        CAME_IN,
        record(2, "claimed"),
        record(3, "claimed", 2, BOB),
        record(4, "merged", 1, BOB, into=2),
        record(5, "released", 2, BOB, before=BOB),
        record(6, "separated", 1, BOB, other=2),
    )
    assert history(*told) == [(1, None), (2, ANNA), (4, BOB), (5, None), (6, ANNA)]


def test_a_merge_into_a_free_case_brings_its_assignee_along():
    told = (CAME_IN, record(2, "claimed"), record(3, "merged", 1, BOB, into=2))
    assert history(*told) == [(1, None), (2, ANNA)]


def test_a_message_that_is_split_off_goes_with_its_new_case():
    told = (
        CAME_IN,
        record(2, "claimed"),
        record(3, "split_off", 5, BOB, other=1, messages=[7]),
        record(4, "released", 5, before=ANNA),
        record(5, "assigned", 1, to=BOB),
    )
    assert history(*told, thread=5, split_from={5: 1}) == [(1, None), (2, ANNA), (4, None)]
    staying = (*told[:2], record(3, "split_off", 5, BOB, other=1, messages=[8]), *told[3:])
    assert history(*staying) == [(1, None), (2, ANNA), (5, BOB)]
