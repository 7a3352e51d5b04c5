"""Typed messages: asking whether one may be written, preview, send, cancel. How one ends: desk/typed_settle.py.

The checks are those of a reply (desk/reply.py): a named agent with rights for the store, no finding that blocks, and
nothing that the agent has not seen. None of it stops a clock: no deadline is touched here.

Told in Slack: `typed:ID` in the case's channel, how it stands; `typed_told:ID:WHAT:PERSON` directly, what went wrong:
refused, failed, unsure, stuck (tried three times, or the store is locked out), held_back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_hex

from sqlalchemy.orm import Session

from bot.db.queries import cases as case_queries
from bot.db.queries import ledger, merging, outbox
from bot.db.queries import orders as order_queries
from bot.db.queries import typed as queries
from bot.db.tables import CaseRow
from bot.db.tables_typed import TypedMessageRow
from bot.desk import Desk, access, automation, orders
from bot.desk.change import changed
from bot.desk.facing import Facing, facing
from bot.desk.refusals import TYPED, blocking_rules, require_allowed
from bot.desk.remarks import findings_of_typed
from bot.desk.reply import Outgoing, exact, newest_reply, require_fresh, require_said
from bot.desk.typed_drafts import back_to_draft, keep, move_files
from bot.domain.commitments import commitment
from bot.domain.marketplaces import MARKETPLACES
from bot.domain.policy import Finding, for_manager, verdict
from bot.domain.typed_messages import TypedMessage, fingerprint_of, form_faults, sha256_of, with_types
from bot.domain.typed_snapshots import ACCEPTED, HELD, NOT_LEFT, ON_ITS_WAY, WITHDRAWN, Allowed, TypedPreview
from bot.errors import Blocked, NotFound, Stale, WrongInput


@dataclass(frozen=True, slots=True)
class TypedOutgoing:
    """What a person asks to send: the draft that was previewed, by its fingerprint; the rest as of a reply.

    `seen_typed` is the newest typed message that they had before them; `to` as in `allowed`, `said` as of a reply.
    """

    fingerprint: str
    seen: int
    seen_reply: int = 0
    seen_typed: int = 0
    to: int | None = None
    by_hand: bool = False
    said: str | None = None


def allowed(desk: Desk, number: int, *, by: str, to: int | None = None) -> Allowed:
    """The order of the case that Amazon can be asked about now. Nobody is asked by this.

    `to` is the case whose order it is about, where several were merged; else whose turn it is.

    Raises NotAllowed, NotFound, WrongInput (no order is known, or the store has no access to Amazon's API), Stale
    (Amazon does not let the store in, or the case was merged).
    """
    with desk.database.reading() as tx:
        return _allowed(tx, desk, facing(tx, access.case_to_read(tx, desk, by, number), to))


def _allowed(tx: Session, desk: Desk, whom: Facing) -> Allowed:
    number, to = whom.case.number, whom.to
    if to.kind != "buyer" or not to.store or not to.order_id or to.marketplace not in MARKETPLACES:
        raise WrongInput(
            f"Case {number} has no order that Amazon could be asked about.", key="typed_no_order", case=number
        )
    if not orders.has_access(desk, to.store):
        store = desk.settings.stores[to.store].name if to.store in desk.settings.stores else to.store
        raise WrongInput(
            f"The store {to.store} has no access to Amazon's API.", key="typed_no_access", store=store
        )
    lock = order_queries.locked_out(tx).get(to.store)
    if lock is not None and orders.keeps_out(lock):
        raise Stale(
            f"Amazon does not let the store {to.store} in since {lock.since}.",
            key="typed_locked_out",
            at=lock.since,
        )
    manual = automation.acting_on(tx, to.store)
    return Allowed(number, to.number, to.store, to.order_id, to.marketplace, manual)


def preview(
    desk: Desk, number: int, message: TypedMessage, *, by: str, to: int | None = None
) -> TypedPreview:
    """What would leave, checked; it is kept as the draft of `by`, from which `send` takes it.

    What does not fit its form is not kept. Raises what `allowed` does.
    """
    message = with_types(replace(message, text=exact(message.text)))
    with desk.database.writing() as tx:
        whom = facing(tx, access.case_for(tx, desk, by, number), to)
        order = _allowed(tx, desk, whom)
        faults = form_faults(message)
        if faults:
            return TypedPreview(message, order.order_id, order.to, faults)
        keep(tx, order, message, by, desk.now())
        found = findings_of_typed(tx, desk, whom, message)
        if verdict(found) == "block":
            _record_blocked(tx, whom, message.kind, found, by, desk.now())
        over = for_manager(found)
        return TypedPreview(
            message=message,
            order_id=order.order_id,
            to=order.to,
            fingerprint=fingerprint_of(message, order.order_id),
            findings=found,
            verdict=verdict(found),
            over=over,
            needs_manager=bool(over) and not access.is_manager(tx, desk, by, order.store),
            seconds_to_undo=int(desk.settings.thresholds.undo.total_seconds()),
            seen=case_queries.last_message_id(tx, *whom.threads) or 0,
            seen_reply=newest_reply(tx, whom),
            seen_typed=max((one.id for one in queries.of_cases(tx, *whom.family)), default=0),
            manual=order.manual,
        )


def draft(desk: Desk, number: int, *, by: str, to: int | None = None) -> TypedMessage | None:
    """What `by` has previewed for the case and not sent, or what came back. Raises NotAllowed, NotFound, Stale."""
    with desk.database.reading() as tx:
        whom = facing(tx, access.case_to_read(tx, desk, by, number), to)
        row = queries.draft_of(tx, whom.to.number, by)
        return queries.message_of(tx, row) if row else None


def send(desk: Desk, number: int, out: TypedOutgoing, *, by: str) -> int:
    """Hold the draft of `by` for the undo window; returns its id. It leaves when the window is over.

    The same click again returns the same id, and sends nothing more. Raises what `allowed` does, Blocked (a finding
    forbids it, or needs a manager), Stale (the buyer wrote again, or a colleague answered or sent the like, and they
    have not seen it; manual mode is on, and they do not know), WrongInput (not what was previewed).
    """
    try:
        with desk.database.writing() as tx:
            automation.begin(tx)  # so that it is either held back by who switches, or knows of it
            return _send(tx, desk, facing(tx, access.case_for(tx, desk, by, number), out.to), out, by)
    except Blocked:
        with desk.database.writing() as tx:  # that of the attempt is undone; that there was one is kept
            whom = facing(tx, access.case_for(tx, desk, by, number), out.to)
            row = queries.draft_of(tx, whom.to.number, by)
            found = findings_of_typed(tx, desk, whom, queries.message_of(tx, row)) if row else ()
            if row is not None and verdict(found) == "block":
                _record_blocked(tx, whom, row.kind, found, by, desk.now())
        raise


def _send(tx: Session, desk: Desk, whom: Facing, out: TypedOutgoing, by: str) -> int:
    number = whom.to.number
    row = queries.draft_of(tx, number, by)
    if row is None or row.fingerprint != out.fingerprint:
        return _sent_just_now(tx, number, out, by)
    order, message = _allowed(tx, desk, whom), queries.message_of(tx, row)
    if fingerprint_of(message, order.order_id) != out.fingerprint:
        raise _not_previewed(number)
    found = findings_of_typed(tx, desk, whom, message)
    require_allowed(tx, desk, whom.case, found, by, TYPED)
    require_fresh(tx, whom, Outgoing(message.text, out.fingerprint, out.seen, out.seen_reply))
    require_said(whom.case, found, out.said)
    _require_unsent(tx, whom, out, message)
    if order.manual is not None and not out.by_hand:
        raise Stale(
            f"The message about case {number} was not sent: manual mode is on.",
            key="typed_manual_on",
            case=whom.case.number,
            at=order.manual.since,
        )
    held = _held_row(desk, order, message, out, by)
    tx.add(held)
    tx.flush()
    move_files(tx, row.id, held.id)
    queries.remove(tx, [row.id])
    _announce(tx, whom.case, held, message, found)
    return held.id


def _sent_just_now(tx: Session, number: int, out: TypedOutgoing, by: str) -> int:
    """A click that was heard twice finds what the first has made of the draft. Raises WrongInput if there is none."""
    rows = [one for one in queries.of_cases(tx, number) if one.author == by]
    same = [one for one in rows if one.fingerprint == out.fingerprint]
    if not same or same[-1].state not in (*ON_ITS_WAY, ACCEPTED):
        raise _not_previewed(number)
    return same[-1].id


def _not_previewed(number: int) -> WrongInput:
    return WrongInput("The message is not the one that was previewed.", key="not_previewed", case=number)


def _require_unsent(tx: Session, whom: Facing, out: TypedOutgoing, message: TypedMessage) -> None:
    """That nobody sent one of the same kind that the sender has not seen. Raises Stale."""
    other = queries.sent_since(tx, whom.family, out.seen_typed, message.kind)
    if other is not None:
        raise Stale(
            f"The message about case {whom.case.number} was not sent: {other.author} has sent the like.",
            key="typed_sent_already",
            case=whom.case.number,
            who=other.author,
            at=other.created_at,
        )


def _held_row(
    desk: Desk, order: Allowed, message: TypedMessage, out: TypedOutgoing, by: str
) -> TypedMessageRow:
    now = desk.now()
    return TypedMessageRow(
        case=order.to,
        store=order.store,
        order_id=order.order_id,
        marketplace=order.marketplace,
        kind=message.kind,
        author=by,
        state=HELD,
        text=message.text,
        salt=token_hex(32),
        fingerprint=out.fingerprint,
        covers_from=message.covers_from,
        covers_until=message.covers_until,
        created_at=now,
        not_before=now + desk.settings.thresholds.undo,
        by_hand=out.by_hand,
    )


def _announce(
    tx: Session, case: CaseRow, row: TypedMessageRow, message: TypedMessage, found: Sequence[Finding]
) -> None:
    salt, now = row.salt or "", row.created_at
    facts = {"typed": row.id, "kind": row.kind, "warned": sorted({one.rule for one in found})}
    facts |= {"text": commitment(salt, "text", row.text)} if row.text else {}
    facts |= {"files": [commitment(salt, "file", sha256_of(one)) for one in message.files]}
    facts |= {} if row.case == case.number else {"to": row.case}
    changed(tx, case, now, row.author, "typed_held", **facts)
    if over := for_manager(found):
        more = {"typed": row.id, "rules": list(over)}
        ledger.record(tx, now, row.author, "warning_overridden", store=case.store, case=case.number, **more)
    outbox.put(tx, f"typed:{row.id}", case.channel, now, urgency=outbox.URGENT)


def _record_blocked(
    tx: Session, whom: Facing, kind: str, found: Sequence[Finding], by: str, now: datetime
) -> None:
    """That the check refused it, for the ledger. It is no reason why an answer was late, as a refused reply is."""
    facts = {"to": whom.to.number, "kind": str(kind), "rules": blocking_rules(found)}
    ledger.record(tx, now, by, "typed_blocked", store=whom.case.store, case=whom.case.number, **facts)


def cancel(desk: Desk, message: int, *, by: str) -> int:
    """Call one back that has not left; it becomes its author's draft. Returns the case number.

    Raises NotFound, NotAllowed, Stale if the request is on its way, or it has ended.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        row, case = for_person(tx, desk, message, by)
        if row.state not in NOT_LEFT:
            raise Stale(
                f"Typed message {message} can't be called back: it is {row.state}.",
                key="typed_too_late",
                state=row.state,
            )
        row.state, row.ended_at, row.code = WITHDRAWN, now, "cancelled"
        back_to_draft(tx, row, now)
        changed(tx, case, now, by, "typed_withdrawn", typed=message)
        outbox.put(tx, f"typed:{message}", case.channel, now, urgency=outbox.URGENT)
        return case.number


def for_person(tx: Session, desk: Desk, message: int, by: str) -> tuple[TypedMessageRow, CaseRow]:
    """The message, locked, and the case that people work on. Raises NotFound, NotAllowed."""
    row = queries.locked(tx, message)
    if row is None or row.state == "draft":
        raise NotFound(f"There is no typed message {message}.", key="no_such_typed")
    return row, access.case_for(tx, desk, by, merging.working(tx, row.case))
