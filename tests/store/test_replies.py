"""From a text to a mail and what comes back: every state of a reply. Both databases."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from bot.clock import FixedClock
from bot.db.queries import replies as reply_queries
from bot.db.tables import OutboxRow, ReplyRow
from bot.desk import Desk, assign, close, read, reply, settle
from bot.desk.reply import Outgoing
from bot.domain.mail import Kind, Mail
from bot.domain.snapshots import status
from bot.errors import Blocked, NotAllowed, NotFound, Stale, WrongInput
from tests.world import ANNA, BOB, CHEN, GUEST, LI_WEI, START, WANG, Post, buyer_mail

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TEXT = (
    "Hello Katrin,\n\nthank you for your message. I am sorry that your parcel is late. "
    "It is on its way and arrives on Friday.\n\nKind regards,\nNordlicht"
)


def send(
    desk: Desk, text: str = TEXT, by: str = LI_WEI, *, anyway: bool = False, seen: int | None = None
) -> int:
    shown = reply.preview(desk, 1001, text, by=by)
    last = shown.seen if seen is None else seen
    return reply.send(desk, 1001, Outgoing(shown.text, shown.fingerprint, last, anyway=anyway), by=by)


def take(desk: Desk) -> list[int]:
    with desk.database.writing() as tx:
        return [row.id for row in reply_queries.claim_ready(tx, desk.now())]


def state(desk: Desk, number: int) -> str:
    with desk.database.reading() as tx:
        return tx.get_one(ReplyRow, number).state


def told(desk: Desk) -> set[str]:
    with desk.database.reading() as tx:
        return {f"{row.key}@{row.place}" for row in tx.scalars(select(OutboxRow))}


@pytest.fixture(autouse=True)
def case(post: Post) -> None:
    post.deliver(buyer_mail())


def test_a_reply_waits_for_its_undo_window_then_leaves_and_closes_the_deadline(
    desk: Desk, clock: FixedClock
) -> None:
    number = send(desk)
    assert (state(desk, number), take(desk)) == ("held", [])
    clock.advance(timedelta(seconds=45))
    assert take(desk) == [number]
    settle.accepted(desk, number, code=250)
    snapshot = read.case(desk, 1001)
    assert (snapshot.state, snapshot.closed_by, status(snapshot)) == ("closed", "reply", "answered")
    figures = read.board(desk).periods[-1][1]
    assert (figures.in_time, figures.response_rate, figures.average_seconds) == (1, 1.0, 45.0)


def test_the_sender_becomes_the_assignee(desk: Desk) -> None:
    send(desk, by=ANNA)
    assert read.case(desk, 1001).assignee == ANNA


def test_undo_brings_the_text_back_as_a_draft_and_nothing_leaves(desk: Desk, clock: FixedClock) -> None:
    number = send(desk)
    reply.undo(desk, number, by=LI_WEI)
    clock.advance(HOUR)
    assert (take(desk), state(desk, number)) == ([], "withdrawn")
    draft = read.draft(desk, 1001, LI_WEI)
    assert draft is not None
    assert draft.text == TEXT


def test_undo_comes_too_late_once_it_is_on_its_way(desk: Desk, clock: FixedClock) -> None:
    number = send(desk)
    clock.advance(MINUTE)
    take(desk)
    with pytest.raises(Stale):
        reply.undo(desk, number, by=LI_WEI)


def test_send_now_ends_the_window(desk: Desk) -> None:
    number = send(desk)
    reply.send_now(desk, number, by=LI_WEI)
    assert take(desk) == [number]


def test_no_window_when_the_deadline_is_near(desk: Desk, clock: FixedClock) -> None:
    clock.advance(DAY - 9 * MINUTE)
    number = send(desk)
    assert take(desk) == [number]


def test_a_clock_that_is_set_back_keeps_no_reply_here(desk: Desk, clock: FixedClock) -> None:
    clock.advance(8 * HOUR)
    number = send(desk)
    clock.advance(-8 * HOUR)
    assert take(desk) == [number]
    settle.again(desk, number, "no connection")
    assert take(desk) == [], "what was tried by the new time waits by it"
    clock.advance(MINUTE)
    assert take(desk) == [number]


def test_a_retry_of_before_a_clock_was_set_back_is_made(desk: Desk, clock: FixedClock) -> None:
    number = send(desk)
    clock.advance(8 * HOUR)
    take(desk)
    settle.again(desk, number, "no connection")
    clock.advance(-7 * HOUR)
    assert take(desk) == [number]


def test_what_died_before_a_clock_was_set_back_becomes_unsure_at_once(desk: Desk, clock: FixedClock) -> None:
    number = send(desk)
    clock.advance(8 * HOUR)
    take(desk)
    clock.advance(-7 * HOUR)
    assert (take(desk), settle.left_behind(desk), state(desk, number)) == ([], 1, "unsure")


def test_a_reply_is_taken_once_by_two_lanes(desk: Desk, clock: FixedClock) -> None:
    send(desk)
    clock.advance(MINUTE)
    taken: list[int] = []
    start = Barrier(4)

    def lane() -> None:
        start.wait()
        taken.extend(take(desk))

    lanes = [Thread(target=lane) for _ in range(4)]
    for one in lanes:
        one.start()
    for one in lanes:
        one.join()
    assert len(taken) == 1


def test_a_reply_that_a_dead_process_was_sending_becomes_unsure_and_never_leaves_again(
    desk: Desk, clock: FixedClock
) -> None:
    number = send(desk)
    clock.advance(MINUTE)
    take(desk)
    clock.advance(10 * MINUTE)
    assert (take(desk), settle.left_behind(desk), settle.left_behind(desk)) == ([], 1, 0)
    assert state(desk, number) == "unsure"
    assert take(desk) == []
    assert read.case(desk, 1001).due_at is not None, "the deadline still runs"
    assert f"unsure:{number}:{LI_WEI}@{LI_WEI}" in told(desk)


@pytest.mark.parametrize(("arrived", "expected"), [(True, "accepted"), (False, "failed")])
def test_a_person_decides_about_an_unsure_reply(
    desk: Desk, clock: FixedClock, arrived: bool, expected: str
) -> None:
    number = send(desk)
    clock.advance(MINUTE)
    take(desk)
    settle.unsure(desk, number, "the line broke")
    settle.decide(desk, number, arrived=arrived, by=LI_WEI)
    assert state(desk, number) == expected
    assert (read.case(desk, 1001).due_at is None) is arrived
    with pytest.raises(Stale):
        settle.decide(desk, number, arrived=arrived, by=LI_WEI)


def test_an_unreachable_server_means_again_later_and_later(desk: Desk, clock: FixedClock) -> None:
    number = send(desk)
    clock.advance(MINUTE)
    for wait in (30, 60, 120):
        assert take(desk) == [number]
        settle.again(desk, number, "no connection")
        assert take(desk) == []
        clock.advance(timedelta(seconds=wait))
    assert f"stuck:{number}@{LI_WEI}" in told(desk)


def test_a_refused_reply_leaves_the_deadline_open_and_tells_its_author(desk: Desk, clock: FixedClock) -> None:
    number = send(desk)
    clock.advance(MINUTE)
    take(desk)
    settle.failed(desk, number, "550 sender not approved")
    assert status(read.case(desk, 1001)) == "failed"
    assert f"failed:{number}:{LI_WEI}@{LI_WEI}" in told(desk)


def _accepted(desk: Desk, clock: FixedClock) -> int:
    number = send(desk)
    clock.advance(MINUTE)
    take(desk)
    with desk.database.writing() as tx:
        tx.get_one(ReplyRow, number).message_id = "<reply@nordlicht.example>"
    settle.accepted(desk, number, code=250)
    return number


@pytest.mark.parametrize(
    "mail",
    [
        pytest.param(
            Mail(
                kind=Kind.BOUNCE,
                why="5.7.1",
                message_id="<d@x.example>",
                failed_message_id="<reply@nordlicht.example>",
            ),
            id="a bounce names the reply",
        ),
        pytest.param(
            Mail(
                kind=Kind.OPT_OUT_NOTICE,
                why="opt-out",
                message_id="<d@x.example>",
                order_id="305-1234567-1234567",
            ),
            id="an opt-out notice names the order",
        ),
    ],
)
def test_what_did_not_arrive_runs_again_with_its_old_anchor(
    desk: Desk, clock: FixedClock, post: Post, mail: Mail
) -> None:
    number = _accepted(desk, clock)
    clock.advance(HOUR)
    post.deliver(mail)
    snapshot = read.case(desk, 1001)
    assert (state(desk, number), snapshot.state, snapshot.due_at) == ("bounced", "open", START + DAY)
    assert f"bounced:{number}:{LI_WEI}@{LI_WEI}" in told(desk)
    post.deliver(mail)
    assert read.case(desk, 1001).version == snapshot.version, "a second notice changes nothing"


def test_a_delay_notice_changes_nothing_but_is_shown(desk: Desk, clock: FixedClock, post: Post) -> None:
    _accepted(desk, clock)
    post.deliver(
        Mail(
            kind=Kind.BOUNCE,
            why="4.4.1",
            message_id="<d@x.example>",
            failed_message_id="<reply@nordlicht.example>",
            failure_is_final=False,
        )
    )
    assert read.case(desk, 1001).state == "closed"


def test_a_bounce_of_nothing_we_know_goes_to_review(desk: Desk, post: Post) -> None:
    post.deliver(
        Mail(kind=Kind.BOUNCE, why="5.1.1", message_id="<d@x.example>", failed_message_id="<alien@x.example>")
    )
    assert read.case(desk, 1002).kind == "review"


def copy(**changes: object) -> Mail:
    return Mail(
        kind=Kind.REPLY_COPY,
        why="a copy",
        message_id="<copy@x.example>",
        marketplace="DE",
        **({"order_id": "305-1234567-1234567", "text": "We sent a new one."} | changes),
    )


def test_a_reply_typed_in_seller_central_closes_the_deadline(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    clock.advance(2 * HOUR)
    post.deliver(copy())
    snapshot = read.case(desk, 1001)
    assert (snapshot.state, snapshot.closed_by, snapshot.due_at) == ("closed", "copy", None)


def test_a_copy_without_order_fits_the_one_open_case_of_that_name(desk: Desk, post: Post) -> None:
    post.deliver(copy(order_id=None, buyer_name="Katrin Muster"))
    assert read.case(desk, 1001).state == "closed"


def test_a_copy_that_fits_two_cases_closes_none_and_is_shown(desk: Desk, post: Post) -> None:
    post.deliver(buyer_mail(amazon_case_id="case-2", order_id="305-2222222-2222222"))
    post.deliver(copy(order_id=None, buyer_name="Katrin Muster"))
    assert read.case(desk, 1001).due_at is not None
    assert read.case(desk, 1002).due_at is not None
    assert read.case(desk, 1003).kind == "review"


def test_a_copy_of_our_own_reply_only_confirms_it(desk: Desk, clock: FixedClock, post: Post) -> None:
    _accepted(desk, clock)
    version = read.case(desk, 1001).version
    post.deliver(copy(text=TEXT))
    assert read.case(desk, 1001).version == version


def test_the_buyer_wrote_again_while_the_agent_typed(desk: Desk, clock: FixedClock, post: Post) -> None:
    shown = reply.preview(desk, 1001, TEXT, by=LI_WEI)
    post.deliver(buyer_mail("Forget it, it came."))
    out = Outgoing(shown.text, shown.fingerprint, shown.seen)
    with pytest.raises(Stale, match="wrote again"):
        reply.send(desk, 1001, out, by=LI_WEI)
    again = reply.preview(desk, 1001, TEXT, by=LI_WEI)
    number = reply.send(
        desk, 1001, Outgoing(again.text, again.fingerprint, again.seen, anyway=True), by=LI_WEI
    )
    clock.advance(MINUTE)
    take(desk)
    settle.accepted(desk, number, code=250)
    assert read.case(desk, 1001).due_at is None, "both messages were before the agent who said: anyway"


def test_anyway_covers_what_was_seen_and_nothing_newer(desk: Desk, post: Post) -> None:
    shown = reply.preview(desk, 1001, TEXT, by=LI_WEI)
    post.deliver(buyer_mail("It burns!"))
    with pytest.raises(Stale):
        reply.send(desk, 1001, Outgoing(shown.text, shown.fingerprint, shown.seen, anyway=True), by=LI_WEI)


def test_a_message_that_comes_in_the_undo_window_is_not_answered_by_the_reply(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    number = send(desk)
    clock.advance(timedelta(seconds=10))
    post.deliver(buyer_mail("And one more thing."))
    clock.advance(MINUTE)
    take(desk)
    settle.accepted(desk, number, code=250)
    snapshot = read.case(desk, 1001)
    assert (snapshot.state, snapshot.due_at) == ("open", START + timedelta(seconds=10) + DAY)


def test_a_colleague_answered_first(desk: Desk) -> None:
    shown = reply.preview(desk, 1001, TEXT, by=ANNA)
    send(desk, by=LI_WEI)
    with pytest.raises(Stale, match="answered already"):
        reply.send(desk, 1001, Outgoing(shown.text, shown.fingerprint, shown.seen), by=ANNA)


def test_a_colleague_whose_draft_was_there_before_answered_first(desk: Desk) -> None:
    reply.preview(desk, 1001, TEXT, by=ANNA)
    reply.preview(desk, 1001, TEXT, by=LI_WEI)
    shown = reply.preview(desk, 1001, TEXT, by=ANNA)
    send(desk, by=LI_WEI)
    with pytest.raises(Stale, match="answered already"):
        reply.send(
            desk,
            1001,
            Outgoing(shown.text, shown.fingerprint, shown.seen, seen_reply=shown.seen_reply),
            by=ANNA,
        )


def test_only_the_previewed_text_can_be_sent(desk: Desk) -> None:
    shown = reply.preview(desk, 1001, TEXT, by=LI_WEI)
    with pytest.raises(WrongInput):
        reply.send(desk, 1001, Outgoing(shown.text + " PS", shown.fingerprint, shown.seen), by=LI_WEI)


@pytest.mark.parametrize(
    "bad",
    [
        "Write to me at shop@seller.example",
        "Your parcel is with {carrier}.",
        "Add me on WhatsApp: +49 170 1234567",
    ],
)
def test_a_text_that_breaks_the_rules_can_not_be_sent(desk: Desk, bad: str) -> None:
    with pytest.raises(Blocked):
        send(desk, f"{TEXT}\n{bad}")


@pytest.mark.parametrize("empty", ["", "  \n ", "\u200b\n\u3164", "x" * 5000])
def test_an_empty_or_endless_text_is_no_reply(desk: Desk, empty: str) -> None:
    with pytest.raises(WrongInput):
        reply.preview(desk, 1001, empty, by=LI_WEI)


def test_people_without_rights_can_do_nothing(desk: Desk) -> None:
    actions = (
        lambda who: assign.claim(desk, 1001, by=who),
        lambda who: assign.assign(desk, 1001, LI_WEI, by=who),
        lambda who: assign.escalate(desk, 1001, "", by=who),
        lambda who: assign.snooze(desk, 1001, START + DAY, by=who),
        lambda who: close.no_response_needed(desk, 1001, by=who),
        lambda who: close.reopen(desk, 1001, by=who),
        lambda who: close.note(desk, 1001, "x", by=who),
        lambda who: reply.save_draft(desk, 1001, "x", None, by=who),
        lambda who: reply.preview(desk, 1001, "x", by=who),
        lambda who: send(desk, by=who),
    )
    for action in actions:
        for who in (GUEST, BOB):
            with pytest.raises(NotAllowed):
                action(who)


def test_thirty_simultaneous_claims_have_one_winner_and_the_others_learn_who(desk: Desk) -> None:
    start, outcomes = Barrier(30), []

    def claim(number: int) -> None:
        start.wait()
        who = (LI_WEI, CHEN, ANNA, WANG)[number % 4]
        try:
            assign.claim(desk, 1001, by=who)
        except Stale as why:
            outcomes.append(str(why.facts["who"]))
        else:
            outcomes.append(f"won {who}")

    people = [Thread(target=claim, args=(number,)) for number in range(30)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    winners = {one.removeprefix("won ") for one in outcomes if one.startswith("won ")}
    losers = {one for one in outcomes if not one.startswith("won ")}
    assert len(outcomes) == 30
    assert len(winners) == 1
    assert losers == winners


def test_no_response_needed_excuses_and_reopening_brings_the_deadline_back(desk: Desk) -> None:
    close.no_response_needed(desk, 1001, by=LI_WEI)
    snapshot = read.case(desk, 1001)
    assert (status(snapshot), snapshot.due_at) == ("no_response_needed", None)
    assert read.board(desk).periods[-1][1].response_rate is None
    close.reopen(desk, 1001, by=LI_WEI)
    assert read.case(desk, 1001).due_at == START + DAY


def test_reopening_runs_only_what_its_closing_excused(desk: Desk, post: Post, clock: FixedClock) -> None:
    close.no_response_needed(desk, 1001, by=LI_WEI)
    clock.advance(30 * DAY)
    post.deliver(buyer_mail("One more thing: how do I clean it?"))
    asked = clock.now()
    close.no_response_needed(desk, 1001, by=CHEN)
    clock.advance(HOUR)
    close.no_response_needed(desk, 1001, by=LI_WEI)
    close.reopen(desk, 1001, by=LI_WEI)
    assert [one.deadline_state for one in read.case(desk, 1001).messages] == ["excused", "open"]
    assert read.case(desk, 1001).due_at == asked + DAY


def test_reopening_what_was_answered_since_runs_nothing_that_was_excused_before(
    desk: Desk, post: Post, clock: FixedClock
) -> None:
    close.no_response_needed(desk, 1001, by=LI_WEI)
    clock.advance(30 * DAY)
    post.deliver(buyer_mail("One more thing: how do I clean it?"))
    _accepted(desk, clock)
    close.reopen(desk, 1001, by=LI_WEI)
    assert [one.deadline_state for one in read.case(desk, 1001).messages] == ["excused", "met"]
    assert read.case(desk, 1001).due_at is None


def test_claim_next_takes_the_most_urgent_of_ones_own_stores(
    desk: Desk, post: Post, clock: FixedClock
) -> None:
    clock.advance(HOUR)
    post.deliver(buyer_mail(order_id=None, amazon_case_id="s"), mailbox="sunrise")
    assert assign.claim_next(desk, by=BOB) == 1002
    assert assign.claim_next(desk, by=ANNA) == 1001
    with pytest.raises(NotFound):
        assign.claim_next(desk, by=ANNA)


def test_claim_next_leaves_what_was_put_aside_until_its_time(
    desk: Desk, post: Post, clock: FixedClock
) -> None:
    assign.snooze(desk, 1001, clock.now() + HOUR, by=LI_WEI)
    with pytest.raises(NotFound):
        assign.claim_next(desk, by=ANNA)
    clock.advance(HOUR)
    assert assign.claim_next(desk, by=ANNA) == 1001


def test_assigning_tells_the_new_assignee_and_never_oneself(desk: Desk) -> None:
    assign.assign(desk, 1001, CHEN, by=LI_WEI)
    assert any(key.startswith("assigned:1001") and key.endswith(f"@{CHEN}") for key in told(desk))
    assign.assign(desk, 1001, LI_WEI, by=LI_WEI)
    assert not any(key.startswith("assigned:1001") and key.endswith(f"@{LI_WEI}") for key in told(desk))
    with pytest.raises(WrongInput):
        assign.assign(desk, 1001, BOB, by=LI_WEI)


def test_who_took_a_reply_finds_out_that_it_was_given_up_meanwhile(desk: Desk, clock: FixedClock) -> None:
    def is_ours(attempt: int) -> bool:
        with desk.database.reading() as tx:
            return reply_queries.is_being_sent(tx, number, attempt)

    number = send(desk)
    assert not is_ours(0), "nobody has taken it"
    clock.advance(HOUR)
    assert take(desk) == [number]
    assert [is_ours(1), is_ours(2)] == [True, False]
    settle.again(desk, number, "no connection")
    clock.advance(HOUR)
    assert take(desk) == [number]
    assert [is_ours(1), is_ours(2)] == [False, True]
    clock.advance(reply_queries.PATIENCE)
    assert settle.left_behind(desk) == 1
    assert not is_ours(2), "a person is asked what became of it"
