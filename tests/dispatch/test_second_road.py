"""Urgent pings that Slack does not bring: do-not-disturb, an outage, a person who left; by real HTTP and SMTP."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from bot.db.queries import rota as rota_queries
from bot.db.tables_shifts import AlertRow
from bot.desk import assign, close, pings
from bot.desk.knowledge import Knowledge
from bot.sandbox.slack.store import Notice
from bot.settings import Secrets
from bot.settings.notify import NotifyEmailSettings, NotifySettings, WebhookSettings
from bot.settings.shape import OutgoingSettings
from bot.slack.people import Directory
from bot.work.run import web_client
from bot.work.second_road import SecondRoad
from tests.dispatch.test_mail_out_smtp import Scripted, scripted
from tests.office import Case, Office
from tests.office import office as running_office
from tests.world import ANNA, CHEN, LI_WEI, WANG, rota

SECRET = "SEC-invented-17"
BUYER_WORDS = "My grandmother's lamp is broken"
PEOPLE = {"li.wei": LI_WEI, "chen.yu": CHEN, "anna": ANNA, "bob": "U0BOB", "wang.fang": WANG}
KINDS = ("feishu", "dingtalk", "wecom")
FINE = {"feishu": {"code": 0}, "dingtalk": {"errcode": 0}, "wecom": {"errcode": 0}}


@dataclass
class Robots:
    """Group-chat robots on one port: /feishu, /dingtalk, /wecom. `down`: those that answer 503."""

    port: int = 0
    down: set[str] = field(default_factory=set)
    heard: list[tuple[str, str, dict[str, object]]] = field(default_factory=list)
    """(kind, target, body)"""

    def of(self, kind: str) -> list[dict[str, object]]:
        return [body for one, _target, body in self.heard if one == kind]


@contextmanager
def robots() -> Iterator[Robots]:
    found = Robots()

    class Talk(BaseHTTPRequestHandler):
        def answer_as_told(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            kind = urlsplit(self.path).path.strip("/")
            if kind not in found.down:
                found.heard.append((kind, self.path, body))
            answer = json.dumps(FINE[kind]).encode()
            self.send_response(503 if kind in found.down else 200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_POST = answer_as_told  # noqa: N815 - the library's name

        def log_message(self, *_words: object) -> None:
            """Nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Talk)
    found.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class World:
    """An office with a second road, and what is at its end."""

    office: Office
    robots: Robots
    mails: Scripted
    secrets: Secrets
    road: SecondRoad

    def case(self, by: str | None = "li-wei") -> Case:
        """A case of somebody's with some 20 hours of its clock gone; in Beijing's last hour."""
        case = self.office.new_case(BUYER_WORDS)
        if by is not None:
            assign.claim(self.office.desk, case.number, by=PEOPLE[by.replace("-", ".")])
        self.office.quiet()
        return case

    def letters(self) -> list[tuple[str, str, str]]:
        """(to, subject, text) of each mail."""
        mails = [message_from_bytes(one, policy=policy.default) for one in self.mails.mails]
        return [(str(one["To"]), str(one["Subject"]), one.get_content()) for one in mails]

    def quiet_of(self) -> None:
        """Look who has do-not-disturb on, as the tick does."""
        Directory(self.office.desk, web_client(self.office.desk, self.office.bot.secrets)).refresh_quiet()

    def states(self) -> dict[tuple[str, str], str]:
        with self.office.desk.database.reading() as tx:
            return {(row.key, row.road): row.state for row in tx.scalars(select(AlertRow))}


@pytest.fixture
def there(tmp_path: Path, knowledge: Knowledge) -> Iterator[World]:
    hooks = tuple(
        WebhookSettings(
            name=kind, kind=kind, url_env=f"{kind.upper()}_URL", secret_env="HOOK_SECRET", language="zh"
        )
        for kind in KINDS
    )
    notify = NotifySettings(
        email=NotifyEmailSettings(outgoing="alerts", sender="alerts@nordlicht.example"), webhooks=hooks
    )
    with (
        robots() as heard,
        scripted() as mails,
        running_office(
            tmp_path, knowledge, rota=lambda settings: rota(settings.agents), notify=notify
        ) as office,
    ):
        alerts = OutgoingSettings(host="127.0.0.1", port=mails.port, tls="none")
        office.desk.settings.outgoing["alerts"] = alerts
        environ = {f"{kind.upper()}_URL": f"http://127.0.0.1:{heard.port}/{kind}?token=t0" for kind in KINDS}
        secrets = Secrets(office.desk.settings, environ | {"HOOK_SECRET": SECRET})
        yield World(office, heard, mails, secrets, SecondRoad(office.desk, secrets))


