"""Changes of the rota that people make in Slack, from the wish to the overrides. The wishes: desk/wishes.py.

A request is a row; what it changes are overrides, written when it is done and never edited. Where the
settings ask for it (`approval`), a manager decides after the colleague did.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.queries import ledger, outbox
from bot.db.queries import rota as rota_queries
from bot.db.tables_shifts import OverrideRow, ShiftRequestRow
from bot.db.trouble import apart
from bot.desk import ROBOT, Desk, access
from bot.desk.handover import channel_of
from bot.desk.shifts import FAR, Staff, staff_at
from bot.desk.wishes import (
    OPEN,
    Change,
    Wish,
    asked_already,
    changes_of,
    checked,
    deciders,
    from_now,
    require_decider,
    require_on,
    spans_of,
    swap_fits,
    take_fits,
    with_stores,
    worked,
)
from bot.domain.timetable import Span
from bot.errors import NotAllowed, NotFound, Stale, WrongInput


def ask(desk: Desk, wish: Wish) -> int:
    """Store what somebody asks for; returns the number of the request. Raises NotAllowed, WrongInput.

    What needs nobody's word is done at once.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        rota_queries.lock(tx)
        view = staff_at(tx, desk, now, reach(wish, now))
        wish = checked(tx, desk, wish, view)
        row = _stored(tx, desk, view, wish)
        ledger.record(tx, now, wish.by, f"shift_{wish.kind}_asked", request=row.id)
        if wish.kind in ("cover", "swap"):
            _show(tx, desk, row, now)
        elif row.needs_manager:
            row.state = "accepted"
            _show(tx, desk, row, now)
        else:
            _do(tx, desk, view, row)
        return row.id


def reach(wish: Wish, now: datetime) -> timedelta:
    """How far from `now` one has to look to judge a wish."""
    last = max(one for one in (wish.end, wish.other_end, now + FAR) if one is not None)
    return min(last - now, timedelta(days=460)) + timedelta(days=2)


def _stored(tx: Session, desk: Desk, view: Staff, wish: Wish) -> ShiftRequestRow:
    wish = with_stores(view, wish)
    row = ShiftRequestRow(
        kind=wish.kind,
        state="open",
        by=wish.by,
        start=wish.start,
        end=wish.end,
        other=wish.other,
        other_start=wish.other_start,
        other_end=wish.other_end,
        instead_of=wish.instead_of,
        stores=",".join(wish.stores),
        note=wish.note.strip()[:500],
        reason=wish.reason,
        asks_cover=wish.asks_cover,
        channel=channel_of(desk, (wish.stores or tuple(desk.settings.stores))[0]),
        needs_manager=asks_manager(tx, desk, wish),
        created_at=view.now,
    )
    tx.add(row)
    tx.flush()
    return row


def asks_manager(tx: Session, desk: Desk, wish: Wish) -> bool:
    """Whether a manager has to agree. Who is ill is ill: nobody can refuse that."""
    if not desk.settings.shifts.approval or wish.reason == "sick":
        return False
    return wish.by not in deciders(tx, desk, wish)


def wish_of(row: ShiftRequestRow) -> Wish:
    """What a stored request asks for."""
    return Wish(
        kind=row.kind,
        by=row.by,
        start=row.start,
        end=row.end,
        other=row.other,
        other_start=row.other_start,
        other_end=row.other_end,
        instead_of=row.instead_of,
        stores=rota_queries.listed(row.stores),
        note=row.note,
        reason=row.reason,
        asks_cover=row.asks_cover,
    )


def accept(desk: Desk, number: int, *, by: str) -> None:
    """A colleague takes the cover, or agrees to the swap. Raises NotFound, NotAllowed, Stale, WrongInput."""
    now = desk.now()
    with desk.database.writing() as tx:
        row = _locked(tx, number)
        access.require_agent(tx, desk, by)
        if row.other == by and row.state in ("accepted", "done"):
            return
        view = staff_at(tx, desk, now, reach(wish_of(row), now))
        may_accept(view, row, by)
        row.other = by
        ledger.record(tx, now, by, f"shift_{row.kind}_accepted", request=number)
        if row.needs_manager:
            row.state = "accepted"
            _show(tx, desk, row, now)
        else:
            _do(tx, desk, view, row)


