"""What a rota asks of each person: hours, nights, weekends, and rests that are too short.

Times of all stores count together. A night is 22:00 to 06:00 and a weekend Saturday and Sunday, on the
person's own clocks. Rest: 11 hours between two working days (Directive 2003/88/EC, article 3), a setting.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from bot.domain import zones
from bot.domain.timetable import Span, Stint, Timetable, total, within

MINIMUM = timedelta(hours=11)
PAUSE = timedelta(hours=4)
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Load:
    """How much one agent works; `share` is the part of what all work together, a fraction."""

    agent: str
    hours: float
    night_hours: float
    weekend_hours: float
    share: float


@dataclass(frozen=True, slots=True)
class ShortRest:
    """Work of one agent ends at `end` and begins again at `start`, with less than the minimum between."""

    agent: str
    end: datetime
    start: datetime
    rest: timedelta


def loads(table: Timetable, start: datetime, end: datetime) -> list[Load]:
    """What each agent of the rota works in [start, end), in the order of the rota; also who works nothing."""
    worked = {
        agent: within((one.span for one in stints), start, end) for agent, stints in _by_agent(table).items()
    }
    everything = sum((total(spans) for spans in worked.values()), timedelta(0))
    return [
        _load(agent.key, worked.get(agent.key, []), everything, *_nights_and_weekends(agent.zone, start, end))
        for agent in table.agents
    ]


def _load(
    agent: str, spans: list[Span], everything: timedelta, nights: Sequence[Span], weekends: Sequence[Span]
) -> Load:
    worked = total(spans)
    return Load(
        agent=agent,
        hours=worked / _HOUR,
        night_hours=_in_both(spans, nights) / _HOUR,
        weekend_hours=_in_both(spans, weekends) / _HOUR,
        share=worked / everything if everything else 0.0,
    )


def short_rests(table: Timetable, start: datetime, end: datetime, minimum: timedelta) -> list[ShortRest]:
    """Rests shorter than `minimum` after which work begins again in [start, end), by agent and time.

    A break under four hours splits a working day rather than ending it, as long as that day, from its
    first minute to its last, leaves `minimum` of its 24 hours: 9-12 and 14-18 is a day with a break;
    22-06 and then 09-17 is a rest of three hours.
    """
    return [
        one
        for agent, stints in sorted(_by_agent(table).items())
        for one in _short_rests_of(agent, stints, minimum)
        if start <= one.start < end
    ]


def _short_rests_of(agent: str, stints: Sequence[Stint], minimum: timedelta) -> Iterator[ShortRest]:
    began, ended = stints[0].start, stints[0].end
    for stint in stints[1:]:
        rest = stint.start - ended
        if not (rest < PAUSE and stint.end - began <= _DAY - minimum):
            began = stint.start
            if rest < minimum:
                yield ShortRest(agent, ended, stint.start, rest)
        ended = stint.end


def _by_agent(table: Timetable) -> dict[str, list[Stint]]:
    found: dict[str, list[Stint]] = {}
    for stint in table.stints(None):
        found.setdefault(stint.agent, []).append(stint)
    return found


@lru_cache(maxsize=100)
def _nights_and_weekends(
    zone: str, start: datetime, end: datetime
) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The nights and weekends of a zone that touch [start, end), in order."""
    nights: list[Span] = []
    weekends: list[Span] = []
    day: date = zones.local(start, zone).date() - 2 * _DAY
    last = zones.local(end, zone).date() + _DAY
    while day <= last:
        evening, morning = zones.day_at(day, zone, hour=22), zones.day_at(day + _DAY, zone, hour=6)
        nights.append(Span(evening, morning))
        if day.weekday() == _SATURDAY:
            weekends.append(Span(zones.day_at(day, zone), zones.day_at(day + 2 * _DAY, zone)))
        day += _DAY
    return tuple(nights), tuple(weekends)


def _in_both(some: Sequence[Span], others: Sequence[Span]) -> timedelta:
    """How much time lies in both; each is in order and without overlaps."""
    found = timedelta(0)
    place = 0
    for span in some:
        while place < len(others) and others[place].end <= span.start:
            place += 1
        following = place
        while following < len(others) and others[following].start < span.end:
            found += min(span.end, others[following].end) - max(span.start, others[following].start)
            following += 1
    return found
