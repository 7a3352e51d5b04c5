"""Taking mail in: cases, deadlines, threading, history, quarantine. Both databases, with and without keys."""

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
import structlog
from sqlalchemy import event, select, update
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.clock import FixedClock
from bot.db.queries import outbox
from bot.db.tables import CaseRow, DeadlineRow, MailRow, OutboxRow
from bot.desk import Desk, read, receive
from bot.domain.mail import Attachment, Kind, Mail, Notice
from bot.mail import parse
from bot.settings.data_keys import DataKeys
from tests.store.encrypted import OLD, keyed
from tests.world import ROOT, START, Post, buyer_mail


@pytest.fixture(params=["unencrypted", "encrypted"])
def given_keys(request: pytest.FixtureRequest) -> DataKeys:
    """Who a buyer is, is found in another way where it is encrypted; what comes of it is the same."""
    return keyed(OLD) if request.param == "encrypted" else DataKeys()


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def numbers(desk: Desk) -> list[int]:
    with desk.database.reading() as tx:
        return list(tx.scalars(select(CaseRow.number).order_by(CaseRow.number)))


def keys(desk: Desk) -> set[str]:
    with desk.database.reading() as tx:
        return set(tx.scalars(select(OutboxRow.key)))


def test_a_buyer_message_becomes_a_case_with_a_deadline_and_a_card(desk: Desk, post: Post) -> None:
    post.deliver(buyer_mail("Where is my parcel?"))
    case = read.case(desk, 1001)
    assert (case.store, case.marketplace, case.channel) == ("nordlicht", "DE", "amz-nordlicht")
    assert (case.order_id, case.asin, case.first_name) == ("305-1234567-1234567", "B0TEST0001", "Katrin")
    assert case.due_at == START + DAY
    assert case.messages[0].text == "Where is my parcel?"
    assert "card:1001" in keys(desk)


def test_a_batch_goes_in_as_one(desk: Desk, post: Post) -> None:
    mails = [
        buyer_mail(f"{n}", amazon_case_id=f"c{n}", order_id=None, buyer_base=f"b{n}@x") for n in range(5)
    ]
    with structlog.testing.capture_logs() as said:
        post.deliver(*mails, buyer_mail("5", amazon_case_id="c2", order_id=None, buyer_base="b2@x"))
    assert [one["event"] for one in said] == []
    assert numbers(desk) == [1001, 1002, 1003, 1004, 1005]
    assert [message.text for message in read.case(desk, 1003).messages] == ["2", "5"]
    assert keys(desk) == {*(f"card:{n}" for n in numbers(desk)), "message:6"}


def test_a_late_fetch_does_not_move_the_clock(desk: Desk, post: Post) -> None:
    post.deliver(buyer_mail(received_at=START - 5 * HOUR), late=4 * HOUR)
    assert read.case(desk, 1001).due_at == START - 5 * HOUR + DAY


@pytest.mark.parametrize(
    "stated",
    [
        pytest.param(START + timedelta(days=9000), id="a date in 2050"),
        pytest.param(START - timedelta(days=9), id="a date nine days ago"),
        pytest.param(None, id="no date"),
    ],
)
def test_an_absurd_date_counts_from_the_arrival(desk: Desk, post: Post, stated: object) -> None:
    post.deliver(buyer_mail(received_at=stated), late=HOUR)
    assert read.case(desk, 1001).due_at == START - HOUR + DAY


def test_a_follow_up_joins_its_case_and_reopens_it(desk: Desk, post: Post, clock: FixedClock) -> None:
    post.deliver(buyer_mail("Where is it?"))
    with desk.database.writing() as tx:
        tx.get_one(CaseRow, 1001).state = "closed"
    clock.advance(HOUR)
    post.deliver(buyer_mail("Hello?", subject="RE: Inquiry"))
    case = read.case(desk, 1001)
    assert numbers(desk) == [1001]
    assert case.state == "open"
    assert [message.text for message in case.messages] == ["Where is it?", "Hello?"]
    assert case.due_at == START + DAY, "the older message's clock is the one that runs"


