"""What a person typed in Slack, as that person saw it: without Slack's escapes and tokens.

Slack hands `&`, `<` and `>` over as entities, and mentions, channels and links as tokens in angle brackets. A
buyer or a note must get none of these. Source: docs.slack.dev/messaging/formatting-message-text.
"""

import re
from collections.abc import Mapping
from html import unescape

_TOKEN = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_ENTITY = re.compile("&(?:amp|lt|gt);")


def as_typed(text: str, names: Mapping[str, str]) -> str:
    """`text` of a message or behind a command, in plain words; `names` are people's, by Slack user id."""
    shown = _TOKEN.sub(lambda token: _shown(token[1], token[2], names), text)
    return _ENTITY.sub(lambda entity: unescape(entity[0]), shown)


def _shown(target: str, label: str | None, names: Mapping[str, str]) -> str:
    if target.startswith("@"):
        return "@" + (names.get(target[1:]) or label or target[1:])
    if target.startswith("#"):
        return "#" + (label or target[1:])
    if target.startswith("!"):
        return label or "@" + target[1:].partition("^")[0]
    # A link that somebody typed stands there as typed: what is behind it is the same, or begins with mailto:.
    return label or target
