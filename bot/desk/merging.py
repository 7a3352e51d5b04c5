"""Merging cases of one buyer, splitting them again, splitting messages off. Rules: domain/merging.py.

A merged case keeps its messages, replies and notes; its deadlines are worked on in the case that stays
(`deadlines.case`), so that queue, pings and routing see one case. No deadline is changed by any of this.
Nothing moves while a reply is on its way, because what it answers must stay what its author saw.
"""

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.db.queries import cases as case_queries
from bot.db.queries import merging as queries
from bot.db.queries import outbox
from bot.db.tables import CaseRow, DeadlineRow, MailRow, MessageRow, PingRow
from bot.desk import Desk, access, messages, route
from bot.desk.change import changed, show_card
from bot.desk.facing import require_still
from bot.desk.merge_pages import side_of
from bot.domain import merging
from bot.domain.deadlines import OPEN
from bot.domain.merging import Piece
from bot.errors import Stale, WrongInput


def merge(desk: Desk, number: int, into: int, *, by: str) -> None:
    """From now on people work on case `number` in case `into`; all its messages wait there, none is answered by this.

    What the two had of their own stays with each, so that `separate` can give it back; only an offer and a
    snooze end. Raises NotFound, NotAllowed, WrongInput, Stale.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        one, stays = _both(tx, desk, number, into, by)
        key = merging.obstacle(side_of(one), side_of(stays))
        if key is not None:
            raise WrongInput(
                f"Case {number} can't be merged into case {into}.", key=key, case=number, into=into
            )
        family = queries.family(tx, number)
        require_still(tx, *family, *queries.family(tx, into))
        for deadline in case_queries.duties(tx, *family):
            deadline.case = into
        route.forget(tx, one, now, "passed")
        one.state, one.closed_at, one.merged_into, one.merged_by = "closed", now, into, by
        one.snoozed_until = stays.snoozed_until = one.composing = one.composing_at = None
        if stays.assignee is None and one.assignee is not None:
            route.give(tx, stays, one.assignee, now, by=by)
        changed(tx, one, now, by, "merged", into=into)
        changed(tx, stays, now, by, "took_in", other=number, addresses=_addresses(tx, into))
        _offer(tx, desk, stays)
        _tell(tx, desk, by, (one, "merged"), (stays, "took_in"))


def _both(tx: Session, desk: Desk, number: int, into: int, by: str) -> tuple[CaseRow, CaseRow]:
    """Both cases, locked in the order of their numbers: two people who merge them crosswise wait for each other."""
    for other in (number, into):
        access.case_to_read(tx, desk, by, other)  # a stale request ends before it locks anything
    found = {other: access.case_for(tx, desk, by, other) for other in sorted({number, into})}
    return found[number], found[into]


def _addresses(tx: Session, number: int) -> int:
    """At how many addresses a message waits."""
    found = queries.threads(tx, *queries.family(tx, number))
    return len({merging.same_address(found, one.number) for one in found if one.due_at is not None})


def separate(desk: Desk, number: int, *, by: str) -> int:
    """Undo a merge: case `number` is a case of its own again, with all that is its own; returns where it was.

    It is open if a message of its waits, or if the case that it was in is open. Raises NotFound, NotAllowed, Stale.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        one = access.any_case_for(tx, desk, by, number)
        if one.merged_into is None:
            raise Stale(f"Case {number} is not merged into another.", key="not_merged", case=number)
        stays = access.case_row(tx, one.merged_into)
        family = queries.family(tx, number)
        require_still(tx, *queries.family(tx, stays.number))
        duties = case_queries.duties(tx, *family)
        for deadline in duties:
            deadline.case = number
        waits = any(deadline.state == OPEN for deadline in duties)
        is_open = waits or stays.state == "open"
        one.state, one.closed_at = ("open", None) if is_open else ("closed", stays.closed_at)
        one.merged_into = one.merged_by = None
        changed(tx, one, now, by, "separated", other=stays.number)
        changed(tx, stays, now, by, "gave_back", other=number)
        _offer(tx, desk, one)
        _offer(tx, desk, stays)
        _tell(tx, desk, by, (one, "separated"), (stays, "gave_back"))
        return stays.number


