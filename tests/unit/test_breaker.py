"""When the breaker trips: tables, what holds for every history, and how often it is wrong in a simulated year."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.breaker import (
    BLOCKED,
    BOUNCED,
    BURSTS,
    FAILED,
    RATE_DROP,
    BreakerLimits,
    Outcome,
    Trip,
    at_most,
    burst,
    ending_of,
    facts_of,
    is_calm,
    may_drop,
    rate_drop,
    trip_of,
)
from bot.domain.sla import Rate

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LIMITS = BreakerLimits()
WORDS = {".": "accepted", "b": BOUNCED, "x": BLOCKED, "f": FAILED}


def ended(marks: str, last: datetime = NOW, apart: timedelta = MINUTE) -> list[Outcome]:
    """Endings in their order, `apart` from each other; the newest is known since `last`."""
    first = last - apart * (len(marks) - 1)
    return [Outcome(first + apart * place, place + 1, WORDS[mark]) for place, mark in enumerate(marks)]


@pytest.mark.parametrize(
    ("state", "code", "ending"),
    [
        pytest.param("accepted", None, "accepted", id="taken"),
        pytest.param("bounced", None, BOUNCED, id="came back"),
        pytest.param("failed", "550", BLOCKED, id="no such address, or a policy"),
        pytest.param("failed", "554", BLOCKED, id="refused as spam"),
        pytest.param("failed", "535", FAILED, id="a wrong password says nothing about the text"),
        pytest.param("failed", "530", FAILED, id="no login"),
        pytest.param("failed", "no_login", FAILED, id="the server offers none"),
        pytest.param("failed", None, FAILED, id="a person said that it did not arrive"),
        pytest.param("unsure", "550", FAILED, id="nobody knows"),
        pytest.param("queued", None, FAILED, id="tried again and again"),
    ],
)
def test_what_an_ending_counts_as(state: str, code: str | None, ending: str) -> None:
    assert ending_of(state, code) == ending


@pytest.mark.parametrize(
    ("cause", "marks", "bad"),
    [
        pytest.param(BOUNCED, "....bbbb", None, id="four are no burst"),
        pytest.param(BOUNCED, "....bbbbb", (5, 9), id="five are"),
        pytest.param(BOUNCED, "bbbbb", (5, 5), id="though there are no others"),
        pytest.param(BOUNCED, "bbbb...............b", (5, 20), id="all five within the last twenty"),
        pytest.param(BOUNCED, "bbbb................b", None, id="one is the twenty-first"),
        pytest.param(BOUNCED, "bbbbb" + "." * 16, None, id="a burst that has passed"),
        pytest.param(BLOCKED, "...xxx", None, id="three refusals are no burst"),
        pytest.param(BLOCKED, "...xxx.x", (4, 8), id="four are"),
        pytest.param(FAILED, "fxfxfxbbbff", (5, 11), id="causes are not mixed"),
        pytest.param(BLOCKED, "", None, id="nothing happened"),
    ],
)
def test_bursts(cause: str, marks: str, bad: tuple[int, int] | None) -> None:
    found = burst(cause, ended(marks), LIMITS, NOW, None)
    assert ((found.bad, found.of) if found else None) == bad


def test_a_trip_names_its_replies_and_from_when_to_when() -> None:
    found = burst(BOUNCED, ended(".b.bbbb"), LIMITS, NOW, None)
    assert found == Trip(BOUNCED, 5, 7, NOW - 5 * MINUTE, NOW, (2, 4, 5, 6, 7))
    assert trip_of(found.cause, facts_of(found)) == found


@pytest.mark.parametrize(("age", "trips"), [(DAY - MINUTE, True), (DAY, False)])
def test_what_is_a_day_old_counts_no_more(age: timedelta, trips: bool) -> None:
    outcomes = ended("bbbbb", NOW - age + 4 * MINUTE)
    assert (burst(BOUNCED, outcomes, LIMITS, NOW, None) is not None) == trips


@pytest.mark.parametrize(
    ("marks", "minutes", "trips"),
    [
        pytest.param("b" * 20, 59, False, id="not during the pause, whatever happens"),
        pytest.param("b" * 5, 61, False, id="five are what was known"),
        pytest.param("b" * 9, 61, False, id="nine are not twice as many"),
        pytest.param("b" * 10, 61, True, id="ten are"),
        pytest.param("." * 20 + "b" * 5, 90, True, id="after a calm run five are news again"),
        pytest.param("bb" + "." * 18 + "bbb", 90, False, id="calm, but five are needed"),
        pytest.param("b.b.b" + "." * 15 + "bb", 90, False, id="three of twenty are not calm"),
    ],
)
def test_after_an_end_it_takes_more_until_things_were_calm(marks: str, minutes: int, trips: bool) -> None:
    end = NOW - minutes * MINUTE
    outcomes = [*ended("b" * 20, end), *ended(marks)]
    assert (burst(BOUNCED, outcomes, LIMITS, NOW, end) is not None) == trips


marks_of = st.text("..bxf", max_size=120)


@given(marks_of, st.sampled_from(BURSTS))
def test_a_trip_rests_on_endings_of_its_cause_alone(marks: str, cause: str) -> None:
    outcomes = ended(marks)
    last = outcomes[-LIMITS.of_last :]
    count = sum(one.ending == cause for one in last)
    found = burst(cause, outcomes, LIMITS, NOW, None)
    assert (found is not None) == (count >= LIMITS.bursts[cause])
    if found is not None:
        assert set(found.ids) == {one.reply for one in last if one.ending == cause}


@given(st.text(".b", min_size=20, max_size=200), st.integers(1, 40))
def test_no_reply_is_evidence_for_two_trips_and_there_is_a_pause_between_them(marks: str, apart: int) -> None:
    """A manager ends each trip at once, and nothing was mended."""
    trips = list(ended_at_once(ended(marks, NOW, apart * MINUTE)))
    every = [reply for _at, trip in trips for reply in trip.ids]
    assert len(every) == len(set(every))
    assert all(after - before >= LIMITS.pause for (before, _), (after, _) in pairwise(trips))


def ended_at_once(outcomes: list[Outcome], cause: str = BOUNCED) -> Iterator[tuple[datetime, Trip]]:
    """(when, trip) of a history in which somebody ends each as soon as it is there."""
    last = None
    for place, one in enumerate(outcomes, 1):
        found = burst(cause, outcomes[max(0, place - 300) : place], LIMITS, one.at, last)
        if found is not None:
            last = one.at
            yield one.at, found


USUAL = Rate(950, 1000)


@pytest.mark.parametrize(
    ("recent", "usual", "drops"),
    [
        pytest.param(Rate(30, 40), USUAL, True, id="75 % after 95 %"),
        pytest.param(Rate(31, 40), USUAL, False, id="77.5 % is a smaller drop"),
        pytest.param(Rate(10, 19), USUAL, False, id="too few messages"),
        pytest.param(Rate(14, 20), USUAL, True, id="just enough"),
        pytest.param(Rate(15, 20), USUAL, False, id="chance brings that once in four hundred windows"),
        pytest.param(Rate(15, 20), Rate(94, 99), False, id="too little is usual yet"),
        pytest.param(Rate(15, 20), Rate(100, 100), True, id="after a team that never missed one"),
        pytest.param(
            Rate(8, 20), Rate(600, 1000), False, id="of an uncertain rate chance brings that, once in fifty"
        ),
        pytest.param(Rate(40, 40), USUAL, False, id="all is well"),
        pytest.param(Rate(0, 40), USUAL, True, id="nothing was answered in time"),
        pytest.param(Rate(0, 0), Rate(0, 0), False, id="nothing came in"),
    ],
)
def test_drops_of_the_response_rate(recent: Rate, usual: Rate, drops: bool) -> None:
    assert (rate_drop(recent, usual, LIMITS) is not None) == drops
    assert may_drop(recent, LIMITS) or not drops, "what is not even looked at can't be one"


def test_after_an_end_a_drop_must_be_twice_as_deep_until_the_rate_was_back() -> None:
    assert rate_drop(Rate(23, 40), USUAL, LIMITS, rearmed=False) is None
    assert rate_drop(Rate(22, 40), USUAL, LIMITS, rearmed=False) == (0.55, 0.95)
    assert is_calm(Rate(34, 40), USUAL, LIMITS)
    assert not is_calm(Rate(33, 40), USUAL, LIMITS)
    assert not is_calm(Rate(19, 19), USUAL, LIMITS), "too few messages to say so"


def test_a_drop_is_stored_with_its_rates() -> None:
    drop = Trip(RATE_DROP, 10, 40, NOW - DAY, NOW, (5, 9), 0.95)
    assert drop.rate == 0.75
    assert trip_of(RATE_DROP, facts_of(drop)) == drop


@pytest.mark.parametrize(
    ("hits", "tries", "chance", "expected"),
    [
        (0, 3, 0.5, 0.125),
        (1, 2, 0.5, 0.75),
        (3, 3, 0.2, 1.0),
        (0, 10, 0.1, 0.34867844),
        (5, 5, 1.0, 1.0),
        (4, 5, 1.0, 0),
    ],
)
def test_the_chance_of_at_most_so_many(hits: int, tries: int, chance: float, expected: float) -> None:
    assert at_most(hits, tries, chance) == pytest.approx(expected)


def year(seed: int, per_day: float, chance: float, cause: str, days: int = 365) -> list[Outcome]:
    """A year of a store whose replies end badly each by itself, with a chance that does not change."""
    random, at, found = Random(seed), NOW, []
    while at < NOW + days * DAY:
        at += timedelta(days=random.expovariate(per_day))
        found.append(Outcome(at, len(found) + 1, cause if random.random() < chance else "accepted"))
    return found


@pytest.mark.parametrize(
    ("cause", "chance", "most"),
    [
        pytest.param(BOUNCED, 0.02, 1, id="of 2 % that bounce"),
        pytest.param(FAILED, 0.02, 1, id="of 2 % that fail"),
        pytest.param(BLOCKED, 0.005, 1, id="of 0.5 % that are refused"),
    ],
)
def test_false_alarms_are_rare_when_nothing_changes(cause: str, chance: float, most: int) -> None:
    """60 replies a day, three years: at most one false alarm."""
    alarms = sum(len(list(ended_at_once(year(seed, 60, chance, cause), cause))) for seed in range(3))
    assert alarms <= most


def test_a_real_burst_is_found_within_ten_replies() -> None:
    """From one reply on half of them bounce."""
    waits = []
    for seed in range(200):
        random = Random(seed)
        marks = "." * 40 + "".join(random.choice("b.") for _ in range(60))
        trips = ended_at_once(ended(marks))
        at, _trip = next(trips)
        waits.append(int((at - ended(marks)[40].at) / MINUTE) + 1)
    assert sorted(waits)[100] <= 10
    assert max(waits) <= 30


def test_false_alarms_of_the_rate_are_rare_and_a_broken_day_is_found() -> None:
    """60 messages a day, hourly looks, 5 % missed, each by itself: at most one alarm in three years."""
    random, hours = Random(1), []
    for _hour in range(3 * 365 * 24):
        came = sum(random.random() < 0.5 for _ in range(5))
        hours.append((sum(random.random() >= 0.05 for _ in range(came)), came))
    alarms = looks = 0
    for now in range(30 * 24, len(hours), 4):
        recent = total(hours[now - 24 : now])
        looks += 1
        alarms += may_drop(recent, LIMITS) and rate_drop(recent, USUAL, LIMITS) is not None
    assert looks > 6000
    assert alarms <= 1
    broken = [(came // 2, came) for _met, came in hours[:24]]
    assert rate_drop(total(broken), USUAL, LIMITS) is not None


def total(hours: list[tuple[int, int]]) -> Rate:
    return Rate(sum(met for met, _came in hours), sum(came for _met, came in hours))
