"""Evidence of what was done about an order: everything that is known of its cases, with proof from the ledger.

Only looks, but for the last function, which records that a pack was made. What was purged is not in it: then the
records and their proofs are, and say that there was a text, not which.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.db.queries import cases as case_queries
from bot.db.queries import evidence as queries
from bot.db.queries import figure_spans, holds, ledger, merging
from bot.db.queries import typed as typed_queries
from bot.db.tables import DeadlineRow, MessageRow, NoteRow, ReplyRow
from bot.db.tables_typed import TypedMessageRow
from bot.desk import ROBOT, Desk
from bot.desk.solution_pages import snapshots
from bot.domain.evidence import Evidence
from bot.domain.ledger import START, Anchor, Record
from bot.domain.ledger_tree import Prover, Step
from bot.errors import NotFound

Json = dict[str, Any]
_CHECKS = (
    *("reply_held", "reply_blocked", "warning_overridden", "manager_asked", "reply_rewritten"),
    *("typed_held", "typed_blocked"),
)


def gather(desk: Desk, wanted: str) -> Evidence:
    """All about an order id, or about the order and buyer of a case number. Raises NotFound."""
    with desk.database.reading() as tx:
        figure_spans.at_one_instant(tx)
        cases = _cases(tx, wanted)
        records = _records(tx, cases)
        rows = queries.case_rows(tx, cases)
        return Evidence(
            wanted=wanted,
            as_of=desk.now(),
            stores={one.store: _store_name(desk, one.store) for one in rows if one.store},
            people=_people(tx, desk),
            cases=tuple(_case(tx, row.number) for row in rows),
            timeline=tuple(_timeline(tx, cases, records["records"])),
            texts=tuple(_texts(tx, cases)),
            checks=tuple(one for one in records["records"] if one["what"] in _CHECKS),
            given=tuple(_given(tx, cases)),
            ledger=records,
        )


def made(desk: Desk, cases: Sequence[int], manifest: str) -> None:
    """Record that a pack was made of these cases; `manifest` is the SHA-256 of its list of files."""
    now = desk.now()
    with desk.database.writing() as tx:
        for row in queries.case_rows(tx, cases):
            ledger.record(
                tx, now, ROBOT, "evidence_made", store=row.store, case=row.number, manifest=manifest
            )


def _cases(tx: Session, wanted: str) -> list[int]:
    """The cases of the order, with all that were merged with them."""
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 10 else None
    found = list(queries.cases_of_order(tx, wanted)) if number is None else [number]
    every = {one for case in found for one in merging.family(tx, merging.working(tx, case))}
    rows = queries.case_rows(tx, sorted(every))
    if not rows:
        raise NotFound(f"There is no case about {wanted}. Give an order id, or the number of a case")
    return [row.number for row in rows]


def _store_name(desk: Desk, key: str) -> str:
    return desk.settings.stores[key].name if key in desk.settings.stores else key


def _people(tx: Session, desk: Desk) -> Mapping[str, str]:
    own = {one.slack: one.name for one in desk.settings.agents.values() if one.slack}
    return queries.names(tx) | own


def _at(instant: datetime | None) -> str | None:
    """As the ledger writes instants."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds") if instant else None


def _case(tx: Session, number: int) -> Json:
    (row,) = queries.case_rows(tx, [number])
    duties = case_queries.duties(tx, number)
    return {
        "case": row.number,
        "kind": row.kind,
        "store": row.store,
        "marketplace": row.marketplace,
        "order_id": row.order_id,
        "asin": row.asin,
        "state": row.state,
        "topic": row.topic,
        "risk": [word for word in row.risk.split(",") if word],
        "assignee": row.assignee,
        "merged_into": row.merged_into,
        "split_from": row.split_from,
        "opened_at": _at(row.opened_at),
        "closed_at": _at(row.closed_at),
        "personal_data_removed_at": _at(row.purged_at),
        "buyer": row.buyer_name,
        "holds": [
            {"reason": one.reason, "owner": one.owner, "until": _at(one.until)}
            for one in holds.about(tx, [number])
        ],
        "deadlines": [_duty(one) for one in duties],
    }


def _duty(one: DeadlineRow) -> Json:
    return {
        "message": one.message,
        "received_at": _at(one.anchor),
        "due_at": _at(one.due_at),
        "state": one.state,
        "answered_at": _at(one.answered_at),
        "closed_by": one.closed_by,
        "late_on_arrival": one.late_on_arrival,
        "counted": one.counted,
    }


def _timeline(tx: Session, cases: Sequence[int], records: Iterable[Json]) -> list[Json]:
    """What happened in the order of time: the ledger's records, and the reminders, which have none."""
    lines = [
        {key: one[key] for key in ("at", "who", "what", "case", "facts")} | {"record": one["seq"]}
        for one in records
    ]
    for message, stage, addressee, case, at in queries.pings(tx, cases):
        facts = {"message": message, "stage": stage, "to": addressee}
        lines.append(
            {"at": _at(at), "who": ROBOT, "what": "pinged", "case": case, "facts": facts, "record": None}
        )
    return sorted(lines, key=lambda one: (one["at"], one["record"] or 0))


