"""Random histories of requests: what a preview shows is what happens, and exchanges leave no store unstaffed.

Both databases. The rota is `world.rota`; a history is a dozen wishes and answers of anybody to anything.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from bot.clock import FixedClock
from bot.db.tables import OutboxRow
from bot.db.tables_shifts import OverrideRow, ShiftRequestRow
from bot.desk import Desk, request_pages, requests
from bot.desk.shift_pages import changes_of_people
from bot.desk.shifts import Staff, staff_at
from bot.desk.wishes import Wish
from bot.domain.shift_snapshots import Effect
from bot.domain.timetable import Span, union, within
from bot.errors import Reply24Error
from tests.store.request_words import HOUR, stored
from tests.world import ANNA, BOB, CHEN, LI_WEI, START, WANG

PEOPLE = (LI_WEI, CHEN, ANNA, BOB, WANG)
STORES = {"nordlicht": "Nordlicht", "sunrise": "Sunrise"}
LONG = timedelta(days=12)
ANSWERS = (requests.accept, requests.decline, requests.withdraw)


def view_of(desk: Desk) -> Staff:
    with desk.database.reading() as tx:
        return staff_at(tx, desk, desk.now(), timedelta(days=20))


def wish_of(roll: random.Random, desk: Desk) -> Wish:
    """A wish that may be right: mostly about hours that the person works, or does not."""
    view, now = view_of(desk), desk.now()
    by = roll.choice(PEOPLE)
    kind = roll.choice(("cover", "cover", "swap", "swap", "take", "off", "override"))
    mine = _span(roll, view, by if kind in ("cover", "swap") else roll.choice(PEOPLE))
    if kind == "take":
        start = (now + timedelta(hours=roll.randrange(120))).replace(minute=0)
        mine = Span(start, start + roll.randrange(1, 8) * HOUR)
    other = roll.choice(PEOPLE)
    if kind == "swap":
        by, other = roll.choice(((LI_WEI, ANNA), (ANNA, WANG), (by, other)))
        mine = _span(roll, view, by)
        theirs = _span(roll, view, other)
        return Wish(
            kind, by, mine.start, mine.end, other=other, other_start=theirs.start, other_end=theirs.end
        )
    stores = roll.choice(((), (), ("sunrise",), ("nordlicht",)))
    if kind == "override":
        instead = roll.choice((None, *PEOPLE))
        on = roll.choice((None, other))
        return Wish(kind, WANG, mine.start, mine.end, other=on, instead_of=instead, stores=stores)
    ask = kind == "off" and roll.random() < 0.5
    return Wish(
        kind,
        by,
        mine.start,
        mine.end,
        stores=stores if kind == "take" else (),
        reason=roll.choice(("sick", "vacation")) if kind == "off" else "",
        asks_cover=ask,
    )


def _span(roll: random.Random, view: Staff, person: str) -> Span:
    """One of somebody's next shifts, whole or a part of it."""
    stints = [one for one in view.table.stints_of(view.key_of[person], None) if one.end > view.now]
    if not stints:
        return Span(view.now, view.now + HOUR)
    one = roll.choice(stints[:5])
    hours = (one.end - one.start) // HOUR
    if roll.random() < 0.6 or hours < 2:
        return one.span
    first = roll.randrange(hours)
    return Span(one.start + first * HOUR, one.start + roll.randrange(first + 1, hours + 1) * HOUR)


def staffed_time(view: Staff, store: str, start: datetime) -> timedelta:
    return view.table.staffed_time(store, start, START + LONG)


def check_effect(shown: Effect, before: Staff, after: Staff) -> None:
    """That what was shown is what came."""
    for store, name in STORES.items():
        had, has = (view.table.staffed(store, before.now, START + LONG) for view in (before, after))
        opened, closed = _minus(had, has), _minus(has, had)
        assert union(_spans(shown.opened, name)) == opened
        assert union(_spans(shown.closed, name)) == closed
        came, was = (changes_of_people(view, store, before.now, START + LONG) for view in (after, before))
        changes = [change for names, change in shown.changes if name in names.split(", ")]
        assert changes == [one for one in came if one not in was]


