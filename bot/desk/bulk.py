"""Bulk replies up to their start: choosing the cases, looking at every text, taking cases out, and Stop.

Texts are never stored: each is made anew from template and case, and only one that has the fingerprint of the preview
can leave. What leaves when: desk/bulk_sending.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.db.queries import bulk as queries
from bot.db.queries import ledger, outbox
from bot.db.tables import CaseRow
from bot.db.tables_bulk import BulkCaseRow, BulkRow
from bot.desk import Desk, access, automation, library, read, reply, suggest
from bot.desk.facing import facing
from bot.desk.remarks import findings_of
from bot.domain import bulk as rules
from bot.domain.answers import newest_settled
from bot.domain.bulk import BulkCase, BulkPage, BulkProgress, Wanted
from bot.domain.policy import verdict
from bot.domain.snapshots import CaseSnapshot, goes_to, towards
from bot.errors import NotAllowed, NotFound, Stale, WrongInput

PREVIEW_LASTS = timedelta(hours=1)
A_PAGE = 10
WARNED = "warned"
"""The fact of a case that is ready: the rules by which its maker was warned of the text."""
AGENT = "agent"
"""Why a case is left out that the agent took out, and can put back."""


@dataclass(frozen=True, slots=True)
class Look:
    """A case of a bulk reply, and the text that it would get; `reason` says why it can't leave.

    The case is drawn towards `to`, the case whose address it would go to; it would answer all of `threads`.
    """

    case: CaseSnapshot
    to: int
    threads: tuple[int, ...]
    text: str = field(default="", repr=False)
    source: tuple[str, str] = ("", "")
    reason: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    warns: tuple[str, ...] = ()

    @property
    def seen(self) -> int:
        """The newest buyer message that it would answer."""
        return self.case.last_message.id if self.case.last_message else 0


def stores(desk: Desk, *, by: str) -> dict[str, str]:
    """The stores that `by` may work for, from key to name. Raises NotAllowed."""
    with desk.database.reading() as tx:
        agent = access.require_agent(tx, desk, by)
        return {key: one.name for key, one in desk.settings.stores.items() if access.may_work(agent, key)}


def check_store(desk: Desk, store: str, *, by: str) -> None:
    """That `by` may work for the store. Raises NotAllowed, which says who may."""
    with desk.database.reading() as tx:
        _require_store(tx, desk, store, by)


def offered(desk: Desk) -> dict[str, tuple[str, ...]]:
    """The templates that can be sent in bulk, each with what the agent types once for all its cases."""
    every = library.templates(desk)
    needs = {name: {need for one in every if one.name == name for need in one.needs} for name in every.names}
    asked = {name: rules.to_type(needs[name]) for name in every.names}
    return {name: names for name, names in asked.items() if names is not None}


def prepare(desk: Desk, wanted: Wanted, *, by: str) -> int:
    """Choose the cases and make every text; returns the id of the preview. Nothing leaves by this.

    Raises NotAllowed, WrongInput if no case may be answered so, Stale in manual mode.
    """
    now = desk.now()
    with desk.database.reading() as tx:
        is_manager = _require_store(tx, desk, wanted.store, by)
        _require_automation(tx, wanted.store)
        found = rules.select(queries.candidates(tx, wanted.store), wanted, by, now)
        if not found.chosen:
            raise WrongInput("No case fits.", key="bulk_nothing", n=len(found.left_out))
        looks = [look(tx, desk, wanted, case, by, is_manager=is_manager) for case in found.chosen]
    row = BulkRow(
        by=by,
        store=wanted.store,
        template=wanted.template,
        topic=wanted.topic,
        lang=wanted.lang,
        only_mine=wanted.only_mine,
        then_close=wanted.then_close,
        shared=dict(wanted.shared),
        sources=dict(sorted(one.source for one in looks if one.reason is None)),
        too_many=found.too_many,
        made_at=now,
        next_at=now,
    )
    with desk.database.writing() as tx:
        tx.add(row)
        tx.flush()
        tx.add_all(_case_rows(row.id, looks, found.left_out))
    return row.id


def _require_automation(tx: Session, store: str) -> None:
    """That manual mode is off. Raises Stale."""
    mode = automation.acting_on(tx, store)
    if mode is not None:
        raise Stale(
            "In manual mode replies are sent one by one, each by hand.", key="manual_no_bulk", at=mode.since
        )


def _require_store(tx: Session, desk: Desk, store: str, by: str) -> bool:
    """That `by` may work for the store; says whether they are a manager. Raises NotAllowed."""
    agent = access.require_agent(tx, desk, by)
    if store not in desk.settings.stores or not access.may_work(agent, store):
        raise NotAllowed(
            f"The store {store} is not among yours.",
            key="bulk_not_your_store",
            who=access.people_of(tx, desk, store),
        )
    return access.may_manage(agent, store)


def look(tx: Session, desk: Desk, wanted: Wanted, number: int, by: str, *, is_manager: bool) -> Look:
    """The text that a case gets at this instant. Only a manager may send one that the policy warns of.

    Of several conversations that were merged, the one is answered whose turn it is.
    """
    whom = facing(tx, tx.get_one(CaseRow, number))
    case = towards(read.snapshot(tx, desk, number), whom.to.number)
    shown = Look(case, whom.to.number, whom.threads)
    if case.merged_into is not None:
        return replace(shown, reason="merged_into", facts={"into": case.merged_into})
    made = suggest.filled_with(tx, desk, case, wanted.template, wanted.shared, by=by)
    if made is None:
        return replace(shown, reason="not_offered")
    template, filled = made
    if filled.missing:
        return replace(shown, reason="missing", facts={"names": list(filled.missing)})
    shown = replace(shown, text=reply.exact(filled.text))
    if len(shown.text) > reply.LONGEST:
        return replace(shown, reason="too_long")
    found = findings_of(tx, desk, whom, shown.text)
    said, named = verdict(found), tuple(sorted({one.rule for one in found}))
    if said == "block" or (said == "warn" and not is_manager):
        blocking = sorted({one.rule for one in found if one.severity == said})
        return replace(shown, reason="blocked" if said == "block" else "warned", facts={"rules": blocking})
    return replace(shown, source=(template.lang, template.file), warns=named)


def _case_rows(bulk: int, looks: list[Look], left_out: Iterable[tuple[int, str]]) -> list[BulkCaseRow]:
    """A row for each case, in the order of their numbers: each holds its case, as those do who work on several."""
    rows = [_case_row(bulk, place, one) for place, one in enumerate(looks)]
    rows += [
        BulkCaseRow(bulk=bulk, case=case, place=place, state="left_out", reason=reason, facts={})
        for place, (case, reason) in enumerate(left_out, start=len(looks))
    ]
    return sorted(rows, key=lambda one: one.case)


def _case_row(bulk: int, place: int, one: Look) -> BulkCaseRow:
    row = BulkCaseRow(bulk=bulk, case=one.case.number, place=place, facts=dict(one.facts), reason=one.reason)
    row.state = "left_out" if one.reason else "ready"
    row.fingerprint = None if one.reason else reply.fingerprint(one.text)
    row.seen, row.goes_to = one.seen, one.to
    if one.reason is None:
        row.facts = {WARNED: list(one.warns)}
    # What is still on its way has not been read by anybody: if it is there at the start, the case is refused.
    row.seen_reply = newest_settled(one.case.replies)
    return row


def wanted_of(row: BulkRow) -> Wanted:
    """What the agent chose."""
    return Wanted(row.store, row.template, row.topic, row.lang, row.only_mine, row.then_close, row.shared)


def page(desk: Desk, bulk: int, number: int, *, by: str) -> BulkPage:
    """One page of the preview, its texts made anew. Raises NotFound, NotAllowed, Stale once it has begun."""
    with desk.database.reading() as tx:
        row = _preview_of(tx.get(BulkRow, bulk), by)
        is_manager = _require_store(tx, desk, row.store, by)
        every = [one for one, _reply in queries.cases(tx, bulk)]
        listed = [one for one in every if one.state == "ready" or one.reason == AGENT]
        pages = max(1, -(-len(listed) // A_PAGE))
        number = min(max(number, 0), pages - 1)
        shown = listed[number * A_PAGE : (number + 1) * A_PAGE]
        agent = access.require_agent(tx, desk, by)
        wanted = wanted_of(row)
        return BulkPage(
            bulk=bulk,
            by_name=agent.name,
            template=row.template,
            store_name=desk.settings.stores[row.store].name,
            page=number,
            pages=pages,
            cases=tuple(
                _shown(one, look(tx, desk, wanted, one.case, by, is_manager=is_manager)) for one in shown
            ),
            ready=sum(one.state == "ready" for one in every),
            left_out=tuple(
                (one.case, str(one.reason), one.facts)
                for one in every
                if one.state == "left_out" and one.reason != AGENT
            ),
            too_many=row.too_many,
            then_close=row.then_close,
            as_of=desk.now(),
        )


def rearranged(row: BulkCaseRow, one: Look) -> bool:
    """Whether cases were merged or split since the preview, so that another address or message would be answered."""
    return row.goes_to not in one.threads or one.seen < row.seen


def warned_anew(row: BulkCaseRow, one: Look) -> tuple[str, ...]:
    """The rules by which the text is warned of now, and was not in the preview: nobody has looked at that."""
    known = row.facts.get(WARNED)
    return () if known is None else tuple(rule for rule in one.warns if rule not in known)


def _shown(row: BulkCaseRow, one: Look) -> BulkCase:
    """A case of the preview. If its text is no longer the one that was made first, it is not shown: it can't leave."""
    reason, facts = row.reason, row.facts
    if reason is None and one.reason:
        reason, facts = one.reason, dict(one.facts)
    elif reason is None and rearranged(row, one):
        reason = "rearranged"
    elif reason is None and reply.fingerprint(one.text) != row.fingerprint:
        reason = "not_previewed"
    last = one.case.last_message
    return BulkCase(
        case=row.case,
        first_name=one.case.first_name,
        order_id=one.case.order_id,
        due_at=one.case.due_at,
        buyer_text=last.text if last else "",
        text=one.text if reason is None else None,
        reason=reason,
        facts=facts,
        warns=one.warns,
        goes_to=goes_to(one.case),
    )


