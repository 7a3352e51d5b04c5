"""Merging cases, splitting them again, splitting messages off: where messages, clocks and replies go. Both engines."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.clock import FixedClock
from bot.db.queries import ledger
from bot.db.queries import merging as queries
from bot.db.queries import replies as reply_queries
from bot.db.tables import CaseRow, DeadlineRow, LedgerRow, MailRow, MessageRow, OutboxRow, ReplyRow
from bot.desk import Desk, assign, close, merge_pages, merging, read, reply, settle
from bot.desk.reply import Outgoing
from bot.domain.ledger import first_fault
from bot.domain.mail import Kind, Mail
from bot.domain.snapshots import status, towards
from bot.errors import NotAllowed, NotFound, Stale, WrongInput
from bot.mail.compose import Letter
from bot.work import replies as lane
from tests.world import ANNA, BOB, CHEN, GUEST, LI_WEI, START, Post, buyer_mail

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST, SECOND = "305-1234567-1234567", "305-2222222-2222222"
TEXT = (
    "Hello Katrin,\n\nthank you for your message. I am sorry about this. It arrives on Friday.\n\nNordlicht"
)


def first(text: str = "Where is my parcel?", **about: object) -> Mail:
    """Katrin's first conversation."""
    return buyer_mail(text, **about)


def second(text: str = "And where is the other one?", **about: object) -> Mail:
    """Her second one: another order, another address of the same relay base."""
    return buyer_mail(
        text,
        **(
            {
                "order_id": SECOND,
                "amazon_case_id": "case-2",
                "buyer_alias": "katrin0000001+case-2@marketplace.amazon.de",
                "asins": ("B0TEST0002",),
            }
            | about
        ),
    )


@pytest.fixture(autouse=True)
def two(post: Post, clock: FixedClock) -> None:
    """Case 1001, and an hour later case 1002, of one buyer."""
    post.deliver(first())
    clock.advance(HOUR)
    post.deliver(second())


def due(desk: Desk, number: int) -> datetime | None:
    return read.case(desk, number).due_at


def send(desk: Desk, number: int, by: str = ANNA, **more: object) -> int:
    shown = reply.preview(desk, number, TEXT, by=by)
    out = Outgoing(shown.text, shown.fingerprint, shown.seen, shown.seen_reply, to=shown.to, **more)
    return reply.send(desk, number, out, by=by)


def leave(desk: Desk, clock: FixedClock, number: int) -> Letter:
    """The reply leaves, and is accepted."""
    clock.advance(timedelta(minutes=2))
    with desk.database.writing() as tx:
        (row,) = reply_queries.claim_ready(tx, desk.now())
        assert row.id == number
        row.message_id = f"<reply-{number}@nordlicht.example>"
        letter = lane._letter(tx, desk, row, tx.get_one(CaseRow, row.case))
    settle.accepted(desk, number, code=250)
    return letter


def answer(desk: Desk, clock: FixedClock, number: int, by: str = ANNA, **more: object) -> Letter:
    return leave(desk, clock, send(desk, number, by, **more))


def places(desk: Desk) -> dict[int, tuple[int, int]]:
    """(the case that it came to, the case in which it waits) of each message."""
    with desk.database.reading() as tx:
        rows = tx.execute(
            select(MessageRow.id, MessageRow.case, DeadlineRow.case).join(
                DeadlineRow, DeadlineRow.message == MessageRow.id
            )
        )
        return {message: (came_to, waits_in) for message, came_to, waits_in in rows}


def told(desk: Desk, beginning: str = "") -> set[str]:
    with desk.database.reading() as tx:
        return {key for key in tx.scalars(select(OutboxRow.key)) if key.startswith(beginning)}


def records(desk: Desk, *whats: str) -> list[tuple[str, str, int | None, dict[str, object]]]:
    with desk.database.reading() as tx:
        rows = tx.scalars(select(LedgerRow).order_by(LedgerRow.seq)).all()
        assert first_fault(ledger.records(tx)) is None
        return [(row.who, row.what, row.case, row.facts) for row in rows if row.what in whats]


def open_cases(desk: Desk) -> list[int]:
    return [line.number for line in read.queue(desk)]


