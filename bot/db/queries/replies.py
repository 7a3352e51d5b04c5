"""Replies on their way: taking the ones that may leave, and finding them again."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select, true, update
from sqlalchemy.orm import Session

from bot.clock import AHEAD
from bot.db.tables import CaseRow, DeadlineRow, LedgerRow, MailRow, MessageRow, ReplyRow
from bot.domain.deadlines import OPEN
from bot.domain.manual import ALL, Paused

PATIENCE = timedelta(minutes=5)
NOTHING_PAUSED = Paused()
ON_ITS_WAY = ("held", "queued", "sending", "unsure")


def claim_ready(
    tx: Session,
    now: datetime,
    limit: int = 10,
    paused: Paused = NOTHING_PAUSED,
    stores: Collection[str] | None = None,
) -> Sequence[ReplyRow]:
    """Take replies whose undo window is over; each is `sending` from the commit of this transaction on.

    In manual mode (`paused`) only those leave that were sent by hand, knowing of it. Of `stores`, if given.

    There is no second chance here: a reply that a dead worker left in `sending` never comes back by
    itself (`left_behind`).
    """
    ready = (
        select(ReplyRow.id)
        .where(*_is_ready(now, paused), _is_of(stores))
        .order_by(ReplyRow.not_before, ReplyRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("ready")
    )
    rows = tx.scalars(
        update(ReplyRow)
        .where(ReplyRow.id.in_(select(ready.c.id)))
        .values(state="sending", taken_at=now, attempts=ReplyRow.attempts + 1)
        .returning(ReplyRow)
    )
    return sorted(rows, key=lambda row: (row.not_before, row.id))


def stores_ready(tx: Session, now: datetime, paused: Paused) -> Sequence[str]:
    """The stores of which `claim_ready` would take a reply; "" is that of cases without one."""
    store = func.coalesce(CaseRow.store, "")
    query = select(store).join(ReplyRow, ReplyRow.case == CaseRow.number).where(*_is_ready(now, paused))
    return tx.scalars(query.distinct().order_by(store)).all()


def _is_ready(now: datetime, paused: Paused) -> tuple[ColumnElement[bool], ...]:
    return ReplyRow.state.in_(("held", "queued")), _is_due(now), _may_leave(paused)


def _is_of(stores: Collection[str] | None) -> ColumnElement[bool]:
    if stores is None:
        return true()
    case = select(CaseRow.number).where(
        CaseRow.number == ReplyRow.case, func.coalesce(CaseRow.store, "").in_(stores)
    )
    return case.exists()


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Its time has come, or was told by a clock that has been set back since; what was tried by this one waits."""
    never_tried = and_(ReplyRow.attempts == 0, ReplyRow.created_at > now + AHEAD)
    return or_(ReplyRow.not_before <= now, never_tried, ReplyRow.taken_at > now + AHEAD)


def _may_leave(paused: Paused) -> ColumnElement[bool]:
    if not paused.scopes:
        return true()
    if ALL in paused.scopes:
        return ReplyRow.by_hand.is_(True)
    stopped = select(CaseRow.number).where(CaseRow.number == ReplyRow.case, CaseRow.store.in_(paused.scopes))
    return or_(ReplyRow.by_hand, ~stopped.correlate(ReplyRow).exists())


def was_answered_there(tx: Session, row: ReplyRow, threads: Sequence[int]) -> bool:
    """Whether all that a reply answers is closed, and a copy of an answer typed at Amazon came since it was made."""
    duties = tx.execute(
        select(DeadlineRow.state, DeadlineRow.closed_by)
        .join(MessageRow, MessageRow.id == DeadlineRow.message)
        .where(MessageRow.case.in_(threads), MessageRow.id <= (row.answers or 0))
    ).all()
    if any(state == OPEN for state, _closed_by in duties):
        return False
    copies = {int(how[5:]) for _state, how in duties if how and how.startswith("copy:")}
    came = select(MailRow.id).where(MailRow.id.in_(copies), MailRow.stored_at > row.created_at)
    return tx.scalar(came.limit(1)) is not None


