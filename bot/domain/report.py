"""Amazon's report of messages and answers, out of the rows of a sheet.

Amazon documents no such file (reference: Amazon 4.1), and each site names its columns in its own language:
names, formats and zone come from config/reconcile.yaml. What can't be read is kept as a fault with its
line and column, and nothing is guessed in its place.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from bot.domain import zones
from bot.domain.sheet_reading import HOW_TO_NAME, Row, Sheet, names_in, plain_name
from bot.errors import WrongInput

Field = Literal["order_id", "amazon_case_id", "buyer", "received_at", "answered_at", "overdue"]

_ORDER = re.compile(r"(?<!\d)\d{3}-\d{7}-\d{7}(?!\d)")
# 2026-11-25 09:00:00.123 PM (PST), or +08:00: the wall time, then what says where the wall is.
_ZONED = re.compile(
    r"(?P<wall>.{0,60}?\d:\d\d(?::\d\d)?)(?:[.,]\d+)?(?P<half> ?[AP]M)?"
    r" ?\(?(?P<word>[A-Z]{1,5})?(?:(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?)?\)?"
)
_HALVES = (("上午", " AM "), ("午前", " AM "), ("下午", " PM "), ("午後", " PM "))
_HALF_LETTERS = re.compile(r"\b([ap])\.? ?m\b\.?", re.IGNORECASE)
_UTC_WORDS = frozenset(("UTC", "GMT", "Z"))
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_SERIALS = range(36_526, 73_051)
"""Days of 2000 to 2099, as Excel numbers them."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a report is written. `columns`: the names of each field, plain; `offsets`: words for zones.

    `formats` are those of strptime, and the words iso and serial. Words for overdue are plain too.
    """

    columns: Mapping[Field, Sequence[str]]
    formats: Sequence[str]
    offsets: Mapping[str, timedelta]
    overdue: frozenset[str]
    in_time: frozenset[str]
    zone: str

    def names(self) -> frozenset[str]:
        """All names of columns."""
        return frozenset(name for names in self.columns.values() for name in names)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One buyer message as Amazon's report has it. `is_zoned`: the times said their zone themselves."""

    line: int
    order_id: str | None
    amazon_case_id: str | None
    buyer: str | None
    received_at: datetime
    answered_at: datetime | None
    overdue: bool | None
    is_zoned: bool


@dataclass(frozen=True, slots=True)
class RowFault:
    """A cell that can't be read; `order_id` if the row has one that can."""

    line: int
    column: str
    reason: str
    order_id: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a file says. `fields` are those that it has a column for; `notes` are doubts about the whole of it."""

    rows: tuple[ReportRow, ...]
    faults: tuple[RowFault, ...]
    fields: frozenset[Field]
    notes: tuple[str, ...]


class Unreadable(ValueError):
    """One cell can't be read; the text says why."""


def read_report(sheet: Sheet, layout: Layout) -> Report:
    """The rows of a report. Raises WrongInput when columns that are needed are not there."""
    places = _places(sheet.header, layout)
    reader = _Reader(sheet, layout, places)
    rows: list[ReportRow] = []
    faults: list[RowFault] = []
    try:
        for row in sheet.rows:
            read = reader.read(row)
            if isinstance(read, ReportRow):
                rows.append(read)
            else:
                faults.append(read)
    except WrongInput as why:
        line = (
            max(sheet.header.line, *(row.line for row in rows[-1:]), *(one.line for one in faults[-1:])) + 1
        )
        faults.append(RowFault(line, "", f"the file breaks off: {why}"))
    return Report(tuple(rows), tuple(faults), frozenset(places), tuple(reader.notes()))


def _places(header: Row, layout: Layout) -> dict[Field, int]:
    """Where the column of each field is. Of two that fit, the name that the settings have first wins."""
    plain = [plain_name(cell) for cell in header.cells]
    places: dict[Field, int] = {}
    for field, names in layout.columns.items():
        found = next((name for name in names if name in plain), None)
        if found is not None:
            places[field] = plain.index(found)
    lacking = [] if "received_at" in places else ["received_at"]
    if not {"order_id", "amazon_case_id", "buyer"} & places.keys():
        lacking.append("order_id (or amazon_case_id, or buyer)")
    if lacking:
        raise WrongInput(
            f"No column is known for {' and '.join(lacking)}; line {header.line} names {names_in(header)}. "
            + HOW_TO_NAME
        )
    return places


class _Reader:
    """Reads row by row, and learns by that which formats the times of each column can have."""

    def __init__(self, sheet: Sheet, layout: Layout, places: Mapping[Field, int]) -> None:
        self._names = {field: sheet.header.cells[place] for field, place in places.items()}
        self._places, self._layout = places, layout
        self._times = {
            field: TimeColumn(layout, sheet.day_zero)
            for field in places
            if field in ("received_at", "answered_at")
        }

    def read(self, row: Row) -> ReportRow | RowFault:
        cells = {field: row.cells[at] for field, at in self._places.items() if at < len(row.cells)}
        order = _ORDER.search(unicodedata.normalize("NFKC", cells.get("order_id", "")))
        order_id = order[0] if order else None
        field: Field = "order_id"
        try:
            _check_key(order_id, cells)
            field = "received_at"
            received_at, is_zoned = self._times[field].instant(cells.get(field, ""))
            field = "answered_at"
            answered_at = self._answered(cells.get(field, ""))
            field = "overdue"
            overdue = self._overdue(cells.get(field, ""))
        except Unreadable as why:
            return RowFault(row.line, self._names.get(field, field), str(why), order_id)
        return ReportRow(
            row.line,
            order_id,
            cells.get("amazon_case_id") or None,
            cells.get("buyer") or None,
            received_at,
            answered_at,
            overdue,
            is_zoned,
        )

    def _answered(self, text: str) -> datetime | None:
        """None where there is no digit: "-", "N/A", "not yet"."""
        if not any(letter.isdigit() for letter in text):
            return None
        return self._times["answered_at"].instant(text)[0]

    def _overdue(self, text: str) -> bool | None:
        word = plain_name(text)
        if word in self._layout.overdue or word in self._layout.in_time:
            return word in self._layout.overdue
        if word:
            raise Unreadable(f"{_shown(text)} is neither in overdue_words nor in in_time_words")
        return None

    def notes(self) -> Iterator[str]:
        for field, times in self._times.items():
            if times.in_doubt:
                first, second = times.in_doubt
                yield (
                    f'The times of "{self._names[field]}" are read as {first}; {second} fits them as well. '
                    "Put the right one first in reconcile.formats"
                )


