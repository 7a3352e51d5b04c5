"""HTTP mode against whoever finds the address: only what Slack signed just now gets in, whatever is sent."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest

from bot.clock import RealClock
from bot.desk.knowledge import Knowledge
from bot.slack.web import MAX_BODY
from tests.office import Case, Office
from tests.office import office as running_office
from tests.world import ANNA

SECRET = "sandbox-signing-secret"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Iterator[Office]:
    with running_office(tmp_path_factory.mktemp("http"), knowledge, mode="http") as running:
        yield running


@pytest.fixture
def case(http: Office) -> Case:
    return http.new_case()


def stamp(age: int = 0) -> str:
    return str(int((RealClock().now() - timedelta(seconds=age)).timestamp()))


def signed(body: bytes, at: str | None = None, secret: str = SECRET) -> dict[str, str]:
    """The headers that Slack would send with this body."""
    at = at or stamp()
    made = hmac.new(secret.encode(), b"v0:" + at.encode("utf-8") + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={made}", "Content-Type": FORM}


def claim(case: Case, trigger: str) -> bytes:
    form = {"command": "/claim", "text": str(case.number), "user_id": ANNA, "channel_id": "C0NORD"}
    more = {
        "team_id": "T0DEMO",
        "trigger_id": trigger,
        "response_url": f"{case.office.sandbox.url}/response/x",
    }
    return urlencode(form | more).encode()


def post(office: Office, body: bytes, headers: dict[str, str] | list[tuple[bytes, bytes]]) -> int:
    slack = office.desk.settings.slack
    with httpx.Client(trust_env=False, timeout=20) as client:
        url = f"http://{slack.http_host}:{slack.http_port}/slack/events"
        return client.post(url, content=body, headers=headers).status_code


def without(headers: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in headers.items() if key != name}


def test_what_is_not_signed_just_now_is_refused_and_does_nothing(http: Office, case: Case) -> None:
    body = claim(case, "refused")
    good = signed(body)
    bad = {
        "a wrong secret": signed(body, secret="another"),
        "no signature": without(good, "X-Slack-Signature"),
        "no timestamp": without(good, "X-Slack-Request-Timestamp"),
        "nothing": {"Content-Type": FORM},
        "an empty signature": good | {"X-Slack-Signature": ""},
        "half a signature": good | {"X-Slack-Signature": good["X-Slack-Signature"][:20]},
        "another version": good | {"X-Slack-Signature": good["X-Slack-Signature"].replace("v0", "v1")},
        "another body's": signed(body + b"&x=1"),
        "replayed after five minutes": signed(body, stamp(301)),
        "from the future": signed(body, stamp(-400)),
        "an old one with a new time": signed(body, stamp(900)) | {"X-Slack-Request-Timestamp": stamp()},
        "a time that is no number": signed(body, "now"),
        "a time with a sign": signed(body, "-5"),
        "a time that is huge": signed(body, "9" * 40),
        "a time that is no integer": signed(body, stamp() + ".5"),
    }
    assert {name: post(http, body, headers) for name, headers in bad.items()} == dict.fromkeys(bad, 401)
    assert case.now.assignee is None
    assert post(http, body, good) == 200
    http.until(lambda: case.now.assignee == ANNA)


def test_headers_in_strange_letters_are_refused_not_stumbled_over(http: Office, case: Case) -> None:
    body = claim(case, "strange")
    good = signed(body)
    for name, value in (("X-Slack-Signature", "v0=käse"), ("X-Slack-Request-Timestamp", "１２３")):
        headers = [(key.encode(), text.encode()) for key, text in (good | {name: value}).items()]
        assert post(http, body, headers) == 401


def test_bodies_that_are_no_text_or_no_json_do_no_harm(http: Office, case: Case) -> None:
    assert post(http, b"\xff\xfe\x00", signed(b"\xff\xfe\x00")) == 401
    broken = {"Content-Type": "application/json"}
    assert post(http, b"{not json", broken) == 401, "who did not sign does not get as far as the parser"
    assert post(http, b"", signed(b"")) < 500
    http.ws.user("anna").command(f"/claim {case.number}", "amz-nordlicht")
    http.until(lambda: case.now.assignee == ANNA)


def test_huge_bodies_are_not_read_to_their_end(http: Office) -> None:
    slack = http.desk.settings.slack
    url = f"http://{slack.http_host}:{slack.http_port}/slack/events"
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(64):
            sent += 1
            yield b"x" * (1024 * 1024)

    with httpx.Client(trust_env=False, timeout=20) as client:
        try:
            status = client.post(url, content=pieces(), headers={"Content-Type": FORM}).status_code
        except (httpx.WriteError, httpx.ReadError):
            status = 413  # the server has hung up while we were still sending
    assert status == 413
    assert sent < 64
    body = b"x" * (MAX_BODY + 1)
    assert post(http, body, signed(body)) == 413, "signed or not"


def test_a_request_that_is_replayed_within_the_five_minutes_does_nothing_again(
    http: Office, case: Case
) -> None:
    body = claim(case, "once")
    headers = signed(body)
    assert post(http, body, headers) == 200
    http.until(lambda: case.now.assignee == ANNA)
    http.quiet()
    case.card.click("Release", by="anna")
    http.until(lambda: case.now.assignee is None)
    assert post(http, body, headers) == 200
    http.quiet()
    assert case.now.assignee is None


def test_headers_of_bolts_own_are_not_taken_from_outside(http: Office, case: Case) -> None:
    body = claim(case, "lazy")
    assert post(http, body, signed(body) | {"X-Slack-Bolt-Lazy-Only": "1"}) == 200
    http.until(lambda: case.now.assignee == ANNA)


def test_an_events_address_is_confirmed_only_to_who_signs(http: Office) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c"}).encode()
    headers = signed(body) | {"Content-Type": "application/json"}
    assert post(http, body, headers) == 200
    assert post(http, body, headers | {"X-Slack-Signature": "v0=0"}) == 401
