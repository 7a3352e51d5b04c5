"""A naive twin of the replay, minute by minute, and random small histories to compare the two.

The twin knows the rules at the top of bot/domain/replay.py alone and shares nothing with the code but the data
classes: it asks for each minute who is on, walks the tireless team through every minute, and finds instants by
trying one minute after the other. All instants of its histories are whole minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.domain.replay_facts import Call, Past, Setup
from bot.domain.rota import Override, Rota, RotaAgent
from bot.domain.timetable import Timetable, timetable

START = datetime(2026, 11, 23, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
END = START + 3 * DAY
NOW = START + 4 * DAY
LAST = 6 * 1440
"""The last minute of the timetables."""
STORES = ("east", "west")
AGENTS = (
    RotaAgent("ann", "UTC", None, frozenset({"en"})),
    RotaAgent("bea", "UTC", frozenset({"east"}), frozenset({"de", "en"})),
    RotaAgent("cem", "UTC", frozenset({"west"}), frozenset()),
    RotaAgent("dai", "UTC", None, frozenset({"de"})),
)

Stretch = tuple[str, int, int]
"""Somebody is on from one minute to another."""


def rota_of(stretches: Sequence[Stretch]) -> Timetable:
    """A rota that is nothing but stretches."""
    changes = [
        Override(number, "override", agent, True, START + start * MINUTE, START + end * MINUTE)
        for number, (agent, start, end) in enumerate(stretches)
    ]
    return timetable(Rota((), AGENTS), START, START + LAST * MINUTE, changes)


stretches = st.lists(
    st.builds(
        lambda agent, start, length: (agent, start * 20, start * 20 + length * 20),
        st.sampled_from([one.key for one in AGENTS]),
        st.integers(0, 12) | st.integers(0, 5 * 72),
        st.integers(1, 36),
    ),
    max_size=8,
)


@st.composite
def histories(draw: st.DrawFn) -> list[Past]:
    """A few messages of three days, or of three hours: answered at any time, excused, or not answered."""
    found, crowd = [], draw(st.sampled_from([180, 3 * 1440]))
    for number in range(draw(st.integers(0, 8))):
        anchor = START + draw(st.integers(0, crowd - 1)) * MINUTE
        took = draw(st.none() | st.integers(1, 1440 + 200))
        answered = None if took is None or anchor + took * MINUTE > NOW else anchor + took * MINUTE
        due = anchor + DAY
        state = "open" if answered is None else "met" if answered <= due else "missed"
        if answered is None and draw(st.integers(0, 4)) == 0:
            state = "excused"
        agent = draw(st.none() | st.sampled_from(["ann", "bea", "boss"])) if answered else None
        calls = tuple(
            Call("3h", each, f"{number}:3h:{each}") for each in draw(st.sets(st.sampled_from(["ann", "cem"])))
        )
        found.append(
            Past(
                *(number, draw(st.sampled_from(STORES)), draw(st.sampled_from([None, "de", "fr"]))),
                *(anchor, due, state, answered, agent),
                shared=draw(st.sampled_from([1, 1, 2])),
                late_on_arrival=draw(st.integers(0, 9)) == 0,
                calls=calls,
            )
        )
    return found


def minute(instant: datetime) -> int:
    return (instant - START) // MINUTE


@dataclass
class Twin:
    """One setup, looked at minute by minute."""

    setup: Setup
    past: Sequence[Past]

    def on(self, one: Past, at: int) -> list[str]:
        """Who is on in the minute that begins at `at`."""
        when = START + at * MINUTE
        found = []
        for agent in AGENTS:
            serves = agent.stores is None or one.store in agent.stores
            speaks = not self.setup.speakers_only or not one.lang or not agent.languages
            if not serves or not (speaks or one.lang in agent.languages):
                continue
            if any(
                each.agent == agent.key and each.start <= when < each.end for each in self.setup.table.shifts
            ):
                found.append(agent.key)
        return found

    def done(self) -> dict[int, int]:
        """When the tireless team is done with each."""
        left = {
            one.id: self.setup.handle // MINUTE // one.shared for one in self.past if one.state != "excused"
        }
        found = dict.fromkeys(left, LAST)
        for at in range(LAST):
            waiting = [one for one in self.past if left.get(one.id) and minute(one.anchor) <= at]
            if not waiting:
                continue
            for one in self._answered(sorted(waiting, key=lambda each: (each.due_at, each.id)), at):
                left[one.id] -= 1
                if not left[one.id]:
                    found[one.id] = at + 1
        return found

    def _answered(self, waiting: list[Past], at: int) -> list[Past]:
        """By urgency, each for whom somebody is left: all ways to seat them are tried."""
        chosen: list[Past] = []
        for one in waiting:
            if self._fit([*chosen, one], set(), at):
                chosen.append(one)
        return chosen

    def _fit(self, some: list[Past], busy: set[str], at: int) -> bool:
        if not some:
            return True
        free = [agent for agent in self.on(some[0], at) if agent not in busy]
        return any(self._fit(some[1:], busy | {agent}, at) for agent in free)


def naive_answers(past: Sequence[Past], was: Setup, tried: Setup) -> dict[int, int | None]:
    """The minute in which each message is answered in the tried setup, by rules 1 to 4."""
    before, after = Twin(was, past), Twin(tried, past)
    old, new = before.done(), after.done()
    found: dict[int, int | None] = {}
    for one in past:
        at = None
        recorded = minute(one.answered_at) if one.answered_at else None
        if one.state == "excused":
            at = recorded
        elif recorded is None:
            at = new[one.id] if old[one.id] > minute(NOW) else None
        elif recorded >= old[one.id]:
            at = _lagged(one, before, after, (old[one.id], new[one.id]))
        elif new[one.id] <= old[one.id]:
            at = min(recorded, new[one.id])
        elif not before.on(one, recorded):
            at = recorded
        else:
            at = _next_on(after, one, recorded + new[one.id] - old[one.id])
        found[one.id] = at if at is not None and at <= minute(NOW) else None
    return found


def _lagged(one: Past, before: Twin, after: Twin, done: tuple[int, int]) -> int | None:
    assert one.answered_at is not None
    end = minute(one.answered_at)
    staffed = [at for at in range(done[0], end) if before.on(one, at)]
    last = staffed[-1] + 1 if staffed else done[0]
    at, left = done[1], len(staffed)
    while left:
        if at >= LAST:
            return None
        left -= bool(after.on(one, at))
        at += 1
    return at + end - last


def _next_on(twin: Twin, one: Past, at: int) -> int | None:
    return next((each for each in range(at, LAST) if twin.on(one, each)), None)
