"""Manual mode: what stops, what goes on, and that nothing automatic leaves after the ack. Both databases.

The rota: Beijing 01:00-10:00 UTC (Li Wei, Chen Yu, Wang Fang), Los Angeles 17:00-01:00 UTC; START is 09:00 UTC.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest
from sqlalchemy import func, select

from bot.clock import FixedClock
from bot.db.queries import replies as reply_queries
from bot.db.tables import CaseRow, LedgerRow, MailboxRow, OutboxRow, PingRow, ReplyRow
from bot.db.tables_bulk import BulkRow
from bot.db.tables_shifts import OfferRow
from bot.desk import (
    Desk,
    assign,
    automation,
    bulk,
    bulk_sending,
    digests,
    manual,
    pings,
    read,
    reply,
    route,
    settle,
    suggest,
)
from bot.desk.reply import Outgoing
from bot.domain.manual import ALL, CONSOLE, HELD_BACK
from bot.errors import NotAllowed, NotFound, Stale, WrongInput
from tests.store.bulk_words import WANTED, Buyers, begin, run
from tests.store.lived import Inbox, keys
from tests.world import ANNA, BOB, CHEN, GUEST, LI_WEI, START, WANG, settings

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TEXT = "Hello Katrin, thank you for your message. I am sorry that your parcel is late. It arrives on Friday."


@pytest.fixture
def inbox(staffed: Desk, clock: FixedClock) -> Inbox:
    return Inbox(staffed, clock)


def send(desk: Desk, case: int, by: str = LI_WEI, *, by_hand: bool = False) -> int:
    shown = reply.preview(desk, case, TEXT, by=by)
    out = Outgoing(shown.text, shown.fingerprint, shown.seen, shown.seen_reply, by_hand=by_hand)
    return reply.send(desk, case, out, by=by)


def take(desk: Desk) -> list[int]:
    """What the mail lane would give to the mail server now."""
    with desk.database.writing() as tx:
        return [row.id for row in reply_queries.claim_ready(tx, desk.now(), 10, automation.begin(tx))]


def rows(desk: Desk, table: type) -> list:
    with desk.database.reading() as tx:
        return list(tx.scalars(select(table)))


def row(desk: Desk, case: int) -> CaseRow:
    with desk.database.reading() as tx:
        return tx.get_one(CaseRow, case)


def state(desk: Desk, number: int) -> tuple[str, str | None]:
    with desk.database.reading() as tx:
        found = tx.get_one(ReplyRow, number)
        return found.state, found.reason


def in_ledger(desk: Desk, what: str) -> list[LedgerRow]:
    return [one for one in rows(desk, LedgerRow) if one.what == what]


def test_replies_in_the_undo_window_are_held_back_and_come_back_to_their_authors(
    staffed: Desk, inbox: Inbox, clock: FixedClock
) -> None:
    mine, theirs = inbox.case(), inbox.case()
    numbers = [send(staffed, mine), send(staffed, theirs, CHEN)]
    settle_later = send(staffed, inbox.case("sunrise"), ANNA)
    done = manual.switch_on(staffed, "nordlicht", "odd bounces", by=WANG)
    assert (done.is_new, done.held_back, done.being_sent) == (True, (mine, theirs), ())
    assert [state(staffed, one) for one in numbers] == [("withdrawn", HELD_BACK)] * 2
    drafts = [read.draft(staffed, mine, LI_WEI), read.draft(staffed, theirs, CHEN)]
    assert [one.text for one in drafts if one] == [TEXT, TEXT]
    clock.advance(HOUR)
    assert take(staffed) == [settle_later], "another store's reply leaves as ever"
    told = {one.key: one.place for one in rows(staffed, OutboxRow)}
    assert told[f"held_back:{numbers[0]}:{LI_WEI}"] == LI_WEI
    assert told[f"held_back:{numbers[1]}:{CHEN}"] == CHEN
    assert told[f"manual:{done.mode.id}"] == "amz-leads"
    assert f"manual_told:{done.mode.id}:on:{WANG}" not in told, "who did it knows"


def test_it_stands_in_the_ledger_with_who_and_why(staffed: Desk, clock: FixedClock) -> None:
    manual.switch_on(staffed, "nordlicht", "odd bounces", by=WANG)
    clock.advance(90 * MINUTE)
    ended = manual.switch_off(staffed, "nordlicht", "Amazon has mended it", by=WANG)
    assert (ended.ended_at, ended.ended_by, ended.end_reason) == (
        START + 90 * MINUTE,
        WANG,
        "Amazon has mended it",
    )
    (on,), (off,) = in_ledger(staffed, "manual_on"), in_ledger(staffed, "manual_off")
    assert (on.who, on.store, on.facts["reason"]) == (WANG, "nordlicht", "odd bounces")
    assert (off.who, off.facts["reason"], off.facts["minutes"]) == (WANG, "Amazon has mended it", 90)
    assert manual.modes(staffed) == ()


def test_switching_twice_is_switching_once(staffed: Desk) -> None:
    first = manual.switch_on(staffed, ALL, "", by=CONSOLE)
    again = manual.switch_on(staffed, ALL, "once more", by=WANG)
    assert (first.is_new, again.is_new, again.mode) == (True, False, first.mode)
    assert len(in_ledger(staffed, "manual_on")) == 1


def test_all_stores_and_one_are_ended_each_by_itself(staffed: Desk) -> None:
    manual.switch_on(staffed, ALL, "", by=WANG)
    with pytest.raises(Stale) as why:
        manual.switch_off(staffed, "nordlicht", "fine", by=WANG)
    assert why.value.key == "manual_is_all"
    manual.switch_on(staffed, "nordlicht", "", by=WANG)
    manual.switch_off(staffed, ALL, "fine", by=WANG)
    assert [one.scope for one in manual.modes(staffed)] == ["nordlicht"]
    manual.switch_off(staffed, "nordlicht", "fine too", by=WANG)
    with pytest.raises(Stale) as why:
        manual.switch_off(staffed, "nordlicht", "fine", by=WANG)
    assert why.value.key == "manual_is_off"


@pytest.mark.parametrize("person", [LI_WEI, BOB, GUEST])
def test_only_managers_switch(staffed: Desk, person: str) -> None:
    with pytest.raises(NotAllowed):
        manual.switch_on(staffed, "nordlicht", "", by=person)
    manual.switch_on(staffed, "nordlicht", "", by=WANG)
    with pytest.raises(NotAllowed):
        manual.switch_off(staffed, "nordlicht", "because", by=person)


def test_a_manager_of_one_store_does_not_switch_the_others(staffed: Desk) -> None:
    agents = {key: one.model_copy() for key, one in settings().agents.items()}
    agents["chen-yu"] = agents["chen-yu"].model_copy(update={"role": "manager"})
    desk = replace(staffed, settings=staffed.settings.model_copy(update={"agents": agents}))
    for scope in ("sunrise", ALL):
        with pytest.raises(NotAllowed):
            manual.switch_on(desk, scope, "", by=CHEN)
    assert manual.switch_on(desk, "nordlicht", "", by=CHEN).is_new


def test_who_manages_some_of_their_stores_switches_those_alone(staffed: Desk) -> None:
    anna = staffed.settings.agents["anna"].model_copy(update={"role": "manager", "manages": ("sunrise",)})
    agents = dict(staffed.settings.agents) | {"anna": anna}
    desk = replace(staffed, settings=staffed.settings.model_copy(update={"agents": agents}))
    assert anna.stores == "all"
    for scope in ("nordlicht", ALL):
        manual.switch_on(desk, scope, "", by=WANG)
        with pytest.raises(NotAllowed):
            manual.switch_off(desk, scope, "because", by=ANNA)
        manual.switch_off(desk, scope, "because", by=WANG)
        with pytest.raises(NotAllowed):
            manual.switch_on(desk, scope, "", by=ANNA)
    assert manual.switch_on(desk, "sunrise", "", by=ANNA).is_new


def test_a_store_that_there_is_not_and_an_end_without_a_reason(staffed: Desk) -> None:
    with pytest.raises(NotFound):
        manual.switch_on(staffed, "moon", "", by=WANG)
    manual.switch_on(staffed, "nordlicht", "", by=WANG)
    with pytest.raises(WrongInput):
        manual.switch_off(staffed, "nordlicht", "  ", by=WANG)


def test_a_person_sends_by_hand_after_saying_so(staffed: Desk, inbox: Inbox, clock: FixedClock) -> None:
    case = inbox.case()
    manual.switch_on(staffed, "nordlicht", "", by=WANG)
    shown = reply.preview(staffed, case, TEXT, by=LI_WEI)
    assert shown.manual is not None
    assert shown.manual.by == WANG
    with pytest.raises(Stale) as why:
        send(staffed, case)
    assert why.value.key == "manual_on"
    number = send(staffed, case, by_hand=True)
    clock.advance(MINUTE)
    assert take(staffed) == [number]
    settle.again(staffed, number, "no answer")
    assert state(staffed, number) == ("queued", "no answer"), "it was sent by hand, and is tried again"
    clock.advance(HOUR)
    assert take(staffed) == [number]
    settle.accepted(staffed, number, code=250)
    assert read.case(staffed, case).state == "closed"


def test_a_reply_that_was_under_way_at_the_ack_is_not_tried_again(
    staffed: Desk, inbox: Inbox, clock: FixedClock
) -> None:
    case = inbox.case()
    number = send(staffed, case)
    clock.advance(MINUTE)
    assert take(staffed) == [number]
    assert manual.switch_on(staffed, "nordlicht", "", by=WANG).being_sent == (case,)
    settle.again(staffed, number, "no answer")
    clock.advance(DAY)
    assert (take(staffed), state(staffed, number)) == ([], ("withdrawn", HELD_BACK))


def test_offers_end_and_none_are_made_until_it_is_over(
    staffed: Desk, inbox: Inbox, clock: FixedClock
) -> None:
    before = inbox.case()
    assert row(staffed, before).offered_to is not None
    manual.switch_on(staffed, "nordlicht", "", by=WANG)
    during = inbox.case()
    clock.advance(30 * MINUTE)
    route.route_waiting(staffed)
    for case in (before, during):
        found = row(staffed, case)
        assert (found.offered_to, found.planned_for, found.offer_kind) == (None, None, None)
    assert [one.ended for one in rows(staffed, OfferRow)] == ["passed"]
    assert list(keys(staffed, "offer")) == []
    manual.switch_off(staffed, "nordlicht", "fine", by=WANG)
    route.route_waiting(staffed)
    assert row(staffed, before).offered_to is not None
    assert row(staffed, during).offered_to is not None


def test_nobody_loses_a_case_when_their_shift_ends(staffed: Desk, inbox: Inbox, clock: FixedClock) -> None:
    case = inbox.case(late=8 * HOUR)
    assign.claim(staffed, case, by=LI_WEI)
    manual.switch_on(staffed, "nordlicht", "", by=WANG)
    clock.advance(9 * HOUR)
    route.route_waiting(staffed)
    assert row(staffed, case).assignee == LI_WEI


def test_pings_go_on_and_who_takes_an_unclaimed_case_is_asked_after_a_while(
    staffed: Desk, inbox: Inbox, clock: FixedClock
) -> None:
    case = inbox.case(late=21 * HOUR)
    fresh = inbox.case()
    manual.switch_on(staffed, "nordlicht", "", by=WANG)
    assert pings.ping_due(staffed) > 0
    assert {one.case for one in rows(staffed, PingRow) if one.addressee == LI_WEI} == {case}
    assert pings.ping_unclaimed(staffed) == 0
    clock.advance(31 * MINUTE)
    assert pings.ping_unclaimed(staffed) == 2
    assert {one.case for one in rows(staffed, PingRow) if one.stage == pings.UNCLAIMED} == {case, fresh}


def test_nothing_is_suggested(staffed: Desk, inbox: Inbox) -> None:
    case = inbox.case()
    assert suggest.suggestions(staffed, read.case(staffed, case))
    manual.switch_on(staffed, "nordlicht", "", by=WANG)
    snapshot = read.case(staffed, case)
    assert suggest.suggestions(staffed, snapshot) == ()
    assert suggest.choices(staffed, snapshot), "who wants one finds it"
    shown = reply.preview(staffed, case, "Write to me@shop.example, please.", by=LI_WEI)
    assert shown.verdict == "block"
    assert shown.rewrites == ()


def test_bulk_replies_stop_and_none_can_begin(desk: Desk, clock: FixedClock) -> None:
    buyers = Buyers(desk, clock)
    for _ in range(3):
        buyers.case()
    number = begin(desk)
    run(desk, clock, 1)
    waits = bulk.prepare(desk, WANTED, by=ANNA)
    done = manual.switch_on(desk, "nordlicht", "", by=WANG)
    assert len(done.held_back) == 1
    run(desk, clock, 5)
    clock.advance(HOUR)
    assert take(desk) == []
    with desk.database.reading() as tx:
        assert tx.get_one(BulkRow, number).state == "stopped"
        assert tx.get_one(BulkRow, number).stopped_by == WANG
    for start in (lambda: bulk.start(desk, waits, by=ANNA), lambda: bulk.prepare(desk, WANTED, by=ANNA)):
        with pytest.raises(Stale) as why:
            start()
        assert why.value.key == "manual_no_bulk"


def test_digests_of_stores_in_manual_mode_wait_until_it_is_over(staffed: Desk, clock: FixedClock) -> None:
    with staffed.database.writing() as tx:
        for name in staffed.settings.mailboxes:
            tx.add(MailboxRow(name=name, uidvalidity=1, uid=0, started_at=START - 9 * DAY, read_at=START))
    manual.switch_on(staffed, "nordlicht", "", by=WANG)
    clock.advance(DAY)
    digests.put_due(staffed)
    daily = [key for key in keys(staffed, "digest") if ":daily:" in key]
    assert [key.split(":")[2] for key in daily] == ["sunrise"]
    assert [key for key in keys(staffed, "digest") if ":weekly:" in key], "it is about the other store too"
    manual.switch_off(staffed, "nordlicht", "fine", by=WANG)
    digests.put_due(staffed)
    daily = [key for key in keys(staffed, "digest") if ":daily:" in key]
    assert sorted(key.split(":")[2] for key in daily) == ["nordlicht", "sunrise"]


def test_a_work_that_began_before_the_ack_is_waited_for_and_undone(
    staffed: Desk, inbox: Inbox, clock: FixedClock
) -> None:
    """An offer is made and not committed yet when somebody switches: the switch sees it, and takes it back."""
    case = inbox.case()
    with staffed.database.writing() as tx:
        route.forget(tx, tx.get_one(CaseRow, case), clock.now())
    inside, go = Event(), Event()

    def offer_slowly() -> None:
        with staffed.database.writing() as tx:
            kept = route.books(tx, staffed, clock.now())
            route.offer_now(tx, kept, tx.get_one(CaseRow, case), START + DAY)
            assert tx.get_one(CaseRow, case).offered_to is not None
            tx.flush()
            inside.set()
            go.wait(20)

    works = Thread(target=offer_slowly)
    works.start()
    assert inside.wait(20)
    switches = Thread(target=lambda: manual.switch_on(staffed, "nordlicht", "", by=WANG))
    switches.start()
    switches.join(0.3)  # whoever did not wait would be through by now, and see no offer
    go.set()
    works.join()
    switches.join()
    assert row(staffed, case).offered_to is None
    assert [one.ended for one in rows(staffed, OfferRow)][-1] == "passed"


def at_once(*works: Callable[[], object]) -> list[Exception]:
    """Run all of them, each in a thread, from the same instant on."""
    start, failed = Barrier(len(works)), []

    def one(work: Callable[[], object]) -> None:
        start.wait()
        try:
            work()
        except Exception as why:  # noqa: BLE001 - told to the test
            failed.append(why)

    threads = [Thread(target=one, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


@pytest.mark.parametrize("round_", range(3))
def test_lanes_and_ticks_and_the_ack_at_once(
    staffed: Desk, inbox: Inbox, clock: FixedClock, round_: int
) -> None:
    """After the ack only what the mail server was being given at that instant is on its way."""
    cases = [inbox.case() for _ in range(8)]
    sent = {send(staffed, one): one for one in cases[:6]}
    clock.advance((5 + round_) * HOUR)
    acked: list[manual.Switched] = []
    taken: list[int] = []

    def lane() -> None:
        for _ in range(4):
            with staffed.database.writing() as tx:
                found = reply_queries.claim_ready(tx, staffed.now(), 1, automation.begin(tx))
                taken.extend(row.id for row in found)

    def late_sender() -> None:
        with suppress(Stale):
            send(staffed, cases[6], CHEN)

    failed = at_once(
        lane,
        lane,
        lambda: acked.append(manual.switch_on(staffed, "nordlicht", "", by=WANG)),
        lambda: route.route_waiting(staffed),
        lambda: bulk_sending.send_due(staffed),
        late_sender,
        lambda: inbox.case(),
    )
    assert failed == []
    clock.advance(HOUR)
    route.route_waiting(staffed)
    assert take(staffed) == []
    (done,) = acked
    assert sorted(sent[one] for one in taken) == list(done.being_sent)
    assert set(done.held_back) >= set(cases[:6]) - set(done.being_sent)
    with staffed.database.reading() as tx:
        waiting = select(func.count()).where(ReplyRow.state.in_(("held", "queued")))
        offered = select(func.count()).where(CaseRow.offered_to.is_not(None))
        assert (tx.scalar(waiting), tx.scalar(offered)) == (0, 0)


def test_of_two_who_switch_at_once_one_switches(staffed: Desk, inbox: Inbox) -> None:
    send(staffed, inbox.case())
    found: list[manual.Switched] = []
    works = [lambda: found.append(manual.switch_on(staffed, "nordlicht", "", by=WANG)) for _ in range(3)]
    assert at_once(*works) == []
    assert sorted(one.is_new for one in found) == [False, False, True]
    assert len(in_ledger(staffed, "manual_on")) == 1
    assert len(in_ledger(staffed, "reply_held_back")) == 1
