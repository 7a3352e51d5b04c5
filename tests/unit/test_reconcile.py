"""Amazon's rows and our messages: which are one, what differs, and each probable cause by an example of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.probable import CAUSES
from bot.domain.reconcile import is_late, likely_zone, pairs_of, reconcile, scope_of
from bot.domain.reconciliation import OtherMail, Ours, Own, Reconciliation
from bot.domain.report import Report, ReportRow, RowFault
from bot.domain.sla import Rate

NINE = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FIELDS = frozenset(("order_id", "received_at", "answered_at"))
NOW = NINE + 30 * DAY


def order(number: int) -> str:
    return f"302-0000000-{number:07}"


def row(
    number: int, after: timedelta = timedelta(0), answer: timedelta | None = 2 * HOUR, **more: object
) -> ReportRow:
    """A row of an order, received `after` nine, answered so long after that."""
    at = NINE + after
    found = ReportRow(
        number + 1,
        order(number),
        None,
        None,
        at,
        None if answer is None else at + answer,
        None,
        is_zoned=False,
    )
    return replace(found, **more)


def own(
    number: int, after: timedelta = timedelta(0), answer: timedelta | None = 2 * HOUR, **more: object
) -> Own:
    """Our message of an order, in the same words; its case is 1000 above the order."""
    at = NINE + after
    state = "open" if answer is None else "met" if answer <= DAY else "missed"
    found = Own(
        message=number,
        case=1000 + number,
        order_id=order(number),
        amazon_case_id=None,
        buyer=None,
        anchor=at,
        arrived_at=at,
        due_at=at + DAY,
        state=state,
        answered_at=None if answer is None else at + answer,
        closed_by="" if answer is None else f"reply:{number}",
        counted=True,
        late_on_arrival=False,
        is_merged=False,
    )
    return replace(found, **more)


EDGES = (row(90, -2 * DAY), row(91, 2 * DAY)), (own(90, -2 * DAY), own(91, 2 * DAY))
"""A message at either end of the period on both sides: what lies between is at no edge."""


def compared(rows: list[ReportRow], owns: list[Own], *faults: RowFault, **ours: object) -> Reconciliation:
    """What a comparison finds between the two edges."""
    report = Report((*EDGES[0], *rows), faults, FIELDS, ())
    kept = Ours(messages=(*EDGES[1], *owns), mails=(), undelivered={}, since=None)
    return reconcile(report, replace(kept, **ours), scope_of(report), 12 * HOUR, NOW)


def test_the_same_on_both_sides_is_no_finding() -> None:
    found = compared([row(1), row(2, 5 * HOUR, 30 * HOUR)], [own(1), own(2, 5 * HOUR, 30 * HOUR)])
    assert found.is_equal
    assert (found.matched, found.there, found.here) == (4, Rate(3, 4), Rate(3, 4))
    assert found.here.share == 0.75
    assert Rate(0, 0).share is None


def test_a_minute_apart_is_the_same_and_a_second_more_is_not() -> None:
    assert compared([row(1, MINUTE)], [own(1, answer=2 * HOUR + MINUTE)]).is_equal
    (found,) = compared([row(1, MINUTE + SECOND)], [own(1)]).different
    assert found.about == ("received", "answered")


def test_of_several_messages_of_an_order_the_nearest_are_one_and_each_once() -> None:
    rows = [row(1, 10 * MINUTE), row(1, timedelta(0)), row(1, 3 * HOUR)]
    owns = [own(1, MINUTE), replace(own(1, 9 * MINUTE), message=7), replace(own(1, 30 * HOUR), message=8)]
    pairs = pairs_of(rows, owns, 12 * HOUR)
    assert {place: one.message for place, one in pairs.items()} == {0: 7, 1: 1}


def test_a_conversation_is_known_by_case_id_and_a_buyer_by_address() -> None:
    rows = [
        row(1, order_id="302-9999999-9999999", amazon_case_id="case-5"),
        row(2, order_id=None, buyer="Katrin01+abc@marketplace.amazon.de"),
        row(3, order_id=None, buyer="no address"),
    ]
    owns = [own(5, amazon_case_id="case-5"), own(6, order_id=None, buyer="katrin01@marketplace.amazon.de")]
    assert {place: one.message for place, one in pairs_of(rows, owns, HOUR).items()} == {0: 5, 1: 6}


LOST = [
    pytest.param("before_start", {"since": NINE + HOUR}, id="the mailbox was not read yet"),
    pytest.param(
        "filtered",
        {"mails": [OtherMail(order(1), "auto_reply", NINE + 2 * HOUR, 55, None)]},
        id="an automatic reply",
    ),
    pytest.param(
        "filtered",
        {"mails": [OtherMail(order(1), "amazon_notice", NINE + MINUTE, 55, 1007)]},
        id="a notice just then",
    ),
    pytest.param(
        "never_came",
        {"mails": [OtherMail(order(1), "amazon_notice", NINE + HOUR, 55, None)]},
        id="a notice later",
    ),
    pytest.param(
        "near_mail",
        {"mails": [OtherMail(None, "spam_or_spoof", NINE + 5 * MINUTE, 55, 1007)]},
        id="a spoof just then",
    ),
    pytest.param(
        "never_came", {"mails": [OtherMail(None, "other", NINE + HOUR, 55, 1007)]}, id="something later"
    ),
    pytest.param(
        "other_message", {"messages": (own(1, 20 * HOUR), *EDGES[1])}, id="another message of the order"
    ),
    pytest.param(
        "other_order", {"messages": (own(4), *EDGES[1])}, id="a message of that time and another order"
    ),
    pytest.param("never_came", {}, id="nothing at all"),
]


@pytest.mark.parametrize(("cause", "ours"), LOST)
def test_why_a_row_has_no_message(cause: str, ours: dict[str, object]) -> None:
    (found,) = compared([row(1)], [], **ours).lost
    assert (found.row.line, found.cause) == (2, cause)


def test_a_cause_says_where_to_look() -> None:
    mails = [OtherMail(order(1), "other", NINE, 55, 1007), OtherMail(order(2), "auto_reply", NINE, 56, None)]
    first, second = compared([row(1), row(2)], [], mails=mails).lost
    assert first.why == "a mail of that order was taken for something else (other); look at case 1007"
    assert second.why.endswith("look at mail 56")


UNKNOWN = [
    pytest.param("left_out", own(1), [], id="nothing explains it"),
    pytest.param("no_response_needed", own(1, answer=None, state="excused"), [], id="no response needed"),
    pytest.param("one_row_a_case", own(1), [row(1, 20 * HOUR)], id="another message of the case has a row"),
    pytest.param("edge", own(1, 2 * DAY - HOUR + MINUTE), [], id="at the end of the period"),
]


@pytest.mark.parametrize(("cause", "ours", "rows"), UNKNOWN)
def test_why_a_message_has_no_row(cause: str, ours: Own, rows: list[ReportRow]) -> None:
    (found,) = compared(rows, [ours]).unknown
    assert (found.own.case, found.cause) == (1001, cause)


def test_a_row_that_cant_be_read_explains_what_it_would_have_said() -> None:
    (found,) = compared([], [own(1)], RowFault(4, "Received", "x", order(1))).unknown
    assert found.cause == "unreadable_row"


def test_what_is_not_counted_or_outside_of_the_period_is_not_missed() -> None:
    assert compared([], [own(1, counted=False), own(2, 3 * DAY), own(3, -3 * DAY)]).is_equal
    assert compared([row(1)], [own(1, counted=False)]).is_equal


EXCUSED = {"answer": None, "state": "excused", "closed_by": "person:U0ANNA"}
DIFFERENT = [
    ("late_mail", "received", row(1), own(1, 187 * MINUTE, -67 * MINUTE)),
    ("zone", "received", row(1), own(1, 8 * HOUR, -6 * HOUR)),
    ("other_receipt", "received", row(1), own(1, 7 * MINUTE, 2 * HOUR - 7 * MINUTE, arrived_at=NINE + DAY)),
    ("typed_there", "answered", row(1), own(1, answer=None)),
    ("typed_there", "answered", row(1), own(1, answer=5 * HOUR)),
    ("bounced", "answered", row(7), own(7, answer=None)),
    ("opted_out", "answered", row(8), own(8, answer=None)),
    ("bounced", "answered", row(7, answer=None), own(7)),
    ("bounced", "answered", row(7, answer=9 * HOUR), own(7)),
    ("not_arrived", "answered", row(1, answer=None), own(1)),
    ("answered_since", "answered", row(1, answer=None), own(1, answer=20 * DAY)),
    ("merged", "answered", row(1, answer=None), own(1, is_merged=True)),
    ("merged", "answered", row(1, answer=9 * HOUR), own(1, is_merged=True)),
    ("counted_otherwise", "answered", row(1, answer=None), own(1, closed_by="copy:5")),
    ("slow_relay", "answered", row(1, answer=2 * HOUR + 3 * MINUTE), own(1)),
    ("other_reply", "answered", row(1, answer=9 * HOUR), own(1)),
    ("not_told", "verdict", row(1, answer=None), own(1, **EXCUSED)),
    ("late_on_arrival", "verdict", row(1, overdue=False), own(1, state="missed", late_on_arrival=True)),
    ("merged", "verdict", row(1, overdue=True), own(1, is_merged=True)),
    ("counted_otherwise", "verdict", row(1, overdue=True), own(1)),
]


@pytest.mark.parametrize(("cause", "about", "there", "here"), DIFFERENT)
def test_why_a_row_and_its_message_differ(cause: str, about: str, there: ReportRow, here: Own) -> None:
    (found,) = compared([there], [here], undelivered={1007: "bounced", 1008: "opted_out"}).different
    assert found.cause == cause
    assert about in found.about


def test_every_cause_has_an_example_here() -> None:
    seen = (
        {case.values[0] for case in (*LOST, *UNKNOWN)} | {case[0] for case in DIFFERENT} | {"unreadable_row"}
    )
    assert seen == set(CAUSES)


def test_excused_here_and_answered_in_time_there_is_no_difference() -> None:
    assert compared([row(1)], [own(1, **EXCUSED)]).is_equal


def test_answers_are_not_compared_when_the_report_has_none() -> None:
    report = Report((row(1, answer=None),), (), frozenset(("order_id", "received_at")), ())
    ours = Ours((own(1),), (), {}, None)
    assert reconcile(report, ours, scope_of(report), HOUR, NOW).is_equal


def test_a_report_of_overdue_messages_alone_lacks_those_that_were_in_time() -> None:
    rows = (row(1, answer=30 * HOUR), row(2, DAY, answer=None, overdue=True), row(3, 3 * DAY, 30 * HOUR))
    report = Report(rows, (), FIELDS, ())
    owns = (own(1, answer=30 * HOUR), own(3, 3 * DAY, 30 * HOUR), own(4, 2 * DAY), own(5, 2 * DAY, 30 * HOUR))
    found = reconcile(report, Ours(owns, (), {}, None), scope_of(report), HOUR, NOW)
    assert found.scope.overdue_only
    assert [one.own.message for one in found.unknown] == [5]
    assert [one.row.line for one in found.lost] == [3]
    assert (found.there, found.here) == (None, Rate(1, 4))


@pytest.mark.parametrize(
    ("there", "late"),
    [
        (row(1, answer=DAY), False),
        (row(1, answer=DAY + SECOND), True),
        (row(1, answer=None), True),
        (row(1, 2 * DAY, answer=None), None),
        (row(1, answer=DAY + SECOND, overdue=False), False),
    ],
)
def test_late_is_what_the_row_says_or_else_its_times(there: ReportRow, late: bool | None) -> None:
    assert is_late(there, NINE + 2 * DAY + HOUR) is late


def test_the_zone_is_the_first_in_which_most_times_agree() -> None:
    owns = [own(number, number * 5 * HOUR) for number in range(40)]
    shifted = [row(number, number * 5 * HOUR + 8 * HOUR) for number in range(40)]
    zones = ("Europe/Berlin", "Asia/Singapore", "Asia/Shanghai", "Etc/GMT-8")
    assert likely_zone(shifted, owns, "UTC", zones) == "Asia/Singapore"
    assert likely_zone(shifted, owns, "Asia/Shanghai", zones) is None
    assert likely_zone(shifted[:2], owns, "UTC", zones) is None
    assert likely_zone([replace(one, is_zoned=True) for one in shifted], owns, "UTC", zones) is None
    mixed = [row(number, number * 5 * HOUR + number * 7 * MINUTE) for number in range(1, 40)]
    assert likely_zone(mixed, owns, "UTC", zones) is None


def test_a_zone_is_found_across_its_change_of_clocks() -> None:
    days = [timedelta(days=one) for one in range(-40, 0)]  # Los Angeles: UTC-7 until November 1st, then UTC-8
    owns = [own(number, after) for number, after in enumerate(days)]
    shifted = [row(number, after - (7 if number < 16 else 8) * HOUR) for number, after in enumerate(days)]
    zones = ("Etc/GMT+7", "Etc/GMT+8", "America/Los_Angeles")
    assert likely_zone(shifted, owns, "UTC", zones) == "America/Los_Angeles"


messages = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 200)), max_size=12)


@given(messages, messages)
def test_each_row_and_each_message_is_in_one_list(
    there: list[tuple[int, int]], here: list[tuple[int, int]]
) -> None:
    rows = [row(number, after * 10 * MINUTE) for number, after in there]
    owns = [
        replace(own(number, after * 10 * MINUTE), message=100 + at) for at, (number, after) in enumerate(here)
    ]
    found = compared(rows, owns)
    assert found.matched + len(found.lost) == len(rows) + 2
    assert found.matched + len(found.unknown) == len(owns) + 2
    pairs = pairs_of(rows, owns, 12 * HOUR)
    assert len({one.message for one in pairs.values()}) == len(pairs)
    assert all(rows[place].order_id == one.order_id for place, one in pairs.items())
    assert all(abs(rows[place].received_at - one.anchor) <= 12 * HOUR for place, one in pairs.items())
