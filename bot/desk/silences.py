"""Which stores are silent against all their habits. The rule: domain/silence.py."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from bot.db.queries import alarms
from bot.desk import Desk
from bot.domain import holidays, silence, zones
from bot.domain.alarms import SILENCE, Trouble
from bot.domain.peak import peak_on

_PAST = timedelta(weeks=silence.WEEKS, days=1)
_COUNTRIES = {"UK": "GB"}
"""Amazon's sites are called as their countries' ISO codes are, but for one."""


class Habits:
    """What each store's past says, learnt anew on the first look after a day's first message. Memory only."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: dict[str, tuple[date, silence.Habit | None]] = {}

    def silences(self, tx: Session, now: datetime) -> Iterator[Trouble]:
        """A trouble for each store that is silent for too long."""
        for store in self._desk.settings.stores:
            last_at = alarms.last_arrival(tx, store)
            habit = self._of(tx, store, last_at) if last_at is not None else None
            if last_at is None or habit is None:
                continue
            found = silence.silence(habit, last_at, now, partial(share, self._desk, store))
            if found.is_alarming:
                yield Trouble(SILENCE, store, last_at, {"expected": round(found.expected, 1)})

    def _of(self, tx: Session, store: str, last_at: datetime) -> silence.Habit | None:
        zone = self._desk.settings.stores[store].zone
        day = zones.local(last_at, zone).date()
        known = self._known.get(store)
        if known is None or known[0] != day:
            known = self._known[store] = day, self._learn(tx, store, zone, last_at)
        return known[1]

    def _learn(self, tx: Session, store: str, zone: str, last_at: datetime) -> silence.Habit | None:
        thresholds = self._desk.settings.thresholds
        hours = alarms.by_hour(tx, store, last_at - _PAST, last_at)
        days = {zones.local(hour, zone).date() for hour in hours}
        return silence.learn(
            hours,
            zone,
            last_at,
            thresholds.silence_false_alarms,
            skip={day for day in days if peak_on(thresholds.peaks, store, day)},
            share=partial(share, self._desk, store),
        )


def share(desk: Desk, store: str, day: date) -> float:
    """What a day brings a store in comparison to others: less if one of its countries has a public holiday."""
    codes = (_COUNTRIES.get(code, code) for code in desk.settings.stores[store].marketplaces)
    is_quiet = any(holidays.is_country(code) and holidays.is_day_off(code, day) for code in codes)
    return silence.HOLIDAY if is_quiet else 1.0
