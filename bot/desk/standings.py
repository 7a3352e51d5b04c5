"""Looking at budgets, streaks and peak mode of stores; nothing is changed. The warnings: desk/streaks.py."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.db.queries import days, warnings
from bot.desk import Desk
from bot.domain import budget, zones
from bot.domain.budget import Budget, Burn
from bot.domain.peak import Peak, peak_on, target_at
from bot.domain.standings import Standing
from bot.domain.streaks import METRICS, Counts, Limits, streak

STREAK = "streak"
_LOOK_BACK = timedelta(days=35)


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
    tx: Session, desk: Desk, now: datetime, stores: Sequence[str] | None = None
) -> tuple[Standing, ...]:
    """How each of these stores stands at `now`; all of them by default."""
    every = desk.settings.stores if stores is None else stores
    return tuple(_standing(tx, desk, store, now) for store in every)


def _standing(tx: Session, desk: Desk, store: str, now: datetime) -> Standing:
    shape, held = desk.settings.stores[store], limits(desk)
    zone = shape.zone
    today = zones.local(now, zone).date()
    start, end = budget.week_of(now, zone)
    (week,) = days.counts_of(tx, store, (start, now), now) if start < now else (Counts(),)
    expected = _forecast(tx, store, now, end, zone)
    rates = {"minimum": held.minimum, "target": held.target}
    budgets = tuple(budget.budget(level, rates[level], week, expected) for level in budget.LEVELS)
    past = days.days_of(tx, store, zone, _first_day(tx, store, today), today, now)
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


def _first_day(tx: Session, store: str, today: date) -> date:
    """From which day on to count: far enough back to see that a streak is the one that was warned of."""
    warned = [day for metric in METRICS if (day := warned_day(tx, store, metric)) is not None]
    return min((today - _LOOK_BACK, *warned))


def warned_day(tx: Session, store: str, metric: str) -> date | None:
    """The last day of the streak that the latest warning about a metric was about."""
    row = warnings.latest(tx, STREAK, metric, store)
    return date.fromisoformat(row.facts["last"]) if row is not None else None


def _forecast(tx: Session, store: str, now: datetime, end: datetime, zone: str) -> int | None:
    """How many more messages the week is to bring; None without four whole weeks to tell it from."""
    spans = budget.same_hours(now, end, zone)
    since = days.first_anchor(tx, store)
    if since is None or since > spans[-1][0]:
        return None
    came = [days.counts_of(tx, store, span, now)[0] for span in spans]
    return budget.forecast([one.received - one.excused for one in came])


def _burns(
    tx: Session, store: str, budgets: Sequence[Budget], now: datetime, end: datetime
) -> tuple[Burn, ...]:
    short, long = (days.lost_since(tx, store, now - span, now) for span in (budget.SHORT, budget.LONG))
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
