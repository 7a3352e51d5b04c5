"""The ledger's chain: each record's hash covers the record and the hash before it.

SHA-256 over canonical JSON (sorted keys, no spaces, UTC instants in ISO 8601 with microseconds).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Record:
    """Who did what when. `facts` holds ids and numbers, never text of a buyer."""

    seq: int
    at: datetime
    who: str
    what: str
    store: str | None
    case: int | None
    facts: Mapping[str, Any]


def chain_hash(before: str, record: Record) -> str:
    """Hash of `record` when it follows the record whose hash is `before`; 64 hex digits."""
    body = json.dumps(
        [
            before,
            record.seq,
            record.at.astimezone(UTC).isoformat(timespec="microseconds"),
            record.who,
            record.what,
            record.store,
            record.case,
            dict(record.facts),
        ],
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=True,
    )
    return hashlib.sha256(body.encode()).hexdigest()


def first_fault(records: Iterable[tuple[Record, str]]) -> int | None:
    """Sequence number of the first record that was changed, dropped or moved; None if all hold."""
    before, expected = START, 1
    for record, stored in records:
        if record.seq != expected or chain_hash(before, record) != stored:
            return expected
        before, expected = stored, expected + 1
    return None
