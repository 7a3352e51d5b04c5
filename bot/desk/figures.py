"""Figures of stores as they stand at this instant: summed spans, the duties of all other times, and the open ones.

Days are those of each store's own zone, also where several stores are added up. Definitions: domain/sla.py.
A past instant (`as_of`) is worked out from the duties alone: the summed spans know only how things stand now.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.db.queries import figure_spans, present
from bot.db.queries import figures as queries
from bot.db.queries.figures import Clocks, Ending, Span, Stretch
from bot.desk import Desk, access
from bot.domain import sla, sums, zones
from bot.domain.sla import Day, Figures, Tally
from bot.domain.sums import Columns, Part, Sums
from bot.errors import NotAllowed

Periods = tuple[tuple[str, Figures], ...]

ALL_DAYS = sla.LONGEST_DAYS


@dataclass(frozen=True, slots=True)
class Pieces:
    """What the last ALL_DAYS days add up to: by value and period, and, without response times, by store and day.

    The tallies of a store's days stand in their places: first that of `today`, then yesterday's.
    """

    sums: Sums
    days: Mapping[str, Sequence[Tally]]
    today: Mapping[str, date]


def pieces(tx: Session, desk: Desk, store: str | None, by: str = "", as_of: datetime | None = None) -> Pieces:
    """The last ALL_DAYS days of a store, or of all; `by` is a dimension or "store", "" for all values together."""
    now, zone_of = as_of or desk.now(), dict(zones_of(desk, store))
    days = {name: sla.local_days(now, zone, ALL_DAYS)[::-1] for name, zone in zone_of.items()}
    found = _parts_of(tx, zone_of, days, "" if by == "store" else by, now, as_of)
    if by == "store":
        found = [(name, ago, _named(part, name)) for name, ago, part in found]
    every = sums.add_up(((sla.period_of(ago), part) for _name, ago, part in found), len(sla.PERIODS))
    return Pieces(
        sums=every.so_far(),
        days={name: sums.by_place(_of(name, found), ALL_DAYS) for name in days},
        today={name: of_store[0].day for name, of_store in days.items()},
    )


def by_store(
    tx: Session, desk: Desk, days: Mapping[str, Sequence[Day]], by: str, length: int
) -> dict[str, Sums]:
    """What days of stores add up to, each `length` of them one period; they follow each other, the earliest first."""
    zone_of = {name: desk.settings.stores[name].zone for name in days}
    found = _parts_of(tx, zone_of, days, by, desk.now(), None)
    return {
        name: sums.add_up(
            ((place // length, part) for place, part in _of(name, found)), len(of_store) // length
        )
        for name, of_store in days.items()
    }


_Placed = tuple[str, int, Part]
"""(store, place of the day among the days that were asked for, what it adds up to or a part of that)."""


def _of(store: str, found: Iterable[_Placed]) -> Iterator[tuple[int, Part]]:
    return ((place, part) for name, place, part in found if name == store)


def _parts_of(
    tx: Session,
    zone_of: Mapping[str, str],
    days: Mapping[str, Sequence[Day]],
    by: str,
    now: datetime,
    as_of: datetime | None,
) -> list[_Placed]:
    """What these days of stores are made of; those of a store follow each other, in either direction."""
    known = {} if as_of else _summed(tx, zone_of, days, now)
    others = [one for name, of_store in days.items() for one in _gaps(name, of_store, known.get(name, ()))]
    clocks = {name: clocks_of(zone_of[name], of_store, now) for name, of_store in days.items()}
    stretch = Stretch(others, clocks, now, as_of)
    places = {name: {day.day: place for place, day in enumerate(of_store)} for name, of_store in days.items()}
    return [
        *_placed_spans(figure_spans.parts(tx, known, by), days),
        *_placed(queries.endings(tx, stretch, by), places),
        *_placed(queries.open_ones(tx, stretch, by), places),
    ]


def _summed(
    tx: Session, zone_of: Mapping[str, str], days: Mapping[str, Sequence[Day]], now: datetime
) -> dict[str, list[Span]]:
    """The spans of these days that were summed up and still count."""
    edges = {name: _edges(of_store) for name, of_store in days.items()}
    since = min((start for start, _end in edges.values()), default=now)
    known = figure_spans.summed(tx, zone_of, since, now)
    return {
        name: [one for one in some if edges[name][0] <= one.start and one.end <= edges[name][1]]
        for name, some in known.items()
    }


def _edges(days: Sequence[Day]) -> tuple[datetime, datetime]:
    return min(days[0].start, days[-1].start), max(days[0].end, days[-1].end)


def clocks_of(zone: str, days: Sequence[Day], now: datetime) -> Clocks:
    """The clocks of the zone through these days, which follow each other."""
    return Clocks(zones.offsets(zone, *_edges(days)), zones.day_start(now, zone))


def _gaps(store: str, days: Sequence[Day], spans: Sequence[Span]) -> list[Span]:
    """The times of these days that are in none of `spans`, which are in order and apart."""
    first, last = _edges(days)
    edges = [first, *(edge for one in spans for edge in (one.start, one.end)), last]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [Span(store, start, end) for start, end in pairs if start < end]


def _placed_spans(found: Iterable[tuple[Span, Part]], days: Mapping[str, Sequence[Day]]) -> Iterator[_Placed]:
    starts = {
        name: sorted((day.start, place) for place, day in enumerate(of_store))
        for name, of_store in days.items()
    }
    for one, part in found:
        of_store = starts[one.store]
        yield one.store, of_store[bisect_right(of_store, (one.start, len(of_store))) - 1][1], part


def _placed(found: Sequence[Ending], places: Mapping[str, Mapping[date, int]]) -> Iterator[_Placed]:
    """What came in on other days is in none."""
    keys = [(one.store, one.at) for one in found]
    made = Columns([one.fact for one in found]).parts(keys, [one.values[0] for one in found])
    for (store, at), part in made.items():
        place = places[store].get(queries.day_of(at))
        if place is not None:
            yield store, place, part


def _named(part: Part, name: str) -> Part:
    return replace(part, values=tuple(name for _value in part.values))


def in_periods(found: Pieces) -> Periods:
    """The figures of each period that these pieces add up to. A longer period has the shorter ones in it."""
    return _periods(found.sums.of_all())


def _periods(figures: Sequence[Figures]) -> Periods:
    return tuple((name, one) for (name, _days), one in zip(sla.PERIODS, figures, strict=True))


def periods(tx: Session, desk: Desk, store: str | None, as_of: datetime | None = None) -> Periods:
    """The figures of each period of one store, or of all."""
    return in_periods(pieces(tx, desk, store, as_of=as_of))


def broken_down(found: Pieces, by: str) -> tuple[tuple[str, Periods], ...]:
    """The figures of each value of the dimension that the pieces are by, the most messages first.

    Hours are in their order. What has no value (nobody answered it, no shift was recorded) stands under "".
    """
    rows = [(value, _periods(figures)) for value, figures in found.sums.by_value().items()]
    if by == "hour":
        return tuple(sorted(rows, key=lambda row: int(row[0])))
    return tuple(sorted(rows, key=lambda row: (-row[1][-1][1].received, row[0])))


def require_may_see(tx: Session, desk: Desk, person: str, by: str, store: str | None) -> bool:
    """That `person` may see figures of `store` (None: of all) by `by`; says whether they may see single people's.

    Those are for who manages each of the stores. Raises NotAllowed.
    """
    agent = (access.require_manager if by == "agent" else access.require_agent)(tx, desk, person)
    is_manager = access.manages_all(agent, desk, store)
    if by == "agent" and not is_manager:
        raise NotAllowed(
            "Figures of single agents are for managers of all stores that are in them.",
            key="manual_not_yours",
            who=access.managers_of(tx, desk, store),
        )
    return is_manager


def zones_of(desk: Desk, store: str | None) -> tuple[tuple[str, str], ...]:
    """(store, zone) of the stores in the figures: where each one's days begin."""
    return tuple((key, one.zone) for key, one in desk.settings.stores.items() if store in (None, key))


@dataclass(frozen=True, slots=True)
class AnsweredToday:
    """What one person has answered since the store's midnight."""

    replies: int
    median_seconds: float | None


def answered_today(tx: Session, desk: Desk, store: str | None, now: datetime) -> dict[str, AnsweredToday]:
    """By person: replies of the day of `now` up to then, and the median response time. Days are each store's own."""
    since = {name: zones.day_start(now, zone) for name, zone in zones_of(desk, store)}
    return {
        person: AnsweredToday(count, sla.percentile_of(times, 50))
        for person, (count, times) in present.answered_since(tx, since, now).items()
    }
