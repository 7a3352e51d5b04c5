"""What is stored about missed deadlines: which they are, and all that tells why."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.db.tables import CaseRow, DeadlineRow, LedgerRow, MailRow, MessageRow, ReplyRow
from bot.domain.deadlines import MISSED, OPEN
from bot.domain.holding import KINDS, linked
from bot.domain.ledger import Record

AGAIN, BLOCKED, BULK_REFUSED = "reply_again", "reply_blocked", "bulk_refused"
_TOLD = (*KINDS, AGAIN, BLOCKED, BULK_REFUSED)


@dataclass(frozen=True, slots=True)
class Duty:
    """One missed deadline. `thread`: the case that its message belongs to; `case`: where people work on it."""

    message: int
    thread: int
    case: int
    store: str | None
    anchor: datetime
    due_at: datetime
    answered_at: datetime | None
    late_on_arrival: bool
    stored_at: datetime


def _is_missed(now: datetime) -> ColumnElement[bool]:
    over = and_(DeadlineRow.state == OPEN, DeadlineRow.due_at < now)
    return and_(DeadlineRow.counted, or_(DeadlineRow.state == MISSED, over))


def _duties(tx: Session, *where: ColumnElement[bool]) -> list[Duty]:
    rows = tx.execute(
        select(
            DeadlineRow.message,
            MessageRow.case,
            DeadlineRow.case,
            DeadlineRow.store,
            DeadlineRow.anchor,
            DeadlineRow.due_at,
            DeadlineRow.answered_at,
            DeadlineRow.late_on_arrival,
            MailRow.stored_at,
        )
        .join(MessageRow, MessageRow.id == DeadlineRow.message)
        .join(MailRow, MailRow.id == MessageRow.mail)
        .where(*where)
        .order_by(DeadlineRow.due_at.desc(), DeadlineRow.message.desc())
    )
    return [Duty(*row) for row in rows]


def missed(tx: Session, store: str, start: datetime, end: datetime, now: datetime) -> list[Duty]:
    """Counted deadlines of `store` that are missed as of `now`, of messages that came in [start, end); newest first."""
    came = and_(DeadlineRow.store == store, DeadlineRow.anchor >= start, DeadlineRow.anchor < end)
    return _duties(tx, came, _is_missed(now))


def missed_of_messages(tx: Session, messages: Collection[int], now: datetime) -> list[Duty]:
    """The same, of these messages."""
    return _duties(tx, DeadlineRow.message.in_(messages), _is_missed(now))


@dataclass(frozen=True, slots=True)
class Given:
    """A reply that somebody gave to be sent, to message `answers` and what came before it."""

    case: int
    id: int
    answers: int | None
    author: str
    state: str
    created_at: datetime
    not_before: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """What the ledger and the tables have about some cases and all that were ever merged with or split off them."""

    records: dict[int, list[Record]]
    cases: dict[int, "Row[tuple[int, int | None, str | None]]"]
    replies: dict[int, list[Given]]

    def around(self, *cases: int) -> set[int]:
        """These cases, and those that their records speak of, and so on."""
        found: set[int] = set()
        new = set(cases)
        while new:
            found |= new
            new = {other for case in new for other in self._beside(case)} - found
        return found

    def _beside(self, case: int) -> Iterable[int]:
        row = self.cases.get(case)
        if row is not None and row.split_from is not None:
            yield row.split_from
        for one in self.records.get(case, ()):
            yield from linked(one)


def story(tx: Session, cases: Collection[int]) -> Story:
    """All that is known about these cases, and about those that belong to their past."""
    found, read = Story({}, {}, {}), set()
    new = set(cases)
    while new:
        rows = tx.execute(
            select(CaseRow.number, CaseRow.split_from, CaseRow.buyer_alias, CaseRow.amazon_case_id).where(
                _is_in(CaseRow.number, new)
            )
        )
        found.cases.update({row.number: row for row in rows})
        for one in _records(tx, new):
            found.records.setdefault(one.case or 0, []).append(one)
        read |= new
        new = found.around(*new) - read
    for reply in _replies(tx, read):
        found.replies.setdefault(reply.case, []).append(reply)
    return found


def _records(tx: Session, cases: Collection[int]) -> list[Record]:
    rows = tx.execute(
        select(LedgerRow.seq, LedgerRow.at, LedgerRow.who, LedgerRow.what, LedgerRow.case, LedgerRow.facts)
        .where(_is_in(LedgerRow.case, cases), LedgerRow.what.in_(_TOLD))
        .order_by(LedgerRow.seq)
    )
    return [Record(row.seq, row.at, row.who, row.what, None, row.case, row.facts) for row in rows]


def _replies(tx: Session, cases: Collection[int]) -> list[Given]:
    rows = tx.execute(
        select(
            ReplyRow.case,
            ReplyRow.id,
            ReplyRow.answers,
            ReplyRow.author,
            ReplyRow.state,
            ReplyRow.created_at,
            ReplyRow.not_before,
        )
        .where(_is_in(ReplyRow.case, cases), ReplyRow.state != "draft")
        .order_by(ReplyRow.id)
    )
    return [Given(*row) for row in rows]


def _is_in(column: InstrumentedAttribute[Any], numbers: Collection[int]) -> ColumnElement[bool]:
    """That the column has one of many numbers. Written into the statement: as parameters they take longer to bind."""
    return column.in_(bindparam(None, list(numbers), expanding=True, literal_execute=True))
