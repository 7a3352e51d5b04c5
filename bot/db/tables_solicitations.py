"""The table of requests for a review: one row an order, ever."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.root import Base

_ON_ITS_WAY = text("state IN ('wanted', 'sending')")


class SolicitationRow(Base):
    """A request for a review that somebody wanted. state: wanted -> sending -> sent, refused or unsure.

    From wanted also not_offered, failed. `sending` is committed before the one request that a buyer sees; what a dead
    process left in it becomes unsure. `attempts` is the fence: who took it as an earlier one has lost it. `code`: a
    word of desk/solicitations.py, or Amazon's.
    """

    __tablename__ = "solicitations"
    __table_args__ = (
        UniqueConstraint("store", "order_id", name="uq_solicitations_store_order_id"),
        Index(
            "ix_solicitations_on_their_way",
            "store",
            "not_before",
            sqlite_where=_ON_ITS_WAY,
            postgresql_where=_ON_ITS_WAY,
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    store: Mapped[str] = mapped_column(String(100))
    order_id: Mapped[str] = mapped_column(String(30))
    marketplace: Mapped[str] = mapped_column(String(5))
    case: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime]
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    taken_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    code: Mapped[str] = mapped_column(String(60), default="")
