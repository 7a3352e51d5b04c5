"""Holds: keeping the personal data of a case and its order beyond the days, by a named owner, until a date."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.db.queries import holds as queries
from bot.db.queries import ledger, merging
from bot.db.tables import CaseRow
from bot.db.tables_records import HoldRow
from bot.db.trouble import apart
from bot.desk import ROBOT, Desk, access
from bot.desk.change import changed, show_card
from bot.domain.purge import CLAIM, REASONS, Hold, HoldLine
from bot.errors import NotFound, Stale, WrongInput


def hold(desk: Desk, number: int, reason: str, owner: str, until: datetime, *, by: str) -> int:
    """A manager keeps the data of a case and its order until a date; returns the hold's id.

    The same reason twice moves owner and date. Raises NotFound, NotAllowed, WrongInput.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        access.require_manager(tx, desk, by)
        case = access.case_for(tx, desk, by, merging.working(tx, number))
        access.require_manager(tx, desk, by, case.store)
        if reason not in REASONS:
            raise WrongInput("Choose a reason.", key="hold_reason")
        if not access.may_work(access.agent_of(tx, desk, owner), case.store):
            raise WrongInput("The owner has to be one of the team.", key="hold_owner", who=owner)
        days = desk.settings.records.longest_hold_days
        if not now < until <= now + timedelta(days=days):
            raise WrongInput("The date is not one to come, or too far away.", key="hold_until", days=days)
        return _put(tx, case, HoldRow(reason=reason, owner=owner, until=until, by=by, at=now))


def _put(tx: Session, case: CaseRow, wanted: HoldRow) -> int:
    row = queries.of_case(tx, case.number, wanted.reason) or wanted
    row.case, row.owner, row.until = case.number, wanted.owner, wanted.until
    tx.add(row)
    tx.flush()
    facts = {"hold": row.id, "reason": row.reason, "owner": row.owner, "until": row.until.isoformat()}
    changed(tx, case, wanted.at, wanted.by, "held", **facts)
    return row.id


def for_claim(tx: Session, desk: Desk, case: CaseRow, now: datetime) -> None:
    """An A-to-z claim was opened about the case: what is needed to answer it must not go meanwhile."""
    managers = access.people_of(tx, desk, case.store, managers=True)
    owner = case.assignee or next(iter(managers), ROBOT)
    until = now + timedelta(days=desk.settings.records.claim_hold_days)
    known = queries.of_case(tx, case.number, CLAIM)
    if known is not None:  # what a manager chose stands: another notice of the claim only makes it longer
        owner, until = known.owner, max(until, known.until)
    _put(tx, case, HoldRow(reason=CLAIM, owner=owner, until=until, by=ROBOT, at=now))


def for_earlier_claims(tx: Session, desk: Desk, threads: Sequence[CaseRow], now: datetime) -> None:
    """The same for claims of which Amazon told before there was a case about their order; each counts once."""
    since = now - timedelta(days=desk.settings.records.claim_hold_days)
    about = {(case.store or "", case.order_id): case.number for case in threads if case.order_id}
    for store in {store for store, _order in about}:
        orders = [str(order) for of_store, order in about if of_store == store]
        for mail, order in queries.claims_of_nobody(tx, store, orders, since):
            number = about[store, order]
            queries.is_about(tx, mail, number)
            for_claim(tx, desk, access.case_row(tx, number), now)


def end(desk: Desk, hold_id: int, *, by: str) -> int:
    """A manager ends a hold before its date; returns the case. Raises NotFound, NotAllowed, Stale."""
    now = desk.now()
    with desk.database.writing() as tx:
        access.require_manager(tx, desk, by)
        row = queries.locked(tx, hold_id)
        if row is None:
            raise NotFound(f"There is no hold {hold_id}.", key="no_such_hold")
        case = access.case_for(tx, desk, by, merging.working(tx, row.case))
        access.require_manager(tx, desk, by, case.store)
        if row.ended_at is not None:
            raise Stale(f"Hold {hold_id} has ended already.", key="hold_over", case=row.case)
        row.ended_at, row.ended_by = now, by
        changed(tx, case, now, by, "hold_ended", hold=row.id, reason=row.reason)
        return row.case


def end_due(desk: Desk) -> int:
    """Holds whose date has come end by themselves; returns how many."""
    now = desk.now()
    with desk.database.writing() as tx:
        rows = queries.over(tx, now)
        merging.lock_working(tx, *(row.case for row in rows))
        for row in rows:
            with apart(tx, "hold_failed", case=row.case):
                row.ended_at, row.ended_by = now, ROBOT
                case = access.case_row(tx, row.case)
                facts = {"hold": row.id, "reason": row.reason}
                ledger.record(tx, now, ROBOT, "hold_ended", store=case.store, case=case.number, **facts)
                show_card(tx, case, now)
        return len(rows)


def standing(desk: Desk, *, by: str) -> tuple[HoldLine, ...]:
    """Every hold of the stores of `by`, the one that ends first at the top. Raises NotAllowed."""
    with desk.database.reading() as tx:
        agent = access.require_agent(tx, desk, by)
        return lines(tx, None if agent.stores == "all" else agent.stores)


def lines(tx: Session, stores: Sequence[str] | None = None) -> tuple[HoldLine, ...]:
    """The same within a transaction; of all stores if none are given."""
    return tuple(HoldLine(one, store, order) for one, store, order in queries.standing(tx, stores))


def longest_of(tx: Session, family: Sequence[int], now: datetime) -> Hold | None:
    """Of the holds that keep the data of these cases, the one that lasts longest."""
    held = [one for one in queries.about(tx, family) if one.until > now]
    return max(held, key=lambda one: one.until, default=None)
