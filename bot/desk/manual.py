"""Switching manual mode on and off. What it stops: domain/manual.py; who asks: desk/automation.py.

The ack is the answer that follows the commit: whatever was waiting to leave by itself is held back in the same
transaction, and nothing that begins after it can. A reply that the mail server was being given at that instant,
or a message that Amazon was, can't be called back; the answer names its case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.db.queries import ledger, merging, outbox
from bot.db.queries import manual as queries
from bot.db.queries import typed as typed_queries
from bot.db.tables import CaseRow, ReplyRow
from bot.db.tables_bulk import BulkRow
from bot.db.tables_manual import ManualModeRow
from bot.db.tables_typed import TypedMessageRow
from bot.desk import ROBOT, Desk, access, automation, route, typed_settle
from bot.desk.bulk import record as record_bulk
from bot.desk.change import show_cards, watching
from bot.desk.held_back import hold_back
from bot.domain import rights
from bot.domain.breaker import ACCOUNT, Trip, facts_of
from bot.domain.manual import ALL, CONSOLE, ManualMode
from bot.errors import NotAllowed, NotFound, Stale, WrongInput

LONGEST = 300
_LATER = outbox.NORMAL + 3


@dataclass(frozen=True, slots=True)
class Switched:
    """What became of switching on. `is_new` False: it was on already, and nothing changed.

    `held_back`: cases whose reply or typed message was held back; `being_sent`: those whose reply the mail server
    has in hand, or whose message Amazon has.
    """

    mode: ManualMode
    is_new: bool
    held_back: tuple[int, ...] = ()
    being_sent: tuple[int, ...] = ()


def switch_on(desk: Desk, scope: str, reason: str = "", *, by: str) -> Switched:
    """Automation off for a store, or for ALL: when this returns, nothing leaves by itself.

    Raises NotAllowed, NotFound.
    """
    with desk.database.writing() as tx:
        queries.seize(tx)
        _require_right(tx, desk, scope, by)
        return _begin(tx, desk, scope, (by, reason.strip()[:LONGEST]))


def trip(desk: Desk, store: str, seen: Trip) -> Switched | None:
    """The breaker switches a store over; None if it, or all of them, are in manual mode already."""
    with desk.database.writing() as tx:
        queries.seize(tx)
        return trip_within(tx, desk, store, seen)


def trip_within(tx: Session, desk: Desk, store: str, seen: Trip) -> Switched | None:
    """The same in a transaction that has seized manual mode already."""
    if automation.paused(tx).has(store):
        return None
    return _begin(tx, desk, store, (ROBOT, ""), seen)


def _begin(tx: Session, desk: Desk, scope: str, who: tuple[str, str], seen: Trip | None = None) -> Switched:
    now, (by, reason) = desk.now(), who
    row = queries.begin(tx, scope, now, by, reason, (seen.cause, facts_of(seen)) if seen else None)
    if row is None:
        mode = next(one for one in automation.modes(tx) if one.scope == scope)
        return Switched(mode, is_new=False)
    waits = _waiting(tx, scope)
    _stop_bulks(tx, desk, waits.bulks, by)
    held = [hold_back(tx, one, now, by) for one in waits.replies]
    held += [typed_settle.hold_back(tx, one, now, by) for one in waits.typed]
    for case in waits.asked:
        route.forget(tx, case, now, "passed")
    facts: dict[str, Any] = {
        "mode": row.id,
        "reason": reason,
        "held_back": len(held),
        "offers": len(waits.asked),
    }
    facts |= {"cause": seen.cause, "bad": seen.bad, "of": seen.of} if seen else {}
    facts |= {"before": seen.before, "after": seen.after} if seen and seen.cause == ACCOUNT else {}
    ledger.record(tx, now, by, "manual_on", store=None if scope == ALL else scope, **facts)
    _show(tx, desk, row, now)
    return Switched(automation.mode_of(row), True, tuple(dict.fromkeys(held)), _being_sent(tx, scope))


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What would go on by itself."""

    bulks: Sequence[BulkRow]
    replies: Sequence[ReplyRow]
    typed: Sequence[TypedMessageRow]
    asked: Sequence[CaseRow]


def _waiting(tx: Session, scope: str) -> _Waiting:
    """All of it, locked in the order in which those lock it who do one of these: last the cases, then the ledger."""
    bulks, replies = queries.running_bulks(tx, scope), queries.waiting_replies(tx, scope)
    typed = typed_queries.waiting(tx, None if scope == ALL else scope)
    merging.lock_working(tx, *(one.case for one in replies), *(one.case for one in typed))
    return _Waiting(bulks, replies, typed, queries.offered_cases(tx, scope))


