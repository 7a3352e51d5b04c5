"""What is stored about cases, for an evidence pack: pings, RMA numbers, files, mails' kinds, people."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from bot.db.tables import AttachmentRow, CaseRow, MessageRow, PersonRow, PingRow
from bot.db.tables_solutions import RmaRow


def cases_of_order(tx: Session, order_id: str) -> Sequence[int]:
    """Every case about an order, of any store."""
    return tx.scalars(select(CaseRow.number).where(CaseRow.order_id == order_id)).all()


def case_rows(tx: Session, cases: Sequence[int]) -> Sequence[CaseRow]:
    """These cases by their numbers."""
    return tx.scalars(select(CaseRow).where(CaseRow.number.in_(cases)).order_by(CaseRow.number)).all()


def pings(tx: Session, cases: Sequence[int]) -> Sequence[Row[int, str, str, int, datetime]]:
    """(message, stage, addressee, case, at) of what was reminded of."""
    query = (
        select(PingRow.message, PingRow.stage, PingRow.addressee, MessageRow.case, PingRow.at)
        .join(MessageRow, MessageRow.id == PingRow.message)
        .where(MessageRow.case.in_(cases))
    )
    return tx.execute(query.order_by(PingRow.at, PingRow.stage, PingRow.addressee)).all()


def rmas(tx: Session, cases: Sequence[int]) -> Sequence[RmaRow]:
    """RMA numbers of these cases."""
    return tx.scalars(select(RmaRow).where(RmaRow.case.in_(cases)).order_by(RmaRow.id)).all()


def files(tx: Session, cases: Sequence[int]) -> Sequence[Row[int, str, str, int]]:
    """(message, name, type, size in bytes) of the files that came with messages."""
    query = (
        select(
            AttachmentRow.message, AttachmentRow.name, AttachmentRow.content_type, AttachmentRow.size_bytes
        )
        .join(MessageRow, MessageRow.id == AttachmentRow.message)
        .where(MessageRow.case.in_(cases))
    )
    return tx.execute(query.order_by(AttachmentRow.id)).all()


def names(tx: Session) -> dict[str, str]:
    """Names of people by Slack user id."""
    return {row.person: row.name for row in tx.execute(select(PersonRow.person, PersonRow.name))}
