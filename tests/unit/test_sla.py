"""Figures: the founding text's thresholds flip exactly where they should, and a naive recount agrees."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import sla
from bot.domain.sla import Duty, figures

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def duty(state: str, *, age: timedelta = 2 * DAY, took: timedelta | None = None) -> Duty:
    anchor = NOW - age
    return Duty(anchor, anchor + DAY, state, anchor + took if took is not None else None)


@pytest.mark.parametrize(("in_time", "late"), [(89, 11), (90, 10), (95, 5)])
def test_the_rate_is_exact(in_time: int, late: int) -> None:
    every = [duty("met", took=HOUR)] * in_time + [duty("missed", took=25 * HOUR)] * late
    found = figures(every, NOW)
    assert found.response_rate == in_time / 100
    assert found.late_response_rate == late / 100
    assert found.average_seconds == pytest.approx((in_time * 3600 + late * 90_000) / 100)


def test_what_is_undecided_is_in_no_rate_and_what_is_overdue_counts_as_late() -> None:
    found = figures([duty("met", took=HOUR), duty("open", age=HOUR), duty("open")], NOW)
    assert (found.in_time, found.waiting, found.overdue, found.response_rate) == (1, 1, 1, 0.5)


def test_no_response_needed_is_taken_out() -> None:
    found = figures([duty("met", took=HOUR), duty("excused")], NOW)
    assert (found.response_rate, found.excused, found.closing_rate) == (1.0, 1, 1.0)


def test_nothing_to_divide_by_is_none_and_not_zero() -> None:
    found = figures([], NOW)
    assert (found.response_rate, found.average_seconds, found.closing_rate) == (None, None, None)


states = st.sampled_from(["open", "met", "missed", "excused"])


@given(st.lists(st.tuples(states, st.integers(0, 200), st.integers(0, 60)), max_size=60))
def test_a_naive_recount_agrees(rows: list[tuple[str, int, int]]) -> None:
    every = [
        duty(
            state,
            age=timedelta(hours=age),
            took=timedelta(hours=took) if state in ("met", "missed") else None,
        )
        for state, age, took in rows
    ]
    found = figures(every, NOW)
    good = bad = 0
    for one in every:
        if one.state == "met":
            good += 1
        if one.state == "missed" or (one.state == "open" and one.due_at < NOW):
            bad += 1
    assert found.response_rate == (good / (good + bad) if good + bad else None)
    assert found.in_time + found.late + found.overdue + found.waiting + found.excused == len(every)


@given(st.lists(st.integers(-3000, 3000), max_size=50))
def test_each_open_deadline_stands_in_one_band(minutes: list[int]) -> None:
    counts = sla.by_time_left([NOW + timedelta(minutes=one) for one in minutes], NOW)
    assert sum(counts) == len(minutes)
    assert counts[0] == sum(one < 0 for one in minutes)
    assert counts[1] == sum(0 <= one <= 60 for one in minutes)
