"""Sheets that we hand out: CSV and XLSX whose cells stay text when a spreadsheet opens them.

A spreadsheet takes a cell that begins with = + - @ (full-width forms and leading blanks or quotes
included), a tab or a carriage return for a formula; so such a text gets an apostrophe in front (OWASP,
"CSV Injection"). A reader that splits at another delimiter than ours finds new beginnings inside a
cell: these are treated alike. XLSX: ECMA-376 part 1, the least that every reader takes.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape

Cell = str | int | float | bool | datetime | None

# Blanks without tab and line ends: those are beginnings themselves, and looked at once each.
_BEGINNING = re.compile(
    r"(?:^|(?<=[,;|\t\r\n\v\f\x85\u2028\u2029]))"
    r"(?=[\t\r\n]|[ \xa0\u1680\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff'\"`´‘’“”＇＂]*+[=+\-@＝＋－＠﹢﹣﹦﹫−])"
)
_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_767
_BOM = "\ufeff"


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula; characters that no sheet may hold become U+FFFD."""
    return _BEGINNING.sub("'", _NEVER.sub("\ufffd", text))


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, bom: bool = False) -> Iterator[str]:
    """The lines of a CSV file, CRLF at the end of each (RFC 4180), to be written as UTF-8.

    `bom`: with a byte order mark, without which Excel takes the text for one of its own code pages.
    """
    if bom:
        yield _BOM
    yield _csv_line(header)
    yield from map(_csv_line, rows)


def _csv_line(cells: Sequence[Cell]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([_csv_cell(cell) for cell in cells])
    return line.getvalue()


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return _stamp(cell)
    return safe(cell) if isinstance(cell, str) else str(cell)


def _stamp(instant: datetime) -> str:
    """ISO 8601 UTC to the second."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def xlsx(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The same as an XLSX workbook with one sheet; texts are texts in it, numbers are numbers."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in _PARTS.items():
            book.writestr(name, _XML + part)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            sheet.write(_xlsx_row(header))
            for cells in rows:
                sheet.write(_xlsx_row(cells))
            sheet.write(b"</sheetData></worksheet>")
    return out.getvalue()


def _xlsx_row(cells: Sequence[Cell]) -> bytes:
    return f"<row>{''.join(map(_xlsx_cell, cells))}</row>".encode()


def _xlsx_cell(cell: Cell) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f"<c><v>{cell}</v></c>"
    text = escape(_csv_cell(cell)[:_LONGEST]).replace("\r", "&#13;")
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>' if text else "<c/>"
