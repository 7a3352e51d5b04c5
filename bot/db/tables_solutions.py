"""The tables of solutions: RMA numbers, and what was given to buyers with whose consent."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.root import Base, sealed


class RmaCounterRow(Base):
    """The last RMA number of a store. Whoever gives something in the store's name holds this row's lock."""

    __tablename__ = "rma_counters"
    store: Mapped[str] = mapped_column(String(100), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class RmaRow(Base):
    """One RMA number: of one case and one order (empty when the order is not known)."""

    __tablename__ = "rmas"
    __table_args__ = (
        UniqueConstraint("store", "serial"),
        UniqueConstraint("store", "number"),
        UniqueConstraint("case", "order_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    store: Mapped[str] = mapped_column(String(100))
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(String(40))
    case: Mapped[int] = mapped_column(ForeignKey("cases.number"))
    order_id: Mapped[str] = mapped_column(String(30), default="")
    made_by: Mapped[str] = mapped_column(String(30))
    made_at: Mapped[datetime]


class CompensationRow(Base):
    """What a buyer gets. kind: partial_refund, full_refund, resend. Amounts are in the smallest coin.

    state: granted (at once), or asked -> approved, refused; all but refused -> withdrawn. `needs`: why a
    second person was asked, from key to (what it comes to, the most). `amount_minor` None: goods, no money.
    """

    __tablename__ = "compensations"
    __table_args__ = (Index("ix_compensations_store_order_id", "store", "order_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    case: Mapped[int] = mapped_column(ForeignKey("cases.number"), index=True)
    store: Mapped[str] = mapped_column(String(100))
    order_id: Mapped[str | None] = mapped_column(String(30))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    currency: Mapped[str] = mapped_column(String(3))
    value_minor: Mapped[int] = mapped_column(BigInteger)
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = sealed("compensations.note", default="")
    needs: Mapped[dict[str, Any]]
    by: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(String(30))
    decided_at: Mapped[datetime | None]
