"""Shift changes: passing open cases on, with somebody who says "I've got it"; briefs and forecasts.

A change of people at an instant is one handover per channel. It is found by asking the rota what
changed since the last look, so nothing is forgotten at a restart and nothing is said twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.engine import insert_once
from bot.db.queries import cases as case_queries
from bot.db.queries import ledger, outbox, switches
from bot.db.queries import rota as rota_queries
from bot.db.tables import CaseRow
from bot.db.tables_shifts import HandoverNoteRow, HandoverRow
from bot.desk import Desk, access, route
from bot.desk.change import changed
from bot.desk.shifts import Staff, staff_at
from bot.errors import NotAllowed, NotFound, Stale, WrongInput

SEEN = "shifts_seen"
_OLDEST = timedelta(hours=2)
"""After an outage, changes longer ago than this are history."""
_NAGGED = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Move:
    """Who leaves, and who is on from `at` on, at the stores of one channel. Persons are Slack user ids."""

    channel: str
    stores: tuple[str, ...]
    at: datetime
    leaving: tuple[str, ...]
    on: tuple[str, ...]
    resumes: bool
    """Nobody was on before."""


def channel_of(desk: Desk, store: str) -> str:
    """Where shift changes of a store are told."""
    return desk.settings.shifts.handover_channel or desk.settings.stores[store].channel


def moves(view: Staff, start: datetime, end: datetime) -> list[Move]:
    """The changes of people in (start, end], by channel and time."""
    if view.table is None:
        return []
    by_channel: dict[str, list[str]] = {}
    for store in view.desk.settings.stores:
        by_channel.setdefault(channel_of(view.desk, store), []).append(store)
    found = [
        _move(view, channel, tuple(stores), at)
        for channel, stores in by_channel.items()
        for at in _moments(view, stores, start, end)
    ]
    return [one for one in found if one.leaving or one.resumes]


def _moments(view: Staff, stores: Sequence[str], start: datetime, end: datetime) -> list[datetime]:
    just_after = timedelta(microseconds=1)
    table = view.table
    if table is None:
        return []
    every = {at for store in stores for at in table.changes(store, start + just_after, end + just_after)}
    return sorted(every)


def _move(view: Staff, channel: str, stores: tuple[str, ...], at: datetime) -> Move:
    before = on_any(view, stores, at - timedelta(microseconds=1))
    after = on_any(view, stores, at)
    return Move(
        channel=channel,
        stores=stores,
        at=at,
        leaving=tuple(one for one in before if one not in after),
        on=after,
        resumes=not before and bool(after),
    )


def on_any(view: Staff, stores: Sequence[str], at: datetime) -> tuple[str, ...]:
    """Who is on at `at` at one of the stores, each once."""
    return tuple(dict.fromkeys(one for store in stores for one in view.on(store, at)))


def shift_changes(desk: Desk) -> int:
    """Post each shift change since the last look, brief who comes on, remind who leaves soon; returns how many."""
    if desk.settings.rota is None:
        return 0
    now = desk.now()
    with desk.database.writing() as tx:
        view = staff_at(tx, desk, now)
        seen = switches.get(tx, SEEN)
        since = max(datetime.fromisoformat(seen), now - _OLDEST) if seen else now - timedelta(minutes=1)
        count = sum(_begin(tx, view, move) for move in _newest(moves(view, since, now)))
        count += _brief(tx, view, since)
        switches.put(tx, SEEN, now.astimezone(UTC).isoformat())
        _chase(tx, view)
    return count


def _newest(found: list[Move]) -> list[Move]:
    """After an outage only the last change of each channel is worth a post; it says who left meanwhile."""
    newest: dict[str, Move] = {}
    for one in found:
        before = newest.get(one.channel)
        left = dict.fromkeys((*(before.leaving if before else ()), *one.leaving))
        newest[one.channel] = replace(one, leaving=tuple(person for person in left if person not in one.on))
    return list(newest.values())


def _begin(tx: Session, view: Staff, move: Move) -> int:
    first = insert_once(
        tx,
        HandoverRow,
        channel=move.channel,
        at=move.at,
        stores=",".join(move.stores),
        leaving=",".join(move.leaving),
    )
    if not first:
        return 0
    row = tx.scalars(
        select(HandoverRow).where(HandoverRow.channel == move.channel, HandoverRow.at == move.at)
    ).one()
    ledger.record(
        tx,
        view.now,
        "reply24",
        "shift_changed",
        handover=row.id,
        leaving=list(move.leaving),
        on=list(move.on),
    )
    outbox.put(tx, f"handover:{row.id}", move.channel, view.now, urgency=outbox.URGENT + 1)
    if _has_fatal(tx, view, move.stores):
        for manager in access.managers_of_any(tx, view.desk, move.stores):
            outbox.put(tx, f"unstaffed:{row.id}:{manager}", manager, view.now, urgency=outbox.URGENT)
    return 1


def _has_fatal(tx: Session, view: Staff, stores: Sequence[str]) -> bool:
    """Whether a case of these stores falls due before anybody is on who could answer it."""
    return any(
        view.is_fatal(store, due) for store in stores for due in case_queries.open_of(tx, [store]).values()
    )


def _brief(tx: Session, view: Staff, since: datetime) -> int:
    """Who begins gets a brief; who ends within the hour a forecast."""
    ahead = timedelta(minutes=view.desk.settings.shifts.forecast_minutes)
    count = 0
    for stint in view.table.stints(None) if view.table else ():
        person = view.person_of.get(stint.agent)
        if person is None:
            continue
        keys = [f"brief:{person}:{int(stint.start.timestamp())}"] if since < stint.start <= view.now else []
        if since < stint.end - ahead <= view.now and stint.start < view.now < stint.end:
            keys.append(f"forecast:{person}:{int(stint.end.timestamp())}")
        for key in keys:
            outbox.put(tx, key, person, view.now, urgency=outbox.URGENT + 1)
        count += len(keys)
    return count


def _chase(tx: Session, view: Staff) -> None:
    """Nobody said "I've got it": a direct message to who is on, then one to the managers."""
    wait = timedelta(minutes=view.desk.settings.shifts.accept_minutes)
    for row in _unaccepted(tx, view):
        stores = rota_queries.listed(row.stores)
        on = on_any(view, stores, view.now)
        if not on or not case_queries.open_of(tx, stores):
            continue
        if row.reminded_at is None and row.at + wait <= view.now:
            row.reminded_at = view.now
            _tell_each(tx, f"handover_reminder:{row.id}", on, view.now)
        elif row.reminded_at is not None and row.escalated_at is None and row.reminded_at + wait <= view.now:
            row.escalated_at = view.now
            managers = access.managers_of_any(tx, view.desk, stores)
            called = [one for one in managers if view.may_be_called(one, None)]
            _tell_each(tx, f"handover_late:{row.id}", called, view.now)


def _tell_each(tx: Session, key: str, people: Sequence[str], now: datetime) -> None:
    for person in people:
        outbox.put(tx, f"{key}:{person}", person, now, urgency=outbox.URGENT)


def _unaccepted(tx: Session, view: Staff) -> Iterator[HandoverRow]:
    """The newest handover of each channel, if nobody has accepted it."""
    newest: dict[str, HandoverRow] = {}
    for row in rota_queries.handovers_since(tx, view.now - _NAGGED):
        newest[row.channel] = row
    yield from (row for row in newest.values() if row.accepted_at is None)


def accept(desk: Desk, number: int, *, by: str) -> None:
    """`by`, who is on shift, takes over. Raises NotFound, NotAllowed, Stale if somebody else has."""
    now = desk.now()
    with desk.database.writing() as tx:
        row = _handover_for(tx, desk, number, by, now)
        if row.accepted_by == by:
            return
        if row.accepted_by is not None:
            raise Stale(
                f"{row.accepted_by} has taken this shift over already.",
                key="handover_accepted_already",
                who=row.accepted_by,
                at=row.accepted_at,
            )
        row.accepted_by, row.accepted_at = by, now
        ledger.record(tx, now, by, "handover_accepted", handover=number)
        outbox.put(tx, f"handover:{number}", row.channel, now)


def _handover_for(
    tx: Session, desk: Desk, number: int, by: str, now: datetime, *, may_leave: bool = False
) -> HandoverRow:
    """The handover, locked, for somebody who is on shift now, a manager, or (`may_leave`) one who left with it."""
    access.require_agent(tx, desk, by)
    row = rota_queries.handover_locked(tx, number)
    if row is None:
        raise NotFound(f"There is no handover {number}.", key="no_such_handover")
    stores = rota_queries.listed(row.stores)
    on = on_any(staff_at(tx, desk, now), stores, now)
    leaves = may_leave and by in rota_queries.listed(row.leaving)
    managers = access.managers_of_any(tx, desk, stores)
    if by not in (*on, *managers) and not leaves:
        raise NotAllowed(
            "Only somebody who is on shift can do this.", key="only_on_shift", who=on or managers
        )
    return row


def add_note(desk: Desk, number: int, text: str, *, by: str) -> None:
    """Keep what the next shift should know. Raises NotFound, NotAllowed, WrongInput."""
    now = desk.now()
    with desk.database.writing() as tx:
        row = _handover_for(tx, desk, number, by, now, may_leave=True)
        if not text.strip():
            raise WrongInput("A note needs some text.", key="empty_note")
        tx.add(HandoverNoteRow(handover=number, person=by, text=text.strip()[:1000], at=now))
        ledger.record(tx, now, by, "handover_noted", handover=number)
        outbox.put(tx, f"handover:{number}", row.channel, now)


def hand_over_held(desk: Desk, number: int, *, by: str) -> int:
    """Put the cases of people who are off shift back into the queue; who is on is offered them. Returns how many.

    Only those of stores that `by` works for: one handover may be of several. Raises NotFound, NotAllowed.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        row = _handover_for(tx, desk, number, by, now, may_leave=True)
        kept = route.books(tx, desk, now)
        found = _held_to_decide(tx, kept.staff, row, "give", by)
        for case, due in found:
            before = case.assignee
            route.free(tx, case, now, declined=False)
            kept.moved(before, None)
            changed(tx, case, now, by, "handed_over", before=before)
            route.offer_now(tx, kept, case, due)
        outbox.put(tx, f"handover:{number}", row.channel, now)
        return len(found)


