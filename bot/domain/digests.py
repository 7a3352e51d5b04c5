"""Digests: when each is due, which days it is about, and what it counts.

A day is a day of the store's own clock. The daily digest is due when the last shift ends that begins on its
day, or at an hour of the store's clock where none does; but before that of the next day, so that none is passed
over where somebody works for days on end. The weekly one is due on Mondays at an hour of its channel's clock; a
store's week is then the last seven days that have ended by its own clock on each Monday of a year, so weeks follow
each other without gap or overlap. Messages that were late when they came are counted apart (domain/sla.py).
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from bot.domain import zones
from bot.domain.causes import Shares
from bot.domain.sla import BANDS, Day, Figures, days_from
from bot.domain.standings import Standing
from bot.domain.timetable import Span

_DAY, _QUARTER, _MINUTE = timedelta(days=1), timedelta(minutes=15), timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOOK_BACK = 3
"""Days: a shift that begins before midnight may end on the day after the next. No end is waited for any longer."""
_APART = timedelta(hours=1)
"""Between the digests of two days, at least."""
LOOK_AHEAD = timedelta(days=_LOOK_BACK + 2)
"""How far shifts have to be known to say which days are due."""
_WEEKS_OF_A_YEAR = 53


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of one zone, `first` to `last`, both included; as instants [start, end)."""

    zone: str
    first: date
    last: date

    @property
    def start(self) -> datetime:
        return zones.day_at(self.first, self.zone)

    @property
    def end(self) -> datetime:
        return zones.day_at(self.last + _DAY, self.zone)

    def days(self) -> list[Day]:
        """Its days, the earliest first."""
        return days_from(self.first, self.last, self.zone)

    def before(self) -> "Period":
        """The same number of days just before."""
        length = self.last - self.first + _DAY
        return Period(self.zone, self.first - length, self.last - length)


@dataclass(frozen=True, slots=True)
class StoreFigures:
    """How one store did in a period, and where it stands now. `before`: the response rate of the period before.

    `overdue` is a part of `open_cases`.
    """

    store: str
    name: str
    period: Period
    figures: Figures
    open_cases: int
    overdue: int
    before: float | None = None
    manual_since: datetime | None = None
    """Since when the store is in manual mode, if it is."""


@dataclass(frozen=True, slots=True)
class GapAhead:
    """Nobody is on shift for the store in [start, end)."""

    store: str
    start: datetime
    end: datetime
    is_fatal: bool


@dataclass(frozen=True, slots=True)
class DayDigest:
    """The daily digest of stores that share a channel and a zone; `gaps` are those of the day after."""

    as_of: datetime
    period: Period
    stores: tuple[StoreFigures, ...]
    gaps: tuple[GapAhead, ...]


@dataclass(frozen=True, slots=True)
class Volume:
    """Messages by the hour at which they came, on the clock of the first of two zones.

    `other` is what the clock of the second zone shows at 0, 6, 12 and 18 o'clock of the first. `changed` are
    the zones whose clocks changed in these days: their hours are those from then on.
    """

    zones: tuple[str, str]
    staffed: tuple[int, ...]
    unstaffed: tuple[int, ...]
    other: tuple[str, ...]
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """How many accepted replies began as this template, and how many of those were edited."""

    name: str
    sent: int
    edited: int


@dataclass(frozen=True, slots=True)
class WeekDigest:
    """The weekly digest. `answers`: see `answer_times`; `topics` are (topic, messages), the most frequent first.

    `shares`: why answers were late; `standings` are of the week that has begun.
    """

    as_of: datetime
    stores: tuple[StoreFigures, ...]
    total: Figures
    before: float | None
    volume: Volume
    answers: tuple[int, ...]
    topics: tuple[tuple[str, int], ...]
    templates: tuple[TemplateUse, ...]
    shares: Shares
    standings: tuple[Standing, ...]


def day_of(day: date, zone: str) -> Period:
    """One day."""
    return Period(zone, day, day)


def week_before(monday: date, zone: str, hour: int, store_zone: str) -> Period:
    """The week of a store that the digest of a Monday, due at an hour of `zone`, is about.

    Clock changes of either place may let one more day end by some Mondays than by others: it waits a week there,
    or it would be in no week, or in two.
    """
    mondays = (monday - number * 7 * _DAY for number in range(_WEEKS_OF_A_YEAR))
    here = (zones.local(weekly_at(one, zone, hour), store_zone).date() - one for one in mondays)
    last = monday + min(here) - _DAY
    return Period(store_zone, last - 6 * _DAY, last)


