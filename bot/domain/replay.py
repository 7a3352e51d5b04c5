"""Replay: what another rota, another routing or another target would have made of past messages.

The model, and why it is honest. Nobody knows when a message would have been answered by people who were not
there. What is known is when it was answered, and who was on shift. So history is taken as it was, and only the
difference is modelled:

1. A tireless team (replay_team.py: a queue, most urgent first, each person one message at a time, each message
   the same handle time) is let loose on all messages twice: with the people of the rota that was, and with those
   of the rota that is tried. That says what more or fewer people, and other hours, change.
2. In reality a message took longer than that team: it waited to be claimed, for a fact, for a pause to end. That
   lag is measured in staffed time of its store, and spent again along the staffed time of the tried rota. What
   went by after the last staffed minute (overtime) is added as it was.
3. A message that was answered faster than the tireless team could is answered no later than it was if that team
   would be done no later, and as much later as that team would be if that is later; but what was answered while
   nobody was on was no doing of the rota, and stays.
4. What nobody had answered by `now` stays unanswered, unless not even the tireless team would have been done by
   then: then its time had not come, and the tried team's answer counts.

Identity: with the same rota, handle time and routing 1 is the same twice, so every answer is the recorded one, to
the microsecond. Likewise where the rotas are alike, unless a backlog from before differs. More people, or longer
shifts, never make an answer later. No chance is involved.

Who answers: as in reality, where the same people were on at both instants. Else nobody knows: who speaks the
language comes first, then who has fewest in this stretch of the shift. Pings: those of the record, as long as the
answer and the moments of the stages are the same. Else a stage that is reached in the tried rota only calls the
one who answers, and one that is no longer reached calls nobody. Escalations to managers that are new are not
foreseen. What a replay can't know: that people work differently when there are more of them, what buyers would
have written, and why an answer was late beyond what `replay_facts.Cause` tells.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.domain.deadlines import EXCUSED, OPEN
from bot.domain.replay_facts import TICK, Past, Question, Replay, Setup, instant_of, ticks
from bot.domain.replay_sides import Outcomes, Setting


def replay(past: Sequence[Past], was: Setup, tried: Setup, question: Question) -> Replay:
    """History beside what `tried` would have made of it. The order of `past` does not matter."""
    every = sorted(past, key=lambda one: one.id)
    run = _Run(question, Setting(was, every), Setting(tried, every))
    answers = {one.id: run.answer(one) for one in every}
    recorded = {one.id: one.answer for one in every}
    agents = run.answerers(every, answers)
    asked = [one for one in every if question.is_about(one)]
    before = Outcomes(asked, recorded, {one.id: one.agent for one in asked}, run.was, question)
    after = Outcomes(asked, answers, agents, run.tried, question)
    return Replay(
        question,
        before.side(_recorded_calls(asked)),
        after.side(run.calls(asked, answers, agents)),
        was.handle,
    )


def _recorded_calls(asked: Iterable[Past]) -> set[tuple[str, str]]:
    return {(call.agent, call.post) for one in asked for call in one.calls}


class _Run:
    """One replay: the rota that was, beside the one that is tried."""

    def __init__(self, question: Question, was: Setting, tried: Setting) -> None:
        self.question, self.was, self.tried = question, was, tried
        self._now = ticks(question.now)
        self._lefts = [stage.left // TICK for stage in question.ladder]

    def answer(self, one: Past) -> int | None:
        """When the tried setup answers a message; None if not, as far as one sees."""
        if one.state == EXCUSED:
            return one.answer
        before, after = self.was.done[one.id], self.tried.done[one.id]
        recorded = one.answer
        if recorded is None:
            return after if one.state == OPEN and before > self._now and after <= self._now else None
        found = self._lagging(one, recorded) if recorded >= before else self._ahead(one, recorded)
        return found if found is not None and (found <= self._now or found == recorded) else None

    def _lagging(self, one: Past, recorded: int) -> int | None:
        """Rule 2."""
        before, after = self.was.done[one.id], self.tried.done[one.id]
        clock = self.was.team.clock(self.was.kind(one))
        lag = clock.shows(recorded) - clock.shows(before)
        overtime = recorded - (clock.after(before, lag) or before)
        spent = self.tried.team.clock(self.tried.kind(one)).after(after, lag)
        return None if spent is None else spent + overtime

    def _ahead(self, one: Past, recorded: int) -> int | None:
        """Rule 3."""
        before, after = self.was.done[one.id], self.tried.done[one.id]
        if after <= before:
            return min(recorded, after)
        if not self.was.on(one, recorded):
            return recorded
        return self.tried.team.clock(self.tried.kind(one)).next_on(recorded + after - before)

    def answerers(self, past: Sequence[Past], answers: Mapping[int, int | None]) -> dict[int, str | None]:
        """Who answers each message."""
        found: dict[int, str | None] = {}
        busy: Counter[tuple[int, str]] = Counter()
        answered = [(at, one.id, one) for one in past if (at := answers[one.id]) is not None]
        for at, number, one in sorted(answered, key=lambda each: each[:2]):
            on = self.tried.on(one, at)
            stretch = self.tried.team.stretch(at)
            agent = one.agent
            if on and not self._same_people(one, on):
                agent = min(self._fitting(one, on, instant_of(at)), key=lambda each: busy[stretch, each])
            found[number] = agent
            if agent:
                busy[stretch, agent] += 1
        return {one.id: found.get(one.id) for one in past}

    def _same_people(self, one: Past, on: tuple[str, ...]) -> bool:
        return one.answer is not None and self.was.on(one, one.answer) == on

    def _fitting(self, one: Past, on: tuple[str, ...], at: datetime) -> Sequence[str]:
        table = self.tried.setup.table
        people = {each: table.agent(each, at) for each in on}
        return [key for key, each in people.items() if each and each.speaks(one.lang)] or on

    def calls(
        self, asked: Iterable[Past], answers: Mapping[int, int | None], agents: Mapping[int, str | None]
    ) -> set[tuple[str, str]]:
        """(agent, post) of all pings."""
        found: set[tuple[str, str]] = set()
        for one in asked:
            found |= self._calls_of(one, answers[one.id], agents[one.id])
        return found

    def _calls_of(self, one: Past, answer: int | None, agent: str | None) -> set[tuple[str, str]]:
        recorded = one.answer
        before_after = self.was.stages_at(one, self._lefts), self.tried.stages_at(one, self._lefts)
        if answer == recorded and before_after[0] == before_after[1]:
            return _recorded_calls([one])
        found: set[tuple[str, str]] = set()
        for stage, before, after in zip(self.question.ladder, *before_after, strict=True):
            if not self._is_reached(after, answer):
                continue
            known = {(call.agent, call.post) for call in one.calls if call.stage == stage.name}
            if before == after and self._is_reached(before, recorded):
                found |= known
            elif agent and (known or not self._is_reached(before, recorded)):
                found.add((agent, f"{one.id}:{stage.name}"))
        return found

    def _is_reached(self, stage_at: int, answer: int | None) -> bool:
        return stage_at <= self._now and (answer is None or stage_at < answer)
