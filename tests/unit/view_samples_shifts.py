"""Invented shifts for the tests of views, and every view of who is on, of shift changes, of briefs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.domain.routing import REASONS
from bot.domain.shift_snapshots import (
    Brief,
    Change,
    Handover,
    MyShifts,
    OncallPage,
    OnNow,
    ShiftLine,
    StoreShifts,
    Unstaffed,
)
from bot.domain.snapshots import CaseShifts, CaseSnapshot
from bot.slack.blocks import Block, Post
from bot.slack.texts import Say
from bot.slack.views import board, briefs, case_card, handover, home, modals, oncall, pings
from tests.unit.view_samples import ANNA, HOUR, LI_WEI, NOW, PLAIN, Words, case, cases, choices, queue, sla

BOB, CHEN_YU = "U0BOB", "U0CHENYU"
NIGHT = NOW + 8 * HOUR
FACTS = {
    "lang": "de",
    "skills": "senior, refund",
    "queue": 2,
    "until": NOW + 9 * HOUR,
    "at": NIGHT,
    "finish": NOW + 2 * HOUR,
}


def shifts(**changes: object) -> CaseShifts:
    """Somebody is on for 70 min of the 6 h 20 min that are left, and it is their last shift before the deadline."""
    return replace(CaseShifts(on=True, staffed_left=timedelta(minutes=70), shifts_left=1), **changes)


def offer(key: str = "on_speaks", **changes: object) -> CaseShifts:
    to = shifts(offered_to=LI_WEI, offered_until=NOW + HOUR / 2, reason=(key, FACTS))
    return replace(to, **changes)


UNSTAFFED = CaseShifts(on=False, staffed_left=timedelta(0), shifts_left=0)


def case_shifts(words: Words = PLAIN) -> dict[str, CaseShifts]:
    """What the rota can say about a case."""
    evening = CaseShifts(False, timedelta(hours=2), 2, next_at=NOW + 4 * HOUR)
    return {
        "quietly on": shifts(staffed_left=timedelta(hours=6, minutes=20)),
        "on": shifts(),
        "two shifts": shifts(shifts_left=2),
        "all asked": shifts(reason=("open", {})),
        **{f"offered {key}": offer(key) for key in REASONS},
        "offered for good": offer(offered_until=None, reason=None),
        "last resort": replace(UNSTAFFED, offered_to=ANNA, last_resort=True, reason=("nobody", FACTS)),
        "waits": shifts(planned=(words.name, NIGHT), reason=("planned_speaks", FACTS)),
        "planned then": replace(evening, planned=(words.name, NOW + 4 * HOUR), reason=("planned", FACTS)),
        "planned later": replace(evening, planned=(words.name, NIGHT), reason=("planned", FACTS)),
        "nobody until": evening,
        "nobody before it is due": replace(UNSTAFFED, next_at=NIGHT),
        "nobody at all": replace(UNSTAFFED, reason=("nobody_at_all", {})),
        "assignee off, nobody on": replace(
            UNSTAFFED, assignee_off=True, next_at=NIGHT, assignee_back_at=NIGHT
        ),
        "assignee off": shifts(assignee_off=True, assignee_back_at=NIGHT),
        "assignee off for good": shifts(assignee_off=True),
        "a reason without words": offer(reason=("brand_new", {})),
        "a reason without facts": offer(reason=("on_speaks", {"lang": words.short})),
    }


def staffed_cases(words: Words = PLAIN) -> Iterator[tuple[str, CaseSnapshot]]:
    claimed = {"assignee": LI_WEI, "assigned_at": NOW - HOUR}
    for name, one in case_shifts(words).items():
        changes = claimed if one.assignee_off else {}
        yield name, case(words, shifts=one, **changes)
    for name in ("overdue", "answered", "closed", "review", "snoozed", "folded"):
        yield f"offered, {name}", replace(cases(words)[name], shifts=offer())
        yield f"nobody on, {name}", replace(cases(words)[name], shifts=UNSTAFFED)


BEIJING = OnNow(LI_WEI, "Asia/Shanghai", NOW + 9 * HOUR)
TOGETHER = OnNow(CHEN_YU, "Asia/Shanghai", NOW + 9 * HOUR)
TO_NEW_YORK = Change(NOW + 9 * HOUR, (LI_WEI, CHEN_YU), (ANNA,), (ANNA,))
TO_NOBODY = Change(NOW + 20 * HOUR, (ANNA,), (), ())


def stores(words: Words = PLAIN) -> tuple[StoreShifts, ...]:
    """Two stores with the same people, one where nobody is on until somebody comes, one where nobody ever comes."""
    changes = (TO_NEW_YORK, TO_NOBODY)
    return (
        StoreShifts("nordlicht", "Nordlicht", (BEIJING, TOGETHER), changes),
        StoreShifts("sunrise", "Sunrise", (BEIJING, TOGETHER), changes),
        StoreShifts("acme", words.name, (), (Change(NIGHT, (), (ANNA,), (ANNA,)),)),
        StoreShifts("empty", "Empty", (), ()),
    )


def shift_line(
    person: str, after_hours: float, length_hours: float, store_names: tuple[str, ...] = ()
) -> ShiftLine:
    start = NOW + after_hours * HOUR
    return ShiftLine(person, "Asia/Shanghai", start, start + length_hours * HOUR, "beijing", store_names)


def week(days: int = 7, words: Words = PLAIN) -> tuple[ShiftLine, ...]:
    """Two in Beijing by day (one row), one in New York over Beijing's midnight."""
    return tuple(
        shift
        for day in range(days)
        for shift in (
            shift_line(LI_WEI, 24 * day, 9),
            shift_line(CHEN_YU, 24 * day, 9),
            shift_line(ANNA, 24 * day + 12, 9, ("Nordlicht", words.name)),
        )
    )


