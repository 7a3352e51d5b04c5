"""Small facts of this installation."""

import secrets

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.db.engine import insert_once
from bot.db.tables import SwitchRow


def installation(tx: Session) -> str:
    """The id of this installation, drawn at its first use: 16 hex digits, never the same for two databases."""
    return _drawn(tx, "installation", 8)


def canary_key(tx: Session) -> str:
    """What test mails to our own mailboxes are signed with, drawn at its first use: 64 hex digits."""
    return _drawn(tx, "canary_key", 32)


def _drawn(tx: Session, name: str, size_bytes: int) -> str:
    insert_once(tx, SwitchRow, name=name, value=secrets.token_hex(size_bytes))
    return tx.get_one(SwitchRow, name).value


def get(tx: Session, name: str) -> str | None:
    """The value of a switch; None if it was never put."""
    row = tx.get(SwitchRow, name)
    return row.value if row is not None else None


def put(tx: Session, name: str, value: str) -> None:
    """Remember a value."""
    # Inserted by a statement of its own: two processes may put it for the first time at once.
    if not insert_once(tx, SwitchRow, name=name, value=value):
        tx.get_one(SwitchRow, name).value = value


def replace(tx: Session, name: str, value: str) -> None:
    """Remember a value that is put again and again, by a transaction that holds a lock for it: one statement."""
    known = update(SwitchRow).where(SwitchRow.name == name).values(value=value).returning(SwitchRow.name)
    if tx.scalar(known) is None:
        tx.add(SwitchRow(name=name, value=value))
        tx.flush()


def advance(tx: Session, name: str, value: str, at_most: str | None = None) -> bool:
    """Remember a value if it is greater, as a text, than the one that is there; says whether it was.

    One that is there above `at_most` was put by a clock that has been set back since, and does not count.
    Of two processes that do it at once with the same value, one is told yes.
    """
    if insert_once(tx, SwitchRow, name=name, value=value):
        return True
    is_behind = SwitchRow.value < value
    if at_most is not None:
        is_behind |= SwitchRow.value > at_most
    later = update(SwitchRow).where(SwitchRow.name == name, is_behind).values(value=value)
    return tx.scalar(later.returning(SwitchRow.name)) is not None
