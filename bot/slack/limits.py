"""Slack's limits, once: `violations` names what breaks them, `fit` mends it and never fails.

A post that Slack refuses is a buyer message that nobody sees; a post that ends in "…" is not. Source:
docs.slack.dev/reference/block-kit (blocks, elements, composition objects) and .../views.
"""

import copy
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, overload

from bot.slack.blocks import Block, Post
from bot.slack.inert import shorten, shorten_markup

Surface = Literal["message", "modal", "home"]

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
LONGEST_TEXT = 3900
"""Of a post's top-level text; chat.update refuses 4,000 characters and more."""
LARGEST_VIEW = 250_000

_TEXTS = {
    "header.text": 150,
    "section.text": 3000,
    "section.fields": 2000,
    "context.elements": 3000,
    "button.text": 75,
    "option.text": 75,
    "option.description": 75,
    "static_select.placeholder": 150,
    "plain_text_input.placeholder": 150,
    "input.label": 2000,
    "input.hint": 2000,
    "confirm.title": 100,
    "confirm.text": 300,
    "confirm.confirm": 30,
    "confirm.deny": 30,
    "modal.title": 24,
    "modal.submit": 24,
    "modal.close": 24,
}
_STRINGS = {
    "button.value": 2000,
    "button.accessibility_label": 75,
    "option.value": 150,
    "plain_text_input.initial_value": 3000,
    "modal.private_metadata": 3000,
    "modal.callback_id": 255,
}
_LISTS = {
    "section.fields": 10,
    "context.elements": 10,
    "actions.elements": 25,
    "static_select.options": 100,
    "overflow.options": 5,
    "radio_buttons.options": 10,
    "checkboxes.options": 10,
    "table.rows": 100,
}
_ONLY_ON: dict[str, tuple[str, ...]] = {"table": ("message",), "input": ("modal", "home")}
_TABLE_CHARACTERS = 10_000
# What a narrow place can do without, the first to go first.
_LEAST_IMPORTANT = ("divider", "context", "rich_text", "section")


@dataclass(frozen=True, slots=True)
class _Place:
    """A spot that has a limit: `holder[key]` is a string, a text object's text, or a list."""

    holder: Block
    key: str
    most: int
    at: str

    @property
    def is_too_long(self) -> bool:
        return len(self.holder[self.key]) > self.most

    def mend(self) -> None:
        value = self.holder[self.key]
        if isinstance(value, list):
            self.holder[self.key] = value[: self.most]
        elif self.key == "private_metadata":
            # Half a JSON text is worse than none: the handler asks to open the modal again.
            self.holder[self.key] = ""
        elif self.holder.get("type") == "mrkdwn":
            self.holder[self.key] = shorten_markup(value, self.most)
        else:
            self.holder[self.key] = shorten(value, self.most)


def violations(blocks: list[Block], surface: Surface) -> list[str]:
    """What Slack would refuse in these blocks on this surface; empty when they are right."""
    found = [
        f"{place.at}: {len(place.holder[place.key])}, at most {place.most}"
        for place in _places(blocks, "blocks")
        if place.is_too_long
    ]
    if len(blocks) > MOST_BLOCKS[surface]:
        found.append(f"{len(blocks)} blocks, at most {MOST_BLOCKS[surface]}")
    found += [f"{at}: empty" for _holder, _key, at in _empty(blocks, "blocks")]
    found += [
        f"{block['type']} can't stand in a {surface}" for block in blocks if not _may_stand(block, surface)
    ]
    found += [f"block_id {name} twice" for name in _twice(blocks, "block_id")]
    found += [f"action_id {name} twice in a block" for block in blocks for name in _twice(block, "action_id")]
    if sum(block["type"] == "table" for block in blocks) > 1:
        found.append("more than one table")
    found += [f"a table has more than {_TABLE_CHARACTERS} characters" for block in blocks if _is_big(block)]
    return found


def view_violations(view: Block) -> list[str]:
    """What Slack would refuse in a modal or a home tab."""
    found = [
        f"{one.at}: more than {one.most}" for one in _places(_frame(view), view["type"]) if one.is_too_long
    ]
    found += violations(view["blocks"], view["type"])
    if view["type"] == "modal" and "submit" not in view and _has_input(view):
        found.append("an input needs a submit button")
    if _size_bytes(view) > LARGEST_VIEW:
        found.append("the view is too large")
    return found


def post_violations(post: Post) -> list[str]:
    """What Slack would refuse, or a screen reader would miss, in a post."""
    found = violations(post.blocks, "message")
    if not post.text.strip():
        found.append("text: empty")
    if len(post.text) > LONGEST_TEXT:
        found.append(f"text: {len(post.text)}, at most {LONGEST_TEXT}")
    return found


@overload
def fit(drawn: Post) -> Post: ...


@overload
def fit(drawn: Block) -> Block: ...


