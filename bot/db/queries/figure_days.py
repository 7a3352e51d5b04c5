"""The summed days: which of them count now, what they add up to, and how one is put in their place.

A day is summed by whoever holds the lock. The marks are deleted first and the duties read after: a change whose
mark was seen is in what is read, and the mark of one that commits later stays (READ COMMITTED; on SQLite there
is one writer). So a day without a mark is right, and one with a mark is read from its duties.
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, delete, insert, or_, select, text
from sqlalchemy.orm import Session

from bot.db.tables_figures import DayFiguresRow, DutyMarkRow, SummedDayRow
from bot.domain.sla import Day, Tally

_LOCK = 2428
_STORED = tuple(name for name in Tally.__dataclass_fields__ if name not in ("overdue", "waiting", "took"))


def lock(tx: Session) -> None:
    """Let nobody else sum a day up until this transaction ends. SQLite's writing transactions exclude each other."""
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def at_one_instant(tx: Session) -> None:
    """Let all that this transaction reads be of one instant: on PostgreSQL each statement sees a newer one."""
    if tx.get_bind().dialect.name == "postgresql":
        tx.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def summed(tx: Session, days: Mapping[str, Sequence[Day]], now: datetime) -> dict[str, dict[date, Day]]:
    """Which of these days of stores (oldest first) were summed up and still count."""
    wanted = {(store, one.day): one for store, of_store in days.items() for one in of_store}
    if not wanted:
        return {}
    table = SummedDayRow.__table__.c
    first = min(day for _store, day in wanted)
    rows = tx.execute(
        select(table.store, table.day, table.start, table.end, table.changes_at)
        .where(table.store.in_(list(days)), table.day >= first)
        .order_by(table.store, table.day)
    )
    found: dict[str, dict[date, Day]] = {}
    for store, day, start, end, changes_at in rows:
        one = wanted.get((store, day))
        if one and (one.start, one.end) == (start, end) and (changes_at is None or now < changes_at):
            found.setdefault(store, {})[day] = one
    for store, day in _marked(tx, found):
        del found[store][day]
    return found


def _marked(tx: Session, days: Mapping[str, Mapping[date, Day]]) -> set[tuple[str, date]]:
    """Which of these days, in order, have a mark."""
    if not days:
        return set()
    every = {store: list(of_store.values()) for store, of_store in days.items()}
    came_in = (
        and_(
            DutyMarkRow.store == store, DutyMarkRow.anchor >= some[0].start, DutyMarkRow.anchor < some[-1].end
        )
        for store, some in every.items()
    )
    marks = tx.execute(select(DutyMarkRow.store, DutyMarkRow.anchor).where(or_(*came_in)).distinct())
    starts = {store: [one.start for one in some] for store, some in every.items()}
    found = set()
    for store, anchor in marks:
        one = every[store][bisect_right(starts[store], anchor) - 1]
        if anchor < one.end:
            found.add((store, one.day))
    return found


def tallies(tx: Session, days: Mapping[str, Collection[date]], by: str) -> list[tuple[str, date, str, Tally]]:
    """(store, day, value, what it adds up to) of these summed days in one dimension ("": whole days)."""
    if not days:
        return []
    table = DayFiguresRow.__table__.c
    first = min(min(of_store) for of_store in days.values())
    rows = tx.execute(
        select(table.store, table.day, table.value, table.took, *(table[name] for name in _STORED)).where(
            table.store.in_(list(days)), table.by == by, table.day >= first
        )
    )
    return [
        (row[0], row[1], row[2], Tally(**dict(zip(_STORED, row[4:], strict=True)), took=dict(row[3])))
        for row in rows
        if row[1] in days[row[0]]
    ]


def begin(tx: Session, store: str, days: Sequence[Day]) -> None:
    """Take marks and old figures of these days away; what is read from now on is to be put in their place."""
    came_in = or_(*(and_(DutyMarkRow.anchor >= one.start, DutyMarkRow.anchor < one.end) for one in days))
    tx.execute(delete(DutyMarkRow).where(DutyMarkRow.store == store, came_in))
    names = [one.day for one in days]
    tx.execute(delete(DayFiguresRow).where(DayFiguresRow.store == store, DayFiguresRow.day.in_(names)))
    tx.execute(delete(SummedDayRow).where(SummedDayRow.store == store, SummedDayRow.day.in_(names)))


@dataclass(frozen=True, slots=True)
class SummedDay:
    """What a day adds up to, by (dimension, value), and when it will add up to something else by itself."""

    day: Day
    changes_at: datetime | None
    tallies: Mapping[tuple[str, str], Tally]


def put(tx: Session, store: str, days: Sequence[SummedDay], now: datetime) -> None:
    """Store what these days add up to, in the place of what `begin` took away."""
    tx.execute(
        insert(SummedDayRow),
        [
            {
                "store": store,
                "day": one.day.day,
                "start": one.day.start,
                "end": one.day.end,
                "changes_at": one.changes_at,
                "summed_at": now,
            }
            for one in days
        ],
    )
    rows = [_row(store, one.day.day, *key, tally) for one in days for key, tally in one.tallies.items()]
    if rows:
        tx.execute(insert(DayFiguresRow), rows)


def _row(store: str, day: date, by: str, value: str, tally: Tally) -> dict[str, object]:
    took = [[edge, tally.took[edge]] for edge in sorted(tally.took)]
    counts = {name: getattr(tally, name) for name in _STORED}
    return {"store": store, "day": day, "by": by, "value": value, "took": took, **counts}


def forget(tx: Session, store: str, day: date, before: datetime) -> None:
    """Drop what nobody reads any more: days before `day`, and marks of what came in before the instant."""
    tx.execute(delete(DutyMarkRow).where(DutyMarkRow.anchor < before))
    tx.execute(delete(DayFiguresRow).where(DayFiguresRow.store == store, DayFiguresRow.day < day))
    tx.execute(delete(SummedDayRow).where(SummedDayRow.store == store, SummedDayRow.day < day))
