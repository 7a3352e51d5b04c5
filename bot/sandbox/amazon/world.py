"""What the stand-in knows: seller accounts, their orders, the messages that they sent, the files that they put up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.sandbox.amazon.model import Json

ALL_ROLES = frozenset(("orders", "messaging", "uploads", "solicitations", "notifications", "restricted"))
ROLES = ALL_ROLES - {"restricted"}
MESSAGE_TAILS = (
    "confirmCustomizationDetails",
    "confirmDeliveryDetails",
    "legalDisclosure",
    "confirmOrderDetails",
    "confirmServiceDetails",
    "warranty",
    "digitalAccessKey",
    "unexpectedProblem",
    "invoice",
)
SOLICITATION = "productReviewAndSellerFeedback"


class Refusal(Exception):
    """Amazon says no, with a status, a code, and the key that is wrong in `details`."""

    def __init__(self, status: int, code: str, message: str, details: str = "") -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.message, self.details = status, code, message, details


@dataclass(slots=True)
class Account:
    """One selling partner's authorisation of an application. `roles` are what the application may."""

    name: str
    refresh_token: str = field(repr=False)
    client_id: str
    client_secret: str = field(repr=False)
    roles: frozenset[str] = ROLES
    is_revoked: bool = False


@dataclass(slots=True)
class KnownOrder:
    """An order, in the form of the model, with what may be sent about it. No account: everybody's."""

    order: Json
    account: str | None
    actions: tuple[str, ...]
    locale: str


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that a buyer got. `kind` is the end of its path: invoice, warranty ..."""

    account: str
    order_id: str
    marketplace_id: str
    kind: str
    body: Json = field(repr=False)
    at: datetime


@dataclass(slots=True)
class Destination:
    """A place for one file: what was promised of it, and its content once it has come."""

    id: str
    account: str
    resource: str
    md5: str
    content_type: str
    content: bytes | None = field(default=None, repr=False)


@dataclass(slots=True)
class World:
    """All of it; whoever looks or changes holds the sandbox's lock."""

    accounts: dict[str, Account] = field(default_factory=dict)
    orders: dict[str, KnownOrder] = field(default_factory=dict)
    sent: list[SentMessage] = field(default_factory=list)
    destinations: dict[str, Destination] = field(default_factory=dict)
    subscriptions: dict[tuple[str, str], str] = field(default_factory=dict)
    """Ids of subscriptions to notifications, by account and kind."""
    without_reviews: set[str] = field(default_factory=set)
    """Orders of which no review can be asked for now: too soon after delivery, or too late."""
    look_up: Callable[[str], KnownOrder | None] = lambda _order_id: None
    """Where an order comes from that nobody has put in yet."""

    def order_of(self, account: Account, order_id: str) -> KnownOrder:
        """The order, if this account may see it. Raises Refusal."""
        known = self.orders.get(order_id) or self.look_up(order_id)
        if known is not None:
            self.orders[order_id] = known
        if known is None or known.account not in (None, account.name):
            raise Refusal(404, "NotFound", "The requested resource doesn't exist.", f"order {order_id}")
        return known

    def subscription_of(self, account: Account, kind: str) -> Json:
        """`getSubscription`: the account's own to a kind of notification. Raises Refusal."""
        found = self.subscriptions.get((account.name, kind))
        if found is None:
            raise Refusal(404, "NotFound", "The requested resource doesn't exist.", f"subscription to {kind}")
        told = {"subscriptionId": found, "payloadVersion": "1.0", "destinationId": "destination-1"}
        return {"payload": told}
