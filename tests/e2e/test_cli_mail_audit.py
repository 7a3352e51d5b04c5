"""`reply24 mail audit` against a real IMAP server: what it prints, and its exit code."""

import pytest
from sqlalchemy import delete

from bot.clock import RealClock
from bot.db.tables import MailRow, OutboxRow
from tests.e2e.rig import NORDLICHT, Rig

pytestmark = pytest.mark.needs("dovecot")


def test_an_audit_says_what_is_missing_and_fetches_it(rig: Rig) -> None:
    never = rig.command("mail", "audit", "--mailbox", NORDLICHT)
    assert never.code == 1
    assert "it was not read yet" in never.out

    program = rig.start("worker")
    # A mail that is no case's can get lost, as if it had never been stored.
    tips = b"From: donotreply@amazon.de\r\nMessage-ID: <tips@x.example>\r\nSubject: Tips\r\n\r\nTips\r\n"
    rig.deliver_raw([tips], RealClock().now())
    rig.deliver(rig.invent(2))
    rig.until(lambda: rig.taken_in() == 3 and rig.is_quiet(), "all mails are taken in", 60)
    program.kill()
    told = rig.command("mail", "audit", "--mailbox", NORDLICHT, "--json")
    found = told.json()
    assert told.code == 0
    assert {name: found[name] for name in ("server", "stored", "found", "left", "waiting", "gone", "gaps")} == {
        "server": 3, "stored": 3, "found": 0, "left": 0, "waiting": 0, "gone": 0, "gaps": 0,
    }  # fmt: skip

    rig.change(delete(MailRow).where(MailRow.message_id == "<tips@x.example>"))
    done = rig.command("mail", "audit", "--mailbox", NORDLICHT, "--days", "2")
    assert (done.code, "SOMETHING WAS MISSING" in done.out) == (1, True)
    assert rig.count(MailRow) == 3
    assert rig.count(OutboxRow, OutboxRow.key.like("missed:1:%")) == 1
    clean = rig.command("mail", "audit", "--mailbox", NORDLICHT)
    assert (clean.code, "nothing is missing (all mails)" in clean.out) == (0, True)
