"""Invented digests for the tests of views, and one list of every view that shows them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.causes import shares
from bot.domain.digests import (
    DayDigest,
    GapAhead,
    Period,
    StoreFigures,
    TemplateUse,
    Volume,
    WeekDigest,
    day_of,
)
from bot.domain.sla import Figures
from bot.slack.blocks import Block, Post, picture
from bot.slack.texts import Say
from bot.slack.views import digest, digest_charts
from bot.slack.views.board import Targets
from tests.unit.view_samples import PLAIN, Words
from tests.unit.view_samples_causes import one_of_each
from tests.unit.view_samples_warnings import standing, standings

BERLIN, LOS_ANGELES = "Europe/Berlin", "America/Los_Angeles"
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = day_of(date(2026, 11, 23), BERLIN)
WEEK = Period(BERLIN, date(2026, 11, 16), date(2026, 11, 22))
EARLIER = Period(LOS_ANGELES, date(2026, 11, 15), date(2026, 11, 21))


def figures(in_time: int = 0, late: int = 0, overdue: int = 0, waiting: int = 0) -> Figures:
    decided, answered = in_time + late + overdue, in_time + late
    return Figures(
        received=decided + waiting,
        in_time=in_time,
        late=late,
        overdue=overdue,
        waiting=waiting,
        excused=0,
        response_rate=in_time / decided if decided else None,
        late_response_rate=(late + overdue) / decided if decided else None,
        average_seconds=9660.0 if answered else None,
        median_seconds=5400.0 if answered else None,
        closing_rate=answered / (decided + waiting) if decided + waiting else None,
    )


def store(
    name: str,
    found: Figures,
    period: Period = DAY,
    *,
    late_on_arrival: int = 0,
    before: float | None = None,
    overdue: int = 0,
) -> StoreFigures:
    found = replace(found, late_on_arrival=late_on_arrival)
    return StoreFigures(name.casefold(), name, period, found, 3, overdue, before)


def day(words: Words = PLAIN, **changes: object) -> DayDigest:
    """Tomorrow nobody is on for seven hours at both stores."""
    stores = (
        store(words.name, figures(39, 1, 0, 2)),
        store("Sunrise", figures(89, 11), late_on_arrival=2, overdue=1),
    )
    tomorrow = DAY.end + 11 * HOUR
    gaps = tuple(
        GapAhead(one, tomorrow, tomorrow + 7 * HOUR, is_fatal=False) for one in (words.name, "Sunrise")
    )
    return replace(DayDigest(NOW, DAY, stores, gaps), **changes)  # type: ignore[arg-type]  # fields of the digest


def volume(**changes: object) -> Volume:
    staffed = (2, 1, 0, 0, 0, 1, 3, 8, 15, 22, 31, 28, 20, 18, 16, 9, 5, 0, 0, 0, 0, 4, 3, 2)
    unstaffed = tuple(6 if hour in (17, 18, 19, 20) else 0 for hour in range(24))
    other = ("7", "13", "19", "1")
    found = Volume((BERLIN, "Asia/Shanghai"), staffed, unstaffed, other)
    return replace(found, **changes)  # type: ignore[arg-type]  # fields of the volume


def week(words: Words = PLAIN, **changes: object) -> WeekDigest:
    stores = (
        store(words.name, figures(390, 8, 2, 3), WEEK, before=0.96, overdue=2),
        store("Sunrise", figures(270, 20), EARLIER, before=0.9),
        store("Sakura", figures(150, 20), EARLIER, late_on_arrival=1),
        store("Neu", figures(), WEEK),
    )
    found = WeekDigest(
        as_of=NOW,
        stores=stores,
        total=figures(810, 48, 2, 3),
        before=0.931,
        volume=volume(),
        answers=(310, 240, 150, 80, 30, 48, 2),
        topics=(("delivery", 400), ("return", 250), ("refund", 120), ("other", 93)),
        templates=(TemplateUse("late-1", 81, 12), TemplateUse("late-2", 40, 0)),
        shares=shares(one_of_each()),
        standings=(standing(words), standings(words)["burning"], standings(words)["in peak mode"]),
    )
    return replace(found, **changes)  # type: ignore[arg-type]  # fields of the digest


NOTHING = week(
    stores=(store("Neu", figures(), WEEK),),
    total=figures(),
    before=None,
    volume=volume(staffed=(0,) * 24, unstaffed=(0,) * 24),
    answers=(0,) * 7,
    topics=(),
    templates=(),
    shares=shares(()),
    standings=(standings()["at first"],),
)


def illustrated(post: Post, found: WeekDigest, say: Say, targets: Targets) -> Post:
    """With pictures, as if Slack held them."""
    drawn = digest_charts.drawings(found, say, targets)
    return Post(post.text, [*post.blocks, *(picture(f"F{at}", one.alt_text) for at, one in enumerate(drawn))])


def every_view(say: Say, words: Words = PLAIN) -> Iterator[tuple[str, Post | Block]]:
    """Every view of this room by a name."""
    targets, titles = Targets(), {"late-1": words.short, "late-2": "Delivery delay"}
    fatal = (GapAhead("Sunrise", DAY.end, DAY.end + 40 * HOUR, is_fatal=True),)
    many = tuple(GapAhead("Sunrise", DAY.end + n * HOUR, DAY.end + (n + 1) * HOUR, False) for n in range(9))
    days = {
        "two stores": day(words),
        "fatal gap": day(words, gaps=fatal),
        "many gaps": day(words, gaps=many),
        "no gap": day(words, gaps=()),
        "nothing yet": day(words, stores=(store(words.name, figures()),)),
        "undecided": day(words, stores=(store(words.name, figures(waiting=1)),)),
        "between": day(words, stores=(store(words.name, figures(94, 6)),)),
        "sixty stores": day(words, stores=tuple(store(f"{words.name} {n}", figures(n)) for n in range(60))),
    }
    for name, found in days.items():
        yield f"day {name}", digest.daily(found, say, targets)
    crowd = tuple(store(f"{words.name} {n}", figures(90, n), WEEK) for n in range(60))
    changed = volume(changed=(BERLIN,), other=("7", "13", "19:30", "1"))
    weeks = {
        "four stores": week(words),
        "clock change": week(words, volume=changed),
        "sixty stores": week(words, stores=crowd),
        "nothing": NOTHING,
        "no answers": week(words, total=figures(waiting=4), before=None, templates=()),
    }
    for name, one in weeks.items():
        post = digest.weekly(one, say, targets, titles)
        yield f"week {name}", post
        yield f"week {name}, pictures", illustrated(post, one, say, targets)
        charts = digest_charts.native(one, say)
        yield f"week {name}, Slack's charts", Post(post.text, [*post.blocks, *charts])
