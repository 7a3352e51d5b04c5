"""Sheets that we hand out: nothing in them becomes a formula, and what was written can be read back."""

import csv
import io
import zipfile
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import sheets
from bot.domain.workbook import read_workbook


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("=1+1", "'=1+1", id="a formula"),
        pytest.param("+49 30", "'+49 30", id="a plus sign"),
        pytest.param("-5", "'-5", id="a minus sign"),
        pytest.param("@SUM(A1)", "'@SUM(A1)", id="an old Lotus function"),
        pytest.param("\t=1", "'\t'=1", id="a tab, and what stands behind it"),
        pytest.param("\r=1", "'\r'=1", id="a carriage return"),
        pytest.param("\n=1", "'\n'=1", id="a line feed"),
        pytest.param("  =1", "'  =1", id="after blanks"),
        pytest.param("\u3000\xa0=1", "'\u3000\xa0=1", id="after wide and unbreakable blanks"),
        pytest.param("\ufeff=1", "'\ufeff=1", id="after a mark that nobody sees"),
        pytest.param('"=1"', '\'"=1"', id="after a quotation mark"),
        pytest.param("'=1", "''=1", id="after an apostrophe"),
        pytest.param("＝1", "'＝1", id="the full-width forms"),
        pytest.param("＋－", "'＋－", id="of all signs"),
        pytest.param("a;=1", "a;'=1", id="where another delimiter would end the cell"),
        pytest.param("a\tb\n@x", "a\tb\n'@x", id="or another line begin"),
        pytest.param("1-2=3", "1-2=3", id="signs inside are no formula"),
        pytest.param("nordlicht", "nordlicht", id="a word"),
        pytest.param("", "", id="nothing"),
        pytest.param("a\0b\ud800", "a\ufffdb\ufffd", id="what no sheet may hold"),
    ],
)
def test_a_text_is_no_formula(text: str, expected: str) -> None:
    assert sheets.safe(text) == expected


DANGEROUS = tuple("=+-@＝＋－＠\t\r\n")
cells = st.one_of(
    st.text(st.one_of(st.sampled_from("=+-@＝\t\r\n;,|'\" \u3000\ufeff0aé買"), st.characters()), max_size=20),
    st.integers(-(10**9), 10**9),
    st.booleans(),
    st.none(),
    st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)),
)
tables = st.lists(st.lists(cells, min_size=3, max_size=3), max_size=5)


@given(st.text(st.sampled_from("=@-\t\r\n;, '\"\u3000a"), max_size=30))
def test_no_way_to_split_a_text_makes_a_formula(text: str) -> None:
    for delimiter in ",;\t|\r\n":
        for part in sheets.safe(text).split(delimiter):
            assert not part.strip(" \u3000").startswith(DANGEROUS[:8])


@given(tables)
def test_csv_comes_back_as_it_was_written(rows: list[list[sheets.Cell]]) -> None:
    text = "".join(sheets.csv_lines(("a", "b", "c"), rows))
    back = list(csv.reader(io.StringIO(text, newline="")))
    assert back[0] == ["a", "b", "c"]
    assert back[1:] == [[written(cell) for cell in row] for row in rows]


def written(cell: sheets.Cell) -> str:
    if isinstance(cell, str):
        return sheets.safe(cell)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%dT%H:%M:%SZ")
    return "" if cell is None else str(cell)


@given(tables)
def test_a_workbook_comes_back_as_it_was_written(rows: list[list[sheets.Cell]]) -> None:
    book = read_workbook(sheets.xlsx(("a", "b", "c"), rows))
    back = [(line, [*row, "", "", ""][:3]) for line, row in book.rows]
    assert back[0] == (1, ["a", "b", "c"])
    assert back[1:] == [(place + 2, [written(cell) for cell in row]) for place, row in enumerate(rows)]


def test_a_workbook_has_no_formula_and_its_numbers_are_numbers() -> None:
    content = sheets.xlsx(("n", "t"), [(-5, "=1"), (2.5, "-5")])
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert book.testzip() is None
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    tags = {element.tag.rpartition("}")[2] for element in sheet.iter()}
    assert tags == {"worksheet", "sheetData", "row", "c", "v", "is", "t"}
    kinds = [element.get("t", "n") for element in sheet.iter() if element.tag.endswith("}c")]
    assert kinds == ["inlineStr", "inlineStr", "n", "inlineStr", "n", "inlineStr"]


def test_the_mark_for_excel_comes_first_and_once() -> None:
    text = "".join(sheets.csv_lines(("é",), [("買",)], bom=True))
    assert text.encode() == b"\xef\xbb\xbf\xc3\xa9\r\n\xe8\xb2\xb7\r\n"


def test_a_long_text_of_signs_takes_no_longer_than_it_is() -> None:
    for nasty in ("\t", " ", "'", ";", ", ", "\u3000"):
        assert len(sheets.safe(nasty * 200_000)) >= 200_000
