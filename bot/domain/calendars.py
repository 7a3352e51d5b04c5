"""Calendars: shifts out of an iCalendar text, and a feed of shifts as one (RFC 5545).

In a text, an event names the person: by its attendees' addresses, or by its summary if it has none.
Times follow the rule of the rota: an event lasts from the first instant at which the clocks of its zone
show its start to the last at which they show its end, in whatever way the file says how long it is.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.domain import zones

if TYPE_CHECKING:  # most rotas have no calendar: who reads or writes one loads the libraries
    from icalendar import Calendar, Component, vCalAddress
    from recurring_ical_events import CalendarQuery

_MAILTO = "mailto:"
_TIMES = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
_COUNTS = {
    ("VCALENDAR",): ("BEGIN", "END", "VERSION", "PRODID", "X-WR-TIMEZONE"),
    ("VCALENDAR", "VEVENT"): ("BEGIN", "END", "UID", "SEQUENCE", "STATUS", "SUMMARY", "ATTENDEE", *_TIMES),
}
"""Where a property stands, and which there have a part in shifts; of the zones that a file explains all have."""
_CONTINUED = re.compile("\r?\n[ \t]")
_LINE_END = re.compile("\r?\n")
_NAME = re.compile("[A-Za-z0-9-]+")
_REPEATS = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_TOLD = 10
_EPOCH = datetime(2020, 1, 6, tzinfo=UTC)
_CHUNK = timedelta(days=28)
_FEED_IS_GOOD_FOR = timedelta(hours=1)

# On damaged files, beside ValueError.
_WHAT_LIBRARIES_RAISE = (ValueError, AttributeError, KeyError, TypeError, IndexError, OverflowError)

# Times without a zone are found by their bare numbers; no zone is further from UTC than this.
_MARGIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Event:
    """One occurrence in a calendar. `who`: the words that name the person. Aware UTC, half-open."""

    who: str
    start: datetime
    end: datetime


def events(text: str, zone: str, start: datetime, end: datetime) -> Iterator[Event]:
    """The events that touch [start, end), whole, in order; each that repeats, as often as it does.

    Whole days and times without a zone are those of `zone`. Cancelled events, and those that `check`
    finds a fault with, are left out. An empty text has none. Raises ValueError if it is no calendar.
    """
    first, last = (start - _EPOCH) // _CHUNK, (end - _EPOCH) // _CHUNK
    found = {event for number in range(first, last + 1) for event in _in_chunk(text, zone, number)}
    touching = (event for event in found if event.start < end and event.end > start)
    yield from sorted(touching, key=lambda event: (event.start, event.who, event.end))


def check(text: str) -> list[str]:
    """What is wrong with a calendar, such as `line 7: this event has no start`; the first ten faults."""
    try:
        calendar = _parsed(text)
        _query(text)
    except ValueError as why:
        return [str(why)]
    lines = [number for number, line in enumerate(text.split("\n"), 1) if _begins_event(line)]
    entries = calendar.walk("VEVENT")
    found = [
        f"line {line}: {flaw}" for line, one in zip(lines, entries, strict=False) if (flaw := _flaw(one))
    ]
    return found[:_TOLD] + [f"and {len(found) - _TOLD} more like these"] * (len(found) > _TOLD)


def is_calendar(text: str) -> bool:
    """Whether `events` can read this text at all."""
    try:
        return bool(text and _query(text))
    except ValueError:
        return False


def people(text: str) -> frozenset[str]:
    """Whom the events of a calendar name, whenever they are. Raises ValueError if it is no calendar."""
    return frozenset(who for entry in _parsed(text).walk("VEVENT") for who in _people(entry))


def essence(text: str) -> str:
    """The same calendar without what no shift comes from: the same events, of the same people, at the same times.

    Servers write when they were asked, and more that changes without a change, into every answer. Alarms and
    descriptions go, too. A text that is no calendar, or one with parts astray, stays as it is.
    """
    lines = _essence(_LINE_END.split(_CONTINUED.sub("", text.removeprefix("\ufeff"))))
    return "\r\n".join([*lines, ""]) if lines and is_calendar(text) else text


def _essence(lines: Iterable[str]) -> list[str]:
    """The lines that count; none if parts do not lie within each other as they should."""
    found, inside = [], list[str]()
    for line in lines:
        name, _, value = line.strip().upper().partition(":")
        if name == "BEGIN":
            inside.append(value)
            if (value == "VCALENDAR") != (len(inside) == 1) or (value == "VEVENT" and len(inside) > 2):
                return []
        if _counts(inside, _NAME.match(name)):
            found.append(line)
        if name == "END" and (not inside or inside.pop() != value):
            return []
    return found


def _counts(inside: Sequence[str], name: re.Match[str] | None) -> bool:
    if inside[:2] == ["VCALENDAR", "VTIMEZONE"]:
        return name is None or name[0] != "LAST-MODIFIED"
    return name is not None and name[0] in _COUNTS.get(tuple(inside), ())


def feed(shifts: Iterable[tuple[str, datetime, datetime]], name: str, now: datetime) -> str:
    """A calendar called `name` of shifts, each (title, start, end), for other programs; `events` reads it back."""
    from icalendar import Calendar, vText
    from icalendar import Event as Entry

    calendar = Calendar()
    for key, value in _head(name).items():
        calendar.add(key, vText(value))
    calendar.add("REFRESH-INTERVAL", _FEED_IS_GOOD_FOR, parameters={"VALUE": "DURATION"})
    for title, start, end in dict.fromkeys(shifts):
        key = f"{title}\n{start.astimezone(UTC).isoformat()}\n{end.astimezone(UTC).isoformat()}"
        entry = Entry()
        entry.add("UID", f"{sha256(key.encode()).hexdigest()[:32]}@reply24")
        entry.add("DTSTAMP", now.astimezone(UTC))
        entry.add("DTSTART", start.astimezone(UTC))
        entry.add("DTEND", end.astimezone(UTC))
        entry.add("SUMMARY", title)
        calendar.add_component(entry)
    text: bytes = calendar.to_ical()
    return text.decode()


def _head(name: str) -> dict[str, str]:
    """What a calendar begins with. Apple and Google read its name from the second spelling, Outlook the pause."""
    names = {"NAME": name, "X-WR-CALNAME": name, "X-PUBLISHED-TTL": "PT1H"}
    return {"VERSION": "2.0", "PRODID": "-//reply24//shifts//EN", "METHOD": "PUBLISH"} | names


@lru_cache(maxsize=50)
def _query(text: str) -> "CalendarQuery":
    """The calendar without the events that the libraries can't do with, or would never come to an end with."""
    import recurring_ical_events

    calendar = _parsed(text)
    kept = [one for one in calendar.subcomponents if one.name != "VEVENT" or not _unreadable_event(one)]
    calendar.subcomponents = kept
    try:
        return recurring_ical_events.of(calendar, skip_bad_series=True)
    except _WHAT_LIBRARIES_RAISE:
        raise ValueError("its events can't be worked out; export it again") from None


