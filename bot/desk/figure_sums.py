"""Summing spans up, so that a board reads what whole days and hours add up to instead of every duty of ninety days.

Nothing depends on it but speed: a span that is not summed, or that changed since, is read from its duties. The days
of a store with many messages are summed in pieces until nothing is expected to change any more: by the quarter of an
hour while answers are given, then by the hour. So an answer, or a buyer who writes again, makes no whole day stale.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.db.queries import figure_spans
from bot.db.queries import figures as queries
from bot.db.queries.figure_spans import SummedSpan
from bot.db.queries.figures import Ending, Span, Stretch
from bot.desk import Desk
from bot.desk.figures import ALL_DAYS, clocks_of
from bot.domain import sla, zones
from bot.domain.outcomes import SILENCE
from bot.domain.sla import Day
from bot.domain.sums import Columns

MANY = 1000
"""Messages of a store and day from which pieces are summed: fewer are read from their duties in no time."""

_LATELY = timedelta(days=2)
"""How far back is looked for how many there are."""

_SETTLED = timedelta(days=1)
"""How long a day must be over to be summed whole: until then its duties are being answered, each answer a mark."""

_FINE = SILENCE + 2 * _SETTLED
"""How long in pieces: until a week of silence has followed the last answers."""

_QUARTER, _HOUR = timedelta(minutes=15), timedelta(hours=1)
_KEPT_DAYS = ALL_DAYS + 3
_DIMENSIONS = ("", *sla.DIMENSIONS)

_AT_ONCE_DAYS, _AT_ONCE = 4, 48
"""Spans of one transaction: few, because on SQLite everybody else waits for it."""


def sum_up(desk: Desk, limit: int = 2000, many: int = MANY) -> int:
    """Sum up the spans that are over and not summed, or changed since; returns how many, at most `limit`.

    The days of a store with at least `many` messages a day are summed in pieces first.
    """
    now, count = desk.now(), 0
    for store, one in desk.settings.stores.items():
        days = sla.local_days(now, one.zone, _KEPT_DAYS)
        with desk.database.reading() as tx:
            known = set(figure_spans.summed(tx, {store: one.zone}, days[0].start, now).get(store, ()))
            fine = queries.count(tx, Span(store, now - _LATELY, now)) >= many * _LATELY.days
        wanted = spans_of(store, days, now, fine=fine)
        due = [span for span in wanted if span not in known][::-1][: limit - count]
        for some in _batches(due):
            count += _sum_up(desk, some, days, now)
    return count


def spans_of(store: str, days: Sequence[Day], now: datetime, *, fine: bool) -> Iterator[Span]:
    """What there is to be summed of these days at `now`: whole days, or of the last ones, if that is `fine`, pieces."""
    for day in days:
        if day.end + (_FINE if fine else _SETTLED) <= now:
            yield Span(store, day.start, day.end)
        elif fine:
            yield from _pieces(store, day, _HOUR if day.end + _SETTLED <= now else _QUARTER, now)


def _pieces(store: str, day: Day, length: timedelta, now: datetime) -> Iterator[Span]:
    start = day.start
    while start < day.end and (end := min(start + length, day.end)) <= now:
        yield Span(store, start, end)
        start = end


def _batches(due: Sequence[Span]) -> Iterator[Sequence[Span]]:
    start = 0
    while start < len(due):
        is_day = due[start].end - due[start].start > _HOUR
        size = _AT_ONCE_DAYS if is_day else _AT_ONCE
        yield due[start : start + size][::-1]
        start += size


def _sum_up(desk: Desk, wanted: Sequence[Span], days: Sequence[Day], now: datetime) -> int:
    """Sum some spans up, in a transaction of their own, but those that somebody else just did; returns how many."""
    store = wanted[0].store
    zone = desk.settings.stores[store].zone
    with desk.database.writing() as tx:
        figure_spans.lock(tx)
        known = set(figure_spans.summed(tx, {store: zone}, wanted[0].start, now).get(store, ()))
        due = [one for one in wanted if one not in known]
        if not due:
            return 0
        figure_spans.begin(tx, store, due)
        stretch = Stretch(queries.joined(due), {store: clocks_of(zone, days, now)}, now)
        found = queries.endings_by_quarter(tx, stretch, _DIMENSIONS)
        figure_spans.put(tx, zone, _summed(due, found, zone), now)
        figure_spans.forget(tx, store, days[0].start)
        return len(due)


def _summed(spans: Sequence[Span], found: Sequence[Ending], zone: str) -> Iterator[SummedSpan]:
    """`spans` are in order, and each of `found` is of one of them."""
    starts = [span.start for span in spans]
    keys = [bisect_right(starts, queries.quarter_of(one.at)) - 1 for one in found]
    columns = Columns([one.fact for one in found])
    parts = {
        by: columns.parts(keys, [one.values[place] for one in found]) for place, by in enumerate(_DIMENSIONS)
    }
    undecided: dict[int, datetime] = {}
    for place, one in zip(keys, found, strict=True):
        if one.undecided_from is not None:
            undecided[place] = min(undecided.get(place, one.undecided_from), one.undecided_from)
    for place, span in enumerate(spans):
        earliest = undecided.get(place)
        changes_at = zones.day_start(earliest + SILENCE, zone, -1) if earliest else None
        yield SummedSpan(span, changes_at, {by: some[place] for by, some in parts.items() if place in some})
