"""Counted messages by the store-local day, and by any other span, on which they came in. Late on arrival: in none."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session

from bot.db.queries.figures import epoch
from bot.db.tables import DeadlineRow
from bot.domain import zones
from bot.domain.deadlines import EXCUSED, LIMIT, MET, MISSED, OPEN
from bot.domain.streaks import Counts, Day

_DAY = timedelta(days=1)


def days_of(tx: Session, store: str, zone: str, first: date, until: date, now: datetime) -> list[Day]:
    """Each day of [first, until) by the clocks of `zone`, in order, as its messages stand at `now`."""
    days = [first + number * _DAY for number in range(max(0, (until - first).days))]
    edges = [zones.day_at(day, zone) for day in (*days, until)]
    counts = counts_of(tx, store, edges, now)
    return [Day(day, one) for day, one in zip(days, counts, strict=True)]


def counts_of(tx: Session, store: str, edges: Sequence[datetime], now: datetime) -> list[Counts]:
    """The counts of each span between two neighbouring `edges` (instants in order), half-open."""
    if len(edges) < 2:
        return []
    whens = [(DeadlineRow.anchor < end, place) for place, end in enumerate(edges[1:])]
    spans = sql_case(*whens)
    state, due = DeadlineRow.state, DeadlineRow.due_at
    is_answered = state.in_((MET, MISSED)) & DeadlineRow.answered_at.is_not(None)
    took = epoch(DeadlineRow.answered_at) - epoch(DeadlineRow.anchor)
    rows = tx.execute(
        select(
            spans.label("span"),
            func.count().filter(state == MET),
            func.count().filter(state == MISSED),
            func.count().filter(and_(state == OPEN, due < now)),
            func.count().filter(and_(state == OPEN, due >= now)),
            func.count().filter(state == EXCUSED),
            func.coalesce(func.sum(took).filter(is_answered, took > 0), 0),
        )
        .where(
            DeadlineRow.store == store,
            DeadlineRow.counted,
            ~DeadlineRow.late_on_arrival,
            DeadlineRow.anchor >= edges[0],
            DeadlineRow.anchor < edges[-1],
        )
        .group_by("span")
    )
    found = {row[0]: Counts(*(int(value) for value in row[1:])) for row in rows}
    return [found.get(place, Counts()) for place in range(len(edges) - 1)]


def came_in(tx: Session, store: str, spans: Sequence[tuple[datetime, datetime]]) -> list[int]:
    """How many messages that owe an answer, or did, came in in each of these half-open spans."""
    owed = and_(
        DeadlineRow.store == store,
        DeadlineRow.counted,
        ~DeadlineRow.late_on_arrival,
        DeadlineRow.state != EXCUSED,
    )
    counts = (
        select(func.count()).where(owed, DeadlineRow.anchor >= start, DeadlineRow.anchor < end)
        for start, end in spans
    )
    return list(tx.execute(select(*(one.scalar_subquery() for one in counts))).one())


def lost_since(tx: Session, store: str, since: Sequence[datetime], now: datetime) -> list[int]:
    """How many messages were lost from each of these instants to `now`: their 24 hours ended unanswered."""
    starts = [one - LIMIT for one in since]
    query = select(*(func.count().filter(DeadlineRow.anchor >= start) for start in starts)).where(
        DeadlineRow.store == store,
        DeadlineRow.counted,
        ~DeadlineRow.late_on_arrival,
        DeadlineRow.state.in_((MISSED, OPEN)),
        DeadlineRow.anchor >= min(starts),
        DeadlineRow.anchor < now - LIMIT,
    )
    return list(tx.execute(query).one())


def first_anchor(tx: Session, store: str) -> datetime | None:
    """When the first counted message of a store came in."""
    query = select(func.min(DeadlineRow.anchor)).where(
        DeadlineRow.store == store, DeadlineRow.counted, ~DeadlineRow.late_on_arrival
    )
    return tx.scalar(query)
