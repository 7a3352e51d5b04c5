"""`reply24 mail audit` against a real IMAP server: what it prints, and its exit code."""

import pytest
from sqlalchemy import delete, select

from bot.clock import RealClock
from bot.db.tables import MailRow, OutboxRow
from tests.e2e.rig import NORDLICHT, Rig

pytestmark = pytest.mark.needs("dovecot")


def test_an_audit_says_what_is_missing_and_fetches_it(rig: Rig) -> None:
    never = rig.command("mail", "audit", "--mailbox", NORDLICHT)
    assert never.code == 1
    assert "it was not read yet" in never.out

    program = rig.start("worker")
    rig.deliver(rig.invent(3))
    rig.until(lambda: rig.taken_in() == 3, "all mails are taken in")
    rig.until(rig.is_quiet, "nothing waits")
    assert program.terminate() == 0
    told = rig.command("mail", "audit", "--mailbox", NORDLICHT, "--json").json()
    assert {name: told[name] for name in ("server", "stored", "found", "left", "waiting", "gone", "gaps")} == {
        "server": 3, "stored": 3, "found": 0, "left": 0, "waiting": 0, "gone": 0, "gaps": 0,
    }  # fmt: skip

    # A mail that never became a case gets lost, as if it had not been stored.
    rig.deliver_raw([b"Subject: watches\r\n\r\nBuy!\r\n"], RealClock().now())
    program = rig.start("worker")
    rig.until(lambda: rig.taken_in() == 4, "it is taken in")
    program.terminate()
    lost = rig.rows(select(MailRow.id).order_by(MailRow.id.desc()))[0][0]
    rig.change(delete(MailRow).where(MailRow.id == lost, MailRow.case.is_(None)))
    done = rig.command("mail", "audit", "--days", "2")
    assert (done.code, "SOMETHING WAS MISSING" in done.out) == (1, True)
    assert "sunrise: it was not read yet" in done.out or "sunrise: nothing is missing" in done.out
    assert rig.count(MailRow) == 4
    assert rig.count(OutboxRow, OutboxRow.key.like("missed:1:%")) == 1
    clean = rig.command("mail", "audit", "--mailbox", NORDLICHT)
    assert (clean.code, "nothing is missing (all mails)" in clean.out) == (0, True)
    assert rig.command("mail", "audit", "--mailbox", "nobody").code == 2
