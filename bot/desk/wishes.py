"""What people may ask of the rota, and what a wish would change: checked before anything is stored.

Instants are aware UTC; persons are Slack user ids.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables_shifts import ShiftRequestRow
from bot.desk import Desk, access
from bot.desk.shifts import FAR, Staff
from bot.domain.rota import SWAPS
from bot.domain.timetable import Span, total, union, within
from bot.errors import NotAllowed, WrongInput

OPEN = ("open", "accepted")
"""The states of requests that still wait for somebody's word."""
LONGEST = timedelta(days=60)
_GRACE = timedelta(minutes=1)
"""Between looking at a preview and pressing Confirm, the minute that was chosen may have begun."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for. Persons are Slack user ids; what a kind does not need stays None.

    cover: `by` is off in [start, end), somebody else on. swap: besides, `by` is on in [other_start,
    other_end) for `other`. take: `by` is on. off: `by` is off. override: `other` is on, `instead_of` off.
    """

    kind: str
    by: str
    start: datetime
    end: datetime
    other: str | None = None
    other_start: datetime | None = None
    other_end: datetime | None = None
    instead_of: str | None = None
    stores: tuple[str, ...] = ()
    note: str = ""
    reason: str = ""
    """Of days off: vacation, sick or other."""
    asks_cover: bool = False
    """Whether colleagues are asked to work the shifts of days off."""


@dataclass(frozen=True, slots=True)
class Change:
    """One agent on or off in a span; stores empty: all of theirs. `kind`: that of the override that it becomes."""

    person: str
    is_on: bool
    span: Span
    stores: tuple[str, ...] = ()
    kind: str = ""


def checked(tx: Session, desk: Desk, wish: Wish, view: Staff) -> Wish:
    """The wish, clipped to what is still to come. Raises NotAllowed, WrongInput; nothing is stored."""
    if desk.settings.rota is None:
        raise WrongInput("There is no rota: config/rota.yaml is missing.", key="no_rota")
    access.require_agent(tx, desk, wish.by)
    if wish.kind == "override":
        for store in concerned(tx, desk, wish):
            access.require_store_manager(tx, desk, wish.by, store)
    wish = _to_come(wish, view.now)
    _CHECKS[wish.kind](tx, desk, wish, view)
    return wish


def _to_come(wish: Wish, now: datetime) -> Wish:
    for start, end in spans_of(wish):
        if end <= start:
            raise WrongInput("The end is not after the start.", key="shift_ends_first")
        if end <= now or (wish.kind in ("swap", "override") and start < now - _GRACE):
            raise WrongInput("That time is over; a change can't begin in the past.", key="shift_in_past")
        if end - start > LONGEST:
            raise WrongInput(
                "That is longer than 60 days; put it into config/rota.yaml.", key="shift_too_long"
            )
        if start > now + timedelta(days=400):
            raise WrongInput("That is more than a year away.", key="shift_too_far")
    return from_now(wish, now)


def concerned(tx: Session, desk: Desk, wish: Wish) -> tuple[str, ...]:
    """The stores whose staff a wish changes: those that it names, or all of the people in it.

    Whom an override takes off is off for all of theirs, whichever it names.
    """
    people = [wish.instead_of]
    if not wish.stores:
        people += [wish.other, None if wish.kind == "override" else wish.by]
    agents = [access.agent_of(tx, desk, one) for one in people if one is not None]
    theirs = (one for one in desk.settings.stores if any(access.may_work(agent, one) for agent in agents))
    return tuple(dict.fromkeys((*wish.stores, *theirs)))


def deciders(tx: Session, desk: Desk, wish: Wish) -> tuple[str, ...]:
    """Who may agree to a wish: who manages one of its stores; all managers if nobody does."""
    return access.managers_of_any(tx, desk, concerned(tx, desk, wish))


def require_decider(tx: Session, desk: Desk, wish: Wish, by: str) -> None:
    """That `by` may. Raises NotAllowed, which says who does."""
    access.require_manager(tx, desk, by)
    who = deciders(tx, desk, wish)
    if by not in who:
        raise NotAllowed("Only a manager of these stores can do this.", key="manual_not_yours", who=who)


def spans_of(wish: Wish) -> list[tuple[datetime, datetime]]:
    """From when to when: of a swap both shifts."""
    found = [(wish.start, wish.end)]
    if wish.other_start is not None and wish.other_end is not None:
        found.append((wish.other_start, wish.other_end))
    return found


def from_now(wish: Wish, now: datetime) -> Wish:
    """The wish without what is over: who worked in the past does not change any more."""
    return replace(
        wish,
        start=max(wish.start, now),
        other_start=max(wish.other_start, now) if wish.other_start is not None else None,
    )


def _cover(tx: Session, _desk: Desk, wish: Wish, view: Staff) -> None:
    require_on(view, wish.by, Span(wish.start, wish.end))
    _require_new(tx, wish)


