"""How often a store may ask: a token bucket for each store and operation, shared by all threads of the process.

Amazon's plans are the start; what it says in `x-amzn-RateLimit-Limit` counts from then on. Other processes are not
seen: what they take shows as a 429, which empties the bucket.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime

from bot.clock import Clock

PLANS = {
    "getOrder": (0.5, 30),
    "getMessagingActionsForOrder": (1.0, 5),
    "GetAttributes": (1.0, 5),
    "getSubscription": (1.0, 5),
    "confirmCustomizationDetails": (1.0, 5),
    "createConfirmDeliveryDetails": (1.0, 5),
    "createLegalDisclosure": (1.0, 5),
    "createConfirmOrderDetails": (1.0, 5),
    "createConfirmServiceDetails": (1.0, 5),
    "CreateWarranty": (1.0, 5),
    "createDigitalAccessKey": (1.0, 5),
    "createUnexpectedProblem": (1.0, 5),
    "createUploadDestinationForResource": (10.0, 10),
    "getSolicitationActionsForOrder": (1.0, 5),
    "createProductReviewAndSellerFeedbackSolicitation": (1.0, 5),
}
"""Calls a second, and how many at once. An operation that is not here has no stated plan."""


@dataclass(slots=True)
class _Bucket:
    rate: float
    left: float
    at: datetime


@dataclass(slots=True)
class Rates:
    """All buckets of this process. Spans are real seconds, also where the clock runs fast."""

    clock: Clock
    _buckets: dict[tuple[str, str], _Bucket] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def seconds_to_wait(self, store: str, operation: str) -> float:
        """0 when the store may ask now (and it is counted), else how long until it may."""
        with self._lock:
            bucket = self._filled(store, operation)
            if bucket is None:
                return 0.0
            if bucket.left < 1:
                return (1 - bucket.left) / bucket.rate
            bucket.left -= 1
            return 0.0

    def rate_of(self, store: str, operation: str) -> float | None:
        """Calls a second, as far as we know."""
        with self._lock:
            bucket = self._filled(store, operation)
            return bucket.rate if bucket else None

    def learn(self, store: str, operation: str, said: str | None) -> None:
        """What Amazon said about the rate, if it is a number that can be true."""
        try:
            rate = float(said) if said else 0.0
        except ValueError:
            return
        if not 0.0001 <= rate <= 1000:
            return
        with self._lock:
            bucket = self._filled(store, operation)
            if bucket is None:
                bucket = _Bucket(rate, 1.0, self.clock.now())
                self._buckets[store, operation] = bucket
            bucket.rate = rate

    def empty(self, store: str, operation: str) -> None:
        """Amazon says that it is enough, whatever we have counted."""
        with self._lock:
            bucket = self._filled(store, operation)
            if bucket is not None:
                bucket.left = 0.0

    def _filled(self, store: str, operation: str) -> _Bucket | None:
        now, (rate, burst) = self.clock.now(), PLANS.get(operation, (0.0, 1))
        bucket = self._buckets.get((store, operation))
        if bucket is None:
            if not rate:
                return None
            bucket = self._buckets[store, operation] = _Bucket(rate, float(burst), now)
        passed = max(0.0, (now - bucket.at).total_seconds()) / self.clock.speed
        bucket.left = min(float(burst), bucket.left + passed * bucket.rate)
        bucket.at = now
        return bucket
