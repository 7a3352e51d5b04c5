"""The ledger: appending a record to the chain, and reading it back in order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from bot.db.queries import switches
from bot.db.tables import LedgerRow
from bot.db.tables_records import AnchorRow
from bot.domain.ledger import START, Anchor, Record, anchor_in, chain_hash

_CHAIN_LOCK = 2424
_HEAD = "ledger:head"
"""The switch that says where the chain ends: cutting its end off leaves this behind."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did what. `who` is a Slack user id, `buyer`, `amazon` or `reply24`; `facts` holds no buyer text."""

    who: str
    what: str
    store: str | None = None
    case: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def record(
    tx: Session,
    now: datetime,
    who: str,
    what: str,
    *,
    store: str | None = None,
    case: int | None = None,
    **facts: Any,
) -> None:
    """Append who did what."""
    record_all(tx, now, [Entry(who, what, store, case, facts)])


def record_all(tx: Session, now: datetime, entries: Sequence[Entry]) -> None:
    """Append records in their order."""
    if not entries:
        return
    if tx.get_bind().dialect.name == "postgresql":
        # One writer at a time: two records that follow the same one would be a fork.
        tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CHAIN_LOCK})
    last = tx.execute(select(LedgerRow.seq, LedgerRow.hash).order_by(LedgerRow.seq.desc()).limit(1)).first()
    seq, before = (last.seq, last.hash) if last else (0, START)
    rows = []
    for entry in entries:
        seq += 1
        facts = dict(entry.facts)
        made = Record(seq, now, entry.who, entry.what, entry.store, entry.case, facts)
        before = chain_hash(before, made)
        rows.append(asdict(entry) | {"seq": seq, "at": now, "facts": facts, "hash": before})
    tx.execute(insert(LedgerRow), rows)
    switches.replace(tx, _HEAD, str(Anchor(seq, before)))


def records(tx: Session, case: int | None = None) -> Iterator[tuple[Record, str]]:
    """Records with their stored hashes in the order of the chain; of one case only, if it is given."""
    query = select(LedgerRow).order_by(LedgerRow.seq)
    if case is not None:
        query = query.where(LedgerRow.case == case)
    for row in tx.scalars(query.execution_options(yield_per=500)):
        yield Record(row.seq, row.at, row.who, row.what, row.store, row.case, row.facts), row.hash


def head(tx: Session) -> Anchor | None:
    """Where the chain ends, as it was noted beside it; None if nothing was ever recorded."""
    noted = switches.get(tx, _HEAD)
    return anchor_in(noted) if noted else None


def hashes(tx: Session, *, after: int = 0) -> Iterator[tuple[int, str]]:
    """(number, hash) of the records after `after`, in their order."""
    query = select(LedgerRow.seq, LedgerRow.hash).where(LedgerRow.seq > after).order_by(LedgerRow.seq)
    for row in tx.execute(query.execution_options(yield_per=5000)):
        yield row.seq, row.hash


def anchors(tx: Session) -> Iterator[Anchor]:
    """Every anchor, the oldest first."""
    query = select(AnchorRow.seq, AnchorRow.hash, AnchorRow.root).order_by(AnchorRow.seq)
    return (Anchor(row.seq, row.hash, row.root) for row in tx.execute(query))


def last_anchor(tx: Session) -> AnchorRow | None:
    """The newest anchor."""
    return tx.scalars(select(AnchorRow).order_by(AnchorRow.seq.desc()).limit(1)).one_or_none()
