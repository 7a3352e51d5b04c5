"""What is stored of one store around a period, for the comparison with Amazon's report."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.tables import CaseRow, DeadlineRow, MailboxRow, MailRow, MessageRow, ReplyRow
from bot.domain.purge import OPTED_OUT
from bot.domain.reconciliation import OtherMail, Own

_OTHER_KINDS = ("auto_reply", "spam_or_spoof", "other", "amazon_notice")


def messages_of(tx: Session, store: str, start: datetime, end: datetime) -> Iterator[Own]:
    """Buyer messages whose clock started in [start, end), history and late ones too; review cards are none."""
    query = (
        select(
            MessageRow.id.label("message"),
            DeadlineRow.case,
            CaseRow.order_id,
            CaseRow.amazon_case_id,
            CaseRow.buyer_base.label("buyer"),
            DeadlineRow.anchor,
            MailRow.arrived_at,
            DeadlineRow.due_at,
            DeadlineRow.state,
            DeadlineRow.answered_at,
            func.coalesce(DeadlineRow.closed_by, "").label("closed_by"),
            DeadlineRow.counted,
            DeadlineRow.late_on_arrival,
            (MessageRow.case != DeadlineRow.case).label("is_merged"),
        )
        .join(DeadlineRow, DeadlineRow.message == MessageRow.id)
        .join(CaseRow, CaseRow.number == MessageRow.case)
        .join(MailRow, MailRow.id == MessageRow.mail)
        .where(
            DeadlineRow.store == store,
            DeadlineRow.anchor >= start,
            DeadlineRow.anchor < end,
            CaseRow.kind == "buyer",
        )
        .execution_options(yield_per=2000)
    )
    return (Own(**row) for row in tx.execute(query).mappings())


def other_mails(tx: Session, store: str, start: datetime, end: datetime) -> list[OtherMail]:
    """Mails of [start, end) that became no buyer message, also those that no store could be found for."""
    rows = tx.execute(
        select(
            MailRow.order_id, MailRow.kind, MailRow.arrived_at, MailRow.id.label("mail"), MailRow.case
        ).where(
            MailRow.kind.in_(_OTHER_KINDS),
            MailRow.store.is_(None) | (MailRow.store == store),
            MailRow.arrived_at >= start,
            MailRow.arrived_at < end,
        )
    )
    return [OtherMail(**row) for row in rows.mappings()]


def undelivered(tx: Session, store: str, since: datetime) -> dict[int, str]:
    """By the case that people work on: bounced or opted_out, of replies that came back after they were taken."""
    rows = tx.execute(
        select(func.coalesce(CaseRow.merged_into, CaseRow.number), ReplyRow.reason)
        .join(CaseRow, CaseRow.number == ReplyRow.case)
        .where(CaseRow.store == store, ReplyRow.state == "bounced", ReplyRow.taken_at >= since)
    )
    return {case: "opted_out" if reason == OPTED_OUT else "bounced" for case, reason in rows}


def first_read(tx: Session, mailbox: str) -> datetime | None:
    """When a mailbox was read for the first time."""
    return tx.scalar(select(MailboxRow.started_at).where(MailboxRow.name == mailbox))
