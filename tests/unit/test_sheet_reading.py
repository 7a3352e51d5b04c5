"""Files of others become rows, whatever charset, delimiter or program wrote them; the bad ones become a sentence."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.sheet_reading import plain_name, read_sheet
from bot.domain.workbook import read_workbook
from bot.errors import WrongInput
from bot.settings.reconcile import ReconcileSettings
from tests.unit import report_files as files

KNOWN = ReconcileSettings().layout().names()
NUMBER, WHEN = "302-1234567-1234567", "2026-11-25 09:00"


def rows_of(content: bytes) -> list[tuple[int, list[str]]]:
    """The header and the rows below it, each with its line."""
    sheet = read_sheet(content, KNOWN)
    return [(row.line, list(row.cells)) for row in (sheet.header, *sheet.rows)]


HEADERS = {
    "English": ("Order ID", "Received at"),
    "German": ("Bestellnummer", "Empfangen am", "Überfällig"),
    "French": ("Numéro de commande", "Reçu le"),
    "Italian": ("Numero d'ordine", "Ricevuto il"),
    "Spanish": ("Número de pedido", "Fecha de recepción"),
    "Japanese": ("注文番号", "受信日時"),
    "Chinese": ("订单编号", "收到时间"),
}
CHARSETS = {
    "German": ("cp1252",),
    "French": ("cp1252",),
    "Spanish": ("cp1252",),
    "Japanese": ("shift_jis", "cp932"),
    "Chinese": ("gb18030", "gbk", "gb2312"),
}


@pytest.mark.parametrize("delimiter", list(",;\t|"))
@pytest.mark.parametrize("language", HEADERS)
def test_each_language_in_each_charset_with_each_delimiter(language: str, delimiter: str) -> None:
    header = HEADERS[language]
    cells = (NUMBER, WHEN, *header[2:])
    text = files.csv_of(header, cells, delimiter=delimiter)
    everywhere = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
    for charset in (*everywhere, *CHARSETS.get(language, ())):
        assert rows_of(text.encode(charset)) == [(1, list(header)), (2, list(cells))], charset


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Order ID,Subject,Received at\na,one\nb,two\n",
            [(1, ["Order ID", "Subject", "Received at"]), (2, ["a", "one"]), (3, ["b", "two"])],
            id="short rows",
        ),
        pytest.param(
            'Order ID,Subject\r\n1,"two\r\nlines, ""quoted"""\r\n2,x\r\n',
            [(1, ["Order ID", "Subject"]), (2, ["1", 'two\r\nlines, "quoted"']), (4, ["2", "x"])],
            id="a line break inside quotation marks: the line is where the row begins",
        ),
        pytest.param(
            "Customer Communication, Overdue\nFrom,1 November\n\norder-id,RECEIVED_AT\nx,y\n",
            [(4, ["order-id", "RECEIVED_AT"]), (5, ["x", "y"])],
            id="a title above, and a name with other signs",
        ),
        pytest.param(
            "sep=;\nOrder ID;Note\n1;a,b\n",
            [(2, ["Order ID", "Note"]), (3, ["1", "a,b"])],
            id="Excel's own hint",
        ),
        pytest.param(
            "Order ID,Received\n\n , \n1,2\n\n",
            [(1, ["Order ID", "Received"]), (4, ["1", "2"])],
            id="empty rows",
        ),
        pytest.param(
            "Order ID\n1\n2", [(1, ["Order ID"]), (2, ["1"]), (3, ["2"])], id="one column, no end of line"
        ),
        pytest.param(
            "Order ID,Received\r1,2\r",
            [(1, ["Order ID", "Received"]), (2, ["1", "2"])],
            id="an old Macintosh",
        ),
        pytest.param(
            "ＯＲＤＥＲ　ＩＤ\tReceived\n1\t2\n",
            [(1, ["ＯＲＤＥＲ　ＩＤ", "Received"]), (2, ["1", "2"])],
            id="full width",
        ),
    ],
)
def test_text_as_it_is_found(text: str, expected: list[tuple[int, list[str]]]) -> None:
    assert rows_of(text.encode()) == expected


def test_one_broken_byte_spoils_one_letter() -> None:
    content = "Überfällig;Bestellnummer\nnein;Käse".encode() + b"\xff;\n"
    assert rows_of(content)[1] == (2, ["nein", "Käse\ufffd", ""])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "the first row has nothing", id="an empty file"),
        pytest.param(
            b"a,b\n1,2\n", 'line 1 has "a", "b". Say in config/reconcile.yaml', id="unknown columns"
        ),
        pytest.param(
            b"Messages of November\n\nWer,Wann,Was\n1,2,3\n",
            'line 3 has "Wer", "Wann", "Was". Say in config/reconcile.yaml which column is which',
            id="unknown columns below a title",
        ),
        pytest.param(
            ",".join(f"x{number}" for number in range(40)).encode(),
            '"x29" and 10 more',
            id="very many columns",
        ),
        pytest.param(bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 99, ".xls", id="an old workbook"),
        pytest.param(b"PK\x03\x04 and no more", "can't be unpacked", id="half an archive"),
        pytest.param(
            files.archive(word__document="<x/>"), "there is no xl/workbook.xml", id="another archive"
        ),
        pytest.param(files.archive(xl__workbook="<x>"), "can't be read", id="XML that ends too early"),
        pytest.param(bytes(range(1, 256)) * 8, "neither text nor a workbook", id="bytes are not printed"),
        pytest.param(b"Order ID\n" + b"\0" * 64 + b"\xff" * 64, "known", id="bytes"),
        pytest.param(
            files.archive(xl__workbook='<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><x>&c;</x>'),
            "declares a DTD",
            id="entities that grow",
        ),
        pytest.param(
            files.workbook(
                files.row(files.text("Order ID")), relations='<Relationship Id="rId1" Target="../../../x"/>'
            ),
            "there is no x",
            id="a sheet elsewhere",
        ),
    ],
)
def test_what_is_no_sheet_is_said_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(WrongInput, match=said.replace("(", r"\(")):
        rows_of(content)


