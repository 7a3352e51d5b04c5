"""What digests count beside figures: when messages came, what stands open, the templates that were used."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, func, literal_column, or_, select
from sqlalchemy.orm import Session

from bot.db.queries.figures import epoch, is_open
from bot.db.tables import CaseRow, DeadlineRow, MailboxRow, ReplyRow
from bot.domain.digests import TemplateUse


def arrivals(
    tx: Session, periods: Iterable[tuple[str, datetime, datetime]], step: timedelta
) -> list[tuple[str, datetime, int]]:
    """(store, when, counted messages that came in from then on for a step) of these (store, start, end).

    Those that came too late are in none. Steps are counted from 1970 in UTC.
    """
    seconds = int(step.total_seconds())
    came_in = or_(
        *(
            and_(DeadlineRow.store == store, DeadlineRow.anchor >= start, DeadlineRow.anchor < end)
            for store, start, end in periods
        )
    )
    place = (epoch(DeadlineRow.anchor) // seconds).label("place")
    rows = (
        select(DeadlineRow.store, place)
        .where(DeadlineRow.counted, ~DeadlineRow.late_on_arrival, came_in)
        .subquery()
    )
    query = select(rows.c.store, rows.c.place, func.count()).group_by(rows.c.store, rows.c.place)
    return [
        (store, datetime.fromtimestamp(number * seconds, UTC), count)
        for store, number, count in tx.execute(query)
    ]


def waiting(tx: Session, now: datetime) -> dict[str, tuple[int, int]]:
    """(cases that owe an answer, how many of them are overdue) of each store that has any."""
    due = func.min(DeadlineRow.due_at).label("due")
    cases = (
        select(DeadlineRow.store, due)
        .where(is_open(), DeadlineRow.store.is_not(None))
        .group_by(DeadlineRow.store, DeadlineRow.case)
        .subquery()
    )
    rows = tx.execute(
        select(cases.c.store, func.count(), func.count().filter(cases.c.due < now)).group_by(cases.c.store)
    )
    return {store: (count, overdue) for store, count, overdue in rows}


def templates_used(tx: Session, periods: Iterable[tuple[str, datetime, datetime]]) -> list[TemplateUse]:
    """The templates of accepted replies of these (store, start, end), the most used first."""
    spans = list(periods)
    at = ReplyRow.accepted_at
    of_stores = or_(*(and_(CaseRow.store == store, at >= start, at < end) for store, start, end in spans))
    rows = tx.execute(
        select(ReplyRow.template, func.count(), func.count().filter(ReplyRow.edited > 0))
        .join(CaseRow, CaseRow.number == ReplyRow.case)
        .where(ReplyRow.template.is_not(None), ReplyRow.state == literal_column("'accepted'"), of_stores)
        .where(
            at >= min(start for _store, start, _end in spans), at < max(end for _store, _start, end in spans)
        )
        .group_by(ReplyRow.template)
    )
    found = [TemplateUse(str(name), sent, edited) for name, sent, edited in rows]
    return sorted(found, key=lambda one: (-one.sent, one.name))


def begun(tx: Session) -> dict[str, datetime]:
    """When each mailbox was read for the first time."""
    rows = tx.execute(select(MailboxRow.name, MailboxRow.started_at))
    return {name: at for name, at in rows}  # noqa: C416 - a row is no pair to mypy
