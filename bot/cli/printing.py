"""Printing: lines for people, JSON for programs."""

import json
import math
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON: one object, or one line for each item.")]


def line(text: str = "") -> None:
    """One line of text on standard output."""
    sys.stdout.write(f"{text}\n")


def as_json(item: Mapping[str, Any]) -> None:
    """One item as a line of JSON. Where standard output is not UTF-8 it is ASCII, which every program reads as JSON."""
    is_utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    sys.stdout.write(json.dumps(item, ensure_ascii=not is_utf8) + "\n")


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    return value


def percent(rate: float, places: int = 1, *, up: bool = False) -> str:
    """A fraction in percent. Never rounded to the better side: 89.96 % is not 90.0 %; `up` where less is better."""
    steps = round(rate * 10 ** (places + 2), 6)
    return f"{(math.ceil(steps) if up else math.floor(steps)) / 10**places:.{places}f}%"


def iso(instant: datetime) -> str:
    """2026-11-25T09:00:00Z, with the fraction of the second if there is one."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def to_the_second(instant: datetime) -> str:
    """The same for people, who need no fraction."""
    return iso(instant.replace(microsecond=0))
