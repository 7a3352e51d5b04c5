"""The main job with real processes and servers: Dovecot, SMTP, PostgreSQL; Socket Mode and HTTP mode."""

from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from bot.db.queries.leases import HEARD
from bot.db.tables import DeadlineRow, LeaseRow
from bot.sandbox.relay import SentMail
from bot.sandbox.relay_mails import BuyerMail
from tests.e2e.dovecot import Dovecot
from tests.e2e.rig import Rig
from tests.e2e.rig import rig as running_rig

pytestmark = pytest.mark.needs("dovecot", "postgresql")

WORDS = (
    "Guten Tag, vielen Dank für Ihre Nachricht.\n\n"
    ".Der erste Punkt: es tut mir leid, dass das Paket fehlt – 包裹 – «voilà».\n"
    "From here on we look for it. Es kommt am Freitag.\n"
    ".\n"
    "Mit freundlichen Grüßen\nAnna"
)


def check_sent(sent: SentMail, buyer: BuyerMail) -> None:
    """What left answers the buyer's mail, and says what was previewed, byte for byte."""
    mail = message_from_bytes(sent.raw, policy=policy.default)
    assert (sent.to, sent.sender) == (buyer.alias, "support@nordlicht.example")
    assert mail["In-Reply-To"] == buyer.message_id
    assert str(mail["References"]).split()[-1] == buyer.message_id
    assert mail["Subject"] == f"Re: {buyer.subject}"
    assert mail.get_content_type() == "text/plain"
    body = mail.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.replace(b"\r\n", b"\n").removesuffix(b"\n") == WORDS.encode()


def main_job(rig: Rig) -> None:
    """From a buyer's mail to a card, a claim, a reply, and figures that say so."""
    buyer = rig.write("Wo ist mein Paket?", marketplace="DE", lang="de")
    case = rig.case_of(buyer)
    card = rig.claim(case, by="anna")
    card.expect("U0ANNA")
    assert "Wo ist mein Paket?" in card.plain
    preview = rig.send(card, WORDS, by="anna")
    assert "Es kommt am Freitag." in preview
    check_sent(rig.relay.wait_for_sent(1)[0], buyer)
    closed = select(DeadlineRow.case).where(DeadlineRow.case == case, DeadlineRow.state == "met")
    rig.until(lambda: rig.rows(closed), "the deadline is closed")
    card.expect("Answered")
    board = rig.command("sla", "status", "--json").json()
    assert (board["open_cases"], board["waiting_mails"], board["stuck_replies"]) == (0, 0, 0)
    today = board["periods"]["today"]
    assert (today["received"], today["in_time"], today["response_rate"]) == (1, 1, 1.0)


def test_the_main_job_in_one_process_over_socket_mode(
    tmp_path: Path, imap_server: Dovecot, new_postgresql: Callable[[], str]
) -> None:
    with running_rig(tmp_path, imap_server, database_url=new_postgresql()) as rig:
        program = rig.start()
        main_job(rig)
        assert program.terminate() == 0
        assert not rig.rows(select(LeaseRow.name).where(LeaseRow.name.not_like(f"{HEARD}%")))
        assert "Traceback" not in program.log


def test_the_main_job_in_three_processes_over_http(
    tmp_path: Path, imap_server: Dovecot, new_postgresql: Callable[[], str]
) -> None:
    with running_rig(tmp_path, imap_server, database_url=new_postgresql(), mode="http") as rig:
        # All at once, on an empty database: each wants to migrate it.
        roles = {role: rig.launch(role) for role in ("web", "worker", "clock")}
        for role, program in roles.items():
            rig.until(lambda one=program: one.events("bot_started"), f"{role} starts")
        main_job(rig)

        roles["worker"].kill()
        buyer = rig.write("Is it coming at all?", marketplace="UK")
        rig.let_leases_end()
        rig.start("worker")
        card = rig.claim(rig.case_of(buyer), by="li.wei")
        rig.send(card, "Hello, thank you for your message. It arrives on Friday.", by="li.wei")
        assert rig.relay.wait_for_sent(2)[1].to == buyer.alias
        assert len(rig.cards()) == 2

        refuses_what_slack_did_not_sign(rig)
        for program in rig.programs[1:]:
            if program.is_alive:
                assert program.terminate() == 0
                assert "Traceback" not in program.log


def refuses_what_slack_did_not_sign(rig: Rig) -> None:
    settings = rig.command("manifest", "--http", "https://bot.example/slack/events")
    assert settings.code == 0
    url = rig.sandbox.call(lambda core: core.delivery.request_url)
    form = {"command": "/sla-status", "text": "", "user_id": "U0ANNA", "trigger_id": "1.2.x"}
    signed = {"X-Slack-Request-Timestamp": "1764000000", "X-Slack-Signature": "v0=" + "0" * 64}
    for headers in ({}, signed):
        answer = httpx.post(url, data=form, headers=headers, trust_env=False)
        assert answer.status_code == 401, answer.text
