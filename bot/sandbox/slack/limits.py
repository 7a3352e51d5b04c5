"""What Slack refuses in messages, modals and Home tabs: the shape of each block, and the sums over all.

Source: docs.slack.dev/reference/block-kit, .../views. Written apart from the bot's own validator.
"""

import json
from collections import Counter
from typing import Any

from bot.sandbox.slack.block_rules import BLOCKS, HOME, MESSAGE, MODAL
from bot.sandbox.slack.checks import (
    PLAIN,
    Check,
    Faults,
    Need,
    by_type,
    fault,
    flag,
    items,
    shape,
    string,
    text,
)
from bot.sandbox.slack.element_rules import ID
from bot.sandbox.slack.wire import BadBlocks, Json, Refusal, parts_of

_MOST = {MESSAGE: 50, MODAL: 100, HOME: 100}
_VIEW_BYTES = 250_000
_COMMON_VIEW: dict[str, Check | Need] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
    "blocks": Need(lambda _value, _at: []),
}
_VIEWS = by_type(
    {
        MODAL: shape(
            _COMMON_VIEW
            | {
                "title": Need(text(24, PLAIN)),
                "submit": text(24, PLAIN),
                "close": text(24, PLAIN),
                "clear_on_close": flag,
                "notify_on_close": flag,
            },
            (
                lambda view: "submit" in view or not any(_is_input(block) for block in view["blocks"]),
                "`submit` is required when an `input` block is within blocks array",
            ),
        ),
        HOME: shape(_COMMON_VIEW),
    }
)


def _is_input(block: Any) -> bool:
    return isinstance(block, dict) and block.get("type") == "input"


def block_faults(blocks: Any, surface: str, at: str = "/blocks") -> Faults:
    """Everything that Slack would say about these blocks on this surface; empty when they are right."""
    faults = items(by_type(BLOCKS[surface]), _MOST[surface], 0)(blocks, at)
    if faults:
        return faults
    faults = _repeated(blocks, at)
    return faults + (_sums(blocks, at) if surface == MESSAGE else _focus(blocks, at))


def _repeated(blocks: list[Json], at: str) -> Faults:
    block_ids = Counter(part["block_id"] for part in parts_of(blocks) if part.get("block_id"))
    faults = [
        f for name, n in block_ids.items() if n > 1 for f in fault(f"`block_id` {name} already exists", at)
    ]
    for place, block in enumerate(blocks):
        action_ids = Counter(part["action_id"] for part in parts_of(block) if part.get("action_id"))
        for name, count in action_ids.items():
            if count > 1:
                faults += fault(f"`action_id` {name} already exists", f"{at}/{place}")
    return faults


def _sums(blocks: list[Json], at: str) -> Faults:
    kinds = Counter(part.get("type") for part in parts_of(blocks))
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    tables = [block for block in blocks if block["type"] in ("table", "data_table")]
    sizes = [sum(len(str(p.get("text", p.get("value", "")))) for p in parts_of(t["rows"])) for t in tables]
    rules = [
        (markdown <= 12_000, "markdown blocks must be less than 12001 characters in sum"),
        (kinds["table"] <= 1, "only one table is allowed"),
        (kinds["data_visualization"] <= 2, "only two data_visualization blocks are allowed"),
        (all(size <= 10_000 for size in sizes), "table must be less than 10001 characters"),
    ]
    return [found for holds, words in rules if not holds for found in fault(words, at)]


def _focus(blocks: list[Json], at: str) -> Faults:
    count = sum(part.get("focus_on_load") is True for part in parts_of(blocks))
    return fault("only one element may have focus_on_load", at) if count > 1 else []


def check_blocks(blocks: Any) -> None:
    """Raise `invalid_blocks` unless Slack would take these blocks in a message."""
    if isinstance(blocks, list) and len(json.dumps(blocks)) > 200_000:
        raise Refusal("msg_blocks_too_long")
    faults = block_faults(blocks, MESSAGE)
    if faults:
        raise BadBlocks("invalid_blocks", faults)


def check_view(view: Any, surface: str) -> None:
    """Raise `invalid_arguments` (Slack's word for bad views) or `view_too_large`."""
    if not isinstance(view, dict):
        raise BadBlocks("invalid_arguments", fault("must be an object", "/view"))
    if len(json.dumps(view, ensure_ascii=False).encode()) > _VIEW_BYTES:
        raise Refusal("view_too_large")
    faults = _VIEWS(view, "/view")
    if view.get("type") in _MOST and view["type"] != surface:
        faults += fault(f"must be of type {surface}", "/view/type")
    faults += block_faults(view.get("blocks", []), surface, "/view/blocks")
    if faults:
        raise BadBlocks("invalid_arguments", fault("failed to match all allowed schemas", "/view") + faults)


def check_text(value: object) -> None:
    """Raise `msg_too_long` when a text is longer than Slack keeps it."""
    if len(str(value)) > 40_000:
        raise Refusal("msg_too_long")


def check_metadata(metadata: Any) -> None:
    """Raise when message metadata is not an event type with a payload object of at most 16 KB."""
    faults = shape({"event_type": Need(ID), "event_payload": Need(lambda _v, _at: [])})(metadata, "/metadata")
    if faults or not isinstance(metadata["event_payload"], dict):
        raise Refusal("invalid_metadata_format")
    if len(json.dumps(metadata)) > 16_000:
        raise Refusal("metadata_too_large")
