"""Amazon's notifications: when queues were read, and what is known of accounts."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.db.engine import insert_once
from bot.db.tables_notifications import AccountChangeRow, QueueRow
from bot.domain.notifications import StatusChange


def was_read(tx: Session, queue: str, now: datetime) -> None:
    """The queue answered."""
    maker = sqlite.insert if tx.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = maker(QueueRow).values(name=queue, read_at=now)
    tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"read_at": now}))


def read_at(tx: Session) -> Mapping[str, datetime]:
    """When each queue last answered."""
    return {row.name: row.read_at for row in tx.execute(select(QueueRow.name, QueueRow.read_at))}


def last_change(tx: Session, store: str) -> AccountChangeRow | None:
    """The newest change of the store's account, by Amazon's clock."""
    query = select(AccountChangeRow).where(AccountChangeRow.store == store)
    query = query.order_by(AccountChangeRow.at.desc(), AccountChangeRow.id.desc())
    return tx.scalars(query.limit(1)).one_or_none()


def add_change(
    tx: Session, store: str, change: StatusChange, at: datetime, now: datetime
) -> AccountChangeRow | None:
    """Write down a change that happened `at`; None if it was there already."""
    is_new = insert_once(
        tx,
        AccountChangeRow,
        notification=change.id,
        store=store,
        before=change.before,
        after=change.after,
        at=at,
        heard_at=now,
        subscription=change.origin.subscription,
    )
    if not is_new:
        return None
    query = select(AccountChangeRow).where(
        AccountChangeRow.notification == change.id, AccountChangeRow.store == store
    )
    return tx.scalars(query).one()
