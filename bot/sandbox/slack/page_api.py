"""The endpoints that the page talks to: reads, acts of a person, server-sent events, the mail part."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.sandbox.slack import page_view, people_acts, screen_acts, uploads
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.fields import put_values
from bot.sandbox.slack.modals import find_view
from bot.sandbox.slack.people_acts import Done
from bot.sandbox.slack.screen_acts import Submitted, Surface
from bot.sandbox.slack.store import Change, Message
from bot.sandbox.slack.wire import Json, Refusal

PAGE = Path(__file__).with_name("page")
_BEAT_SECONDS = 15.0


class Relay(Protocol):
    """The mail side that the page can show: `bot/sandbox/relay.py` has it."""

    on_change: Callable[[], None]
    """Called, from any thread, after each change."""

    def page_relay(self) -> dict[str, Any]:
        """What `GET /page/relay` answers."""
        ...

    def write(self, **fields: Any) -> dict[str, Any]:
        """A buyer writes: the body of `POST /page/relay/write`; returns `{ok, error?}`."""
        ...

    def set_next(self, what: Any) -> dict[str, Any]:
        """What happens to the next reply: "bounce", "opt_out" or "none"."""
        ...


class Page:
    """Everything under `/page`, and the page itself at `/`."""

    def __init__(self, core: Core, links: list[dict[str, str]]) -> None:
        self.core = core
        self.links = links
        self.relay: Relay | None = None
        self._streams: dict[asyncio.Queue[Json | None], str] = {}
        core.store.listeners.append(self._spread)
        self._acts: dict[str, Callable[[str, Json], Awaitable[Json]]] = {
            "message": self._message,
            "command": self._command,
            "action": self._action,
            "submit": self._submit,
            "close": self._close,
            "shortcut": self._shortcut,
            "options": self._options,
            "open_home": self._open_home,
            "read": self._read,
            "reaction": self._reaction,
        }

    def routes(self) -> list[BaseRoute]:
        """All of them, for the server."""
        return [
            Route("/", self._index),
            Route("/page/boot", self._boot),
            Route("/page/state", self._state),
            Route("/page/messages", self._messages),
            Route("/page/thread", self._thread),
            Route("/page/act", self._act, methods=["POST"]),
            Route("/page/upload", self._upload, methods=["POST"]),
            Route("/page/events", self._events),
            Route("/page/relay", self._relay),
            Route("/page/relay/write", self._relay_write, methods=["POST"]),
            Route("/page/relay/next", self._relay_next, methods=["POST"]),
            Mount("/page/static", StaticFiles(directory=PAGE, check_dir=False)),
        ]

    async def _index(self, _request: Request) -> Response:
        return FileResponse(PAGE / "index.html")

    async def _boot(self, _request: Request) -> Response:
        return JSONResponse(page_view.boot(self.core, self.links))

    async def _state(self, request: Request) -> Response:
        return JSONResponse(page_view.state(self.core, request.query_params["as"]))

    async def _messages(self, request: Request) -> Response:
        query = request.query_params
        return JSONResponse(page_view.messages(self.core, query["as"], query["channel"]))

    async def _thread(self, request: Request) -> Response:
        query = request.query_params
        return JSONResponse(page_view.thread(self.core, query["as"], query["channel"], query["ts"]))

    async def _act(self, request: Request) -> Response:
        body = await request.json()
        act = self._acts.get(body.get("type", ""))
        if act is None or body.get("as") not in self.core.store.users:
            return JSONResponse({"ok": False, "error": "unknown type or person"}, 400)
        try:
            return JSONResponse(await act(body["as"], body))
        except Refusal as refusal:
            return JSONResponse({"ok": False, "error": refusal.code})

    async def _upload(self, request: Request) -> Response:
        """A person chooses a file in a modal: its name stands in the query, its bytes are the body."""
        query, content = request.query_params, bytearray()
        if query.get("as") not in self.core.store.users or not query.get("name"):
            return JSONResponse({"ok": False, "error": "unknown person or no name"}, 400)
        async for piece in request.stream():
            content += piece
            if len(content) > uploads.LARGEST:
                return JSONResponse({"ok": False, "error": "file_too_large"}, 413)
        return JSONResponse(
            {"ok": True, "file": uploads.take(self.core, query["as"], query["name"], bytes(content))}
        )

    async def _message(self, user: str, body: Json) -> Json:
        channel = self.core.store.channel(body["channel"])
        return _done(people_acts.say(self.core, user, channel, body["text"], body.get("thread_ts") or ""))

    async def _command(self, user: str, body: Json) -> Json:
        channel = self.core.store.channel(body["channel"])
        thread_ts = body.get("thread_ts") or ""
        return _done(await people_acts.command(self.core, user, channel, body["text"], thread_ts))

    def _surface(self, body: Json) -> Surface:
        if body.get("view_id"):
            view: Surface = find_view(self.core, body["view_id"])
        else:
            view = self.core.store.message(body["channel"], body["ts"])
        put_values(view.values, body.get("state") or {})
        return view

    async def _action(self, user: str, body: Json) -> Json:
        ids = (body["block_id"], body["action_id"])
        return _done(await screen_acts.act(self.core, user, self._surface(body), ids, body["action"]))

    async def _options(self, user: str, body: Json) -> Json:
        ids = (body["block_id"], body["action_id"])
        surface = self._surface(body)
        options = await screen_acts.suggestions(self.core, user, surface, ids, body.get("value") or "")
        return {"ok": True, "options": options}

    async def _submit(self, user: str, body: Json) -> Json:
        view = find_view(self.core, body["view_id"])
        ended: Submitted = await screen_acts.submit(self.core, user, view, body.get("state") or {})
        found: Json = {"ok": ended.outcome in ("closed", "next"), "errors": ended.errors}
        return found | ({"error": ended.error} if ended.error else {})

    async def _close(self, user: str, body: Json) -> Json:
        return _done(await screen_acts.close(self.core, user, find_view(self.core, body["view_id"])))

    async def _shortcut(self, user: str, body: Json) -> Json:
        message: Message | None = None
        if body.get("ts"):
            message = self.core.store.message(body["channel"], body["ts"])
        return _done(await people_acts.shortcut(self.core, user, body["callback_id"], message))

    async def _open_home(self, user: str, _body: Json) -> Json:
        return _done(people_acts.open_home(self.core, user))

    async def _read(self, user: str, body: Json) -> Json:
        return _done(people_acts.mark_read(self.core, user, self.core.store.channel(body["channel"])))

    async def _reaction(self, user: str, body: Json) -> Json:
        channel = self.core.store.channel(body["channel"])
        return _done(people_acts.react(self.core, user, channel, body["ts"], body["name"]))

    async def _relay(self, _request: Request) -> Response:
        if self.relay is None:
            return JSONResponse({"ok": False, "error": "no relay"}, 404)
        return JSONResponse(await asyncio.to_thread(self.relay.page_relay))

    async def _relay_write(self, request: Request) -> Response:
        relay, body = self.relay, await request.json()
        if relay is None:
            return JSONResponse({"ok": False, "error": "no relay"}, 404)
        return JSONResponse(await asyncio.to_thread(lambda: relay.write(**body)))

    async def _relay_next(self, request: Request) -> Response:
        relay, body = self.relay, await request.json()
        if relay is None:
            return JSONResponse({"ok": False, "error": "no relay"}, 404)
        return JSONResponse(await asyncio.to_thread(relay.set_next, body["what"]))

    async def _events(self, request: Request) -> Response:
        user = request.query_params["as"]
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._stream(user), media_type="text/event-stream", headers=headers)

    async def _stream(self, user: str) -> AsyncIterator[str]:
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self._streams[queue] = user
        try:
            yield ": hello\n\n"
            while True:
                try:
                    event = await asyncio.wait_for(queue.get(), _BEAT_SECONDS)
                except TimeoutError:
                    # A comment now and then tells a dead connection from a quiet one.
                    yield ": beat\n\n"
                    continue
                if event is None:
                    return
                yield f"data: {json.dumps(event)}\n\n"
        finally:
            self._streams.pop(queue, None)

    def _spread(self, change: Change) -> None:
        """Each open page hears of what its person may see."""
        if not change.what:
            return
        event: Json = {"what": change.what}
        event |= {"channel": change.channel} if change.channel else {}
        event |= {"ts": change.ts} if change.ts else {}
        channel = self.core.store.channels.get(change.channel)
        for queue, user in self._streams.items():
            if change.user in ("", user) and (channel is None or user in channel.members):
                queue.put_nowait(event)

    def close(self) -> None:
        """End all event streams."""
        for queue in self._streams:
            queue.put_nowait(None)


def _done(done: Done) -> Json:
    found: Json = {"ok": done.ok}
    return found | ({"error": done.error} if done.error else {})
