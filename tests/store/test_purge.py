"""Personal data go when they are due, from every table and from Slack; figures and ledger stay. Both databases."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from bot.clock import FixedClock
from bot.db.queries import ledger, outbox
from bot.db.root import Base
from bot.db.tables import LedgerRow, MailRow, MessageRow, OutboxRow, PostRow, ReplyRow
from bot.db.tables_manual import HealthLookRow
from bot.db.tables_shifts import HandoverNoteRow, HandoverRow
from bot.desk import Desk, anchors, assign, causes, close, exports, holds, merging, read, receive, reply
from bot.desk.figure_sums import sum_up
from bot.desk.purge import purge
from bot.desk.solutions import Wish, grant, rma_for
from bot.domain.commitments import fits
from bot.domain.ledger import Checked, Fault, first_fault
from bot.domain.mail import Attachment, Kind, Mail, Notice
from bot.domain.purge import GONE
from bot.errors import NotAllowed, Stale, WrongInput
from tests.store.test_merging import TEXT, answer, leave, second, send
from tests.world import ANNA, GUEST, LI_WEI, START, WANG, Post, buyer_mail

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WORDS = ("Zitrone", "Katrin", "katrin0000001", "Muster")
"""Every text of the buyer's, and every text about her, has one of these."""
ORDER = "305-1234567-1234567"


_OTHER = {
    "amazon_case_id": "case-7",
    "buyer_alias": "dana7+case-7@marketplace.amazon.de",
    "buyer_base": "dana7@marketplace.amazon.de",
}


def everything(desk: Desk) -> str:
    """All rows of all tables as one text."""
    with desk.database.reading() as tx:
        rows = [
            f"{table.name}: {[bytes(one) if isinstance(one, memoryview) else one for one in row]}"
            for table in Base.metadata.sorted_tables
            for row in tx.execute(select(table))
        ]
    return "\n".join(rows)


def words_left(desk: Desk) -> list[str]:
    found = everything(desk)
    return [line[:200] for line in found.splitlines() if any(word in line for word in WORDS)]


def deliver_all(post: Post) -> None:
    """Two messages of hers with a file, a mail that a person must look at, and a notice that belongs to no case."""
    file = Attachment("Zitrone.jpg", "image/jpeg", 7, b"Zitrone")
    post.deliver(buyer_mail("Zitrone kaputt!", attachments=(file,)))
    post.deliver(second("Zitrone zwei?"))
    post.deliver(replace(buyer_mail("Zitrone?"), kind=Kind.OTHER, why="Katrin", subject="Katrin"))
    notice = replace(
        buyer_mail(), kind=Kind.AMAZON_NOTICE, notice=Notice.REFUND, order_id="305-0000000-0000000"
    )
    post.deliver(replace(notice, subject="Katrin"))


@pytest.fixture
def lived(desk: Desk, post: Post, clock: FixedClock) -> Desk:
    """A conversation in which everything was written that can be, then answered; START + 3 h is the last message."""
    deliver_all(post)
    clock.advance(HOUR)
    grant(desk, 1001, Wish("partial_refund", "50", "9.50", "damaged", "Katrin asked"), by=ANNA, seen=0)
    rma_for(desk, 1001, by=ANNA)
    close.note(desk, 1001, "Katrin was friendly", by=ANNA, post_ts="1.1")
    assign.escalate(desk, 1001, "Katrin again", by=ANNA)
    merging.merge(desk, 1002, 1001, by=ANNA)
    answer(desk, clock, 1001)
    answer(desk, clock, 1001)
    close.no_response_needed(desk, 1003, "Katrin's spam", by=ANNA)
    reply.save_draft(desk, 1001, "Dear Katrin", None, by=LI_WEI)
    _bounced_and_noted(desk, clock.now())
    return desk


