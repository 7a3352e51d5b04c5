"""Test mails of our own: they show that a mailbox is really reached, which reading it can not.

Each carries a token signed with the installation's own key (HMAC, RFC 2104), so nobody else's mail passes for one
and becomes no case. Instants are aware UTC.
"""

import hashlib
import hmac
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

HEADER = "X-Reply24-Canary"
_SIGNED = re.compile(rb"^x-reply24-canary:\s*(\d{1,12})\.([0-9a-f]{32})\s*$", re.IGNORECASE | re.MULTILINE)
_HEAD_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Canary:
    """One test mail. `reason`: why it could not be sent. `stored_at`: when we had it."""

    sent_at: datetime
    stored_at: datetime | None = None
    reason: str | None = None


def token(number: int, key: str) -> str:
    """What the header of a test mail says."""
    return f"{number}.{_signature(number, key)}"


def may_be_one(raw: bytes) -> bool:
    """Whether a mail says that it is a test mail; to be looked at with `number_of` then."""
    return _SIGNED.search(_head(raw)) is not None


def number_of(raw: bytes, key: str) -> int | None:
    """The number of a test mail that was signed with our key; None for every other mail."""
    found = _SIGNED.search(_head(raw))
    if found is None:
        return None
    number = int(found[1])
    return number if hmac.compare_digest(found[2].decode(), _signature(number, key)) else None


def _head(raw: bytes) -> bytes:
    head = raw[:_HEAD_BYTES].replace(b"\r\n", b"\n")
    return head.partition(b"\n\n")[0]


def _signature(number: int, key: str) -> str:
    return hmac.new(key.encode(), f"canary:{number}".encode(), hashlib.sha256).hexdigest()[:32]


def overdue(canaries: Sequence[Canary], now: datetime, late: timedelta) -> Canary | None:
    """The test mail to raise the alarm for: the newest of which one can say by now whether it arrived, if it did not.

    One that arrives late ends the alarm, and so does a later one that arrives; not one of a clock that was set back.
    """
    sent = [one for one in canaries if one.sent_at <= now]
    decided = [one for one in sent if one.stored_at is not None or one.sent_at <= now - late]
    newest = max(decided, key=lambda one: one.sent_at, default=None)
    return newest if newest is not None and newest.stored_at is None else None


def delay(canaries: Sequence[Canary], share: float = 0.9) -> timedelta | None:
    """Within which time this share of those that arrived was here; None if none arrived."""
    delays = sorted(one.stored_at - one.sent_at for one in canaries if one.stored_at is not None)
    return delays[max(0, math.ceil(share * len(delays)) - 1)] if delays else None
