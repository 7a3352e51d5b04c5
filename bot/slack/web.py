"""HTTP mode: Slack's requests by POST to /slack/events, answered within the three seconds by bolt.

What Slack did not sign in the last five minutes gets no further than this file: bolt reads a body before it
checks who sent it (docs.slack.dev/authentication/verifying-requests-from-slack).
"""

import asyncio
import hashlib
import hmac
import socket
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

import uvicorn
from slack_bolt import App, BoltRequest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.clock import RealClock
from bot.log import get_logger

log = get_logger()

_LONGEST_STAMP = 12

PATH = "/slack/events"
MAX_BODY = 2 * 1024 * 1024
"""Bytes; Slack's largest payloads (a modal with its state) stay far below."""
FRESH = timedelta(minutes=5)


def asgi(app: App, signing_secret: str) -> Starlette:
    """The app behind any ASGI server; a plain GET / tells that we live."""

    async def slack_request(request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return _refused(413, "too_large")
        fault = signature_fault(
            signing_secret,
            request.headers.get("x-slack-request-timestamp", ""),
            request.headers.get("x-slack-signature", ""),
            body,
        )
        if fault:
            return _refused(401, fault)
        headers: dict[str, str | Sequence[str]] = {
            # Headers that bolt uses among its own processes are none of Slack's: no signature covers them.
            name: [value]
            for name, value in request.headers.items()
            if not name.startswith("x-slack-bolt-")
        }
        # bolt's dispatch waits for the acknowledgement: in the event loop it would stop everybody's.
        answer = await run_in_threadpool(app.dispatch, BoltRequest(body=body.decode(), headers=headers))
        return Response(
            answer.body,
            status_code=answer.status,
            headers={name: values[0] for name, values in answer.headers.items()},
        )

    async def alive(_request: Request) -> Response:
        return PlainTextResponse("reply24 is up")

    return Starlette(routes=[Route(PATH, slack_request, methods=["POST"]), Route("/", alive)])


async def _body(request: Request) -> bytes | None:
    """The body; None if it is too large, of which no more is read than the limit."""
    found = bytearray()
    async for piece in request.stream():
        found += piece
        if len(found) > MAX_BODY:
            return None
    return bytes(found)


def _refused(status: int, reason: str) -> Response:
    log.warning("request_refused", http_status=status, reason=reason)
    # Hanging up is what keeps the rest of a huge body from being read.
    return PlainTextResponse("", status_code=status, headers={"Connection": "close"})


def signature_fault(secret: str, stamp: str, signature: str, body: bytes) -> str:
    """Why the request is not one that Slack signed just now; empty if it is. `stamp` is in epoch seconds."""
    if not stamp or not signature:
        return "not_signed"
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= _LONGEST_STAMP):
        return "bad_timestamp"
    if abs(RealClock().now().timestamp() - int(stamp)) > FRESH.total_seconds():
        return "old_timestamp"
    made = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(f"v0={made}".encode(), signature.encode("utf-8", "replace")):
        return "wrong_signature"
    return "" if _is_text(body) else "not_text"


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def serve(app: App, signing_secret: str, host: str, port: int) -> Callable[[], None]:
    """Serve in a thread of its own; returns what ends it after the requests that are under way."""
    server = uvicorn.Server(uvicorn.Config(asgi(app, signing_secret), log_level="warning", access_log=False))
    # Several processes of one user may listen at one port; the system gives each some of the connections. So a new
    # one is there before the old one goes.
    listener = socket.create_server((host, port), reuse_port=hasattr(socket, "SO_REUSEPORT"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])), name="web", daemon=True)
    thread.start()

    def stop() -> None:
        server.should_exit = True
        thread.join(30)
        listener.close()

    return stop
