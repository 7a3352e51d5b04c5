"""The few shapes of Block Kit that the views draw with, as functions that return dicts.

Source: docs.slack.dev/reference/block-kit. Texts of ours are mrkdwn and `verbatim`, so that "Amazon.de"
does not become a link; texts of buyers and agents go into `quote`, which parses nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.slack.inert import clean

# A block is JSON by nature: what may stand where is checked by `limits`, not by types.
Block = dict[str, Any]
Style = Literal["primary", "danger"]


@dataclass(frozen=True, slots=True)
class Post:
    """One post. `text` is what notifications show and screen readers read: all that matters, in words."""

    text: str
    blocks: list[Block]


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """A template that can be picked; `title` is in the reader's language, `note` says why it is suggested."""

    name: str
    title: str
    note: str = ""


def plain(text: str) -> Block:
    """Text that Slack shows as it is."""
    return {"type": "plain_text", "text": clean(text) or "–", "emoji": False}


def mrkdwn(text: str) -> Block:
    """Text of ours with markup; everything foreign in it went through `inert.escape`."""
    return {"type": "mrkdwn", "text": text or "–", "verbatim": True}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text)}


def section(*lines: str | None, accessory: Block | None = None) -> Block:
    """Lines under each other; None is left out."""
    block: Block = {"type": "section", "text": mrkdwn("\n".join(line for line in lines if line))}
    if accessory is not None:
        block["accessory"] = accessory
    return block


def context(*parts: str | None) -> Block:
    """One small grey line; None is left out."""
    line = "  ·  ".join(part for part in parts if part)
    return {"type": "context", "elements": [mrkdwn(line)]}


def divider() -> Block:
    return {"type": "divider"}


def quote(text: str) -> Block:
    """What somebody wrote, behind a bar. Nothing in it is parsed: no mention, link, emoji or markup."""
    return _rich("rich_text_quote", text)


def exact_text(text: str) -> Block:
    """A text in a frame, with every space and line as it is."""
    return _rich("rich_text_preformatted", text)


def marked_text(text: str, places: Sequence[tuple[int, int]]) -> Block:
    """What somebody wrote, behind a bar, with these places marked; they are in order and apart."""
    leaves, last = [], 0
    for start, end in places:
        leaves += [_leaf(text[last:start]), _leaf(text[start:end]) | {"style": {"bold": True, "code": True}}]
        last = end
    leaves.append(_leaf(text[last:]))
    element = {"type": "rich_text_quote", "elements": [one for one in leaves if one["text"]]}
    return {"type": "rich_text", "elements": [element]}


def _leaf(text: str) -> Block:
    return {"type": "text", "text": clean(text)}


def _rich(kind: str, text: str) -> Block:
    element = {"type": kind, "elements": [{"type": "text", "text": clean(text) or "–"}]}
    return {"type": "rich_text", "elements": [element]}


def actions(*elements: Block | None, block_id: str | None = None) -> Block:
    """A row of buttons and selects; None is left out."""
    block: Block = {"type": "actions", "elements": [element for element in elements if element]}
    return block | ({"block_id": block_id} if block_id else {})


def button(
    action_id: str,
    text: str,
    value: str,
    *,
    label: str,
    style: Style | None = None,
    confirm: Block | None = None,
) -> Block:
    """A button; `label` is what a screen reader says, so it names the case."""
    block: Block = {
        "type": "button",
        "action_id": action_id,
        "text": plain(text),
        "value": value,
        "accessibility_label": label,
    }
    return block | ({"style": style} if style else {}) | ({"confirm": confirm} if confirm else {})


def confirm(title: str, text: str, yes: str, no: str) -> Block:
    """The question before a button acts."""
    return {"title": plain(title), "text": plain(text), "confirm": plain(yes), "deny": plain(no)}


def option(text: str, value: str, note: str = "") -> Block:
    """A choice; `note` stands in small letters under it."""
    block: Block = {"text": plain(text), "value": value}
    return block | ({"description": plain(note)} if note else {})


def options(choices: Mapping[str, str]) -> list[Block]:
    """Options of a select, from value to text, in order."""
    return [option(text, value) for value, text in choices.items()]


def select(
    action_id: str, placeholder: str, choices: Mapping[str, str], *, chosen: str | None = None
) -> Block:
    """A select; `choices` goes from value to text."""
    block: Block = {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain(placeholder),
        "options": options(choices),
    }
    return block | _initial(choices, chosen)