def daily_due(day: Period, shifts: Sequence[Span], hour: int) -> datetime:
    """When the digest of a day is due: the end of the last shift that begins on it, else `hour` of its clock.

    It is due an hour before that of the next day at the latest. `shifts` have to reach LOOK_AHEAD.
    """
    following = (day_of(day.first + number * _DAY, day.zone) for number in range(_LOOK_BACK + 1))
    return min(_all_told(one, shifts, hour) - number * _APART for number, one in enumerate(following))


def _all_told(day: Period, shifts: Iterable[Span], hour: int) -> datetime:
    """When all shifts that begin on a day are over, as far as one waits for that."""
    ends = [one.end for one in shifts if day.start <= one.start < day.end]
    longest = zones.day_at(day.first + _LOOK_BACK * _DAY, day.zone)
    return min(max(ends), longest) if ends else zones.day_at(day.first, day.zone, hour)


def last_daily(now: datetime, zone: str, shifts: Sequence[Span], hour: int) -> date | None:
    """The latest day whose digest is due by `now`; `shifts` have to reach three days back, and LOOK_AHEAD."""
    today = zones.local(now, zone).date()
    days = (today - ago * _DAY for ago in range(_LOOK_BACK + 1))
    return next((day for day in days if daily_due(day_of(day, zone), shifts, hour) <= now), None)


def weekly_at(monday: date, zone: str, hour: int) -> datetime:
    """When the digest of a Monday is due."""
    return zones.day_at(monday, zone, hour)


def last_weekly(now: datetime, zone: str, hour: int) -> date:
    """The latest Monday whose digest is due by `now`."""
    today = zones.local(now, zone).date()
    monday = today - today.weekday() * _DAY
    return monday if weekly_at(monday, zone, hour) <= now else monday - 7 * _DAY


def answer_times(found: Figures, took: Mapping[int, int]) -> tuple[int, ...]:
    """How many were answered within each of `sla.BANDS` (each in one only), then late, then not though overdue.

    `took` are the answers by bucket (sla.py), the late ones too: those are behind the last band but one.
    """
    edges = [0, *(round(band.total_seconds()) for band in BANDS[:-1])]
    within = [
        sum(count for edge, count in took.items() if low < edge <= high) for low, high in pairwise(edges)
    ]
    return (*within, found.in_time - sum(within), found.late, found.overdue)


def step_of(spans: Iterable[Span], zone: str, week: Span) -> timedelta:
    """Pieces of the week in which none of `spans` begins or ends and no hour of the zone does: as long as can be.

    Quarters of an hour, unless somebody comes or goes at another minute: then minutes, on which shifts begin and end.
    """
    edges = {
        instant for one in spans for instant in (one.start, one.end) if week.start <= instant <= week.end
    }
    edges |= {zones.day_start(since, zone) for since, _seconds in zones.offsets(zone, week.start, week.end)}
    return _MINUTE if any((one - _EPOCH) % _QUARTER for one in edges) else _QUARTER


def volume(arrivals: Iterable[tuple[datetime, bool, int]], pair: tuple[str, str], span: Span) -> Volume:
    """The hours of arrivals, each (instant, whether somebody was on, how many came); all lie in `span`."""
    staffed, unstaffed = [0] * 24, [0] * 24
    for instant, is_on, count in arrivals:
        (staffed if is_on else unstaffed)[zones.local(instant, pair[0]).hour] += count
    last_day = zones.local(span.end - _DAY, pair[0]).date()
    shown = [zones.local(zones.day_at(last_day, pair[0], hour), pair[1]) for hour in (0, 6, 12, 18)]
    return Volume(
        zones=pair,
        staffed=tuple(staffed),
        unstaffed=tuple(unstaffed),
        other=tuple(f"{one.hour}:{one.minute:02}" if one.minute else str(one.hour) for one in shown),
        changed=tuple(zone for zone in dict.fromkeys(pair) if any(zones.changes(zone, span.start, span.end))),
    )


def most_frequent(topics: Mapping[str, int], most: int) -> tuple[tuple[str, int], ...]:
    """The topics with their counts, the most frequent first; what has no topic or is beyond `most` is `other`."""
    counts = {topic: count for topic, count in topics.items() if count and topic not in ("", "other")}
    rest = topics.get("", 0) + topics.get("other", 0)
    order = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    rest += sum(count for _topic, count in order[most:])
    return (*order[:most], *((("other", rest),) if rest else ()))


def is_staffed(instant: datetime, starts: Sequence[datetime], covered: Sequence[Span]) -> bool:
    """Whether an instant lies in one of `covered`, which are in order and apart; `starts` are their starts."""
    place = bisect_right(starts, instant) - 1
    return place >= 0 and instant < covered[place].end
