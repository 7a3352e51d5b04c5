"""Looking at shift changes: what a handover, a brief, a forecast and a warning say now."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.queries import rota as rota_queries
from bot.db.tables import NoteRow
from bot.db.tables_shifts import HandoverRow
from bot.desk import Desk, read
from bot.desk.handover import held, on_any
from bot.desk.shift_pages import name_of
from bot.desk.shifts import Staff, staff_at
from bot.domain.shift_snapshots import Brief, Handover, Unstaffed
from bot.domain.snapshots import QueueLine
from bot.errors import NotFound

_AFTER = timedelta(hours=1)
"""What falls due in the first hour of the next shift should be answered before it."""
_LISTED = 10
_LOOK_BACK = timedelta(days=2)
_AWAY = timedelta(days=5)
"""A weekend with a holiday beside it: what was noted before is news to who comes back."""
_LONG_AGO, _NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


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
        due = _before(queue, _limits(view, stores, until or now))
        notes = _notes(tx, row)
        held_now = {case.number for case, _due in held(tx, view, row)}
        comes = None if on else _following(view, stores, now)[1]
        kept = tuple(line for line in queue if line.number in held_now)
        people = {*leaving, *on, *(one for one, _text in notes), *_assignees((*due, *kept))}
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
            due_in_shift=len(due) - _overdue(due, now),
            overdue=_overdue(due, now),
            due=due,
            held=kept,
            notes=notes,
            accepted_by=row.accepted_by,
            accepted_at=row.accepted_at,
            as_of=now,
            names={person: name_of(view, person) for person in people},
            remarks=_remarks(tx, [line.number for line in due[:_LISTED]]),
            held_choice=row.held_choice,
            held_chosen_by=row.held_by,
        )


def _row(tx: Session, number: int) -> HandoverRow:
    row = tx.get(HandoverRow, number)
    if row is None:
        raise NotFound(f"There is no shift change {number}.", key="no_such_handover")
    return row


def _notes(tx: Session, row: HandoverRow) -> tuple[tuple[str, str], ...]:
    """Its notes; before them what those who leave with it wrote on the post that their shift began with."""
    earlier = [
        one
        for one in rota_queries.handovers_since(tx, row.at - _LOOK_BACK, lock=False)
        if one.channel == row.channel and one.at < row.at
    ]
    leaving = rota_queries.listed(row.leaving)
    before = rota_queries.handover_notes(tx, earlier[-1].id) if earlier else ()
    left = [one for one in before if one.person in leaving]
    return tuple((one.person, one.text) for one in (*left, *rota_queries.handover_notes(tx, row.id)))


def _assignees(lines: Sequence[QueueLine]) -> set[str]:
    return {one.assignee for one in lines if one.assignee}


def _limits(view: Staff, stores: Sequence[str], end: datetime) -> dict[str, datetime]:
    """By store: what is due before this can't wait for the next shift, when the one that runs ends at `end`.

    Nobody is on then: it reaches to when somebody comes, for what falls due in a gap is lost in it.
    """
    return {
        store: end if view.on(store, end) else _next_after(view, store, end) or _NEVER for store in stores
    }


def _before(queue: Sequence[QueueLine], limits: dict[str, datetime]) -> tuple[QueueLine, ...]:
    """What is overdue, or due before the limit of its store."""
    return tuple(
        line
        for line in queue
        if line.due_at is not None and line.due_at < limits.get(line.store or "", _LONG_AGO)
    )


def _overdue(queue: Sequence[QueueLine], now: datetime) -> int:
    return sum(line.due_at is not None and line.due_at < now for line in queue)


def _names(desk: Desk, stores: Sequence[str]) -> tuple[str, ...]:
    return tuple(desk.settings.stores[one].name for one in stores if one in desk.settings.stores)


def _remarks(tx: Session, numbers: Sequence[int]) -> dict[int, str]:
    """The newest note of each case that has one."""
    rows = tx.execute(
        select(NoteRow.case, NoteRow.text).where(NoteRow.case.in_(numbers)).order_by(NoteRow.id)
    )
    return {case: text for case, text in rows}  # noqa: C416 - a row is no pair to mypy


def unstaffed(desk: Desk, number: int) -> Unstaffed | None:
    """What falls due before anybody is on who could answer it; None if nothing does."""
    now = desk.now()
    with desk.database.reading() as tx:
        row = _row(tx, number)
        view = staff_at(tx, desk, now)
    queue = read.queue(desk, stores=rota_queries.listed(row.stores))
    due = [line for line in queue if line.store and line.due_at and view.is_fatal(line.store, line.due_at)]
    if not due:
        return None
    stores = tuple(dict.fromkeys(line.store for line in due if line.store))
    first, comes = _following(view, stores, now)
    return Unstaffed(_names(desk, stores), tuple(due), first, comes, now)


def _following(view: Staff, stores: Sequence[str], end: datetime) -> tuple[tuple[str, ...], datetime | None]:
    """Who is on at `end`, or else who comes on next, and from when."""
    if there := on_any(view, stores, end):
        return there, end
    at = min((found for store in stores if (found := _next_after(view, store, end))), default=None)
    return (on_any(view, stores, at), at) if at is not None else ((), None)


def brief(desk: Desk, person: str, start: datetime) -> Brief | None:
    """What somebody should know whose shift began at `start`; None if it is over, or the rota changed."""
    now = desk.now()
    with desk.database.reading() as tx:
        view = staff_at(tx, desk, now)
        stint = view.stint_of(person)
        if stint is None or stint.start.replace(microsecond=0) != start:
            return None
        stores = _stores_of(view, person)
        notes = _notes_since(tx, view, stores, _last_end(tx, view, person))
    mine = read.queue(desk, assignee=person)
    due = _before(read.queue(desk, stores=stores), _limits(view, stores, stint.end))
    following, next_at = _following(view, stores, stint.end)
    return Brief(
        person=person,
        start=stint.start,
        end=stint.end,
        store_names=_names(desk, stores),
        with_me=tuple(one for one in on_any(view, stores, now) if one != person),
        mine=tuple(mine),
        due=tuple(line for line in due if line.assignee != person),
        next_on=following,
        next_at=next_at,
        as_of=now,
        notes=notes,
    )


def _stores_of(view: Staff, person: str) -> tuple[str, ...]:
    return tuple(store for store in view.desk.settings.stores if view.is_on(person, store))


def _last_end(tx: Session, view: Staff, person: str) -> datetime:
    """When somebody was on shift last, before the shift that runs; _AWAY ago if that is longer ago."""
    earlier = staff_at(tx, view.desk, view.now - _AWAY, _AWAY)
    stints = earlier.table.stints_of(view.key_of[person], None) if earlier.table else []
    return max((one.end for one in stints if one.end <= view.now), default=view.now - _AWAY)


def _notes_since(
    tx: Session, view: Staff, stores: Sequence[str], since: datetime
) -> tuple[tuple[str, str], ...]:
    """What was noted at shift changes of these stores since an instant, oldest first: what somebody missed."""
    rows = rota_queries.handovers_since(tx, since - _LOOK_BACK, lock=False)
    found = [
        note
        for row in rows
        if set(stores) & set(rota_queries.listed(row.stores))
        for note in rota_queries.handover_notes(tx, row.id)
        if note.at >= since
    ]
    found.sort(key=lambda one: (one.at, one.id))
    return tuple((name_of(view, one.person), one.text) for one in found)


def forecast(desk: Desk, person: str, end: datetime) -> Brief | None:
    """What somebody should answer before their shift ends at `end`; None if there is nothing.

    If others stay on, that is what this person has claimed and would miss; if nobody does, everything
    that falls due before the next shift has had an hour.
    """
    now = desk.now()
    with desk.database.reading() as tx:
        view = staff_at(tx, desk, now)
    stint = view.stint_of(person)
    if stint is None or stint.end.replace(microsecond=0) != end:
        return None
    stores = _stores_of(view, person)
    alone = {store: _next_after(view, store, end) for store in stores if not view.on(store, end)}
    back = view.back_at(person, None)
    due = [
        line
        for line in read.queue(desk, stores=stores)
        if line.due_at is not None and line.due_at < _limit(line, person, alone, back)
    ]
    if not due:
        return None
    following, next_at = _following(view, stores, stint.end)
    return Brief(
        person=person,
        start=stint.start,
        end=stint.end,
        store_names=_names(desk, stores),
        with_me=tuple(one for one in on_any(view, stores, now) if one != person),
        mine=tuple(line for line in due if line.assignee == person),
        due=tuple(line for line in due if line.assignee != person),
        next_on=following,
        next_at=next_at,
        as_of=now,
    )


def _limit(
    line: QueueLine, person: str, alone: dict[str, datetime | None], back: datetime | None
) -> datetime:
    """Before when a case must be due to be worth a word at the end of the shift.

    `alone`: the stores at which nobody is on then, and when somebody comes.
    """
    store = line.store or ""
    if store not in alone and line.assignee != person:
        return _LONG_AGO
    comes = alone.get(store, back)
    return comes + _AFTER if comes is not None else _NEVER


def _next_after(view: Staff, store: str, end: datetime) -> datetime | None:
    if view.table is None:
        return None
    found = view.table.next_on(store, end - timedelta(microseconds=1))
    return found.start if found else None
