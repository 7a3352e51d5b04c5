"""A mail of 100 MB and other heavy ones: neither the memory nor the other mailboxes mind, and a person is told."""

import pytest
from sqlalchemy import func, select

from bot.db.tables import CaseRow, MailRow
from bot.mail.mailbox import KEPT_OF_LARGE
from tests.e2e.rig import Rig
from tests.nasty_mails import BIG, MEGABYTE, SMALL

pytestmark = pytest.mark.needs("dovecot")
SIZE = 100 * MEGABYTE
# What IMAP can carry: Dovecot takes no NUL in a literal, and no mail of no bytes.
CARRIED = {name: raw for name, make in SMALL.items() if (raw := make()) and b"\0" not in raw}


def test_a_mail_of_100_megabytes_becomes_a_review_card_and_delays_nobody(rig: Rig) -> None:
    program = rig.start()
    first = rig.write("Where is my parcel?")
    rig.until(lambda: rig.taken_in() == 1, "the first mail is taken in")
    before = program.peak_mib()
    huge = BIG["base64"](SIZE)
    rig.dovecot.deliver(huge, *([BIG["text"](30 * MEGABYTE)] * 2))
    buyer = rig.write("I wrote right behind it. Hello?")
    rig.relay.deliver_raw("sunrise", huge)
    rig.until(lambda: rig.taken_in() == 6, "all are taken in", 60)

    why = rig.rows(select(CaseRow.why).where(CaseRow.kind == "review"))
    assert len(why) == 2
    assert all("more than thresholds.max_mail_megabytes allows" in one.why for one in why)
    assert {one.why.rpartition(" ")[2] for one in why} == {"nordlicht", "sunrise"}
    assert max(row[0] for row in rig.rows(select(func.length(MailRow.raw)))) < 31 * MEGABYTE
    rows = rig.rows(select(func.length(MailRow.raw), MailRow.why))
    sizes = [row for row in rows if "megabytes" in (row[1] or "")]
    assert [row[0] for row in sizes] == [KEPT_OF_LARGE] * 2
    assert rig.case_of(first) != rig.case_of(buyer)
    rig.until(lambda: len(rig.cards("amz-review")) == 2, "both review cards are posted")
    assert "Open it in the mailbox" in str([card.blocks for card in rig.cards("amz-review")])
    assert program.peak_mib() - before < 400, (
        "nowhere near the 300 MB that lie there, times the copies of each"
    )
    assert program.is_alive
    assert "Traceback" not in program.log


def test_each_nasty_mail_ends_as_something_that_a_person_sees(rig: Rig) -> None:
    program = rig.start()
    rig.dovecot.deliver(*CARRIED.values())
    buyer = rig.write("I am still here. Where is my parcel?")
    rig.until(lambda: rig.taken_in() == len(CARRIED) + 1, "every mail is taken in", 100)
    assert rig.case_of(buyer)
    assert rig.count(MailRow, MailRow.case.is_(None)) == 0
    assert "mail_not_taken_in" not in program.log
    assert "Traceback" not in program.log
