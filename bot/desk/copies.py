"""Amazon's copies of replies: whether one is of a reply that left here.

Then it says nothing of other cases: of another buyer of that name (first names are often all that a copy has), or of
another conversation about the same order. The only one that still waits would else be taken for answered.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.db.queries import cases as case_queries
from bot.db.queries import ledger
from bot.db.tables import MailRow
from bot.desk import Desk
from bot.domain.deadlines import anchor_for
from bot.domain.mail import Mail

_NEAR = timedelta(days=3)
_LEFT = ("sending", "accepted", "bounced")
"""Not those of which nobody knows: their copy is the proof that somebody was answered, and stops the clock."""


def is_of_ours(tx: Session, desk: Desk, row: MailRow, mail: Mail) -> bool:
    """Whether the copy has the words of a reply that left for its order, or a buyer of that name, about then.

    It is noted in the ledger.
    """
    sent_at = anchor_for(mail.received_at, row.arrived_at)
    said = _words(mail.text or mail.full_text)
    for number in _meant(tx, row.store or "", mail, sent_at - _NEAR):
        for reply in case_queries.replies(tx, number):
            left_at = reply.accepted_at or reply.taken_at
            is_near = left_at is not None and abs(left_at - sent_at) <= _NEAR
            if is_near and reply.state in _LEFT and _words(reply.text) and _words(reply.text) in said:
                row.case = number
                now = desk.now()
                ledger.record(tx, now, "amazon", "reply_confirmed", store=row.store, case=number, mail=row.id)
                return True
    return False


def _meant(tx: Session, store: str, mail: Mail, since: datetime) -> list[int]:
    """The cases that the copy may be about."""
    if mail.order_id:
        return case_queries.of_order(tx, store, mail.order_id)
    return case_queries.named_since(tx, store, mail.buyer_name, since) if mail.buyer_name else []


def _words(text: str) -> str:
    return " ".join(text.split())
