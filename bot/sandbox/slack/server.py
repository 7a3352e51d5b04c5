"""A strict stand-in for Slack: one HTTP server with Web API, Socket Mode, response URLs, uploads and a page.

It runs in a thread of its own; everything inside lives on that thread's event loop, so there are no locks.
Use `workspace` to act as people and to look at what they see.
"""

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from bot.clock import Clock, RealClock, monotonic
from bot.sandbox.serving import ReadyServer
from bot.sandbox.slack.api_files import take_upload
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.delivery import Delivery, Log, Sent, SocketMode
from bot.sandbox.slack.driver import Workspace
from bot.sandbox.slack.http_mode import HttpMode
from bot.sandbox.slack.offer import offer_from
from bot.sandbox.slack.page_api import Page, Relay
from bot.sandbox.slack.rates import Mishap, Mishaps, Rates
from bot.sandbox.slack.responses import respond
from bot.sandbox.slack.stopwatch import Stopwatch
from bot.sandbox.slack.store import Change, Store
from bot.sandbox.slack.tokens import Tokens
from bot.sandbox.slack.uploads import given_out
from bot.sandbox.slack.web_api import Call, WebApi
from bot.sandbox.slack.wire import Json, Refusal, arguments
from bot.sandbox.slack.world import World, demo_world

T = TypeVar("T")
BOT_TOKEN, APP_TOKEN = "xoxb-sandbox", "xapp-sandbox"


