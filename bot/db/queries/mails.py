"""Mails and mailbox positions."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, defer

from bot.db.tables import MailboxRow, MailRow
from bot.domain.audit import mailbox_of
from bot.domain.fingerprint import fingerprint

IS_CLAIM = text("mails.notice = 'a_to_z'")
"""As the index of claims has it: with a parameter in its place no database would find that."""
_LOCK = 2429
_APART = 2**32
"""UIDVALIDITY has 32 bits (RFC 3501 9). A second mail under one number is stored under a uidvalidity so much larger."""
_USES = 8
"""How many mails one number may mean before a mail is given up as one more use: no server was seen with two."""


def mailbox(tx: Session, name: str) -> MailboxRow | None:
    """How far the mailbox was read; None before the first time."""
    return tx.get(MailboxRow, name)


def take_turns(tx: Session, mailboxes: Collection[str]) -> None:
    """Until this transaction is over nobody else takes in what came to these mailboxes.

    A message joins the case that the one before it opened: two processes at once would open two. SQLite needs no
    lock: its writing transactions exclude each other.
    """
    if tx.get_bind().dialect.name == "postgresql":
        for name in sorted(mailboxes):
            tx.execute(
                text("SELECT pg_advisory_xact_lock(:lock, hashtext(:name))"), {"lock": _LOCK, "name": name}
            )


def was_read(tx: Session, name: str, now: datetime) -> None:
    """Note that the mailbox was looked into, though nothing new may have been there."""
    tx.execute(update(MailboxRow).where(MailboxRow.name == name).values(read_at=now))


def store_all(tx: Session, rows: Sequence[dict[str, Any]]) -> int:
    """Store mails under their keys (mailbox, uidvalidity, uid), each once; returns how many were new.

    All are of one mailbox and uidvalidity. A key that stands for another mail already is a server's that uses its
    numbers again: then the mail is stored beside that one.
    """
    if not rows:
        return 0
    named = [row | {"fingerprint": fingerprint(row["raw"])} for row in rows]
    stored = _insert(tx, named)
    refused = [row for row in named if row["uid"] not in stored]
    return len(stored) + (_store_beside(tx, refused) if refused else 0)


def _insert(tx: Session, rows: Sequence[dict[str, Any]]) -> set[int]:
    maker = sqlite.insert if tx.get_bind().dialect.name == "sqlite" else postgresql.insert
    return set(tx.scalars(maker(MailRow).values(list(rows)).on_conflict_do_nothing().returning(MailRow.uid)))


def _store_beside(tx: Session, rows: Sequence[dict[str, Any]]) -> int:
    """Those of these mails that are others than the stored ones under their numbers."""
    place, uidvalidity = rows[0]["mailbox"], rows[0]["uidvalidity"]
    known = defaultdict(list)
    for one in tx.scalars(
        select(MailRow)
        .where(
            MailRow.mailbox == place,
            MailRow.uidvalidity.in_(_uses(uidvalidity)),
            MailRow.uid.in_([row["uid"] for row in rows]),
        )
        .options(defer(MailRow.raw))
    ):
        known[one.uid].append(one)
    beside = [
        row | {"uidvalidity": uidvalidity + len(known[row["uid"]]) * _APART}
        for row in rows
        if len(known[row["uid"]]) < _USES and not any(_is_same(one, row) for one in known[row["uid"]])
    ]
    return len(_insert(tx, beside)) if beside else 0


def _uses(uidvalidity: int) -> list[int]:
    return [uidvalidity + use * _APART for use in range(_USES)]


def _is_same(one: MailRow, row: Mapping[str, Any]) -> bool:
    """A mail of before fingerprints is known by its bytes; one that is purged as well, by its arrival."""
    if one.fingerprint is None and one.raw is None:
        return bool(one.arrived_at == row["arrived_at"])
    return bool(_fingerprint_of(one) == row["fingerprint"])


def _fingerprint_of(one: MailRow) -> str | None:
    return one.fingerprint or (None if one.raw is None else fingerprint(one.raw))


def arrivals(tx: Session, place: str, uidvalidity: int, span: tuple[int, int]) -> dict[int, list[datetime]]:
    """uid -> when the mails stored under it arrived, for uids above the first of `span`, up to the second."""
    low, high = span
    query = select(MailRow.uid, MailRow.arrived_at).where(
        MailRow.mailbox == place,
        MailRow.uidvalidity.in_(_uses(uidvalidity)),
        MailRow.uid > low,
        MailRow.uid <= high,
    )
    found: dict[int, list[datetime]] = defaultdict(list)
    for uid, arrived_at in tx.execute(query):
        found[uid].append(arrived_at)
    return found


def last_uid_before(tx: Session, place: str, uidvalidity: int, instant: datetime) -> int:
    """The largest uid that was stored before an instant; 0 if there is none."""
    query = (
        select(MailRow.uid)
        .where(MailRow.mailbox == place, MailRow.uidvalidity == uidvalidity, MailRow.stored_at < instant)
        .order_by(MailRow.uid.desc())
        .limit(1)
    )
    return tx.scalar(query) or 0


def taken_before(tx: Session, rows: Sequence[MailRow]) -> dict[int, int | None]:
    """Which of these mails of one mailbox or another were taken in before, with the case of the first time.

    The same mail is one with the same fingerprint in the same mailbox, whichever of its folders it is in.
    """
    named = {row.message_id for row in rows if row.message_id}
    prints = {row.fingerprint for row in rows if row.fingerprint}
    earlier = tx.scalars(
        select(MailRow)
        .where(
            MailRow.state == "done",
            or_(
                MailRow.fingerprint.in_(prints),
                and_(MailRow.fingerprint.is_(None), MailRow.message_id.in_(named)),
            ),
        )
        .options(defer(MailRow.raw))  # the same big mail may have come a hundred times
    ).all()
    first: dict[tuple[str, str | None], MailRow] = {}
    for one in sorted(earlier, key=lambda one: one.id):
        first.setdefault((mailbox_of(one.mailbox), _fingerprint_of(one)), one)
    again = (
        (row, first.get((mailbox_of(row.mailbox), _fingerprint_of(row))) or _purged_before(row, earlier))
        for row in rows
    )
    return {row.id: one.case for row, one in again if one is not None and one.id != row.id}


def _purged_before(row: MailRow, earlier: Sequence[MailRow]) -> MailRow | None:
    """Of a mail whose bytes were purged before it had a fingerprint, its id has to do, and that this one is as old."""
    return next(
        (
            one
            for one in earlier
            if one.fingerprint is None
            and one.raw is None
            and one.message_id == row.message_id
            and mailbox_of(one.mailbox) == mailbox_of(row.mailbox)
            and row.arrived_at <= one.stored_at
        ),
        None,
    )


def count_new(tx: Session) -> int:
    """How many mails wait to be taken in."""
    return tx.scalar(select(func.count()).select_from(MailRow).where(MailRow.state == "new")) or 0
