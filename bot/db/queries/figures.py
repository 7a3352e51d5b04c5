"""Figures out of the raw rows: how counted duties ended, by local day and one or more dimensions.

The definitions are those of domain/sla.py; nothing here reads the summed days. With `as_of`, what happened later
is left out, as far as rows tell: of excused duties and of answers that came back they do not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy import case as sql_case
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.functions import GenericFunction

from bot.db.tables import CaseRow, DeadlineRow, LedgerRow, MessageRow, ReplyRow
from bot.domain import sla, zones
from bot.domain.outcomes import SILENCE
from bot.domain.sla import Day, Fact

_HOUR, _DAY = 3600, 86_400
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
class Stretch:
    """Which duties are looked at: of `store`, that came in on `days` (oldest first), as they stood at `now`.

    `as_of` is the same as `now` where the past is asked for, else None. `today` is the store's last midnight,
    `zone` what its days and hours are those of.
    """

    store: str
    zone: str
    days: Sequence[Day]
    now: datetime
    today: datetime
    as_of: datetime | None = None


def _spans(days: Sequence[Day]) -> list[tuple[datetime, datetime]]:
    """The days as instants, those that touch in one."""
    found: list[tuple[datetime, datetime]] = []
    for one in days:
        if found and found[-1][1] == one.start:
            found[-1] = (found[-1][0], one.end)
        else:
            found.append((one.start, one.end))
    return found


def _within(stretch: Stretch) -> ColumnElement[bool]:
    came_in = [
        and_(DeadlineRow.anchor >= start, DeadlineRow.anchor < end) for start, end in _spans(stretch.days)
    ]
    until = [DeadlineRow.anchor <= stretch.as_of] if stretch.as_of else []
    return and_(DeadlineRow.counted, DeadlineRow.store == stretch.store, or_(*came_in), *until)


def _wall(stretch: Stretch) -> ColumnElement[int]:
    """When the duty came in as the store's clocks showed it, in seconds from 1970."""
    start, end = stretch.days[0].start, stretch.days[-1].end
    offsets = zones.offsets(stretch.zone, start, end)
    earlier, newest = offsets[:-1], offsets[-1]
    until = [
        (DeadlineRow.anchor < offsets[place + 1][0], offset) for place, (_since, offset) in enumerate(earlier)
    ]
    offset = sql_case(*until, else_=newest[1]) if until else literal(newest[1])
    return epoch(DeadlineRow.anchor) + offset


def _outcome(as_of: datetime | None) -> ColumnElement[str]:
    state: ColumnElement[str] = DeadlineRow.state.expression
    if as_of is not None:
        state = sql_case((DeadlineRow.answered_at > as_of, "open"), else_=DeadlineRow.state)
    return sql_case((DeadlineRow.late_on_arrival, sla.LATE_ON_ARRIVAL), else_=state)


def _value(by: str, stretch: Stretch) -> ColumnElement[Any]:
    """The duty's value in a dimension of `sla.DIMENSIONS`; "" where it has none."""
    answered = DeadlineRow.state.in_(("met", "missed"))
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
    not_first = (
        select(other.message)
        .join(others, others.id == other.message)
        .where(others.case == MessageRow.case, before)
        .exists()
    )
    again = aliased(MessageRow)
    in_time = epoch(again.received_at) <= epoch(DeadlineRow.answered_at) + int(SILENCE.total_seconds())
    known = [again.received_at <= stretch.as_of] if stretch.as_of else []
    wrote_again = (
        select(again.id)
        .where(again.case == MessageRow.case, again.received_at > DeadlineRow.answered_at, in_time, *known)
        .exists()
    )
    return sql_case(
        (not_first, null()),
        (wrote_again, sla.UNRESOLVED),
        (DeadlineRow.answered_at < stretch.today - SILENCE, sla.RESOLVED),
        else_=sla.UNDECIDED,
    )


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


def _bucket(seconds: ColumnElement[int]) -> ColumnElement[int]:
    """`sla.bucket` in SQL."""
    steps = []
    for most, width in sla.STEPS:
        edge = (seconds + (width - 1)) // width * width
        steps.append((seconds <= most, sql_case((seconds <= 0, width), else_=edge)))
    return sql_case(*steps, else_=sla.BEYOND)


