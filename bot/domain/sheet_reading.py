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

from bot.domain import workbook
from bot.errors import WrongInput

LARGEST = 64 * 1024 * 1024
"""Bytes of a file; 100,000 rows are some 10 MB."""
_MOST_ROWS = 500_000
_MOST_COLUMNS = 500
_LONGEST_CELL = 1_000_000
_TOP = 30
"""Rows at the top in which the header may stand: reports begin with titles and periods."""
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
    if b"\0" in content[:_PROBE]:
        return content.decode(_utf_16(content[:_PROBE]), "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        probe = content[:_PROBE]
        best = max(_CHARSETS, key=lambda charset: _names_in(probe.decode(charset, "replace"), known))
        return content.decode(best, "replace")


def _utf_16(probe: bytes) -> str:
    """Of text without a mark: most characters of a table are ASCII, one of their two bytes is 0."""
    return "utf-16-le" if probe[1::2].count(0) >= probe[::2].count(0) else "utf-16-be"


def _names_in(text: str, known: Collection[str]) -> int:
    """How many known names the best row at the top of a text has, whatever its delimiter."""
    top = text.splitlines()[:_TOP]
    return max((_hits(re.split(f"[{re.escape(_DELIMITERS)}]", line), known) for line in top), default=0)


def _hits(cells: Sequence[str], known: Collection[str]) -> int:
    return len({name for cell in cells if (name := plain_name(cell)) in known})


def _delimiter(text: str, known: Collection[str]) -> str:
    probe = text[:_PROBE]

    def most_names(delimiter: str) -> int:
        return max((_hits(row.cells, known) for row in _top_of(probe, delimiter)), default=0)

    return max(_DELIMITERS, key=most_names)


def _top_of(probe: str, delimiter: str) -> list[Row]:
    rows: list[Row] = []
    try:
        for row in _csv_rows(probe, delimiter):
            rows.append(row)
            if len(rows) == _TOP:
                break
    except WrongInput:
        return rows
    return rows


def _csv_rows(text: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as why:
            reason = f"Line {line} can't be read ({why}); is a quotation mark opened there and never closed?"
            raise WrongInput(reason) from why
        yield Row(line, _trimmed(cells))
        line = reader.line_num + 1


def _trimmed(cells: Sequence[str]) -> Sequence[str]:
    return [cell.strip().strip("\ufeff\u200b") for cell in cells[:_MOST_COLUMNS]]


def _below_header(rows: Iterator[Row], known: Collection[str], day_zero: datetime) -> Sheet:
    """The sheet from the row on that has most of the names; what stands above is a title."""
    top: list[Row] = []
    for row in rows:
        top.append(row)
        if len(top) == _TOP:
            break
    best = max(top, key=lambda row: _hits(row.cells, known), default=None)
    if best is None or not _hits(best.cells, known):
        seen = next((row.cells for row in top if any(row.cells)), ())
        shown = ", ".join(f'"{cell[:40]}"' for cell in seen[:12] if cell) or "nothing"
        raise WrongInput(
            f"No row at its top has the name of a column that is known; the first row has {shown}"
        )
    below = top[top.index(best) + 1 :]
    return Sheet(best, _filled(below, rows), day_zero)


def _filled(below: Sequence[Row], rest: Iterator[Row]) -> Iterator[Row]:
    count = 0
    for source in (below, rest):
        for row in source:
            if not any(row.cells):
                continue
            count += 1
            if count > _MOST_ROWS:
                raise WrongInput(f"It has more than {_MOST_ROWS:,} rows. Export a shorter period")
            yield row
