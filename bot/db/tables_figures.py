"""The tables behind the figures: whole days that were summed up, and the marks that say which are stale.

Nothing here is the truth: all of it can be deleted, and is made again from `deadlines` by a tick. A day counts
only while it has no mark, and while `start`, `end` and `changes_at` fit (db/queries/figure_days.py).
A release that counts anything differently empties `summed_days` in its migration.
"""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.root import Base


class SummedDayRow(Base):
    """A store-local day that was summed up. [start, end): its midnights, as the store's zone had them then.

    At `changes_at` a figure of the day changes by itself: the silence after an answer has lasted long enough.
    """

    __tablename__ = "summed_days"
    store: Mapped[str] = mapped_column(String(100), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    start: Mapped[datetime]
    end: Mapped[datetime]
    changes_at: Mapped[datetime | None]
    summed_at: Mapped[datetime]


class DayFiguresRow(Base):
    """What one summed day adds up to: all of it (`by` is ""), or what has one value of a dimension.

    The counts are those of domain/sla.py: Tally. `took`: [edge of the bucket, answers], ...
    """

    __tablename__ = "day_figures"
    __table_args__ = (
        ForeignKeyConstraint(["store", "day"], ["summed_days.store", "summed_days.day"]),
        Index("ix_day_figures_store_by_day", "store", "by", "day"),
    )
    store: Mapped[str] = mapped_column(String(100), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    by: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[str] = mapped_column(String(200), primary_key=True)
    in_time: Mapped[int]
    late: Mapped[int]
    excused: Mapped[int]
    late_on_arrival: Mapped[int]
    seconds: Mapped[int] = mapped_column(BigInteger)
    handled: Mapped[int]
    handle_seconds: Mapped[int] = mapped_column(BigInteger)
    resolved: Mapped[int]
    unresolved: Mapped[int]
    undecided: Mapped[int]
    took: Mapped[list[list[int]]] = mapped_column(JSON)


class DutyMarkRow(Base):
    """A duty that came in at `anchor` may count differently since its day was summed up.

    Written by triggers (migration 0008), never by the program; only ever added, so that no two changes wait for
    each other. Whoever sums a day up deletes the marks that it saw before it read.
    """

    __tablename__ = "duty_marks"
    __table_args__ = (Index("ix_duty_marks_store_anchor", "store", "anchor"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    store: Mapped[str] = mapped_column(String(100))
    anchor: Mapped[datetime]
