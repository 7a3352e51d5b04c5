"""Streaks: days in a row below a threshold, what a day's verdict is, when a warning is due."""

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.streaks import (
    METRICS,
    Counts,
    Day,
    Limits,
    Streak,
    due_day,
    figure,
    is_below,
    is_news,
    is_warning,
    light,
    streak,
    verdict,
)

LIMITS = Limits()
MONDAY = date(2026, 11, 16)
DAY = timedelta(days=1)
HOUR = 3600
BAD, GOOD, NOTHING = Counts(in_time=89, late=11), Counts(in_time=90, late=10), Counts()
PENDING = Counts(in_time=8, waiting=1)


def days(*counts: Counts, first: date = MONDAY) -> list[Day]:
    return [Day(first + place * DAY, one) for place, one in enumerate(counts)]


def rate_streak(*counts: Counts) -> Streak:
    return streak("response_rate", days(*counts), MONDAY + len(counts) * DAY, LIMITS)


@pytest.mark.parametrize(
    ("in_time", "colour"),
    [(89, "red"), (90, "amber"), (94, "amber"), (95, "green"), (100, "green"), (0, "red")],
)
def test_of_a_hundred_messages_ninety_are_the_minimum_and_ninety_five_the_target(in_time, colour):
    value = figure("response_rate", Counts(in_time=in_time, late=100 - in_time))
    assert value is not None
    assert light("response_rate", value, LIMITS) == colour
    assert is_below("response_rate", value, LIMITS) == (in_time < 90)


@pytest.mark.parametrize(
    ("metric", "counts", "said"),
    [
        pytest.param("response_rate", BAD, "below", id="89 of 100"),
        pytest.param("response_rate", GOOD, "kept", id="90 of 100"),
        pytest.param("response_rate", Counts(in_time=89, overdue=11), "below", id="unanswered is lost too"),
        pytest.param("response_rate", Counts(excused=5), "none", id="only excused messages decide nothing"),
        pytest.param("response_rate", Counts(waiting=5), "open", id="nothing is decided yet"),
        pytest.param("response_rate", PENDING, "open", id="one that waits can still turn it"),
        pytest.param("response_rate", Counts(in_time=18, waiting=1), "kept", id="it can't turn 18 of 19"),
        pytest.param("response_rate", Counts(in_time=5, late=2, waiting=3), "below", id="nor 8 of 10"),
        pytest.param(
            "response_rate", Counts(in_time=16, late=2, waiting=2), "open", id="18 of 20 would keep it"
        ),
        pytest.param("average_time", Counts(in_time=2, took_seconds=12 * HOUR), "kept", id="6 h on average"),
        pytest.param(
            "average_time", Counts(in_time=2, took_seconds=12 * HOUR + 1), "below", id="half a second more"
        ),
        pytest.param(
            "average_time",
            Counts(in_time=9, waiting=1, took_seconds=9),
            "open",
            id="an average waits for all",
        ),
        pytest.param("average_time", Counts(overdue=3), "none", id="without an answer there is no average"),
        pytest.param("closing_rate", Counts(in_time=85, overdue=15), "kept", id="85 of 100 closed"),
        pytest.param("closing_rate", Counts(in_time=84, overdue=16), "below", id="84 of 100 closed"),
        pytest.param(
            "closing_rate", Counts(late=80, excused=5, overdue=15), "kept", id="late and excused are closed"
        ),
        pytest.param("closing_rate", Counts(excused=5), "none", id="a day of thanks decides nothing"),
        pytest.param("closing_rate", Counts(excused=6, waiting=1), "open", id="what waits may be thanks too"),
    ],
)
def test_the_verdict_of_a_day(metric, counts, said):
    assert verdict(metric, counts, LIMITS) == said


@pytest.mark.parametrize(
    ("bad_days", "warns", "day_seven"),
    [
        (2, False, None),
        (3, False, MONDAY + 6 * DAY),
        (5, False, MONDAY + 6 * DAY),
        (6, False, MONDAY + 6 * DAY),
        (7, True, None),
        (8, True, None),
    ],
)
def test_day_six_is_a_forecast_and_day_seven_a_warning(bad_days, warns, day_seven):
    found = rate_streak(*[BAD] * bad_days)
    assert (found.days, found.first, found.last) == (bad_days, MONDAY, MONDAY + (bad_days - 1) * DAY)
    assert is_warning(found, LIMITS) == warns
    assert due_day(found, LIMITS) == day_seven


