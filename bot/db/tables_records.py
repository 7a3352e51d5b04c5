"""The tables of keeping records: holds, which delay the removal of personal data, and anchors of the ledger."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.root import Base


class HoldRow(Base):
    """Somebody's reason to keep the personal data of a case and of its order until `until`; `owner` answers for it.

    `reason` is a word of domain/purge.py, not text: what people write about buyers would have to be purged too.
    """

    __tablename__ = "holds"
    __table_args__ = (
        Index(
            "ix_holds_open",
            "case",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    case: Mapped[int] = mapped_column(ForeignKey("cases.number"))
    reason: Mapped[str] = mapped_column(String(20))
    owner: Mapped[str] = mapped_column(String(30))
    until: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(30))


class AnchorRow(Base):
    """The head of the ledger at an instant: what is posted outside, so that nobody can cut the ledger unseen.

    `root` is that of the tree over the records' hashes, `peaks` where the next anchor goes on (domain/ledger_tree.py).
    """

    __tablename__ = "anchors"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
    root: Mapped[str] = mapped_column(String(64))
    peaks: Mapped[list[list[Any]]] = mapped_column(JSON)
    at: Mapped[datetime]
