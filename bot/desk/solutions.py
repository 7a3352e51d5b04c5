"""Solutions for buyers: asking, granting, agreeing; and RMA numbers. Looking at them: desk/solution_pages.py.

Nobody agrees to their own wish. Each decision holds the store's counter row until it is stored, so that two
cases of one order, or two people at once, can't both stay below a limit that they break together.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from bot.db.queries import merging, outbox
from bot.db.queries import solutions as queries
from bot.db.tables import CaseRow
from bot.db.tables_solutions import CompensationRow, RmaRow
from bot.desk import Desk, access
from bot.desk.change import changed
from bot.desk.facing import facing
from bot.desk.shifts import staff_at
from bot.domain import solutions
from bot.domain.marketplaces import MARKETPLACES
from bot.domain.money import Money, of_minor, typed_money
from bot.domain.solutions import Judged, Limits, Solution
from bot.errors import NotAllowed, NotFound, Stale, WrongInput

LONGEST_NOTE = 300


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody entered: one of KINDS (or a return), order value and amount as they typed them."""

    kind: str
    value: str = ""
    amount: str = ""
    reason: str = "other"
    note: str = field(default="", repr=False)


def currency_of(desk: Desk, case: CaseRow) -> str:
    """The currency of a case's order. Raises WrongInput if its store is not known."""
    store = desk.settings.stores.get(case.store or "")
    if case.kind != "buyer" or store is None:
        raise WrongInput(
            f"Case {case.number} belongs to no store of ours.", key="solution_no_store", case=case.number
        )
    return MARKETPLACES[case.marketplace or store.marketplaces[0]].currency


def limits_of(tx: Session, desk: Desk, person: str, store: str | None, currency: str) -> Limits:
    """What `person` may decide alone in the store. Raises NotAllowed for who is no agent."""
    role = access.role_for(access.require_agent(tx, desk, person), store)
    return desk.settings.solutions.limits(role, currency)


def judged(tx: Session, desk: Desk, case: CaseRow, wish: Wish, by: str) -> Judged:
    """What `wish` would be, and who would have to agree. Raises NotAllowed, WrongInput."""
    currency, store = currency_of(desk, case), str(case.store)
    rows = queries.that_may_count(tx, case)
    seen = max((row.id for row in rows), default=0)
    rma = queries.rma_of(tx, case.number, case.order_id)
    if wish.kind == solutions.RETURN:
        return Judged(None, seen=seen, rma=rma)
    wanted = _read(wish, currency)
    why = solutions.needs(
        wanted,
        [solution_of(row) for row in rows if row.state in solutions.COUNTED],
        [of_minor(row.value_minor, row.currency) for row in rows],
        limits_of(tx, desk, by, case.store, currency),
    )
    approvers = _approvers(tx, desk, store, by) if why else ()
    if why and not approvers:
        raise WrongInput(
            "A second person has to agree to this, and the store has no other manager.", key="solution_nobody"
        )
    return Judged(wanted, why, approvers, seen, rma)


def _read(wish: Wish, currency: str) -> Solution:
    if wish.kind not in solutions.KINDS:
        raise WrongInput("Choose what the buyer gets.", key="solution_unchosen")
    value = _money(wish.value, currency, "value")
    amount = _money(wish.amount, currency, "amount") if wish.kind == solutions.PARTIAL else None
    return solutions.made(wish.kind, value, amount)


def _money(text: str, currency: str, part: str) -> Money:
    """What was typed, none if nothing was; a mistake says in which `part` of the form it is."""
    if not text.strip():
        return Money(Decimal(0), currency)
    try:
        return typed_money(text, currency)
    except WrongInput as why:
        raise WrongInput(str(why), key=why.key, **(why.facts | {"part": part})) from why


def _approvers(tx: Session, desk: Desk, store: str | None, asker: str) -> tuple[str, ...]:
    """Who may agree: the managers of the store, but not who asks."""
    managers = access.people_of(tx, desk, store, managers=True)
    return tuple(one for one in managers if one != asker)


def solution_of(row: CompensationRow) -> Solution:
    """What a stored row gives."""
    amount = None if row.amount_minor is None else of_minor(row.amount_minor, row.currency)
    return Solution(row.kind, of_minor(row.value_minor, row.currency), amount)


