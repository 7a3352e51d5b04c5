"""Removing personal data: when it is due, what holds it up, and what becomes of each column of each table.

Amazon's Data Protection Policy wants buyers' personal data gone 30 days after delivery; where no delivery is known
they go 30 days after the last message. What is kept says who did what, when, about which order: records of refunds
and exchanges are kept for 18 months, and in the ledger nothing is ever deleted. (amazon reference 3.5)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

GONE = "[…]"
"""What stands where a text was; the same in every language, and never empty: Slack takes no empty text."""
REASONS = ("a_to_z", "return", "chargeback", "safety", "legal")
"""Why personal data may be kept longer: always by a named owner, and until a date."""
CLAIM = "a_to_z"


@dataclass(frozen=True, slots=True)
class Hold:
    """Somebody's wish to keep the data of a case; the words of REASONS."""

    id: int
    case: int
    reason: str
    owner: str
    until: datetime
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case, with all that was merged into it, as the purge looks at it.

    `last_at`: its last buyer message, or reply that left. `delivered_by`: when its order was delivered, or at the
    latest will be; None while nothing says so. `waits`: a buyer still waits for an answer, or a reply is on its way.
    """

    case: int
    last_at: datetime
    waits: bool
    held: tuple[Hold, ...] = ()
    delivered_by: datetime | None = None


def due_at(one: Candidate, keep: timedelta) -> datetime:
    """When the personal data of a case have to go: `keep` after delivery, or after its last message."""
    return (one.delivered_by or one.last_at) + keep


def obstacle(one: Candidate, now: datetime) -> str | None:
    """Why data that are due stay: held (somebody says so, until a date), waits (an answer is owed); None if nothing."""
    if any(hold.until > now for hold in one.held):
        return "held"
    return "waits" if one.waits else None


KEPT, DELETED = "kept", "deleted"

# Of each table: what stands in a column after the purge. A column that is not here stays as it is, and a test has the
# list of those; a new column has to be put on one of the two.
BLANKS: Mapping[str, Mapping[str, object]] = {
    "mails": {"raw": None, "summary": None},
    "cases": {"buyer_base": None, "buyer_alias": None, "buyer_name": None, "subject": "", "why": ""},
    "messages": {"text": GONE, "full_text": GONE, "salt": None},
    "attachments": {"name": GONE, "content": None},
    "replies": {"text": GONE, "salt": None, "reason": None},
    "notes": {"text": GONE},
    "questions": {"text": GONE, "findings": ()},
    "compensations": {"note": ""},
    "handover_notes": {"text": GONE},
    "bulks": {"shared": {}},
}

POSTS: Mapping[str, str] = {
    "card": "again",
    "recard": "again",
    "home": "again",
    **dict.fromkeys(
        (
            *("message", "reply", "note", "notice", "copy", "ping", "due", "assigned", "taken", "woken"),
            *("escalated", "failed", "unsure", "bounced", "stuck", "offer", "handover", "handover_reminder"),
            *(
                "handover_late",
                "unstaffed",
                "brief",
                "forecast",
                "solution",
                "solution_asked",
                "solution_told",
            ),
            *("question", "merged", "took_in", "separated", "gave_back", "split", "split_off", "gone"),
        ),
        "erased",
    ),
    **dict.fromkeys(
        (
            *("trouble", "group", "missed", "request", "approval", "asked", "changed", "gaps", "calendar"),
            *("bulk", "warned", "digest", "anchor"),
        ),
        "kept",
    ),
}
"""What becomes of a post in Slack, by the kind of its key: again (said anew, without the data), erased, or kept (it
never had a word of a buyer's, nor a name). An erased one that belongs to no case goes after the same number of days.
"""
