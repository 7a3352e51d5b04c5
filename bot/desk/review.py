"""Review cards: mails that a person must look at, each with its own deadline, so that none is forgotten."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.db.queries import cases as case_queries
from bot.db.queries import ledger, outbox
from bot.db.tables import CaseRow, DeadlineRow, MailRow, MessageRow
from bot.desk import ROBOT, Desk
from bot.domain.deadlines import anchor_for, due_at
from bot.domain.mail import Mail


def open_card(tx: Session, desk: Desk, row: MailRow, mail: Mail, now: datetime) -> CaseRow | None:
    """Open a review card for a mail; None if the mail is history that nobody has to look at."""
    if row.history:
        return None
    case = CaseRow(
        kind="review",
        store=row.store,
        marketplace=mail.marketplace,
        channel=desk.settings.slack.review_channel,
        order_id=mail.order_id,
        subject=mail.subject[:500],
        lang=mail.lang,
        why=mail.why,
        opened_at=now,
        acted_at=now,
    )
    tx.add(case)
    tx.flush()
    message = _add_message(tx, case, row, mail)
    anchor = anchor_for(mail.received_at, row.arrived_at)
    tx.add(
        DeadlineRow(
            message=message.id,
            case=case.number,
            store=row.store,
            anchor=anchor,
            due_at=due_at(anchor),
            counted=False,
            late_on_arrival=due_at(anchor) <= now,
        )
    )
    tx.flush()
    row.case = case.number
    ledger.record(tx, now, ROBOT, "review_opened", store=row.store, case=case.number, mail=row.id)
    outbox.put(tx, f"card:{case.number}", case.channel, now)
    return case


def _add_message(tx: Session, case: CaseRow, row: MailRow, mail: Mail) -> MessageRow:
    """Store what was written, and the files that came with it."""
    message = MessageRow(
        case=case.number,
        mail=row.id,
        store=row.store,
        message_id=mail.message_id[:1000],
        received_at=anchor_for(mail.received_at, row.arrived_at),
        text=mail.text or mail.full_text,
        full_text=mail.full_text,
        lang=mail.lang,
    )
    tx.add(message)
    tx.flush()
    case_queries.add_attachments(tx, message.id, mail.attachments)
    return message
