"""The tables of typed messages: what a store sends by Amazon's API about an order, and the files that go with it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.root import Base, sealed, sealed_bytes

_ON_ITS_WAY = text("state IN ('held', 'queued', 'preparing', 'sending', 'unsure')")
_IS_DRAFT = text("state = 'draft'")


class TypedMessageRow(Base):
    """One typed message. state: draft -> held (undo window) -> preparing -> sending -> accepted.

    From held, queued and preparing also withdrawn; queued: another try is due. In preparing its files go up, which
    can be done again: nothing has left. `sending` is committed before the one request that a buyer sees; from there
    also queued (it did not get there), refused, failed, or unsure: never repeated by itself. `attempts` is the fence:
    who took it as an earlier one has lost it. `case`: the one whose order it is about. `kind`: a MessageKind.
    `code`: why it ended, in a word (domain/typed_snapshots.py: CODES) or Amazon's; `by_hand` as of replies.
    """

    __tablename__ = "typed_messages"
    __table_args__ = (
        Index(
            "ix_typed_messages_on_their_way",
            "store",
            "not_before",
            sqlite_where=_ON_ITS_WAY,
            postgresql_where=_ON_ITS_WAY,
        ),
        Index(
            "uq_typed_messages_draft",
            "case",
            "author",
            unique=True,
            sqlite_where=_IS_DRAFT,
            postgresql_where=_IS_DRAFT,
        ),
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    case: Mapped[int] = mapped_column(ForeignKey("cases.number"), index=True)
    store: Mapped[str] = mapped_column(String(100))
    order_id: Mapped[str] = mapped_column(String(30))
    marketplace: Mapped[str] = mapped_column(String(5))
    kind: Mapped[str] = mapped_column(String(40))
    author: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = sealed("typed_messages.text")
    salt: Mapped[str | None] = sealed("typed_messages.salt", 64)
    fingerprint: Mapped[str | None] = sealed("typed_messages.fingerprint", 64)
    covers_from: Mapped[datetime | None]
    covers_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    taken_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    code: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str | None] = sealed("typed_messages.reason")
    request_id: Mapped[str] = mapped_column(String(100), default="")
    by_hand: Mapped[bool] = mapped_column(default=False)


class TypedFileRow(Base):
    """A file of a typed message. `content` goes once Amazon has it; how large it was stays."""

    __tablename__ = "typed_files"
    id: Mapped[int] = mapped_column(primary_key=True)
    message: Mapped[int] = mapped_column(ForeignKey("typed_messages.id"), index=True)
    name: Mapped[str] = sealed("typed_files.name", 255)
    content_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int]
    content: Mapped[bytes | None] = sealed_bytes("typed_files.content")
