"""Amazon's copies that name a buyer and no order: whether one is of a reply that left here.

Then it says nothing of another buyer of that name, who may be the only one that waits (first names are often all that
a copy has).
"""

from datetime import timedelta

from sqlalchemy.orm import Session

from bot.db.queries import cases as case_queries
from bot.db.queries import ledger
from bot.db.tables import MailRow
from bot.desk import Desk
from bot.domain.deadlines import anchor_for
from bot.domain.mail import Mail

_NEAR = timedelta(days=3)
_LEFT = ("sending", "unsure", "accepted", "bounced")


def is_of_ours(tx: Session, desk: Desk, row: MailRow, mail: Mail) -> bool:
    """Whether the copy has the words of a reply that left for a buyer of that name about then; noted in the ledger."""
    if mail.order_id or not mail.buyer_name or row.store is None:
        return False
    sent_at = anchor_for(mail.received_at, row.arrived_at)
    said = _words(mail.text or mail.full_text)
    for number in case_queries.named_since(tx, row.store, mail.buyer_name, sent_at - _NEAR):
        for reply in case_queries.replies(tx, number):
            left_at = reply.accepted_at or reply.taken_at
            is_near = left_at is not None and abs(left_at - sent_at) <= _NEAR
            if is_near and reply.state in _LEFT and _words(reply.text) and _words(reply.text) in said:
                row.case = number
                now = desk.now()
                ledger.record(tx, now, "amazon", "reply_confirmed", store=row.store, case=number, mail=row.id)
                return True
    return False


def _words(text: str) -> str:
    return " ".join(text.split())
