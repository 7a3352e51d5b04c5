"""Requests for a review: a manager wants one, a worker asks Amazon, once for an order; and how it ended.

Codes of what did not leave: manual_mode, no_manager (who wanted it is none any more), risk, claim, unreachable,
locked_out, not_offered; or Amazon's own word.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.clock import AHEAD
from bot.db.queries import ledger, merging
from bot.db.queries import orders as order_queries
from bot.db.queries import solicitations as queries
from bot.db.tables import CaseRow
from bot.db.tables_solicitations import SolicitationRow
from bot.db.trouble import apart
from bot.desk import ROBOT, Desk, access, automation, orders
from bot.desk.change import tell
from bot.domain.marketplaces import MARKETPLACES
from bot.domain.pauses import sending_pause
from bot.domain.solicitations import (
    AGAIN,
    FAILED,
    NOT_OFFERED,
    REFUSED,
    SENDING,
    SENT,
    TOO_OLD,
    UNSURE,
    WANTED,
    ReviewPanel,
    Solicitation,
    obstacle,
)
from bot.domain.triage import triage
from bot.errors import NotFound, NotOurs, Stale, WrongInput


@dataclass(frozen=True, slots=True)
class Taken:
    """A request that is ours to make, as its `attempts`-th take."""

    id: int
    attempts: int
    store: str
    order_id: str
    marketplace: str


def is_on(desk: Desk, store: str | None) -> bool:
    """Whether managers of the store may ask for reviews at all."""
    found = desk.settings.stores.get(store or "")
    return found is not None and found.api is not None and found.api.solicitations


def panel(desk: Desk, number: int, *, by: str) -> ReviewPanel | None:
    """What the details of a case show of it to `by`; None where there is nothing to show or to ask."""
    with desk.database.reading() as tx:
        case = tx.get(CaseRow, number)
        if case is None or not _has_order(case):
            return None
        row = queries.shown(tx, case.store or "", case.order_id or "")
        may_ask = (
            is_on(desk, case.store)
            and access.is_manager(tx, desk, by, case.store)
            and (row is None or row.state in AGAIN)
            and automation.acting_on(tx, case.store) is None
            and _obstacle(tx, desk, case) is None
        )
        if row is None and not may_ask:
            return None
        return ReviewPanel(number, case.order_id or "", _shown(row) if row else None, may_ask)


def one(desk: Desk, number: int) -> Solicitation:
    """A request as it stands. Raises NotFound."""
    with desk.database.reading() as tx:
        row = tx.get(SolicitationRow, number)
        if row is None:
            raise NotFound(f"There is no request {number} for a review.")
        return _shown(row)


def _shown(row: SolicitationRow) -> Solicitation:
    return Solicitation(row.id, row.order_id, row.case, row.state, row.by, row.at, row.ended_at, row.code)


def _has_order(case: CaseRow) -> bool:
    is_buyers = case.kind == "buyer" and bool(case.store) and bool(case.order_id)
    return is_buyers and case.marketplace in MARKETPLACES


def _obstacle(tx: Session, desk: Desk, case: CaseRow) -> str | None:
    """A case forgets a risk once that was answered and the buyer wrote again; what was written of stays wrong."""
    store, order_id, family = case.store or "", case.order_id or "", merging.family(tx, case.number)
    said = queries.said_of(tx, store, order_id, family)
    risks = {risk for text, lang in said for risk in triage(text, lang, desk.knowledge.topics).risk}
    risks |= queries.risks_of(tx, store, order_id, family)
    return obstacle(risks, has_claim=queries.has_claim(tx, store, order_id, family))


def ask(desk: Desk, number: int, *, by: str) -> None:
    """`by`, a manager, wants Amazon to ask the buyer of the case's order for a review. A worker does it then.

    Raises NotAllowed, NotFound, WrongInput (off, no order, something is wrong with the order), Stale (it was asked
    already, manual mode is on, Amazon does not let the store in, or the case was merged).
    """
    now = desk.now()
    with desk.database.writing() as tx:
        paused = automation.begin(tx)
        case = access.case_for(tx, desk, by, number)
        _require_may_ask(tx, desk, case, by, is_paused=paused.has(case.store))
        row = _wanted(tx, case, by, now)
        ledger.record(tx, now, by, "solicitation_wanted", **_facts(row))


def require_may_ask(desk: Desk, number: int, *, by: str) -> None:
    """That `ask` would do it now. Raises what it does."""
    with desk.database.reading() as tx:
        case = access.case_to_read(tx, desk, by, number)
        _require_may_ask(tx, desk, case, by, is_paused=automation.paused(tx).has(case.store))
        row = queries.shown(tx, case.store or "", case.order_id or "")
        if row is not None and row.state not in AGAIN:
            raise _already(row)


def _require_may_ask(tx: Session, desk: Desk, case: CaseRow, by: str, *, is_paused: bool) -> None:
    access.require_manager(tx, desk, by, case.store)
    _require_on(tx, desk, case)
    if is_paused:
        raise Stale("Manual mode is on: no review is asked for.", key="solicit_manual_on")
    why = _obstacle(tx, desk, case)
    if why is not None:
        text = f"No review is asked for about case {case.number}: {why}."
        raise WrongInput(text, key=f"solicit_{why}", case=case.number)


def _already(row: SolicitationRow) -> Stale:
    text = f"A review of order {row.order_id} was asked for already: {row.state}."
    return Stale(text, key="solicit_already", order=row.order_id, who=row.by, at=row.at)


def _require_on(tx: Session, desk: Desk, case: CaseRow) -> None:
    if not is_on(desk, case.store):
        raise WrongInput("Requests for reviews are off for this store.", key="solicit_off")
    if not _has_order(case):
        raise WrongInput(f"Case {case.number} has no order.", key="typed_no_order", case=case.number)
    lock = order_queries.locked_out(tx).get(case.store or "")
    if lock is not None and orders.keeps_out(lock):
        text = f"Amazon does not let the store {case.store} in since {lock.since}."
        raise Stale(text, key="typed_locked_out", at=lock.since)


def _wanted(tx: Session, case: CaseRow, by: str, now: datetime) -> SolicitationRow:
    """The row of the order, wanted from now on. Raises Stale when it was asked already."""
    store, order_id = case.store or "", case.order_id or ""
    is_new = queries.add(tx, store, (order_id, case.marketplace or ""), case.number, by, now)
    row = queries.of_order(tx, store, order_id)
    if row is None:
        raise NotFound(f"There is no request for a review of order {order_id}.")
    if is_new:
        return row
    if row.state not in AGAIN:
        raise _already(row)
    row.state, row.by, row.at, row.not_before, row.case = WANTED, by, now, now, case.number
    # Who had taken it for the one before must not settle this one.
    row.attempts, row.taken_at, row.ended_at, row.code = row.attempts + 1, None, None, ""
    return row


def _facts(row: SolicitationRow) -> dict[str, Any]:
    return {"store": row.store, "case": row.case, "request": row.id, "order": row.order_id}


def take(desk: Desk, store: str) -> Taken | None:
    """Take the store's request that has waited longest; None if there is none, or it ended here.

    While it is ours nothing has left: whoever dies with it has sent nothing.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        paused = automation.begin(tx)
        row = queries.next_wanted(tx, store, now)
        if row is None:
            return None
        case = tx.get_one(CaseRow, row.case)
        why = "manual_mode" if paused.has(store) else None if is_on(desk, store) else "off"
        if why is None and not access.is_manager(tx, desk, row.by, store):
            why = "no_manager"
        why = why or _obstacle(tx, desk, case)
        if why is not None:
            _end(tx, row, FAILED, now, why)
            return None
        row.attempts += 1
        row.taken_at, row.not_before = now, now + queries.LEASE * desk.clock.speed
        return Taken(row.id, row.attempts, row.store, row.order_id, row.marketplace)