def test_people_work_on_all_messages_in_the_case_that_stays(desk: Desk) -> None:
    merging.merge(desk, 1002, 1001, by=ANNA)
    stays, gone = read.case(desk, 1001), read.case(desk, 1002)
    assert [one.text for one in stays.messages] == ["Where is my parcel?", "And where is the other one?"]
    assert (stays.state, stays.due_at) == ("open", START + DAY)
    assert (status(gone), gone.state, gone.merged_into, gone.merged_by, gone.due_at) == (
        "merged",
        "closed",
        1001,
        ANNA,
        None,
    )
    assert open_cases(desk) == [1001]
    assert places(desk) == {1: (1001, 1001), 2: (1002, 1001)}
    assert records(desk, "merged", "took_in") == [
        (ANNA, "merged", 1002, {"into": 1001}),
        (ANNA, "took_in", 1001, {"other": 1002, "addresses": 2}),
    ]
    assert {"card:1001", "card:1002"} <= told(desk)
    assert {key.rpartition(":")[0] for key in told(desk, "merged") | told(desk, "took_in")} == {
        f"merged:1002:1001:{ANNA}",
        f"took_in:1001:1002:{ANNA}",
    }


def test_the_earliest_deadline_wins_whichever_case_stays(desk: Desk) -> None:
    merging.merge(desk, 1001, 1002, by=ANNA)
    assert due(desk, 1002) == START + DAY
    assert open_cases(desk) == [1002]


def test_a_reply_answers_only_the_address_that_it_goes_to(desk: Desk, clock: FixedClock) -> None:
    merging.merge(desk, 1002, 1001, by=ANNA)
    letter = answer(desk, clock, 1001)
    assert (letter.to, letter.quoted) == ("katrin0000001+case-1@marketplace.amazon.de", None)
    one = read.case(desk, 1001)
    assert [message.deadline_state for message in one.messages] == ["met", "open"]
    assert (one.state, one.due_at) == ("open", START + HOUR + DAY), "the other address waits: it stays open"
    letter = answer(desk, clock, 1001)
    assert letter.to == "katrin0000001+case-2@marketplace.amazon.de"
    assert letter.in_reply_to == _message_id(desk, 2)
    assert (read.case(desk, 1001).state, status(read.case(desk, 1001))) == ("closed", "answered")
    assert [one.case for one in _replies(desk)] == [1001, 1002]


def _message_id(desk: Desk, message: int) -> str:
    with desk.database.reading() as tx:
        return tx.get_one(MessageRow, message).message_id


def _replies(desk: Desk) -> list[ReplyRow]:
    with desk.database.reading() as tx:
        return list(tx.scalars(select(ReplyRow).order_by(ReplyRow.id)))


def test_order_and_words_of_a_reply_are_those_of_its_address(desk: Desk, clock: FixedClock) -> None:
    merging.merge(desk, 1002, 1001, by=ANNA)
    assert towards(read.case(desk, 1001)).order_id == FIRST
    answer(desk, clock, 1001)
    facing = towards(read.case(desk, 1001))
    assert (facing.order_id, facing.asin, facing.to) == (SECOND, "B0TEST0002", 1002)
    assert [one.text for one in facing.messages] == ["And where is the other one?"]
    wrong = reply.preview(desk, 1001, f"{TEXT}\nOrder {FIRST}", by=ANNA)
    assert "order_id_mismatch" in {one.rule for one in wrong.findings}
    right = reply.preview(desk, 1001, f"{TEXT}\nOrder {SECOND}", by=ANNA)
    assert "order_id_mismatch" not in {one.rule for one in right.findings}


