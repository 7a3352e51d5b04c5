"""What stands at this moment: which cases owe an answer, how urgent they are, and who answered today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, false, func, null, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session

from bot.db.queries.figures import bucket_of, epoch, is_open, reply_id
from bot.db.tables import CaseRow, DeadlineRow, ReplyRow
from bot.domain import sla


def answered_since(tx: Session, since: Mapping[str, datetime]) -> Mapping[str, tuple[int, dict[int, int]]]:
    """By author: how many replies answered duties of stores, each since its own instant, and how long those took.

    Times are by bucket. Answers to messages that came too late count as replies; how long they took does not.
    """
    took = bucket_of(epoch(DeadlineRow.answered_at) - epoch(DeadlineRow.anchor))
    bucket = sql_case((~DeadlineRow.late_on_arrival, took), else_=null()).label("bucket")
    by_store = sql_case(
        *((DeadlineRow.store == store, DeadlineRow.answered_at >= at) for store, at in since.items()),
        else_=false(),
    )
    rows = (
        select(ReplyRow.id, ReplyRow.author, bucket)
        .select_from(DeadlineRow)
        .join(ReplyRow, ReplyRow.id == reply_id())
        .where(DeadlineRow.counted, DeadlineRow.answered_at >= min(since.values()), by_store)
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


def _of(store: str | None) -> list[ColumnElement[bool]]:
    # Not the bare column: of what is open there is little, of what came in at one store there is much.
    return [func.coalesce(DeadlineRow.store, "") == store] if store else []


@dataclass(frozen=True, slots=True)
class Queue:
    """The open cases that owe an answer: how many, by time left, and how many of them each person has."""

    cases: int
    unclaimed: int
    by_time_left: tuple[int, ...]
    by_person: Mapping[str, int]


def queue(tx: Session, store: str | None, now: datetime) -> Queue:
    """The queue of one store, or of all, also of what belongs to none. A case counts by its earliest duty."""
    case = DeadlineRow.case + 0  # Grouped by the column itself, SQLite walks through all that ever was open.
    due = (
        select(case.label("case"), func.min(DeadlineRow.due_at).label("due_at"))
        .where(is_open(), *_of(store))
        .group_by(case)
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
    query = (
        select(CaseRow, due)
        .join(DeadlineRow, DeadlineRow.case == CaseRow.number)
        .where(is_open(), DeadlineRow.due_at <= now + RISK, *_of(store))
        .group_by(CaseRow.number)
        .order_by(due, CaseRow.number)
        .limit(limit)
    )
    return [(row, at) for row, at in tx.execute(query)]