def _texts(tx: Session, cases: Sequence[int]) -> list[Json]:
    """Texts while they are kept, with the salts that prove which records they belong to."""
    files: dict[int, list[Json]] = {}
    for message, name, content_type, size in queries.files(tx, cases):
        files.setdefault(message, []).append({"name": name, "content_type": content_type, "size_bytes": size})
    addresses = {row.number: row.buyer_alias for row in queries.case_rows(tx, cases)}
    found = [_message(one, files.get(one.id, [])) for one in case_queries.messages(tx, *cases)]
    found += [
        _reply(one, addresses[one.case]) for one in case_queries.replies(tx, *cases) if one.state != "draft"
    ]
    found += [_note(one) for one in case_queries.notes(tx, *cases)]
    typed = typed_queries.of_cases(tx, *cases)
    sent = typed_queries.files_of(tx, *(one.id for one in typed))
    found += [_typed(one, sent.get(one.id, [])) for one in typed]
    return sorted(found, key=lambda one: (one["at"], one["kind"], one["id"]))


def _message(row: MessageRow, files: Sequence[Json]) -> Json:
    return {
        "kind": "message",
        "id": row.id,
        "case": row.case,
        "at": _at(row.received_at),
        "who": "buyer",
        "state": None,
        "lang": row.lang,
        "text": row.text,
        "salt": row.salt,
        "files": list(files),
    }


def _reply(row: ReplyRow, address: str | None) -> Json:
    return {
        "kind": "reply",
        "id": row.id,
        "case": row.case,
        "at": _at(row.created_at),
        "who": row.author,
        "state": row.state,
        "template": row.template,
        "accepted_at": _at(row.accepted_at),
        "mail_id": row.message_id,
        "answers": row.answers,
        "reason": row.reason,
        "text": row.text,
        "address": address if row.salt else None,
        "salt": row.salt,
        "files": [],
    }


def _typed(row: TypedMessageRow, files: Sequence[tuple[str, str, int]]) -> Json:
    return {
        "kind": "typed",
        "id": row.id,
        "case": row.case,
        "at": _at(row.created_at),
        "who": row.author,
        "state": row.state,
        "message_kind": row.kind,
        "order_id": row.order_id,
        "accepted_at": _at(row.accepted_at),
        "request_id": row.request_id,
        "reason": row.reason,
        "covers": [_at(row.covers_from), _at(row.covers_until)],
        "text": row.text,
        "salt": row.salt,
        "files": [
            {"name": name, "content_type": content_type, "size_bytes": size}
            for name, content_type, size in files
        ],
    }


def _note(row: NoteRow) -> Json:
    return {
        "kind": "note",
        "id": row.id,
        "case": row.case,
        "at": _at(row.at),
        "who": row.author,
        "state": None,
        "text": row.text,
        "salt": None,
        "files": [],
    }


def _given(tx: Session, cases: Sequence[int]) -> list[Json]:
    """What the buyer was given, who agreed; and RMA numbers."""
    found: list[Json] = []
    for one in snapshots(tx, *cases):
        given = one.solution
        found.append(
            {
                "what": given.kind,
                "case": one.case,
                "state": one.state,
                "amount": str(given.amount) if given.amount else None,
                "order_value": str(given.value),
                "reason": one.reason,
                "by": one.by,
                "at": _at(one.at),
                "decided_by": one.decided_by,
                "decided_at": _at(one.decided_at),
            }
        )
    for rma in queries.rmas(tx, cases):
        found.append(
            {"what": "rma", "case": rma.case, "number": rma.number, "by": rma.made_by, "at": _at(rma.made_at)}
        )
    return found


def _records(tx: Session, cases: Sequence[int]) -> Json:
    """The cases' records, each with its way up to the head of the ledger and to the last anchor."""
    own: dict[int, tuple[Record, str]] = {}
    for case in cases:
        own.update({record.seq: (record, stored) for record, stored in ledger.records(tx, case)})
    last = ledger.last_anchor(tx)
    prover, before, top = Prover(own), START, START
    befores: dict[int, str] = {}
    to_anchor: dict[int, tuple[Step, ...]] = {}
    for seq, stored in ledger.hashes(tx):
        prover.add(stored)
        if seq in own:
            befores[seq] = before
        before = top = stored
        if last is not None and seq == last.seq:
            _root, to_anchor = prover.proofs()
    root, to_head = prover.proofs()
    anchor = Anchor(last.seq, last.hash, last.root) if last is not None else None
    return {
        "head": asdict(Anchor(prover.count, top, root)),
        "anchor": (asdict(anchor) | {"at": _at(last.at)}) if anchor and last else None,
        "records": [
            _record(own[seq], befores[seq], to_head.get(seq), to_anchor.get(seq)) for seq in sorted(own)
        ],
    }


def _record(
    one: tuple[Record, str], before: str, head: Sequence[Step] | None, anchor: Sequence[Step] | None
) -> Json:
    record, stored = one
    return asdict(record) | {
        "at": _at(record.at),
        "facts": dict(record.facts),
        "before": before,
        "hash": stored,
        "to_head": None if head is None else [list(step) for step in head],
        "to_anchor": None if anchor is None else [list(step) for step in anchor],
    }
