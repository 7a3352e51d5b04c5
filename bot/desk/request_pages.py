"""Looking at requests: what one says, what a wish would do, and what there is to take. Nothing is changed."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from bot.db.queries import rota as rota_queries
from bot.db.tables_shifts import ShiftRequestRow
from bot.desk import Desk, access
from bot.desk.handover import channel_of
from bot.desk.requests import asks_manager, is_over, may_accept, reach, wish_of
from bot.desk.shift_pages import changes_of_people, zone_of
from bot.desk.shifts import Staff, staff_at, with_overrides
from bot.desk.wishes import (
    OPEN,
    Change,
    Wish,
    changes_of,
    checked,
    deciders,
    from_now,
    stores_of,
    take_fits,
    with_stores,
)
from bot.domain import rest
from bot.domain.coverage import Gap, Need, gaps
from bot.domain.rota import Override
from bot.domain.shift_snapshots import Change as PeopleChange
from bot.domain.shift_snapshots import Effect, ShiftRequest, Vacancy
from bot.domain.timetable import Span, Timetable
from bot.errors import NotFound, Reply24Error

FORTNIGHT = timedelta(days=14)
_SOON = timedelta(days=1)
_LONG, _PIECE = timedelta(hours=12), timedelta(hours=8)
_MINUTE = timedelta(minutes=1)
_NEW = 2**31
"""Ids of overrides that are only thought of: later than all that are stored."""


def request(desk: Desk, number: int) -> ShiftRequest:
    """A request as it stands now; while it can still happen, with what it would do. Raises NotFound."""
    now = desk.now()
    with desk.database.reading() as tx:
        row = _row(tx, number)
        wish = wish_of(row)
        view = staff_at(tx, desk, now, reach(wish, now))
        is_alive = row.state in OPEN and not is_over(row, now)
        changes = changes_of(view, from_now(wish, now), row.other) if is_alive else []
        return replace(
            _drawn(view, wish),
            id=row.id,
            state=row.state,
            decided_by=row.decided_by,
            needs_manager=row.needs_manager,
            effect=effect(view, changes) if is_alive else None,
        )


def _row(tx: Session, number: int) -> ShiftRequestRow:
    row = tx.get(ShiftRequestRow, number)
    if row is None:
        raise NotFound(f"There is no request {number}.", key="no_such_request")
    return row


def preview(desk: Desk, wish: Wish) -> ShiftRequest:
    """What a wish would do, checked; nothing is stored. Raises NotAllowed, WrongInput."""
    now = desk.now()
    with desk.database.reading() as tx:
        view = staff_at(tx, desk, now, reach(wish, now))
        wish = with_stores(view, checked(tx, desk, wish, view))
        changes = changes_of(view, wish)
        told = {one.person for one in changes}
        if wish.kind == "off":
            told |= {*deciders(tx, desk, wish)}
        return replace(
            _drawn(view, wish),
            needs_manager=asks_manager(tx, desk, wish),
            effect=effect(view, changes),
            told=tuple(sorted(told - {wish.by})),
        )


def preview_take(desk: Desk, number: int, *, by: str) -> ShiftRequest:
    """What it would do if `by` took the cover of a request. Raises NotFound, Stale, WrongInput."""
    now = desk.now()
    with desk.database.reading() as tx:
        row = _row(tx, number)
        access.require_agent(tx, desk, by)
        wish = from_now(wish_of(row), now)
        view = staff_at(tx, desk, now, reach(wish, now))
        may_accept(view, row, by)
        return replace(
            _drawn(view, replace(wish, kind="take", by=by)),
            id=number,
            instead_of=row.by,
            needs_manager=row.needs_manager,
            effect=effect(view, changes_of(view, wish, by)),
            told=(row.by,),
        )


def _drawn(view: Staff, wish: Wish) -> ShiftRequest:
    desk = view.desk
    stores = wish.stores
    if wish.kind in ("cover", "off") and not stores:
        stores = stores_of(view, wish.by, Span(wish.start, wish.end))
    every = len(stores) == len(desk.settings.stores)
    first = (stores or tuple(desk.settings.stores))[0]
    return ShiftRequest(
        id=0,
        kind=wish.kind,
        state="open",
        by=wish.by,
        by_zone=zone_of(view, wish.by),
        start=wish.start,
        end=wish.end,
        other=wish.other,
        other_zone=zone_of(view, wish.other) if wish.other else None,
        other_start=wish.other_start,
        other_end=wish.other_end,
        instead_of=wish.instead_of,
        stores=() if every else tuple((one, desk.settings.stores[one].name) for one in stores),
        note=wish.note,
        decided_by=None,
        needs_manager=False,
        effect=None,
        as_of=view.now,
        reason=wish.reason,
        asks_cover=wish.asks_cover,
        could=_could(view, wish, stores) if wish.kind == "cover" else (),
        channel=channel_of(desk, first) if wish.kind == "cover" or wish.asks_cover else None,
    )


def _could(view: Staff, wish: Wish, stores: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Who could take a cover: works for all of its stores, and is free then."""
    found = []
    for person in view.key_of:
        if person != wish.by and _fits(view, person, Span(wish.start, wish.end), stores):
            found.append((person, zone_of(view, person)))
    return tuple(found)


