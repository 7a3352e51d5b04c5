"""App Home, HTTP mode, and what the log says: one office over signed HTTP, whose log is kept and searched."""

import hashlib
import hmac
import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest
import structlog

from bot import log
from bot.clock import RealClock
from bot.desk import assign, close, read
from bot.desk.knowledge import Knowledge
from bot.sandbox.relay import What
from tests.office import Office
from tests.office import office as running_office
from tests.world import ANNA, BOB

PLANTED = "The sapphire teapot of Zebulon leaks onto Quokka Street"
REPLY = "Hello Zebulon, thank you for your message. I am sorry about the teapot. A new one arrives on Friday."


@pytest.fixture(scope="module")
def lines() -> Iterator[io.StringIO]:
    """All that is logged, as in production."""
    kept, handlers = io.StringIO(), logging.getLogger().handlers[:]
    with redirect_stderr(kept):
        log.set_up("debug")
        yield kept
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = handlers


@pytest.fixture(scope="module")
def office(
    tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge, lines: io.StringIO
) -> Iterator[Office]:
    with running_office(tmp_path_factory.mktemp("http"), knowledge, mode="http") as running:
        yield running


@pytest.fixture(autouse=True)
def _nothing_open(office: Office) -> Iterator[None]:
    yield
    for line in read.queue(office.desk):
        close.no_response_needed(office.desk, line.number, by=BOB)
    office.quiet()


def test_the_main_job_over_http(office: Office) -> None:
    case = office.new_case(PLANTED, name="Zebulon Quill")
    case.claim("anna")
    office.ws.user("bob").say("Zebulon wrote twice, be kind.", "amz-nordlicht", thread=case.card)
    office.until(lambda: case.now.notes)
    waiting = case.send(REPLY, by="anna")
    office.tick(seconds=46)
    waiting.expect("Sent to")
    (mail,) = [one for one in office.relay.sent if one.to == case.buyer.alias]
    assert REPLY in mail.text
    case.card.expect("Answered")


def test_the_log_holds_no_word_of_a_buyer_an_agent_or_an_address(office: Office, lines: io.StringIO) -> None:
    case = office.new_case(PLANTED, name="Zebulon Quill")
    office.ws.user("anna").command(f"/note {case.number} teapot", "amz-nordlicht")
    office.ws.user("anna").command("/case find Zebulon", "amz-nordlicht")
    office.until(lambda: case.now.notes)
    case.preview("Write to zebulon@quokka.example", by="anna").close()
    endings: tuple[What, ...] = ("refuse", "drop_after_data", "defer", "bounce")
    for ending in endings:
        other = office.new_case(PLANTED, name="Zebulon Quill")
        other.send(REPLY, by="bob")
        office.relay.next(ending, to=other.buyer.alias)
        office.tick(seconds=46)
    office.sandbox.next_errors("chat.update", "invalid_blocks", times=2)
    case.write_again("Zebulon again")
    office.until(lambda: '"event": "reply_tried"' in lines.getvalue())
    written = lines.getvalue()
    assert '"dropped"' not in written
    for secret in ("teapot", "Zebulon", "Quokka", "zebulon", case.buyer.alias, case.buyer.base, "xoxb-"):
        assert secret not in written, secret


def test_every_line_of_the_log_is_one_json_object_with_an_event(office: Office, lines: io.StringIO) -> None:
    office.new_case()
    written = [json.loads(line) for line in lines.getvalue().splitlines() if line.startswith("{")]
    assert written
    assert all(line["event"] and line["level"] for line in written)


@pytest.mark.parametrize(
    ("age", "secret"),
    [
        pytest.param(0, "another-secret", id="a wrong signature"),
        pytest.param(301, "sandbox-signing-secret", id="an old timestamp"),
    ],
)
def test_requests_that_slack_did_not_sign_just_now_are_refused(office: Office, age: int, secret: str) -> None:
    case = office.new_case()
    assert _post_command(office, f"/claim {case.number}", age=age, secret=secret) == 401
    assert case.now.assignee is None
    assert _post_command(office, f"/claim {case.number}", age=0, secret="sandbox-signing-secret") == 200
    office.until(lambda: case.now.assignee == ANNA)


