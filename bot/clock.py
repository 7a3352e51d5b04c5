"""The only place that reads the time. Everything else is handed `now`, an aware UTC datetime."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

AHEAD = timedelta(minutes=5)
"""What was written further ahead than this was written before the machine's clock was set back: nothing may wait
until the clock has caught up with it."""


class Clock(Protocol):
    """What tells the time and waits. Three of them: real, scaled (demo) and fixed (tests).

    `speed` is how many of its seconds pass in one real second: what guards real work (leases,
    time-outs) is measured in real seconds, so its spans are multiplied by it.
    """

    speed: float

    def now(self) -> datetime:
        """This instant, aware, UTC."""
        ...

    def wait(self, event: threading.Event, span: timedelta) -> bool:
        """Until `event` is set or `span` of this clock has passed; says whether it was set."""
        ...


class RealClock:
    """The machine's clock."""

    speed: float = 1.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wait(self, event: threading.Event, span: timedelta) -> bool:
        return event.wait(max(0.0, span.total_seconds()))


class ScaledClock:
    """A clock that runs `speed` times as fast as the real one, from `start` on."""

    def __init__(self, speed: float, start: datetime) -> None:
        if speed <= 0:
            raise ValueError(f"a clock can't run at {speed} times the real speed; give a number above 0")
        self.speed = speed
        self._start = start
        self._began = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=(time.monotonic() - self._began) * self.speed)

    def wait(self, event: threading.Event, span: timedelta) -> bool:
        return event.wait(max(0.0, span.total_seconds() / self.speed))


class FixedClock:
    """A clock that stands still until somebody moves it. `wait` returns when it was moved far enough."""

    speed: float = 1.0

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._moved = threading.Condition()

    def now(self) -> datetime:
        with self._moved:
            return self._now

    def advance(self, span: timedelta) -> None:
        """Move the clock forward by `span` and wake whoever waited for that."""
        with self._moved:
            self._now += span
            self._moved.notify_all()

    def wait(self, event: threading.Event, span: timedelta) -> bool:
        end = self.now() + span
        with self._moved:
            while self._now < end and not event.is_set():
                self._moved.wait(0.02)
        return event.is_set()


def monotonic() -> float:
    """Seconds on a stop-watch that no clock change moves: for pacing and time-outs, never for deadlines."""
    return time.monotonic()
