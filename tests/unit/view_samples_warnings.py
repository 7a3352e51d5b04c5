"""Invented standings and warnings for the tests of views, and one list of every view that shows them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.budget import Budget, Burn
from bot.domain.peak import Peak
from bot.domain.shift_snapshots import OncallPage, StoreShifts
from bot.domain.snapshots import CaseSnapshot
from bot.domain.standings import Standing, Warned
from bot.domain.streaks import METRICS, Counts, Limits, Streak
from bot.slack.blocks import Block, Post
from bot.slack.texts import Say
from bot.slack.views import board, case_card, home, oncall, pings, warnings
from tests.unit.view_samples import ANNA, HOUR, LI_WEI, NOW, PLAIN, Words, case, sla

FRIDAY = date(2026, 11, 27)
PEAK = Peak(date(2026, 11, 20), date(2026, 12, 31), 12)
WEEK = Counts(in_time=133, late=12, overdue=5)


def streak(metric: str = "response_rate", days: int = 4) -> Streak:
    value = 8.5 * 3600 if metric == "average_time" else 0.789
    first, last = FRIDAY - timedelta(days=days), FRIDAY - timedelta(days=1)
    return Streak(metric, days, first, last, value, FRIDAY)  # type: ignore[arg-type]  # one of METRICS


def budgets(lost: int = 17, expected: int | None = 62) -> tuple[Budget, ...]:
    return (Budget("minimum", 0.9, 150, lost, expected), Budget("target", 0.95, 150, lost, expected))


def burn(ends_at: datetime | None = NOW + 50 * HOUR, level: int = 0) -> Burn:
    return Burn(budgets()[level], 3, 12, ends_at)


def standing(words: Words = PLAIN, **changes: object) -> Standing:
    usual = Standing(
        store="nordlicht",
        store_name="Nordlicht" if words is PLAIN else words.name,
        zone="Europe/Berlin",
        as_of=NOW,
        limits=Limits(),
        week_start=datetime(2026, 11, 22, 23, tzinfo=UTC),
        week_end=datetime(2026, 11, 29, 23, tzinfo=UTC),
        week=WEEK,
        budgets=budgets(),
        burns=(),
        streaks=tuple(Streak(metric, 0, None, None, None, FRIDAY) for metric in METRICS),
    )
    return replace(usual, **changes)


def standings(words: Words = PLAIN) -> dict[str, Standing]:
    """A store in each state that a standing can have."""
    nothing = (Budget("minimum", 0.9, 0, 0, None), Budget("target", 0.95, 0, 0, None))
    few = (Budget("minimum", 0.9, 8, 0, None), Budget("target", 0.95, 8, 0, None))
    return {
        "on its way": standing(words),
        "with little missed": standing(words, week=Counts(in_time=99, late=1), budgets=budgets(1)),
        "between": standing(words, week=Counts(in_time=93, late=7), budgets=budgets(7)),
        "without a forecast": standing(words, budgets=budgets(7, None)),
        "at the limit": standing(words, budgets=budgets(15, None)),
        "one over the limit": standing(words, budgets=budgets(16, None)),
        "at the target": standing(words, budgets=budgets(7, None)),
        "one over the target": standing(words, budgets=budgets(8, None)),
        "over": standing(words, budgets=budgets(30), burns=(burn(None),)),
        "burning": standing(words, burns=(burn(), burn(level=1))),
        "with few": standing(words, week=Counts(in_time=8), budgets=few),
        "at first": standing(words, week=Counts(), budgets=nothing),
        "waiting": standing(words, week=Counts(waiting=3), budgets=budgets(0)),
        "forecast": standing(words, streaks=tuple(streak(metric, 3) for metric in METRICS)),
        "warned": standing(words, streaks=(streak(days=8),)),
        "in peak mode": standing(words, peak=PEAK),
    }


def warned(words: Words = PLAIN) -> dict[str, Warned]:
    store = "Nordlicht" if words is PLAIN else words.name
    found = {
        f"streak {metric}": Warned(store, "Europe/Berlin", NOW, Limits(), streak=streak(metric, 7))
        for metric in METRICS
    }
    for name, one in {
        "budget": burn(),
        "budget spent": burn(None),
        "budget of the target": burn(level=1),
    }.items():
        found[name] = Warned(store, "Europe/Berlin", NOW, Limits(), burn=one)
    return found


def in_peak(words: Words = PLAIN, *, hours: float = 2, **changes: object) -> CaseSnapshot:
    """The target is so many hours away."""
    return case(words, target=(NOW + hours * HOUR, 12), **changes)


def every_view(say: Say, words: Words = PLAIN) -> Iterator[tuple[str, Post | Block]]:
    """(name, view) of each view that shows a standing, a warning or an internal target."""
    for name, one in standings(words).items():
        shown = replace(sla(words), standings=(one,))
        yield f"board {name}", board.sla_board(shown, say, (("nordlicht", words.name),), board.Targets())
    many = replace(sla(words), standings=tuple(standings(words).values()) * 3)
    yield "board of many", board.sla_board(many, say, (), board.Targets())
    page = home.HomeSnapshot(LI_WEI, words.name, "manager", (), (), many, NOW)
    yield "home of many", home.home(page, say, board.Targets())
    on = tuple(StoreShifts("s", one.store_name, (), (), one.peak) for one in standings(words).values())
    yield "on shift in peak mode", oncall.oncall(OncallPage(NOW, on), say)
    for name, one in warned(words).items():
        yield f"warning {name}", warnings.warning(one, say)
    for name, one in {"before": in_peak(words), "after": in_peak(words, hours=-1)}.items():
        yield f"card {name} its target", case_card.card(one, say)
        yield f"ping {name} its target", pings.ping(one, "peak_3h", say, (LI_WEI, ANNA))
