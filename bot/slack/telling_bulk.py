"""What the outbox's key of a bulk reply means: how far it is, to whoever began it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.desk import bulk
from bot.slack.views.bulk import progress

if TYPE_CHECKING:  # telling reads this table; a cycle only for types
    from bot.slack.telling import Asked, Telling


def _bulk(asked: "Asked") -> "Telling":
    """`bulk:<id>`"""
    stands = bulk.progress(asked.desk, asked.number)
    return asked.post(progress(stands, asked.template_title(stands.template), asked.say))


KINDS: dict[str, Callable[["Asked"], "Telling | None"]] = {"bulk": _bulk}
