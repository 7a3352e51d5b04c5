"""When Slack last answered this process: by its socket, and to its calls. Memory only, for /healthz and /metrics."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.clock import Clock
from bot.domain.health import Contact


class Pulse:
    """What is known of Slack; every thread may tell and ask."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._answered_at: datetime | None = None
        self._failing_since: datetime | None = None
        self._pong_at: datetime | None = None
        self._silence: Callable[[], timedelta | None] = lambda: None

    def answered(self) -> None:
        """Slack answered a call, be it with a no."""
        with self._lock:
            self._answered_at, self._failing_since = self._clock.now(), None

    def failed(self) -> None:
        """A call got no answer."""
        with self._lock:
            self._failing_since = self._failing_since or self._clock.now()

    def watch(self, silence: Callable[[], timedelta | None]) -> None:
        """There is a socket; `silence`: how long (real time) it heard nothing, None while it is not connected."""
        with self._lock:
            self._silence, self._pong_at = silence, self._clock.now()

    def contact(self) -> Contact:
        """How it stands now."""
        with self._lock:
            silence = self._silence()
            if self._pong_at is not None and silence is not None:
                self._pong_at = max(self._pong_at, self._clock.now() - silence * self._clock.speed)
            if self._pong_at is not None:  # a clock may have been set back since
                self._pong_at = min(self._pong_at, self._clock.now())
            return Contact(self._pong_at, self._answered_at, self._failing_since)


class HeardClient(WebClient):
    """Slack's client, which tells the pulse how each call ended."""

    def __init__(self, pulse: Pulse, **settings: Any) -> None:
        super().__init__(**settings)
        self._pulse = pulse

    def api_call(self, api_method: str, **arguments: Any) -> SlackResponse:
        """As in the SDK."""
        try:
            answer = super().api_call(api_method, **arguments)
        except SlackApiError as why:
            is_answer = int(getattr(why.response, "status_code", 0) or 0) < 500
            (self._pulse.answered if is_answer else self._pulse.failed)()
            raise
        except Exception:
            self._pulse.failed()
            raise
        self._pulse.answered()
        return answer
