"""Taking mail in: raw bytes first, in one transaction with the mailbox's position; then what they mean.

From `store_raw` on nothing can be lost: a mail stays `new` until the transaction that took it in
committed, and whoever runs next takes up what a crash left.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate

from sqlalchemy import Row, SQLColumnExpression, func, select, update
from sqlalchemy.orm import Session, defer

from bot.clock import AHEAD
from bot.db.queries import audits
from bot.db.queries import mails as mail_queries
from bot.db.sealing import Lost
from bot.db.tables import MailboxRow, MailRow
from bot.db.trouble import is_full, is_passing, is_trouble
from bot.desk import Desk, automation, canaries, messages, review
from bot.desk.incoming import take_all
from bot.domain.audit import Numbering
from bot.domain.mail import Kind, Mail, beginning, proven, too_large
from bot.log import get_logger

log = get_logger()

_MOST_BYTES = 20 * 1024 * 1024
_PATIENCE = timedelta(minutes=5)
"""So long the mails behind wait for those that find no room on the disk."""

Reader = Callable[[bytes, datetime], Mail]
_Stored = Row[int, bytes | None, datetime, str, str | None]


@dataclass(frozen=True, slots=True)
class RawMail:
    """One mail as a mailbox gave it. `uid` is unique within (mailbox, uidvalidity).

    `size`: how many bytes one has that is too large, and of which `raw` is the beginning only; else None.
    """

    uid: int
    arrived_at: datetime
    raw: bytes
    size: int | None = None


def store_raw(
    desk: Desk,
    mailbox: str,
    uidvalidity: int,
    uid: int,
    mails: Sequence[RawMail],
    *,
    numbering: Numbering | None = None,
) -> int:
    """Store mails and the mailbox's new position (`uidvalidity`, `uid`) together; returns how many were new.

    `numbering` comes with the first mails that are read under a uidvalidity. What was in the mailbox before it was
    read for the first time and is older than `thresholds.history_hours` is history: it is kept, but makes no work.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        row = mail_queries.mailbox(tx, mailbox)
        if row is None:
            row = MailboxRow(name=mailbox, uidvalidity=uidvalidity, uid=uid, started_at=now, read_at=now)
            tx.add(row)
            tx.flush()
        row.uidvalidity, row.uid, row.read_at = uidvalidity, uid, now
        if numbering is not None:
            audits.number(tx, mailbox, numbering, now)
        return _store(tx, desk, row, uidvalidity, mails, now)


def store_missed(desk: Desk, mailbox: str, uidvalidity: int, mails: Sequence[RawMail]) -> int:
    """Store mails that an audit found missing; the position stays. Returns how many were new."""
    with desk.database.writing() as tx:
        row = tx.get_one(MailboxRow, mailbox)
        return _store(tx, desk, row, uidvalidity, mails, desk.now())


def _store(
    tx: Session, desk: Desk, row: MailboxRow, uidvalidity: int, mails: Sequence[RawMail], now: datetime
) -> int:
    oldest = row.started_at - timedelta(hours=desk.settings.thresholds.history_hours)
    numbering = audits.numbering(tx, row.name, uidvalidity)
    return mail_queries.store_all(
        tx,
        [
            {
                "mailbox": row.name,
                "uidvalidity": uidvalidity,
                "uid": one.uid,
                "arrived_at": min(one.arrived_at, now),
                "stored_at": now,
                # A mail that somebody moved in later is old as well, but it is news.
                "history": one.arrived_at < oldest and (numbering is None or one.uid <= numbering.behind_uid),
                "state": "new",
                "raw": one.raw,
                "why": None if one.size is None else too_large(one.size, f"the mailbox {row.name}"),
            }
            for one in mails
        ],
    )


def take_in(desk: Desk, read: Reader, limit: int = 20) -> int:
    """Take in up to `limit` stored mails, oldest first; returns how many it took. Safe to run anywhere, twice.

    Those for which there is no room on the disk hold up the others a while, so that what belongs together stays in
    order; then the smallest go first. Mails are read outside the transaction, so that the write lock is held for the
    storing only.
    """
    try:
        return _take_in(desk, read, limit, MailRow.id)
    except Exception as error:
        if not (is_full(error) and _has_waited(desk, MailRow.state == "new")):
            raise
        log.error("batch_not_taken_in", exc_info=error)
    return _take_in(desk, read, limit, func.length(MailRow.raw))


def _has_waited(desk: Desk, which: SQLColumnExpression[bool]) -> bool:
    """Whether the oldest of these has held up the others long enough; also if a clock that was set back can't tell."""
    oldest = select(MailRow.stored_at).where(which).order_by(MailRow.id).limit(1)
    with desk.database.reading() as tx:
        stored_at = tx.scalar(oldest)
    if stored_at is None:
        return False
    speed = desk.clock.speed
    return not -AHEAD * speed <= desk.now() - stored_at <= _PATIENCE * speed


def _take_in(desk: Desk, read: Reader, limit: int, order: SQLColumnExpression[int]) -> int:
    with _waiting(desk, limit, order) as waiting:
        lost = [row.id for row in waiting if isinstance(row.raw, Lost)]
        whole = [row for row in waiting if row.id not in lost]
        tests = {row.id: number for row in whole if (number := canaries.number_in(desk, row.raw or b""))}
        understood = {row.id: _understood(desk, read, row) for row in whole if row.id not in tests}
    taken = sum(_set_aside(desk, mail_id) for mail_id in lost)
    if tests:
        canaries.arrived(desk, tests)
    return taken + len(tests) + (_apply_all(desk, understood) if understood else 0)