def _check_key(order_id: str | None, cells: Mapping[Field, str]) -> None:
    if not (order_id or cells.get("amazon_case_id") or cells.get("buyer")):
        shown = _shown(cells.get("order_id", ""))
        raise Unreadable(f"{shown} is no order id, and nothing else says which case it is")


class TimeColumn:
    """Reads the times of one column: all by the same format, the first that fits them all."""

    def __init__(self, layout: Layout, day_zero: datetime) -> None:
        self._layout, self._day_zero = layout, day_zero
        self._possible = tuple(layout.formats)
        self._differ = False

    @property
    def in_doubt(self) -> tuple[str, str] | None:
        """Two formats that fit all times, though they mean different instants."""
        return (self._possible[0], self._possible[1]) if self._differ and len(self._possible) > 1 else None

    def instant(self, text: str) -> tuple[datetime, bool]:
        """The UTC instant, and whether the text says its zone itself. Raises Unreadable."""
        wall, offset = self._split(_plain_time(text))
        fitting = {one: found for one in self._possible if (found := self._parsed(wall, one)) is not None}
        if not fitting:
            raise Unreadable(self._why_not(text, wall))
        self._possible = tuple(fitting)
        self._differ = len(set(fitting.values())) > 1
        found = next(iter(fitting.values()))
        if not 2000 <= found.year < 2100:
            raise Unreadable(f"{_shown(text)} is not of this century")
        if offset is not None:
            return (found - offset).replace(tzinfo=UTC), True
        return zones.first_instant(found, self._layout.zone), False

    def _split(self, text: str) -> tuple[str, timedelta | None]:
        """The wall time, and how far it is ahead of UTC, if the text says so. Raises Unreadable."""
        match = _ZONED.fullmatch(text)
        if match is None:
            return text, None
        wall = match["wall"] + (match["half"] or "")
        word, hours = match["word"], match["hours"]
        if word and word not in _UTC_WORDS and word not in self._layout.offsets:
            raise Unreadable(f'{_shown(text)}: the zone "{word}" is not among reconcile.offsets')
        if hours:
            size = timedelta(hours=int(hours), minutes=int(match["minutes"] or 0))
            return wall, -size if match["sign"] == "-" else size
        if word is None:
            return wall, None
        return wall, self._layout.offsets.get(word, timedelta(0))

    def _parsed(self, wall: str, pattern: str) -> datetime | None:
        try:
            if pattern == "iso":
                return _iso(wall)
            if pattern == "serial":
                return self._serial(wall)
            return datetime.strptime(wall, pattern)  # noqa: DTZ007 - the zone comes after
        except (ValueError, OverflowError):
            return None

    def _serial(self, text: str) -> datetime | None:
        """Days since day zero, as Excel stores instants; its rounding is taken off."""
        if not _SERIAL.fullmatch(text) or int(text[:5]) not in _SERIALS:
            return None
        return self._day_zero + timedelta(seconds=round(float(text) * 86_400))

    def _why_not(self, text: str, wall: str) -> str:
        if not text:
            return "it is empty; expected a date and time"
        if any(self._parsed(wall, one) is not None for one in self._layout.formats):
            return f"{_shown(text)} is written in another way than the rows above ({self._possible[0]})"
        return f"{_shown(text)} is no date and time in any of reconcile.formats"


def _plain_time(text: str) -> str:
    """Full-width forms, narrow blanks and the words for halves of the day become plain ones."""
    text = unicodedata.normalize("NFKC", text)
    for word, half in _HALVES:
        text = text.replace(word, half)
    text = _HALF_LETTERS.sub(lambda match: f"{match[1].upper()}M", text)
    return " ".join(text.replace("\u2212", "-").split())[:60]


def _iso(text: str) -> datetime | None:
    """A day without a time of day is none: it says nothing about a clock."""
    found = datetime.fromisoformat(text) if len(text) > len("2026-11-25") else None
    return None if found is None or found.tzinfo is not None else found


def _shown(text: str) -> str:
    return f'"{text[:40]}"'


def in_zone(row: ReportRow, old: str, new: str) -> ReportRow:
    """The row as it reads if the wall times that were taken for those of zone `old` are those of `new`."""
    if row.is_zoned:
        return row
    answered = None if row.answered_at is None else moved(row.answered_at, old, new)
    return replace(row, received_at=moved(row.received_at, old, new), answered_at=answered)


def moved(instant: datetime, old: str, new: str) -> datetime:
    """The instant at which the clocks of `new` show what those of `old` show at `instant`."""
    return zones.first_instant(zones.local(instant, old).replace(tzinfo=None, fold=0), new)