def _endings(stretch: Stretch, dimensions: Sequence[str]) -> FromClause:
    """A row for each duty that ended, or came too late."""
    outcome = _outcome(stretch.as_of)
    counts = and_(~DeadlineRow.late_on_arrival, outcome.in_(("met", "missed")))
    took = epoch(DeadlineRow.answered_at) - epoch(DeadlineRow.anchor)
    query = select(
        (_wall(stretch) // _DAY).label("day"),
        *(_value(by, stretch).label(f"value_{place}") for place, by in enumerate(dimensions)),
        outcome.label("outcome"),
        sql_case((counts, took), else_=null()).label("seconds"),
        sql_case((counts, _contact(stretch)), else_=null()).label("contact"),
        sql_case((counts, _taken_at()), else_=null()).label("taken_at"),
        DeadlineRow.answered_at.label("answered_at"),
    )
    return _joined(query, dimensions).where(_within(stretch), outcome != "open").subquery()


@dataclass(frozen=True, slots=True)
class Ending:
    """Duties of one day that ended alike, and their values in the dimensions asked for.

    `undecided_from`: the earliest answer among those whose first contact is undecided.
    """

    day: date
    values: tuple[str, ...]
    fact: Fact
    undecided_from: datetime | None = None


def endings(tx: Session, stretch: Stretch, dimensions: Sequence[str]) -> list[Ending]:
    """How the duties of the stretch ended; open ones are not in it."""
    if not stretch.days:
        return []
    rows = _endings(stretch, dimensions)
    handled = epoch(rows.c.answered_at) - epoch(rows.c.taken_at)
    took = sql_case((rows.c.seconds.is_not(None), _bucket(rows.c.seconds)), else_=null()).label("took")
    keys = [rows.c.day, *(rows.c[f"value_{place}"] for place in range(len(dimensions))), rows.c.outcome]
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
    outcome, took, contact, count, seconds, handled, handle_seconds, undecided = row[1 + dimensions :]
    fact = Fact(outcome, took, contact, count, int(seconds), handled, int(handle_seconds))
    return Ending(_date(row[0]), row[1 : 1 + dimensions], fact, undecided)


def open_ones(tx: Session, stretch: Stretch, dimension: str) -> list[Ending]:
    """The duties of the stretch that are open, as overdue or waiting; of those that came too late none."""
    is_open = DeadlineRow.state == "open"
    if stretch.as_of is not None:
        is_open = or_(is_open, DeadlineRow.answered_at > stretch.as_of)
    outcome = sql_case((DeadlineRow.due_at < stretch.now, "overdue"), else_="waiting").label("outcome")
    day = (_wall(stretch) // _DAY).label("day")
    rows = select(day, _value(dimension, stretch).label("value"), outcome)
    alike = (
        _joined(rows, [dimension]).where(_within(stretch), is_open, ~DeadlineRow.late_on_arrival).subquery()
    )
    query = select(alike.c.day, alike.c.value, alike.c.outcome, func.count()).group_by(*alike.c)
    return [Ending(_date(row[0]), (row[1],), Fact(row[2], count=row[3])) for row in tx.execute(query)]


def _date(number: int) -> date:
    return _FIRST_DAY + timedelta(days=number)


def answered_since(tx: Session, store: str, since: datetime) -> Mapping[str, tuple[int, dict[int, int]]]:
    """By author: how many replies answered duties since an instant, and how long those took, by bucket.

    Answers to messages that came too late count as replies; how long they took does not.
    """
    took = _bucket(epoch(DeadlineRow.answered_at) - epoch(DeadlineRow.anchor))
    bucket = sql_case((~DeadlineRow.late_on_arrival, took), else_=null()).label("bucket")
    rows = (
        select(ReplyRow.id, ReplyRow.author, bucket)
        .select_from(DeadlineRow)
        .join(ReplyRow, ReplyRow.id == reply_id())
        .where(DeadlineRow.store == store, DeadlineRow.answered_at >= since, DeadlineRow.counted)
        .subquery()
    )
    replies = select(rows.c.author, func.count(rows.c.id.distinct())).group_by(rows.c.author)
    found: dict[str, tuple[int, dict[int, int]]] = {
        author: (count, {}) for author, count in tx.execute(replies)
    }
    times = select(rows.c.author, rows.c.bucket, func.count()).group_by(rows.c.author, rows.c.bucket)
    for author, edge, count in tx.execute(times.where(rows.c.bucket.is_not(None))):
        found[author][1][edge] = count
    return found


@dataclass(frozen=True, slots=True)
class Queue:
    """The open cases that owe an answer: how many, by time left, and how many of them each person has."""

    cases: int
    unclaimed: int
    by_time_left: tuple[int, ...]
    by_person: Mapping[str, int]


def queue(tx: Session, store: str | None, now: datetime) -> Queue:
    """The queue of one store, or of all, also of what belongs to none. A case counts by its earliest duty."""
    mine = [DeadlineRow.store == store] if store else []
    due = (
        select(DeadlineRow.case.label("case"), func.min(DeadlineRow.due_at).label("due_at"))
        .where(DeadlineRow.state == "open", *mine)
        .group_by(DeadlineRow.case)
        .subquery()
    )
    edges = [now + band for band in sla.BANDS[:-1]]
    later = [(due.c.due_at <= edge, place) for place, edge in enumerate(edges, start=1)]
    band = sql_case((due.c.due_at < now, 0), *later, else_=len(sla.BANDS)).label("band")
    rows = select(CaseRow.assignee, band).join(due, due.c.case == CaseRow.number).subquery()
    counts = [0] * (len(sla.BANDS) + 1)
    people: dict[str | None, int] = {}
    query = select(rows.c.assignee, rows.c.band, func.count()).group_by(rows.c.assignee, rows.c.band)
    for assignee, place, count in tx.execute(query):
        counts[place] += count
        people[assignee] = people.get(assignee, 0) + count
    unclaimed = people.pop(None, 0)
    return Queue(sum(counts), unclaimed, tuple(counts), {who: n for who, n in people.items() if who})


RISK = timedelta(hours=3)


def at_risk(tx: Session, store: str | None, now: datetime, limit: int) -> list[tuple[CaseRow, datetime]]:
    """The cases that are overdue or due within 3 h, the most urgent first, at most `limit` of them."""
    due = func.min(DeadlineRow.due_at)
    mine = [DeadlineRow.store == store] if store else []
    query = (
        select(CaseRow, due)
        .join(DeadlineRow, DeadlineRow.case == CaseRow.number)
        .where(DeadlineRow.state == "open", DeadlineRow.due_at <= now + RISK, *mine)
        .group_by(CaseRow.number)
        .order_by(due, CaseRow.number)
        .limit(limit)
    )
    return [(row, at) for row, at in tx.execute(query)]
