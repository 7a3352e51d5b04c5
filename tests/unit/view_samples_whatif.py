"""Invented replays for the tests of views, and every view of `/sla-report whatif`."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.domain.replay_facts import Load, Question, Replay, Side
from bot.domain.sla import Figures
from bot.slack.blocks import Block, Post
from bot.slack.texts import Say
from bot.slack.views import whatif
from bot.slack.views.whatif import Choices, Entered
from tests.unit.view_samples import NOW, PLAIN, Words

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ASKED = Question(NOW - 30 * DAY, NOW, NOW)
NOTHING = Figures(0, 0, 0, 0, 0, 0, None, None, None, None, None)
WAS = Figures(212, 190, 12, 8, 2, 0, 190 / 210, 20 / 210, 9000.0, 4000.0, 0.96)
TRIED = replace(WAS, in_time=202, late=6, overdue=2, response_rate=202 / 210, average_seconds=4000.0)


def choices(words: Words = PLAIN, count: int = 3) -> Choices:
    stores = {f"store-{n}": words.short for n in range(count)}
    agents = {f"agent-{n}": f"{n} {words.name}" for n in range(count)}
    layers = [f"{n} {words.short}" for n in range(count)]
    return Choices(stores, agents, layers, ["Europe/Berlin", "America/Los_Angeles"])


def side(figures: Figures, people: int, **causes: int) -> Side:
    loads = tuple(Load(f"agent-{n}", 100 - n % 90, n, 160.0 - n, n / 2) for n in range(people))
    known = {"no_shift": 0, "no_capacity": 0, "not_answered": 0} | causes
    return Side(figures, figures, 3, known, loads, {})


def replayed(people: int = 3, target: timedelta = DAY) -> Replay:
    """With fewer people in the trial, as many as are given in reality."""
    was, tried = side(WAS, people, not_answered=20), side(TRIED, max(0, people - 1), no_shift=8)
    return Replay(replace(ASKED, target=target), was, tried, timedelta(minutes=9))


def entered(words: Words = PLAIN) -> dict[str, Entered]:
    """The form in each state whose answer says something else."""
    layer = f"0 {words.short}"
    return {
        "nothing": Entered(),
        "without": Entered("7d", "store-1", without="agent-0"),
        "moved later": Entered("90d", layer=layer, moved="1.5"),
        "moved earlier": Entered(layer=layer, moved="-2"),
        "added": Entered(agents=("agent-0", "agent-1"), on="mon-fri", hours="18:00-22:00"),
        "all": Entered(
            "30d", "all", "agent-2", layer, "-2", ("agent-1",), "sat-sun", "22:00-06:00", "12", True
        ),
    }


def every_view(say: Say, words: Words = PLAIN) -> Iterator[tuple[str, Post | Block]]:
    """Each view, in each state that it has, by name."""
    for count in (0, 3, 150):
        yield f"what-if form {count}", whatif.form(choices(words, count), Entered(), say)
    partly = replace(choices(words), has_all=False)
    yield "what-if form of who manages some stores", whatif.form(partly, Entered(store="store-1"), say)
    yield "what-if form of a store", whatif.form(choices(words), Entered("7d", "store-1"), say)
    yield "what-if working", whatif.working(say)
    for name, one in entered(words).items():
        found = replayed(target=12 * HOUR if one.target else DAY)
        yield f"what-if result {name}", whatif.result(found, one, choices(words), say)
    yield "what-if result 200", whatif.result(replayed(200), Entered(), choices(words, 200), say)
    empty = Replay(ASKED, side(NOTHING, 0), side(NOTHING, 0), timedelta(minutes=12))
    yield "what-if result of nothing", whatif.result(empty, Entered(), choices(words), say)
