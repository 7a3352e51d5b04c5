"""Shifts on the days on which clocks change, written out by hand in UTC. Never 'the change nearest to today'.

Source: the IANA database, edition 2026f; each change stands above its rows. Where a later edition changes the
future (Morocco does so often), look at its news before a row is changed.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.coverage import Need, gaps
from bot.domain.rota import Layer, Rota, RotaAgent, Rotation, WeeklyShift, shifts
from bot.domain.timetable import timetable

ALL = frozenset(range(7))
NEW_YORK = "America/New_York"
LOS_ANGELES = "America/Los_Angeles"
BERLIN = "Europe/Berlin"


def minutes(clock: str) -> int:
    """`22:00`; `30:00` is six o'clock on the following day."""
    hours, rest = clock.split(":")
    return int(hours) * 60 + int(rest)


def weekly(hours: str, *agents: str, days: frozenset[int] = ALL) -> WeeklyShift:
    """`22:00-06:00` ends on the following day."""
    start, end = map(minutes, hours.split("-"))
    return WeeklyShift(days, start, end if end > start else end + 1440, agents)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def alone(zone: str, day: str, hours: str) -> Rota:
    """One shift on one local day."""
    only = date.fromisoformat(day)
    layer = Layer("only", zone, (weekly(hours, "ann"),), first_day=only, last_day=only)
    return Rota((layer,), (RotaAgent("ann", zone),))


def worked(zone: str, day: str, hours: str) -> list[str]:
    """In UTC, as `11-01 05:00 > 11-01 08:00`."""
    noon = instant(f"{day}T12:00")
    found = shifts(alone(zone, day, hours), noon - timedelta(days=4), noon + timedelta(days=4))
    return [f"{one.start:%m-%d %H:%M} > {one.end:%m-%d %H:%M}" for one in found]


