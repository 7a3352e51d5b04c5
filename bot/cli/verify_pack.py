"""Checks an evidence pack of reply24. It is part of each pack as verify.py and needs nothing but Python 3.9 or newer.

    python3 verify.py                          the pack that this file lies in
    python3 verify.py PACK.zip                 a pack as it was handed over (this file then is from elsewhere)
    python3 verify.py --anchor SEQ:HASH:ROOT   also compares with an anchor as it was posted

It checks that every file is as the manifest says; that each record of the ledger is what its hash says, and that the
hash leads by its proof to the head of the ledger and to the last anchor; that each text which was kept is the one
that the records are about. Exit code: 0 all of it fits, 1 something does not, 2 it could not be checked.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import pathlib
import sys
import zipfile
from typing import Any

PACK = (
    *("README.txt", "cases.json", "checks.json", "given.json", "records.json", "report.html", "texts.json"),
    *("timeline.json", "verify.py"),
)

ABOUT = {
    "message_received": "message",
    "reply_held": "reply",
    "reply_accepted": "reply",
    "typed_held": "typed",
    "typed_accepted": "typed",
}
"""Which text a record is about; its id stands in the record under this word."""


def read_pack(place: str) -> dict[str, bytes]:
    """Every file of a pack, by name."""
    path = pathlib.Path(place)
    if path.is_file():
        with zipfile.ZipFile(path) as pack:
            return {name: pack.read(name) for name in pack.namelist() if not name.endswith("/")}
    return {
        str(one.relative_to(path)): one.read_bytes()
        for one in path.rglob("*")
        if one.is_file() and "__pycache__" not in one.parts
    }


def chain_hash(before: str, record: dict[str, Any]) -> str:
    """The hash of a record that follows the one whose hash is `before`."""
    keys = ("seq", "at", "who", "what", "store", "case", "facts")
    body = json.dumps(
        [before, *(record[key] for key in keys)], sort_keys=True, separators=(",", ":"), ensure_ascii=True
    )
    return hashlib.sha256(body.encode()).hexdigest()


def climbed(record_hash: str, steps: list[list[str]]) -> str:
    """The root of the tree that a proof leads to (RFC 6962, section 2.1)."""
    found = hashlib.sha256(b"\x00" + bytes.fromhex(record_hash)).digest()
    for side, other in steps:
        both = bytes.fromhex(other) + found if side == "left" else found + bytes.fromhex(other)
        found = hashlib.sha256(b"\x01" + both).digest()
    return found.hex()


def manifest_faults(files: dict[str, bytes]) -> list[str]:
    """What is not as the manifest says."""
    listed = json.loads(files["manifest.json"])["files"]
    found = [f"{name} is missing" for name in PACK if name not in listed or name not in files]
    found += [
        f"{name} is not in the manifest" for name in files if name not in listed and name != "manifest.json"
    ]
    for name, stated in listed.items():
        if name in files and hashlib.sha256(files[name]).hexdigest() != stated["sha256"]:
            found.append(f"{name} is not the file that was packed")
    return found


def record_faults(ledger: dict[str, Any]) -> list[str]:
    """What is wrong with the records, and whether they follow each other."""
    found: list[str] = []
    known: dict[int, str] = {}
    for record in ledger["records"]:
        seq = record["seq"]
        if chain_hash(record["before"], record) != record["hash"]:
            found.append(f"record {seq} is not what its hash says")
        if known.get(seq - 1, record["before"]) != record["before"]:
            found.append(f"record {seq} does not follow record {seq - 1}")
        if seq in known:
            found.append(f"record {seq} is there twice")
        known[seq] = record["hash"]
    for end in ("head", "anchor"):
        last = ledger[end]
        if last is not None and known.get(last["seq"], last["hash"]) != last["hash"]:
            found.append(f"the {end} is not the hash of its record")
    return found


def proof_faults(ledger: dict[str, Any]) -> list[str]:
    """Records that their proofs do not lead from to the head, or to the anchor if they are older than it."""
    return [
        f"record {record['seq']} is not in the ledger that ends at the {end}"
        for end in ("head", "anchor")
        for record in ledger["records"]
        if ledger[end] is not None and (end == "head" or record["seq"] <= ledger[end]["seq"])
        if climbed(record["hash"], record[f"to_{end}"] or []) != ledger[end]["root"]
    ]


def text_faults(texts: list[dict[str, Any]], ledger: dict[str, Any]) -> tuple[list[str], int]:
    """Texts and addresses that are not the ones which the records are about; and how many were compared."""
    by_id = {(one["kind"], one["id"]): one for one in texts}
    found, compared = [], 0
    for record in ledger["records"]:
        facts = record["facts"]
        kind = ABOUT.get(record["what"])
        one = by_id.get((kind, facts.get(kind))) if kind else None
        if one is None or one["salt"] is None:
            continue
        for what in ("text", "address"):
            if what not in facts or one.get(what) is None:
                continue
            compared += 1
            made = hmac.new(bytes.fromhex(one["salt"]), (what + "\n" + one[what]).encode(), hashlib.sha256)
            if not hmac.compare_digest(made.hexdigest(), facts[what]):
                found.append(f"the {what} of {kind} {one['id']} is not the one of record {record['seq']}")
    return found, compared


def timeline_faults(timeline: list[dict[str, Any]], ledger: dict[str, Any]) -> list[str]:
    """Lines of the timeline that say something else than the record that they name."""
    records = {one["seq"]: one for one in ledger["records"]}
    found = []
    for line in timeline:
        record = records.get(line["record"]) if line["record"] is not None else None
        if line["record"] is not None and (
            record is None or any(line[key] != record[key] for key in ("at", "who", "what", "case", "facts"))
        ):
            found.append(f"the timeline says something else than record {line['record']}")
    if {line["record"] for line in timeline} - {None} != set(records):
        found.append("the timeline and the records are not of the same things")
    return found


def anchor_faults(ledger: dict[str, Any], kept: str) -> list[str]:
    """Whether the pack belongs to the ledger that an anchor was posted of."""
    seq, stated, *root = kept.strip().strip("`").split(":")
    for end in ("anchor", "head"):
        last = ledger[end]
        if last is not None and last["seq"] == int(seq):
            fits = last["hash"] == stated and (not root or last["root"] == root[0])
            return [] if fits else [f"the {end} of the pack is not the anchor that was posted"]
    return [
        f"the pack goes to no anchor of record {seq}; take the posted one of the record that is named above"
    ]


def check(files: dict[str, bytes], kept: str = "") -> tuple[list[str], list[str]]:
    """(what is wrong, what was found)."""
    ledger = json.loads(files["records.json"])
    faults, compared = text_faults(json.loads(files["texts.json"]), ledger)
    faults = manifest_faults(files) + record_faults(ledger) + proof_faults(ledger) + faults
    faults += timeline_faults(json.loads(files["timeline.json"]), ledger)
    said = [
        f"manifest SHA-256: {hashlib.sha256(files['manifest.json']).hexdigest()}",
        f"records of the ledger: {len(ledger['records'])}; texts and addresses that fit them: {compared}",
    ]
    for end in ("head", "anchor"):
        last = ledger[end]
        said.append(f"{end}: " + (f"{last['seq']}:{last['hash']}:{last['root']}" if last else "none yet"))
    if kept:
        faults += anchor_faults(ledger, kept)
    return faults, said


def main(arguments: list[str]) -> int:
    """Check the pack, and say what was found."""
    kept, rest = "", list(arguments)
    if "--anchor" in rest:
        at = rest.index("--anchor")
        kept = rest[at + 1] if at + 1 < len(rest) else ""
        del rest[at : at + 2]
    place = rest[0] if rest else str(pathlib.Path(__file__).resolve().parent)
    try:
        faults, said = check(read_pack(place), kept)
    except (OSError, KeyError, TypeError, ValueError, AttributeError, zipfile.BadZipFile) as why:
        sys.stdout.write(f"This is no evidence pack that can be checked: {type(why).__name__}: {why}\n")
        return 2
    for line in said:
        sys.stdout.write(line + "\n")
    for fault in faults:
        sys.stdout.write("WRONG: " + fault + "\n")
    if not faults:
        sys.stdout.write("All of it fits. Compare the anchor with the one that was posted that day.\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
