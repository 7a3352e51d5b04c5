"""The table of warnings about figures: each is recorded, once, before it is told."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.root import Base


class WarningRow(Base):
    """One warning. kind: streak or budget; `about`: the metric, or the level.

    `key` is the guarantee that it is given once: `streak:<store>:<metric>:<first day>`,
    `budget:<store>:<level>:<Monday>`. `facts` are the figures as they stood, numbers only.
    """

    __tablename__ = "warnings"
    __table_args__ = (Index("ix_warnings_store_about", "store", "about"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    about: Mapped[str] = mapped_column(String(20))
    store: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    facts: Mapped[dict[str, Any]]
