"""A naive twin of `bot.domain.routing.choose`: looks at every tick of the clock, and sifts people rule by rule.

Good for instants and spans on the grid of TICK only.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.domain.routing import Candidate, Job

TICK = timedelta(minutes=10)
HORIZON = 400


def is_on(one: Candidate, at: datetime) -> bool:
    return any(span.start <= at < span.end for span in one.stints)


def ticks(now: datetime) -> list[datetime]:
    return [now + TICK * count for count in range(HORIZON)]


def finish(one: Candidate, now: datetime, handle: timedelta) -> datetime | None:
    """Ticks off one piece of work after the other."""
    left = (handle // TICK) * (one.queue + 1)
    for at in ticks(now):
        if is_on(one, at):
            left -= 1
            if left == 0:
                return at + TICK
    return None


def begin(one: Candidate, now: datetime, done: datetime) -> datetime:
    """Back from the last piece of work, as long as they are on."""
    at = done - TICK
    while at > now and is_on(one, at - TICK):
        at -= TICK
    return at


def next_start(one: Candidate, now: datetime) -> datetime | None:
    return next((at for at in ticks(now)[1:] if is_on(one, at) and not is_on(one, at - TICK)), None)


def sifted(pool: Sequence[Candidate], *measures: Callable[[Candidate], object]) -> Candidate:
    """Keeps who has the least of each measure, one measure after the other."""
    for measure in measures:
        least = min(measure(one) for one in pool)
        pool = [one for one in pool if measure(one) == least]
    (one,) = pool
    return one


Answer = tuple[str, str | None, datetime | None]


class Twin:
    """One question: a job, people, an instant."""

    def __init__(self, job: Job, people: Sequence[Candidate], now: datetime, handle: timedelta) -> None:
        self.job, self.people, self.now = job, people, now
        never = now + TICK * HORIZON * 2
        self.done = {one.agent: finish(one, now, handle) or never for one in people}
        self.at = {
            one.agent: begin(one, now, done) if (done := self.done[one.agent]) != never else never
            for one in people
        }
        self.next = {one.agent: next_start(one, now) or never for one in people}
        self.never = never

    def answer(self) -> Answer:
        on = [one for one in self.people if is_on(one, self.now)]
        if self.now >= self.job.due_at:
            return self.on_now("overdue", on) if on else self.missed()
        able = [one for one in self.people if self.done[one.agent] <= self.job.due_at]
        ready = [one for one in able if self.at[one.agent] == self.now]
        if ready:
            return self.waited_for(self.on_now("now", ready), able, self.now)
        if able:
            pool = [one for one in able if one.agent not in self.job.asked] or able
            soonest = min(self.at[one.agent] for one in pool)
            best = self.fittest([one for one in pool if self.at[one.agent] == soonest])
            return self.waited_for(("planned", best.agent, soonest), able, soonest)
        return self.on_now("late", on) if on else self.last_resort()

    def on_now(self, kind: str, pool: list[Candidate]) -> Answer:
        fresh = [one for one in pool if one.agent not in self.job.asked]
        if not fresh:
            if kind != "now":
                return "open", None, None
            able = [one for one in self.people if self.done[one.agent] <= self.job.due_at]
            later = [self.at[one.agent] for one in able if one.agent not in self.job.asked]
            return "open", None, min(later, default=None)
        staying = [one for one in fresh if self.at[one.agent] == self.now] or fresh
        awake = [one for one in staying if not one.muted] or staying
        return kind, self.fittest(awake).agent, None

    def fittest(self, pool: list[Candidate]) -> Candidate:
        risky = bool(self.job.wants)
        return sifted(
            pool,
            lambda one: risky and not one.skilled,
            lambda one: not one.speaks,
            lambda one: self.done[one.agent],
            lambda one: one.given,
            lambda one: one.order,
            lambda one: one.agent,
        )

    def waited_for(self, answer: Answer, able: list[Candidate], since: datetime) -> Answer:
        if answer[1] is None:
            return answer
        (best,) = (one for one in self.people if one.agent == answer[1])
        worth = []
        for one in able:
            comes = self.at[one.agent]
            if one.agent in self.job.asked or not since < comes <= since + timedelta(hours=2):
                continue
            if self.job.due_at - self.done[one.agent] < timedelta(hours=6):
                continue
            gains_skill = bool(self.job.wants) and one.skilled and not best.skilled
            loses_skill = bool(self.job.wants) and best.skilled and not one.skilled
            if gains_skill or (not loses_skill and one.speaks and not best.speaks):
                worth.append(one)
        if not worth:
            return answer
        chosen = self.fittest(worth)
        return "planned", chosen.agent, self.at[chosen.agent]

    def last_resort(self) -> Answer:
        if not self.people:
            return "nobody", None, None
        pool = [one for one in self.people if one.agent not in self.job.asked] or list(self.people)
        pool = [one for one in pool if not one.muted] or pool
        soonest = min(self.next[one.agent] for one in pool)
        chosen = self.fittest([one for one in pool if self.next[one.agent] == soonest])
        return "nobody", chosen.agent, None if soonest == self.never else soonest

    def missed(self) -> Answer:
        soonest = min((self.next[one.agent] for one in self.people), default=self.never)
        return "overdue", None, None if soonest == self.never else soonest
