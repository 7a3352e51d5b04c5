"""The endpoints under the sandbox's page, as its contract says."""

import json
import threading
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from bot.sandbox.slack.offer import manifest_of
from bot.sandbox.slack.server import SlackSandbox
from tests.dispatch.sandbox_app import SmallApp, button, card, modal, text_input


class Browser:
    def __init__(self, sandbox, user="U0ANNA"):
        self.sandbox, self.user = sandbox, user

    def get(self, path, **query):
        with urlopen(
            f"{self.sandbox.url}{path}?{urlencode({'as': self.user} | query)}", timeout=10
        ) as answer:
            return json.load(answer)

    def post(self, path, **body):
        request = Request(
            self.sandbox.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def act(self, kind, **fields):
        return self.post("/page/act", **{"as": self.user, "type": kind, **fields})


@pytest.fixture
def small():
    manifest = manifest_of(
        commands=("/reply",),
        shortcuts=(("my_queue", "global"), ("to_buyer", "message")),
        events=("message.groups", "app_home_opened", "reaction_added"),
        scopes=("chat:write", "commands", "reactions:read", "groups:history"),
    )
    with SlackSandbox(manifest=manifest, rate_limits=False) as sandbox:
        app = SmallApp(sandbox)

        @app.app.command("/reply")
        def commanded(ack, body, client):
            ack()
            client.views_open(trigger_id=body["trigger_id"], view=modal(blocks=[text_input()]))

        @app.app.view("reply")
        def submitted(ack, view):
            text = view["state"]["values"]["text"]["typed"]["value"]
            ack(response_action="errors", errors={"text": "Too short"}) if len(text) < 3 else ack()

        @app.app.action("claim")
        def claimed(ack, respond):
            ack()
            respond("Yours", response_type="ephemeral")

        app.app.event("message")(lambda ack: ack())
        with app.over_socket_mode():
            yield app


@pytest.fixture
def browser(small):
    return Browser(small.sandbox)


def test_boot_has_team_people_clock_and_links(small, browser):
    small.sandbox.links.append({"label": "Metrics", "url": "http://127.0.0.1:1/metrics"})
    boot = browser.get("/page/boot")
    assert boot["team"] == {"id": "T0DEMO", "name": "Nordlicht & Sunrise"}
    assert boot["speed"] == 1.0
    assert boot["links"][0]["label"] == "Metrics"
    people = {user["name"]: user for user in boot["users"]}
    assert people["li.wei"]["tz"] == "Asia/Shanghai"
    assert people["reply24"]["is_bot"] is True


def test_state_and_messages_show_what_one_person_sees(small, browser):
    small.client.chat_postMessage(
        channel="C0NORD", text="<@U0ANNA> look", blocks=card(button("Claim", "claim"))
    )
    small.client.chat_postEphemeral(channel="C0NORD", user="U0ANNA", text="psst")
    state = browser.get("/page/state")
    channels = {channel["name"]: channel for channel in state["channels"]}
    assert (channels["amz-nordlicht"]["unread"], channels["amz-nordlicht"]["mentions"]) == (2, 1)
    assert state["commands"] == [{"command": "/reply", "usage_hint": "", "description": "/reply"}]
    assert state["shortcuts"]["message"] == [{"callback_id": "to_buyer", "name": "to_buyer"}]
    assert [notice["text"] for notice in state["notices"]] == ["<@U0ANNA> look"]
    assert state["dms"][0]["user"] == "U0REPLY24"
    messages = browser.get("/page/messages", channel="C0NORD")["messages"]
    assert [(one["username"], one["ephemeral"], one["is_new"]) for one in messages] == [
        ("reply24", False, True),
        ("reply24", True, True),
    ]
    assert len(Browser(small.sandbox, "U0BOB").get("/page/messages", channel="C0NORD")["messages"]) == 1
    assert "amz-leads" not in {
        one["name"] for one in Browser(small.sandbox, "U0BOB").get("/page/state")["channels"]
    }
    assert browser.act("read", channel="C0NORD") == {"ok": True}
    assert browser.get("/page/state")["channels"][0]["unread"] == 0


def test_a_person_clicks_types_submits_and_writes_in_a_thread(small, browser):
    small.client.chat_postMessage(channel="C0NORD", text="Case 1042", blocks=card(button("Claim", "claim")))
    post = browser.get("/page/messages", channel="C0NORD")["messages"][0]
    block = post["blocks"][1]["block_id"]
    place = {"channel": "C0NORD", "ts": post["ts"]}
    assert browser.act("action", **place, block_id=block, action_id="claim", action={"type": "button"})["ok"]
    small.sandbox.workspace.channel("amz-nordlicht").expect("Yours", viewer="anna")

    browser.act("command", channel="C0NORD", text="/reply 1042")
    small.sandbox.workspace.user("anna").modal()
    view = browser.get("/page/state")["modals"][-1]
    values = {"text": {"typed": {"type": "plain_text_input", "value": "x"}}}
    assert browser.act("submit", view_id=view["id"], state=values) == {
        "ok": False,
        "errors": {"text": "Too short"},
    }
    assert browser.get("/page/state")["modals"][-1]["errors"] == {"text": "Too short"}
    values["text"]["typed"]["value"] = "long enough"
    assert browser.act("submit", view_id=view["id"], state=values)["ok"]
    assert browser.get("/page/state")["modals"] == []

    assert browser.act("message", channel="C0NORD", text="a note", thread_ts=post["ts"]) == {"ok": True}
    thread = browser.get("/page/thread", channel="C0NORD", ts=post["ts"])["messages"]
    assert [one["text"] for one in thread] == ["Case 1042", "a note"]
    assert browser.act("reaction", **place, name="eyes")["ok"]
    assert browser.get("/page/messages", channel="C0NORD")["messages"][0]["reactions"] == [
        {"name": "eyes", "count": 1}
    ]
    refused = browser.act("command", channel="C0NORD", text="/other")
    assert refused["error"].startswith("/other is not a valid command.")
    assert browser.act("close", view_id="V0GONE") == {"ok": False, "error": "not_found"}


def test_changes_come_as_events_to_who_may_see_them(small):
    heard = {}

    def listen(user):
        with urlopen(f"{small.sandbox.url}/page/events?as={user}", timeout=10) as stream:
            started.release()
            for line in stream:
                if line.startswith(b"data:"):
                    event = json.loads(line[5:])
                    heard.setdefault(user, []).append(event)
                    if event.get("channel") == "C0GENERAL":
                        return

    started = threading.Semaphore(0)
    threads = [threading.Thread(target=listen, args=(user,)) for user in ("U0ANNA", "U0BOB")]
    for thread in threads:
        thread.start()
        started.acquire(timeout=10)
    small.client.chat_postMessage(channel="C0LEADS", text="<@U0ANNA>")
    small.client.chat_postMessage(channel="C0GENERAL", text="done")
    for thread in threads:
        thread.join(10)
    ts = heard["U0ANNA"][-1]["ts"]
    assert {"what": "channel", "channel": "C0GENERAL", "ts": ts} in heard["U0BOB"]
    assert "C0LEADS" in {event.get("channel") for event in heard["U0ANNA"]}
    assert "C0LEADS" not in {event.get("channel") for event in heard["U0BOB"]}


class Relay:
    def __init__(self):
        self.on_change = lambda: None
        self.wrote = []

    def page_relay(self):
        return {"sent": [], "next": {"bounce": False, "opt_out": False}}

    def write(self, **fields):
        self.wrote.append(fields)
        self.on_change()
        return {"ok": True}

    def set_next(self, what):
        return {"ok": True, "what": what}


def test_the_mail_part_appears_when_a_relay_is_attached(small, browser):
    with pytest.raises(HTTPError, match="404") as raised:
        browser.get("/page/relay")
    raised.value.close()
    relay = Relay()
    small.sandbox.attach(relay)
    assert browser.get("/page/relay")["sent"] == []
    assert browser.post("/page/relay/write", store="nordlicht", text="Hallo") == {"ok": True}
    assert relay.wrote == [{"store": "nordlicht", "text": "Hallo"}]
    assert browser.post("/page/relay/next", what="bounce") == {"ok": True, "what": "bounce"}


def test_the_page_itself_is_served(small):
    with urlopen(small.sandbox.url + "/", timeout=10) as answer:
        assert answer.headers["content-type"].startswith("text/html")
    with urlopen(small.sandbox.url + "/page/static/app.js", timeout=10) as answer:
        assert answer.status == 200
