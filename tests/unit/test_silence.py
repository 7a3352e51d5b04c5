"""The silence alarm: its rate of false ones holds, true silences are noticed, odd days are no news."""

import math
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain import silence, zones
from tests.unit.silence_worlds import (
    BEGIN,
    DAY,
    HOUR,
    LEARNING_DAYS,
    World,
    false_alarms,
    hours_until_alarm,
    messages,
    usual_day,
)

WORLDS = {
    "by chance alone": World(40),
    "days differ": World(40, spread=0.15),
    "in clumps": World(30, spread=0.1, clump=3),
    "few": World(3, spread=0.2),
    "declining": World(30, spread=0.1, trend=lambda day: max(0.3, 1 - max(0, day - LEARNING_DAYS) * 0.01)),
}
STORES, MONTHS = 3, 3


def hours_of(came: list[datetime]) -> Counter[datetime]:
    return Counter(at.replace(minute=0, second=0, microsecond=0) for at in came)


def habit_of(world: World, rate: float = 1.0, seed: int = 5, **more: object) -> silence.Habit | None:
    came = messages(world, LEARNING_DAYS, seed)
    return silence.learn(hours_of(came), world.zone, came[-1], rate, **({"share": usual_day} | more))


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_false_alarms_are_no_more_frequent_than_stated(world: World) -> None:
    """Seeded, so each run sees the same stores: none of which was ever silent."""
    ended = [false_alarms(world, MONTHS, seed) for seed in range(STORES)]
    months = sum(lived for _wrong, lived in ended)
    assert months == pytest.approx(STORES * MONTHS)
    assert sum(wrong for wrong, _lived in ended) <= months


def test_the_rate_that_is_wanted_is_what_makes_the_alarm_rare_or_quick() -> None:
    world = World(40, spread=0.15)
    rare, usual, often = (habit_of(world, rate) for rate in (0.1, 1, 8))
    assert rare is not None
    assert usual is not None
    assert often is not None
    assert rare.limit > usual.limit > often.limit
    assert false_alarms(world, 3, 1, 8)[0] > false_alarms(world, 3, 1, 1)[0]
    assert habit_of(world, 0) is None


@pytest.mark.parametrize(
    ("world", "wall_hour", "hours"),
    [
        pytest.param(World(300), 12, 2, id="a busy store at noon"),
        pytest.param(World(300), 1, 9, id="a busy store at night"),
        pytest.param(World(60), 12, 4, id="a usual store at noon"),
        pytest.param(World(4, spread=0.1), 12, 72, id="a store with four messages a day"),
    ],
)
def test_a_true_silence_is_noticed_in_time(world: World, wall_hour: int, hours: float) -> None:
    taken = [hours_until_alarm(world, seed, wall_hour) for seed in range(3)]
    assert max(taken) <= hours
    assert min(taken) > 0


def test_a_night_is_no_silence() -> None:
    habit = habit_of(World(60))
    assert habit is not None
    evening = zones.day_at((BEGIN + LEARNING_DAYS * DAY).date(), habit.zone, 23)
    night = silence.silence(habit, evening, evening + 5 * HOUR, usual_day)
    noon = silence.silence(habit, evening + 13 * HOUR, evening + 18 * HOUR, usual_day)
    assert night.expected < noon.expected / 3
    assert not night.is_alarming
    assert noon.is_alarming


def test_a_holiday_counts_as_a_quarter_of_a_day_and_teaches_nothing() -> None:
    def share(day: date) -> float:
        return silence.HOLIDAY if day.month == 2 and day.day <= 7 else 1.0

    habit = habit_of(World(60))
    assert habit is not None
    start = zones.day_at(date(2026, 2, 3), habit.zone, 9)
    usual = silence.silence(habit, start, start + 6 * HOUR, usual_day)
    quiet = silence.silence(habit, start, start + 6 * HOUR, share)
    assert quiet.expected == pytest.approx(usual.expected * silence.HOLIDAY)

    empty_week = World(60, trend=lambda day: 0.0 if 27 <= day < 34 else 1.0)
    with_it = habit_of(empty_week)
    without = habit_of(empty_week, share=share)
    assert with_it is not None
    assert without is not None
    assert without.monthly == pytest.approx(habit.monthly, rel=0.1)
    assert with_it.monthly < without.monthly
    assert with_it.spread > without.spread
    assert with_it.limit < 1.5 * without.limit, "one outage of the past must not make the next one unseen"


