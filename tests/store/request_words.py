"""The words of tests about requests: wishes in short, who is on before and after, what is stored and told.

Days are those of November 2026, times UTC: "26 01:00".
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import func, select

from bot.db.tables import LedgerRow, OutboxRow
from bot.db.tables_shifts import OverrideRow, ShiftRequestRow
from bot.desk import Desk
from bot.desk.shifts import Staff, staff_at
from bot.desk.wishes import Wish
from tests.world import START

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MIDNIGHT = START.replace(hour=0)
BOTH = ("nordlicht", "sunrise")
Change = tuple[str, str, str, str]
"""Person, store, from and until: "26 01:00" is a day of November and a time, UTC; - before who goes off."""


def at(text: str) -> datetime:
    """ "26 01:00": November 2026, UTC."""
    day, _, clock = text.partition(" ")
    hour, _, minute = clock.partition(":")
    return MIDNIGHT + (int(day) - START.day) * DAY + int(hour) * HOUR + int(minute) * MINUTE


def wish(kind: str, by: str, start: str, end: str, **more: object) -> Wish:
    spans = {name: at(str(more[name])) for name in ("other_start", "other_end") if name in more}
    return Wish(kind, by, at(start), at(end), **(more | spans))


def theirs(other: str, start: str, end: str) -> dict[str, str]:
    return {"other": other, "other_start": start, "other_end": end}


def staff(desk: Desk) -> Staff:
    with desk.database.reading() as tx:
        return staff_at(tx, desk, desk.now())


def row(desk: Desk, number: int) -> ShiftRequestRow:
    with desk.database.reading() as tx:
        return tx.get_one(ShiftRequestRow, number)


def told(desk: Desk) -> set[str]:
    """The keys of what waits to be told."""
    with desk.database.reading() as tx:
        return set(tx.scalars(select(OutboxRow.key)))


def stored(desk: Desk) -> list[int | None]:
    """How much there is of all that a request can leave behind."""
    tables = (ShiftRequestRow, OverrideRow, OutboxRow, LedgerRow)
    with desk.database.reading() as tx:
        return [tx.scalar(select(func.count()).select_from(table)) for table in tables]


def changed(before: Staff, after: Staff, until: str = "30 00:00") -> set[Change]:
    """Who is on, or no more, and when: looked at in the minutes around each edge, and between."""
    end = at(until)
    edges = {edge for view in (before, after) for one in view.table.shifts for edge in (one.start, one.end)}
    edges = sorted({edge for edge in edges if START - DAY < edge < end} | {START - DAY, after.now, end})
    found: list[tuple[str, str, datetime, datetime]] = []
    for start, stop in pairwise(edges):
        for store in BOTH:
            there = [difference(before, after, store, moment) for moment in (start, stop - MINUTE)]
            assert there[0] == there[1], f"something changes between {start} and {stop}"
            found += [(who, store, start, stop) for who in there[0]]
    return {(who, store, *shown) for who, store, *shown in joined(found)}


def difference(before: Staff, after: Staff, store: str, moment: datetime) -> set[str]:
    was, now = set(before.on(store, moment)), set(after.on(store, moment))
    return (now - was) | {f"-{one}" for one in was - now}


def joined(found: Iterable[tuple[str, str, datetime, datetime]]) -> list[Change]:
    whole: list[list] = []
    for who, store, start, end in sorted(found):
        if whole and whole[-1][:2] == [who, store] and whole[-1][3] == start:
            whole[-1][3] = end
        else:
            whole.append([who, store, start, end])
    return [(who, store, f"{start:%d %H:%M}", f"{end:%d %H:%M}") for who, store, start, end in whole]


def both(who: str, start: str, end: str) -> set[Change]:
    return {(who, store, start, end) for store in BOTH}


def overrides(desk: Desk) -> list[OverrideRow]:
    with desk.database.reading() as tx:
        return list(tx.scalars(select(OverrideRow).order_by(OverrideRow.id)))