def _preview_of(row: BulkRow | None, by: str) -> BulkRow:
    """The row, if it is a preview of `by`. Raises NotFound, NotAllowed, Stale."""
    found = _own(row, by)
    if found.state != "preview":
        raise Stale("This bulk reply was started already.", key="bulk_started_already")
    return found


def _own(row: BulkRow | None, by: str) -> BulkRow:
    if row is None:
        raise NotFound("This preview is no longer there.", key="bulk_gone")
    if row.by != by:
        raise NotAllowed("This is somebody else's bulk reply.", key="bulk_not_yours", who=row.by)
    return row


def turn(desk: Desk, bulk: int, case: int, *, by: str) -> None:
    """Take a case out of the preview, or put it back. Raises NotFound, NotAllowed, Stale."""
    with desk.database.writing() as tx:
        _preview_of(queries.locked(tx, bulk), by)
        row = tx.get(BulkCaseRow, (bulk, case))
        if row is None or (row.state == "left_out" and row.reason != AGENT):
            raise NotFound(f"Case {case} is not in this preview.", key="bulk_gone")
        row.state, row.reason = ("ready", None) if row.state == "left_out" else ("left_out", AGENT)


def start(desk: Desk, bulk: int, *, by: str) -> BulkProgress:
    """Let the replies leave, one after the other, in the name of `by`. Starting twice starts once.

    Raises NotFound, NotAllowed, WrongInput if every case was taken out, Stale in manual mode.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        automation.begin(tx)
        row = _own(queries.locked(tx, bulk), by)
        _require_store(tx, desk, row.store, by)
        _require_automation(tx, row.store)
        ready = sum(one.state == "ready" for one, _reply in queries.cases(tx, bulk))
        if row.state == "preview":
            if not ready:
                raise WrongInput("Every case was taken out.", key="bulk_empty")
            row.state, row.started_at, row.next_at = "running", now, now
            facts = {"template": row.template, "sources": row.sources, "topic": row.topic, "lang": row.lang}
            record(tx, desk, row, by, "bulk_started", cases=ready, **facts)
            outbox.put(tx, f"bulk:{bulk}", row.by, now, urgency=outbox.URGENT)
        return progress_in(tx, desk, row)


def record(tx: Session, desk: Desk, row: BulkRow, who: str, what: str, **facts: Any) -> None:
    """Put into the ledger what happened to a bulk reply."""
    ledger.record(tx, desk.now(), who, what, store=row.store, bulk=row.id, **facts)


def stop(desk: Desk, bulk: int, *, by: str) -> None:
    """Start no further reply, and call back what is still held. Who began it may, and managers of the store.

    Stopping what is over changes nothing, and stopping twice calls back what the first time did not.
    Raises NotFound, NotAllowed.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        row = queries.locked(tx, bulk)
        if row is None:
            raise NotFound("This bulk reply is no longer there.", key="bulk_gone")
        if not _require_store(tx, desk, row.store, by) and row.by != by:
            raise NotAllowed("This is somebody else's bulk reply.", key="bulk_not_yours", who=row.by)
        if row.ended_at is not None or row.state not in ("running", "stopped"):
            return
        if row.state == "running":
            row.state, row.stopped_by, row.next_at = "stopped", by, now
            record(tx, desk, row, by, "bulk_stopped")
            outbox.put(tx, f"bulk:{bulk}", row.by, now, urgency=outbox.URGENT)
    call_back(desk, bulk, by)


