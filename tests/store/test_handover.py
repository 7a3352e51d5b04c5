"""Shift changes: told once, counted right, accepted by one, chased if by nobody; briefs and forecasts. Both databases.

The rota unless told otherwise: Beijing 01:00-10:00 UTC (Li Wei, Chen Yu, Wang Fang the manager), Los Angeles
17:00-01:00 UTC (Anna, Bob). Chen Yu works for Nordlicht only, Bob for Sunrise only. START is 09:00 UTC.
"""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from bot.clock import FixedClock
from bot.db.tables import CaseRow, DeadlineRow, LedgerRow
from bot.db.tables_shifts import OverrideRow, ShiftRequestRow
from bot.desk import Desk, assign, close, handover, handover_pages, route
from bot.errors import NotAllowed, NotFound, Stale, WrongInput
from tests.store.lived import DAY, HOUR, MINUTE, Inbox, go_to, handovers, keys, layer, told, walk, with_rota
from tests.world import ANNA, BOB, CHEN, GUEST, LI_WEI, START, WANG

HALF = timedelta(seconds=30)
TEN, FIVE_PM = START + HOUR, START + 8 * HOUR
NORD, SUN = "amz-nordlicht", "amz-sunrise"


@pytest.fixture
def inbox(staffed: Desk, clock: FixedClock) -> Inbox:
    return Inbox(staffed, clock)


def look(desk: Desk) -> int:
    return handover.shift_changes(desk)


def look_on(desk: Desk, clock: FixedClock, until: datetime, step: timedelta = 5 * MINUTE) -> None:
    walk(clock, until, step, lambda: look(desk))


def change(desk: Desk, clock: FixedClock, at: datetime) -> None:
    """Up to a shift change, and over it."""
    go_to(clock, at - HALF)
    look(desk)
    clock.advance(HALF)
    look(desk)


def override(desk: Desk, agent: str, start: datetime, end: datetime, *, is_on: bool) -> None:
    with desk.database.writing() as tx:
        request = ShiftRequestRow(
            kind="override", state="done", by=WANG, start=start, end=end, channel=NORD, created_at=desk.now()
        )
        tx.add(request)
        tx.flush()
        tx.add(
            OverrideRow(
                request=request.id,
                kind="override",
                agent=agent,
                is_on=is_on,
                start=start,
                end=end,
                made_at=desk.now(),
            )
        )


def test_each_change_is_one_handover_in_each_channel_over_two_days(staffed: Desk, clock: FixedClock) -> None:
    look(staffed)
    look_on(staffed, clock, START + 2 * DAY)
    found = [(row.at, row.channel, row.leaving) for row in handovers(staffed)]
    nord, sun = ("li-wei", "chen-yu", "wang-fang"), ("li-wei", "wang-fang")
    people = {"li-wei": LI_WEI, "chen-yu": CHEN, "wang-fang": WANG}
    beijing = {channel: {people[one] for one in who} for channel, who in ((NORD, nord), (SUN, sun))}
    los_angeles = {NORD: {ANNA}, SUN: {ANNA, BOB}}
    for day in (START, START + DAY):
        for at, left in ((1, beijing), (8, {NORD: set(), SUN: set()}), (16, los_angeles)):
            for channel, who in left.items():
                (match,) = [one for one in found if one[:2] == (day + at * HOUR, channel)]
                assert set(filter(None, match[2].split(","))) == who
    assert len(found) == 2 * 3 * 2
    assert len(keys(staffed, "handover")) == len(found)


def test_looking_again_and_again_says_nothing_twice(staffed: Desk, clock: FixedClock) -> None:
    change(staffed, clock, TEN)
    told(staffed)
    for _ in range(5):
        assert look(staffed) == 0
        clock.advance(HALF)
    assert keys(staffed, "handover", "brief", "unstaffed") == []


def at_once(desk: Desk) -> None:
    """Four clocks tick at the same moment; an error of one of them is an error here."""
    start = Barrier(4)

    def tick() -> int:
        start.wait()
        return look(desk)

    with ThreadPoolExecutor(4) as clocks:
        for one in [clocks.submit(tick) for _ in range(4)]:
            one.result()


