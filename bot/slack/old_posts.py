"""Buttons of posts between a backup and its restore: they may mean another case, or another reply, by now.

The guide to a restore (config/README.md) notes when it was done. What was posted before that, and is not known here,
was posted by what the backup does not have; all else of that time is known, and means what it did.
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
        made_at = datetime.fromtimestamp(float(ts), UTC)
        return made_at < datetime.fromisoformat(restored_at) and outbox.key_at(tx, channel, ts) is None
