"""Who came to the team and who left it: what leavers hold goes back, and the managers hear of it.

Rights are worked out anew at every action (desk/access.py), so a leaver can do nothing from the moment that
Slack has told us. This file carries out what follows: their cases are offered to others, replies of theirs
that have not left are called back, their shifts no longer count (desk/shifts.py: rota_of).
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from bot.db.queries import cases as case_queries
from bot.db.queries import ledger, merging, outbox
from bot.db.queries import rota as rota_queries
from bot.db.tables import CaseRow, PersonRow, ReplyRow
from bot.db.tables_access import UserGroupRow
from bot.desk import ROBOT, Desk, access, rota_history, route
from bot.desk.change import changed
from bot.desk.reply import back_to_draft, show_questions
from bot.desk.shifts import AHEAD, BACK, Staff, staff_at
from bot.domain.deadlines import OPEN
from bot.domain.timetable import timetable

_NOT_LEFT = ("held", "queued")


@dataclass(frozen=True, slots=True)
class Seen:
    """A user group as Slack describes it now; a group that is switched off has no members."""

    group: str
    members: tuple[str, ...]


Known = Mapping[str, Sequence[str]]
"""Who is in each group, by handle."""


def groups_known(desk: Desk) -> Known:
    """Who was in the groups when we last looked: what `groups_seen` wants to hear before Slack is asked."""
    with desk.database.reading() as tx:
        return {handle: row.members for handle, row in access.user_groups(tx, desk).items()}


def groups_seen(desk: Desk, found: Mapping[str, Seen], before: Known) -> None:
    """Remember who is in the groups that the settings name, by handle; a group that is gone grants nothing.

    A group that is no longer as it was `before` Slack was asked stays as it is: an event was faster than the
    answer. The group of the whole team (slack.team_group) is never forgotten: its loss would lock all out.
    """
    with desk.database.writing() as tx:
        for handle in named(desk):
            row, seen = tx.get(UserGroupRow, handle, with_for_update=True), found.get(handle)
            if (row and row.members) != before.get(handle):
                continue
            if seen is not None:
                row = row or UserGroupRow(handle=handle)
                row.group, row.members, row.seen_at = seen.group, sorted(seen.members), desk.now()
                tx.add(row)
            elif row is not None and handle != desk.settings.slack.team_group:
                row.members = []
    look(desk)


def named(desk: Desk) -> list[str]:
    """Handles (or ids) of all groups that the settings name."""
    gate = desk.settings.slack.team_group
    return list(dict.fromkeys([*desk.settings.groups, *([gate] if gate else [])]))


def group_changed(desk: Desk, group: str, came: Collection[str], left: Collection[str]) -> None:
    """Slack says that people came to a group, or left it; of groups that mean nothing to us it says so too."""
    with desk.database.writing() as tx:
        for row in tx.scalars(select(UserGroupRow).where(UserGroupRow.group == group)):
            row.members = sorted({*row.members, *came} - {*left})
            row.seen_at = desk.now()
    look(desk)


def group_emptied(desk: Desk, group: str) -> None:
    """A group was switched off: it grants nothing any more. That of the whole team stays as it was last seen."""
    with desk.database.writing() as tx:
        for row in tx.scalars(select(UserGroupRow).where(UserGroupRow.group == group)):
            if row.handle != desk.settings.slack.team_group:
                row.members = []
    look(desk)


def look(desk: Desk) -> int:
    """Notice who gained and who lost rights, take back what leavers hold; returns how many lost theirs.

    Safe to run twice: what was noticed is remembered (people.has_access).
    """
    now = desk.now()
    with desk.database.writing() as tx:
        team = access.team(tx, desk)
        here = {one.person for one in team.values()}
        rows = tx.scalars(
            select(PersonRow).where(or_(PersonRow.has_access, PersonRow.person.in_(here)))
        ).all()
        left = {row.person for row in rows if row.has_access and row.person not in here}
        _lock(tx, desk)
        for row in rows:
            if row.has_access != (row.person in here):
                row.has_access = row.person in here
                what = "access_gained" if row.has_access else "access_lost"
                ledger.record(tx, now, ROBOT, what, person=row.person)
        view = staff_at(tx, desk, now)
        counts = _take_back(tx, desk, view)
        # Who left before anybody had looked at them may hold something all the same.
        for person in sorted(left | (counts.keys() - here)):
            _tell_managers(tx, view, person, counts.get(person, 0))
    return len(left)


def _lock(tx: Session, desk: Desk) -> None:
    """All cases that may change, before the first record: whoever holds the ledger's lock must not wait for a case."""
    held = [_held_by(*pair) for pair in _without_rights(tx, desk, _holders(tx))]
    answered = [_answered_by(*pair) for pair in _without_rights(tx, desk, _authors(tx))]
    theirs = [query.with_only_columns(CaseRow.number) for query in held] + answered
    merging.lock_working(tx, *(number for query in theirs for number in tx.scalars(query)))


def _take_back(tx: Session, desk: Desk, view: Staff) -> dict[str, int]:
    """Free what people without rights hold; returns how many cases and replies each of them had."""
    counts: Counter[str] = Counter()
    for person, store in _without_rights(tx, desk, _authors(tx)):
        for reply, case in _leaving(tx, person, store):
            counts[person] += 1
            call_back(tx, reply, case, view.now)
    kept = None
    for person, store in _without_rights(tx, desk, _holders(tx)):
        kept = kept or route.books(tx, desk, view.now, view)
        for case in _held(tx, person, store):
            counts[person] += case.assignee == person
            _free(tx, kept, case, person, view.now)
    return counts