def warned_of(tx: Session, cases: Sequence[int], what: str, number: int) -> frozenset[str]:
    """The rules by which the author of a `reply`, or `typed` message, was warned of its text when they sent it.

    `cases`: where it was sent.
    """
    query = select(LedgerRow.facts).where(LedgerRow.case.in_(cases), LedgerRow.what == f"{what}_held")
    held = [facts for facts in tx.scalars(query) if facts.get(what) == number]
    return frozenset(rule for facts in held for rule in facts.get("warned", ()))


def is_being_sent(tx: Session, reply: int, attempts: int) -> bool:
    """Whether the reply is still `sending` by who took it as the `attempts`-th."""
    query = select(ReplyRow.id).where(ReplyRow.id == reply, ReplyRow.attempts == attempts)
    return tx.scalar(query.where(ReplyRow.state == "sending")) is not None


def left_behind(tx: Session, now: datetime, patience: timedelta = PATIENCE) -> Sequence[ReplyRow]:
    """Replies that have been `sending` for longer than any send takes: their worker died."""
    return tx.scalars(
        select(ReplyRow)
        .where(ReplyRow.state == "sending")
        .where(or_(ReplyRow.taken_at <= now - patience, ReplyRow.taken_at > now + patience + AHEAD))
        .with_for_update(skip_locked=True)
    ).all()


def locked(tx: Session, reply: int) -> ReplyRow | None:
    """The reply, locked until the transaction ends."""
    return tx.scalars(select(ReplyRow).where(ReplyRow.id == reply).with_for_update()).one_or_none()


def by_message_id(tx: Session, message_id: str) -> ReplyRow | None:
    """The reply that left under this Message-ID."""
    return tx.scalars(select(ReplyRow).where(ReplyRow.message_id == message_id).limit(1)).one_or_none()


def draft_of(tx: Session, case: int, author: str) -> ReplyRow | None:
    """The half-written reply that this person keeps for the case."""
    return next(iter(drafts_of(tx, [case], author)), None)


def drafts_of(tx: Session, cases: Sequence[int], author: str) -> Sequence[ReplyRow]:
    """The half-written replies that this person keeps for these cases, the newest first."""
    return tx.scalars(
        select(ReplyRow)
        .where(ReplyRow.case.in_(cases), ReplyRow.author == author, ReplyRow.state == "draft")
        .order_by(ReplyRow.created_at.desc(), ReplyRow.id.desc())
    ).all()


def on_their_way(tx: Session, *cases: int) -> Sequence[ReplyRow]:
    """Replies of these cases of which it is not known yet whether they arrive."""
    query = select(ReplyRow).where(ReplyRow.case.in_(cases), ReplyRow.state.in_(ON_ITS_WAY))
    return tx.scalars(query.order_by(ReplyRow.id)).all()


def answer_since(tx: Session, cases: Sequence[int], reply: int) -> ReplyRow | None:
    """The first reply of these cases after `reply` that left or is on its way; what was called back does not count."""
    states = (*ON_ITS_WAY, "accepted")
    query = select(ReplyRow).where(ReplyRow.case.in_(cases), ReplyRow.id > reply, ReplyRow.state.in_(states))
    return tx.scalars(query.order_by(ReplyRow.id).limit(1)).one_or_none()


# In the words of the index of stuck replies: SQLite does not find it by parameters.
_STUCK = ReplyRow.state.in_([literal_column(f"'{state}'") for state in ("failed", "unsure", "bounced")])


def count_stuck(tx: Session, store: str | None) -> int:
    """Replies that did not arrive, or may not have, in cases that are still open."""
    waits = select(DeadlineRow.message).join(MessageRow, MessageRow.id == DeadlineRow.message)
    in_another = CaseRow.merged_into.is_not(None) & (
        waits.where(MessageRow.case == CaseRow.number, DeadlineRow.state == "open").exists()
    )
    query = (
        select(func.count())
        .select_from(ReplyRow)
        .join(CaseRow, CaseRow.number == ReplyRow.case)
        .where(_STUCK, or_(CaseRow.state == "open", in_another))
    )
    if store:
        # Not the bare column: of stuck replies there are few, of cases of one store there are many.
        query = query.where(func.coalesce(CaseRow.store, "") == store)
    return tx.scalar(query) or 0