def _apply_all(desk: Desk, understood: dict[int, Mail]) -> int:
    try:
        return _apply(desk, understood)
    except Exception as error:
        log.error("batch_not_taken_in", count=len(understood), exc_info=error)
    return sum(_apply_alone(desk, mail_id, mail) for mail_id, mail in understood.items())


@contextmanager
def _waiting(desk: Desk, limit: int, order: SQLColumnExpression[int]) -> Iterator[Sequence[_Stored]]:
    """Up to `limit` mails that are to be taken in, by `order`; of big ones not more than fit into memory well.

    Each is read by one process: on PostgreSQL it is locked meanwhile, and the others read others. This only spares
    work; `_apply` looks again whether a mail still waits.
    """
    new = select(MailRow.id, func.length(MailRow.raw)).where(MailRow.state == "new")
    with desk.database.reading() as tx:
        sizes = tx.execute(
            new.order_by(order, MailRow.id).limit(limit).with_for_update(skip_locked=True)
        ).all()
        upto = list(accumulate(size or 0 for _id, size in sizes))
        ids = [sizes[n].id for n in range(len(sizes)) if n == 0 or upto[n] <= _MOST_BYTES]
        query = select(MailRow.id, MailRow.raw, MailRow.arrived_at, MailRow.mailbox, MailRow.why)
        yield tx.execute(query.where(MailRow.id.in_(ids)).order_by(order, MailRow.id)).all()


def _understood(desk: Desk, read: Reader, row: _Stored) -> Mail:
    """What a mail says. A reason that stands beside it from the start is that it is too large."""
    mail = proven(read(row.raw or b"", row.arrived_at), _server_of(desk, row.mailbox))
    return _looked_through(desk, mail) if row.why is None else beginning(mail, row.why)


def _looked_through(desk: Desk, mail: Mail) -> Mail:
    """With what a buyer's words seem to be about: nobody has to wait for it later, while the mail is stored."""
    if mail.kind is not Kind.BUYER_MESSAGE:
        return mail
    try:
        return replace(mail, seems=messages.first_look(desk, mail))
    except Exception as error:
        log.error("mail_not_looked_through", exc_info=error)
        return mail  # which is tried again where such a mail can be set aside


def _server_of(desk: Desk, mailbox: str) -> str | None:
    """The name of the server whose checks we believe for this mailbox."""
    box = desk.settings.mailboxes.get(mailbox)
    return box.authserv_id if box else None


def _apply(desk: Desk, understood: dict[int, Mail]) -> int:
    now = desk.now()
    with desk.database.writing() as tx:
        automation.begin(tx)  # it may offer cases, and locks them before it does
        rows = tx.scalars(
            select(MailRow)
            .where(MailRow.id.in_(understood), MailRow.state == "new")
            .order_by(MailRow.id)
            .options(defer(MailRow.raw))
            .with_for_update(skip_locked=True)
        ).all()
        mail_queries.take_turns(tx, {row.mailbox for row in rows})
        for row in rows:
            _describe(row, understood[row.id])
        take_all(tx, desk, [(row, understood[row.id]) for row in rows], now)
        for row in rows:
            row.state = "done"
    return len(rows)


def _set_aside(desk: Desk, mail_id: int) -> int:
    """A mail whose bytes can't be decrypted: nobody can say what it was, so a person has to look in the mailbox."""
    log.error("mail_unreadable", mail=mail_id)
    return _quarantine(desk, mail_id)


def _apply_alone(desk: Desk, mail_id: int, mail: Mail) -> int:
    """A database that is full, held or restarted is no fault of the mail: then it waits, and is no review card.

    What a database refuses that takes others, such as a large mail on a disk that is nearly full, holds up none of
    them for longer than a while. Raises the database's error while it takes nothing.
    """
    try:
        return _apply(desk, {mail_id: mail})
    except Exception as error:  # noqa: BLE001 - it is logged, and the mail is set aside
        if not is_trouble(error):
            return _refused(desk, mail_id, error)
    _write_a_little(desk, mail_id)
    try:
        return _apply(desk, {mail_id: mail})
    except Exception as error:
        if is_passing(error) and not _has_waited(desk, MailRow.id == mail_id):
            raise
        return _refused(desk, mail_id, error)


def _write_a_little(desk: Desk, mail_id: int) -> None:
    with desk.database.writing() as tx:
        tx.execute(update(MailRow).where(MailRow.id == mail_id, MailRow.state == "new").values(state="new"))


def _refused(desk: Desk, mail_id: int, error: Exception) -> int:
    log.error("mail_not_taken_in", mail=mail_id, exc_info=error)
    return _quarantine(desk, mail_id)


def _quarantine(desk: Desk, mail_id: int) -> int:
    """A mail that we can read but not act on becomes a review card with its own deadline."""
    now = desk.now()
    with desk.database.writing() as tx:
        row = tx.get(MailRow, mail_id)
        if row is None or row.state != "new":
            return 0
        row.state, row.kind = "done", Kind.OTHER.value
        row.why = "reply24 could not take this mail in; the log has the details under mail_not_taken_in"
        plain = Mail(kind=Kind.OTHER, why=row.why, message_id=f"<mail-{mail_id}@quarantine.invalid>")
        review.open_card(tx, desk, row, plain, now)
    return 1


def _describe(row: MailRow, mail: Mail) -> None:
    row.message_id, row.kind, row.why = mail.message_id[:1000], mail.kind.value, mail.why
    row.notice = mail.notice.value if mail.notice else None
    row.order_id = mail.order_id
    row.summary = mail.subject[:300]
