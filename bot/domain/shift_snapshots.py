"""How shifts look from outside at one instant: what views draw. Persons are Slack user ids, instants aware UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.manual import ManualMode
from bot.domain.peak import Peak
from bot.domain.snapshots import QueueLine


@dataclass(frozen=True, slots=True)
class OnNow:
    """Somebody who is on shift. `zone` is theirs; `until` is the end of their stint, None without a rota."""

    person: str
    zone: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of people: who leaves and who arrives at `at`; `on` is who works from then on."""

    at: datetime
    leaving: tuple[str, ...]
    arriving: tuple[str, ...]
    on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoreShifts:
    """Who works for one store: now, and the changes to come. Nobody on: `changes` tells from when again.

    `peak`: what acts on messages that come in now.
    """

    store: str
    store_name: str
    on: tuple[OnNow, ...]
    changes: tuple[Change, ...]
    peak: Peak | None = None


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
    """What `/oncall` shows. `has_rota` False: no rota is set up, everybody counts as able to work.

    `zone` is the reader's: the days of `week` begin in it.
    """

    as_of: datetime
    stores: tuple[StoreShifts, ...]
    week: tuple[ShiftLine, ...] = ()
    has_rota: bool = True
    zone: str = "UTC"
    manual: tuple[ManualMode, ...] = ()
    """Where manual mode is on, of these stores."""


@dataclass(frozen=True, slots=True)
class Handover:
    """A shift change that waits to be accepted, and what is handed over. `due` holds what needs an answer first.

    `names` goes from person to name: whoever is not in `on` is named, and not called, for they sleep.
    """

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
    names: Mapping[str, str]
    remarks: Mapping[int, str]
    """The newest note of each case in `due` that has one."""
    held_choice: str | None = None
    """What was decided about `held`: "give" or "keep"; None: nothing yet."""
    held_chosen_by: str | None = None


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
    """At the start: due in this shift. At the end: due before the next shift can answer, as is all of `mine`."""
    next_on: tuple[str, ...]
    next_at: datetime | None
    as_of: datetime
    notes: tuple[tuple[str, str], ...] = ()
    """(name, words) of each note of the handover that their shift began with."""


@dataclass(frozen=True, slots=True)
class Unstaffed:
    """Nobody is on shift, and cases are due before anybody is: what managers are warned of."""

    store_names: tuple[str, ...]
    due: tuple[QueueLine, ...]
    next_on: tuple[str, ...]
    next_at: datetime | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class MyShifts:
    """One person's shifts, for their home page. `until` is None for somebody who is off shift now."""

    zone: str
    until: datetime | None
    with_me: tuple[str, ...]
    back_at: datetime | None
    """When their next shift begins, if they are off shift."""
    next_on: tuple[str, ...]
    next_at: datetime | None
    """Who comes on next at their stores, and when; not themselves."""
    week: tuple[ShiftLine, ...]


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

    state: open -> accepted (waits for a manager) -> done; or declined, cancelled, expired. A swap has
    `by` work [other_start, other_end) and `other` work [start, end). A take puts `by` on: in a gap, or
    (in a preview) for `instead_of`, who asked for cover. An override puts `other` on, takes `instead_of` off, or both.
    """

    id: int
    kind: str
    state: str
    by: str
    by_zone: str
    start: datetime
    end: datetime
    other: str | None
    """Whom a swap is with, whom an override puts on, or who accepted a cover (or is about to)."""
    other_zone: str | None
    other_start: datetime | None
    other_end: datetime | None
    instead_of: str | None
    stores: tuple[tuple[str, str], ...]
    """(key, name) of each store; empty for all."""
    note: str
    decided_by: str | None
    needs_manager: bool
    effect: Effect | None
    as_of: datetime
    reason: str = ""
    """Of a day off: vacation, sick or other. For the person and the managers only."""
    asks_cover: bool = False
    """Whether colleagues shall be asked to work the shifts of a day off."""
    could: tuple[tuple[str, str], ...] = ()
    """(person, zone) of those who could take a cover."""
    told: tuple[str, ...] = ()
    """Who is told of it by direct message."""
    channel: str | None = None
    """Slack channel in which a cover is asked for."""


@dataclass(frozen=True, slots=True)
class Vacancy:
    """Time that somebody may take: what a cover `request` of `by` asks for, or a coverage gap (both None).

    Gaps are of one store (None: of all). `rest_before` and `rest_after` are the hours of rest that whoever
    looks would be left with; None where they are long enough.
    """

    request: int | None
    by: str | None
    store: str | None
    store_names: tuple[str, ...]
    start: datetime
    end: datetime
    fatal: bool = False
    note: str = ""
    rest_before: timedelta | None = None
    rest_after: timedelta | None = None


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
    store: str | None = None
    """Key of the store that was asked about; None: all."""
