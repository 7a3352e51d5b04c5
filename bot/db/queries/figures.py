"""Figures out of the raw rows: how counted duties ended, by local day and one or more dimensions.

The definitions are those of domain/sla.py; nothing here reads the summed days. With `as_of`, what happened later
is left out, as far as rows tell: of excused duties and of answers that came back they do not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    SQLColumnExpression,
    String,
    and_,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy import case as sql_case
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.functions import GenericFunction

from bot.db.tables import CaseRow, DeadlineRow, LedgerRow, MessageRow, ReplyRow
from bot.domain import sla
from bot.domain.outcomes import SILENCE
from bot.domain.sla import Fact

_QUARTER, _HOUR, _DAY = 900, 3600, 86_400
_FIRST_DAY = date(1970, 1, 1)

_TAKEN = ("claimed", "assigned", "merged", "split_off")
"""What puts a case into the hands of who answers it; a merge or a split hands it on with another case."""


class epoch(GenericFunction[int]):  # noqa: N801 - stands in queries as SQL functions do
    """Seconds from 1970 of an instant, cut to the second."""

    type = BigInteger()
    inherit_cache = True


@compiles(epoch, "sqlite")
def _sqlite_epoch(element: epoch, compiler: Any, **more: Any) -> str:
    # Only as many characters as seconds need: SQLite rounds the rest to milliseconds, also up.
    return f"CAST(strftime('%s', substr({compiler.process(element.clauses, **more)}, 1, 19)) AS INTEGER)"


@compiles(epoch, "postgresql")
def _postgresql_epoch(element: epoch, compiler: Any, **more: Any) -> str:
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.clauses, **more)})) AS BIGINT)"


@dataclass(frozen=True, slots=True)
class Span:
    """Instants [start, end) at a store."""

    store: str
    start: datetime
    end: datetime


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same times in as few spans as can be; `spans` are of one store, in order and apart."""
    found: list[Span] = []
    for one in spans:
        if found and found[-1].end == one.start:
            found[-1] = Span(one.store, found[-1].start, one.end)
        else:
            found.append(one)
    return found


@dataclass(frozen=True, slots=True)
class Clocks:
    """What the clocks of a store show: (since when, seconds ahead of UTC), the earliest first.

    Of what came in before the first of them nothing is known. `today` is the store's last midnight.
    """

    offsets: Sequence[tuple[datetime, int]]
    today: datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which duties are looked at: those that came in in one of `spans`, as they stood at `now`.

    `as_of` is the same as `now` where the past is asked for, else None.
    """

    spans: Sequence[Span]
    clocks: Mapping[str, Clocks]
    now: datetime
    as_of: datetime | None = None


def _until(instant: SQLColumnExpression[Any], as_of: datetime | None) -> list[ColumnElement[bool]]:
    """That what happened then was known at `as_of`; nothing where it is not the past that is asked for."""
    return [instant <= as_of] if as_of else []


def _within(stretch: Stretch) -> ColumnElement[bool]:
    came_in = (
        and_(DeadlineRow.store == one.store, DeadlineRow.anchor >= one.start, DeadlineRow.anchor < one.end)
        for one in stretch.spans
    )
    return and_(DeadlineRow.counted, or_(*came_in), *_until(DeadlineRow.anchor, stretch.as_of))


def count(tx: Session, span: Span) -> int:
    """How many duties came in in the span."""
    came_in = DeadlineRow.anchor >= span.start, DeadlineRow.anchor < span.end
    return tx.scalar(select(func.count()).where(DeadlineRow.store == span.store, *came_in)) or 0


def _wall(stretch: Stretch) -> ColumnElement[int]:
    """When the duty came in as the store's clocks showed it, in seconds from 1970."""
    offset = sql_case(
        *(
            (and_(DeadlineRow.store == store, DeadlineRow.anchor >= since), seconds)
            for store, clocks in stretch.clocks.items()
            for since, seconds in reversed(clocks.offsets)
        )
    )
    return epoch(DeadlineRow.anchor) + offset


def _outcome(as_of: datetime | None) -> ColumnElement[str]:
    state: ColumnElement[str] = DeadlineRow.state.expression
    if as_of is not None:
        state = sql_case((DeadlineRow.answered_at > as_of, "open"), else_=DeadlineRow.state)
    return sql_case((DeadlineRow.late_on_arrival, sla.LATE_ON_ARRIVAL), else_=state)


