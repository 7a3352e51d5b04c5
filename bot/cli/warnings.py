"""`reply24 sla warnings`: error budget, streaks and peak mode of each store."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import printing
from bot.cli.at_desk import at_desk, check_store

if TYPE_CHECKING:
    from bot.domain.standings import Standing


def warnings(
    store: Annotated[str, typer.Option(help="One store; all of them without it.")] = "",
    as_json: printing.AsJson = False,
) -> None:
    """This week's error budget, days in a row below a threshold, peak mode; 1 if a warning stands."""
    from bot.desk import standings
    from bot.slack.texts import Say
    from bot.slack.views.lines import aloud
    from bot.slack.views.warnings import standing_lines

    with at_desk() as desk:
        check_store(store, desk.settings.stores)
        found = standings.now(desk, store or None)
    for one in found:
        if as_json:
            printing.as_json(standing_json(one))
    if not as_json:
        say = Say("en")
        for line in standing_lines(found, say):
            printing.line(aloud([line], say))
    if any(stands(one) for one in found):
        raise typer.Exit(1)


def stands(one: "Standing") -> bool:
    """Whether a streak is long enough for a warning, or more was missed than the minimum allows."""
    from bot.domain.streaks import is_warning

    return any(is_warning(each, one.limits) for each in one.streaks) or one.budgets[0].left < 0


def standing_json(one: "Standing") -> dict[str, Any]:
    """All of a standing, a line a store. Rates are fractions, spans are seconds, times are ISO 8601 UTC."""
    from bot.cli.printing import plain
    from bot.domain.streaks import due_day, is_warning

    budgets = [
        asdict(each) | {"total": each.total, "allowed": each.allowed, "left": each.left}
        for each in one.budgets
    ]
    burns = [
        {
            "level": each.budget.level,
            "lost_6h": each.lost_short,
            "lost_24h": each.lost_long,
            "ends_at": each.ends_at,
        }
        for each in one.burns
    ]
    streaks = [
        asdict(each) | {"due_day": due_day(each, one.limits), "is_warning": is_warning(each, one.limits)}
        for each in one.streaks
    ]
    shown = asdict(one) | {"budgets": budgets, "burns": burns, "streaks": streaks}
    return {key: plain(value) for key, value in shown.items()}
