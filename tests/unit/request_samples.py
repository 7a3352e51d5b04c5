"""Invented shift requests for the tests of their views, and a list of every view of `/shift`.

Times: Li Wei works Mon 30 Nov 2026 09:00-18:00 in Beijing, which is Sun 20:00 to Mon 05:00 in New York.
`Words` are what other people wrote or named: the tests plant nasty ones.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.shift_snapshots import Change, Effect, GapsPage, ShiftLine, ShiftRequest, Vacancy
from bot.slack.blocks import Block, Post
from bot.slack.texts import Say
from bot.slack.views import shift_gaps, shift_modals, shift_posts
from bot.slack.views.shift_modals import Reader, SwapForm, Teammate
from tests.unit.view_samples import ANNA, LI_WEI, PLAIN, Words

BOB, WANG = "U0BOB", "U0WANG"
BEIJING, NEW_YORK, LOS_ANGELES = "Asia/Shanghai", "America/New_York", "America/Los_Angeles"
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START, END = datetime(2026, 11, 30, 1, 0, tzinfo=UTC), datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
THEIRS, THEIRS_END = datetime(2026, 12, 1, 14, 0, tzinfo=UTC), datetime(2026, 12, 1, 22, 0, tzinfo=UTC)
READER = Reader(LI_WEI, BEIJING)
STATES = ("open", "accepted", "done", "declined", "cancelled", "expired")


def shifts(words: Words = PLAIN, count: int = 3, zone: str = BEIJING) -> tuple[ShiftLine, ...]:
    return tuple(
        ShiftLine(LI_WEI, zone, START + n * DAY, END + n * DAY, "beijing", (words.name,) if n % 2 else ())
        for n in range(count)
    )


def team(words: Words = PLAIN) -> tuple[Teammate, ...]:
    return (Teammate(ANNA, words.name, NEW_YORK), Teammate(BOB, "Bob Rivera", LOS_ANGELES))


def effect(words: Words = PLAIN, gaps: int = 1) -> Effect:
    """Li Wei leaves at 01:00 UTC with nobody after him; a fatal gap, a short one, and one that closes."""
    opened = [(words.name, START + n * DAY, START + n * DAY + 25 * HOUR, n % 2 == 0) for n in range(gaps)]
    return Effect(
        changes=(
            (words.name, Change(START, (), (ANNA,), (ANNA, BOB))),
            ("Sunrise", Change(END, (ANNA,), (), ())),
        ),
        opened=tuple(opened),
        closed=(("Sunrise", THEIRS, THEIRS_END, False),),
    )


NOTHING = Effect((), (), ())


def request(kind: str = "cover", words: Words = PLAIN, **changes: object) -> ShiftRequest:
    """A request of Li Wei's that waits; `changes` are fields."""
    is_swap, is_override = kind == "swap", kind == "override"
    new = ShiftRequest(
        id=12,
        kind=kind,
        state="open",
        by=WANG if is_override else LI_WEI,
        by_zone=BEIJING,
        start=START,
        end=END,
        other=ANNA if is_swap or is_override else None,
        other_zone=NEW_YORK if is_swap or is_override else None,
        other_start=THEIRS if is_swap else None,
        other_end=THEIRS_END if is_swap else None,
        instead_of=LI_WEI if is_override else None,
        stores=(("nordlicht", words.name), ("sunrise", "Sunrise")),
        note=words.short,
        decided_by=None,
        needs_manager=False,
        effect=effect(words),
        as_of=NOW,
        reason="sick" if kind == "off" else "",
        could=((ANNA, NEW_YORK), (BOB, LOS_ANGELES)) if kind == "cover" else (),
        told=(ANNA, BOB),
        channel="C0NORD" if kind == "cover" else None,
    )
    return replace(new, **changes)


TAKEN = {"other": ANNA, "other_zone": NEW_YORK}
OVERRIDES: dict[str, dict[str, object]] = {
    "instead": {},
    "besides": {"instead_of": None},
    "off": {"other": None, "other_zone": None},
}


