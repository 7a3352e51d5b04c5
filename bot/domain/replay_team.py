"""What a replay knows of a rota: its staffed time as a clock, who is on, and when a tireless team would be done.

The tireless team is a queue. Whoever is on shift for a message's store answers, each one message at a time, the
one that is due first before all others; one that is more urgent interrupts. As many messages as possible, by
urgency, have somebody: people who work for several stores step aside for each other. With such a queue more
people never make any message wait longer: of those that are done first each stays ahead, so that somebody is
free at least as often (and one more person never takes a place away from a message: L. S. Shapley, "Complements
and substitutes in the optimal assignment problem", 1962).

Instants are numbers (replay_facts.py: ticks).
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import accumulate

from bot.domain.replay_facts import ticks
from bot.domain.timetable import Timetable

Kind = tuple[str | None, str | None]
"""Of a message: its store, and the language that whoever answers must speak (None: any)."""


class StaffedClock:
    """Runs while somebody is on, and stands still in gaps."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        every = list(spans)
        self._starts = [start for start, _end in every]
        self._ends = [end for _start, end in every]
        self._before = [0, *accumulate(end - start for start, end in every)]

    def shows(self, at: int) -> int:
        """How much staffed time there was up to `at`."""
        place = bisect_right(self._starts, at)
        if not place:
            return 0
        return self._before[place - 1] + min(at, self._ends[place - 1]) - self._starts[place - 1]

    def first_at(self, shown: int) -> int | None:
        """The first instant at which it shows as much; None if it never does."""
        place = bisect_left(self._before, shown)
        if place == len(self._before):
            return None
        return self._ends[place - 1] - (self._before[place] - shown) if place else None

    def after(self, at: int, span: int) -> int | None:
        """When `span` of staffed time has gone by since `at`; at once if that is none."""
        return self.first_at(self.shows(at) + span) if span else at

    def next_on(self, at: int) -> int | None:
        """The first instant from `at` on at which somebody is on."""
        place = bisect_right(self._ends, at)
        return max(at, self._starts[place]) if place < len(self._starts) else None


@dataclass(frozen=True, slots=True, order=True)
class Job:
    """A message of the queue; the order is that of urgency."""

    due: int
    id: int
    since: int
    work: int
    kind: Kind


class Team:
    """The people of a timetable, as a replay asks for them, for messages of these kinds."""

    def __init__(self, table: Timetable, kinds: Iterable[Kind]) -> None:
        self._places = {one.key: place for place, one in enumerate(table.agents)}
        self.end = ticks(table.end)
        self._clocks: dict[Kind, StaffedClock] = {}
        moves: dict[int, list[tuple[bool, str, Kind]]] = {}
        for kind in sorted(set(kinds), key=str):
            spans = table.covered(*kind)
            self._clocks[kind] = StaffedClock((ticks(one.start), ticks(one.end)) for one in spans)
            for stint in table.stints(*kind):
                moves.setdefault(ticks(stint.start), []).append((True, stint.agent, kind))
                moves.setdefault(ticks(stint.end), []).append((False, stint.agent, kind))
        self.changes = sorted(moves)
        self._staff = _staffs(moves)
        self._on: dict[tuple[int, Kind], tuple[str, ...]] = {}

    def clock(self, kind: Kind) -> StaffedClock:
        """The staffed time for messages of a kind."""
        return self._clocks[kind]

    def stretch(self, at: int) -> int:
        """Which stretch between two changes of the people on shift `at` lies in; -1 before the first."""
        return bisect_right(self.changes, at) - 1

    def on(self, kind: Kind, at: int) -> tuple[str, ...]:
        """Who is on for messages of a kind, in the order of the rota."""
        stretch = self.stretch(at)
        if (stretch, kind) not in self._on:
            staff = self._staff[stretch] if stretch >= 0 else {}
            found = [agent for agent, kinds in staff.items() if kind in kinds]
            self._on[stretch, kind] = tuple(sorted(found, key=lambda one: self._places.get(one, 0)))
        return self._on[stretch, kind]

    def crews(self, stretch: int) -> dict[frozenset[Kind], int]:
        """How many people are on who answer the same kinds of message."""
        found: dict[frozenset[Kind], int] = {}
        for kinds in self._staff[stretch].values():
            found[kinds] = found.get(kinds, 0) + 1
        return dict(sorted(found.items(), key=lambda one: (len(one[0]), sorted(map(str, one[0])))))

    def done(self, jobs: Iterable[Job]) -> dict[int, int]:
        """By id, when the tireless team is done with each; `end` for what it never gets to."""
        return _Queue(self, sorted(jobs, key=lambda one: (one.since, one))).run()