def _without_rights(
    tx: Session, desk: Desk, pairs: Collection[tuple[str, str | None]]
) -> list[tuple[str, str | None]]:
    agents = {person: access.agent_of(tx, desk, person) for person, _store in pairs}
    return sorted(
        ((person, store) for person, store in pairs if not access.may_work(agents[person], store)),
        key=lambda pair: (pair[0], pair[1] or ""),
    )


def _holders(tx: Session) -> set[tuple[str, str | None]]:
    """(person, store) of all open cases that somebody has, was offered, or is to get."""
    return {
        (row.person, row.store)
        for held in (CaseRow.assignee, CaseRow.offered_to, CaseRow.planned_for)
        for row in tx.execute(
            select(held.label("person"), CaseRow.store)
            .where(CaseRow.state == "open", held.is_not(None))
            .distinct()
        )
    }


def _held(tx: Session, person: str, store: str | None) -> Sequence[CaseRow]:
    return tx.scalars(_held_by(person, store).order_by(CaseRow.number).with_for_update()).all()


def _held_by(person: str, store: str | None) -> Select[CaseRow]:
    theirs = or_(CaseRow.assignee == person, CaseRow.offered_to == person, CaseRow.planned_for == person)
    return select(CaseRow).where(CaseRow.state == "open", CaseRow.store.is_not_distinct_from(store), theirs)


def _answered_by(author: str, store: str | None) -> Select[int]:
    """The cases of their replies that have not left yet."""
    query = select(ReplyRow.case).join(CaseRow, CaseRow.number == ReplyRow.case)
    return query.where(
        ReplyRow.state.in_(_NOT_LEFT), ReplyRow.author == author, CaseRow.store.is_not_distinct_from(store)
    )


def _authors(tx: Session) -> set[tuple[str, str | None]]:
    """(author, store) of all replies that have not left yet."""
    query = select(ReplyRow.author, CaseRow.store).join(CaseRow, CaseRow.number == ReplyRow.case)
    rows = tx.execute(query.where(ReplyRow.state.in_(_NOT_LEFT)).distinct())
    return {(row.author, row.store) for row in rows}


def _leaving(tx: Session, author: str, store: str | None) -> list[tuple[ReplyRow, CaseRow]]:
    query = (
        select(ReplyRow)
        .join(CaseRow, CaseRow.number == ReplyRow.case)
        .where(ReplyRow.state.in_(_NOT_LEFT), ReplyRow.author == author)
        .where(CaseRow.store.is_not_distinct_from(store))
    )
    rows = tx.scalars(query.order_by(ReplyRow.id).with_for_update(of=ReplyRow)).all()
    return [(row, tx.get_one(CaseRow, merging.working(tx, row.case))) for row in rows]


def call_back(tx: Session, reply: ReplyRow, case: CaseRow, now: datetime) -> None:
    """A reply whose author may not send it any more does not leave; its words stay in the thread and as a draft."""
    reply.state, reply.ended_at = "withdrawn", now
    back_to_draft(tx, reply, now)
    changed(tx, case, now, ROBOT, "reply_withdrawn", reply=reply.id, why="author_left")
    show_questions(tx, case, now)
    outbox.put(tx, f"reply:{reply.id}", case.channel, now, urgency=outbox.URGENT)


def _free(tx: Session, kept: route.Books, case: CaseRow, who: str, now: datetime) -> None:
    """The case goes back to the queue, and is offered to somebody who is here."""
    if case.assignee == who:
        route.free(tx, case, now, declined=False)
    route.end_offer(tx, case, "passed", now)
    case.planned_for, case.planned_at = None, None
    if case.composing == who:
        case.composing = case.composing_at = None
    kept.moved(who, None)
    changed(tx, case, now, ROBOT, "returned", before=who, why="left")
    due = min(
        (one.due_at for one in case_queries.deadlines(tx, case.number) if one.state == OPEN), default=None
    )
    if due is not None:
        route.offer_now(tx, kept, case, due)


def _tell_managers(tx: Session, view: Staff, person: str, held: int) -> None:
    """Each manager once: who left, how much went back to the queue, how many of their shifts are open now."""
    row, listed = tx.get(PersonRow, person), view.desk.settings.agents.items()
    agent = row.agent if row else next((key for key, one in listed if one.slack == person), None)
    now, shifts = view.now, _shifts_of(tx, view, agent)
    for manager in access.people_of(tx, view.desk, None, managers=True):
        key = f"left:{person}:{held}:{shifts}:{int(now.timestamp())}:{manager}"
        outbox.put(tx, key, manager, now, urgency=outbox.URGENT, not_before=view.hears_at(manager))


def _shifts_of(tx: Session, view: Staff, agent: str | None) -> int:
    """How many stints the rota still has for somebody who left, in the days that we look ahead."""
    rota, now = rota_history.rota_of(tx, view.desk.settings), view.now
    if rota is None or agent is None:
        return 0
    changes = tuple(rota_queries.overrides(tx, now - 2 * BACK, now + AHEAD + BACK))
    table = timetable(rota, now - BACK, now + AHEAD, changes)
    return sum(one.end > now for one in table.stints_of(agent, None))
