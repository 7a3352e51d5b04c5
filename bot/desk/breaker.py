"""The circuit breaker at work: looking at each store, and switching it to manual mode. The rule: domain/breaker.py."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bot.db.queries import breaker as queries
from bot.db.queries import figure_spans
from bot.db.queries import manual as manual_queries
from bot.desk import Desk, automation, figures, manual
from bot.domain import breaker
from bot.domain.breaker import BURSTS, RATE_DROP, BreakerLimits, Trip
from bot.domain.sla import Rate

_WEEKS = (2, 30)
"""Which days are usual, counted back from today: four weeks, without those that the last hours are of."""

Ended = Mapping[tuple[str, str], datetime]


def watch(desk: Desk) -> int:
    """Switch each store to manual mode for which that is called for; returns how many. Safe to run twice.

    Of two processes that see the same, one switches: a store can be in manual mode once.
    """
    wanted = desk.settings.thresholds.breaker
    if not wanted.enabled:
        return 0
    with desk.database.reading() as tx:
        figure_spans.at_one_instant(tx)
        found = list(_trips(tx, desk, wanted.limits))
    return sum(manual.trip(desk, store, one) is not None for store, one in found)


def _trips(tx: Session, desk: Desk, limits: BreakerLimits) -> Iterator[tuple[str, Trip]]:
    """Each store that is to be switched, and for what: the first cause of several."""
    now, paused = desk.now(), automation.paused(tx)
    ended = manual_queries.ended_trips(tx, now - breaker.REMEMBERED)
    suspects = queries.ended_badly(tx, now - limits.burst_window)
    for store in desk.settings.stores:
        if paused.has(store):
            continue
        trip = _burst(tx, store, limits, now, ended) if store in suspects else None
        trip = trip or _rate_drop(tx, desk, store, limits, ended)
        if trip is not None:
            yield store, trip


def _burst(tx: Session, store: str, limits: BreakerLimits, now: datetime, ended: Ended) -> Trip | None:
    since = min((now - limits.burst_window, *(at for (where, _cause), at in ended.items() if where == store)))
    outcomes = queries.outcomes(tx, store, since)
    found = (breaker.burst(cause, outcomes, limits, now, ended.get((store, cause))) for cause in BURSTS)
    return next((one for one in found if one is not None), None)


def _rate_drop(tx: Session, desk: Desk, store: str, limits: BreakerLimits, ended: Ended) -> Trip | None:
    now, last = desk.now(), ended.get((store, RATE_DROP))
    if breaker.rests(limits, now, last):
        return None
    start = max(now - limits.rate_window, last) if last else now - limits.rate_window
    recent = queries.decided(tx, store, start, now)
    if not breaker.may_drop(recent, limits):
        return None
    usual = _usual(tx, desk, store)
    rearmed = last is None or breaker.is_calm(queries.decided(tx, store, last, now), usual, limits)
    seen = breaker.rate_drop(recent, usual, limits, rearmed=rearmed)
    if seen is None:
        return None
    lost = queries.lost(tx, store, start, now)
    bad = recent.decided - recent.in_time
    ids = tuple(message for message, _due_at in lost)
    return Trip(RATE_DROP, bad, recent.decided, start, now, ids, seen[1])


def _usual(tx: Session, desk: Desk, store: str) -> Rate:
    """What was decided about the messages of the weeks before."""
    first, last = _WEEKS
    tallies = figures.pieces(tx, desk, store).days[store][first:last]
    in_time = sum(one.in_time for one in tallies)
    return Rate(in_time, in_time + sum(one.late + one.overdue for one in tallies))


def endings_since(desk: Desk, store: str, since: datetime) -> dict[str, int]:
    """How replies of a store have ended after an instant, by ending; also accepted ones."""
    with desk.database.reading() as tx:
        found = queries.outcomes(tx, store, since)
    return {ending: sum(one.ending == ending for one in found) for ending in ("accepted", *BURSTS)}
