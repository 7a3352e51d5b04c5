"""What every mailbox can do, so that one reader serves an IMAP account and a folder of files alike.

The mailbox keeps no state: where the reader stands is a `Position`, stored by the caller in the same
transaction as the mails: within one uidvalidity the largest uid counts, and a mail with another
uidvalidity starts afresh. A mail may be handed out again (after a restart, after the server rebuilt
its mailbox); `(mailbox, uidvalidity, uid)` and the Message-ID tell the caller. Never is a mail left
out, changed, moved, deleted or marked as read.
"""

import threading
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

BATCH = 50


@dataclass(frozen=True, slots=True)
class Position:
    """The last mail that the caller has: everything behind it is new."""

    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail, byte for byte. `arrived` is when the mailbox got it, aware UTC. `uid` fits in 63 bits."""

    uidvalidity: int
    uid: int
    raw: bytes = field(repr=False)
    arrived: datetime


class Mailbox(Protocol):
    """One mailbox, used by one thread."""

    @property
    def has_idle(self) -> bool:
        """Whether `wait` is told of new mail by the mailbox itself, or has to look."""
        ...

    def connect(self) -> None:
        """Make it readable. Raises Refused (login, folder), Unreachable (network)."""
        ...

    def position_at_end(self) -> Position:
        """The position behind everything that is there: for a first start without history."""
        ...

    def status(self) -> tuple[int, int, int]:
        """(uidvalidity, how many mails, the smallest uid that a new mail can get)."""
        ...

    def fetch_after(self, position: Position | None) -> Iterator[list[Fetched]]:
        """The mails behind `position` in batches of at most 50, oldest first; None means all."""
        ...

    def fetch_missing(self, known: Container[int], up_to: int) -> Iterator[list[Fetched]]:
        """Mails of the last days with a uid of at most `up_to` that is not `known`: there should be none."""
        ...

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Until something may be new, `stop` is set or `seconds` have passed. Raises Unreachable."""
        ...

    def close(self) -> None:
        """Let go of it; never blocks, never fails."""
        ...
