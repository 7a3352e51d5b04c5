"""Looking at typed messages, for card, thread and /case; nothing is changed."""

from sqlalchemy.orm import Session

from bot.db.queries import orders as order_queries
from bot.db.queries import typed as queries
from bot.db.tables import CaseRow
from bot.desk.orders import keeps_out
from bot.domain.typed_messages import MessageKind
from bot.domain.typed_snapshots import NOT_LEFT, TypedSnapshot


def of_case(tx: Session, case: CaseRow, *members: int) -> tuple[TypedSnapshot, ...]:
    """What was sent or was to be sent about the orders of a case, and of those merged into it, oldest first."""
    rows = queries.of_cases(tx, case.number, *members)
    if not rows:
        return ()
    files = queries.files_of(tx, *(row.id for row in rows))
    locks = {store: lock.since for store, lock in order_queries.locked_out(tx).items() if keeps_out(lock)}
    return tuple(
        TypedSnapshot(
            id=row.id,
            case=row.case,
            kind=MessageKind(row.kind),
            order_id=row.order_id,
            marketplace=row.marketplace,
            author=row.author,
            state=row.state,
            text=row.text,
            files=tuple((name, size) for name, _type, size in files.get(row.id, ())),
            covers_from=row.covers_from,
            covers_until=row.covers_until,
            created_at=row.created_at,
            not_before=row.not_before,
            attempts=row.attempts,
            accepted_at=row.accepted_at,
            ended_at=row.ended_at,
            code=row.code,
            reason=row.reason or "",
            request_id=row.request_id,
            locked_since=locks.get(row.store) if row.state in NOT_LEFT else None,
        )
        for row in rows
    )
