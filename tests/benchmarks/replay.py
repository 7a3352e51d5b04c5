"""How long a replay takes: 27 000 messages of 90 days, 6 people in two places, one shift taken away."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from bot.domain.deadlines import closing_state
from bot.domain.pings import Stage
from bot.domain.replay import replay
from bot.domain.replay_facts import Past, Question, Replay, Setup
from bot.domain.rota import Layer, Rota, RotaAgent, WeeklyShift
from bot.domain.timetable import Timetable, timetable

START = datetime(2026, 8, 3, tzinfo=UTC)
END = START + timedelta(days=90)
MARGIN = timedelta(days=8)
STORES = ("na", "eu", "uk", "jp", "au")
LADDER = tuple(
    Stage(name, timedelta(hours=left), ("thread",)) for name, left in (("6h", 6), ("3h", 3), ("1h", 1))
)
_WEEK = frozenset(range(7))


def rota() -> Rota:
    """Four in Beijing, each for three stores, and two on the west coast for all."""
    stores = [frozenset((*STORES, *STORES)[first : first + 3]) for first in range(4)]
    agents = [RotaAgent(f"bj-{number}", "Asia/Shanghai", own) for number, own in enumerate(stores)]
    agents += [RotaAgent(f"la-{number}", "America/Los_Angeles") for number in range(2)]
    names = tuple(one.key for one in agents)
    return Rota(
        (
            Layer("day", "Asia/Shanghai", (WeeklyShift(_WEEK, 540, 1080, names[:4]),)),
            Layer("night", "America/Los_Angeles", (WeeklyShift(_WEEK, 540, 1020, names[4:]),)),
        ),
        tuple(agents),
    )


def _table(rules: Rota) -> Timetable:
    return timetable(rules, START - MARGIN, END + MARGIN)


def history(messages: int) -> list[Past]:
    """The same on every run; answers come some hours later, a few too late."""
    dice = Random(24)
    found = []
    for number in range(messages):
        anchor = START + (END - START) * dice.random()
        answered = anchor + timedelta(minutes=dice.choice((20, 90, 400, 900, 1500)) * dice.uniform(0.8, 1.2))
        due = anchor + timedelta(hours=24)
        state = closing_state(due, answered)
        agent = f"bj-{dice.randrange(4)}"
        found.append(Past(number, dice.choice(STORES), "en", anchor, due, state, answered, agent))
    return found


def measure(messages: int = 27_000) -> tuple[float, float, Replay]:
    """Seconds of processor time of one replay, those of a replay of a tenth as many messages, and the replay."""
    past, rules = history(messages), rota()
    fewer = replace(rules, layers=rules.layers[:1])
    asked = Question(START, END, END + timedelta(days=2), ladder=LADDER)
    minutes = timedelta(minutes=6)
    began = time.process_time()
    found = replay(past, Setup(_table(rules), minutes), Setup(_table(fewer), minutes), asked)
    took_s = time.process_time() - began
    began = time.process_time()
    replay(past[: messages // 10], Setup(_table(rules), minutes), Setup(_table(fewer), minutes), asked)
    return took_s, time.process_time() - began, found
