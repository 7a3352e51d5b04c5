"""A network that can be cut: a TCP proxy in front of one server, in a thread of its own."""

import asyncio
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from weakref import WeakSet

_RESET = struct.pack("ii", 1, 0)
TO_SERVER, TO_CLIENT = "to server", "to client"


@dataclass(eq=False)
class _Line:
    """One connection through the proxy."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter

    def reset(self) -> None:
        """End it on both sides at once, without a goodbye."""
        for side in (self.client, self.server):
            link = side.get_extra_info("socket")
            if link is not None:
                with suppress(OSError):
                    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            side.transport.abort()


@dataclass
class Proxy:
    """Clients of `port` reach the server at `target`. A context manager."""

    target: int
    port: int = 0
    _lines: set[_Line] = field(default_factory=set)
    _ended: WeakSet[asyncio.WriteTransport] = field(default_factory=WeakSet)
    _held: set[str] = field(default_factory=set)
    _delay_s: float = 0.0
    _refuses: bool = False

    def __enter__(self) -> "Proxy":
        self._loop = asyncio.new_event_loop()
        self._go_on = asyncio.Event()
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, name=f"proxy-{self.port}", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, sock=self._listener))
        self._loop.run_forever()
        server.close()
        for line in list(self._lines):
            line.reset()
        for task in (tasks := asyncio.all_tasks(self._loop)):
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    async def _serve(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        try:
            port = 0 if self._refuses else self.target
            server, to_server = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            to_client.transport.abort()
            return
        line = _Line(to_client, to_server)
        self._lines.add(line)
        try:
            await asyncio.gather(
                self._pump(client, to_server, TO_SERVER), self._pump(server, to_client, TO_CLIENT)
            )
        except OSError:
            pass
        finally:
            self._lines.discard(line)
            line.client.transport.abort()
            line.server.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, way: str) -> None:
        while data := await source.read(65536):
            if self._delay_s:
                await asyncio.sleep(self._delay_s)
            while way in self._held:
                await self._go_on.wait()
            if not self._has_ended(sink):
                sink.write(data)
                await sink.drain()
        if not self._has_ended(sink):
            with suppress(OSError):
                sink.write_eof()

    def _has_ended(self, sink: asyncio.StreamWriter) -> bool:
        """Whether we said the last word to this side already."""
        return sink.transport in self._ended

    # What goes wrong

    def hold(self, *ways: str) -> None:
        """Nothing gets through in these directions (both, if none is named); connections stay open."""
        self._do(lambda: self._held.update(ways or (TO_SERVER, TO_CLIENT)))

    def delay(self, seconds: float) -> None:
        """Everything takes so much longer."""
        self._do(lambda: setattr(self, "_delay_s", seconds))

    def cut(self, *, refuse: bool = False) -> None:
        """Every connection is reset; with `refuse` so is each new one until `heal`."""

        def cut() -> None:
            self._refuses = refuse
            for line in list(self._lines):
                line.reset()

        self._do(cut)

    def end_answers(self) -> None:
        """Every server seems to have said its last word; what clients say still gets there."""

        def end() -> None:
            for line in list(self._lines):
                with suppress(OSError):
                    line.client.write_eof()
                    self._ended.add(line.client.transport)

        self._do(end)

    def heal(self) -> None:
        """All is well again. What was held gets through, as a network sends again what was lost."""

        def heal() -> None:
            self._held.clear()
            self._delay_s, self._refuses = 0.0, False
            before, self._go_on = self._go_on, asyncio.Event()
            before.set()

        self._do(heal)

    def _do(self, act: Callable[[], object]) -> None:
        done = threading.Event()

        def run() -> None:
            act()
            done.set()

        self._loop.call_soon_threadsafe(run)
        assert done.wait(10), "the proxy does not answer"
