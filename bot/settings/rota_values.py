"""How config/rota.yaml spells days, hours, dates and turns, each with the text that says what was expected."""

import re
from datetime import date, datetime
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from bot.domain.holidays import is_country
from bot.domain.loopback import is_loopback
from bot.settings.hints import did_you_mean, shown

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_OF_DAY = 24 * 60

_HOURS = re.compile(r"(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)(?:\s*\+([12]))?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_WALL = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d")
_EVERY = re.compile(r"(\d{1,3}) (day|week)s?")


def _days(value: object) -> frozenset[int]:
    texts = value if isinstance(value, list) else [value]
    if not texts:
        raise ValueError("expected days such as mon-fri, [mon, wed, sat] or all, found an empty list")
    return frozenset(day for text in texts for day in _range(text))


def _range(text: object) -> list[int]:
    """The weekdays of `mon`, `mon-fri`, `fri-mon` or `all`."""
    if text == "all":
        return list(range(7))
    names = [name.strip() for name in text.lower().split("-")] if isinstance(text, str) else []
    for name in names:
        if name not in WEEKDAYS:
            hint = did_you_mean(name, (*WEEKDAYS, "all"))
            raise ValueError(f'there is no day "{name}".{hint} (expected: {", ".join(WEEKDAYS)}, or all)')
    if not 1 <= len(names) <= 2:
        raise ValueError(f"expected days such as mon-fri, [mon, wed, sat] or all, found {shown(text)}")
    first, last = WEEKDAYS.index(names[0]), WEEKDAYS.index(names[-1])
    return [day % 7 for day in range(first, last + 1 if first <= last else last + 8)]


def _hours(value: object) -> tuple[int, int]:
    found = _HOURS.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError(f"expected hours such as 09:00-18:00, found {shown(value)}")
    start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if start >= MINUTES_OF_DAY or end > MINUTES_OF_DAY or int(found[2]) > 59 or int(found[4]) > 59:
        raise ValueError(f"{shown(value)} is no time of day; expected 00:00 to 23:59, or 24:00 at the end")
    if start == end and not found[5]:
        whole = f"write {value}+1 for 24 hours, or 00:00-24:00 for a whole day"
        raise ValueError(f"{shown(value)} can mean nothing or a whole day; {whole}")
    days_later = int(found[5] or 0) or int(end < start)
    return start, end + days_later * MINUTES_OF_DAY


def _date(value: object) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) and _DATE.fullmatch(value) else "")
    except ValueError:
        raise ValueError(f"expected a date such as 2027-01-31, found {shown(value)}") from None


def _wall(value: object) -> datetime:
    try:
        return datetime.fromisoformat(value if isinstance(value, str) and _WALL.fullmatch(value) else "")
    except ValueError:
        raise ValueError(f'expected a time such as "2027-01-31 09:00", found {shown(value)}') from None


def _every(value: object) -> int:
    found = _EVERY.fullmatch(value) if isinstance(value, str) else None
    days = int(found[1]) * (7 if found[2] == "week" else 1) if found else 0
    if not 1 <= days <= 366:
        raise ValueError(f"expected 1 week, 2 weeks, 1 day ... up to a year, found {shown(value)}")
    return days


def _turns(value: object) -> tuple[tuple[str, ...], ...]:
    turns = value if isinstance(value, list) else []
    people = [turn if isinstance(turn, list) else [turn] for turn in turns]
    if not people or not all(turn and all(isinstance(one, str) for one in turn) for turn in people):
        raise ValueError("expected whose turn it is, one after the other, such as [anna, [bob, maria]]")
    return tuple(tuple(turn) for turn in people)


def _country(code: str) -> str:
    if not is_country(code):
        raise ValueError(
            f'no holidays are known for "{code}"; expected a country such as CN, US, DE, or a part of one such as US-CA'
        )
    return code


def _place(text: str) -> str:
    if "://" not in text:
        return text
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        raise ValueError("expected the path of a file, or an address that begins with https://")
    return text


Days = Annotated[frozenset[int], BeforeValidator(_days)]
Hours = Annotated[tuple[int, int], BeforeValidator(_hours)]
Date = Annotated[date, BeforeValidator(_date)]
Wall = Annotated[datetime, BeforeValidator(_wall)]
Every = Annotated[int, BeforeValidator(_every)]
Turns = Annotated[tuple[tuple[str, ...], ...], BeforeValidator(_turns)]
Country = Annotated[str, AfterValidator(_country)]
CalendarPlace = Annotated[str, Field(min_length=1), AfterValidator(_place)]
