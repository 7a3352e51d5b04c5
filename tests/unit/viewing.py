"""Reading a view as a test does: its texts, what can be pressed, what was filled in; and nasty words to plant in it."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from bot.slack.blocks import Block, Post
from bot.slack.limits import fit, post_violations, view_violations
from bot.slack.texts import Say
from tests.unit.view_samples import PLAIN, Words

EN, ZH = Say("en"), Say("zh")
SAYS = [pytest.param(EN, id="en"), pytest.param(ZH, id="zh")]
NASTY_LINE = (
    "<!channel> <@U0EVIL> @here &amp; & https://evil.example/x?a=1 www.evil.example evil.example me@evil.example "
    "*bold* _it_ ~gone~ `code` ```block``` :tada: <https://evil.example|Amazon> > quote \u202eRTL\u2066 שלום 😀"
)
NASTY = Words(
    text="\n".join([NASTY_LINE] * 100)[:20_000],
    name="<!here>*Evil*https://evil.example `x` " + "N" * 300,
    short=NASTY_LINE * 10,
    file="<!everyone>_evil.example_" + "f" * 400 + ".jpg",
    order="<@U0EVIL>*bold*",
    asin="@here`code`",
)

# The `every_view` of a module of samples.
Room = Callable[[Say, Words], Iterator[tuple[str, Post | Block]]]


@cache
def views(room: Room, say: Say, words: Words = PLAIN) -> dict[str, Any]:
    """Every view of a room by its name, drawn once; no test changes one."""
    return dict(room(say, words))


@cache
def fitted(room: Room, say: Say, words: Words = PLAIN) -> dict[str, Any]:
    """The same as they leave for Slack."""
    return {name: fit(view) for name, view in views(room, say, words).items()}


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in it, at any depth, in order."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from parts(inner)


def drawn(view: Any) -> list[dict[str, Any]]:
    return view.blocks if isinstance(view, Post) else view["blocks"]


def faults(view: Any) -> list[str]:
    return post_violations(view) if isinstance(view, Post) else view_violations(view)


def parsed_texts(view: Any) -> list[str]:
    """Every text in which Slack looks for markup."""
    found = [part["text"] for part in parts(drawn(view)) if part.get("type") == "mrkdwn"]
    return [view.text, *found] if isinstance(view, Post) else found


def words_of(view: Any) -> str:
    """Everything that can be read in it, in order."""
    return "\n".join(part["text"] for part in parts(drawn(view)) if isinstance(part.get("text"), str))


def button_parts(view: Any) -> list[dict[str, Any]]:
    return [part for part in parts(drawn(view)) if part.get("type") == "button"]


def all_buttons(view: Any) -> list[tuple[str, str]]:
    """What each button says, with its value, in order."""
    return [(part["text"]["text"], part["value"]) for part in button_parts(view)]


def buttons(view: Any) -> dict[str, str]:
    """The same of a view where no two buttons say the same."""
    found = all_buttons(view)
    assert len(dict(found)) == len(found), found
    return dict(found)


def controls(view: Any) -> list[str]:
    """What can be pressed, in order, menus too."""
    menus = {"static_select": "More templates", "overflow": "⋯"}
    return [
        part["text"]["text"] if part["type"] == "button" else menus[part["type"]]
        for part in parts(drawn(view))
        if part.get("type") in ("button", *menus)
    ]


def element(view: Any, block_id: str) -> dict[str, Any]:
    return next(block["element"] for block in view["blocks"] if block.get("block_id") == block_id)


def filled_in(view: Any) -> dict[str, str | None]:
    """What stands in each input before anybody types, by its action id."""
    inputs = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    return {
        one["action_id"]: one.get("initial_value")
        or one.get("initial_date")
        or one.get("initial_option", {}).get("value")
        for one in inputs
    }


def cells(view: Any) -> list[list[str]]:
    """The rows of its only table."""
    (table,) = [block for block in drawn(view) if block["type"] == "table"]
    return [[cell["text"] for cell in row] for row in table["rows"]]
