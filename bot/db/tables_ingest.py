"""Tables about the reading of mailboxes: what of them is ours, the last audit, alarms, test mails."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.root import Base


class NumberingRow(Base):
    """What of a mailbox is ours as its server numbers it (`uidvalidity`); domain/audit.py says what the rest means."""

    __tablename__ = "numberings"
    place: Mapped[str] = mapped_column(String(100), primary_key=True)
    uidvalidity: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    behind_uid: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[datetime]
    seen_at: Mapped[datetime]


class AuditRow(Base):
    """The last comparison of a mailbox with what is stored. `missed`: mails that audits found, all told."""

    __tablename__ = "audits"
    place: Mapped[str] = mapped_column(String(100), primary_key=True)
    at: Mapped[datetime]
    server: Mapped[int]
    stored: Mapped[int]
    gone: Mapped[int]
    gaps: Mapped[int] = mapped_column(BigInteger)
    left: Mapped[int]
    missed: Mapped[int] = mapped_column(default=0)


class AlarmRow(Base):
    """Something about the arrival of mail, or of orders, that managers have to know of, until it has ended.

    kind: a word of domain/alarms.py; `about`: the mailbox or the store. `facts`: numbers only.
    """

    __tablename__ = "alarms"
    __table_args__ = (
        Index(
            "uq_alarms_open",
            "kind",
            "about",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    about: Mapped[str] = mapped_column(String(100))
    since: Mapped[datetime]
    raised_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    facts: Mapped[dict[str, Any]]


class CanaryRow(Base):
    """A test mail to one of our mailboxes. `reason`: why it could not be sent."""

    __tablename__ = "canaries"
    __table_args__ = (Index("ix_canaries_mailbox_sent_at", "mailbox", "sent_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    mailbox: Mapped[str] = mapped_column(String(100))
    sent_at: Mapped[datetime]
    arrived_at: Mapped[datetime | None]
    stored_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
