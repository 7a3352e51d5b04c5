"""Holidays, vacations, precedence and first and last days of the rota, by hand in UTC."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.rota import Layer, Override, Rota, RotaAgent, Rotation, Vacation, WeeklyShift, shifts

BEIJING = "Asia/Shanghai"
WORKDAYS = frozenset(range(5))
NINE_TO_SIX = WeeklyShift(WORKDAYS, 9 * 60, 18 * 60, ("li-wei",))
CHINA = Layer("beijing", BEIJING, (NINE_TO_SIX,), countries=("CN",))
AGENTS = (RotaAgent("li-wei", BEIJING), RotaAgent("anna", "America/New_York"), RotaAgent("bob", BEIJING))


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def days_worked(layer: Layer, first: str, last: str) -> list[str]:
    found = shifts(Rota((layer,), AGENTS), instant(first), instant(last))
    return [f"{one.start:%m-%d}" for one in found]


def on(
    rota: Rota, *overrides: Override, first: str = "2026-11-25T00:00", last: str = "2026-11-26T00:00"
) -> list[str]:
    """Each shift as `agent source start > end`."""
    found = shifts(rota, instant(first), instant(last), overrides)
    return [f"{one.agent} {one.source} {one.start:%d %H:%M} > {one.end:%H:%M}" for one in found]


def override(number: int, kind: str, agent: str, hours: str, *, is_on: bool = True) -> Override:
    """On 2026-11-25, UTC."""
    start, end = hours.split("-")
    return Override(number, kind, agent, is_on, instant(f"2026-11-25T{start}"), instant(f"2026-11-25T{end}"))


def test_national_day_is_off_and_the_saturday_that_makes_up_for_it_is_worked() -> None:
    assert days_worked(CHINA, "2026-09-28T00:00", "2026-10-13T00:00") == [
        "09-28", "09-29", "09-30", "10-08", "10-09", "10-10", "10-12",
    ]  # fmt: skip


def test_a_weekend_inside_golden_week_is_off_for_a_team_that_works_seven_days() -> None:
    always = replace(CHINA, shifts=(replace(NINE_TO_SIX, days=frozenset(range(7))),))
    assert days_worked(always, "2026-09-30T00:00", "2026-10-09T00:00") == ["09-30", "10-08"]


def test_the_day_that_makes_up_is_worked_like_a_friday() -> None:
    friday = WeeklyShift(frozenset({4}), 10 * 60, 12 * 60, ("anna",))
    saturday = WeeklyShift(frozenset({5}), 20 * 60, 21 * 60, ("bob",))
    layer = replace(CHINA, shifts=(friday, saturday))
    assert on(Rota((layer,), AGENTS), first="2026-10-10T00:00", last="2026-10-11T00:00") == [
        "anna beijing 10 02:00 > 04:00"
    ]


def test_own_days_stand_above_the_holidays_of_a_country() -> None:
    layer = replace(
        CHINA,
        open_on=frozenset({date(2026, 10, 1)}),
        closed_on=frozenset({date(2026, 10, 9), date(2026, 10, 10)}),
    )
    assert days_worked(layer, "2026-09-30T00:00", "2026-10-13T00:00") == ["09-30", "10-01", "10-08", "10-12"]


def test_first_and_last_day_are_worked() -> None:
    layer = replace(CHINA, first_day=date(2026, 11, 24), last_day=date(2026, 11, 25))
    assert days_worked(layer, "2026-11-20T00:00", "2026-11-30T00:00") == ["11-24", "11-25"]


def test_a_vacation_cuts_the_night_that_runs_into_it() -> None:
    night = WeeklyShift(frozenset(range(7)), 22 * 60, 30 * 60, ("li-wei",))
    away = Vacation("li-wei", date(2026, 11, 25), date(2026, 11, 25), BEIJING)
    rota = Rota((Layer("night", BEIJING, (night,)),), AGENTS, (away,))
    assert on(rota, first="2026-11-24T00:00", last="2026-11-26T00:00") == [
        "li-wei night 24 14:00 > 16:00",  # the 25th begins in Beijing
        "li-wei night 25 16:00 > 22:00",  # and ends; the night from 22:00 on the 25th goes on
    ]


BASE = Rota((Layer("beijing", BEIJING, (NINE_TO_SIX,)),), AGENTS)
ON_VACATION = replace(BASE, vacations=(Vacation("li-wei", date(2026, 11, 25), date(2026, 11, 25), BEIJING),))
ON_HOLIDAY = Rota((replace(CHINA, closed_on=frozenset({date(2026, 11, 25)})),), AGENTS)


@pytest.mark.parametrize(
    ("rota", "overrides", "expected"),
    [
        pytest.param(BASE, (), ["li-wei beijing 25 01:00 > 10:00"], id="the weekly shift"),
        pytest.param(ON_VACATION, (), [], id="a vacation stands above it"),
        pytest.param(ON_HOLIDAY, (), [], id="a holiday too"),
        pytest.param(
            ON_VACATION,
            (override(1, "swap", "li-wei", "02:00-04:00"),),
            ["li-wei swap 25 02:00 > 04:00"],
            id="a swap stands above a vacation",
        ),
        pytest.param(
            ON_HOLIDAY,
            (override(1, "cover", "anna", "02:00-04:00"),),
            ["anna cover 25 02:00 > 04:00"],
            id="and above a holiday",
        ),
        pytest.param(
            BASE,
            (
                override(1, "override", "li-wei", "02:00-03:00", is_on=False),
                override(2, "swap", "li-wei", "02:00-04:00"),
            ),
            [
                "li-wei beijing 25 01:00 > 02:00",
                "li-wei swap 25 03:00 > 04:00",
                "li-wei beijing 25 03:00 > 10:00",
            ],
            id="an override stands above a later swap",
        ),
        pytest.param(
            BASE,
            (
                override(1, "swap", "li-wei", "02:00-03:00", is_on=False),
                override(2, "swap", "li-wei", "02:30-04:00"),
            ),
            [
                "li-wei beijing 25 01:00 > 02:00",
                "li-wei swap 25 02:30 > 04:00",
                "li-wei beijing 25 03:00 > 10:00",
            ],
            id="of two swaps the later wins",
        ),
        pytest.param(
            BASE,
            (
                override(3, "off", "li-wei", "01:00-10:00", is_on=False),
                override(2, "override", "li-wei", "02:00-04:00"),
            ),
            [],
            id="of two overrides the later wins, in whatever order they come",
        ),
        pytest.param(
            BASE,
            (
                override(1, "swap", "li-wei", "05:00-10:00", is_on=False),
                override(2, "swap", "anna", "05:00-10:00"),
            ),
            ["li-wei beijing 25 01:00 > 05:00", "anna swap 25 05:00 > 10:00"],
            id="half a shift is swapped",
        ),
        pytest.param(
            BASE,
            (override(1, "override", "anna", "05:00-05:00"),),
            ["li-wei beijing 25 01:00 > 10:00"],
            id="an override without length puts nobody on",
        ),
    ],
)
def test_precedence(rota: Rota, overrides: tuple[Override, ...], expected: list[str]) -> None:
    assert on(rota, *overrides) == expected


def test_several_layers_stand_side_by_side_in_the_order_in_which_they_are_written() -> None:
    first = Layer("first", BEIJING, (replace(NINE_TO_SIX, agents=("bob",)),))
    rota = Rota((first, *BASE.layers), AGENTS)
    change = override(1, "override", "anna", "01:00-02:00")
    swap = override(2, "take", "li-wei", "01:00-02:00")
    assert on(rota, change, swap) == [
        "anna override 25 01:00 > 02:00",
        "li-wei take 25 01:00 > 02:00",
        "bob first 25 01:00 > 10:00",
        "li-wei beijing 25 01:00 > 10:00",
    ]


def test_a_shift_of_many_days_is_found_in_its_middle() -> None:
    week = WeeklyShift(frozenset({0}), 9 * 60, 9 * 60 + 7 * 1440)
    layer = Layer(
        "week", BEIJING, (week,), Rotation((("li-wei",), ("bob",)), 7, datetime(2026, 11, 23, 9, 0))
    )
    assert on(Rota((layer,), AGENTS), first="2026-11-29T00:00", last="2026-11-29T01:00") == [
        "li-wei week 23 01:00 > 01:00"
    ]


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//reply24//test//EN
BEGIN:VEVENT
UID:1@team.example
SUMMARY:Anna Kowalski
DTSTART;TZID=America/New_York:20261124T220000
DTEND;TZID=America/New_York:20261125T060000
RRULE:FREQ=DAILY;COUNT=4
END:VEVENT
END:VCALENDAR
"""
ANNA = RotaAgent("anna", "America/New_York", names=frozenset({"anna kowalski"}))
FROM_CALENDAR = Layer("from-calendar", "America/New_York", calendar=CALENDAR)


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        pytest.param(FROM_CALENDAR, ["25 03:00", "26 03:00", "27 03:00", "28 03:00"], id="as it says"),
        pytest.param(
            replace(FROM_CALENDAR, countries=("US",)),
            ["25 03:00", "26 03:00", "28 03:00"],
            id="but Thanksgiving",
        ),
        pytest.param(
            replace(FROM_CALENDAR, first_day=date(2026, 11, 25), last_day=date(2026, 11, 26)),
            ["26 03:00", "27 03:00"],
            id="but before the first day and after the last",
        ),
    ],
)
def test_events_of_a_calendar_are_shifts_on_the_days_of_their_layer(
    layer: Layer, expected: list[str]
) -> None:
    found = shifts(Rota((layer,), (ANNA,)), instant("2026-11-20T00:00"), instant("2026-12-05T00:00"))
    assert [f"{one.start:%d %H:%M}" for one in found] == expected
    assert {(one.agent, one.source, one.end - one.start) for one in found} == {
        ("anna", "from-calendar", timedelta(hours=8))
    }


def test_without_layers_nobody_is_on() -> None:
    assert shifts(Rota((), AGENTS), instant("2026-11-25T00:00"), instant("2026-11-26T00:00")) == ()
