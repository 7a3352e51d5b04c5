"""What the outbox's keys about order messages mean: the post in the thread, and what their authors are told."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desk import read
from bot.slack.views import typed_posts

if TYPE_CHECKING:  # telling reads this table; a cycle only for types
    from bot.slack.telling import Asked, Telling

_STATES = {"stuck": ("queued",), "held_back": ("withdrawn",)}


def _typed(asked: "Asked") -> "Telling":
    """`typed:<id>`: under the card; who wrote it is not called by it."""
    case, one = read.case_of_typed(asked.desk, asked.number)
    return asked.under_card(asked.uncalled(typed_posts.state(case, one, asked.say), one.author), case)


def _told(asked: "Asked") -> "Telling | None":
    """`typed_told:<id>:<what>:<person>`; nothing if it stands otherwise by now."""
    case, one = read.case_of_typed(asked.desk, asked.number)
    what = asked.parts[1]
    if one.state not in _STATES.get(what, (what,)):
        return None
    return replace(asked.post(typed_posts.told(case, one, what, asked.say)), case=case.number)


KINDS: dict[str, Callable[["Asked"], "Telling | None"]] = {"typed": _typed, "typed_told": _told}
