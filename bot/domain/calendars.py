"""Calendars: shifts out of an iCalendar text, and a feed of shifts as one (RFC 5545)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One occurrence in a calendar. `who`: the words that name the person. Aware UTC, half-open."""

    who: str
    start: datetime
    end: datetime


def events(text: str, zone: str, start: datetime, end: datetime) -> Iterator[Event]:
    raise NotImplementedError
