"""Holds: who wants personal data kept, until when."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from bot.db.queries.mails import IS_CLAIM
from bot.db.tables import CaseRow, MailRow
from bot.db.tables_records import HoldRow
from bot.domain.purge import Hold


def hold_of(row: HoldRow) -> Hold:
    """A stored hold for the rules."""
    return Hold(row.id, row.case, row.reason, row.owner, row.until, row.by, row.at)


def about(tx: Session, cases: Sequence[int]) -> list[Hold]:
    """Holds, not ended, of these cases and of other cases of the same store about the same order."""
    held, wanted = aliased(CaseRow), aliased(CaseRow)
    same_order = (held.store == wanted.store) & (held.order_id == wanted.order_id)
    rows = tx.scalars(
        select(HoldRow)
        .join(held, held.number == HoldRow.case)
        .join(wanted, (wanted.number == held.number) | same_order)
        .where(HoldRow.ended_at.is_(None), wanted.number.in_(cases))
        .order_by(HoldRow.until, HoldRow.id)
        .distinct()
    )
    return [hold_of(row) for row in rows]


def standing(tx: Session, stores: Sequence[str] | None = None) -> list[tuple[Hold, str | None, str | None]]:
    """(hold, store, order id) of all that are not ended, the one that ends first at the top."""
    query = (
        select(HoldRow, CaseRow.store, CaseRow.order_id)
        .join(CaseRow, CaseRow.number == HoldRow.case)
        .where(HoldRow.ended_at.is_(None))
        .order_by(HoldRow.until, HoldRow.id)
    )
    if stores is not None:
        query = query.where(CaseRow.store.in_(stores) | CaseRow.store.is_(None))
    return [(hold_of(row), store, order) for row, store, order in tx.execute(query)]


def of_case(tx: Session, case: int, reason: str) -> HoldRow | None:
    """The hold of a case for this reason that is not ended."""
    query = select(HoldRow).where(HoldRow.case == case, HoldRow.reason == reason, HoldRow.ended_at.is_(None))
    return tx.scalars(query.limit(1)).one_or_none()


def over(tx: Session, now: datetime) -> Sequence[HoldRow]:
    """Holds whose date has come."""
    query = select(HoldRow).where(HoldRow.ended_at.is_(None), HoldRow.until <= now)
    return tx.scalars(query.order_by(HoldRow.id).with_for_update(skip_locked=True)).all()


def locked(tx: Session, hold: int) -> HoldRow | None:
    """The hold, locked until the transaction ends."""
    return tx.scalars(select(HoldRow).where(HoldRow.id == hold).with_for_update()).one_or_none()


def claims_of_nobody(
    tx: Session, store: str, orders: Collection[str], since: datetime
) -> Sequence[tuple[int, str]]:
    """(mail, order id) of the claims about these orders of which Amazon told since then, and that have no case."""
    query = select(MailRow.id, MailRow.order_id, MailRow.case, MailRow.history).where(
        IS_CLAIM, MailRow.store == store, MailRow.order_id.in_(orders), MailRow.arrived_at > since
    )
    # That it has no case is not asked of the database: SQLite would walk through all mails without one.
    rows = tx.execute(query.order_by(MailRow.id)).all()
    return [
        (mail, order) for mail, order, case, is_history in rows if order and case is None and not is_history
    ]


def is_about(tx: Session, mail: int, case: int) -> None:
    """A notice that came before the case belongs to it from now on."""
    tx.execute(update(MailRow).where(MailRow.id == mail).values(case=case))