def _bounced_and_noted(desk: Desk, now: datetime) -> None:
    with desk.database.writing() as tx:
        row = HandoverRow(channel="amz-nordlicht", at=now, stores="nordlicht", leaving="")
        tx.add(row)
        tx.flush()
        tx.add(HandoverNoteRow(handover=row.id, person=ANNA, text="Katrin calls", at=now))
        tx.execute(
            update(ReplyRow).where(ReplyRow.state == "accepted").values(reason="550 katrin0000001 unknown")
        )
        for key, case in (("card:1001", 1001), ("message:2", 1001), ("note:1", 1001), ("due:x:1h:1", None)):
            outbox.posted(tx, key, ("C0DE", f"{len(key)}.{case or 0}"), case, now)
        outbox.posted(tx, "digest:daily:nordlicht:2026-11-25", ("C0DE", "9.9"), None, now)


def figures(desk: Desk) -> object:
    """All that is counted, now."""
    board = read.board(desk, by="topic")
    rows = list(exports.duties(desk, with_people=True))
    shares = causes.report(desk, "90d", None, by=WANG).shares
    return board.periods, board.breakdown, rows, shares


def checked(desk: Desk) -> list[Fault]:
    with desk.database.reading() as tx:
        found = Checked(ledger.anchors(tx))
        for record, stored in ledger.records(tx):
            found.take(record, stored)
        return found.faults(ledger.head(tx))


def test_nothing_of_the_buyer_is_left_in_any_row_of_any_table(lived: Desk, clock: FixedClock) -> None:
    with lived.database.writing() as tx:
        tx.add(HealthLookRow(store="nordlicht", at=lived.now(), by=ANNA, warnings="Katrin complained"))
    assert len(words_left(lived)) > 13
    clock.advance(30 * DAY)
    found = purge(lived)
    assert (found.cases, found.held, found.waiting, found.failed) == ((1001, 1003), (), (), ())
    assert words_left(lived) == []
    assert found.rows == {
        "attachments": 1,
        "mails": 4,
        "messages": 3,
        "replies": 2,
        "notes": 3,
        "questions": 0,
        "compensations": 1,
        "bulk_cases": 0,
        "orders": 0,
        "typed_files": 0,
        "typed_messages": 0,
        "cases": 3,
        "handover_notes": 1,
        "health_looks": 1,
        "drafts": 1,
    }
    assert found.by_people == 1
    shown = read.case(lived, 1001)
    assert [one.text for one in shown.messages] == [GONE, GONE]
    assert (shown.buyer_name, shown.buyer_alias, shown.order_id) == (None, None, ORDER)
    assert shown.purged_at == lived.now()
    again = purge(lived)
    assert (again.cases, sum(again.rows.values())) == ((), 0)


def test_a_day_before_nothing_goes_and_a_dry_run_changes_nothing(lived: Desk, clock: FixedClock) -> None:
    clock.advance(29 * DAY)
    assert purge(lived).cases == ()
    clock.advance(DAY)
    before = everything(lived)
    looked = purge(lived, dry_run=True)
    assert everything(lived) == before
    assert looked == purge(lived)


def test_figures_and_ledger_are_the_same_before_and_after(lived: Desk, clock: FixedClock) -> None:
    clock.advance(30 * DAY)
    sum_up(lived)
    anchors.put_due(lived)
    before = figures(lived)
    assert checked(lived) == []
    purge(lived)
    assert figures(lived) == before
    assert sum_up(lived) == 0, "no day became stale"
    assert checked(lived) == []
    with lived.database.reading() as tx:
        last = list(ledger.records(tx))[-3:]
    assert [(one.what, one.case) for one, _hash in last] == [
        ("purged", 1001),
        ("purged", 1003),
        ("purged", None),
    ]


def test_slack_is_told_to_forget_and_the_card_is_said_anew(lived: Desk, clock: FixedClock) -> None:
    clock.advance(30 * DAY)
    found = purge(lived)
    assert found.posts == {"again": 1, "erased": 3}
    with lived.database.reading() as tx:
        keys = set(tx.scalars(select(OutboxRow.key).where(OutboxRow.created_at == lived.now())))
        stands = {f"erase:{row.channel}:{row.ts}" for row in tx.scalars(select(PostRow))}
    assert {key for key in keys if key.startswith("erase:")} < stands
    assert "erase:C0DE:9.9" not in keys, "a digest names no buyer"