def test_two_clocks_that_tick_at_once_tell_a_change_once(staffed: Desk, clock: FixedClock) -> None:
    go_to(clock, FIVE_PM - HALF)
    look(staffed)
    clock.advance(HALF)
    at_once(staffed)
    assert [row.channel for row in handovers(staffed)] == [NORD, SUN]
    assert Counter(keys(staffed, "handover", "brief")).most_common(1)[0][1] == 1
    with staffed.database.reading() as tx:
        assert len(tx.scalars(select(LedgerRow).where(LedgerRow.what == "shift_changed")).all()) == 2


def test_the_very_first_look_of_two_clocks_at_once_does_no_harm(staffed: Desk) -> None:
    at_once(staffed)


def test_after_half_an_hour_of_outage_the_change_is_told_late_and_after_five_hours_it_is_history(
    staffed: Desk, clock: FixedClock
) -> None:
    go_to(clock, TEN - MINUTE)
    look(staffed)
    go_to(clock, TEN + 29 * MINUTE)
    look(staffed)
    assert [row.at for row in handovers(staffed)] == [TEN, TEN]
    go_to(clock, FIVE_PM - MINUTE)
    look(staffed)
    told(staffed)
    go_to(clock, FIVE_PM + 5 * HOUR)
    look(staffed)
    assert keys(staffed, "handover", "brief") == []


def test_after_an_outage_over_two_changes_one_post_tells_of_all_who_left(
    staffed: Desk, clock: FixedClock
) -> None:
    desk = with_rota(
        staffed, layer("a", 8, 12, "li-wei"), layer("b", 8, 12.5, "chen-yu"), layer("c", 8, 16, "anna")
    )
    look(desk)
    go_to(clock, START + 3 * HOUR + 45 * MINUTE)
    look(desk)
    row = next(one for one in handovers(desk) if one.channel == NORD)
    assert (row.at, set(row.leaving.split(","))) == (START + 3.5 * HOUR, {LI_WEI, CHEN})
    assert len(handovers(desk)) == 2


def test_who_joins_others_makes_no_handover_and_who_leaves_others_does(
    staffed: Desk, clock: FixedClock
) -> None:
    desk = with_rota(staffed, layer("long", 8, 16, "li-wei"), layer("short", 10, 12, "anna"))
    look(desk)
    look_on(desk, clock, START + 2 * HOUR)
    assert handovers(desk) == []
    assert [key.split(":")[1] for key in keys(desk, "brief")] == [ANNA]
    look_on(desk, clock, START + 4 * HOUR)
    assert {(row.at, row.leaving) for row in handovers(desk)} == {(START + 3 * HOUR, ANNA)}
    assert handover_pages.handover(desk, handovers(desk)[0].id).on == (LI_WEI,)


def test_shifts_that_touch_are_no_change_of_the_same_person(staffed: Desk, clock: FixedClock) -> None:
    desk = with_rota(staffed, layer("early", 8, 12, "li-wei"), layer("late", 12, 16, "li-wei"))
    look(desk)
    look_on(desk, clock, START + 4 * HOUR)
    assert handovers(desk) == []


def test_stores_of_one_channel_change_together(staffed: Desk, clock: FixedClock) -> None:
    stores = {
        name: one.model_copy(update={"channel": "amz-all"}) for name, one in staffed.settings.stores.items()
    }
    desk = replace(staffed, settings=staffed.settings.model_copy(update={"stores": stores}))
    change(desk, clock, TEN)
    (row,) = handovers(desk)
    assert (row.channel, row.stores) == ("amz-all", "nordlicht,sunrise")
    assert set(row.leaving.split(",")) == {LI_WEI, CHEN, WANG}


def test_handovers_go_to_the_channel_that_the_settings_name(staffed: Desk, clock: FixedClock) -> None:
    desk = with_rota(staffed, handover_channel="amz-shifts")
    change(desk, clock, TEN)
    (row,) = handovers(desk)
    assert (row.channel, row.stores) == ("amz-shifts", "nordlicht,sunrise")