def may_accept(view: Staff, row: ShiftRequestRow, by: str) -> None:
    """That `by` may take the cover, or agree to the swap. Raises NotAllowed, Stale, WrongInput."""
    if row.state != "open" or is_over(row, view.now):
        raise _over(row)
    if row.kind == "swap" and by != row.other:
        raise _of_another(row)
    if by == row.by:
        raise WrongInput("You can't cover your own shift.", key="request_own")
    _require_fitting(view, row, by)


def _of_another(row: ShiftRequestRow) -> NotAllowed:
    return NotAllowed("This swap was offered to somebody else.", key="request_of_another", who=row.other)


def _require_fitting(view: Staff, row: ShiftRequestRow, other: str | None) -> None:
    """That what is asked for can still be done: the rota may have changed since. Raises Stale, WrongInput."""
    wish = from_now(wish_of(row), view.now)
    span = Span(wish.start, wish.end)
    if row.kind == "swap":
        swap_fits(view, wish)
    elif row.kind == "take":
        take_fits(view, row.by, span, wish.stores)
    elif row.kind == "cover" and other is not None:
        if not row.reason:
            _require_still_theirs(view, row, span)
        take_fits(view, other, span, wish.stores, key="request_not_for_you")


def _require_still_theirs(view: Staff, row: ShiftRequestRow, span: Span) -> None:
    """That who asks for cover did not give the shift away otherwise. (Covers of days off have a reason.)"""
    try:
        require_on(view, row.by, span)
    except WrongInput as why:
        raise Stale(f"{row.by} has no such shift any more.", key="request_moot", who=row.by) from why


def is_over(row: ShiftRequestRow, now: datetime) -> bool:
    """Whether the time of a request has come: a swap needs both shifts whole, the others some time to change."""
    if row.kind == "swap":
        return min(start for start, _end in spans_of(wish_of(row))) <= now
    return row.end <= now


def decline(desk: Desk, number: int, *, by: str) -> None:
    """Whom a swap was offered to says no. Raises NotFound, NotAllowed, Stale."""
    now = desk.now()
    with desk.database.writing() as tx:
        row = _locked(tx, number)
        if by != row.other:
            raise _of_another(row)
        if row.state != "open" or is_over(row, now):
            raise _over(row)
        _end(tx, desk, row, "declined", by, now)


def withdraw(desk: Desk, number: int, *, by: str) -> None:
    """Who asked takes the request back before it is done. Raises NotFound, NotAllowed, Stale."""
    now = desk.now()
    with desk.database.writing() as tx:
        row = _locked(tx, number)
        if by != row.by:
            require_decider(tx, desk, wish_of(row), by)
        if row.state not in OPEN:
            raise _over(row)
        _end(tx, desk, row, "cancelled", by, now)


def approve(desk: Desk, number: int, *, by: str) -> None:
    """A manager lets it happen. Raises NotFound, NotAllowed, Stale, WrongInput."""
    now = desk.now()
    with desk.database.writing() as tx:
        row = _locked(tx, number)
        require_decider(tx, desk, wish_of(row), by)
        if row.state != "accepted" or is_over(row, now):
            raise _over(row)
        row.decided_by, row.decided_at = by, now
        view = staff_at(tx, desk, now, reach(wish_of(row), now))
        _require_fitting(view, row, row.other)
        _do(tx, desk, view, row)


def refuse(desk: Desk, number: int, *, by: str) -> None:
    """A manager says no. Raises NotFound, NotAllowed, Stale."""
    now = desk.now()
    with desk.database.writing() as tx:
        row = _locked(tx, number)
        require_decider(tx, desk, wish_of(row), by)
        if row.state != "accepted":
            raise _over(row)
        _end(tx, desk, row, "declined", by, now)


def _locked(tx: Session, number: int) -> ShiftRequestRow:
    rota_queries.lock(tx)
    row = rota_queries.request_locked(tx, number)
    if row is None:
        raise NotFound(f"There is no request {number}.", key="no_such_request")
    return row


def _over(row: ShiftRequestRow) -> Stale:
    is_taken = row.kind == "cover" and row.other is not None and row.state in ("accepted", "done")
    return Stale(
        f"The request {row.id} is {row.state} already.",
        key="request_taken" if is_taken else "request_over",
        who=row.other,
    )


def _end(tx: Session, desk: Desk, row: ShiftRequestRow, state: str, by: str, now: datetime) -> None:
    row.state, row.decided_by, row.decided_at = state, by, now
    ledger.record(tx, now, by, f"shift_{row.kind}_{state}", request=row.id)
    _show(tx, desk, row, now)
    _tell(tx, row, {row.by, row.other} - {by}, now)


