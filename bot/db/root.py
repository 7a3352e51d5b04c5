"""What all tables share: the root class, and the mark of what is purged."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, validates

from bot.db.engine import Instant
from bot.db.sealing import Marked, SealedBytes, SealedJSON, SealedText

PII: dict[str, Any] = {"pii": True}


class Base(DeclarativeBase):
    """Root of the tables; names its constraints so that migrations can name them too."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant, dict[str, Any]: JSON, bytes: LargeBinary}  # noqa: RUF012 - SQLAlchemy's form


class OfBuyer:
    """Who the buyer of a case is. `buyer_mark` is what SQL compares, `buyer_base` encrypted being another each time."""

    buyer_base: Mapped[str | None] = mapped_column(SealedText("cases.buyer_base", 200), info=PII)
    buyer_mark: Mapped[str | None] = mapped_column(Marked("cases.buyer_base"), info=PII)
    buyer_alias: Mapped[str | None] = mapped_column(SealedText("cases.buyer_alias", 300), info=PII)
    buyer_name: Mapped[str | None] = mapped_column(SealedText("cases.buyer_name", 200), info=PII)

    @validates("buyer_base")
    def _mark(self, _name: str, value: str | None) -> str | None:
        self.buyer_mark = value
        return value


def sealed(place: str, length: int | None = None, **more: Any) -> Any:
    """A column of personal data: text, encrypted when there are keys. `place` is table.column."""
    return mapped_column(SealedText(place, length), info=PII, **more)


def sealed_bytes(place: str) -> Any:
    """The same of bytes."""
    return mapped_column(SealedBytes(place), info=PII)


def sealed_json(place: str) -> Any:
    """The same of a list or a mapping."""
    return mapped_column(SealedJSON(place), info=PII)
