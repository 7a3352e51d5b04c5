"""Time zones: the only file that knows pytz and zoneinfo. Instants are aware UTC everywhere else.

pytz names the zones; zoneinfo does the sums, for pytz knows no clock change after 2037. Both hold the same edition
of the IANA database (`edition`); the one of the machine is not used.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

import pytz
import tzdata

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA zone name, spelt exactly."""
    return name in pytz.all_timezones_set


def edition() -> str:
    """The edition of the IANA database that all sums are made with, such as 2026f."""
    return str(tzdata.IANA_VERSION)


@lru_cache(maxsize=700)
def countries_of(zone: str) -> frozenset[str]:
    """ISO codes of the countries whose clocks this zone is, also under its old names (US/Pacific, PRC)."""
    for name in (zone, _links().get(zone)):
        found = frozenset(code for code, zones in pytz.country_timezones.items() if name in zones)
        if found:
            return found
    return frozenset()


@lru_cache(maxsize=1)
def _links() -> dict[str, str]:
    """Old name -> name, from the compact source that comes with the database: lines `L Asia/Shanghai PRC`."""
    text = resources.files("tzdata").joinpath("zoneinfo", "tzdata.zi").read_text(encoding="utf-8")
    return {old: name for _, name, old in (line.split() for line in text.splitlines() if line[:2] == "L ")}


@lru_cache(maxsize=700)
def _zone(name: str) -> ZoneInfo:
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def local(instant: datetime, zone: str) -> datetime:
    """`instant` as the wall clock of `zone` shows it."""
    return instant.astimezone(_zone(zone))


@lru_cache(maxsize=300_000)
def first_instant(wall: datetime, zone: str) -> datetime:
    """UTC instant at which the clocks of `zone` first show the naive `wall`.

    A time that a clock change skips is the instant of that change.
    """
    early, late = _both(wall, zone)
    return early if early <= late else _change_between(late, early, zone)


@lru_cache(maxsize=300_000)
def last_instant(wall: datetime, zone: str) -> datetime:
    """UTC instant at which the clocks of `zone` last show the naive `wall`; skipped: the instant of the change."""
    early, late = _both(wall, zone)
    return late if early <= late else _change_between(late, early, zone)


def _both(wall: datetime, zone: str) -> tuple[datetime, datetime]:
    there = wall.replace(tzinfo=_zone(zone))
    return there.astimezone(UTC), there.replace(fold=1).astimezone(UTC)


def strict_instant(wall: datetime, zone: str) -> datetime:
    """UTC instant of a naive `wall` that somebody typed. Raises ValueError if it never is, or is twice."""
    early, late = _both(wall, zone)
    if early > late:
        raise ValueError(f"{wall:%Y-%m-%d %H:%M} does not exist in {zone}: the clocks skip it")
    if early < late:
        raise ValueError(f"{wall:%Y-%m-%d %H:%M} happens twice in {zone}: the clocks are set back")
    return early


def day_at(day: date, zone: str, hour: int = 0) -> datetime:
    """UTC instant at which the clocks of `zone` first show that hour of `day`."""
    return first_instant(datetime(day.year, day.month, day.day, hour), zone)  # noqa: DTZ001 - a wall time


def tomorrow_at(now: datetime, zone: str, hour: int) -> datetime:
    """UTC instant at which the clocks of `zone` show that hour of the day after that of `now`, also if they change."""
    return day_at(local(now, zone).date() + _DAY, zone, hour)


def day_start(instant: datetime, zone: str, days_ago: int = 0) -> datetime:
    """UTC instant at which the local day of `instant`, or one `days_ago` before it, began in `zone`.

    A midnight that a clock change skips moves to the instant of the change; of two midnights the
    first counts.
    """
    day = local(instant, zone).replace(tzinfo=None, fold=0) - timedelta(days=days_ago)
    return first_instant(day.replace(hour=0, minute=0, second=0, microsecond=0), zone)


def offsets(zone: str, start: datetime, end: datetime) -> list[tuple[datetime, int]]:
    """(since when, seconds that the clocks of `zone` are ahead of UTC) through [start, end), in order."""
    moments = [start, *(one for one in changes(zone, start, end) if one > start)]
    return [(one, round((local(one, zone).utcoffset() or timedelta()).total_seconds())) for one in moments]


def changes(zone: str, start: datetime, end: datetime) -> Iterator[datetime]:
    """The instants of [start, end) at which the offset of `zone` from UTC changes, in order."""
    before = start - _SECOND
    while before < end:
        after = min(before + _DAY, end)
        if local(before, zone).utcoffset() != local(after, zone).utcoffset():
            change = _change_between(before, after, zone)
            if change < end:
                yield change
        before += _DAY


def _change_between(before: datetime, after: datetime, zone: str) -> datetime:
    """The instant in (before, after] from which the offset of `zone` is no more that of `before`, to the second."""
    offset = local(before, zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle -= timedelta(microseconds=middle.microsecond)
        if middle <= before:
            break
        if local(middle, zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
