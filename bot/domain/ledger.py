"""The ledger's chain: each record's hash covers the record and the hash before it.

SHA-256 over canonical JSON (sorted keys, no spaces, UTC instants in ISO 8601 with microseconds).

A chain shows what was changed, dropped or moved inside it, not that its end was cut off, nor that all of it was
written anew. For that its head is recorded beside it at each record, and posted outside as an anchor every day.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.domain.ledger_tree import Tree

START = "0" * 64
_ANCHOR = re.compile(r"(\d{1,15}):([0-9a-f]{64})(?::([0-9a-f]{64}))?")


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


@dataclass(frozen=True, slots=True)
class Anchor:
    """The head of the chain at some time: number and hash of its last record, and the root of the tree up to it."""

    seq: int
    hash: str
    root: str = ""

    def __str__(self) -> str:
        return ":".join(part for part in (str(self.seq), self.hash, self.root) if part)


def anchor_in(text: str) -> Anchor:
    """The anchor that somebody kept: `SEQ:HASH`, or with the tree's root `SEQ:HASH:ROOT`. Raises ValueError."""
    found = _ANCHOR.fullmatch(text.strip().strip("`").lower())
    if found is None:
        raise ValueError("expected SEQ:HASH or SEQ:HASH:ROOT, as it was posted: a number, then 64 hex digits")
    return Anchor(int(found[1]), found[2], found[3] or "")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a ledger. what: broken (changed, dropped or moved), cut (its end is missing), other (an anchor
    does not fit: all of it was written anew, or the anchor is of another ledger). `seq`: the first record concerned.
    """

    what: str
    seq: int


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
    found = Checked()
    for record, stored in records:
        if not found.take(record, stored):
            return found.count + 1
    return None


class Checked:
    """A ledger on its way through the check: record after record, then its end and its anchors."""

    def __init__(self, anchors: Iterable[Anchor] = ()) -> None:
        self.count, self.hash, self.tree = 0, START, Tree()
        self._anchors = sorted(anchors, key=lambda one: one.seq)
        self._broken = False
        self._other: list[int] = []

    def take(self, record: Record, stored: str) -> bool:
        """Whether this record follows the one before. After the first that does not, nothing more is looked at."""
        if self._broken or record.seq != self.count + 1 or chain_hash(self.hash, record) != stored:
            self._broken = True
            return False
        self.count, self.hash = record.seq, stored
        self.tree.add(stored)
        for one in self._at(self.count):
            if one.hash != self.hash or (one.root and one.root != self.tree.root()):
                self._other.append(one.seq)
        return True

    def _at(self, seq: int) -> list[Anchor]:
        return [one for one in self._anchors if one.seq == seq]

    def faults(self, head: Anchor | None = None) -> list[Fault]:
        """What is wrong, once every record was taken; `head` is the end that was recorded beside the ledger."""
        if self._broken:
            return [Fault("broken", self.count + 1)]
        ends = [one.seq for one in self._anchors] + ([head.seq] if head else [])
        if any(seq > self.count for seq in ends):
            return [Fault("cut", self.count + 1)]
        if head is not None and (head.seq, head.hash) != (self.count, self.hash):
            return [Fault("other", min(head.seq, self.count))]
        return [Fault("other", seq) for seq in self._other[:1]]
