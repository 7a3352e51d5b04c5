"""The error budget: what may still be missed, what is expected, when an alarm is due; computed by hand."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import budget
from bot.domain.budget import Budget, burn, forecast, same_hours, week_of
from bot.domain.streaks import Counts

HOUR = timedelta(hours=1)
WEEK_END = datetime(2026, 11, 30, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, tzinfo=UTC)


def minimum(so_far: int, lost: int, expected: int | None = None) -> Budget:
    return Budget("minimum", 0.90, so_far, lost, expected)


def test_this_week_you_may_still_miss_4_of_212():
    one = minimum(150, 17, 62)
    assert (one.total, one.allowed, one.left) == (212, 21, 4)
    assert Budget("target", 0.95, 150, 6, 62).left == 4


@pytest.mark.parametrize(
    ("total", "rate", "allowed"),
    [
        (100, 0.90, 10),
        (100, 0.95, 5),
        (99, 0.90, 9),
        (10, 0.90, 1),
        (9, 0.90, 0),
        (0, 0.90, 0),
        (1000, 0.9, 100),
    ],
)
def test_what_may_be_missed_is_rounded_down_and_exact(total, rate, allowed):
    assert Budget("minimum", rate, total, 0, None).allowed == allowed


@given(st.integers(0, 5000), st.sampled_from([0.85, 0.9, 0.95, 0.99, 1.0]))
def test_the_budget_is_the_most_that_keeps_the_rate(total, rate):
    allowed = Budget("minimum", rate, total, 0, None).allowed
    exact = Fraction(str(rate))
    assert total == 0 or Fraction(total - allowed, total) >= exact
    assert total == 0 or Fraction(total - allowed - 1, total) < exact


def test_excused_messages_are_in_no_budget_and_waiting_ones_are():
    week = Counts(in_time=80, late=3, overdue=2, waiting=15, excused=50)
    one = budget.budget("minimum", 0.9, week, None)
    assert (one.so_far, one.lost, one.total, one.left) == (100, 5, 100, 5)


def test_the_forecast_is_the_mean_of_four_weeks_and_none_without_them():
    assert forecast([60, 62, 61, 66]) == 62
    assert forecast([60, 62, 61]) is None


def test_a_week_begins_at_the_stores_midnight_also_when_its_clocks_change():
    assert week_of(datetime(2026, 11, 22, 15, 59, tzinfo=UTC), "Asia/Shanghai")[1] == datetime(
        2026, 11, 22, 16, tzinfo=UTC
    )
    start, end = week_of(datetime(2026, 10, 28, tzinfo=UTC), "America/New_York")
    assert (start, end) == (datetime(2026, 10, 26, 4, tzinfo=UTC), datetime(2026, 11, 2, 5, tzinfo=UTC))
    assert end - start == timedelta(days=7, hours=1)
    assert week_of(start, "America/New_York")[0] == start
    assert week_of(start - timedelta(microseconds=1), "America/New_York")[1] == start


def test_the_same_hours_of_the_weeks_before_are_those_of_the_wall_clock():
    now = datetime(2026, 11, 4, 14, tzinfo=UTC)  # Wednesday 09:00 in New York, winter
    spans = same_hours(now, week_of(now, "America/New_York")[1], "America/New_York")
    assert [span[0] for span in spans] == [
        datetime(2026, 10, 28, 13, tzinfo=UTC),
        datetime(2026, 10, 21, 13, tzinfo=UTC),
        datetime(2026, 10, 14, 13, tzinfo=UTC),
        datetime(2026, 10, 7, 13, tzinfo=UTC),
    ]
    assert spans[0][1] == datetime(2026, 11, 2, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "short", "long", "ends_at"),
    [
        pytest.param(minimum(200, 10), 3, 12, TUESDAY + 20 * HOUR, id="10 left, one in two hours"),
        pytest.param(minimum(200, 10), 6, 12, TUESDAY + 20 * HOUR, id="the slower pace names the day"),
        pytest.param(minimum(200, 10), 1, 12, TUESDAY + 60 * HOUR, id="also when it is that of six hours"),
    ],
)
def test_at_this_pace_the_budget_ends(one, short, long, ends_at):
    found = burn(one, short, long, TUESDAY, WEEK_END)
    assert found is not None
    assert found.ends_at == ends_at


@pytest.mark.parametrize(
    ("one", "short", "long"),
    [
        pytest.param(minimum(200, 1), 1, 1, id="one miss is no pace"),
        pytest.param(minimum(200, 10), 0, 12, id="it has stopped: none in six hours"),
        pytest.param(minimum(400, 10), 1, 3, id="it lasts: 30 left, three a day, six days"),
        pytest.param(minimum(9, 0), 0, 0, id="nothing may be missed, and nothing was"),
        pytest.param(minimum(9, 1), 1, 1, id="one was, and that is no pace either"),
    ],
)
def test_no_alarm(one, short, long):
    assert burn(one, short, long, TUESDAY, WEEK_END) is None


def test_nothing_is_left():
    found = burn(minimum(20, 2), 0, 0, TUESDAY, WEEK_END)
    assert found is not None
    assert found.ends_at is None
    over = burn(minimum(20, 5), 3, 3, TUESDAY, WEEK_END)
    assert over is not None
    assert (over.ends_at, over.budget.left) == (None, -3)
