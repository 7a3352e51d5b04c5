"""The ledger: appending a record to the chain, and reading it back in order."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from bot.db.tables import LedgerRow
from bot.domain.ledger import START, Record, chain_hash

_CHAIN_LOCK = 2424


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
    """Append who did what. `who` is a Slack user id, `buyer`, `amazon` or `reply24`; `facts` no buyer text."""
    if tx.get_bind().dialect.name == "postgresql":
        # One writer at a time: two records that follow the same one would be a fork.
        tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CHAIN_LOCK})
    last = tx.execute(select(LedgerRow.seq, LedgerRow.hash).order_by(LedgerRow.seq.desc()).limit(1)).first()
    seq, before = (last.seq + 1, last.hash) if last else (1, START)
    entry = Record(seq, now, who, what, store, case, facts)
    tx.execute(
        insert(LedgerRow).values(
            seq=seq,
            at=now,
            who=who,
            what=what,
            store=store,
            case=case,
            facts=facts,
            hash=chain_hash(before, entry),
        )
    )


def records(tx: Session, case: int | None = None) -> Iterator[tuple[Record, str]]:
    """Records with their stored hashes in the order of the chain; of one case only, if it is given."""
    query = select(LedgerRow).order_by(LedgerRow.seq)
    if case is not None:
        query = query.where(LedgerRow.case == case)
    for row in tx.scalars(query.execution_options(yield_per=500)):
        yield Record(row.seq, row.at, row.who, row.what, row.store, row.case, row.facts), row.hash
