"""What every mailbox can do, so that one reader serves an IMAP account and a folder of files alike.

The mailbox keeps no state: where the reader stands is a `Position`, stored by the caller in the same
transaction as the mails: within one uidvalidity the largest uid counts, and a mail with another
uidvalidity starts afresh. A mail may be handed out again (after a restart, after the server rebuilt
its mailbox); `(mailbox, uidvalidity, uid)` and the Message-ID tell the caller. Never is a mail left
out, changed, moved, deleted or marked as read.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

BATCH = 50
BATCH_BYTES = 20 * 1024 * 1024
"""Of all mails in a batch together, but for a single one that is larger."""
MAX_BYTES = 40 * 1024 * 1024
"""Above this a mail is too large, if nothing else is said."""
KEPT_OF_LARGE = 256 * 1024
"""How many bytes of a mail that is too large are fetched: its headers, and the first words."""


@dataclass(frozen=True, slots=True)
class Position:
    """The last mail that the caller has: everything behind it is new."""

    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail, byte for byte. `arrived` is when the mailbox got it, aware UTC. `uid` fits in 63 bits.

    `size`: how many bytes a mail has that is too large, and of which `raw` is the beginning only; else None.
    """

    uidvalidity: int
    uid: int
    raw: bytes = field(repr=False)
    arrived: datetime
    size: int | None = None


class Mailbox(Protocol):
    """One mailbox, used by one thread."""

    @property
    def is_numbered(self) -> bool:
        """Whether uids are given one after the other, so that a number that is nowhere means something."""
        ...

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

    def last_days(self, reach: datetime | None = None) -> datetime:
        """Since when mails are handed out of a mailbox that is read for the first time, or was numbered anew.

        With `reach` it is never later than that. What `fetch_after` hands out then may be more, never less.
        """
        ...

    def fetch_after(
        self, position: Position | None, reach: datetime | None = None
    ) -> Iterator[list[Fetched]]:
        """The mails behind `position` in batches of at most 50, oldest first; None means all.

        Under another uidvalidity: those of the last days, as `last_days` says for `reach`.
        """
        ...

    def listing(self, low: int, high: int) -> dict[int, datetime]:
        """uid -> arrival of every mail with a uid above `low`, up to `high`, whatever its date."""
        ...

    def fetch(self, uids: Sequence[int]) -> Iterator[list[Fetched]]:
        """These mails, in batches; what is no longer there is left out."""
        ...

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Until something may be new, `stop` is set or `seconds` have passed. Raises Unreachable."""
        ...

    def close(self) -> None:
        """Let go of it; never blocks, never fails."""
        ...