def _value(by: str, stretch: Stretch) -> ColumnElement[Any]:
    """The duty's value in a dimension of `sla.DIMENSIONS`; "" where it has none."""
    answered = and_(DeadlineRow.state.in_(("met", "missed")), *_until(DeadlineRow.answered_at, stretch.as_of))
    match by:
        case "marketplace":
            return func.coalesce(CaseRow.marketplace, "")
        case "topic":
            return func.coalesce(MessageRow.topic, "")
        case "agent":
            copied = sql_case((DeadlineRow.closed_by.like("copy:%"), sla.SELLER_CENTRAL), else_="")
            return sql_case((answered, func.coalesce(ReplyRow.author, copied)), else_="")
        case "shift":
            return sql_case((answered, func.coalesce(DeadlineRow.shift, "")), else_="")
        case "hour":
            return cast(_wall(stretch) // _HOUR % 24, String)
        case _:
            return literal("")


def is_open() -> ColumnElement[bool]:
    """That the duty is open, in the words of the index of open duties: a plan that is kept for any state misses it."""
    return DeadlineRow.state == literal_column("'open'")


def reply_id() -> ColumnElement[int | None]:
    """The reply that answered the duty, None if none did."""
    number = cast(func.substr(DeadlineRow.closed_by, len("reply:") + 1), Integer)
    return sql_case((DeadlineRow.closed_by.like("reply:%"), number), else_=null())


def _joined(query: Select[Any], dimensions: Sequence[str]) -> Select[Any]:
    query = query.select_from(DeadlineRow).join(MessageRow, MessageRow.id == DeadlineRow.message)
    if "marketplace" in dimensions:
        query = query.join(CaseRow, CaseRow.number == MessageRow.case)
    if "agent" in dimensions:
        query = query.outerjoin(ReplyRow, ReplyRow.id == reply_id())
    return query


def _contact(stretch: Stretch) -> ColumnElement[str | None]:
    """What became of the first contact, where this answer was the first of the case that the message came to."""
    other, others = aliased(DeadlineRow), aliased(MessageRow)
    before = or_(
        other.answered_at < DeadlineRow.answered_at,
        and_(other.answered_at == DeadlineRow.answered_at, other.message < DeadlineRow.message),
    )
    not_first = _is_any(
        select(other.message)
        .join(others, others.id == other.message)
        .where(others.case == MessageRow.case, before)
    )
    again = aliased(MessageRow)
    in_time = epoch(again.received_at) <= epoch(DeadlineRow.answered_at) + int(SILENCE.total_seconds())
    known = _until(again.received_at, stretch.as_of)
    wrote_again = _is_any(
        select(again.id).where(
            again.case == MessageRow.case, again.received_at > DeadlineRow.answered_at, in_time, *known
        )
    )
    was_silence = or_(
        *(
            and_(DeadlineRow.store == store, DeadlineRow.answered_at < clocks.today - SILENCE)
            for store, clocks in stretch.clocks.items()
        )
    )
    return sql_case(
        (not_first, null()),
        (wrote_again, sla.UNRESOLVED),
        (was_silence, sla.RESOLVED),
        else_=sla.UNDECIDED,
    )


def _is_any(rows: Select[Any]) -> ColumnElement[bool]:
    """Whether there is such a row of the case. Not EXISTS: for many duties PostgreSQL would hash all cases for it."""
    return rows.limit(1).scalar_subquery().is_not(None)


def _taken_at() -> ColumnElement[datetime | None]:
    """When the case was last claimed or assigned before the answer; None if it never was, or no reply answered."""
    return sql_case(
        (
            DeadlineRow.closed_by.like("reply:%"),
            select(func.max(LedgerRow.at))
            .where(
                LedgerRow.case == MessageRow.case,
                LedgerRow.what.in_(_TAKEN),
                LedgerRow.at < DeadlineRow.answered_at,
            )
            .scalar_subquery(),
        ),
        else_=null(),
    )


def bucket_of(seconds: ColumnElement[int]) -> ColumnElement[int]:
    """`sla.bucket` in SQL."""
    steps = []
    for most, width in sla.STEPS:
        edge = (seconds + (width - 1)) // width * width
        steps.append((seconds <= most, sql_case((seconds <= 0, width), else_=edge)))
    return sql_case(*steps, else_=sla.BEYOND)


def _endings(stretch: Stretch, dimensions: Sequence[str], when: ColumnElement[int]) -> FromClause:
    """A row for each duty that ended, or came too late."""
    outcome = _outcome(stretch.as_of)
    counts = and_(~DeadlineRow.late_on_arrival, outcome.in_(("met", "missed")))
    took = epoch(DeadlineRow.answered_at) - epoch(DeadlineRow.anchor)
    query = select(
        DeadlineRow.store.label("store"),
        when.label("at"),
        *(_value(by, stretch).label(f"value_{place}") for place, by in enumerate(dimensions)),
        outcome.label("outcome"),
        sql_case((counts, took), else_=null()).label("seconds"),
        sql_case((counts, _contact(stretch)), else_=null()).label("contact"),
        sql_case((counts, _taken_at()), else_=null()).label("taken_at"),
        DeadlineRow.answered_at.label("answered_at"),
    )
    rows = _joined(query, dimensions).where(_within(stretch), outcome != "open").cte("endings")
    # Else PostgreSQL looks each contact up again wherever it is named.
    return rows.prefix_with("MATERIALIZED", dialect="postgresql")


@dataclass(frozen=True, slots=True)
class Ending:
    """Duties of a store that came in together and ended alike, and their values in the dimensions asked for.

    `at`: the day of the store's clock, counted from 1970, or the quarter of an hour, counted from then in UTC.
    `undecided_from`: the earliest answer among those whose first contact is undecided.
    """

    store: str
    at: int
    values: tuple[str, ...]
    fact: Fact
    undecided_from: datetime | None = None


def day_of(at: int) -> date:
    """The day that `Ending.at` counts."""
    return _FIRST_DAY + timedelta(days=at)


def quarter_of(at: int) -> datetime:
    """The instant at which the quarter of an hour begins that `Ending.at` counts."""
    return datetime.fromtimestamp(at * _QUARTER, UTC)


def endings(tx: Session, stretch: Stretch, dimension: str) -> list[Ending]:
    """How the duties of the stretch ended, by day; open ones are not in it."""
    return _grouped(tx, stretch, (dimension,), _wall(stretch) // _DAY) if stretch.spans else []


def endings_by_quarter(tx: Session, stretch: Stretch, dimensions: Sequence[str]) -> list[Ending]:
    """The same by quarters of an hour of UTC, of which days and hours of all zones are made."""
    return _grouped(tx, stretch, dimensions, epoch(DeadlineRow.anchor) // _QUARTER) if stretch.spans else []


def _grouped(
    tx: Session, stretch: Stretch, dimensions: Sequence[str], when: ColumnElement[int]
) -> list[Ending]:
    rows = _endings(stretch, dimensions, when)
    handled = epoch(rows.c.answered_at) - epoch(rows.c.taken_at)
    took = sql_case((rows.c.seconds.is_not(None), bucket_of(rows.c.seconds)), else_=null()).label("took")
    values = [rows.c[f"value_{place}"] for place in range(len(dimensions))]
    keys = [rows.c.store, rows.c.at, *values, rows.c.outcome]
    bucketed = select(
        *keys,
        took,
        rows.c.contact,
        rows.c.seconds,
        rows.c.taken_at,
        rows.c.answered_at,
        handled.label("handled"),
    ).subquery()
    groups = [bucketed.c[key.name] for key in keys] + [bucketed.c.took, bucketed.c.contact]
    query = select(
        *groups,
        func.count(),
        func.coalesce(func.sum(sql_case((bucketed.c.seconds > 0, bucketed.c.seconds), else_=0)), 0),
        func.count(bucketed.c.taken_at),
        func.coalesce(func.sum(bucketed.c.handled), 0),
        func.min(sql_case((bucketed.c.contact == sla.UNDECIDED, bucketed.c.answered_at), else_=null())),
    ).group_by(*groups)
    return [_ending(tuple(row), len(dimensions)) for row in tx.execute(query)]


def _ending(row: tuple[Any, ...], dimensions: int) -> Ending:
    outcome, took, contact, count, seconds, handled, handle_seconds, undecided = row[2 + dimensions :]
    fact = Fact(outcome, took, contact, count, int(seconds), handled, int(handle_seconds))
    return Ending(row[0], row[1], row[2 : 2 + dimensions], fact, undecided)


def open_ones(tx: Session, stretch: Stretch, dimension: str) -> list[Ending]:
    """The open duties of the stores, as overdue or waiting, by day; of those that came too late none."""
    was_open, by = is_open(), dimension
    if stretch.as_of is None and dimension in ("agent", "shift"):
        by = ""  # Nobody has answered them.
    if stretch.as_of is not None:
        later = or_(was_open, DeadlineRow.answered_at > stretch.as_of)
        was_open = and_(later, DeadlineRow.anchor <= stretch.as_of)
    outcome = sql_case((DeadlineRow.due_at < stretch.now, "overdue"), else_="waiting").label("outcome")
    day = (_wall(stretch) // _DAY).label("day")
    rows = select(DeadlineRow.store, day, _value(by, stretch).label("value"), outcome)
    if by not in ("", "hour"):
        rows = _joined(rows, [by])
    alike = rows.where(DeadlineRow.counted, was_open, ~DeadlineRow.late_on_arrival).subquery()
    # Those of other stores and times have no day. In the subquery it would lead away from the index of what is open.
    query = select(alike, func.count()).where(alike.c.day.is_not(None)).group_by(*alike.c)
    return [Ending(row[0], row[1], (row[2],), Fact(row[3], count=row[4])) for row in tx.execute(query)]