def _being_sent(tx: Session, scope: str) -> tuple[int, ...]:
    typed = typed_queries.being_sent(tx, None if scope == ALL else scope)
    return tuple(
        dict.fromkeys([*queries.being_sent(tx, scope), *(merging.working(tx, one) for one in typed)])
    )


def _stop_bulks(tx: Session, desk: Desk, bulks: Sequence[BulkRow], by: str) -> None:
    for bulk in bulks:
        bulk.state, bulk.stopped_by, bulk.next_at = "stopped", by, desk.now()
        record_bulk(tx, desk, bulk, by, "bulk_stopped")
        outbox.put(tx, f"bulk:{bulk.id}", bulk.by, desk.now(), urgency=outbox.URGENT)


def switch_off(desk: Desk, scope: str, reason: str, *, by: str) -> ManualMode:
    """Automation on again; cases that wait are offered at the next look. Raises NotAllowed, WrongInput, Stale.

    What is on for all stores is ended for all; a store that is in manual mode by itself stays in it.
    """
    now, why = desk.now(), reason.strip()[:LONGEST]
    with desk.database.writing() as tx:
        queries.seize(tx)
        _require_right(tx, desk, scope, by)
        row = next((one for one in queries.lasting(tx) if one.scope == scope), None)
        if row is None:
            raise _is_off(tx, scope)
        if not why:
            raise WrongInput("Say why manual mode ends: it is kept in the ledger.", key="manual_no_reason")
        row.ended_at, row.ended_by, row.end_reason = now, by, why
        facts: dict[str, Any] = {
            "mode": row.id,
            "reason": why,
            "minutes": int((now - row.since).total_seconds()) // 60,
        }
        ledger.record(tx, now, by, "manual_off", store=None if scope == ALL else scope, **facts)
        tx.flush()
        _show(tx, desk, row, now)
        return automation.mode_of(row)


def _is_off(tx: Session, scope: str) -> Stale:
    """What there is to end instead, where a store is stopped because all are."""
    if any(one.scope == ALL for one in queries.lasting(tx)):
        return Stale("Manual mode is on for all stores; end it for all.", key="manual_is_all")
    return Stale("Manual mode is not on there.", key="manual_is_off")


def _require_right(tx: Session, desk: Desk, scope: str, by: str) -> None:
    """That `by` is a manager of the store; of all stores, if it is for all. Raises NotAllowed, NotFound."""
    if scope != ALL and scope not in desk.settings.stores:
        known = ", ".join(desk.settings.stores)
        raise NotFound(
            f'There is no store "{scope[:40]}". These are: {known}.',
            key="no_such_store",
            store=scope[:40],
            stores=tuple(desk.settings.stores),
        )
    if by == CONSOLE:
        return
    if scope != ALL:
        access.require_store_manager(tx, desk, by, scope)
    elif rights.managed(access.require_manager(tx, desk, by).grant) != "all":
        raise NotAllowed(
            "Only a manager of all stores can switch manual mode for all.",
            key="manual_not_yours",
            who=access.managers_of(tx, desk, None),
        )


def _show(tx: Session, desk: Desk, row: ManualModeRow, now: datetime) -> None:
    """The runbook in the managers' channel, a word to each other manager, cards and home pages."""
    outbox.put(tx, f"manual:{row.id}", desk.settings.slack.escalation_channel, now, urgency=outbox.URGENT)
    store = None if row.scope == ALL else row.scope
    state = "off" if row.ended_at else "on"
    for person in access.people_of(tx, desk, store, managers=True):
        if person != (row.ended_by or row.by):
            outbox.put(tx, f"manual_told:{row.id}:{state}:{person}", person, now, urgency=outbox.URGENT)
    show_cards(tx, queries.open_cases(tx, row.scope), now, _LATER)
    homes = [outbox.Put(f"home:{person}", person, outbox.NORMAL + 2) for person in watching(tx, now)]
    outbox.put_all(tx, homes, now)


def mode(desk: Desk, number: int) -> ManualMode:
    """One time in manual mode, lasting or over. Raises NotFound."""
    with desk.database.reading() as tx:
        row = tx.get(ManualModeRow, number)
        if row is None:
            raise NotFound(f"There is no manual mode {number}.", key="no_such_manual")
        return automation.mode_of(row)


def modes(desk: Desk) -> tuple[ManualMode, ...]:
    """All that is on now, the oldest first."""
    with desk.database.reading() as tx:
        return automation.modes(tx)
