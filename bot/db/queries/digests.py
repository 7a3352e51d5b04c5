"""What digests count: the deadlines of a period, what stands open, the templates that were used."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.tables import CaseRow, DeadlineRow, MailboxRow, MessageRow, ReplyRow
from bot.domain.digests import TemplateUse
from bot.domain.sla import Duty


@dataclass(frozen=True, slots=True)
class Counted:
    """One counted deadline of a store, with the topic of its message."""

    duty: Duty
    topic: str | None


def counted(tx: Session, store: str, start: datetime, end: datetime) -> list[Counted]:
    """The counted deadlines whose messages came in [start, end), the earliest first."""
    rows = tx.execute(
        select(
            DeadlineRow.anchor,
            DeadlineRow.due_at,
            DeadlineRow.state,
            DeadlineRow.answered_at,
            DeadlineRow.late_on_arrival,
            MessageRow.topic,
        )
        .join(MessageRow, MessageRow.id == DeadlineRow.message)
        .where(DeadlineRow.counted, DeadlineRow.store == store)
        .where(DeadlineRow.anchor >= start, DeadlineRow.anchor < end)
        .order_by(DeadlineRow.anchor, DeadlineRow.message)
    )
    return [
        Counted(Duty(anchor, due, state, at, late), topic) for anchor, due, state, at, late, topic in rows
    ]


def waiting(tx: Session, now: datetime) -> dict[str, tuple[int, int]]:
    """(cases that owe an answer, how many of them are overdue) of each store that has any."""
    due = func.min(DeadlineRow.due_at).label("due")
    cases = (
        select(DeadlineRow.store, due)
        .where(DeadlineRow.state == "open", DeadlineRow.store.is_not(None))
        .group_by(DeadlineRow.store, DeadlineRow.case)
        .subquery()
    )
    rows = tx.execute(
        select(cases.c.store, func.count(), func.count().filter(cases.c.due < now)).group_by(cases.c.store)
    )
    return {store: (count, overdue) for store, count, overdue in rows}


def templates_used(tx: Session, periods: Iterable[tuple[str, datetime, datetime]]) -> list[TemplateUse]:
    """The templates of accepted replies of these (store, start, end), the most used first."""
    sent: dict[str, int] = {}
    edited: dict[str, int] = {}
    for store, start, end in periods:
        rows = tx.execute(
            select(ReplyRow.template, func.count(), func.count().filter(ReplyRow.edited > 0))
            .join(CaseRow, CaseRow.number == ReplyRow.case)
            .where(ReplyRow.template.is_not(None), ReplyRow.state == "accepted", CaseRow.store == store)
            .where(ReplyRow.accepted_at >= start, ReplyRow.accepted_at < end)
            .group_by(ReplyRow.template)
        )
        for name, count, changed in rows:
            sent[str(name)] = sent.get(str(name), 0) + count
            edited[str(name)] = edited.get(str(name), 0) + changed
    order = sorted(sent, key=lambda name: (-sent[name], name))
    return [TemplateUse(name, sent[name], edited[name]) for name in order]


def begun(tx: Session) -> dict[str, datetime]:
    """When each mailbox was read for the first time."""
    rows = tx.execute(select(MailboxRow.name, MailboxRow.started_at))
    return {name: at for name, at in rows}  # noqa: C416 - a row is no pair to mypy
