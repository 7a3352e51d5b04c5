"""A typed message from its preview to every end it can have, without Amazon. Both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from bot.clock import FixedClock
from bot.db.queries import typed as queries
from bot.db.tables_typed import TypedFileRow, TypedMessageRow
from bot.desk import (
    Desk,
    close,
    evidence,
    manual,
    merging,
    orders,
    read,
    solutions,
    typed,
    typed_drafts,
    typed_settle,
)
from bot.desk import reply as reply_rules
from bot.desk.purge import purge
from bot.desk.reply import Outgoing
from bot.desk.solutions import Wish
from bot.domain.commitments import commitment, fits
from bot.domain.purge import GONE
from bot.domain.typed_messages import MessageFile, MessageKind, TypedMessage, sha256_of
from bot.errors import Blocked, NeedsAuthorisation, NotAllowed, NotFound, NotOurs, Stale, WrongInput
from tests.store.lived import keys, told
from tests.store.test_evidence import faults, packed
from tests.store.test_orders import with_api
from tests.store.test_purge import everything
from tests.store.test_replies import TEXT
from tests.store.typed_words import (
    INVOICE,
    LATE,
    PDF,
    files,
    outgoing,
    records,
    send,
    state,
    stored,
    take,
)
from tests.world import ANNA, BOB, CHEN, GUEST, LI_WEI, WANG, Post, buyer_mail

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
ENDED = NeedsAuthorisation("Login with Amazon says invalid_grant", code="invalid_grant")


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return with_api(desk, "nordlicht")


@pytest.fixture(autouse=True)
def case(post: Post) -> None:
    post.deliver(buyer_mail())


def test_it_waits_for_its_undo_window_and_touches_no_deadline(desk: Desk, clock: FixedClock) -> None:
    before = read.case(desk, 1001)
    number = send(desk)
    assert state(desk, number) == ("held", "")
    assert typed_settle.stores_ready(desk, ["nordlicht"]) == ()
    assert typed_settle.take(desk, "nordlicht") is None
    clock.advance(45 * SECOND)
    assert typed_settle.stores_ready(desk, ["nordlicht", "sunrise"]) == ("nordlicht",)
    one = take(desk)
    assert (one.id, one.order_id, one.marketplace, one.message) == (number, "305-1234567-1234567", "DE", LATE)
    typed_settle.depart(desk, one)
    assert state(desk, number) == ("sending", "")
    typed_settle.accepted(desk, one, "request-1")
    after = read.case(desk, 1001)
    assert (after.state, after.due_at, after.assignee) == ("open", before.due_at, None)
    [shown] = after.typed
    assert (shown.state, shown.kind, shown.request_id, shown.accepted_at) == (
        "accepted",
        MessageKind.PROBLEM,
        "request-1",
        clock.now(),
    )


def test_files_go_to_the_lane_byte_for_byte_and_are_forgotten_when_amazon_has_them(
    desk: Desk, clock: FixedClock
) -> None:
    number = send(desk, INVOICE)
    clock.advance(MINUTE)
    one = take(desk)
    assert one.message == INVOICE
    typed_settle.depart(desk, one)
    typed_settle.accepted(desk, one, "")
    assert files(desk, number) == [(PDF.name, None)]
    assert read.case(desk, 1001).typed[0].files == ((PDF.name, len(PDF.content)),)


def test_dates_of_a_warranty_come_back_as_they_were(desk: Desk, clock: FixedClock) -> None:
    start, end = datetime(2026, 11, 20, tzinfo=UTC), datetime(2028, 11, 20, tzinfo=UTC)
    message = TypedMessage(MessageKind.WARRANTY, "", (PDF,), start, end)
    send(desk, message)
    clock.advance(MINUTE)
    assert take(desk).message == message


@pytest.mark.parametrize(
    ("message", "field", "rule"),
    [
        (TypedMessage(MessageKind.PROBLEM, "x" * 2001), "text", "too_long"),
        (TypedMessage(MessageKind.INVOICE), "files", "too_few"),
        (
            TypedMessage(MessageKind.INVOICE, files=(replace(PDF, content=b"x" * 11_000_000),)),
            "files",
            "too_large",
        ),
    ],
)
def test_what_does_not_fit_its_form_is_said_and_not_kept(
    desk: Desk, message: TypedMessage, field: str, rule: str
) -> None:
    shown = typed.preview(desk, 1001, message, by=LI_WEI)
    assert [(one.field, one.rule) for one in shown.faults] == [(field, rule)]
    assert not shown.may_be_sent
    assert typed.draft(desk, 1001, by=LI_WEI) is None
    with pytest.raises(WrongInput):
        typed.send(desk, 1001, outgoing(shown), by=LI_WEI)


BAD = [
    (TypedMessage(MessageKind.PROBLEM, "Late. Write to me at anna@example.com instead."), "email_address"),
    (TypedMessage(MessageKind.INVOICE, files=(MessageFile("invoice.exe", "", b"MZ"),)), "attachment_bad"),
]


@pytest.mark.parametrize(("message", "rule"), BAD)
def test_what_breaks_a_rule_is_shown_refused_and_recorded_without_its_words(
    desk: Desk, message: TypedMessage, rule: str
) -> None:
    shown = typed.preview(desk, 1001, message, by=LI_WEI)
    assert (shown.verdict, shown.may_be_sent) == ("block", False)
    assert rule in {one.rule for one in shown.findings}
    with pytest.raises(Blocked) as why:
        typed.send(desk, 1001, outgoing(shown), by=LI_WEI)
    assert why.value.key == "typed_blocked"
    assert [(who, what) for who, what, _facts in records(desk)] == [(LI_WEI, "typed_blocked")] * 2
    assert all(facts["rules"] == [rule] for _who, _what, facts in records(desk))
    assert "anna@example" not in str(records(desk))
    assert read.case(desk, 1001).typed == ()


def test_it_need_not_have_the_parts_of_an_answer(desk: Desk) -> None:
    assert typed.preview(desk, 1001, LATE, by=LI_WEI).findings == ()


def test_over_a_warning_a_manager_sends_and_that_is_recorded(desk: Desk, clock: FixedClock) -> None:
    emoji = replace(LATE, text=f"{LATE.text} 🙂")
    shown = typed.preview(desk, 1001, emoji, by=LI_WEI)
    assert (shown.over, shown.needs_manager, shown.may_be_sent) == (("emoji_or_html",), True, False)
    with pytest.raises(Blocked) as why:
        typed.send(desk, 1001, outgoing(shown), by=LI_WEI)
    assert why.value.key == "typed_manager_needed"
    number = send(desk, emoji, by=WANG)
    warned = read.case(desk, 1001).warnings
    assert [(one.what, one.who, one.rules) for one in warned] == [
        ("warning_overridden", WANG, ("emoji_or_html",))
    ]
    clock.advance(MINUTE)
    assert take(desk).id == number


def test_the_ledger_knows_what_left_only_by_salted_hashes(desk: Desk, clock: FixedClock) -> None:
    message = TypedMessage(MessageKind.ACCESS_KEY, "Your key: 1234-ABCD.", (PDF,))
    number = send(desk, message)
    clock.advance(MINUTE)
    one = take(desk)
    typed_settle.depart(desk, one)
    typed_settle.accepted(desk, one, "request-1")
    (_, held, at_first), (who, done, at_last) = records(desk)
    assert (held, done, who) == ("typed_held", "typed_accepted", LI_WEI)
    salt = stored(desk, number).salt
    assert salt is not None
    for facts in (at_first, at_last):
        assert fits(salt, "text", message.text, facts["text"])
        assert facts["files"] == [commitment(salt, "file", sha256_of(PDF))]
        assert not {"ABCD", PDF.name} & set(str(facts).split())


def test_the_same_click_twice_is_one_message(desk: Desk, clock: FixedClock) -> None:
    shown = typed.preview(desk, 1001, LATE, by=LI_WEI)
    numbers: list[int] = []
    start = Barrier(2)

    def click() -> None:
        start.wait()
        numbers.append(typed.send(desk, 1001, outgoing(shown), by=LI_WEI))

    clicks = [Thread(target=click) for _ in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert len(set(numbers)) == 1
    assert [one.id for one in read.case(desk, 1001).typed] == numbers[:1]
    clock.advance(HOUR)
    assert typed.send(desk, 1001, outgoing(shown), by=LI_WEI) == numbers[0]


def test_an_old_preview_of_what_did_not_leave_sends_nothing_and_says_so(
    desk: Desk, clock: FixedClock
) -> None:
    shown = typed.preview(desk, 1001, LATE, by=LI_WEI)
    typed.send(desk, 1001, outgoing(shown), by=LI_WEI)
    clock.advance(MINUTE)
    one = take(desk)
    typed_settle.depart(desk, one)
    typed_settle.refused(desk, one, "no", "400")
    typed.preview(desk, 1001, INVOICE, by=LI_WEI)
    with pytest.raises(WrongInput) as why:
        typed.send(desk, 1001, outgoing(shown), by=LI_WEI)
    assert why.value.key == "not_previewed"


def test_a_colleague_who_has_not_seen_it_does_not_send_the_like(desk: Desk) -> None:
    mine = typed.preview(desk, 1001, LATE, by=LI_WEI)
    theirs = typed.preview(desk, 1001, replace(LATE, text=f"{LATE.text} Sorry."), by=CHEN)
    invoice = typed.preview(desk, 1001, INVOICE, by=ANNA)
    typed.send(desk, 1001, outgoing(mine), by=LI_WEI)
    with pytest.raises(Stale) as why:
        typed.send(desk, 1001, outgoing(theirs), by=CHEN)
    assert (why.value.key, why.value.facts["who"]) == ("typed_sent_already", LI_WEI)
    typed.send(desk, 1001, outgoing(invoice), by=ANNA)
    seen = typed.preview(desk, 1001, LATE, by=CHEN)
    typed.send(desk, 1001, outgoing(seen), by=CHEN)
    assert len(read.case(desk, 1001).typed) == 3


def test_who_has_not_seen_what_the_buyer_wrote_or_a_colleague_answered_looks_first(
    desk: Desk, post: Post
) -> None:
    shown = typed.preview(desk, 1001, LATE, by=LI_WEI)
    post.deliver(buyer_mail("It has come."))
    with pytest.raises(Stale) as why:
        typed.send(desk, 1001, outgoing(shown), by=LI_WEI)
    assert why.value.key == "buyer_wrote_again"
    shown = typed.preview(desk, 1001, LATE, by=LI_WEI)
    said = reply_rules.preview(desk, 1001, TEXT, by=CHEN)
    reply_rules.send(desk, 1001, Outgoing(said.text, said.fingerprint, said.seen), by=CHEN)
    with pytest.raises(Stale) as why:
        typed.send(desk, 1001, outgoing(shown), by=LI_WEI)
    assert why.value.key == "answered_already"
    assert typed.draft(desk, 1001, by=LI_WEI) == LATE


def test_only_what_was_previewed_is_sent(desk: Desk) -> None:
    shown = typed.preview(desk, 1001, LATE, by=LI_WEI)
    typed.preview(desk, 1001, replace(LATE, text="Something else that is late."), by=LI_WEI)
    with pytest.raises(WrongInput) as why:
        typed.send(desk, 1001, outgoing(shown), by=LI_WEI)
    assert why.value.key == "not_previewed"


def test_where_amazon_can_not_be_asked_it_is_said_why(desk: Desk, post: Post) -> None:
    found = typed.allowed(desk, 1001, by=LI_WEI)
    assert (found.store, found.order_id, found.marketplace) == ("nordlicht", "305-1234567-1234567", "DE")
    post.deliver(buyer_mail(marketplace="US"), mailbox="sunrise")
    post.deliver(
        buyer_mail(order_id=None, amazon_case_id="case-9", buyer_alias="a+9@m.de", buyer_base="a@m.de")
    )
    for case, by, key in ((1002, LI_WEI, "typed_no_access"), (1003, LI_WEI, "typed_no_order")):
        with pytest.raises(WrongInput) as why:
            typed.allowed(desk, case, by=by)
        assert why.value.key == key
        with pytest.raises(WrongInput):
            typed.preview(desk, case, LATE, by=by)
    for person in (BOB, GUEST):
        with pytest.raises(NotAllowed):
            typed.allowed(desk, 1001, by=person)
        with pytest.raises(NotAllowed):
            typed.preview(desk, 1001, LATE, by=person)
    orders.lock_out(desk, "nordlicht", orders.NO_ROLE, ENDED)
    assert typed.allowed(desk, 1001, by=LI_WEI) == found, "orders alone are refused"
    orders.let_in(desk, "nordlicht")
    orders.lock_out(desk, "nordlicht", "invalid_grant", ENDED)
    with pytest.raises(Stale) as locked:
        typed.allowed(desk, 1001, by=LI_WEI)
    assert locked.value.key == "typed_locked_out"


@pytest.mark.parametrize("steps", [0, 1])
def test_it_is_called_back_until_the_request_leaves(desk: Desk, clock: FixedClock, steps: int) -> None:
    number = send(desk, INVOICE)
    clock.advance(MINUTE)
    taken = take(desk) if steps else None
    assert typed.cancel(desk, number, by=CHEN) == 1001
    assert state(desk, number) == ("withdrawn", "cancelled")
    if taken:
        with pytest.raises(NotOurs):
            typed_settle.depart(desk, taken)
    assert typed_settle.take(desk, "nordlicht") is None
    assert typed.draft(desk, 1001, by=LI_WEI) == INVOICE
    assert files(desk, number) == [(PDF.name, None)]
    again = send(desk, INVOICE)
    clock.advance(MINUTE)
    typed_settle.depart(desk, take(desk))
    with pytest.raises(Stale) as why:
        typed.cancel(desk, again, by=LI_WEI)
    assert why.value.key == "typed_too_late"
    with pytest.raises(NotFound):
        typed.cancel(desk, 999, by=LI_WEI)
    with pytest.raises(NotAllowed):
        typed.cancel(desk, again, by=BOB)


def test_two_workers_never_have_the_same_message(desk: Desk, clock: FixedClock) -> None:
    numbers = {send(desk), send(desk, INVOICE)}
    clock.advance(MINUTE)
    taken: list[int] = []
    start = Barrier(4)

    def worker() -> None:
        start.wait()
        one = typed_settle.take(desk, "nordlicht")
        taken.extend([one.id] if one else [])

    workers = [Thread(target=worker) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    # PostgreSQL's workers may all have looked at the first; who found it taken looks again.
    while (one := typed_settle.take(desk, "nordlicht")) is not None:
        taken.append(one.id)
    assert sorted(taken) == sorted(numbers)


def test_who_was_overtaken_while_putting_up_files_can_not_send(desk: Desk, clock: FixedClock) -> None:
    number = send(desk, INVOICE)
    clock.advance(MINUTE)
    slow = take(desk)
    clock.advance(10 * MINUTE)
    fast = take(desk)
    with pytest.raises(NotOurs):
        typed_settle.depart(desk, slow)
    typed_settle.depart(desk, fast)
    for end in (
        lambda: typed_settle.again(desk, slow, "late"),
        lambda: typed_settle.refused(desk, slow, "late", "x"),
        lambda: typed_settle.unsure(desk, slow, "late"),
        lambda: typed_settle.accepted(desk, slow, "x"),
    ):
        with pytest.raises(NotOurs):
            end()
    typed_settle.accepted(desk, fast, "")
    assert state(desk, number) == ("accepted", "")


def test_what_a_dead_worker_was_sending_is_unsure_and_never_leaves_again(
    desk: Desk, clock: FixedClock
) -> None:
    number = send(desk)
    clock.advance(MINUTE)
    typed_settle.depart(desk, take(desk))
    told(desk)
    clock.advance(5 * MINUTE)
    assert (typed_settle.left_behind(desk), typed_settle.left_behind(desk)) == (1, 0)
    assert state(desk, number) == ("unsure", "stopped")
    clock.advance(48 * HOUR)
    assert (typed_settle.left_behind(desk), typed_settle.take(desk, "nordlicht")) == (0, None)
    assert keys(desk, "typed", "typed_told") == [f"typed_told:{number}:unsure:{LI_WEI}", f"typed:{number}"]


@pytest.mark.parametrize(
    ("was_sent", "expected"), [(True, ("accepted", "")), (False, ("failed", "not_sent"))]
)
def test_a_person_decides_about_an_unsure_one(
    desk: Desk, clock: FixedClock, was_sent: bool, expected: tuple[str, str]
) -> None:
    number = send(desk, INVOICE)
    clock.advance(MINUTE)
    one = take(desk)
    typed_settle.depart(desk, one)
    typed_settle.unsure(desk, one, "it answered 503")
    with pytest.raises(NotAllowed):
        typed_settle.decide(desk, number, was_sent=was_sent, by=BOB)
    with desk.database.reading() as tx:
        assert [(one, n) for one, n in queries.counts(tx).items() if n] == [("unsure", 1)]
    typed_settle.decide(desk, number, was_sent=was_sent, by=CHEN)
    assert state(desk, number) == expected
    assert typed.draft(desk, 1001, by=LI_WEI) == (None if was_sent else INVOICE)
    assert records(desk)[-1][:2] == (CHEN, "typed_decided")
    with pytest.raises(Stale) as why:
        typed_settle.decide(desk, number, was_sent=was_sent, by=CHEN)
    assert why.value.key == "typed_decided_already"
    with pytest.raises(NotOurs):
        typed_settle.unsure(desk, one, "late")


def test_pauses_grow_and_its_author_is_told_after_three(desk: Desk, clock: FixedClock) -> None:
    number = send(desk)
    clock.advance(MINUTE)
    for said, wait in ((None, 30), (None, 60), (2.0, 2), (2.0, 300)):
        typed_settle.again(desk, take(desk), "no answer", said)
        assert typed_settle.take(desk, "nordlicht") is None
        clock.advance(timedelta(seconds=wait))
    assert keys(desk, "typed_told") == [f"typed_told:{number}:stuck:{LI_WEI}"]
    assert take(desk).attempts == 5


def test_a_store_that_is_locked_out_keeps_its_messages_until_it_is_let_in(
    desk: Desk, clock: FixedClock
) -> None:
    number = send(desk)
    clock.advance(MINUTE)
    assert typed_settle.locked_out(desk, take(desk), "invalid_grant", ENDED) is True
    assert (state(desk, number), typed_settle.take(desk, "nordlicht")) == (("queued", ""), None)
    assert typed_settle.stores_ready(desk, ["nordlicht"]) == ()
    assert read.case(desk, 1001).typed[0].locked_since == clock.now()
    assert keys(desk, "typed_told") == [f"typed_told:{number}:stuck:{LI_WEI}"]
    clock.advance(HOUR)
    orders.let_in(desk, "nordlicht")
    assert take(desk).id == number
    assert read.case(desk, 1001).typed[0].locked_since is None


def test_what_could_not_leave_for_a_day_is_not_sent_any_more(desk: Desk, clock: FixedClock) -> None:
    number = send(desk)
    orders.lock_out(desk, "nordlicht", "invalid_grant", ENDED)
    clock.advance(23 * HOUR)
    assert typed_settle.left_behind(desk) == 0
    clock.advance(HOUR)
    assert typed_settle.left_behind(desk) == 1
    assert (state(desk, number), typed.draft(desk, 1001, by=LI_WEI)) == (("failed", "too_old"), LATE)
    assert f"typed_told:{number}:failed:{LI_WEI}" in keys(desk, "typed_told")


def test_who_lost_the_right_sends_nothing_any_more(desk: Desk, clock: FixedClock) -> None:
    number = send(desk, INVOICE, by=CHEN)
    clock.advance(MINUTE)
    agents = {key: one for key, one in desk.settings.agents.items() if key != "chen-yu"}
    later = replace(desk, settings=desk.settings.model_copy(update={"agents": agents}))
    assert typed_settle.take(later, "nordlicht") is None
    assert state(desk, number) == ("withdrawn", "author_left")
    assert files(desk, number) == [(PDF.name, None)]


def test_nor_does_who_is_no_manager_any_more_over_a_managers_warning(desk: Desk, clock: FixedClock) -> None:
    solutions.grant(desk, 1001, Wish("partial_refund", "50", "5"), by=ANNA, seen=0)
    over = replace(LATE, text="Your bottle is delayed by two days. We refund 7.00 EUR.")
    numbers = [send(desk, over, by=WANG), send(desk, LATE, by=WANG)]
    clock.advance(MINUTE)
    agents = desk.settings.agents
    agents = agents | {"wang-fang": agents["wang-fang"].model_copy(update={"role": "agent"})}
    later = replace(desk, settings=desk.settings.model_copy(update={"agents": agents}))
    taken = [typed_settle.take(later, "nordlicht") for _ in range(2)]
    assert [one and one.id for one in taken] == [None, numbers[1]]
    assert state(desk, numbers[0]) == ("withdrawn", "author_left")


def test_nor_does_a_text_against_which_the_check_has_something_new_to_say(
    desk: Desk, clock: FixedClock
) -> None:
    solutions.grant(desk, 1001, Wish("partial_refund", "50", "5"), by=ANNA, seen=0)
    numbers = [
        send(desk, replace(LATE, text=f"It is delayed. We refund {n}.00 EUR."), by=WANG) for n in (5, 7)
    ]
    with desk.database.reading() as tx:
        given = read.snapshot(tx, desk, 1001).solutions[0].id
    solutions.withdraw(desk, given, by=WANG)
    clock.advance(MINUTE)
    taken = [typed_settle.take(desk, "nordlicht") for _ in range(2)]
    assert [one and one.id for one in taken] == [None, numbers[1]], "of 7 EUR its author had been warned"
    assert state(desk, numbers[0]) == ("failed", "said_anew")
    assert typed.draft(desk, 1001, by=WANG) == replace(LATE, text="It is delayed. We refund 5.00 EUR.")
    assert f"typed_told:{numbers[0]}:failed:{WANG}" in keys(desk, "typed_told")


def test_what_is_not_what_was_previewed_is_not_sent(desk: Desk, clock: FixedClock) -> None:
    number = send(desk, INVOICE)
    with desk.database.writing() as tx:
        tx.scalars(select(TypedFileRow)).one().content = b"%PDF another"
    clock.advance(MINUTE)
    assert typed_settle.take(desk, "nordlicht") is None
    assert state(desk, number) == ("failed", "unreadable")


def test_manual_mode_holds_back_what_waits_also_while_its_files_go_up(desk: Desk, clock: FixedClock) -> None:
    number = send(desk, INVOICE)
    clock.advance(MINUTE)
    one = take(desk)
    done = manual.switch_on(desk, "nordlicht", "odd", by=WANG)
    assert (done.held_back, done.being_sent) == ((1001,), ())
    assert state(desk, number) == ("withdrawn", "manual_mode")
    with pytest.raises(NotOurs):
        typed_settle.depart(desk, one)
    assert typed.draft(desk, 1001, by=LI_WEI) == INVOICE
    assert f"typed_told:{number}:held_back:{LI_WEI}" in keys(desk, "typed_told")


def test_in_manual_mode_only_what_was_sent_by_hand_leaves(desk: Desk, clock: FixedClock) -> None:
    manual.switch_on(desk, "nordlicht", "odd", by=WANG)
    shown = typed.preview(desk, 1001, LATE, by=LI_WEI)
    assert shown.manual is not None
    with pytest.raises(Stale) as why:
        typed.send(desk, 1001, outgoing(shown), by=LI_WEI)
    assert why.value.key == "typed_manual_on"
    number = typed.send(desk, 1001, outgoing(shown, by_hand=True), by=LI_WEI)
    clock.advance(MINUTE)
    one = take(desk)
    typed_settle.again(desk, one, "no answer")
    assert state(desk, number) == ("queued", "")
    clock.advance(MINUTE)
    typed_settle.depart(desk, take(desk))
    assert manual.switch_on(desk, "all", "odd", by=WANG).being_sent == (1001,)


def test_of_a_merged_case_it_is_about_the_order_that_was_chosen(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    post.deliver(buyer_mail("And this?", order_id="305-0000000-0000002", amazon_case_id="case-2"))
    merging.merge(desk, 1002, into=1001, by=LI_WEI)
    found = typed.allowed(desk, 1001, by=LI_WEI, to=1002)
    assert (found.case, found.to, found.order_id) == (1001, 1002, "305-0000000-0000002")
    shown = typed.preview(desk, 1001, LATE, by=LI_WEI, to=1002)
    number = typed.send(desk, 1001, outgoing(shown), by=LI_WEI)
    assert [one.id for one in read.case(desk, 1001).typed] == [number]
    clock.advance(MINUTE)
    assert take(desk).order_id == "305-0000000-0000002"
    assert read.case_of_typed(desk, number)[0].number == 1001


def test_old_drafts_are_forgotten_with_their_files(desk: Desk, clock: FixedClock) -> None:
    typed.preview(desk, 1001, INVOICE, by=LI_WEI)
    clock.advance(23 * HOUR)
    typed.preview(desk, 1001, INVOICE, by=CHEN)
    clock.advance(HOUR)
    assert (typed_drafts.forget_old(desk), typed_drafts.forget_old(desk)) == (1, 0)
    assert typed.draft(desk, 1001, by=LI_WEI) is None
    assert typed.draft(desk, 1001, by=CHEN) == INVOICE
    with desk.database.reading() as tx:
        assert len(tx.scalars(select(TypedMessageRow)).all()) == 1
        assert len(tx.scalars(select(TypedFileRow)).all()) == 1


def test_evidence_has_it_with_what_proves_it(desk: Desk, clock: FixedClock) -> None:
    number = send(desk, LATE)
    clock.advance(MINUTE)
    one = take(desk)
    typed_settle.depart(desk, one)
    typed_settle.accepted(desk, one, "request-1")
    found = evidence.gather(desk, "1001")
    [said] = [one for one in found.texts if one["kind"] == "typed"]
    assert (said["id"], said["text"], said["state"], said["request_id"]) == (
        number,
        LATE.text,
        "accepted",
        "request-1",
    )
    assert [one["what"] for one in found.checks] == ["typed_held"]
    made = packed(desk, "1001")
    assert f"<b>Message by Amazon's API {number}</b>, accepted" in made["report.html"].decode()
    assert faults(made) == []
    made["texts.json"] = made["texts.json"].replace(b"two days", b"six days")
    assert f"the text of typed {number} is not the one of record" in " ".join(faults(made))


def test_the_purge_waits_for_it_and_leaves_none_of_its_words(desk: Desk, clock: FixedClock) -> None:
    close.no_response_needed(desk, 1001, by=LI_WEI)
    message = TypedMessage(MessageKind.ACCESS_KEY, "Your key: Zitrone.", (replace(PDF, name="Zitrone.pdf"),))
    number = send(desk, message)
    clock.advance(MINUTE)
    one = take(desk)
    typed_settle.depart(desk, one)
    clock.advance(40 * 24 * HOUR)
    assert [one.case for one in purge(desk).waiting] == [1001]
    typed_settle.left_behind(desk)
    typed_settle.decide(desk, number, was_sent=False, by=LI_WEI)
    assert "Zitrone" in everything(desk)
    found = purge(desk)
    assert (found.cases, found.rows["typed_messages"], found.rows["typed_files"]) == ((1001,), 2, 2)
    assert "Zitrone" not in everything(desk)
    [kept] = read.case(desk, 1001).typed
    assert (kept.text, kept.files, kept.state) == (GONE, ((GONE, len(PDF.content)),), "failed")
