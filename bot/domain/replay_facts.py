"""What a replay is about, and what comes out of it. The model: replay.py."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median_low
from typing import Literal

from bot.domain import sla
from bot.domain.deadlines import LIMIT, MET
from bot.domain.pings import Stage
from bot.domain.rota_versions import Judges
from bot.domain.timetable import Timetable

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
TICK = timedelta.resolution


def ticks(instant: datetime) -> int:
    """An instant as a number: whole microseconds since EPOCH. What is computed twice is the same twice."""
    return (instant - EPOCH) // TICK


def instant_of(number: int) -> datetime:
    """The instant of a number."""
    return EPOCH + number * TICK


Cause = Literal["no_shift", "no_capacity", "not_answered"]
"""Of a miss: nobody was on in all its time; people were, but even a tireless team would have been late; else
somebody could have answered it and nobody did (not claimed, not sent, stuck: the causes of misses say more)."""
CAUSES: tuple[Cause, ...] = ("no_shift", "no_capacity", "not_answered")

_ENOUGH = 20
_LONGEST_GAP = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody was called about a message at a stage; who is called twice by one `post` is called once."""

    stage: str
    agent: str
    post: str


@dataclass(frozen=True, slots=True)
class Past:
    """One counted deadline as it went. `agent`: who answered, if that is known.

    `shared`: how many deadlines the answer closed; each is that share of the work.
    """

    id: int
    store: str | None
    lang: str | None
    anchor: datetime
    due_at: datetime
    state: str
    answered_at: datetime | None = None
    agent: str | None = None
    shared: int = 1
    late_on_arrival: bool = False
    calls: tuple[Call, ...] = ()

    @property
    def answer(self) -> int | None:
        """When it was answered, as a number."""
        return None if self.answered_at is None else ticks(self.answered_at)


@dataclass(frozen=True, slots=True)
class Setup:
    """Who works when, how long one reply takes, and whether only those answer who speak the buyer's language."""

    table: Timetable
    handle: timedelta
    speakers_only: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Which messages are asked about: those that came in [start, end) to `stores` (None: all), as seen at `now`.

    `ladder`: the stages that call somebody. All messages that are given are work, also those before `start`.
    """

    start: datetime
    end: datetime
    now: datetime
    stores: frozenset[str] | None = None
    target: timedelta = LIMIT
    ladder: tuple[Stage, ...] = ()
    starts: Mapping[str, datetime] = field(default_factory=dict)
    """Of stores whose period begins later than `start`, because their day does."""

    def is_about(self, one: Past) -> bool:
        """Whether a message is in the figures."""
        start = self.starts.get(one.store or "", self.start)
        return start <= one.anchor < self.end and (self.stores is None or one.store in self.stores)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one message ends."""

    state: str
    answered_at: datetime | None
    agent: str | None
    cause: Cause | None
    """If it misses the target."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one agent does in the window. Hours are those of shifts for all stores."""

    agent: str
    answered: int
    pings: int
    hours: float
    night_hours: float


@dataclass(frozen=True, slots=True)
class Side:
    """What one setup makes of the messages. `figures` are those of Amazon's 24 hours, `at_target` of the target.

    What was late when it arrived is in neither, only in `late_on_arrival`.
    """

    figures: sla.Figures
    at_target: sla.Figures
    late_on_arrival: int
    causes: Mapping[Cause, int]
    people: tuple[Load, ...]
    outcomes: Mapping[int, Outcome] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Replay:
    """The two sides. `saved` and `lost`: messages that only the tried setup, or only the one that was, has in time.

    `judges`: the versions of the rota that say who was on as it was.
    """

    question: Question
    was: Side
    tried: Side
    handle: timedelta
    judges: Judges = field(default_factory=Judges)

    @property
    def saved(self) -> int:
        return len(_in_time(self.tried) - _in_time(self.was))

    @property
    def lost(self) -> int:
        return len(_in_time(self.was) - _in_time(self.tried))


def _in_time(side: Side) -> frozenset[int]:
    return frozenset(number for number, one in side.outcomes.items() if one.state == MET and not one.cause)


def observed_handle(past: Iterable[Past]) -> timedelta | None:
    """How long one reply takes: the median of the times between two answers of a person, breaks left out.

    Pauses for want of work make it too long rather than too short, but never longer than what people kept up
    with. None if there are too few to tell.
    """
    answers = {(one.agent, one.answered_at) for one in past if one.agent and one.answered_at}
    by_agent: dict[str, list[datetime]] = {}
    for agent, at in sorted(answers):
        by_agent.setdefault(agent, []).append(at)
    gaps = [
        after - before
        for own in by_agent.values()
        for before, after in pairwise(own)
        if after - before <= _LONGEST_GAP
    ]
    return median_low(gaps) if len(gaps) >= _ENOUGH else None
