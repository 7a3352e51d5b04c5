"""Reading one order from Amazon (Orders API 2026-01-01, `getOrder`; v0 ends on 2027-03-27).

Only data sets that need no restricted role are asked for. A field that is missing, of another kind or in an
unknown word never fails: the order says what it knows.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from bot.amazon.client import StoreApi
from bot.amazon.library import OrderCalls
from bot.amazon.words import one_line
from bot.domain.marketplaces import BY_ID
from bot.domain.money import Money
from bot.domain.orders import (
    Article,
    CancelRequest,
    FulfilledBy,
    LinkKind,
    Order,
    OrderLink,
    OrderStatus,
    Package,
    PackageStatus,
    Window,
)

DATA_SETS = ("FULFILLMENT", "PACKAGES", "CANCELLATION")

Json = Mapping[str, Any]
_Word = TypeVar("_Word", bound=StrEnum)
_TEXT = 500
_MANY = 200


def look_up(api: StoreApi, order_id: str) -> Order:
    """The order, as Amazon has it now. Raises what `StoreApi.read` raises; Refused when it is not this store's."""
    answer = api.read(
        "getOrder", lambda ask: OrderCalls(ask).get_order(order_id, includedData=list(DATA_SETS))
    )
    return order_of(_object(answer.get("order")), order_id)


def order_of(told: Json, order_id: str) -> Order:
    """The order in Amazon's own form, read. Never fails; `order_id` is what was asked for."""
    fulfillment = _object(told.get("fulfillment"))
    site = BY_ID.get(_text(_object(told.get("salesChannel")).get("marketplaceId")))
    return Order(
        order_id=_text(told.get("orderId")) or order_id,
        marketplace=site.code if site else "",
        status=_word(OrderStatus, fulfillment.get("fulfillmentStatus")),
        fulfilled_by=_word(FulfilledBy, fulfillment.get("fulfilledBy")),
        bought_at=_instant(told.get("createdTime")),
        changed_at=_instant(told.get("lastUpdatedTime")),
        ship_by=_window(fulfillment.get("shipByWindow")),
        deliver_by=_window(fulfillment.get("deliverByWindow")),
        articles=tuple(map(_article, _objects(told.get("orderItems")))),
        packages=tuple(map(_package, _objects(told.get("packages")))),
        links=tuple(_links(told.get("associatedOrders"))),
    )


def _article(told: Json) -> Article:
    product = _object(told.get("product"))
    quantity = told.get("quantityOrdered")
    return Article(
        id=_text(told.get("orderItemId")),
        asin=_text(product.get("asin")),
        sku=_text(product.get("sellerSku")),
        title=_text(product.get("title")),
        quantity=quantity if type(quantity) is int and quantity >= 0 else None,
        price=_money(_object(product.get("price")).get("unitPrice")),
        cancel_request=_cancel_request(_object(told.get("cancellation")).get("cancellationRequest")),
    )


def _cancel_request(told: Any) -> CancelRequest | None:
    if not isinstance(told, dict):
        return None
    return CancelRequest(_text(told.get("requester")), _text(told.get("cancelReason")))


def _package(told: Json) -> Package:
    status = _object(told.get("packageStatus"))
    return Package(
        id=_text(told.get("packageReferenceId")),
        carrier=_text(told.get("carrier")),
        tracking=_text(told.get("trackingNumber")),
        status=_word(PackageStatus, status.get("status")),
        detail=_text(status.get("detailedStatus")),
        shipped_at=_instant(told.get("shipTime")),
    )


def _links(told: Any) -> Iterator[OrderLink]:
    for one in _objects(told):
        other = _text(one.get("orderId"))
        if other:
            yield OrderLink(other, _word(LinkKind, one.get("associationType")))


def _window(told: Any) -> Window | None:
    earliest = _instant(_object(told).get("earliestDateTime"))
    latest = _instant(_object(told).get("latestDateTime"))
    return Window(earliest, latest) if earliest or latest else None


def _money(told: Any) -> Money | None:
    currency = _text(_object(told).get("currencyCode"))
    try:
        amount = Decimal(_text(_object(told).get("amount")))
    except InvalidOperation:
        return None
    return Money(amount, currency) if currency and amount.is_finite() else None


def _instant(told: Any) -> datetime | None:
    """Aware, UTC. Without an offset it is UTC: all times of this API are."""
    try:
        found = datetime.fromisoformat(_text(told))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _word(words: type[_Word], told: Any) -> _Word:
    return words(told) if isinstance(told, str) and told in set(words) else words("UNKNOWN")


def _text(told: Any) -> str:
    return one_line(told, _TEXT)


def _object(told: Any) -> Json:
    return told if isinstance(told, dict) else {}


def _objects(told: Any) -> Sequence[Json]:
    return [one for one in told[:_MANY] if isinstance(one, dict)] if isinstance(told, list) else []
