"""Requests from the wish to the overrides: who is on afterwards, and who is told. Both databases.

The rota: Beijing 01:00-10:00 UTC (Li Wei, Chen Yu, Wang Fang the manager), Los Angeles 17:00-01:00 UTC (Anna,
Bob); nobody from 10:00 to 17:00. Chen Yu works for Nordlicht only, Bob for Sunrise only. START is 09:00 UTC.
"""

from dataclasses import replace
from threading import Barrier, Thread

import pytest

from bot.clock import FixedClock
from bot.db.engine import Database
from bot.desk import Desk, request_pages, requests
from bot.desk.knowledge import Knowledge
from bot.desk.wishes import Wish
from bot.errors import NotAllowed, Stale, WrongInput
from tests import world
from tests.store.request_words import (
    BOTH,
    HOUR,
    MINUTE,
    Change,
    at,
    both,
    changed,
    overrides,
    row,
    staff,
    theirs,
    told,
    wish,
)
from tests.world import ANNA, BOB, CHEN, LI_WEI, START, WANG

# What is done, and who is on then.


def test_a_cover_changes_nothing_until_somebody_takes_it_and_then_their_hours_only(staffed: Desk) -> None:
    before = staff(staffed)
    number = requests.ask(staffed, wish("cover", LI_WEI, "26 01:00", "26 10:00", note=" Doctor "))
    assert changed(before, staff(staffed)) == set()
    assert told(staffed) == {f"request:{number}"}
    assert (row(staffed, number).channel, row(staffed, number).stores) == (
        "amz-nordlicht",
        "nordlicht,sunrise",
    )
    assert row(staffed, number).note == "Doctor"

    requests.accept(staffed, number, by=ANNA)
    expected = both(ANNA, "26 01:00", "26 10:00") | both(f"-{LI_WEI}", "26 01:00", "26 10:00")
    assert changed(before, staff(staffed)) == expected
    assert row(staffed, number).state == "done"
    assert told(staffed) == {f"request:{number}", *(f"changed:{number}:done:{one}" for one in (ANNA, LI_WEI))}
    requests.accept(staffed, number, by=ANNA)  # a second press
    assert len(overrides(staffed)) == 2


def test_a_part_of_a_shift_can_be_covered(staffed: Desk) -> None:
    before = staff(staffed)
    number = requests.ask(staffed, wish("cover", ANNA, "26 18:30", "26 20:15"))
    requests.accept(staffed, number, by=WANG)
    expected = both(WANG, "26 18:30", "26 20:15") | both(f"-{ANNA}", "26 18:30", "26 20:15")
    assert changed(before, staff(staffed)) == expected


def test_whoever_covers_works_for_the_stores_of_the_shift_and_no_others(staffed: Desk) -> None:
    before = staff(staffed)
    number = requests.ask(staffed, wish("cover", CHEN, "26 01:00", "26 10:00"))
    with pytest.raises(WrongInput) as why:
        requests.accept(staffed, number, by=BOB)
    assert why.value.key == "request_not_for_you"
    requests.accept(staffed, number, by=ANNA)
    assert changed(before, staff(staffed)) == {
        (ANNA, "nordlicht", "26 01:00", "26 10:00"),
        (f"-{CHEN}", "nordlicht", "26 01:00", "26 10:00"),
    }


def test_the_cover_of_a_running_shift_begins_when_it_is_taken(staffed: Desk, clock: FixedClock) -> None:
    before = staff(staffed)
    number = requests.ask(staffed, wish("cover", LI_WEI, "25 01:00", "25 10:00"))
    assert row(staffed, number).start == START
    clock.advance(20 * MINUTE)
    requests.accept(staffed, number, by=ANNA)
    expected = both(ANNA, "25 09:20", "25 10:00") | both(f"-{LI_WEI}", "25 09:20", "25 10:00")
    assert changed(before, staff(staffed)) == expected