def _require_new(tx: Session, wish: Wish) -> None:
    """That nobody asks for the same thing twice. Raises WrongInput."""
    if asked_already(tx, wish.kind, wish.by, Span(wish.start, wish.end)):
        raise WrongInput("You asked for that already.", key="shift_asked_already")


def asked_already(tx: Session, kind: str, person: str, span: Span) -> bool:
    """Whether a request of that kind by this person is open, for some of a span."""
    query = select(ShiftRequestRow.id).where(
        ShiftRequestRow.kind == kind,
        ShiftRequestRow.by == person,
        ShiftRequestRow.state.in_(OPEN),
        ShiftRequestRow.start < span.end,
        ShiftRequestRow.end > span.start,
    )
    return tx.scalars(query.limit(1)).first() is not None


def _swap(tx: Session, desk: Desk, wish: Wish, view: Staff) -> None:
    if wish.other == wish.by:
        raise WrongInput("You can't swap with yourself.", key="shift_with_self")
    if wish.other is not None:
        access.require_agent(tx, desk, wish.other)
    swap_fits(view, wish)


def swap_fits(view: Staff, wish: Wish) -> None:
    """That both have the shifts that they swap, and can work the other's. Raises WrongInput."""
    if wish.other is None or wish.other_start is None or wish.other_end is None:
        raise WrongInput("Choose a colleague and one of their shifts.", key="shift_unchosen")
    mine, theirs = Span(wish.start, wish.end), Span(wish.other_start, wish.other_end)
    require_on(view, wish.by, mine)
    require_on(view, wish.other, theirs)
    require_stores(view, wish.other, stores_of(view, wish.by, mine))
    require_stores(view, wish.by, stores_of(view, wish.other, theirs))
    require_free(view, wish.by, theirs, but=mine)
    require_free(view, wish.other, mine, but=theirs)
    for person, got in ((wish.by, theirs), (wish.other, mine)):
        require_not_off(view, person, got)


def _take(_tx: Session, _desk: Desk, wish: Wish, view: Staff) -> None:
    take_fits(view, wish.by, Span(wish.start, wish.end), wish.stores)


def take_fits(
    view: Staff, person: str, span: Span, stores: Sequence[str], *, key: str = "not_their_store"
) -> None:
    """That somebody can work in a span for these stores, besides what they work already. Raises WrongInput."""
    require_stores(view, person, stores, key=key)
    require_free(view, person, span)
    require_not_off(view, person, span)


def _off(tx: Session, _desk: Desk, wish: Wish, view: Staff) -> None:
    _require_new(tx, wish)
    if not worked(view, wish.by, Span(wish.start, wish.end)) and wish.end < view.now + FAR:
        raise WrongInput("You have no shift in that time.", key="shift_nothing_there")


def _override(tx: Session, desk: Desk, wish: Wish, view: Staff) -> None:
    if wish.other is None and wish.instead_of is None:
        raise WrongInput("Choose who is on, or who is off.", key="shift_unchosen")
    if wish.other == wish.instead_of:
        raise WrongInput("That is the same person twice.", key="shift_with_self")
    for person in (wish.other, wish.instead_of):
        if person is not None and access.agent_of(tx, desk, person) is None:
            raise WrongInput(
                f"{person} is not listed in config/agents.yaml.", key="no_such_agent", who=person
            )
    if wish.other is not None:
        require_stores(view, wish.other, wish.stores)
        require_free(view, wish.other, Span(wish.start, wish.end))
    if wish.instead_of is not None:
        require_on(view, wish.instead_of, Span(wish.start, wish.end), part=True)


_CHECKS = {"cover": _cover, "swap": _swap, "take": _take, "off": _off, "override": _override}


def _set_above(view: Staff, person: str, span: Span, *, is_on: bool) -> bool:
    """Whether an override or days off, which stand above exchanges, put somebody on, or off, in some of a span."""
    key = view.key_of.get(person)
    above = (one for one in view.overrides if one.agent == key and one.kind not in SWAPS)
    return any(one.is_on == is_on and one.start < span.end and one.end > span.start for one in above)


def require_not_off(view: Staff, person: str, span: Span) -> None:
    """That an exchange can put somebody on: nothing that stands above it says that they are off. Raises WrongInput."""
    if _set_above(view, person, span, is_on=False):
        raise WrongInput(
            f"An override or days off decide when {person} works in that time.",
            key="shift_overridden",
            who=person,
        )


def worked(view: Staff, person: str, span: Span) -> list[Span]:
    """When somebody is on shift within a span, whatever the store."""
    if view.table is None:
        return []
    stints = view.table.stints_of(view.key_of.get(person, ""), None)
    return within(union(one.span for one in stints), span.start, span.end)


