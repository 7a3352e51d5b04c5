"""Buttons of posts from before a restore: they may mean another case, or another reply, by now.

The guide to a restore (config/README.md) notes when it was done. What was posted before that, is not known here, and
came after all that is, was posted by what the backup does not have. A card of before the backup is known, but may have
been changed since: of it only what names the case counts, whose number is not given again, until it is drawn anew.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.db.queries import outbox, switches
from bot.db.tables import PostRow
from bot.desk import Desk
from bot.desk.change import show_again
from bot.errors import Stale
from bot.slack import payloads

RESTORED_AT = "restored_at"
"""The switch with the instant of the last restore, in ISO form, UTC."""
_OF_THE_CASE = ("case.", "typed.open")
"""How actions begin whose value on a card is a case's number."""


def known_only(desk: Desk) -> Callable[..., Any]:
    """Middleware that refuses such a click; the card that it was on is drawn anew."""

    def refuse(body: dict[str, Any], next: Callable[[], Any]) -> Any:
        pressed = payloads.pressed_post(body)
        if pressed is not None and _is_lost(desk, *pressed):
            show_again(desk, *pressed[:2])
            raise Stale("This post is from before a backup was put back.", key="post_lost")
        return next()

    return refuse


def _is_lost(desk: Desk, channel: str, ts: str, action: str) -> bool:
    with desk.database.reading() as tx:
        noted = switches.get(tx, RESTORED_AT)
        made_at = datetime.fromtimestamp(float(ts), UTC)
        if noted is None or made_at >= (restored_at := _instant(noted)):
            return False
        known = outbox.post_at(tx, channel, ts)
        if known is None:
            return not outbox.was_posted_between(tx, made_at, restored_at)
        return not action.startswith(_OF_THE_CASE) and _is_old_card(known, restored_at)


def _is_old_card(post: PostRow, restored_at: datetime) -> bool:
    """Other posts are about one thing all their life, and their key names it."""
    return post.key.startswith(("card:", "gone:")) and post.posted_at < restored_at


def _instant(iso: str) -> datetime:
    """UTC also if a person who noted it by hand left the zone out."""
    found = datetime.fromisoformat(iso)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
