"""Who gets a case: offered to somebody on shift, passed on, taken back, planned. Both databases.

The rota: Beijing 01:00-10:00 UTC (Li Wei, Chen Yu, Wang Fang), Los Angeles 17:00-01:00 UTC (Anna, Bob);
a gap from 10:00 to 17:00. Chen Yu works for Nordlicht only, Bob for Sunrise only. START is 09:00 UTC.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from bot.clock import FixedClock
from bot.db.engine import Database
from bot.db.tables import CaseRow, LedgerRow, OutboxRow
from bot.db.tables_shifts import OfferRow
from bot.desk import Desk, assign, close, read, reply, route
from bot.domain.rota import Layer, WeeklyShift
from tests import world
from tests.world import ANNA, CHEN, LI_WEI, START, WANG, Post, buyer_mail

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BEIJING = {LI_WEI, CHEN, WANG}
NewCase = Callable[..., int]


@pytest.fixture
def new_case(staffed: Desk, clock: FixedClock) -> NewCase:
    """A new buyer's first message; gives the number of its case."""
    inbox, number = Post(staffed, clock), iter(range(1, 1000))

    def make(**about: object) -> int:
        one = next(number)
        inbox.deliver(
            buyer_mail(
                **{
                    "amazon_case_id": f"case-{one}",
                    "order_id": f"305-0000000-{one:07}",
                    "buyer_alias": f"buyer{one}+case-{one}@marketplace.amazon.de",
                    "buyer_base": f"buyer{one}@marketplace.amazon.de",
                    **about,
                }
            )
        )
        return 1000 + one

    return make


def row(desk: Desk, number: int) -> CaseRow:
    with desk.database.reading() as tx:
        return tx.get_one(CaseRow, number)


def offers(desk: Desk, number: int) -> list[tuple[str, str | None]]:
    with desk.database.reading() as tx:
        rows = tx.scalars(select(OfferRow).where(OfferRow.case == number).order_by(OfferRow.id))
        return [(one.person, one.ended) for one in rows]


def waiting_keys(desk: Desk) -> set[str]:
    with desk.database.reading() as tx:
        return set(tx.scalars(select(OutboxRow.key)))


def at(clock: FixedClock, instant: datetime) -> None:
    clock.advance(instant - clock.now())


def test_a_new_case_is_offered_to_somebody_on_shift_and_its_card_says_why(
    staffed: Desk, new_case: NewCase
) -> None:
    number = new_case()
    case = read.case(staffed, number)
    assert case.assignee is None
    assert case.shifts is not None
    assert case.shifts.offered_to in BEIJING
    assert case.shifts.reason is not None
    assert case.shifts.reason[0].startswith("on_")
    assert case.shifts.offered_until == START + 20 * MINUTE
    assert case.shifts.staffed_left == 1 * HOUR + 8 * HOUR + 8 * HOUR
    assert case.shifts.shifts_left == 3


def test_an_offer_stands_no_longer_than_the_shift_of_whom_it_was_made_to(
    staffed: Desk, new_case: NewCase
) -> None:
    patient = replace(staffed, settings=world.settings_with_rota(claim_minutes=90))
    case = read.case(patient, new_case())
    assert case.shifts is not None
    assert case.shifts.offered_to in BEIJING
    assert case.shifts.offered_until == START + 1 * HOUR


def test_many_cases_are_shared_out_evenly(staffed: Desk, new_case: NewCase) -> None:
    given = [row(staffed, new_case()).offered_to for _ in range(6)]
    assert {person: given.count(person) for person in BEIJING} == dict.fromkeys(BEIJING, 2)


def test_who_does_not_claim_in_time_loses_the_offer_and_the_next_one_is_called_in_the_thread(
    staffed: Desk, clock: FixedClock, new_case: NewCase
) -> None:
    number = new_case()
    first = row(staffed, number).offered_to
    clock.advance(19 * MINUTE)
    route.route_waiting(staffed)
    assert row(staffed, number).offered_to == first
    clock.advance(MINUTE)
    assert route.route_waiting(staffed) == 1
    second = row(staffed, number).offered_to
    assert second in BEIJING - {first}
    assert [how for _who, how in offers(staffed, number)] == ["lapsed", None]
    assert any(key.startswith(f"offer:{number}:") for key in waiting_keys(staffed))
    assert route.route_waiting(staffed) == 0


def test_an_offer_of_before_a_clock_was_set_back_has_lapsed(
    staffed: Desk, clock: FixedClock, new_case: NewCase
) -> None:
    number = new_case()
    first = row(staffed, number).offered_to
    clock.advance(-4 * HOUR)
    assert route.route_waiting(staffed) == 1
    assert row(staffed, number).offered_to in BEIJING - {first}
    assert route.route_waiting(staffed) == 0


