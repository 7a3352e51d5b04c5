"""Public holidays, and the weekends that make up for them. Source: the `holidays` library, per country and year.

A country is an ISO code (CN, US, DE), with a part of it after a hyphen where holidays differ (US-CA, DE-BY).
"""

from datetime import date
from functools import lru_cache

import holidays as calendar_of_holidays
from holidays import HolidayBase


def is_country(code: str) -> bool:
    """Whether the library knows the holidays of this country, or part of one."""
    country, _, part = code.partition("-")
    supported = calendar_of_holidays.list_supported_countries()
    return country in supported and (not part or part in supported[country])


@lru_cache(maxsize=200)
def _year(code: str, year: int) -> HolidayBase:
    country, _, part = code.partition("-")
    return calendar_of_holidays.country_holidays(country, subdiv=part or None, years=year, expand=False)


@lru_cache(maxsize=50_000)
def is_day_off(code: str, day: date) -> bool:
    """Whether `day` is a public holiday there."""
    return day in _year(code, day.year)


@lru_cache(maxsize=50_000)
def is_made_up(code: str, day: date) -> bool:
    """Whether `day` lies on a weekend and is worked all the same, to make up for a holiday (China's 调休)."""
    year = _year(code, day.year)
    return day.weekday() in year.weekend and year.is_working_day(day)


def name_of(code: str, day: date) -> str | None:
    """What the holiday is called."""
    return _year(code, day.year).get(day)
