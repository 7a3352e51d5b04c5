"""What people do with controls: press and choose in messages, modals and Home; submit and close modals.

Source: docs.slack.dev/reference/interaction-payloads (block_actions, view_submission, view_closed,
block_suggestion), .../surfaces/modals (response_action).
"""

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack import modals
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.delivery import INTERACTIVE
from bot.sandbox.slack.fields import browser_errors, put_values, value_key
from bot.sandbox.slack.people_acts import Done, channel_part, frame
from bot.sandbox.slack.store import Message, View, controls, flat_blocks
from bot.sandbox.slack.wire import Json, Refusal

NOT_INTERACTIVE = "This app is not configured to handle interactive responses."
TROUBLE = "We had some trouble connecting. Try again?"
NO_ACK = "This app isn't responding: {0}"
Surface = Message | View


@dataclass(frozen=True, slots=True)
class Submitted:
    """How a submission ended: `errors` by block; `outcome` is errors, closed, next or trouble."""

    outcome: str
    errors: dict[str, str] = field(default_factory=dict)
    error: str = ""


def blocks_of(surface: Surface) -> list[Json]:
    """The blocks of a message or view."""
    if isinstance(surface, View):
        found: list[Json] = surface.content["blocks"]
        return found
    return surface.blocks or []


def control_of(surface: Surface, block_id: str, action_id: str) -> tuple[Json, Json]:
    """A block and a control in it; raises `no_such_control`."""
    for block in flat_blocks(blocks_of(surface)):
        if block.get("block_id") == block_id:
            for control in controls(block):
                if control.get("action_id") == action_id:
                    return block, control
    raise Refusal("no_such_control")


def _check_sees(core: Core, user: str, surface: Surface) -> None:
    """Nobody can press what is not on the own screen; raises `not_in_channel` or `not_found`."""
    if isinstance(surface, View):
        if surface.user != user:
            raise Refusal("not_found")
    elif user not in core.store.channels[surface.channel].members or surface.ephemeral_to not in ("", user):
        raise Refusal("not_in_channel")


def _surface_part(core: Core, user: str, surface: Surface) -> Json:
    """Container, channel, message or view of an interactive payload."""
    if isinstance(surface, View):
        where = {"type": "view", "view_id": surface.id}
        return {"container": where, "view": core.store.view_json(surface)}
    container: Json = {
        "type": "message",
        "message_ts": surface.ts,
        "channel_id": surface.channel,
        "is_ephemeral": bool(surface.ephemeral_to),
    }
    if surface.is_reply:
        container["thread_ts"] = surface.thread_ts
    hook_id = core.tokens.issue_hook(user, surface.channel, surface.ts, surface.thread_ts)
    part: Json = {
        "container": container,
        "channel": channel_part(core.store.channels[surface.channel]),
        "state": {"values": surface.values},
        "response_url": core.hook_url(hook_id),
    }
    # Slack sends no copy of a message that one person alone has seen.
    return part | ({} if surface.ephemeral_to else {"message": core.store.message_json(surface)})


async def act(core: Core, user: str, surface: Surface, ids: tuple[str, str], given: Json) -> Done:
    """A person presses or chooses; `ids` are block and action, `given` the rest of Slack's action object."""
    _check_sees(core, user, surface)
    block, control = control_of(surface, *ids)
    chosen = {name: value for name, value in given.items() if name not in ("type", "value")}
    key = value_key(control["type"])
    if key:
        put_values(surface.values, {ids[0]: {ids[1]: given}})
    if block["type"] == "input" and not block.get("dispatch_action"):
        return Done()
    if not (core.offer.everything or core.offer.is_interactive):
        return Done(False, NOT_INTERACTIVE)
    action = {"type": control["type"], "action_id": ids[1], "block_id": ids[0], **chosen}
    action |= {name: control[name] for name in ("text", "value", "confirm") if name in control}
    if key == "value":
        action["value"] = given.get("value")
    action["action_ts"] = core.store.next_ts()
    payload = frame(core, "block_actions", user) | _surface_part(core, user, surface)
    view_id = surface.id if isinstance(surface, View) and surface.content["type"] == "modal" else ""
    payload |= {"trigger_id": core.tokens.issue_trigger(user, view_id), "actions": [action]}
    answer = await core.delivery.ask(INTERACTIVE, payload)
    return Done(not answer.problem, answer.problem and NO_ACK.format(answer.problem))