# (zone, local day, wall hours, UTC)
SPRING = [
    # 2027-03-14 02:00 EST -> 03:00 EDT, at 07:00 UTC
    (NEW_YORK, "2027-03-14", "01:00-03:00", "03-14 06:00 > 03-14 07:00"),
    (NEW_YORK, "2027-03-14", "02:00-10:00", "03-14 07:00 > 03-14 14:00"),
    (NEW_YORK, "2027-03-14", "02:30-10:00", "03-14 07:00 > 03-14 14:00"),
    (NEW_YORK, "2027-03-14", "01:00-02:30", "03-14 06:00 > 03-14 07:00"),
    (NEW_YORK, "2027-03-14", "00:00-24:00", "03-14 05:00 > 03-15 04:00"),  # 23 hours
    (NEW_YORK, "2027-03-13", "22:00-06:00", "03-14 03:00 > 03-14 10:00"),  # 7 hours
    (NEW_YORK, "2027-03-14", "22:00-06:00", "03-15 02:00 > 03-15 10:00"),
    (NEW_YORK, "2027-03-13", "00:00-24:00", "03-13 05:00 > 03-14 05:00"),
    (LOS_ANGELES, "2027-03-14", "01:00-03:00", "03-14 09:00 > 03-14 10:00"),
    (LOS_ANGELES, "2027-03-14", "09:00-17:00", "03-14 16:00 > 03-15 00:00"),
    # 2027-03-28 02:00 CET -> 03:00 CEST, at 01:00 UTC
    (BERLIN, "2027-03-28", "01:00-03:00", "03-28 00:00 > 03-28 01:00"),
    (BERLIN, "2027-03-28", "02:00-10:00", "03-28 01:00 > 03-28 08:00"),
    (BERLIN, "2027-03-28", "00:00-24:00", "03-27 23:00 > 03-28 22:00"),
    (BERLIN, "2027-03-27", "22:00-06:00", "03-27 21:00 > 03-28 04:00"),
    # Lord Howe goes half an hour: 2027-10-03 02:00 +10:30 -> 02:30 +11, at 15:30 UTC the day before
    ("Australia/Lord_Howe", "2027-10-03", "01:00-03:00", "10-02 14:30 > 10-02 16:00"),
    ("Australia/Lord_Howe", "2027-10-03", "02:00-10:00", "10-02 15:30 > 10-02 23:00"),
    ("Australia/Lord_Howe", "2027-10-03", "02:15-02:45", "10-02 15:30 > 10-02 15:45"),
    ("Australia/Lord_Howe", "2027-10-03", "00:00-24:00", "10-02 13:30 > 10-03 13:00"),  # 23 h 30
    # Adelaide: 2027-10-03 02:00 +09:30 -> 03:00 +10:30, at 16:30 UTC the day before
    ("Australia/Adelaide", "2027-10-03", "01:00-03:00", "10-02 15:30 > 10-02 16:30"),
    ("Australia/Adelaide", "2027-10-03", "00:00-24:00", "10-02 14:30 > 10-03 13:30"),
    # Casablanca, after Ramadan 2026: 03-22 02:00 +00 -> 03:00 +01, at 02:00 UTC
    ("Africa/Casablanca", "2026-03-22", "01:00-03:00", "03-22 01:00 > 03-22 02:00"),
    ("Africa/Casablanca", "2026-03-22", "22:00-06:00", "03-22 21:00 > 03-23 05:00"),
    ("Africa/Casablanca", "2026-03-21", "22:00-06:00", "03-21 22:00 > 03-22 05:00"),
]
AUTUMN = [
    # 2026-11-01 02:00 EDT -> 01:00 EST, at 06:00 UTC
    (NEW_YORK, "2026-11-01", "01:00-03:00", "11-01 05:00 > 11-01 08:00"),
    (NEW_YORK, "2026-11-01", "02:15-02:45", "11-01 07:15 > 11-01 07:45"),
    (NEW_YORK, "2026-11-01", "01:15-01:45", "11-01 05:15 > 11-01 06:45"),  # first 01:15, last 01:45
    (NEW_YORK, "2026-11-01", "02:00-10:00", "11-01 07:00 > 11-01 15:00"),
    (NEW_YORK, "2026-11-01", "00:00-24:00", "11-01 04:00 > 11-02 05:00"),  # 25 hours
    (NEW_YORK, "2026-10-31", "22:00-06:00", "11-01 02:00 > 11-01 11:00"),  # 9 hours
    (NEW_YORK, "2026-10-31", "17:00-01:00", "10-31 21:00 > 11-01 06:00"),  # to the last 01:00
    # 2027-11-07, the same
    (NEW_YORK, "2027-11-07", "01:00-03:00", "11-07 05:00 > 11-07 08:00"),
    (NEW_YORK, "2027-11-07", "00:00-24:00", "11-07 04:00 > 11-08 05:00"),
    (NEW_YORK, "2027-11-06", "22:00-06:00", "11-07 02:00 > 11-07 11:00"),
    (LOS_ANGELES, "2027-11-07", "01:00-03:00", "11-07 08:00 > 11-07 11:00"),
    # 2027-10-31 03:00 CEST -> 02:00 CET, at 01:00 UTC
    (BERLIN, "2027-10-31", "01:00-03:00", "10-30 23:00 > 10-31 02:00"),
    (BERLIN, "2027-10-31", "02:15-02:45", "10-31 00:15 > 10-31 01:45"),
    (BERLIN, "2027-10-31", "02:00-10:00", "10-31 00:00 > 10-31 09:00"),
    (BERLIN, "2027-10-31", "00:00-24:00", "10-30 22:00 > 10-31 23:00"),
    (BERLIN, "2027-10-30", "22:00-06:00", "10-30 20:00 > 10-31 05:00"),
    # Lord Howe: 2027-04-04 02:00 +11 -> 01:30 +10:30, at 15:00 UTC the day before
    ("Australia/Lord_Howe", "2027-04-04", "01:00-03:00", "04-03 14:00 > 04-03 16:30"),
    ("Australia/Lord_Howe", "2027-04-04", "01:45-01:50", "04-03 14:45 > 04-03 15:20"),
    ("Australia/Lord_Howe", "2027-04-04", "00:00-24:00", "04-03 13:00 > 04-04 13:30"),  # 24 h 30
    # Adelaide: 2027-04-04 03:00 +10:30 -> 02:00 +09:30, at 16:30 UTC the day before
    ("Australia/Adelaide", "2027-04-04", "02:15-02:45", "04-03 15:45 > 04-03 17:15"),
    ("Australia/Adelaide", "2027-04-04", "00:00-24:00", "04-03 13:30 > 04-04 14:30"),
    # Casablanca, before Ramadan 2026: 02-15 03:00 +01 -> 02:00 +00, at 02:00 UTC
    ("Africa/Casablanca", "2026-02-15", "01:00-03:00", "02-15 00:00 > 02-15 03:00"),
    ("Africa/Casablanca", "2026-02-15", "02:15-02:45", "02-15 01:15 > 02-15 02:45"),
    # Sao Paulo put its clocks back at midnight: 2018-02-18 00:00 -02 -> 02-17 23:00 -03, at 02:00 UTC
    ("America/Sao_Paulo", "2018-02-17", "16:00-24:00", "02-17 18:00 > 02-18 03:00"),
    ("America/Sao_Paulo", "2018-02-17", "23:00-24:00", "02-18 01:00 > 02-18 03:00"),
]
STEADY = [
    ("Asia/Kathmandu", "2026-11-25", "09:00-18:00", "11-25 03:15 > 11-25 12:15"),
    ("Asia/Kathmandu", "2026-11-25", "00:00-24:00", "11-24 18:15 > 11-25 18:15"),
    ("Asia/Kathmandu", "2026-11-25", "22:00-06:00", "11-25 16:15 > 11-26 00:15"),
    ("Asia/Shanghai", "2027-03-14", "09:00-18:00", "03-14 01:00 > 03-14 10:00"),
    # Morocco stays at +00 from 2026-09-20 on: Ramadan 2027 (from about 02-08 to 03-09) changes nothing.
    ("Africa/Casablanca", "2027-02-07", "01:00-03:00", "02-07 01:00 > 02-07 03:00"),
    ("Africa/Casablanca", "2027-03-14", "01:00-03:00", "03-14 01:00 > 03-14 03:00"),
    ("Africa/Casablanca", "2026-09-20", "01:00-03:00", "09-20 00:00 > 09-20 03:00"),
    # Pyongyang: 2018-05-04 23:30 +08:30 -> 05-05 00:00 +09, at 15:00 UTC
    ("Asia/Pyongyang", "2018-05-04", "16:00-24:00", "05-04 07:30 > 05-04 15:00"),
    ("Asia/Pyongyang", "2018-05-05", "00:00-08:00", "05-04 15:00 > 05-04 23:00"),
    # Samoa skipped 2011-12-30: 24:00 of the 29th is 00:00 of the 31st, at 10:00 UTC of the 30th
    ("Pacific/Apia", "2011-12-29", "22:00-24:00", "12-30 08:00 > 12-30 10:00"),
    ("Pacific/Apia", "2011-12-29", "22:00-06:00", "12-30 08:00 > 12-30 10:00"),
    ("Pacific/Apia", "2011-12-31", "00:00-08:00", "12-30 10:00 > 12-30 18:00"),
]