def depart(desk: Desk, one: Taken) -> None:
    """The last look, just before the request leaves: it is `sending` from here on.

    Raises NotOurs when another has taken it, or manual mode is on: it stays here.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        paused = automation.begin(tx)
        row = _ours(tx, one, WANTED)
        may_leave = not paused.has(row.store)
        if may_leave:
            row.state, row.taken_at = SENDING, now
        else:
            _end(tx, row, FAILED, now, "manual_mode")
    if not may_leave:
        raise NotOurs(f"Request {one.id} for a review stays here: manual mode is on.")


def sent(desk: Desk, one: Taken) -> None:
    """Amazon asks the buyer."""
    _settle(desk, one, (SENDING, UNSURE), SENT)


def not_offered(desk: Desk, one: Taken) -> None:
    """Amazon does not offer it for the order now; nothing was sent."""
    _settle(desk, one, (WANTED,), NOT_OFFERED, "not_offered")


def refused(desk: Desk, one: Taken, code: str) -> None:
    """Amazon said no, to the question or to the request; nothing was sent."""
    _settle(desk, one, (WANTED, SENDING), REFUSED, code)


def unsure(desk: Desk, one: Taken) -> None:
    """Nobody knows whether the buyer was asked. It is never asked again."""
    _settle(desk, one, (SENDING,), UNSURE)


def again(desk: Desk, one: Taken, wait_s: float | None = None) -> None:
    """It did not get there, nothing was sent. It is tried again for a while, after `wait_s` if Amazon said so."""
    now = desk.now()
    with desk.database.writing() as tx:
        row = _ours(tx, one, WANTED, SENDING)
        # Of one that was wanted by a clock that has been set back since nobody knows how old it is.
        if not -AHEAD <= now - row.at < TOO_OLD * desk.clock.speed:
            _end(tx, row, FAILED, now, "unreachable")
            return
        pause = max(timedelta(seconds=wait_s or 0), sending_pause(row.attempts))
        row.state, row.not_before = WANTED, now + pause * desk.clock.speed


def locked_out(desk: Desk, one: Taken, code: str, why: Exception) -> bool:
    """Amazon does not let the store in; says whether that is news. Nothing was sent."""
    is_news = orders.lock_out(desk, one.store, code, why)
    _settle(desk, one, (WANTED, SENDING), FAILED, "locked_out")
    return is_news


def left_behind(desk: Desk) -> int:
    """What a dead process left in `sending` may have left: unsure. Returns how many."""
    now = desk.now()
    with desk.database.writing() as tx:
        rows = queries.left_behind(tx, now, queries.PATIENCE * desk.clock.speed)
        for row in rows:
            with apart(tx, "left_behind_failed", case=row.case):
                _end(tx, row, UNSURE, now)
        return len(rows)


def _settle(desk: Desk, one: Taken, states: tuple[str, ...], end: str, code: str = "") -> None:
    now = desk.now()
    with desk.database.writing() as tx:
        _end(tx, _ours(tx, one, *states), end, now, code)


def _end(tx: Session, row: SolicitationRow, state: str, now: datetime, code: str = "") -> None:
    row.state, row.ended_at, row.code = state, now, code[:60]
    who = row.by if state == SENT else ROBOT
    ledger.record(tx, now, who, f"solicitation_{state}", **_facts(row), code=row.code)
    tell(tx, f"solicitation:{row.id}:{state}:{row.by}", row.by, now)


def _ours(tx: Session, one: Taken, *states: str) -> SolicitationRow:
    """The row, locked. Raises NotOurs when it has ended, or was taken by another since."""
    row = queries.locked(tx, one.id)
    if row is None or row.attempts != one.attempts or row.state not in states:
        raise NotOurs(f"Request {one.id} for a review is not ours any more.")
    return row
