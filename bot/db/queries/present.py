"""What stands at this moment: which cases owe an answer, how urgent they are, and who answered today."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, false, func, null, select, true
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session

from bot.db.queries.figures import epoch, is_open, reply_id
from bot.db.tables import CaseRow, DeadlineRow, ReplyRow
from bot.domain import sla


def answered_since(
    tx: Session, since: Mapping[str, datetime], now: datetime
) -> Mapping[str, tuple[int, list[int]]]:
    """By author: replies that answered duties of stores, each since its own instant and until `now`, and their times.

    Times are seconds. Answers to messages that came too late count as replies; how long they took does not.
    """
    duty, reply = DeadlineRow.__table__.c, ReplyRow.__table__.c
    took = epoch(duty.answered_at) - epoch(duty.anchor)
    seconds = sql_case((~duty.late_on_arrival, took), else_=null())
    by_store = sql_case(
        *((and_(duty.store == store, duty.answered_at >= at), true()) for store, at in since.items()),
        else_=false(),
    )
    rows = tx.execute(
        select(reply.author, reply.id, seconds)
        .select_from(DeadlineRow.__table__)
        .join(ReplyRow.__table__, reply.id == reply_id())
        .where(duty.counted, duty.answered_at.between(min(since.values()), now), by_store)
    )
    found: dict[str, tuple[set[int], list[int]]] = defaultdict(lambda: (set(), []))
    for author, number, lasted in rows:
        replies, times = found[author]
        replies.add(number)
        if lasted is not None:
            times.append(lasted)
    return {author: (len(replies), times) for author, (replies, times) in found.items()}


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
    # Not joined: for very many open cases PostgreSQL would read all cases there ever were.
    assignee = select(CaseRow.assignee).where(CaseRow.number == due.c.case).scalar_subquery()
    rows = select(assignee.label("assignee"), band).select_from(due).subquery()
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
    case, due_at = DeadlineRow.case + 0, func.min(DeadlineRow.due_at)
    due = (
        select(case.label("case"), due_at.label("due_at"))
        .where(is_open(), DeadlineRow.due_at <= now + RISK, *_of(store))
        .group_by(case)
        .order_by(due_at, case)
        .limit(limit)
        .subquery()
    )
    query = (
        select(CaseRow, due.c.due_at)
        .join(due, due.c.case == CaseRow.number)
        .order_by(due.c.due_at, CaseRow.number)
    )
    return [(row, at) for row, at in tx.execute(query)]
