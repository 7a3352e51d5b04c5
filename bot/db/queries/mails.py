"""Mails and mailbox positions."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.db.tables import MailboxRow, MailRow


def mailbox(tx: Session, name: str) -> MailboxRow | None:
    """How far the mailbox was read; None before the first time."""
    return tx.get(MailboxRow, name)


def was_read(tx: Session, name: str, now: datetime) -> None:
    """Note that the mailbox was looked into, though nothing new may have been there."""
    tx.execute(update(MailboxRow).where(MailboxRow.name == name).values(read_at=now))


def store_all(tx: Session, rows: Sequence[dict[str, object]]) -> int:
    """Store mails under their keys (mailbox, uidvalidity, uid), each once; returns how many were new."""
    if not rows:
        return 0
    maker = sqlite.insert if tx.get_bind().dialect.name == "sqlite" else postgresql.insert
    stored = tx.scalars(maker(MailRow).values(list(rows)).on_conflict_do_nothing().returning(MailRow.id))
    return len(stored.all())


def stored_uids(tx: Session, mailbox: str, uidvalidity: int, since: datetime) -> set[int]:
    """Uids of the mails that were stored from this mailbox, as it is numbered now, since an instant."""
    query = select(MailRow.uid).where(
        MailRow.mailbox == mailbox, MailRow.uidvalidity == uidvalidity, MailRow.stored_at >= since
    )
    return set(tx.scalars(query))


def taken_before(tx: Session, rows: Sequence[MailRow]) -> dict[int, int | None]:
    """Which of these mails were taken in before, byte for byte, with the case of the first time.

    Of one whose bytes were purged, its id has to do, and that it was in the mailbox before we stored it.
    """
    named = {row.message_id: row for row in rows}
    earlier = tx.execute(
        select(MailRow.id, MailRow.mailbox, MailRow.message_id, MailRow.case, MailRow.stored_at).where(
            MailRow.message_id.in_(named), MailRow.state == "done"
        )
    ).all()
    found = {}
    for row in rows:
        for other in earlier:
            same_place = (other.message_id, other.mailbox) == (row.message_id, row.mailbox)
            if same_place and other.id != row.id and _is_same(tx, row, other.id, other.stored_at):
                found[row.id] = other.case
    return found


def _is_same(tx: Session, row: MailRow, other: int, stored_at: datetime) -> bool:
    known = _raw(tx, other)
    return row.arrived_at <= stored_at if known is None else known == _raw(tx, row.id)


def _raw(tx: Session, mail: int) -> bytes | None:
    return tx.scalar(select(MailRow.raw).where(MailRow.id == mail))


def count_new(tx: Session) -> int:
    """How many mails wait to be taken in."""
    return tx.scalar(select(func.count()).select_from(MailRow).where(MailRow.state == "new")) or 0
