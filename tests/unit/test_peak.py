"""Peak mode: on which days an internal target acts, and that Amazon's clock goes on beside it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.peak import Peak, own_ladder, peak_on, target_at
from bot.domain.pings import Stage
from bot.errors import ConfigError
from bot.settings import load_settings
from bot.work.check_shifts import peak_mode
from tests import world
from tests.unit.test_settings import change, config, faults  # noqa: F401 - a fixture

FROM, UNTIL = date(2026, 11, 20), date(2026, 12, 31)
WINTER = Peak(FROM, UNTIL, 12)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "before", "first", "last", "after"),
    [
        ("Asia/Shanghai", "2026-11-19 15:59", "2026-11-19 16:00", "2026-12-31 15:59", "2026-12-31 16:00"),
        ("Asia/Tokyo", "2026-11-19 14:59", "2026-11-19 15:00", "2026-12-31 14:59", "2026-12-31 15:00"),
        ("America/New_York", "2026-11-20 04:59", "2026-11-20 05:00", "2027-01-01 04:59", "2027-01-01 05:00"),
    ],
)
def test_it_acts_from_the_stores_midnight_to_the_stores_midnight(zone, before, first, last, after):
    for outside in (before, after):
        assert target_at([WINTER], "s", zone, utc(outside)) is None
    for inside in (first, last):
        assert target_at([WINTER], "s", zone, utc(inside)) == utc(inside) + timedelta(hours=12)


def test_the_target_is_elapsed_hours_also_when_the_clocks_change():
    spring = Peak(date(2027, 3, 14), date(2027, 3, 14), 12)
    at = utc("2027-03-14 06:00")
    assert target_at([spring], "s", "America/New_York", at) == at + timedelta(hours=12)


def test_of_several_the_shortest_acts_and_only_for_its_stores():
    ours = Peak(FROM, FROM, 6, frozenset({"a"}))
    assert peak_on([WINTER, ours], "a", FROM) == ours
    assert peak_on([WINTER, ours], "b", FROM) == WINTER
    assert peak_on([ours], "b", FROM) is None
    assert peak_on([], "a", FROM) is None


@given(st.datetimes(datetime(2026, 11, 1), datetime(2027, 1, 31)), st.sampled_from([1.0, 6.5, 12.0, 23.9]))
def test_the_target_is_never_later_than_amazons_deadline(wall, hours):
    anchor = wall.replace(tzinfo=UTC)
    found = target_at([Peak(FROM, UNTIL, hours)], "s", "Europe/Berlin", anchor)
    assert found is None or anchor < found < anchor + timedelta(hours=24)


def test_its_ladder_speaks_in_threads_alone_under_names_of_its_own():
    ladder = (
        Stage("12h", timedelta(hours=12), ("badge",)),
        Stage("3h", timedelta(hours=3), ("thread", "dm")),
        Stage("overdue", timedelta(0), ("escalation", "dm")),
    )
    assert own_ladder(ladder) == (Stage("peak_3h", timedelta(hours=3), ("thread",)),)


PEAK = "  peak: []"
WRITTEN = """  peak:
    - first_day: 2026-11-20
      last_day: 2026-12-31
      stores: [acme-us]"""


def test_what_is_written_acts(config: Path) -> None:  # noqa: F811 - the fixture of that name
    change(config, "thresholds.yaml", (PEAK, WRITTEN))
    thresholds = load_settings(config, {}).thresholds
    assert thresholds.peaks == (Peak(FROM, UNTIL, 12, frozenset({"acme-us"})),)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("first_day: 2026-11-20", "first_day: 20.11.2026", "expected a date such as 2027-01-31"),
        ("last_day: 2026-12-31", "last_day: 2026-11-19", "2026-11-19 is before first_day, 2026-11-20"),
        ("[acme-us]", "[acme-uk]", 'there is no store "acme-uk". Did you mean "acme-us"?'),
        ("stores: [acme-us]", "target_hours: 24", "less than 24"),
        ("stores: [acme-us]", "target: 12", 'unknown key. Did you mean "target_hours"?'),
    ],
)
def test_faults_say_where(config: Path, old: str, new: str, told: str) -> None:  # noqa: F811 - the fixture of that name
    change(config, "thresholds.yaml", (PEAK, WRITTEN.replace(old, new)))
    (only,) = faults(config)
    assert only.startswith("config/thresholds.yaml:")
    assert int(only.split(":")[1]) > 50
    assert told in only


def test_a_stage_with_a_name_too_long_for_its_record_is_a_fault(config: Path) -> None:  # noqa: F811 - the fixture of that name
    change(config, "thresholds.yaml", ("name: 15min", "name: a_quarter_of_an_hour"))
    with pytest.raises(ConfigError):
        load_settings(config, {})


def test_the_check_says_whether_it_acts() -> None:
    def told(now: str) -> list[str]:
        thresholds = {"peak": [{"first_day": "2026-11-20", "last_day": "2026-12-31", "stores": ["sunrise"]}]}
        return [one.found for one in peak_mode(world.settings(thresholds=thresholds), utc(now))]

    days = "2026-11-20 to 2026-12-31: internal target 12 h for sunrise; "
    assert told("2026-11-20 07:59") == [days + "is to come"]
    assert told("2026-11-20 08:00") == [days + "acts now"]
    assert told("2027-01-01 08:00") == [days + "is over"]
    assert [one.state for one in peak_mode(world.settings(), utc("2026-11-20 08:00"))] == ["ok"]
