"""Buttons of posts between a backup and its restore: they may mean another case, or another reply, by now.

The guide to a restore (config/README.md) notes when it was done. What was posted before that, is not known here, and
came after all that is, was posted by what the backup does not have. A card of before the backup is known, also when it
was changed since: what it then said of a reply is for the team to leave alone until it is drawn again.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.db.queries import outbox, switches
from bot.desk import Desk
from bot.errors import Stale
from bot.slack import payloads

RESTORED_AT = "restored_at"
"""The switch with the instant of the last restore, in ISO form, UTC."""


def known_only(desk: Desk) -> Callable[..., Any]:
    """Middleware that refuses such a click."""

    def refuse(body: dict[str, Any], next: Callable[[], Any]) -> Any:
        post = payloads.pressed_post(body)
        if post is not None and _is_lost(desk, *post):
            raise Stale("This post is from before a backup was put back.", key="post_lost")
        return next()

    return refuse


def _is_lost(desk: Desk, channel: str, ts: str) -> bool:
    with desk.database.reading() as tx:
        restored_at = switches.get(tx, RESTORED_AT)
        if restored_at is None:
            return False
        made_at, until = datetime.fromtimestamp(float(ts), UTC), _instant(restored_at)
        is_of_backup = outbox.key_at(tx, channel, ts) or outbox.was_posted_between(tx, made_at, until)
        return made_at < until and not is_of_backup


def _instant(iso: str) -> datetime:
    """UTC also if a person who noted it by hand left the zone out."""
    found = datetime.fromisoformat(iso)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
