"""Summing whole days up, so that a board reads ninety small rows instead of every duty of ninety days.

Nothing depends on it but speed: a day that is not summed, or that changed since, is read from its duties.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.db.queries import figure_days
from bot.db.queries import figures as queries
from bot.db.queries.figures import Ending, Stretch
from bot.db.tables_figures import SummedDayRow
from bot.desk import Desk
from bot.desk.figures import ALL_DAYS, added_up
from bot.domain import sla, zones
from bot.domain.outcomes import SILENCE
from bot.domain.sla import Day, Tally

_SETTLED = timedelta(days=1)
"""How long a day must be over: until then its duties are still being answered, and each answer is a mark."""

_KEPT_DAYS = ALL_DAYS + 3


def sum_days(desk: Desk, limit: int = 60) -> int:
    """Sum up the days that are over and not summed, or changed since; returns how many, at most `limit`."""
    now, count = desk.now(), 0
    for store, one in desk.settings.stores.items():
        days = sla.local_days(now, one.zone, _KEPT_DAYS)
        over = [day for day in days if day.end + _SETTLED <= now]
        with desk.database.reading() as tx:
            summed = figure_days.summed(tx, store, over, now)
        for day in [day for day in reversed(over) if day.day not in summed][: limit - count]:
            count += _sum_up(desk, store, day, days, now)
    return count


def _sum_up(desk: Desk, store: str, day: Day, days: Sequence[Day], now: datetime) -> bool:
    """Sum one day up in a transaction of its own; False if somebody else just did."""
    with desk.database.writing() as tx:
        figure_days.lock(tx)
        if figure_days.summed(tx, store, [day], now):
            return False
        figure_days.begin(tx, store, day)
        zone = desk.settings.stores[store].zone
        stretch = Stretch(store, zone, [day], now, days[-1].start)
        found = queries.endings(tx, stretch, ("", *sla.DIMENSIONS))
        _put(tx, store, day, found, zone, now)
        figure_days.forget(tx, store, days[0].day, days[0].start)
        return True


def _put(tx: Session, store: str, day: Day, found: Sequence[Ending], zone: str, now: datetime) -> None:
    sums: dict[tuple[str, str], Tally] = {}
    for place, by in enumerate(("", *sla.DIMENSIONS)):
        for _day, value, tally in added_up(found, place):
            sums[by, value] = tally
    undecided = [one.undecided_from for one in found if one.undecided_from is not None]
    changes_at = zones.day_start(min(undecided) + SILENCE, zone, -1) if undecided else None
    row = SummedDayRow(
        store=store, day=day.day, start=day.start, end=day.end, changes_at=changes_at, summed_at=now
    )
    figure_days.put(tx, row, sums)
