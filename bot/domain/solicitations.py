"""Amazon's request for a review and feedback: when somebody may ask for it, and how it stands.

It is Amazon's own text, which goes to the buyer once for an order; nobody can take it back or answer it. Amazon takes
it from 5 to 30 days after delivery, and tells for each order whether it does. On our side: only where the settings
want it, only by a manager, never for an order with which something is wrong.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

WANTED, SENDING = "wanted", "sending"
SENT, UNSURE = "sent", "unsure"
NOT_OFFERED, REFUSED, FAILED = "not_offered", "refused", "failed"
AGAIN = (NOT_OFFERED, REFUSED, FAILED)
"""Surely nothing reached the buyer, so a manager may ask once more. After all others it is never asked again."""
TOO_OLD = timedelta(hours=1)
"""Who pressed the button does not expect it to leave much later; until then what does not get there is tried again."""


@dataclass(frozen=True, slots=True)
class Solicitation:
    """How the request for one order stands. `by` wanted it at `at`; `code`: why it did not leave, or Amazon's word."""

    id: int
    order_id: str
    case: int
    state: str
    by: str
    at: datetime
    ended_at: datetime | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class ReviewPanel:
    """What the details of a case show: the request for its order so far, and whether the reader may ask for one."""

    case: int
    order_id: str
    last: Solicitation | None = None
    may_ask: bool = False


def obstacle(risks: Collection[str], *, has_claim: bool) -> str | None:
    """Why nobody should ask the buyer of an order for a review: claim or risk; None if nothing is wrong with it."""
    if has_claim or "a_to_z" in risks:
        return "claim"
    return "risk" if risks else None
