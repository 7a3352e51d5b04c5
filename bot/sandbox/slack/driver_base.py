"""What the driver's parts share: reaching into the sandbox, finding controls, making values."""

import copy
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, Protocol, TypeVar

from bot.sandbox.slack import screen_acts
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.fields import value_key
from bot.sandbox.slack.plain import plain
from bot.sandbox.slack.screen_acts import Surface, blocks_of
from bot.sandbox.slack.store import controls, flat_blocks
from bot.sandbox.slack.wire import Json

T = TypeVar("T")
Find = Callable[[Core], Surface]


class Inside(Protocol):
    """How the driver reaches what lives on the sandbox's loop."""

    def run(self, work: Callable[[Core], Coroutine[Any, Any, T]]) -> T:
        """Do something there and wait for it."""
        ...

    def call(self, look: Callable[[Core], T]) -> T:
        """Look at something there."""
        ...

    def wait_for(self, look: Callable[[], T], timeout_s: float = 10) -> T:
        """Look again after each change until there is something."""
        ...


def pressable(blocks: list[Json]) -> list[tuple[Json, Json, Json | None]]:
    """Everything that can be pressed: block, control and, for an overflow menu, its entry."""
    found: list[tuple[Json, Json, Json | None]] = []
    for block in flat_blocks(blocks):
        if block.get("type") in ("container", "carousel"):
            continue
        for control in controls(block):
            if control["type"] == "overflow":
                found += [(block, control, entry) for entry in control["options"]]
            elif control["type"] in ("button", "icon_button", "workflow_button"):
                found.append((block, control, None))
    return found


def label_of(control: Json, entry: Json | None) -> str:
    """The words on a button or menu entry."""
    return str((entry or control).get("text", {}).get("text", ""))


def find_press(blocks: list[Json], label: str, near: str = "") -> tuple[Json, Json, Json | None]:
    """The button or menu entry with this label or action id; `near` is a text in its block or the one above."""
    for block, control, entry in pressable(blocks):
        if label in (label_of(control, entry), control["action_id"]) and near in _around(blocks, block):
            return block, control, entry
    labels = [label_of(control, entry) for _block, control, entry in pressable(blocks)]
    raise AssertionError(f'no button "{label}"{f" near {near}" if near else ""}; there are: {labels}')


def _around(blocks: list[Json], block: Json) -> str:
    flat = list(flat_blocks(blocks))
    place = next(place for place, one in enumerate(flat) if one is block)
    return plain(flat[max(0, place - 1) : place + 1])


def find_field(blocks: list[Json], label: str) -> tuple[Json, Json] | None:
    """The input or menu with this label, placeholder, block id or action id."""
    for block in flat_blocks(blocks):
        if block.get("type") in ("container", "carousel"):
            continue
        for control in controls(block):
            names = {
                block.get("label", {}).get("text"),
                control.get("placeholder", {}).get("text"),
                block["block_id"],
                control["action_id"],
            }
            if value_key(control["type"]) and label in names:
                return block, control
    return None


def field_labels(blocks: list[Json]) -> list[str]:
    """The labels of all inputs and menus, for messages of failed tests."""
    found = []
    for block in flat_blocks(blocks):
        for control in controls(block):
            words = block.get("label") or control.get("placeholder") or {}
            if value_key(control["type"]):
                found.append(str(words.get("text", control["action_id"])))
    return found


async def chosen(core: Core, user: str, surface: Surface, ids: tuple[str, str], wanted: Any) -> Json:
    """Slack's value for a choice: options by text or value, people and channels by name, others as given.

    An instant is aware UTC or epoch seconds.
    """
    _block, control = screen_acts.control_of(surface, *ids)
    key = value_key(control["type"])
    if isinstance(wanted, datetime):
        wanted = int(wanted.timestamp())
    if not key.startswith("selected") or key in ("selected_date", "selected_time", "selected_date_time"):
        return {"type": control["type"], key: wanted}
    many = isinstance(wanted, list)
    values = [await _one(core, user, surface, ids, str(want)) for want in (wanted if many else [wanted])]
    return {"type": control["type"], key: values if key.endswith("s") else values[0]}


async def _one(core: Core, user: str, surface: Surface, ids: tuple[str, str], wanted: str) -> Any:
    _block, control = screen_acts.control_of(surface, *ids)
    kind = control["type"].removeprefix("multi_")
    if kind == "users_select":
        return core.store.user(wanted).id
    if kind in ("conversations_select", "channels_select"):
        return core.store.channel(wanted).id
    if kind == "external_select":
        options = await screen_acts.suggestions(core, user, surface, ids, wanted)
    else:
        groups = control.get("option_groups") or [{"options": control.get("options", [])}]
        options = [option for group in groups for option in group["options"]]
    for option in options:
        if wanted in (option["text"]["text"], option["value"]):
            return copy.deepcopy(option)
    raise AssertionError(f'no option "{wanted}"; there are: {[option["text"]["text"] for option in options]}')


def blocks_at(inside: Inside, find: Find) -> list[Json]:
    """A copy of the blocks of a surface."""
    return inside.call(lambda core: copy.deepcopy(blocks_of(find(core))))
