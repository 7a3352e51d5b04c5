"""Duties one by one, for files that people take away."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import CaseRow, DeadlineRow, MessageRow, PersonRow, ReplyRow
from bot.domain.duty_rows import DutyRow

_BATCH = 1000


def duties(tx: Session, store: str | None, start: datetime | None, end: datetime | None) -> Iterator[DutyRow]:
    """Counted duties of [start, end) in the order in which their clocks started."""
    query = (
        select(
            DeadlineRow.case,
            DeadlineRow.store,
            CaseRow.marketplace,
            MessageRow.topic,
            DeadlineRow.anchor,
            DeadlineRow.due_at,
            DeadlineRow.answered_at,
            DeadlineRow.state,
            DeadlineRow.late_on_arrival,
            DeadlineRow.closed_by,
        )
        .join(MessageRow, MessageRow.id == DeadlineRow.message)
        .join(CaseRow, CaseRow.number == MessageRow.case)
        .where(DeadlineRow.counted)
        .order_by(DeadlineRow.anchor, DeadlineRow.message)
        .execution_options(yield_per=_BATCH)
    )
    for wanted in (
        None if store is None else DeadlineRow.store == store,
        None if start is None else DeadlineRow.anchor >= start,
        None if end is None else DeadlineRow.anchor < end,
    ):
        query = query if wanted is None else query.where(wanted)
    for batch in tx.execute(query).mappings().partitions(_BATCH):
        replies = _replies(tx, [row["closed_by"] for row in batch])
        for row in batch:
            closed_by = row["closed_by"] or ""
            person, template = replies.get(closed_by, (_marked_by(closed_by), None))
            known = {key: value for key, value in row.items() if key != "closed_by"}
            yield DutyRow(**known, answered_by=person, template=template)


def _replies(tx: Session, closed_by: Sequence[str | None]) -> dict[str, tuple[str | None, str | None]]:
    """By `reply:88`: who wrote it, and from which template."""
    numbers = [int(one.partition(":")[2]) for one in closed_by if one and one.startswith("reply:")]
    rows = tx.execute(select(ReplyRow.id, ReplyRow.author, ReplyRow.template).where(ReplyRow.id.in_(numbers)))
    return {f"reply:{number}": (author, template) for number, author, template in rows}


def _marked_by(closed_by: str) -> str | None:
    """`person:U0ANNA:1764061200`: no response needed. A copy was typed in Seller Central by nobody knows whom."""
    kind, _, who = closed_by.partition(":")
    return {"person": who.partition(":")[0], "copy": "Seller Central"}.get(kind)


def agent_keys(tx: Session) -> dict[str, str]:
    """Slack id -> the agent's key in the settings."""
    rows = tx.execute(select(PersonRow.person, PersonRow.agent).where(PersonRow.agent.is_not(None)))
    return {person: agent for person, agent in rows if agent is not None}
