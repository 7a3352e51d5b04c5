"""A watch for sockets that are open, answer pings, and bring nothing: then people's clicks go nowhere, unseen.

Slack tells us of our own posts in channels (slack reference 2.1), so every post proves whether we hear. When several
have been made and nothing at all came by the socket since, it is replaced. The SDK sees only sockets whose pings
go unanswered.
"""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.db.queries import outbox
from bot.desk import Desk
from bot.log import get_logger

log = get_logger()

WATCH_SECONDS = 5.0
_POSTS = 3
"""So many for each of the app's connections: Slack tells an event to one of them."""
_PATIENCE = timedelta(seconds=30)
_LONGEST_PAUSE = 20
"""A workspace that does not tell us of our posts must not cost a connection every half minute."""


class Ears:
    """When the socket last brought something, and over how many connections Slack spreads what it says."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._heard_at = clock.now()
        self._connections = 1
        self._in_vain = 0

    def heard(self, message: Mapping[str, Any]) -> None:
        """Something came: a greeting, which says how many connections there are, or what people do."""
        with self._lock:
            self._heard_at = self._clock.now()
            if message.get("type") == "hello":
                self._connections = max(1, int(message.get("num_connections") or 1))
            else:
                self._in_vain = 0

    def is_deaf(self, posts: Callable[[datetime, datetime], int]) -> bool:
        """Whether nothing came though there was enough to hear. `posts`: how many we made between two instants."""
        with self._lock:
            self._heard_at = min(self._heard_at, self._clock.now())  # it may have been set back since
            since, wanted = self._heard_at, _POSTS * self._connections
            patience = _PATIENCE * self._clock.speed * min(2**self._in_vain, _LONGEST_PAUSE)
        until = self._clock.now() - patience
        return since < until and posts(since, until) >= wanted

    def replaced(self) -> None:
        """The socket was replaced. If the next one brings nothing but a greeting either, more patience is had."""
        with self._lock:
            self._heard_at, self._in_vain = self._clock.now(), self._in_vain + 1


def watch(desk: Desk, ears: Ears, replace: Callable[[], None], ended: threading.Event) -> None:
    """Until `ended`: replace the socket when it is deaf."""

    def posts(since: datetime, until: datetime) -> int:
        with desk.database.reading() as tx:
            return outbox.posts_in_channels(tx, since, until)

    while not ended.wait(WATCH_SECONDS):
        try:
            if ears.is_deaf(posts):
                log.warning("slack_socket_deaf")
                ears.replaced()
                replace()
        except Exception as error:
            log.warning("slack_socket_not_replaced", exc_info=error)