def test_a_quotation_mark_that_is_never_closed_is_said_with_its_line() -> None:
    text = 'Order ID,Note\n1,a\n2,"' + "x" * 2_000_000
    with pytest.raises(WrongInput, match="Line 3 can't be read"):
        rows_of(text.encode())


def test_rows_that_an_open_quotation_mark_swallows_are_not_lost_silently() -> None:
    with pytest.raises(WrongInput, match="Line 4 and all below it"):
        rows_of(b'Order ID,Note\n1,"a\n""b"\n2,"c\n3,d\n4,e\n')
    assert len(rows_of(b'Order ID,Note\n1,"a\n""b"\n2,"c\n3,d"\n')) == 3
    assert len(rows_of(b'Order ID,Note\n1,5" wide\n')) == 2


def test_a_workbook_as_excel_writes_it() -> None:
    shared = (
        "<si><t>Order ID</t></si>",
        '<si><r><t>Received</t></r><r><t xml:space="preserve"> at</t></r></si>',
        "<si><t>注文</t><rPh sb='0' eb='2'><t>チュウモン</t></rPh></si>",
    )
    content = files.workbook(
        '<row r="3"><c r="A3" t="s"><v>0</v></c><c r="C3" t="s"><v>1</v></c></row>',
        f'<row r="5"><c r="A5" t="str"><f>A1</f><v>{NUMBER}</v></c><c r="C5" s="1"><v>46351.375</v></c></row>',
        '<row r="6"><c r="B6" t="s"><v>2</v></c><c r="C6" t="s"><v>99</v></c><c r="D6" t="b"><v>1</v></c></row>',
        shared=shared,
    )
    assert rows_of(content) == [
        (3, ["Order ID", "", "Received at"]),
        (5, [NUMBER, "", "46351.375"]),
        (6, ["", "注文", "", "1"]),
    ]


def test_a_hidden_sheet_is_passed_over_and_the_other_day_zero_is_kept() -> None:
    content = files.workbook(
        files.row(files.text("Order ID")),
        about='<workbookPr date1904="1"/>',
        sheets='<sheet name="H" state="hidden" r:id="rId9"/><sheet name="A" r:id="rId1"/>',
    )
    sheet = read_sheet(content, KNOWN)
    assert (list(sheet.header.cells), sheet.day_zero.year) == (["Order ID"], 1904)


def test_what_unpacks_to_gigabytes_is_stopped_on_the_way() -> None:
    content = files.workbook(files.row(files.text("Order ID")), "<row/>" * 1_000_000)
    assert len(content) < 50_000
    with pytest.raises(WrongInput, match="unpacks to more than 1,000,000 bytes"):
        list(read_workbook(content, 1_000_000).rows)


def test_a_cell_far_to_the_right_costs_nothing() -> None:
    far = files.row('<c r="XFD1"><v>7</v></c><c r="A1" t="inlineStr"><is><t>Order ID</t></is></c>')
    assert rows_of(files.workbook(far)) == [(1, ["Order ID"])]


def test_names_are_compared_without_signs() -> None:
    assert {plain_name(name) for name in ("Order-ID", "order id", "ＯＲＤＥＲ＿ＩＤ", " Order.Id: ")} == {
        "orderid"
    }


def survives(content: bytes) -> None:
    """Whatever it is, it is read, or refused with our own error."""
    with suppress(WrongInput):
        rows_of(content)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    survives(content)
    survives(b"Order ID,Received at\n" + content)
    survives(b"\xff\xfe" + content)
    survives(b"PK" + content)


@given(st.lists(st.text(max_size=12), max_size=30), st.sampled_from([",", ";", "\t", '"', "\r"]))
def test_no_text_breaks_the_reader(cells: list[str], glue: str) -> None:
    survives(("Order ID" + glue + glue.join(cells)).encode("utf-8", "surrogatepass"))


WHOLE = files.workbook(
    files.row(files.text("Order ID"), files.number(5)),
    files.row(files.pointer(0)),
    shared=["<si><t>a</t></si>"],
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_no_damage_to_a_workbook_breaks_the_reader(changes: list[tuple[int, int]]) -> None:
    content = bytearray(WHOLE)
    for place, byte in changes:
        content[place] = byte
    survives(bytes(content))
    survives(bytes(content[: changes[0][0]]))


@given(st.text(alphabet=st.sampled_from('<>/"=rcvtis &;!-row'), max_size=80))
def test_no_xml_breaks_the_reader(xml: str) -> None:
    survives(files.workbook(files.row(files.text("Order ID")), xml))
