"""Proving that a mailbox was read: what its server has, held against what is stored.

Trusting one's own position loses mails without anybody's knowing (freescout 2001, 4109). UIDs only grow while
UIDVALIDITY stays (RFC 3501 2.3.1.1), but servers skip numbers, restore backups, and use numbers again; and a mail
that is moved in keeps its old date. So all is held against UIDs, and dates only tell whether a UID means another mail.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

_SAME_INSTANT = timedelta(seconds=1)
_SEPARATOR = ":"


@dataclass(frozen=True, slots=True)
class Numbering:
    """What of a mailbox is ours, as its server numbers it.

    Every mail with a uid above `behind_uid`, which was the last one when it was read for the first time under this
    `uidvalidity`; and of those up to it the ones that arrived at `since` or later.
    """

    uidvalidity: int
    behind_uid: int
    since: datetime

    def is_ours(self, uid: int, arrived_at: datetime) -> bool:
        """Whether a mail on the server has to be stored."""
        return uid > self.behind_uid or arrived_at >= self.since


@dataclass(frozen=True, slots=True)
class Comparison:
    """How server and store stand to each other, of the mails from one uid to another.

    `server`: mails there that are ours; `stored`: how many of them we have. `missing`: uids that we lack.
    `doubtful`: uids that we have, but the server's mail came at another instant. `gone`: stored, and no longer
    there, because somebody moved or deleted them. `gaps`: numbers that are nowhere: skipped by the server, or
    taken away before we looked.
    """

    server: int
    stored: int
    missing: tuple[int, ...]
    doubtful: tuple[int, ...]
    gone: int
    gaps: int


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit of a mailbox. `found`: mails that were missing and are stored now; `left`: those that the server
    names but does not give. `waiting`: mails that came since the last look.
    """

    place: str
    at: datetime
    days: int | None
    server: int
    stored: int
    found: int
    left: int
    gone: int
    gaps: int
    waiting: int

    @property
    def is_complete(self) -> bool:
        """Whether nothing was missing."""
        return not self.found and not self.left


def compare(
    listed: Mapping[int, datetime],
    stored: Mapping[int, Collection[datetime]],
    numbering: Numbering,
    span: tuple[int, int],
    *,
    is_numbered: bool = True,
) -> Comparison:
    """Hold the server's mails (uid -> arrival) against the stored ones (uid -> arrivals under it).

    `span`: above the first uid, up to the second. Without `is_numbered` (a folder of files) numbers mean nothing.
    """
    low, high = span
    there = {uid: at for uid, at in listed.items() if low < uid <= high}
    ours = {uid: at for uid, at in there.items() if numbering.is_ours(uid, at) or uid in stored}
    have = {uid for uid in stored if low < uid <= high}
    numbers = high - max(low, numbering.behind_uid) if is_numbered else 0
    known = sum(uid > numbering.behind_uid for uid in have | set(there))
    return Comparison(
        server=len(ours),
        stored=sum(uid in have for uid in ours),
        missing=tuple(sorted(uid for uid in ours if uid not in have)),
        doubtful=tuple(sorted(uid for uid in ours if uid in have and not _is_one(ours[uid], stored[uid]))),
        gone=len(have - set(there)),
        gaps=max(0, numbers - known) if is_numbered else 0,
    )


def _is_one(arrived_at: datetime, stored: Collection[datetime]) -> bool:
    return any(abs(arrived_at - one) < _SAME_INSTANT for one in stored)


def place_of(mailbox: str, folder: str) -> str:
    """The name under which a further folder of a mailbox is read. No mailbox's own name has a colon."""
    return f"{mailbox}{_SEPARATOR}{folder}"


def mailbox_of(place: str) -> str:
    """The mailbox that a place is in: its own name, or the one of which it is a further folder."""
    return place.partition(_SEPARATOR)[0]


def folder_of(place: str) -> str:
    """The further folder that a place is; empty for the mailbox itself."""
    return place.partition(_SEPARATOR)[2]
