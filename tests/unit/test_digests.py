"""Digests: when they are due, in weeks of clock changes too, which days they are about, and what they count."""

import itertools
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import digests, sla, zones
from bot.domain.sla import Duty
from bot.domain.timetable import Span

BERLIN, SHANGHAI, TOKYO = "Europe/Berlin", "Asia/Shanghai", "Asia/Tokyo"
NEW_YORK, LOS_ANGELES, HONOLULU = "America/New_York", "America/Los_Angeles", "Pacific/Honolulu"
ZONES = (BERLIN, SHANGHAI, TOKYO, NEW_YORK, LOS_ANGELES, HONOLULU, "Australia/Lord_Howe", "Asia/Kathmandu")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "zone", "start", "hours"),
    [
        ("2026-11-25", SHANGHAI, "2026-11-24 16:00", 24),
        ("2026-11-25", TOKYO, "2026-11-24 15:00", 24),
        ("2026-11-25", NEW_YORK, "2026-11-25 05:00", 24),
        ("2026-11-01", NEW_YORK, "2026-11-01 04:00", 25),
        ("2026-03-08", NEW_YORK, "2026-03-08 05:00", 23),
        ("2026-10-25", BERLIN, "2026-10-24 22:00", 25),
    ],
)
def test_a_day_is_as_long_as_its_clock_says(day: str, zone: str, start: str, hours: int) -> None:
    found = digests.day_of(date.fromisoformat(day), zone)
    assert (found.start, found.end - found.start) == (at(start), hours * HOUR)


def test_a_day_ends_with_the_last_shift_that_begins_on_it() -> None:
    day = digests.day_of(date(2026, 11, 25), LOS_ANGELES)  # 08:00 UTC to 08:00 UTC
    early = Span(at("2026-11-25 01:00"), at("2026-11-25 10:00"))  # begins on the day before
    late = Span(at("2026-11-25 17:00"), at("2026-11-26 01:00"))
    night = Span(at("2026-11-26 01:00"), at("2026-11-26 10:00"))  # 17:00 there, until two in the night
    assert digests.daily_due(day, [early, late], 18) == late.end
    assert digests.daily_due(day, [early, late, night], 18) == night.end
    assert digests.daily_due(day, [early], 18) == at("2026-11-26 02:00"), "nobody begins: at 18:00"


def test_the_hour_of_a_day_without_shifts_may_be_skipped_by_its_clock() -> None:
    assert digests.daily_due(digests.day_of(date(2026, 3, 29), BERLIN), [], 2) == at("2026-03-29 01:00")


def test_the_latest_day_that_is_due() -> None:
    shifts = [Span(NOW - 8 * HOUR + ago * DAY, NOW + HOUR + ago * DAY) for ago in range(-4, 2)]
    last = digests.last_daily(NOW, SHANGHAI, shifts, 18)
    assert last == date(2026, 11, 24), "today's shift has an hour to go"
    assert digests.last_daily(NOW + HOUR, SHANGHAI, shifts, 18) == date(2026, 11, 25)
    assert digests.last_daily(NOW + 10 * HOUR, SHANGHAI, [], 18) == date(2026, 11, 25), (
        "without shifts at 18:00"
    )


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1)),
    st.sampled_from(ZONES),
    st.integers(0, 23),
    st.lists(st.tuples(st.integers(-120, 30), st.integers(1, 24)), max_size=12),
)
def test_days_come_due_in_order_and_never_before_they_begin(
    wall: datetime, zone: str, hour: int, turns: list[tuple[int, int]]
) -> None:
    now = wall.replace(tzinfo=UTC)
    shifts = [Span(now + start * HOUR, now + (start + length) * HOUR) for start, length in turns]
    found = digests.last_daily(now, zone, shifts, hour)
    assert found is not None, "a shift is over a day after the day that it begins on"
    due = digests.daily_due(digests.day_of(found, zone), shifts, hour)
    assert zones.day_at(found, zone) <= due <= now
    after = digests.last_daily(now + DAY, zone, shifts, hour)
    assert after is not None
    assert after >= found


