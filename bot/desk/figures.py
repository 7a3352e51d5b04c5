"""Figures of stores as they stand at this instant: summed days, the duties of all other days, and the open ones.

Days are those of each store's own zone, also where several stores are added up. Definitions: domain/sla.py.
A past instant (`as_of`) is worked out from the duties alone: the summed days know only how things stand now.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.db.queries import figure_days
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
    now = as_of or desk.now()
    stores = [store] if store else list(desk.settings.stores)
    return [one for name in stores for one in _of_store(tx, desk, name, by, now, as_of)]


def _of_store(
    tx: Session, desk: Desk, store: str, by: str, now: datetime, as_of: datetime | None
) -> Iterator[Piece]:
    zone = desk.settings.stores[store].zone
    days = sla.local_days(now, zone, ALL_DAYS)
    summed = set() if as_of else figure_days.summed(tx, store, days, now)
    every = Stretch(store, zone, days, now, days[-1].start, as_of)
    others = replace(every, days=[one for one in days if one.day not in summed])
    found = [
        *figure_days.tallies(tx, store, summed, by),
        *added_up(queries.endings(tx, others, [by])),
        *added_up(queries.open_ones(tx, every, by)),
    ]
    for day, value, tally in found:
        yield Piece(store, (days[-1].day - day).days, value, tally)


def added_up(found: Sequence[Ending], place: int = 0) -> list[tuple[date, str, Tally]]:
    """(day, value, what its endings add up to); the value is the one at `place` among those of each ending."""
    facts: dict[tuple[date, str], list[Fact]] = {}
    for one in found:
        facts.setdefault((one.day, one.values[place]), []).append(one.fact)
    return [(day, value, sla.tally_of(alike)) for (day, value), alike in facts.items()]


def in_periods(found: Sequence[Piece]) -> Periods:
    """The figures of each period that these pieces add up to."""
    return tuple(
        (name, sla.figures_of(sla.total(one.tally for one in found if one.days_ago < days)))
        for name, days in sla.PERIODS
    )


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


def broken_down(
    tx: Session, desk: Desk, store: str | None, by: str, as_of: datetime | None = None
) -> tuple[tuple[str, Periods], ...]:
    """The figures of each value of a dimension ("store" too), the most messages first, hours in their order.

    What has no value (nobody answered it, no shift was recorded) stands under "".
    """
    found: dict[str, list[Piece]] = {}
    for one in pieces(tx, desk, store, "" if by == "store" else by, as_of):
        found.setdefault(one.store if by == "store" else one.value, []).append(one)
    rows = [(value, in_periods(alike)) for value, alike in found.items()]
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
    replies: dict[str, int] = {}
    took: dict[str, list[Tally]] = {}
    for name, zone in zones_of(desk, store):
        for person, (count, times) in queries.answered_since(tx, name, zones.day_start(now, zone)).items():
            replies[person] = replies.get(person, 0) + count
            took.setdefault(person, []).append(Tally(took=times))
    return {
        person: AnsweredToday(count, sla.percentile(sla.total(took[person]).took, 50))
        for person, count in replies.items()
    }
