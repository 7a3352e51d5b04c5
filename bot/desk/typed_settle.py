"""How a typed message ends: taken, on its way, then accepted, again, refused, failed or unsure; and what people decide.

Whoever has taken one names it by id and by the how-manieth take it was (`Taken`): who was overtaken changes nothing.
Deadlines, and whether a case is open, are none of this: Amazon counts replies alone.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.db.queries import ledger, merging, outbox
from bot.db.queries import orders as order_queries
from bot.db.queries import replies as reply_queries
from bot.db.queries import typed as queries
from bot.db.tables import CaseRow
from bot.db.tables_typed import TypedMessageRow
from bot.db.trouble import apart
from bot.desk import ROBOT, Desk, access, automation, orders
from bot.desk.change import changed, show_card, tell
from bot.desk.facing import Facing, facing
from bot.desk.refusals import may_still_send
from bot.desk.remarks import findings_of_typed
from bot.desk.typed import for_person
from bot.desk.typed_drafts import back_to_draft
from bot.domain.commitments import commitment
from bot.domain.departure import is_said_anew
from bot.domain.pauses import STUCK_AFTER, sending_pause, sending_pause_as_told
from bot.domain.typed_messages import TypedMessage, fingerprint_of, sha256_of
from bot.domain.typed_snapshots import (
    ACCEPTED,
    FAILED,
    NOT_LEFT,
    PREPARING,
    QUEUED,
    REFUSED,
    SENDING,
    UNSURE,
    WITHDRAWN,
)
from bot.errors import NotOurs, Refused, Stale

TOO_OLD = timedelta(hours=24)
"""Who pressed Send yesterday does not expect it to leave today."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that is ours to send, as its `attempts`-th take."""

    id: int
    attempts: int
    store: str
    order_id: str
    marketplace: str
    message: TypedMessage = field(repr=False)


def stores_ready(desk: Desk, stores: Collection[str]) -> tuple[str, ...]:
    """Those of `stores` that have something to send now, and that Amazon lets in."""
    now = desk.now()
    with desk.database.reading() as tx:
        ready = queries.stores_ready(tx, now, now - queries.LEASE * desk.clock.speed)
        locks = order_queries.locked_out(tx) if ready else {}
        return tuple(one for one in ready if one in stores and not orders.keeps_out(locks.get(one)))


def take(desk: Desk, store: str, looked_at: list[int] | None = None) -> Taken | None:
    """Take the store's message that has waited longest and may leave; None if there is none.

    What its author may no longer send, or is not what was previewed any more, ends here. `looked_at` gets its number,
    for who has to say which one could not be looked at.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        paused = automation.begin(tx)
        if orders.keeps_out(order_queries.locked_out(tx).get(store)):
            return None
        row = queries.claim_ready(tx, store, now, now - queries.LEASE * desk.clock.speed, paused)
        if row is None:
            return None
        if looked_at is not None:
            looked_at.append(row.id)
        message = queries.message_of(tx, row)
        worked_on = tx.get_one(CaseRow, merging.working(tx, row.case))
        if not may_still_send(tx, desk, row.author, worked_on, typed=row.id):
            _withdraw(tx, row, now, "author_left")
        elif fingerprint_of(message, row.order_id) != row.fingerprint:
            # A part of it can't be decrypted, or is gone: what stands for that is not for a buyer.
            _end(tx, row, FAILED, now, code="unreadable")
        elif _is_said_anew(tx, desk, facing(tx, worked_on, row.case), row, message):
            _back_to_draft(tx, row, now)
            _end(tx, row, FAILED, now, code="said_anew")
        else:
            return Taken(row.id, row.attempts, row.store, row.order_id, row.marketplace, message)
        return None


def _is_said_anew(tx: Session, desk: Desk, whom: Facing, row: TypedMessageRow, message: TypedMessage) -> bool:
    """Whether the check says more of it than its author was shown, as of a reply: domain/departure.py."""
    found = findings_of_typed(tx, desk, whom, message)
    return bool(found) and is_said_anew(found, reply_queries.warned_of(tx, whom.family, "typed", row.id))


def depart(desk: Desk, one: Taken) -> None:
    """The last look, just before the request leaves: it is `sending` from here on.

    Raises NotOurs when it was called back meanwhile, another has taken it, or manual mode is on: it stays here.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        paused = automation.begin(tx)
        row = _ours(tx, one, PREPARING)
        may_leave = row.by_hand or not paused.has(row.store)
        if may_leave:
            row.state, row.taken_at = SENDING, now
        else:
            hold_back(tx, row, now, ROBOT)
    if not may_leave:
        raise NotOurs(f"Typed message {one.id} is held back: manual mode is on.")