@given(
    st.sampled_from(ZONES),
    st.integers(0, 23),
    st.lists(st.tuples(st.integers(0, 240), st.sampled_from((1, 8, 9, 24, 36, 72, 168, 300))), max_size=12),
)
def test_no_day_is_passed_over_where_somebody_works_for_days_on_end(
    zone: str, hour: int, turns: list[tuple[int, int]]
) -> None:
    begins = at("2026-10-23 00:00")  # clocks are set back in these days, in Europe and in America
    shifts = [Span(begins + start * HOUR, begins + (start + length) * HOUR) for start, length in turns]
    looks = [begins + n * HOUR / 2 for n in range(48, 48 * 16)]
    told = list(dict.fromkeys(digests.last_daily(look, zone, shifts, hour) for look in looks))
    assert told == [told[0] + n * DAY for n in range(len(told))]  # type: ignore[operator]  # some day is always due


def test_mondays_by_the_clock_of_the_channel() -> None:
    monday = date(2026, 11, 23)
    due = digests.weekly_at(monday, SHANGHAI, 9)
    assert due == at("2026-11-23 01:00")
    assert digests.last_weekly(due, SHANGHAI, 9) == monday
    assert digests.last_weekly(due - timedelta(seconds=1), SHANGHAI, 9) == monday - 7 * DAY
    assert digests.last_weekly(due + 6 * DAY + 23 * HOUR, SHANGHAI, 9) == monday


def test_each_store_has_the_seven_days_that_had_ended_by_its_own_clock() -> None:
    monday, due = date(2026, 11, 23), at("2026-11-23 01:00")  # Monday 09:00 in Beijing: Sunday in America
    beijing, west = (digests.week_before(monday, SHANGHAI, 9, zone) for zone in (SHANGHAI, LOS_ANGELES))
    assert (beijing.first, beijing.last) == (date(2026, 11, 16), date(2026, 11, 22))
    assert (west.first, west.last) == (date(2026, 11, 15), date(2026, 11, 21))
    assert west.end <= due
    assert west.before().end == west.start
    midnight = digests.week_before(monday, SHANGHAI, 0, SHANGHAI)
    assert midnight.end == at("2026-11-22 16:00"), "a day that ends at the very instant has ended"


def test_weeks_of_clock_changes_are_as_long_as_they_are() -> None:
    longer = digests.week_before(date(2026, 11, 2), NEW_YORK, 9, NEW_YORK)
    shorter = digests.week_before(date(2026, 3, 9), NEW_YORK, 9, NEW_YORK)
    assert longer.end - longer.start == 7 * DAY + HOUR
    assert shorter.end - shorter.start == 7 * DAY - HOUR


@pytest.mark.parametrize("channel", [SHANGHAI, NEW_YORK, BERLIN])
@pytest.mark.parametrize("store", [SHANGHAI, NEW_YORK, LOS_ANGELES, BERLIN, TOKYO, "Australia/Sydney"])
def test_weeks_follow_each_other_without_gap_or_overlap(channel: str, store: str) -> None:
    mondays = [date(2026, 1, 5) + n * 7 * DAY for n in range(104)]
    for hour in range(24):
        weeks = [digests.week_before(one, channel, hour, store) for one in mondays]
        assert all(one.end == other.start for one, other in itertools.pairwise(weeks)), hour
        assert all(one.before() == earlier for earlier, one in itertools.pairwise(weeks)), hour
        dues = [digests.weekly_at(one, channel, hour) for one in mondays]
        ages = [due - one.end for due, one in zip(dues, weeks, strict=True)]
        assert all(timedelta(0) <= age <= 26 * HOUR for age in ages), hour


def duty(state: str, hours: float | None, age: timedelta = 3 * DAY) -> Duty:
    anchor = NOW - age
    return Duty(anchor, anchor + DAY, state, None if hours is None else anchor + hours * HOUR)