@pytest.mark.parametrize("at_once", [False, True])
def test_what_waits_keeps_its_risk_and_its_need_of_a_reply_behind_later_words(
    desk: Desk, post: Post, clock: FixedClock, at_once: bool
) -> None:
    mails = [
        buyer_mail("The lamp caught fire. My lawyer will contact you."),
        buyer_mail("Hello? Any news?"),
        buyer_mail("Thank you very much!"),
    ]
    for several in [mails] if at_once else [[mail] for mail in mails]:
        post.deliver(*several)
        clock.advance(HOUR)
    case = read.case(desk, 1001)
    assert (case.risk, case.topic, case.needs_reply) == (("safety", "legal"), "other", True)
    assert "safety: “caught fire”" in case.why
    with desk.database.writing() as tx:
        tx.execute(update(DeadlineRow).values(state="met"))
    post.deliver(buyer_mail("Thank you, all is well!"))
    case = read.case(desk, 1001)
    assert (case.risk, case.topic, case.needs_reply) == ((), "thanks", False), "the others are answered"


@pytest.mark.parametrize(
    ("changes", "joins"),
    [
        pytest.param({"amazon_case_id": None}, True, id="same order, no case id"),
        pytest.param({"amazon_case_id": None, "order_id": None}, True, id="same buyer, no ids"),
        pytest.param({"amazon_case_id": "case-2"}, False, id="another explicit case id"),
        pytest.param(
            {"amazon_case_id": None, "order_id": "305-7777777-7777777"}, False, id="same buyer, another order"
        ),
        pytest.param(
            {"amazon_case_id": None, "buyer_base": "other@marketplace.amazon.de"},
            False,
            id="same order, another buyer",
        ),
    ],
)
def test_threading(desk: Desk, post: Post, changes: dict[str, object], joins: bool) -> None:
    post.deliver(buyer_mail("one"))
    post.deliver(buyer_mail("two", **changes))
    assert numbers(desk) == ([1001] if joins else [1001, 1002])


def test_never_across_stores(desk: Desk, post: Post) -> None:
    post.deliver(buyer_mail("one"))
    post.deliver(buyer_mail("two"), mailbox="sunrise")
    assert numbers(desk) == [1001, 1002]
    assert read.case(desk, 1002).store == "sunrise"


def test_the_same_mail_twice_is_one_message(desk: Desk, post: Post) -> None:
    mail = buyer_mail()
    post.deliver(mail)
    post.deliver(mail)
    assert len(read.case(desk, 1001).messages) == 1
    with desk.database.reading() as tx:
        assert tx.get_one(MailRow, 2).case == 1001


def test_another_message_under_the_same_message_id_is_not_lost(desk: Desk, post: Post) -> None:
    post.deliver(
        buyer_mail("one", message_id="<same@x.example>"), buyer_mail("two", message_id="<same@x.example>")
    )
    assert [message.text for message in read.case(desk, 1001).messages] == ["one", "two"]


@pytest.mark.parametrize("together", [True, False], ids=["in one look", "one after the other"])
def test_another_buyer_with_the_same_words_under_the_same_message_id_is_not_lost(
    desk: Desk, post: Post, together: bool
) -> None:
    one = buyer_mail("Hello?", message_id="<1@relay.example>")
    other = buyer_mail(
        "Hello?",
        message_id="<1@relay.example>",
        order_id=None,
        amazon_case_id="case-2",
        buyer_alias="jonas0000002+case-2@marketplace.amazon.de",
        buyer_base="jonas0000002@marketplace.amazon.de",
    )
    for mails in ((one, other),) if together else ((one,), (other,)):
        post.deliver(*mails)
    post.deliver(other)
    assert [len(read.case(desk, number).messages) for number in (1001, 1002)] == [1, 1]


def test_a_uid_that_is_stored_already_changes_nothing(desk: Desk) -> None:
    raw = [receive.RawMail(7, START, b"once")]
    assert receive.store_raw(desk, "nordlicht", 1, 7, raw) == 1
    assert receive.store_raw(desk, "nordlicht", 1, 7, raw) == 0