def accepted(desk: Desk, one: Taken, request_id: str) -> None:
    """Amazon took the message. What its files hold is not needed any more."""
    now = desk.now()
    with desk.database.writing() as tx:
        row = _ours(tx, one, SENDING, UNSURE)
        row.state, row.accepted_at, row.request_id, row.reason = ACCEPTED, now, request_id[:100], None
        row.code, row.ended_at = "", None
        facts = {"typed": row.id, "kind": row.kind, "request": row.request_id} | _what_left(row, one.message)
        queries.forget_contents(tx, row.id)
        changed(tx, _case(tx, row), now, row.author, "typed_accepted", **facts)
        _show(tx, row, now)


def _what_left(row: TypedMessageRow, message: TypedMessage) -> dict[str, object]:
    """Which text and files left, for the ledger: salted hashes, which mean nothing once the salt is purged."""
    if row.salt is None:
        return {}
    text = {"text": commitment(row.salt, "text", message.text)} if message.text else {}
    return text | {"files": [commitment(row.salt, "file", sha256_of(file)) for file in message.files]}


def again(desk: Desk, one: Taken, reason: str, wait_s: float | None = None) -> None:
    """It did not get there; it is tried again, later and later, or when Amazon said. Its author is told after a while.

    In manual mode it is not: it is held back, unless its author sent it knowing of that.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        paused = automation.begin(tx)
        row = _ours(tx, one, PREPARING, SENDING)
        if not row.by_hand and paused.has(row.store):
            hold_back(tx, row, now, ROBOT)
            return
        row.not_before = now + sending_pause_as_told(row.attempts, wait_s) * desk.clock.speed
        _queue(tx, row, reason, now, is_stuck=row.attempts == STUCK_AFTER)


def put_off(desk: Desk, number: int, reason: str) -> None:
    """The same for one that was not even taken, because of an error of our own."""
    now = desk.now()
    with desk.database.writing() as tx:
        row = queries.locked(tx, number)
        if row is None or row.state not in NOT_LEFT:
            return
        row.attempts, row.taken_at = row.attempts + 1, now
        row.not_before = now + sending_pause(row.attempts) * desk.clock.speed
        _queue(tx, row, reason, now, is_stuck=row.attempts == STUCK_AFTER)


def locked_out(desk: Desk, one: Taken, code: str, why: Refused) -> bool:
    """Amazon does not let the store in: the message waits until a person has renewed something.

    Says whether the lock is news.
    """
    now = desk.now()
    is_news = orders.lock_out(desk, one.store, code, why)
    with desk.database.writing() as tx:
        row = _ours(tx, one, PREPARING, SENDING)
        # Another process may have a token that still works, and let the store in again at once.
        row.not_before = now + sending_pause(row.attempts) * desk.clock.speed
        _queue(tx, row, str(why), now, is_stuck=True)
    return is_news


def _queue(tx: Session, row: TypedMessageRow, reason: str, now: datetime, *, is_stuck: bool) -> None:
    row.state, row.reason = QUEUED, reason
    if is_stuck:
        tell(tx, f"typed_told:{row.id}:stuck:{row.author}", row.author, now)
    facts = {"typed": row.id, "attempts": row.attempts}
    ledger.record(tx, now, ROBOT, "typed_again", store=row.store, case=row.case, **facts)
    _show(tx, row, now)


def refused(desk: Desk, one: Taken, reason: str, code: str) -> None:
    """Amazon said no, for good: its author is told why, and has the message as a draft again."""
    now = desk.now()
    with desk.database.writing() as tx:
        row = _ours(tx, one, PREPARING, SENDING)
        _back_to_draft(tx, row, now)
        _end(tx, row, REFUSED, now, code=code[:60], reason=reason)


def unsure(desk: Desk, one: Taken, reason: str) -> None:
    """Nobody knows whether the buyer has it. It is never sent again by itself: a person decides."""
    now = desk.now()
    with desk.database.writing() as tx:
        _end(tx, _ours(tx, one, SENDING), UNSURE, now, reason=reason)


def left_behind(desk: Desk) -> int:
    """What a dead worker was sending becomes unsure; what could not leave for a day fails. Returns how many."""
    now = desk.now()
    with desk.database.writing() as tx:
        dead = queries.left_behind(tx, now, queries.PATIENCE * desk.clock.speed)
        old = queries.too_old(tx, now - TOO_OLD)
        merging.lock_working(tx, *(row.case for row in (*dead, *old)))
        for row in dead:
            with apart(tx, "left_behind_failed", typed=row.id):
                _end(tx, row, UNSURE, now, code="stopped")
        for row in old:
            with apart(tx, "left_behind_failed", typed=row.id):
                _back_to_draft(tx, row, now)
                _end(tx, row, FAILED, now, code="too_old", reason=row.reason or "")
        return len(dead) + len(old)


def decide(desk: Desk, message: int, *, was_sent: bool, by: str) -> None:
    """A person looked in Seller Central and says whether an unsure one was sent. Raises Stale, NotFound, NotAllowed.

    If it was not, it becomes a draft again for its author; nothing is sent by this.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        row, case = for_person(tx, desk, message, by)
        if row.state != UNSURE:
            raise Stale(f"Typed message {message} is {row.state} already.", key="typed_decided_already")
        row.reason = None
        if was_sent:
            row.state, row.code, row.accepted_at, row.ended_at = ACCEPTED, "", row.taken_at or now, None
            queries.forget_contents(tx, message)
        else:
            row.state, row.code, row.ended_at = FAILED, "not_sent", now
            back_to_draft(tx, row, now)
        changed(tx, case, now, by, "typed_decided", typed=message, was_sent=was_sent)
        _show(tx, row, now)


