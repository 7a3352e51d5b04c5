"""Coverage: where a rota leaves nobody on shift, what that costs, and the proof of it.

A buyer message must be answered within 24 hours (domain.deadlines). Whoever is on shift is taken to answer
at once, so a message is lost to the rota exactly if nobody comes on within 24 hours of its arrival: a gap
is fatal if it is strictly longer than that. 1 less the share of lost arrivals is the best rate that any
team can reach with this rota (reference: own calculation of what a rota can reach, with its table in
tests/unit/test_coverage.py).

All sums are in whole microseconds and in a fixed order: the same input has the same certificate.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta

from bot.domain import festivals, rest, zones
from bot.domain.deadlines import LIMIT
from bot.domain.rota import Override, Rota, RotaAgent
from bot.domain.rota_versions import RotaHistory
from bot.domain.timetable import Span, Timetable, total, within

EIGHT_WEEKS = timedelta(weeks=8)
TWO_WEEKS = timedelta(weeks=2)
MARGIN = timedelta(days=8)
"""How far beyond its window a proof looks on both sides, so that gaps at the edges have their true length."""
A_YEAR_AND_MORE = timedelta(days=400)
HOURS_OF_WEEK = 168
_TICK = timedelta.resolution
_HOUR = timedelta(hours=1)
_WEEK = timedelta(weeks=1)
_MONDAY = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Need:
    """Somebody for `store` (None: for any) who answers in `lang` (None: in any language)."""

    store: str | None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """[start, end) without anybody who meets the need; its true ends, as far as the timetable reaches."""

    need: Need
    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    @property
    def is_fatal(self) -> bool:
        """Whether a message that arrives when it begins can't be answered in time by anyone on shift."""
        return self.length > LIMIT


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was found for one need. Rates are fractions; `reachable_observed` None: no arrivals are known."""

    need: Need
    gaps: tuple[Gap, ...]
    reachable: float
    reachable_observed: float | None

    @property
    def fatal(self) -> tuple[Gap, ...]:
        return tuple(gap for gap in self.gaps if gap.is_fatal)


@dataclass(frozen=True, slots=True)
class Stress:
    """A festival with everybody away whose clocks are those of `away`: the days around it, [start, end).

    `reachable` is the rate of the store that is worst off, `gaps` those of all stores, in any language.
    """

    name: str
    start: datetime
    end: datetime
    away: tuple[str, ...]
    agents: tuple[str, ...]
    """Who is taken to be away."""
    reachable: float
    gaps: tuple[Gap, ...]

    @property
    def fatal(self) -> tuple[Gap, ...]:
        return tuple(gap for gap in self.gaps if gap.is_fatal)


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known of a rota in [start, end), by the rules of the time. `rules`, `certificate`: sha256 in hexadecimal.

    `certificate` changes if and only if the rules, the edition of the time zones, the window or anything
    found changes.
    """

    start: datetime
    end: datetime
    edition: str
    rules: str
    coverage: tuple[Coverage, ...]
    loads: tuple[rest.Load, ...]
    short_rests: tuple[rest.ShortRest, ...]
    stress: tuple[Stress, ...]
    certificate: str

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Those of every need, in the order of needs."""
        return tuple(gap for one in self.coverage for gap in one.gaps)

    @property
    def fatal(self) -> tuple[Gap, ...]:
        return tuple(gap for one in self.coverage for gap in one.fatal)

    @property
    def reachable(self) -> float:
        """Of the need that is worst off."""
        return min(one.reachable for one in self.coverage)

    @property
    def reachable_observed(self) -> float | None:
        """Of the need that is worst off; None if no arrivals are known."""
        known = [one.reachable_observed for one in self.coverage if one.reachable_observed is not None]
        return min(known, default=None)


def prove(  # noqa: PLR0913 - what a proof is about, and what it is for; the last three have defaults
    history: RotaHistory,
    start: datetime,
    end: datetime | None = None,
    overrides: Iterable[Override] = (),
    *,
    stores: Sequence[str] = (),
    minimum_rest: timedelta = rest.MINIMUM,
    arrivals: Sequence[datetime] = (),
) -> Proof:
    """What the rota reaches in [start, end), for each of `stores`; `end` None: up to the `horizon` of the newest rules.

    `arrivals` are those of the past. Raises ValueError if `end` is not after `start`.
    """
    start, end = start.astimezone(UTC), (end or horizon(history.newest, start)).astimezone(UTC)
    if start >= end:
        raise ValueError(f"nothing to prove between {start:%Y-%m-%d %H:%M} and {end:%Y-%m-%d %H:%M} UTC")
    overrides = sorted(overrides, key=lambda one: one.id)
    table = history.timetable(start - MARGIN, end + MARGIN, overrides)
    profile, asked = week_profile(arrivals), needs(_people(history, start, end), stores)
    coverage = tuple(_coverage(table, need, Span(start, end), profile) for need in asked)
    loads = tuple(rest.loads(table, start, end))
    short_rests = tuple(rest.short_rests(table, start, end, minimum_rest))
    stress = tuple(stresses(history, start, overrides, stores=stores))
    edition, rules = zones.edition(), _sha256([_rules(table), overrides])
    return Proof(
        start=start,
        end=end,
        edition=edition,
        rules=rules,
        coverage=coverage,
        loads=loads,
        short_rests=short_rests,
        stress=stress,
        certificate=_sha256([rules, edition, start, end, coverage, loads, short_rests, stress]),
    )


def _people(history: RotaHistory, start: datetime, end: datetime) -> tuple[RotaAgent, ...]:
    """Everybody whom rules know that are in force in [start, end)."""
    return RotaHistory(history.within(start, end)).agents()


def _rules(table: Timetable) -> object:
    """What the shifts of a timetable were made of. Rules that never changed are the same whoever keeps them."""
    return [table.before, table.rota] if table.before else table.rota


def _coverage(table: Timetable, need: Need, window: Span, profile: Sequence[int]) -> Coverage:
    found = gaps(table, need, window.start, window.end)
    lost = _lost_in(found, window.start, window.end)
    return Coverage(
        need,
        tuple(found),
        _kept(total(lost) // _TICK, window.length // _TICK),
        _kept_of_profile(lost, window, profile),
    )


def needs(agents: Iterable[RotaAgent], stores: Sequence[str] = ()) -> list[Need]:
    """Each store (None if there are none) in any language, and in each that one of its agents names."""
    everybody = list(agents)
    found: list[Need] = []
    for store in stores or (None,):
        spoken = {lang for one in everybody if one.works_for(store) for lang in one.languages}
        found += [Need(store), *(Need(store, lang) for lang in sorted(spoken))]
    return found


def horizon(rota: Rota, start: datetime) -> datetime:
    """How far a proof from `start` on should look: eight weeks, or two weeks beyond the next change of clocks.

    Of each zone of the rota the next change counts, if there is one in 400 days.
    """
    used = {layer.zone for layer in rota.layers} | {vacation.zone for vacation in rota.vacations}
    next_changes = (next(zones.changes(zone, start, start + A_YEAR_AND_MORE), None) for zone in used)
    return max([start + EIGHT_WEEKS, *(change + TWO_WEEKS for change in next_changes if change is not None)])


def gaps(table: Timetable, need: Need, start: datetime, end: datetime) -> list[Gap]:
    """The gaps that touch [start, end), in order, with their true ends as far as the timetable reaches.

    Raises ValueError if it doesn't reach 24 hours beyond `end`: a gap could be fatal and look harmless.
    """
    _check_reach(table, start, end)
    return [Gap(need, one.start, one.end) for one in _unstaffed(table, need, start, end)]


def doomed(table: Timetable, need: Need, start: datetime, end: datetime) -> list[Span]:
    """When in [start, end) a message may arrive and nobody comes on shift within its 24 hours.

    Raises ValueError if the timetable doesn't reach 24 hours beyond `end`.
    """
    return _lost_in(gaps(table, need, start, end), start, end)


def _lost_in(found: Iterable[Gap], start: datetime, end: datetime) -> list[Span]:
    return within((Span(gap.start, gap.end - LIMIT) for gap in found if gap.is_fatal), start, end)


def reachable(table: Timetable, need: Need, start: datetime, end: datetime) -> float:
    """The best response rate for messages that arrive evenly over [start, end); reach as for `doomed`."""
    lost = total(doomed(table, need, start, end))
    return _kept(lost // _TICK, (end - start) // _TICK)


def reachable_observed(
    table: Timetable, need: Need, start: datetime, end: datetime, arrivals: Sequence[datetime]
) -> float | None:
    """The best response rate in [start, end) if messages arrive in the hours of the week (UTC) of `arrivals`.

    None if there are none. Reach as for `doomed`.
    """
    return _kept_of_profile(doomed(table, need, start, end), Span(start, end), week_profile(arrivals))


def week_profile(arrivals: Iterable[datetime]) -> tuple[int, ...]:
    """How many of `arrivals` fell into each hour of the week, from Monday 00:00 UTC on."""
    counts = [0] * HOURS_OF_WEEK
    for arrival in arrivals:
        counts[(arrival - _MONDAY) // _HOUR % HOURS_OF_WEEK] += 1
    return tuple(counts)


def stresses(
    history: RotaHistory, start: datetime, overrides: Iterable[Override] = (), *, stores: Sequence[str] = ()
) -> list[Stress]:
    """What is left of the rota on the festivals of the twelve months after `start`, in order."""
    overrides = list(overrides)
    return [_stress(history, festival, overrides, stores) for festival in festivals.of_the_year(start)]


def _stress(
    history: RotaHistory, festival: festivals.Festival, overrides: Sequence[Override], stores: Sequence[str]
) -> Stress:
    start, end = festivals.around(festival)
    people = _people(history, start, end)
    missing = [one for one in people if zones.countries_of(one.zone) & set(festival.countries)]
    last_word = max((one.id for one in overrides), default=0) + 1
    off = [festivals.absence(festival, one, last_word) for one in missing]
    table = history.timetable(start - MARGIN, end + MARGIN, [*overrides, *off])
    asked = [Need(store) for store in stores or (None,)]
    return Stress(
        festival.name,
        start,
        end,
        festival.countries,
        tuple(one.key for one in missing),
        min(reachable(table, need, start, end) for need in asked),
        tuple(gap for need in asked for gap in gaps(table, need, start, end)),
    )


def _check_reach(table: Timetable, start: datetime, end: datetime) -> None:
    if table.start > start or table.end < end + LIMIT:
        raise ValueError(
            f"the timetable covers {table.start} to {table.end}; for {start} to {end} it must reach 24 h further"
        )


def _unstaffed(table: Timetable, need: Need, start: datetime, end: datetime) -> list[Span]:
    """What of the timetable nobody covers, if it touches [start, end)."""
    found: list[Span] = []
    at = table.start
    for span in table.covered(need.store, need.lang):
        if at < span.start and at < end and span.start > start:
            found.append(Span(at, span.start))
        at = max(at, span.end)
    if at < end:
        found.append(Span(at, table.end))
    return found


def _kept(lost: int, of: int) -> float:
    return (of - lost) / of


def _kept_of_profile(lost: Iterable[Span], window: Span, profile: Sequence[int]) -> float | None:
    everything = _weight(window, profile)
    return _kept(sum(_weight(span, profile) for span in lost), everything) if everything else None


def _weight(span: Span, profile: Sequence[int]) -> int:
    """The microseconds of `span`, each times the arrivals in its hour of the week."""
    weeks, left = divmod(span.length, _WEEK)
    weight = weeks * sum(profile) * (_HOUR // _TICK)
    at, end = span.start, span.start + left
    while at < end:
        hours = (at - _MONDAY) // _HOUR
        following = min(_MONDAY + (hours + 1) * _HOUR, end)
        weight += profile[hours % HOURS_OF_WEEK] * ((following - at) // _TICK)
        at = following
    return weight


def _sha256(value: object) -> str:
    text = json.dumps(value, default=_plain, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _plain(value: object) -> object:
    """What JSON lacks, in one way only: data classes by name of field, sets in order."""
    if isinstance(value, date):  # a datetime is one too; those of rotations are naive
        return value.isoformat()
    if isinstance(value, timedelta):
        return value // _TICK
    if isinstance(value, frozenset):
        return sorted(value, key=str)
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no one way to be written")