# The evaluator asks for windows that move with the clock; whole chunks make most questions the same one.
@lru_cache(maxsize=2_000)
def _in_chunk(text: str, zone: str, number: int) -> tuple[Event, ...]:
    if not text:
        return ()
    start = _EPOCH + number * _CHUNK - _MARGIN
    entries = _query(text).between(start, start + _CHUNK + 2 * _MARGIN)
    return tuple(event for entry in entries for event in _occurrences(entry, zone))


def _occurrences(entry: "Component", zone: str) -> Iterator[Event]:
    if _is_cancelled(entry):
        return
    start = _instant(_when(entry, "DTSTART"), zone, zones.first_instant)
    last = _when(entry, "DTEND")
    end = _instant(last, zone, zones.last_instant if isinstance(last, datetime) else zones.first_instant)
    for who in _people(entry) if start < end else ():
        yield Event(who, start, end)


def _when(entry: "Component", name: str) -> date:
    """A day (date) or a time (datetime) of an event that has it."""
    value: Any = entry[name]
    when: date = value.dt
    return when


def _is_cancelled(entry: "Component") -> bool:
    return str(entry.get("STATUS", "")).upper() == "CANCELLED"


def _instant(when: date, zone: str, at: Callable[[datetime, str], datetime]) -> datetime:
    if not isinstance(when, datetime):
        return at(datetime.combine(when, time()), zone)
    if when.tzinfo is None:
        return at(when, zone)
    if isinstance(when.tzinfo, ZoneInfo) and when.tzinfo.key and zones.is_zone(when.tzinfo.key):
        return at(when.replace(tzinfo=None, fold=0), when.tzinfo.key)
    return when.astimezone(UTC)


