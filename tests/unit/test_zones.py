"""Local days: where they begin, also on the days on which clocks change. Written out, never 'the nearest change'."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import zones


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "zone", "expected"),
    [
        ("2026-11-25T09:00", "Asia/Shanghai", "2026-11-24T16:00"),
        ("2026-11-01T12:00", "America/New_York", "2026-11-01T04:00"),
        ("2026-11-02T12:00", "America/New_York", "2026-11-02T05:00"),
        ("2027-03-14T12:00", "America/New_York", "2027-03-14T05:00"),
        ("2027-03-28T12:00", "Europe/Berlin", "2027-03-27T23:00"),
        ("2026-11-25T00:10", "Asia/Kolkata", "2026-11-24T18:30"),
        # In Chile the clocks of 2026-09-06 jump from 00:00 to 01:00: the day begins with the jump.
        ("2026-09-06T12:00", "America/Santiago", "2026-09-06T04:00"),
        # In Cuba the hour from 00:00 comes twice on 2026-11-01: the first one begins the day.
        ("2026-11-01T12:00", "America/Havana", "2026-11-01T04:00"),
    ],
)
def test_a_local_day_begins(instant: str, zone: str, expected: str) -> None:
    assert zones.day_start(utc(instant), zone) == utc(expected)


@pytest.mark.parametrize(
    ("now", "zone", "expected"),
    [
        ("2026-11-25T17:00", "Asia/Shanghai", "2026-11-27T01:00"),
        ("2027-03-13T20:00", "America/New_York", "2027-03-14T13:00"),
        ("2026-10-31T20:00", "America/New_York", "2026-11-01T14:00"),
        ("2027-03-27T12:00", "Europe/Berlin", "2027-03-28T07:00"),
        ("2027-04-03T10:00", "Australia/Lord_Howe", "2027-04-03T22:30"),
        ("2028-02-28T12:00", "Asia/Kolkata", "2028-02-29T03:30"),
    ],
)
def test_nine_o_clock_tomorrow_is_nine_also_when_the_clocks_change(
    now: str, zone: str, expected: str
) -> None:
    assert zones.tomorrow_at(utc(now), zone, hour=9) == utc(expected)


def test_days_ago_are_local_days() -> None:
    assert zones.day_start(utc("2026-11-02T12:00"), "America/New_York", 2) == utc("2026-10-31T04:00")
    assert zones.day_start(utc("2026-11-02T12:00"), "America/New_York", -1) == utc("2026-11-03T05:00")


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(
        ["America/Santiago", "America/Havana", "Asia/Shanghai", "Australia/Lord_Howe", "Europe/Berlin"]
    ),
)
def test_the_day_that_began_last_is_the_one_we_are_in(instant: datetime, zone: str) -> None:
    start = zones.day_start(instant, zone)
    assert start <= instant < start + timedelta(hours=26)
    assert zones.local(start, zone).date() == zones.local(instant, zone).date()
    assert zones.local(start - timedelta(seconds=1), zone).date() < zones.local(instant, zone).date()


@pytest.mark.parametrize(
    ("name", "known"), [("Asia/Shanghai", True), ("Asia/Beijing", False), ("", False), ("CST", False)]
)
def test_zone_names(name: str, known: bool) -> None:
    assert zones.is_zone(name) is known


@pytest.mark.parametrize(
    ("wall", "zone", "first", "last"),
    [
        ("2026-11-25T09:00", "Asia/Shanghai", "2026-11-25T01:00", "2026-11-25T01:00"),
        ("2026-11-01T01:30", "America/New_York", "2026-11-01T05:30", "2026-11-01T06:30"),  # shown twice
        ("2026-11-01T02:00", "America/New_York", "2026-11-01T07:00", "2026-11-01T07:00"),
        ("2027-03-14T02:30", "America/New_York", "2027-03-14T07:00", "2027-03-14T07:00"),  # skipped
        ("2027-10-03T02:10", "Australia/Lord_Howe", "2027-10-02T15:30", "2027-10-02T15:30"),
        ("2027-04-04T01:45", "Australia/Lord_Howe", "2027-04-03T14:45", "2027-04-03T15:15"),
        ("2011-12-30T12:00", "Pacific/Apia", "2011-12-30T10:00", "2011-12-30T10:00"),  # a whole day skipped
        ("2011-12-31T00:00", "Pacific/Apia", "2011-12-30T10:00", "2011-12-30T10:00"),
    ],
)
def test_the_first_and_last_instant_of_a_wall_time(wall: str, zone: str, first: str, last: str) -> None:
    assert zones.first_instant(datetime.fromisoformat(wall), zone) == utc(first)
    assert zones.last_instant(datetime.fromisoformat(wall), zone) == utc(last)


@pytest.mark.parametrize(
    ("zone", "year", "expected"),
    [
        ("America/New_York", 2027, ["2027-03-14T07:00", "2027-11-07T06:00"]),
        ("Europe/Berlin", 2027, ["2027-03-28T01:00", "2027-10-31T01:00"]),
        ("Asia/Shanghai", 2027, []),
        ("Pacific/Apia", 2011, ["2011-04-02T14:00", "2011-09-24T14:00", "2011-12-30T10:00"]),
        ("Africa/Casablanca", 2018, ["2018-03-25T02:00", "2018-05-13T02:00", "2018-06-17T02:00"]),
    ],
)
def test_the_changes_of_a_year(zone: str, year: int, expected: list[str]) -> None:
    found = zones.changes(zone, utc(f"{year}-01-01T00:00"), utc(f"{year + 1}-01-01T00:00"))
    assert list(found) == [utc(one) for one in expected]


def test_changes_are_those_of_a_half_open_span() -> None:
    change = utc("2027-03-14T07:00")
    second = timedelta(seconds=1)
    assert list(zones.changes("America/New_York", change, change + second)) == [change]
    assert list(zones.changes("America/New_York", change + second, change + 48 * 3600 * second)) == []
    assert list(zones.changes("America/New_York", change - 48 * 3600 * second, change)) == []


def test_a_typed_wall_time_that_is_skipped_or_comes_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="the clocks skip it"):
        zones.strict_instant(datetime(2027, 3, 14, 2, 30), "America/New_York")
    with pytest.raises(ValueError, match="happens twice"):
        zones.strict_instant(datetime(2026, 11, 1, 1, 30), "America/New_York")
    assert zones.strict_instant(datetime(2026, 11, 1, 2, 0), "America/New_York") == utc("2026-11-01T07:00")


def test_a_typed_wall_time_after_2037_knows_of_summer() -> None:
    assert zones.strict_instant(datetime(2040, 7, 1, 9, 0), "America/New_York") == utc("2040-07-01T13:00")
    with pytest.raises(ValueError, match="skip"):
        zones.strict_instant(datetime(2040, 3, 11, 2, 30), "America/New_York")
