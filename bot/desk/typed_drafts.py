"""Drafts of typed messages: what was previewed and not sent, and what came back. None leaves by itself."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.db.queries import typed as queries
from bot.db.sealing import Lost
from bot.db.tables_typed import TypedFileRow, TypedMessageRow
from bot.desk import Desk
from bot.domain.typed_messages import TypedMessage, fingerprint_of
from bot.domain.typed_snapshots import Allowed

_KEPT_FOR = timedelta(hours=24)
"""Files are large, and nobody sends yesterday's preview."""


def keep(tx: Session, order: Allowed, message: TypedMessage, by: str, now: datetime) -> None:
    """The message is what `by` has written for this order, instead of what they had before."""
    old = queries.draft_of(tx, order.to, by)
    if old is not None:
        queries.remove(tx, [old.id])
    row = TypedMessageRow(case=order.to, store=order.store, order_id=order.order_id, author=by, state="draft")
    row.marketplace, row.kind, row.text = order.marketplace, message.kind, message.text
    row.covers_from, row.covers_until = message.covers_from, message.covers_until
    row.fingerprint = fingerprint_of(message, order.order_id)
    row.created_at = row.not_before = now
    tx.add(row)
    tx.flush()
    queries.keep_files(tx, row.id, message.files)


def move_files(tx: Session, draft: int, message: int) -> None:
    """The files of a draft are those of the message that was made of it."""
    tx.execute(update(TypedFileRow).where(TypedFileRow.message == draft).values(message=message))


def back_to_draft(tx: Session, row: TypedMessageRow, now: datetime) -> None:
    """What did not leave becomes its author's draft with its files, unless there is a newer one or it can't be read."""
    names = queries.files_of(tx, row.id).get(row.id, [])
    is_lost = any(isinstance(one, Lost) for one in (row.text, *(name for name, _type, _size in names)))
    if is_lost or queries.draft_of(tx, row.case, row.author) is not None:
        queries.forget_contents(tx, row.id)
        return
    draft = TypedMessageRow(case=row.case, store=row.store, order_id=row.order_id, author=row.author)
    draft.marketplace, draft.kind, draft.text, draft.state = row.marketplace, row.kind, row.text, "draft"
    draft.covers_from, draft.covers_until = row.covers_from, row.covers_until
    draft.fingerprint, draft.created_at, draft.not_before = row.fingerprint, now, now
    tx.add(draft)
    tx.flush()
    move_files(tx, row.id, draft.id)
    for name, content_type, size in names:
        kept = TypedFileRow(message=row.id, name=name, content_type=content_type, size_bytes=size)
        tx.add(kept)


def forget_old(desk: Desk) -> int:
    """Remove drafts that nobody has sent for a day; returns how many."""
    with desk.database.writing() as tx:
        old = queries.drafts_before(tx, desk.now() - _KEPT_FOR)
        queries.remove(tx, old)
        return len(old)
