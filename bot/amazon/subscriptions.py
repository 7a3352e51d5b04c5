"""A store's subscriptions to Amazon's notifications (Notifications API v1): which there are, not how to make one."""

from bot.amazon.client import StoreApi
from bot.amazon.library import NotificationCalls
from bot.amazon.words import one_line
from bot.errors import Refused


def subscription_of(api: StoreApi, kind: str) -> str | None:
    """The id of the store's subscription to a kind of notification; None if it has none.

    Raises what `StoreApi.read` raises.
    """
    try:
        answer = api.read("getSubscription", lambda ask: NotificationCalls(ask).get_subscription(kind))
    except Refused as why:
        if why.code in ("NotFound", "404"):
            return None
        raise
    told = answer.get("payload")
    return one_line(told.get("subscriptionId") if isinstance(told, dict) else None, 100) or None