def page(words: Words = PLAIN, **changes: object) -> OncallPage:
    return replace(OncallPage(NOW, stores(words), week(words=words), zone="Asia/Shanghai"), **changes)


def without_rota(words: Words = PLAIN) -> OncallPage:
    free = (OnNow(LI_WEI, "Asia/Shanghai", None), OnNow(ANNA, "America/New_York", None))
    return OncallPage(NOW, (StoreShifts("nordlicht", words.name, free, ()),), has_rota=False)


def shift_change(words: Words = PLAIN, due: int = 3, **changes: object) -> Handover:
    """Li Wei leaves, Anna and Bob come; a case of Li Wei's is held, and he left a note."""
    usual = Handover(
        id=31,
        at=NOW,
        store_names=("Nordlicht", "Sunrise"),
        leaving=(LI_WEI,),
        on=(ANNA, BOB),
        next_at=None,
        until=NOW + 8 * HOUR,
        open_cases=14,
        unclaimed=3,
        due_in_shift=due,
        overdue=1,
        due=queue(due, words),
        held=tuple(line for line in queue(3, words) if line.assignee),
        notes=((LI_WEI, words.text), (ANNA, "Seen.")),
        accepted_by=None,
        accepted_at=None,
        as_of=NOW,
        names={LI_WEI: words.name},
        remarks={1042: words.text},
    )
    return replace(usual, **changes)


def shift_changes(words: Words = PLAIN) -> dict[str, Handover]:
    usual = shift_change(words)
    nobody = replace(usual, on=(), next_at=NIGHT, until=None)
    many = tuple(replace(line, assignee=LI_WEI) for line in queue(30, words))
    accepted = {"accepted_by": ANNA, "accepted_at": NOW + HOUR / 6}
    return {
        "usual": usual,
        "nobody": nobody,
        "nobody ever": replace(nobody, next_at=None),
        "calm": replace(usual, due=(), held=(), notes=(), overdue=0, due_in_shift=0, remarks={}),
        "calm nobody": replace(nobody, due=(), held=(), notes=(), overdue=0, due_in_shift=0, leaving=()),
        "busy": replace(
            shift_change(words, 40),
            held=many,
            notes=((LI_WEI, words.text),) * 9,
            store_names=(words.name,) * 9,
        ),
        "no end": replace(usual, until=None, remarks={}, names={}, store_names=()),
        "given": replace(usual, held_choice="give", held_chosen_by=ANNA),
        "kept": replace(usual, held_choice="keep", held_chosen_by=ANNA),
        "accepted": replace(usual, **accepted),
        "accepted and kept": replace(usual, **accepted, held_choice="keep", held_chosen_by=ANNA),
        "accepted calm": replace(usual, **accepted, held=(), notes=()),
    }