def wishes(words: Words = PLAIN) -> dict[str, ShiftRequest]:
    """Each kind of wish as the preview gets it."""
    return {
        "cover": request("cover", words),
        "cover by an owl": request("cover", words, could=(), stores=(), note="", needs_manager=True),
        "cover taken": request("cover", words, **TAKEN),
        "swap": request("swap", words),
        "take": request("take", words, id=0, told=(), note=""),
        "take of a cover": request("take", words, instead_of=ANNA),
        "off": request("off", words, end=START + 9 * DAY, asks_cover=True),
        "many": request("off", words, told=tuple(f"U{n}" for n in range(40)), effect=effect(words, 40)),
        "two gaps": request("off", words, effect=effect(words, 2)),
        "no effect": request("off", words, effect=None),
        "nothing changes": request("off", words, effect=NOTHING),
        **{f"override {name}": request("override", words, **facts) for name, facts in OVERRIDES.items()},
    }


def vacancies(words: Words = PLAIN, count: int = 2) -> tuple[Vacancy, ...]:
    asked = Vacancy(12, ANNA, None, (words.name,), START, END, note=words.short, rest_before=6 * HOUR)
    gap = Vacancy(
        None, None, "nordlicht", ("Nordlicht",), THEIRS, THEIRS_END, fatal=True, rest_after=7 * HOUR
    )
    wide = Vacancy(None, None, None, (), THEIRS_END, THEIRS_END + HOUR)
    both = (asked, gap, wide)
    return tuple(
        replace(both[n % 3], request=both[n % 3].request and n, start=both[n % 3].start - n * HOUR)
        for n in range(count)
    )


MARCH = datetime(2027, 3, 14, 0, 0, tzinfo=UTC)


def gaps_page(words: Words = PLAIN, **changes: object) -> GapsPage:
    """Both stores are bare 00:00-01:00 UTC from the day on which New York's clocks change; one gap is fatal."""
    daily = [
        (store, None, MARCH - DAY + n * DAY, MARCH - DAY + n * DAY + HOUR, False)
        for store in (words.name, "Sunrise")
        for n in range(22)
    ]
    weekends = [
        ("Sunrise", "de", MARCH + n * 7 * DAY, MARCH + n * 7 * DAY + 14 * HOUR, False) for n in range(3)
    ]
    workdays = [
        ("Sunrise", "fr", MARCH + n * DAY, MARCH + n * DAY + 2 * HOUR, False) for n in (1, 2, 3, 4, 5, 8, 9)
    ]
    fatal = (words.name, None, MARCH + 40 * DAY, MARCH + 40 * DAY + 49 * HOUR, True)
    page = GapsPage(
        start=MARCH - 2 * DAY,
        end=MARCH + 56 * DAY,
        gaps=(*daily, *weekends, *workdays, fatal),
        rates=((words.name, 0.8574, 0.8812), ("Sunrise", 1.0, None)),
        short_rests=((LI_WEI, START, START + 8 * HOUR, 8 * HOUR),),
        stress=(
            ("Spring Festival", MARCH - 30 * DAY, MARCH - 20 * DAY, 0.714, 2),
            ("Golden Week", MARCH + 200 * DAY, MARCH + 210 * DAY, 0.9, 1),
            ("Thanksgiving", MARCH + 256 * DAY, MARCH + 263 * DAY, 1.0, 0),
            ("Christmas", MARCH + 284 * DAY, MARCH + 290 * DAY, 1.0, 0),
            (words.name, MARCH, MARCH + 3 * DAY, 1.0, 0),
        ),
        target=0.95,
        edition="2026f",
        certificate="ab12cd34ef56" * 5,
        as_of=NOW,
    )
    return replace(page, **changes)


WHOLE = {"gaps": (), "short_rests": (), "stress": (), "rates": (("Nordlicht", 1.0, 0.99),)}


def every_view(say: Say, words: Words = PLAIN) -> Iterator[tuple[str, Post | Block]]:
    """Each view of `/shift`, in each state that it has, by name."""
    yield from _modals(say, words)
    yield from _posts(say, words)
    yield from _gaps(say, words)


