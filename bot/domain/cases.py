"""Cases: which conversation a message belongs to.

Joining follows what Amazon's mails carry: each follow-up is a new, unthreaded mail; the stable keys
are the case id behind `+` in the relay address, then the order id, then the relay's base address
within thirty days. Never across stores or buyers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.mail import Mail

SAME_CONVERSATION = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An existing case of the same store that a mail might belong to."""

    number: int
    amazon_case_id: str | None
    order_id: str | None
    buyer_base: str | None
    acted_at: datetime


def join(mail: Mail, candidates: Sequence[Candidate], now: datetime) -> int | None:
    """Number of the case that `mail` belongs to, or None if it opens a new one.

    All `candidates` are of the mail's own store. Two different explicit case ids are never merged.
    """
    newest_first = sorted(candidates, key=lambda one: (one.acted_at, one.number), reverse=True)
    mine = [one for one in newest_first if not _is_other_buyer(mail, one)]
    rest = [one for one in mine if not _is_other_case(mail, one)]
    same_case = [one for one in mine if mail.amazon_case_id and one.amazon_case_id == mail.amazon_case_id]
    same_order = [one for one in rest if mail.order_id and one.order_id == mail.order_id]
    same_buyer = [
        one for one in rest if _is_same_buyer(mail, one) and now - one.acted_at <= SAME_CONVERSATION
    ]
    found = (*same_case, *same_order, *same_buyer)
    return found[0].number if found else None


def _is_same_buyer(mail: Mail, one: Candidate) -> bool:
    """The same relay address, and nothing says that it is about another order."""
    other_order = bool(mail.order_id and one.order_id and mail.order_id != one.order_id)
    return mail.buyer_base is not None and one.buyer_base == mail.buyer_base and not other_order


def _is_other_buyer(mail: Mail, one: Candidate) -> bool:
    return bool(mail.buyer_base and one.buyer_base and mail.buyer_base != one.buyer_base)


def _is_other_case(mail: Mail, one: Candidate) -> bool:
    return bool(mail.amazon_case_id and one.amazon_case_id and mail.amazon_case_id != one.amazon_case_id)
