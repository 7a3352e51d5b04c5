"""Silence: when a store that gets mail every day gets none for so long that chance does not explain it.

What a store gets in an hour of its week is learnt from its own past; how much its days differ from that, too. The
measure of a silence is not its length but how many messages should have come meanwhile: at night that grows slowly.
The alarm is set for a stated rate of false ones:

  model     messages of a day come by chance (Poisson) around what that hour of the week usually brings, times the
            day's own factor with mean 1 and variance `spread` (together: negative binomial)
  silences  one over which L messages were expected, or more, then begins M * (1 + spread * L) ** -(1 / spread + 1)
            times in a month that brings M messages; the alarm's L makes that the rate that is wanted
  clumps    real mail comes in clumps: what hours differ by within their day says how large (1 is pure chance), and
            silences lie between clumps. Besides, the alarm's L is at least that of the silences in the store's own
            past which, at the wanted rate, would have been false alarms

Peak days are no part of what is learnt, so in peak mode the alarm comes later, not falsely. A public holiday counts
as a quarter of a day. When business declines the last week pulls what is expected down.
"""

import math
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.domain import zones

WEEKS = 8
"""How much of the past is learnt from."""
_LEAST_DAYS, _LEAST_MESSAGES = 21, 60
_MONTH_DAYS = 30
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_PRIOR_WEEKS = 4.0
_PRIOR_MESSAGES = 5.0
_LEAST_OVERDUE = 0.5
"""Messages; where more alarms are allowed than messages come, each hour without one would be a silence."""
_LEAST_SPREAD = 0.02
HOLIDAY = 0.25
"""What is expected on a public holiday of one of the store's countries, as a share of a usual day."""
_LONGEST = timedelta(days=60)

Hours = Mapping[datetime, int]
"""Messages by the UTC hour in which they came; hours without one may be left out."""


@dataclass(frozen=True, slots=True)
class Habit:
    """What a store's past says: messages expected by hour of its week (Monday 0 h first), and when to be alarmed.

    `spread`: variance of the days' own factor. `limit`: the alarm comes when so many messages are overdue.
    """

    zone: str
    hourly: tuple[float, ...]
    spread: float
    limit: float

    @property
    def monthly(self) -> float:
        """Messages expected in a month."""
        return sum(self.hourly) * _MONTH_DAYS / 7

    def rate_at(self, instant: datetime) -> float:
        """Messages an hour that are expected at an instant."""
        wall = zones.local(instant, self.zone)
        return self.hourly[wall.weekday() * 24 + wall.hour]


@dataclass(frozen=True, slots=True)
class Silence:
    """No message since `since`, though `expected` should have come; the alarm comes at `limit`."""

    since: datetime
    expected: float
    limit: float

    @property
    def is_alarming(self) -> bool:
        """Whether chance does not explain it, at the wanted rate of false alarms."""
        return self.expected > self.limit


def learn(
    hours: Hours,
    zone: str,
    end: datetime,
    false_alarms: float,
    skip: Container[date] = frozenset(),
    share: Callable[[date], float] = lambda _day: 1.0,
) -> Habit | None:
    """What the weeks before `end` (the last message) teach; None while that is too little.

    `false_alarms`: how many a month are taken into account. `skip`: days of the store's zone that are not usual
    ones; `share`: what a day brings in comparison to others.
    """
    counts = _by_local_hour(hours, zone)
    days = [day for day in _days(counts, zone, end) if day not in skip and share(day) == 1]
    messages = sum(counts.get((day, hour), 0) for day in days for hour in range(24))
    if len(days) < _LEAST_DAYS or messages < _LEAST_MESSAGES or false_alarms <= 0:
        return None
    shape = _shape(counts, days)
    level = _level(counts, days, shape)
    hourly = tuple(rate * level for rate in shape)
    clump = _clump(counts, days, shape)
    spread = _spread(counts, days, shape, clump) + clump / messages + _LEAST_SPREAD
    usual = Habit(zone, shape, spread, 0.0)
    by_model = clump * limit_of(usual.monthly / clump, spread, false_alarms)
    rank = math.floor(false_alarms * len(days) / _MONTH_DAYS) + 1
    lived = sorted(_silences(hours, usual, set(days), end), reverse=True)
    return Habit(zone, hourly, spread, max([_LEAST_OVERDUE, by_model, *lived[rank - 1 : rank]]))


def limit_of(monthly: float, spread: float, false_alarms: float) -> float:
    """How many messages are overdue in a silence that begins `false_alarms` times a month by chance."""
    times: float = max(1.0, monthly / false_alarms) ** (1 / (1 / spread + 1))
    return (times - 1) / spread


def silence(habit: Habit, since: datetime, now: datetime, share: Callable[[date], float]) -> Silence:
    """The silence from the last message until now, measured by what should have come."""
    expected = sum(
        habit.rate_at(start) * share(zones.local(start, habit.zone).date()) * (end - start) / _HOUR
        for start, end in _pieces(max(since, now - _LONGEST), now)
    )
    return Silence(since, expected, habit.limit)