def test_two_conversations_with_the_very_same_address_are_answered_at_once(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    alias = {"buyer_alias": "katrin0000001@marketplace.amazon.de", "amazon_case_id": None}
    post.deliver(
        first(order_id="305-3333333-3333333", **alias), first(order_id="305-4444444-4444444", **alias)
    )
    merging.merge(desk, 1004, 1003, by=ANNA)
    answer(desk, clock, 1003)
    assert [one.deadline_state for one in read.case(desk, 1003).messages] == ["met", "met"]
    assert read.case(desk, 1003).state == "closed"


def test_new_mail_of_a_merged_case_comes_in_where_people_work(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    merging.merge(desk, 1002, 1001, by=ANNA)
    close.no_response_needed(desk, 1001, by=ANNA)
    clock.advance(HOUR)
    post.deliver(second("Hello? Anybody there?"))
    one = read.case(desk, 1001)
    assert (one.state, one.due_at) == ("open", START + 2 * HOUR + DAY)
    assert one.messages[-1].text == "Hello? Anybody there?"
    assert read.case_of_message(desk, one.messages[-1].id).number == 1001
    assert read.case(desk, 1002).merged_into == 1001
    assert records(desk, "message_received")[-1][2] == 1001
    assert places(desk)[3] == (1002, 1001)


def test_splitting_again_puts_everything_back(desk: Desk, clock: FixedClock) -> None:
    assign.claim(desk, 1002, by=LI_WEI)
    close.note(desk, 1002, "Ask the warehouse.", by=LI_WEI)
    before = [_core(desk, number) for number in (1001, 1002)]
    board = read.board(desk)
    merging.merge(desk, 1002, 1001, by=ANNA)
    assert read.board(desk).periods == board.periods
    assert read.board(desk).open_cases == 1
    assert [one.text for one in read.case(desk, 1001).notes] == ["Ask the warehouse."]
    assert read.case(desk, 1001).assignee == LI_WEI, "what somebody had claimed does not become nobody's"
    assert merging.separate(desk, 1002, by=ANNA) == 1001
    assert [_core(desk, number) for number in (1001, 1002)] == before
    again = read.board(desk)
    assert (again.periods, again.open_cases) == (board.periods, 2)
    assert places(desk) == {1: (1001, 1001), 2: (1002, 1002)}
    assert [what for _who, what, _case, _facts in records(desk, "separated", "gave_back")] == [
        "separated",
        "gave_back",
    ]


def _core(desk: Desk, number: int) -> tuple[object, ...]:
    one = read.case(desk, number)
    who = one.assignee if number == 1002 else None
    return (
        one.state,
        one.due_at,
        one.messages,
        one.notes,
        who,
        one.threads,
        one.risk,
        one.topic,
        one.merged_into,
    )


def test_what_was_answered_meanwhile_stays_answered(desk: Desk, clock: FixedClock) -> None:
    merging.merge(desk, 1002, 1001, by=ANNA)
    answer(desk, clock, 1001)
    answer(desk, clock, 1001)
    merging.separate(desk, 1002, by=ANNA)
    for number in (1001, 1002):
        one = read.case(desk, number)
        assert (one.state, one.due_at, len(one.replies), one.replies[0].state) == (
            "closed",
            None,
            1,
            "accepted",
        )


def test_a_chain_of_merges_comes_apart_at_any_place(desk: Desk, post: Post) -> None:
    post.deliver(first(order_id="305-3333333-3333333", amazon_case_id="case-3"))
    merging.merge(desk, 1003, 1002, by=ANNA)
    merging.merge(desk, 1002, 1001, by=ANNA)
    assert [len(read.case(desk, number).messages) for number in (1001, 1002, 1003)] == [3, 2, 1]
    assert open_cases(desk) == [1001]
    assert merging.separate(desk, 1003, by=ANNA) == 1001
    assert sorted(open_cases(desk)) == [1001, 1003]
    assert [len(read.case(desk, number).messages) for number in (1001, 1002, 1003)] == [2, 1, 1]
    merging.separate(desk, 1002, by=ANNA)
    assert sorted(open_cases(desk)) == [1001, 1002, 1003]


def test_nothing_is_done_to_a_merged_case_but_each_refusal_says_where_it_went(desk: Desk) -> None:
    shown = reply.preview(desk, 1002, TEXT, by=ANNA)
    merging.merge(desk, 1002, 1001, by=LI_WEI)
    out = Outgoing(shown.text, shown.fingerprint, shown.seen)
    for action in (
        lambda: reply.send(desk, 1002, out, by=ANNA),
        lambda: reply.preview(desk, 1002, TEXT, by=ANNA),
        lambda: reply.compose(desk, 1002, by=ANNA),
        lambda: assign.claim(desk, 1002, by=ANNA),
        lambda: assign.snooze(desk, 1002, START + DAY, by=ANNA),
        lambda: close.no_response_needed(desk, 1002, by=ANNA),
        lambda: close.reopen(desk, 1002, by=ANNA),
        lambda: merging.merge(desk, 1002, 1001, by=ANNA),
        lambda: merging.merge(desk, 1001, 1002, by=ANNA),
        lambda: merging.split(desk, 1002, [2], by=ANNA),
        lambda: merge_pages.fitting(desk, 1002, by=ANNA),
    ):
        with pytest.raises(Stale) as caught:
            action()
        assert caught.value.key == "merged_into"
        assert (caught.value.facts["into"], caught.value.facts["who"]) == (1001, LI_WEI)


def test_a_text_begun_on_the_merged_case_is_there_in_the_one_that_stays(
    desk: Desk, clock: FixedClock
) -> None:
    reply.save_draft(desk, 1002, "Half a", None, by=ANNA)
    merging.merge(desk, 1002, 1001, by=LI_WEI)
    clock.advance(HOUR)
    reply.save_draft(desk, 1002, "Half a sentence", None, by=ANNA)
    found = read.draft(desk, 1001, ANNA)
    assert found is not None
    assert found.text == "Half a sentence"
    answer(desk, clock, 1001)
    assert read.draft(desk, 1001, ANNA) is None


def test_a_note_typed_under_the_old_card_belongs_to_the_case_that_stays(desk: Desk) -> None:
    merging.merge(desk, 1002, 1001, by=ANNA)
    close.note(desk, 1002, "Ask the warehouse.", by=ANNA, post_ts="1.1")
    close.note(desk, 1002, "Ask the warehouse.", by=ANNA, post_ts="1.1")
    assert [one.text for one in read.case(desk, 1001).notes] == ["Ask the warehouse."]


@pytest.mark.parametrize(
    ("other", "mailbox", "key"),
    [
        pytest.param(
            {"buyer_base": "otto@m.example", "order_id": "305-9999999-9999999"},
            "nordlicht",
            "merge_other_buyer",
            id="another buyer",
        ),
        pytest.param({}, "sunrise", "merge_other_store", id="another store"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(
    desk: Desk, post: Post, other: dict[str, object], mailbox: str, key: str
) -> None:
    post.deliver(first(amazon_case_id="case-9", **other), mailbox=mailbox)
    assert [one.number for one in merge_pages.fitting(desk, 1001, by=LI_WEI)] == [1002]
    with pytest.raises(WrongInput) as caught:
        merging.merge(desk, 1003, 1001, by=LI_WEI)
    assert caught.value.key == key
    assert read.case(desk, 1003).merged_into is None


def test_cases_of_one_order_fit_whatever_their_addresses(desk: Desk, post: Post) -> None:
    post.deliver(second(buyer_base="gift@m.example", buyer_alias="gift@m.example", amazon_case_id="case-7"))
    assert [one.number for one in merge_pages.fitting(desk, 1002, by=ANNA)] == [1003, 1001]
    merging.merge(desk, 1003, 1002, by=ANNA)
    assert open_cases(desk) == [1001, 1002]


def test_closed_cases_mails_to_look_at_and_the_case_itself_do_not_fit(desk: Desk, post: Post) -> None:
    for other, key in ((1001, "merge_itself"), (1003, "merge_review"), (1002, "merge_closed")):
        if other == 1003:
            post.deliver(Mail(kind=Kind.OTHER, why="?", message_id="<odd@x.example>"))
        if other == 1002:
            close.no_response_needed(desk, 1002, by=LI_WEI)
        with pytest.raises(WrongInput) as caught:
            merging.merge(desk, 1001, other, by=LI_WEI)
        assert caught.value.key == key
    assert merge_pages.fitting(desk, 1001, by=LI_WEI) == ()


def test_only_the_stores_own_people_merge_separate_and_split(desk: Desk, post: Post) -> None:
    post.deliver(first("One more thing."))
    for who in (BOB, GUEST):
        for action in (
            lambda who=who: merging.merge(desk, 1002, 1001, by=who),
            lambda who=who: merging.split(desk, 1001, [3], by=who),
            lambda who=who: merge_pages.fitting(desk, 1001, by=who),
        ):
            with pytest.raises(NotAllowed):
                action()
    merging.merge(desk, 1002, 1001, by=CHEN)
    with pytest.raises(NotAllowed):
        merging.separate(desk, 1002, by=BOB)
    with pytest.raises(NotFound):
        merging.merge(desk, 1001, 4711, by=ANNA)
    with pytest.raises(NotFound):
        merging.separate(desk, 4711, by=ANNA)


def test_what_is_no_longer_merged_can_not_be_separated(desk: Desk) -> None:
    with pytest.raises(Stale) as caught:
        merging.separate(desk, 1002, by=ANNA)
    assert caught.value.key == "not_merged"


def test_messages_that_are_split_off_are_a_case_of_their_own(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    clock.advance(HOUR)
    post.deliver(first("I want a refund for the lamp, please."))
    assign.claim(desk, 1001, by=LI_WEI)
    new = merging.split(desk, 1001, [3], by=ANNA)
    assert new == 1003
    stays, off = read.case(desk, 1001), read.case(desk, new)
    assert ([one.id for one in stays.messages], [one.id for one in off.messages]) == ([1], [3])
    assert (stays.due_at, off.due_at) == (START + DAY, START + 2 * HOUR + DAY)
    assert (off.topic, off.order_id, off.assignee, off.split_from) == ("refund", FIRST, LI_WEI, 1001)
    assert stays.topic != "refund"
    assert places(desk)[3] == (1003, 1003)
    assert records(desk, "split", "split_off") == [
        (ANNA, "split", 1001, {"other": 1003, "messages": [3]}),
        (ANNA, "split_off", 1003, {"other": 1001, "messages": [3]}),
    ]
    with desk.database.reading() as tx:
        assert (
            tx.scalar(
                select(MailRow.case).join(MessageRow, MessageRow.mail == MailRow.id).where(MessageRow.id == 3)
            )
            == 1003
        )
    letter = answer(desk, clock, 1003)
    assert letter.to == "katrin0000001+case-1@marketplace.amazon.de"
    assert (read.case(desk, 1003).state, due(desk, 1001)) == ("closed", START + DAY), "each for its own"


def test_a_split_takes_the_risk_along_with_the_message_that_has_it(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    clock.advance(HOUR)
    post.deliver(first("The lamp caught fire."), first("Hello? Any news?"))
    assert read.case(desk, 1001).risk == ("safety",)
    new = merging.split(desk, 1001, [3, 4], by=ANNA)
    assert (read.case(desk, 1001).risk, read.case(desk, new).risk) == ((), ("safety",))


def test_a_split_is_undone_by_merging_back(desk: Desk, clock: FixedClock, post: Post) -> None:
    post.deliver(first("Another matter."))
    merging.split(desk, 1001, [3], by=ANNA)
    merging.merge(desk, 1003, 1001, by=ANNA)
    answer(desk, clock, 1001)
    assert [one.deadline_state for one in read.case(desk, 1001).messages] == ["met", "met"], "one address"


@pytest.mark.parametrize(
    ("chosen", "key"),
    [([], "split_nothing"), ([1], "split_all"), ([1, 2], "split_addresses"), ([2], "split_all")],
)
def test_what_can_not_be_split_off(desk: Desk, chosen: list[int], key: str) -> None:
    merging.merge(desk, 1002, 1001, by=ANNA)
    with pytest.raises(WrongInput) as caught:
        merging.split(desk, 1001, chosen, by=ANNA)
    assert caught.value.key == key


def test_what_somebody_took_out_before_is_told(desk: Desk, post: Post) -> None:
    post.deliver(first("One."), first("Two."))
    merging.split(desk, 1001, [3], by=ANNA)
    with pytest.raises(Stale) as caught:
        merging.split(desk, 1001, [3, 4], by=LI_WEI)
    assert caught.value.key == "split_gone"


def test_messages_of_a_merged_case_can_be_split_off_too(desk: Desk, post: Post) -> None:
    post.deliver(second("Something else."))
    merging.merge(desk, 1002, 1001, by=ANNA)
    new = merging.split(desk, 1001, [3], by=ANNA)
    assert read.case(desk, new).order_id == SECOND
    assert places(desk) == {1: (1001, 1001), 2: (1002, 1001), 3: (1003, 1003)}
    merging.separate(desk, 1002, by=ANNA)
    assert places(desk) == {1: (1001, 1001), 2: (1002, 1002), 3: (1003, 1003)}


def test_nothing_moves_while_a_reply_is_on_its_way(desk: Desk, clock: FixedClock, post: Post) -> None:
    post.deliver(first("One."))
    number = send(desk, 1001)
    for action in (
        lambda: merging.merge(desk, 1002, 1001, by=LI_WEI),
        lambda: merging.merge(desk, 1001, 1002, by=LI_WEI),
        lambda: merging.split(desk, 1001, [3], by=LI_WEI),
    ):
        with pytest.raises(Stale) as caught:
            action()
        assert (caught.value.key, caught.value.facts["who"]) == ("reply_on_its_way", ANNA)
    reply.undo(desk, number, by=ANNA)
    merging.merge(desk, 1002, 1001, by=LI_WEI)
    send(desk, 1001)
    with pytest.raises(Stale):
        merging.separate(desk, 1002, by=LI_WEI)


def test_a_reply_whose_conversation_was_taken_away_is_refused_with_words(
    desk: Desk, clock: FixedClock
) -> None:
    merging.merge(desk, 1002, 1001, by=ANNA)
    answer(desk, clock, 1001)
    shown = reply.preview(desk, 1001, TEXT, by=ANNA)
    assert shown.to == 1002
    merging.separate(desk, 1002, by=LI_WEI)
    out = Outgoing(shown.text, shown.fingerprint, shown.seen, shown.seen_reply, to=shown.to)
    with pytest.raises(Stale) as caught:
        reply.send(desk, 1001, out, by=ANNA)
    assert caught.value.key == "address_gone"


def test_a_second_answer_never_goes_to_the_other_address_by_itself(desk: Desk, clock: FixedClock) -> None:
    """Two write at once; when the first has left, the second's text still has the address it was written for."""
    merging.merge(desk, 1002, 1001, by=ANNA)
    late = reply.preview(desk, 1001, TEXT, by=LI_WEI)
    answer(desk, clock, 1001, by=ANNA)
    out = Outgoing(late.text, late.fingerprint, late.seen, late.seen_reply, to=late.to)
    with pytest.raises(Stale):
        reply.send(desk, 1001, out, by=LI_WEI)
    anyway = Outgoing(late.text, late.fingerprint, late.seen, late.seen_reply, to=late.to, anyway=True)
    with pytest.raises(Stale):
        reply.send(desk, 1001, anyway, by=LI_WEI)
    again = reply.preview(desk, 1001, TEXT, by=LI_WEI, to=late.to)
    assert again.to == 1001
    seen = Outgoing(again.text, again.fingerprint, again.seen, again.seen_reply, to=again.to, anyway=True)
    assert leave(desk, clock, reply.send(desk, 1001, seen, by=LI_WEI)).to.startswith("katrin0000001+case-1@")
    assert due(desk, 1001) == START + HOUR + DAY


def test_a_reply_to_a_message_that_was_split_off_meanwhile_is_refused(desk: Desk, post: Post) -> None:
    post.deliver(first("One."))
    shown = reply.preview(desk, 1001, TEXT, by=ANNA)
    new = merging.split(desk, 1001, [shown.seen], by=LI_WEI)
    out = Outgoing(shown.text, shown.fingerprint, shown.seen, shown.seen_reply, to=shown.to)
    with pytest.raises(Stale) as caught:
        reply.send(desk, 1001, out, by=ANNA)
    assert caught.value.key == "message_moved", (
        "another message waits at the address, but was not what they read"
    )
    assert read.case(desk, new).state == "open"
    again = reply.preview(desk, 1001, TEXT, by=ANNA)
    reply.send(desk, 1001, Outgoing(again.text, again.fingerprint, again.seen, again.seen_reply), by=ANNA)


def test_a_case_that_is_taken_apart_while_somebody_reads_it_is_drawn_as_it_was_found(desk: Desk) -> None:
    """PostgreSQL shows each query of a reader what stands by then."""
    merging.merge(desk, 1002, 1001, by=ANNA)
    with desk.database.reading() as tx:
        family = queries.family(tx, 1001)
        found = read.case(desk, 1001)
    merging.separate(desk, 1002, by=ANNA)
    with desk.database.reading() as tx:
        drawn = merge_pages.joined(tx, found, tx.get_one(CaseRow, 1001), family)
    assert [one.number for one in drawn.threads] == [1001, 1002]


def test_a_risk_that_was_answered_comes_back_with_no_message_of_a_merged_thread(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    """The colour waits in the one thread; the thanks come to the other, where all is answered."""
    other = {"amazon_case_id": "case-2", "order_id": "305-1234567-7654321"}
    post.deliver(
        buyer_mail("Where is it?"), buyer_mail("It caught fire. My lawyer will contact you.", **other)
    )
    merging.merge(desk, 1002, 1001, by=ANNA)
    with desk.database.writing() as tx:
        tx.execute(update(DeadlineRow).values(state="met"))
    clock.advance(HOUR)
    post.deliver(buyer_mail("One more question: which colour?"))
    post.deliver(buyer_mail("Thank you very much!", **other))
    assert read.case(desk, 1001).risk == ()