def keep_held(desk: Desk, number: int, *, by: str) -> int:
    """Let people who are off shift keep their cases until they are back, as above. Returns how many."""
    now = desk.now()
    with desk.database.writing() as tx:
        row = _handover_for(tx, desk, number, by, now, may_leave=True)
        found = _held_to_decide(tx, staff_at(tx, desk, now), row, "keep", by)
        for case, _due in found:
            case.kept = True
            changed(tx, case, now, by, "kept", assignee=case.assignee)
        outbox.put(tx, f"handover:{number}", row.channel, now)
        return len(found)


def _held_to_decide(
    tx: Session, view: Staff, row: HandoverRow, choice: str, by: str
) -> list[tuple[CaseRow, datetime]]:
    """What of `held` is for `by` to decide about; the choice is noted when that is all. Raises NotAllowed."""
    found = held(tx, view, row)
    agent = access.agent_of(tx, view.desk, by)
    theirs = [one for one in found if access.may_work(agent, one[0].store)]
    if found and not theirs:
        access.require_store(tx, view.desk, by, found[0][0].number, found[0][0].store)
    if len(theirs) == len(found):
        row.held_choice, row.held_by = choice, by
    return theirs


def held(tx: Session, view: Staff, row: HandoverRow) -> list[tuple[CaseRow, datetime]]:
    """Open cases, with their deadline, that people who left with this change still have, and nobody said to keep."""
    stores = rota_queries.listed(row.stores)
    off = [one for one in rota_queries.listed(row.leaving) if one not in on_any(view, stores, view.now)]
    cases = tx.scalars(
        select(CaseRow)
        .where(CaseRow.assignee.in_(off), CaseRow.store.in_(stores), CaseRow.state == "open", ~CaseRow.kept)
        .order_by(CaseRow.number)
        .with_for_update()
    ).all()
    due = case_queries.earliest_open(tx, [case.number for case in cases])
    found = [(case, due[case.number]) for case in cases if case.number in due]
    return sorted(found, key=lambda one: (one[1], one[0].number))
