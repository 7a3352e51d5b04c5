"""All the words that a person can read in a message, a modal or a Home tab, as plain text: for tests."""

from collections.abc import Iterator
from typing import Any

_WORDS = ("text", "alt_text", "caption", "fallback")
_INLINE = ("rich_text_section", "rich_text_preformatted", "rich_text_quote")
_VIEW_ORDER = ("title", "blocks", "submit", "close")


def plain(surface: Any) -> str:
    """The words of a view, of blocks or of a whole message, one piece a line."""
    if isinstance(surface, dict) and surface.get("type") in ("modal", "home"):
        surface = [surface[part] for part in _VIEW_ORDER if surface.get(part)]
    return "\n".join(piece for piece in _pieces(surface) if piece)


def _pieces(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for inner in value:
            yield from _pieces(inner)
    elif isinstance(value, dict):
        if value.get("type") in _INLINE:
            yield "".join(_leaf(leaf) for leaf in value["elements"])
        elif value.get("type") == "raw_number":
            yield str(value.get("text", value["value"]))
        else:
            yield from _of_object(value)


def _of_object(value: dict[str, Any]) -> Iterator[str]:
    for name, inner in value.items():
        if isinstance(inner, str):
            is_heading = name in ("title", "label", "name") and value.get("type") != "emoji"
            if name in _WORDS or is_heading:
                yield inner
        else:
            yield from _pieces(inner)


def _leaf(leaf: dict[str, Any]) -> str:
    match leaf["type"]:
        case "user":
            return f"<@{leaf['user_id']}>"
        case "usergroup":
            return f"<!subteam^{leaf['usergroup_id']}>"
        case "broadcast":
            return f"<!{leaf['range']}>"
        case "emoji":
            return f":{leaf['name']}:"
        case "link":
            return str(leaf.get("text") or leaf["url"])
    return str(leaf.get("text") or leaf.get("fallback") or "")
