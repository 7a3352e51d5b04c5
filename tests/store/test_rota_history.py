"""The rules of the rota as they are kept, and what of the past is judged by which of them. Both databases."""

import json
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from threading import Barrier, Thread

import pytest
import structlog
from sqlalchemy import delete, select, update

from bot.clock import FixedClock
from bot.db.tables import PersonRow
from bot.db.tables_shifts import CalendarRow, OverrideRow, RotaVersionRow, ShiftRequestRow
from bot.desk import Desk, causes, handover, rota_history
from bot.desk.replay import Trial, last_days, names_of, run
from bot.desk.shifts import shift_of, staff_at, with_overrides
from bot.domain import calendars
from bot.domain.causes import Cause, Miss
from bot.domain.rota import Layer, Override, Rota, Vacation
from bot.domain.rota_versions import Judges, RotaHistory
from bot.settings.rota_shape import LayerSettings
from tests.store.lived import DAY, HOUR, MINUTE, Inbox, go_to, handovers, layer, rota_of, with_rota
from tests.store.test_replay import answer, figures, live
from tests.world import ANNA, CHEN, LI_WEI, START

DAYS, NIGHTS = layer("days", 8, 16, "anna"), layer("nights", 20, 28, "li-wei")
NOON = START + 3 * HOUR


def kept(desk: Desk) -> list[tuple[int, datetime]]:
    with desk.database.reading() as tx:
        return [(one.number, one.since) for one, _rules in rota_history.all_of(tx)]


def judged(desk: Desk, start: datetime) -> RotaHistory:
    with desk.database.reading() as tx:
        found = rota_history.history(tx, desk.settings, start, desk.now())
    assert found is not None
    return found


def on(desk: Desk, at: datetime) -> list[str]:
    table = judged(desk, at).timetable(at - HOUR, at + HOUR)
    return [one.agent for one in table.on(None, at)]


def without_agent(desk: Desk, key: str) -> Desk:
    """They are in no file any more."""
    agents = {name: one for name, one in desk.settings.agents.items() if name != key}
    rota = desk.settings.rota
    assert rota is not None
    rota = replace(rota, agents=tuple(one for one in rota.agents if one.key != key))
    return replace(desk, settings=desk.settings.model_copy(update={"agents": agents, "rota": rota}))


def test_rules_are_kept_once_for_each_change_also_when_old_ones_come_back(
    desk: Desk, clock: FixedClock
) -> None:
    days, nights = with_rota(desk, DAYS), with_rota(desk, NIGHTS)
    assert [rota_history.keep_rules(one) for one in (days, days)] == [1, None]
    clock.advance(HOUR)
    assert [rota_history.keep_rules(one) for one in (nights, nights)] == [2, None]
    clock.advance(HOUR)
    assert [rota_history.keep_rules(one) for one in (days, days)] == [3, None]
    assert kept(days) == [(1, START), (2, START + HOUR), (3, START + 2 * HOUR)]
    assert [on(days, START + n * HOUR + MINUTE) for n in range(3)] == [["anna"], [], ["anna"]]


def test_what_is_no_rule_of_who_is_on_makes_no_version(desk: Desk, clock: FixedClock) -> None:
    assert rota_history.keep_rules(desk) is None, "there is no rota"
    found = with_rota(desk, DAYS)
    assert rota_history.keep_rules(found) == 1
    clock.advance(400 * DAY)
    assert rota_history.keep_rules(found) is None, "a year with other holidays is no change"
    assert rota_history.keep_rules(with_rota(desk, DAYS, claim_minutes=7, minimum_rest_hours=9)) is None


def test_a_clock_that_was_set_back_does_not_put_new_rules_before_old_ones(
    desk: Desk, clock: FixedClock
) -> None:
    rota_history.keep_rules(with_rota(desk, DAYS))
    clock.advance(-HOUR)
    assert rota_history.keep_rules(with_rota(desk, NIGHTS)) == 2
    assert kept(desk) == [(1, START), (2, START)]
    assert on(with_rota(desk, NIGHTS), START + 12 * HOUR) == ["li-wei"]


