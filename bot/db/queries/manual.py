"""Manual mode: the lock between switching and what happens by itself, and who switched what."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, text, true
from sqlalchemy.orm import Session

from bot.db.engine import insert_once
from bot.db.queries import merging
from bot.db.tables import CaseRow, DeadlineRow, ReplyRow
from bot.db.tables_bulk import BulkRow
from bot.db.tables_manual import HealthLookRow, ManualModeRow
from bot.domain.manual import ALL

_LOCK = 2425


def share(tx: Session) -> None:
    """Something happens by itself in this transaction: no switching is committed until it is over.

    It must be the first that the transaction locks: whoever switches holds this lock, then waits for rows. SQLite
    needs none: its writing transactions exclude each other.
    """
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock_shared(:lock)"), {"lock": _LOCK})


def seize(tx: Session) -> None:
    """Switch in this transaction: wait for what happens by itself, and let nothing more begin until it is over."""
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def lasting(tx: Session) -> Sequence[ManualModeRow]:
    """What is on now, the oldest first."""
    query = select(ManualModeRow).where(ManualModeRow.ended_at.is_(None)).order_by(ManualModeRow.id)
    return tx.scalars(query.execution_options(populate_existing=True)).all()


def begin(
    tx: Session,
    scope: str,
    now: datetime,
    by: str,
    reason: str,
    seen: tuple[str, dict[str, Any]] | None = None,
) -> ManualModeRow | None:
    """Write down that manual mode begins; None if it is on for this very scope. `seen`: cause and facts of a trip."""
    cause, facts = seen or (None, {})
    is_new = insert_once(
        tx,
        ManualModeRow,
        scope=scope,
        since=now,
        by=by,
        reason=reason,
        cause=cause,
        facts=facts,
        end_reason="",
    )
    if not is_new:
        return None
    query = select(ManualModeRow).where(ManualModeRow.scope == scope, ManualModeRow.ended_at.is_(None))
    return tx.scalars(query).one()


def ended_trips(tx: Session, since: datetime) -> dict[tuple[str, str], datetime]:
    """When the last trip of each (store, cause) was ended, of those that ended after an instant."""
    rows = tx.execute(
        select(ManualModeRow.scope, ManualModeRow.cause, ManualModeRow.ended_at)
        .where(ManualModeRow.ended_at > since, ManualModeRow.cause.is_not(None))
        .order_by(ManualModeRow.ended_at)
    )
    return {(scope, str(cause)): ended_at for scope, cause, ended_at in rows if ended_at is not None}


def _within(scope: str) -> ColumnElement[bool]:
    return true() if scope == ALL else CaseRow.store == scope


def waiting_replies(tx: Session, scope: str) -> Sequence[ReplyRow]:
    """Replies that wait for their undo window or for another try, locked, in the order of their cases."""
    query = (
        select(ReplyRow)
        .join(CaseRow, CaseRow.number == ReplyRow.case)
        .where(ReplyRow.state.in_(("held", "queued")), _within(scope))
        .order_by(ReplyRow.case, ReplyRow.id)
        .with_for_update(of=ReplyRow)
    )
    return tx.scalars(query.execution_options(populate_existing=True)).all()


def being_sent(tx: Session, scope: str) -> list[int]:
    """Cases whose reply the mail server is being given at this instant."""
    query = select(CaseRow.number).join(ReplyRow, ReplyRow.case == CaseRow.number)
    found = tx.scalars(query.where(ReplyRow.state == "sending", _within(scope)).order_by(CaseRow.number))
    return [merging.working(tx, one) for one in found]


def offered_cases(tx: Session, scope: str) -> Sequence[CaseRow]:
    """Cases that somebody is asked to take, or that wait for somebody's shift, locked."""
    is_asked = CaseRow.offered_to.is_not(None) | CaseRow.offer_kind.is_not(None)
    query = select(CaseRow).where(CaseRow.state == "open", is_asked, _within(scope)).order_by(CaseRow.number)
    return tx.scalars(query.with_for_update().execution_options(populate_existing=True)).all()


def open_cases(tx: Session, scope: str) -> Sequence[CaseRow]:
    """Cases that somebody waits for an answer in, the most urgent first."""
    query = (
        select(CaseRow)
        .join(DeadlineRow, DeadlineRow.case == CaseRow.number)
        .where(DeadlineRow.state == "open", CaseRow.state == "open", _within(scope))
        .order_by(DeadlineRow.due_at, CaseRow.number)
    )
    return list(dict.fromkeys(tx.scalars(query)))


def running_bulks(tx: Session, scope: str) -> Sequence[BulkRow]:
    """Bulk replies that go on by themselves, locked."""
    query = select(BulkRow).where(BulkRow.state == "running", BulkRow.ended_at.is_(None))
    if scope != ALL:
        query = query.where(BulkRow.store == scope)
    return tx.scalars(query.order_by(BulkRow.id).with_for_update()).all()


def looks(tx: Session, store: str, limit: int) -> Sequence[HealthLookRow]:
    """What was last seen on the store's Account Health page, the newest first."""
    query = select(HealthLookRow).where(HealthLookRow.store == store)
    return tx.scalars(query.order_by(HealthLookRow.at.desc(), HealthLookRow.id.desc()).limit(limit)).all()
