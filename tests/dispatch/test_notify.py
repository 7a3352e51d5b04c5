"""The second road: what leaves is checked by servers on loopback that verify signatures, and every ending is played."""

import base64
import hashlib
import hmac
import json
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import ConfigError, Refused, Unreachable
from bot.mail.smtp import SmtpAccess
from bot.notify import email
from bot.notify.notice import TEXT_BYTES, Notice, text
from bot.notify.webhook import Hook, check_hook, send
from tests.dispatch.test_mail_out_smtp import CUT, scripted

NINE = datetime(2026, 11, 25, 9, 0, 7, 250_000, tzinfo=UTC)
SECRET = "SECf1e2d3c4b5a6"
TOKEN = "tok-77aa88bb99cc"
NOTICE = Notice(
    title="Case 1042: 1 h left",
    lines=("Nordlicht, assignee Li Wei", "Due 10:00 UTC"),
    at=NINE,
    url="https://reply24.example/case/1042",
    stage="1h",
    case=1042,
    store="nordlicht",
    due_at=NINE + timedelta(hours=1),
)
WORDS = (
    "Case 1042: 1 h left\nNordlicht, assignee Li Wei\nDue 10:00 UTC\n"
    "https://reply24.example/case/1042\n2026-11-25 09:00 UTC"
)
FINE = {
    "feishu": b'{"code":0,"msg":"success","StatusCode":0,"StatusMessage":"success","data":{}}',
    "dingtalk": b'{"errcode":0,"errmsg":"ok"}',
    "wecom": b'{"errcode":0,"errmsg":"ok"}',
    "generic": b"thanks",
}


@dataclass
class Heard:
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, str]:
        return {key: values[0] for key, values in parse_qs(urlsplit(self.target).query).items()}


@dataclass
class Robot:
    """A service that answers as it is told; `hang` never answers, `drip` never ends its answer."""

    port: int = 0
    status: int = 200
    answer: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    manner: str = "answer"
    heard: list[Heard] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def hook(self, kind: str, **more) -> Hook:
        url = f"http://127.0.0.1:{self.port}/robot/send?access_token={TOKEN}"
        return Hook(kind, url, **{"secret": SECRET, "timeout_s": 5, **more})