def test_a_running_shift_that_a_manager_approves_later_changes_from_then_on(
    strict: Desk, clock: FixedClock
) -> None:
    before = staff(strict)
    number = requests.ask(strict, wish("cover", LI_WEI, "25 01:00", "25 10:00"))
    requests.accept(strict, number, by=ANNA)
    clock.advance(10 * MINUTE)
    requests.approve(strict, number, by=WANG)
    assert changed(before, staff(strict)) >= both(ANNA, "25 09:10", "25 10:00")
    assert {one.start for one in overrides(strict)} == {START + 10 * MINUTE}


def test_a_swap_moves_both_shifts_when_the_colleague_agrees(staffed: Desk) -> None:
    before = staff(staffed)
    asked = wish("swap", LI_WEI, "26 01:00", "26 10:00", **theirs(ANNA, "27 17:00", "28 01:00"))
    number = requests.ask(staffed, asked)
    assert changed(before, staff(staffed)) == set()
    assert told(staffed) == {f"request:{number}:{ANNA}", f"asked:{number}:{LI_WEI}"}
    requests.accept(staffed, number, by=ANNA)
    assert changed(before, staff(staffed)) == {
        *both(ANNA, "26 01:00", "26 10:00"),
        *both(f"-{LI_WEI}", "26 01:00", "26 10:00"),
        *both(LI_WEI, "27 17:00", "28 01:00"),
        *both(f"-{ANNA}", "27 17:00", "28 01:00"),
    }
    assert {f"changed:{number}:done:{one}" for one in (ANNA, LI_WEI)} <= told(staffed)


def test_shifts_that_overlap_can_be_swapped(staffed: Desk) -> None:
    """Bob works 17-01, Wang Fang is put on 20-23 for Sunrise: each takes the other's."""
    put_on = wish("override", WANG, "26 20:00", "26 23:00", other=LI_WEI, stores=("sunrise",))
    requests.ask(staffed, put_on)
    taken = requests.ask(staffed, wish("take", LI_WEI, "26 12:00", "26 18:00", stores=("sunrise",)))
    assert row(staffed, taken).state == "done"
    before = staff(staffed)
    swap = wish("swap", BOB, "26 18:00", "27 01:00", **theirs(LI_WEI, "26 12:00", "26 18:00"))
    with pytest.raises(WrongInput) as why:
        requests.ask(staffed, swap)
    assert why.value.key == "shift_overlap"
    parts = wish("swap", BOB, "26 17:00", "26 20:00", **theirs(LI_WEI, "26 12:00", "26 18:00"))
    requests.accept(staffed, requests.ask(staffed, parts), by=LI_WEI)
    assert changed(before, staff(staffed)) == {
        (BOB, "sunrise", "26 12:00", "26 17:00"),
        (f"-{BOB}", "sunrise", "26 18:00", "26 20:00"),
        (f"-{LI_WEI}", "sunrise", "26 12:00", "26 17:00"),
        (LI_WEI, "sunrise", "26 18:00", "26 20:00"),
    }


def test_taking_a_gap_puts_one_on_for_those_stores_at_once(staffed: Desk) -> None:
    before = staff(staffed)
    number = requests.ask(staffed, wish("take", LI_WEI, "26 10:00", "26 13:00", stores=("sunrise",)))
    assert changed(before, staff(staffed)) == {(LI_WEI, "sunrise", "26 10:00", "26 13:00")}
    assert told(staffed) == {f"changed:{number}:done:{LI_WEI}"}


def test_a_gap_that_runs_already_is_taken_from_now_on(staffed: Desk, clock: FixedClock) -> None:
    clock.advance(2 * HOUR)
    before = staff(staffed)
    requests.ask(staffed, wish("take", ANNA, "25 10:00", "25 17:00"))
    assert changed(before, staff(staffed)) == both(ANNA, "25 11:00", "25 17:00")