def test_history_of_a_first_run_makes_no_work_and_is_in_no_figure(desk: Desk, post: Post) -> None:
    post.deliver(buyer_mail(received_at=START - 3 * DAY), late=3 * DAY)
    case = read.case(desk, 1001)
    assert (case.state, case.due_at) == ("closed", None)
    assert keys(desk) == set()
    assert read.board(desk).periods[-1][1].received == 0


def test_a_message_of_the_last_day_of_a_first_run_is_no_history(desk: Desk, post: Post) -> None:
    post.deliver(buyer_mail(received_at=START - 20 * HOUR), late=20 * HOUR)
    assert read.case(desk, 1001).due_at == START + 4 * HOUR


def test_what_piles_up_during_an_outage_is_no_history(desk: Desk, post: Post, clock: FixedClock) -> None:
    receive.store_raw(desk, "nordlicht", 1, 0, [])
    clock.advance(3 * DAY)
    post.deliver(buyer_mail(received_at=clock.now() - 2 * DAY), late=2 * DAY)
    case = read.case(desk, 1001)
    assert case.due_at == clock.now() - DAY
    assert read.board(desk).by_time_left[0] == 1


@pytest.mark.parametrize("kind", [Kind.SPAM_OR_SPOOF, Kind.OTHER])
def test_what_is_no_buyer_message_becomes_a_review_card_with_its_own_deadline(
    desk: Desk, post: Post, kind: Kind
) -> None:
    post.deliver(
        Mail(kind=kind, why="dkim=fail", message_id="<x@y.example>", full_text="verify your account")
    )
    case = read.case(desk, 1001)
    assert (case.kind, case.channel, case.due_at) == ("review", "amz-review", START + DAY)
    assert read.board(desk).periods[-1][1].received == 0, "review cards are in no figure"


def test_a_mail_that_breaks_our_own_code_becomes_a_review_card(desk: Desk, post: Post) -> None:
    broken = buyer_mail("first", marketplace="a code that no column holds" * 50, order_id=object())
    post.deliver(broken, buyer_mail("second", message_id="<second@x.example>"))
    kinds = [read.case(desk, number).kind for number in numbers(desk)]
    assert sorted(kinds) == ["buyer", "review"]


def _full(desk: Desk) -> DBAPIError:
    """The error of a full disk, as the drivers raise it."""
    if not desk.database.is_sqlite:
        return OperationalError("", None, psycopg.errors.DiskFull("could not extend file"))
    why = sqlite3.OperationalError("database or disk is full")
    why.sqlite_errorname = "SQLITE_FULL"
    return OperationalError("", None, why)


