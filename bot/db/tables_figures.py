"""The tables behind the figures: days, and pieces of days, that were summed up, and the marks that say which are stale.

Nothing here is the truth: all of it can be deleted, and is made again from `deadlines` by a tick. A span counts
only while it has no mark, and while its `zone` and `changes_at` fit (db/queries/figure_spans.py).
A release that counts anything differently empties `span_figures` and `summed_spans` in its migration.
"""

from datetime import datetime

from sqlalchemy import JSON, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.root import Base


class SummedSpanRow(Base):
    """Instants [start, end) of a store that were summed up: a day of its zone, or a piece of one; no two overlap.

    At `changes_at` a figure changes by itself: the silence after an answer has lasted long enough.
    """

    __tablename__ = "summed_spans"
    store: Mapped[str] = mapped_column(String(100), primary_key=True)
    start: Mapped[datetime] = mapped_column(primary_key=True)
    end: Mapped[datetime]
    zone: Mapped[str] = mapped_column(String(60))
    changes_at: Mapped[datetime | None]
    summed_at: Mapped[datetime]


class SpanFiguresRow(Base):
    """What one summed span adds up to in a dimension (`by`; "": all of it), for each of its values.

    `counts` and `took` are packed as domain/sums.py says.
    """

    __tablename__ = "span_figures"
    __table_args__ = (ForeignKeyConstraint(["store", "start"], ["summed_spans.store", "summed_spans.start"]),)
    store: Mapped[str] = mapped_column(String(100), primary_key=True)
    by: Mapped[str] = mapped_column(String(20), primary_key=True)
    start: Mapped[datetime] = mapped_column(primary_key=True)
    names: Mapped[list[str]] = mapped_column(JSON)
    counts: Mapped[bytes]
    took: Mapped[bytes]


class DutyMarkRow(Base):
    """A duty that came in at `anchor` may count differently since its span was summed up.

    Written by triggers (migration 0012), never by the program; only ever added, so that no two changes wait for
    each other. Whoever sums a span up deletes the marks that it saw before it read.
    """

    __tablename__ = "duty_marks"
    __table_args__ = (Index("ix_duty_marks_store_anchor", "store", "anchor"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    store: Mapped[str] = mapped_column(String(100))
    anchor: Mapped[datetime]