def test_the_ledger_can_say_which_text_it_means_until_the_salt_is_gone(
    lived: Desk, clock: FixedClock
) -> None:
    def proofs() -> list[object]:
        with lived.database.reading() as tx:
            salts = {row.id: (row.salt, row.text) for row in tx.scalars(select(MessageRow))}
            rows = tx.scalars(select(LedgerRow).where(LedgerRow.what == "message_received"))
            return [
                fits(salt, "text", said, row.facts["text"])
                for row in rows
                for salt, said in [salts[row.facts["message"]]]
            ]

    assert proofs() == [True, True]
    with lived.database.reading() as tx:
        row = tx.scalars(select(ReplyRow).where(ReplyRow.state == "accepted").order_by(ReplyRow.id)).first()
        sent = tx.scalars(select(LedgerRow).where(LedgerRow.what == "reply_accepted")).first()
    assert row is not None
    assert sent is not None
    alias = "katrin0000001+case-1@marketplace.amazon.de"
    assert fits(row.salt, "text", TEXT, sent.facts["text"]) is True
    assert fits(row.salt, "address", alias, sent.facts["address"]) is True
    assert fits(row.salt, "address", alias.replace("case-1", "case-2"), sent.facts["address"]) is False
    clock.advance(30 * DAY)
    purge(lived)
    assert proofs() == [None, None]


def test_a_case_that_waits_or_is_held_stays_and_is_told(desk: Desk, post: Post, clock: FixedClock) -> None:
    deliver_all(post)
    close.no_response_needed(desk, 1003, by=ANNA)
    answer(desk, clock, 1001)
    holds.hold(desk, 1001, "return", LI_WEI, clock.now() + 60 * DAY, by=WANG)
    clock.advance(31 * DAY)
    found = purge(desk)
    assert found.cases == ()
    assert [one.case for one in found.waiting] == [1002]
    assert [one.case for one in found.held] == [1001, 1003], "the mail to look at names the same order"
    (held,) = found.held[0].held
    assert (held.case, held.reason, held.owner) == (1001, "return", LI_WEI)
    clock.advance(30 * DAY)
    assert holds.end_due(desk) == 1
    assert purge(desk).cases == (1001, 1003)


def test_a_hold_keeps_every_case_of_its_order(desk: Desk, post: Post, clock: FixedClock) -> None:
    post.deliver(buyer_mail())
    post.deliver(
        buyer_mail(amazon_case_id="case-9", buyer_alias="katrin0000001+case-9@marketplace.amazon.de")
    )
    for number in (1001, 1002):
        close.no_response_needed(desk, number, by=ANNA)
    holds.hold(desk, 1001, "legal", LI_WEI, clock.now() + 60 * DAY, by=WANG)
    clock.advance(31 * DAY)
    assert purge(desk).cases == ()
    number = holds.standing(desk, by=ANNA)[0].hold.id
    assert holds.end(desk, number, by=WANG) == 1001
    assert purge(desk).cases == (1001, 1002)
    with pytest.raises(Stale):
        holds.end(desk, number, by=WANG)


def test_a_claim_holds_its_case_by_itself_and_a_second_one_longer(
    desk: Desk, post: Post, clock: FixedClock
) -> None:
    def claim() -> Mail:
        return replace(buyer_mail(), kind=Kind.AMAZON_NOTICE, notice=Notice.A_TO_Z)

    post.deliver(buyer_mail())
    assign.claim(desk, 1001, by=ANNA)
    close.no_response_needed(desk, 1001, by=ANNA)
    post.deliver(claim())
    clock.advance(10 * DAY)
    post.deliver(claim())
    (line,) = holds.standing(desk, by=ANNA)
    assert (line.hold.owner, line.hold.reason, line.order_id) == (ANNA, "a_to_z", ORDER)
    assert line.hold.until == START + 100 * DAY
    clock.advance(80 * DAY)
    assert [one.case for one in purge(desk).held] == [1001]
    clock.advance(10 * DAY)
    assert purge(desk).cases == (1001,)