def require_on(view: Staff, person: str, span: Span, *, part: bool = False) -> None:
    """That somebody is on shift in all of a span, or in `part` of it. Raises WrongInput."""
    time = total(worked(view, person, span))
    if not time or (not part and time < span.length):
        raise WrongInput(
            f"{person} is not on shift in all of that time.",
            key="shift_nothing_there" if part else "shift_outside",
            who=person,
            start=span.start,
        )


def require_free(view: Staff, person: str, span: Span, but: Span | None = None) -> None:
    """That somebody is not on shift in a span yet, `but` what they give away. Raises WrongInput."""
    busy = worked(view, person, span)
    if but is not None:
        sides = (Span(span.start, min(span.end, but.start)), Span(max(span.start, but.end), span.end))
        busy = [one for side in sides for one in within(busy, side.start, side.end)]
    if busy:
        raise WrongInput(
            f"{person} is on shift already in that time.",
            key="shift_overlap",
            who=person,
            start=busy[0].start,
        )


def stores_of(view: Staff, person: str, span: Span) -> tuple[str, ...]:
    """The stores that somebody serves in a span; "all of theirs" is spelt out."""
    key, table = view.key_of.get(person, ""), view.table
    if table is None:
        return ()
    return tuple(
        store
        for store in view.desk.settings.stores
        if within(union(one.span for one in table.stints_of(key, store)), span.start, span.end)
    )


def require_stores(view: Staff, person: str, stores: Sequence[str], *, key: str = "not_their_store") -> None:
    """That somebody may work for these stores. Raises WrongInput."""
    agent = view.table.rota.agent(view.key_of.get(person, "")) if view.table else None
    known = view.desk.settings.stores
    lacking = [one for one in stores if agent is None or one not in known or not agent.works_for(one)]
    if lacking:
        raise WrongInput(
            f"{person} does not work for {', '.join(lacking)}.",
            key=key,
            who=person,
            stores=", ".join(known[one].name if one in known else one for one in lacking),
        )


def with_stores(view: Staff, wish: Wish) -> Wish:
    """The wish with the stores that it is stored with, whose managers decide: of what is given away, the shifts'."""
    if wish.kind not in ("cover", "off", "swap"):
        return wish
    given = stores_of(view, wish.by, Span(wish.start, wish.end))
    if wish.other is not None and wish.other_start is not None and wish.other_end is not None:
        given += stores_of(view, wish.other, Span(wish.other_start, wish.other_end))
    return replace(wish, stores=tuple(dict.fromkeys(given)))


def changes_of(view: Staff, wish: Wish, taker: str | None = None) -> list[Change]:
    """What the wish changes when it is done; a cover needs its taker. Who goes off stands before who comes on.

    Who gives away what a manager's override put them on for is off by an override, for that alone stands above it.
    """
    changes = _changes(view, wish, taker)
    given = {
        one.person
        for one in changes
        if wish.kind in SWAPS and not one.is_on and _set_above(view, one.person, one.span, is_on=True)
    }
    return [replace(one, kind="override" if one.person in given else wish.kind) for one in changes]


def _changes(view: Staff, wish: Wish, taker: str | None) -> list[Change]:
    mine = Span(wish.start, wish.end)
    if wish.kind == "swap" and wish.other and wish.other_start and wish.other_end:
        theirs = Span(wish.other_start, wish.other_end)
        return [
            Change(wish.by, False, mine),
            Change(wish.other, False, theirs),
            *_in_place_of(view, wish.by, wish.other, mine),
            *_in_place_of(view, wish.other, wish.by, theirs),
        ]
    if wish.kind == "cover":
        on = _in_place_of(view, wish.by, taker, mine, wish.stores) if taker else []
        return [Change(wish.by, False, mine), *on]
    if wish.kind == "take":
        return [Change(wish.by, True, mine, wish.stores)]
    if wish.kind == "off":
        return [Change(wish.by, False, mine)]
    off = [Change(wish.instead_of, False, mine)] if wish.instead_of else []
    return [*off, *([Change(wish.other, True, mine, wish.stores)] if wish.other else [])]


def _in_place_of(
    view: Staff, giver: str, taker: str, span: Span, stores: tuple[str, ...] = ()
) -> list[Change]:
    """`taker` on for the stores that `giver` serves at each moment; for `stores` where the giver is off already."""
    if view.table is None:
        return []
    key, known = view.key_of.get(giver, ""), view.desk.settings.stores
    every = [one.span for store in known for one in view.table.stints_of(key, store)]
    inside = within(every, span.start, span.end)
    edges = sorted({span.start, span.end} | {edge for one in inside for edge in (one.start, one.end)})
    parts = [Span(start, end) for start, end in pairwise(edges)]
    served = [(part, stores_of(view, giver, part) or stores) for part in parts]
    return [Change(taker, True, part, there) for part, there in served if there]
