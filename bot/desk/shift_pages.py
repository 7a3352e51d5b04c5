"""Looking at shifts, without changing anything: who is on, what comes, one person's shifts, a case's."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.db.tables import CaseRow
from bot.desk import Desk, automation
from bot.desk.shifts import FAR, Staff, staff_at
from bot.desk.standings import peak_now
from bot.domain.shift_snapshots import Change, MyShifts, OncallPage, OnNow, ShiftLine, StoreShifts
from bot.domain.snapshots import CaseShifts

WEEK = timedelta(days=7)
_JUST = timedelta(microseconds=1)


def zone_of(view: Staff, person: str) -> str:
    """The zone in which somebody's shifts are shown: the one of the settings; Slack's for who is in a group alone."""
    member = view.team.get(view.key_of.get(person, ""))
    return member.agent.zone if member else "UTC"


def name_of(view: Staff, person: str) -> str:
    """The same for the name, for people who are to be named and not called."""
    member = view.team.get(view.key_of.get(person, ""))
    return member.agent.name if member else person


def oncall(desk: Desk, store: str | None, zone: str) -> OncallPage:
    """Who is on for one store or for all, the changes and the shifts of the next seven days."""
    now = desk.now()
    with desk.database.reading() as tx:
        view = staff_at(tx, desk, now, WEEK + timedelta(days=2))
        manual = automation.shown(tx, desk, store)
    stores = [one for one in desk.settings.stores if store in (None, one)]
    return OncallPage(
        as_of=now,
        stores=tuple(_store(view, one) for one in stores),
        week=tuple(shift_lines(view, now, now + WEEK, stores)),
        has_rota=view.table is not None,
        zone=zone,
        manual=manual,
    )


def _store(view: Staff, store: str) -> StoreShifts:
    if view.table is None:
        on = tuple(OnNow(one, zone_of(view, one), None) for one in view.on(store))
    else:
        on = tuple(
            OnNow(view.person_of[one.agent], zone_of(view, view.person_of[one.agent]), one.end)
            for one in view.stints_on(store)
        )
    changes = tuple(changes_of_people(view, store, view.now, view.now + WEEK))
    name, peak = view.desk.settings.stores[store].name, peak_now(view.desk, store, view.now)
    return StoreShifts(store, name, on, changes, peak)


def changes_of_people(view: Staff, store: str, start: datetime, end: datetime) -> list[Change]:
    """Each change of people at the store in (start, end]."""
    if view.table is None:
        return []
    found = []
    for at in view.table.changes(store, start + _JUST, end + _JUST):
        before, after = view.on(store, at - _JUST), view.on(store, at)
        leaving = tuple(one for one in before if one not in after)
        arriving = tuple(one for one in after if one not in before)
        if leaving or arriving:
            found.append(Change(at, leaving, arriving, after))
    return found


def shift_lines(
    view: Staff, start: datetime, end: datetime, stores: Sequence[str], person: str | None = None
) -> list[ShiftLine]:
    """The shifts that touch [start, end) at these stores, one line each; of one person if told."""
    if view.table is None:
        return []
    settings = view.desk.settings
    lines = []
    for shift in view.table.shifts:
        who = view.person_of.get(shift.agent)
        if who is None or person not in (None, who) or shift.end <= start or shift.start >= end:
            continue
        agent = view.table.agent(shift.agent, shift.start)
        served = [one for one in settings.stores if (shift.stores is None or one in shift.stores)]
        served = [one for one in served if agent is not None and agent.works_for(one)]
        if not set(served) & set(stores):
            continue
        names = (
            () if len(served) == len(settings.stores) else tuple(settings.stores[one].name for one in served)
        )
        lines.append(ShiftLine(who, zone_of(view, who), shift.start, shift.end, shift.source, names))
    return lines


def my_shifts(desk: Desk, person: str) -> MyShifts | None:
    """One person's shifts, for their home page; None without a rota."""
    now = desk.now()
    with desk.database.reading() as tx:
        view = staff_at(tx, desk, now, FAR)
    if view.table is None:
        return None
    stores = list(desk.settings.stores)
    mine = view.stint_of(person)
    served = _served(view, person)
    following = [
        one for one in view.table.stints(None) if one.start > now and one.agent != view.key_of.get(person)
    ]
    following = [one for one in following if served & _served(view, view.person_of.get(one.agent, ""))]
    next_at = following[0].start if following else None
    return MyShifts(
        zone=zone_of(view, person),
        until=mine.end if mine else None,
        with_me=tuple(one for one in view.on(None) if one != person and served & _served(view, one)),
        back_at=None if mine else view.back_at(person, None),
        next_on=view.persons(one.agent for one in following if one.start == next_at),
        next_at=next_at,
        week=tuple(shift_lines(view, now, now + WEEK, stores, person)),
    )