def test_a_notice_of_a_claim_takes_nothing_from_what_a_manager_chose_for_it(
    desk: Desk, post: Post, clock: FixedClock
) -> None:
    post.deliver(buyer_mail())
    holds.hold(desk, 1001, "a_to_z", LI_WEI, START + 300 * DAY, by=WANG)
    post.deliver(replace(buyer_mail(), kind=Kind.AMAZON_NOTICE, notice=Notice.A_TO_Z))
    (line,) = holds.standing(desk, by=ANNA)
    assert (line.hold.owner, line.hold.until) == (LI_WEI, START + 300 * DAY)


def test_a_claim_that_came_before_the_buyers_first_message_holds_what_they_write_then(
    desk: Desk, post: Post, clock: FixedClock
) -> None:
    post.deliver(replace(buyer_mail(), kind=Kind.AMAZON_NOTICE, notice=Notice.A_TO_Z))
    clock.advance(DAY)
    post.deliver(buyer_mail("About something else.", order_id="305-0000000-0000000", **_OTHER))
    assert holds.standing(desk, by=ANNA) == ()
    post.deliver(buyer_mail("I opened a claim."))
    (line,) = holds.standing(desk, by=ANNA)
    assert (line.hold.case, line.hold.owner, line.hold.until) == (1002, WANG, START + 91 * DAY)
    holds.end(desk, line.hold.id, by=WANG)
    post.deliver(buyer_mail("And again."))
    assert holds.standing(desk, by=ANNA) == (), "what a manager ended stays so"


def test_but_not_one_that_was_over_before_we_began(desk: Desk, post: Post, clock: FixedClock) -> None:
    claim = replace(buyer_mail(), kind=Kind.AMAZON_NOTICE, notice=Notice.A_TO_Z)
    post.deliver(claim, buyer_mail("long ago"), late=9 * DAY)
    assert holds.standing(desk, by=ANNA) == ()
    with desk.database.reading() as tx:
        assert not list(tx.scalars(select(OutboxRow.key).where(OutboxRow.key.startswith("card:"))))


def test_so_does_one_whose_order_is_known_only_later(desk: Desk, post: Post, clock: FixedClock) -> None:
    post.deliver(buyer_mail(order_id=None))
    post.deliver(replace(buyer_mail(), kind=Kind.AMAZON_NOTICE, notice=Notice.A_TO_Z))
    assert holds.standing(desk, by=ANNA) == ()
    post.deliver(buyer_mail("It is about this order."))
    assert [one.hold.case for one in holds.standing(desk, by=ANNA)] == [1001]


def test_who_may_hold_and_how_long(desk: Desk, post: Post, clock: FixedClock) -> None:
    post.deliver(buyer_mail())
    soon = clock.now() + DAY
    with pytest.raises(NotAllowed):
        holds.hold(desk, 1001, "return", LI_WEI, soon, by=ANNA)
    for reason, owner, until in (
        ("because", LI_WEI, soon),
        ("return", GUEST, soon),
        ("return", LI_WEI, clock.now()),
        ("return", LI_WEI, clock.now() + 366 * DAY),
    ):
        with pytest.raises(WrongInput):
            holds.hold(desk, 1001, reason, owner, until, by=WANG)
    assert holds.standing(desk, by=ANNA) == ()
    first = holds.hold(desk, 1001, "return", LI_WEI, soon, by=WANG)
    assert holds.hold(desk, 1001, "return", ANNA, soon + DAY, by=WANG) == first
    (line,) = holds.standing(desk, by=ANNA)
    assert (line.hold.owner, line.hold.until) == (ANNA, soon + DAY)


def test_who_writes_again_is_known_again_and_goes_again(lived: Desk, post: Post, clock: FixedClock) -> None:
    clock.advance(30 * DAY)
    purge(lived)
    post = Post(lived, clock)
    post._uids = iter(range(100, 200))
    post.deliver(buyer_mail("Zitrone drei?"))
    shown = read.case(lived, 1001)
    assert [one.text for one in shown.messages] == [GONE, GONE, "Zitrone drei?"]
    assert shown.first_name == "Katrin"
    leave(lived, clock, send(lived, 1001))
    clock.advance(30 * DAY)
    assert purge(lived).cases == (1001,)
    assert words_left(lived) == []


