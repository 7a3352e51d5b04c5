"""Block Kit's elements as a table: what people press, choose and type in, and the objects inside.

Source: docs.slack.dev/reference/block-kit (block elements, composition objects).
"""

from bot.sandbox.slack.checks import (
    PLAIN,
    Check,
    Need,
    either,
    flag,
    items,
    one_of,
    shape,
    string,
    text,
    whole,
)

ID = string(255)
URL = string(3000)
SLACK_FILE = shape({"id": string(255), "url": URL}, either("id", "url"))
CONFIRM = shape(
    {
        "title": Need(text(100, PLAIN)),
        "text": Need(text(300)),
        "confirm": Need(text(30, PLAIN)),
        "deny": Need(text(30, PLAIN)),
        "style": one_of("primary", "danger"),
    }
)


def _option(kind: Check, value_most: int = 150) -> Check:
    return shape(
        {
            "text": Need(kind),
            "value": Need(string(value_most)),
            "description": text(75, PLAIN) if kind is _PLAIN_75 else text(75),
            "url": URL,
        }
    )


_PLAIN_75 = text(75, PLAIN)
OPTION = _option(_PLAIN_75)
ANY_OPTION = _option(text(75))
GROUP = shape({"label": Need(_PLAIN_75), "options": Need(items(OPTION, 100))})
DISPATCH = shape({"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)})
FILTER = shape(
    {
        "include": items(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    }
)

_ACTION = {"action_id": ID, "confirm": CONFIRM, "focus_on_load": flag}
_HOLDER = _ACTION | {"placeholder": text(150, PLAIN)}
_CHOICES = {"options": items(OPTION, 100), "option_groups": items(GROUP, 100)}
_ONE_LIST = either("options", "option_groups")
_MAX = {"max_selected_items": whole(1, 100)}
_TYPED = {
    "action_id": ID,
    "placeholder": text(150, PLAIN),
    "focus_on_load": flag,
    "dispatch_action_config": DISPATCH,
}
NAMES = items(string(255), 100, 0)

IMAGE_ELEMENT = shape(
    {"image_url": URL, "alt_text": Need(string(2000)), "slack_file": SLACK_FILE},
    either("image_url", "slack_file"),
)
TYPED_ELEMENTS = {
    "plain_text_input": shape(
        _TYPED
        | {
            "initial_value": string(3000, 0),
            "multiline": flag,
            "min_length": whole(0, 3000),
            "max_length": whole(1, 3000),
        },
        (lambda v: v.get("min_length", 0) <= v.get("max_length", 3000), "min_length is above max_length"),
        (lambda v: len(v.get("initial_value", "")) <= v.get("max_length", 3000), "initial_value is too long"),
    ),
    "email_text_input": shape(_TYPED | {"initial_value": string(255, 0)}),
    "url_text_input": shape(_TYPED | {"initial_value": string(3000, 0)}),
    "number_input": shape(
        _TYPED
        | {
            "is_decimal_allowed": Need(flag),
            "initial_value": string(100, 0),
            "min_value": string(100),
            "max_value": string(100),
        }
    ),
    "rich_text_input": shape(_TYPED | {"initial_value": lambda _value, _at: []}),
    "file_input": shape({"action_id": ID, "filetypes": items(string(30), 100), "max_files": whole(1, 10)}),
}
CHOICE_ELEMENTS = {
    "static_select": shape(_HOLDER | _CHOICES | {"initial_option": OPTION}, _ONE_LIST),
    "multi_static_select": shape(
        _HOLDER | _CHOICES | _MAX | {"initial_options": items(OPTION, 100)}, _ONE_LIST
    ),
    "external_select": shape(_HOLDER | {"initial_option": OPTION, "min_query_length": whole(0, 3000)}),
    "multi_external_select": shape(
        _HOLDER | _MAX | {"initial_options": items(OPTION, 100), "min_query_length": whole(0, 3000)}
    ),
    "users_select": shape(_HOLDER | {"initial_user": string(255)}),
    "multi_users_select": shape(_HOLDER | _MAX | {"initial_users": NAMES}),
    "conversations_select": shape(
        _HOLDER
        | {
            "initial_conversation": string(255),
            "default_to_current_conversation": flag,
            "response_url_enabled": flag,
            "filter": FILTER,
        }
    ),
    "multi_conversations_select": shape(
        _HOLDER
        | _MAX
        | {"initial_conversations": NAMES, "default_to_current_conversation": flag, "filter": FILTER}
    ),
    "channels_select": shape(_HOLDER | {"initial_channel": string(255), "response_url_enabled": flag}),
    "multi_channels_select": shape(_HOLDER | _MAX | {"initial_channels": NAMES}),
    "checkboxes": shape(
        _ACTION | {"options": Need(items(ANY_OPTION, 10)), "initial_options": items(ANY_OPTION, 10)}
    ),
    "radio_buttons": shape(_ACTION | {"options": Need(items(ANY_OPTION, 10)), "initial_option": ANY_OPTION}),
    "datepicker": shape(_HOLDER | {"initial_date": string(10, 10)}),
    "timepicker": shape(_HOLDER | {"initial_time": string(5, 5), "timezone": string(100)}),
    "datetimepicker": shape(_ACTION | {"initial_date_time": whole(1_000_000_000, 9_999_999_999)}),
}
BUTTON = shape(
    {
        "action_id": ID,
        "text": Need(_PLAIN_75),
        "url": URL,
        "value": string(2000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    }
)
_OVERFLOW = shape({"action_id": ID, "confirm": CONFIRM, "options": Need(items(OPTION, 5))})
CLICKED = CHOICE_ELEMENTS | {"button": BUTTON, "overflow": _OVERFLOW}
_FEEDBACK = shape({"text": Need(_PLAIN_75), "value": Need(string(2000)), "accessibility_label": string(75)})
CONTEXT_ACTIONS = {
    "feedback_buttons": shape(
        {"action_id": ID, "positive_button": Need(_FEEDBACK), "negative_button": Need(_FEEDBACK)}
    ),
    "icon_button": shape(
        {
            "action_id": ID,
            "icon": Need(one_of("trash")),
            "text": Need(text(75, PLAIN)),
            "value": string(2000),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
            "visible_to_user_ids": NAMES,
        }
    ),
}
