"""Figures about deadlines. Two definitions of the rate stand side by side, and each says which it is.

* response rate (the founding text's): of the messages that came in and whose 24 hours are decided
  (answered, or over), the share answered within 24 hours.
* late-response rate (Amazon's): of the same messages, the share answered late or unanswered past
  24 hours (Seller Central help, "Manage your customer messages"; windows of 7, 30, 90 days). It
  is one minus the first.

"No response needed" takes a message out of both. History taken over at the first start and review
cards are never counted. A message belongs to the period in which it came in (its anchor).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from bot.domain.deadlines import EXCUSED, MET, MISSED, OPEN

BANDS = (timedelta(hours=1), timedelta(hours=3), timedelta(hours=6), timedelta(hours=12), timedelta(hours=24))


@dataclass(frozen=True, slots=True)
class Duty:
    """One counted deadline, as the figures see it."""

    anchor: datetime
    due_at: datetime
    state: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one period. Rates are fractions, None when there is nothing to divide by; times are seconds."""

    received: int
    in_time: int
    late: int
    overdue: int
    waiting: int
    excused: int
    response_rate: float | None
    late_response_rate: float | None
    average_seconds: float | None
    median_seconds: float | None
    closing_rate: float | None


def figures(duties: Iterable[Duty], now: datetime) -> Figures:
    """Figures over `duties`, all of one period, as they stand at `now`."""
    every = list(duties)
    in_time = sum(one.state == MET for one in every)
    late = sum(one.state == MISSED for one in every)
    excused = sum(one.state == EXCUSED for one in every)
    overdue = sum(one.state == OPEN and one.due_at < now for one in every)
    waiting = sum(one.state == OPEN and one.due_at >= now for one in every)
    decided = in_time + late + overdue
    took = [
        (one.answered_at - one.anchor).total_seconds()
        for one in every
        if one.answered_at is not None and one.state in (MET, MISSED)
    ]
    return Figures(
        received=len(every),
        in_time=in_time,
        late=late,
        overdue=overdue,
        waiting=waiting,
        excused=excused,
        response_rate=in_time / decided if decided else None,
        late_response_rate=(late + overdue) / decided if decided else None,
        average_seconds=sum(took) / len(took) if took else None,
        median_seconds=median(took) if took else None,
        closing_rate=(in_time + late + excused) / len(every) if every else None,
    )


def by_time_left(due: Sequence[datetime], now: datetime) -> tuple[int, ...]:
    """How many open deadlines are overdue, then how many fall into each of BANDS (each in one only)."""
    counts = [0] * (len(BANDS) + 1)
    for instant in due:
        left = instant - now
        if left < timedelta(0):
            counts[0] += 1
            continue
        place = next((index for index, band in enumerate(BANDS) if left <= band), len(BANDS) - 1)
        counts[place + 1] += 1
    return tuple(counts)
