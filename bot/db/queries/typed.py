"""Typed messages: drafts, those on their way, taking the one of a store that may leave, and their files."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, TextClause, delete, func, or_, select, text, true, update
from sqlalchemy.orm import Session

from bot.clock import AHEAD
from bot.db.tables_typed import TypedFileRow, TypedMessageRow
from bot.domain.manual import Paused
from bot.domain.typed_messages import MessageFile, MessageKind, TypedMessage
from bot.domain.typed_snapshots import ACCEPTED, HELD, NOT_LEFT, ON_ITS_WAY, PREPARING, QUEUED, SENDING

LEASE = timedelta(minutes=10)
"""So long putting up a message's files may take; then another takes it, and who had it can't send it any more."""
PATIENCE = timedelta(minutes=5)
"""Longer than the one request that sends can take."""
# In the words of the index: SQLite does not find it by parameters.
_IS_ON_ITS_WAY = text("typed_messages.state IN ('held', 'queued', 'preparing', 'sending', 'unsure')")


def draft_of(tx: Session, case: int, author: str) -> TypedMessageRow | None:
    """What this person has previewed for the case and not sent."""
    query = select(TypedMessageRow).where(TypedMessageRow.case == case, TypedMessageRow.author == author)
    return tx.scalars(query.where(TypedMessageRow.state == "draft")).one_or_none()


def drafts_before(tx: Session, before: datetime) -> Sequence[int]:
    """Drafts that were made until `before`, locked."""
    query = select(TypedMessageRow.id).where(TypedMessageRow.state == "draft")
    query = query.where(TypedMessageRow.created_at <= before).order_by(TypedMessageRow.id)
    return tx.scalars(query.with_for_update(skip_locked=True)).all()


def remove(tx: Session, messages: Sequence[int]) -> None:
    """Drafts with their files."""
    tx.execute(delete(TypedFileRow).where(TypedFileRow.message.in_(messages)))
    tx.execute(
        delete(TypedMessageRow).where(TypedMessageRow.id.in_(messages), TypedMessageRow.state == "draft")
    )


def files_of(tx: Session, *messages: int) -> Mapping[int, list[tuple[str, str, int]]]:
    """(name, content type, size in bytes) of each file, by message, in their order."""
    rows = tx.execute(
        select(TypedFileRow.message, TypedFileRow.name, TypedFileRow.content_type, TypedFileRow.size_bytes)
        .where(TypedFileRow.message.in_(messages))
        .order_by(TypedFileRow.id)
    )
    found: dict[int, list[tuple[str, str, int]]] = {}
    for message, name, content_type, size in rows:
        found.setdefault(message, []).append((name, content_type, size))
    return found


def message_of(tx: Session, row: TypedMessageRow) -> TypedMessage:
    """The message with what its files hold; empty where Amazon has them already."""
    files = tx.scalars(
        select(TypedFileRow).where(TypedFileRow.message == row.id).order_by(TypedFileRow.id)
    ).all()
    return TypedMessage(
        MessageKind(row.kind),
        row.text,
        tuple(MessageFile(one.name, one.content_type, one.content or b"") for one in files),
        row.covers_from,
        row.covers_until,
    )


def keep_files(tx: Session, message: int, files: Sequence[MessageFile]) -> None:
    """Store the files of a message."""
    for one in files:
        row = TypedFileRow(message=message, name=one.name, content_type=one.content_type)
        row.size_bytes, row.content = len(one.content), one.content
        tx.add(row)


def forget_contents(tx: Session, message: int) -> None:
    """What the files hold goes; names and sizes stay."""
    tx.execute(update(TypedFileRow).where(TypedFileRow.message == message).values(content=None))


def of_cases(tx: Session, *cases: int) -> Sequence[TypedMessageRow]:
    """What was sent or was to be sent about the orders of these cases, oldest first; no drafts."""
    query = select(TypedMessageRow).where(TypedMessageRow.case.in_(cases), TypedMessageRow.state != "draft")
    return tx.scalars(query.order_by(TypedMessageRow.id)).all()


def on_their_way(tx: Session, *cases: int) -> Sequence[TypedMessageRow]:
    """Those of these cases of which it is not known yet how they end."""
    return [row for row in of_cases(tx, *cases) if row.state in ON_ITS_WAY]


def counts(tx: Session) -> Mapping[str, int]:
    """How many are in each state from which something follows."""
    query = select(TypedMessageRow.state, func.count()).where(_IS_ON_ITS_WAY).group_by(TypedMessageRow.state)
    return dict.fromkeys(ON_ITS_WAY, 0) | {state: count for state, count in tx.execute(query)}  # noqa: C416 - a row is no pair to mypy


def sent_since(tx: Session, cases: Sequence[int], seen: int, kind: str) -> TypedMessageRow | None:
    """The first one of this kind after `seen` that left or is on its way; what was called back does not count."""
    states = (*ON_ITS_WAY, ACCEPTED)
    rows = of_cases(tx, *cases)
    return next((row for row in rows if row.id > seen and row.kind == kind and row.state in states), None)


def locked(tx: Session, message: int) -> TypedMessageRow | None:
    """The message as it is at this instant, ours until the transaction ends."""
    query = select(TypedMessageRow).where(TypedMessageRow.id == message).with_for_update()
    return tx.scalars(query.execution_options(populate_existing=True)).one_or_none()


def claim_ready(
    tx: Session, store: str, now: datetime, given_up: datetime, paused: Paused
) -> TypedMessageRow | None:
    """Take the store's message that has waited longest; it is `preparing` from the commit on.

    One that has been preparing since `given_up` is taken again: nothing of it has left. In manual mode (`paused`)
    only those leave that were sent by hand, knowing of it. PostgreSQL skips what another worker is taking.
    """
    ready = (
        select(TypedMessageRow.id)
        .where(TypedMessageRow.store == store, *_is_ready(now, given_up), _may_leave(store, paused))
        .order_by(TypedMessageRow.not_before, TypedMessageRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .cte("ready")
    )
    return tx.scalars(
        update(TypedMessageRow)
        .where(TypedMessageRow.id.in_(select(ready.c.id)))
        .values(state=PREPARING, taken_at=now, attempts=TypedMessageRow.attempts + 1)
        .returning(TypedMessageRow)
    ).one_or_none()


def _is_ready(now: datetime, given_up: datetime) -> tuple[ColumnElement[bool] | TextClause, ...]:
    """Its time has come, or was told by a clock that has been set back since; what was tried by this one waits."""
    never_tried = (TypedMessageRow.attempts == 0) & (TypedMessageRow.created_at > now + AHEAD)
    is_due = or_(TypedMessageRow.not_before <= now, never_tried, TypedMessageRow.taken_at > now + AHEAD)
    waits = TypedMessageRow.state.in_((HELD, QUEUED)) & is_due
    is_over = or_(TypedMessageRow.taken_at <= given_up, TypedMessageRow.taken_at > now + AHEAD)
    was_left = (TypedMessageRow.state == PREPARING) & is_over
    return _IS_ON_ITS_WAY, or_(waits, was_left)


def stores_ready(tx: Session, now: datetime, given_up: datetime) -> Sequence[str]:
    """Stores that `claim_ready` would find something for; which of it may leave in manual mode, it knows."""
    query = select(TypedMessageRow.store).where(*_is_ready(now, given_up)).distinct()
    return tx.scalars(query.order_by(TypedMessageRow.store)).all()


def _may_leave(store: str, paused: Paused) -> ColumnElement[bool]:
    return TypedMessageRow.by_hand.is_(True) if paused.has(store) else true()


def left_behind(tx: Session, now: datetime, patience: timedelta) -> Sequence[TypedMessageRow]:
    """Those that have been `sending` for longer than the request can take, so their worker died."""
    query = select(TypedMessageRow).where(_IS_ON_ITS_WAY, TypedMessageRow.state == SENDING)
    is_over = or_(
        TypedMessageRow.taken_at <= now - patience, TypedMessageRow.taken_at > now + patience + AHEAD
    )
    return tx.scalars(query.where(is_over).with_for_update(skip_locked=True)).all()


def too_old(tx: Session, before: datetime) -> Sequence[TypedMessageRow]:
    """Those that were to leave by `before` and have not."""
    query = select(TypedMessageRow).where(_IS_ON_ITS_WAY, TypedMessageRow.state.in_(NOT_LEFT))
    return tx.scalars(
        query.where(TypedMessageRow.created_at <= before).with_for_update(skip_locked=True)
    ).all()


def waiting(tx: Session, store: str | None) -> Sequence[TypedMessageRow]:
    """Those that have not left, locked, in the order of their cases; of one store, or of all (None)."""
    query = select(TypedMessageRow).where(_IS_ON_ITS_WAY, TypedMessageRow.state.in_(NOT_LEFT))
    query = query if store is None else query.where(TypedMessageRow.store == store)
    return tx.scalars(
        query.order_by(TypedMessageRow.case, TypedMessageRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def being_sent(tx: Session, store: str | None) -> Sequence[int]:
    """Cases of which Amazon is being given a message at this instant; of one store, or of all (None)."""
    query = select(TypedMessageRow.case).where(_IS_ON_ITS_WAY, TypedMessageRow.state == SENDING)
    query = query if store is None else query.where(TypedMessageRow.store == store)
    return tx.scalars(query.order_by(TypedMessageRow.case)).all()