def test_peak_days_teach_nothing_so_the_time_after_them_is_quiet() -> None:
    peak = World(40, trend=lambda day: 4.0 if 20 <= day < 34 else 1.0)
    days = {(BEGIN + number * DAY).date() for number in range(20, 34)}
    taught, usual, never = habit_of(peak), habit_of(peak, skip=days), habit_of(World(40))
    assert taught is not None
    assert usual is not None
    assert never is not None
    assert usual.monthly == pytest.approx(never.monthly, rel=0.15)
    assert taught.limit > 3 * usual.limit, "were they usual days, no silence would be noticed"


@pytest.mark.parametrize(
    ("days", "daily"), [pytest.param(20, 60, id="two weeks"), pytest.param(57, 0.9, id="hardly a message")]
)
def test_a_new_or_tiny_store_has_no_alarm_yet(days: int, daily: float) -> None:
    came = messages(World(daily), days, 3)
    assert silence.learn(hours_of(came), "Europe/Berlin", came[-1], 1, share=usual_day) is None


def test_nothing_at_all_teaches_nothing() -> None:
    assert silence.learn({}, "UTC", BEGIN, 1) is None


def test_hours_are_those_of_the_stores_clock_also_when_it_is_changed() -> None:
    world = World(120, zone="America/Los_Angeles")
    habit = habit_of(world)
    assert habit is not None
    before, after = datetime(2026, 3, 7, 20, tzinfo=UTC), datetime(2026, 3, 8, 19, tzinfo=UTC)
    assert zones.local(before, world.zone).hour == zones.local(after, world.zone).hour == 12
    noon = habit.hourly[5 * 24 + 12]
    assert habit.rate_at(before) == noon
    night = datetime(2026, 3, 8, 8, tzinfo=UTC)
    lost_hour = silence.silence(habit, night, night + 24 * HOUR, usual_day).expected
    assert lost_hour == pytest.approx(sum(habit.rate_at(night + hour * HOUR) for hour in range(24)))


@given(st.floats(1, 1e6), st.floats(0.02, 3), st.floats(0.05, 30))
def test_the_limit_is_the_one_at_which_the_rate_is_the_wanted_one(
    monthly: float, spread: float, rate: float
) -> None:
    limit = silence.limit_of(monthly, spread, rate)
    assert limit >= 0
    begun = monthly * (1 + spread * limit) ** -(1 / spread + 1)
    assert begun <= max(rate, monthly if monthly < rate else 0) * (1 + 1e-6)
    if monthly > rate:
        assert math.isclose(begun, rate, rel_tol=1e-6)


@example(past=[(hour, 9) for hour in (15, 18, 22, 23, 24, 27, 28, 33, 34, 192, 205, 329, 1032)], rate=30.0)
@given(st.lists(st.tuples(st.integers(0, 24 * 70), st.integers(1, 9)), max_size=200), st.floats(0.1, 30))
def test_whatever_the_past_was_what_is_expected_only_grows(past: list[tuple[int, int]], rate: float) -> None:
    hours = {BEGIN + hour * HOUR: many for hour, many in past}
    end = max(hours, default=BEGIN) + HOUR / 2
    habit = silence.learn(hours, "Europe/Berlin", end, rate, share=usual_day)
    if habit is not None:
        later = [silence.silence(habit, end, end + days * DAY, usual_day).expected for days in range(4)]
        assert later == sorted(later)
        assert later[0] == 0
        assert habit.limit > 0
