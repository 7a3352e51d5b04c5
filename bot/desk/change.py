"""What every change to a case does besides: a new version, a record in the ledger, a fresh card."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.queries import ledger, outbox
from bot.db.tables import CaseRow, PersonRow
from bot.desk import ROBOT


def changed(tx: Session, case: CaseRow, now: datetime, who: str, what: str, **facts: Any) -> None:
    """Record that `who` did `what` to the case, and let card and home pages show it."""
    case.version += 1
    case.acted_at = now
    ledger.record(tx, now, who, what, store=case.store, case=case.number, **facts)
    show_card(tx, case, now)


def show_card(tx: Session, case: CaseRow, now: datetime, urgency: int = outbox.NORMAL) -> None:
    """Let the card (and the home page of whoever looks at it) show how the case stands."""
    outbox.put(tx, f"card:{case.number}", case.channel, now, urgency=urgency)
    for person in _watching(tx, now):
        outbox.put(tx, f"home:{person}", person, now, urgency=outbox.NORMAL + 2)


def tell(tx: Session, key: str, person: str, now: datetime, urgency: int = outbox.URGENT) -> None:
    """Send `key` to a person as a direct message."""
    if person != ROBOT:
        outbox.put(tx, key, person, now, urgency=urgency)


def _watching(tx: Session, now: datetime) -> list[str]:
    """People who opened their home page in the last quarter of an hour: only theirs is worth a refresh."""
    fresh = now.timestamp() - 900
    rows = tx.execute(
        select(PersonRow.person, PersonRow.home_opened_at).where(PersonRow.home_opened_at.is_not(None))
    )
    return [
        row.person
        for row in rows
        if row.home_opened_at is not None and row.home_opened_at.timestamp() > fresh
    ]
