"""Wrong files, wrong mails, wrong words: each is told clearly, the program stays up, nothing is lost."""

import random
import shutil

import pytest
from sqlalchemy import select

from bot.db.tables import CaseRow, DeadlineRow, MailRow
from tests.e2e.rig import Rig
from tests.world import ROOT

pytestmark = pytest.mark.needs("dovecot")


def test_a_wrong_key_and_a_missing_secret_are_told_with_their_place(rig: Rig) -> None:
    secret = rig.environ.pop("IMAP_PASSWORD")
    done = rig.command("run")
    assert done.code == 2
    assert "IMAP_PASSWORD" in done.err
    assert "mailboxes.yaml:1: mailboxes.nordlicht.password_env" in done.err

    stores = rig.folder / "config" / "stores.yaml"
    right = stores.read_text(encoding="utf-8")
    stores.write_text(right.replace("sender_name: Nord", "sendr_name: Nord"), encoding="utf-8")
    line = 1 + right[: right.index("sender_name: Nord")].count("\n")
    done = rig.command("run")
    assert done.code == 2
    assert f"stores.yaml:{line}:" in done.err
    assert "stores.nordlicht.sendr_name" in done.err
    assert 'Did you mean "sender_name"' in done.err
    assert secret not in done.err


def nasty_mails() -> list[bytes]:
    """A hundred mails that no mail program would write. IMAP carries no zero byte."""
    dice = random.Random(24)
    noise = [dice.randbytes(dice.randrange(1, 3000)).replace(b"\0", b"") + bytes([n]) for n in range(1, 60)]
    heads = [
        b"From: =?utf-8?b?////?= <>\r\nDate: yesterday\r\nSubject: =?x-none?q?=FF?= %d\r\n\r\nHi %d" % (n, n)
        for n in range(20)
    ]
    broken = [
        b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\nContent-Type: text/html; charset=nope\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!%d" % (n, n, n)
        for n in range(20)
    ]
    return [*noise, *heads, *broken, b"\r\n" * 500]


def test_nasty_mails_a_broken_template_and_nonsense_do_not_stop_the_bot(rig: Rig) -> None:
    templates = rig.folder / "templates"
    shutil.copytree(ROOT / "templates", templates)
    broken = templates / "delivery_delay" / "en.txt"
    assert broken.is_file(), sorted(path.name for path in templates.iterdir())
    lines = broken.read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines) if "{{" in text)
    lines[line] = lines[line].replace("{{", "{{ no_such_thing }} {{", 1)
    broken.write_text("\n".join(lines), encoding="utf-8")

    program = rig.start()
    left_out = program.events("template_left_out")
    assert [(event["file"].endswith("delivery_delay/en.txt"), event["line"]) for event in left_out] == [
        (True, line + 1)
    ]
    told = rig.command("check")
    assert told.code == 1
    assert f"delivery_delay/en.txt:{line + 1}:" in told.out

    mails = nasty_mails()
    rig.dovecot.deliver(*mails)
    rig.relay.deliver_raw("sunrise", bytes(range(256)) * 40)
    buyer = rig.write("I am still here. Where is my parcel?")
    rig.until(lambda: rig.taken_in() == len(mails) + 2, "every mail is taken in", 60)
    case = rig.case_of(buyer)
    kinds = [row.kind for row in rig.rows(select(MailRow.kind).where(MailRow.case.is_distinct_from(case)))]
    assert rig.count(CaseRow, CaseRow.kind == "review") == len(kinds) == len(mails) + 1
    assert rig.count(DeadlineRow, DeadlineRow.state == "open") == len(mails) + 2
    rig.until(lambda: rig.cards("amz-review"), "a review card is posted")

    form = rig.claim(case, by="anna").click("case.reply", by="anna").modal
    assert "delivery_delay" not in str(form.view)
    form.close()
    for words in (
        "/reply24 fnord 包裹 ‮ <!channel>",
        "/case eleventy",
        "/claim 999999999999999999999",
        "/note",
    ):
        done = rig.ws.user("anna").command(words, "amz-nordlicht")
        assert done.ok, (words, done.error)
        assert rig.until(lambda one=done: one.ephemerals, f"an answer to {words}")
    assert program.is_alive
    assert "handler_failed" not in program.log
    assert "Traceback" not in program.log
