"""The values of inputs: what a fresh view holds, what survives an update, what the browser refuses to submit.

Source: docs.slack.dev/surfaces/modals; a value survives `views.update` only when block_id and action_id
both stay (slackapi/bolt-python 1064).
"""

from typing import Any

from bot.sandbox.slack.store import controls, flat_blocks
from bot.sandbox.slack.wire import Json

# Kind of control: the key its value has in `state.values`, the field with its first value, what empty is.
_VALUES: dict[str, tuple[str, str, Any]] = {
    "plain_text_input": ("value", "initial_value", None),
    "email_text_input": ("value", "initial_value", None),
    "url_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
    "rich_text_input": ("rich_text_value", "initial_value", None),
    "file_input": ("files", "", []),
    "static_select": ("selected_option", "initial_option", None),
    "external_select": ("selected_option", "initial_option", None),
    "multi_static_select": ("selected_options", "initial_options", []),
    "multi_external_select": ("selected_options", "initial_options", []),
    "users_select": ("selected_user", "initial_user", None),
    "multi_users_select": ("selected_users", "initial_users", []),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", []),
    "channels_select": ("selected_channel", "initial_channel", None),
    "multi_channels_select": ("selected_channels", "initial_channels", []),
    "checkboxes": ("selected_options", "initial_options", []),
    "radio_buttons": ("selected_option", "initial_option", None),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
}


def value_key(kind: str) -> str:
    """Where a control of this kind keeps its value, "" for buttons and overflow menus."""
    return _VALUES[kind][0] if kind in _VALUES else ""


def first_values(blocks: list[Json]) -> Json:
    """`state.values` of blocks that nobody has touched."""
    values: Json = {}
    for block in flat_blocks(blocks):
        if block.get("type") in ("container", "carousel"):
            continue
        for control in controls(block):
            if control["type"] in _VALUES:
                key, initial, empty = _VALUES[control["type"]]
                entry = {"type": control["type"], key: control.get(initial, empty)}
                values.setdefault(block["block_id"], {})[control["action_id"]] = entry
    return values


def kept_values(before: Json, blocks: list[Json]) -> Json:
    """`state.values` after an update: what was there stays where both ids and the kind are the same."""
    values = first_values(blocks)
    for block_id, actions in values.items():
        for action_id, entry in actions.items():
            old = before.get(block_id, {}).get(action_id)
            if old is not None and old["type"] == entry["type"]:
                actions[action_id] = old
    return values


def put_values(values: Json, given: Json) -> None:
    """Take over what a person entered; controls that don't exist are ignored."""
    for block_id, actions in given.items():
        for action_id, entry in actions.items():
            known = values.get(block_id, {}).get(action_id)
            if known is not None:
                key = value_key(known["type"])
                known[key] = entry.get(key)


def browser_errors(blocks: list[Json], values: Json) -> dict[str, str]:
    """What Slack's own client says before it submits anything, by block."""
    errors = {}
    for block in flat_blocks(blocks):
        if block.get("type") != "input":
            continue
        element = block["element"]
        value = values[block["block_id"]][element["action_id"]][value_key(element["type"])]
        wrong = _complaint(element, value, is_optional=bool(block.get("optional")))
        if wrong:
            errors[block["block_id"]] = wrong
    return errors


def _complaint(element: Json, value: Any, *, is_optional: bool) -> str:
    if not value:
        return "" if is_optional else "Please complete this required field."
    if not isinstance(value, str) or element["type"] != "plain_text_input":
        return ""
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Please use at least {least} characters."
    return f"Please use at most {most} characters." if len(value) > most else ""
