"""An evidence pack: its files but for the report and the verifier, and the manifest over all of them.

JSON throughout, UTF-8, keys sorted, instants as the ledger writes them: no spreadsheet opens these files by itself, so
nothing in them is taken for a formula.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = Mapping[str, Any]

README = """Evidence pack of reply24 about {wanted}, made {at}.

report.html    what happened, to read and to print
timeline.json  the same line by line: what, when, by whom, and the record of the ledger that says so
texts.json     messages, replies, what left by Amazon's API, and notes, as far as they are kept; personal data are
               removed after a while
checks.json    what the check of Amazon's rules said before each reply
given.json     what the buyer was given, by whom, who agreed; RMA numbers
cases.json     the cases with each deadline, and how it ended
records.json   the records of the ledger about these cases, each with proof that it is in the ledger
manifest.json  the SHA-256 of each file
verify.py      checks all of it: python3 verify.py (needs nothing else; also: verify.py PACK.zip)

How the proof works. Each record has a hash over itself and over the hash of the record before it. Over all these hashes
stands a tree; its root and the last hash are posted to a Slack channel every day, as an anchor (if one is set). The
pack has, for each record, the few hashes that lead from it to the root. Who wants to change a record would have to
change the anchor that was posted. So compare: the line "anchor" that verify.py prints has to be the one in the channel.
A text is in the ledger as a hash that is salted; the salt stands beside the text in texts.json.
The SHA-256 of manifest.json is in the ledger too, in the record "evidence_made" that followed.
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known about an order. `people`: names by Slack user id; the rest is JSON as in the files."""

    wanted: str
    as_of: datetime
    stores: Mapping[str, str]
    people: Mapping[str, str]
    cases: tuple[Json, ...] = field(repr=False)
    timeline: tuple[Json, ...] = field(repr=False)
    texts: tuple[Json, ...] = field(repr=False)
    checks: tuple[Json, ...] = field(repr=False)
    given: tuple[Json, ...] = field(repr=False)
    ledger: Json = field(repr=False)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the cases."""
        return tuple(int(one["case"]) for one in self.cases)


def files(found: Evidence) -> dict[str, bytes]:
    """The files that are made of data alone, by name."""
    at = f"{found.as_of.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    people = {"stores": dict(found.stores), "people": dict(found.people)}
    return {
        "README.txt": README.format(wanted=found.wanted, at=at).encode(),
        "cases.json": _json({"cases": list(found.cases)} | people),
        "timeline.json": _json(list(found.timeline)),
        "texts.json": _json(list(found.texts)),
        "checks.json": _json(list(found.checks)),
        "given.json": _json(list(found.given)),
        "records.json": _json(found.ledger),
    }


def manifest(packed: Mapping[str, bytes], found: Evidence) -> bytes:
    """The list of all files with their SHA-256 and sizes."""
    listed = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "size_bytes": len(content)}
        for name, content in packed.items()
    }
    at = found.as_of.astimezone(UTC).isoformat(timespec="microseconds")
    return _json({"about": found.wanted, "made_at": at, "format": 1, "files": listed})


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"
