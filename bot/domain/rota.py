"""The rota: from rules and overrides to shifts. The only evaluator there is.

Routing, views, notices, proofs and replays all ask `shifts`.

Rules speak of the wall clock of an IANA zone. A shift starts at the FIRST instant at which the clocks
show its start, and ends at the LAST at which they show its end; a time that a clock change skips is the
instant of the change. So a change makes people overlap rather than leave a gap. (GoAlert's rules,
target/goalert#1252.) A shift is worked whole by those whose turn it is when it starts.

Precedence, highest first: override, swap, holiday and vacation, weekly shift (style.md 4).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.domain import calendars, holidays, zones

WEEK = 7
FRIDAY = 4
_A_SKIPPED_DAY = timedelta(days=1)
SWAPS = ("cover", "swap", "take")
"""Kinds of exchange between agents; every other kind of override stands above them."""


@dataclass(frozen=True, slots=True)
class WeeklyShift:
    """Hours on some weekdays (0 is Monday). `start` and `end` are minutes of the wall clock since the
    midnight that begins the day; an `end` above 1440 lies in a following day. Without `agents` the
    rotation of the layer says who works.
    """

    days: frozenset[int]
    start: int
    end: int
    agents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rotation:
    """Takes turns: each of `turns` works for `days` days. The turn of turns[0] begins at the naive wall
    time `anchor`; before and after it the turns go on without end.
    """

    turns: tuple[tuple[str, ...], ...]
    days: int
    anchor: datetime

    def turn_at(self, wall: datetime) -> tuple[str, ...]:
        """Whose turn it is when the wall clock shows `wall`."""
        return self.turns[(wall - self.anchor) // timedelta(days=self.days) % len(self.turns)]


@dataclass(frozen=True, slots=True)
class Layer:
    """Shifts that belong together. `stores` is None for all. Days are those of `zone`, both ends included.

    On public holidays of `countries` and on `closed_on` nobody of this layer works; on `open_on` all do
    as on any such weekday. Where a country makes up for a holiday on a weekend, that day is worked
    like a Friday. `calendar` is the text of an iCalendar file whose events are shifts too, on the same days.
    `known_days`: holidays as they were known once; what is not in them is as it is known today.
    """

    name: str
    zone: str
    shifts: tuple[WeeklyShift, ...] = ()
    rotation: Rotation | None = None
    stores: frozenset[str] | None = None
    first_day: date | None = None
    last_day: date | None = None
    countries: tuple[str, ...] = ()
    closed_on: frozenset[date] = frozenset()
    open_on: frozenset[date] = frozenset()
    calendar: str | None = field(default=None, repr=False)
    known_days: tuple[holidays.KnownDays, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Vacation:
    """Whole days, both included, on the wall clock of `zone`, on which an agent does not work."""

    agent: str
    first_day: date
    last_day: date
    zone: str


@dataclass(frozen=True, slots=True)
class RotaAgent:
    """What the rota knows of a person. `stores` None: all; `languages` empty: any. `names`: how calendars call them."""

    key: str
    zone: str
    stores: frozenset[str] | None = None
    languages: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def works_for(self, store: str | None) -> bool:
        """Whether this person may work for `store`; what belongs to no store is everybody's."""
        return store is None or self.stores is None or store in self.stores

    def speaks(self, lang: str | None) -> bool:
        """Whether this person answers in `lang`; who named no language answers in any."""
        return lang is None or not self.languages or lang in self.languages


@dataclass(frozen=True, slots=True)
class Rota:
    """All rules of who is on shift when."""

    layers: tuple[Layer, ...]
    agents: tuple[RotaAgent, ...]
    vacations: tuple[Vacation, ...] = ()

    def agent(self, key: str) -> RotaAgent | None:
        """The person of that key."""
        return next((one for one in self.agents if one.key == key), None)


@dataclass(frozen=True, slots=True)
class Override:
    """A one-off change of who works in [start, end): puts `agent` on, or takes them off. Later ids win.

    `kind` says where it came from: cover, swap, take (exchanges), off, override. `stores` (None: all) is
    for whom somebody put on works; who is taken off is off for all.
    """

    id: int
    kind: str
    agent: str
    is_on: bool
    start: datetime
    end: datetime
    stores: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """One concrete half-open UTC interval of one agent. `source`: the layer, or the kind of override.

    `order` is its precedence among those who work at the same time, lowest first.
    """

    agent: str
    start: datetime
    end: datetime
    source: str
    stores: frozenset[str] | None = None
    order: int = 0