def _fits(view: Staff, person: str, span: Span, stores: Sequence[str]) -> bool:
    try:
        take_fits(view, person, span, stores)
    except Reply24Error:
        return False
    return True


def effect(view: Staff, changes: Iterable[Change]) -> Effect:
    """What changes do: the next changes of people as they would be, and the gaps that open or close."""
    changes = list(changes)
    if view.table is None or not changes:
        return Effect((), (), ())
    after = with_changes(view, changes)
    start = min(one.span.start for one in changes) - _SOON
    end = max(one.span.end for one in changes) + _SOON
    opened, closed = _gap_changes(view, after, max(start, view.now), end)
    people = [
        (settings.name, change)
        for store, settings in view.desk.settings.stores.items()
        for change in _next(view, after, store, start, end)
    ]
    return Effect(_together(sorted(people, key=lambda one: one[1].at)), _together(opened), _together(closed))


_Line = TypeVar("_Line", bound=tuple[Any, ...])


def _together(lines: Sequence[_Line]) -> tuple[_Line, ...]:
    """Lines (store name, ...) that say the same of several stores as one, with all their names."""
    names: dict[tuple[Any, ...], list[str]] = {}
    for store, *facts in lines:
        names.setdefault(tuple(facts), []).append(store)
    return tuple((", ".join(stores), *facts) for facts, stores in names.items())  # type: ignore[misc]  # as they came


def with_changes(view: Staff, changes: Sequence[Change]) -> Staff:
    """Who would work then."""
    overrides = [
        Override(
            id=_NEW + place,
            kind=change.kind,
            agent=view.key_of[change.person],
            is_on=change.is_on,
            start=change.span.start,
            end=change.span.end,
            stores=frozenset(change.stores) or None,
        )
        for place, change in enumerate(changes)
        if change.person in view.key_of
    ]
    return with_overrides(view, overrides)


def _next(view: Staff, after: Staff, store: str, start: datetime, end: datetime) -> list[PeopleChange]:
    """The changes of people that would not happen, or not like that, as things stand."""
    window = (max(start, view.now), end)
    before, then = (changes_of_people(one, store, *window) for one in (view, after))
    return [one for one in then if one not in before]


_GapLine = tuple[str, datetime, datetime, bool]


def _gap_changes(
    view: Staff, after: Staff, start: datetime, end: datetime
) -> tuple[tuple[_GapLine, ...], tuple[_GapLine, ...]]:
    """The time that nobody would be on any more, and the time that somebody would be on again."""
    opened: list[_GapLine] = []
    closed: list[_GapLine] = []
    for store, settings in view.desk.settings.stores.items():
        before, then = (_gaps(one.table, store, start, end) for one in (view, after))
        opened += _more(settings.name, then, before)
        closed += _more(settings.name, before, then)
    return tuple(opened), tuple(closed)


