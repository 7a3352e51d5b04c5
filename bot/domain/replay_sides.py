"""The two sides of a replay: a setup with its team, and what its answers come to. The model: replay.py."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.domain import rest, sla
from bot.domain.deadlines import EXCUSED, LIMIT, MET, MISSED, OPEN, closing_state
from bot.domain.replay_facts import (
    CAUSES,
    TICK,
    Cause,
    Load,
    Outcome,
    Past,
    Question,
    Setup,
    Side,
    instant_of,
    ticks,
)
from bot.domain.replay_team import Job, Kind, Team


class Setting:
    """A setup with its team and the tireless team's answers."""

    def __init__(self, setup: Setup, past: Sequence[Past]) -> None:
        self.setup = setup
        self.team = Team(setup.table, {self.kind(one) for one in past})
        self.done = self.team.done(self._job(one) for one in past if one.state != EXCUSED)

    def kind(self, one: Past) -> Kind:
        """Who may answer it."""
        return one.store, one.lang if self.setup.speakers_only else None

    def _job(self, one: Past) -> Job:
        work = max(1, self.setup.handle // TICK // one.shared)
        return Job(ticks(one.due_at), one.id, ticks(one.anchor), work, self.kind(one))

    def on(self, one: Past, at: int) -> tuple[str, ...]:
        """Who could answer it at an instant."""
        return self.team.on(self.kind(one), at)

    def stages_at(self, one: Past, lefts: Iterable[int]) -> list[int]:
        """When each stage, with so much left, is reached: by the shorter of Amazon's clock and staffed time.

        One that is reached while nobody is on waits for the next shift, if that begins before the message is due.
        Overdue is by Amazon's clock alone.
        """
        due, anchor, clock = ticks(one.due_at), ticks(one.anchor), self.team.clock(self.kind(one))
        shown, found = clock.shows(due), []
        for left in lefts:
            at = due
            if left > 0:
                at = max(anchor, min(due - left, clock.first_at(shown - left) or anchor))
                next_on = clock.next_on(at)
                at = at if next_on is None or next_on >= due else next_on
            found.append(at)
        return found


class Outcomes:
    """The answers of one side, told as figures."""

    def __init__(
        self,
        asked: Sequence[Past],
        answers: Mapping[int, int | None],
        agents: Mapping[int, str | None],
        setting: Setting,
        question: Question,
    ) -> None:
        self._setting, self._question, self._asked = setting, question, asked
        self._found = {one.id: self._outcome(one, answers[one.id], agents[one.id]) for one in asked}

    def _outcome(self, one: Past, answer: int | None, agent: str | None) -> Outcome:
        answered_at = None if answer is None else instant_of(answer)
        if one.state == EXCUSED or answered_at == one.answered_at:
            state = one.state
        else:
            state = OPEN if answered_at is None else closing_state(one.due_at, answered_at)
        cause = None
        if not one.late_on_arrival and self._misses(one, state, answered_at):
            cause = self._cause(one)
        return Outcome(state, answered_at, agent if answered_at else None, cause)

    def _line(self, one: Past) -> datetime:
        target = self._question.target
        return one.due_at if target == LIMIT else one.anchor + target

    def _state_at_target(self, one: Past, state: str, answered_at: datetime | None) -> str:
        if self._question.target == LIMIT or state not in (MET, MISSED) or answered_at is None:
            return state
        return closing_state(self._line(one), answered_at)

    def _misses(self, one: Past, state: str, answered_at: datetime | None) -> bool:
        state = self._state_at_target(one, state, answered_at)
        return state == MISSED or (state == OPEN and self._line(one) < self._question.now)

    def _cause(self, one: Past) -> Cause:
        due = ticks(self._line(one))
        clock = self._setting.team.clock(self._setting.kind(one))
        if clock.shows(due) == clock.shows(ticks(one.anchor)):
            return "no_shift"
        return "no_capacity" if self._setting.done[one.id] > due else "not_answered"

    def side(self, calls: set[tuple[str, str]]) -> Side:
        """All of it."""
        counted = [(one, self._found[one.id]) for one in self._asked if not one.late_on_arrival]
        now = self._question.now
        causes = Counter(end.cause for _one, end in counted)
        return Side(
            figures=sla.figures(
                (sla.Duty(one.anchor, one.due_at, end.state, end.answered_at) for one, end in counted), now
            ),
            at_target=sla.figures((self._at_target(one, end) for one, end in counted), now),
            late_on_arrival=len(self._asked) - len(counted),
            causes={cause: causes[cause] for cause in CAUSES},
            people=tuple(self._people(calls)),
            outcomes=self._found,
        )

    def _at_target(self, one: Past, end: Outcome) -> sla.Duty:
        state = self._state_at_target(one, end.state, end.answered_at)
        return sla.Duty(one.anchor, self._line(one), state, end.answered_at)

    def _people(self, calls: set[tuple[str, str]]) -> Iterable[Load]:
        """Everybody of the rota, then those who answered or were called without being in it."""
        answered = Counter(
            end.agent for end in self._found.values() if end.agent and end.state in (MET, MISSED)
        )
        pings = Counter(agent for agent, _post in calls)
        question, table = self._question, self._setting.setup.table
        until = min(question.end, question.now)
        hours = {one.agent: one for one in rest.loads(table, question.start, until)}
        for agent in [*hours, *sorted((answered.keys() | pings.keys()) - hours.keys())]:
            load = hours.get(agent)
            yield Load(
                agent,
                answered[agent],
                pings[agent],
                load.hours if load else 0.0,
                load.night_hours if load else 0.0,
            )
