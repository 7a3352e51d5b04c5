"""Direct messages about one's own shift: the brief when it begins, the forecast before it ends. Both databases.

The rota: that of test_handover.py.
"""

from dataclasses import replace

import pytest

from bot.clock import FixedClock
from bot.desk import Desk, assign, handover, handover_pages
from bot.domain.rota import WeeklyShift
from tests.store.lived import DAY, HOUR, MINUTE, Inbox, go_to, handovers, keys, layer, told, with_rota
from tests.store.test_handover import FIVE_PM, HALF, NORD, TEN, change, look, override
from tests.world import ANNA, BOB, CHEN, LI_WEI, START, WANG


@pytest.fixture
def inbox(staffed: Desk, clock: FixedClock) -> Inbox:
    return Inbox(staffed, clock)


def test_the_brief_goes_to_who_begins_and_holds_their_cases(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    overdue, soon = inbox.case(late=20 * HOUR), inbox.case(late=15 * HOUR)
    mine, far, other = inbox.case(late=15 * HOUR), inbox.case(), inbox.case("sunrise", late=15 * HOUR)
    assign.assign(staffed, mine, ANNA, by=WANG)
    change(staffed, clock, FIVE_PM)
    stamp = int(FIVE_PM.timestamp())
    assert set(keys(staffed, "brief")) == {f"brief:{ANNA}:{stamp}", f"brief:{BOB}:{stamp}"}
    brief = handover_pages.brief(staffed, ANNA, FIVE_PM)
    assert brief is not None
    assert [line.number for line in brief.mine] == [mine]
    assert {line.number for line in brief.due} == {overdue, soon, other}
    assert far not in {line.number for line in brief.due}
    assert (brief.end, brief.with_me) == (START + 16 * HOUR, (BOB,))
    assert (set(brief.next_on), brief.next_at) == ({LI_WEI, CHEN, WANG}, START + 16 * HOUR)
    bobs = handover_pages.brief(staffed, BOB, FIVE_PM)
    assert bobs is not None
    assert ([line.number for line in bobs.due], bobs.store_names) == ([other], ("Sunrise",))
    go_to(clock, START + 17 * HOUR)
    assert handover_pages.brief(staffed, ANNA, FIVE_PM) is None


def forecasts(desk: Desk) -> list[str]:
    return [key.split(":")[1] for key in keys(desk, "forecast")]


def test_the_forecast_comes_an_hour_before_the_end_to_who_leaves(staffed: Desk, clock: FixedClock) -> None:
    go_to(clock, TEN - 90 * MINUTE + DAY)
    look(staffed)
    told(staffed)
    go_to(clock, TEN - 60 * MINUTE + DAY - HALF)
    look(staffed)
    assert forecasts(staffed) == []
    clock.advance(HALF)
    look(staffed)
    assert set(forecasts(staffed)) == {LI_WEI, CHEN, WANG}


def test_the_forecast_of_somebody_after_whom_nobody_is_on_holds_everything_due_in_the_gap(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    """Due before 18:00: from 17:00 on somebody is there who has an hour."""
    in_gap = inbox.case(late=15 * HOUR + MINUTE)
    inbox.case(late=15 * HOUR)
    colleagues = inbox.case(late=20 * HOUR)
    assign.assign(staffed, colleagues, CHEN, by=WANG)
    overdue = inbox.case(late=23.75 * HOUR)
    sunrise = inbox.case("sunrise", late=20 * HOUR)
    clock.advance(30 * MINUTE)
    li = handover_pages.forecast(staffed, LI_WEI, TEN)
    chen = handover_pages.forecast(staffed, CHEN, TEN)
    assert li is not None
    assert chen is not None
    assert {line.number for line in li.due} == {in_gap, colleagues, overdue, sunrise}
    assert [line.number for line in chen.mine] == [colleagues]
    assert {line.number for line in chen.due} == {in_gap, overdue}
    assert (li.next_on, li.next_at) == ((ANNA, BOB), FIVE_PM)
    assert (chen.next_on, chen.next_at) == ((ANNA,), FIVE_PM)


def test_where_others_stay_on_the_forecast_holds_ones_own_cases_that_one_would_miss(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    """Anna ends at 10:00 and is back at 08:00: what she has and is due before 09:00 would be missed."""
    desk = with_rota(staffed, layer("a", 8, 10, "anna"), layer("b", 8, 16, "li-wei"))
    mine, later, _free = inbox.case(late=6 * HOUR), inbox.case(), inbox.case(late=6 * HOUR)
    clock.advance(MINUTE)
    back_in_time = inbox.case()
    for number in (mine, later, back_in_time):
        assign.claim(desk, number, by=ANNA)
    brief = handover_pages.forecast(desk, ANNA, TEN)
    assert brief is not None
    assert ([line.number for line in brief.mine], brief.due) == ([mine], ())
    assert (brief.next_on, brief.next_at) == ((LI_WEI,), TEN)


def test_nothing_is_forecast_when_nothing_is_due_or_the_shift_was_prolonged(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    assert handover_pages.forecast(staffed, LI_WEI, TEN) is None
    inbox.case(late=20 * HOUR)
    assert handover_pages.forecast(staffed, LI_WEI, TEN) is not None
    override(staffed, "li-wei", TEN, TEN + HOUR, is_on=True)
    assert handover_pages.forecast(staffed, LI_WEI, TEN) is None
    look(staffed)
    go_to(clock, TEN)
    look(staffed)
    assert LI_WEI in forecasts(staffed)


def test_what_was_noted_before_a_weekend_is_in_the_brief_after_it(staffed: Desk, clock: FixedClock) -> None:
    """START is a Wednesday. Li Wei works on Fridays and Chen Yu on Mondays, from nine to six; nobody is on between."""
    friday, monday = START + 2 * DAY, START + 5 * DAY
    fri, mon = (
        replace(layer(name, 9, 18), shifts=(WeeklyShift(frozenset({day}), 540, 1080, (who,)),))
        for name, day, who in (("fri", 4, "li-wei"), ("mon", 0, "chen-yu"))
    )
    desk = with_rota(staffed, fri, mon)
    go_to(clock, friday)
    change(desk, clock, friday + 9 * HOUR)
    clock.advance(5 * MINUTE)
    last = next(one.id for one in handovers(desk) if one.channel == NORD)
    handover.add_note(desk, last, "The carrier is on strike.", by=LI_WEI)
    change(desk, clock, monday)
    brief = handover_pages.brief(desk, CHEN, monday)
    assert brief is not None
    assert brief.notes == (("Li Wei", "The carrier is on strike."),)
