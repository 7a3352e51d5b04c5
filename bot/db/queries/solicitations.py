"""Requests for a review: the one of an order, taking the one that may leave, what speaks against asking."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, or_, select, text
from sqlalchemy.orm import Session

from bot.clock import AHEAD
from bot.db.engine import insert_once
from bot.db.queries.mails import IS_CLAIM
from bot.db.tables import CaseRow, MailRow, MessageRow
from bot.db.tables_records import HoldRow
from bot.db.tables_solicitations import SolicitationRow
from bot.domain.solicitations import SENDING, WANTED

LEASE = timedelta(minutes=10)
"""So long asking whether Amazon offers it may take; then another takes it, and who had it can't send it any more."""
PATIENCE = timedelta(minutes=5)
"""Longer than the one request that sends can take."""
_IS_ON_ITS_WAY = text("solicitations.state IN ('wanted', 'sending')")
_CLAIMS = ("a_to_z", "chargeback")


def of_order(tx: Session, store: str, order_id: str) -> SolicitationRow | None:
    """The request for an order, locked."""
    query = select(SolicitationRow).where(
        SolicitationRow.store == store, SolicitationRow.order_id == order_id
    )
    return tx.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def shown(tx: Session, store: str, order_id: str) -> SolicitationRow | None:
    """The same for who only looks."""
    query = select(SolicitationRow).where(
        SolicitationRow.store == store, SolicitationRow.order_id == order_id
    )
    return tx.scalars(query).one_or_none()


def add(tx: Session, store: str, order: tuple[str, str], case: int, by: str, now: datetime) -> bool:
    """The first request for an order, as (order id, marketplace); False if there is one already."""
    order_id, marketplace = order
    return insert_once(
        tx,
        SolicitationRow,
        store=store,
        order_id=order_id,
        marketplace=marketplace,
        case=case,
        state=WANTED,
        by=by,
        at=now,
        not_before=now,
        attempts=0,
        code="",
    )


def locked(tx: Session, number: int) -> SolicitationRow | None:
    """One as it is at this instant, ours until the transaction ends."""
    query = select(SolicitationRow).where(SolicitationRow.id == number).with_for_update()
    return tx.scalars(query.execution_options(populate_existing=True)).one_or_none()


def next_wanted(tx: Session, store: str, now: datetime) -> SolicitationRow | None:
    """The store's request that has waited longest, locked; PostgreSQL skips what another worker is taking."""
    query = select(SolicitationRow).where(_IS_ON_ITS_WAY, SolicitationRow.state == WANTED)
    # Never tried, or tried, by a clock that has been set back since: its time is not told by this one.
    never_tried = SolicitationRow.taken_at.is_(None) & (SolicitationRow.at > now + AHEAD)
    is_due = or_(SolicitationRow.not_before <= now, never_tried, SolicitationRow.taken_at > now + AHEAD)
    query = query.where(SolicitationRow.store == store, is_due)
    query = query.order_by(SolicitationRow.not_before, SolicitationRow.id).limit(1)
    return tx.scalars(query.with_for_update(skip_locked=True)).one_or_none()


def left_behind(tx: Session, now: datetime, patience: timedelta) -> Sequence[SolicitationRow]:
    """Those that have been `sending` for longer than the request can take, so their worker died."""
    query = select(SolicitationRow).where(_IS_ON_ITS_WAY, SolicitationRow.state == SENDING)
    is_over = or_(
        SolicitationRow.taken_at <= now - patience, SolicitationRow.taken_at > now + patience + AHEAD
    )
    return tx.scalars(query.where(is_over).with_for_update(skip_locked=True)).all()


def risks_of(tx: Session, store: str, order_id: str, family: Sequence[int]) -> frozenset[str]:
    """What every case about the order warns of now, and those that were merged with one of them."""
    found = tx.scalars(select(CaseRow.risk).where(_about(store, order_id, family)))
    return frozenset(risk for risks in found if risks for risk in risks.split(","))


def said_of(tx: Session, store: str, order_id: str, family: Sequence[int]) -> Sequence[Row[str, str | None]]:
    """(text, language) of all that the buyer wrote in these cases, answered or not."""
    cases = select(CaseRow.number).where(_about(store, order_id, family))
    return tx.execute(select(MessageRow.text, MessageRow.lang).where(MessageRow.case.in_(cases))).all()


def _about(store: str, order_id: str, family: Sequence[int]) -> ColumnElement[bool]:
    return or_((CaseRow.store == store) & (CaseRow.order_id == order_id), CaseRow.number.in_(family))


def has_claim(tx: Session, store: str, order_id: str, family: Sequence[int]) -> bool:
    """Whether Amazon told of a claim about the order, or somebody keeps its data for one."""
    told = select(MailRow.id).where(IS_CLAIM).limit(1)
    hold = select(HoldRow.id).where(HoldRow.case.in_(family), HoldRow.reason.in_(_CLAIMS)).limit(1)
    # One statement an index: of a condition with "or" SQLite may make a walk through all mails.
    looks = (
        told.where(MailRow.store == store, MailRow.order_id == order_id),
        told.where(MailRow.case.in_(family)),
        hold,
    )
    return any(tx.scalar(look) is not None for look in looks)
