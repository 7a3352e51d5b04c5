"""Reads the first visible sheet of an XLSX workbook that may have been made to do harm (ECMA-376 part 1).

Read as a stream, by the standard library alone: no DTD gets past, hence no entities; nothing is fetched, no formula
is worked out (its last result stands beside it). What is unpacked is counted, not believed: a small
file can hold gigabytes.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from xml.parsers import expat

from bot.errors import WrongInput

DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall time: Excel knows no zones
_DAY_ZERO_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 - the same, of workbooks that began on a Macintosh
MOST_BYTES = 256 * 1024 * 1024
_MOST_STRINGS = 64 * 1024 * 1024
"""Characters of all shared texts together."""
_PIECE = 64 * 1024
_MOST_COLUMNS = 500
_MOST_PIECES = 64
"""Of the text of one cell; expat hands it over in pieces of some kilobytes, or by the line."""
_PLACE = re.compile(r"([A-Z]{1,3})\d*")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
"""What zipfile raises for files that are damaged, encrypted, or packed in a way that it doesn't know."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """The rows of a sheet, each with its number; `day_zero` is the date that its number 0 stands for."""

    rows: Iterator[tuple[int, list[str]]]
    day_zero: datetime


def read_workbook(content: bytes, most_bytes: int = MOST_BYTES) -> Workbook:
    """The first sheet that is not hidden. Raises WrongInput, also later from the rows.

    `most_bytes`: what it may unpack to, all parts together.
    """
    try:
        book = zipfile.ZipFile(io.BytesIO(content))
    except _BROKEN as why:
        raise WrongInput(f"It begins as an XLSX workbook, but can't be unpacked ({why})") from why
    parts = _Parts(book, most_bytes)
    outline = _Outline()
    parts.read("xl/workbook.xml", outline.start)
    target = _Target(outline.sheet)
    if "xl/_rels/workbook.xml.rels" in parts.names:
        parts.read("xl/_rels/workbook.xml.rels", target.start)
    texts = _Texts()
    if "xl/sharedStrings.xml" in parts.names:
        parts.read("xl/sharedStrings.xml", texts.start, texts.end, texts.said)
    return Workbook(_rows(parts, target.name, texts.found), outline.day_zero)


