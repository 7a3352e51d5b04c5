"""How long Slack waits for our acknowledgement, against a bolt handler that does nothing, in the same run.

Requests go to both apps in turn, so that whatever else the machine does hits both alike. The second
figure is taken while a thousand mails are being taken in by another thread, the third while Amazon's API takes
connections and never answers: the orders of a thousand cases are asked for, and people wait for `/message`.
"""

import json
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

from slack_bolt import App, BoltRequest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from bot.desk import Desk
from bot.sandbox.amazon.server import AmazonSandbox
from bot.sandbox.slack.server import SlackSandbox
from bot.settings import Secrets
from bot.settings.api import ApiSettings
from bot.settings.shape import AmazonSettings, Settings
from bot.slack.app import build_app
from bot.slack.people import Directory
from bot.work.amazon import open_amazon
from bot.work.orders import OrderReader
from bot.work.typed_lookup import TypedLookup
from tests import world
from tests.benchmarks.intake import new_desk, sample_mails, take_all
from tests.world import ANNA

SECRET = "sandbox-signing-secret"
TOKENS = {
    "REPLY24_SLACK_BOT_TOKEN": "xoxb-sandbox",
    "REPLY24_SLACK_APP_TOKEN": "xapp-sandbox",
    "REPLY24_SLACK_SIGNING_SECRET": SECRET,
    "AMAZON": "sandbox",
}
HANGING = "Amazon's API hanging"
_API = ApiSettings(refresh_token_env="AMAZON", client_id_env="AMAZON", client_secret_env="AMAZON")


def _request(kind: str, number: int, url: str, command: str = "/claim") -> BoltRequest:
    """A signed click on Claim, or a command about the first case; `url` is where an answer may go."""
    common = {"team_id": "T0DEMO", "trigger_id": f"{kind}.{number}", "api_app_id": "A0REPLY24"}
    if kind == "command":
        body = urlencode(common | {"command": command, "text": "1001", "user_id": ANNA, "channel_id": "C0NORD",
                                   "response_url": f"{url}/response/nobody"})  # fmt: skip
    else:
        payload = common | {
            "type": "block_actions",
            "user": {"id": ANNA, "team_id": "T0DEMO"},
            "team": {"id": "T0DEMO"},
            "channel": {"id": "C0NORD"},
            "response_url": f"{url}/response/nobody",
            "container": {"type": "message", "channel_id": "C0NORD", "message_ts": "1.1"},
            "actions": [{"action_id": "case.claim", "block_id": "b", "type": "button", "value": "1001:1"}],
        }
        body = urlencode({"payload": json.dumps(payload)})
    stamp = str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": signature or "",
    }
    return BoltRequest(body=body, headers=headers)


def idle_app(client: WebClient) -> App:
    """A bolt app whose handlers only acknowledge."""
    app = App(client=client, signing_secret=SECRET, token_verification_enabled=False)
    app.command("/claim")(lambda ack: ack())
    app.action("case.claim")(lambda ack: ack())
    return app


def _p99(app: App, other: App, kind: str, count: int, number: int, url: str) -> tuple[float, float]:
    """99th percentile in ms of acknowledgements by both apps, asked in turn."""
    took: dict[App, list[float]] = {app: [], other: []}
    for place in range(count):
        for one in (app, other):
            request = _request(kind, number + place * 2 + (one is other), url)
            began = time.perf_counter()
            answer = one.dispatch(request)
            took[one].append((time.perf_counter() - began) * 1000)
            assert answer.status == 200, answer.body
    return quantiles(took[app], n=100)[98], quantiles(took[other], n=100)[98]


def measure(count: int = 300) -> dict[str, tuple[float, float]]:
    """(ours, idle) p99 in ms, by what is asked and what else goes on."""
    found: dict[str, tuple[float, float]] = {}
    mails = sample_mails(1000)
    with tempfile.TemporaryDirectory() as name, SlackSandbox(rate_limits=False) as sandbox:
        desk = new_desk(Path(name))
        take_all(desk, mails[:1])
        ours, idle = _apps(desk, sandbox)
        for kind in ("command", "click"):
            _p99(ours, idle, kind, 30, 1_000_000, sandbox.url)
            found[f"{kind}, quiet"] = _p99(ours, idle, kind, count, 2_000_000, sandbox.url)
        busy = threading.Thread(target=lambda: take_all(desk, mails[1:], first_uid=2))
        busy.start()
        for kind in ("command", "click"):
            found[f"{kind}, taking in 1 000 mails"] = _p99(ours, idle, kind, count, 3_000_000, sandbox.url)
        busy.join()
        for app in (ours, idle):
            executor = app.listener_runner.listener_executor
            assert isinstance(executor, ThreadPoolExecutor)
            executor.shutdown(wait=True)
        desk.database.close()
    return found


def measure_hanging(count: int = 300) -> dict[str, tuple[float, float]]:
    """The same while no question to Amazon's API is answered."""
    found: dict[str, tuple[float, float]] = {}
    with (
        tempfile.TemporaryDirectory() as name,
        SlackSandbox(rate_limits=False) as sandbox,
        _hanging() as amazon,
    ):
        desk = new_desk(Path(name), _asking(amazon))
        take_all(desk, sample_mails(1000))
        stop = threading.Event()
        ours, idle = _apps(desk, sandbox, ask_amazon=True)
        api = open_amazon(desk.settings, Secrets(desk.settings, TOKENS), desk.clock, stop)
        readers = [OrderReader(desk, store, api, "here") for store in api.stores]
        for reader in readers:
            threading.Thread(target=reader.run, args=(stop,), daemon=True).start()
        for kind in ("command", "click"):
            for place in range(20):
                ours.dispatch(_request("command", 5_000_000 + place, sandbox.url, "/message"))
            _p99(ours, idle, kind, 30, 6_000_000, sandbox.url)
            found[f"{kind}, {HANGING}"] = _p99(ours, idle, kind, count, 7_000_000, sandbox.url)
        assert amazon.calls("token"), "nobody asked Amazon"
        stop.set()
    return found


def _hanging() -> AmazonSandbox:
    amazon = AmazonSandbox()
    for operation in ("token", "getOrder", "getMessagingActionsForOrder"):
        amazon.next_errors(operation, "hang", times=None)
    return amazon


def _asking(amazon: AmazonSandbox) -> Settings:
    """The world's settings; its stores reach Amazon there."""
    plain = world.settings()
    api = _API.model_copy(update={"endpoint": amazon.url})
    stores = {name: one.model_copy(update={"api": api}) for name, one in plain.stores.items()}
    return plain.model_copy(update={"stores": stores, "amazon": AmazonSettings(token_url=amazon.token_url)})


def _apps(desk: Desk, sandbox: SlackSandbox, *, ask_amazon: bool = False) -> tuple[App, App]:
    slack = desk.settings.slack.model_copy(update={"api_url": sandbox.api_url, "mode": "http"})
    settings = desk.settings.model_copy(update={"slack": slack})
    pointed = Desk(desk.database, settings, desk.clock, desk.knowledge)
    client = WebClient("xoxb-sandbox", base_url=sandbox.api_url)
    directory = Directory(pointed, client)
    secrets = Secrets(settings, TOKENS)
    ask = TypedLookup(pointed, secrets).allowed if ask_amazon else None
    return build_app(pointed, secrets, directory, ask), idle_app(client)
