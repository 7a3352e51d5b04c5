"""Figures about duties. Two definitions of the rate stand side by side, and each says which it is.

* response rate (the founding text's): of the messages that came in and whose 24 hours are decided
  (answered, or over), the share answered within 24 hours.
* late-response rate (Amazon's): of the same messages, the share answered late or unanswered past
  24 hours (Seller Central help, "Manage your customer messages"; windows of 7, 30, 90 days). It
  is one minus the first.

"No response needed" takes a message out of both. History taken over at the first start and review
cards are never counted; messages that came too late to be answered in time are counted apart. A message
belongs to the store-local day in which it came in (its anchor). Each figure's definition in words is the
text `define.<key>` of DEFINITIONS.

Response times are whole seconds, counted in buckets, so that days can be summed up and still have a
median: the percentile is the upper edge of the bucket in which the answer of that rank lies (nearest rank).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

from bot.domain import zones
from bot.domain.deadlines import EXCUSED, MET, MISSED, OPEN

BANDS = (timedelta(hours=1), timedelta(hours=3), timedelta(hours=6), timedelta(hours=12), timedelta(hours=24))

PERIODS = (("today", 1), ("7d", 7), ("30d", 30), ("90d", 90))
"""(name, whole store-local days up to and including today)."""


def period_of(days_ago: int) -> int:
    """The place in PERIODS of the shortest period that has the day of so many days ago (0: today) in it."""
    return next(place for place, (_name, days) in enumerate(PERIODS) if days_ago < days)


LONGEST_DAYS = max(days for _name, days in PERIODS)

DIMENSIONS = ("marketplace", "topic", "agent", "shift", "hour")
"""What figures can be broken down by. agent: who answered; shift: the layer of the rota they were on then."""

DEFINITIONS = (
    "response_rate",
    "late_response_rate",
    "average",
    "percentiles",
    "closing_rate",
    "first_contact",
    "handle_time",
    "late_on_arrival",
    "time_left",
    "volume",
)
"""The keys of the definitions, in the order in which they are printed."""

SELLER_CENTRAL = "seller_central"
"""Stands for the agent where a reply was typed in Seller Central: its copy does not say by whom."""

LATE_ON_ARRIVAL = "late_on_arrival"
RESOLVED, UNRESOLVED, UNDECIDED = "resolved", "unresolved", "undecided"

STEPS = ((7_200, 60), (86_400, 300), (259_200, 1_800), (2_678_400, 3_600))
"""(up to so many seconds, buckets of so many): minutes to 2 h, five to 24 h, thirty to 72 h, hours to 31 days."""

BEYOND = 2_682_000
"""The bucket of all that took longer."""


def bucket(seconds: int) -> int:
    """The upper edge, in seconds, of the bucket of this response time; what lies on an edge is under it."""
    for most, width in STEPS:
        if seconds <= most:
            return max(width, -(-seconds // width) * width)
    return BEYOND


@dataclass(frozen=True, slots=True)
class Day:
    """One local day of a store: `start` and `end` are the UTC instants of its two midnights."""

    day: date
    start: datetime
    end: datetime


def local_days(now: datetime, zone: str, count: int) -> list[Day]:
    """The last `count` days of the zone up to and including today, oldest first."""
    starts = [zones.day_start(now, zone, ago) for ago in range(count - 1, -2, -1)]
    return [Day(zones.local(start, zone).date(), start, end) for start, end in pairwise(starts)]


def days_from(first: date, last: date, zone: str) -> list[Day]:
    """The days of the zone from `first` to `last`, both included."""
    names = [first + timedelta(days=number) for number in range((last - first).days + 2)]
    return [Day(one, zones.day_at(one, zone), zones.day_at(other, zone)) for one, other in pairwise(names)]


@dataclass(frozen=True, slots=True)
class Duty:
    """One counted deadline, as the figures see it."""

    anchor: datetime
    due_at: datetime
    state: str
    answered_at: datetime | None
    late_on_arrival: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """So many duties with the same ending. `took`: bucket of the response time, None where none was answered.

    `contact`: what became of the first contact, for those whose answer was the first of their case.
    `handled` of them were claimed or assigned before they were answered, which is `handle_seconds` earlier.
    """

    outcome: str
    took: int | None = None
    contact: str | None = None
    count: int = 1
    seconds: int = 0
    handled: int = 0
    handle_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """What days add up to. Spans are seconds, `took` counts answers by bucket."""

    in_time: int = 0
    late: int = 0
    excused: int = 0
    overdue: int = 0
    waiting: int = 0
    late_on_arrival: int = 0
    seconds: int = 0
    handled: int = 0
    handle_seconds: int = 0
    resolved: int = 0
    unresolved: int = 0
    undecided: int = 0
    took: Mapping[int, int] = field(default_factory=dict)


COUNTS = tuple(name for name in Tally.__dataclass_fields__ if name != "took")


_COLUMN = {MET: "in_time", MISSED: "late", EXCUSED: "excused", LATE_ON_ARRIVAL: "late_on_arrival"}


def column_of(outcome: str) -> str:
    """The name of the count in which duties with this outcome are."""
    return _COLUMN.get(outcome, outcome)


def tally_of(facts: Iterable[Fact]) -> Tally:
    """What these endings add up to."""
    counts = dict.fromkeys(COUNTS, 0)
    took: dict[int, int] = {}
    for one in facts:
        counts[column_of(one.outcome)] += one.count
        if one.outcome == LATE_ON_ARRIVAL:
            continue
        counts["seconds"] += one.seconds
        counts["handled"] += one.handled
        counts["handle_seconds"] += one.handle_seconds
        if one.contact is not None:
            counts[one.contact] += one.count
        if one.took is not None:
            took[one.took] = took.get(one.took, 0) + one.count
    return Tally(**counts, took=took)


@dataclass(frozen=True, slots=True)
class Rate:
    """Messages answered in time, of all whose 24 hours are decided."""

    in_time: int
    decided: int

    @property
    def share(self) -> float | None:
        """The response rate, a fraction; None if nothing is decided."""
        return _share(self.in_time, self.decided)


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one period. Rates are fractions, None when there is nothing to divide by; times are seconds.

    `late_on_arrival` messages are in no other number. `median_seconds` and `p90_seconds` are edges of buckets.
    """

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
    p90_seconds: float | None = None
    late_on_arrival: int = 0
    resolved: int = 0
    unresolved: int = 0
    undecided: int = 0
    first_contact_resolution: float | None = None
    handled: int = 0
    handle_seconds: float | None = None


