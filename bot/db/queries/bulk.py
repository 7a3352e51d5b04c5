"""Bulk replies: cases that may be answered, and the rows of what was begun."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.clock import AHEAD
from bot.db.queries import buyers, merging
from bot.db.queries.replies import on_their_way
from bot.db.tables import CaseRow, DeadlineRow, ReplyRow
from bot.db.tables_bulk import BulkCaseRow, BulkRow
from bot.domain.bulk import Candidate
from bot.domain.merging import next_thread
from bot.domain.purge import OPTED_OUT

_UNDECIDED = ("held", "queued", "sending", "unsure")


def candidates(tx: Session, store: str, case: int | None = None) -> list[Candidate]:
    """Open cases of buyers of `store` that owe an answer, or the one that is asked for, if it is such a case.

    A case that was merged into another is none; the one that stays is what the next of its addresses is.
    """
    undecided = ReplyRow.state.in_(_UNDECIDED)
    holds_others = _holds_others()
    query = (
        select(
            CaseRow.number.label("case"),
            func.min(DeadlineRow.due_at).label("due_at"),
            CaseRow.topic,
            CaseRow.lang,
            (CaseRow.risk != "").label("has_risk"),
            CaseRow.assignee,
            _opted_out(tx, store).label("opted_out"),
            select(ReplyRow.id).where(ReplyRow.case == CaseRow.number, undecided).exists().label("under_way"),
            CaseRow.composing,
            CaseRow.composing_at,
            CaseRow.snoozed_until,
            holds_others.label("holds_others"),
        )
        .join(DeadlineRow, DeadlineRow.case == CaseRow.number)
        .where(
            CaseRow.store == store,
            CaseRow.kind == "buyer",
            CaseRow.state == "open",
            CaseRow.merged_into.is_(None),
            CaseRow.buyer_alias.is_not(None) | holds_others,
            DeadlineRow.state == "open",
        )
        .group_by(CaseRow.number)
    )
    if case is not None:
        query = query.where(CaseRow.number == case)
    found = []
    for row in map(dict, tx.execute(query).mappings().all()):
        has_others = row.pop("holds_others")
        found.append(_towards(tx, Candidate(**row)) if has_others else Candidate(**row))
    return [one for one in found if one is not None]


def _holds_others() -> ColumnElement[bool]:
    """Whether another case was merged into this one."""
    other = aliased(CaseRow)
    return select(other.number).where(other.merged_into == CaseRow.number).exists()


def _towards(tx: Session, one: Candidate) -> Candidate | None:
    """The same for a case that holds others: topic and language of the address whose turn it is, obstacles of all."""
    family = merging.family(tx, one.case)
    rows = {row.number: row for row in tx.scalars(select(CaseRow).where(CaseRow.number.in_(family)))}
    threads = merging.threads(tx, *family)
    to = rows[next_thread(threads).number]
    if not to.buyer_alias:
        return None
    opted_out = (
        select(CaseRow.number).where(CaseRow.number.in_(family), _opted_out(tx, to.store or "")).limit(1)
    )
    return replace(
        one,
        topic=to.topic,
        lang=to.lang,
        has_risk=one.has_risk or any(rows[waits.number].risk for waits in threads if waits.due_at),
        opted_out=tx.scalar(opted_out) is not None,
        under_way=bool(on_their_way(tx, *family)),
    )


def _opted_out(tx: Session, store: str) -> ColumnElement[bool]:
    """Whether Amazon said of this buyer, in any case of the store, that they want no messages."""
    before = tx.execute(
        select(CaseRow.number, CaseRow.buyer_base)
        .join(ReplyRow, ReplyRow.case == CaseRow.number)
        .where(CaseRow.store == store, ReplyRow.state == "bounced", ReplyRow.reason == OPTED_OUT)
        .distinct()
    ).all()
    bases = {row.buyer_base for row in before if row.buyer_base}
    return or_(CaseRow.number.in_([row.number for row in before]), *buyers.alike(tx, CaseRow, bases))


def locked(tx: Session, bulk: int) -> BulkRow | None:
    """The bulk reply, ours until the transaction ends."""
    query = select(BulkRow).where(BulkRow.id == bulk).with_for_update()
    return tx.scalars(query.execution_options(populate_existing=True)).one_or_none()


def due(tx: Session, now: datetime, ahead: timedelta = AHEAD) -> Sequence[int]:
    """Bulk replies that have something to do at `now`, oldest first. `ahead`: AHEAD by the desk's clock."""
    query = select(BulkRow.id).where(
        BulkRow.state.in_(("running", "stopped")), BulkRow.ended_at.is_(None), _is_its_turn(now, ahead)
    )
    return tx.scalars(query.order_by(BulkRow.id)).all()


def locked_if_due(tx: Session, bulk: int, now: datetime, ahead: timedelta = AHEAD) -> BulkRow | None:
    """The bulk reply, ours, if it still has something to do and nobody else is at it."""
    return tx.scalars(
        select(BulkRow)
        .where(
            BulkRow.id == bulk,
            BulkRow.state.in_(("running", "stopped")),
            BulkRow.ended_at.is_(None),
            _is_its_turn(now, ahead),
        )
        .with_for_update(skip_locked=True)
    ).one_or_none()


def _is_its_turn(now: datetime, ahead: timedelta) -> ColumnElement[bool]:
    """Its next moment has come, or was told by a clock that has been set back since: it is never far ahead."""
    return or_(BulkRow.next_at <= now, BulkRow.next_at > now + ahead)


def cases(tx: Session, bulk: int) -> list[tuple[BulkCaseRow, ReplyRow | None]]:
    """Its cases in order, each with the reply that it became."""
    rows = tx.execute(
        select(BulkCaseRow, ReplyRow)
        .outerjoin(ReplyRow, ReplyRow.id == BulkCaseRow.reply)
        .where(BulkCaseRow.bulk == bulk)
        .order_by(BulkCaseRow.place)
        .execution_options(populate_existing=True)
    )
    return [(row[0], row[1]) for row in rows]


def forget_previews(tx: Session, before: datetime) -> int:
    """Remove previews from before an instant; returns how many."""
    old = select(BulkRow.id).where(BulkRow.state == "preview", BulkRow.made_at < before)
    found = tx.scalars(old.with_for_update(skip_locked=True)).all()
    if found:
        tx.execute(delete(BulkCaseRow).where(BulkCaseRow.bulk.in_(found)))
        tx.execute(delete(BulkRow).where(BulkRow.id.in_(found)))
    return len(found)