def test_a_good_day_breaks_a_streak_and_an_empty_one_does_nothing():
    assert rate_streak(BAD, BAD, GOOD, BAD).days == 1
    assert rate_streak(BAD, BAD, GOOD).days == 0
    found = rate_streak(BAD, NOTHING, BAD, NOTHING, BAD, NOTHING)
    assert (found.days, found.first, found.last) == (3, MONDAY, MONDAY + 4 * DAY)
    assert due_day(found, LIMITS) == MONDAY + 9 * DAY, "from today on: three days are there, four to come"


def test_a_streak_stops_at_the_first_day_that_is_not_certain():
    found = rate_streak(BAD, BAD, BAD, PENDING, BAD)
    assert (found.days, found.next_day) == (3, MONDAY + 3 * DAY)
    assert due_day(found, LIMITS) == MONDAY + 6 * DAY


def test_a_warning_is_news_once_until_the_streak_was_broken():
    week = rate_streak(*[BAD] * 7)
    assert is_news(week, LIMITS, None)
    assert not is_news(week, LIMITS, week.last)
    longer = rate_streak(*[BAD] * 8)
    assert not is_news(longer, LIMITS, week.last)
    again = rate_streak(*[BAD] * 7, GOOD, *[BAD] * 7)
    assert is_news(again, LIMITS, week.last)
    assert not is_news(rate_streak(*[BAD] * 6), LIMITS, None)


def test_a_streak_that_loses_its_first_days_afterwards_is_still_the_same():
    """A message of its third day is excused in the end: that day was good. The warning was about what is left."""
    week = rate_streak(*[BAD] * 7)
    assert not is_news(rate_streak(BAD, BAD, GOOD, *[BAD] * 8), LIMITS, week.last)


counts = st.builds(
    Counts,
    in_time=st.integers(0, 20),
    late=st.integers(0, 4),
    overdue=st.integers(0, 4),
    waiting=st.integers(0, 3),
    excused=st.integers(0, 9),
    took_seconds=st.integers(0, 400_000),
)


def naive(metric, every, today):
    """Backwards, day by day, with each possible end of what waits written out."""
    judged = []
    for one in every:
        ends = set()
        waiting = one.counts.waiting
        for met, excused in itertools.product(range(waiting + 1), repeat=2):
            if met + excused > waiting:
                continue
            end = replace(
                one.counts,
                in_time=one.counts.in_time + met,
                excused=one.counts.excused + excused,
                overdue=one.counts.overdue + waiting - met - excused,
                waiting=0,
            )
            value = figure(metric, end)
            ends.add(None if value is None else is_below(metric, value, LIMITS))
        if metric == "average_time" and waiting:
            break
        if len(ends) > 1:
            break
        judged.append((one.day, ends.pop()))
    run = []
    for day, below in reversed(judged):
        if below is False:
            break
        if below:
            run.append(day)
    return len(run), min(run, default=None), max(run, default=None)


@given(st.sampled_from(METRICS), st.lists(st.one_of(counts, st.just(BAD), st.just(NOTHING)), max_size=12))
def test_a_naive_twin_agrees(metric, every):
    listed = days(*every)
    found = streak(metric, listed, MONDAY + len(every) * DAY, LIMITS)
    assert (found.days, found.first, found.last) == naive(metric, listed, MONDAY + len(every) * DAY)


@given(counts)
def test_a_certain_verdict_holds_however_the_rest_ends(one):
    for metric in ("response_rate", "closing_rate"):
        said = verdict(metric, one, LIMITS)
        for met in range(one.waiting + 1):
            for excused in range(one.waiting - met + 1):
                end = replace(
                    one,
                    in_time=one.in_time + met,
                    excused=one.excused + excused,
                    overdue=one.overdue + one.waiting - met - excused,
                    waiting=0,
                )
                if said in ("below", "kept"):
                    assert verdict(metric, end, LIMITS) == said
