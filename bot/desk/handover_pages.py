"""Looking at shift changes: what a handover, a brief, a forecast and a warning say now."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.queries import rota as rota_queries
from bot.db.tables import NoteRow
from bot.db.tables_shifts import HandoverRow
from bot.desk import Desk, read
from bot.desk.handover import held, next_on, on_any
from bot.desk.shift_pages import name_of
from bot.desk.shifts import Staff, staff_at
from bot.domain.shift_snapshots import Brief, Handover, Unstaffed
from bot.domain.snapshots import QueueLine
from bot.errors import NotFound

_AFTER = timedelta(hours=1)
"""What falls due in the first hour of the next shift should be answered before it."""
_LISTED = 10


def handover(desk: Desk, number: int) -> Handover:
    """A shift change as it stands now. Raises NotFound."""
    now = desk.now()
    with desk.database.reading() as tx:
        row = _row(tx, number)
        view = staff_at(tx, desk, now)
        stores, leaving = rota_queries.listed(row.stores), rota_queries.listed(row.leaving)
        on = on_any(view, stores, now)
        until = max((one.end for store in stores for one in view.stints_on(store)), default=None)
        queue = [line for line in read.queue(desk, stores=stores) if line.store in stores]
        shown = tuple(queue[:_LISTED])
        notes = _notes(tx, number)
        held_now = {case.number for case, _due in held(tx, view, row)}
        comes = None if on else next_on(view, stores)
        kept = tuple(line for line in queue if line.number in held_now)
        people = {*leaving, *on, *(one for one, _text in notes), *_assignees((*shown, *kept))}
        return Handover(
            id=row.id,
            at=row.at,
            store_names=_names(desk, stores),
            leaving=leaving,
            on=on,
            next_at=comes,
            until=until,
            open_cases=len(queue),
            unclaimed=sum(line.assignee is None for line in queue),
            due_in_shift=sum(_is_due(line, now, until or comes) for line in queue),
            overdue=sum(line.due_at is not None and line.due_at < now for line in queue),
            due=shown,
            held=kept,
            notes=notes,
            accepted_by=row.accepted_by,
            accepted_at=row.accepted_at,
            as_of=now,
            names={person: name_of(view, person) for person in people},
            remarks=_remarks(tx, [line.number for line in shown]),
            held_choice=row.held_choice,
            held_chosen_by=row.held_by,
        )


def _row(tx: Session, number: int) -> HandoverRow:
    row = tx.get(HandoverRow, number)
    if row is None:
        raise NotFound(f"There is no shift change {number}.", key="no_such_handover")
    return row


def _notes(tx: Session, number: int) -> tuple[tuple[str, str], ...]:
    return tuple((one.person, one.text) for one in rota_queries.handover_notes(tx, number))


def _assignees(lines: Sequence[QueueLine]) -> set[str]:
    return {one.assignee for one in lines if one.assignee}


def _is_due(line: QueueLine, now: datetime, until: datetime | None) -> bool:
    return until is not None and line.due_at is not None and now <= line.due_at < until


def _names(desk: Desk, stores: Sequence[str]) -> tuple[str, ...]:
    return tuple(desk.settings.stores[one].name for one in stores if one in desk.settings.stores)


def _remarks(tx: Session, numbers: Sequence[int]) -> dict[int, str]:
    """The newest note of each case that has one."""
    rows = tx.execute(
        select(NoteRow.case, NoteRow.text).where(NoteRow.case.in_(numbers)).order_by(NoteRow.id)
    )
    return {case: text for case, text in rows}  # noqa: C416 - a row is no pair to mypy


def unstaffed(desk: Desk, number: int) -> Unstaffed | None:
    """What falls due before anybody comes on; None if somebody is on by now, or nothing does."""
    now = desk.now()
    with desk.database.reading() as tx:
        row = _row(tx, number)
        view = staff_at(tx, desk, now)
    stores = rota_queries.listed(row.stores)
    comes = next_on(view, stores)
    due = [
        line
        for line in read.queue(desk, stores=stores, due_before=comes)
        if line.store in stores and line.due_at is not None and line.due_at >= now
    ]
    if on_any(view, stores, now) or not due:
        return None
    first = _first_on(view, stores, comes)
    return Unstaffed(_names(desk, stores), tuple(due), first, comes, now)


def _first_on(view: Staff, stores: Sequence[str], at: datetime | None) -> tuple[str, ...]:
    return on_any(view, stores, at) if at is not None else ()


def brief(desk: Desk, person: str, start: datetime) -> Brief | None:
    """What somebody should know whose shift began at `start`; None if it is over, or the rota changed."""
    now = desk.now()
    with desk.database.reading() as tx:
        view = staff_at(tx, desk, now)
        stint = next((one for one in view.stints_on(None) if view.person_of[one.agent] == person), None)
        if stint is None or stint.start != start:
            return None
        stores = _stores_of(view, person)
        notes = _notes_since(tx, view, stores, start)
    mine = read.queue(desk, assignee=person)
    due = [line for line in read.queue(desk, stores=stores) if _is_due(line, now, stint.end)]
    later = [one for one in view.table.stints(None) if one.start > now] if view.table else []
    return Brief(
        person=person,
        start=stint.start,
        end=stint.end,
        store_names=_names(desk, stores),
        with_me=tuple(one for one in on_any(view, stores, now) if one != person),
        mine=tuple(mine),
        due=tuple(line for line in due if line.assignee != person),
        next_on=view.persons(one.agent for one in later if one.start == later[0].start),
        next_at=later[0].start if later else None,
        as_of=now,
        notes=notes,
    )


def _stores_of(view: Staff, person: str) -> tuple[str, ...]:
    return tuple(store for store in view.desk.settings.stores if view.is_on(person, store))


def _notes_since(
    tx: Session, view: Staff, stores: Sequence[str], start: datetime
) -> tuple[tuple[str, str], ...]:
    """Notes of the shift changes at these stores around the beginning of a shift."""
    found = []
    for row in rota_queries.handovers_since(tx, start - _AFTER, lock=False):
        if set(stores) & set(rota_queries.listed(row.stores)):
            found += [
                (name_of(view, one.person), one.text) for one in rota_queries.handover_notes(tx, row.id)
            ]
    return tuple(found)


def forecast(desk: Desk, person: str, end: datetime) -> Brief | None:
    """What somebody should answer before their shift ends at `end`; None if there is nothing.

    If others stay on, that is what this person has claimed and would miss; if nobody does, everything
    that falls due before the next shift has had an hour.
    """
    now = desk.now()
    with desk.database.reading() as tx:
        view = staff_at(tx, desk, now)
    stint = next((one for one in view.stints_on(None) if view.person_of[one.agent] == person), None)
    if stint is None or stint.end != end:
        return None
    stores = _stores_of(view, person)
    alone = [store for store in stores if not view.on(store, end)]
    comes = {store: _next_after(view, store, end) for store in stores}
    back = view.back_at(person, None)
    due = []
    for line in read.queue(desk, stores=stores):
        limit = _limit(line, person, alone, comes, back)
        if line.due_at is not None and now <= line.due_at < limit:
            due.append(line)
    if not due:
        return None
    next_at = min((at for at in comes.values() if at is not None), default=None)
    return Brief(
        person=person,
        start=stint.start,
        end=end,
        store_names=_names(desk, stores),
        with_me=tuple(one for one in on_any(view, stores, now) if one != person),
        mine=tuple(line for line in due if line.assignee == person),
        due=tuple(line for line in due if line.assignee != person),
        next_on=_first_on(view, stores, next_at),
        next_at=next_at,
        as_of=now,
    )


def _limit(
    line: QueueLine,
    person: str,
    alone: Sequence[str],
    comes: dict[str, datetime | None],
    back: datetime | None,
) -> datetime:
    """Before when a case must be due to be worth a word at the end of the shift."""
    far, past = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)
    if line.store in alone:
        at = comes.get(line.store or "")
        return at + _AFTER if at is not None else far
    if line.assignee == person:
        return back + _AFTER if back is not None else far
    return past


def _next_after(view: Staff, store: str, end: datetime) -> datetime | None:
    if view.table is None:
        return None
    found = view.table.next_on(store, end - timedelta(microseconds=1))
    return found.start if found else None
