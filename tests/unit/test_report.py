"""Rows of a sheet become rows of a report: times in every way of writing, and faults that say line and column."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.report import Report, in_zone, moved, read_report
from bot.domain.sheet_reading import read_sheet
from bot.errors import WrongInput
from bot.settings.reconcile import ReconcileSettings
from tests.unit import report_files as files

SETTINGS = ReconcileSettings()
NUMBER = "302-1234567-1234567"
NINE = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def report(text: str | bytes, zone: str = "UTC", **changes: object) -> Report:
    layout = SETTINGS.model_copy(update=changes).layout(zone)
    content = text.encode() if isinstance(text, str) else text
    return read_report(read_sheet(content, layout.names()), layout)


def received(*texts: str, zone: str = "UTC") -> Report:
    """A report with these times of receipt; a tab can't be in one of them."""
    return report("Order ID\tReceived\n" + "".join(f"{NUMBER}\t{text}\n" for text in texts), zone)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-25 09:00",
        "2026-11-25 09:00:00",
        "2026-11-25T09:00:00Z",
        "2026-11-25T09:00:00.000Z",
        "2026-11-25T17:00:00+08:00",
        "2026-11-25 17:00 UTC+8",
        "2026-11-25 17:00 GMT+08:00",
        "2026-11-25 04:00:00 EST",
        "2026-11-25 14:30 +0530",
        "46351.375",
        "46351.3750000001",
        "2026/11/25 09:00",
        "2026/11/25 上午 09:00",
        "2026/11/25 午前9:00",
        "２０２６／１１／２５　０９：００",
        "25.11.2026 09:00",
        "25.11.2026, 10:00 MEZ",
        "11/25/2026 9:00 AM",
        "11/25/2026 1:00 AM PST",
        "11/25/26 9:00 a.m.",
        "25/11/2026 09:00",
        "25-11-2026 09:00:00",
        "Nov 25, 2026 9:00:00\u202fAM",
        "Nov 25, 2026, 9:00 AM UTC",
        "November 25, 2026 1:00 AM (PST)",
        "25 Nov 2026 09:00",
        "2026年11月25日 09:00",
        "2026年11月25日 9時00分",
    ],
)
def test_nine_o_clock_however_it_is_written(text: str) -> None:
    found = received(text)
    assert found.faults == ()
    assert [row.received_at for row in found.rows] == [NINE]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        ("2026-11-25", "no date and time in any of"),
        ("tomorrow", "no date and time in any of"),
        ("1.5", "no date and time in any of"),
        ("2026-11-25 09:00 XST", 'the zone "XST" is not among'),
        ("2026-13-45 09:00", "no date and time in any of"),
        ("1850-11-25 09:00", "not of this century"),
        ("99999.5", "no date and time in any of"),
    ],
)
def test_what_is_no_instant_is_said_with_its_line_and_column(text: str, said: str) -> None:
    (fault,) = received(text).faults
    assert (fault.line, fault.column, fault.order_id) == (2, "Received", NUMBER)
    assert said in fault.reason


def test_wall_times_are_those_of_the_zone() -> None:
    found = received("2026-07-01 09:00", "2026-11-25 09:00", zone="America/Los_Angeles")
    assert [row.received_at.hour for row in found.rows] == [16, 17]
    assert not any(row.is_zoned for row in found.rows)
    assert received("2026-07-01T09:00Z").rows[0].is_zoned


def test_a_column_is_read_by_the_one_format_that_fits_all_of_it() -> None:
    found = received("03/04/2026 09:00", "25/04/2026 09:00")
    assert [row.received_at.day for row in found.rows] == [4, 25]
    assert found.faults == ()
    other = received("25/04/2026 09:00", "03/04/2026 09:00", "04/25/2026 09:00")
    assert [row.received_at.day for row in other.rows] == [25, 3]
    assert "written in another way than the rows above" in other.faults[0].reason


def test_a_doubt_about_day_and_month_is_said() -> None:
    assert (
        "are read as %m/%d/%Y %H:%M; %d/%m/%Y %H:%M fits them as well"
        in received("03/04/2026 09:00").notes[0]
    )
    assert received("04/04/2026 09:00", "25/04/2026 09:00").notes == ()


def test_the_rows_of_a_workbook_have_numbers_for_times() -> None:
    header = files.row(*map(files.text, ("Order ID", "Received", "Answered at")))
    line = files.row(files.text(NUMBER), files.number(46351.375), files.text("-"))
    assert report(files.workbook(header, line)).rows[0].received_at == NINE
    since_1904 = files.row(files.text(NUMBER), files.number(46351.375 - 1462), files.text("-"))
    about = '<workbookPr date1904="true"/>'
    assert report(files.workbook(header, since_1904, about=about)).rows[0].received_at == NINE


