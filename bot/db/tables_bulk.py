"""The tables of bulk replies: what somebody sends to many cases, and what became of it in each."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.root import Base, sealed, sealed_json


class BulkRow(Base):
    """One bulk reply. state: preview -> running -> done; from running also stopped. A preview is removed after an hour.

    `sources` are the templates by language, each with its version; `steps`: how far it was when
    Slack was last told (`BulkProgress.steps`).
    """

    __tablename__ = "bulks"
    __table_args__ = (
        Index(
            "ix_bulks_next_at",
            "next_at",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    by: Mapped[str] = mapped_column(String(30))
    store: Mapped[str] = mapped_column(String(100))
    template: Mapped[str] = mapped_column(String(100))
    topic: Mapped[str | None] = mapped_column(String(30))
    lang: Mapped[str | None] = mapped_column(String(10))
    only_mine: Mapped[bool]
    then_close: Mapped[bool]
    shared: Mapped[dict[str, Any]] = sealed_json("bulks.shared")
    sources: Mapped[dict[str, Any]]
    too_many: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10), default="preview")
    made_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    next_at: Mapped[datetime]
    stopped_by: Mapped[str | None] = mapped_column(String(30))
    ended_at: Mapped[datetime | None]
    steps: Mapped[int] = mapped_column(default=0)


class BulkCaseRow(Base):
    """One case of a bulk reply, `place` in its order.

    state: ready -> handed (`reply` is its reply), refused; left_out before the start (reason "agent": ready again when
    put back). `fingerprint` is that of the previewed text; `seen` and `seen_reply` are what that text answers, and
    `goes_to` is the case whose address it goes to, where several were merged.
    """

    __tablename__ = "bulk_cases"
    bulk: Mapped[int] = mapped_column(ForeignKey("bulks.id"), primary_key=True)
    case: Mapped[int] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    place: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    fingerprint: Mapped[str | None] = sealed("bulk_cases.fingerprint", 64)
    seen: Mapped[int] = mapped_column(default=0)
    seen_reply: Mapped[int] = mapped_column(default=0)
    goes_to: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]]
    reply: Mapped[int | None] = mapped_column(ForeignKey("replies.id"))
