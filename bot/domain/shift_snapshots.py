"""How shifts look from outside at one instant: what views draw. Persons are Slack user ids, instants aware UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.snapshots import QueueLine


@dataclass(frozen=True, slots=True)
class OnNow:
    """Somebody who is on shift. `zone` is theirs; `until` is the end of their stint."""

    person: str
    zone: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One change of people: who leaves and who arrives at `at`; `on` is who works from then on."""

    at: datetime
    leaving: tuple[str, ...]
    arriving: tuple[str, ...]
    on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoreShifts:
    """Who works for one store: now, and the changes to come. Nobody on: `changes` tells from when again."""

    store: str
    store_name: str
    on: tuple[OnNow, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """One shift of one person. `since` a layer's name or the kind of override that made it."""

    person: str
    zone: str
    start: datetime
    end: datetime
    source: str
    stores: tuple[str, ...]
    """Names of its stores; empty for all."""


@dataclass(frozen=True, slots=True)
class OncallPage:
    """What `/oncall` shows. `has_rota` False: no rota is set up, everybody counts as able to work."""

    as_of: datetime
    stores: tuple[StoreShifts, ...]
    week: tuple[ShiftLine, ...] = ()
    has_rota: bool = True


@dataclass(frozen=True, slots=True)
class Handover:
    """A shift change that waits to be accepted, and what is handed over. `due` holds what needs an answer first."""

    id: int
    at: datetime
    store_names: tuple[str, ...]
    leaving: tuple[str, ...]
    on: tuple[str, ...]
    next_at: datetime | None
    """When somebody comes on, if nobody is."""
    until: datetime | None
    """The next change after this one."""
    open_cases: int
    unclaimed: int
    due_in_shift: int
    overdue: int
    due: tuple[QueueLine, ...]
    held: tuple[QueueLine, ...]
    """Cases claimed by people who left."""
    notes: tuple[tuple[str, str], ...]
    """(person, words) of each note."""
    accepted_by: str | None
    accepted_at: datetime | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Brief:
    """What somebody is told by direct message when their shift begins, or an hour before it ends."""

    person: str
    start: datetime
    end: datetime
    store_names: tuple[str, ...]
    with_me: tuple[str, ...]
    mine: tuple[QueueLine, ...]
    due: tuple[QueueLine, ...]
    """At the start: due in this shift. At the end: due before the next shift can answer."""
    next_on: tuple[str, ...]
    next_at: datetime | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of the rota would do: the next changes of people, and gaps that it opens or closes.

    Gaps are (store name, start, end, whether it is fatal).
    """

    changes: tuple[tuple[str, Change], ...]
    opened: tuple[tuple[str, datetime, datetime, bool], ...]
    closed: tuple[tuple[str, datetime, datetime, bool], ...]


@dataclass(frozen=True, slots=True)
class ShiftRequest:
    """Somebody's wish to change the rota. kind: cover, swap, take, off, override.

    state: open -> accepted (waits for a manager) -> done; or declined, cancelled, expired.
    """

    id: int
    kind: str
    state: str
    by: str
    by_zone: str
    start: datetime
    end: datetime
    other: str | None
    """Whom a swap is with, whom an override puts on, or who accepted a cover."""
    other_zone: str | None
    other_start: datetime | None
    other_end: datetime | None
    instead_of: str | None
    stores: tuple[str, ...]
    note: str
    decided_by: str | None
    needs_manager: bool
    effect: Effect | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class GapsPage:
    """What `/shift gaps` and the warning show. Gaps are (store name, language or None, start, end, fatal)."""

    start: datetime
    end: datetime
    gaps: tuple[tuple[str, str | None, datetime, datetime, bool], ...]
    rates: tuple[tuple[str, float, float | None], ...]
    """(store name, best reachable rate for uniform arrivals, for observed ones)."""
    short_rests: tuple[tuple[str, datetime, datetime, timedelta], ...]
    stress: tuple[tuple[str, datetime, datetime, float, int], ...]
    """(festival, start, end, reachable rate, fatal gaps) of the year to come."""
    target: float
    edition: str
    certificate: str
    as_of: datetime
