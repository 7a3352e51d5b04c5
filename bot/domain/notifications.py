"""Amazon's notifications: what one says, which stores it is about, whether it is news.

Of the two kinds that count, only ORDER_CHANGE has a published schema (OrderChangeNotification.json), in PascalCase,
with the seller's id. ACCOUNT_STATUS_CHANGED comes in camelCase, names no site, and as sellers report (2023, 2026) no
seller either: whose it is shows only in the subscription that it came by. So both spellings are read, and both ways
lead to a store.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

ORDER_CHANGE, ACCOUNT_STATUS_CHANGED = "ORDER_CHANGE", "ACCOUNT_STATUS_CHANGED"
"""The kinds that count."""
NORMAL, AT_RISK, DEACTIVATED = "NORMAL", "AT_RISK", "DEACTIVATED"
_SEVERITY = {NORMAL: 0, AT_RISK: 1, DEACTIVATED: 2}
SAME = timedelta(hours=1)
"""The same change within this time is one that Amazon tells for several sites of an account."""
_ORDER_ID = re.compile(r"\d{3}-\d{7}-\d{7}")
_KIND = re.compile(r"[A-Z0-9_]{1,60}")
_WORD = re.compile(r"[A-Z_]{1,30}")
_ID = re.compile(r"[A-Za-z0-9._:-]{1,100}")


@dataclass(frozen=True, slots=True)
class Origin:
    """By what a notification says whose it is; "" where it does not say so."""

    seller: str = ""
    subscription: str = ""


@dataclass(frozen=True, slots=True)
class OrderChange:
    """An order has changed: another status, a buyer who wants it cancelled."""

    origin: Origin
    order_id: str


@dataclass(frozen=True, slots=True)
class StatusChange:
    """Amazon thinks differently of a seller's account. `before` and `after` are Amazon's words; "" if not said.

    `id` is the notification's own; `at` when Amazon says it happened, None if it does not.
    """

    origin: Origin
    before: str
    after: str
    id: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OtherKind:
    """A notification of a kind that is not for us; `kind` is Amazon's word."""

    kind: str


@dataclass(frozen=True, slots=True)
class Malformed:
    """No notification at all, or one of our kinds without what it has to say. `why` is words of ours."""

    why: str


Notification = OrderChange | StatusChange | OtherKind | Malformed


@dataclass(frozen=True, slots=True)
class Sender:
    """By what the notifications of a store are known: the seller's id, and the ids of its subscriptions."""

    seller: str
    subscriptions: frozenset[str] = frozenset()


def read(body: str) -> Notification:
    """What a message of the queue says. Never fails."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return Malformed("no JSON")
    kind = _text(told, "NotificationType", _KIND)
    if not kind:
        return Malformed("no kind")
    payload = _value(told, "Payload")
    if kind == ORDER_CHANGE:
        return _order_change(told, _value(payload, "OrderChangeNotification"))
    if kind == ACCOUNT_STATUS_CHANGED:
        return _status_change(told, _value(payload, "AccountStatusChangeNotification"))
    return OtherKind(kind)


def _order_change(told: object, said: object) -> Notification:
    order_id = _text(said, "AmazonOrderId", _ORDER_ID)
    return OrderChange(_origin(told, said), order_id) if order_id else Malformed("an order without its id")


def _status_change(told: object, said: object) -> Notification:
    after = _text(said, "CurrentAccountStatus", _WORD)
    if not after:
        return Malformed("an account without its status")
    return StatusChange(
        origin=_origin(told, said),
        before=_text(said, "PreviousAccountStatus", _WORD),
        after=after,
        id=_text(_value(told, "NotificationMetadata"), "NotificationId", _ID),
        at=_instant(_value(told, "EventTime")),
    )


def _origin(told: object, said: object) -> Origin:
    seller = next((one for key in ("SellerId", "MerchantId") if (one := _text(said, key, _ID))), "")
    return Origin(seller, _text(_value(told, "NotificationMetadata"), "SubscriptionId", _ID))


def stores_of(origin: Origin, senders: Mapping[str, Sender]) -> tuple[str, ...] | None:
    """The stores that a notification is about: () if it is surely none of ours, None if it does not say whose it is."""
    found = tuple(
        store
        for store, one in senders.items()
        if (origin.seller and origin.seller == one.seller) or origin.subscription in one.subscriptions
    )
    return found or (() if origin.seller else None)


def is_worse(before: str, after: str) -> bool:
    """Whether an account is in more danger than it was; a word that we don't know says nothing of danger."""
    return _SEVERITY.get(after, 0) > _SEVERITY.get(before, 0)


def is_news(change: StatusChange, at: datetime, last: tuple[str, str, datetime] | None) -> bool:
    """Whether a change that happened `at` is one, beside the `last` (before, after, when) of that store.

    Notifications come late and out of order: what is older than what we know is no news any more.
    """
    if change.before == change.after:
        return False
    if last is None:
        return True
    before, after, when = last
    return at >= when and ((before, after) != (change.before, change.after) or at >= when + SAME)


def _value(told: object, key: str) -> object:
    """What stands under a key, in either spelling."""
    if not isinstance(told, dict):
        return None
    return told.get(key, told.get(key[0].lower() + key[1:]))


def _text(told: object, key: str, form: re.Pattern[str]) -> str:
    found = _value(told, key)
    return found if isinstance(found, str) and form.fullmatch(found) else ""


def _instant(told: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(told if isinstance(told, str) else "")
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