def slack_is_down(office: Office) -> None:
    office.sandbox.next_errors("chat.postMessage", 503, times=None, retry_after=0)


def test_while_slack_is_down_for_six_minutes_mail_and_robots_tell_it_once_and_slack_afterwards(
    there: World,
) -> None:
    office = there.office
    case = there.case()
    office.clock.advance(timedelta(hours=20))
    office.quiet()
    slack_is_down(office)
    office.clock.advance(timedelta(hours=1))
    pings.ping_due(office.desk)
    assert there.road.go() == 0
    office.clock.advance(timedelta(minutes=6))
    told = there.road.go()
    keys = {key for key, _road in there.states()}
    assert keys == {f"ping:1:3h:{LI_WEI}", "ping:1:3h:thread"}
    assert told == 1 + 2 * 3
    ((to, subject, text),) = there.letters()
    assert to == "li.wei@team.example"
    assert f"会话 {case.number}" in subject
    assert "Nordlicht" in text
    assert [len(there.robots.of(kind)) for kind in KINDS] == [2, 2, 2]
    assert there.road.go() == 0
    office.sandbox.clear_errors("chat.postMessage")
    office.quiet()
    assert any(str(case.number) in post.plain for post in office.ws.user("li.wei").dms())
    office.clock.advance(timedelta(minutes=10))
    assert there.road.go() == 0
    _hold_nothing_of_the_buyer(there, case)


def _hold_nothing_of_the_buyer(there: World, case: Case) -> None:
    everything = json.dumps([body for _kind, _target, body in there.robots.heard], ensure_ascii=False)
    everything += "".join(f"{to}{subject}{text}" for to, subject, text in there.letters())
    now = case.now
    for word in (BUYER_WORDS, "grandmother", now.buyer_name, now.buyer_alias, now.order_id, now.subject):
        assert word
        assert word not in everything


def test_each_robot_gets_its_shape_and_a_signature_that_holds(there: World) -> None:
    there.case()
    slack_is_down(there.office)
    there.office.clock.advance(timedelta(hours=23))
    pings.ping_due(there.office.desk)
    there.office.clock.advance(timedelta(minutes=6))
    there.road.go()
    (feishu,), (wecom,) = there.robots.of("feishu"), there.robots.of("wecom")
    (dingtalk,) = [target for kind, target, _body in there.robots.heard if kind == "dingtalk"]
    now = there.office.clock.now()
    stamp = str(int(now.timestamp()))
    assert (feishu["timestamp"], feishu["sign"]) == (stamp, _sign(f"{stamp}\n{SECRET}".encode(), b""))
    query = {key: one[0] for key, one in parse_qs(urlsplit(dingtalk).query).items()}
    millis = str(int(now.timestamp() * 1000))
    assert query == {
        "token": "t0",
        "timestamp": millis,
        "sign": _sign(SECRET.encode(), f"{millis}\n{SECRET}".encode()),
    }
    assert "会话" in wecom["text"]["content"]
    there.office.sandbox.clear_errors("chat.postMessage")


