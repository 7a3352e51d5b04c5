"""Test mails of our own: when one is due, when it has come. They become no case. Rules: domain/canary.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.clock import AHEAD
from bot.db.queries import switches
from bot.db.tables import MailRow
from bot.db.tables_ingest import CanaryRow
from bot.desk import Desk, automation
from bot.domain import canary
from bot.domain.audit import mailbox_of
from bot.domain.manual import Paused

_KIND = "canary"
_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Due:
    """A test mail that is to be sent now: its number, to which mailbox, and what its header says."""

    number: int
    mailbox: str
    token: str
    sent_at: datetime


def due(desk: Desk) -> list[Due]:
    """Record the test mails that are to be sent now, one a mailbox at most. Of two clocks at once, one gets each.

    None goes to a mailbox whose stores are all in manual mode.
    """
    now = desk.now()
    wanted = {name: box.canary for name, box in desk.settings.mailboxes.items() if box.canary is not None}
    if not wanted:
        return []
    with desk.database.writing() as tx:
        paused = automation.begin(tx)
        tx.execute(delete(CanaryRow).where(CanaryRow.sent_at < now - _KEPT))
        every = {
            name: timedelta(minutes=one.every_minutes) * desk.clock.speed
            for name, one in wanted.items()
            if not _rests(desk, name, paused)
        }
        return [_new(tx, name, now) for name, span in every.items() if _is_due(tx, name, span, now)]


def _rests(desk: Desk, mailbox: str, paused: Paused) -> bool:
    stores = [key for key, one in desk.settings.stores.items() if one.mailbox == mailbox]
    return bool(stores) and all(paused.has(store) for store in stores)


def _is_due(tx: Session, mailbox: str, every: timedelta, now: datetime) -> bool:
    """Test mails of a clock that has been set back since do not count."""
    latest = now + AHEAD
    sent = select(func.max(CanaryRow.sent_at)).where(
        CanaryRow.mailbox == mailbox, CanaryRow.sent_at <= latest
    )
    last = tx.scalar(sent)
    if last is not None and now - last < every:
        return False
    slot = datetime.fromtimestamp(now.timestamp() // every.total_seconds() * every.total_seconds(), UTC)
    return switches.advance(tx, f"canary:{mailbox}", slot.isoformat(), latest.isoformat())


def _new(tx: Session, mailbox: str, now: datetime) -> Due:
    row = CanaryRow(mailbox=mailbox, sent_at=now)
    tx.add(row)
    tx.flush()
    return Due(row.id, mailbox, canary.token(row.id, switches.canary_key(tx)), now)


def not_sent(desk: Desk, number: int, reason: str) -> None:
    """The server for outgoing mail did not take it."""
    with desk.database.writing() as tx:
        row = tx.get(CanaryRow, number)
        if row is not None:
            row.reason = reason


def number_in(desk: Desk, raw: bytes) -> int | None:
    """The number of a test mail of ours; None for every other mail."""
    if not canary.may_be_one(raw):
        return None
    with desk.database.writing() as tx:
        return canary.number_of(raw, switches.canary_key(tx))


def arrived(desk: Desk, mails: Mapping[int, int]) -> None:
    """Test mails (mail -> number) are here. Their rows stay, for the audit; their text is of no use."""
    with desk.database.writing() as tx:
        rows = tx.scalars(
            select(MailRow).where(MailRow.id.in_(mails), MailRow.state == "new").with_for_update()
        ).all()
        for mail in rows:
            mail.state, mail.kind, mail.raw = "done", _KIND, None
            mail.why = "a test mail of reply24's own"
            row = tx.get(CanaryRow, mails[mail.id])
            if row is not None and row.mailbox == mailbox_of(mail.mailbox) and row.stored_at is None:
                row.arrived_at, row.stored_at = mail.arrived_at, mail.stored_at
