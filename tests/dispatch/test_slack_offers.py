"""Offers on the card and in the thread, through real bolt: who is called, who is not."""

from tests.office import Office
from tests.world import ANNA, BOB, CHEN, LI_WEI, WANG

BEIJING = {"li.wei": LI_WEI, "chen.yu": CHEN, "wang.fang": WANG}


def rung(office: Office) -> set[str]:
    return {name for name in (*BEIJING, "anna", "bob") if office.ws.user(name).notifications()}


def test_the_card_of_a_new_case_calls_whom_it_is_offered_to_and_nobody_else(staffed: Office) -> None:
    case = staffed.new_case()
    case.card.expect("Offered to").expect("on shift until").expect("17 h of it staffed")
    (called,) = rung(staffed)
    assert BEIJING[called] == case.now.shifts.offered_to


def test_an_offer_that_lapses_goes_on_by_direct_message_and_leaves_the_thread_alone(staffed: Office) -> None:
    case = staffed.new_case()
    first = case.now.shifts.offered_to
    staffed.tick(minutes=20)
    second = case.now.shifts.offered_to
    assert second not in (None, first)
    name = next(name for name, one in BEIJING.items() if one == second)
    staffed.ws.user(name).expect_dm(str(case.number)).click("case.claim", by=name)
    staffed.until(lambda: case.now.assignee == second)
    assert case.card.thread() == []


def test_at_night_nobody_is_called_and_the_card_says_who_takes_it(staffed: Office) -> None:
    staffed.tick(hours=3)
    before = rung(staffed)
    case = staffed.new_case()
    case.card.expect("Nobody is on shift until").expect("Anna Kowalski")
    assert rung(staffed) == before
    assert not {ANNA, BOB} & {case.now.shifts.offered_to}
    staffed.tick(hours=5)
    assert case.now.shifts.offered_to in (ANNA, BOB)
    name = "anna" if case.now.shifts.offered_to == ANNA else "bob"
    staffed.ws.user(name).expect_dm("offered to you")