def split(desk: Desk, number: int, chosen: Sequence[int], *, by: str) -> int:
    """Make a new case of some messages of case `number`; returns its number.

    It has the same buyer, order and address, the same assignee, and the clocks of its messages as they are. The
    replies and notes stay. Later messages join whichever of the two was worked on last.
    Raises NotFound, NotAllowed, WrongInput, Stale (somebody moved one of them, or a reply is on its way).
    """
    now = desk.now()
    with desk.database.writing() as tx:
        case = access.case_for(tx, desk, by, number)
        family = queries.family(tx, number)
        rows = [row for row in case_queries.messages(tx, *family) if row.id in chosen]
        _require_splittable(tx, number, family, chosen)
        require_still(tx, *family)
        thread = tx.get_one(CaseRow, rows[0].case)
        new = _new_case(thread, case)
        new.opened_at = new.acted_at = now
        tx.add(new)
        tx.flush()
        _move(tx, rows, new.number)
        messages.guess(tx, desk, new)
        messages.guess(tx, desk, thread)
        changed(tx, case, now, by, "split", other=new.number, messages=sorted(chosen))
        changed(tx, new, now, by, "split_off", other=number, messages=sorted(chosen))
        _offer(tx, desk, new)
        _tell(tx, desk, by, (new, "split_off"), (case, "split"))
        return new.number


def _require_splittable(tx: Session, number: int, family: Sequence[int], chosen: Sequence[int]) -> None:
    open_ones = {one.message for one in case_queries.duties(tx, *family) if one.state == OPEN}
    pieces = [Piece(row.id, row.case, row.id in open_ones) for row in case_queries.messages(tx, *family)]
    key = merging.split_obstacle(pieces, set(chosen))
    if key == "split_gone":
        raise Stale(f"A message is not in case {number} any more.", key=key, case=number)
    if key is not None:
        raise WrongInput(f"These messages can't be split off case {number}.", key=key, case=number)


def _new_case(thread: CaseRow, case: CaseRow) -> CaseRow:
    """A case like the one that its messages came to, in the hands that `case` is in."""
    return CaseRow(
        kind="buyer",
        store=thread.store,
        marketplace=thread.marketplace,
        channel=case.channel,
        amazon_case_id=thread.amazon_case_id,
        order_id=thread.order_id,
        asin=thread.asin,
        buyer_base=thread.buyer_base,
        buyer_alias=thread.buyer_alias,
        buyer_name=thread.buyer_name,
        subject=thread.subject,
        lang=thread.lang,
        assignee=case.assignee,
        assigned_at=case.assigned_at,
        assigned_by=case.assigned_by,
        kept=case.kept,
        split_from=thread.number,
        version=0,
    )


def _move(tx: Session, rows: Sequence[MessageRow], to: int) -> None:
    """Messages go to another case with all that hangs on them."""
    ids = [row.id for row in rows]
    tx.execute(update(DeadlineRow).where(DeadlineRow.message.in_(ids)).values(case=to))
    tx.execute(update(PingRow).where(PingRow.message.in_(ids)).values(case=to))
    tx.execute(update(MailRow).where(MailRow.id.in_([row.mail for row in rows])).values(case=to))
    for row in rows:
        row.case = to
    tx.flush()


def _offer(tx: Session, desk: Desk, case: CaseRow) -> None:
    """Who is asked to take it is decided anew, if nobody has it."""
    due = case_queries.earliest_open(tx, [case.number]).get(case.number)
    if case.state == "open" and case.assignee is None and due is not None:
        route.route_new(tx, desk, [(case, due)], desk.now())


def _tell(tx: Session, desk: Desk, by: str, one: tuple[CaseRow, str], other: tuple[CaseRow, str]) -> None:
    """A post under each of the two cards, (case, what happened to it), and both cards anew."""
    now = desk.now()
    for (here, what), (there, _what) in ((one, other), (other, one)):
        key = f"{what}:{here.number}:{there.number}:{by}:{here.version}"
        outbox.put(tx, key, here.channel, now, urgency=outbox.URGENT + 2)
        show_card(tx, here, now)
