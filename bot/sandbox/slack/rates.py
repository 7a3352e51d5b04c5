"""Rate limits, and mishaps on demand: 429, errors, failing servers, answers that never come.

Source: docs.slack.dev/apis/web-api/rate-limits (tiers a minute; about one message a second and channel).
"""

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from bot.sandbox.slack.methods import METHODS, TIER_PER_MINUTE
from bot.sandbox.slack.stopwatch import Stopwatch

POST_BURST = 4


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


@dataclass(slots=True)
class Rates:
    """Token buckets: one a method, and for chat.postMessage one a channel."""

    stopwatch: Stopwatch
    is_on: bool = True
    _buckets: dict[tuple[str, str], _Bucket] = field(default_factory=dict)

    def seconds_to_wait(self, method: str, channel: str) -> int:
        """0 when the call may go on (and is counted), else what Retry-After says."""
        if method == "chat.postMessage":
            return self._take((method, channel), POST_BURST, 1.0)
        tier = METHODS[method].tier
        if not tier:
            return 0
        return self._take((method, ""), TIER_PER_MINUTE[tier], TIER_PER_MINUTE[tier] / 60)

    def _take(self, key: tuple[str, str], size: int, per_second: float) -> int:
        if not self.is_on:
            return 0
        now = self.stopwatch.now()
        bucket = self._buckets.setdefault(key, _Bucket(size, now))
        bucket.left = min(size, bucket.left + (now - bucket.at) * per_second)
        bucket.at = now
        if bucket.left >= 1:
            bucket.left -= 1
            return 0
        return max(1, math.ceil((1 - bucket.left) / per_second))


@dataclass(frozen=True, slots=True)
class Mishap:
    """`what` is an HTTP status, an error word of Slack's, or "hang". `after`: the call is done first."""

    what: int | str
    retry_after: int | None = None
    after: bool = False


@dataclass(slots=True)
class Mishaps:
    """What goes wrong next, method by method."""

    _once: dict[str, deque[Mishap]] = field(default_factory=lambda: defaultdict(deque))
    _always: dict[str, Mishap] = field(default_factory=dict)

    def plan(self, method: str, mishap: Mishap, times: int | None) -> None:
        """The next `times` calls go wrong; None: each one until `clear`."""
        if times is None:
            self._always[method] = mishap
        else:
            self._once[method].extend([mishap] * times)

    def clear(self, method: str) -> None:
        """This method works again."""
        self._once.pop(method, None)
        self._always.pop(method, None)

    def take(self, method: str) -> Mishap | None:
        """What happens to this call."""
        if self._once[method]:
            return self._once[method].popleft()
        return self._always.get(method)
