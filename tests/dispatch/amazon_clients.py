"""Clients for the shop at the stand-in, and a clock on which waiting takes no time."""

import threading
from datetime import UTC, datetime, timedelta

from bot.amazon.access import ApiAccess
from bot.amazon.client import AmazonApi, Patience
from bot.clock import FixedClock
from bot.sandbox.amazon.server import AmazonSandbox
from tests.dispatch.amazon_shop import REFRESH, SECRET

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


class HurriedClock(FixedClock):
    """Stands still; who waits moves it. `waits` are the seconds that were waited."""

    def __init__(self) -> None:
        super().__init__(NOON)
        self.waits: list[float] = []

    def wait(self, event: threading.Event, span: timedelta) -> bool:
        self.waits.append(span.total_seconds())
        self.advance(span)
        return event.is_set()


def access_of(amazon: AmazonSandbox, store: str, **other) -> ApiAccess:
    given = {
        "store": store,
        "endpoint": amazon.url,
        "refresh_token": REFRESH.get(store, f"refresh.{store}"),
        "client_id": "app",
        "client_secret": SECRET,
        "token_url": amazon.token_url,
    }
    return ApiAccess(**given | other)


def clients(amazon: AmazonSandbox, clock: FixedClock | None = None, **other) -> AmazonApi:
    stores = {store: access_of(amazon, store, **other) for store in REFRESH}
    return AmazonApi(stores, clock or HurriedClock(), patience=Patience(tries=3))
