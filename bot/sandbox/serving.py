"""A web server of a stand-in: on loopback, in a thread of its own, with a loop that other threads can reach."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterable

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute


class ReadyServer(uvicorn.Server):
    """Says when it is ready, and on which loop."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self.loop: asyncio.AbstractEventLoop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self.ready.set()


class LoopbackServer:
    """Serves `routes` on 127.0.0.1. After a stop it can be started again, on the same port."""

    def __init__(self, name: str, port: int = 0) -> None:
        self.port = port
        self._name = name

    @property
    def url(self) -> str:
        """Where it listens, once started."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop that everything inside lives on."""
        return self._server.loop

    def start(self, routes: Iterable[BaseRoute]) -> None:
        """Listen. Raises RuntimeError when that takes too long."""
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        config = uvicorn.Config(
            Starlette(routes=list(routes)),
            log_config=None,
            log_level="critical",
            lifespan="off",
            timeout_graceful_shutdown=2,
        )
        self._server = ReadyServer(config)
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._server.serve(sockets=[listener])), name=self._name, daemon=True
        )
        self._thread.start()
        if not self._server.ready.wait(20):
            raise RuntimeError(f"{self._name} did not start on {self.url} within 20 s")

    def stop(self, wind_down: Callable[[], None]) -> None:
        """Stop listening; `wind_down` lets go, on the loop, of those who wait for an answer."""

        def end() -> None:
            # uvicorn stops listening before it hangs up: clients can't slip in between.
            self._server.should_exit = True
            wind_down()

        self.loop.call_soon_threadsafe(end)
        self._thread.join(20)
