"""Hours, nights, weekends and short rests of people, by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import rest, zones
from bot.domain.rest import Load, ShortRest, loads, short_rests
from bot.domain.rota import Rota, RotaAgent, Shift
from bot.domain.timetable import Timetable

HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
AGENTS = (
    RotaAgent("ann", "Europe/London"),
    RotaAgent("bob", "Asia/Shanghai"),
    RotaAgent("cho", "Asia/Shanghai"),
)


def table(*stints: tuple[str, float, float], begins: datetime = MONDAY) -> Timetable:
    """Shifts in hours after `begins`."""
    found = sorted(
        (Shift(agent, begins + start * HOUR, begins + end * HOUR, "layer") for agent, start, end in stints),
        key=lambda one: one.start,
    )
    return Timetable(Rota((), AGENTS), begins - 500 * HOUR, begins + 500 * HOUR, tuple(found))


def test_loads_count_nights_and_weekends_on_the_persons_own_clocks() -> None:
    # In London it is UTC, in Beijing eight hours later: Monday 14:00 UTC is 22:00 there, Friday 16:00 Saturday.
    asked = table(("ann", 20, 32), ("ann", 30, 34), ("bob", 12, 24), ("bob", 112, 116))
    assert loads(asked, MONDAY, MONDAY + 168 * HOUR) == [
        Load("ann", hours=14.0, night_hours=8.0, weekend_hours=0.0, share=14 / 30),
        Load("bob", hours=16.0, night_hours=8.0 + 4.0, weekend_hours=4.0, share=16 / 30),
        Load("cho", hours=0.0, night_hours=0.0, weekend_hours=0.0, share=0.0),
    ]


def test_loads_count_only_the_window() -> None:
    asked = table(("ann", -10, 5), ("ann", 8, 12))
    assert [one.hours for one in loads(asked, MONDAY, MONDAY + 10 * HOUR)] == [7.0, 0.0, 0.0]


def test_a_rota_in_which_nobody_works_has_no_shares() -> None:
    assert [one.share for one in loads(table(), MONDAY, MONDAY + HOUR)] == [0.0, 0.0, 0.0]


def test_the_night_on_which_clocks_go_back_has_nine_hours() -> None:
    asked = table(("ann", 0, 48), begins=datetime(2026, 10, 24, tzinfo=UTC))
    start = datetime(2026, 10, 24, 12, tzinfo=UTC)
    (ann, *_) = loads(asked, start, start + 24 * HOUR)
    assert (ann.hours, ann.night_hours, ann.weekend_hours) == (24.0, 9.0, 24.0)


quarters = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 60)), max_size=6)


@given(quarters, st.sampled_from(["America/New_York", "Asia/Kathmandu", "Europe/Berlin"]))
def test_nights_and_weekends_are_what_a_scan_of_quarters_counts(
    spans: list[tuple[int, int]], zone: str
) -> None:
    begins = datetime(2026, 10, 30, tzinfo=UTC)
    shifts = tuple(
        Shift("ann", begins + start * HOUR / 4, begins + (start + length) * HOUR / 4, "layer")
        for start, length in sorted(spans)
    )
    rota = Rota((), (RotaAgent("ann", zone),))
    asked = Timetable(rota, begins - 500 * HOUR, begins + 500 * HOUR, shifts)
    moments = [begins + quarter * HOUR / 4 for quarter in range(10, 340)]
    local = [
        zones.local(one, zone) for one in moments if any(other.start <= one < other.end for other in shifts)
    ]
    (found,) = loads(asked, moments[0], moments[-1] + HOUR / 4)
    assert found.hours == len(local) / 4
    assert found.night_hours == sum(one.hour >= 22 or one.hour < 6 for one in local) / 4
    assert found.weekend_hours == sum(one.weekday() >= 5 for one in local) / 4


@pytest.mark.parametrize(
    ("stints", "expected"),
    [
        pytest.param([(9, 17), (33, 41)], [], id="sixteen hours"),
        pytest.param([(9, 20), (31, 39)], [], id="eleven hours to the minute"),
        pytest.param([(9, 20.5), (31, 39)], [(20.5, 31)], id="half an hour too few"),
        pytest.param([(9, 12), (12, 17), (16, 18)], [], id="shifts that touch or overlap are one stint"),
        pytest.param([(9, 12), (14, 18)], [], id="a day with a break"),
        pytest.param([(9, 12), (14, 18), (28, 33)], [(18, 28)], id="the rest follows the second half"),
        pytest.param([(9, 12), (16, 20)], [(12, 16)], id="four hours are no break any more"),
        pytest.param([(-2, 6), (9, 17)], [(6, 9)], id="a day after a night is not one day with a break"),
        pytest.param([(0, 8), (10, 13)], [], id="thirteen hours from first to last leave eleven"),
        pytest.param([(0, 8), (10, 13.25)], [(8, 10)], id="a quarter more does not"),
        pytest.param([(-30, -20), (-12, -2), (9, 10)], [], id="before the window"),
        pytest.param([(-12, -2), (7, 10)], [(-2, 7)], id="work begins again in the window"),
        pytest.param([(160, 167), (169, 175)], [], id="after the window"),
    ],
)
def test_short_rests(stints: list[tuple[float, float]], expected: list[tuple[float, float]]) -> None:
    asked = table(*(("ann", start, end) for start, end in stints))
    assert short_rests(asked, MONDAY, MONDAY + 168 * HOUR, rest.MINIMUM) == [
        ShortRest("ann", MONDAY + end * HOUR, MONDAY + start * HOUR, (start - end) * HOUR)
        for end, start in expected
    ]


def test_the_minimum_is_a_setting_and_people_come_in_order() -> None:
    asked = table(("bob", 0, 8), ("bob", 17, 20), ("ann", 0, 8), ("ann", 17, 20))
    assert [one.agent for one in short_rests(asked, MONDAY, MONDAY + 90 * HOUR, 10 * HOUR)] == ["ann", "bob"]
    assert short_rests(asked, MONDAY, MONDAY + 90 * HOUR, 9 * HOUR) == []
