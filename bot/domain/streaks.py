"""Streaks: how many store-local days in a row a store has been below a threshold.

The founding text: whoever is below a threshold seven days in a row is warned. The rules that make days out of it:

* A message belongs to the day on which it came in, by the clocks of the store. What was late on arrival, history
  and review cards are in no day.
* A day is judged when it is over and what still waits for an answer can't change the verdict any more; that is
  24 hours after it ended at the latest. Rates are certain once the best and the worst end agree, and the one in
  which what waits needs no answer; an average is once nothing waits.
* A day without a decided message (or, for the average, without an answered one) neither extends a streak nor
  breaks it.
* Days 3 to 6 are a forecast, day 7 is a warning. There is no second one before the streak was broken.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

Metric = Literal["response_rate", "average_time", "closing_rate"]
Verdict = Literal["below", "kept", "open", "none"]
Light = Literal["red", "amber", "green"]

METRICS: tuple[Metric, ...] = ("response_rate", "average_time", "closing_rate")
FORECAST_FROM = 3
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Counts:
    """Counted messages of one span as they stand at one instant. `overdue`: past 24 h and unanswered."""

    in_time: int = 0
    late: int = 0
    overdue: int = 0
    waiting: int = 0
    excused: int = 0
    took_seconds: int = 0
    """How long the answers took, all together, in whole seconds."""

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.in_time + other.in_time,
            self.late + other.late,
            self.overdue + other.overdue,
            self.waiting + other.waiting,
            self.excused + other.excused,
            self.took_seconds + other.took_seconds,
        )

    @property
    def lost(self) -> int:
        """Answered late, or not at all."""
        return self.late + self.overdue

    @property
    def decided(self) -> int:
        """What a response rate is of."""
        return self.in_time + self.lost

    @property
    def received(self) -> int:
        """All of them."""
        return self.decided + self.waiting + self.excused


@dataclass(frozen=True, slots=True)
class Day:
    """What came in on one store-local day."""

    day: date
    counts: Counts


@dataclass(frozen=True, slots=True)
class Limits:
    """What the figures are held against, and after how many days below one of them a warning is due."""

    minimum: float = 0.90
    target: float = 0.95
    average_hours: float = 6
    closing: float = 0.85
    days: int = 7


@dataclass(frozen=True, slots=True)
class Streak:
    """Days in a row below one threshold, up to the last day that could be judged; `days` is 0 if that one kept it."""

    metric: Metric
    days: int
    first: date | None
    last: date | None
    value: float | None
    """The figure of the day that was judged last: a fraction, or seconds."""
    next_day: date
    """The first day that is not judged yet; today at the latest."""


def figure(metric: Metric, counts: Counts) -> float | None:
    """The figure of one span, by the definitions of domain/sla.py: a fraction, seconds; None without messages."""
    if metric == "response_rate":
        return counts.in_time / counts.decided if counts.decided else None
    if metric == "closing_rate":
        closed = counts.in_time + counts.late + counts.excused
        return closed / counts.received if counts.decided else None
    answered = counts.in_time + counts.late
    return counts.took_seconds / answered if answered else None


def is_below(metric: Metric, value: float, limits: Limits) -> bool:
    """Whether a figure misses its threshold. Exactly 90 %, 85 % or 6 h keeps it."""
    if metric == "average_time":
        return value > limits.average_hours * 3600
    return value < (limits.minimum if metric == "response_rate" else limits.closing)


def light(metric: Metric, value: float, limits: Limits) -> Light:
    """Red below the threshold; amber for a response rate between minimum and target; else green."""
    if is_below(metric, value, limits):
        return "red"
    return "amber" if metric == "response_rate" and value < limits.target else "green"


def verdict(metric: Metric, counts: Counts, limits: Limits) -> Verdict:
    """What can be said of a day that is over: below or kept, open if that is not certain yet, none without messages."""
    waiting = counts.waiting
    if waiting and metric == "average_time":
        return "open"
    ends = [counts]
    if waiting:
        best = replace(counts, in_time=counts.in_time + waiting, waiting=0)
        worst = replace(counts, overdue=counts.overdue + waiting, waiting=0)
        ends = [best, worst, replace(counts, excused=counts.excused + waiting, waiting=0)]
    values = [figure(metric, end) for end in ends]
    found = {None if value is None else is_below(metric, value, limits) for value in values}
    if len(found) > 1:
        return "open"
    is_missed = found.pop()
    return "none" if is_missed is None else "below" if is_missed else "kept"


def streak(metric: Metric, days: Iterable[Day], today: date, limits: Limits) -> Streak:
    """The streak that the finished `days` (in order, all before `today`) end with."""
    found = Streak(metric, 0, None, None, None, today)
    for one in days:
        said = verdict(metric, one.counts, limits)
        if said == "open":
            return replace(found, next_day=one.day)
        if said == "none":
            continue
        value = figure(metric, one.counts)
        if said == "kept":
            found = Streak(metric, 0, None, None, value, today)
        else:
            first = found.first or one.day
            found = Streak(metric, found.days + 1, first, one.day, value, today)
    return found


def was_kept(metric: Metric, days: Iterable[Day], limits: Limits) -> bool:
    """Whether a threshold was kept on one of these days: then no streak goes back to before them."""
    return any(verdict(metric, one.counts, limits) == "kept" for one in days)


def due_day(one: Streak, limits: Limits) -> date | None:
    """The day that would make a streak a warning if every day to come is below too; None before day 3 and after it."""
    if not FORECAST_FROM <= one.days < limits.days:
        return None
    return one.next_day + (limits.days - one.days - 1) * _DAY


def is_warning(one: Streak, limits: Limits) -> bool:
    """Whether a streak is long enough for a warning."""
    return one.days >= limits.days


def is_news(one: Streak, limits: Limits, warned: date | None) -> bool:
    """Whether a warning is due. `warned` is the last day of the streak that the latest warning was about."""
    return is_warning(one, limits) and (warned is None or (one.first is not None and warned < one.first))
