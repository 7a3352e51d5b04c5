"""Looking at budgets, streaks and peak mode of stores; nothing is changed. The warnings: desk/streaks.py."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.db.queries import days as queries
from bot.db.queries import figure_spans, warnings
from bot.desk import Desk, figures
from bot.desk.figures import Pieces, zones_of
from bot.domain import budget, zones
from bot.domain.budget import Budget, Burn
from bot.domain.peak import Peak, peak_on, target_at
from bot.domain.sla import Tally
from bot.domain.standings import Standing
from bot.domain.streaks import METRICS, Counts, Day, Limits, streak, was_kept

STREAK = "streak"
_DAY = timedelta(days=1)


def limits(desk: Desk) -> Limits:
    """The thresholds, for the rules."""
    wanted = desk.settings.thresholds
    return Limits(
        minimum=wanted.minimum_response_rate,
        target=wanted.target_response_rate,
        average_hours=wanted.excellent_average_hours,
        closing=wanted.minimum_closing_rate,
        days=wanted.warning_days,
    )


def standings(
    tx: Session, desk: Desk, found: Pieces, now: datetime, store: str | None = None
) -> tuple[Standing, ...]:
    """How one store stands at `now`, or all of them; `found` are their pieces at that instant, by any dimension."""
    return tuple(_standing(tx, desk, name, found, now) for name, _zone in zones_of(desk, store))


def now(desk: Desk, store: str | None = None) -> tuple[Standing, ...]:
    """How one store stands now, or all of them. All of one instant."""
    with desk.database.reading() as tx:
        figure_spans.at_one_instant(tx)
        return standings(tx, desk, figures.pieces(tx, desk, store), desk.now(), store)


def _standing(tx: Session, desk: Desk, store: str, found: Pieces, now: datetime) -> Standing:
    shape, held = desk.settings.stores[store], limits(desk)
    zone = shape.zone
    today = zones.local(now, zone).date()
    start, end = budget.week_of(now, zone)
    every = _days(found.days[store], today)
    week = sum((one.counts for one in every[-1 - today.weekday() :]), Counts())
    expected = _forecast(tx, store, every, now, end, zone)
    rates = {"minimum": held.minimum, "target": held.target}
    budgets = tuple(budget.budget(level, rates[level], week, expected) for level in budget.LEVELS)
    past = [*_earlier(tx, store, zone, every[:-1], held, now), *every[:-1]]
    return Standing(
        store=store,
        store_name=shape.name,
        zone=zone,
        as_of=now,
        limits=held,
        week_start=start,
        week_end=end,
        week=week,
        budgets=budgets,
        burns=_burns(tx, store, budgets, now, end),
        streaks=tuple(streak(metric, past, today, held) for metric in METRICS),
        peak=peak_now(desk, store, now),
    )


def peak_now(desk: Desk, store: str, now: datetime) -> Peak | None:
    """The peak mode that acts on messages which come in at `now`, if one does."""
    today = zones.local(now, desk.settings.stores[store].zone).date()
    return peak_on(desk.settings.thresholds.peaks, store, today)


def _days(tallies: Sequence[Tally], today: date) -> list[Day]:
    """The days of the store up to and including today, oldest first."""
    every = [Day(today - ago * _DAY, _counts(tally)) for ago, tally in enumerate(tallies)]
    return every[::-1]


def _counts(tally: Tally) -> Counts:
    return Counts(tally.in_time, tally.late, tally.overdue, tally.waiting, tally.excused, tally.seconds)


def _earlier(
    tx: Session, store: str, zone: str, days: Sequence[Day], held: Limits, now: datetime
) -> list[Day]:
    """Still earlier days, where only they tell whether a streak is the one that was warned of: it is that long."""
    endless = [metric for metric in METRICS if not was_kept(metric, days, held)]
    warned = [day for metric in endless if (day := warned_day(tx, store, metric)) is not None]
    first = days[0].day
    return queries.days_of(tx, store, zone, min((first, *warned)), first, now)


def warned_day(tx: Session, store: str, metric: str) -> date | None:
    """The last day of the streak that the latest warning about a metric was about."""
    row = warnings.latest(tx, STREAK, metric, store)
    return date.fromisoformat(row.facts["last"]) if row is not None else None


def _forecast(
    tx: Session, store: str, every: Sequence[Day], now: datetime, end: datetime, zone: str
) -> int | None:
    """How many more messages the week is to bring; None without four whole weeks to tell it from.

    Of the same hours of earlier weeks only the rest of a day is counted; the whole days after it are summed.
    """
    spans = budget.same_hours(now, end, zone)
    since = queries.first_anchor(tx, store)
    if since is None or since > spans[-1][0]:
        return None
    first = [zones.local(start, zone).date() + _DAY for start, _end in spans]
    rests = [(start, zones.day_at(day, zone)) for day, (start, _end) in zip(first, spans, strict=True)]
    came = queries.came_in(tx, store, rests)
    for place, (day, (_start, until)) in enumerate(zip(first, spans, strict=True)):
        last = zones.local(until, zone).date()
        came[place] += sum(one.counts.received - one.counts.excused for one in every if day <= one.day < last)
    return budget.forecast(came)


def _burns(
    tx: Session, store: str, budgets: Sequence[Budget], now: datetime, end: datetime
) -> tuple[Burn, ...]:
    short, long = queries.lost_since(tx, store, (now - budget.SHORT, now - budget.LONG), now)
    found = (budget.burn(one, short, long, now, end) for one in budgets)
    return tuple(one for one in found if one is not None)


def target_of(desk: Desk, store: str | None, anchors: Sequence[datetime]) -> tuple[datetime, float] | None:
    """The earliest internal target of messages that came in then, with its hours; None outside of peak mode."""
    if store is None or store not in desk.settings.stores:
        return None
    peaks, zone = desk.settings.thresholds.peaks, desk.settings.stores[store].zone
    found = [(at, anchor) for anchor in anchors if (at := target_at(peaks, store, zone, anchor)) is not None]
    if not found:
        return None
    at, anchor = min(found)
    return at, (at - anchor).total_seconds() / 3600
