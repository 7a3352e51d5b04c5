"""Leases: one-of jobs. Whoever holds the row does the job, and renews it while working.

What somebody heard once (a click, a command) is a lease too, that nobody renews.
"""

import os
import secrets
import socket
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from bot.db.engine import Instant, insert_once
from bot.db.tables import LeaseRow

HEARD = "heard:"
"""How the names of leases begin that remember what was heard."""


def owner_name() -> str:
    """A name for this process that no other process has: machine, process id, chance."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(3)}"


def take(
    tx: Session, name: str, owner: str, now: datetime, span: timedelta, *, at_most: timedelta | None = None
) -> bool:
    """Take or renew the lease `name` for `owner` until `now + span`; False while somebody else holds it.

    One that seems to last longer than `at_most` was taken by a clock that has been set back since: it is over.
    """
    if insert_once(tx, LeaseRow, name=name, owner=owner, until=now + span):
        return True
    is_over = LeaseRow.until <= now
    if at_most is not None:
        is_over |= LeaseRow.until > now + at_most
    changed = tx.execute(
        update(LeaseRow)
        .where(LeaseRow.name == name, or_(LeaseRow.owner == owner, is_over))
        .values(owner=owner, until=now + span)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]  # a cursor result


def is_held(tx: Session, name: str, owner: str) -> bool:
    """Whether the lease is `owner`'s, in time or not. Nobody else gets it until this transaction ends."""
    query = select(LeaseRow.owner).where(LeaseRow.name == name).with_for_update(read=True)
    return tx.scalar(query) == owner


def forget_heard(tx: Session, now: datetime) -> int:
    """Remove what need not be remembered any more; returns how many."""
    gone = tx.execute(delete(LeaseRow).where(LeaseRow.name.like(f"{HEARD}%"), LeaseRow.until <= now))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a cursor result


def clock_of(tx: Session) -> datetime | None:
    """What the clock of the database shows; None on SQLite, which has none but this machine's."""
    if tx.get_bind().dialect.name == "sqlite":
        return None
    return tx.scalar(select(func.clock_timestamp(type_=Instant(timezone=True))))


def give_back(tx: Session, name: str, owner: str) -> None:
    """Let others take the lease at once."""
    tx.execute(delete(LeaseRow).where(LeaseRow.name == name, LeaseRow.owner == owner))
