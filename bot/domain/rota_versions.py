"""The rota through time: at every instant the rules count that were in force then.

Rules come into force when the bot first reads them, at once: whoever they take off is not asked any more from
that instant on, and whoever they put on is. So the past is judged by what the bot went by. A shift that the
change finds under way goes on as the new rules have it: what both have alike stays one shift, what only the old
ones had ends there, and what only the new ones have begins there. (That a turn is never relieved in the middle
is a rule within one version. To let an old shift run on after its rules are gone would count as staffed what
nobody was asked to work.) Overrides are no part of a version: they stand above whichever is in force.

What was before the first version is not known; it is judged by that one.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.domain.rota import Override, Rota, RotaAgent, Shift, shifts
from bot.domain.timetable import Timetable, timetable

_EVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_MOMENT = timedelta.resolution


@dataclass(frozen=True, slots=True)
class Version:
    """Rules, and since when they count. `number`: under which they are kept; None: they are not."""

    number: int | None
    since: datetime
    rota: Rota


@dataclass(frozen=True, slots=True)
class Judges:
    """Which kept versions judge a stretch of time, by number; none if none is kept.

    `since`: when the newest of them came into force. `known_since`: when the oldest did, if part of the stretch
    lies before it and is judged by it for want of anything older.
    """

    numbers: tuple[int, ...] = ()
    since: datetime | None = None
    known_since: datetime | None = None


def together(judges: Iterable[Judges | None]) -> Judges | None:
    """Those of several stretches; None if there is not one stretch that rules judge."""
    found = [one for one in judges if one is not None]
    if not found:
        return None
    return Judges(
        tuple(sorted({number for one in found for number in one.numbers})),
        max((one.since for one in found if one.since), default=None),
        max((one.known_since for one in found if one.known_since), default=None),
    )


@dataclass(frozen=True, slots=True)
class RotaHistory:
    """Versions in the order in which they came into force; the first also stands for all time before it."""

    versions: tuple[Version, ...]

    @classmethod
    def of(cls, rota: Rota) -> "RotaHistory":
        """One set of rules for all time."""
        return cls((Version(None, _EVER[0], rota),))

    @property
    def newest(self) -> Rota:
        """The rules of the future."""
        return self.versions[-1].rota

    def at(self, instant: datetime) -> Version:
        """The version in force at an instant."""
        return self.versions[max(0, bisect_right(self.versions, instant, key=lambda one: one.since) - 1)]

    def agents(self) -> tuple[RotaAgent, ...]:
        """Everybody whom any version knows, as the newest of these does."""
        found = {one.key: one for version in self.versions for one in version.rota.agents}
        return tuple(found.values())

    def changed(self, change: Callable[[Rota], Rota]) -> "RotaHistory":
        """Every version with the same change."""
        return RotaHistory(tuple(replace(one, rota=change(one.rota)) for one in self.versions))

    def within(self, start: datetime, end: datetime) -> tuple[Version, ...]:
        """The versions that are in force at any time in [start, end)."""
        return tuple(version for version, _start, _end in self._within(start, end))

    def judges(self, start: datetime, end: datetime) -> Judges:
        """Which kept versions say who was on in [start, end)."""
        kept = [one for one, _start, _end in self._within(start, end) if one.number is not None]
        if not kept:
            return Judges()
        first = self.versions[0]
        is_guessed = kept[0] is first and start < first.since
        numbers = tuple(one.number for one in kept if one.number is not None)
        return Judges(numbers, kept[-1].since, first.since if is_guessed else None)

    def timetable(self, start: datetime, end: datetime, overrides: Sequence[Override] = ()) -> Timetable:
        """The shifts of [start, end), each by the rules that were, or will be, in force."""
        if len(self.versions) == 1:
            return timetable(self.newest, start, end, overrides)
        found, reach = self._shifts(start, end, tuple(overrides))
        *earlier, (newest, _start, _end) = self._within(*reach)
        before = tuple((until, version.rota) for version, _start, until in earlier)
        return Timetable(newest.rota, start, end, found, before)

    def _within(self, start: datetime, end: datetime) -> list[tuple[Version, datetime, datetime]]:
        """The versions that are in force in [start, end), each with when it comes into force and goes out of it."""
        starts = [_EVER[0], *(one.since for one in self.versions[1:]), _EVER[1]]
        spans = zip(self.versions, starts, starts[1:], strict=False)
        return [one for one in spans if max(start, one[1]) < min(end, one[2])]

    def _shifts(
        self, start: datetime, end: datetime, overrides: tuple[Override, ...]
    ) -> tuple[tuple[Shift, ...], tuple[datetime, datetime]]:
        """The shifts that touch [start, end), whole; and how far one had to look for that."""
        first, last = start, end
        while True:
            within = self._within(first, last)
            found = [
                one
                for one in _joined(within, first, last, overrides)
                if max(one.start, start) < min(one.end, end)
            ]
            # A shift that seems to begin as a version does may be the rest of one that began before it.
            earliest = min((one.start for one in found), default=first)
            latest = max((one.end for one in found), default=last)
            if earliest == within[0][1] <= first:
                first = earliest - _MOMENT
            elif latest == within[-1][2] >= last:
                last = latest + _MOMENT
            else:
                found.sort(key=lambda one: (one.start, one.order, one.agent, one.end))
                return tuple(found), (first, last)


def _knows_alike(one: Rota, other: Rota, key: str) -> bool:
    """Whether two rotas let this person do the same work."""
    here, there = one.agent(key), other.agent(key)
    if here is None or there is None:
        return here is there
    return (here.stores, here.languages, here.skills) == (there.stores, there.languages, there.skills)


_Within = list[tuple[Version, datetime, datetime]]


def _joined(
    within: _Within, first: datetime, last: datetime, overrides: tuple[Override, ...]
) -> Iterator[Shift]:
    """The shifts of each version as far as it is in force; one that the next version has, too, goes on in it."""
    before: Rota | None = None
    begun: dict[Shift, list[Shift]] = {}
    for version, begins, ends in within:
        going_on: dict[Shift, list[Shift]] = {}
        for whole in shifts(version.rota, max(first, begins), min(last, ends), overrides):
            piece = replace(whole, start=max(whole.start, begins), end=min(whole.end, ends))
            if begun.get(whole) and before and _knows_alike(before, version.rota, whole.agent):
                piece = replace(piece, start=begun[whole].pop().start)
            if piece.end == ends:
                going_on.setdefault(whole, []).append(piece)
            else:
                yield piece
        yield from (one for rest in begun.values() for one in rest)
        before, begun = version.rota, going_on
    yield from (one for rest in begun.values() for one in rest)
