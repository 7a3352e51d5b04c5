"""A small real Bolt app that the tests of the sandbox drive, over Socket Mode or HTTP."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from bot.sandbox.slack.server import SlackSandbox


def text_input(block_id="text", action_id="typed", **more):
    return {
        "type": "input",
        "block_id": block_id,
        "label": {"type": "plain_text", "text": "Message"},
        "element": {"type": "plain_text_input", "action_id": action_id, "multiline": True, **more},
    }


def menu_input():
    options = [
        {"text": {"type": "plain_text", "text": name}, "value": name.lower()} for name in ("Late", "Lost")
    ]
    return {
        "type": "input",
        "block_id": "template",
        "dispatch_action": True,
        "label": {"type": "plain_text", "text": "Template"},
        "element": {"type": "static_select", "action_id": "template", "options": options},
    }


def modal(title="Reply", blocks=None, **more):
    return {
        "type": "modal",
        "callback_id": "reply",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Preview"},
        "blocks": blocks if blocks is not None else [menu_input(), text_input()],
        **more,
    }


def button(label, action_id, value="1"):
    text = {"type": "plain_text", "text": label}
    return {"type": "button", "text": text, "action_id": action_id, "value": value}


def card(*buttons):
    words = {"type": "mrkdwn", "text": "*Case 1042* from a buyer"}
    return [{"type": "section", "text": words}, {"type": "actions", "elements": list(buttons)}]


class SmallApp:
    """The app under the tests: `seen` has the bodies that its listeners got, by name."""

    def __init__(self, sandbox: SlackSandbox) -> None:
        self.sandbox = sandbox
        self.client = WebClient(sandbox.bot_token, base_url=sandbox.api_url)
        self.pool = ThreadPoolExecutor(48)
        self.app = App(
            client=self.client,
            signing_secret=sandbox.signing_secret,
            token_verification_enabled=False,
            ignoring_self_events_enabled=False,
            listener_executor=self.pool,
        )
        self.seen: dict[str, list[dict[str, Any]]] = {}
        self.open_doors = threading.Event()
        self._more = threading.Condition()

    def note(self, name: str, body: dict[str, Any]) -> None:
        with self._more:
            self.seen.setdefault(name, []).append(body)
            self._more.notify_all()

    def wait_seen(self, name: str, count: int = 1) -> list[dict[str, Any]]:
        with self._more:
            assert self._more.wait_for(lambda: len(self.seen.get(name, [])) >= count, 15), self.seen.keys()
            return list(self.seen[name])

    @contextmanager
    def over_socket_mode(self) -> Iterator["SmallApp"]:
        handler = SocketModeHandler(self.app, self.sandbox.app_token, web_client=self.client, concurrency=48)
        handler.connect()
        try:
            self.sandbox.wait_for(lambda: self.sandbox.connections())
            yield self
        finally:
            self.open_doors.set()
            close_at_once(self.sandbox, handler)
            self.pool.shutdown()

    @contextmanager
    def over_http(self) -> Iterator["SmallApp"]:
        server = make_server(
            "127.0.0.1",
            0,
            SlackRequestHandler(self.app, path="/slack/events"),
            _ThreadedServer,
            _Quiet,
        )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        self.sandbox.set_request_url(f"http://127.0.0.1:{server.server_port}/slack/events")
        try:
            yield self
        finally:
            self.open_doors.set()
            server.shutdown()
            server.server_close()
            thread.join()
            self.pool.shutdown()


def close_at_once(sandbox: SlackSandbox, handler: SocketModeHandler) -> None:
    """Close a Socket Mode client without its waits: 3 s for bytes, 1 s for messages."""
    client = handler.client
    client.auto_reconnect_enabled = False
    sandbox.drop_connections()
    client.closed = True
    client.message_queue.put(None)
    closing = threading.Thread(target=handler.close, daemon=True)
    closing.start()
    while closing.is_alive():
        # The SDK sets this back when a session begins: a close at that very moment would wait for ever.
        client.current_session_state.terminated = True
        closing.join(0.1)


class _ThreadedServer(WSGIServer):
    request_queue_size = 128

    def process_request(self, request, client_address):
        threading.Thread(target=self._answer, args=(request, client_address), daemon=True).start()

    def _answer(self, request, client_address):
        try:
            self.finish_request(request, client_address)
        finally:
            self.shutdown_request(request)


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args):
        pass
