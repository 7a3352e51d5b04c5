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
