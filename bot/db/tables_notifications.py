"""The tables of Amazon's notifications: when each queue was read, and how Amazon thinks of the accounts."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.root import Base


class QueueRow(Base):
    """A queue of the settings, and when it last answered."""

    __tablename__ = "queues"
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    read_at: Mapped[datetime]


class AccountChangeRow(Base):
    """Amazon changed the status of a seller's account. `before` and `after` are its words; "" if it did not say.

    `store`: "" where the notification did not say whose account it is; `subscription` is by what it came. `at`: when it
    happened, as Amazon has it. `mode`: the time in manual mode that it began.
    """

    __tablename__ = "account_changes"
    __table_args__ = (
        UniqueConstraint("notification", "store", name="uq_account_changes_notification_store"),
        Index("ix_account_changes_store_at", "store", "at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    notification: Mapped[str] = mapped_column(String(100))
    store: Mapped[str] = mapped_column(String(100))
    before: Mapped[str] = mapped_column(String(30))
    after: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime]
    heard_at: Mapped[datetime]
    subscription: Mapped[str] = mapped_column(String(100))
    mode: Mapped[int | None]