def test_when_all_on_shift_let_it_lapse_it_is_open_to_all_and_asked_about_once(
    staffed: Desk, clock: FixedClock, new_case: NewCase
) -> None:
    at(clock, START - 3 * HOUR)
    number = new_case()
    for _ in range(3):
        clock.advance(20 * MINUTE)
        route.route_waiting(staffed)
    case = row(staffed, number)
    assert (case.offered_to, case.offer_kind) == (None, "open")
    assert {who for who, _how in offers(staffed, number)} == BEIJING
    assert route.route_waiting(staffed) == 0


def test_claiming_ends_the_offer_whoever_claims(staffed: Desk, new_case: NewCase) -> None:
    number = new_case()
    offered = row(staffed, number).offered_to
    other = next(iter(BEIJING - {offered}))
    assign.claim(staffed, number, by=other)
    case = row(staffed, number)
    assert (case.assignee, case.assigned_by, case.offered_to, case.offer_kind) == (other, other, None, None)
    assert offers(staffed, number) == [(offered, "claimed")]
    assert route.route_waiting(staffed) == 0


def test_who_gives_a_case_back_is_not_asked_again_before_the_others(staffed: Desk, new_case: NewCase) -> None:
    number = new_case()
    assign.claim(staffed, number, by=LI_WEI)
    assign.release(staffed, number, by=LI_WEI)
    route.route_waiting(staffed)
    assert row(staffed, number).offered_to in BEIJING - {LI_WEI}


def test_a_shift_too_short_for_the_queue_is_not_given_more_and_the_next_shift_is_planned(
    staffed: Desk, clock: FixedClock, new_case: NewCase
) -> None:
    """Half an hour is left: two answers of twelve minutes each for three people."""
    clock.advance(30 * MINUTE)
    kinds = [row(staffed, new_case()).offer_kind for _ in range(7)]
    assert kinds == ["now"] * 6 + ["planned"]
    last = read.case(staffed, 1007)
    assert last.shifts is not None
    assert last.shifts.planned == ("Anna Kowalski", START + 8 * HOUR)
    assert last.shifts.offered_to is None


def test_what_comes_while_nobody_is_on_waits_for_who_comes_next_and_is_offered_then(
    staffed: Desk, clock: FixedClock, new_case: NewCase
) -> None:
    clock.advance(3 * HOUR)
    number = new_case()
    case = read.case(staffed, number)
    assert case.shifts is not None
    assert (case.shifts.on, case.shifts.offered_to) == (False, None)
    assert case.shifts.next_at == START + 8 * HOUR
    assert case.shifts.planned == ("Anna Kowalski", START + 8 * HOUR)
    route.route_waiting(staffed)
    assert row(staffed, number).offered_to is None
    at(clock, START + 8 * HOUR)
    assert route.route_waiting(staffed) == 1
    assert row(staffed, number).offered_to == ANNA


