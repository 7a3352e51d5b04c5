"""Figures of stores as they stand at this instant: summed spans, the duties of all other times, and the open ones.

Days are those of each store's own zone, also where several stores are added up. Definitions: domain/sla.py.
A past instant (`as_of`) is worked out from the duties alone: the summed spans know only how things stand now.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
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
    days = {name: sla.local_days(now, zone, ALL_DAYS) for name, zone in zone_of.items()}
    known = {} if as_of else _summed(tx, zone_of, days, now)
    others = [one for name, of_store in days.items() for one in _gaps(name, of_store, known.get(name, ()))]
    clocks = {name: clocks_of(zone_of[name], of_store) for name, of_store in days.items()}
    stretch = Stretch(others, clocks, now, as_of)
    dimension = "" if by == "store" else by
    found = [
        *_parts_of_spans(figure_spans.parts(tx, known, dimension), days),
        *_parts(queries.endings(tx, stretch, dimension), days),
        *_parts(queries.open_ones(tx, stretch, dimension), days),
    ]
    if by == "store":
        found = [(name, ago, _named(part, name)) for name, ago, part in found]
    return Pieces(
        sums=sums.add_up((ago, part) for _name, ago, part in found),
        days={
            name: sums.by_days_ago(((ago, part) for other, ago, part in found if other == name), ALL_DAYS)
            for name in days
        },
        today={name: of_store[-1].day for name, of_store in days.items()},
    )


def _summed(
    tx: Session, zone_of: Mapping[str, str], days: Mapping[str, Sequence[Day]], now: datetime
) -> dict[str, list[Span]]:
    """The spans of these days that were summed up and still count."""
    since = min((of_store[0].start for of_store in days.values()), default=now)
    known = figure_spans.summed(tx, zone_of, since, now)
    return {
        name: [one for one in some if days[name][0].start <= one.start and one.end <= days[name][-1].end]
        for name, some in known.items()
    }


def clocks_of(zone: str, days: Sequence[Day]) -> Clocks:
    """The clocks of the zone through these days, of which the last is today."""
    return Clocks(zones.offsets(zone, days[0].start, days[-1].end), days[-1].start)


def _gaps(store: str, days: Sequence[Day], spans: Sequence[Span]) -> list[Span]:
    """The times of these days that are in none of `spans`, which are in order and apart."""
    edges = [days[0].start, *(edge for one in spans for edge in (one.start, one.end)), days[-1].end]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [Span(store, start, end) for start, end in pairs if start < end]


def _parts_of_spans(
    found: Sequence[tuple[Span, Part]], days: Mapping[str, Sequence[Day]]
) -> list[tuple[str, int, Part]]:
    starts = {name: [day.start for day in of_store] for name, of_store in days.items()}
    return [(one.store, ALL_DAYS - bisect_right(starts[one.store], one.start), part) for one, part in found]


def _parts(found: Sequence[Ending], days: Mapping[str, Sequence[Day]]) -> list[tuple[str, int, Part]]:
    """(store, days ago, part); what came in later than today is in none."""
    today = {name: of_store[-1].day for name, of_store in days.items()}
    keys = [(one.store, (today[one.store] - queries.day_of(one.at)).days) for one in found]
    made = Columns([one.fact for one in found]).parts(keys, [one.values[0] for one in found])
    return [(store, ago, part) for (store, ago), part in made.items() if 0 <= ago < ALL_DAYS]


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


def require_may_see(tx: Session, desk: Desk, person: str, by: str) -> bool:
    """That `person` may see figures broken down by `by`; says whether they are a manager. Raises NotAllowed.

    Figures of single agents are for managers.
    """
    agent = (
        access.require_manager(tx, desk, person) if by == "agent" else access.require_agent(tx, desk, person)
    )
    return agent.role == "manager"


def zones_of(desk: Desk, store: str | None) -> tuple[tuple[str, str], ...]:
    """(store, zone) of the stores in the figures: where each one's days begin."""
    return tuple((key, one.zone) for key, one in desk.settings.stores.items() if store in (None, key))


@dataclass(frozen=True, slots=True)
class AnsweredToday:
    """What one person has answered since the store's midnight."""

    replies: int
    median_seconds: float | None


def answered_today(tx: Session, desk: Desk, store: str | None, now: datetime) -> dict[str, AnsweredToday]:
    """By person: replies of today, and the median response time of what they answered. Today is each store's own."""
    since = {name: zones.day_start(now, zone) for name, zone in zones_of(desk, store)}
    return {
        person: AnsweredToday(count, sla.percentile(took, 50))
        for person, (count, took) in present.answered_since(tx, since).items()
    }
