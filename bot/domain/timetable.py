"""A stretch of the rota, worked out: who is on, until when, how much staffed time is left.

Everything that asks about shifts asks here; the shifts come from `domain.rota`. Spans are half-open,
aware UTC. Questions are good for the stretch that the timetable was worked out for, and no further.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter

from bot.domain.rota import Override, Rota, RotaAgent, Shift, shifts


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """[start, end), aware UTC."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start


def union(spans: Iterable[Span]) -> list[Span]:
    """The same time without overlaps, in order; spans that touch are one."""
    found: list[Span] = []
    for span in sorted(spans, key=attrgetter("start")):
        if found and span.start <= found[-1].end:
            if span.end > found[-1].end:
                found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return found


def within(spans: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    """What of the spans lies in [start, end)."""
    touching = (one for one in spans if max(one.start, start) < min(one.end, end))
    return [
        one if start <= one.start and one.end <= end else Span(max(one.start, start), min(one.end, end))
        for one in touching
    ]


def total(spans: Iterable[Span]) -> timedelta:
    """How long they are together."""
    return sum((one.length for one in spans), timedelta(0))


@dataclass(frozen=True, slots=True)
class Stint:
    """Time that one agent works without a break; shifts that touch are one stint."""

    agent: str
    start: datetime
    end: datetime

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(slots=True)
class Timetable:
    """The shifts of [start, end). `rota`: the newest rules that count for any of them.

    `before`: the rules that counted earlier, each with the instant at which it went out of force, in order.
    """

    rota: Rota
    start: datetime
    end: datetime
    shifts: tuple[Shift, ...]
    before: tuple[tuple[datetime, Rota], ...] = ()
    _ends: list[datetime] = field(init=False, repr=False)
    _agents: list[dict[str, RotaAgent]] = field(init=False, repr=False)
    _stints: dict[tuple[str | None, str | None], list[Stint]] = field(init=False, repr=False)
    _covered: dict[tuple[str | None, str | None], list[Span]] = field(init=False, repr=False)
    _alike: dict[tuple[object, ...], tuple[Shift, list[Span]]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._ends = [until for until, _rota in self.before]
        self._agents = [{one.key: one for one in rota.agents} for rota in self._rules()]
        self._stints = {}
        self._covered = {}
        self._alike = {}

    def _rules(self) -> list[Rota]:
        return [*(rota for _until, rota in self.before), self.rota]

    @property
    def agents(self) -> tuple[RotaAgent, ...]:
        """Everybody, as the newest rules that have them know them; those of the newest rules come first."""
        found: dict[str, RotaAgent] = {}
        for rota in reversed(self._rules()):
            for agent in rota.agents:
                found.setdefault(agent.key, agent)
        return tuple(found.values())

    def agent(self, key: str, at: datetime) -> RotaAgent | None:
        """The person of that key, as the rules that are in force at `at` know them."""
        return self._agents[bisect_right(self._ends, at)].get(key)

    def of(self, store: str | None, lang: str | None = None) -> list[Shift]:
        """The shifts of those who may work for `store` (any store if None) and speak `lang` (any if None)."""
        return [one for one in self.shifts if self._serves(one, store, lang)]

    def _serves(self, shift: Shift, store: str | None, lang: str | None) -> bool:
        agent = self.agent(shift.agent, shift.start)
        if agent is None or not agent.speaks(lang) or not agent.works_for(store):
            return False
        return store is None or shift.stores is None or store in shift.stores

    def stints(self, store: str | None, lang: str | None = None) -> list[Stint]:
        """Each agent's stints for the store, in order of their start."""
        key = (store, lang)
        if key not in self._stints:
            self._stints[key] = self._worked_out(store, lang)
        return self._stints[key]

    def _worked_out(self, store: str | None, lang: str | None) -> list[Stint]:
        by_agent: dict[str, list[Span]] = {}
        for one in self.of(store, lang):
            by_agent.setdefault(one.agent, []).append(Span(one.start, one.end))
        found = [
            Stint(agent, one.start, one.end) for agent, spans in by_agent.items() for one in union(spans)
        ]
        return sorted(found, key=lambda one: (one.start, one.agent))

    def stints_of(self, agent: str, store: str | None) -> list[Stint]:
        """One agent's stints for the store."""
        return [one for one in self.stints(store) if one.agent == agent]

    def on(self, store: str | None, at: datetime, lang: str | None = None) -> list[Stint]:
        """Who is on at `at`, each once, in order of precedence: override, swap, then layers as written."""
        order: dict[str, int] = {}
        for shift in self.shifts:
            if shift.start <= at < shift.end and self._serves(shift, store, lang):
                order[shift.agent] = min(shift.order, order.get(shift.agent, shift.order))
        here = [one for one in self.stints(store, lang) if one.start <= at < one.end]
        return sorted(here, key=lambda one: (order[one.agent], one.start, one.agent))

    def covered(self, store: str | None, lang: str | None = None) -> list[Span]:
        """The time in which at least one agent of the store is on who speaks `lang`, each stretch once, in order."""
        key = (store, lang)
        if key not in self._covered:
            self._covered[key] = union(
                span
                for shift, spans in self._of_people_alike().values()
                if self._serves(shift, store, lang)
                for span in spans
            )
        return self._covered[key]

    def _of_people_alike(self) -> dict[tuple[object, ...], tuple[Shift, list[Span]]]:
        """One shift, and the time of all like it: of people with the same stores and languages.

        Hundreds of people share a few sets of both; the union of each is made once for all questions.
        """
        if not self._alike and self.shifts:
            spans: dict[tuple[object, ...], list[Span]] = {}
            first: dict[tuple[object, ...], Shift] = {}
            for shift in self.shifts:
                agent = self.agent(shift.agent, shift.start)
                kind = (agent and (agent.stores, agent.languages), shift.stores)
                first.setdefault(kind, shift)
                spans.setdefault(kind, []).append(Span(shift.start, shift.end))
            self._alike = {kind: (first[kind], union(spans[kind])) for kind in first}
        return self._alike

    def staffed(self, store: str | None, start: datetime, end: datetime) -> list[Span]:
        """The time in [start, end) in which at least one agent of the store is on."""
        covered = self.covered(store)
        first = bisect_right(covered, start, key=attrgetter("end"))
        last = bisect_left(covered, end, lo=first, key=attrgetter("start"))
        return within(covered[first:last], start, end)

    def staffed_time(self, store: str | None, start: datetime, end: datetime) -> timedelta:
        """How much of [start, end) is staffed."""
        return total(self.staffed(store, start, end))

    def shifts_left(self, store: str | None, now: datetime, due: datetime) -> int:
        """How many changes of people away the last staffed minute before `due` is: 1 means the last shift.

        Counts the stints, begun or to begin, that reach furthest: those one by one would carry the
        store from `now` to `due`.
        """
        count, at = 0, now
        stints = [one for one in self.stints(store) if one.end > now and one.start < due]
        while True:
            running = [one.end for one in stints if one.start <= at < one.end]
            if running:
                count, at = count + 1, max(running)
            else:
                later = [one.start for one in stints if one.start > at]
                if not later:
                    return count
                at = min(later)
            if at >= due:
                return count

    def next_on(self, store: str | None, after: datetime, lang: str | None = None) -> Stint | None:
        """The stint that begins next after `after`."""
        return next((one for one in self.stints(store, lang) if one.start > after), None)

    def changes(self, store: str | None, start: datetime, end: datetime) -> list[datetime]:
        """The instants of [start, end) at which somebody's stint for the store ends or begins, in order."""
        moments = {moment for one in self.stints(store) for moment in (one.start, one.end)}
        return sorted(moment for moment in moments if start <= moment < end)


def timetable(rota: Rota, start: datetime, end: datetime, overrides: Sequence[Override] = ()) -> Timetable:
    """The rota, worked out for [start, end)."""
    return Timetable(rota, start, end, shifts(rota, start, end, overrides))
