"""The summed spans: which of them count now, what they add up to, and how one is put in their place.

A span is summed by whoever holds the lock. The marks are deleted first and the duties read after: a change whose
mark was seen is in what is read, and the mark of one that commits later stays (READ COMMITTED; on SQLite there
is one writer). So a span without a mark is right, and one with a mark is read from its duties.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, insert, or_, select, text
from sqlalchemy.orm import Session

from bot.db.engine import IN_BINARY
from bot.db.queries.figures import Span, joined
from bot.db.tables_figures import DutyMarkRow, SpanFiguresRow, SummedSpanRow
from bot.domain import sla, sums
from bot.domain.sums import Part

_LOCK = 2428
_EVERY_BY = ("", *sla.DIMENSIONS)


def lock(tx: Session) -> None:
    """Let nobody else sum a span up until this transaction ends. SQLite's writing transactions exclude each other."""
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def at_one_instant(tx: Session) -> None:
    """Let all that this transaction reads be of one instant: on PostgreSQL each statement sees a newer one."""
    if tx.get_bind().dialect.name == "postgresql":
        tx.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def summed(tx: Session, zones: Mapping[str, str], since: datetime, now: datetime) -> dict[str, list[Span]]:
    """The spans from `since` that still count, by store (with its zone), the earliest first; none is empty."""
    table = SummedSpanRow.__table__.c
    rows = tx.execute(
        select(table.store, table.start, table.end, table.zone, table.changes_at)
        .where(table.store.in_(list(zones)), table.start >= since)
        .order_by(table.store, table.start)
    )
    found: dict[str, list[Span]] = {}
    for store, start, end, zone, changes_at in rows:
        if zone == zones[store] and (changes_at is None or now < changes_at):
            found.setdefault(store, []).append(Span(store, start, end))
    marked = _marked(tx, found)
    left = {store: [one for one in some if one not in marked] for store, some in found.items()}
    return {store: some for store, some in left.items() if some}


def _marked(tx: Session, spans: Mapping[str, Sequence[Span]]) -> set[Span]:
    """Which of these spans, in order, have a mark."""
    if not spans:
        return set()
    came_in = (
        and_(
            DutyMarkRow.store == store, DutyMarkRow.anchor >= some[0].start, DutyMarkRow.anchor < some[-1].end
        )
        for store, some in spans.items()
    )
    marks = tx.execute(select(DutyMarkRow.store, DutyMarkRow.anchor).where(or_(*came_in)).distinct())
    starts = {store: [one.start for one in some] for store, some in spans.items()}
    found = set()
    for store, anchor in marks:
        one = spans[store][bisect_right(starts[store], anchor) - 1]
        if anchor < one.end:
            found.add(one)
    return found


def parts(tx: Session, spans: Mapping[str, Sequence[Span]], by: str) -> list[tuple[Span, Part]]:
    """What these summed spans add up to in one dimension ("": all of it)."""
    wanted = {(one.store, one.start): one for some in spans.values() for one in some}
    if not wanted:
        return []
    table = SpanFiguresRow.__table__.c
    rows = tx.execute(
        select(table.store, table.start, table.names, table.counts, table.took).where(
            table.store.in_(list(spans)),
            table.by == by,
            table.start >= min(start for _store, start in wanted),
        ),
        execution_options={IN_BINARY: True},
    )
    return [
        (one, sums.unpacked(names, counts, took))
        for store, start, names, counts, took in rows
        if (one := wanted.get((store, start))) is not None
    ]


def begin(tx: Session, store: str, spans: Sequence[Span]) -> None:
    """Take marks and old figures of these spans (in order) away; what is read after it is to be put in their place."""
    times = joined(spans)
    came_in = or_(*(and_(DutyMarkRow.anchor >= one.start, DutyMarkRow.anchor < one.end) for one in times))
    tx.execute(delete(DutyMarkRow).where(DutyMarkRow.store == store, came_in))
    overlap = or_(*(and_(SummedSpanRow.start < one.end, SummedSpanRow.end > one.start) for one in times))
    gone = tx.scalars(select(SummedSpanRow.start).where(SummedSpanRow.store == store, overlap)).all()
    _delete(tx, store, gone)


def _delete(tx: Session, store: str, starts: Sequence[datetime]) -> None:
    tx.execute(
        delete(SpanFiguresRow).where(
            SpanFiguresRow.store == store, SpanFiguresRow.by.in_(_EVERY_BY), SpanFiguresRow.start.in_(starts)
        )
    )
    tx.execute(delete(SummedSpanRow).where(SummedSpanRow.store == store, SummedSpanRow.start.in_(starts)))


@dataclass(frozen=True, slots=True)
class SummedSpan:
    """What a span adds up to, by dimension, and when it will add up to something else by itself."""

    span: Span
    changes_at: datetime | None
    parts: Mapping[str, Part]


def put(tx: Session, zone: str, spans: Iterable[SummedSpan], now: datetime) -> None:
    """Store what these spans add up to, in the place of what `begin` took away."""
    every = list(spans)
    tx.execute(
        insert(SummedSpanRow),
        [
            {
                "store": one.span.store,
                "start": one.span.start,
                "end": one.span.end,
                "zone": zone,
                "changes_at": one.changes_at,
                "summed_at": now,
            }
            for one in every
        ],
    )
    rows = [_row(one.span, by, part) for one in every for by, part in one.parts.items()]
    if rows:
        tx.execute(insert(SpanFiguresRow), rows)


def _row(span: Span, by: str, part: Part) -> dict[str, object]:
    counts, took = sums.packed(part)
    return {
        "store": span.store,
        "by": by,
        "start": span.start,
        "names": list(part.values),
        "counts": counts,
        "took": took,
    }


def forget(tx: Session, store: str, before: datetime) -> None:
    """Drop what nobody reads any more: spans and marks of a store before an instant."""
    tx.execute(delete(DutyMarkRow).where(DutyMarkRow.store == store, DutyMarkRow.anchor < before))
    old = tx.scalars(
        select(SummedSpanRow.start).where(SummedSpanRow.store == store, SummedSpanRow.start < before)
    ).all()
    if old:
        _delete(tx, store, old)