def _staffs(moves: Mapping[int, Sequence[tuple[bool, str, Kind]]]) -> list[dict[str, frozenset[Kind]]]:
    """After each change: who is on, for what."""
    found, now = [], dict[str, frozenset[Kind]]()
    for at in sorted(moves):
        now = dict(now)
        for comes, agent, kind in sorted(moves[at], key=str):  # those who leave come first
            kinds = now.get(agent, frozenset())
            now[agent] = kinds | {kind} if comes else kinds - {kind}
        now = {agent: kinds for agent, kinds in now.items() if kinds}
        found.append(now)
    return found


@dataclass(slots=True)
class _Seats:
    """Who can take how many at a time; `taken` says by what kinds of message."""

    crews: Mapping[frozenset[Kind], int]
    taken: dict[frozenset[Kind], dict[Kind, int]] = field(default_factory=dict)

    def place(self, kind: Kind, seen: set[frozenset[Kind]]) -> bool:
        """Find somebody for one more message, if need be by moving others; says whether that worked."""
        for crew, people in self.crews.items():
            if kind not in crew or crew in seen:
                continue
            seen.add(crew)
            taken = self.taken.setdefault(crew, {})
            if sum(taken.values()) < people:
                taken[kind] = taken.get(kind, 0) + 1
                return True
            for other in [one for one, count in taken.items() if count and one != kind]:
                if self.place(other, seen):
                    taken[other] -= 1
                    taken[kind] = taken.get(kind, 0) + 1
                    return True
        return False


class _Queue:
    """One run of the tireless team. An entry of `_waiting` is [due, id, work that is left]."""

    def __init__(self, team: Team, jobs: Sequence[Job]) -> None:
        self._team, self._jobs = team, jobs
        self._waiting: dict[Kind, list[list[int]]] = {}
        self._crews: Mapping[frozenset[Kind], int] = {}
        self._people = 0
        self._chosen: list[tuple[Kind, list[int]]] = []
        self._done = {one.id: team.end for one in jobs}

    def run(self) -> dict[int, int]:
        """Go from change to change: somebody comes or goes, a message arrives, or one is done."""
        at, next_job, next_change = 0, 0, 0
        jobs, changes = self._jobs, self._team.changes
        while True:
            moments = [at + entry[2] for _kind, entry in self._chosen]
            if next_job < len(jobs):
                moments.append(jobs[next_job].since)
            if next_change < len(changes):
                moments.append(changes[next_change])
            if not moments:
                return self._done
            upcoming = min(moments)
            is_stale = self._work(upcoming, upcoming - at)
            at = upcoming
            while next_job < len(jobs) and jobs[next_job].since == at:
                is_stale |= self._arrive(jobs[next_job])
                next_job += 1
            while next_change < len(changes) and changes[next_change] == at:
                self._crews = self._team.crews(next_change)
                self._people = sum(self._crews.values())
                next_change, is_stale = next_change + 1, True
            if is_stale:
                self._chosen = self._most_urgent()

    def _work(self, until: int, span: int) -> bool:
        """Says whether something was done."""
        some_done = False
        for kind, entry in self._chosen:
            entry[2] -= span
            if entry[2] == 0:
                waiting = self._waiting[kind]
                del waiting[bisect_left(waiting, entry)]
                self._done[entry[1]] = min(until, self._team.end)
                some_done = True
        return some_done

    def _arrive(self, job: Job) -> bool:
        """Says whether somebody may be about to answer it now."""
        entry = [job.due, job.id, job.work]
        insort(self._waiting.setdefault(job.kind, []), entry)
        return len(self._chosen) < self._people or any(entry < one for _kind, one in self._chosen)

    def _most_urgent(self) -> list[tuple[Kind, list[int]]]:
        """What is answered now: by urgency, all that somebody is left for."""
        found: list[tuple[Kind, list[int]]] = []
        seats = _Seats(self._crews)
        heads = [(waiting[0], kind, 0) for kind, waiting in self._waiting.items() if waiting]
        heads = heads if self._people else []
        order = [(head[0], head[1], str(kind), kind, place) for head, kind, place in heads]
        heapify(order)
        while order and len(found) < self._people:
            *_urgency, kind, place = heappop(order)
            if not seats.place(kind, set()):
                continue  # nor is there anybody for the less urgent ones of its kind
            waiting = self._waiting[kind]
            found.append((kind, waiting[place]))
            if place + 1 < len(waiting):
                following = waiting[place + 1]
                heappush(order, (following[0], following[1], str(kind), kind, place + 1))
        return found