def test_a_purged_mail_that_comes_again_is_no_new_message(desk: Desk, post: Post, clock: FixedClock) -> None:
    mail = buyer_mail("Zitrone?")
    post.deliver(mail)
    close.no_response_needed(desk, 1001, by=ANNA)
    clock.advance(31 * DAY)
    purge(desk)
    raw = receive.RawMail(50, clock.now() - 31 * DAY, b"1")  # the same bytes: the mailbox was numbered anew
    receive.store_raw(desk, "nordlicht", 2, 50, [raw])
    while receive.take_in(desk, lambda _raw, _arrived: mail):
        pass
    with desk.database.reading() as tx:
        assert len(tx.scalars(select(MessageRow)).all()) == 1
        assert [row.case for row in tx.scalars(select(MailRow))] == [1001, 1001]
    purge(desk)
    assert words_left(desk) == []
    clock.advance(HOUR)
    post.deliver(mail)  # somebody uses the id of an old mail for a new one
    with desk.database.reading() as tx:
        assert len(tx.scalars(select(MessageRow)).all()) == 2


def test_the_ledger_and_what_buyers_were_given_can_not_be_deleted(lived: Desk) -> None:
    for statement in (
        "UPDATE ledger SET who = 'nobody' WHERE seq = 2",
        "DELETE FROM ledger WHERE seq = 2",
        "DELETE FROM compensations",
        "DELETE FROM rmas",
    ):
        with pytest.raises(DBAPIError, match=r"only added to|18 months"), lived.database.writing() as tx:
            tx.execute(text(statement))
    with lived.database.writing() as tx:
        old = START - timedelta(days=3650)
        tx.execute(text("UPDATE rmas SET made_at = :old"), {"old": old.isoformat(sep=" ")})
        tx.execute(text("DELETE FROM rmas"))
    assert checked(lived) == []


def test_a_ledger_without_its_end_is_found_and_one_that_was_written_anew(
    lived: Desk, clock: FixedClock
) -> None:
    first = anchors.put_due(lived)
    assert first is not None
    assert anchors.put_due(lived) is None, "once a day"
    close.note(lived, 1001, "more", by=ANNA)
    clock.advance(DAY)
    second_one = anchors.put_due(lived)
    assert second_one is not None
    assert second_one.seq > first.seq
    with lived.database.reading() as tx:
        every = list(ledger.records(tx))
        assert first_fault(every) is None
        checked_by_hand = Checked([first, second_one])
        for record, stored in every:
            checked_by_hand.take(record, stored)
        assert checked_by_hand.faults(ledger.head(tx)) == []
    _unlocked(lived, f"DELETE FROM ledger WHERE seq > {first.seq}")
    assert checked(lived) == [Fault("cut", first.seq + 1)]


def _unlocked(desk: Desk, statement: str) -> None:
    """What somebody does who owns the database."""
    with desk.database.writing() as tx:
        if desk.database.is_sqlite:
            tx.execute(text("DROP TRIGGER tr_ledger_locked_delete"))
        else:
            tx.execute(text("ALTER TABLE ledger DISABLE TRIGGER ALL"))
        tx.execute(text(statement))


def test_an_anchor_is_posted_where_the_settings_say(desk: Desk, post: Post) -> None:
    post.deliver(buyer_mail())
    records = desk.settings.records.model_copy(update={"anchor_channel": "amz-audit"})
    posting = replace(desk, settings=desk.settings.model_copy(update={"records": records}))
    found = anchors.put_due(posting)
    assert found is not None
    with desk.database.reading() as tx:
        row = tx.scalars(select(OutboxRow).where(OutboxRow.place == "amz-audit")).one()
    assert row.key == f"anchor:{found.seq}"
    assert anchors.anchor(desk, found.seq) == (found, desk.now())
