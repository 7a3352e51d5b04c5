"""Old mail: a first start makes no work of history, an outage is caught up, no mail counts twice."""

import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.clock import RealClock
from bot.db.tables import CaseRow, DeadlineRow, MailboxRow, MailRow, MessageRow, PingRow
from bot.sandbox.relay_mails import buyer_message
from tests.e2e.rig import Program, Rig

pytestmark = [pytest.mark.needs("dovecot"), pytest.mark.timeout(400)]

OLD = 300
MANY = 2000


def test_history_an_outage_of_two_days_and_a_mailbox_that_is_numbered_anew(
    rig: Rig, capsys: pytest.CaptureFixture[str]
) -> None:
    rig.deliver(rig.invent(OLD), ago=timedelta(days=9))
    program = rig.start()
    rig.until(lambda: rig.taken_in() == OLD, "history is read", 60)
    fresh = rig.case_of(rig.write("This one is new."))
    rig.card(fresh)
    rig.until(rig.is_quiet, "nothing waits")
    assert len(rig.cards()) == 1
    assert rig.cards("amz-leads") == []
    assert rig.count(DeadlineRow, DeadlineRow.state == "excused", DeadlineRow.counted.is_(False)) == OLD
    assert rig.count(CaseRow, CaseRow.state == "open") == 1
    assert program.terminate() == 0

    late = two_days_off(rig)
    program = numbered_anew(rig)
    pinged_once(rig, late)
    with capsys.disabled():
        sys.stdout.write(f"\nresident after {MANY} mails more: {after_many_mails(rig, program):.0f} MiB\n")
    assert program.terminate() == 0
    assert "Traceback" not in program.log


def after_many_mails(rig: Rig, program: Program) -> float:
    """How much memory the program occupies then, in MiB."""
    before, at = rig.taken_in(), RealClock().now() - timedelta(days=9)
    firsts = [buyer_message(replace(mail, at=at)) for mail in rig.invent(100)]
    # Written by hand from a few, because making mails takes longer than reading them.
    rig.deliver_raw(
        [raw.replace(b"@eu-west-1.", b"%d@eu-west-1." % n) for n in range(MANY // 100) for raw in firsts], at
    )
    rig.until(lambda: rig.taken_in() == before + MANY, "the mails are taken in", 90)
    return program.resident_mib()


def two_days_off(rig: Rig) -> set[int]:
    """What came meanwhile comes in, whether somebody has read it or not; returns the overdue cases."""
    rig.change(update(MailboxRow).values(started_at=RealClock().now() - timedelta(days=5)))
    missed = rig.invent(3)
    rig.deliver(missed, ago=timedelta(hours=40))
    seen = rig.invent(1)[0]
    client = rig.dovecot.client()  # somebody has read it with a mail program
    client.append("INBOX", buyer_message(seen), flags=[b"\\Seen"])
    client.shutdown()
    program = rig.start()
    for mail in (*missed, seen):
        rig.card(rig.case_of(mail))
    assert program.terminate() == 0
    return {rig.case_of(mail) for mail in missed}


def numbered_anew(rig: Rig) -> Program:
    """The server restores its mailbox: the same mails under other numbers."""
    tables = (MessageRow, CaseRow, DeadlineRow)
    before = [rig.count(table) for table in tables]
    cards, mails = len(rig.cards()), rig.count(MailRow)
    rig.dovecot.number_anew()
    program = rig.start()
    rig.card(rig.case_of(rig.write("And a new one after that.")))
    rig.until(lambda: rig.count(MailRow) > mails + 1, "mails are read again")
    rig.until(rig.is_quiet, "nothing waits")
    assert [rig.count(table) for table in tables] == [count + 1 for count in before]
    assert len(rig.cards()) == cards + 1
    return program


def pinged_once(rig: Rig, late: set[int]) -> None:
    """Each overdue case with its most urgent stage only: one post for the leads, one message a person."""
    pings = select(PingRow.case, PingRow.stage)
    rig.until(lambda: {ping.case for ping in rig.rows(pings)} >= late, "they are pinged", 60)
    rig.until(rig.is_quiet, "nothing waits")
    assert {ping.stage for ping in rig.rows(pings) if ping.case in late} <= {"overdue", "unclaimed"}
    leads = rig.cards("amz-leads")
    assert len(leads) == 1, [post.plain for post in leads]
    assert all(str(case) in leads[0].plain for case in late)
    for person in ("anna", "wang.fang"):
        about = [post.text for post in rig.ws.user(person).dms()]
        assert all(sum(str(case) in words for words in about) == 1 for case in late), about