def test_without_a_rota_nothing_changes(desk: Desk, clock: FixedClock) -> None:
    clock.advance(DAY)
    assert look(desk) == 0


def test_an_override_that_takes_somebody_off_in_the_middle_is_a_handover(
    staffed: Desk, clock: FixedClock
) -> None:
    look(staffed)
    go_to(clock, FIVE_PM + HOUR)
    look(staffed)
    told(staffed)
    clock.advance(MINUTE)
    override(staffed, "anna", clock.now(), clock.now() + 3 * HOUR, is_on=False)
    clock.advance(HALF)
    look(staffed)
    new = [row for row in handovers(staffed) if row.at == FIVE_PM + HOUR + MINUTE]
    assert {(row.channel, row.leaving) for row in new} == {(NORD, ANNA), (SUN, ANNA)}


def counted(desk: Desk, stores: set[str], before: datetime) -> dict[str, object]:
    """Counts over the bare tables."""
    now = desk.now()
    with desk.database.reading() as tx:
        cases = {row.number: row for row in tx.scalars(select(CaseRow)) if row.store in stores}
        due: dict[int, datetime] = {}
        for row in tx.scalars(select(DeadlineRow).where(DeadlineRow.state == "open")):
            if row.case in cases:
                due[row.case] = min(row.due_at, due.get(row.case, row.due_at))
    return {
        "open": len(due),
        "unclaimed": sum(cases[one].assignee is None for one in due),
        "due": sum(now <= at < before for at in due.values()),
        "overdue": sum(at < now for at in due.values()),
        "numbers": [n for at, n in sorted((at, n) for n, at in due.items()) if at < before],
    }


@pytest.mark.parametrize("channel", [NORD, SUN])
def test_counts_and_the_list_are_those_of_the_tables(
    staffed: Desk, clock: FixedClock, inbox: Inbox, channel: str
) -> None:
    """Los Angeles comes on: what is due before 01:00, when Beijing is there, has to be answered."""
    for place in range(28):
        inbox.case(("nordlicht", "sunrise")[place % 3 == 0], late=timedelta(minutes=53 * place))
    assign.claim(staffed, 1005, by=LI_WEI)
    close.no_response_needed(staffed, 1006, by=LI_WEI)
    change(staffed, clock, FIVE_PM)
    row = next(one for one in handovers(staffed) if (one.at, one.channel) == (FIVE_PM, channel))
    page = handover_pages.handover(staffed, row.id)
    expected = counted(staffed, {channel.removeprefix("amz-")}, START + 16 * HOUR)
    assert {
        "open": page.open_cases,
        "unclaimed": page.unclaimed,
        "due": page.due_in_shift,
        "overdue": page.overdue,
        "numbers": [line.number for line in page.due],
    } == expected
    assert (page.due_in_shift > 0, page.overdue > 0) == (True, True)
    assert page.until == START + 16 * HOUR