class SlackSandbox:
    """The workspace that the bot runs against in demo and tests; a context manager."""

    def __init__(  # noqa: PLR0913  all by name, each with a default
        self,
        *,
        manifest: dict[str, Any] | None = None,
        mode: Literal["socket", "http"] = "socket",
        request_url: str | None = None,
        port: int = 0,
        clock: Clock | None = None,
        world: World | None = None,
        rate_limits: bool = True,
        slowness: float = 1.0,
        signing_secret: str = "sandbox-signing-secret",  # noqa: S107  a made-up secret for loopback
    ) -> None:
        self.bot_token, self.app_token, self.signing_secret = BOT_TOKEN, APP_TOKEN, signing_secret
        self.links: list[dict[str, str]] = []
        self._port = port
        stopwatch, log = Stopwatch(slowness), Log()
        store = Store(world or demo_world(), clock or RealClock())
        delivery: Delivery = SocketMode(stopwatch, log, store.world.app_id)
        if mode == "http":
            delivery = HttpMode(stopwatch, log, signing_secret, request_url or "")
        rates, tokens = Rates(stopwatch, rate_limits), Tokens(stopwatch)
        offer = offer_from(manifest)
        self._core = Core(store, offer, stopwatch, rates, Mishaps(), tokens, log, delivery)
        self._web_api = WebApi(self._core, BOT_TOKEN, APP_TOKEN)
        self._page = Page(self._core, self.links)
        self._changes = _Changes()
        store.listeners.append(self._changes.heard)
        log.on_more = lambda: store.changed("")
        self.workspace = Workspace(self)

    @property
    def team_id(self) -> str:
        """The workspace's id."""
        return self._core.store.world.team_id

    @property
    def url(self) -> str:
        """Where the page is."""
        return self._core.store.url

    @property
    def api_url(self) -> str:
        """The `base_url` for the bot's WebClient."""
        return self.url + "/api/"

    def start(self) -> Self:
        """Listen; after a stop, again on the same port and with the same state."""
        listener = socket.create_server(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        self._core.store.url = f"http://127.0.0.1:{self._port}"
        config = uvicorn.Config(
            Starlette(routes=self._routes()),
            log_config=None,
            log_level="critical",
            lifespan="off",
            ws="websockets-sansio",
            timeout_graceful_shutdown=2,
        )
        self._server = ReadyServer(config)
        self._thread = threading.Thread(target=self._run, args=(listener,), name="slack-sandbox", daemon=True)
        self._thread.start()
        if not self._server.ready.wait(20):
            raise RuntimeError(f"the Slack sandbox did not start on {self.url} within 20 s")
        return self

    def _run(self, listener: socket.socket) -> None:
        asyncio.run(self._serve(listener))

    async def _serve(self, listener: socket.socket) -> None:
        self._core.stopping.clear()
        try:
            await self._server.serve(sockets=[listener])
        finally:
            await self._core.close()

    def stop(self) -> None:
        """Hang up on everybody and stop listening; what was posted stays."""
        self.call(self._wind_down)
        self._thread.join(20)

    def _wind_down(self, core: Core) -> None:
        # uvicorn stops listening before it hangs up: clients can't slip in between.
        self._server.should_exit = True
        core.stopping.set()
        self._page.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def run(self, work: Callable[[Core], Coroutine[Any, Any, T]]) -> T:
        """Do something on the sandbox's loop and wait for it, from any other thread."""

        async def done() -> T:
            return await work(self._core)

        return asyncio.run_coroutine_threadsafe(done(), self._server.loop).result()

    def call(self, look: Callable[[Core], T]) -> T:
        """Look at, or change, what is inside, on the sandbox's loop."""

        async def looked(core: Core) -> T:
            return look(core)

        return self.run(looked)

    def wait_for(self, look: Callable[[], T], timeout_s: float = 10) -> T:
        """The first truthy result of `look`, tried again after each change; raises TimeoutError."""
        return self._changes.wait_for(look, timeout_s)

    def attach(self, relay: Relay) -> None:
        """Show this relay's mails on the page."""
        self._page.relay = relay
        relay.on_change = self._relay_changed

    def _relay_changed(self) -> None:
        store = self._core.store
        self._server.loop.call_soon_threadsafe(lambda: store.changed("relay"))

    def set_request_url(self, url: str) -> None:
        """Where HTTP mode delivers to."""
        if not isinstance(self._core.delivery, HttpMode):
            raise TypeError('this sandbox delivers over Socket Mode; make it with mode="http"')
        self._core.delivery.request_url = url

    def next_errors(
        self,
        method: str,
        what: int | str,
        *,
        times: int | None = 1,
        retry_after: int | None = None,
        after: bool = False,
    ) -> None:
        """Make the next calls of a method go wrong.

        `what`: an HTTP status, an error word of Slack's, or "hang". `times` None: until `clear_errors`.
        `after`: the call is carried out, only its answer is lost.
        """
        mishap = Mishap(what, retry_after, after)
        self.call(lambda core: core.mishaps.plan(method, mishap, times))

    def clear_errors(self, method: str) -> None:
        """The method works again."""
        self.call(lambda core: core.mishaps.clear(method))

    def set_rate_limits(self, on: bool) -> None:
        """Switch the limits on or off while running."""
        self.call(lambda core: setattr(core.rates, "is_on", on))

    def lose_ephemerals(self, lost: bool = True) -> None:
        """From now on ephemeral messages are accepted but not shown, as Slack may do."""
        self.call(lambda core: setattr(core, "loses_ephemerals", lost))

    def lose_acks(self, times: int = 1) -> None:
        """The next acks do not arrive: events are delivered again, people see a failure."""
        self.call(lambda core: setattr(core.log, "acks_to_lose", times))

    def skip(self, seconds: float) -> None:
        """Jump ahead in the time of triggers, response URLs, retries and rate limits (not in the clock)."""
        self.call(lambda core: core.stopwatch.skip(seconds))

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the Socket Mode clients to reconnect ("warning" or "refresh_requested")."""
        self.run(lambda _core: self._socket_mode().ask_to_reconnect(reason))

    def drop_connections(self) -> None:
        """Break all Socket Mode connections."""
        self.run(lambda _core: self._socket_mode().drop())

    def freeze_connections(self) -> None:
        """All Socket Mode connections die without a word: no pong, no envelope, no end."""
        self.call(lambda _core: self._socket_mode().freeze())

    def mute_connections(self) -> None:
        """All Socket Mode connections of now answer pings and bring nothing any more."""
        self.call(lambda _core: self._socket_mode().mute())

    def connections(self) -> int:
        """How many Socket Mode connections are open."""
        return self.call(lambda _core: len(self._socket_mode().sockets))

    def has_mute_connections(self) -> bool:
        """Whether one that was made mute is still open."""
        return self.call(lambda _core: self._socket_mode().has_mute)

    def _socket_mode(self) -> SocketMode:
        if not isinstance(self._core.delivery, SocketMode):
            raise TypeError("this sandbox delivers over HTTP")
        return self._core.delivery

    def calls(self, method: str = "") -> list[Call]:
        """The Web API calls so far, oldest first."""
        return self.call(lambda _core: [one for one in self._web_api.calls if method in ("", one.method)])

    def deliveries(self, kind: str = "") -> list[Sent]:
        """What was delivered to the app so far: events_api, slash_commands, interactive."""
        return self.call(lambda core: [one for one in core.log.sent if kind in ("", one.kind)])

    def _routes(self) -> list[BaseRoute]:
        return [
            Route("/api/{method:path}", self._web_api.answer, methods=["GET", "POST"]),
            WebSocketRoute("/link/", self._link),
            Route("/response/{id}", self._respond, methods=["POST"]),
            Route("/upload/{id}", self._upload, methods=["POST"]),
            Route("/files/{id}/{name}", self._file),
            Route("/files/{id}/download/{name}", self._download),
            *self._page.routes(),
        ]

    async def _link(self, socket: WebSocket) -> None:
        await self._socket_mode().serve(socket)

    async def _respond(self, request: Request) -> Response:
        try:
            hook = self._core.tokens.use_hook(request.path_params["id"])
        except Refusal as refusal:
            return JSONResponse({"ok": False, "error": refusal.code}, 404)
        try:
            respond(self._core, hook, await arguments(request))
        except Refusal as refusal:
            answer: Json = {"ok": False, "error": refusal.code}
            return JSONResponse(answer | refusal.extra, 400)
        return JSONResponse({"ok": True})

    async def _upload(self, request: Request) -> Response:
        try:
            content = await request.body()
            return PlainTextResponse(take_upload(self._core, request.path_params["id"], content))
        except Refusal as refusal:
            return PlainTextResponse(refusal.code, 400)

    async def _file(self, request: Request) -> Response:
        file = self._core.store.files.get(request.path_params["id"])
        if file is None or file.content is None:
            return PlainTextResponse("file_not_found", 404)
        return Response(file.content, media_type=file.mimetype)

    async def _download(self, request: Request) -> Response:
        """Without a token that may read files, Slack leads to its page for logging in."""
        shown = request.headers.get("authorization", "")
        file = given_out(self._core, request.path_params["id"], shown, self.bot_token)
        if file is None:
            return RedirectResponse("/signin", 302)
        return Response(file.content, media_type=file.mimetype)


class _Changes:
    """Lets other threads sleep until something has changed."""

    def __init__(self) -> None:
        self._count = 0
        self._more = threading.Condition()

    def heard(self, _change: Change) -> None:
        with self._more:
            self._count += 1
            self._more.notify_all()

    def wait_for(self, look: Callable[[], T], timeout_s: float) -> T:
        end = monotonic() + timeout_s
        while True:
            seen = self._count
            found = look()
            if found:
                return found
            with self._more:
                while self._count == seen:
                    left = end - monotonic()
                    if left <= 0:
                        raise TimeoutError(f"waited {timeout_s} s for something in the Slack sandbox")
                    self._more.wait(left)
