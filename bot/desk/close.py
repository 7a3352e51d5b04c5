"""Ends without a reply: no response needed, reopening; and notes."""

from bot.db.queries import cases as case_queries
from bot.db.queries import merging, outbox
from bot.db.tables import CaseRow
from bot.desk import Desk, access, route
from bot.desk.change import changed
from bot.domain.deadlines import EXCUSED, OPEN, excused_by, waiting_mark
from bot.errors import Stale, WrongInput


def no_response_needed(
    desk: Desk, number: int, reason: str = "", *, by: str, seen: str | None = None
) -> None:
    """`by` says that no answer is owed: open deadlines are excused and the case closes.

    `seen` is the mark of the messages that waited when they looked (domain/deadlines.py): what came since has been
    read by nobody. Amazon counts the message until the same is marked in Seller Central; the card says so.
    Raises NotFound, NotAllowed, Stale.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        case = access.case_for(tx, desk, by, number)
        waiting = [one for one in case_queries.deadlines(tx, number) if one.state == OPEN]
        if waiting and seen not in (None, waiting_mark(one.message for one in waiting)):
            raise Stale(
                f"Case {number} was not closed: what waits in it has changed since you looked.",
                key="waiting_changed",
                case=number,
            )
        case.state, case.closed_at, case.snoozed_until = "closed", case.closed_at or now, None
        for deadline in waiting:
            deadline.state, deadline.closed_by = EXCUSED, excused_by(by, case.closed_at)
        if case.assignee is None:
            route.give(tx, case, by, now, by=by)
        if reason.strip():
            case_queries.add_note(tx, number, by, reason.strip(), now)
        changed(tx, case, now, by, "no_response_needed")


def reopen(desk: Desk, number: int, *, by: str) -> None:
    """Open a closed case again. Deadlines that this closing excused run again, with their old anchor.

    What was excused before stays so: a "Thanks!" of last month must not become overdue because a later question is
    looked at once more.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        case = access.case_for(tx, desk, by, number)
        if case.state == "open":
            return
        for deadline in case_queries.deadlines(tx, number):
            if deadline.state == EXCUSED and _was_in_closing(deadline.closed_by or "", case):
                deadline.state, deadline.closed_by = OPEN, None
        case.state, case.closed_at = "open", None
        changed(tx, case, now, by, "reopened")


def _was_in_closing(closed_by: str, case: CaseRow) -> bool:
    """Whether the closing that is undone excused it. Marks of versions before this one do not say which it was."""
    who = closed_by.removeprefix("person:").partition(":")[0]
    marks = (f"person:{who}", excused_by(who, case.closed_at) if case.closed_at else closed_by)
    return closed_by.startswith("person:") and closed_by in marks


def note(desk: Desk, number: int, text: str, *, by: str, post_ts: str | None = None) -> None:
    """Keep an internal note. `post_ts` is the thread post it was typed as, if it was. Never goes to a buyer.

    Of a merged case it is a note to the one that people work on.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        case = access.case_for(tx, desk, by, merging.working(tx, number))
        if not text.strip():
            raise WrongInput("A note needs some text.", key="empty_note")
        if post_ts is not None and case_queries.has_note(tx, case.number, post_ts):
            return  # Slack tells of a post again if it did not see us hear of it, maybe to another process
        note_id = case_queries.add_note(tx, case.number, by, text.strip(), now, post_ts)
        changed(tx, case, now, by, "noted", note=note_id)
        if post_ts is None:
            outbox.put(tx, f"note:{note_id}", case.channel, now)
