"""Summing whole days up, so that a board reads ninety small rows instead of every duty of ninety days.

Nothing depends on it but speed: a day that is not summed, or that changed since, is read from its duties.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.db.queries import figure_days
from bot.db.queries import figures as queries
from bot.db.queries.figure_days import SummedDay
from bot.db.queries.figures import Ending, Stretch
from bot.desk import Desk
from bot.desk.figures import ALL_DAYS, added_up
from bot.domain import sla, zones
from bot.domain.outcomes import SILENCE
from bot.domain.sla import Day

_SETTLED = timedelta(days=1)
"""How long a day must be over: until then its duties are still being answered, and each answer is a mark."""

_KEPT_DAYS = ALL_DAYS + 3


_AT_ONCE = 7
"""Days of one transaction: few, because on SQLite everybody else waits for it."""


def sum_days(desk: Desk, limit: int = 60) -> int:
    """Sum up the days that are over and not summed, or changed since; returns how many, at most `limit`."""
    now, count = desk.now(), 0
    for store, one in desk.settings.stores.items():
        days = sla.local_days(now, one.zone, _KEPT_DAYS)
        over = [day for day in days if day.end + _SETTLED <= now]
        with desk.database.reading() as tx:
            summed = figure_days.summed(tx, {store: over}, now).get(store, {})
        due = [day for day in reversed(over) if day.day not in summed][: limit - count]
        for at in range(0, len(due), _AT_ONCE):
            count += _sum_up(desk, store, due[at : at + _AT_ONCE][::-1], days, now)
    return count


def _sum_up(desk: Desk, store: str, wanted: Sequence[Day], days: Sequence[Day], now: datetime) -> int:
    """Sum some days up, in a transaction of their own, but those that somebody else just did; returns how many."""
    zone = desk.settings.stores[store].zone
    with desk.database.writing() as tx:
        figure_days.lock(tx)
        summed = figure_days.summed(tx, {store: wanted}, now).get(store, {})
        due = [day for day in wanted if day.day not in summed]
        if not due:
            return 0
        figure_days.begin(tx, store, due)
        stretch = Stretch(queries.spans(store, zone, due, days[-1].start), now)
        found = queries.endings(tx, stretch, ("", *sla.DIMENSIONS))
        sums = [_summed(day, [one for one in found if one.day == day.day], zone) for day in due]
        figure_days.put(tx, store, sums, now)
        figure_days.forget(tx, store, days[0].day, days[0].start)
        return len(due)


def _summed(day: Day, found: Sequence[Ending], zone: str) -> SummedDay:
    tallies = {
        (by, value): tally
        for place, by in enumerate(("", *sla.DIMENSIONS))
        for _store, _day, value, tally in added_up(found, place)
    }
    undecided = [one.undecided_from for one in found if one.undecided_from is not None]
    changes_at = zones.day_start(min(undecided) + SILENCE, zone, -1) if undecided else None
    return SummedDay(day, changes_at, tallies)