def hold_back(tx: Session, row: TypedMessageRow, now: datetime, who: str) -> int:
    """Take one that has not left out of the lane, because `who` switched manual mode on; returns the case."""
    row.state, row.ended_at, row.code = WITHDRAWN, now, "manual_mode"
    case = _back_to_draft(tx, row, now)
    changed(tx, case, now, who, "typed_held_back", typed=row.id)
    tell(tx, f"typed_told:{row.id}:held_back:{row.author}", row.author, now)
    _show(tx, row, now)
    return case.number


def _back_to_draft(tx: Session, row: TypedMessageRow, now: datetime) -> CaseRow:
    """With the case locked: its author may be previewing another at this instant, and there is one draft."""
    case = _case(tx, row)
    back_to_draft(tx, row, now)
    return case


def _withdraw(tx: Session, row: TypedMessageRow, now: datetime, code: str) -> None:
    row.state, row.ended_at, row.code = WITHDRAWN, now, code
    queries.forget_contents(tx, row.id)
    changed(tx, _case(tx, row), now, ROBOT, "typed_withdrawn", typed=row.id, why=code)
    _show(tx, row, now)


def _end(
    tx: Session, row: TypedMessageRow, state: str, now: datetime, *, code: str = "", reason: str = ""
) -> None:
    row.state, row.code, row.reason, row.ended_at = state, code, reason or None, now
    case = _case(tx, row)
    changed(tx, case, now, ROBOT, f"typed_{state}", typed=row.id, code=code)
    for person in {row.author, case.assignee or row.author}:
        tell(tx, f"typed_told:{row.id}:{state}:{person}", person, now)
    _show(tx, row, now)


def _ours(tx: Session, one: Taken, *states: str) -> TypedMessageRow:
    """The row, locked. Raises NotOurs when it was called back, given up, or taken by another since."""
    row = queries.locked(tx, one.id)
    if row is None or row.attempts != one.attempts or row.state not in states:
        raise NotOurs(f"Typed message {one.id} is not ours to send any more.")
    return row


def _case(tx: Session, row: TypedMessageRow) -> CaseRow:
    return access.case_row(tx, row.case)


def _show(tx: Session, row: TypedMessageRow, now: datetime) -> None:
    case = tx.get_one(CaseRow, merging.working(tx, row.case))
    outbox.put(tx, f"typed:{row.id}", case.channel, now, urgency=outbox.URGENT + 1)
    show_card(tx, case, now)