def _served(view: Staff, person: str) -> set[str]:
    agent = view.table.rota.agent(view.key_of.get(person, "")) if view.table else None
    return {one for one in view.desk.settings.stores if agent is not None and agent.works_for(one)}


def unstaffed(view: Staff, store: str | None) -> tuple[tuple[str, datetime | None], ...]:
    """(name, until when) of the stores that nobody is on for now; until None: nobody is planned."""
    if view.table is None:
        return ()
    found = []
    for key, settings in view.desk.settings.stores.items():
        if store in (None, key) and not view.on(key):
            following = view.table.next_on(key, view.now)
            found.append((settings.name, following.start if following else None))
    return tuple(found)


def off_shift(view: Staff) -> frozenset[str] | None:
    """Everybody who is off shift now; None without a rota."""
    if view.table is None:
        return None
    return frozenset(view.key_of) - set(view.on(None))


def case_shifts(tx: Session, desk: Desk, case: CaseRow, due: datetime | None) -> CaseShifts | None:
    """What the rota says about a case now; None without a rota, or if no answer is owed."""
    if desk.settings.rota is None or due is None:
        return None
    view = staff_at(tx, desk, desk.now())
    if view.table is None:
        return None
    on = view.on(case.store)
    following = None if on else view.table.next_on(case.store, view.now)
    back = view.back_at(case.assignee, case.store) if case.assignee else None
    return CaseShifts(
        on=bool(on),
        staffed_left=view.staffed_left(case.store, due) if due > view.now else timedelta(0),
        shifts_left=view.table.shifts_left(case.store, view.now, due),
        offered_to=case.offered_to,
        offered_until=_offered_until(view, case),
        reason=(case.offer_reason, _facts(case.offer_facts)) if case.offer_reason else None,
        last_resort=case.offered_to is not None and case.offered_to not in on,
        next_at=following.start if following else None,
        planned=_planned(view, case),
        assignee_off=bool(case.assignee) and not view.may_be_called(str(case.assignee), case.store),
        assignee_back_at=back if back is not None and back < due else None,
    )


def _offered_until(view: Staff, case: CaseRow) -> datetime | None:
    """Until when the offer stands: not beyond the shift of whom it was made to; None for a last resort."""
    if case.offered_to is None or case.offered_at is None or not view.is_on(case.offered_to, case.store):
        return None
    lapses = case.offered_at + timedelta(minutes=view.desk.settings.shifts.claim_minutes)
    own = (one for one in view.stints_on(case.store) if view.person_of[one.agent] == case.offered_to)
    return min([lapses, *(one.end for one in own)])


def _planned(view: Staff, case: CaseRow) -> tuple[str, datetime] | None:
    if case.planned_for is None or case.planned_at is None:
        return None
    return name_of(view, case.planned_for), case.planned_at


def _facts(stored: dict[str, Any] | None) -> Mapping[str, object]:
    """Facts as they were before they became JSON."""
    return {
        name: datetime.fromisoformat(value) if name in ("at", "until", "finish") and value else value
        for name, value in (stored or {}).items()
    }