class _Parts:
    """The files in the archive; counts what is unpacked from all of them."""

    def __init__(self, book: zipfile.ZipFile, most_bytes: int) -> None:
        self._book = book
        self._most = self._left = most_bytes
        self.names = frozenset(book.namelist())

    def read(self, name: str, *hear: Callable[..., None]) -> None:
        """Parse all of one file."""
        for _piece in self.pieces(name, *hear):
            pass

    def pieces(
        self,
        name: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        said: Callable[[str], None] | None = None,
    ) -> Iterator[None]:
        """Parse a file piece by piece, and stop after each. Raises WrongInput."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _no_dtd
        parser.StartElementHandler = lambda tag, about: start(tag.rpartition(" ")[2], about)
        if end is not None:
            parser.EndElementHandler = lambda tag: end(tag.rpartition(" ")[2])
        if said is not None:
            parser.CharacterDataHandler = said
        try:
            with self._book.open(name) as file:
                while piece := file.read(_PIECE):
                    self._count(len(piece))
                    parser.Parse(piece, False)
                    yield
            parser.Parse(b"", True)
            yield
        except KeyError as why:
            raise WrongInput(f"It is no XLSX workbook: there is no {name} in it") from why
        except (expat.ExpatError, *_BROKEN) as why:
            raise WrongInput(f"It is a damaged XLSX workbook: {name} can't be read ({why})") from why

    def _count(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise WrongInput(f"It unpacks to more than {self._most:,} bytes. Export a shorter period, or CSV")


def _no_dtd(*_about: object) -> None:
    raise WrongInput("It is no XLSX workbook that a spreadsheet wrote: one of its parts declares a DTD")


class _Outline:
    """Hears workbook.xml: the relation of the first visible sheet, and where dates begin."""

    def __init__(self) -> None:
        self.sheet = ""
        self.day_zero = DAY_ZERO

    def start(self, tag: str, about: dict[str, str]) -> None:
        if tag == "workbookPr" and about.get("date1904") in ("1", "true", "on"):
            self.day_zero = _DAY_ZERO_1904
        if tag == "sheet" and not self.sheet and about.get("state", "visible") == "visible":
            self.sheet = next((about[key] for key in about if key.endswith(" id")), "")


class _Target:
    """Hears workbook.xml.rels: which file the sheet is."""

    def __init__(self, sheet: str) -> None:
        self._sheet = sheet
        self.name = "xl/worksheets/sheet1.xml"

    def start(self, tag: str, about: dict[str, str]) -> None:
        if tag == "Relationship" and self._sheet and about.get("Id") == self._sheet:
            self.name = posixpath.normpath(posixpath.join("/xl", about.get("Target", ""))).lstrip("/")


class _Texts:
    """Hears sharedStrings.xml. How a name is pronounced (rPh) is not part of it."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._words: list[str] = []
        self._is_text = self._is_sound = False
        self._left = _MOST_STRINGS

    def start(self, tag: str, _about: dict[str, str]) -> None:
        if tag == "si":
            self._words = []
        self._is_sound = self._is_sound or tag == "rPh"
        self._is_text = tag == "t" and not self._is_sound

    def end(self, tag: str) -> None:
        self._is_text = False
        if tag == "rPh":
            self._is_sound = False
        if tag == "si":
            self.found.append("".join(self._words))

    def said(self, words: str) -> None:
        if self._is_text:
            self._left -= len(words)
            if self._left < 0:
                raise WrongInput("It has too much text. Export a shorter period, or CSV")
            self._words.append(words)


@dataclass(slots=True)
class _Cells:
    """Hears a sheet: gathers rows until they are fetched."""

    texts: list[str]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    _line: int = 0
    _row: list[str] = field(default_factory=list)
    _column: int = -1
    _kind: str = "n"
    _words: list[str] = field(default_factory=list)
    _is_value: bool = False
    _is_sound: bool = False

    def start(self, tag: str, about: dict[str, str]) -> None:
        if tag == "row":
            number = about.get("r", "")
            self._line = int(number) if number.isdecimal() and len(number) < 9 else self._line + 1
            self._row, self._column = [], -1
        elif tag == "c":
            self._column = _column_of(about.get("r", ""), self._column + 1)
            self._kind, self._words = about.get("t", "n"), []
        elif tag == "rPh":
            self._is_sound = True
        self._is_value = tag == "v" or (tag == "t" and self._kind == "inlineStr" and not self._is_sound)

    def end(self, tag: str) -> None:
        self._is_value = False
        if tag == "rPh":
            self._is_sound = False
        elif tag == "c" and self._words and self._column < _MOST_COLUMNS:
            self._row.extend([""] * (self._column + 1 - len(self._row)))
            self._row[self._column] = self._value()
        elif tag == "row":
            self.rows.append((self._line, self._row))

    def said(self, words: str) -> None:
        if self._is_value and len(self._words) < _MOST_PIECES:
            self._words.append(words)

    def _value(self) -> str:
        text = "".join(self._words)
        if self._kind != "s":
            return text
        place = int(text) if text.isdecimal() and len(text) < 9 else -1
        return self.texts[place] if 0 <= place < len(self.texts) else ""


def _column_of(place: str, following: int) -> int:
    """Of `AB12`: 27. A cell that doesn't say where it is follows the one before."""
    match = _PLACE.fullmatch(place)
    if match is None:
        return following
    number = 0
    for letter in match[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _rows(parts: _Parts, name: str, texts: list[str]) -> Iterator[tuple[int, list[str]]]:
    cells = _Cells(texts)
    for _piece in parts.pieces(name, cells.start, cells.end, cells.said):
        yield from cells.rows
        cells.rows.clear()