def test_each_answer_is_in_one_band_late_and_missing_ones_last() -> None:
    every = [duty("met", hours) for hours in (0, 1, 1.1, 3, 5, 6, 12, 24)]
    every += [duty("missed", 25), duty("open", None), duty("open", None, HOUR), duty("excused", None)]
    every += [
        replace(duty("missed", 25), late_on_arrival=True),
        replace(duty("open", None), late_on_arrival=True),
    ]
    took = Counter(
        sla.bucket(sla.seconds_between(one.anchor, one.answered_at))
        for one in every
        if one.answered_at and not one.late_on_arrival
    )
    assert digests.answer_times(sla.figures(every, NOW), took) == (2, 2, 2, 1, 1, 1, 1)


def test_the_hours_of_two_clocks() -> None:
    span = Span(at("2026-11-15 16:00"), at("2026-11-22 16:00"))
    found = digests.volume(
        [
            (at("2026-11-16 01:30"), True, 1),
            (at("2026-11-17 01:59"), False, 1),
            (at("2026-11-17 16:00"), True, 3),
        ],
        (SHANGHAI, NEW_YORK),
        span,
    )
    assert (found.staffed[9], found.unstaffed[9], found.staffed[0]) == (1, 1, 3)
    assert sum(found.staffed) + sum(found.unstaffed) == 5
    assert found.other == ("11", "17", "23", "5")
    assert found.changed == ()


@pytest.mark.parametrize(
    ("comes", "goes", "zone", "minutes"),
    [
        ("2026-11-17 01:00", "2026-11-17 09:45", SHANGHAI, 15),
        ("2026-11-17 01:00", "2026-11-17 09:50", SHANGHAI, 1),
        ("2026-11-17 01:05", "2026-11-17 09:45", "Asia/Kathmandu", 1),
        ("2026-11-17 01:00", "2026-11-17 09:45", "Asia/Kathmandu", 15),
        ("2026-11-14 01:05", "2026-11-14 09:00", SHANGHAI, 15),
    ],
    ids=["quarters", "goes at ten to", "comes at five past", "a zone of quarters", "not in the week"],
)
def test_arrivals_are_counted_in_pieces_in_which_nobody_comes_or_goes(
    comes: str, goes: str, zone: str, minutes: int
) -> None:
    week = Span(at("2026-11-15 16:00"), at("2026-11-22 16:00"))
    assert digests.step_of([Span(at(comes), at(goes))], zone, week) == timedelta(minutes=minutes)


def test_a_clock_that_changed_is_named_and_its_hours_are_those_from_then_on() -> None:
    span = Span(at("2026-10-25 16:00"), at("2026-11-01 16:00"))
    found = digests.volume([], (SHANGHAI, NEW_YORK), span)
    assert found.changed == (NEW_YORK,)
    assert found.other[0] == "12", "on that Sunday it is still summer in New York when Beijing's day begins"
    later = Span(span.start, span.end + DAY)
    assert digests.volume([], (SHANGHAI, NEW_YORK), later).other[0] == "11"
    half = digests.volume([], (SHANGHAI, "Asia/Kathmandu"), span)
    assert half.other == ("21:45", "3:45", "9:45", "15:45")


def test_the_most_frequent_topics_and_the_rest() -> None:
    topics = {"refund": 3, "return": 3, "delivery": 5, "invoice": 1, "": 1, "other": 1, "thanks": 0}
    assert digests.most_frequent(topics, 2) == (("delivery", 5), ("refund", 3), ("other", 6))
    assert digests.most_frequent({}, 2) == ()


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), max_size=8), st.integers(-5, 70))
def test_staffed_is_what_a_plain_look_says(turns: list[tuple[int, int]], hour: int) -> None:
    covered, end = [], -1
    for start, length in sorted(turns):
        if start > end:
            covered.append(Span(NOW + start * HOUR, NOW + (start + length) * HOUR))
            end = start + length
    instant = NOW + hour * HOUR
    found = digests.is_staffed(instant, [one.start for one in covered], covered)
    assert found == any(one.start <= instant < one.end for one in covered)
