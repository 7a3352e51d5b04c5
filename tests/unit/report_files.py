"""Files as spreadsheets and sites write them, and as nobody should: made in code, so that each oddity is named."""

import io
import zipfile
from collections.abc import Sequence

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>{{}}</sheetData></worksheet>'


def archive(**parts: str) -> bytes:
    """An archive with these files; `__` in a name is a slash, the ending is .xml."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            ending = "" if name.endswith("rels") else ".xml"
            book.writestr(f"{name.replace('__', '/').replace('-', '.')}{ending}", text)
    return out.getvalue()


def workbook(
    *rows: str, shared: Sequence[str] = (), about: str = "", sheets: str = "", relations: str = ""
) -> bytes:
    """An XLSX workbook with these rows, given as XML."""
    listed = sheets or '<sheet name="A" sheetId="1" r:id="rId1"/>'
    related = relations or '<Relationship Id="rId1" Type="t" Target="worksheets/sheet1.xml"/>'
    parts = {
        "xl__workbook": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{about}<sheets>{listed}</sheets></workbook>',
        "xl___rels__workbook-xml-rels": f'<Relationships xmlns="{PACKAGE}">{related}</Relationships>',
        "xl__worksheets__sheet1": SHEET.format("".join(rows)),
        "xl__sharedStrings": f'<sst xmlns="{MAIN}">{"".join(shared)}</sst>',
    }
    return archive(**parts)


def row(*cells: str) -> str:
    return f"<row>{''.join(cells)}</row>"


def text(words: str) -> str:
    """A cell with its text inside."""
    return f'<c t="inlineStr"><is><t>{words}</t></is></c>'


def number(value: float | str) -> str:
    return f"<c><v>{value}</v></c>"


def pointer(place: int) -> str:
    """A cell whose text is the shared one at that place."""
    return f'<c t="s"><v>{place}</v></c>'


def csv_of(*rows: Sequence[str], delimiter: str = ",") -> str:
    """Lines that need no quoting."""
    return "".join(f"{delimiter.join(cells)}\r\n" for cells in rows)
