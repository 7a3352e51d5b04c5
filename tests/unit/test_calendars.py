"""Calendars: what events come out of a text, what is wrong with one, and that our own feed reads back equal."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendars import Event, check, essence, events, feed, is_calendar, people

NY, SHANGHAI = "America/New_York", "Asia/Shanghai"
START, END = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC)
VTIMEZONE = (
    "BEGIN:VTIMEZONE\nTZID:Our Office\nBEGIN:STANDARD\nDTSTART:16010101T000000\n"
    "TZOFFSETFROM:+0800\nTZOFFSETTO:+0800\nEND:STANDARD\nEND:VTIMEZONE\n"
)


def calendar(*entries: str, above: str = "") -> str:
    """A calendar of events that are called `anna` and have these lines."""
    inside = "".join(
        f"BEGIN:VEVENT\nUID:{number}\nDTSTAMP:20260101T000000Z\nSUMMARY:anna\n{lines}\nEND:VEVENT\n"
        for number, lines in enumerate(entries)
    )
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n{above}{inside}END:VCALENDAR\n".replace("\n", "\r\n")


def spans(text: str, zone: str = NY) -> list[str]:
    """`14 13:00-21:00`: day of March and hours, in UTC."""
    return [f"{one.start:%d %H:%M}-{one.end:%H:%M}" for one in events(text, zone, START, END)]


def local(start: str, end: str, zone: str = NY, more: str = "") -> str:
    return f"DTSTART;TZID={zone}:{start}\nDTEND;TZID={zone}:{end}\n{more}".strip()


DAY = local("20270301T090000", "20270301T170000", "UTC")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        pytest.param(
            local("20270301T090000", "20270301T170000", more="RRULE:FREQ=WEEKLY"),
            ["01 14:00-22:00", "08 14:00-22:00", "15 13:00-21:00", "22 13:00-21:00", "29 13:00-21:00"],
            id="nine o'clock stays nine o'clock over 2027-03-14",
        ),
        pytest.param(
            local("20270312T220000", "20270313T060000", more="RRULE:FREQ=DAILY;COUNT=3"),
            ["13 03:00-11:00", "14 03:00-10:00", "15 02:00-10:00"],
            id="the night of the change is an hour shorter",
        ),
        pytest.param(
            local("20270313T023000", "20270313T040000", more="RRULE:FREQ=DAILY;COUNT=3"),
            ["13 07:30-09:00", "14 07:00-08:00", "15 06:30-08:00"],
            id="a start that is skipped is the instant of the change",
        ),
        pytest.param(
            "DTSTART;TZID=America/New_York:20270313T220000\nDURATION:PT8H",
            ["14 03:00-10:00"],
            id="a duration counts on the wall clock",
        ),
        pytest.param(
            local("20270315T090000", "20270315T180000", "China Standard Time"),
            ["15 01:00-10:00"],
            id="a zone as Outlook calls it",
        ),
        pytest.param(
            "DTSTART:20270313T090000\nDTEND:20270313T180000\nRRULE:FREQ=DAILY;COUNT=2",
            ["13 14:00-23:00", "14 13:00-22:00"],
            id="no zone: that of the layer",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20270313\nDTEND;VALUE=DATE:20270315", ["13 05:00-04:00"], id="whole days"
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20270313\nRRULE:FREQ=DAILY;COUNT=2",
            ["13 05:00-05:00", "14 05:00-04:00"],
            id="a day, repeated: 24 hours, then 23",
        ),
        pytest.param(
            local("20270301T090000", "20270301T170000", more="RRULE:FREQ=WEEKLY\nEXDATE:20270308T140000Z"),
            ["01 14:00-22:00", "15 13:00-21:00", "22 13:00-21:00", "29 13:00-21:00"],
            id="one day left out, in UTC",
        ),
        pytest.param(
            local("20270301T090000", "20270301T170000", more="RDATE;TZID=America/New_York:20270303T090000"),
            ["01 14:00-22:00", "03 14:00-22:00"],
            id="one day more",
        ),
        pytest.param(local("20270301T090000", "20270301T170000", more="STATUS:CANCELLED"), [], id="cancelled"),
        pytest.param("DTSTART:20270301T090000Z\nDTEND:20270301T090000Z", [], id="no time at all"),
    ],
)  # fmt: skip
def test_events(entry: str, expected: list[str]) -> None:
    text = calendar(entry)
    assert spans(essence(text)) == spans(text)
    assert check(text) == []
    assert spans(text) == expected


def test_autumn_has_both_hours() -> None:
    text = calendar(
        local("20271107T013000", "20271107T013000", more=""), local("20271107T010000", "20271107T020000")
    )
    found = list(events(text, NY, datetime(2027, 11, 7, tzinfo=UTC), datetime(2027, 11, 8, tzinfo=UTC)))
    at = datetime(2027, 11, 7, tzinfo=UTC)
    assert found == [
        Event("anna", at + timedelta(hours=5), at + timedelta(hours=7)),
        Event("anna", at + timedelta(hours=5, minutes=30), at + timedelta(hours=6, minutes=30)),
    ]


def test_a_zone_that_the_file_explains_itself() -> None:
    text = calendar(local("20270315T090000", "20270315T180000", "Our Office"), above=VTIMEZONE)
    assert (check(text), spans(text)) == ([], ["15 01:00-10:00"])


def test_single_occurrences_are_moved_and_cancelled() -> None:
    weekly = local("20270301T090000", "20270301T170000", more="RRULE:FREQ=WEEKLY")
    moved = "UID:0\nRECURRENCE-ID:20270315T130000Z\n" + local("20270316T090000", "20270316T170000")
    gone = "UID:0\nSTATUS:CANCELLED\nRECURRENCE-ID;TZID=America/New_York:20270322T090000\n" + local(
        "20270322T090000", "20270322T170000"
    )
    text = calendar(weekly, moved, gone).replace("UID:1\r\n", "").replace("UID:2\r\n", "")
    assert spans(text) == ["01 14:00-22:00", "08 14:00-22:00", "16 13:00-21:00", "29 13:00-21:00"]


def test_attendees_are_the_people_unless_they_declined_or_are_rooms() -> None:
    lines = "DTSTART:20270301T090000Z\nDTEND:20270301T170000Z\n"
    attendees = (
        "ATTENDEE;CN=Bob:MAILTO:bob@acme.example\nATTENDEE;PARTSTAT=ACCEPTED:mailto:li@acme.example\n"
        "ATTENDEE;PARTSTAT=DECLINED:mailto:no@acme.example\nATTENDEE;CUTYPE=ROOM:mailto:room@acme.example"
    )
    text = calendar(lines + attendees, lines + "ATTENDEE;CUTYPE=ROOM:mailto:room@acme.example")
    found = [one.who for one in events(text, NY, START, END)]
    assert found == ["anna", "bob@acme.example", "li@acme.example"]
    assert people(text) == set(found)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("DTEND:20270301T090000Z", "line 4: this event has no start; expected DTSTART"),
        ("DTSTART:20270301T090000Z", "line 4: this event has no end; expected DTEND or DURATION"),
        ("DTSTART:2027-03-01\nDTEND:20270301T090000Z", "line 4: this event has a DTSTART that can't be read"),
        ("DTSTART:20270301T090000Z\nDTEND:20270301T080000Z", "line 4: this event ends before it starts"),
        ("DTSTART:20270301T090000Z\nDURATION:-PT1H", "line 4: this event has a DURATION that is none"),
        ("DTSTART;VALUE=DATE:20270301\nDTEND:20270301T080000Z", "line 4: this event mixes a day and a time of day"),
        (DAY.replace("UTC", "Mars/Base"), 'line 4: this event is in the time zone "Mars/Base"'),
        (f"{DAY}\nRRULE:FREQ=SOMETIMES", "line 4: this event has a RRULE"),
        (f"{DAY}\nRRULE:FREQ=DAILY;INTERVAL=0", "line 4: this event repeats with"),
        (f"{DAY}\nRRULE:FREQ=SECONDLY", "line 4: this event repeats within a day"),
        (f"{DAY}\nDTSTART:20270301T100000Z", "line 4: this event has more than one"),
    ],
)  # fmt: skip
def test_an_event_with_a_fault_is_told_and_left_out_and_the_others_are_read(
    entry: str, expected: str
) -> None:
    text = calendar(entry, "DTSTART:20270302T090000Z\nDTEND:20270302T170000Z")
    [fault] = check(text)
    assert fault.startswith(expected)
    assert spans(text) == ["02 09:00-17:00"]


def test_an_event_without_a_name_is_told() -> None:
    text = calendar("DTSTART:20270302T090000Z\nDTEND:20270302T170000Z").replace("SUMMARY:anna\r\n", "")
    assert check(text) == ["line 4: this event names nobody; expected a SUMMARY or an ATTENDEE"]
    assert spans(text) == []


def test_ten_faults_are_enough() -> None:
    found = check(calendar(*["DTEND:20270301T090000Z"] * 12))
    assert (len(found), found[-1]) == (11, "and 2 more like these")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<html>", "expected an iCalendar file, which begins with BEGIN:VCALENDAR"),
        ("BEGIN:VEVENT\nEND:VEVENT\n", "expected an iCalendar file, which begins with BEGIN:VCALENDAR"),
        ("BEGIN:VCALENDAR\nVERSION:2.0\n", "it does not hold one whole calendar, from BEGIN:VCALENDAR"),
        ("BEGIN:VCALENDAR\nhello\nEND:VCALENDAR\n", "line 2: expected NAME:VALUE, as every line"),
    ],
)  # fmt: skip
def test_what_is_no_calendar(text: str, expected: str) -> None:
    [fault] = check(text)
    assert fault.startswith(expected)
    assert not is_calendar(text)
    with pytest.raises(ValueError, match=re.escape(expected)):
        list(events(text, NY, START, END))


def test_an_empty_text_has_no_events_and_a_byte_order_mark_is_no_fault() -> None:
    assert list(events("", NY, START, END)) == []
    text = "\ufeff" + calendar("DTSTART:20270302T090000Z\nDTEND:20270302T170000Z")
    assert (check(text), spans(text)) == ([], ["02 09:00-17:00"])


instants = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)).map(
    lambda at: at.replace(second=0, microsecond=0)
)
titles = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1).map(
    str.strip
)
shifts = st.tuples(titles.filter(bool), instants, st.integers(1, 5_000)).map(
    lambda one: (one[0], one[1], one[1] + timedelta(minutes=one[2]))
)


@given(st.lists(shifts, max_size=6), instants, st.integers(1, 90))
def test_a_feed_reads_back_equal_in_any_window(
    given_shifts: list[tuple[str, datetime, datetime]], start: datetime, days: int
) -> None:
    end = start + timedelta(days=days)
    text = feed(given_shifts, "Shifts", START)
    assert check(text) == []
    inside = {Event(*one) for one in given_shifts if one[1] < end and one[2] > start}
    found = list(events(text, SHANGHAI, start, end))
    assert set(found) == inside
    assert len(found) == len(inside)
    assert [one.start for one in found] == sorted(one.start for one in inside)


def test_a_feed_is_as_others_want_it() -> None:
    at = datetime(2027, 3, 1, 9, tzinfo=UTC)
    text = feed([("Li Wei", at, at + timedelta(hours=8))] * 2, "李伟, shifts", at)
    lines = text.split("\r\n")
    assert [line for line in lines if line.startswith(("NAME", "X-WR-CALNAME"))] == [
        r"NAME:李伟\, shifts",
        r"X-WR-CALNAME:李伟\, shifts",
    ]
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in lines
    assert lines.count("BEGIN:VEVENT") == 1
    assert {"DTSTART:20270301T090000Z", "DTEND:20270301T170000Z", "DTSTAMP:20270301T090000Z"} <= set(lines)
    assert all(len(line.encode()) <= 75 for line in lines)
    assert text == feed([("Li Wei", at, at + timedelta(hours=8))], "李伟, shifts", at), "the same each time"
    uid = next(line for line in lines if line.startswith("UID"))
    assert uid in feed(
        [("Bob", at, at + timedelta(hours=1)), ("Li Wei", at, at + timedelta(hours=8))], "x", END
    )


WHOLE = calendar(
    local(
        "20270301T090000", "20270301T170000", more="RRULE:FREQ=WEEKLY;BYDAY=MO,WE\nEXDATE:20270308T140000Z"
    ),
    "DTSTART;VALUE=DATE:20270313\nATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@acme.example",
    "DTSTART:20270313T090000\nDURATION:PT9H\nRRULE:FREQ=DAILY;COUNT=2;INTERVAL=3",
    above=VTIMEZONE,
).split("\r\n")


def dropped(lines: list[str], at: int) -> list[str]:
    return lines[:at] + lines[at + 1 :]


def swapped(lines: list[str], at: int) -> list[str]:
    return [*lines[:at], *reversed(lines[at : at + 2]), *lines[at + 2 :]]


def doubled(lines: list[str], at: int) -> list[str]:
    return lines[: at + 1] + lines[at:]


def cut(lines: list[str], at: int) -> list[str]:
    return [*lines[:at], lines[at][:-3], *lines[at + 1 :]]


def test_what_no_shift_comes_from_is_no_part_of_the_essence() -> None:
    alarm = "BEGIN:VALARM\nTRIGGER:-PT15M\nACTION:DISPLAY\nDESCRIPTION:now\nEND:VALARM"
    said = "DESCRIPTION:call me\n  at home\nLAST-MODIFIED:20260301T000000Z"
    todo = "BEGIN:VTODO\nUID:x\nSUMMARY:anna\nEND:VTODO\n"
    plain, told = calendar(DAY), calendar(f"{DAY}\n{said}\n{alarm}", above=todo)
    assert essence(plain) == essence(told) == essence(essence(told))
    assert essence(plain) == essence(plain.replace("DTSTAMP:20260101", "DTSTAMP:20260202"))
    assert "call" not in essence(told)
    assert essence(plain) != essence(plain.replace("SUMMARY:anna", "SUMMARY:bob"))
    folded = plain.replace("SUMMARY:anna", "SUMMARY:an\r\n na")
    assert essence(folded) == essence(plain)


edits = st.tuples(st.sampled_from([dropped, swapped, doubled, cut]), st.integers(0, len(WHOLE) - 2))


@given(st.lists(edits, min_size=1, max_size=3))
def test_a_damaged_calendar_never_raises_anything_but_its_own_error(
    changes: list[tuple[Callable[[list[str], int], list[str]], int]],
) -> None:
    lines = WHOLE
    for change, at in changes:
        lines = change(lines, min(at, len(lines) - 1))
    text = "\r\n".join(lines)
    faults = check(text)
    if is_calendar(text):
        found = list(events(text, NY, START, END))
        assert list(events(essence(text), NY, START, END)) == found
        assert people(essence(text)) == people(text)
    else:
        assert essence(text) == text
        assert faults
