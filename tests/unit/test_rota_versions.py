"""The rota through time: which version says who is on, at each minute and at the edges between two."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.holidays import known_days
from bot.domain.rota import Layer, Override, Rota, RotaAgent, Shift, WeeklyShift, shifts
from bot.domain.rota_versions import Judges, RotaHistory, Version, together
from bot.domain.timetable import timetable
from tests.unit.rota_twin import AGENTS, DAY, MINUTE, STORES, Dice, minutes_of, naive

HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
SERVED = (None, "north", "south")


def at(hours: float) -> datetime:
    return MONDAY + hours * HOUR


def layer(name: str, start: int, end: int, *agents: str, days: range = range(7), **more: object) -> Layer:
    shift = WeeklyShift(frozenset(days), start * 60, end * 60, agents)
    return replace(Layer(name, "UTC", (shift,)), **more)


def rota(*layers: Layer, agents: tuple[str, ...] = AGENTS) -> Rota:
    return Rota(layers, tuple(RotaAgent(key, "UTC") for key in agents))


OLD = rota(layer("days", 9, 18, "ann"), layer("nights", 22, 30, "bea"))


def history(*versions: tuple[float, Rota]) -> RotaHistory:
    """Numbered from 1, each in force from so many hours after Monday on."""
    return RotaHistory(
        tuple(Version(number, at(hours), rules) for number, (hours, rules) in enumerate(versions, 1))
    )


def listed(found: tuple[Shift, ...]) -> list[tuple[str, str, float, float]]:
    return [(one.agent, one.source, (one.start - MONDAY) / HOUR, (one.end - MONDAY) / HOUR) for one in found]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        pytest.param(OLD, [("ann", "days", 9, 18)], id="rules that say the same leave the shift whole"),
        pytest.param(
            rota(layer("days", 9, 18, "cho")),
            [("ann", "days", 9, 12), ("cho", "days", 12, 18)],
            id="who is taken off leaves at once, who is put on comes at once",
        ),
        pytest.param(
            rota(layer("days", 9, 15, "ann")),
            [("ann", "days", 9, 12), ("ann", "days", 12, 15)],
            id="an end that moved counts already",
        ),
        pytest.param(
            rota(layer("days", 14, 20, "ann")),
            [("ann", "days", 9, 12), ("ann", "days", 14, 20)],
            id="hours that are still to come are the new ones",
        ),
        pytest.param(
            rota(layer("days", 6, 11, "ann")),
            [("ann", "days", 9, 12)],
            id="hours that are over by the new rules were worked by the old ones",
        ),
        pytest.param(
            rota(layer("early", 9, 18, "ann")),
            [("ann", "days", 9, 12), ("ann", "early", 12, 18)],
            id="another layer is another shift",
        ),
        pytest.param(rota(), [("ann", "days", 9, 12)], id="no layer any more"),
    ],
)
def test_a_change_at_noon_counts_from_noon(new: Rota, expected: list[tuple[str, str, float, float]]) -> None:
    found = history((-400, OLD), (12, new)).timetable(at(9), at(21))
    assert [one for one in listed(found.shifts) if one[2] < 21] == expected


def test_somebody_who_stays_on_has_one_stint_whatever_the_layer_is_called() -> None:
    renamed = rota(layer("early", 9, 18, "ann"))
    (stint,) = history((-400, OLD), (12, renamed)).timetable(at(9), at(20)).stints("north")
    assert (stint.agent, stint.start, stint.end) == ("ann", at(9), at(18))


def test_before_the_first_version_its_rules_count_too() -> None:
    known = history((12, OLD))
    assert listed(known.timetable(at(-17), at(-6)).shifts) == [("ann", "days", -15, -6)]
    assert known.at(at(-1000)).number == known.at(at(1000)).number == 1


def test_an_override_stands_above_whichever_rules_are_in_force() -> None:
    put_on = Override(1, "override", "dan", True, at(10), at(14))
    taken_off = Override(2, "off", "ann", False, at(11), at(13))
    found = history((-400, OLD), (12, OLD)).timetable(at(9), at(20), [put_on, taken_off])
    assert listed(found.shifts) == [
        ("ann", "days", 9, 11),
        ("dan", "override", 10, 14),
        ("ann", "days", 13, 18),
    ]


def test_who_left_counts_as_long_as_they_were_there() -> None:
    """Ann leaves at noon: her shift, and what an override gives her, end there; her hours of before stay hers."""
    without = rota(layer("days", 9, 18, "cho"), agents=("bea", "cho"))
    given = Override(1, "override", "ann", True, at(11), at(20))
    table = history((-400, OLD), (12, without)).timetable(at(9), at(21), [given])
    assert [(one.agent, one.start, one.end) for one in table.stints("north")] == [
        ("ann", at(9), at(12)),
        ("cho", at(12), at(18)),
    ]
    assert [one.key for one in table.agents] == ["bea", "cho", "ann", "dan", "eva"]
    assert (table.agent("ann", at(11)) is None, table.agent("ann", at(12)) is None) == (False, True)


def test_who_works_for_other_stores_from_noon_on_is_not_staffed_time_of_the_old_ones() -> None:
    moved = replace(OLD, agents=(RotaAgent("ann", "UTC", frozenset({"south"})),))
    table = history((-400, OLD), (12, moved)).timetable(at(9), at(21))
    assert table.staffed_time("north", at(9), at(21)) == 3 * HOUR
    assert table.staffed_time("south", at(9), at(21)) == 9 * HOUR


def test_versions_of_the_same_instant_leave_the_last_of_them() -> None:
    known = history((-400, OLD), (12, rota(layer("days", 9, 18, "cho"))), (12, OLD))
    assert listed(known.timetable(at(9), at(18)).shifts) == [("ann", "days", 9, 18)]
    assert known.judges(at(9), at(18)).numbers == (1, 3)


def test_holidays_are_those_that_were_known_then() -> None:
    """The library learns that Tuesday is a day off, and that Saturday makes up for it."""
    then = known_days("CN", 2026, 2026)
    later = replace(then, off=then.off | {date(2026, 11, 24)}, made_up=then.made_up | {date(2026, 11, 28)})
    old = layer("days", 9, 18, "ann", days=range(5), countries=("CN",), known_days=(then,))
    new = replace(old, known_days=(later,))
    assert len(shifts(rota(old), MONDAY, at(7 * 24))) == 5
    assert [one.start.day for one in shifts(rota(new), MONDAY, at(7 * 24))] == [23, 25, 26, 27, 28]
    other_year = replace(old, known_days=(replace(later, first_year=2027, last_year=2027),))
    assert shifts(rota(other_year), MONDAY, at(7 * 24)) == shifts(rota(old), MONDAY, at(7 * 24))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (13, 20, Judges((2,), at(12))),
        (10, 20, Judges((1, 2), at(12))),
        (10, 12, Judges((1,), at(0))),
        (12, 13, Judges((2,), at(12))),
        (-5, 20, Judges((1, 2), at(12), known_since=at(0))),
        (-5, -4, Judges((1,), at(0), known_since=at(0))),
        (0, 1, Judges((1,), at(0))),
    ],
)
def test_who_judges_a_stretch(start: float, end: float, expected: Judges) -> None:
    assert history((0, OLD), (12, rota())).judges(at(start), at(end)) == expected


def test_rules_that_are_not_kept_judge_under_no_number() -> None:
    assert RotaHistory.of(OLD).judges(at(0), at(1)) == Judges()
    mixed = RotaHistory((Version(7, at(0), OLD), Version(None, at(12), rota())))
    assert mixed.judges(at(1), at(20)) == Judges((7,), at(0))
    assert mixed.judges(at(13), at(20)) == Judges()


def test_the_judges_of_several_stretches() -> None:
    found = [Judges((1, 2), at(12)), None, Judges((1,), at(0), at(0)), Judges()]
    assert together(found) == Judges((1, 2), at(12), at(0))
    assert together([None]) is together([]) is None


def test_a_change_of_all_versions_keeps_when_they_counted() -> None:
    known = history((0, OLD), (12, rota()))
    found = known.changed(lambda one: replace(one, agents=()))
    assert [(one.number, one.since, one.rota.agents) for one in found.versions] == [
        (1, at(0), ()),
        (2, at(12), ()),
    ]
    assert [one.key for one in known.agents()] == list(AGENTS)


class Past:
    """Up to four random versions of a random rota around a window, and overrides."""

    def __init__(self, seed: int) -> None:
        dice = Dice(seed)
        self.case, roll = dice.case(), dice.random
        span = (self.case.end - self.case.start) // MINUTE
        since = sorted(roll.randint(-600, span + 600) for _ in range(roll.randint(1, 4)))
        self.history = RotaHistory(
            tuple(
                Version(number, self.case.start + minutes * MINUTE, self.rules(dice))
                for number, minutes in enumerate(since, 1)
            )
        )

    def rules(self, dice: Dice) -> Rota:
        """The rules of the case or a few other ones; some people are gone, some work for one store."""
        roll = dice.random
        layers = self.case.rota.layers if roll.random() < 0.5 else (*self.case.rota.layers[1:], dice.layer(9))
        there = [key for key in AGENTS if roll.random() < 0.8]
        agents = tuple(RotaAgent(key, "UTC", roll.choice(STORES)) for key in there)
        return replace(self.case.rota, layers=layers, agents=agents)

    def naive(self, store: str | None) -> set[tuple[str, str, int]]:
        """(agent, source, minute): the rules of each minute by themselves, the last of those that had begun."""
        found = set()
        start, end = self.case.start, self.case.end
        every = [naive(one.rota, start, end, self.case.overrides) for one in self.history.versions]
        for minute in range((end - start) // MINUTE):
            begun = [n for n, one in enumerate(self.history.versions) if one.since <= start + minute * MINUTE]
            place = begun[-1] if begun else 0
            people = {one.key: one for one in self.history.versions[place].rota.agents}
            for (agent, source, _order, stores), minutes in every[place].items():
                serves = agent in people and people[agent].works_for(store)
                if minute in minutes and serves and (store is None or stores is None or store in stores):
                    found.add((agent, source, minute))
        return found


seeds = st.integers(0, 2**40)


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_each_minute_is_judged_by_the_rules_of_that_minute(seed: int) -> None:
    past = Past(seed)
    table = past.history.timetable(past.case.start, past.case.end, past.case.overrides)
    for store in SERVED:
        found = {
            (one.agent, one.source, minute)
            for one in table.of(store)
            for minute in minutes_of(one.start, one.end, (past.case.start, past.case.end))
        }
        assert found == past.naive(store)
        staffed = {
            minute
            for one in table.staffed(store, past.case.start, past.case.end)
            for minute in minutes_of(one.start, one.end, (past.case.start, past.case.end))
        }
        assert staffed == {minute for _agent, _source, minute in found}


@settings(max_examples=60, deadline=None)
@given(seeds, st.integers(0, 4000), st.integers(1, 3000))
def test_a_shift_is_as_long_whatever_part_of_it_is_asked_for(seed: int, offset: int, minutes: int) -> None:
    past = Past(seed)
    everything = past.history.timetable(
        past.case.start - 9 * DAY, past.case.end + 9 * DAY, past.case.overrides
    )
    start = past.case.start + offset * MINUTE
    end = start + minutes * MINUTE
    asked = past.history.timetable(start, end, past.case.overrides)
    assert list(asked.shifts) == [one for one in everything.shifts if one.start < end and one.end > start]
    for store in SERVED:
        assert asked.of(store) == [one for one in everything.of(store) if one.start < end and one.end > start]


@settings(max_examples=60, deadline=None)
@given(seeds, st.integers(0, 4000))
def test_the_same_rules_twice_are_the_rules_once(seed: int, offset: int) -> None:
    case = Dice(seed).case()
    edges = (case.start, case.start + offset * MINUTE)
    twice = RotaHistory(tuple(Version(number, edge, case.rota) for number, edge in enumerate(edges)))
    found = twice.timetable(case.start, case.end, case.overrides)
    assert found.shifts == timetable(case.rota, case.start, case.end, case.overrides).shifts
