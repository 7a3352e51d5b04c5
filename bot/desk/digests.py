"""Digests: which is due is put down once, before it is told; its figures are those of the moment of telling.

Rules: domain/digests.py. After an outage only the latest of each kind is told. A period that was over before
the first mail was read is not told at all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.db.queries import digests as digest_queries
from bot.db.queries import figure_spans, outbox, switches
from bot.db.queries import rota as rota_queries
from bot.desk import Desk, automation, causes, figures, rota_history, standings
from bot.desk.shifts import BACK
from bot.domain import digests, sums
from bot.domain.causes import Shares, shares
from bot.domain.coverage import Need, gaps
from bot.domain.digests import DayDigest, GapAhead, Period, StoreFigures, Volume, WeekDigest
from bot.domain.manual import ManualMode, acting
from bot.domain.sla import Figures
from bot.domain.sums import Sums
from bot.domain.timetable import Span, Timetable
from bot.errors import NotFound

_LOOK_BACK = timedelta(days=5)
_AHEAD = timedelta(days=4)
"""Gaps of tomorrow, and 24 hours more: whether they are fatal."""
_TOPICS, _WEEK = 7, 7


@dataclass(frozen=True, slots=True)
class _Due:
    """A digest that should have been told by now: `name` and `day` are what is remembered of it."""

    name: str
    day: date
    channel: str
    periods: Mapping[str, Period]
    """What it is about, by store."""

    @property
    def key(self) -> str:
        """What the outbox is told: `digest:<daily or weekly>:<...>:<day>`."""
        return f"{self.name}:{self.day.isoformat()}"


def put_due(desk: Desk) -> int:
    """Tell each digest that is due and was not told; returns how many.

    One whose stores are all in manual mode waits until that is over; a newer one takes its place.
    """
    now = desk.now()
    with desk.database.reading() as tx:
        due = [*_daily_due(tx, desk, now), *_weekly_due(desk, now)]
        due = [one for one in due if (switches.get(tx, one.name) or "") < one.day.isoformat()]
        begun = digest_queries.begun(tx) if due else {}
    told = 0
    if due:
        with desk.database.writing() as tx:
            paused = automation.begin(tx)
            for one in due:
                if all(paused.has(store) for store in one.periods):
                    continue
                is_first = switches.advance(tx, one.name, one.day.isoformat())
                if is_first and _was_there(desk, one, begun):
                    outbox.put(tx, one.key, one.channel, now)
                    told += 1
    return told


def _was_there(desk: Desk, due: _Due, begun: Mapping[str, datetime]) -> bool:
    """Whether mail of any of the stores was read before the period was over."""
    return any(
        begun.get(desk.settings.stores[store].mailbox, period.end) < period.end
        for store, period in due.periods.items()
    )


def _daily_due(tx: Session, desk: Desk, now: datetime) -> Iterator[_Due]:
    wanted = desk.settings.digests.daily
    if not wanted.enabled:
        return
    table = _table(tx, desk, now - _LOOK_BACK, now + digests.LOOK_AHEAD)
    for (channel, zone), stores in _groups(desk).items():
        shifts = [span for store in stores for span in _shifts(table, store)]
        day = digests.last_daily(now, zone, shifts, wanted.hour)
        if day is not None:
            periods = dict.fromkeys(stores, digests.day_of(day, zone))
            yield _Due(f"digest:daily:{stores[0]}", day, channel, periods)


def _groups(desk: Desk) -> dict[tuple[str, str], list[str]]:
    """The stores that share a daily digest, by its channel and their zone; named by the first of them."""
    found: dict[tuple[str, str], list[str]] = {}
    for key, store in desk.settings.stores.items():
        channel = desk.settings.digests.daily.channel or store.channel
        found.setdefault((channel, store.zone), []).append(key)
    return found


def _shifts(table: Timetable | None, store: str) -> list[Span]:
    return [Span(one.start, one.end) for one in table.of(store)] if table is not None else []


def _table(tx: Session, desk: Desk, start: datetime, end: datetime) -> Timetable | None:
    """The shifts of [start, end) as they were, or will be; None without a rota."""
    rules = rota_history.history(tx, desk.settings, start, desk.now())
    if rules is None:
        return None
    return rules.timetable(start, end, rota_queries.overrides(tx, start - BACK, end + BACK))


def _weekly_due(desk: Desk, now: datetime) -> Iterator[_Due]:
    wanted = desk.settings.digests.weekly
    if wanted.enabled:
        monday = digests.last_weekly(now, weekly_zone(desk), wanted.hour)
        channel = wanted.channel or desk.settings.slack.escalation_channel
        yield _Due("digest:weekly", monday, channel, _weeks(desk, monday))


def _weeks(desk: Desk, monday: date) -> dict[str, Period]:
    """The week of each store that the digest of a Monday is about."""
    zone, hour = weekly_zone(desk), desk.settings.digests.weekly.hour
    return {
        key: digests.week_before(monday, zone, hour, store.zone)
        for key, store in desk.settings.stores.items()
    }


def weekly_zone(desk: Desk) -> str:
    """By whose clock the weekly digest comes."""
    first = next(iter(desk.settings.stores.values()))
    return desk.settings.digests.weekly.zone or first.zone


def day_of(desk: Desk, store: str, day: date) -> DayDigest:
    """The digest of a day, of the stores that share it with `store`, as it stands now. Raises NotFound."""
    now = desk.now()
    stores = next((every for every in _groups(desk).values() if store in every), None)
    if stores is None:
        raise NotFound(f"There is no store {store}.")
    period = digests.day_of(day, desk.settings.stores[store].zone)
    with desk.database.reading() as tx:
        figure_spans.at_one_instant(tx)
        waiting, modes = digest_queries.waiting(tx, now), automation.modes(tx)
        found = figures.by_store(tx, desk, dict.fromkeys(stores, period.days()), "", 1)
        lines = [_figures(desk, one, period, found[one].of_all()[0], waiting) for one in stores]
        table = _table(tx, desk, period.start - BACK, period.end + _AHEAD)
    return DayDigest(now, period, _marked(lines, modes), tuple(_gaps(desk, table, stores, period)))


def _figures(
    desk: Desk, store: str, period: Period, found: Figures, waiting: Mapping[str, tuple[int, int]]
) -> StoreFigures:
    open_cases, overdue = waiting.get(store, (0, 0))
    return StoreFigures(
        store=store,
        name=desk.settings.stores[store].name,
        period=period,
        figures=found,
        open_cases=open_cases,
        overdue=overdue,
    )


def _marked(stores: Iterable[StoreFigures], modes: Sequence[ManualMode]) -> tuple[StoreFigures, ...]:
    """Each with since when it is in manual mode, if it is."""
    return tuple(
        replace(one, manual_since=mode.since if (mode := acting(modes, one.store)) else None)
        for one in stores
    )


def _gaps(desk: Desk, table: Timetable | None, stores: Sequence[str], day: Period) -> Iterator[GapAhead]:
    """When nobody is on for these stores on the day after."""
    if table is None:
        return
    tomorrow = digests.day_of(day.last + timedelta(days=1), day.zone)
    for store in stores:
        name = desk.settings.stores[store].name
        for one in gaps(table, Need(store), tomorrow.start, tomorrow.end):
            yield GapAhead(name, one.start, one.end, one.is_fatal)


def week_of(desk: Desk, monday: date) -> WeekDigest:
    """The digest that is due on a Monday, as it stands now."""
    now = desk.now()
    weeks = _weeks(desk, monday)
    with desk.database.reading() as tx:
        figure_spans.at_one_instant(tx)
        waiting, modes = digest_queries.waiting(tx, now), automation.modes(tx)
        days = {store: [*week.before().days(), *week.days()] for store, week in weeks.items()}
        found = figures.by_store(tx, desk, days, "topic", _WEEK)
        spans = [(store, week.start, week.end) for store, week in weeks.items()]
        templates = digest_queries.templates_used(tx, spans)
        span = Span(min(one.start for one in weeks.values()), max(one.end for one in weeks.values()))
        table = _table(tx, desk, span.start - BACK, span.end + BACK)
        volume = _volume(tx, desk, table, spans, span)
        stand = standings.standings(tx, desk, figures.pieces(tx, desk, None), now)
    every = sums.together(found.values())
    past, total = every.of_all()
    return WeekDigest(
        as_of=now,
        stores=_marked(
            (_week(desk, store, week, found[store], waiting) for store, week in weeks.items()), modes
        ),
        total=total,
        before=past.response_rate,
        volume=volume,
        answers=digests.answer_times(total, every.took_in(1)),
        topics=digests.most_frequent(_topics(every), _TOPICS),
        templates=tuple(templates),
        shares=_shares(desk, weeks),
        standings=stand,
    )


def _week(
    desk: Desk, store: str, week: Period, found: Sums, waiting: Mapping[str, tuple[int, int]]
) -> StoreFigures:
    past, now = found.of_all()
    return replace(_figures(desk, store, week, now, waiting), before=past.response_rate)


def _topics(found: Sums) -> dict[str, int]:
    return {topic: now.received for topic, (_past, now) in found.by_value().items()}


def _shares(desk: Desk, weeks: Mapping[str, Period]) -> Shares:
    """Why answers of these weeks were late."""
    return shares(
        miss for store, week in weeks.items() for miss in causes.missed(desk, {store: week.start}, week.end)
    )


def _volume(
    tx: Session,
    desk: Desk,
    table: Timetable | None,
    weeks: Sequence[tuple[str, datetime, datetime]],
    span: Span,
) -> Volume:
    """By the clock of the channel, and of the other zone in which people work most; without a rota all is staffed."""
    covered = {key: table.covered(key) if table is not None else [span] for key in desk.settings.stores}
    starts = {key: [one.start for one in some] for key, some in covered.items()}
    pair = _two_zones(desk, table)
    edges = [
        *(Span(start, end) for _store, start, end in weeks),
        *(one for some in covered.values() for one in some),
    ]
    came = digest_queries.arrivals(tx, weeks, digests.step_of(edges, pair[0], span))
    arrivals = (
        (instant, digests.is_staffed(instant, starts[store], covered[store]), count)
        for store, instant, count in came
    )
    return digests.volume(arrivals, pair, span)


def _two_zones(desk: Desk, table: Timetable | None) -> tuple[str, str]:
    first = weekly_zone(desk)
    worked: dict[str, timedelta] = {}
    zones = {key: agent.zone for key, agent in desk.settings.agents.items()}
    for shift in table.shifts if table is not None else ():
        zone = zones.get(shift.agent, first)
        worked[zone] = worked.get(zone, timedelta(0)) + (shift.end - shift.start)
    ranked = sorted(worked, key=lambda zone: (-worked[zone], zone)) or [*zones.values()]
    stores = [one.zone for one in desk.settings.stores.values()]
    return first, next((zone for zone in (*ranked, *stores) if zone != first), "UTC")