def _sign(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


def test_a_robot_that_is_down_is_tried_again_later_and_the_others_are_not_bothered_twice(
    there: World,
) -> None:
    there.case()
    there.robots.down = {"feishu"}
    slack_is_down(there.office)
    there.office.clock.advance(timedelta(hours=23))
    pings.ping_due(there.office.desk)
    there.office.clock.advance(timedelta(minutes=6))
    assert there.road.go() == 3
    there.robots.down = set()
    assert there.road.go() == 0
    there.office.clock.advance(timedelta(minutes=2))
    assert there.road.go() == 1
    assert [len(there.robots.of(kind)) for kind in KINDS] == [1, 1, 1]
    assert set(there.states().values()) == {"sent"}
    there.office.sandbox.clear_errors("chat.postMessage")


def test_what_is_answered_while_a_robot_is_down_is_not_told_any_more(there: World) -> None:
    case = there.case()
    there.robots.down = set(KINDS)
    slack_is_down(there.office)
    there.office.clock.advance(timedelta(hours=23))
    pings.ping_due(there.office.desk)
    there.office.clock.advance(timedelta(minutes=6))
    assert there.road.go() == 1
    close.no_response_needed(there.office.desk, case.number, by=LI_WEI)
    there.robots.down = set()
    there.office.clock.advance(timedelta(hours=1))
    assert there.road.go() == 0
    assert there.robots.heard == []
    there.office.sandbox.clear_errors("chat.postMessage")


def test_a_restart_in_between_tells_nothing_twice(there: World) -> None:
    there.case()
    there.robots.down = {"wecom"}
    slack_is_down(there.office)
    there.office.clock.advance(timedelta(hours=23))
    pings.ping_due(there.office.desk)
    there.office.clock.advance(timedelta(minutes=6))
    assert there.road.go() == 3
    there.robots.down = set()
    there.office.clock.advance(timedelta(minutes=2))
    anew = SecondRoad(there.office.desk, there.secrets)
    assert anew.go() == 1
    assert (len(there.letters()), [len(there.robots.of(kind)) for kind in KINDS]) == (1, [1, 1, 1])
    there.office.sandbox.clear_errors("chat.postMessage")


def test_a_muted_assignee_is_stood_in_for_and_the_thread_says_until_when(there: World) -> None:
    case = there.case()
    there.office.clock.advance(timedelta(hours=16))
    there.office.ws.user("li.wei").mute(timedelta(hours=8))
    there.quiet_of()
    there.office.tick(hours=5)
    ping = case.card.expect_reply("h left")
    assert "Li Wei has do-not-disturb on until" in ping.plain
    assert f"<@{LI_WEI}>" not in ping.plain
    ((one, _notices),) = _calls(there.office).items()
    assert one in (CHEN, WANG)
    assert there.road.go() == 0


def test_when_all_are_muted_they_are_pinged_all_the_same_and_told_by_the_second_road(there: World) -> None:
    case = there.case(by=None)
    there.office.clock.advance(timedelta(hours=16))
    for name in ("li.wei", "chen.yu", "wang.fang"):
        there.office.ws.user(name).mute(timedelta(hours=9))
    there.quiet_of()
    there.office.tick(hours=5)
    assert set(_calls(there.office)) == {LI_WEI, CHEN, WANG}
    there.road.go()
    everybody = {"li.wei@team.example", "chen.yu@team.example", "wang.fang@team.example"}
    # The bot's own clock may have taken the alerts a moment earlier, and be sending them still.
    there.office.until(lambda: {to for to, _subject, _text in there.letters()} == everybody)
    assert case.now.due_at is not None


def test_without_the_right_to_ask_who_is_muted_nobody_is_passed_over(there: World) -> None:
    there.case()
    there.office.ws.user("li.wei").mute(timedelta(hours=30))
    there.office.sandbox.next_errors("dnd.teamInfo", "missing_scope", times=None)
    there.office.clock.advance(timedelta(hours=16))
    there.quiet_of()
    there.office.tick(hours=5)
    assert set(_calls(there.office)) == {LI_WEI}


def test_somebody_who_left_is_not_called_and_their_ping_goes_to_the_group_chats(there: World) -> None:
    """Slack refuses to open a conversation with them, before we hear that they left."""
    there.case()
    there.office.sandbox.next_errors("conversations.open", "user_disabled", times=None)
    there.office.clock.advance(timedelta(hours=23))
    pings.ping_due(there.office.desk)
    there.office.until(lambda: there.road.go() or there.states())
    assert {road for _key, road in there.states()} == {"email:li-wei", *(f"hook:{kind}" for kind in KINDS)}
    there.office.sandbox.clear_errors("conversations.open")


def _calls(office: Office) -> dict[str, list[Notice]]:
    """What rang, or would have, because of a ping: by mention or directly; by person."""
    found: dict[str, list[Notice]] = {}
    for name, person in PEOPLE.items():
        user = office.ws.user(name)
        notices = [*user.notifications(), *user.notifications(muted=True)]
        rung = [one for one in notices if one.reason != "thread" and _is_ping(office, one)]
        if rung:
            found[person] = rung
    return found


def _is_ping(office: Office, notice: Notice) -> bool:
    post = office.sandbox.call(lambda core: core.store.messages[notice.channel][notice.ts])
    mark = post.metadata["event_payload"]["id"] if post.metadata else ""
    return mark.partition(":")[2].partition(":")[0] in ("ping", "due")


def test_the_ledger_of_pings_is_what_rang_over_a_day_and_a_half(there: World) -> None:
    """Some claimed, one muted, some answered late: each person's count is that of their notifications."""
    office = there.office
    began = office.clock.now() - timedelta(days=1)
    made = [there.case(by) for by in ("li-wei", "anna", None, "chen-yu", None)]
    office.tick(hours=7)
    made.append(there.case("wang-fang"))
    for hour in range(28):
        if hour == 10:
            office.ws.user("chen.yu").mute(timedelta(hours=6))
        there.quiet_of()
        office.tick(hours=1)
        if hour == 20:
            close.no_response_needed(office.desk, made[1].number, by=ANNA)
    rung = {person: len(notices) for person, notices in _calls(office).items()}
    with office.desk.database.reading() as tx:
        assert rota_queries.pings_of(tx, began) == rung
    assert len(rung) >= 4