async def suggestions(
    core: Core, user: str, surface: Surface, ids: tuple[str, str], typed: str
) -> list[Json]:
    """What the app offers in an external select for what was typed; option groups are flattened."""
    control_of(surface, *ids)
    payload = frame(core, "block_suggestion", user) | _surface_part(core, user, surface)
    payload |= {"block_id": ids[0], "action_id": ids[1], "value": typed}
    payload.pop("response_url", None)
    answer = await core.delivery.ask(INTERACTIVE, payload)
    body: Json = answer.body or {}
    groups: list[Json] = body.get("option_groups") or [{"options": body.get("options") or []}]
    return [option for group in groups for option in group["options"]]


async def submit(core: Core, user: str, view: View, given: Json) -> Submitted:
    """A person presses the modal's submit button."""
    put_values(view.values, given)
    errors = browser_errors(blocks_of(view), view.values)
    if errors:
        return _with_errors(core, view, errors)
    view.errors, view.is_loading = {}, True
    core.store.changed("modals", user=user)
    payload = frame(core, "view_submission", user)
    payload |= {"trigger_id": core.tokens.issue_trigger(user, view.id), "response_urls": []}
    answer = await core.delivery.ask(INTERACTIVE, payload | {"view": core.store.view_json(view)})
    view.is_loading = False
    core.store.changed("modals", user=user)
    if answer.problem:
        return Submitted("trouble", error=TROUBLE)
    try:
        return _answered(core, user, view, answer.body or {})
    except Refusal:
        return Submitted("trouble", error=TROUBLE)


def _answered(core: Core, user: str, view: View, body: Json) -> Submitted:
    match body.get("response_action", ""):
        case "":
            modals.close_view(core, view)
            return Submitted("next" if core.store.stacks[user] else "closed")
        case "clear":
            modals.close_all(core, user)
            return Submitted("closed")
        case "errors":
            return _with_errors(core, view, _checked_errors(view, body.get("errors")))
        case "update":
            modals.update_view(core, view, body.get("view") or {})
            return Submitted("next")
        case "push":
            modals.push_view(core, user, body.get("view") or {})
            return Submitted("next")
    raise Refusal("invalid_response_action")


def _checked_errors(view: View, errors: Any) -> dict[str, str]:
    """Slack shows errors at input blocks only; others are a fault of the app."""
    inputs = {block["block_id"] for block in flat_blocks(blocks_of(view)) if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
        raise Refusal("invalid_errors")
    return {name: str(text) for name, text in errors.items()}


def _with_errors(core: Core, view: View, errors: dict[str, str]) -> Submitted:
    view.errors = errors
    core.store.changed("modals", user=view.user)
    return Submitted("errors", errors)


async def close(core: Core, user: str, view: View) -> Done:
    """A person closes the modal on top (all of them when it says `clear_on_close`)."""
    stack = list(core.store.stacks[user])
    clears = bool(view.content.get("clear_on_close")) or len(stack) == 1
    gone = stack[::-1] if clears else [view]
    payloads = [core.store.view_json(one) for one in gone if one.content.get("notify_on_close")]
    if clears:
        modals.close_all(core, user)
    else:
        modals.close_view(core, view)
    for view_json in payloads:
        payload = frame(core, "view_closed", user) | {"view": view_json, "is_cleared": len(gone) > 1}
        await core.delivery.ask(INTERACTIVE, payload)
    return Done()
