"""Figures of stores as they stand at this instant: summed days, the duties of all other days, and the open ones.

Days are those of each store's own zone, also where several stores are added up. Definitions: domain/sla.py.
A past instant (`as_of`) is worked out from the duties alone: the summed days know only how things stand now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.db.queries import figure_days, present
from bot.db.queries import figures as queries
from bot.db.queries.figures import Ending, Stretch
from bot.desk import Desk, access
from bot.domain import sla, zones
from bot.domain.sla import Day, Fact, Figures, Tally

Periods = tuple[tuple[str, Figures], ...]

ALL_DAYS = sla.LONGEST_DAYS


@dataclass(frozen=True, slots=True)
class Piece:
    """What the duties of one value add up to that came in so many days ago (0: today) in the store's zone."""

    store: str
    days_ago: int
    value: str
    tally: Tally


def pieces(
    tx: Session, desk: Desk, store: str | None, by: str = "", as_of: datetime | None = None
) -> list[Piece]:
    """What the last ALL_DAYS days of a store, or of all, add up to; `by` is a dimension, "" for whole days."""
    now, zone_of = as_of or desk.now(), dict(zones_of(desk, store))
    days = {name: sla.local_days(now, zone, ALL_DAYS) for name, zone in zone_of.items()}
    summed = {} if as_of else figure_days.summed(tx, days, now)
    every, others = [], []
    for name, of_store in days.items():
        today, known = of_store[-1].start, summed.get(name, {})
        every += queries.spans(name, zone_of[name], of_store, today)
        unknown = [one for one in of_store if one.day not in known]
        others += queries.spans(name, zone_of[name], unknown, today)
    found = [
        *figure_days.tallies(tx, summed, by),
        *added_up(queries.endings(tx, Stretch(others, now, as_of), [by])),
        *added_up(queries.open_ones(tx, Stretch(every, now, as_of), by)),
    ]
    return [Piece(name, (days[name][-1].day - day).days, value, tally) for name, day, value, tally in found]


def added_up(found: Sequence[Ending], place: int = 0) -> list[tuple[str, date, str, Tally]]:
    """(store, day, value, what its endings add up to); the value is the one at `place` among those of each ending."""
    facts: dict[tuple[str, date, str], list[Fact]] = {}
    for one in found:
        facts.setdefault((one.store, one.day, one.values[place]), []).append(one.fact)
    return [(*which, sla.tally_of(alike)) for which, alike in facts.items()]


def in_periods(found: Sequence[Piece]) -> Periods:
    """The figures of each period that these pieces add up to. A longer period has the shorter ones in it."""
    rows: list[tuple[str, Figures]] = []
    so_far, known = Tally(), 0
    for name, days in sla.PERIODS:
        so_far = sla.total([so_far, *(one.tally for one in found if known <= one.days_ago < days)])
        rows.append((name, sla.figures_of(so_far)))
        known = days
    return tuple(rows)


def periods(tx: Session, desk: Desk, store: str | None, as_of: datetime | None = None) -> Periods:
    """The figures of each period of one store, or of all."""
    return in_periods(pieces(tx, desk, store, as_of=as_of))


def by_day(tx: Session, desk: Desk, store: str, count: int) -> list[tuple[Day, Figures]]:
    """The figures of each of the last `count` days of a store, oldest first; the last one is today, unfinished."""
    found: dict[int, list[Tally]] = {}
    for one in pieces(tx, desk, store):
        found.setdefault(one.days_ago, []).append(one.tally)
    days = sla.local_days(desk.now(), desk.settings.stores[store].zone, count)
    return [
        (day, sla.figures_of(sla.total(found.get(count - 1 - place, ())))) for place, day in enumerate(days)
    ]


def broken_down(found: Sequence[Piece], by: str) -> tuple[tuple[str, Periods], ...]:
    """The figures of each value of the dimension that the pieces are by ("store" too), the most messages first.

    Hours are in their order. What has no value (nobody answered it, no shift was recorded) stands under "".
    """
    alike: dict[str, list[Piece]] = {}
    for one in found:
        alike.setdefault(one.store if by == "store" else one.value, []).append(one)
    rows = [(value, in_periods(some)) for value, some in alike.items()]
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
