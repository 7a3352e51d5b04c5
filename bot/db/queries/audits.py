"""What of a mailbox is ours, and how its last audit ended."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.engine import insert_once
from bot.db.tables_ingest import AuditRow, NumberingRow
from bot.domain.audit import Audit, Numbering


def number(tx: Session, place: str, numbering: Numbering, now: datetime) -> None:
    """Note what of a place is ours under a uidvalidity; what was noted first stays."""
    insert_once(tx, NumberingRow, place=place, seen_at=now, **asdict(numbering))


def numbering(tx: Session, place: str, uidvalidity: int) -> Numbering | None:
    """What of a place is ours under a uidvalidity."""
    row = tx.get(NumberingRow, (place, uidvalidity))
    return None if row is None else Numbering(row.uidvalidity, row.behind_uid, row.since)


def note(tx: Session, audit: Audit) -> int:
    """Remember how an audit ended; returns how many mails the one before had left."""
    row = tx.get(AuditRow, audit.place)
    before = row.left if row is not None else 0
    if row is None:
        row = AuditRow(place=audit.place, missed=0)
        tx.add(row)
    row.at, row.server, row.stored = audit.at, audit.server, audit.stored
    row.gone, row.gaps, row.left = audit.gone, audit.gaps, audit.left
    row.missed += audit.found
    return before


def last(tx: Session) -> Mapping[str, AuditRow]:
    """The last audit of each place."""
    return {row.place: row for row in tx.scalars(select(AuditRow))}
