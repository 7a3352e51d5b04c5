"""Sheets that others hand to us, as rows of text: CSV in any charset and with any delimiter, or XLSX.

The charset and the delimiter are those in which most of the known column names can be read: names
are the one part of a file that we know beforehand. Nothing in a file is trusted: sizes are limited.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from bot.domain import workbook
from bot.errors import WrongInput

LARGEST = 64 * 1024 * 1024
"""Bytes of a file; 100,000 rows are some 10 MB."""
_MOST_ROWS = 500_000
_MOST_COLUMNS = 500
_LONGEST_CELL = 1_000_000
_TOP = 30
"""Rows at the top in which the header may stand: reports begin with titles and periods."""

_SHOWN = 30
_GARBLED = 20
"""A row is no text if more than one letter in so many can't be printed."""
HOW_TO_NAME = (
    "Say in config/reconcile.yaml which column is which, with the names as they stand there: reconcile: {columns: "
    '{order_id: ["..."], received_at: ["..."]}}; answered_at, overdue, amazon_case_id and buyer can be named as well'
)
_PROBE = 64 * 1024

_CHARSETS = ("utf-8", "cp932", "gb18030", "cp1252")
_DELIMITERS = ",;\t|^~¦\x1f"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")
_OPEN = "; is a quotation mark opened there and never closed?"
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins at, from 1, and its cells, trimmed."""

    line: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A header, and the rows below it as they are read. `day_zero`: the date of the number 0, in Excel."""

    header: Row
    rows: Iterator[Row]
    day_zero: datetime = workbook.DAY_ZERO


def plain_name(name: str) -> str:
    """A column's name as it is compared: `Order-ID`, `order id` and `ＯＲＤＥＲ＿ＩＤ` are one."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", name).casefold())


def read_sheet(content: bytes, known: Collection[str]) -> Sheet:
    """The sheet in a file, whose columns have some of the `known` names (plain ones).

    Raises WrongInput for a file that is none, and later, from the rows, where it breaks off.
    """
    if len(content) > LARGEST:
        raise WrongInput(
            f"It has {len(content):,} bytes; expected {LARGEST:,} at most. Export a shorter period"
        )
    if content.startswith(_OLD_EXCEL):
        raise WrongInput("It is a workbook of Excel 97 to 2003 (.xls); save it as .xlsx or CSV")
    if content.startswith(b"PK"):
        book = workbook.read_workbook(content)
        found = book.rows
        return _below_header((Row(line, _trimmed(cells)) for line, cells in found), known, book.day_zero)
    text = decoded(content, known)
    return _below_header(_csv_rows(text, _delimiter(text, known)), known, workbook.DAY_ZERO)


def decoded(content: bytes, known: Collection[str]) -> str:
    """The text of a file; never fails, at worst with U+FFFD."""
    for mark, charset in _BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(charset, "replace")
    probe = content[:_PROBE]
    if probe.count(0) > len(probe) / 10:
        return content.decode(_utf_16(probe), "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        best = max(_CHARSETS, key=lambda charset: _names_in(probe.decode(charset, "replace"), known))
        return content.decode(best, "replace")


def _utf_16(probe: bytes) -> str:
    """Of text without a mark: many characters of a table are ASCII, one of their two bytes is 0."""
    return "utf-16-le" if probe[1::2].count(0) >= probe[::2].count(0) else "utf-16-be"


def _names_in(text: str, known: Collection[str]) -> int:
    """How many known names the best row at the top of a text has, whatever its delimiter."""
    top = text.splitlines()[:_TOP]
    return max((_hits(re.split(f"[{re.escape(_DELIMITERS)}]", line), known) for line in top), default=0)


def _hits(cells: Sequence[str], known: Collection[str]) -> int:
    return len({name for cell in cells if (name := plain_name(cell)) in known})


def _delimiter(text: str, known: Collection[str]) -> str:
    probe = text[:_PROBE]

    def most_names(delimiter: str) -> tuple[int, int]:
        top, _trouble = _top_of(_csv_rows(probe, delimiter))
        hits = max((_hits(row.cells, known) for row in top), default=0)
        # Where no name is known the columns are told to people, who must recognise them.
        return hits, 0 if hits else max((len(row.cells) for row in top), default=0)

    return max(_DELIMITERS, key=most_names)


def _top_of(rows: Iterator[Row]) -> tuple[list[Row], WrongInput | None]:
    """The first rows, and what is wrong behind them if that was met already."""
    top: list[Row] = []
    try:
        for row in rows:
            top.append(row)
            if len(top) == _TOP:
                break
    except WrongInput as why:
        return top, why
    return top, None


def _csv_rows(text: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line, last = 1, None
    try:
        for cells in reader:
            if last is not None:
                yield last
            last = Row(line, _trimmed(cells))
            line = reader.line_num + 1
    except csv.Error as why:
        if last is not None:
            yield last
        raise WrongInput(f"Line {line} can't be read ({why}){_OPEN}") from why
    if last is not None and line - last.line > 1 and not _is_closed(text, last.line):
        raise WrongInput(f"Line {last.line} and all below it can't be told apart{_OPEN}")
    if last is not None:
        yield last


def _is_closed(text: str, start: int) -> bool:
    """Whether the row at the end, which begins in line `start`, ends before the file does: csv doesn't say."""
    lines = islice(io.StringIO(text, newline=""), start - 1, None)
    return sum(line.count('"') for line in lines) % 2 == 0


def _trimmed(cells: Sequence[str]) -> Sequence[str]:
    return [cell.strip().strip("\ufeff\u200b") for cell in cells[:_MOST_COLUMNS]]


def _below_header(rows: Iterator[Row], known: Collection[str], day_zero: datetime) -> Sheet:
    """The sheet from the row on that has most of the names; what stands above is a title."""
    top, trouble = _top_of(rows)
    best = max(top, key=lambda row: _hits(row.cells, known), default=None)
    if best is None or not _hits(best.cells, known):
        if trouble is not None:
            raise trouble
        raise WrongInput(f"No row at its top has the name of a column that is known; {_widest(top)}")
    below = top[top.index(best) + 1 :]
    return Sheet(best, _filled(below, rows, trouble), day_zero)


def _widest(top: Sequence[Row]) -> str:
    """The row that looks most like a header, in words, and how its names can be made known."""
    row = max(top, key=lambda one: sum(map(bool, one.cells)), default=None)
    if row is None or not any(row.cells):
        return "the first row has nothing"
    if _is_garbled("".join(row.cells)):
        return "it is neither text nor a workbook (.xlsx). Was it fetched whole?"
    return f"line {row.line} has {names_in(row)}. {HOW_TO_NAME}"


def _is_garbled(text: str) -> bool:
    return sum(not letter.isprintable() or letter == "\ufffd" for letter in text) > len(text) / _GARBLED


def names_in(header: Row) -> str:
    """The columns that a header names, in quotes."""
    seen = [f'"{cell[:40]}"' for cell in header.cells if cell]
    rest = len(seen) - _SHOWN
    return ", ".join(seen[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _filled(below: Sequence[Row], rest: Iterator[Row], trouble: WrongInput | None) -> Iterator[Row]:
    count = 0
    for source in (below, rest):
        for row in source:
            if not any(row.cells):
                continue
            count += 1
            if count > _MOST_ROWS:
                raise WrongInput(f"It has more than {_MOST_ROWS:,} rows. Export a shorter period")
            yield row
    if trouble is not None:
        raise trouble
