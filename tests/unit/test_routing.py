"""Routing: tables of the rules, what always holds, and a naive twin that looks at every tick."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.domain.routing import REASONS, Candidate, Job, choose, returns
from bot.domain.timetable import Span
from tests.unit.routing_twin import TICK, Twin

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
HANDLE = timedelta(minutes=20)


def span(start: float, end: float) -> Span:
    """Hours from noon."""
    return Span(NOON + start * HOUR, NOON + end * HOUR)


ON, LATER, NIGHT = span(-3, 6), span(9, 18), span(20, 30)


def who(agent: str, *stints: Span, **more) -> Candidate:
    return Candidate(agent, stints, **more)


def job(due: float = 23, **more) -> Job:
    return Job(NOON + due * HOUR, **{"lang": "de", **more})


def asked(*agents: str) -> frozenset[str]:
    return frozenset(agents)


RISKY = frozenset(["legal"])

# (what, job, people, (kind, agent, key of the reason, hours until `at`))
TABLE = [
    ("alone on shift", job(), [who("li-wei", ON), who("anna", LATER)], ("now", "li-wei", "on_only", None)),
    (
        "who is done first, among equals",
        job(),
        [who("li-wei", ON, queue=3), who("chen-yu", ON, queue=1)],
        ("now", "chen-yu", "on_speaks", None),
    ),
    (
        "language before load",
        job(),
        [who("li-wei", ON, queue=9), who("chen-yu", ON, speaks=False)],
        ("now", "li-wei", "on_speaks", None),
    ),
    (
        "skill before language, where a skill is wanted",
        job(wants=RISKY),
        [who("li-wei", ON, speaks=False), who("chen-yu", ON, skilled=False)],
        ("now", "li-wei", "on_skilled", None),
    ),
    (
        "a skill that nobody wants counts for nothing",
        job(),
        [who("li-wei", ON, queue=1), who("chen-yu", ON, skilled=False)],
        ("now", "chen-yu", "on_speaks", None),
    ),
    (
        "fewest offers today",
        job(lang=None),
        [who("li-wei", ON, given=4), who("chen-yu", ON, given=3, order=2)],
        ("now", "chen-yu", "on_free", None),
    ),
    (
        "the order of the rota",
        job(lang=None),
        [who("li-wei", ON, order=1), who("chen-yu", ON)],
        ("now", "chen-yu", "on_free", None),
    ),
    (
        "the name",
        job(lang=None),
        [who("li-wei", ON), who("chen-yu", ON)],
        ("now", "chen-yu", "on_free", None),
    ),
    (
        "a shift that ends before the queue is done",
        job(),
        [who("li-wei", span(-3, 0.5), queue=1), who("chen-yu", ON, queue=8)],
        ("now", "chen-yu", "on_only", None),
    ),
    (
        "handed over before a shift that can't make it",
        job(),
        [who("li-wei", span(-3, 0.25)), who("anna", LATER)],
        ("planned", "anna", "planned", 9),
    ),
    (
        "an answer at the end of the shift is in the shift",
        job(),
        [who("li-wei", span(-3, 1 / 3)), who("anna", LATER)],
        ("now", "li-wei", "on_only", None),
    ),
    (
        "on shift now, though done later than who comes next",
        job(),
        [who("li-wei", span(-3, 12), queue=33), who("anna", span(1, 9))],
        ("now", "li-wei", "on_only", None),
    ),
    (
        "not of the language, on now; of the language, on much later",
        job(),
        [who("li-wei", ON, speaks=False), who("anna", LATER)],
        ("now", "li-wei", "on_only", None),
    ),
    (
        "of the language, on within two hours, with hours to spare",
        job(),
        [who("li-wei", ON, speaks=False), who("anna", span(2, 9))],
        ("planned", "anna", "planned_speaks", 2),
    ),
    (
        "of the language, on within two hours, but it gets tight",
        job(8),
        [who("li-wei", ON, speaks=False), who("anna", span(2, 9))],
        ("now", "li-wei", "on_only", None),
    ),
    (
        "skilled, on within two hours, with hours to spare",
        job(wants=RISKY),
        [who("li-wei", ON, skilled=False), who("anna", span(2, 9), speaks=False)],
        ("planned", "anna", "planned_skilled", 2),
    ),
    (
        "who let it lapse is not asked again",
        job(asked=asked("li-wei")),
        [who("li-wei", ON), who("chen-yu", ON, speaks=False, queue=5)],
        ("now", "chen-yu", "on_only", None),
    ),
    (
        "all on shift were asked: open, until somebody else comes",
        job(asked=asked("li-wei", "chen-yu")),
        [who("li-wei", ON), who("chen-yu", ON), who("anna", LATER)],
        ("open", None, "open", 9),
    ),
    (
        "do-not-disturb comes after another language",
        job(),
        [
            who("li-wei", ON, muted=True),
            who("chen-yu", ON, speaks=False),
            who("bob", ON, speaks=False, queue=1),
        ],
        ("now", "chen-yu", "on_translates", None),
    ),
    (
        "no one with the skill can be asked",
        job(wants=RISKY, asked=asked("bob")),
        [who("bob", ON), who("chen-yu", ON, skilled=False), who("li-wei", ON, skilled=False, queue=1)],
        ("now", "chen-yu", "on_unskilled", None),
    ),
    (
        "do-not-disturb, but the others can't",
        job(),
        [who("li-wei", ON, muted=True), who("chen-yu", span(-3, 0.25))],
        ("now", "li-wei", "on_muted", None),
    ),
    (
        "do-not-disturb of now says nothing about tomorrow",
        job(),
        [who("anna", LATER, muted=True), who("bob", NIGHT)],
        ("planned", "anna", "planned", 9),
    ),
    (
        "planned for the first who comes, whatever the language",
        job(),
        [who("anna", span(9, 18), speaks=False), who("bob", span(12, 20))],
        ("planned", "anna", "planned", 9),
    ),
    (
        "planned for who fits and comes soon after",
        job(),
        [who("anna", span(9, 18), speaks=False), who("bob", span(11, 20))],
        ("planned", "bob", "planned_speaks", 11),
    ),
    (
        "planned for the shift that holds the work, not for the one before",
        job(),
        [who("anna", span(9, 10), span(12, 18), queue=3)],
        ("planned", "anna", "planned", 12),
    ),
    (
        "planned for who was not asked",
        job(asked=asked("anna")),
        [who("anna", LATER), who("bob", NIGHT)],
        ("planned", "bob", "planned", 20),
    ),
    (
        "planned for who was asked, as there is nobody else",
        job(asked=asked("anna")),
        [who("anna", LATER)],
        ("planned", "anna", "planned", 9),
    ),
    (
        "too much to do: who is on is asked to do it first",
        job(2),
        [who("li-wei", ON, queue=9), who("chen-yu", ON, queue=8), who("anna", LATER)],
        ("late", "chen-yu", "late_busy", None),
    ),
    (
        "too short a shift, and nobody else: still nobody is woken",
        job(8),
        [who("li-wei", span(-3, 0.25)), who("anna", LATER)],
        ("late", "li-wei", "late_short", None),
    ),
    (
        "late, and who is on was asked",
        job(0.25, asked=asked("li-wei")),
        [who("li-wei", ON), who("anna", LATER)],
        ("open", None, "open", None),
    ),
    (
        "the last resort is whose next shift is nearest",
        job(8),
        [who("bob", NIGHT), who("anna", LATER, speaks=False, queue=9)],
        ("nobody", "anna", "nobody", 9),
    ),
    (
        "the last resort: do-not-disturb after the others",
        job(8),
        [who("bob", NIGHT), who("anna", LATER, muted=True)],
        ("nobody", "bob", "nobody", 20),
    ),
    (
        "the last resort: who was asked comes last",
        job(8, asked=asked("anna")),
        [who("bob", NIGHT, muted=True), who("anna", LATER)],
        ("nobody", "bob", "nobody", 20),
    ),
    (
        "stints that touch are one",
        job(),
        [who("li-wei", span(0.25, 6), span(-3, 0.25)), who("anna", LATER)],
        ("now", "li-wei", "on_only", None),
    ),
    (
        "stints that overlap count once",
        job(),
        [who("li-wei", span(-3, 1), span(-2, 1), span(7, 9), queue=4), who("anna", LATER)],
        ("planned", "li-wei", "planned", 7),
    ),
    (
        "a shift that ends now is over",
        job(0.25),
        [who("li-wei", span(-3, 0)), who("anna", LATER)],
        ("nobody", "anna", "nobody", 9),
    ),
    (
        "late: do-not-disturb, but the other shift is too short",
        job(0.25),
        [who("li-wei", ON, muted=True), who("chen-yu", span(-3, 0.25))],
        ("late", "li-wei", "late_busy", None),
    ),
    ("no shift at all", job(), [who("bob"), who("anna")], ("nobody", "anna", "nobody_planned", None)),
    ("no people at all", job(), [], ("nobody", None, "nobody_at_all", None)),
    (
        "overdue: who is on",
        job(-1),
        [who("li-wei", ON, queue=2), who("anna", LATER)],
        ("overdue", "li-wei", "overdue", None),
    ),
    (
        "overdue: not in a shift that ends first",
        job(0),
        [who("li-wei", span(-3, 0.25)), who("chen-yu", ON, queue=4)],
        ("overdue", "chen-yu", "overdue", None),
    ),
    ("overdue: nobody is woken", job(0), [who("anna", LATER)], ("overdue", None, "overdue_off", 9)),
    ("overdue: no shift at all", job(0), [who("anna")], ("overdue", None, "overdue_nobody", None)),
    (
        "overdue: all were asked",
        job(0, asked=asked("li-wei")),
        [who("li-wei", ON)],
        ("open", None, "open", None),
    ),
]


@pytest.mark.parametrize(
    ("asked_for", "people", "expected"), [row[1:] for row in TABLE], ids=[r[0] for r in TABLE]
)
def test_choice(asked_for, people, expected):
    kind, agent, key, at = expected
    choice = choose(asked_for, people, NOON, HANDLE)
    assert (choice.kind, choice.agent, choice.reason[0]) == (kind, agent, key)
    assert choice.at == (None if at is None else NOON + at * HOUR)


def test_the_table_gives_every_reason():
    assert {row[3][2] for row in TABLE} == set(REASONS)


def test_facts_of_an_offer():
    choice = choose(job(wants=frozenset(["legal", "anger"])), [who("li-wei", ON, queue=2)], NOON, HANDLE)
    assert choice.reason[1] == {
        "lang": "de",
        "skills": "anger, legal",
        "queue": 2,
        "until": NOON + 6 * HOUR,
        "finish": NOON + HOUR,
    }


patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

TICKS = st.integers(min_value=-30, max_value=200)
PEOPLE = ("li-wei", "chen-yu", "anna", "bob", "eve")


@st.composite
def spans(draw) -> Span:
    start = draw(TICKS)
    return Span(NOON + start * TICK, NOON + (start + draw(st.integers(1, 60))) * TICK)


@st.composite
def people(draw) -> list[Candidate]:
    return [
        Candidate(
            agent,
            tuple(draw(st.lists(spans(), max_size=3))),
            speaks=draw(st.booleans()),
            skilled=draw(st.booleans()),
            queue=draw(st.integers(0, 4)),
            muted=draw(st.booleans()),
            given=draw(st.integers(0, 2)),
            order=draw(st.integers(0, 2)),
        )
        for agent in draw(st.lists(st.sampled_from(PEOPLE), unique=True))
    ]


jobs = st.builds(
    Job,
    due_at=TICKS.map(lambda count: NOON + count * TICK),
    lang=st.sampled_from([None, "de"]),
    wants=st.sampled_from([frozenset(), RISKY]),
    asked=st.frozensets(st.sampled_from(PEOPLE), max_size=2),
)
handles = st.integers(1, 12).map(lambda count: count * TICK)


@settings(patient, max_examples=400)
@given(jobs, people(), handles)
def test_the_twin_says_the_same(asked_for, some, handle):
    choice = choose(asked_for, some, NOON, handle)
    assert (choice.kind, choice.agent, choice.at) == Twin(asked_for, some, NOON, handle).answer()


def is_on(one: Candidate, at: datetime = NOON) -> bool:
    return any(stint.start <= at < stint.end for stint in one.stints)


@patient
@given(jobs, people(), handles)
def test_nobody_off_shift_while_somebody_on_shift_makes_it(asked_for, some, handle):
    choice = choose(asked_for, some, NOON, handle)
    by_name = {one.agent: one for one in some}
    if choice.kind in ("now", "late", "overdue") and choice.agent:
        assert is_on(by_name[choice.agent])
    if choice.kind == "nobody":
        twin = Twin(asked_for, some, NOON, handle)
        assert not any(is_on(one) or twin.done[one.agent] <= asked_for.due_at for one in some)


@patient
@given(jobs, people(), handles)
def test_nobody_gets_what_their_shift_cant_hold_while_another_could(asked_for, some, handle):
    """By an account of its own: worked off in the stint that runs, no other."""
    choice = choose(asked_for, some, NOON, handle)

    def in_stint(one: Candidate) -> bool:
        work = handle * (one.queue + 1) // TICK
        return all(is_on(one, NOON + TICK * count) for count in range(work))

    could = [one for one in some if in_stint(one) and one.agent not in asked_for.asked]
    if choice.agent and choice.kind in ("now", "late", "overdue") and could:
        assert choice.agent in {one.agent for one in could}
    if choice.kind == "now":
        assert could
        done = NOON + handle * (next(one.queue for one in some if one.agent == choice.agent) + 1)
        assert done <= asked_for.due_at


@patient
@given(jobs, people(), handles, st.integers(0, 99))
@example(job(), [], HANDLE, 0)
def test_the_order_of_the_people_and_of_their_stints_does_not_matter(asked_for, some, handle, seed):
    mixed = [replace(one, stints=tuple(sorted(one.stints, reverse=True))) for one in some]
    Random(seed).shuffle(mixed)
    assert choose(asked_for, mixed, NOON, handle) == choose(asked_for, some, NOON, handle)


@patient
@given(jobs, people(), handles)
def test_every_reason_is_a_sentence_with_its_facts(asked_for, some, handle):
    key, facts = choose(asked_for, some, NOON, handle).reason
    sentence = REASONS[key].format(**facts)
    assert sentence
    assert "None" not in sentence


@patient
@given(jobs, people(), handles)
def test_the_plan_holds_when_its_time_comes(asked_for, some, handle):
    """Asked again at `at`, with the work done meanwhile, the person is on shift and can make it."""
    choice = choose(asked_for, some, NOON, handle)
    if choice.kind == "planned":
        assert choice.at is not None
        planned = next(one for one in some if one.agent == choice.agent)
        before = range((choice.at - NOON) // TICK)
        worked = TICK * sum(is_on(planned, NOON + TICK * count) for count in before)
        left = handle * (planned.queue + 1) - worked
        again = choose(replace(asked_for, asked=frozenset()), [replace(planned, queue=0)], choice.at, left)
        assert (again.kind, again.agent) == ("now", planned.agent)


@pytest.mark.parametrize(
    ("stints", "due", "before", "expected"),
    [
        pytest.param([span(9, 18)], 23, 0, False, id="back in time: it stays"),
        pytest.param([span(9, 18)], 11 + 1 / 3, 0, False, id="two hours to spare are enough"),
        pytest.param([span(9, 18)], 11, 0, True, id="less is not"),
        pytest.param([span(9, 18)], 12, 2, False, id="three cases, one after the other"),
        pytest.param([span(9, 18)], 12, 3, True, id="the fourth is too late"),
        pytest.param([span(-9, 0)], 23, 0, True, id="never back"),
        pytest.param([span(30, 39)], 23, 0, True, id="back too late"),
        pytest.param([span(-9, 5)], 3, 0, False, id="still on"),
        pytest.param([span(-9, 1), span(-8, 1)], 23, 4, True, id="what overlaps counts once"),
        pytest.param([], -1, 0, True, id="overdue"),
    ],
)
def test_whether_a_claimed_case_returns_to_the_queue(stints, due, before, expected):
    assert returns(stints, NOON + due * HOUR, NOON, HANDLE, before) is expected