def _people(entry: "Component") -> list[str]:
    """Attendees who have not declined, as mail addresses; or the summary."""
    given: Any = entry.get("ATTENDEE", [])
    attendees: list[vCalAddress] = given if isinstance(given, list) else [given]
    people = [one for one in attendees if one.params.get("CUTYPE", "INDIVIDUAL").upper() == "INDIVIDUAL"]
    if not people:
        summary = str(entry.get("SUMMARY", "")).strip()
        return [summary] if summary else []
    coming = (str(one) for one in people if one.params.get("PARTSTAT", "").upper() != "DECLINED")
    return [one[len(_MAILTO) :] if one.lower().startswith(_MAILTO) else one for one in coming]


def _parsed(text: str) -> "Calendar":
    """Raises ValueError that says what is wrong, and on which line if that is known."""
    from icalendar import Calendar

    try:
        calendar = Calendar.from_ical(text.removeprefix("\ufeff"))
    except _WHAT_LIBRARIES_RAISE as why:
        raise ValueError(_unreadable(text, str(why))) from None
    if calendar.name != "VCALENDAR":
        raise ValueError("expected an iCalendar file, which begins with BEGIN:VCALENDAR")
    return calendar


def _unreadable(text: str, why: str) -> str:
    bad = why.partition("parsed into parts: '")[2].partition("'")[0]
    lines = text.removeprefix("\ufeff").split("\n")
    if not lines[0].strip().upper().startswith("BEGIN:VCALENDAR"):
        return "expected an iCalendar file, which begins with BEGIN:VCALENDAR"
    at = next((number for number, line in enumerate(lines, 1) if bad and line.strip() == bad), 0)
    if at:
        return f"line {at}: expected NAME:VALUE, as every line of an iCalendar file is"
    return "it does not hold one whole calendar, from BEGIN:VCALENDAR to END:VCALENDAR"


def _begins_event(line: str) -> bool:
    return line.strip().upper() == "BEGIN:VEVENT"


def _flaw(entry: "Component") -> str:
    """Why an event that is not cancelled is left out, or nothing."""
    if _is_cancelled(entry):
        return ""
    found = _unreadable_event(entry)
    if not found and not _people(entry) and "ATTENDEE" not in entry:
        return "this event names nobody; expected a SUMMARY or an ATTENDEE"
    if not found and "DTEND" not in entry and "DURATION" not in entry:
        is_time = isinstance(_when(entry, "DTSTART"), datetime)
        return "this event has no end; expected DTEND or DURATION" if is_time else ""
    return found


def _unreadable_event(entry: "Component") -> str:
    """Why nothing can be worked out from this event, or nothing."""
    for name in _TIMES:
        if any(broken == name for broken, _why in entry.errors):
            return f"this event has a {name} that can't be read"
        if isinstance(entry.get(name), list) and name not in ("RDATE", "EXDATE"):
            return f"this event has more than one {name}"
    return _misplaced(entry) or _endless(entry)


def _misplaced(entry: "Component") -> str:
    """What is wrong with the start and the end."""
    if "DTSTART" not in entry:
        return "this event has no start; expected DTSTART"
    unknown = _unknown_zone(entry, "DTSTART") or _unknown_zone(entry, "DTEND")
    if unknown:
        return f'this event is in the time zone "{unknown}", which neither IANA nor the file explains'
    length: Any = entry.get("DURATION")
    if length is not None and not (isinstance(length.dt, timedelta) and length.dt >= timedelta(0)):
        return "this event has a DURATION that is none"
    return _backwards(_when(entry, "DTSTART"), _when(entry, "DTEND")) if "DTEND" in entry else ""


def _backwards(start: date, end: date) -> str:
    if isinstance(start, datetime) != isinstance(end, datetime):
        return "this event mixes a day and a time of day; expected two of a kind in DTSTART and DTEND"
    if isinstance(start, datetime) and isinstance(end, datetime) and (not start.tzinfo) != (not end.tzinfo):
        return ""  # one of them is in the layer's zone, which is not known here
    return "this event ends before it starts" if end < start else ""


def _unknown_zone(entry: "Component", name: str) -> str:
    if name not in entry:
        return ""
    value: Any = entry[name]
    when = _when(entry, name)
    return str(value.params.get("TZID", "")) if isinstance(when, datetime) and when.tzinfo is None else ""


def _endless(entry: "Component") -> str:
    rule: Any = entry.get("RRULE", {})
    if any(str(often).upper() not in _REPEATS for often in rule.get("FREQ", ())):
        return "this event repeats within a day; expected FREQ of DAILY, WEEKLY, MONTHLY or YEARLY"
    if any(int(step) < 1 for step in rule.get("INTERVAL", ())):
        return "this event repeats with INTERVAL=0; expected 1 or more"
    return ""