def test_days_off_tell_the_managers_and_ask_for_each_shift_if_wanted(staffed: Desk) -> None:
    before = staff(staffed)
    asked = wish("off", ANNA, "26 08:00", "28 12:00", reason="vacation", asks_cover=True)
    number = requests.ask(staffed, asked)
    off = both(f"-{ANNA}", "26 17:00", "27 01:00") | both(f"-{ANNA}", "27 17:00", "28 01:00")
    assert changed(before, staff(staffed)) == off
    covers = [row(staffed, number + 1), row(staffed, number + 2)]
    assert [(one.kind, one.state, one.start, one.end) for one in covers] == [
        ("cover", "open", at("26 17:00"), at("27 01:00")),
        ("cover", "open", at("27 17:00"), at("28 01:00")),
    ]
    assert told(staffed) == {
        f"changed:{number}:done:{ANNA}",
        f"changed:{number}:done:{WANG}",
        f"request:{number + 1}",
        f"request:{number + 2}",
    }
    requests.accept(staffed, number + 1, by=LI_WEI)
    assert changed(before, staff(staffed)) == off | both(LI_WEI, "26 17:00", "27 01:00")


def test_days_off_that_began_in_the_past_leave_the_past_alone(staffed: Desk) -> None:
    before = staff(staffed)
    requests.ask(staffed, wish("off", LI_WEI, "25 00:00", "26 00:00", reason="sick"))
    assert changed(before, staff(staffed)) == both(f"-{LI_WEI}", "25 09:00", "25 10:00")


def test_who_asked_for_cover_before_is_not_asked_twice_when_taking_days_off(staffed: Desk) -> None:
    first = requests.ask(staffed, wish("cover", LI_WEI, "26 01:00", "26 10:00"))
    days = wish("off", LI_WEI, "26 00:00", "28 00:00", reason="other", asks_cover=True)
    number = requests.ask(staffed, days)
    assert {key for key in told(staffed) if key.startswith("request:")} == {
        f"request:{first}",
        f"request:{number + 1}",
    }
    assert row(staffed, number + 1).start == at("27 01:00")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param(
            {"other": LI_WEI}, both(LI_WEI, "26 18:00", "26 22:00"), id="somebody besides those who are on"
        ),
        pytest.param(
            {"other": LI_WEI, "instead_of": ANNA, "stores": ("nordlicht",)},
            {(LI_WEI, "nordlicht", "26 18:00", "26 22:00"), *both(f"-{ANNA}", "26 18:00", "26 22:00")},
            id="somebody instead of another, for one store",
        ),
        pytest.param(
            {"instead_of": BOB}, {(f"-{BOB}", "sunrise", "26 18:00", "26 22:00")}, id="nobody instead"
        ),
    ],
)
def test_an_override_happens_at_once(staffed: Desk, more: dict[str, object], expected: set[Change]) -> None:
    before = staff(staffed)
    number = requests.ask(staffed, wish("override", WANG, "26 18:00", "26 22:00", **more))
    assert changed(before, staff(staffed)) == expected
    people = {WANG, *(more[name] for name in ("other", "instead_of") if name in more)}
    assert told(staffed) == {f"changed:{number}:done:{one}" for one in people}


EXTRA = wish("override", WANG, "26 10:00", "26 17:00", other=LI_WEI)


def test_a_shift_that_a_manager_gave_can_be_covered_and_passed_on(staffed: Desk) -> None:
    requests.ask(staffed, EXTRA)
    for giver, taker in ((LI_WEI, ANNA), (ANNA, WANG)):
        before = staff(staffed)
        number = requests.ask(staffed, wish("cover", giver, "26 10:00", "26 17:00"))
        requests.accept(staffed, number, by=taker)
        given = {*both(f"-{giver}", "26 10:00", "26 17:00"), *both(taker, "26 10:00", "26 17:00")}
        assert changed(before, staff(staffed)) == given
    with pytest.raises(WrongInput) as why:
        requests.ask(staffed, wish("take", LI_WEI, "26 10:00", "26 17:00"))
    assert why.value.key == "shift_overridden", "who gave it away comes back by a manager alone"
    requests.ask(staffed, replace(EXTRA, instead_of=WANG))
    assert {staff(staffed).on(store, at("26 12:00")) for store in BOTH} == {(LI_WEI,)}