def test_what_falls_due_in_the_gap_behind_a_shift_has_to_be_answered_in_it(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    """Beijing comes on at 01:00 and ends at 10:00; nobody is there before 17:00."""
    go_to(clock, START + 3 * HOUR)
    due_at_12 = inbox.case()
    go_to(clock, START + 9 * HOUR)
    due_at_18 = inbox.case()
    change(staffed, clock, START + 16 * HOUR)
    row = next(one for one in handovers(staffed) if (one.at, one.channel) == (START + 16 * HOUR, NORD))
    page = handover_pages.handover(staffed, row.id)
    assert due_at_12 in {line.number for line in page.due}
    assert due_at_18 not in {line.number for line in page.due}
    brief = handover_pages.brief(staffed, LI_WEI, START + 16 * HOUR)
    assert brief is not None
    assert [line.number for line in brief.due] == [line.number for line in page.due]


def test_while_nobody_is_on_the_handover_tells_what_dies_before_anybody_comes(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    dies, _lives = inbox.case(late=20 * HOUR), inbox.case(late=2 * HOUR)
    change(staffed, clock, TEN)
    row = next(one for one in handovers(staffed) if one.channel == NORD)
    page = handover_pages.handover(staffed, row.id)
    assert (page.on, page.until, page.next_at) == ((), None, FIVE_PM)
    assert ([line.number for line in page.due], page.due_in_shift) == ([dies], 1)
    warning = handover_pages.unstaffed(staffed, row.id)
    assert warning is not None
    assert ([line.number for line in warning.due], warning.next_at, warning.next_on) == (
        [dies],
        FIVE_PM,
        (ANNA,),
    )
    assert keys(staffed, "unstaffed") == [f"unstaffed:{row.id}:{WANG}"]
    close.no_response_needed(staffed, dies, by=WANG)
    assert handover_pages.unstaffed(staffed, row.id) is None
    assert page.open_cases == 2


def test_managers_are_not_warned_of_a_gap_in_which_nothing_dies(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    inbox.case(late=2 * HOUR)
    inbox.case(late=25 * HOUR)
    change(staffed, clock, TEN)
    assert keys(staffed, "unstaffed") == []


def test_managers_are_warned_of_one_store_without_people_though_another_of_the_channel_has_some(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    desk = with_rota(
        staffed, layer("a", 8, 10, "li-wei"), layer("b", 8, 16, "bob"), handover_channel="amz-shifts"
    )
    dies = inbox.case("nordlicht", late=20 * HOUR)
    inbox.case("sunrise", late=20 * HOUR)
    change(desk, clock, TEN)
    (row,) = handovers(desk)
    warning = handover_pages.unstaffed(desk, row.id)
    assert warning is not None
    assert ([line.number for line in warning.due], warning.store_names) == ([dies], ("Nordlicht",))
    assert keys(desk, "unstaffed") == [f"unstaffed:{row.id}:{WANG}"]


@pytest.fixture
def los_angeles(staffed: Desk, clock: FixedClock, inbox: Inbox) -> int:
    """The handover at which Los Angeles came on for Nordlicht, with one open case; its number."""
    inbox.case()
    change(staffed, clock, FIVE_PM)
    told(staffed)
    return next(one.id for one in handovers(staffed) if (one.at, one.channel) == (FIVE_PM, NORD))


def test_the_first_to_accept_has_it_and_the_second_is_told_who(staffed: Desk, los_angeles: int) -> None:
    handover.accept(staffed, los_angeles, by=ANNA)
    handover.accept(staffed, los_angeles, by=ANNA)
    with pytest.raises(Stale) as told_off:
        handover.accept(staffed, los_angeles, by=WANG)
    assert told_off.value.facts["who"] == ANNA
    page = handover_pages.handover(staffed, los_angeles)
    assert (page.accepted_by, page.accepted_at) == (ANNA, FIVE_PM)
    assert keys(staffed, "handover") == [f"handover:{los_angeles}"]
    with staffed.database.reading() as tx:
        assert len(tx.scalars(select(LedgerRow).where(LedgerRow.what == "handover_accepted")).all()) == 1


def test_of_many_who_accept_at_once_one_has_it(staffed: Desk, clock: FixedClock) -> None:
    desk = with_rota(staffed, layer("all", 9.5, 16, "li-wei", "chen-yu", "anna", "wang-fang"))
    change(desk, clock, START + HALF * 60)
    number = next(one.id for one in handovers(desk) if one.channel == NORD)
    start, won, lost = Barrier(4), [], []

    def press(person: str) -> None:
        start.wait()
        try:
            handover.accept(desk, number, by=person)
            won.append(person)
        except Stale as why:
            lost.append(why.facts["who"])

    people = [Thread(target=press, args=(one,)) for one in (LI_WEI, CHEN, ANNA, WANG)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert (len(won), lost) == (1, won * 3)


@pytest.mark.parametrize("person", [LI_WEI, BOB, GUEST])
def test_who_is_off_shift_elsewhere_or_a_stranger_accepts_nothing(
    staffed: Desk, los_angeles: int, person: str
) -> None:
    """Bob is on shift, but for Sunrise."""
    with pytest.raises(NotAllowed):
        handover.accept(staffed, los_angeles, by=person)
    with pytest.raises(NotAllowed):
        handover.hand_over_held(staffed, los_angeles, by=person)
    assert handover_pages.handover(staffed, los_angeles).accepted_by is None


def test_a_manager_of_other_stores_is_not_asked_and_accepts_nothing(staffed: Desk, los_angeles: int) -> None:
    agents = dict(staffed.settings.agents)
    agents["wang-fang"] = agents["wang-fang"].model_copy(update={"manages": ("sunrise",)})
    agents["li-wei"] = agents["li-wei"].model_copy(update={"role": "manager", "manages": ("nordlicht",)})
    desk = replace(staffed, settings=staffed.settings.model_copy(update={"agents": agents}))
    for act in (handover.accept, handover.hand_over_held, handover.keep_held):
        with pytest.raises(NotAllowed):
            act(desk, los_angeles, by=WANG)
    handover.accept(desk, los_angeles, by=LI_WEI)


def test_a_manager_may_accept_from_anywhere(staffed: Desk, los_angeles: int) -> None:
    handover.accept(staffed, los_angeles, by=WANG)
    assert handover_pages.handover(staffed, los_angeles).accepted_by == WANG


def test_a_handover_that_does_not_exist_is_said_to(staffed: Desk) -> None:
    for act in (handover.accept, handover.keep_held):
        with pytest.raises(NotFound):
            act(staffed, 99, by=LI_WEI)
    with pytest.raises(NotFound):
        handover_pages.handover(staffed, 99)


def test_notes_need_words_and_are_for_those_who_come_or_go(staffed: Desk, clock: FixedClock) -> None:
    change(staffed, clock, TEN)
    number = next(one.id for one in handovers(staffed) if one.channel == NORD)
    handover.add_note(staffed, number, "  The carrier is on strike.\n", by=LI_WEI)
    with pytest.raises(WrongInput):
        handover.add_note(staffed, number, "  \n", by=LI_WEI)
    with pytest.raises(NotAllowed):
        handover.add_note(staffed, number, "Hello", by=ANNA)
    assert handover_pages.handover(staffed, number).notes == ((LI_WEI, "The carrier is on strike."),)


def test_what_the_last_shifts_noted_is_in_the_next_post_and_in_the_brief(
    staffed: Desk, clock: FixedClock
) -> None:
    change(staffed, clock, FIVE_PM)
    began = next(one.id for one in handovers(staffed) if (one.at, one.channel) == (FIVE_PM, NORD))
    go_to(clock, FIVE_PM + 7 * HOUR)
    handover.add_note(staffed, began, "Case 1001 waits for the warehouse.", by=ANNA)
    change(staffed, clock, START + 16 * HOUR)
    after = next(one.id for one in handovers(staffed) if (one.at, one.channel) == (START + 16 * HOUR, NORD))
    assert handover_pages.handover(staffed, after).notes == ((ANNA, "Case 1001 waits for the warehouse."),)
    clock.advance(5 * MINUTE)
    handover.add_note(staffed, after, "And refunds are slow.", by=ANNA)
    brief = handover_pages.brief(staffed, LI_WEI, START + 16 * HOUR)
    assert brief is not None
    assert brief.notes == (
        ("Anna Kowalski", "Case 1001 waits for the warehouse."),
        ("Anna Kowalski", "And refunds are slow."),
    )
    # A day later: Beijing knows them, and its next post does not repeat them.
    change(staffed, clock, TEN + DAY)
    gap = next(one.id for one in handovers(staffed) if (one.at, one.channel) == (TEN + DAY, NORD))
    assert handover_pages.handover(staffed, gap).notes == ()
    handover.add_note(staffed, gap, "All quiet.", by=CHEN)
    change(staffed, clock, FIVE_PM + DAY)
    brief = handover_pages.brief(staffed, ANNA, FIVE_PM + DAY)
    assert brief is not None
    assert ("Chen Yu", "All quiet.") in brief.notes


def test_cases_of_those_who_left_are_handed_over_or_kept(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    given, sunrise = inbox.case(), inbox.case("sunrise")
    other = inbox.case()
    for number in (given, sunrise, other):
        assign.assign(staffed, number, LI_WEI, by=WANG)
    change(staffed, clock, TEN)
    change(staffed, clock, FIVE_PM)
    first = next(one.id for one in handovers(staffed) if (one.at, one.channel) == (TEN, NORD))
    assert {line.number for line in handover_pages.handover(staffed, first).held} == {given, other}
    assert handover.hand_over_held(staffed, first, by=ANNA) == 2
    page = handover_pages.handover(staffed, first)
    assert (page.held, page.held_choice, page.held_chosen_by) == ((), "give", ANNA)
    with staffed.database.reading() as tx:
        rows = {row.number: (row.assignee, row.offered_to) for row in tx.scalars(select(CaseRow))}
    assert rows == {given: (None, ANNA), other: (None, ANNA), sunrise: (LI_WEI, None)}
    second = next(one.id for one in handovers(staffed) if (one.at, one.channel) == (TEN, SUN))
    assert handover.keep_held(staffed, second, by=BOB) == 1
    assert handover_pages.handover(staffed, second).held == ()
    route.route_waiting(staffed)
    with staffed.database.reading() as tx:
        assert (tx.get_one(CaseRow, sunrise).assignee, tx.get_one(CaseRow, sunrise).kept) == (LI_WEI, True)


@pytest.mark.parametrize("act", [handover.hand_over_held, handover.keep_held])
def test_where_stores_share_a_handover_each_decides_about_cases_of_their_own(
    staffed: Desk, clock: FixedClock, inbox: Inbox, act: Callable[..., int]
) -> None:
    """Bob works for Sunrise only."""
    desk = with_rota(staffed, handover_channel="amz-shifts")
    nordlicht, sunrise = inbox.case(), inbox.case("sunrise")
    for number in (nordlicht, sunrise):
        assign.assign(desk, number, LI_WEI, by=WANG)
    change(desk, clock, TEN)
    change(desk, clock, FIVE_PM)
    first = next(one.id for one in handovers(desk) if one.at == TEN)
    assert act(desk, first, by=BOB) == 1
    page = handover_pages.handover(desk, first)
    assert ([line.number for line in page.held], page.held_choice) == ([nordlicht], None)
    with pytest.raises(NotAllowed) as why:
        act(desk, first, by=BOB)
    assert (why.value.key, ANNA in why.value.facts["who"]) == ("not_your_store", True)
    assert act(desk, first, by=ANNA) == 1
    page = handover_pages.handover(desk, first)
    assert (page.held, page.held_chosen_by) == ((), ANNA)


def test_who_left_may_say_that_they_keep_theirs(staffed: Desk, clock: FixedClock, inbox: Inbox) -> None:
    number = inbox.case()
    assign.claim(staffed, number, by=LI_WEI)
    change(staffed, clock, TEN)
    row = next(one for one in handovers(staffed) if one.channel == NORD)
    assert handover.keep_held(staffed, row.id, by=LI_WEI) == 1


def test_who_does_not_accept_is_reminded_then_the_managers_on_shift_each_once(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    inbox.case()
    change(staffed, clock, START + 16 * HOUR)
    row = next(one for one in handovers(staffed) if (one.at, one.channel) == (START + 16 * HOUR, NORD))
    look_on(staffed, clock, row.at + 19 * MINUTE, MINUTE)
    assert keys(staffed, "handover_reminder", "handover_late") == []
    look_on(staffed, clock, row.at + 20 * MINUTE, MINUTE)
    reminded = [f"handover_reminder:{row.id}:{one}" for one in (LI_WEI, CHEN, WANG)]
    assert sorted(keys(staffed, "handover_reminder", "handover_late")) == sorted(reminded)
    look_on(staffed, clock, row.at + 39 * MINUTE, MINUTE)
    assert sorted(keys(staffed, "handover_reminder", "handover_late")) == sorted(reminded)
    look_on(staffed, clock, row.at + 40 * MINUTE, MINUTE)
    assert keys(staffed, "handover_late") == [f"handover_late:{row.id}:{WANG}"]
    told(staffed)
    look_on(staffed, clock, row.at + 4 * HOUR, 10 * MINUTE)
    assert keys(staffed, "handover_reminder", "handover_late") == []


def test_managers_who_sleep_are_not_called_for_a_handover(
    staffed: Desk, clock: FixedClock, los_angeles: int
) -> None:
    look_on(staffed, clock, FIVE_PM + HOUR)
    assert keys(staffed, "handover_reminder") == [f"handover_reminder:{los_angeles}:{ANNA}"]
    assert keys(staffed, "handover_late") == []


@pytest.mark.parametrize("why", ["accepted", "nothing is open", "a newer one"])
def test_nobody_is_reminded_when_there_is_no_need(
    staffed: Desk, clock: FixedClock, inbox: Inbox, why: str
) -> None:
    desk = with_rota(
        staffed, layer("a", 8, 9.5, "li-wei"), layer("b", 8, 9.75, "anna"), layer("c", 8, 16, "wang-fang")
    )
    number = inbox.case()
    change(desk, clock, START + 30 * MINUTE)
    row = next(one for one in handovers(desk) if one.channel == NORD)
    if why == "accepted":
        handover.accept(desk, row.id, by=ANNA)
    elif why == "nothing is open":
        close.no_response_needed(desk, number, by=ANNA)
    told(desk)
    look_on(desk, clock, START + 64 * MINUTE, MINUTE)
    assert not [key for key in keys(desk, "handover_reminder", "handover_late") if f":{row.id}:" in key]
    if why == "a newer one":
        look_on(desk, clock, START + 65 * MINUTE, MINUTE)
        newer = next(one for one in handovers(desk) if (one.at, one.channel) == (START + 45 * MINUTE, NORD))
        assert keys(desk, "handover_reminder") == [f"handover_reminder:{newer.id}:{WANG}"]


US_SPRING = [
    (datetime(2027, 3, 13, 17, tzinfo=UTC), "on"),
    (datetime(2027, 3, 14, 1, tzinfo=UTC), "Beijing"),
    (datetime(2027, 3, 14, 10, tzinfo=UTC), "nobody"),
    (datetime(2027, 3, 14, 16, tzinfo=UTC), "on"),
    (datetime(2027, 3, 15, 0, tzinfo=UTC), "nobody"),
    (datetime(2027, 3, 15, 1, tzinfo=UTC), "Beijing"),
]
US_AUTUMN = [
    (datetime(2026, 10, 31, 16, tzinfo=UTC), "on"),
    (datetime(2026, 11, 1, 0, tzinfo=UTC), "nobody"),
    (datetime(2026, 11, 1, 1, tzinfo=UTC), "Beijing"),
    (datetime(2026, 11, 1, 10, tzinfo=UTC), "nobody"),
    (datetime(2026, 11, 1, 17, tzinfo=UTC), "on"),
    (datetime(2026, 11, 2, 1, tzinfo=UTC), "Beijing"),
]


@pytest.mark.parametrize("expected", [US_SPRING, US_AUTUMN], ids=["2027-03-14", "2026-11-01"])
def test_when_the_clocks_of_the_us_change_handovers_are_told_at_the_right_instants(
    staffed: Desk, expected: list[tuple[datetime, str]]
) -> None:
    clock = FixedClock(expected[0][0] - HALF)
    desk = replace(staffed, clock=clock)
    look(desk)
    seen: dict[datetime, str] = {}

    def tick() -> None:
        before = len(handovers(desk))
        look(desk)
        new = [row for row in handovers(desk)[before:] if row.channel == NORD]
        for row in new:
            on = handover_pages.handover(desk, row.id).on
            assert clock.now() - row.at < 10 * MINUTE
            seen[row.at] = "nobody" if not on else "on" if on == (ANNA,) else "Beijing"

    walk(clock, expected[-1][0] + HALF, 10 * MINUTE, tick)
    assert sorted(seen.items()) == expected