def test_two_processes_that_start_at_once_keep_one_version(desk: Desk, clock: FixedClock) -> None:
    for rules, number in ((DAYS, 1), (NIGHTS, 2)):
        start, found = Barrier(3), []

        def begin(rules: Layer = rules, start: Barrier = start, found: list[int | None] = found) -> None:
            start.wait()
            found.append(rota_history.keep_rules(with_rota(desk, rules)))

        threads = [Thread(target=begin) for _ in range(3)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert sorted(found, key=str) == [number, None, None]
        clock.advance(HOUR)
    assert len(kept(desk)) == 2


def test_holidays_that_are_known_otherwise_make_a_version(desk: Desk) -> None:
    """What was kept was written by a program that did not know one of China's days off."""
    found = with_rota(desk, replace(DAYS, countries=("CN",)))
    rota_history.keep_rules(found)
    with desk.database.writing() as tx:
        row = tx.scalars(select(RotaVersionRow)).one()
        tree = json.loads(row.rules)
        assert "2027-10-01" in tree["holidays"]["CN"]["off"]
        tree["holidays"]["CN"]["off"].remove("2027-10-01")
        row.rules = json.dumps(tree)
        row.digest = sha256(row.rules.encode()).hexdigest()
    found.clock.advance(HOUR)  # type: ignore[attr-defined]  # a fixed clock
    assert rota_history.keep_rules(found) == 2
    old, new = (one.rota for one in judged(found, START).versions)
    holiday = datetime(2027, 10, 1, 9, tzinfo=START.tzinfo)
    assert [len(RotaHistory.of(one).timetable(holiday, holiday + HOUR).shifts) for one in (old, new)] == [
        1,
        0,
    ]


def test_a_version_that_cannot_be_read_is_told_and_the_one_before_judges(
    desk: Desk, clock: FixedClock
) -> None:
    later = layer("late", 10, 18, "bob")
    for rules in (DAYS, NIGHTS, later):
        rota_history.keep_rules(with_rota(desk, rules))
        clock.advance(DAY)
    found = with_rota(desk, later)
    assert [on(found, START + n * DAY + 2 * HOUR) for n in range(3)] == [["anna"], [], ["bob"]]
    with desk.database.writing() as tx:
        tx.execute(
            update(RotaVersionRow).where(RotaVersionRow.id == 2).values(rules='{"rota": {"layres": []}}')
        )
    with structlog.testing.capture_logs() as said:
        assert rota_history.keep_rules(found) is None
    assert [(one["event"], one["version"]) for one in said] == [("rota_version_unreadable", 2)]
    assert [on(found, START + n * DAY + 2 * HOUR) for n in range(3)] == [["anna"], ["anna"], ["bob"]]
    with desk.database.reading() as tx:
        whys = [rules for _one, rules in rota_history.all_of(tx) if isinstance(rules, str)]
    assert whys == ['rota.layres: unknown key. Did you mean "layers"? (expected: zone, layers, vacations, agents, '
                    "minimum_rest_hours, claim_minutes, handle_minutes, approval, handover_channel, accept_minutes, "
                    "forecast_minutes)"]  # fmt: skip
    with desk.database.writing() as tx:
        tx.execute(update(RotaVersionRow).where(RotaVersionRow.id == 1).values(rules="?"))
    assert judged(found, START).judges(START, START + HOUR) == Judges((3,), START + 2 * DAY, START + 2 * DAY)
    with desk.database.writing() as tx:
        tx.execute(update(RotaVersionRow).values(rules="?"))
    assert on(found, START + 2 * HOUR) == ["bob"], "the rules of now are known without their text"


def test_what_no_bot_has_read_yet_counts_from_now_on(desk: Desk, clock: FixedClock) -> None:
    rota_history.keep_rules(with_rota(desk, DAYS))
    clock.advance(3 * HOUR)
    edited = with_rota(desk, layer("days", 8, 16, "bob"))
    assert [on(edited, NOON + n * HOUR) for n in (-1, 0, 1)] == [["anna"], ["bob"], ["bob"]]
    with desk.database.reading() as tx:
        assert rota_history.not_in_force(tx, edited.settings) == edited.settings.rota
        assert rota_history.not_in_force(tx, with_rota(desk, DAYS).settings) is None


def fetched(desk: Desk, text: str) -> Desk:
    """The desk with one layer at an address, whose calendar was fetched, unless the text is empty."""
    shifts = desk.settings.shifts.model_copy(
        update={"layers": (LayerSettings(name="shared", zone="UTC", calendar="https://calendar.example/x"),)}
    )
    rota = replace(rota_of(), layers=(Layer("shared", "UTC", calendar=""),))
    if text:
        with desk.database.writing() as tx:
            tx.execute(delete(CalendarRow))
            tx.add(CalendarRow(layer="shared", text=text, fetched_at=desk.now()))
    return replace(desk, settings=desk.settings.model_copy(update={"rota": rota, "shifts": shifts}))


def test_a_calendar_is_kept_with_the_rules_as_it_was(desk: Desk, clock: FixedClock) -> None:
    assert rota_history.keep_rules(fetched(desk, "")) is None, "what was before would be judged by nothing"
    span = (START - HOUR, START + 9 * HOUR)
    first = calendars.feed([("anna", *span)], "Shifts", START)
    found = fetched(desk, first)
    assert rota_history.keep_rules(found) == 1
    clock.advance(HOUR)
    asked_again = calendars.feed([("anna", *span)], "Shifts", START + HOUR)
    assert asked_again != first
    assert rota_history.keep_rules(fetched(desk, asked_again)) is None
    clock.advance(2 * HOUR)
    found = fetched(desk, calendars.feed([("bob", *span)], "Shifts", NOON))
    assert rota_history.keep_rules(found) == 2
    assert [on(found, NOON + n * HOUR) for n in (-2, -1, 0, 1)] == [["anna"], ["anna"], ["bob"], ["bob"]]


def miss_of(desk: Desk, case: int) -> Miss:
    found = causes.missed(desk, dict.fromkeys(desk.settings.stores, START - 2 * DAY), desk.now())
    return next(one for one in found if one.case == case)


@pytest.mark.parametrize(
    ("then", "now", "cause"),
    [
        pytest.param(layer("chen", 8, 12, "chen-yu"), DAYS, Cause.NO_SHIFT, id="a shift that came too late"),
        pytest.param(DAYS, layer("chen", 8, 12, "chen-yu"), Cause.NOT_CLAIMED, id="a shift that is gone"),
    ],
)
def test_a_miss_is_judged_by_the_rules_of_its_time(
    desk: Desk, clock: FixedClock, then: Layer, now: Layer, cause: Cause
) -> None:
    """Chen Yu does not work for Sunrise, so that with his shifts alone nobody of that store is on."""
    before = with_rota(desk, then)
    rota_history.keep_rules(before)
    case = Inbox(before, clock).case("sunrise")
    clock.advance(DAY + HOUR)
    after = with_rota(desk, now)
    assert rota_history.keep_rules(after) == 2
    found = miss_of(after, case)
    assert (found.verdict.cause, found.judges) == (cause, Judges((1,), START))
    with desk.database.writing() as tx:
        tx.execute(delete(RotaVersionRow))
    unknown = miss_of(after, case)
    assert (unknown.verdict.cause == cause, unknown.judges) == (False, Judges())


def test_a_miss_of_before_the_first_version_is_judged_by_it_and_says_so(
    desk: Desk, clock: FixedClock
) -> None:
    found = with_rota(desk, DAYS)
    case = Inbox(found, clock).case("sunrise")
    clock.advance(HOUR)
    rota_history.keep_rules(found)
    clock.advance(DAY)
    assert miss_of(found, case).judges == Judges((1,), START + HOUR, START + HOUR)
    assert miss_of(desk, case).judges is None, "without a rota there is nothing to judge by"


def test_a_change_of_the_rules_is_a_change_of_shift(desk: Desk, clock: FixedClock) -> None:
    """Anna is on until 16:00; at noon the bot starts with rules that have Li Wei on instead."""
    before, after = with_rota(desk, DAYS), with_rota(desk, layer("days", 8, 16, "li-wei"))
    rota_history.keep_rules(before)
    handover.shift_changes(before)
    go_to(clock, NOON)
    rota_history.keep_rules(after)
    clock.advance(MINUTE)
    handover.shift_changes(after)
    assert {(one.at, one.leaving) for one in handovers(desk)} == {(NOON, ANNA)}
    with desk.database.reading() as tx:
        view = staff_at(tx, after, clock.now())
        assert [(one.agent, one.start) for one in view.stints_on("nordlicht")] == [("li-wei", NOON)]
        further = Override(1, "override", "bob", True, NOON, NOON + HOUR)
        more = with_overrides(view, [further])
        assert [one.start for one in more.stints_on("sunrise")] == [NOON, NOON]
        assert shift_of(tx, after, ANNA, "nordlicht", NOON - MINUTE) == "days"
        assert shift_of(tx, after, ANNA, "nordlicht", NOON + MINUTE) == ""


@pytest.mark.parametrize("seed", [1, 2])
def test_a_past_under_several_rotas_is_given_back(staffed: Desk, clock: FixedClock, seed: int) -> None:
    """A day by each of three rotas, the last of them without Chen Yu, who answered some of it."""
    rota_history.keep_rules(staffed)
    inbox = Inbox(staffed, clock)
    live(staffed, clock, 24, seed, inbox)
    assert staffed.settings.rota is not None
    beijing, us = staffed.settings.rota.layers
    second = with_rota(staffed, replace(us, name="west"), beijing, layer("noon", 10, 17, "wang-fang"))
    assert rota_history.keep_rules(second) == 2
    live_on(second, clock, inbox, 24)
    with staffed.database.writing() as tx:
        about = {"name": "Chen", "zone": "Asia/Shanghai", "locale": "zh-CN", "fetched_at": clock.now()}
        tx.add(PersonRow(person=CHEN, agent="chen-yu", gone=True, **about))
    third = without_agent(second, "chen-yu")
    assert rota_history.keep_rules(third) == 3
    clock.advance(6 * HOUR)
    for store in (None, "nordlicht"):
        period = last_days(third, 7, store)
        found = run(third, Trial(), period)
        assert found.was == found.tried
        assert found.was.figures == figures(third, period)
    everything = run(third, Trial(), last_days(third, 7))
    assert everything.judges.numbers == (1, 2, 3)
    hours = {one.agent: one.hours for one in everything.was.people}
    chen = next(one for one in everything.was.people if one.agent == "chen-yu")
    assert (chen.answered > 0, chen.hours > 0) == (True, True)
    assert hours["chen-yu"] < hours["li-wei"], "only as long as he was there"
    assert names_of(third)["chen-yu"] == "Chen Yu"
    assert run(third, Trial(without="chen-yu"), last_days(third, 7)).tried != everything.was


def live_on(desk: Desk, clock: FixedClock, inbox: Inbox, hours: int) -> None:
    """Messages come, and those who are on answer one an hour, Chen Yu the first."""
    for _ in range(hours):
        case = inbox.case()
        clock.advance(30 * MINUTE)
        answer(desk, case, CHEN if case % 3 else LI_WEI)
        clock.advance(30 * MINUTE)


def test_a_shift_that_is_tried_is_tried_in_all_versions(desk: Desk, clock: FixedClock) -> None:
    """Bob came with the second version; a trial has him in the first, too."""
    evening = layer("evening", 16, 24, "bob")
    first = without_agent(with_rota(desk, DAYS), "bob")
    rota_history.keep_rules(first)
    go_to(clock, START + 8 * HOUR)
    Inbox(first, clock).case("sunrise")
    clock.advance(DAY + HOUR)
    second = with_rota(desk, DAYS)
    rota_history.keep_rules(second)
    period = last_days(second, 7)
    found = run(second, Trial(added=evening), period)
    assert {one.agent: one.hours for one in found.was.people}["bob"] == 0
    assert {one.agent: one.hours for one in found.tried.people}["bob"] > 8


def test_overrides_of_who_left_count_for_the_time_that_they_were_there(desk: Desk, clock: FixedClock) -> None:
    before = with_rota(desk, DAYS)
    rota_history.keep_rules(before)
    with desk.database.writing() as tx:
        request = ShiftRequestRow(
            kind="override", state="done", by=ANNA, start=START, end=NOON + DAY, channel="x", created_at=START
        )
        tx.add(request)
        tx.flush()
        of = {"request": request.id, "kind": "override", "agent": "chen-yu", "is_on": True, "made_at": START}
        tx.add(OverrideRow(start=START, end=NOON + DAY, **of))
    go_to(clock, NOON)
    after = without_agent(with_rota(desk, DAYS), "chen-yu")
    rota_history.keep_rules(after)
    with desk.database.reading() as tx:
        table = staff_at(tx, after, NOON).table
    assert table is not None
    assert [one.end for one in table.stints_of("chen-yu", "nordlicht")] == [NOON]


def test_vacations_are_rules_too(desk: Desk, clock: FixedClock) -> None:
    found = with_rota(desk, DAYS)
    rota_history.keep_rules(found)
    clock.advance(3 * HOUR)
    rota = found.settings.rota
    assert isinstance(rota, Rota)
    away = replace(rota, vacations=(Vacation("anna", date(2026, 11, 25), date(2026, 11, 25), "UTC"),))
    off = replace(found, settings=found.settings.model_copy(update={"rota": away}))
    assert rota_history.keep_rules(off) == 2
    assert [on(off, NOON + n * HOUR) for n in (-1, 1)] == [["anna"], []]
