"""Orders of the stand-in: given out with the data sets that were asked for, and invented for tests and the demo."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.marketplaces import MARKETPLACES
from bot.errors import WrongInput
from bot.sandbox.amazon.model import Json, definitions, operations
from bot.sandbox.amazon.validation import faults_of
from bot.sandbox.amazon.world import MESSAGE_TAILS, Account, KnownOrder, Refusal, World

# What comes only when it is asked for; all else always does.
_OF_ORDER = {
    "buyer": "BUYER",
    "recipient": "RECIPIENT",
    "proceeds": "PROCEEDS",
    "payment": "PAYMENT",
    "tax": "TAX",
    "fulfillment": "FULFILLMENT",
    "packages": "PACKAGES",
    "fulfillmentOrders": "FULFILLMENT_ORDERS",
}
_OF_ITEM = {
    "proceeds": "PROCEEDS",
    "expense": "EXPENSE",
    "promotion": "PROMOTION",
    "cancellation": "CANCELLATION",
    "fulfillment": "FULFILLMENT",
    "tax": "TAX",
}
_RESTRICTED = frozenset(("BUYER", "RECIPIENT", "TAX"))


def get_order(world: World, account: Account, path: dict[str, str], query: dict[str, str]) -> Json:
    """`getOrder`: the order with the asked data sets. Raises Refusal."""
    asked = set(query.get("includedData", "").split(","))
    if asked & _RESTRICTED and "restricted" not in account.roles:
        kinds = ", ".join(sorted(asked & _RESTRICTED))
        raise Refusal(
            403, "Unauthorized", "Access to requested resource is denied.", f"includedData: {kinds}"
        )
    order = world.order_of(account, path["orderId"]).order
    found = _asked_for(order, _OF_ORDER, asked)
    found["orderItems"] = [_asked_for(one, _OF_ITEM, asked) for one in order["orderItems"]]
    if order.get("fulfillment", {}).get("fulfilledBy") == "AMAZON":
        found.pop("packages", None)
    return {"order": found}


def _asked_for(whole: Json, sets: dict[str, str], asked: set[str]) -> Json:
    return {key: value for key, value in whole.items() if key not in sets or sets[key] in asked}


def known(
    order: Json, account: str | None = None, actions: tuple[str, ...] = MESSAGE_TAILS, locale: str = "en-US"
) -> KnownOrder:
    """`order` as the stand-in keeps it. Raises WrongInput, naming each key that does not fit the model."""
    schemas = definitions("orders_2026-01-01")
    faults = list(faults_of(order, schemas["Order"], schemas, "order"))
    if faults:
        raise WrongInput("Amazon's model does not allow this order:\n" + "\n".join(faults))
    return KnownOrder(order, account, actions, locale)


def examples() -> Iterator[Json]:
    """The orders in the model's examples."""
    for one in operations()["getOrder"].examples:
        if one.status == 200:
            yield one.answer["order"]


def invent(order_id: str, marketplace: str, bought_at: datetime, **about: Any) -> Json:
    """An invented order of one product in the form of the model.

    `about`: asin, sku, title, quantity, price, status, fulfilled_by (MERCHANT, AMAZON), carrier, tracking (makes
    a package), package_status, cancel_reason (the buyer wants to cancel), original_order (this replaces it).
    """
    site = MARKETPLACES[marketplace]
    order: Json = {
        "orderId": order_id,
        "createdTime": _iso(bought_at),
        "lastUpdatedTime": _iso(bought_at),
        "salesChannel": {
            "channelName": "AMAZON",
            "marketplaceId": site.id,
            "marketplaceName": f"Amazon.{site.domain}",
        },
        "fulfillment": _fulfillment(bought_at, about),
        "orderItems": [_order_item(order_id, site.currency, about)],
    }
    if "tracking" in about:
        order["packages"] = [_package(bought_at, about)]
    if "original_order" in about:
        link = {"orderId": about["original_order"], "associationType": "REPLACEMENT_ORIGINAL_ID"}
        order["associatedOrders"] = [link]
    return order


def _fulfillment(bought_at: datetime, about: Json) -> Json:
    def window(first: int, last: int) -> Json:
        first_at, last_at = bought_at + timedelta(days=first), bought_at + timedelta(days=last)
        return {"earliestDateTime": _iso(first_at), "latestDateTime": _iso(last_at)}

    return {
        "fulfillmentStatus": about.get("status", "SHIPPED" if "tracking" in about else "UNSHIPPED"),
        "fulfilledBy": about.get("fulfilled_by", "MERCHANT"),
        "fulfillmentServiceLevel": "STANDARD",
        "shipByWindow": window(1, 2),
        "deliverByWindow": window(3, 6),
    }


def _order_item(order_id: str, currency: str, about: Json) -> Json:
    amount = {"amount": str(about.get("price", "29.90")), "currencyCode": currency}
    item: Json = {
        "orderItemId": order_id.replace("-", "")[:14],
        "quantityOrdered": about.get("quantity", 1),
        "product": {
            "asin": about.get("asin", "B0EXAMPLE1"),
            "title": about.get("title", "Steel water bottle, 750 ml"),
            "sellerSku": about.get("sku", "BOTTLE-750"),
            "price": {"unitPrice": amount},
        },
    }
    if "cancel_reason" in about:
        request = {"requester": "BUYER", "cancelReason": about["cancel_reason"]}
        item["cancellation"] = {"cancellationRequest": request}
    return item


def _package(bought_at: datetime, about: Json) -> Json:
    return {
        "packageReferenceId": "1",
        "carrier": about.get("carrier", "DHL"),
        "trackingNumber": about["tracking"],
        "shipTime": _iso(bought_at + timedelta(days=1)),
        "packageStatus": {"status": about.get("package_status", "IN_TRANSIT")},
    }


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