def _do(tx: Session, desk: Desk, view: Staff, row: ShiftRequestRow) -> None:
    """Write the overrides, and tell everybody whose time changes."""
    now = view.now
    row.start, row.state, row.decided_at = max(row.start, now), "done", row.decided_at or now
    changes = changes_of(view, wish_of(row), row.other)
    tx.add_all(_override(view, row, change) for change in changes if change.person in view.key_of)
    ledger.record(
        tx,
        now,
        row.decided_by or row.other or row.by,
        f"shift_{row.kind}_done",
        request=row.id,
        people=[f"{'+' if one.is_on else '-'}{one.person}" for one in changes],
        start=row.start.isoformat(),
        end=row.end.isoformat(),
    )
    _show(tx, desk, row, now)
    _tell(tx, row, {row.by, *(one.person for one in changes)}, now)
    if row.kind == "off":
        _tell(tx, row, {*deciders(tx, desk, wish_of(row))} - {row.by, row.decided_by}, now)
    if row.asks_cover:
        _ask_for_cover(tx, desk, view, row)


def _override(view: Staff, row: ShiftRequestRow, change: Change) -> OverrideRow:
    return OverrideRow(
        request=row.id,
        kind=change.kind,
        agent=view.key_of[change.person],
        is_on=change.is_on,
        start=change.span.start,
        end=change.span.end,
        stores=",".join(change.stores),
        made_at=view.now,
    )


def _ask_for_cover(tx: Session, desk: Desk, view: Staff, row: ShiftRequestRow) -> None:
    """Ask colleagues to work the shifts of days off, but for those that are asked for already."""
    for span in worked(view, row.by, Span(row.start, row.end)):
        if not asked_already(tx, "cover", row.by, span):
            wish = Wish("cover", row.by, span.start, span.end, note=row.note, reason=row.reason)
            cover = _stored(tx, desk, view, wish)
            ledger.record(tx, view.now, row.by, "shift_cover_asked", request=cover.id)
            _show(tx, desk, cover, view.now)


def _show(tx: Session, desk: Desk, row: ShiftRequestRow, now: datetime) -> None:
    """Let every post about the request show how it stands."""
    if row.kind == "cover":
        outbox.put(tx, f"request:{row.id}", row.channel, now)
    elif row.kind == "swap" and row.other is not None:
        outbox.put(tx, f"request:{row.id}:{row.other}", row.other, now)
    managers = deciders(tx, desk, wish_of(row))
    waiting = {f"approval:{row.id}:{one}": (one, row.state == "accepted") for one in managers}
    if row.kind != "cover":  # of a cover the channel's post says the same, and can be withdrawn there
        waiting[f"asked:{row.id}:{row.by}"] = (row.by, row.state in OPEN)
    for key, (person, is_waiting) in waiting.items():
        if is_waiting or outbox.post_of(tx, key) is not None:
            outbox.put(tx, key, person, now)


def _tell(tx: Session, row: ShiftRequestRow, people: Iterable[str | None], now: datetime) -> None:
    for person in sorted({one for one in people if one}):
        outbox.put(tx, f"changed:{row.id}:{row.state}:{person}", person, now)


def expire(desk: Desk) -> int:
    """End the requests whose time has come without an answer; who asked is told. Returns how many.

    Those that wait for a manager are brought before who has become one since they were asked.
    """
    now = desk.now()
    with desk.database.writing() as tx:
        rows = tx.scalars(
            select(ShiftRequestRow).where(ShiftRequestRow.state.in_(OPEN)).with_for_update()
        ).all()
        over = [row for row in rows if is_over(row, now)]
        for row in over:
            with apart(tx, "expiring_failed", key=f"request:{row.id}"):
                _end(tx, desk, row, "expired", ROBOT, now)
        waiting = [row for row in rows if row.state == "accepted" and row not in over]
        with apart(tx, "asking_failed", key="requests"):  # those that are over have ended all the same
            _ask_who_decides_now(tx, desk, waiting, now)
        return len(over)


def _ask_who_decides_now(tx: Session, desk: Desk, rows: Iterable[ShiftRequestRow], now: datetime) -> None:
    asked = {
        f"approval:{row.id}:{person}": person for row in rows for person in deciders(tx, desk, wish_of(row))
    }
    new = asked.keys() - outbox.known(tx, asked)
    outbox.put_all(tx, [outbox.Put(key, asked[key]) for key in sorted(new)], now)