@pytest.mark.parametrize(("zone", "day", "hours", "expected"), [*SPRING, *AUTUMN, *STEADY])
def test_a_shift_in_utc(zone: str, day: str, hours: str, expected: str) -> None:
    assert worked(zone, day, hours) == [expected]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (NEW_YORK, "2027-03-14", "02:15-02:45"),
        (BERLIN, "2027-03-28", "02:00-03:00"),
        ("Australia/Lord_Howe", "2027-10-03", "02:00-02:30"),
        ("Pacific/Apia", "2011-12-30", "09:00-17:00"),
        ("Pacific/Apia", "2011-12-30", "00:00-24:00"),
        ("Pacific/Apia", "2011-12-30", "22:00-24:00"),
    ],
)
def test_a_shift_inside_skipped_hours_is_not_worked(zone: str, day: str, hours: str) -> None:
    assert worked(zone, day, hours) == []


def test_a_night_that_begins_on_a_skipped_day_is_worked_from_the_change_on() -> None:
    assert worked("Pacific/Apia", "2011-12-30", "22:00-06:00") == ["12-30 10:00 > 12-30 16:00"]


@pytest.mark.parametrize(("zone", "day", "hours"), [(row[0], row[1], row[2]) for row in [*SPRING, *AUTUMN]])
def test_round_the_clock_in_two_shifts_leaves_no_minute_out(zone: str, day: str, hours: str) -> None:
    start, end = hours.split("-")
    if end == "24:00":
        end = "12:00"
    layer = Layer("both", zone, (weekly(f"{start}-{end}", "ann"), weekly(f"{end}-{start}", "bob")))
    rota = Rota((layer,), (RotaAgent("ann", zone), RotaAgent("bob", zone)))
    noon = instant(f"{day}T12:00")
    table = timetable(rota, noon - timedelta(days=2), noon + timedelta(days=4))
    assert gaps(table, Need(None), noon - timedelta(days=2), noon + timedelta(days=2)) == []


def test_twelve_hours_each_leave_an_hour_out_in_winter_and_none_in_summer() -> None:
    rota = Rota(
        (
            Layer("la", LOS_ANGELES, (weekly("06:00-18:00", "bob"),)),
            Layer("beijing", "Asia/Shanghai", (weekly("09:00-21:00", "li-wei"),)),
        ),
        (RotaAgent("bob", LOS_ANGELES), RotaAgent("li-wei", "Asia/Shanghai")),
    )
    start, end = instant("2027-03-11T00:00"), instant("2027-03-18T00:00")
    table = timetable(rota, start - timedelta(days=1), end + timedelta(days=2))
    assert [f"{one.start:%m-%d %H:%M} > {one.end:%H:%M}" for one in gaps(table, Need(None), start, end)] == [
        "03-11 13:00 > 14:00",
        "03-12 13:00 > 14:00",
        "03-13 13:00 > 14:00",
    ]


