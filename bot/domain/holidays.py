"""Public holidays, and the weekends that make up for them. Source: the `holidays` library, per country and year.

A country is an ISO code (CN, US, DE), with a part of it after a hyphen where holidays differ (US-CA, DE-BY).

The library lists the weekdays off. China's yearly notice of the State Council declares stretches ("October 1
to 7", "June 19 to 21"): the days of a weekend that touch a holiday belong to it, unless they are worked.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays as calendar_of_holidays
from holidays import HolidayBase


@lru_cache(maxsize=200)
def is_country(code: str) -> bool:
    """Whether the library knows the holidays of this country, or part of one.

    The library's list of all countries is not asked: making it takes half a second.
    """
    if not re.fullmatch(r"[A-Z]{2,3}(-.+)?", code):
        return False
    try:
        _year(code, 2026)
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=200)
def _year(code: str, year: int) -> HolidayBase:
    country, _, part = code.partition("-")
    return calendar_of_holidays.country_holidays(country, subdiv=part or None, years=year, expand=False)


@lru_cache(maxsize=50_000)
def is_day_off(code: str, day: date) -> bool:
    """Whether `day` is a public holiday there; in China also the days of a weekend that touch one."""
    if day in _year(code, day.year):
        return True
    return code == "CN" and (_leads_to_holiday(code, day, -1) or _leads_to_holiday(code, day, 1))


def _leads_to_holiday(code: str, day: date, step: int) -> bool:
    """Whether nothing but free days of a weekend, `day` among them, lies between `day` and a holiday."""
    while _is_free_weekend(code, day):
        day += timedelta(days=step)
        if day in _year(code, day.year):
            return True
    return False


def _is_free_weekend(code: str, day: date) -> bool:
    year = _year(code, day.year)
    return day.weekday() in year.weekend and not year.is_working_day(day)


@lru_cache(maxsize=50_000)
def is_made_up(code: str, day: date) -> bool:
    """Whether `day` lies on a weekend and is worked all the same, to make up for a holiday (China's 调休)."""
    year = _year(code, day.year)
    return day.weekday() in year.weekend and year.is_working_day(day)


@dataclass(frozen=True, slots=True)
class KnownDays:
    """The days off of a country, and the weekends that it works, in whole years as they were known once.

    Later editions of the library know more: China's days are decided a few weeks before each year.
    """

    country: str
    first_year: int
    last_year: int
    off: frozenset[date]
    made_up: frozenset[date]

    def covers(self, day: date) -> bool:
        """Whether `day` lies in these years."""
        return self.first_year <= day.year <= self.last_year


def known_days(code: str, first_year: int, last_year: int) -> KnownDays:
    """What the library says today of these years, both included."""
    days = [
        date(first_year, 1, 1) + timedelta(days=n)
        for n in range((date(last_year + 1, 1, 1) - date(first_year, 1, 1)).days)
    ]
    off = frozenset(day for day in days if is_day_off(code, day))
    made_up = frozenset(day for day in days if is_made_up(code, day))
    return KnownDays(code, first_year, last_year, off, made_up)


def name_of(code: str, day: date) -> str | None:
    """What the holiday is called."""
    return _year(code, day.year).get(day)


def spring_festival(year: int) -> date:
    """Chinese New Year's Day of that year."""
    named = calendar_of_holidays.country_holidays("CN", years=year, language="en_US")
    return min(day for day, name in named.items() if "Spring Festival" in name)