def _pieces(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """A span cut at the full hours of UTC."""
    while start < end:
        following = min(end, start.replace(minute=0, second=0, microsecond=0) + _HOUR)
        yield start, following
        start = following


def _days(counts: Mapping[tuple[date, int], int], zone: str, end: datetime) -> list[date]:
    """Whole days of the store's zone that are learnt from: after its very first message, before the last one's day."""
    last = zones.local(end, zone).date()
    first = max(min((day for day, _hour in counts), default=last) + _DAY, last - WEEKS * 7 * _DAY)
    return [first + number * _DAY for number in range((last - first).days)]


def _by_local_hour(hours: Hours, zone: str) -> dict[tuple[date, int], int]:
    counts: dict[tuple[date, int], int] = {}
    for hour, count in hours.items():
        wall = zones.local(hour, zone)
        counts[wall.date(), wall.hour] = counts.get((wall.date(), wall.hour), 0) + count
    return counts


def _shape(counts: Mapping[tuple[date, int], int], days: list[date]) -> tuple[float, ...]:
    """By hour of the week; where there are few weeks, drawn to what the hour brings on any day of such a week."""
    total = sum(counts.get((day, hour), 0) for day in days for hour in range(24))
    mean_day = total / len(days)
    of_hour = [sum(counts.get((day, hour), 0) for day in days) / len(days) for hour in range(24)]
    of_hour = [of_hour[hour - 1] / 4 + of_hour[hour] / 2 + of_hour[(hour + 1) % 24] / 4 for hour in range(24)]
    shape = []
    for weekday in range(7):
        same = [day for day in days if day.weekday() == weekday]
        of_day = sum(counts.get((day, hour), 0) for day in same for hour in range(24))
        factor = (of_day + _PRIOR_WEEKS * mean_day) / (mean_day * (len(same) + _PRIOR_WEEKS))
        for hour in range(24):
            seen = sum(counts.get((day, hour), 0) for day in same)
            shape.append((seen + _PRIOR_WEEKS * of_hour[hour] * factor) / (len(same) + _PRIOR_WEEKS))
    return tuple(shape)


def _level(counts: Mapping[tuple[date, int], int], days: list[date], hourly: tuple[float, ...]) -> float:
    """How the last week compares to what it should have brought; 1 at most, for more mail needs no alarm."""
    recent = days[-7:]
    came = sum(counts.get((day, hour), 0) for day in recent for hour in range(24))
    expected = sum(_of_day(hourly, day) for day in recent)
    return min(1.0, (came + _PRIOR_MESSAGES) / (expected + _PRIOR_MESSAGES))


def _of_day(hourly: tuple[float, ...], day: date) -> float:
    return sum(hourly[day.weekday() * 24 : day.weekday() * 24 + 24])


def _clump(counts: Mapping[tuple[date, int], int], days: list[date], hourly: tuple[float, ...]) -> float:
    """How many messages come at once, by moments: within a day Var(hour) = clump * expected."""
    square = total = 0.0
    for day in days:
        came = [counts.get((day, hour), 0) for hour in range(24)]
        factor = sum(came) / (_of_day(hourly, day) or 1.0)
        expected = [factor * hourly[day.weekday() * 24 + hour] for hour in range(24)]
        square += sum((here - mean) ** 2 for here, mean in zip(came, expected, strict=True))
        total += sum(expected)
    seen = 24 * len(days)
    return max(1.0, square / total * seen / (seen - len(hourly) - len(days))) if total else 1.0


def _spread(
    counts: Mapping[tuple[date, int], int], days: list[date], hourly: tuple[float, ...], clump: float
) -> float:
    """Variance of the days' own factor, by moments: Var(day) = clump * expected + spread * expected ** 2."""
    over = square = 0.0
    for day in days:
        expected = _of_day(hourly, day)
        came = sum(counts.get((day, hour), 0) for hour in range(24))
        over += (came - expected) ** 2 - clump * came
        square += expected**2
    fitted = len(days) / max(1, len(days) - 7)
    return max(0.0, fitted * over / square) if square else 0.0


def _silences(hours: Hours, habit: Habit, days: set[date], end: datetime) -> Iterator[float]:
    """What was expected in each stretch of empty hours of the usual days, and in half of the hours beside it."""
    came = {hour.astimezone(UTC) for hour, count in hours.items() if count}
    hour, run = min(came, default=end), 0.0
    while hour < end:
        wall = zones.local(hour, habit.zone)
        rate, is_usual = habit.hourly[wall.weekday() * 24 + wall.hour], wall.date() in days
        if hour in came or not is_usual:
            if run:
                yield run + rate / 2 * is_usual
            run = rate / 2 * is_usual
        else:
            run += rate
        hour += _HOUR
