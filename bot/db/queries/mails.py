"""Mails and mailbox positions."""

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


def same_bytes(tx: Session, row: MailRow) -> MailRow | None:
    """A mail of this mailbox that was taken in before and is the same byte for byte."""
    return tx.scalars(
        select(MailRow)
        .where(
            MailRow.message_id == row.message_id,
            MailRow.mailbox == row.mailbox,
            MailRow.state == "done",
            MailRow.id != row.id,
            MailRow.raw == row.raw,
        )
        .limit(1)
    ).one_or_none()


def count_new(tx: Session) -> int:
    """How many mails wait to be taken in."""
    return tx.scalar(select(func.count()).select_from(MailRow).where(MailRow.state == "new")) or 0


def last_arrival(tx: Session, mailbox: str) -> datetime | None:
    """When the newest mail of this mailbox arrived."""
    return tx.scalar(select(func.max(MailRow.arrived_at)).where(MailRow.mailbox == mailbox))
