"""Typed messages by Amazon's Messaging API: what an order allows, the files, and the one request that sends.

A message ends as `SentMessage`, Refused with the reason, or Unsure; Unreachable and Throttled say that nothing was
sent and that it may be tried later. Files are put up before: until the request itself, nothing reaches the buyer.
"""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.amazon.client import StoreApi
from bot.amazon.library import Ask, MessageCalls, create_upload
from bot.amazon.line import Answer
from bot.amazon.words import one_line
from bot.domain.marketplaces import MARKETPLACES
from bot.domain.typed_messages import FORMS, MessageFile, MessageKind, TypedMessage, form_faults
from bot.errors import Unreachable, WrongInput

_METHODS = {
    MessageKind.CUSTOMIZATION: "confirm_customization_details",
    MessageKind.DELIVERY: "create_confirm_delivery_details",
    MessageKind.LEGAL: "create_legal_disclosure",
    MessageKind.ORDER: "create_confirm_order_details",
    MessageKind.SERVICE: "create_confirm_service_details",
    MessageKind.WARRANTY: "create_warranty",
    MessageKind.ACCESS_KEY: "create_digital_access_key",
    MessageKind.PROBLEM: "create_unexpected_problem",
    MessageKind.INVOICE: "send_invoice",
}
"""The library's name for each."""


@dataclass(frozen=True, slots=True)
class SentMessage:
    """Amazon's word that it took the message. It gives no id of it; `request_id` is for Amazon's support."""

    kind: MessageKind
    request_id: str


def allowed_kinds(api: StoreApi, order_id: str, marketplace: str) -> tuple[MessageKind, ...]:
    """What may be sent about this order now, in our order. Raises what `StoreApi.read` raises.

    `marketplace` is the order's code (DE). Kinds that Amazon names and we don't know are left out.
    """
    site = MARKETPLACES[marketplace].id
    answer = api.read(
        "getMessagingActionsForOrder",
        lambda ask: MessageCalls(ask, site).get_messaging_actions_for_order(order_id, marketplaceIds=[site]),
    )
    links = answer.get("_links")
    actions = links.get("actions") if isinstance(links, dict) else None
    named = {_named(one) for one in actions if isinstance(one, dict)} if isinstance(actions, list) else set()
    return tuple(kind for kind in MessageKind if kind in named)


def buyer_locale(api: StoreApi, order_id: str, marketplace: str) -> str:
    """The buyer's language as Amazon has it (de-DE), "" if it does not say. Raises what `StoreApi.read` raises."""
    site = MARKETPLACES[marketplace].id
    answer = api.read(
        "GetAttributes",
        lambda ask: MessageCalls(ask, site).get_attributes(order_id, marketplaceIds=[site]),
    )
    buyer = answer.get("buyer")
    return one_line(buyer.get("locale") if isinstance(buyer, dict) else None, 20)


def send(
    api: StoreApi,
    order_id: str,
    marketplace: str,
    message: TypedMessage,
    last_look: Callable[[], None] = lambda: None,
) -> SentMessage:
    """Put up the files, then send the message, once. See the head of this file for how it can end.

    `last_look` is called just before the message leaves; what it raises keeps it here. Raises WrongInput for a
    message that does not fit its form, before anything is asked.
    """
    faults = form_faults(message)
    if faults:
        raise WrongInput(f"This {message.kind} message does not fit its form: {'; '.join(map(str, faults))}")
    site = MARKETPLACES[marketplace].id
    ids = [_put_up(api, order_id, site, message.kind, file) for file in message.files]
    body = _body(message, ids)

    def call(ask: Ask) -> Answer:
        answer: Answer = getattr(MessageCalls(ask, site), _METHODS[message.kind])(order_id, body=body)
        return answer

    answer = api.send(FORMS[message.kind].operation, call, last_look)
    return SentMessage(message.kind, one_line(answer.headers.get("x-amzn-requestid"), 100))


def _named(action: dict[str, Any]) -> str:
    """The end of the path that sends it; Amazon's example gives no name for an invoice."""
    path = str(action.get("href", "")).partition("?")[0]
    _head, found, tail = path.rpartition("/messages/")
    return tail if found else str(action.get("name", ""))


def _body(message: TypedMessage, ids: Sequence[str]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if message.text:
        body["text"] = message.text
    if ids:
        body["attachments"] = [
            {"uploadDestinationId": id_, "fileName": file.name}
            for id_, file in zip(ids, message.files, strict=True)
        ]
    if message.covers_from:
        body["coverageStartDate"] = _iso(message.covers_from)
    if message.covers_until:
        body["coverageEndDate"] = _iso(message.covers_until)
    return body


def _put_up(api: StoreApi, order_id: str, site: str, kind: MessageKind, file: MessageFile) -> str:
    """Where the file went; can be done again. The checksum is base64 of the MD5, encoded once by the line."""
    md5 = base64.b64encode(hashlib.md5(file.content, usedforsecurity=False).digest()).decode()
    query = {"marketplaceIds": site, "contentMD5": md5, "contentType": file.content_type}
    answer = api.read(
        "createUploadDestinationForResource",
        lambda ask: create_upload(ask, f"messaging/v1/orders/{order_id}/messages/{kind}", query),
    )
    place = answer.get("payload")
    place = place if isinstance(place, dict) else {}
    id_, url, headers = place.get("uploadDestinationId"), place.get("url"), place.get("headers")
    if not isinstance(id_, str) or not isinstance(url, str) or not isinstance(headers, dict):
        raise Unreachable(f"Amazon gave the store {api.store} no place for a file. It is asked again later")
    api.put_file(url, {str(name): str(value) for name, value in headers.items()}, file.content)
    return id_


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