def fit(drawn: Post | Block) -> Post | Block:
    """The same post or view within all limits: cut with "…", the least important dropped."""
    if isinstance(drawn, Post):
        text = shorten_markup(drawn.text, LONGEST_TEXT)
        return Post(text if text.strip() else "–", _fit_blocks(drawn.blocks, "message"))
    frame = _frame(drawn)
    for place in list(_places(frame, drawn["type"])):
        if place.is_too_long:
            place.mend()
    view = frame | {"blocks": _fit_blocks(drawn["blocks"], drawn["type"])}
    if view["type"] == "modal" and "submit" not in view:
        view["blocks"] = [block for block in view["blocks"] if block["type"] != "input"]
    while _size_bytes(view) > LARGEST_VIEW and view["blocks"]:
        view["blocks"].pop()
    return view


def _fit_blocks(blocks: list[Block], surface: Surface) -> list[Block]:
    kept = [copy.deepcopy(block) for block in blocks if _may_stand(block, surface) and not _is_big(block)]
    kept = _drop_least_important(kept, MOST_BLOCKS[surface])
    kept = _without_later(kept, "table")
    for place in list(_places(kept, "blocks")):
        if place.is_too_long:
            place.mend()
    for holder, key, _at in list(_empty(kept, "blocks")):
        if isinstance(holder[key], str):
            holder[key] = "–"
    kept = [block for block in kept if not (block["type"] == "actions" and not block["elements"])]
    _part_twins(kept)
    return kept


def _drop_least_important(blocks: list[Block], most: int) -> list[Block]:
    """Dividers go first, then small print, then text from the end; what can be pressed stays longest."""
    kept = list(blocks)
    for kind in _LEAST_IMPORTANT:
        for place in range(len(kept) - 1, 0, -1):
            if len(kept) <= most:
                return kept
            if kept[place]["type"] == kind:
                del kept[place]
    return kept[:most]


def _without_later(blocks: list[Block], kind: str) -> list[Block]:
    first = next((place for place, block in enumerate(blocks) if block["type"] == kind), None)
    return [block for place, block in enumerate(blocks) if block["type"] != kind or place == first]


def _part_twins(blocks: list[Block]) -> None:
    """Ids that stand twice: Slack makes block ids of its own; a second action id gets a tail."""
    seen: set[str] = set()
    for block in blocks:
        if block.get("block_id") in seen:
            del block["block_id"]
        elif "block_id" in block:
            seen.add(block["block_id"])
        used: Counter[str] = Counter()
        for part in _parts(block):
            name = part.get("action_id")
            if name is None:
                continue
            used[name] += 1
            if used[name] > 1:
                part["action_id"] = f"{name}.{used[name]}"


def _frame(view: Block) -> Block:
    """A copy of all but the blocks."""
    return {key: copy.deepcopy(value) for key, value in view.items() if key != "blocks"}


def _has_input(view: Block) -> bool:
    return any(block["type"] == "input" for block in view["blocks"])


def _may_stand(block: Block, surface: Surface) -> bool:
    return surface in _ONLY_ON.get(block["type"], (surface,))


def _is_big(block: Block) -> bool:
    if block["type"] != "table":
        return False
    return sum(len(part.get("text", "")) for part in _parts(block["rows"])) > _TABLE_CHARACTERS


def _size_bytes(view: Block) -> int:
    return len(json.dumps(view, ensure_ascii=False).encode())


def _twice(value: Any, key: str) -> list[str]:
    counts = Counter(part[key] for part in _parts(value) if key in part)
    return [name for name, count in counts.items() if count > 1]


def _parts(value: Any) -> Iterator[Block]:
    """Every object inside, itself included."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _parts(inner)


def _empty(value: Any, at: str) -> Iterator[tuple[Block, str, str]]:
    """Texts and rows with nothing in them, which Slack refuses."""
    for part in _parts(value):
        for key in ("text", "elements", "options"):
            if key in part and not part[key] and isinstance(part[key], str | list):
                yield part, key, f"{at}/{part.get('type', '')}.{key}"


def _places(value: Any, at: str, kind: str = "") -> Iterator[_Place]:
    """Every spot with a limit inside `value`; `kind` is what an object without a type is."""
    if isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _places(inner, f"{at}/{place}", kind)
    if not isinstance(value, dict):
        return
    own = str(value.get("type", kind))
    for key, inner in value.items():
        yield from _spots(value, key, own, f"{at}/{key}")
        yield from _places(inner, f"{at}/{key}", _KINDS.get(key) or str(key))


def _spots(holder: Block, key: str, kind: str, at: str) -> Iterator[_Place]:
    """The spots with a limit right in `holder[key]`."""
    name, inner = f"{kind}.{key}", holder[key]
    if name in _LISTS and isinstance(inner, list):
        yield _Place(holder, key, _LISTS[name], at)
    if name in _STRINGS and isinstance(inner, str):
        yield _Place(holder, key, _STRINGS[name], at)
    if key in ("action_id", "block_id"):
        yield _Place(holder, key, 255, at)
    if name in _TEXTS:
        for text in inner if isinstance(inner, list) else [inner]:
            if isinstance(text, dict) and isinstance(text.get("text"), str):
                yield _Place(text, "text", _TEXTS[name], at)


_KINDS = {"options": "option", "initial_option": "option"}
