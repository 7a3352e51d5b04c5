"""Spans of time in words, as the clocks of a place show them, always with the weekday.

Date tokens (`inert.when`) follow each reader's own zone; these words say what it is for somebody else.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.zones import local
from bot.slack.inert import when
from bot.slack.texts import Say, duration
from bot.slack.views import lines

_HALF_HOUR = timedelta(minutes=30)
_DAY = timedelta(days=1)
_NIGHT_BEGINS, _NIGHT_ENDS = 23, 6


def day(instant: datetime, zone: str, say: Say) -> str:
    """The local day: "Mon 30 Nov"."""
    there = local(instant, zone)
    return say(
        "day.short",
        weekday=weekday(there.weekday(), say),
        day=there.day,
        month=say(f"month.{there.month}"),
    )


def weekday(number: int, say: Say) -> str:
    """The name of a weekday; 0 is Monday."""
    return say(f"weekday.{number}")


def moment(instant: datetime, zone: str, say: Say) -> str:
    """Day and time there: "Mon 30 Nov 09:00"."""
    return f"{day(instant, zone, say)} {local(instant, zone):%H:%M}"


def span(start: datetime, end: datetime, zone: str, say: Say) -> str:
    """ "Mon 30 Nov 09:00–18:00", or "Mon 30 Nov 22:00 – Tue 1 Dec 06:00" over midnight."""
    last = _end_of_day(start, end, zone)
    if last:
        return f"{moment(start, zone, say)}–{last}"
    return f"{moment(start, zone, say)} – {moment(end, zone, say)}"


def short_span(start: datetime, end: datetime, zone: str, say: Say) -> str:
    """Without the dates: "Sun 20:00–Mon 05:00". For less than a week."""
    first, last = local(start, zone), local(end, zone)
    begin = f"{weekday(first.weekday(), say)} {first:%H:%M}"
    same_day = _end_of_day(start, end, zone)
    return f"{begin}–{same_day or f'{weekday(last.weekday(), say)} {last:%H:%M}'}"


def _end_of_day(start: datetime, end: datetime, zone: str) -> str:
    """The local time of `end` if that lies on the day of `start`, which its midnight still does."""
    first, last = local(start, zone), local(end, zone)
    if first.date() == last.date():
        return f"{last:%H:%M}"
    is_midnight = last.date() - first.date() == _DAY and f"{last:%H:%M}" == "00:00"
    return "24:00" if is_midnight else ""


def is_night(start: datetime, end: datetime, zone: str) -> bool:
    """Whether an hour or more of a span of up to a day lies between 23:00 and 06:00 there."""
    if end - start > _DAY:
        return False
    walked = (start + n * _HALF_HOUR for n in range((end - start) // _HALF_HOUR))
    hours = [local(at, zone).hour for at in walked]
    return sum(hour >= _NIGHT_BEGINS or hour < _NIGHT_ENDS for hour in hours) > 1


def at_place(start: datetime, end: datetime, zone: str, say: Say) -> str:
    """ "Beijing Mon 09:00–18:00", and whether that is night there."""
    key = "place.night" if is_night(start, end, zone) else "place.day"
    shown = short_span if end - start < 6 * _DAY else span
    return say(key, place=lines.zone_name(zone, say), span=shown(start, end, zone, say))


def at_places(start: datetime, end: datetime, zones: Iterable[str], say: Say) -> str:
    """The same span at several places, each once."""
    return say.several([at_place(start, end, zone, say) for zone in dict.fromkeys(zones)])


def for_each(start: datetime, end: datetime) -> str:
    """The span as date tokens: each reader sees it in their own zone."""
    return f"{when(start)} – {when(end, start)}"


def length(start: datetime, end: datetime, say: Say) -> str:
    """How long it is by the clock, which a clock change makes an hour more or less: "9 h", "9 days"."""
    days, rest = divmod(end - start, _DAY)
    return say("when.days", n=days) if days > 1 and not rest else duration(end - start, say)


def in_hours(span: timedelta, say: Say) -> str:
    """In hours however long it is, because a gap is held against 24 of them: "49 h", "1 h 30 min"."""
    minutes = span // timedelta(minutes=1)
    if minutes < 60 or not minutes % 60:
        return say("span.full_hours", hours=minutes // 60) if minutes >= 60 else duration(span, say)
    return say("span.hours", hours=minutes // 60, minutes=f"{minutes % 60:02d}")