class _Talk(BaseHTTPRequestHandler):
    server: "_Server"

    def answer_as_told(self) -> None:
        robot = self.server.robot
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        robot.heard.append(
            Heard(self.path, {key.lower(): value for key, value in self.headers.items()}, body)
        )
        self.close_connection = True
        if robot.manner == "hang":
            robot.stop.wait(20)
        if robot.manner in ("hang", "cut"):
            return
        with suppress(OSError):
            self.send_response(robot.status)
            for key, value in robot.headers.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(robot.answer)
            while robot.manner == "drip" and not robot.stop.wait(0.02):
                self.wfile.write(b" ")
            while robot.manner == "flood" and not robot.stop.is_set():
                self.wfile.write(b"x" * 65536)

    do_POST = do_GET = answer_as_told  # noqa: N815 - the library's names

    def log_message(self, *_words: object) -> None:
        """Nothing on standard error."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self, robot: Robot) -> None:
        self.robot = robot
        super().__init__(("127.0.0.1", 0), _Talk)


@pytest.fixture
def robot() -> Iterator[Robot]:
    robot = Robot()
    server = _Server(robot)
    robot.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield robot
    robot.stop.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


def hmac64(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


def test_feishu(robot, client):
    robot.answer = FINE["feishu"]
    send(robot.hook("feishu"), NOTICE, client, NINE)
    (heard,) = robot.heard
    said = json.loads(heard.body)
    assert said == {
        "timestamp": str(int(NINE.timestamp())),
        "sign": hmac64(f"{said['timestamp']}\n{SECRET}".encode(), b""),
        "msg_type": "text",
        "content": {"text": WORDS},
    }
    assert heard.headers["content-type"] == "application/json; charset=utf-8"


def test_the_signature_of_feishu_is_that_of_a_worked_example(robot, client):
    """Worked out with openssl: an empty message, the key "1599360473, newline, demo", in base64."""
    robot.answer = FINE["feishu"]
    send(robot.hook("feishu", secret="demo"), NOTICE, client, datetime.fromtimestamp(1599360473, UTC))
    assert json.loads(robot.heard[0].body)["sign"] == "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="


def test_dingtalk(robot, client):
    robot.answer = FINE["dingtalk"]
    send(robot.hook("dingtalk", mobiles=("13800000001",)), NOTICE, client, NINE)
    (heard,) = robot.heard
    timestamp = str(int(NINE.timestamp() * 1000))
    assert heard.query == {
        "access_token": TOKEN,
        "timestamp": timestamp,
        "sign": hmac64(SECRET.encode(), f"{timestamp}\n{SECRET}".encode()),
    }
    assert json.loads(heard.body) == {
        "msgtype": "text",
        "text": {"content": f"{WORDS}\n@13800000001"},
        "at": {"atMobiles": ["13800000001"], "isAtAll": False},
    }


def test_every_sign_survives_the_address(robot, client):
    """Plus, slash and equals signs of base64 mean something else in an address."""
    robot.answer = FINE["dingtalk"]
    for second in range(20):
        send(robot.hook("dingtalk"), NOTICE, client, NINE + timedelta(seconds=second))
    signs = [
        hmac64(SECRET.encode(), f"{heard.query['timestamp']}\n{SECRET}".encode()) for heard in robot.heard
    ]
    assert [heard.query["sign"] for heard in robot.heard] == signs
    assert all(char in "".join(signs) for char in "+/=")


@pytest.mark.parametrize(
    ("mobiles", "more"), [((), {}), (("13800000001",), {"mentioned_mobile_list": ["13800000001"]})]
)
def test_wecom(robot, client, mobiles, more):
    robot.answer = FINE["wecom"]
    send(robot.hook("wecom", mobiles=mobiles), NOTICE, client, NINE)
    (heard,) = robot.heard
    assert heard.target == f"/robot/send?access_token={TOKEN}"
    assert json.loads(heard.body) == {"msgtype": "text", "text": {"content": WORDS, **more}}


def test_generic(robot, client):
    robot.status = 204
    send(robot.hook("generic"), NOTICE, client, NINE)
    (heard,) = robot.heard
    assert json.loads(heard.body) == {
        "title": "Case 1042: 1 h left",
        "text": WORDS,
        "stage": "1h",
        "case": 1042,
        "store": "nordlicht",
        "due_at": "2026-11-25T10:00:07.250000+00:00",
    }
    timestamp = heard.headers["x-reply24-timestamp"]
    sign = hmac.new(SECRET.encode(), timestamp.encode() + b"." + heard.body, hashlib.sha256).hexdigest()
    assert heard.headers["x-reply24-signature"] == f"sha256={sign}"


@pytest.mark.parametrize("kind", FINE)
def test_without_a_secret_nothing_is_signed(robot, client, kind):
    robot.answer = FINE[kind]
    send(robot.hook(kind, secret=None), replace(NOTICE, due_at=None), client, NINE)
    (heard,) = robot.heard
    assert b'"sign"' not in heard.body
    assert heard.query == {"access_token": TOKEN}
    assert not any(key.startswith("x-reply24") for key in heard.headers)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("feishu", b'{"StatusCode":0,"StatusMessage":"success"}'),
        ("feishu", b'{"code":0,"msg":"success"}'),
        ("dingtalk", b'{"errmsg":"ok","errcode":0}'),
    ],
)
def test_other_ways_to_say_yes(robot, client, kind, answer):
    robot.answer = answer
    send(robot.hook(kind), NOTICE, client, NINE)


# (kind, status, answer, ending, what its text says)
ANSWERS = [
    (
        "feishu",
        200,
        b'{"code":19021,"msg":"sign match fail or timestamp is old"}',
        Refused,
        "19021 sign .* clock",
    ),
    (
        "feishu",
        400,
        b'{"code":19022,"msg":"Ip Not Allowed"}',
        Refused,
        "19022 Ip Not Allowed. Put this machine",
    ),
    ("feishu", 200, b'{"code":19024,"msg":"Key Words Not Found"}', Refused, "19024 .* key word"),
    ("feishu", 200, b'{"StatusCode":9499,"code":0}', Refused, "9499. Look at the settings"),
    ("feishu", 200, b'{"code":11232,"msg":"frequency limited"}', Unreachable, "busy .code 11232"),
    ("feishu", 400, b'{"code":11232,"msg":"frequency limited"}', Unreachable, "busy .code 11232"),
    ("feishu", 500, b'{"code":0}', Unreachable, "answered 500"),
    ("feishu", 404, b'{"code":0}', Refused, "404. Look"),
    (
        "dingtalk",
        200,
        b'{"errcode":310000,"errmsg":"sign not match"}',
        Refused,
        "310000 sign not match. Check",
    ),
    ("dingtalk", 200, b'{"errcode":300005,"errmsg":"token is not exist"}', Refused, "300005 token"),
    ("dingtalk", 200, b'{"errcode":130101,"errmsg":"send too fast"}', Unreachable, "130101"),
    ("dingtalk", 200, b'{"errcode":410100,"errmsg":"too fast"}', Unreachable, "410100"),
    ("dingtalk", 200, b'{"errcode":-1}', Unreachable, "-1"),
    ("wecom", 200, b'{"errcode":93000,"errmsg":"invalid webhook url"}', Refused, "93000 .* copy it again"),
    ("wecom", 200, b'{"errcode":45009,"errmsg":"api freq out of limit"}', Unreachable, "45009"),
    ("wecom", 200, b'{"errcode":"0"}', Unreachable, "not wecom's"),
    ("wecom", 200, b'{"errcode":true}', Unreachable, "not wecom's"),
    ("wecom", 200, b"<html>please log in</html>", Unreachable, "login page"),
    ("wecom", 200, b"", Unreachable, "login page"),
    ("wecom", 200, b"[0]", Unreachable, "login page"),
    ("wecom", 200, b"\xff\xfe\x00", Unreachable, "login page"),
    ("wecom", 200, b"[" * 10_000, Unreachable, "login page"),
    ("wecom", 403, b"no", Refused, "403"),
    ("generic", 404, b"gone", Refused, "404"),
    ("generic", 410, b'{"code":0}', Refused, "410"),
    ("generic", 408, b"", Unreachable, "408"),
    ("generic", 503, b"", Unreachable, "503"),
]


@pytest.mark.parametrize(("kind", "status", "answer", "ending", "says"), ANSWERS)
def test_answers(robot, client, kind, status, answer, ending, says):
    robot.status, robot.answer = status, answer
    with pytest.raises(ending, match=says) as error:
        send(robot.hook(kind), NOTICE, client, NINE)
    assert len(robot.heard) == 1
    assert TOKEN not in str(error.value)
    assert SECRET not in str(error.value)


@pytest.mark.parametrize("kind", FINE)
def test_too_fast_says_when_to_come_again(robot, client, kind):
    robot.status, robot.headers = 429, {"Retry-After": "30"}
    with pytest.raises(Unreachable) as error:
        send(robot.hook(kind), NOTICE, client, NINE)
    assert error.value.retry_after == 30


def test_a_date_to_come_again_is_not_read(robot, client):
    robot.status, robot.headers = 503, {"Retry-After": "Wed, 25 Nov 2026 10:00:00 GMT"}
    with pytest.raises(Unreachable) as error:
        send(robot.hook("generic"), NOTICE, client, NINE)
    assert error.value.retry_after is None


@pytest.mark.parametrize("kind", FINE)
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(robot, kind, status):
    robot.status, robot.answer = status, FINE[kind]
    robot.headers = {"Location": f"http://127.0.0.1:{robot.port}/elsewhere"}
    with (
        httpx.Client(trust_env=False, follow_redirects=True) as client,
        pytest.raises(Refused, match="follow no redirect"),
    ):
        send(robot.hook(kind), NOTICE, client, NINE)
    assert len(robot.heard) == 1


@pytest.mark.parametrize("kind", FINE)
@pytest.mark.parametrize("manner", ["hang", "cut", "drip"])
def test_no_answer_in_time_means_again_later(robot, client, kind, manner):
    robot.manner = manner
    with pytest.raises(Unreachable, match="could not be reached"):
        send(robot.hook(kind, timeout_s=0.3), NOTICE, client, NINE)
    assert len(robot.heard) <= 1  # asked once; on a busy machine not even that


def test_an_answer_without_end_is_not_read_on(robot, client):
    robot.manner, robot.answer = "flood", b"x"
    send(robot.hook("generic"), NOTICE, client, NINE)
    with pytest.raises(Unreachable, match="not wecom's"):
        send(robot.hook("wecom"), NOTICE, client, NINE)


def test_a_packed_answer_is_not_unpacked(robot, client):
    robot.headers, robot.answer = {"Content-Encoding": "gzip"}, FINE["wecom"]
    send(robot.hook("wecom"), NOTICE, client, NINE)
    assert robot.heard[0].headers["accept-encoding"] == "identity"


def test_nobody_listens(client):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable, match="ConnectError"):
        send(Hook("wecom", f"http://127.0.0.1:{port}/{TOKEN}"), NOTICE, client, NINE)


def test_the_address_is_in_no_log_and_no_error(robot, client, caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("httpx").setLevel(logging.DEBUG)
    robot.answer = json.dumps({"errcode": 1, "errmsg": f"bad {TOKEN} {SECRET} a@b.example"}).encode()
    hook = robot.hook("wecom")
    with pytest.raises(Refused) as error:
        send(hook, NOTICE, client, NINE)
    assert str(error.value).startswith(
        "The wecom hook at 127.0.0.1 did not take the notice: 1 bad … … <address>."
    )
    assert error.value.code == "1"
    for secret in (TOKEN, SECRET, "/robot/send"):
        assert secret not in caplog.text
        assert secret not in repr(hook)


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("wecom", f"http://qyapi.example/send?key={TOKEN}"),
        ("wecom", f"ftp://127.0.0.1/{TOKEN}"),
        ("wecom", f"/robot/send?key={TOKEN}"),
        ("wecom", f"https:///{TOKEN}"),
        ("wecom", f"https://a b/{TOKEN}\n"),
        ("wecom", ""),
        ("slack", f"https://hooks.example/{TOKEN}"),
    ],
)
def test_a_hook_that_can_not_be_used(client, kind, url):
    with pytest.raises(ConfigError, match="notify: ") as error:
        send(Hook(kind, url), NOTICE, client, NINE)
    assert TOKEN not in str(error.value)


@pytest.mark.parametrize(
    "url",
    ["https://qyapi.example/send?key=1", "http://localhost:1/x", "http://[::1]:1/x", "http://127.0.0.2/"],
)
def test_a_hook_that_can_be_used(url):
    check_hook(Hook("wecom", url))


words = st.text(st.characters(), max_size=400)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(words, st.lists(words, max_size=40), st.none() | words)
def test_a_text_fits_everywhere_and_is_inert(title, lines, url):
    whole = text(Notice(title, tuple(lines), NINE, url))
    assert len(whole.encode()) <= TEXT_BYTES
    assert "<" not in whole
    assert all(char == "\n" or char.isprintable() for char in whole)
    assert whole.endswith("2026-11-25 09:00 UTC")


def test_what_does_not_fit_is_left_out_before_the_address_and_the_time():
    whole = text(replace(NOTICE, lines=tuple(f"案件 {number}" + "长" * 60 for number in range(30))))
    assert whole.splitlines()[-3:] == ["…", "https://reply24.example/case/1042", "2026-11-25 09:00 UTC"]
    assert whole.splitlines()[0] == "Case 1042: 1 h left"


# E-mail

SENDER, READER = "alerts@nordlicht.example", "li.wei@team.example"


@contextmanager
def smtp(**script: str):
    with scripted(**script) as server:
        yield server, SmtpAccess("127.0.0.1", server.port, "none", timeout_s=5)


def test_a_mail():
    notice = replace(NOTICE, title="Fall 1042 läuft ab: 还剩 1 小时", lines=("Nordlicht 店铺", "From here"))
    with smtp() as (server, access):
        receipt = email.send(access, notice, SENDER, READER, NINE)
    mail = message_from_bytes(server.mails[0], policy=policy.default)
    assert server.heard[1:3] == [f"mail FROM:<{SENDER}>", f"rcpt TO:<{READER}>"]
    assert mail["Subject"] == "Fall 1042 läuft ab: 还剩 1 小时"
    assert (mail["From"], mail["To"]) == (f"reply24 <{SENDER}>", READER)
    assert mail["Date"].datetime == NINE.replace(microsecond=0)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == receipt.message_id
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().replace("\r\n", "\n") == f"{text(notice)}\n"


def id_of(to: str = READER, **changes) -> str:
    return email.compose(replace(NOTICE, **changes), SENDER, to, NINE)["Message-ID"]


def test_a_second_try_has_the_same_id_though_the_clock_went_on():
    later = NINE + timedelta(minutes=1)
    assert id_of(title="Case 1042: 59 min left", lines=(), at=later) == id_of()
    again = email.compose(NOTICE, SENDER, READER, later)
    assert again["Message-ID"] == id_of()


def test_another_reader_stage_case_or_deadline_has_another_id():
    others = [id_of("anna@team.example"), id_of(stage="15m"), id_of(case=7), id_of(due_at=NINE)]
    no_case = [id_of(case=None), id_of(case=None, title="Nobody is on"), id_of(case=None, lines=("Sunrise",))]
    assert len({id_of(), *others, *no_case}) == 8


@pytest.mark.parametrize("host", ["team.example", f"{'long-name' * 4}.team.example"])
def test_headers_stay_whole(host):
    mail = email.compose(replace(NOTICE, title="长" * 300), f"alerts@{host}", READER, NINE)
    read = message_from_bytes(bytes(mail), policy=policy.default)
    assert read["Message-ID"].strip() == email.message_id(
        replace(NOTICE, title="长" * 300), f"alerts@{host}", READER
    )
    assert read["Subject"] == "长" * 119 + "…"
    assert max(map(len, bytes(mail).split(b"\r\n"))) <= 78


def test_no_header_can_be_smuggled_in():
    mail = email.compose(replace(NOTICE, title="Case 1\r\nBcc: eve@evil.example"), SENDER, READER, NINE)
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Case 1 Bcc: eve@evil.example"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "li.wei",
        "li wei@team.example",
        "a@b.example\r\nBcc: c@d.example",
        "李@team.example",
        "a@b, c@d.example",
    ],
)
def test_an_address_that_is_none(address):
    for sender, to in ((SENDER, address), (address, READER)):
        with pytest.raises(ConfigError, match="no plain e-mail address"):
            email.compose(NOTICE, sender, to, NINE)


@pytest.mark.parametrize(
    ("script", "ending", "says"),
    [
        ({"RCPT": "550 5.1.1 no such user li.wei@team.example"}, Refused, "code 550. Check the person's"),
        ({"end": "554 5.7.1 no"}, Refused, "code 554"),
        ({"RCPT": "451 4.3.0 later"}, Unreachable, "451"),
        ({"DATA": CUT}, Unreachable, "connection failed"),
        ({"end": CUT}, Unreachable, "may or may not have taken a notice. It is sent again with the same"),
    ],
)
def test_endings_of_a_mail(script, ending, says):
    with smtp(**script) as (_, access), pytest.raises(ending, match=says) as error:
        email.send(access, NOTICE, SENDER, READER, NINE)
    assert READER not in str(error.value)
