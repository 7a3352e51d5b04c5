"""The time of the protocol: ack limits, life of trigger ids, retries, rate limits.

It runs with the machine's stop-watch, not with the sandbox's clock: a demo at 60 times the speed still
has 3 real seconds for an ack. Tests jump ahead with `skip`.
"""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from bot.clock import monotonic

T = TypeVar("T")


class Stopwatch:
    """Seconds that only go forward, and waits that notice a skip.

    One of its seconds takes `slowness` real ones: on a crowded machine everything takes longer, and no program
    is to blame.
    """

    def __init__(self, slowness: float = 1.0) -> None:
        self._slowness = slowness
        self._skipped = 0.0
        self._moved = asyncio.Event()

    def now(self) -> float:
        """Seconds since some start."""
        return monotonic() / self._slowness + self._skipped

    def skip(self, seconds: float) -> None:
        """Jump ahead and wake whoever waits for that."""
        self._skipped += seconds
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def within(self, seconds: float, waited: Awaitable[T]) -> T:
        """The result of `waited`; raises TimeoutError when `seconds` pass before."""
        task = asyncio.ensure_future(waited)
        end = self.now() + seconds
        while not task.done() and (left := end - self.now()) > 0:
            moved = asyncio.ensure_future(self._moved.wait())
            timeout = left * self._slowness
            await asyncio.wait({task, moved}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            moved.cancel()
        if not task.done():
            task.cancel()
            raise TimeoutError
        return await task

    async def pause(self, seconds: float) -> None:
        """Let `seconds` of this stop-watch pass."""
        try:
            await self.within(seconds, asyncio.Event().wait())
        except TimeoutError:
            return
