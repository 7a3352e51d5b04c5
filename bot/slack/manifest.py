"""The Slack app's manifest: commands, shortcuts, events, and the scopes that our calls need.

Shape and limits: docs.slack.dev/reference/app-manifest. Scopes of methods and events: docs.slack.dev/reference.
A test compares METHODS with the calls in the code, and the rest with what the handlers register.
"""

from typing import Any

from bot.settings.shape import SlackSettings
from bot.slack import boards, ids
from bot.slack.texts import Say, say_for
from bot.slack.web import PATH

METHODS: dict[str, tuple[str, ...]] = {
    "auth.test": (),
    "apps.connections.open": (),  # with the app token, whose scope (connections:write) no manifest holds
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    # Of direct messages too: after a crash we look whether a ping was said already.
    "conversations.history": ("channels:history", "groups:history", "im:history"),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.list": ("channels:read", "groups:read"),
    "conversations.open": ("im:write",),
    "conversations.replies": ("channels:history", "groups:history", "im:history"),
    "usergroups.list": ("usergroups:read",),
    "usergroups.users.update": ("usergroups:write",),
    "dnd.teamInfo": ("dnd:read",),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),  # and what lies at its address, which bot/slack/uploads.py fetches
    "users.info": ("users:read",),
    "users.lookupByEmail": ("users:read.email",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}

EVENTS: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "channel_shared": ("channels:read", "groups:read"),
    "channel_unshared": ("channels:read", "groups:read"),
    "member_joined_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "subteam_members_changed": ("usergroups:read",),
    "subteam_updated": ("usergroups:read",),
    "user_change": ("users:read",),
}

OPTIONAL_SCOPES = frozenset(
    {"dnd:read", "files:read", "files:write", "users:read.email", "usergroups:read", "usergroups:write"}
)
"""Who installs the app may leave these out: agents who have `slack` are found without, the group is an extra,
so is the picture of `/shift gaps`; without dnd:read nobody is passed over for being muted; without files:read no
file can go along with a message through Amazon."""

_TEXT = "Gets every Amazon buyer message answered inside 24 hours"
_LONG_TEXT = (
    "Posts each new Amazon buyer message as a card in the channel of its store, lets agents answer with "
    "buttons, modals and slash commands, refuses replies that break Amazon's rules for messages to buyers, "
    "and reminds people before the 24 hours are over. Nothing that is typed in a thread goes to a buyer: "
    "only a reply that a named person has looked at in the preview and sent."
)

_HINTS = {
    "reply": "1042 | order id | 1042 template:delivery_delay",
    "claim": "1042 | next",
    "assign": "1042 @anna",
    "note": "1042 what to keep in mind",
    "case": "1042 | order id | find words | hold 1042 | holds",
    "templates": "[word] | new | edit NAME | report",
    "bulk": "[store]",
    "message": "1042 | order id",
    "oncall": "[next|week] [store]",
    "shift": "cover | swap | take | off | override | gaps",
    "sla-status": "[store] [public]",
    "sla-report": "today | week | 30d | 90d | whatif | reconcile [store]",
    "manual-mode": "on | off | status [store|all] [reason]",
}
_WITH_MENTIONS = "assign"

# Menus are in one language for all people of the workspace: that of the channels. (English, Chinese)
_SHORTCUTS = (
    (
        *(ids.SHORTCUT_REPLY, "message", ("Reply to buyer", "回复买家")),
        ("Write the reply to this case", "为这个会话写回复"),
    ),
    (
        *(ids.SHORTCUT_SEND_THIS, "message", ("Send this to buyer", "把这条发给买家")),
        ("Take this text into the reply; you see it before it leaves", "把这段文字放进回复，发出前可核对"),
    ),
    (
        *(ids.SHORTCUT_NOTE, "message", ("Add as internal note", "存为内部备注")),
        ("Keep this text with the case; no buyer sees it", "把这段文字存入会话，买家看不到"),
    ),
    (
        *(ids.SHORTCUT_ASSIGN, "message", ("Assign case", "分配会话")),
        ("Give this case to somebody", "把这个会话分配给某人"),
    ),
    (
        *(ids.SHORTCUT_DETAILS, "message", ("Case details", "会话详情")),
        ("See all that happened to this case", "查看这个会话的全部经过"),
    ),
    (
        *(ids.GLOBAL_QUEUE, "global", ("My open cases", "我的未回会话")),
        ("See your open cases, the most urgent first", "查看你的未回会话，最紧急的在前"),
    ),
    (
        *(ids.GLOBAL_BOARD, "global", ("Where the stores stand", "各店铺状况")),
        ("See deadlines and response rates of your stores", "查看店铺的截止时间与回复率"),
    ),
    (
        *(ids.GLOBAL_ONCALL, "global", ("Who is on shift", "谁在值班")),
        ("See who is on now, until when, and who comes next", "查看谁在值班、到几点、下一位是谁"),
    ),
    (
        *(ids.GLOBAL_COVER, "global", ("Ask for cover", "请人代班")),
        ("Ask colleagues to work one of your shifts", "请同事代你的一个班次"),
    ),
)


def manifest(slack: SlackSettings, url: str | None = None) -> dict[str, Any]:
    """The manifest as Slack takes it, for Socket Mode; with the bot's public address `url`, for HTTP mode."""
    address = url.rstrip("/").removesuffix(PATH) + PATH if url else None
    at_address = {"request_url": address} if address else {}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "reply24",
            "description": _TEXT,
            "long_description": _LONG_TEXT,
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                # Nobody reads what would be typed there.
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "reply24", "always_online": True},
            "shortcuts": _shortcuts(slack),
            "slash_commands": _commands(slack, address),
        },
        "oauth_config": {
            "scopes": {"bot": sorted(needed_scopes()), "bot_optional": sorted(OPTIONAL_SCOPES)},
        },
        "settings": {
            "event_subscriptions": {**at_address, "bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True, **at_address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": address is None,
            "token_rotation_enabled": False,
        },
    }


def needed_scopes() -> frozenset[str]:
    """The bot token's scopes that nothing works without."""
    every = {"commands", *(scope for scopes in (*METHODS.values(), *EVENTS.values()) for scope in scopes)}
    return frozenset(every) - OPTIONAL_SCOPES


def _commands(slack: SlackSettings, address: str | None) -> list[dict[str, Any]]:
    say = say_for(slack.language)
    every = [
        _command(typed, _as_sentence(say(f"help.{name}")), _HINTS[name], escapes=name == _WITH_MENTIONS)
        for name, typed in boards.names(slack).items()
    ]
    every.append(
        _command(slack.root_command, _root_text(say), "help | reply 1042 | claim next", escapes=True)
    )
    return [{**one, "url": address} if address else one for one in every]


def _as_sentence(what: str) -> str:
    return what[:1].upper() + what[1:]


def _root_text(say: Say) -> str:
    return "reply24: " + say("help.title")


def _command(typed: str, what: str, hint: str, *, escapes: bool) -> dict[str, Any]:
    """`escapes`: a mention in it arrives with the person's id."""
    return {
        "command": typed,
        "description": what,
        "usage_hint": hint,
        "should_escape": escapes,
    }


def _shortcuts(slack: SlackSettings) -> list[dict[str, str]]:
    lang = slack.language == "zh"
    return [
        {"name": names[lang], "type": kind, "callback_id": callback_id, "description": texts[lang]}
        for callback_id, kind, names, texts in _SHORTCUTS
    ]