def call_back(desk: Desk, bulk: int, by: str) -> None:
    """Call back what is still held of a bulk reply that `by` stopped."""
    with desk.database.reading() as tx:
        waiting = [
            sent.id for _one, sent in queries.cases(tx, bulk) if sent and sent.state in ("held", "queued")
        ]
    for one in waiting:
        # Each in its own transaction, which locks as every other does: reply, case, ledger.
        _call_back(desk, one, by)


def _call_back(desk: Desk, one: int, by: str) -> None:
    try:
        reply.undo(desk, one, by=by)
    except Stale:
        return  # it was on its way already
    except NotAllowed:
        return  # manual mode, which is no agent, stopped it and holds its replies back itself


def progress(desk: Desk, bulk: int) -> BulkProgress:
    """How a bulk reply stands now. Raises NotFound."""
    with desk.database.reading() as tx:
        row = tx.get(BulkRow, bulk)
        if row is None:
            raise NotFound(f"There is no bulk reply {bulk}.", key="bulk_gone")
        return progress_in(tx, desk, row)


def progress_in(tx: Session, desk: Desk, row: BulkRow) -> BulkProgress:
    """The same within a transaction."""
    every = queries.cases(tx, row.id)
    states = [sent.state for _one, sent in every if sent]
    store = desk.settings.stores.get(row.store)
    refused = [(one.case, str(one.reason), one.facts) for one, _sent in every if one.state == "refused"]
    not_sent: list[tuple[int, str, dict[str, Any]]] = [
        (one.case, f"reply_{sent.state}", {})
        for one, sent in every
        if sent and sent.state in ("failed", "unsure", "bounced")
    ]
    return BulkProgress(
        bulk=row.id,
        by=row.by,
        template=row.template,
        store_name=store.name if store else row.store,
        state=row.state,
        sent=states.count(rules.SENT),
        leaving=sum(state in rules.UNDER_WAY for state in states),
        waiting=sum(one.state == "ready" for one, _sent in every),
        called_back=states.count("withdrawn"),
        troubles=(*refused, *not_sent),
        stopped_by=row.stopped_by,
        ended_at=row.ended_at,
    )
