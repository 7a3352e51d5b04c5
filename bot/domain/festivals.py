"""Festivals on which a whole country is away, whatever the rota says. The stress test of `domain.coverage`.

Spring Festival: the State Council's notice of 2024 (eight days from the eve on). Golden Week: October 1 to 7.
Thanksgiving: fourth Thursday of November, to the Sunday after. Christmas: where December 25 is a public holiday.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.domain import holidays, zones
from bot.domain.rota import Override, RotaAgent

_DAY = timedelta(days=1)
_THURSDAY = 3
CHRISTMAS_COUNTRIES = (
    "US", "CA", "MX", "GB", "IE", "DE", "FR", "IT", "ES", "PT", "NL", "BE", "LU", "AT", "CH", "PL", "CZ", "SK",
    "HU", "SI", "HR", "RO", "BG", "GR", "CY", "MT", "DK", "SE", "NO", "FI", "IS", "EE", "LV", "LT",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Festival:
    """Days, both included, on which the people of `countries` are away."""

    name: str
    first_day: date
    last_day: date
    countries: tuple[str, ...]


def _spring_festival(year: int) -> Festival:
    eve = holidays.spring_festival(year) - _DAY
    return Festival("Spring Festival", eve, eve + 7 * _DAY, ("CN",))


def _golden_week(year: int) -> Festival:
    return Festival("Golden Week", date(year, 10, 1), date(year, 10, 7), ("CN",))


def _thanksgiving(year: int) -> Festival:
    first = date(year, 11, 1)
    thursday = first + (_THURSDAY - first.weekday()) % 7 * _DAY + 21 * _DAY
    return Festival("Thanksgiving", thursday, thursday + 3 * _DAY, ("US",))


def _christmas(year: int) -> Festival:
    return Festival("Christmas", date(year, 12, 24), date(year, 12, 26), CHRISTMAS_COUNTRIES)


_ALL: tuple[Callable[[int], Festival], ...] = (_spring_festival, _golden_week, _thanksgiving, _christmas)


def of_the_year(start: datetime) -> list[Festival]:
    """The festivals of the twelve months after `start`, in order: each once, the next one that is not over."""
    today = start.astimezone(UTC).date()
    found = [
        next(one for one in (festival(today.year), festival(today.year + 1)) if one.last_day >= today)
        for festival in _ALL
    ]
    return sorted(found, key=lambda one: (one.first_day, one.name))


def around(festival: Festival) -> tuple[datetime, datetime]:
    """[start, end) in UTC: from one day before the festival to two days after it."""
    first, after = festival.first_day - _DAY, festival.last_day + 3 * _DAY
    return (
        datetime(first.year, first.month, first.day, tzinfo=UTC),
        datetime(after.year, after.month, after.day, tzinfo=UTC),
    )


def absence(festival: Festival, agent: RotaAgent, number: int) -> Override:
    """The festival's days on the agent's own clocks, as an override; with the highest id it has the last word."""
    after = festival.last_day + _DAY
    return Override(
        number,
        "festival",
        agent.key,
        False,
        zones.day_at(festival.first_day, agent.zone),
        zones.day_at(after, agent.zone),
    )
