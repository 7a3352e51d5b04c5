"""Taking mails in that did not come through their mailbox: exported files, a backup, a forwarded folder.

They are stored beside the mailbox's own mails: uidvalidity 0, which no mailbox has (RFC 3501 wants a
number above 0, a folder has 1), and a hash of their bytes for a uid. So the mailbox's position is not
touched, and the same file again is the same mail.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from bot.db.queries import mails as mail_queries
from bot.db.tables import CaseRow, MailRow, MessageRow
from bot.desk import Desk, receive
from bot.domain.mail import too_large
from bot.mail import parse
from bot.mail.mailbox import BATCH, BATCH_BYTES, KEPT_OF_LARGE

UIDVALIDITY = 0
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the mails; `read` is the sum of the others.

    known: were there before. opened, joined: buyer messages by what they did to a case. review: a person
    has to look. notices: all that is no buyer message. history: kept without work. waiting: a bot that
    runs is taking them in right now.
    """

    read: int
    known: int
    opened: int
    joined: int
    review: int
    notices: int
    history: int
    waiting: int


def import_mails(
    desk: Desk, mailbox: str, mails: Iterable[tuple[bytes, datetime]], *, history: bool = False
) -> Imported:
    """Take (bytes, arrived) in as mails of `mailbox`. `history`: they are kept, but make no work."""
    read, uids = 0, []
    for batch in _batches(mails):
        read += len(batch)
        uids += _store(desk, mailbox, batch, history=history)
    while receive.take_in(desk, parse.read):
        pass
    with desk.database.reading() as tx:
        became = Counter(_became(tx, mailbox, uids))
    return Imported(
        read=read,
        known=read - len(uids) + became["known"],
        **{name: became[name] for name in ("opened", "joined", "review", "notices", "history", "waiting")},
    )


def uid_of(raw: bytes) -> int:
    """63 bits of the mail's hash."""
    return int.from_bytes(hashlib.sha256(raw).digest()[:8]) >> 1


def _batches(mails: Iterable[tuple[bytes, datetime]]) -> Iterator[list[tuple[bytes, datetime]]]:
    """A few mails at a time, so that no folder is too big for the memory."""
    batch: list[tuple[bytes, datetime]] = []
    for mail in mails:
        batch.append(mail)
        if len(batch) == BATCH or sum(len(raw) for raw, _arrived in batch) > BATCH_BYTES:
            yield batch
            batch = []
    if batch:
        yield batch


def _store(desk: Desk, mailbox: str, batch: Sequence[tuple[bytes, datetime]], *, history: bool) -> list[int]:
    """Store what is new of the batch; returns its uids."""
    now = desk.now()
    most = desk.settings.thresholds.max_mail_bytes
    rows: dict[int, dict[str, object]] = {
        uid_of(raw): {
            "mailbox": mailbox,
            "uidvalidity": UIDVALIDITY,
            "uid": uid_of(raw),
            "arrived_at": min(arrived, now),
            "stored_at": now,
            "history": history,
            "state": "new",
            "raw": raw if len(raw) <= most else raw[:KEPT_OF_LARGE],
            "why": None if len(raw) <= most else too_large(len(raw), "the file that was imported"),
        }
        for raw, arrived in batch
    }
    with desk.database.writing() as tx:
        stored = tx.scalars(select(MailRow.uid).where(*_imported(mailbox, list(rows)))).all()
        mail_queries.store_all(tx, list(rows.values()))
    return [uid for uid in rows if uid not in stored]


def _imported(mailbox: str, uids: Sequence[int]) -> tuple[ColumnElement[bool], ...]:
    return MailRow.mailbox == mailbox, MailRow.uidvalidity == UIDVALIDITY, MailRow.uid.in_(uids)


def _became(tx: Session, mailbox: str, uids: Sequence[int]) -> Iterator[str]:
    """For each of these mails, the name of the field of Imported that counts it."""
    earlier = aliased(MessageRow)
    first = select(func.min(earlier.id)).where(earlier.case == MessageRow.case).scalar_subquery()
    for start in range(0, len(uids), _AT_ONCE):
        rows = tx.execute(
            select(MailRow, CaseRow.kind, MessageRow.id, first)
            .outerjoin(CaseRow, CaseRow.number == MailRow.case)
            .outerjoin(MessageRow, MessageRow.mail == MailRow.id)
            .where(*_imported(mailbox, uids[start : start + _AT_ONCE]))
        )
        for mail, case_kind, message, first_message in rows:
            yield _one_became(mail, case_kind, message, message == first_message)


def _one_became(mail: MailRow, case_kind: str | None, message: int | None, is_first: bool) -> str:
    if mail.state == "new":
        return "waiting"
    if message is None:
        # A buyer message that has a case but wrote nothing into it was there already.
        return "known" if mail.kind == "buyer_message" and mail.case is not None else "notices"
    if mail.history:
        return "history"
    if case_kind == "review":
        return "review"
    return "opened" if is_first else "joined"
