"""Mails and mailbox positions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.engine import insert_once
from bot.db.tables import MailboxRow, MailRow


def mailbox(tx: Session, name: str) -> MailboxRow | None:
    """How far the mailbox was read; None before the first time."""
    return tx.get(MailboxRow, name)


def store_once(tx: Session, row: dict[str, object]) -> bool:
    """Store a mail under its key (mailbox, uidvalidity, uid); False if it is there already."""
    return insert_once(tx, MailRow.__table__, **row)  # type: ignore[arg-type]  # a declared table


def known_uids(tx: Session, mailbox: str, uidvalidity: int) -> set[str]:
    """Uids of the mails that were stored from this mailbox."""
    return set(
        tx.scalars(select(MailRow.uid).where(MailRow.mailbox == mailbox, MailRow.uidvalidity == uidvalidity))
    )


def new_ones(tx: Session, limit: int, mailbox: str | None = None) -> Sequence[MailRow]:
    """Mails that were stored and not yet taken in, oldest first, locked for this transaction."""
    query = select(MailRow).where(MailRow.state == "new")
    if mailbox is not None:
        query = query.where(MailRow.mailbox == mailbox)
    return tx.scalars(query.order_by(MailRow.id).limit(limit).with_for_update(skip_locked=True)).all()


def count_new(tx: Session) -> int:
    """How many mails wait to be taken in."""
    return tx.scalar(select(func.count()).select_from(MailRow).where(MailRow.state == "new")) or 0


def last_arrival(tx: Session, mailbox: str) -> datetime | None:
    """When the newest mail of this mailbox arrived."""
    return tx.scalar(select(func.max(MailRow.arrived_at)).where(MailRow.mailbox == mailbox))
