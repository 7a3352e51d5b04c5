"""Questions about a worked-out stretch of a rota: by hand, and against a scan of each quarter of an hour."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.rota import Override, Rota, RotaAgent, Shift
from bot.domain.timetable import Span, Timetable, timetable, total, union, within

QUARTER = timedelta(minutes=15)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
STORES = ("north", "south")
AGENTS = (
    RotaAgent("ann", "Europe/Berlin"),
    RotaAgent("bob", "Europe/Berlin", frozenset({"north"}), frozenset({"de", "en"})),
    RotaAgent("cho", "Asia/Shanghai", frozenset({"south"}), frozenset({"zh"})),
    RotaAgent("dan", "Asia/Shanghai", None, frozenset({"en"})),
)


def at(quarter: int) -> datetime:
    return MONDAY + quarter * QUARTER


def table(*shifts: Shift, quarters: int = 96) -> Timetable:
    found = tuple(sorted(shifts, key=lambda one: (one.start, one.order, one.agent, one.end)))
    return Timetable(Rota((), AGENTS), MONDAY, at(quarters), found)


def shift(agent: str, start: int, end: int, order: int = 0, stores: frozenset[str] | None = None) -> Shift:
    return Shift(agent, at(start), at(end), f"layer {order}", stores, order)


some_shifts = st.lists(
    st.builds(
        lambda agent, start, length, order, stores: shift(agent, start, start + length, order, stores),
        st.sampled_from(["ann", "bob", "cho", "dan", "gone"]),
        st.integers(0, 90),
        st.integers(1, 30),
        st.integers(-2, 2),
        st.sampled_from([None, frozenset({"north"}), frozenset({"south"})]),
    ),
    max_size=8,
)
asked_stores = st.sampled_from([None, *STORES])
asked_languages = st.sampled_from([None, "de", "en", "zh", "fr"])
quarters = st.integers(0, 95)


def naive_on(shifts: list[Shift], store: str | None, quarter: int, lang: str | None = None) -> set[str]:
    known = {one.key: one for one in AGENTS}
    return {
        one.agent
        for one in shifts
        if one.agent in known and one.start <= at(quarter) < one.end
        and (lang is None or not known[one.agent].languages or lang in known[one.agent].languages)
        and (store is None or known[one.agent].stores is None or store in (known[one.agent].stores or ()))
        and (store is None or one.stores is None or store in one.stores)
    }  # fmt: skip


@given(some_shifts, asked_stores, asked_languages, quarters)
def test_who_is_on_is_whom_a_scan_finds(
    shifts: list[Shift], store: str | None, lang: str | None, quarter: int
) -> None:
    asked = table(*shifts)
    found = asked.on(store, at(quarter), lang)
    assert {one.agent for one in found} == naive_on(shifts, store, quarter, lang)
    assert len({one.agent for one in found}) == len(found)
    covering = [one for one in asked.covered(store, lang) if one.start <= at(quarter) < one.end]
    assert bool(covering) == bool(found)


@given(some_shifts, asked_stores, asked_languages)
def test_covered_time_is_the_union_of_the_stints(
    shifts: list[Shift], store: str | None, lang: str | None
) -> None:
    asked = table(*shifts)
    assert asked.covered(store, lang) == union(one.span for one in asked.stints(store, lang))


@given(some_shifts, asked_stores, quarters, quarters)
def test_staffed_time_is_what_a_scan_counts(
    shifts: list[Shift], store: str | None, start: int, end: int
) -> None:
    counted = sum(bool(naive_on(shifts, store, one)) for one in range(start, end))
    assert table(*shifts).staffed_time(store, at(start), at(end)) == counted * QUARTER


@given(some_shifts, asked_stores, quarters)
def test_the_next_one_on_is_the_first_who_comes(shifts: list[Shift], store: str | None, quarter: int) -> None:
    found = table(*shifts).next_on(store, at(quarter))
    coming = [
        one
        for one in range(quarter + 1, 96)
        if naive_on(shifts, store, one) - naive_on(shifts, store, one - 1)
    ]
    assert (found.start if found else None) == (at(coming[0]) if coming else None)


@settings(max_examples=200)
@given(some_shifts, asked_stores)
def test_changes_are_where_somebody_comes_or_goes(shifts: list[Shift], store: str | None) -> None:
    expected = [
        at(one) for one in range(1, 96) if naive_on(shifts, store, one) != naive_on(shifts, store, one - 1)
    ]
    assert table(*shifts).changes(store, at(1), at(96)) == expected


def test_shifts_that_touch_are_one_stint_and_a_break_makes_two() -> None:
    asked = table(shift("ann", 0, 8), shift("ann", 8, 12, 1), shift("ann", 13, 16), shift("bob", 4, 10))
    assert [(one.agent, one.start, one.end) for one in asked.stints(None)] == [
        ("ann", at(0), at(12)),
        ("bob", at(4), at(10)),
        ("ann", at(13), at(16)),
    ]
    assert [one.start for one in asked.stints_of("ann", None)] == [at(0), at(13)]


def test_who_is_on_comes_in_order_of_precedence() -> None:
    asked = table(shift("dan", 0, 9, 1), shift("bob", 0, 9, 0), shift("ann", 4, 9, -2), shift("dan", 2, 9, 2))
    assert [one.agent for one in asked.on("north", at(5))] == ["ann", "bob", "dan"]


def test_an_unknown_person_is_never_on() -> None:
    assert table(shift("gone", 0, 9)).on(None, at(1)) == []
    assert table(shift("gone", 0, 9)).covered(None) == []


@pytest.mark.parametrize(
    ("shifts", "expected"),
    [
        pytest.param([], 0, id="nobody"),
        pytest.param([shift("ann", 0, 40)], 1, id="one until the end"),
        pytest.param([shift("ann", 0, 20)], 1, id="one who leaves earlier, nobody after"),
        pytest.param([shift("ann", 0, 20), shift("bob", 20, 40)], 2, id="two, one after another"),
        pytest.param([shift("ann", 0, 20), shift("bob", 25, 40)], 2, id="with a gap between"),
        pytest.param([shift("ann", 0, 20), shift("bob", 4, 40)], 2, id="overlapping"),
        pytest.param([shift("ann", 0, 30), shift("bob", 4, 20)], 1, id="one inside another adds nothing"),
        pytest.param([shift("ann", 2, 9), shift("bob", 8, 20), shift("dan", 19, 40)], 3, id="three"),
        pytest.param([shift("ann", 40, 50)], 0, id="who comes when all is over does not count"),
    ],
)
def test_shifts_left(shifts: list[Shift], expected: int) -> None:
    assert table(*shifts).shifts_left("north", at(1), at(35)) == expected


@given(some_shifts)
def test_union_is_in_order_without_overlaps_and_as_long_as_a_scan_says(shifts: list[Shift]) -> None:
    spans = [Span(one.start, one.end) for one in shifts]
    found = union(spans)
    assert all(one.end < other.start for one, other in pairwise(found))
    scan = sum(any(one.start <= at(quarter) < one.end for one in spans) for quarter in range(130))
    assert total(found) == scan * QUARTER


def test_within_cuts_and_leaves_out_what_has_no_length() -> None:
    spans = [Span(at(0), at(4)), Span(at(4), at(8)), Span(at(8), at(9))]
    assert within(spans, at(2), at(8)) == [Span(at(2), at(4)), Span(at(4), at(8))]


def test_a_timetable_of_overrides_alone() -> None:
    put_on = Override(1, "override", "ann", True, at(4), at(8), frozenset({"north"}))

    asked = timetable(Rota((), AGENTS), MONDAY, at(96), [put_on])
    assert [one.agent for one in asked.on("north", at(4))] == ["ann"]
    assert asked.on("south", at(4)) == []