def grant(desk: Desk, number: int, wish: Wish, *, by: str, seen: int) -> tuple[int, str]:
    """Give the buyer what `wish` says, or ask for it; returns (id, state): granted, or asked.

    `seen` is the newest solution that the person had before them. Raises NotAllowed, NotFound, WrongInput,
    Stale if there is a newer one: then other limits may hold than they were shown.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        case = access.case_for(tx, desk, by, number)
        currency_of(desk, case)
        queries.lock_store(tx, str(case.store))
        found = judged(tx, desk, case, wish, by)
        if found.seen != seen:
            raise Stale(
                "Something was decided for this order meanwhile.", key="solution_changed", case=number
            )
        if found.solution is None:
            raise WrongInput("Choose what the buyer gets.", key="solution_unchosen")
        row = _row(case, found, found.solution, wish, by, now)
        tx.add(row)
        tx.flush()
        changed(tx, case, now, by, f"solution_{row.state}", **_facts(row), needs=sorted(row.needs))
        _show(tx, desk, case, row, now)
        return row.id, row.state


def _row(
    case: CaseRow, found: Judged, wanted: Solution, wish: Wish, by: str, now: datetime
) -> CompensationRow:
    return CompensationRow(
        case=case.number,
        store=str(case.store),
        order_id=case.order_id,
        kind=wanted.kind,
        state="asked" if found.needs else "granted",
        currency=wanted.value.currency,
        value_minor=wanted.value.minor,
        amount_minor=wanted.amount.minor if wanted.amount else None,
        reason=wish.reason if wish.reason in solutions.REASONS else "other",
        note=wish.note.strip()[:LONGEST_NOTE],
        needs={one.key: [one.found, one.most] for one in found.needs},
        by=by,
        at=now,
    )


def _facts(row: CompensationRow) -> dict[str, object]:
    """What the ledger remembers: numbers and words of ours, nothing that anybody wrote."""
    given = solution_of(row)
    return {
        "solution": row.id,
        "kind": row.kind,
        "amount": str(given.amount) if given.amount else None,
        "order_value": str(given.value),
        "reason": row.reason,
        "asked_by": row.by,
    }


def approve(desk: Desk, solution: int, *, by: str) -> None:
    """A second person agrees. Raises NotFound, NotAllowed, Stale."""
    _decide(desk, solution, "approved", by)


def refuse(desk: Desk, solution: int, *, by: str) -> None:
    """A second person says no. Raises NotFound, NotAllowed, Stale."""
    _decide(desk, solution, "refused", by)


def _decide(desk: Desk, solution: int, state: str, by: str) -> None:
    with desk.database.writing() as tx:
        case, row = _locked(tx, desk, solution, by)
        access.require_manager(tx, desk, by, row.store)
        if row.by == by:
            raise NotAllowed(
                "You asked for this yourself; somebody else has to decide.",
                key="solution_own",
                who=_approvers(tx, desk, row.store, by),
            )
        if (row.state, row.decided_by) == (state, by):
            return
        if row.state != "asked":
            raise _over(row)
        _end(tx, desk, case, row, state, by)


def withdraw(desk: Desk, solution: int, *, by: str) -> None:
    """Take back what was asked for, or undo what was given: then it no longer counts for the limits.

    A question is taken back by who asked, or by a manager; what was given is undone by another manager than
    the one who asked for it, because giving, undoing and giving again must not reach beyond a limit.
    Raises NotFound, NotAllowed, Stale.
    """
    with desk.database.writing() as tx:
        case, row = _locked(tx, desk, solution, by)
        if row.state in ("refused", "withdrawn"):
            raise _over(row)
        is_own = row.by == by
        if row.state != "asked" and is_own:
            raise NotAllowed(
                "What was given can only be undone by another manager.",
                key="solution_own",
                who=_approvers(tx, desk, row.store, by),
            )
        if not is_own:
            access.require_manager(tx, desk, by, row.store)
        _end(tx, desk, case, row, "withdrawn", by)


def _locked(tx: Session, desk: Desk, solution: int, by: str) -> tuple[CaseRow, CompensationRow]:
    """The case first, then its solution: everybody locks in this order."""
    found = tx.get(CompensationRow, solution)
    if found is None:
        access.require_agent(tx, desk, by)
        raise NotFound(f"There is no solution {solution}.", key="no_such_solution")
    case = access.case_for(tx, desk, by, merging.working(tx, found.case))
    return case, queries.locked(tx, solution) or found


def _over(row: CompensationRow) -> Stale:
    return Stale(
        f"The solution {row.id} is {row.state} already.",
        key=f"solution_{row.state}_already",
        who=row.decided_by or row.by,
    )


def _end(tx: Session, desk: Desk, case: CaseRow, row: CompensationRow, state: str, by: str) -> None:
    now = desk.now()
    row.state, row.decided_by, row.decided_at = state, by, now
    changed(tx, case, now, by, f"solution_{state}", **_facts(row))
    _show(tx, desk, case, row, now)
    if by != row.by:
        at = staff_at(tx, desk, now).hears_at(row.by)
        outbox.put(tx, f"solution_told:{row.id}:{state}", row.by, now, urgency=outbox.URGENT, not_before=at)


def _show(tx: Session, desk: Desk, case: CaseRow, row: CompensationRow, now: datetime) -> None:
    """Let every post about it show how it stands. A manager who is off is asked when their shift begins."""
    outbox.put(tx, f"solution:{row.id}", case.channel, now)
    view = staff_at(tx, desk, now)
    for manager in _approvers(tx, desk, row.store, row.by):
        key = f"solution_asked:{row.id}:{manager}"
        if row.state == "asked":
            outbox.put(tx, key, manager, now, urgency=outbox.URGENT, not_before=view.hears_at(manager))
        elif outbox.post_of(tx, key) is not None:
            outbox.put(tx, key, manager, now)


def rma_for(desk: Desk, number: int, *, by: str, to: int | None = None) -> str:
    """The RMA number of the case and its order; a new one if there is none. Raises NotFound, NotAllowed, WrongInput.

    `to` is the conversation whose order it is for, where several were merged into the case.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        worked_on = access.case_for(tx, desk, by, number)
        case = facing(tx, worked_on, to).to if to is not None else worked_on
        found = queries.rma_of(tx, case.number, case.order_id)
        if found is not None:
            return found
        currency_of(desk, case)
        store = str(case.store)
        code = desk.settings.solutions.rma_code(store)
        serial = queries.next_serial(tx, store, code)
        rma = solutions.rma_number(code, serial)
        tx.add(
            RmaRow(
                store=store,
                serial=serial,
                number=rma,
                case=case.number,
                order_id=case.order_id or "",
                made_by=by,
                made_at=now,
            )
        )
        changed(tx, worked_on, now, by, "rma_given", rma=rma)
        return rma
