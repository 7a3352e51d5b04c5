"""How payloads reach the app: over Socket Mode (here) or signed HTTP (`http_mode`).

Source: docs.slack.dev/apis/events-api/using-socket-mode, .../apis/events-api (3 s, three retries).
"""

import asyncio
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.slack.stopwatch import Stopwatch
from bot.sandbox.slack.wire import Json, new_id

ACK_SECONDS = 3.0
RETRY_AFTER = (0.0, 60.0, 300.0)
EVENTS, COMMANDS, INTERACTIVE = "events_api", "slash_commands", "interactive"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `problem` is empty when the app acked in time, else Slack's word for the user."""

    body: Json | None = None
    problem: str = ""
    may_retry: bool = True


class Delivery(Protocol):
    """One road to the app."""

    async def ask(self, kind: str, payload: Json, attempt: int = 0, reason: str = "") -> Answer:
        """Deliver once, wait for the ack up to 3 s."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass(frozen=True, slots=True)
class Sent:
    """One delivery, for tests: kind, payload, how many times it was tried before."""

    kind: str
    payload: Json
    attempt: int


@dataclass(slots=True)
class Log:
    """What was delivered, and how many acks get lost on the way."""

    sent: list[Sent] = field(default_factory=list)
    acks_to_lose: int = 0
    on_more: Callable[[], None] = lambda: None

    def add(self, sent: Sent) -> None:
        """Note one delivery."""
        self.sent.append(sent)
        self.on_more()

    def loses_ack(self) -> bool:
        """Whether this ack gets lost."""
        lost = self.acks_to_lose > 0
        self.acks_to_lose -= lost
        return lost


async def deliver_event(delivery: Delivery, stopwatch: Stopwatch, payload: Json) -> bool:
    """Deliver an event, again at once, after a minute and after five when it is not acked."""
    answer = await delivery.ask(EVENTS, payload)
    for attempt, pause in enumerate(RETRY_AFTER, 1):
        if not answer.problem:
            return True
        if not answer.may_retry:
            return False
        await stopwatch.pause(pause)
        answer = await delivery.ask(EVENTS, payload, attempt, answer.problem)
    return not answer.problem


class SocketMode:
    """All Socket Mode connections of the app; each envelope goes to one of them, in turn."""

    def __init__(self, stopwatch: Stopwatch, log: Log, app_id: str) -> None:
        self.stopwatch = stopwatch
        self.log = log
        self.app_id = app_id
        self.sockets: list[WebSocket] = []
        self._tickets: set[str] = set()
        self._acks: dict[str, asyncio.Future[Answer]] = {}
        self._turn = count()
        self._closing: set[asyncio.Task[None]] = set()
        self._mute: list[WebSocket] = []

    def issue_ticket(self) -> str:
        """The secret part of a new web socket address; works once."""
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return ticket

    async def serve(self, socket: WebSocket) -> None:
        """One connection, from hello until either side closes."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await socket.close(4001)
            return
        self._tickets.remove(ticket)
        await socket.accept()
        self.sockets.append(socket)
        hello = {
            "type": "hello",
            "num_connections": len(self.sockets),
            "connection_info": {"app_id": self.app_id},
            "debug_info": {"host": "sandbox", "approximate_connection_time": 18_060},
        }
        with suppress(WebSocketDisconnect, RuntimeError):
            await socket.send_json(hello)
            self.log.on_more()
            while True:
                self._acked(await socket.receive_json())
        self._forget(socket)

    def _acked(self, message: Json) -> None:
        waiting = self._acks.get(message.get("envelope_id", ""))
        if waiting is not None and not waiting.done():
            lost = self.log.loses_ack()
            waiting.set_result(Answer(None, "operation_timeout") if lost else Answer(message.get("payload")))

    @property
    def has_mute(self) -> bool:
        """Whether one of the connections that bring nothing is still open."""
        return any(socket in self._mute for socket in self.sockets)

    def mute(self) -> None:
        """The connections of now stay open and answer pings, and bring nothing any more."""
        self._mute = list(self.sockets)

    def freeze(self) -> None:
        """Nothing is answered on the connections of now, nothing comes, none is closed."""
        for socket in self.sockets:
            socket._receive.__self__.transport.pause_reading()  # type: ignore[attr-defined]  # uvicorn's own
        self.sockets.clear()

    def _forget(self, socket: WebSocket) -> None:
        if socket in self.sockets:
            self.sockets.remove(socket)
            self.log.on_more()

    async def ask(self, kind: str, payload: Json, attempt: int = 0, reason: str = "") -> Answer:
        """Deliver once over one of the connections, wait for the ack."""
        envelope: Json = {
            "envelope_id": str(uuid.uuid4()),
            "type": kind,
            "accepts_response_payload": kind != EVENTS,
            "payload": payload,
        }
        if kind == EVENTS:
            envelope |= {"retry_attempt": attempt, "retry_reason": "timeout" if reason else ""}
        ack: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._acks[envelope["envelope_id"]] = ack
        try:
            if not await self._send(envelope):
                return Answer(None, "dispatch_failed")
            self.log.add(Sent(kind, payload, attempt))
            return await self.stopwatch.within(ACK_SECONDS, ack)
        except TimeoutError:
            return Answer(None, "operation_timeout")
        finally:
            del self._acks[envelope["envelope_id"]]

    async def _send(self, envelope: Json) -> bool:
        while self.sockets:
            socket = self.sockets[next(self._turn) % len(self.sockets)]
            if socket in self._mute:
                return True  # Slack's side believes that it is on its way
            try:
                await socket.send_json(envelope)
            except (WebSocketDisconnect, RuntimeError):
                self._forget(socket)
            else:
                return True
        return False

    async def ask_to_reconnect(self, reason: str) -> None:
        """Send `disconnect` for this reason; all reasons but `warning` also hang up."""
        for socket in list(self.sockets):
            debug = {"host": new_id("sandbox-")}
            with suppress(WebSocketDisconnect, RuntimeError):
                await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": debug})
            self._forget(socket)
            if reason != "warning":
                self._closing.add(asyncio.create_task(self._hang_up(socket)))

    async def _hang_up(self, socket: WebSocket) -> None:
        await asyncio.sleep(0.5)
        with suppress(WebSocketDisconnect, RuntimeError):
            await socket.close(1000)

    async def drop(self) -> None:
        """Hang up without a word, as a broken network does."""
        for socket in list(self.sockets):
            self._forget(socket)
            with suppress(WebSocketDisconnect, RuntimeError):
                await socket.close(1011)

    async def close(self) -> None:
        """Hang up on everybody."""
        for task in self._closing:
            task.cancel()
        await self.drop()
