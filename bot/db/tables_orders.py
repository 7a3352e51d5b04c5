"""The tables of what Amazon's API says: orders, and stores whose access to it has ended."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.root import Base, sealed_json


class OrderRow(Base):
    """One order of a store. state: wanted -> known, missing (Amazon does not know it) or failed (it can't be asked).

    `known`: the order as domain/kept_orders.py writes it, nothing that needs a restricted role; what somebody bought
    is personal all the same, so it is purged with the case. `reason`: why the last question failed, "" if it did not.
    `attempts`: failures since the last answer. `wanted_at`: when it was first wanted, or last was said to have changed.
    `next_at`: from when it is asked again while a case of it is open.
    `delivered_by`: the latest instant by which Amazon promised it.
    """

    __tablename__ = "orders"
    __table_args__ = (Index("ix_orders_store_next_at", "store", "next_at"),)
    store: Mapped[str] = mapped_column(String(100), primary_key=True)
    order_id: Mapped[str] = mapped_column(String(30), primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="wanted")
    known: Mapped[dict[str, Any] | None] = sealed_json("orders.known")
    reason: Mapped[str] = mapped_column(Text, default="")
    attempts: Mapped[int] = mapped_column(default=0)
    wanted_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    known_at: Mapped[datetime | None]
    next_at: Mapped[datetime]
    delivered_by: Mapped[datetime | None]


class AuthorisationRow(Base):
    """A store that Amazon's API does not let in until a person renews something; gone when it lets it in again.

    `code`: Amazon's word for what has ended (amazon/tokens.py).
    """

    __tablename__ = "authorisations"
    store: Mapped[str] = mapped_column(String(100), primary_key=True)
    since: Mapped[datetime]
    code: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