ROWS = """Case ID,Order ID,Received,Answered at,Overdue,Buyer email
c1,"#302-1234567-1234567, 1 item",2026-11-25 09:00,2026-11-25 10:00,No,a+c1@marketplace.amazon.de
c2,,2026-11-25 09:00,N/A,Yes,
,,2026-11-25 09:00,,,b@marketplace.amazon.de
,no order,2026-11-25 09:00,,,
c3,,2026-11-25 09:00,yesterday 5,no,
c4,,2026-11-25 09:00,,perhaps,
Total: 6,,,,,
"""


def test_a_row_needs_one_thing_that_names_its_case() -> None:
    found = report(ROWS)
    assert [(row.order_id, row.amazon_case_id, row.buyer, row.overdue) for row in found.rows] == [
        (NUMBER, "c1", "a+c1@marketplace.amazon.de", False),
        (None, "c2", None, True),
        (None, None, "b@marketplace.amazon.de", None),
    ]
    assert [row.answered_at for row in found.rows] == [NINE + timedelta(hours=1), None, None]
    assert [(fault.line, fault.column) for fault in found.faults] == [
        (5, "Order ID"),
        (6, "Answered at"),
        (7, "Overdue"),
        (8, "Received"),
    ]
    assert found.fields == {"amazon_case_id", "order_id", "received_at", "answered_at", "overdue", "buyer"}


def test_missing_columns_are_named_with_those_that_are_there() -> None:
    with pytest.raises(WrongInput, match=r'known for received_at; line 1 names "Order ID", "When"'):
        report("Order ID,When\n1,2\n")
    with pytest.raises(WrongInput, match="known for order_id") as raised:
        report("Received,Who\n1,2\n")
    assert 'reconcile: {columns: {order_id: ["..."], received_at: ["..."]}}' in str(raised.value)


def test_columns_of_a_new_name_are_read_when_they_are_named_as_the_message_says() -> None:
    text = f"Vorgang,Wann\n{NUMBER},2026-11-25 09:00\n"
    with pytest.raises(WrongInput, match='line 1 has "Vorgang", "Wann"'):
        report(text)
    named = ReconcileSettings.model_validate({"columns": {"order_id": ["Vorgang"], "received_at": ["Wann"]}})
    layout = named.layout("UTC")
    found = read_report(read_sheet(text.encode(), layout.names()), layout)
    assert [(row.order_id, row.received_at) for row in found.rows] == [(NUMBER, NINE)]


def test_a_file_that_breaks_off_keeps_what_came_before() -> None:
    found = report(f'Order ID,Received\n{NUMBER},2026-11-25 09:00\n{NUMBER},"' + "x" * 2_000_000)
    assert len(found.rows) == 1
    assert found.faults[0].line == 3
    assert found.faults[0].reason.startswith("the file breaks off: Line 3 can't be read")


def test_times_that_said_their_zone_stay_when_the_zone_changes() -> None:
    wall, zoned = received("2026-11-25 09:00", "2026-11-25 09:00Z").rows
    assert in_zone(wall, "UTC", "Asia/Shanghai").received_at == NINE - timedelta(hours=8)
    assert in_zone(zoned, "UTC", "Asia/Shanghai") == zoned
    assert moved(NINE, "Asia/Shanghai", "Asia/Shanghai") == NINE


@given(st.lists(st.lists(st.text(max_size=25), min_size=3, max_size=3), max_size=8))
def test_no_cells_break_the_reader(cells: list[list[str]]) -> None:
    lines = "\n".join("\t".join(row).replace("\n", " ").replace('"', "") for row in cells)
    found = report(f"Order ID\tReceived\tOverdue\n{lines}".encode("utf-8", "replace"))
    assert len(found.rows) + len(found.faults) <= 2 * len(cells) + sum(map(len, lines)) + 1


@given(
    st.datetimes(datetime(2001, 1, 1), datetime(2068, 12, 31)),
    st.sampled_from(SETTINGS.formats[2:]),
)
def test_what_a_format_writes_it_reads(wall: datetime, pattern: str) -> None:
    wall = wall.replace(second=0, microsecond=0)
    found = report(f"Order ID\tReceived\n{NUMBER}\t{wall.strftime(pattern)}\n", formats=(pattern,))
    assert [row.received_at for row in found.rows] == [wall.replace(tzinfo=UTC)]
