"""Delivery by signed HTTP requests to the app's request URL.

Source: docs.slack.dev/authentication/verifying-requests-from-slack (v0 HMAC), .../apis/events-api (retries).
"""

import hashlib
import hmac
import json
from urllib.parse import urlencode

import httpx

from bot.clock import RealClock
from bot.sandbox.slack.delivery import ACK_SECONDS, COMMANDS, EVENTS, Answer, Log, Sent
from bot.sandbox.slack.stopwatch import Stopwatch
from bot.sandbox.slack.wire import Json

_REASONS = {
    "operation_timeout": "http_timeout",
    "dispatch_failed": "http_error",
    "unreachable": "connection_failed",
}


class HttpMode:
    """Posts to one request URL, as Slack does for commands, interactions and events."""

    def __init__(self, stopwatch: Stopwatch, log: Log, signing_secret: str, request_url: str) -> None:
        self.stopwatch = stopwatch
        self.log = log
        self.request_url = request_url
        self._secret = signing_secret
        self._client: httpx.AsyncClient | None = None

    async def ask(self, kind: str, payload: Json, attempt: int = 0, reason: str = "") -> Answer:
        """Deliver once, wait for the answer up to 3 s."""
        if not self.request_url:
            return Answer(None, "dispatch_failed")
        body, content_type = _body(kind, payload)
        headers = self._signed(body) | {"Content-Type": content_type, "User-Agent": "Slackbot 1.0"}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": _REASONS[reason]}
        self.log.add(Sent(kind, payload, attempt))
        if self._client is None:
            self._client = httpx.AsyncClient(trust_env=False, timeout=60, limits=httpx.Limits())
        try:
            response = await self.stopwatch.within(
                ACK_SECONDS, self._client.post(self.request_url, content=body, headers=headers)
            )
        except TimeoutError:
            return Answer(None, "operation_timeout")
        except httpx.HTTPError:
            return Answer(None, "unreachable")
        return Answer(None, "operation_timeout") if self.log.loses_ack() else _answer(response)

    def _signed(self, body: bytes) -> dict[str, str]:
        # The app compares this with the machine's own clock, whatever the sandbox's clock says.
        stamp = str(int(RealClock().now().timestamp()))
        base = b"v0:" + stamp.encode() + b":" + body
        signature = "v0=" + hmac.new(self._secret.encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}

    async def close(self) -> None:
        """Let go of connections."""
        if self._client is not None:
            await self._client.aclose()


def _body(kind: str, payload: Json) -> tuple[bytes, str]:
    form = "application/x-www-form-urlencoded"
    if kind == EVENTS:
        return json.dumps(payload).encode(), "application/json"
    if kind == COMMANDS:
        return urlencode(payload).encode(), form
    return urlencode({"payload": json.dumps(payload)}).encode(), form


def _answer(response: httpx.Response) -> Answer:
    if response.status_code != 200:
        return Answer(None, "dispatch_failed", "x-slack-no-retry" not in response.headers)
    if not response.text:
        return Answer()
    if response.headers.get("content-type", "").startswith("application/json"):
        given = response.json()
        return Answer(given if isinstance(given, dict) else None)
    return Answer({"text": response.text})
