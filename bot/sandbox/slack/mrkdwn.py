"""Mentions: who is named in a post, and how typed text becomes Slack's.

Source: docs.slack.dev/messaging/formatting-message-text. Only text objects of type mrkdwn, markdown blocks,
rich_text elements and the top-level text can mention; plain_text and buyer text inside it can't.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.slack.store import Message, Store
from bot.sandbox.slack.wire import parts_of

_TOKEN = re.compile(r"<(@|!subteam\^|!)([A-Za-z0-9]+)(?:\|[^>]*)?>")
_TYPED = re.compile(r"@([A-Za-z0-9._-]*[A-Za-z0-9])")
_BROADCASTS = ("channel", "here", "everyone")


@dataclass(slots=True)
class Mentions:
    """Who a post names."""

    users: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    broadcasts: set[str] = field(default_factory=set)


def mentions(message: Message) -> Mentions:
    """Everybody whom this post names in a way that Slack acts on."""
    found = Mentions()
    if message.is_mrkdwn:
        _read(message.text, found)
    for part in parts_of(message.blocks or []):
        kind = part.get("type")
        if kind in ("mrkdwn", "markdown") and isinstance(part.get("text"), str):
            _read(part["text"], found)
        elif kind == "user":
            found.users.add(str(part.get("user_id")))
        elif kind == "usergroup":
            found.groups.add(str(part.get("usergroup_id")))
        elif kind == "broadcast":
            found.broadcasts.add(str(part.get("range")))
    return found


def _read(text: str, found: Mentions) -> None:
    for sign, name in _TOKEN.findall(text):
        if sign == "@":
            found.users.add(name)
        elif sign == "!subteam^":
            found.groups.add(name)
        elif name in _BROADCASTS:
            found.broadcasts.add(name)


def as_sent(store: Store, typed: str) -> str:
    """What Slack makes of text that a person types: escaped, and @names become mentions."""
    return _replaced(store, escaped(typed), lambda user_id, _name: f"<@{user_id}>")


def as_command_text(store: Store, typed: str, *, escapes: bool) -> str:
    """What an app gets after its command: raw, or with `<@U..|name>` when the manifest asks for it."""
    if not escapes:
        return typed
    return _replaced(store, typed, lambda user_id, name: f"<@{user_id}|{name}>")


def _replaced(store: Store, text: str, token: Callable[[str, str], str]) -> str:
    by_name = {user.name: user.id for user in store.users.values()}

    def name_or_text(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in _BROADCASTS:
            return f"<!{name}>"
        return token(by_name[name], name) if name in by_name else match.group(0)

    return _TYPED.sub(name_or_text, text)


def escaped(text: str) -> str:
    """Slack's three escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