def test_los_angeles_and_beijing_leave_the_hour_before_one_utc_from_2027_03_14_on() -> None:
    rota = Rota(
        (
            Layer("la", LOS_ANGELES, (weekly("09:00-17:00", "bob"),)),
            Layer("beijing", "Asia/Shanghai", (weekly("09:00-18:00", "li-wei"),)),
        ),
        (RotaAgent("bob", LOS_ANGELES), RotaAgent("li-wei", "Asia/Shanghai")),
    )
    start, end = instant("2027-03-13T00:00"), instant("2027-03-16T00:00")
    table = timetable(rota, start - timedelta(days=1), end + timedelta(days=2))
    assert [
        f"{one.start:%m-%d %H:%M} > {one.end:%m-%d %H:%M}" for one in gaps(table, Need(None), start, end)
    ] == [
        "03-13 10:00 > 03-13 17:00",
        "03-14 10:00 > 03-14 16:00",
        "03-15 00:00 > 03-15 01:00",  # the hole, each day from now on
        "03-15 10:00 > 03-15 16:00",
    ]


def who_works(rotation: Rotation, zone: str, hours: str, first: str, last: str) -> list[str]:
    """Each shift as `agent start > end`."""
    layer = Layer("turns", zone, (weekly(hours),), rotation)
    agents = tuple(RotaAgent(name, zone) for turn in rotation.turns for name in turn)
    found = shifts(Rota((layer,), agents), instant(first), instant(last))
    return [f"{one.agent} {one.start:%m-%d %H:%M} > {one.end:%m-%d %H:%M}" for one in found]


def test_a_weekly_turn_changes_at_its_wall_time_on_both_sides_of_a_clock_change() -> None:
    rotation = Rotation((("ann",), ("bob",)), 7, datetime(2027, 3, 1, 9, 0))
    assert who_works(rotation, NEW_YORK, "17:00-01:00", "2027-03-07T00:00", "2027-03-17T00:00") == [
        "ann 03-06 22:00 > 03-07 06:00",
        "ann 03-07 22:00 > 03-08 06:00",
        "bob 03-08 22:00 > 03-09 06:00",
        "bob 03-09 22:00 > 03-10 06:00",
        "bob 03-10 22:00 > 03-11 06:00",
        "bob 03-11 22:00 > 03-12 06:00",
        "bob 03-12 22:00 > 03-13 06:00",
        "bob 03-13 22:00 > 03-14 06:00",
        "bob 03-14 21:00 > 03-15 05:00",
        "ann 03-15 21:00 > 03-16 05:00",
        "ann 03-16 21:00 > 03-17 05:00",
    ]


def test_a_daily_turn_is_one_shift_long_whether_the_day_has_23_or_25_hours() -> None:
    rotation = Rotation((("ann",), ("bob",), ("cho",)), 1, datetime(2026, 10, 31, 22, 0))
    assert who_works(rotation, NEW_YORK, "22:00-06:00", "2026-10-31T12:00", "2026-11-03T12:00") == [
        "ann 11-01 02:00 > 11-01 11:00",
        "bob 11-02 03:00 > 11-02 11:00",
        "cho 11-03 03:00 > 11-03 11:00",
    ]
    spring = Rotation((("ann",), ("bob",), ("cho",)), 1, datetime(2027, 3, 13, 0, 0))
    assert who_works(spring, NEW_YORK, "00:00-24:00", "2027-03-13T06:00", "2027-03-16T00:00") == [
        "ann 03-13 05:00 > 03-14 05:00",
        "bob 03-14 05:00 > 03-15 04:00",
        "cho 03-15 04:00 > 03-16 04:00",
    ]


def test_a_shift_is_worked_whole_by_those_whose_turn_it_is_when_it_starts() -> None:
    """The turn changes on Monday 09:00; the shift that runs then ends with whom it began."""
    rotation = Rotation((("ann", "dan"), ("bob",)), 7, datetime(2026, 11, 2, 9, 0))
    assert who_works(rotation, BERLIN, "05:00-13:00", "2026-11-09T00:00", "2026-11-11T00:00") == [
        "ann 11-09 04:00 > 11-09 12:00",
        "dan 11-09 04:00 > 11-09 12:00",
        "bob 11-10 04:00 > 11-10 12:00",
    ]


def test_turns_go_on_before_their_anchor() -> None:
    rotation = Rotation((("ann",), ("bob",), ("cho",)), 1, datetime(2026, 11, 20, 0, 0))
    assert who_works(rotation, "Asia/Shanghai", "09:00-10:00", "2026-11-18T00:00", "2026-11-21T00:00") == [
        "bob 11-18 01:00 > 11-18 02:00",
        "cho 11-19 01:00 > 11-19 02:00",
        "ann 11-20 01:00 > 11-20 02:00",
    ]
