"""Audits of mailboxes: what has to be stored, how it ended, and what managers are told. Rules: domain/audit.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.queries import audits, ledger, outbox
from bot.db.queries import mails as mail_queries
from bot.db.tables import MailRow
from bot.desk import ROBOT, Desk, access
from bot.domain.audit import Audit, Numbering

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """What an audit of a place holds against its server: mails with uids in `span`, uid -> arrivals as stored."""

    place: str
    numbering: Numbering
    span: tuple[int, int]
    stored: Mapping[int, Sequence[datetime]]


def claim(desk: Desk, place: str, days: int | None) -> Claim | None:
    """What has to be on the server, of the last `days` or of all; None if the place was never read."""
    with desk.database.reading() as tx:
        row = mail_queries.mailbox(tx, place)
        if row is None:
            return None
        known = audits.numbering(tx, place, row.uidvalidity)
        numbering = known or Numbering(row.uidvalidity, row.uid, row.read_at)
        low = 0
        if days is not None:
            since = desk.now() - days * _DAY
            low = mail_queries.last_uid_before(tx, place, row.uidvalidity, since)
        span = (low, row.uid)
        return Claim(place, numbering, span, mail_queries.arrivals(tx, place, row.uidvalidity, span))


def record(desk: Desk, audit: Audit) -> None:
    """Remember how an audit ended. What had been missing goes into the ledger, and managers are told."""
    now = desk.now()
    with desk.database.writing() as tx:
        left_before = audits.note(tx, audit)
        if audit.found:
            ledger.record(tx, now, ROBOT, "mails_missed", mailbox=audit.place, count=audit.found)
            _tell(tx, desk, f"missed:{audit.found}:{now:%Y-%m-%dT%H.%M}", audit.place, now)
        if audit.left > left_before:
            ledger.record(tx, now, ROBOT, "mails_withheld", mailbox=audit.place, count=audit.left)
            _tell(tx, desk, f"withheld:{audit.left}:{now:%Y-%m-%dT%H.%M}", audit.place, now)


def strayed(desk: Desk, place: str, count: int) -> None:
    """Mails of Amazon lay in a folder that nobody reads, such as the one for junk: managers are told, once an hour."""
    now = desk.now()
    with desk.database.writing() as tx:
        ledger.record(tx, now, ROBOT, "mails_strayed", mailbox=place, count=count)
        for manager in access.people_of(tx, desk, None, managers=True):
            key = f"strayed:{now:%Y-%m-%dT%H}:{manager}:{place}"[:150]
            if outbox.post_of(tx, key) is None:
                outbox.put(tx, key, manager, now, urgency=outbox.URGENT)


def strays(desk: Desk, place: str) -> int:
    """How many mails of Amazon were found in a further folder within a day."""
    with desk.database.reading() as tx:
        query = select(MailRow.id).where(MailRow.mailbox == place, MailRow.stored_at > desk.now() - _DAY)
        return len(tx.scalars(query).all())


def _tell(tx: Session, desk: Desk, what: str, place: str, now: datetime) -> None:
    for manager in access.people_of(tx, desk, None, managers=True):
        outbox.put(tx, f"{what}:{manager}:{place}"[:150], manager, now, urgency=outbox.URGENT)
