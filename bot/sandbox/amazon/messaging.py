"""Messaging and solicitations of the stand-in: what an order allows, and what was sent."""

from datetime import datetime

from bot.sandbox.amazon.model import Json, Operation
from bot.sandbox.amazon.world import SOLICITATION, Account, Refusal, SentMessage, World


def looked(world: World, account: Account, operation: str, order_id: str, marketplace_id: str) -> Json:
    """The three questions that send nothing. Raises Refusal."""
    if operation == "GetAttributes":
        return attributes(world, account, order_id)
    asked = actions if operation == "getMessagingActionsForOrder" else solicitation_actions
    return asked(world, account, order_id, marketplace_id)


def actions(world: World, account: Account, order_id: str, marketplace_id: str) -> Json:
    """`getMessagingActionsForOrder`, in HAL. Raises Refusal."""
    place = f"/messaging/v1/orders/{order_id}"
    allowed = world.order_of(account, order_id).actions
    links = [_link(f"{place}/messages/{tail}", marketplace_id, tail) for tail in allowed]
    return _links(place, marketplace_id, [*links, _link(f"{place}/attributes", marketplace_id, "attributes")])


def solicitation_actions(world: World, account: Account, order_id: str, marketplace_id: str) -> Json:
    """`getSolicitationActionsForOrder`: one, in its time, until it was sent. Raises Refusal."""
    world.order_of(account, order_id)
    place = f"/solicitations/v1/orders/{order_id}"
    link = _link(f"{place}/solicitations/{SOLICITATION}", marketplace_id, SOLICITATION)
    return _links(place, marketplace_id, [link] if _may_solicit(world, order_id) else [])


def attributes(world: World, account: Account, order_id: str) -> Json:
    """`GetAttributes`: the buyer's language. Raises Refusal."""
    return {"buyer": {"locale": world.order_of(account, order_id).locale}}


def send(
    world: World,
    account: Account,
    operation: Operation,
    path: dict[str, str],
    message: tuple[str, Json, datetime],
) -> Json:
    """A message to a buyer: `message` is marketplace id, body and when. Raises Refusal."""
    marketplace_id, body, at = message
    order_id, kind = path["amazonOrderId"], operation.path.rpartition("/")[2]
    known = world.order_of(account, order_id)
    is_allowed = _may_solicit(world, order_id) if kind == SOLICITATION else kind in known.actions
    if not is_allowed:
        raise Refusal(403, "Unauthorized", "Invalid amazonOrderId and template combination.", kind)
    for index, file in enumerate(body.get("attachments", ())):
        _check_file(world, account, f"messaging/v1/orders/{order_id}/messages/{kind}", file, index)
    world.sent.append(SentMessage(account.name, order_id, marketplace_id, kind, body, at))
    return {}


def _check_file(world: World, account: Account, resource: str, file: Json, index: int) -> None:
    found = world.destinations.get(file["uploadDestinationId"])
    key = f"body.attachments.{index}.uploadDestinationId"
    if found is None or found.account != account.name or found.resource != resource:
        raise Refusal(400, "InvalidInput", "Invalid Input", f"{key}: is not for this message")
    if found.content is None:
        raise Refusal(400, "InvalidInput", "Invalid Input", f"{key}: nothing was uploaded there")


def _may_solicit(world: World, order_id: str) -> bool:
    was_sent = any(one.order_id == order_id and one.kind == SOLICITATION for one in world.sent)
    return not was_sent and order_id not in world.without_reviews


def _link(place: str, marketplace_id: str, name: str) -> Json:
    return {"href": f"{place}?marketplaceIds={marketplace_id}", "name": name}


def _links(place: str, marketplace_id: str, links: list[Json]) -> Json:
    return {"_links": {"actions": links, "self": {"href": f"{place}?marketplaceIds={marketplace_id}"}}}
