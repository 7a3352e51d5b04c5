"""Sums in arrays come to what plain Python comes to."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import sla, sums
from bot.domain.sla import Fact, Figures
from bot.domain.sums import EDGES, Columns, Part

VALUES = ("", "refund", "return")
PERIODS = 3

times = st.one_of(st.integers(-3, 90_000), st.sampled_from([*EDGES, 86_401, 10**7]))
facts = st.builds(
    lambda outcome, seconds, contact, count, handled: Fact(
        outcome,
        took=sla.bucket(seconds) if outcome in ("met", "missed") else None,
        contact=contact if outcome in ("met", "missed") else None,
        count=count,
        seconds=max(0, seconds) * count if outcome in ("met", "missed") else 0,
        handled=min(handled, count),
        handle_seconds=60 * min(handled, count),
    ),
    st.sampled_from(["met", "missed", "excused", "overdue", "waiting", sla.LATE_ON_ARRIVAL]),
    times,
    st.sampled_from([None, sla.RESOLVED, sla.UNRESOLVED, sla.UNDECIDED]),
    st.integers(1, 70_000),
    st.integers(0, 3),
)
histories = st.lists(st.tuples(st.integers(0, PERIODS - 1), st.sampled_from(VALUES), facts), max_size=25)


def plain(history: list[tuple[int, str, Fact]], period: int, *values: str) -> Figures:
    return sla.figures_of(
        sla.tally_of(fact for place, value, fact in history if place == period and value in values)
    )


def parts(history: list[tuple[int, str, Fact]]) -> list[tuple[int, Part]]:
    columns = Columns([fact for _place, _value, fact in history])
    found = columns.parts([one[0] for one in history], [one[1] for one in history])
    again = {place: sums.unpacked(part.values, *sums.packed(part)) for place, part in found.items()}
    return list(again.items())


@given(histories, histories)
def test_sums_are_those_of_plain_python(one: list, other: list) -> None:
    """Two histories, packed and unpacked, of which each part may lack values that the other has."""
    both = one + other
    found = sums.add_up([*parts(one), *parts(other)], PERIODS)
    assert found.of_all() == tuple(plain(both, period, *VALUES) for period in range(PERIODS))
    assert set(found.values) == {value for _place, value, _fact in both}
    for value, periods in found.by_value().items():
        assert periods == tuple(plain(both, period, value) for period in range(PERIODS))
    first_two = [(0, value, fact) for place, value, fact in both if place < 2]
    assert found.so_far().of_all()[:2] == (plain(both, 0, *VALUES), plain(first_two, 0, *VALUES))
    together = sums.together([sums.add_up(parts(one), PERIODS), sums.add_up(parts(other), PERIODS)])
    assert together.by_value() == {value: found.by_value()[value] for value in together.values}


@given(histories)
def test_days_and_answers_are_those_of_plain_python(history: list) -> None:
    days = sums.by_place(parts(history), PERIODS)
    for place, day in enumerate(days):
        mine = sla.tally_of(fact for at, _value, fact in history if at == place)
        assert {name: getattr(day, name) for name in sla.COUNTS} == {
            name: getattr(mine, name) for name in sla.COUNTS
        }
        assert sums.add_up(parts(history), PERIODS).took_in(place) == dict(mine.took)


@given(st.lists(st.integers(0, 200_000)), st.sampled_from([50, 90, 100]))
def test_the_percentile_of_times_is_that_of_their_buckets(took: list[int], percent: int) -> None:
    assert sla.percentile_of(took, percent) == sla.percentile(Counter(map(sla.bucket, took)), percent)


@pytest.mark.parametrize("seconds", [0, 1, 60, 61, 7_200, 7_201, 86_400, 259_201, 2_678_400, 2_678_401])
def test_each_bucket_has_a_place(seconds: int) -> None:
    assert sla.bucket(seconds) in EDGES
    assert list(EDGES) == sorted(set(EDGES))
