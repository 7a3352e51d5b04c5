"""Invented stores whose buyers write by chance, for months: how often is the alarm wrong, how soon right?"""

import math
import random
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from bot.domain import silence, zones

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
LEARNING_DAYS = silence.WEEKS * 7 + 1


@dataclass(frozen=True)
class World:
    """A store. `daily`: messages on a usual day; `spread`: variance of the days' own factor; `clump`: how many come
    at once; `trend`: what a day brings, by its number, as a share of a usual day.
    """

    daily: float
    spread: float = 0.0
    clump: int = 1
    zone: str = "Europe/Berlin"
    trend: Callable[[int], float] = lambda _day: 1.0

    def rate_at(self, wall: datetime) -> float:
        """Messages an hour: few at night, most in the evening, fewer on weekends."""
        by_hour = 0.15 + max(0.0, math.sin((wall.hour - 6) / 18 * math.pi)) * (1.2 if wall.hour > 17 else 1.0)
        by_day = (1.15, 1.1, 1.05, 1.0, 0.95, 0.75, 0.8)[wall.weekday()]
        return self.daily * by_day * by_hour / 15.5


def messages(world: World, days: int, seed: int) -> list[datetime]:
    """When the messages of so many days came, in order."""
    chance = random.Random(seed)
    came: list[datetime] = []
    for number in range(days):
        factor = chance.gammavariate(1 / world.spread, world.spread) if world.spread else 1.0
        for hour in range(24):
            start = BEGIN + number * DAY + hour * HOUR
            mean = world.rate_at(zones.local(start, world.zone)) * factor * world.trend(number) / world.clump
            for _ in range(poisson(chance, mean)):
                at = start + chance.random() * HOUR
                came += [at + chance.random() * timedelta(minutes=10) for _ in range(world.clump)]
    return sorted(came)


def poisson(chance: random.Random, mean: float) -> int:
    """A number of events (Knuth)."""
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def usual_day(_day: date) -> float:
    """No holiday."""
    return 1.0


def habits(
    world: World, came: list[datetime], days: int, rate: float
) -> Iterator[tuple[datetime, silence.Habit | None]]:
    """(instant from which it is used, what is known) of each day after the first weeks, learnt anew each day."""
    hours = Counter(at.replace(minute=0, second=0, microsecond=0) for at in came)
    for number in range(LEARNING_DAYS, days):
        start = BEGIN + number * DAY
        past = {
            hour: count for hour, count in hours.items() if start - silence.WEEKS * 7 * DAY <= hour < start
        }
        last = came[bisect_right(came, start) - 1]
        yield start, silence.learn(past, world.zone, last, rate, share=usual_day)


def false_alarms(world: World, months: float, seed: int, rate: float = 1.0) -> tuple[int, float]:
    """How many alarms there were, in how many months, in a store that was never silent."""
    days = LEARNING_DAYS + int(months * 30)
    came = messages(world, days, seed)
    known = list(habits(world, came, days, rate))
    starts = [start for start, _habit in known]
    wrong = 0
    for before, after in pairwise(came):
        place = bisect_right(starts, before) - 1
        habit = known[place][1] if place >= 0 else None
        wrong += habit is not None and silence.silence(habit, before, after, usual_day).is_alarming
    return wrong, len(known) / 30


def hours_until_alarm(world: World, seed: int, wall_hour: int, rate: float = 1.0) -> float:
    """How long a real silence lasts that begins at an hour of a Tuesday, before the alarm comes."""
    days = LEARNING_DAYS + 2
    came = messages(world, days, seed)
    end = zones.day_at((BEGIN + (LEARNING_DAYS) * DAY).date(), world.zone, wall_hour)
    came = [at for at in came if at < end]
    hours = Counter(at.replace(minute=0, second=0, microsecond=0) for at in came)
    habit = silence.learn(hours, world.zone, came[-1], rate, share=usual_day)
    assert habit is not None
    now = end
    while not silence.silence(habit, came[-1], now, usual_day).is_alarming:
        now += timedelta(minutes=5)
    return (now - end) / HOUR
