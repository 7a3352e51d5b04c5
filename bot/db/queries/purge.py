"""What the purge looks for and writes. Which columns, and what stands there afterwards: domain/purge.py."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, delete, func, or_, select, update
from sqlalchemy.orm import Session

from bot.db.queries import holds, merging, replies
from bot.db.queries import typed as typed_messages
from bot.db.root import Base
from bot.db.tables import (
    AttachmentRow,
    CaseRow,
    DeadlineRow,
    MailRow,
    MessageRow,
    NoteRow,
    PersonRow,
    PostRow,
    ReplyRow,
)
from bot.db.tables_bulk import BulkCaseRow, BulkRow
from bot.db.tables_manual import HealthLookRow
from bot.db.tables_orders import OrderRow
from bot.db.tables_questions import QuestionRow
from bot.db.tables_shifts import HandoverNoteRow
from bot.db.tables_solutions import CompensationRow
from bot.db.tables_typed import TypedFileRow, TypedMessageRow
from bot.domain.purge import BLANKS, OPTED_OUT, POSTS, Candidate

Rows = Mapping[str, int]
"""How many rows, by table; drafts, which are deleted, under their own name."""


def unpurged(tx: Session, before: datetime) -> Sequence[int]:
    """Cases whose personal data are there, opened until `before` or of an order that was with its buyer by then.

    Those that were merged into others are left out.
    """
    delivered = select(OrderRow.order_id).where(
        OrderRow.store == CaseRow.store,
        OrderRow.order_id == CaseRow.order_id,
        OrderRow.delivered_by <= before,
    )
    query = select(CaseRow.number).where(
        CaseRow.purged_at.is_(None),
        CaseRow.merged_into.is_(None),
        or_(CaseRow.opened_at <= before, delivered.exists()),
    )
    return tx.scalars(query.order_by(CaseRow.number)).all()


def candidate(tx: Session, number: int) -> Candidate:
    """A case with what was merged into it, as the purge has to see it.

    Its orders are with the buyer at the latest when Amazon promised the last of them.
    """
    family = merging.family(tx, number)
    opened = tx.scalar(select(func.max(CaseRow.opened_at)).where(CaseRow.number.in_(family)))
    received = tx.scalar(select(func.max(MessageRow.received_at)).where(MessageRow.case.in_(family)))
    sent = tx.scalar(select(func.max(ReplyRow.accepted_at)).where(ReplyRow.case.in_(family)))
    open_duty = (
        select(DeadlineRow.message)
        .join(MessageRow, MessageRow.id == DeadlineRow.message)
        .where(MessageRow.case.in_(family), DeadlineRow.state == "open")
    )
    leaving = replies.on_their_way(tx, *family) or typed_messages.on_their_way(tx, *family)
    waits = tx.scalar(open_duty.limit(1)) is not None or bool(leaving)
    spoken = [at for at in (received, sent) if at is not None]
    last = max(spoken) if spoken else cast("datetime", opened)
    return Candidate(number, last, waits, tuple(holds.about(tx, family)), _delivered_by(tx, family))


def _delivered_by(tx: Session, family: Sequence[int]) -> datetime | None:
    query = select(func.max(OrderRow.delivered_by)).join(
        CaseRow, (CaseRow.store == OrderRow.store) & (CaseRow.order_id == OrderRow.order_id)
    )
    return tx.scalar(query.where(CaseRow.number.in_(family)))


def _of_cases(family: Sequence[int]) -> dict[type[Base], ColumnElement[bool]]:
    """Where the personal data of these cases are, by table."""
    messages = select(MessageRow.id).where(MessageRow.case.in_(family))
    typed = select(TypedMessageRow.id).where(TypedMessageRow.case.in_(family))
    mails = select(MessageRow.mail).where(MessageRow.case.in_(family))
    return {
        AttachmentRow: AttachmentRow.message.in_(messages),
        MailRow: (MailRow.case.in_(family) | MailRow.id.in_(mails)) & (MailRow.state == "done"),
        MessageRow: MessageRow.case.in_(family),
        ReplyRow: ReplyRow.case.in_(family) & (ReplyRow.state != "draft"),
        NoteRow: NoteRow.case.in_(family),
        QuestionRow: QuestionRow.case.in_(family),
        CompensationRow: CompensationRow.case.in_(family),
        BulkCaseRow: BulkCaseRow.case.in_(family),
        OrderRow: _orders_of(family),
        TypedFileRow: TypedFileRow.message.in_(typed),
        TypedMessageRow: TypedMessageRow.case.in_(family),
        CaseRow: CaseRow.number.in_(family),
    }


def _orders_of(family: Sequence[int]) -> ColumnElement[bool]:
    """Orders that no other case speaks of whose personal data are there."""
    same = (CaseRow.store == OrderRow.store) & (CaseRow.order_id == OrderRow.order_id)
    is_theirs = CaseRow.number.in_(family)
    others = select(CaseRow.number).where(same, ~is_theirs, CaseRow.purged_at.is_(None))
    return select(CaseRow.number).where(same, is_theirs).exists() & ~others.exists()


def _loose(before: datetime) -> dict[type[Base], ColumnElement[bool]]:
    """Where personal data are that hang on no case, or came again after that of their case was removed."""
    purged = select(CaseRow.number).where(CaseRow.purged_at.is_not(None))
    of_nobody = or_(MailRow.case.is_(None), MailRow.case.in_(purged))
    return {
        MailRow: (
            (MailRow.raw.is_not(None) | MailRow.summary.is_not(None))
            & (MailRow.arrived_at <= before)
            & (MailRow.state == "done")
            & of_nobody
        ),
        HandoverNoteRow: (HandoverNoteRow.at <= before)
        & (HandoverNoteRow.text != BLANKS["handover_notes"]["text"]),
        HealthLookRow: (HealthLookRow.at <= before) & (HealthLookRow.warnings != ""),
    }


def _drafts(family: Sequence[int]) -> ColumnElement[bool]:
    return ReplyRow.case.in_(family) & (ReplyRow.state == "draft")


def _old_drafts(before: datetime) -> ColumnElement[bool]:
    purged = select(CaseRow.number).where(CaseRow.purged_at.is_not(None))
    return (ReplyRow.state == "draft") & (ReplyRow.created_at <= before) & ReplyRow.case.in_(purged)


def count(tx: Session, family: Sequence[int]) -> Rows:
    """How many rows `blank` would change."""
    return _counted(tx, _of_cases(family), _drafts(family))


def count_loose(tx: Session, before: datetime) -> Rows:
    """How many rows `blank_loose` would change."""
    return _counted(tx, _loose(before), _old_drafts(before))


def blank(tx: Session, family: Sequence[int], now: datetime) -> Rows:
    """Remove the personal data of these cases; returns how many rows of each table had a place for some."""
    found = _blanked(tx, _of_cases(family), _drafts(family))
    tx.execute(update(CaseRow).where(CaseRow.number.in_(family)).values(purged_at=now))
    return found


def blank_loose(tx: Session, before: datetime) -> Rows:
    """Remove personal data until `before` that hang on no case."""
    found = _blanked(tx, _loose(before), _old_drafts(before))
    # What a bulk reply said to all goes when it ends; here goes what an accident left.
    left = update(BulkRow).where(BulkRow.made_at <= before, BulkRow.ended_at.is_not(None))
    tx.execute(left.values(**_values("bulks")))
    return found


def _counted(
    tx: Session, places: Mapping[type[Base], ColumnElement[bool]], drafts: ColumnElement[bool]
) -> Rows:
    found = {
        row.__tablename__: tx.scalar(select(func.count()).select_from(row).where(where)) or 0
        for row, where in places.items()
    }
    return found | {"drafts": tx.scalar(select(func.count()).select_from(ReplyRow).where(drafts)) or 0}


def _blanked(
    tx: Session, places: Mapping[type[Base], ColumnElement[bool]], drafts: ColumnElement[bool]
) -> Rows:
    found: dict[str, int] = {}
    for row, where in places.items():
        for extra, values in _pieces(row.__tablename__):
            changed = update(row).where(where, *extra).values(**values)
            done = cast("CursorResult[Any]", tx.execute(changed, execution_options=_UNSEEN))
            found.setdefault(row.__tablename__, done.rowcount)
    done = cast("CursorResult[Any]", tx.execute(delete(ReplyRow).where(drafts), execution_options=_UNSEEN))
    return found | {"drafts": done.rowcount}


_UNSEEN = {"synchronize_session": False}


def _pieces(table: str) -> Iterator[tuple[list[ColumnElement[bool]], dict[str, object]]]:
    """What to write, and where in addition. Why a reply came back stays where the words are our own."""
    values = _values(table)
    if table != "replies":
        yield [], values
        return
    reason = {"reason": values.pop("reason")}
    yield [], values
    yield [ReplyRow.reason != OPTED_OUT], reason


def _values(table: str) -> dict[str, object]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in BLANKS[table].items()}


def posts_of(tx: Session, family: Sequence[int]) -> Sequence[PostRow]:
    """What stands in Slack about these cases."""
    return tx.scalars(select(PostRow).where(PostRow.case.in_(family)).order_by(PostRow.key)).all()


def loose_posts(tx: Session, before: datetime, limit: int = 1000) -> Sequence[PostRow]:
    """Posts until `before` that belong to no case, and named buyers all the same."""
    named = [
        PostRow.key.startswith(f"{kind}:", autoescape=True)
        for kind, fate in POSTS.items()
        if fate == "erased"
    ]
    query = select(PostRow).where(PostRow.case.is_(None), PostRow.posted_at <= before, or_(*named))
    return tx.scalars(query.order_by(PostRow.posted_at, PostRow.key).limit(limit)).all()


def typed_in_threads(tx: Session, family: Sequence[int]) -> int:
    """How many posts of people in the threads of these cases we know of: no bot can delete them."""
    query = select(func.count()).where(NoteRow.case.in_(family), NoteRow.post_ts.is_not(None))
    return tx.scalar(query) or 0


def watchers(tx: Session) -> Sequence[str]:
    """People who have a home page in Slack."""
    return tx.scalars(select(PersonRow.person).where(PersonRow.home_opened_at.is_not(None))).all()
