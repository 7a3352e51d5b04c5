"""python-amazon-sp-api as we use it: it knows paths, verbs and parameters; the asking is our own.

Its constructor takes credentials from the environment where it misses some, and lets a variable overrule the
marketplace; its `_request` lets failures pass as success, adds keys to bodies and queries, and logs tokens at
debug level. So neither is used: each class gets what its methods need, and hands over what they want asked.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from sp_api.api import Messaging, Notifications, OrdersV20260101, Solicitations

from bot.amazon.line import Answer

Ask = Callable[[str, str, dict[str, Any], dict[str, Any] | None], Answer]
"""Asks (verb, path, query, body) and gives the answer back."""


class _OurWay:
    """Instead of the library's constructor and request. `marketplace_id` is the order's, not the store's."""

    def __init__(self, ask: Ask, marketplace_id: str = "") -> None:
        self.marketplace_id = marketplace_id
        self._ask = ask

    def _request(
        self, path: str, *, data: dict[str, Any] | None = None, params: dict[str, Any] | None = None, **_: Any
    ) -> Answer:
        query = dict(params or {})
        verb = query.pop("method", "GET")
        return self._ask(verb, path, query, data)


class OrderCalls(_OurWay, OrdersV20260101):  # type: ignore[misc]  # the library has no types
    """`get_order(order_id, includedData=[...])`"""


class MessageCalls(_OurWay, Messaging):  # type: ignore[misc]  # the library has no types
    """`get_messaging_actions_for_order(order_id, marketplaceIds=[...])`, `send_invoice(order_id, body=...)` ..."""


class SolicitationCalls(_OurWay, Solicitations):  # type: ignore[misc]  # the library has no types
    """`get_solicitation_actions_for_order(order_id, marketplaceIds=[...])` ..."""


class NotificationCalls(_OurWay, Notifications):  # type: ignore[misc]  # the library has no types
    """`get_subscription(kind)`"""


def create_upload(ask: Ask, resource: str, query: dict[str, str]) -> Answer:
    """The library's own call encodes the checksum twice, so this one is ours. `resource` keeps its slashes."""
    return ask(
        "POST", f"/uploads/2020-11-01/uploadDestinations/{quote(resource, safe='/')}", dict(query), None
    )