def _spans(gaps: tuple[tuple[str, datetime, datetime, bool], ...], store: str) -> list[Span]:
    return [Span(start, end) for names, start, end, _is_fatal in gaps if store in names.split(", ")]


def _minus(some: list[Span], others: list[Span]) -> list[Span]:
    """The time of some spans that lies in none of the others."""
    edges = sorted({edge for one in (*some, *others) for edge in (one.start, one.end)})
    parts = [Span(start, end) for start, end in pairwise(edges)]
    return union(
        one for one in parts if within(some, one.start, one.end) and not within(others, one.start, one.end)
    )


def answers(desk: Desk) -> Iterator[tuple[int, str]]:
    with desk.database.reading() as tx:
        rows = tx.scalars(select(ShiftRequestRow).where(ShiftRequestRow.state == "open")).all()
    yield from ((row.id, row.kind) for row in rows)


def ask(roll: random.Random, desk: Desk) -> None:
    """Preview and ask: what is refused in the preview is refused by the desk, and leaves nothing."""
    wish, before, had = wish_of(roll, desk), view_of(desk), stored(desk)
    try:
        shown = request_pages.preview(desk, wish)
    except Reply24Error as why:
        with pytest.raises(type(why)):
            requests.ask(desk, wish)
        assert stored(desk) == had
        return
    requests.ask(desk, wish)
    after = view_of(desk)
    if wish.kind in ("take", "off", "override"):
        check_effect(shown.effect, before, after)
    else:
        assert after.table.shifts == before.table.shifts


def answer(roll: random.Random, desk: Desk) -> None:
    """Look at a request and answer it: an exchange leaves the staffed time of each store as it was."""
    open_ones = list(answers(desk))
    if not open_ones:
        return
    (number, kind), by, act = (
        roll.choice(open_ones),
        roll.choice(PEOPLE),
        roll.choice(ANSWERS[:1] * 5 + ANSWERS),
    )
    before, had = view_of(desk), stored(desk)
    shown = request_pages.request(desk, number)
    if act is requests.accept and kind == "swap":
        by = shown.other
    elif shown.could and roll.random() < 0.7:
        by = roll.choice(shown.could)[0]
    try:
        effect = request_pages.preview_take(desk, number, by=by).effect if kind == "cover" else shown.effect
    except Reply24Error:
        effect = None
    try:
        act(desk, number, by=by)
    except Reply24Error:
        assert stored(desk) == had
        assert view_of(desk).table.shifts == before.table.shifts
        return
    after = view_of(desk)
    if act is not requests.accept:
        assert after.table.shifts == before.table.shifts
        return
    check_effect(effect, before, after)
    for store in STORES:
        kept = staffed_time(after, store, desk.now()) - staffed_time(before, store, desk.now())
        is_of_days_off = kind == "cover" and bool(shown.reason)
        assert kept >= timedelta(0) if is_of_days_off else kept == timedelta(0)


def test_what_is_shown_is_what_happens(staffed: Desk, clock: FixedClock) -> None:
    @settings(max_examples=8, deadline=None, phases=(Phase.generate,))
    @given(seed=st.integers(0, 2**32))
    def history(seed: int) -> None:
        lived(staffed, clock, random.Random(seed))

    history()


def lived(desk: Desk, clock: FixedClock, roll: random.Random) -> None:
    """A history from START on, in an installation without any."""
    clock.advance(START - clock.now())
    with desk.database.writing() as tx:
        for table in (OverrideRow, ShiftRequestRow, OutboxRow):
            tx.execute(delete(table))
    for _ in range(14):
        roll.choice((ask, ask, answer, answer))(roll, desk)
        if roll.random() < 0.2:
            clock.advance(roll.choice((20, 240)) * timedelta(minutes=1))