def _post_command(office: Office, typed: str, *, age: int, secret: str) -> int:
    command, _, text = typed.partition(" ")
    form = {"command": command, "text": text, "user_id": ANNA, "channel_id": "C0NORD", "team_id": "T0DEMO"}
    body = urlencode(
        form | {"trigger_id": f"{typed} {age} {secret}", "response_url": f"{office.sandbox.url}/response/x"}
    )
    stamp = str(int((RealClock().now() - timedelta(seconds=age)).timestamp()))
    base = f"v0:{stamp}:{body}".encode()
    signature = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    headers = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    slack = office.desk.settings.slack
    url = f"http://{slack.http_host}:{slack.http_port}/slack/events"
    with httpx.Client(trust_env=False) as client:
        return client.post(url, content=body, headers=headers).status_code


def test_the_home_page_has_my_queue_in_order_and_what_nobody_has(office: Office) -> None:
    late = office.new_case()
    office.clock.advance(timedelta(hours=2))
    soon = office.new_case()
    free = office.new_case()
    for case in (soon, late):
        assign.claim(office.desk, case.number, by=ANNA)
    home = office.ws.user("anna").home()
    text = home.plain
    assert "My queue (2)" in text
    assert "Unclaimed (1)" in text
    assert text.index(f"Case {late.number}") < text.index(f"Case {soon.number}") < text.index("Unclaimed")
    assert text.index("Unclaimed") < text.index(f"Case {free.number}")
    assert "Team" not in text


def test_claim_next_on_the_home_page_takes_the_most_urgent_and_shows_it(office: Office) -> None:
    first = office.new_case()
    office.clock.advance(timedelta(minutes=1))
    office.new_case()
    home = office.ws.user("anna").home()
    home.press("Claim next")
    home.expect("My queue (1)").expect("Unclaimed (1)")
    assert first.now.assignee == ANNA


def test_an_open_home_page_follows_what_happens(office: Office) -> None:
    home = office.ws.user("anna").home()
    home.expect("My queue (0)")
    case = office.new_case()
    home.expect("Unclaimed (1)")
    case.claim("anna")
    home.expect("My queue (1)").expect("Unclaimed (0)")
    home.press("Reply").modal.fill("form.text", "x").close()


def test_a_page_that_is_being_drawn_is_kept_fresh_already(office: Office) -> None:
    office.sandbox.next_errors("views.publish", "internal_error", after=True)
    home = office.ws.user("anna").home()
    office.new_case()
    home.expect("Unclaimed (1)")


def test_claim_next_with_nothing_to_claim_says_so(office: Office) -> None:
    case = office.new_case()
    home = office.ws.user("anna").home()
    # Her page is late and still shows the button.
    office.sandbox.next_errors("views.publish", 429, times=None, retry_after=1)
    assign.claim(office.desk, case.number, by=BOB)
    home.press("Claim next")
    office.ws.user("anna").expect_dm("Nothing waits")
    office.sandbox.clear_errors("views.publish")


def test_managers_see_the_team_and_everybody_sees_it_in_their_language(office: Office) -> None:
    wang = office.ws.user("wang.fang").home()
    wang.expect("团队").expect("我的队列")
    assert "Team" not in office.ws.user("anna").home().plain
    stranger = office.ws.user("gus").home()
    stranger.expect("You are not yet an agent")
    office.ws.user("anna").change(locale="zh-CN")
    try:
        office.until(lambda: "我的队列" in office.ws.user("anna").home().plain)
    finally:
        office.ws.user("anna").change(locale="en-US")
        office.until(lambda: "My queue" in office.ws.user("anna").home().plain)


def test_the_board_comes_from_home_as_a_direct_message(office: Office) -> None:
    home = office.ws.user("wang.fang").home()
    home.press("home.board")
    office.ws.user("wang.fang").expect_dm("SLA")
    help_page = home.press("home.help").modal
    help_page.expect("/sla-status").close()
