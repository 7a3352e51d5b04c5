"""Replay: identity, monotony, order, by hand and against a naive twin that goes minute by minute."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import sla
from bot.domain.pings import Stage
from bot.domain.replay import replay
from bot.domain.replay_facts import Call, Past, Question, Replay, Setup, observed_handle
from bot.domain.rota import Layer, Override, Rota, RotaAgent, WeeklyShift
from bot.domain.timetable import timetable
from tests.unit.replay_twin import (
    DAY,
    END,
    HOUR,
    LAST,
    MINUTE,
    NOW,
    START,
    Stretch,
    histories,
    minute,
    naive_answers,
    rota_of,
    stretches,
)

LADDER = (Stage("3h", 3 * HOUR, ("thread",)), Stage("overdue", 0 * HOUR, ("thread",)))
ASKED = Question(START, END, NOW, ladder=LADDER)
TEN, HALF = 10 * MINUTE, 30 * MINUTE


def setup(*on: Stretch, handle: timedelta = TEN, speakers_only: bool = False) -> Setup:
    return Setup(rota_of(on), handle, speakers_only)


def at(day: int, hour: float) -> datetime:
    """Monday is day 0."""
    return START + day * DAY + hour * HOUR


def on(agent: str, day: int, start: float, end: float) -> Stretch:
    return agent, round((day * 24 + start) * 60), round((day * 24 + end) * 60)


def message(
    number: int, came: datetime, answered: datetime | None = None, agent: str = "ann", **more: object
) -> Past:
    due = came + DAY
    state = "open" if answered is None else "met" if answered <= due else "missed"
    return replace(
        Past(number, "east", "en", came, due, state, answered, agent if answered else None), **more
    )


def answered_at(found: Replay, number: int = 1) -> datetime | None:
    return found.tried.outcomes[number].answered_at


@settings(deadline=None)
@given(histories(), stretches, st.sampled_from([TEN, HALF]), st.booleans())
def test_the_same_rota_gives_history_back_exactly(past, rota, handle, speakers_only):
    same = setup(*rota, handle=handle, speakers_only=speakers_only)
    found = replay(past, same, setup(*rota, handle=handle, speakers_only=speakers_only), ASKED)
    assert found.tried == found.was
    assert (found.saved, found.lost) == (0, 0)
    for one in past:
        end = found.tried.outcomes[one.id]
        assert (end.state, end.answered_at, end.agent) == (one.state, one.answered_at, one.agent)
    counted = [one for one in past if not one.late_on_arrival]
    recount = sla.figures(
        [sla.Duty(one.anchor, one.due_at, one.state, one.answered_at) for one in counted], NOW
    )
    assert found.tried.figures == recount
    assert sum(found.was.causes.values()) == recount.late + recount.overdue


@settings(max_examples=60, deadline=None)
@given(histories(), stretches, stretches, st.sampled_from([TEN, HALF]), st.booleans())
def test_it_agrees_with_the_twin_that_goes_minute_by_minute(past, rota, other, handle, speakers_only):
    was, tried = setup(*rota, handle=handle), setup(*other, handle=handle, speakers_only=speakers_only)
    found = replay(past, was, tried, ASKED)
    minutes = {
        number: None if one.answered_at is None else minute(one.answered_at)
        for number, one in found.tried.outcomes.items()
    }
    assert minutes == naive_answers(past, was, tried)


@settings(deadline=None)
@given(histories(), stretches, stretches, stretches)
def test_more_staffed_time_never_makes_an_answer_later_nor_the_rate_worse(past, was, rota, more):
    fewer = replay(past, setup(*was), setup(*rota), ASKED)
    greater = replay(past, setup(*was), setup(*rota, *more), ASKED)
    for one in past:
        before, after = fewer.tried.outcomes[one.id].answered_at, greater.tried.outcomes[one.id].answered_at
        assert before is None or (after is not None and after <= before)
    rates = [one.tried.figures.response_rate for one in (fewer, greater)]
    assert rates[0] is None or rates[1] >= rates[0]


@settings(deadline=None)
@given(st.data(), histories(), stretches, stretches)
def test_the_order_of_messages_and_shifts_does_not_matter(data, past, was, rota):
    found = replay(past, setup(*was), setup(*rota), ASKED)
    mixed = replay(
        data.draw(st.permutations(past)),
        setup(*data.draw(st.permutations(was))),
        setup(*data.draw(st.permutations(rota))),
        ASKED,
    )
    assert mixed.tried == found.tried
    assert mixed.was == found.was


DAYS = [on("ann", day, 9, 17) for day in range(3)]


@pytest.mark.parametrize(
    ("came", "answered", "tried", "expected"),
    [
        pytest.param(at(0, 10), at(0, 11), DAYS, at(0, 11), id="the same rota"),
        pytest.param(at(0, 10), at(0, 11), [*DAYS, on("bea", 0, 9, 17)], at(0, 11), id="help it did not need"),
        pytest.param(at(0, 10), at(0, 11), DAYS[1:], at(1, 10), id="a shift less: the next day, an hour in"),
        pytest.param(at(0, 16.5), at(1, 9.25), [*DAYS[:1], *DAYS[2:]], at(2, 9.25), id="a day less"),
        pytest.param(at(0, 18), at(1, 10), [*DAYS, on("bea", 0, 18, 22)], at(0, 19), id="an evening more"),
        pytest.param(at(0, 18), at(0, 20), DAYS, at(0, 20), id="overtime stays"),
        pytest.param(at(0, 18), at(0, 20), [], at(0, 20), id="overtime is no doing of the rota"),
        pytest.param(at(0, 18), at(0, 20), [on("bea", 0, 18, 22)], at(0, 18) + TEN, id="a shift is faster"),
        pytest.param(at(0, 10), at(0, 11), [], None, id="nobody ever"),
        pytest.param(at(0, 10), None, [*DAYS, on("bea", 0, 9, 17)], None, id="what nobody answered stays so"),
    ],
)  # fmt: skip
def test_one_message_by_hand(came, answered, tried, expected):
    found = replay([message(1, came, answered)], setup(*DAYS), setup(*tried), ASKED)
    assert answered_at(found) == expected


def test_what_had_no_chance_yet_gets_the_tried_teams_answer():
    past = [message(1, at(2, 18))]
    rota = [on("ann", 0, 9, 17), on("ann", 4, 9, 17)]  # on again after `now` only
    found = replay(past, setup(*rota), setup(*rota, on("bea", 2, 20, 22)), ASKED)
    assert answered_at(found) == at(2, 20) + TEN
    assert found.tried.outcomes[1].agent == "bea"
    assert (found.was.figures.overdue, found.was.causes["no_shift"]) == (1, 1)
    assert (found.saved, found.lost) == (1, 0)


def test_one_shift_less_which_messages_get_late_and_why():
    """Three days of one person. Without Tuesday what came on Monday evening has nobody in its 24 hours."""
    past = [
        message(1, at(0, 10), at(0, 10.5)),
        message(2, at(0, 17.5), at(1, 9.5)),
        message(3, at(0, 18), at(1, 9.75)),
        message(4, at(1, 12), at(1, 12.5)),
        message(5, at(1, 16), at(1, 16.25)),
    ]
    found = replay(past, setup(*DAYS), setup(DAYS[0], DAYS[2]), ASKED)
    assert (found.was.figures.response_rate, found.tried.figures.response_rate) == (1.0, 0.6)
    late = {number for number, one in found.tried.outcomes.items() if one.cause}
    assert late == {2, 3}
    assert found.tried.causes == {"no_shift": 2, "no_capacity": 0, "not_answered": 0}
    assert (found.saved, found.lost) == (0, 2)
    assert [answered_at(found, number) for number in (2, 3)] == [at(2, 9.5), at(2, 9.75)]


def test_too_few_people_are_a_miss_of_their_own():
    """Sixty messages at nine, a day of two people for each half: one person alone can't do it."""
    past = [message(number, at(0, 9), at(0, 9) + TEN * (number // 2 + 1)) for number in range(120)]
    two = [on(agent, day, 9, 19) for day in range(3) for agent in ("ann", "bea")]
    found = replay(
        past, setup(*two), setup(*(one for one in two if one[0] == "ann" and one[1] < 1440)), ASKED
    )
    assert found.was.figures.response_rate == 1
    assert found.tried.figures.in_time == 60
    assert found.tried.causes == {"no_shift": 0, "no_capacity": 60, "not_answered": 0}


def test_a_target_moves_the_line_and_answers_nothing():
    past = [message(1, at(0, 9), at(0, 12)), message(2, at(0, 9), at(0, 22)), message(3, at(2, 9))]
    asked = replace(ASKED, target=12 * HOUR)
    found = replay(past, setup(*DAYS), setup(*DAYS), asked)
    assert (found.was.figures.in_time, found.was.at_target.in_time) == (2, 1)
    assert (found.was.at_target.late, found.was.at_target.overdue) == (1, 1)
    assert sum(found.was.causes.values()) == 2
    assert found.was == found.tried


def test_a_faster_hand_and_only_those_who_speak_the_language():
    past = [message(number, at(0, 9), at(0, 9) + HALF * (number + 1), lang="de") for number in range(4)]
    rota = [on("ann", 0, 9, 17), on("bea", 1, 8, 17)]
    quick = replay(past, setup(*rota, handle=HALF), setup(*rota, handle=TEN), ASKED)
    assert [answered_at(quick, number) for number in range(4)] == [
        at(0, 9) + TEN * (number + 1) for number in range(4)
    ]
    strict = replay(past, setup(*rota, handle=HALF), setup(*rota, handle=HALF, speakers_only=True), ASKED)
    assert [one.agent for one in strict.tried.outcomes.values()] == ["bea"] * 4
    assert answered_at(strict, 0) == at(1, 8.5)
    assert strict.tried.figures.late == 2


def test_loads_of_both_sides():
    past = [message(number, at(0, 9), at(0, 10)) for number in range(4)]
    night = [("ann", 0, 6 * 60), on("bea", 0, 9, 17)]
    found = replay(past, setup(*DAYS), setup(*DAYS, *night), replace(ASKED, end=at(1, 0)))
    was, tried = ({one.agent: one for one in side.people} for side in (found.was, found.tried))
    assert (was["ann"].answered, was["ann"].hours, was["ann"].night_hours) == (4, 8, 0)
    assert (tried["ann"].answered, tried["ann"].hours, tried["ann"].night_hours) == (2, 14, 6)
    assert (tried["bea"].answered, tried["bea"].hours) == (2, 8)
    assert [one.agent for one in found.was.people] == ["ann", "bea", "cem", "dai"]


def test_pings_follow_the_answers():
    """On Tuesday at three the message of Monday at six has three hours left; without Tuesday nobody is called so."""
    calls = (Call("3h", "ann", "1:3h:ann"),)
    past = [message(1, at(0, 18), at(1, 16.5), calls=calls)]
    same = replay(past, setup(*DAYS), setup(*DAYS), ASKED)
    assert {one.agent: one.pings for one in same.tried.people if one.pings} == {"ann": 1}
    evening = replay(past, setup(*DAYS), setup(*DAYS, on("bea", 0, 18, 23), on("bea", 1, 0, 9)), ASKED)
    assert not any(one.pings for one in evening.tried.people)
    later = replay(past, setup(*DAYS), setup(DAYS[0], DAYS[2]), ASKED)
    assert {one.agent: one.pings for one in later.tried.people if one.pings} == {"ann": 2}


def test_only_the_asked_stores_and_days_are_in_the_figures_and_all_messages_are_work():
    past = [
        message(1, at(0, 9), at(0, 9.5)),
        message(2, at(1, 9), at(1, 9.5), store="west"),
        message(3, at(1, 9), at(1, 9.5)),
    ]
    asked = replace(ASKED, start=at(1, 0), stores=frozenset({"east"}))
    found = replay(past, setup(*DAYS), setup(*DAYS), asked)
    assert set(found.was.outcomes) == {3}
    assert found.was.figures.received == 1


def test_what_was_late_when_it_arrived_is_kept_apart():
    past = [message(1, at(0, 9), at(1, 12), late_on_arrival=True), message(2, at(0, 9), at(0, 10))]
    found = replay(past, setup(*DAYS), setup(*DAYS), ASKED)
    assert (found.was.figures.received, found.was.late_on_arrival, found.was.figures.response_rate) == (
        1,
        1,
        1,
    )
    assert sum(found.was.causes.values()) == 0


def test_rules_of_the_rota_in_wall_time_are_replayed_over_a_clock_change():
    """Nine in Berlin is eight UTC until 29 March 2026, and then seven: the one evaluator knows."""
    agents = (RotaAgent("ann", "Europe/Berlin"),)
    layer = Layer("day", "Europe/Berlin", (WeeklyShift(frozenset(range(7)), 540, 1020, ("ann",)),))
    start = datetime.fromisoformat("2026-03-27T00:00+00:00")
    table = timetable(Rota((layer,), agents), start - DAY, start + 10 * DAY)
    nobody = timetable(
        Rota((layer,), agents), start - DAY, start + 10 * DAY,
        [Override(1, "off", "ann", False, start, start + 1.5 * DAY)],
    )  # fmt: skip
    came = start + 10 * HOUR
    past = [message(1, came, came + HOUR)]
    asked = Question(start, start + 5 * DAY, start + 6 * DAY)
    found = replay(past, Setup(nobody, TEN), Setup(table, TEN), asked)
    assert answered_at(found) == came + TEN  # overtime in reality; now there is a shift
    back = replay(past, Setup(table, TEN), Setup(nobody, TEN), asked)
    assert answered_at(back) == start + 1.5 * DAY + HOUR


@pytest.mark.parametrize(
    ("gaps", "expected"),
    [
        ([6 * MINUTE] * 19, None),
        ([6 * MINUTE] * 20, 6 * MINUTE),
        ([6 * MINUTE] * 21 + [9 * HOUR] * 10, 6 * MINUTE),
    ],
)
def test_handle_time_is_seen_between_two_answers_of_a_person(gaps, expected):
    came, past = at(0, 9), []
    for number in range(len(gaps) + 1):
        past.append(message(number, at(0, 8), came + sum(gaps[:number], timedelta(0))))
    assert observed_handle(past) == expected


def test_the_random_timetables_reach_beyond_now():
    assert minute(NOW) < LAST
