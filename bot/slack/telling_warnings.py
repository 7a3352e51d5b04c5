"""What the outbox's keys about warnings mean: `warned:<warning>` in the channel, `warned:<warning>:<person>`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.desk import streaks
from bot.slack.views import warnings

if TYPE_CHECKING:  # telling reads this table; a cycle only for types
    from bot.slack.telling import Asked, Telling


def _warned(asked: "Asked") -> "Telling":
    """As it was when it was recorded: what changed since is for the board."""
    return asked.post(warnings.warning(streaks.warned(asked.desk, asked.number), asked.say))


KINDS: dict[str, Callable[["Asked"], "Telling | None"]] = {"warned": _warned}