@pytest.mark.parametrize(
    ("start", "end"), [("26 10:00", "26 17:00"), ("26 12:00", "26 14:00"), ("26 01:00", "26 17:00")]
)
def test_a_shift_that_a_manager_gave_can_be_swapped_whole_in_part_and_with_a_usual_one_before_it(
    staffed: Desk, start: str, end: str
) -> None:
    requests.ask(staffed, EXTRA)
    before = staff(staffed)
    swap = wish("swap", LI_WEI, start, end, **theirs(ANNA, "27 17:00", "28 01:00"))
    shown = request_pages.preview(staffed, swap).effect
    number = requests.ask(staffed, swap)
    requests.accept(staffed, number, by=ANNA)
    assert changed(before, staff(staffed)) == {
        *both(f"-{LI_WEI}", start, end), *both(ANNA, start, end),
        *both(f"-{ANNA}", "27 17:00", "28 01:00"), *both(LI_WEI, "27 17:00", "28 01:00"),
    }  # fmt: skip
    assert shown is not None
    assert (shown.opened, shown.closed) == ((), ()), "an exchange leaves nobody without cover"


def test_a_gap_is_offered_whole_and_one_of_a_weekend_in_pieces_that_somebody_can_work(staffed: Desk) -> None:
    for person in (LI_WEI, CHEN, WANG, ANNA):
        requests.ask(staffed, wish("off", person, "28 00:00", "29 02:00", reason="other"))
    offered = [(one.start, one.end) for one in request_pages.vacancies(staffed, BOB)]
    assert (at("27 10:00"), at("27 17:00")) in offered
    assert not [start for start, _end in offered if at("27 17:00") <= start < at("28 00:00")]
    # Sunrise: Bob himself works 17:00-01:00; before and after nobody does.
    assert [(start, end) for start, end in offered if at("28 00:00") < start < at("30 00:00")] == [
        (at("28 01:00"), at("28 09:00")),
        (at("28 09:00"), at("28 17:00")),
        (at("29 01:00"), at("29 02:00")),
        (at("29 10:00"), at("29 17:00")),
    ]


# With a manager who decides.

ASKED = [
    pytest.param(wish("cover", LI_WEI, "26 01:00", "26 10:00"), ANNA, id="cover"),
    pytest.param(
        wish("swap", LI_WEI, "26 01:00", "26 10:00", **theirs(ANNA, "27 17:00", "28 01:00")), ANNA, id="swap"
    ),
    pytest.param(wish("take", LI_WEI, "26 10:00", "26 13:00"), None, id="take"),
    pytest.param(wish("off", LI_WEI, "26 00:00", "27 00:00", reason="vacation"), None, id="days off"),
]


@pytest.mark.parametrize(("asked", "colleague"), ASKED)
def test_with_approval_nothing_changes_until_a_manager_agrees(
    strict: Desk, asked: Wish, colleague: str | None
) -> None:
    before = staff(strict)
    number = requests.ask(strict, asked)
    if colleague:
        requests.accept(strict, number, by=colleague)
    assert (row(strict, number).state, row(strict, number).needs_manager) == ("accepted", True)
    assert changed(before, staff(strict)) == set()
    assert f"approval:{number}:{WANG}" in told(strict)
    assert (f"asked:{number}:{LI_WEI}" in told(strict)) == (asked.kind != "cover")
    assert not any(key.startswith("changed:") for key in told(strict))

    with pytest.raises(NotAllowed):
        requests.approve(strict, number, by=CHEN)
    effect = request_pages.request(strict, number).effect
    requests.approve(strict, number, by=WANG)
    assert row(strict, number).state == "done"
    assert changed(before, staff(strict)) != set()
    assert effect is not None
    assert bool(effect.changes) == any(
        store == "sunrise" for _who, store, *_span in changed(before, staff(strict))
    )
    people = {LI_WEI, colleague} - {None}
    assert {key for key in told(strict) if key.startswith("changed:")} == {
        f"changed:{number}:done:{one}" for one in people
    }
    with pytest.raises(Stale):
        requests.approve(strict, number, by=WANG)


