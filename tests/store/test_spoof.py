"""A mail that is not proven to be Amazon's becomes a review card with the reason; it answers and closes nothing."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.clock import FixedClock
from bot.db.tables import CaseRow, DeadlineRow, MailRow, ReplyRow
from bot.desk import Desk, read, receive
from bot.mail import parse
from tests import world

OURS = "mx.nordlicht.example"
STAMP = f"Authentication-Results: {OURS}; dkim=pass header.d=amazon.de; dmarc=pass header.from=marketplace.amazon.de\n"
COPY = "X-Space-Notification-Type: BBC_MESSAGE_CONFIRMATION_TO_MERCHANT\n"


@pytest.fixture
def strict(desk: Desk) -> Desk:
    boxes = dict(desk.settings.mailboxes)
    boxes["nordlicht"] = boxes["nordlicht"].model_copy(update={"authserv_id": OURS})
    return replace(desk, settings=desk.settings.model_copy(update={"mailboxes": boxes}))


def deliver(desk: Desk, clock: FixedClock, uid: int, sender: str, head: str) -> None:
    raw = (
        f"{head}From: {sender}\nTo: support@nordlicht.example\nMessage-ID: <{uid}@x.example>\n"
        "Subject: Inquiry from Amazon customer Ann (Order: 305-1234567-1234567)\n\nWhere is it?\n"
    ).encode()
    receive.store_raw(desk, "nordlicht", 1, uid, [receive.RawMail(uid, clock.now(), raw)])
    while receive.take_in(desk, parse.read):
        pass


def kinds(desk: Desk) -> list[tuple[str, str | None]]:
    with desk.database.reading() as tx:
        return [(row.kind, row.buyer_alias) for row in tx.scalars(select(CaseRow).order_by(CaseRow.number))]


RELAY = "Ann <ann0000001+c1@marketplace.amazon.de>"


def test_only_what_our_server_vouches_for_becomes_a_case_of_a_buyer(strict: Desk, clock: FixedClock) -> None:
    deliver(strict, clock, 1, RELAY, STAMP)
    deliver(strict, clock, 2, RELAY, "")
    deliver(strict, clock, 3, RELAY, STAMP.replace(OURS, "mx.evil.example"))
    deliver(strict, clock, 4, RELAY.replace("amazon", "arnazon"), STAMP)
    assert kinds(strict) == [
        ("buyer", "ann0000001+c1@marketplace.amazon.de"),
        ("review", None),
        ("review", None),
        ("review", None),
    ]
    with strict.database.reading() as tx:
        whys = tx.scalars(select(MailRow.why).order_by(MailRow.id)).all()
        assert tx.scalar(select(func.count()).select_from(ReplyRow)) == 0
        counted = tx.scalars(select(DeadlineRow.counted).order_by(DeadlineRow.message)).all()
    assert counted == [True, False, False, False]
    assert [why for why in whys if why and OURS in why] == whys[1:3]
    case = next(one for one in read.queue(strict) if one.kind == "review")
    assert OURS in read.case(strict, case.number).why


def test_a_forged_copy_does_not_stop_a_clock(strict: Desk, clock: FixedClock) -> None:
    deliver(strict, clock, 1, RELAY, STAMP)
    deliver(strict, clock, 2, "Amazon <no-reply@amazon.de>", COPY)
    with strict.database.reading() as tx:
        states = tx.scalars(select(DeadlineRow.state).order_by(DeadlineRow.message)).all()
    assert states == ["open", "open"]
    assert [kind for kind, _alias in kinds(strict)] == ["buyer", "review"]


def test_without_the_name_of_our_server_a_missing_header_is_no_failure(desk: Desk, clock: FixedClock) -> None:
    deliver(desk, clock, 1, RELAY, "")
    assert [kind for kind, _alias in kinds(desk)] == ["buyer"]
    assert clock.now() == world.START
