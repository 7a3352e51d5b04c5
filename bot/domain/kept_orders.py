"""An order as it is kept: what is known of it and since when, and how it becomes JSON and an order again.

Reading never fails: what an older or a newer program wrote says what this one understands of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

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

WANTED, KNOWN, MISSING, FAILED = "wanted", "known", "missing", "failed"
"""How far we are: not asked yet; answered; Amazon does not know it; it could not be asked so far."""

Json = Mapping[str, Any]
_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class KeptOrder:
    """What is known of an order of a case. `known_at`: when Amazon said it; `asked_at`: when it was last asked.

    `locked_since`: since when Amazon's API does not let the store in; None if it does. `is_late`: the last question
    got no answer.
    """

    order_id: str
    state: str
    order: Order | None = None
    asked_at: datetime | None = None
    known_at: datetime | None = None
    is_late: bool = False
    locked_since: datetime | None = None


def written(order: Order) -> dict[str, Any]:
    """The order as JSON."""
    return {
        "order_id": order.order_id,
        "marketplace": order.marketplace,
        "status": order.status.value,
        "fulfilled_by": order.fulfilled_by.value,
        "bought_at": _stamp(order.bought_at),
        "changed_at": _stamp(order.changed_at),
        "ship_by": _span(order.ship_by),
        "deliver_by": _span(order.deliver_by),
        "articles": [_article_written(one) for one in order.articles],
        "packages": [_package_written(one) for one in order.packages],
        "links": [{"order_id": one.order_id, "kind": one.kind.value} for one in order.links],
    }


def _article_written(one: Article) -> dict[str, Any]:
    asked = one.cancel_request
    return {
        "id": one.id,
        "asin": one.asin,
        "sku": one.sku,
        "title": one.title,
        "quantity": one.quantity,
        "price": [str(one.price.amount), one.price.currency] if one.price else None,
        "cancel_request": {"by": asked.by, "reason": asked.reason} if asked else None,
    }


def _package_written(one: Package) -> dict[str, Any]:
    return {
        "id": one.id,
        "carrier": one.carrier,
        "tracking": one.tracking,
        "status": one.status.value,
        "detail": one.detail,
        "shipped_at": _stamp(one.shipped_at),
    }


def _stamp(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _span(window: Window | None) -> list[str | None] | None:
    return [_stamp(window.earliest), _stamp(window.latest)] if window else None


def read(told: Json) -> Order:
    """The order that `written` wrote. Never fails."""
    return Order(
        order_id=_text(told.get("order_id")),
        marketplace=_text(told.get("marketplace")),
        status=_word(OrderStatus, told.get("status")),
        fulfilled_by=_word(FulfilledBy, told.get("fulfilled_by")),
        bought_at=_instant(told.get("bought_at")),
        changed_at=_instant(told.get("changed_at")),
        ship_by=_window(told.get("ship_by")),
        deliver_by=_window(told.get("deliver_by")),
        articles=tuple(map(_article, _objects(told.get("articles")))),
        packages=tuple(map(_package, _objects(told.get("packages")))),
        links=tuple(
            OrderLink(_text(one.get("order_id")), _word(LinkKind, one.get("kind")))
            for one in _objects(told.get("links"))
        ),
    )


def _article(told: Json) -> Article:
    quantity, asked = told.get("quantity"), told.get("cancel_request")
    return Article(
        id=_text(told.get("id")),
        asin=_text(told.get("asin")),
        sku=_text(told.get("sku")),
        title=_text(told.get("title")),
        quantity=quantity if type(quantity) is int else None,
        price=_money(told.get("price")),
        cancel_request=CancelRequest(_text(asked.get("by")), _text(asked.get("reason")))
        if isinstance(asked, Mapping)
        else None,
    )


def _package(told: Json) -> Package:
    return Package(
        id=_text(told.get("id")),
        carrier=_text(told.get("carrier")),
        tracking=_text(told.get("tracking")),
        status=_word(PackageStatus, told.get("status")),
        detail=_text(told.get("detail")),
        shipped_at=_instant(told.get("shipped_at")),
    )


def _window(told: Any) -> Window | None:
    if not isinstance(told, list) or len(told) != 2:
        return None
    earliest, latest = map(_instant, told)
    return Window(earliest, latest) if earliest or latest else None


def _money(told: Any) -> Money | None:
    if not isinstance(told, list) or len(told) != 2:
        return None
    try:
        return Money(Decimal(_text(told[0])), _text(told[1]))
    except InvalidOperation:
        return None


def _instant(told: Any) -> datetime | None:
    """Aware, as it was written; a time that says no zone is nobody's."""
    try:
        found = datetime.fromisoformat(_text(told))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _word(words: type[_Word], told: Any) -> _Word:
    return words(told) if isinstance(told, str) and told in set(words) else words("UNKNOWN")


def _text(told: Any) -> str:
    return told if isinstance(told, str) else ""


def _objects(told: Any) -> Iterator[Json]:
    yield from (one for one in told if isinstance(one, Mapping)) if isinstance(told, list) else ()