@pytest.mark.parametrize(("asked", "colleague"), ASKED)
def test_what_a_manager_refuses_never_happens_and_all_who_were_in_it_are_told(
    strict: Desk, asked: Wish, colleague: str | None
) -> None:
    before = staff(strict)
    number = requests.ask(strict, asked)
    if colleague:
        requests.accept(strict, number, by=colleague)
    with pytest.raises(NotAllowed):
        requests.refuse(strict, number, by=LI_WEI)
    requests.refuse(strict, number, by=WANG)
    assert (row(strict, number).state, row(strict, number).decided_by) == ("declined", WANG)
    assert changed(before, staff(strict)) == set()
    people = {LI_WEI, colleague} - {None}
    assert {f"changed:{number}:declined:{one}" for one in people} <= told(strict)
    with pytest.raises(Stale):
        requests.approve(strict, number, by=WANG)


def test_nobody_has_to_agree_to_an_illness_nor_to_what_a_manager_asks(strict: Desk) -> None:
    sick = wish("off", LI_WEI, "26 00:00", "27 00:00", reason="sick", asks_cover=True)
    number = requests.ask(strict, sick)
    assert (row(strict, number).state, row(strict, number).needs_manager) == ("done", False)
    requests.accept(strict, number + 1, by=ANNA)
    assert row(strict, number + 1).state == "done", "whoever steps in for the sick need not wait either"
    mine = requests.ask(strict, wish("off", WANG, "27 00:00", "28 00:00", reason="vacation"))
    assert row(strict, mine).state == "done"


def test_the_manager_who_approved_is_not_told_that_they_did(strict: Desk) -> None:
    number = requests.ask(strict, wish("off", LI_WEI, "26 00:00", "27 00:00", reason="vacation"))
    requests.approve(strict, number, by=WANG)
    assert f"changed:{number}:done:{WANG}" not in told(strict)


def test_an_approval_that_no_longer_fits_is_refused_and_can_still_be_answered(strict: Desk) -> None:
    number = requests.ask(strict, wish("cover", LI_WEI, "26 01:00", "26 10:00"))
    requests.accept(strict, number, by=ANNA)
    requests.ask(strict, wish("override", WANG, "26 01:00", "26 05:00", other=ANNA))
    with pytest.raises(WrongInput) as why:
        requests.approve(strict, number, by=WANG)
    assert why.value.key == "shift_overlap"
    assert row(strict, number).state == "accepted"
    requests.refuse(strict, number, by=WANG)


# Ends without a change.


def test_a_colleague_may_decline_a_swap_and_nobody_else_may_answer_it(staffed: Desk) -> None:
    asked = wish("swap", LI_WEI, "26 01:00", "26 10:00", **theirs(ANNA, "27 17:00", "28 01:00"))
    number = requests.ask(staffed, asked)
    for answer in (requests.accept, requests.decline):
        with pytest.raises(NotAllowed) as why:
            answer(staffed, number, by=WANG)
        assert (why.value.key, why.value.facts["who"]) == ("request_of_another", ANNA)
    requests.decline(staffed, number, by=ANNA)
    assert row(staffed, number).state == "declined"
    assert overrides(staffed) == []
    assert {key for key in told(staffed) if key.startswith("changed:")} == {
        f"changed:{number}:declined:{LI_WEI}"
    }
    with pytest.raises(Stale):
        requests.accept(staffed, number, by=ANNA)