def noted_select(
    action_id: str, placeholder: str, choices: Sequence[Block], *, chosen: str | None = None
) -> Block:
    """A select of options that may have notes; of more than a hundred the first stay."""
    block: Block = {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain(placeholder),
        "options": list(choices[:100]),
    }
    found = [one for one in block["options"] if one["value"] == chosen]
    return block | ({"initial_option": found[0]} if found else {})


def multi_select(
    action_id: str, placeholder: str, choices: Mapping[str, str], *, chosen: Sequence[str] = ()
) -> Block:
    """A select of several; `choices` goes from value to text, and the first hundred stay."""
    block: Block = {
        "type": "multi_static_select",
        "action_id": action_id,
        "placeholder": plain(placeholder),
        "options": options(choices)[:100],
    }
    found = [one for one in block["options"] if one["value"] in chosen]
    return block | ({"initial_options": found} if found else {})


def radio(action_id: str, choices: Mapping[str, str], *, chosen: str | None = None) -> Block:
    block: Block = {"type": "radio_buttons", "action_id": action_id, "options": options(choices)}
    return block | _initial(choices, chosen)


def _initial(choices: Mapping[str, str], chosen: str | None) -> Block:
    if chosen is None or chosen not in choices:
        return {}
    return {"initial_option": option(choices[chosen], chosen)}


def checkbox(action_id: str, text: str, value: str = "yes") -> Block:
    return {"type": "checkboxes", "action_id": action_id, "options": [option(text, value)]}


def checkboxes(action_id: str, choices: Sequence[Block]) -> Block:
    """Boxes to tick; at most ten options."""
    return {"type": "checkboxes", "action_id": action_id, "options": list(choices[:10])}


def overflow(action_id: str, choices: Mapping[str, str]) -> Block:
    """The menu behind the three dots; at most five choices."""
    return {"type": "overflow", "action_id": action_id, "options": options(choices)}


def text_input(
    action_id: str,
    *,
    value: str = "",
    most: int = 3000,
    placeholder: str | None = None,
    multiline: bool = True,
) -> Block:
    """A field to type in; `value` stands in it at first."""
    block: Block = {
        "type": "plain_text_input",
        "action_id": action_id,
        "multiline": multiline,
        "max_length": most,
    }
    if value:
        block["initial_value"] = value[:most]
    return block | ({"placeholder": plain(placeholder)} if placeholder else {})


def datetime_input(action_id: str) -> Block:
    return {"type": "datetimepicker", "action_id": action_id}


def date_input(action_id: str, *, chosen: str = "") -> Block:
    """A day; `chosen` in ISO form stands in it at first."""
    return {"type": "datepicker", "action_id": action_id} | ({"initial_date": chosen} if chosen else {})


def file_input(action_id: str, kinds: Sequence[str], most: int) -> Block:
    """Files that a person chooses; Slack's client keeps to the kinds, as endings of names, and to the number."""
    return {"type": "file_input", "action_id": action_id, "filetypes": list(kinds), "max_files": most}


def picture(file: str, alt_text: str) -> Block:
    """A picture that Slack holds already, by its file id; `alt_text` says the same in words."""
    return {"type": "image", "slack_file": {"id": file}, "alt_text": clean(alt_text)[:2000] or "–"}


def labelled(
    block_id: str,
    label: str,
    element: Block,
    *,
    hint: str | None = None,
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """An input block of a modal; with `dispatch`, a change is told at once."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        "optional": optional,
        "dispatch_action": dispatch,
    }
    return block | ({"hint": plain(hint)} if hint else {})


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Block:
    """A table of plain texts whose columns wrap; messages only, one in each."""
    return {
        "type": "table",
        "rows": [[{"type": "raw_text", "text": clean(cell) or "–"} for cell in row] for row in (head, *rows)],
        "column_settings": [{"is_wrapped": True} for _ in head],
    }


def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Block | None],
    *,
    close: str,
    submit: str | None = None,
    metadata: str = "",
) -> Block:
    """A modal; None among `blocks` is left out. Without `submit` it can only be read."""
    view: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title),
        "close": plain(close),
        "blocks": [block for block in blocks if block],
        "private_metadata": metadata,
    }
    return view | ({"submit": plain(submit)} if submit else {})


def home_tab(blocks: Sequence[Block]) -> Block:
    return {"type": "home", "blocks": list(blocks)}
