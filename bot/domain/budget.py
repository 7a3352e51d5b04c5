"""The error budget: how many messages of this week may still be missed, and whether it will last.

Week: Monday to Sunday by the clocks of the store. Of its messages (by the day they came in; not late on arrival,
not excused) one minus the rate may be missed, rounded down.

Forecast: what is still to come is the mean of what came in, and was not excused, in the same wall-clock hours of
the four weeks before, rounded down. A store without four whole weeks of messages has no forecast, and the budget
is of what came so far. A forecast that is too low makes the budget smaller: the error is on the careful side.

Alarm: at least two misses in the last 24 hours, the last of them within 6 hours, and both spans at a pace that
uses up what is left before the week ends; the slower pace names the day. Or nothing is left, after two misses or
more. A miss happens when its 24 hours end. Each level (minimum, target) alarms once a week.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import Literal

from bot.domain import zones
from bot.domain.streaks import Counts

Level = Literal["minimum", "target"]

LEVELS: tuple[Level, ...] = ("minimum", "target")
WEEKS = 4
SHORT, LONG = timedelta(hours=6), timedelta(hours=24)
_AT_LEAST = 2
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Budget:
    """What one level allows in one week. `expected` is how many are forecast to come; None: nobody can say."""

    level: Level
    rate: float
    so_far: int
    lost: int
    expected: int | None

    @property
    def total(self) -> int:
        """How many messages the week is reckoned to have."""
        return self.so_far + (self.expected or 0)

    @property
    def allowed(self) -> int:
        """How many of them may be missed."""
        return self.total - ceil(Fraction(str(self.rate)) * self.total)

    @property
    def left(self) -> int:
        """How many may still be missed; below zero when it is too many already."""
        return self.allowed - self.lost


@dataclass(frozen=True, slots=True)
class Burn:
    """An alarm: the budget ends before the week does. `ends_at` is None when it is spent already."""

    budget: Budget
    lost_short: int
    lost_long: int
    ends_at: datetime | None


def week_of(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """The store-local week around `now`, half-open, UTC: Monday's first instant to that of the next Monday."""
    there = zones.local(now, zone)
    monday = there.date() - timedelta(days=there.weekday())
    return zones.day_at(monday, zone), zones.day_at(monday + timedelta(weeks=1), zone)


def same_hours(now: datetime, end: datetime, zone: str) -> tuple[tuple[datetime, datetime], ...]:
    """[now, end) by the clocks of `zone`, in each of the four weeks before, the latest first; UTC."""

    def back(instant: datetime, weeks: int) -> datetime:
        wall = zones.local(instant, zone).replace(tzinfo=None, fold=0)
        return zones.first_instant(wall - timedelta(weeks=weeks), zone)

    return tuple((back(now, weeks), back(end, weeks)) for weeks in range(1, WEEKS + 1))


def forecast(came: Sequence[int]) -> int | None:
    """How many are to come, from how many came in the same hours; None with fewer than four weeks."""
    return sum(came) // WEEKS if len(came) == WEEKS else None


def budget(level: Level, rate: float, week: Counts, expected: int | None) -> Budget:
    """The budget of a week whose messages so far stand as `week` says."""
    return Budget(level, rate, week.decided + week.waiting, week.lost, expected)


def burn(one: Budget, lost_short: int, lost_long: int, now: datetime, week_end: datetime) -> Burn | None:
    """The alarm that is due at `now`, by how many messages were lost in the last 6 and 24 hours."""
    if one.left <= 0:
        return Burn(one, lost_short, lost_long, None) if one.lost >= _AT_LEAST else None
    if lost_long < _AT_LEAST or not lost_short:
        return None
    slower = min(Fraction(lost_short) / (SHORT // _HOUR), Fraction(lost_long) / (LONG // _HOUR))
    ends_at = now + float(one.left / slower) * _HOUR
    return Burn(one, lost_short, lost_long, ends_at) if ends_at < week_end else None
