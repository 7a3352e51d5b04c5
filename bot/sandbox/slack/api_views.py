"""Web API: views.open, push, update, publish.

Source: docs.slack.dev/reference/methods/views.open and its kin.
"""

from typing import Any

from bot.sandbox.slack import modals
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.limits import check_view
from bot.sandbox.slack.store import View
from bot.sandbox.slack.tokens import Trigger
from bot.sandbox.slack.wire import BadBlocks, Json, Refusal


def _view_of(args: Json) -> Any:
    if "view" not in args:
        raise BadBlocks("invalid_arguments", ["[ERROR] missing required field: view [json-pointer:/view]"])
    return args["view"]


def _redeemed(core: Core, args: Json) -> Trigger:
    """The trigger, used up, but only for a view that Slack would show."""
    check_view(_view_of(args), "modal")
    trigger_id = str(args.get("trigger_id", ""))
    try:
        return core.tokens.redeem(trigger_id)
    except Refusal as refusal:
        if refusal.code != "invalid_trigger_id":
            raise
        text = "[ERROR] invalid `trigger_id` [json-pointer:/trigger_id]"
        raise BadBlocks("invalid_arguments", [text]) from refusal


def open_view(core: Core, args: Json) -> Json:
    """Show a modal to the person whose interaction gave the trigger id."""
    trigger = _redeemed(core, args)
    return _answer(core, modals.open_view(core, trigger.user, args["view"]))


def push(core: Core, args: Json) -> Json:
    """Put a modal on top of the one that the interaction came from."""
    trigger = _redeemed(core, args)
    if not trigger.view_id:
        raise Refusal("invalid_trigger_id")
    return _answer(core, modals.push_view(core, trigger.user, args["view"]))


def update(core: Core, args: Json) -> Json:
    """Another content for a modal that is open."""
    view = modals.find_view(core, str(args.get("view_id", "")), str(args.get("external_id", "")))
    return _answer(core, modals.update_view(core, view, _view_of(args), str(args.get("hash") or "")))


def publish(core: Core, args: Json) -> Json:
    """A person's Home tab."""
    if not core.offer.has_home:
        raise Refusal("not_enabled")
    user = core.store.users.get(str(args.get("user_id", "")))
    if user is None or user.is_bot:
        raise Refusal("user_not_found")
    given = _view_of(args)
    return _answer(core, modals.publish_home(core, user.id, given, str(args.get("hash") or "")))


def _answer(core: Core, view: View) -> Json:
    return {"view": core.store.view_json(view)}


METHODS = {
    "views.open": open_view,
    "views.push": push,
    "views.update": update,
    "views.publish": publish,
}