def figures_of(tally: Tally) -> Figures:
    """The figures of what a period adds up to."""
    return figures_with(tally, percentile(tally.took, 50), percentile(tally.took, 90))


def figures_with(tally: Tally, median: float | None, p90: float | None) -> Figures:
    """The same, where somebody else has found the percentiles of the response times."""
    answered = tally.in_time + tally.late
    decided = answered + tally.overdue
    received = decided + tally.waiting + tally.excused
    contacts = tally.resolved + tally.unresolved
    return Figures(
        received=received,
        in_time=tally.in_time,
        late=tally.late,
        overdue=tally.overdue,
        waiting=tally.waiting,
        excused=tally.excused,
        response_rate=_share(tally.in_time, decided),
        late_response_rate=_share(tally.late + tally.overdue, decided),
        average_seconds=_share(tally.seconds, answered),
        median_seconds=median,
        closing_rate=_share(answered + tally.excused, received),
        p90_seconds=p90,
        late_on_arrival=tally.late_on_arrival,
        resolved=tally.resolved,
        unresolved=tally.unresolved,
        undecided=tally.undecided,
        first_contact_resolution=_share(tally.resolved, contacts),
        handled=tally.handled,
        handle_seconds=_share(tally.handle_seconds, tally.handled),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def percentile(took: Mapping[int, int], percent: int) -> float | None:
    """The upper edge, in seconds, of the bucket that holds the answer of this rank; None without answers."""
    rank = -(-sum(took.values()) * percent // 100)
    for edge in sorted(took):
        rank -= took[edge]
        if rank <= 0:
            return float(edge)
    return None


def percentile_of(times: Iterable[int], percent: int) -> float | None:
    """The same of response times in seconds."""
    every = sorted(times)
    return float(bucket(every[-(-len(every) * percent // 100) - 1])) if every else None


def figures(duties: Iterable[Duty], now: datetime) -> Figures:
    """Figures over `duties`, all of one period, as they stand at `now`; nothing about contacts and handling."""
    return figures_of(tally_of(_fact(one, now) for one in duties))


def _fact(duty: Duty, now: datetime) -> Fact:
    if duty.late_on_arrival:
        return Fact(LATE_ON_ARRIVAL)
    if duty.state == OPEN:
        return Fact("overdue" if duty.due_at < now else "waiting")
    if duty.answered_at is None or duty.state == EXCUSED:
        return Fact(duty.state)
    took = seconds_between(duty.anchor, duty.answered_at)
    return Fact(duty.state, bucket(took), seconds=took)


def seconds_between(start: datetime, end: datetime) -> int:
    """Whole seconds from one instant to another, each cut to the second; never less than 0."""
    return max(0, int(end.timestamp()) - int(start.timestamp()))


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