def brief(words: Words = PLAIN, **changes: object) -> Brief:
    usual = Brief(
        person=ANNA,
        start=NOW,
        end=NOW + 9 * HOUR,
        store_names=("Nordlicht", words.name),
        with_me=(BOB,),
        mine=queue(2, words),
        due=queue(4, words),
        next_on=(LI_WEI,),
        next_at=NOW + 9 * HOUR,
        as_of=NOW,
        notes=((words.name, words.text),),
    )
    return replace(usual, **changes)


def my_shifts(**changes: object) -> MyShifts:
    usual = MyShifts(
        zone="Asia/Shanghai",
        until=NOW + 9 * HOUR,
        with_me=(CHEN_YU,),
        back_at=None,
        next_on=(ANNA,),
        next_at=NOW + 9 * HOUR,
        week=(shift_line(LI_WEI, 0, 9), shift_line(LI_WEI, 36, 9, ("Nordlicht",))),
    )
    return replace(usual, **changes)


def every_view(say: Say, words: Words = PLAIN) -> Iterator[tuple[str, Post | Block]]:
    """Each view of shifts, in each state that it has, by name."""
    for name, one in staffed_cases(words):
        yield f"staffed card {name}", case_card.card(one, say, choices(2, words))
        yield f"staffed ping {name}", pings.ping(one, "3h", say)
        yield f"offered {name}", briefs.offered(one, say)
    yield "offered without a rota", briefs.offered(case(words), say)
    yield from _oncalls(say, words)
    for name, one in shift_changes(words).items():
        yield f"handover {name}", handover.handover(one, say)
        yield f"handover reminder {name}", handover.reminder(one, say)
        yield f"handover for managers {name}", handover.reminder_for_managers(one, say)
    yield "handover note", handover.note_modal(31, say, words.text)
    yield from _briefs(say, words)
    yield from _pages(say, words)


def _oncalls(say: Say, words: Words) -> Iterator[tuple[str, Post | Block]]:
    busy = tuple(replace(one, changes=(TO_NEW_YORK, TO_NOBODY) * 9) for one in stores(words))
    pages = {
        "": page(words),
        "no rota": without_rota(words),
        "no stores": page(stores=()),
        "empty": page(week=()),
        "a big team": page(stores=(StoreShifts("s", "S", (BEIJING,) * 20, (TO_NEW_YORK,)),)),
        "busy": page(stores=busy, week=week(60, words)),
    }
    for name, one in pages.items():
        for part in ("now", "next", "week"):
            yield f"oncall {part} {name}", oncall.oncall(one, say, part)


def _briefs(say: Say, words: Words) -> Iterator[tuple[str, Post | Block]]:
    alone = brief(words, with_me=(), mine=(), due=(), next_at=None, notes=(), store_names=())
    long = brief(words, mine=queue(30, words), due=queue(30, words), notes=((words.name, words.text),) * 9)
    for name, one in {"usual": brief(words), "alone": alone, "long": long}.items():
        yield f"shift begins {name}", briefs.shift_begins(one, say)
        yield f"shift ends {name}", briefs.shift_ends(one, say)
    for at in (None, NIGHT):
        warning = Unstaffed(("Nordlicht", words.name), queue(12, words), (ANNA,), at, NOW)
        yield f"nobody on {at}", briefs.nobody_on(warning, say)


def _pages(say: Say, words: Words) -> Iterator[tuple[str, Post | Block]]:
    mine = {
        "on": my_shifts(),
        "alone": my_shifts(with_me=(), next_on=(), next_at=None),
        "off": my_shifts(until=None, back_at=NOW + 36 * HOUR),
        "never": my_shifts(until=None, week=()),
    }
    for name, one in mine.items():
        drawn = home.HomeSnapshot(LI_WEI, words.name, "agent", queue(3, words), (), None, NOW, shifts=one)
        yield f"home {name}", home.home(drawn, say, board.Targets())
    watched = replace(
        sla(words), unstaffed=(("Nordlicht", NIGHT), (words.name, None)), off_shift=frozenset({ANNA})
    )
    yield (
        "watched board",
        board.sla_board(watched, say, [], board.Targets(), {LI_WEI: "09:20", ANNA: "20:20"}),
    )
    people = [
        modals.Colleague("U0A", words.name * 3, "20:20", 3, is_on=False),
        modals.Colleague("U0B", words.name * 3, "09:20", 12, is_on=True, until="18:00"),
    ]
    yield "assign on shift", modals.assign(case(words), people, say)
