"""Time zones: the only file that knows pytz. Instants are aware UTC everywhere else."""

from datetime import datetime, timedelta

import pytz


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA zone name, spelt exactly."""
    return name in pytz.all_timezones_set


def local(instant: datetime, zone: str) -> datetime:
    """`instant` as the wall clock of `zone` shows it."""
    return instant.astimezone(pytz.timezone(zone))


def day_start(instant: datetime, zone: str, days_ago: int = 0) -> datetime:
    """UTC instant at which the local day of `instant`, or one `days_ago` before it, began in `zone`.

    A midnight that a clock change skips moves to the instant of the change; of two midnights the
    first counts.
    """
    day = local(instant, zone).replace(tzinfo=None) - timedelta(days=days_ago)
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a wall time; the zone follows
    timezone = pytz.timezone(zone)
    try:
        return timezone.localize(midnight, is_dst=None).astimezone(pytz.utc)
    except pytz.NonExistentTimeError:
        after = timezone.localize(midnight + timedelta(hours=2)).astimezone(pytz.utc)
        return _change_before(after, zone)
    except pytz.AmbiguousTimeError:
        return timezone.localize(midnight, is_dst=True).astimezone(pytz.utc)


def _change_before(instant: datetime, zone: str) -> datetime:
    """The last instant before `instant` at which the offset of `zone` changed, to the minute."""
    offset = local(instant, zone).utcoffset()
    while local(instant, zone).utcoffset() == offset:
        instant -= timedelta(minutes=1)
    return instant + timedelta(minutes=1)
