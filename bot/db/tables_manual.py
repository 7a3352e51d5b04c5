"""The tables of manual mode: when it was on and why, and what people saw on Account Health."""

from datetime import datetime
from typing import Any

from sqlalchemy import Double, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.root import Base, sealed


class ManualModeRow(Base):
    """One time in manual mode. `scope`: a store's key, or "all"; at most one of each lasts at a time.

    `by` and `ended_by`: a Slack user id, `reply24` (the breaker) or `console`. `cause` and `facts` are what the
    breaker saw (domain/breaker.py): numbers, and ids of replies or messages.
    """

    __tablename__ = "manual_modes"
    __table_args__ = (
        Index(
            "uq_manual_modes_scope",
            "scope",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_manual_modes_ended_at", "ended_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(100))
    since: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(Text)
    cause: Mapped[str | None] = mapped_column(String(20))
    facts: Mapped[dict[str, Any]]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(30))
    end_reason: Mapped[str] = mapped_column(Text, default="")


class HealthLookRow(Base):
    """What a manager read in Seller Central. Rates are fractions; `standing`: healthy, at_risk, critical.

    `warnings` is free text of a person's, so it is purged like one of a buyer's.
    """

    __tablename__ = "health_looks"
    __table_args__ = (Index("ix_health_looks_store_at", "store", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    store: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(30))
    response_rate: Mapped[float | None] = mapped_column(Double)
    defect_rate: Mapped[float | None] = mapped_column(Double)
    standing: Mapped[str | None] = mapped_column(String(10))
    warnings: Mapped[str] = sealed("health_looks.warnings")
