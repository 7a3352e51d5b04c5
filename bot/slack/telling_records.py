"""What the outbox's keys about kept and removed records mean: posts that go, and anchors of the ledger."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.desk import anchors
from bot.slack.views import records

if TYPE_CHECKING:  # telling reads this table; a cycle only for types
    from bot.slack.telling import Asked, Telling


def _erase(asked: "Asked") -> "Telling":
    """`erase:<channel>:<ts>`: what stands there goes; where Slack does not let it go, other words stand there."""
    channel, ts = asked.parts
    return asked.erasing(records.stub(asked.say), (channel, ts))


def _anchor(asked: "Asked") -> "Telling":
    """`anchor:<record>`: the head of the ledger as it was recorded."""
    found, at = anchors.anchor(asked.desk, asked.number)
    return asked.post(records.anchor(found, at, asked.say))


KINDS: dict[str, Callable[["Asked"], "Telling | None"]] = {"erase": _erase, "anchor": _anchor}