def test_who_asked_may_withdraw_and_so_may_a_manager(staffed: Desk) -> None:
    number = requests.ask(staffed, wish("cover", LI_WEI, "26 01:00", "26 10:00"))
    with pytest.raises(NotAllowed) as why:
        requests.withdraw(staffed, number, by=ANNA)
    assert why.value.key == "managers_only"
    requests.withdraw(staffed, number, by=LI_WEI)
    with pytest.raises(Stale) as late:
        requests.accept(staffed, number, by=ANNA)
    assert late.value.key == "request_over"
    again = requests.ask(staffed, wish("cover", LI_WEI, "26 01:00", "26 10:00"))
    requests.withdraw(staffed, again, by=WANG)
    assert f"changed:{again}:cancelled:{LI_WEI}" in told(staffed)
    assert f"changed:{number}:cancelled:{LI_WEI}" not in told(staffed)
    assert overrides(staffed) == []


@pytest.mark.parametrize(
    ("asked", "ends"),
    [
        pytest.param(
            wish("cover", LI_WEI, "26 01:00", "26 10:00"), "26 10:00", id="a cover, when the shift is over"
        ),
        pytest.param(
            wish("swap", LI_WEI, "27 01:00", "27 10:00", **theirs(ANNA, "26 17:00", "27 01:00")),
            "26 17:00",
            id="a swap, when the first of the two shifts begins",
        ),
    ],
)
def test_a_request_expires(staffed: Desk, clock: FixedClock, asked: Wish, ends: str) -> None:
    number = requests.ask(staffed, asked)
    clock.advance(at(ends) - MINUTE - clock.now())
    assert requests.expire(staffed) == 0
    clock.advance(MINUTE)
    with pytest.raises(Stale):  # before the tick has seen it
        requests.accept(staffed, number, by=ANNA)
    assert requests.expire(staffed) == 1
    assert requests.expire(staffed) == 0
    assert row(staffed, number).state == "expired"
    assert overrides(staffed) == []
    assert f"changed:{number}:expired:{LI_WEI}" in told(staffed)


def test_days_off_that_run_already_can_be_approved_until_they_are_over(
    strict: Desk, clock: FixedClock
) -> None:
    number = requests.ask(strict, wish("off", LI_WEI, "25 08:00", "27 00:00", reason="other"))
    clock.advance(HOUR)
    assert requests.expire(strict) == 0
    requests.approve(strict, number, by=WANG)
    assert [one.start for one in overrides(strict)] == [START + HOUR]


# Many at once.


def test_of_eight_who_press_at_once_one_gets_the_cover_and_the_others_hear_who(
    database: Database, clock: FixedClock, knowledge: Knowledge
) -> None:
    spare = {f"spare-{one}": f"U0SPARE{one}" for one in range(8)}
    base = world.settings()
    template = base.agents["anna"]
    extra = {key: template.model_copy(update={"name": key, "slack": slack}) for key, slack in spare.items()}
    agents = {**base.agents, **extra}
    settings = base.model_copy(update={"agents": agents, "rota": world.rota(agents)})
    desk = Desk(database, settings, clock, knowledge)
    number = requests.ask(desk, wish("cover", LI_WEI, "26 01:00", "26 10:00"))
    ready, won, lost = Barrier(8), [], []

    def press(person: str) -> None:
        ready.wait()
        try:
            requests.accept(desk, number, by=person)
            won.append(person)
        except Stale as why:
            lost.append((why.key, why.facts["who"]))

    threads = [Thread(target=press, args=(person,)) for person in spare.values()]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    (winner,) = won
    assert lost == [("request_taken", winner)] * 7
    assert row(desk, number).other == winner
    assert [(one.agent, one.is_on) for one in overrides(desk)] == [
        ("li-wei", False),
        (next(key for key, slack in spare.items() if slack == winner), True),
    ]
