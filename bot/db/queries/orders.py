"""Orders: which are wanted, which is to be asked next, what is known; and stores that Amazon does not let in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import Select, delete, func, null, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from bot.clock import AHEAD
from bot.db.engine import insert_once
from bot.db.tables import CaseRow, DeadlineRow, MessageRow
from bot.db.tables_orders import AuthorisationRow, OrderRow

_Columns = TypeVarTuple("_Columns")


@dataclass(frozen=True, slots=True)
class Due:
    """An order that is to be asked now, and how often in a row it got no answer. `at`: when we looked."""

    order_id: str
    attempts: int
    at: datetime


def want(tx: Session, wanted: Sequence[tuple[str, str]], now: datetime, stale: datetime) -> None:
    """These orders, as (store, order id), are to be asked: new ones now, and those last asked before `stale`."""
    if not wanted:
        return
    maker = sqlite.insert if tx.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = maker(OrderRow)
    rows = [
        {
            "store": store,
            "order_id": order_id,
            "state": "wanted",
            "known": null(),
            "reason": "",
            "attempts": 0,
            "wanted_at": now,
            "next_at": now,
        }
        for store, order_id in sorted(set(wanted))
    ]
    tx.execute(
        statement.values(rows).on_conflict_do_update(
            index_elements=["store", "order_id"],
            set_={"next_at": statement.excluded.next_at},
            where=OrderRow.asked_at < stale,
        )
    )


def want_again(tx: Session, stores: Sequence[str], order_id: str, now: datetime) -> int:
    """What is kept of an order is out of date, also what is being asked at this instant; how many stores keep it."""
    statement = update(OrderRow).where(OrderRow.store.in_(stores), OrderRow.order_id == order_id)
    found = tx.scalars(statement.values(wanted_at=now, next_at=now).returning(OrderRow.store))
    return len(found.all())


def unwanted(tx: Session, store: str) -> Sequence[str]:
    """Orders of the store's open cases that were never asked for: from before the store had access, or by hand."""
    own = aliased(CaseRow)
    query = (
        _of_open_cases(select(own.order_id), own)
        .outerjoin(OrderRow, (OrderRow.store == own.store) & (OrderRow.order_id == own.order_id))
        .where(own.store == store, own.order_id.is_not(None), OrderRow.store.is_(None))
    )
    return [one for one in tx.scalars(query.distinct()) if one]


def _of_open_cases(query: Select[*_Columns], own: type[CaseRow]) -> Select[*_Columns]:
    """`query` over the cases that messages came to, `own`, as far as people still work on those messages."""
    working = aliased(CaseRow)
    return (
        query.select_from(working)
        .join(DeadlineRow, DeadlineRow.case == working.number)
        .join(MessageRow, MessageRow.id == DeadlineRow.message)
        .join(own, own.number == MessageRow.case)
        .where(working.state == "open", own.purged_at.is_(None))
    )


def next_due(tx: Session, store: str, now: datetime) -> Due | None:
    """The order of an open case to ask now: the one whose buyer has to be answered first.

    Also one that was wanted or asked by a clock that has been set back since.
    """
    own, ahead = aliased(CaseRow), now + AHEAD
    is_due = or_(OrderRow.next_at <= now, OrderRow.wanted_at > ahead, OrderRow.asked_at > ahead)
    due = func.min(DeadlineRow.due_at).filter(DeadlineRow.state == "open")
    query = (
        _of_open_cases(select(OrderRow.order_id, OrderRow.attempts), own)
        .join(OrderRow, (OrderRow.store == own.store) & (OrderRow.order_id == own.order_id))
        .where(OrderRow.store == store, is_due)
        .group_by(OrderRow.order_id, OrderRow.attempts, OrderRow.next_at)
        .order_by(due.is_(None), due, OrderRow.next_at, OrderRow.order_id)
        .limit(1)
    )
    row = tx.execute(query).first()
    return Due(*row, at=now) if row else None


def locked(tx: Session, store: str, order_id: str) -> OrderRow | None:
    """What is kept of an order, ours until the transaction ends."""
    query = select(OrderRow).where(OrderRow.store == store, OrderRow.order_id == order_id).with_for_update()
    return tx.scalars(query.execution_options(populate_existing=True)).one_or_none()


def kept(tx: Session, store: str | None, orders: Sequence[str]) -> Mapping[str, OrderRow]:
    """What is kept of these orders, by order id."""
    if not orders:
        return {}
    rows = tx.scalars(select(OrderRow).where(OrderRow.store == store, OrderRow.order_id.in_(orders)))
    return {row.order_id: row for row in rows}


def cases_showing(tx: Session, store: str, order_id: str) -> Sequence[CaseRow]:
    """The open cases in which people work on messages about this order."""
    own = aliased(CaseRow)
    numbers = _of_open_cases(select(DeadlineRow.case), own).where(
        own.store == store, own.order_id == order_id
    )
    return tx.scalars(
        select(CaseRow).where(CaseRow.number.in_(numbers), CaseRow.state == "open").order_by(CaseRow.number)
    ).all()


def lock_out(tx: Session, store: str, now: datetime, code: str, reason: str) -> bool:
    """Record that Amazon does not let the store in; False if that was known."""
    return insert_once(tx, AuthorisationRow, store=store, since=now, code=code[:60], reason=reason)


def let_in(tx: Session, store: str) -> None:
    """Amazon lets the store in."""
    tx.execute(delete(AuthorisationRow).where(AuthorisationRow.store == store))


def locked_out(tx: Session) -> Mapping[str, AuthorisationRow]:
    """The stores that Amazon does not let in."""
    return {row.store: row for row in tx.scalars(select(AuthorisationRow))}
