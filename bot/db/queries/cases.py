"""Cases, their messages, deadlines and notes."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import ColumnElement, func, insert, or_, select
from sqlalchemy.orm import Session

from bot.db.queries import buyers
from bot.db.tables import AttachmentRow, CaseRow, DeadlineRow, MessageRow, NoteRow, ReplyRow
from bot.domain.cases import Candidate
from bot.domain.files import danger_of
from bot.domain.mail import Attachment, Mail

# PostgreSQL takes no more than 65 535 parameters in a statement.
_AT_ONCE = 10_000


def locked(tx: Session, number: int) -> CaseRow | None:
    """The case, locked until the transaction ends."""
    return tx.scalars(select(CaseRow).where(CaseRow.number == number).with_for_update()).one_or_none()


def locked_one(tx: Session, number: int) -> CaseRow:
    """The case that must exist, locked until the transaction ends."""
    return tx.scalars(select(CaseRow).where(CaseRow.number == number).with_for_update()).one()


def locked_all(tx: Session, numbers: Sequence[int]) -> Sequence[CaseRow]:
    """These cases as they are at this instant, ours until the transaction ends; locked in the order of numbers."""
    found: list[CaseRow] = []
    for part in _parts(sorted(numbers)):
        query = select(CaseRow).where(CaseRow.number.in_(part)).order_by(CaseRow.number).with_for_update()
        found += tx.scalars(query.execution_options(populate_existing=True))
    return found


def _parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """As many as a statement takes."""
    yield from (numbers[first : first + _AT_ONCE] for first in range(0, len(numbers), _AT_ONCE))


def candidates(tx: Session, store: str, mails: Sequence[Mail]) -> list[Candidate]:
    """Cases of `store` that share an id or the buyer with one of `mails`."""
    ids = {mail.amazon_case_id for mail in mails if mail.amazon_case_id}
    orders = {mail.order_id for mail in mails if mail.order_id}
    wanted: list[ColumnElement[bool]] = [
        *([CaseRow.amazon_case_id.in_(ids)] if ids else []),
        *([CaseRow.order_id.in_(orders)] if orders else []),
        *buyers.alike(tx, CaseRow, {mail.buyer_base for mail in mails if mail.buyer_base}),
    ]
    found: dict[int, Candidate] = {}
    # One query a column: each has its index, and an OR over three of them may use none.
    for one in wanted:
        rows = tx.execute(
            select(
                CaseRow.number, CaseRow.amazon_case_id, CaseRow.order_id, CaseRow.buyer_base, CaseRow.acted_at
            ).where(CaseRow.store == store, one, CaseRow.kind == "buyer")
        )
        found |= {row.number: Candidate(*row) for row in rows}
    return list(found.values())


Known = tuple[str | None, str, str, str | None]
"""What tells whether a message was here before: store, Message-ID, words, and the buyer's base address."""


def known_messages(tx: Session, message_ids: Sequence[str]) -> dict[Known, int | None]:
    """Cases of the messages that came under these Message-IDs.

    An id is no proof, because senders repeat it: another buyer who says the same in the same words is another.
    """
    rows = tx.execute(
        select(MessageRow.store, MessageRow.message_id, MessageRow.text, CaseRow.buyer_base, MessageRow.case)
        .join(CaseRow, CaseRow.number == MessageRow.case)
        .where(MessageRow.message_id.in_(message_ids))
    )
    return {(row.store, row.message_id, row.text, row.buyer_base): row.case for row in rows}


def add_messages(tx: Session, rows: Sequence[dict[str, object]]) -> Sequence[int]:
    """Store buyer messages; returns their ids in the same order."""
    made = insert(MessageRow).returning(MessageRow.id, sort_by_parameter_order=True)
    return tx.scalars(made, list(rows)).all()


def add_deadlines(tx: Session, rows: Sequence[dict[str, object]]) -> None:
    """Store the deadlines of buyer messages."""
    tx.execute(insert(DeadlineRow), list(rows))


def add_attachments(tx: Session, message: int, files: Sequence[Attachment]) -> None:
    """Store the files that came with a message."""
    tx.add_all(
        AttachmentRow(
            message=message,
            name=file.name[:255],
            content_type=file.content_type[:100],
            size_bytes=file.size_bytes,
            content=file.content or None,
            danger=danger_of(file.name, file.content_type, file.content, file.size_bytes),
        )
        for file in files
    )


def open_named(tx: Session, store: str, buyer_name: str) -> list[int]:
    """Open cases of `store` whose buyer has this name, and those that were merged into another."""
    where = (
        CaseRow.store == store,
        CaseRow.kind == "buyer",
        or_(CaseRow.state == "open", CaseRow.merged_into.is_not(None)),
    )
    return sorted(buyers.named(tx, where, buyer_name, whole=True))


def named_since(tx: Session, store: str, buyer_name: str, since: datetime) -> list[int]:
    """Cases of `store` whose buyer has this name and in which something happened since an instant."""
    where = CaseRow.store == store, CaseRow.kind == "buyer", CaseRow.acted_at >= since
    return sorted(buyers.named(tx, where, buyer_name, whole=True))


def of_order(tx: Session, store: str, order_id: str) -> list[int]:
    """Cases of `store` about this order, newest first."""
    rows = tx.scalars(
        select(CaseRow.number)
        .where(CaseRow.store == store, CaseRow.order_id == order_id, CaseRow.kind == "buyer")
        .order_by(CaseRow.number.desc())
    )
    return list(rows)


