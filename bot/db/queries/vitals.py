"""What /healthz and /metrics tell of the database: a few small looks, each by an index; none counts history.

States are written into the statements: SQLite takes a partial index for a value that it can read.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select, text
from sqlalchemy.orm import Session

from bot.db.queries import alarms, audits, notifications, typed
from bot.db.queries.leases import HEARD
from bot.db.queries.manual import lasting
from bot.db.tables import (
    CaseRow,
    DeadlineRow,
    LeaseRow,
    LedgerRow,
    MailboxRow,
    MailRow,
    MessageRow,
    OutboxRow,
    ReplyRow,
)
from bot.db.tables_shifts import AlertRow
from bot.domain import canary
from bot.domain.health import Audited, Held, StoreVitals, Vitals

_MAIL_IS_NEW = text("mails.state = 'new'")
_DEADLINE_IS_OPEN = text("deadlines.state = 'open'")
_REPLY_IS_IN_HAND = text("replies.state IN ('held', 'queued', 'sending')")
_IN_HAND = ("held", "queued", "sending")
_LEFT = ("unsure", "failed")


def answer_within(tx: Session, milliseconds: int) -> None:
    """Let PostgreSQL give up a statement after so long. SQLite's readers wait for nobody."""
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(text("SELECT set_config('statement_timeout', :span, true)"), {"span": str(milliseconds)})


def vitals(tx: Session, mailboxes: Collection[str], stores: Collection[str], now: datetime) -> Vitals:
    """How things stand at `now`, for these mailboxes and stores. Takes no lock."""
    read = {row.name: row.read_at for row in tx.execute(select(MailboxRow.name, MailboxRow.read_at))}
    new = tx.execute(select(func.count(), func.min(MailRow.stored_at)).where(_MAIL_IS_NEW)).one()
    jobs = select(LeaseRow.name, LeaseRow.owner, LeaseRow.until).where(LeaseRow.name.not_like(f"{HEARD}%"))
    leases = tx.execute(jobs).all()
    return Vitals(
        at=now,
        mailboxes={name: read.get(name) for name in mailboxes},
        stores=_stores(tx, stores, now),
        outbox=_outbox(tx),
        outbox_since=_outbox_since(tx, now),
        replies=_replies(tx),
        typed=typed.counts(tx),
        alerts=tx.scalar(select(func.count()).select_from(AlertRow).where(AlertRow.state == "queued")) or 0,
        new_mails=new[0],
        new_mails_since=new[1],
        leases={row.name: Held(row.owner, row.until) for row in leases},
        ledger=tx.scalar(select(func.max(LedgerRow.seq))) or 0,
        manual={row.scope: row.since for row in lasting(tx)},
        alarms=tuple(alarms.open_alarms(tx)),
        audits={
            row.place: Audited(row.at, row.server, row.stored, row.left, row.missed)
            for row in audits.last(tx).values()
        },
        canaries=_canaries(tx, mailboxes, now),
        queues=notifications.read_at(tx),
    )


def _canaries(tx: Session, mailboxes: Collection[str], now: datetime) -> Mapping[str, timedelta]:
    since = now - timedelta(days=1)
    found = {name: canary.delay(alarms.canaries(tx, name, since)) for name in mailboxes}
    return {name: span for name, span in found.items() if span is not None}


def _stores(tx: Session, stores: Collection[str], now: datetime) -> Mapping[str, StoreVitals]:
    """Of each store: the newest message from the end of an index, deadlines among those that are open."""
    due = case((DeadlineRow.due_at < now, 1), else_=0)
    rows = tx.execute(
        select(DeadlineRow.store, func.count(), func.sum(due), func.min(DeadlineRow.due_at))
        .where(_DEADLINE_IS_OPEN, DeadlineRow.counted)
        .group_by(DeadlineRow.store)
    )
    found: dict[str | None, Any] = {row[0]: row[1:] for row in rows}
    return {
        store: StoreVitals(_last_message_at(tx, store), *found.get(store, (0, 0, None))) for store in stores
    }


def _last_message_at(tx: Session, store: str) -> datetime | None:
    return tx.scalar(
        select(DeadlineRow.anchor)
        .join(CaseRow, CaseRow.number == DeadlineRow.case)
        .where(DeadlineRow.store == store, CaseRow.kind == "buyer")
        .order_by(DeadlineRow.anchor.desc())
        .limit(1)
    )


def _outbox(tx: Session) -> Mapping[tuple[str, int], int]:
    rows = tx.execute(
        select(OutboxRow.state, OutboxRow.urgency, func.count()).group_by(OutboxRow.state, OutboxRow.urgency)
    )
    return {(state, urgency): count for state, urgency, count in rows}


def _outbox_since(tx: Session, now: datetime) -> datetime | None:
    """Since when the oldest row is due; what is planned for later, or put off by a refusal, is not."""
    since = case(
        (OutboxRow.created_at > OutboxRow.not_before, OutboxRow.created_at), else_=OutboxRow.not_before
    )
    return tx.scalar(
        select(since)
        .where(OutboxRow.state.in_(("queued", "sending")), OutboxRow.not_before <= now)
        .order_by(since)
        .limit(1)
    )


def _replies(tx: Session) -> Mapping[str, int]:
    """Those on their way; and, found from the open deadlines, those that a person must decide about."""
    in_hand = tx.execute(
        select(ReplyRow.state, func.count()).where(_REPLY_IS_IN_HAND).group_by(ReplyRow.state)
    )
    left = tx.execute(
        select(ReplyRow.state, func.count(ReplyRow.id.distinct()))
        .join(MessageRow, MessageRow.case == ReplyRow.case)
        .join(DeadlineRow, DeadlineRow.message == MessageRow.id)
        .where(_DEADLINE_IS_OPEN, ReplyRow.state.in_(_LEFT))
        .group_by(ReplyRow.state)
    )
    return dict.fromkeys((*_IN_HAND, *_LEFT), 0) | {
        state: count for rows in (in_hand, left) for state, count in rows
    }
