"""What the outbox's keys about digests mean: the text, and of the weekly one its charts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from bot.desk import digests
from bot.slack.drawn import drawn
from bot.slack.home import targets
from bot.slack.views import digest, digest_charts

if TYPE_CHECKING:  # telling reads this table; a cycle only for types
    from bot.slack.telling import Asked, Telling


def _digest(asked: "Asked") -> "Telling | None":
    """`digest:daily:<store>:<day>`, `digest:weekly:<Monday>`; nothing of stores that are all in manual mode."""
    kind, *rest = asked.parts
    if kind == "daily":
        found = digests.day_of(asked.desk, rest[0], date.fromisoformat(rest[1]))
        if all(one.manual_since for one in found.stores):
            return None
        return asked.post(digest.daily(found, asked.say, targets(asked.desk)))
    return _weekly(asked, date.fromisoformat(rest[0]))


def _weekly(asked: "Asked", monday: date) -> "Telling | None":
    desk, say = asked.desk, asked.say
    found = digests.week_of(desk, monday)
    if all(one.manual_since for one in found.stores):
        return None
    titles = {one.name: asked.template_title(one.name) for one in found.templates}
    telling = asked.post(digest.weekly(found, say, targets(desk), titles))
    charts = digest_charts.native(found, say) if desk.settings.digests.slack_charts else []
    return replace(
        telling,
        charts=tuple(charts),
        pictures=digest_charts.drawings(found, drawn(say), targets(desk)),
    )


KINDS: dict[str, Callable[["Asked"], "Telling | None"]] = {"digest": _digest}
