"""What every change to a case does besides: a new version, a record in the ledger, a fresh card."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.queries import ledger, outbox
from bot.db.tables import CaseRow, PersonRow
from bot.desk import ROBOT, Desk

_LOOKING = timedelta(minutes=15)


def changed(tx: Session, case: CaseRow, now: datetime, who: str, what: str, **facts: Any) -> None:
    """Record that `who` did `what` to the case, and let card and home pages show it.

    What was written may be about a buyer, so the purge has to look at the case again.
    """
    case.version += 1
    case.acted_at, case.purged_at = now, None
    ledger.record(tx, now, who, what, store=case.store, case=case.number, **facts)
    show_card(tx, case, now)


def show_card(tx: Session, case: CaseRow, now: datetime, urgency: int = outbox.NORMAL) -> None:
    """Let the card show how the case stands."""
    show_cards(tx, [case], now, urgency)


def show_cards(tx: Session, cases: Sequence[CaseRow], now: datetime, urgency: int = outbox.NORMAL) -> None:
    """Let the cards show how the cases stand, and refresh the home pages that are being looked at."""
    if not cases:
        return
    cards = [outbox.Put(f"card:{case.number}", case.channel, urgency) for case in cases]
    homes = [outbox.Put(f"home:{person}", person, outbox.NORMAL + 2) for person in watching(tx, now)]
    outbox.put_all(tx, [*cards, *homes], now)


def bring_back(desk: Desk, channel: str, ts: str) -> None:
    """A person deleted the post at `channel`, `ts`. If it was the card of a case, the card is posted anew.

    Posts under a card that is gone would land in the channel itself. The old place is kept under a name
    of its own: what people go on writing in its thread still belongs to the case.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        post = outbox.post_at(tx, channel, ts)
        if post is None or not post.key.startswith("card:"):
            return
        case = tx.get(CaseRow, post.case)
        outbox.moved_away(tx, post.key, f"gone:{ts}")
        if case is not None:
            show_card(tx, case, now)


def show_again(desk: Desk, channel: str, ts: str) -> None:
    """What stands at `channel`, `ts` may be outdated: if it belongs to a case, let its card show how that stands."""
    now = desk.now()
    with desk.database.writing() as tx:
        number = outbox.case_at(tx, channel, ts)
        case = tx.get(CaseRow, number) if number is not None else None
        if case is not None:
            show_card(tx, case, now, outbox.URGENT)


def tell(tx: Session, key: str, person: str, now: datetime, urgency: int = outbox.URGENT) -> None:
    """Send `key` to a person as a direct message."""
    if person != ROBOT:
        outbox.put(tx, key, person, now, urgency=urgency)


def watching(tx: Session, now: datetime) -> Sequence[str]:
    """People who opened their home page in the last quarter of an hour: only theirs is worth a refresh."""
    return tx.scalars(select(PersonRow.person).where(PersonRow.home_opened_at > now - _LOOKING)).all()
