"""An order as an agent needs it: what was bought, who ships it, what was promised, where it is.

Nothing in here needs a restricted role: no name, no address, no telephone number. Words are Amazon's (Orders API
2026-01-01); what Amazon left out, or said in a word that we don't know, is UNKNOWN, None or empty, never an error.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.money import Money


class OrderStatus(StrEnum):
    """How far an order, or one that is waited for, has come."""

    PENDING_AVAILABILITY = "PENDING_AVAILABILITY"
    PENDING = "PENDING"
    UNSHIPPED = "UNSHIPPED"
    PARTIALLY_SHIPPED = "PARTIALLY_SHIPPED"
    SHIPPED = "SHIPPED"
    CANCELLED = "CANCELLED"
    UNFULFILLABLE = "UNFULFILLABLE"
    UNKNOWN = "UNKNOWN"


class FulfilledBy(StrEnum):
    """Who packs and ships: Amazon (FBA) or the store itself (FBM)."""

    AMAZON = "AMAZON"
    MERCHANT = "MERCHANT"
    UNKNOWN = "UNKNOWN"


class PackageStatus(StrEnum):
    """Where a package is."""

    PENDING = "PENDING"
    SHIPPED = "SHIPPED"
    IN_TRANSIT = "IN_TRANSIT"
    DELIVERED = "DELIVERED"
    CANCELLED = "CANCELLED"
    UNDELIVERABLE = "UNDELIVERABLE"
    UNKNOWN = "UNKNOWN"


class LinkKind(StrEnum):
    """How this order is tied to another: it replaces that one, it is the exchange for it, or otherwise."""

    REPLACEMENT = "REPLACEMENT_ORIGINAL_ID"
    EXCHANGE = "EXCHANGE_ORIGINAL_ID"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Window:
    """A promise: not before `earliest`, not after `latest`; either may be missing, not both."""

    earliest: datetime | None
    latest: datetime | None


@dataclass(frozen=True, slots=True)
class CancelRequest:
    """Somebody asked to cancel an article: who, in Amazon's word (BUYER), and why, if they said so."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Article:
    """One line of an order. `price` is for one piece."""

    id: str
    asin: str
    sku: str
    title: str
    quantity: int | None
    price: Money | None
    cancel_request: CancelRequest | None = None


@dataclass(frozen=True, slots=True)
class Package:
    """One package of an order that the store ships itself. `detail` is Amazon's finer word for its status."""

    id: str
    carrier: str
    tracking: str
    status: PackageStatus
    detail: str
    shipped_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderLink:
    """Another order that this one belongs to."""

    order_id: str
    kind: LinkKind


@dataclass(frozen=True, slots=True)
class Order:
    """One order. `marketplace` is its code (DE), "" for a site that we don't know."""

    order_id: str
    marketplace: str
    status: OrderStatus
    fulfilled_by: FulfilledBy
    bought_at: datetime | None
    changed_at: datetime | None
    ship_by: Window | None
    deliver_by: Window | None
    articles: tuple[Article, ...] = ()
    packages: tuple[Package, ...] = ()
    links: tuple[OrderLink, ...] = ()

    @property
    def cancel_requests(self) -> tuple[CancelRequest, ...]:
        """What somebody asked to cancel, article by article."""
        return tuple(one.cancel_request for one in self.articles if one.cancel_request is not None)

    @property
    def delivered_by(self) -> datetime | None:
        """The latest instant by which it should be with the buyer: where keeping personal data starts to end."""
        return self.deliver_by.latest if self.deliver_by else None