def messages(tx: Session, *cases: int) -> Sequence[MessageRow]:
    """What the buyer wrote in these cases, oldest first."""
    return tx.scalars(select(MessageRow).where(MessageRow.case.in_(cases)).order_by(MessageRow.id)).all()


def attachments(tx: Session, message_ids: Sequence[int]) -> list[tuple[int, str, int, str]]:
    """(message, name, size in bytes, danger) of the files that came with these messages."""
    rows = tx.execute(
        select(AttachmentRow.message, AttachmentRow.name, AttachmentRow.size_bytes, AttachmentRow.danger)
        .where(AttachmentRow.message.in_(message_ids))
        .order_by(AttachmentRow.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def deadlines(tx: Session, case: int) -> Sequence[DeadlineRow]:
    """Deadlines of the case, earliest first."""
    return tx.scalars(
        select(DeadlineRow).where(DeadlineRow.case == case).order_by(DeadlineRow.due_at, DeadlineRow.message)
    ).all()


def duties(tx: Session, *cases: int) -> Sequence[DeadlineRow]:
    """Deadlines of the messages that came to these cases, earliest first, wherever they are worked on."""
    return tx.scalars(
        select(DeadlineRow)
        .join(MessageRow, MessageRow.id == DeadlineRow.message)
        .where(MessageRow.case.in_(cases))
        .order_by(DeadlineRow.due_at, DeadlineRow.message)
    ).all()


def notes(tx: Session, *cases: int) -> Sequence[NoteRow]:
    """Internal notes, oldest first."""
    return tx.scalars(select(NoteRow).where(NoteRow.case.in_(cases)).order_by(NoteRow.id)).all()


def replies(tx: Session, *cases: int) -> Sequence[ReplyRow]:
    """Replies in every state, oldest first."""
    return tx.scalars(select(ReplyRow).where(ReplyRow.case.in_(cases)).order_by(ReplyRow.id)).all()


def last_message_id(tx: Session, *cases: int) -> int | None:
    """Id of what the buyer wrote last in these cases."""
    return tx.scalar(select(func.max(MessageRow.id)).where(MessageRow.case.in_(cases)))


def find(tx: Session, word: str, stores: Sequence[str], limit: int = 10) -> list[int]:
    """Cases of `stores` by order id, case number or a piece of the buyer's name, newest first."""
    same: list[ColumnElement[bool]] = [
        CaseRow.order_id == word,
        CaseRow.asin == word.upper(),
    ]
    if word.isdigit() and len(word) < 10:
        same.append(CaseRow.number == int(word))
    ours = or_(CaseRow.store.in_(stores), CaseRow.store.is_(None))
    rows = tx.scalars(
        select(CaseRow.number).where(or_(*same), ours).order_by(CaseRow.number.desc()).limit(limit)
    )
    found = {*rows, *islice(buyers.named(tx, (ours,), word), limit)}
    return sorted(found, reverse=True)[:limit]


def earliest_open(tx: Session, numbers: Sequence[int]) -> dict[int, datetime]:
    """The earliest open deadline of each of these cases that has one."""
    due: dict[int, datetime] = {}
    for part in _parts(numbers):
        rows = tx.execute(
            select(DeadlineRow.case, func.min(DeadlineRow.due_at))
            .where(DeadlineRow.case.in_(part), DeadlineRow.state == "open")
            .group_by(DeadlineRow.case)
        )
        due |= {case: at for case, at in rows}  # noqa: C416 - a row is no pair to mypy
    return due


def waiting_threads(tx: Session, numbers: Sequence[int]) -> set[int]:
    """Those of these cases that have messages of their own, wherever they were merged into, that owe an answer."""
    own = select(MessageRow.case).join(DeadlineRow, DeadlineRow.message == MessageRow.id)
    return set(tx.scalars(own.where(MessageRow.case.in_(numbers), DeadlineRow.state == "open")))


def open_of(tx: Session, stores: Sequence[str]) -> dict[int, datetime]:
    """The open cases of these stores that owe an answer, and when."""
    rows = tx.execute(
        select(DeadlineRow.case, func.min(DeadlineRow.due_at))
        .where(DeadlineRow.store.in_(stores), DeadlineRow.state == "open")
        .group_by(DeadlineRow.case)
    )
    return {case: due for case, due in rows}  # noqa: C416 - a row is no pair to mypy


def has_note(tx: Session, case: int, post_ts: str) -> bool:
    """Whether a post in the case's thread was kept as a note already."""
    return tx.scalar(select(NoteRow.id).where(NoteRow.case == case, NoteRow.post_ts == post_ts)) is not None


def add_note(
    tx: Session, case: int, author: str, text: str, now: datetime, post_ts: str | None = None
) -> int:
    """Store an internal note; returns its id."""
    row = NoteRow(case=case, author=author, text=text, at=now, post_ts=post_ts)
    tx.add(row)
    tx.flush()
    return row.id


def unclaimed_by_urgency(tx: Session) -> list[int]:
    """Open cases without an assignee, the earliest open deadline first."""
    due = func.min(DeadlineRow.due_at)
    rows = tx.execute(
        select(CaseRow.number)
        .join(DeadlineRow, DeadlineRow.case == CaseRow.number)
        .where(CaseRow.state == "open", CaseRow.assignee.is_(None), DeadlineRow.state == "open")
        .group_by(CaseRow.number)
        .order_by(due, CaseRow.number)
    )
    return [row.number for row in rows]
