"""The evaluator of the rota against its naive twin, and the rota's table of holidays against the library."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import holidays
from bot.domain.rota import shifts
from tests.unit.rota_twin import CHANGES, CHINA_WORKED, DAY, Dice, is_off_in_china

seeds = st.integers(0, 2**40)


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_each_minute_is_as_in_the_naive_twin(seed: int) -> None:
    """Few here; `python -m tests.unit.rota_twin --rotas 10000` compares as many as one likes."""
    case = Dice(seed).case()
    assert not case.differences(), case


@settings(max_examples=100, deadline=None)
@given(seeds, st.integers(0, 8000), st.integers(1, 3000))
def test_a_shift_is_whole_whatever_part_of_it_is_asked_for(seed: int, offset: int, minutes: int) -> None:
    case = Dice(seed).case()
    everything = shifts(case.rota, case.start - 5 * DAY, case.end + 9 * DAY, case.overrides)
    start = case.start + timedelta(minutes=offset)
    end = start + timedelta(minutes=minutes)
    asked = shifts(case.rota, start, end, case.overrides)
    assert list(asked) == [one for one in everything if one.start < end and one.end > start]


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_shifts_come_in_order_and_none_is_empty(seed: int) -> None:
    case = Dice(seed).case()
    found = shifts(case.rota, case.start, case.end, case.overrides)
    assert all(one.start < one.end and one.start.tzinfo is UTC for one in found)
    assert list(found) == sorted(found, key=lambda one: (one.start, one.order, one.agent, one.end))


@pytest.mark.parametrize("zone", CHANGES)
def test_random_rotas_come_to_each_zone(zone: str) -> None:
    assert any(Dice(seed).zone == zone for seed in range(300))


def test_chinas_days_off_of_2026_are_those_of_the_state_councils_notice() -> None:
    days = [date(2026, 1, 1) + n * DAY for n in range(365)]
    assert [day for day in days if holidays.is_day_off("CN", day)] == [
        day for day in days if is_off_in_china(day)
    ]
    assert [day.isoformat() for day in days if holidays.is_made_up("CN", day)] == list(CHINA_WORKED)


def test_a_weekend_beside_a_holiday_of_another_country_is_a_plain_weekend() -> None:
    assert holidays.is_day_off("US", date(2026, 12, 25))
    assert not holidays.is_day_off("US", date(2026, 12, 26))
    assert not holidays.is_day_off("DE", date(2027, 3, 27))  # between Good Friday and Easter Monday


def test_an_instant_in_another_zone_asks_for_the_same_shifts() -> None:
    case = Dice(7).case()
    there = datetime.fromisoformat("2026-01-01T00:00+08:00").tzinfo
    asked = shifts(case.rota, case.start.astimezone(there), case.end.astimezone(there), case.overrides)
    assert asked == shifts(case.rota, case.start, case.end, case.overrides)
