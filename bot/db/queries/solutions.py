"""RMA numbers and solutions: counting, finding what was given for an order."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from bot.db.engine import insert_once
from bot.db.queries import cases as case_queries
from bot.db.queries import merging
from bot.db.tables import CaseRow
from bot.db.tables_solutions import CompensationRow, RmaCounterRow, RmaRow
from bot.domain.solutions import rma_number


def next_serial(tx: Session, store: str, code: str) -> int:
    """The store's next number, ours alone until this transaction ends; given back if it fails.

    Behind all that were ever given with `code`: the settings may have called another store by it before, or this one
    by another key.
    """
    serial = _counted(tx, store, 1)
    stores = tx.scalars(select(RmaCounterRow.store)).all()
    given = RmaRow.store.in_(stores) & (RmaRow.number == rma_number(code, serial))
    if tx.scalar(select(RmaRow.id).where(given).limit(1)) is None:
        return serial
    with_code = RmaRow.number.startswith(rma_number(code), autoescape=True)
    last = tx.scalar(select(func.max(RmaRow.serial)).where(RmaRow.store.in_(stores), with_code))
    return _counted(tx, store, 1 + (last or serial) - serial)


def lock_store(tx: Session, store: str) -> None:
    """Wait until nobody else gives anything in the store's name: two cases can belong to one order."""
    _counted(tx, store, 0)


def _counted(tx: Session, store: str, more: int) -> int:
    insert_once(tx, RmaCounterRow, store=store, last=0)
    return tx.execute(
        update(RmaCounterRow)
        .where(RmaCounterRow.store == store)
        .values(last=RmaCounterRow.last + more)
        .returning(RmaCounterRow.last)
    ).scalar_one()


def rma_of(tx: Session, case: int, order_id: str | None) -> str | None:
    """The RMA number of a case and order, if it has one; one given before the order was known stays."""
    return tx.scalar(
        select(RmaRow.number)
        .where(RmaRow.case == case, RmaRow.order_id.in_(("", order_id or "")))
        .order_by(RmaRow.id)
        .limit(1)
    )


def locked(tx: Session, solution: int) -> CompensationRow | None:
    """A solution as it is at this instant, ours until the transaction ends."""
    query = select(CompensationRow).where(CompensationRow.id == solution).with_for_update()
    return tx.scalars(query.execution_options(populate_existing=True)).one_or_none()


def of_case(tx: Session, *cases: int) -> Sequence[CompensationRow]:
    """The solutions of these cases, oldest first."""
    return tx.scalars(
        select(CompensationRow).where(CompensationRow.case.in_(cases)).order_by(CompensationRow.id)
    ).all()


def of_order(tx: Session, store: str, case: int, order_id: str | None) -> Sequence[CompensationRow]:
    """The solutions of a case and of every other case of the store about the same order, oldest first."""
    same = CompensationRow.case == case
    if order_id:
        same = or_(same, CompensationRow.order_id == order_id)
    return _of_store(tx, store, same)


def that_may_count(tx: Session, case: CaseRow) -> Sequence[CompensationRow]:
    """The solutions that may have been for the order of `case`, oldest first: its own, and what was merged into it.

    So may those of the order in other cases, and where an order is not known those of the same buyer.
    """
    family, buyers = merging.family(tx, case.number), merging.of_buyer(tx, case)
    about = case_queries.of_order(tx, str(case.store), case.order_id) if case.order_id else []
    same: list[ColumnElement[bool]] = [CompensationRow.case.in_({*family, *buyers, *about})]
    if case.order_id:
        same.append(CompensationRow.order_id == case.order_id)
    rows = _of_store(tx, str(case.store), or_(*same))
    found = []
    for row in rows:
        order_id = row.order_id or tx.get_one(CaseRow, row.case).order_id
        is_theirs = row.case in buyers and None in (order_id, case.order_id)
        if row.case in family or is_theirs or order_id == case.order_id:
            found.append(row)
    return found


def _of_store(tx: Session, store: str, which: ColumnElement[bool]) -> Sequence[CompensationRow]:
    query = select(CompensationRow).where(CompensationRow.store == store, which)
    return tx.scalars(query.order_by(CompensationRow.id)).all()