def _modals(say: Say, words: Words) -> Iterator[tuple[str, Post | Block]]:
    for count in (0, 3, 130):
        mine = shifts(words, count)
        yield f"cover {count}", shift_modals.cover(mine, (NEW_YORK, LOS_ANGELES, BEIJING), READER, say)
        yield f"swap {count}", shift_modals.swap(SwapForm(mine, team(words)), READER, say)
        theirs = SwapForm(shifts(words), team(words), team(words)[0], mine)
        yield f"swap with somebody {count}", shift_modals.swap(theirs, READER, say)
        yield f"take {count}", shift_modals.take(vacancies(words, count), READER, say)
    yield "swap with nobody", shift_modals.swap(SwapForm(shifts(words), ()), READER, say)
    yield "off", shift_modals.off(READER, say)
    stores = {f"s{n}": f"{words.name} {n}" for n in range(120)}
    yield "override", shift_modals.override(team(words) * 60, stores, READER, say)
    yield "override of one store", shift_modals.override(team(words), {"s": words.name}, READER, say)
    mine = shift_modals.override(team(words), {"s": words.name}, READER, say, every=False)
    yield "override by a manager of one of the stores", mine
    yield "override of nobody", shift_modals.override((), {}, READER, say)
    for name, wish in wishes(words).items():
        yield f"preview {name}", shift_modals.preview(wish, READER, say)


def _posts(say: Say, words: Words) -> Iterator[tuple[str, Post | Block]]:
    for state in STATES:
        for needs in (False, True):
            facts = {"state": state, "needs_manager": needs, "decided_by": WANG}
            taken = TAKEN if state in ("accepted", "done", "declined") else {}
            yield (
                f"cover post {state} {needs}",
                shift_posts.cover_post(request("cover", words, **facts, **taken), say),
            )
            yield f"swap offer {state} {needs}", shift_posts.swap_offer(request("swap", words, **facts), say)
    turned_down = request("swap", words, state="declined", decided_by=ANNA)
    yield "swap turned down", shift_posts.swap_offer(turned_down, say)
    for state in STATES:
        for name, wish in wishes(words).items():
            stands = replace(wish, state=state, decided_by=WANG)
            yield f"asked {name} {state}", shift_posts.asked(stands, NEW_YORK, say)
    for state in STATES[1:]:
        for name, wish in wishes(words).items():
            asked = replace(wish, state=state, decided_by=WANG)
            yield f"approval {name} {state}", shift_posts.approval(asked, NEW_YORK, say)
            for person in dict.fromkeys((wish.by, ANNA, LI_WEI, BOB)):
                if state != "accepted":
                    yield f"told {name} {state} {person}", shift_posts.told(asked, person, say)
    for person in (LI_WEI, ANNA):
        yield f"told turned down {person}", shift_posts.told(turned_down, person, say)
    for is_manager in (False, True):
        for typed in ("", words.short):
            drawn = shift_posts.usage(say, {"shift": "/amz-shift"}, is_manager=is_manager, typed=typed)
            yield f"usage {is_manager} {not typed}", drawn


def _gaps(say: Say, words: Words) -> Iterator[tuple[str, Post | Block]]:
    chart = shift_gaps.Chart("F0CHART", words.text)
    many = tuple(
        (f"{words.name} {n}", None, MARCH + n * HOUR, MARCH + 2 * n * HOUR, n > 24) for n in range(1, 60)
    )
    pages = {
        "some": gaps_page(words),
        "one store": gaps_page(words, store="nordlicht"),
        "none": gaps_page(words, **WHOLE),
        "many": gaps_page(words, gaps=many, rates=tuple((f"{words.name} {n}", 0.9, 0.9) for n in range(60))),
    }
    for name, page in pages.items():
        yield f"gaps {name}", shift_gaps.gaps(page, say, chart=chart)
        yield f"gaps posted {name}", shift_gaps.gaps(page, say, posted=True)
        yield f"warning {name}", shift_gaps.gap_warning(page, say, mention_people=(WANG,))