def _more(store: str, some: Sequence[Gap], others: Sequence[Gap]) -> list[_GapLine]:
    """What of some gaps lies in none of the others."""
    found = []
    for gap in some:
        at = gap.start
        for other in (*(one for one in others if one.end > gap.start and one.start < gap.end), None):
            until = other.start if other is not None else gap.end
            if at < until:
                found.append((store, at, until, gap.is_fatal))
            at = max(at, other.end) if other is not None else at
    return found


def _gaps(table: Timetable | None, store: str, start: datetime, end: datetime) -> list[Gap]:
    return (
        [] if table is None or end <= start else gaps(table, Need(store), start, min(end, table.end - _SOON))
    )


def vacancies(desk: Desk, person: str) -> list[Vacancy]:
    """What `person` could take in the next fortnight: covers that colleagues ask for, and gaps."""
    now = desk.now()
    with desk.database.reading() as tx:
        access.require_agent(tx, desk, person)
        view = staff_at(tx, desk, now, FORTNIGHT + timedelta(days=3))
        rows = rota_queries.requests_open(tx, now)
        asked = [row for row in rows if row.kind == "cover" and row.by != person]
    found = [
        _rested(view, person, _asked_for(desk, row, now))
        for row in asked
        if _fits(view, person, Span(max(row.start, now), row.end), rota_queries.listed(row.stores))
    ]
    for store, settings in desk.settings.stores.items():
        for gap, span in _pieces(_gaps(view.table, store, now, now + FORTNIGHT), now):
            if _fits(view, person, span, (store,)):
                one = Vacancy(None, None, store, (settings.name,), span.start, span.end, gap.is_fatal)
                found.append(_rested(view, person, one))
    return sorted(_joined(found, len(desk.settings.stores)), key=lambda one: (one.start, one.end))


def _pieces(found: Iterable[Gap], now: datetime) -> Iterator[tuple[Gap, Span]]:
    """What one person can work: a gap whole, or, of a weekend, pieces of up to eight hours."""
    for gap in found:
        count = 1 if gap.length <= _LONG else math.ceil(gap.length / _PIECE)
        edges = [gap.start + gap.length * at // count // _MINUTE * _MINUTE for at in range(count)]
        for start, end in pairwise([*edges, gap.end]):
            if end > now and start < now + FORTNIGHT:
                yield gap, Span(max(start, now), end)


def _asked_for(desk: Desk, row: ShiftRequestRow, now: datetime) -> Vacancy:
    names = tuple(desk.settings.stores[one].name for one in rota_queries.listed(row.stores))
    return Vacancy(row.id, row.by, None, names, max(row.start, now), row.end, note=row.note)


def _joined(found: Sequence[Vacancy], stores: int) -> list[Vacancy]:
    """A gap that all stores have is one gap of all."""
    kept: list[Vacancy] = []
    for one in found:
        same = [other for other in found if other.request is None and other.start == one.start]
        same = [other for other in same if other.end == one.end]
        if one.request is not None or len(same) < stores:
            kept.append(one)
        elif one is same[0]:
            kept.append(replace(one, store=None, store_names=()))
    return kept


def _rested(view: Staff, person: str, one: Vacancy) -> Vacancy:
    """With the hours of rest that taking it would leave, where they are too short."""
    if view.table is None:
        return one
    least = timedelta(hours=view.desk.settings.shifts.minimum_rest_hours)
    stints = view.table.stints_of(view.key_of.get(person, ""), None)
    before = min((one.start - stint.end for stint in stints if stint.end <= one.start), default=least)
    after = min((stint.start - one.end for stint in stints if stint.start >= one.end), default=least)
    return replace(
        one,
        rest_before=before if rest.PAUSE <= before < least else None,
        rest_after=after if rest.PAUSE <= after < least else None,
    )