def test_a_database_that_is_full_makes_no_review_cards_of_good_mails(desk: Desk, post: Post) -> None:
    """The disk is full for as long as a batch and its first mail are tried, and not when that is set aside."""
    tries = []

    def fail(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith(("INSERT INTO cases", "UPDATE mails")) and len(tries) < 3:
            tries.append(statement)
            raise _full(desk)

    event.listen(desk.database.engine, "before_cursor_execute", fail)
    with pytest.raises(OperationalError):
        post.deliver(buyer_mail("first"), buyer_mail("second"))
    assert (len(tries), numbers(desk)) == (3, [])
    post.deliver()
    event.remove(desk.database.engine, "before_cursor_execute", fail)
    assert [read.case(desk, number).kind for number in numbers(desk)] == ["buyer"]
    assert [one.text for one in read.case(desk, numbers(desk)[0]).messages] == ["first", "second"]


def test_a_mail_that_a_nearly_full_disk_refuses_holds_up_no_other(desk: Desk, post: Post) -> None:
    def fail(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("INSERT INTO attachments"):
            raise _full(desk)

    event.listen(desk.database.engine, "before_cursor_execute", fail)
    photo = Attachment("photo.jpg", "image/jpeg", 3, b"big")
    other = {
        "amazon_case_id": "case-7",
        "buyer_alias": "dana7+case-7@marketplace.amazon.de",
        "buyer_base": "dana7@marketplace.amazon.de",
        "order_id": "305-0000000-0000000",
    }
    post.deliver(buyer_mail("a photo", attachments=(photo,)), buyer_mail("a word", **other))
    event.remove(desk.database.engine, "before_cursor_execute", fail)
    assert [read.case(desk, number).kind for number in numbers(desk)] == ["review", "buyer"]


def test_a_database_that_others_hold_again_and_again_makes_no_review_card(desk: Desk, post: Post) -> None:
    """It is free between the tries, so a small write gets through."""
    tries = []

    def fail(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("INSERT INTO cases") and len(tries) < 3:
            tries.append(statement)
            raise OperationalError("", None, psycopg.errors.DeadlockDetected("deadlock"))

    event.listen(desk.database.engine, "before_cursor_execute", fail)
    with pytest.raises(OperationalError):
        post.deliver(buyer_mail())
    assert (len(tries), numbers(desk)) == (3, [])
    post.deliver()
    event.remove(desk.database.engine, "before_cursor_execute", fail)
    assert [read.case(desk, number).kind for number in numbers(desk)] == ["buyer"]


def test_a_mail_at_which_the_server_breaks_off_holds_up_those_behind_for_minutes_only(
    desk: Desk, clock: FixedClock
) -> None:
    """A proxy, or the server for want of memory, may cut the connection at one large mail again and again."""

    def fail(_conn: object, _cursor: object, _statement: str, parameters: object, *_more: object) -> None:
        if "<1@x.example>" in str(parameters):
            raise OperationalError("", None, psycopg.OperationalError("server closed the connection"))

    def understood(raw: bytes, _arrived: datetime) -> Mail:
        case = {"amazon_case_id": raw.decode(), "order_id": None, "buyer_alias": f"{raw.decode()}@x.example"}
        return buyer_mail(raw.decode(), message_id=f"<{len(raw)}@x.example>", **case)

    for uid, raw in enumerate((b"a", b"bb", b"ccc"), 1):
        receive.store_raw(desk, "nordlicht", 1, uid, [receive.RawMail(uid, clock.now(), raw)])
    event.listen(desk.database.engine, "before_cursor_execute", fail)
    with pytest.raises(OperationalError):
        receive.take_in(desk, understood)
    assert numbers(desk) == []
    clock.advance(timedelta(minutes=6))
    receive.take_in(desk, understood)
    event.remove(desk.database.engine, "before_cursor_execute", fail)
    assert [read.case(desk, number).kind for number in numbers(desk)] == ["review", "buyer", "buyer"]


def test_small_mails_get_in_behind_large_ones_that_find_no_room(desk: Desk, clock: FixedClock) -> None:
    """Nothing can be written of the large ones, not even that they are set aside: that writes them anew."""

    def fail(_conn: object, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
        rows = parameters if isinstance(parameters, list) else [parameters]
        values = [one for row in rows for one in (row.values() if isinstance(row, dict) else row)]
        if statement.startswith("UPDATE mails") and {1, 2} & {one for one in values if isinstance(one, int)}:
            raise _full(desk)

    def understood(raw: bytes, _arrived: datetime) -> Mail:
        return buyer_mail(raw.decode(), message_id=f"<{len(raw)}@x.example>")

    for uid, raw in enumerate((b"a photo" * 50, b"a photo" * 40, b"a word"), 1):
        receive.store_raw(desk, "nordlicht", 1, uid, [receive.RawMail(uid, clock.now(), raw)])
    event.listen(desk.database.engine, "before_cursor_execute", fail)
    for passed, texts in ((timedelta(0), []), (timedelta(minutes=6), ["a word"])):
        clock.advance(passed)
        with pytest.raises(OperationalError):
            receive.take_in(desk, understood)
        assert [one.text for number in numbers(desk) for one in read.case(desk, number).messages] == texts
    event.remove(desk.database.engine, "before_cursor_execute", fail)
    assert receive.take_in(desk, understood) == 2
    assert len(read.case(desk, 1001).messages) == 3


def test_an_unknown_store_goes_to_review_and_its_clock_runs(desk: Desk, post: Post) -> None:
    post.deliver(buyer_mail(), mailbox="a mailbox of nobody")
    case = read.case(desk, 1001)
    assert (case.kind, case.store, case.due_at) == ("review", None, START + DAY)


def test_a_notice_touches_no_clock_and_shows_under_its_case(desk: Desk, post: Post) -> None:
    post.deliver(buyer_mail())
    notice = Mail(
        kind=Kind.AMAZON_NOTICE,
        notice=Notice.RETURN_REQUEST,
        why="RETURN_REQUEST",
        message_id="<n@x.example>",
        order_id="305-1234567-1234567",
        marketplace="DE",
    )
    post.deliver(notice)
    assert "notice:2" in keys(desk)
    assert read.notice(desk, 2).case == 1001
    with desk.database.reading() as tx:
        assert len(tx.scalars(select(DeadlineRow)).all()) == 1


def test_an_unknown_notice_is_shown_to_a_person(desk: Desk, post: Post) -> None:
    post.deliver(Mail(kind=Kind.AMAZON_NOTICE, notice=Notice.UNKNOWN, why="?", message_id="<n@x.example>"))
    assert read.case(desk, 1001).kind == "review"


@pytest.mark.parametrize("is_photo", [False, True])
def test_empty_markers_are_believed_only_where_a_file_came_along(is_photo: bool) -> None:
    sent = buyer_mail("", full_text="The lamp caught fire.", is_framed=True)
    sent = replace(sent, attachments=(Attachment("lamp.jpg", "image/jpeg", 9),)) if is_photo else sent
    assert sent.words == ("" if is_photo else "The lamp caught fire.")


def test_a_photo_that_was_stored_with_amazons_words_is_not_stored_again(desk: Desk, post: Post) -> None:
    photo = buyer_mail(
        "", full_text="Copyright Amazon", attachments=(Attachment("lamp.jpg", "image/jpeg", 9),)
    )
    post.deliver(photo)  # as programs did that knew no frame
    post.deliver(replace(photo, is_framed=True))
    assert [one.text for one in read.case(desk, 1001).messages] == ["Copyright Amazon"]


def test_of_a_photo_that_is_sent_alone_nothing_of_amazons_own_words_counts(desk: Desk, post: Post) -> None:
    raw = (ROOT / "tests" / "data" / "mails" / "photo_only_empty_pre.eml").read_bytes()
    post.deliver(replace(parse.read(raw, START), marketplace="DE", recipients=()))
    case = read.case(desk, 1001)
    assert (case.messages[0].text, len(case.messages[0].attachments)) == ("", 1)
    assert (case.topic, case.risk) == ("other", ())
    assert "Copyright 2026 Amazon" in case.messages[0].full_text


def test_a_crash_between_storing_and_taking_in_loses_nothing(desk: Desk) -> None:
    receive.store_raw(desk, "nordlicht", 1, 1, [receive.RawMail(1, START, b"raw")])
    mail = buyer_mail()
    assert receive.take_in(desk, lambda _raw, _arrived: mail) == 1
    assert receive.take_in(desk, lambda _raw, _arrived: mail) == 0
    assert numbers(desk) == [1001]


def test_the_card_of_what_is_due_soon_is_told_before_those_that_wait(
    desk: Desk, post: Post, clock: FixedClock
) -> None:
    for n in range(3):
        post.deliver(buyer_mail(f"{n}", amazon_case_id=f"c{n}", order_id=None, buyer_base=f"b{n}@x"))
    hurry = buyer_mail("Hurry", amazon_case_id="c9", order_id=None, buyer_base="b9@x")
    post.deliver(hurry, late=23 * HOUR + timedelta(minutes=10))
    with desk.database.writing() as tx:
        first, second = (outbox.claim_due(tx, "amz-nordlicht", clock.now()) for _ in range(2))
    assert first is not None
    assert second is not None
    assert (first.key, second.key) == ("card:1004", "card:1001")
