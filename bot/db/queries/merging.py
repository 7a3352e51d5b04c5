"""Merged cases: which case people work on, which belong to it, and to which addresses its messages came."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.db.queries import buyers
from bot.db.tables import CaseRow, DeadlineRow, MessageRow
from bot.domain.merging import Thread


def working(tx: Session, number: int) -> int:
    """The case that people work on: `number` itself, or the one that it was merged into."""
    while (into := tx.scalar(select(CaseRow.merged_into).where(CaseRow.number == number))) is not None:
        number = into
    return number


def locked(tx: Session, number: int) -> CaseRow | None:
    """The case as it is at this instant, merged or not, ours until the transaction ends."""
    query = select(CaseRow).where(CaseRow.number == number).with_for_update()
    return tx.scalars(query.execution_options(populate_existing=True)).one_or_none()


def locked_working(tx: Session, number: int) -> CaseRow | None:
    """The case that people work on, locked. Merged ones on the way are locked too, always from the leaf up."""
    row = locked(tx, number)
    while row is not None and row.merged_into is not None:
        row = locked(tx, row.merged_into)
    return row


def lock_working(tx: Session, *numbers: int) -> None:
    """Lock the cases that people work on, for who changes several at once.

    Before the first record in the ledger: its lock is one for all, and who holds it must not wait for a case.
    """
    for number in sorted(set(numbers)):
        locked_working(tx, number)


def family(tx: Session, number: int) -> list[int]:
    """The case, and every case that was merged into it, or into one of those."""
    found, newest = [number], [number]
    while newest:
        rows = tx.scalars(select(CaseRow.number).where(CaseRow.merged_into.in_(newest)))
        newest = sorted(rows)
        found += newest
    return found


def rows(tx: Session, *cases: int) -> dict[int, CaseRow]:
    """These cases by number."""
    found = tx.scalars(select(CaseRow).where(CaseRow.number.in_(cases)).order_by(CaseRow.number))
    return {one.number: one for one in found}


def threads(tx: Session, *cases: int) -> list[Thread]:
    """The messages of these cases by the case that they came to."""
    due = func.min(DeadlineRow.due_at).filter(DeadlineRow.state == "open")
    rows = tx.execute(
        select(CaseRow.number, CaseRow.buyer_alias, func.max(MessageRow.id), due)
        .outerjoin(MessageRow, MessageRow.case == CaseRow.number)
        .outerjoin(DeadlineRow, DeadlineRow.message == MessageRow.id)
        .where(CaseRow.number.in_(cases))
        .group_by(CaseRow.number, CaseRow.buyer_alias)
        .order_by(CaseRow.number)
    )
    return [Thread(number, alias, newest or 0, due_at) for number, alias, newest, due_at in rows]


def of_buyer(tx: Session, case: CaseRow) -> list[int]:
    """Every case of the same store and buyer: among them is each that a message of `case` was moved to."""
    if case.store is None or case.buyer_base is None:
        return [case.number]
    same = or_(CaseRow.number == case.number, *buyers.alike(tx, CaseRow, [case.buyer_base]))
    return list(tx.scalars(select(CaseRow.number).where(CaseRow.store == case.store, same)))


def related(tx: Session, case: CaseRow) -> list[CaseRow]:
    """Other open cases of the store with the same buyer or order, the newest first."""
    alike = buyers.alike(tx, CaseRow, [case.buyer_base] if case.buyer_base else [])
    if case.order_id:
        alike.append(CaseRow.order_id == case.order_id)
    found: dict[int, CaseRow] = {}
    # One query a column: each has its index, and an OR over both may use none.
    for one in alike:
        rows = tx.scalars(
            select(CaseRow).where(
                CaseRow.store == case.store, one, CaseRow.state == "open", CaseRow.number != case.number
            )
        )
        found |= {row.number: row for row in rows}
    return [found[number] for number in sorted(found, reverse=True)]


def risky(tx: Session) -> frozenset[int]:
    """Cases in which a message waits that came to a risky case merged into them."""
    rows = tx.scalars(
        select(DeadlineRow.case)
        .join(MessageRow, MessageRow.id == DeadlineRow.message)
        .join(CaseRow, CaseRow.number == MessageRow.case)
        .where(CaseRow.merged_into.is_not(None), CaseRow.risk != "", DeadlineRow.state == "open")
    )
    return frozenset(rows)
