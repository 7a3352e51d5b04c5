"""What the breaker looks at: how replies of a store ended, and how many messages were answered in time."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, case, func, literal_column, select
from sqlalchemy.orm import Session

from bot.db.tables import CaseRow, DeadlineRow, ReplyRow
from bot.domain.breaker import Outcome, ending_of
from bot.domain.deadlines import LIMIT
from bot.domain.sla import Rate

STUCK_AFTER = 3
"""A reply that still waits after so many tries counts as one that did not leave."""

# In the words of the indexes: SQLite does not find one by parameters.
_ENDED_BADLY = ReplyRow.state.in_([literal_column(f"'{state}'") for state in ("failed", "unsure", "bounced")])
_ACCEPTED = ReplyRow.state == literal_column("'accepted'")
_WAITS = and_(
    ReplyRow.state.in_([literal_column(f"'{state}'") for state in ("held", "queued", "sending")]),
    ReplyRow.state == "queued",
    ReplyRow.attempts >= STUCK_AFTER,
)


def ended_badly(tx: Session, since: datetime) -> dict[str, int]:
    """How many replies of each store ended badly after an instant, or wait after several tries."""
    found: Counter[str] = Counter()
    # One statement an index: of a condition with "or" SQLite makes a walk through all replies.
    for which in (and_(_ENDED_BADLY, ReplyRow.ended_at > since), _WAITS):
        rows = tx.execute(
            select(CaseRow.store, func.count())
            .join(ReplyRow, ReplyRow.case == CaseRow.number)
            .where(which)
            .group_by(CaseRow.store)
        )
        found.update({store: count for store, count in rows if store is not None})
    return dict(found)


def outcomes(tx: Session, store: str, since: datetime) -> list[Outcome]:
    """How replies of the store ended after an instant, in the order in which that became known.

    A reply that a person said had arrived counts from when the mail server was asked.
    """
    found = []
    for is_so, at in (
        (_ACCEPTED, ReplyRow.accepted_at),
        (_ENDED_BADLY, ReplyRow.ended_at),
        (_WAITS, ReplyRow.taken_at),
    ):
        rows = tx.execute(
            select(ReplyRow.id, ReplyRow.state, ReplyRow.code, at.label("at"))
            .join(CaseRow, CaseRow.number == ReplyRow.case)
            .where(CaseRow.store == store, is_so, at > since)
        )
        found += [Outcome(row.at, row.id, ending_of(row.state, row.code)) for row in rows]
    return sorted(found, key=lambda one: (one.at, one.reply))


def _is_decided(store: str, start: datetime, end: datetime) -> Sequence[object]:
    """Counted messages of the store that were answered in time, or lost, in [start, end)."""
    in_time = (DeadlineRow.state == "met") & DeadlineRow.answered_at.between(start, end)
    lost = (
        DeadlineRow.state.in_(("missed", "open")) & (DeadlineRow.due_at >= start) & (DeadlineRow.due_at < end)
    )
    return (
        DeadlineRow.store == store,
        DeadlineRow.anchor >= start - LIMIT,
        DeadlineRow.anchor < end,
        DeadlineRow.counted,
        ~DeadlineRow.late_on_arrival,
        in_time | lost,
    )


def decided(tx: Session, store: str, start: datetime, end: datetime) -> Rate:
    """The messages of a store about which it was decided in [start, end) whether they were answered in time."""
    met = case((DeadlineRow.state == "met", 1), else_=0)
    query = select(func.coalesce(func.sum(met), 0), func.count()).where(*_is_decided(store, start, end))  # type: ignore[arg-type]  # conditions
    in_time, every = tx.execute(query).one()
    return Rate(int(in_time), int(every))


def lost(
    tx: Session, store: str, start: datetime, end: datetime, limit: int = 50
) -> list[tuple[int, datetime]]:
    """(message, when it was due) of those that were not answered in time, the newest of them, in order."""
    query = select(DeadlineRow.message, DeadlineRow.due_at).where(*_is_decided(store, start, end))  # type: ignore[arg-type]  # conditions
    rows = tx.execute(
        query.where(DeadlineRow.state != "met").order_by(DeadlineRow.due_at.desc()).limit(limit)
    )
    return sorted(((row.message, row.due_at) for row in rows), key=lambda one: (one[1], one[0]))
