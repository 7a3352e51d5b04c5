"""Notifications in Amazon's own shapes: the example of its schema, and what sellers get of an account's status."""

from datetime import UTC, datetime
from typing import Any

ORDER = "305-1234567-1234567"
AT = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)


def order_change(subscription: str = "sub-order", **changes: object) -> dict[str, Any]:
    """The example of OrderChangeNotification.json, seller A1SELLERUS; `changes` are keys of the order."""
    summary = {"MarketplaceId": "A1PA6795UKMFR9", "OrderStatus": "Shipped", "FulfillmentType": "MFN"}
    said = {
        "NotificationLevel": "OrderLevel",
        "SellerId": "A1SELLERUS",
        "AmazonOrderId": ORDER,
        "OrderChangeType": "OrderStatusChange",
        "OrderChangeTrigger": {"TimeOfOrderChange": None, "ChangeReason": "Shipped"},
        "Summary": {**summary, "DestinationPostalCode": "48110", "OrderItems": []},
    }
    return {
        "NotificationVersion": "1.0",
        "NotificationType": "ORDER_CHANGE",
        "PayloadVersion": "1.0",
        "EventTime": "2026-11-25T08:30:00.109Z",
        "Payload": {"OrderChangeNotification": said | changes},
        "NotificationMetadata": {"SubscriptionId": subscription, "NotificationId": "order-1"},
    }


def account_status(
    before: str,
    after: str,
    *,
    subscription: str = "sub-us",
    id: str = "account-1",
    at: datetime = AT,
    **more: object,
) -> dict[str, Any]:
    """An account's other status, at an instant, by a subscription."""
    return {
        "notificationVersion": "1.0",
        "notificationType": "ACCOUNT_STATUS_CHANGED",
        "payloadVersion": "1.0",
        "eventTime": at.isoformat().replace("+00:00", "Z"),
        "payload": {
            "accountStatusChangeNotification": {
                "previousAccountStatus": before,
                "currentAccountStatus": after,
                **more,
            }
        },
        "notificationMetadata": {"subscriptionId": subscription, "notificationId": id},
    }
