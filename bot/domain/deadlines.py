"""Deadlines: the promise that each buyer message creates.

Amazon counts 24 x 3600 s from its own receipt, weekends and holidays included
(Seller Central help, "Manage your customer messages"). Every instant is aware UTC.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

LIMIT = timedelta(hours=24)
BELIEVED = timedelta(days=7)

OPEN = "open"
MET = "met"
MISSED = "missed"
EXCUSED = "excused"


def anchor_for(stated: datetime | None, first_seen: datetime) -> datetime:
    """When the clock of one buyer message starts.

    `stated` is Amazon's receipt time as the mail claims it; anybody can forge it. `first_seen` is
    the earliest instant that we vouch for ourselves. A claim is believed if it lies in the seven
    days before `first_seen`; otherwise `first_seen` counts. Never later than `first_seen`: a clock
    that starts late would hide a miss.
    """
    if stated is not None and first_seen - BELIEVED <= stated <= first_seen:
        return stated
    return first_seen


def due_at(anchor: datetime) -> datetime:
    """The last instant at which an answer is in time."""
    return anchor + LIMIT


def closing_state(due: datetime, answered_at: datetime) -> str:
    """What a deadline becomes when it is answered: met at `due` or before, else missed."""
    return MET if answered_at <= due else MISSED


def excused_by(person: str, closed_at: datetime) -> str:
    """What `deadlines.closed_by` says of a message that `person` said needs no answer, and which closing it was."""
    return f"person:{person}:{int(closed_at.timestamp())}"


def is_excused_since(closed_by: str | None, at: datetime) -> bool:
    """Whether a person excused it at `at` or after, to the second. Marks of early versions do not say when."""
    word, _, rest = (closed_by or "").partition(":")
    when = rest.partition(":")[2]
    return word == "person" and when.isdecimal() and int(when) >= int(at.timestamp())


def waiting_mark(messages: Iterable[int]) -> str:
    """What tells these waiting messages from any others: whether somebody had all of them before them."""
    named = ",".join(map(str, sorted(messages)))
    return hashlib.sha256(named.encode()).hexdigest()[:16]
