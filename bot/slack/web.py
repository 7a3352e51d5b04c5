"""HTTP mode: Slack's requests by POST to /slack/events, answered within the three seconds by bolt."""

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence

import uvicorn
from slack_bolt import App, BoltRequest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

PATH = "/slack/events"


def asgi(app: App) -> Starlette:
    """The app behind any ASGI server: the signature is checked by bolt, a plain GET / tells that we live."""

    async def slack_request(request: Request) -> Response:
        body = (await request.body()).decode()
        headers: dict[str, str | Sequence[str]] = {name: [value] for name, value in request.headers.items()}
        # bolt's dispatch waits for the acknowledgement: in the event loop it would stop everybody's.
        answer = await run_in_threadpool(app.dispatch, BoltRequest(body=body, headers=headers))
        return Response(
            answer.body,
            status_code=answer.status,
            headers={name: values[0] for name, values in answer.headers.items()},
        )

    async def alive(_request: Request) -> Response:
        return PlainTextResponse("reply24 is up")

    return Starlette(routes=[Route(PATH, slack_request, methods=["POST"]), Route("/", alive)])


def serve(app: App, host: str, port: int) -> Callable[[], None]:
    """Serve in a thread of its own; returns what ends it after the requests that are under way."""
    server = uvicorn.Server(uvicorn.Config(asgi(app), log_level="warning", access_log=False))
    listener = socket.create_server((host, port))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])), name="web", daemon=True)
    thread.start()

    def stop() -> None:
        server.should_exit = True
        thread.join(30)
        listener.close()

    return stop
