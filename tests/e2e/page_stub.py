"""A small server that speaks the page's contract with invented data, for tests of the page alone.

It decides almost nothing: it records what the page sent (`acts`), shows what a test put into it,
and tells the page that something changed. The real server is bot/sandbox/slack.
"""

import asyncio
import json
import socket
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tests.e2e.page_stub_views import (
    HOUR,
    INERT,
    NOW,
    USERS,
    Json,
    button,
    card,
    card_zh,
    home,
    kitchen_sink,
    message,
    relay_state,
    reply_modal,
    section,
    sla_status,
)

PAGE = Path(__file__).parents[2] / "bot" / "sandbox" / "slack" / "page"


class Stub:
    """What the pretend server shows, and what the page did to it."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[Json | None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.start_over()

    def start_over(self) -> None:
        """Forget what the page did, and show the invented data again."""
        self.acts: list[Json] = []
        self.answers: dict[str, Json] = {}  # act type -> what it is answered
        self.modals: dict[str, list[Json]] = defaultdict(list)
        self.notices: list[Json] = []
        self.relay = relay_state()
        self.messages: dict[str, list[Json]] = defaultdict(list)
        self.threads: dict[str, list[Json]] = {}
        self.unread: dict[str, tuple[int, int]] = {"C0SUNRISE": (2, 1)}
        self._fill()

    def _fill(self) -> None:
        bot = "U0REPLY24"
        first = message(
            NOW - 18 * HOUR,
            bot,
            "Case 1042, Amazon.de, new buyer message",
            blocks=card(),
            reply_count=3,
            reply_users=[bot, "U0ANNA"],
            latest_reply=str(NOW - 600),
        )
        notes = message(
            NOW - 17 * HOUR,
            "U0ANNA",
            "Carrier says *depot strike* :eyes: see <#C0SUNRISE> &amp; ask <@U0LIWEI>",
            reactions=[{"name": "eyes", "count": 1}],
        )
        self.messages["C0NORD"] = [
            first,
            notes,
            message(NOW - 17 * HOUR + 60, "U0ANNA", "second line of mine"),
            message(NOW - HOUR, bot, INERT, is_new=True),
            message(NOW - 60, bot, "Only you see this", ephemeral=True, blocks=sla_status()),
        ]
        self.messages["C0SUNRISE"] = [
            message(NOW - 4 * HOUR, bot, "会话 1043", blocks=card_zh(), is_new=True),
            message(NOW - HOUR, bot, "kitchen sink", blocks=kitchen_sink()),
        ]
        root = first["ts"]
        self.threads[root] = [
            first,
            message(NOW - 17 * HOUR, "U0ANNA", "carrier says depot strike", thread_ts=root),
            message(
                NOW - 900,
                bot,
                "Sending in 45 s",
                thread_ts=root,
                blocks=[
                    section("Sending in 45 s · <@U0LIWEI> to the buyer:\n&gt; Sehr geehrte Frau M ..."),
                    {
                        "type": "actions",
                        "block_id": "undo",
                        "elements": [
                            button("out.undo", "Undo", style="danger"),
                            button("out.now", "Send now"),
                        ],
                    },
                ],
            ),
            message(NOW - 600, bot, ":white_check_mark: Sent to buyer 15:30 by <@U0LIWEI>", thread_ts=root),
        ]

    def state(self, user: str) -> Json:
        rooms = [
            ("C0NORD", "amz-nordlicht", True),
            ("C0SUNRISE", "amz-sunrise", True),
            ("C0GENERAL", "general", False),
        ]
        counts = {cid: self.unread.get(cid, (0, 0)) for cid, _, _ in rooms}
        commands = [
            ("/reply", "[case | order]", "Reply to a buyer"),
            ("/claim", "[case]", "Claim a case"),
            ("/sla-status", "[store] [public]", "Where we stand"),
        ]
        return {
            "now": NOW,
            "channels": [
                {
                    "id": cid,
                    "name": name,
                    "is_private": private,
                    "unread": counts[cid][0],
                    "mentions": counts[cid][1],
                }
                for cid, name, private in rooms
            ],
            "dms": [
                {"id": "D0BOT", "user": "U0REPLY24", "name": "reply24", "unread": 0},
                {"id": "D0CHEN", "user": "U0CHENYU", "name": "chen.yu", "unread": 1},
            ],
            "apps": [{"id": "A0REPLY24", "name": "reply24", "bot_user": "U0REPLY24"}],
            "commands": [
                dict(zip(("command", "usage_hint", "description"), row, strict=True)) for row in commands
            ],
            "shortcuts": {
                "global": [
                    {"callback_id": "queue", "name": "My queue"},
                    {"callback_id": "who", "name": "Who's on shift"},
                ],
                "message": [
                    {"callback_id": "reply_here", "name": "Reply to buyer"},
                    {"callback_id": "note", "name": "Add as internal note"},
                ],
            },
            "modals": self.modals[user],
            "home": home(),
            "notices": self.notices,
        }

    def act(self, what: Json) -> Json:
        self.acts.append(what)
        if what["type"] == "message":
            said = message(NOW + len(self.acts), what["as"], what["text"], thread_ts=what.get("thread_ts"))
            (
                self.threads[what["thread_ts"]] if what.get("thread_ts") else self.messages[what["channel"]]
            ).append(said)
        if what["type"] == "close":
            self.modals[what["as"]] = [
                view for view in self.modals[what["as"]] if view["id"] != what["view_id"]
            ]
        if what["type"] == "read":
            self.unread.pop(what["channel"], None)
        if what.get("action_id") == "case.reply":
            self.modals[what["as"]] = [reply_modal()]
        return self.answers.get(what["type"], {"ok": True})

    def show(self, what: str, **more: Any) -> None:
        """Tell every open page that `what` changed; safe from any thread."""
        for queue in list(self._queues):
            if self._loop:
                self._loop.call_soon_threadsafe(queue.put_nowait, {"what": what, **more})

    def end(self) -> None:
        for queue in list(self._queues):
            if self._loop:
                self._loop.call_soon_threadsafe(queue.put_nowait, None)

    async def stream(self) -> AsyncIterator[str]:
        self._loop = asyncio.get_running_loop()
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self._queues.add(queue)
        yield ": open\n\n"
        try:
            while (event := await queue.get()) is not None:
                yield f"data: {json.dumps(event)}\n\n"
        finally:
            self._queues.discard(queue)


class Lasting(StaticFiles):
    """Files that the browser need not ask for again: tests open the page many times."""

    def file_response(self, *args: Any, **more: Any) -> Response:
        response = super().file_response(*args, **more)
        response.headers["Cache-Control"] = "max-age=3600"
        return response


def build(stub: Stub) -> Starlette:
    """The contract's routes over `stub`."""

    async def boot(_: Request) -> Response:
        return JSONResponse(
            {
                "team": {"id": "T0DEMO", "name": "Nordlicht & Sunrise"},
                "now": NOW,
                "speed": 1,
                "users": USERS,
                "links": [],
            }
        )

    async def state(request: Request) -> Response:
        return JSONResponse(stub.state(request.query_params["as"]))

    async def messages(request: Request) -> Response:
        return JSONResponse({"messages": stub.messages[request.query_params["channel"]]})

    async def thread(request: Request) -> Response:
        return JSONResponse({"messages": stub.threads.get(request.query_params["ts"], [])})

    async def act(request: Request) -> Response:
        return JSONResponse(stub.act(await request.json()))

    async def events(_: Request) -> Response:
        return StreamingResponse(stub.stream(), media_type="text/event-stream")

    async def relay(_: Request) -> Response:
        return JSONResponse(stub.relay)

    async def relay_act(request: Request) -> Response:
        stub.acts.append({"relay": request.path_params["what"], **await request.json()})
        return JSONResponse({"ok": True})

    async def index(_: Request) -> Response:
        return FileResponse(PAGE / "index.html")

    return Starlette(
        routes=[
            Route("/", index),
            Route("/page/boot", boot),
            Route("/page/state", state),
            Route("/page/messages", messages),
            Route("/page/thread", thread),
            Route("/page/act", act, methods=["POST"]),
            Route("/page/events", events),
            Route("/page/relay", relay),
            Route("/page/relay/{what}", relay_act, methods=["POST"]),
            Mount("/page/static", Lasting(directory=PAGE)),
        ]
    )


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


@contextmanager
def serving(stub: Stub) -> Iterator[str]:
    """Serve `stub` on a free loopback port; yields its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(build(stub), log_config=None, lifespan="off", timeout_graceful_shutdown=1)
    server = _Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        assert server.up.wait(10), "the stub server did not start"
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        stub.end()
        thread.join(10)
        listener.close()
