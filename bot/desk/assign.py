"""Whose case it is: claim, release, assign, snooze, escalate."""

from datetime import datetime

from bot.db.queries import cases as case_queries
from bot.db.queries import outbox
from bot.desk import Desk, access, route
from bot.desk.change import changed, tell
from bot.desk.shifts import staff_at
from bot.domain.pings import asked_mark
from bot.errors import NotFound, Stale, WrongInput


def claim(desk: Desk, number: int, *, by: str) -> None:
    """`by` takes the case. Of many simultaneous claims one wins; the others get Stale, which names the winner.

    Claiming one's own case again changes nothing. Raises NotFound, NotAllowed, Stale.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        case = access.case_for(tx, desk, by, number)
        if case.assignee == by:
            return
        if case.assignee is not None:
            raise Stale(
                f"Case {number} already has an assignee: {case.assignee}.",
                key="claimed_already",
                case=number,
                who=case.assignee,
                at=case.assigned_at,
            )
        route.give(tx, case, by, now, by=by)
        changed(tx, case, now, by, "claimed")


def claim_next(desk: Desk, *, by: str) -> int:
    """`by` takes the most urgent unclaimed case of their stores; returns its number. Raises NotFound.

    Not one that was put aside: nobody is to be asked about it yet, and who says next does not see which one it is.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        agent = access.require_agent(tx, desk, by)
        for number in case_queries.unclaimed_by_urgency(tx):
            case = case_queries.locked(tx, number)
            if case is None or case.assignee is not None or route.is_put_aside(case, now):
                continue
            if not access.may_work(agent, case.store):
                continue
            route.give(tx, case, by, now, by=by)
            changed(tx, case, now, by, "claimed")
            return number
    raise NotFound("No case waits for somebody to claim it.", key="nothing_to_claim")


def release(desk: Desk, number: int, *, by: str) -> None:
    """The assignee (or a manager) gives the case back to the queue. Raises NotAllowed."""
    now = desk.now()
    with desk.database.writing() as tx:
        case = access.case_for(tx, desk, by, number)
        if case.assignee is None:
            return
        if case.assignee != by:
            access.require_manager(tx, desk, by, case.store)
        before = case.assignee
        route.free(tx, case, now, declined=True)
        changed(tx, case, now, by, "released", before=before)
        if before != by:
            tell(tx, f"taken:{number}:{case.version}", before, now, urgency=outbox.NORMAL)


def assign(desk: Desk, number: int, to: str, *, by: str) -> None:
    """`by` gives the case to `to`, who is told. Raises NotAllowed, WrongInput if `to` can't work on it."""
    now = desk.now()
    with desk.database.writing() as tx:
        case = access.case_for(tx, desk, by, number)
        if not access.may_work(access.agent_of(tx, desk, to), case.store):
            raise WrongInput(
                f"{to} can't take case {number}: not an agent of its store.",
                key="not_an_agent_of_store",
                case=number,
                who=to,
                others=access.people_of(tx, desk, case.store),
            )
        if case.assignee == to:
            return
        before = case.assignee
        route.give(tx, case, to, now, by=by)
        changed(tx, case, now, by, "assigned", to=to, before=before)
        if to != by:
            tell(tx, f"assigned:{number}:{case.version}", to, now)
        if before not in (None, by, to):
            tell(tx, f"taken:{number}:{case.version}", str(before), now, urgency=outbox.NORMAL)


def snooze(desk: Desk, number: int, until: datetime, *, by: str) -> None:
    """Put the case aside until an instant; its clock runs on, and its pings still come. Raises WrongInput."""
    now = desk.now()
    with desk.database.writing() as tx:
        case = access.case_for(tx, desk, by, number)
        if until <= now:
            raise WrongInput("The time to come back to it lies in the past.", key="snooze_in_past")
        case.snoozed_until = until
        changed(tx, case, now, by, "snoozed", until=until.isoformat())
        outbox.put(tx, f"recard:{number}:{case.version}", case.channel, now, not_before=until)
        route.wake(tx, case, case.assignee or by, now)


def is_to_be_reminded(desk: Desk, number: int, person: str) -> bool:
    """Whether `person` hears that the time of a case has come that was put aside: who has it, or did if nobody has.

    At night only if they keep it; else it is offered to who is on, or waits for their shift.
    """
    with desk.database.reading() as tx:
        case = access.case_row(tx, number)
        if case.assignee is not None and (case.assignee != person or case.kept):
            return case.assignee == person
        return staff_at(tx, desk, desk.now()).may_be_called(person, case.store)


def escalate(desk: Desk, number: int, reason: str, *, by: str, seen: str | None = None) -> None:
    """Ask the managers of the store to look at the case; each is told, nobody for their own action.

    `seen` says when they were asked last, as far as `by` knew (domain/pings.py): who has nothing to add to what a
    colleague asked since calls nobody a second time. Raises NotFound, NotAllowed, Stale.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        case = access.case_for(tx, desk, by, number)
        if not reason.strip() and seen not in (None, asked_mark(case.escalated_at)):
            raise Stale(
                f"The managers were asked about case {number} already.",
                key="escalated_already",
                case=number,
                at=case.escalated_at,
            )
        case.escalated_at = now
        changed(tx, case, now, by, "escalated")
        if reason.strip():
            case_queries.add_note(tx, number, by, reason.strip(), now)
        outbox.put(
            tx,
            f"escalated:{number}:{asked_mark(now)}",
            desk.settings.slack.escalation_channel,
            now,
            urgency=outbox.URGENT,
        )
        for manager in access.people_of(tx, desk, case.store, managers=True):
            if manager != by:
                tell(tx, f"escalated:{number}:{asked_mark(now)}:{manager}", manager, now)
