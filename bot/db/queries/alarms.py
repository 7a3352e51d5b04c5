"""Alarms about the arrival of mail, and what they are raised by: looks, test mails, messages by the hour."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.engine import insert_once
from bot.db.queries.figures import epoch
from bot.db.tables import DeadlineRow, MailboxRow
from bot.db.tables_ingest import AlarmRow, CanaryRow
from bot.domain.alarms import Alarm, Trouble
from bot.domain.canary import Canary

_HOUR = 3600


def open_alarms(tx: Session) -> list[Alarm]:
    """Those that have not ended, oldest first."""
    # Sorted here: for an ORDER BY id SQLite would read all alarms there ever were.
    rows = tx.scalars(select(AlarmRow).where(AlarmRow.ended_at.is_(None)))
    return sorted((_alarm(row) for row in rows), key=lambda alarm: alarm.id)


def alarm(tx: Session, number: int) -> Alarm | None:
    """An alarm, ended or not."""
    row = tx.get(AlarmRow, number)
    return None if row is None else _alarm(row)


def _alarm(row: AlarmRow) -> Alarm:
    return Alarm(row.id, row.kind, row.about, row.since, row.raised_at, row.ended_at, row.facts)


def start(tx: Session, trouble: Trouble, now: datetime) -> int | None:
    """Record that a trouble stands; its number, or None if that was recorded already."""
    is_new = insert_once(
        tx,
        AlarmRow,
        kind=trouble.kind,
        about=trouble.about,
        since=trouble.since,
        raised_at=now,
        facts=dict(trouble.facts),
    )
    query = select(AlarmRow.id).where(
        AlarmRow.kind == trouble.kind, AlarmRow.about == trouble.about, AlarmRow.ended_at.is_(None)
    )
    return tx.scalar(query) if is_new else None


def end(tx: Session, number: int, now: datetime) -> bool:
    """Record that an alarm has ended; False if it had already."""
    row = tx.get(AlarmRow, number, with_for_update=True)
    if row is None or row.ended_at is not None:
        return False
    row.ended_at = now
    return True


def read_at(tx: Session) -> Mapping[str, datetime]:
    """When each place was last looked into."""
    return {row.name: row.read_at for row in tx.execute(select(MailboxRow.name, MailboxRow.read_at))}


def canaries(tx: Session, mailbox: str, since: datetime) -> Sequence[Canary]:
    """The test mails to a mailbox since an instant, oldest first."""
    rows = tx.scalars(
        select(CanaryRow)
        .where(CanaryRow.mailbox == mailbox, CanaryRow.sent_at >= since)
        .order_by(CanaryRow.sent_at)
    )
    return [Canary(row.sent_at, row.stored_at, row.reason) for row in rows]


def last_arrival(tx: Session, store: str) -> datetime | None:
    """When the store's newest counted buyer message came."""
    return tx.scalar(
        select(DeadlineRow.anchor)
        .where(DeadlineRow.store == store, DeadlineRow.counted)
        .order_by(DeadlineRow.anchor.desc())
        .limit(1)
    )


def by_hour(tx: Session, store: str, since: datetime, until: datetime) -> Mapping[datetime, int]:
    """How many counted buyer messages came in each hour of UTC; hours without one are left out."""
    hour = epoch(DeadlineRow.anchor) // _HOUR
    rows = tx.execute(
        select(hour, func.count())
        .where(
            DeadlineRow.store == store,
            DeadlineRow.anchor >= since,
            DeadlineRow.anchor <= until,
            DeadlineRow.counted,
        )
        .group_by(hour)
    )
    return {datetime.fromtimestamp(int(number) * _HOUR, UTC): count for number, count in rows}