def shifts(
    rota: Rota, start: datetime, end: datetime, overrides: Iterable[Override] = ()
) -> tuple[Shift, ...]:
    """All shifts that touch [start, end), whole, in order of their start and precedence."""
    found: dict[str, list[Shift]] = {}
    for order, layer in enumerate(rota.layers):
        for shift in _of_layer(rota, layer, order, start, end):
            found.setdefault(shift.agent, []).append(shift)
    for vacation in rota.vacations:
        if vacation.agent in found:
            found[vacation.agent] = _without(found[vacation.agent], *_whole_days(vacation))
    for override in sorted(overrides, key=lambda one: (one.kind not in SWAPS, one.id)):
        found[override.agent] = _overridden(found.get(override.agent, []), override)
    touching = (one for own in found.values() for one in own if max(one.start, start) < min(one.end, end))
    return tuple(sorted(touching, key=lambda one: (one.start, one.order, one.agent, one.end)))


def _of_layer(rota: Rota, layer: Layer, order: int, start: datetime, end: datetime) -> Iterator[Shift]:
    if layer.calendar is not None:
        yield from _of_calendar(rota, layer, order, start, end)
    for day in _days(layer, start, end):
        weekday = _worked_as(layer, day)
        for rule in layer.shifts:
            if weekday in rule.days:
                yield from _on_day(layer, rule, day, order)


def _of_calendar(rota: Rota, layer: Layer, order: int, start: datetime, end: datetime) -> Iterator[Shift]:
    """The events of the layer's calendar; as with its other shifts, the day on which one starts decides."""
    for event in calendars.events(layer.calendar or "", layer.zone, start, end):
        day = zones.local(event.start, layer.zone).date()
        if _worked_as(layer, day) is None or not _first(layer) <= day <= _last(layer):
            continue
        for agent in _called(rota, event.who):
            yield Shift(agent, event.start, event.end, layer.name, layer.stores, order)


def _first(layer: Layer) -> date:
    return layer.first_day or date.min


def _last(layer: Layer) -> date:
    return layer.last_day or date.max


def _days(layer: Layer, start: datetime, end: datetime) -> Iterator[date]:
    """The days of `layer` whose shifts may touch [start, end)."""
    longest = timedelta(minutes=max((rule.end for rule in layer.shifts), default=0))
    earliest = zones.local(start - longest - _A_SKIPPED_DAY, layer.zone).date()
    latest = zones.local(end + _A_SKIPPED_DAY, layer.zone).date()
    day = max(earliest, _first(layer))
    while day <= min(latest, _last(layer)):
        yield day
        day += timedelta(days=1)


def _called(rota: Rota, who: str) -> list[str]:
    """The agents that the words of a calendar's event name."""
    return [one.key for one in rota.agents if one.key == who or who.casefold() in one.names]


def _worked_as(layer: Layer, day: date) -> int | None:
    """The weekday whose shifts are worked on `day`; None if it is a day off."""
    if day in layer.open_on:
        return day.weekday()
    if day in layer.closed_on or any(_is_day_off(layer, country, day) for country in layer.countries):
        return None
    if any(_is_made_up(layer, country, day) for country in layer.countries):
        return FRIDAY
    return day.weekday()


def _is_day_off(layer: Layer, country: str, day: date) -> bool:
    known = _known(layer, country, day)
    return day in known.off if known else holidays.is_day_off(country, day)


def _is_made_up(layer: Layer, country: str, day: date) -> bool:
    known = _known(layer, country, day)
    return day in known.made_up if known else holidays.is_made_up(country, day)


def _known(layer: Layer, country: str, day: date) -> holidays.KnownDays | None:
    return next((one for one in layer.known_days if one.country == country and one.covers(day)), None)


def _on_day(layer: Layer, rule: WeeklyShift, day: date, order: int) -> Iterator[Shift]:
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a wall time; the zone follows
    wall = midnight + timedelta(minutes=rule.start)
    start = zones.first_instant(wall, layer.zone)
    end = zones.last_instant(midnight + timedelta(minutes=rule.end), layer.zone)
    if start >= end:  # all of it lies in an hour that the clocks skip
        return
    for agent in rule.agents or (layer.rotation.turn_at(wall) if layer.rotation else ()):
        yield Shift(agent, start, end, layer.name, layer.stores, order)


def _whole_days(vacation: Vacation) -> tuple[datetime, datetime]:
    after = vacation.last_day + timedelta(days=1)
    return zones.day_at(vacation.first_day, vacation.zone), zones.day_at(after, vacation.zone)


def _without(found: Sequence[Shift], start: datetime, end: datetime) -> list[Shift]:
    """The shifts, less what of them lies in [start, end)."""
    left: list[Shift] = []
    for shift in found:
        if shift.end <= start or shift.start >= end:
            left.append(shift)
            continue
        if shift.start < start:
            left.append(replace(shift, end=start))
        if shift.end > end:
            left.append(replace(shift, start=end))
    return left


def _overridden(found: list[Shift], override: Override) -> list[Shift]:
    if not override.is_on:
        return _without(found, override.start, override.end)
    order = -1 if override.kind in SWAPS else -2
    return [
        *found,
        Shift(override.agent, override.start, override.end, override.kind, override.stores, order),
    ]
