"""The summed days: which of them count now, what they add up to, and how one is put in their place.

A day is summed by whoever holds the lock. The marks are deleted first and the duties read after: a change whose
mark was seen is in what is read, and the mark of one that commits later stays (READ COMMITTED; on SQLite there
is one writer). So a day without a mark is right, and one with a mark is read from its duties.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
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


def summed(tx: Session, store: str, days: Sequence[Day], now: datetime) -> set[date]:
    """Which of these days were summed up and still count."""
    if not days:
        return set()
    wanted = {one.day: one for one in days}
    rows = tx.execute(
        select(SummedDayRow.day, SummedDayRow.start, SummedDayRow.end, SummedDayRow.changes_at).where(
            SummedDayRow.store == store, SummedDayRow.day >= days[0].day, SummedDayRow.day <= days[-1].day
        )
    )
    found = {
        row.day
        for row in rows
        if row.day in wanted
        and (wanted[row.day].start, wanted[row.day].end) == (row.start, row.end)
        and (row.changes_at is None or now < row.changes_at)
    }
    return found - _marked(tx, store, [wanted[day] for day in sorted(found)])


def _marked(tx: Session, store: str, days: Sequence[Day]) -> set[date]:
    """Which of these days, in order, have a mark."""
    if not days:
        return set()
    marks = tx.scalars(
        select(DutyMarkRow.anchor)
        .where(
            DutyMarkRow.store == store,
            DutyMarkRow.anchor >= days[0].start,
            DutyMarkRow.anchor < days[-1].end,
        )
        .distinct()
    ).all()
    starts = [one.start for one in days]
    found = (days[bisect_right(starts, mark) - 1] for mark in marks)
    return {one.day for one, mark in zip(found, marks, strict=True) if mark < one.end}


def tallies(tx: Session, store: str, days: Iterable[date], by: str) -> list[tuple[date, str, Tally]]:
    """(day, value, what it adds up to) of these summed days in one dimension ("": whole days)."""
    wanted = sorted(days)
    if not wanted:
        return []
    table = DayFiguresRow.__table__.c
    rows = tx.execute(
        select(table.day, table.value, table.took, *(table[name] for name in _STORED)).where(
            table.store == store, table.by == by, table.day.in_(wanted)
        )
    )
    return [
        (row[0], row[1], Tally(**dict(zip(_STORED, row[3:], strict=True)), took=dict(row[2]))) for row in rows
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