def test_who_is_asked_is_who_is_on_once_nobody_else_writes(
    staffed: Desk, clock: FixedClock, new_case: NewCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look has waited for the lock from before a shift change until after it, and another look came first."""
    clock.advance(3 * HOUR)
    number = new_case()
    at(clock, START + 8 * HOUR - MINUTE)
    writing = Database.writing

    def after_another(database: Database) -> AbstractContextManager[Session]:
        monkeypatch.undo()
        clock.advance(MINUTE)
        assert route.route_waiting(staffed) == 1
        return writing(database)

    monkeypatch.setattr(Database, "writing", after_another)
    route.route_waiting(staffed)
    assert row(staffed, number).offered_to == ANNA


@contextmanager
def once_cases_were_read(desk: Desk, act: Callable[[], None]) -> Iterator[None]:
    """Somebody acts in another process right after a look has read the cases."""
    if desk.database.is_sqlite:
        pytest.skip("its writing transactions exclude each other")
    acts, engine = [act], desk.database.engine

    def read(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        if acts and statement.startswith("SELECT cases.number, cases.kind"):
            acts.pop()()

    event.listen(engine, "after_cursor_execute", read)
    yield
    event.remove(engine, "after_cursor_execute", read)
    assert acts == []


def test_a_claim_while_the_look_runs_stands_and_nobody_else_is_asked(
    staffed: Desk, clock: FixedClock, new_case: NewCase
) -> None:
    number = new_case()
    clock.advance(25 * MINUTE)
    with once_cases_were_read(staffed, lambda: assign.claim(staffed, number, by=CHEN)):
        assert route.route_waiting(staffed) == 0
    assert (row(staffed, number).assignee, row(staffed, number).offered_to) == (CHEN, None)


def test_a_case_that_a_manager_gives_somebody_at_the_end_of_a_shift_stays_theirs(
    staffed: Desk, clock: FixedClock, new_case: NewCase
) -> None:
    at(clock, START - 6 * HOUR)
    number = new_case()
    assign.claim(staffed, number, by=LI_WEI)
    at(clock, START + 8 * HOUR)
    with once_cases_were_read(staffed, lambda: assign.assign(staffed, number, ANNA, by=WANG)):
        assert route.route_waiting(staffed) == 0
    assert (row(staffed, number).assignee, row(staffed, number).offered_to) == (ANNA, None)


def test_a_case_that_is_answered_while_the_look_runs_goes_to_nobody(
    staffed: Desk, clock: FixedClock, new_case: NewCase
) -> None:
    number = new_case()
    clock.advance(25 * MINUTE)
    with once_cases_were_read(staffed, lambda: close.no_response_needed(staffed, number, by=WANG)):
        assert route.route_waiting(staffed) == 0
    assert row(staffed, number).offered_to is None


def test_at_the_end_of_a_shift_a_claimed_case_goes_to_who_is_on_unless_its_owner_is_back_in_time(
    staffed: Desk, clock: FixedClock, new_case: NewCase
) -> None:
    """A message of 03:00 is due at 03:00 of the next day: Li Wei is back at 01:00, with no two hours to spare."""
    at(clock, START - 6 * HOUR)
    soon = new_case()
    at(clock, START - HOUR)
    later = new_case()
    for number in (soon, later):
        assign.claim(staffed, number, by=LI_WEI)
    at(clock, START + HOUR + MINUTE)
    assert route.route_waiting(staffed) == 0, "nobody is on: it stays where it is"
    at(clock, START + 8 * HOUR)
    route.route_waiting(staffed)
    assert (row(staffed, soon).assignee, row(staffed, soon).offered_to) == (None, ANNA)
    assert row(staffed, later).assignee == LI_WEI


def test_what_was_claimed_before_a_weekend_goes_to_who_is_on_after_it_when_the_buyer_writes_again(
    staffed: Desk, clock: FixedClock
) -> None:
    """Li Wei works on Fridays, Chen Yu on Mondays; nobody is on for 63 hours."""
    week = (
        WeeklyShift(frozenset({4}), 9 * 60, 18 * 60, ("li-wei",)),
        WeeklyShift(frozenset({0}), 9 * 60, 18 * 60, ("chen-yu",)),
    )
    rules = replace(world.rota(), layers=(Layer("office", "UTC", week),))
    desk = replace(staffed, settings=staffed.settings.model_copy(update={"rota": rules}))
    inbox, friday, monday = Post(desk, clock), START + 2 * DAY, START + 5 * DAY
    at(clock, friday)
    inbox.deliver(buyer_mail())
    assign.claim(desk, 1001, by=LI_WEI)
    at(clock, monday - 12 * HOUR)
    inbox.deliver(buyer_mail("Are you there?"))
    at(clock, monday)
    route.route_waiting(desk)
    assert (row(desk, 1001).assignee, row(desk, 1001).offered_to) == (None, CHEN)


@pytest.mark.parametrize("how", ["assigned by a manager", "kept", "claimed off shift"])
def test_what_a_person_decided_stands_at_the_end_of_a_shift(
    staffed: Desk, clock: FixedClock, new_case: NewCase, how: str
) -> None:
    at(clock, START - 6 * HOUR)
    number = new_case()
    if how == "claimed off shift":
        at(clock, START + 2 * HOUR)
        assign.claim(staffed, number, by=LI_WEI)
    elif how == "kept":
        assign.claim(staffed, number, by=LI_WEI)
        with staffed.database.writing() as tx:
            tx.get_one(CaseRow, number).kept = True
    else:
        assign.assign(staffed, number, LI_WEI, by=WANG)
    at(clock, START + 9 * HOUR)
    route.route_waiting(staffed)
    assert row(staffed, number).assignee == LI_WEI


def test_a_case_is_not_taken_from_somebody_who_is_writing(
    staffed: Desk, clock: FixedClock, new_case: NewCase
) -> None:
    at(clock, START - 6 * HOUR)
    number = new_case()
    assign.claim(staffed, number, by=LI_WEI)
    at(clock, START + 8 * HOUR - 5 * MINUTE)
    reply.compose(staffed, number, by=LI_WEI)
    at(clock, START + 8 * HOUR)
    route.route_waiting(staffed)
    assert row(staffed, number).assignee == LI_WEI


def test_another_message_of_the_buyer_starts_the_round_anew(
    staffed: Desk, clock: FixedClock, new_case: NewCase
) -> None:
    at(clock, START - 3 * HOUR)
    number = new_case()
    for _ in range(3):
        clock.advance(20 * MINUTE)
        route.route_waiting(staffed)
    assert row(staffed, number).offer_kind == "open"
    clock.advance(MINUTE)
    same = {"buyer_base": "buyer1@marketplace.amazon.de", "amazon_case_id": "case-1"}
    new_case(text="Hello?", order_id="305-0000000-0000001", **same)
    assert row(staffed, number).offered_to in BEIJING


def test_snoozed_and_closed_cases_are_offered_to_nobody(
    staffed: Desk, clock: FixedClock, new_case: NewCase
) -> None:
    snoozed, closed = new_case(), new_case()
    assign.snooze(staffed, snoozed, START + 40 * MINUTE, by=WANG)
    close.no_response_needed(staffed, closed, by=WANG)
    clock.advance(30 * MINUTE)
    assert route.route_waiting(staffed) == 0
    clock.advance(11 * MINUTE)
    assert route.route_waiting(staffed) == 1


def test_a_snoozed_case_is_not_offered_before_its_time_because_a_shift_ended(
    staffed: Desk, clock: FixedClock, new_case: NewCase
) -> None:
    number = new_case()
    at(clock, START + 9 * HOUR)
    assign.claim(staffed, number, by=ANNA)
    assign.snooze(staffed, number, START + 18 * HOUR, by=ANNA)
    at(clock, START + 17 * HOUR)
    assert route.route_waiting(staffed) == 0
    at(clock, START + 18 * HOUR)
    assert route.route_waiting(staffed) == 1
    assert row(staffed, number).assignee is None
    assert row(staffed, number).offered_to in BEIJING


def test_nor_because_it_was_handed_over(staffed: Desk, clock: FixedClock, new_case: NewCase) -> None:
    number = new_case()
    assign.claim(staffed, number, by=LI_WEI)
    assign.snooze(staffed, number, START + 10 * HOUR, by=LI_WEI)
    at(clock, START + 9 * HOUR)
    with staffed.database.writing() as tx:
        kept, case = route.books(tx, staffed, clock.now()), tx.get_one(CaseRow, number)
        route.free(tx, case, clock.now(), declined=False)
        route.offer_now(tx, kept, case, START + DAY)
    assert row(staffed, number).offered_to is None
    at(clock, START + 10 * HOUR)
    route.route_waiting(staffed)
    assert row(staffed, number).offered_to == ANNA


def test_without_a_rota_nothing_is_offered(desk: Desk, post: Post) -> None:
    post.deliver(buyer_mail())
    assert row(desk, 1001).offered_to is None
    assert read.case(desk, 1001).shifts is None
    assert route.route_waiting(desk) == 0


def test_every_offer_stands_in_the_ledger(staffed: Desk, clock: FixedClock, new_case: NewCase) -> None:
    number = new_case()
    clock.advance(20 * MINUTE)
    route.route_waiting(staffed)
    with staffed.database.reading() as tx:
        entry = tx.scalars(select(LedgerRow).where(LedgerRow.what == "offered")).one()
    assert (entry.case, entry.facts["to"]) == (number, row(staffed, number).offered_to)


def test_who_let_two_offers_lapse_is_asked_after_the_others_until_they_claim_again(
    staffed: Desk, new_case: NewCase
) -> None:
    lapse(staffed, new_case(), LI_WEI, "lapsed", "lapsed")
    lapse(staffed, 1001, CHEN, "lapsed", "claimed")
    lapse(staffed, 1001, WANG, "lapsed")
    assert LI_WEI not in {row(staffed, new_case()).offered_to for _ in range(4)}
    lapse(staffed, 1001, LI_WEI, "claimed")
    assert row(staffed, new_case()).offered_to == LI_WEI, "has the fewest by now"


def test_if_nobody_reacts_they_are_asked_all_the_same(staffed: Desk, new_case: NewCase) -> None:
    number = new_case()
    for person in BEIJING:
        lapse(staffed, number, person, "lapsed", "lapsed")
    assert row(staffed, new_case()).offered_to in BEIJING


def lapse(desk: Desk, number: int, person: str, *endings: str) -> None:
    """Offers of an earlier case that ended like this."""
    with desk.database.writing() as tx:
        for how in endings:
            tx.add(
                OfferRow(case=number, person=person, at=START, reason="on_free", ended=how, ended_at=START)
            )
            tx.flush()
