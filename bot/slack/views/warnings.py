"""Error budget, streaks and peak mode: lines of the board, and the warnings to managers.

The rules: domain/budget.py, domain/streaks.py, domain/peak.py. They are printed, because figures are argued about.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from bot.domain.budget import Budget, Burn
from bot.domain.peak import Peak
from bot.domain.standings import Standing, Warned
from bot.domain.streaks import Limits, Metric, Streak, due_day, figure, is_warning, light
from bot.domain.zones import day_at
from bot.slack import ids
from bot.slack.blocks import Block, Post, actions, button, context, header, section
from bot.slack.inert import escape, shorten, when
from bot.slack.texts import Say, duration
from bot.slack.views import lines, shift_times

_LIGHTS = {"red": "🔴", "amber": "🟡", "green": "🟢"}
_STORES = 10
_BRIEF = 2


def on_board(standings: Sequence[Standing], say: Say) -> list[Block]:
    """What the board says of budgets, streaks and peak mode; of very many stores the first."""
    if not standings:
        return []
    rows = standing_lines(standings[:_STORES], say)
    rest = len(standings) - _STORES
    return [
        *lines.sections([say("standing.head"), *rows]),
        *([context(say("standing.more", stores=rest))] if rest > 0 else []),
    ]


def standing_lines(standings: Sequence[Standing], say: Say) -> list[str]:
    """The same in lines, for other pages: peak mode, each store's budget, what burns, streaks from day 3 on."""
    rows = peak_lines(((one.store_name, one.peak) for one in standings), say)
    return [*rows, *(line for one in standings for line in _store_lines(one, say))]


def in_short(standings: Sequence[Standing], say: Say) -> list[str]:
    """For pages about other things: peak mode, and of all stores those two that need a manager most."""
    rows = peak_lines(((one.store_name, one.peak) for one in standings), say)
    worst = sorted(standings, key=_calmness)[:_BRIEF]
    rest = len(standings) - len(worst)
    more = [say("digest.more_stores", n=rest)] if rest else []
    return [*rows, *(line for one in worst for line in _store_lines(one, say)), *more]


def _calmness(one: Standing) -> tuple[bool, bool, int]:
    """What alarms, or counts days, comes first; then where least may still be missed, and last where nothing came."""
    counts_days = any(is_warning(each, one.limits) or due_day(each, one.limits) for each in one.streaks)
    total, left = (one.budgets[0].total, one.budgets[0].left) if one.budgets else (0, 0)
    return not (one.burns or counts_days), not total, left


def _store_lines(one: Standing, say: Say) -> list[str]:
    burning = [_burn(each, one.zone, say) for each in one.burns[:1]]
    streaks = [line for each in one.streaks if (line := _streak(each, one, say))]
    return [_budget(one, say), *burning, *streaks]


def peak_lines(stores: Iterable[tuple[str, Peak | None]], say: Say) -> list[str]:
    """Each peak mode that acts now, with its stores; `stores` are their names with what acts on each."""
    found: dict[Peak, list[str]] = {}
    for name, peak in stores:
        if peak is not None:
            found.setdefault(peak, []).append(name)
    return [
        say("peak.now", day=_day(peak.last_day, say), stores=lines.stores(names, say), hours=_hours(peak))
        for peak, names in found.items()
    ]


def _hours(peak: Peak) -> str:
    return f"{peak.target_hours:g}"


def _budget(one: Standing, say: Say) -> str:
    store = lines.store(one.store_name, say)
    if not one.budgets or not one.budgets[0].total:
        return say("budget.nothing", store=store)
    value = figure("response_rate", one.week)
    sign = "⚪" if value is None else _LIGHTS[light("response_rate", value, one.limits)]
    levels = say.several([_level(each, say) for each in one.budgets])
    return say("budget.store", light=sign, store=store, total=_total(one.budgets[0], say), levels=levels)


def _total(one: Budget, say: Say) -> str:
    if one.expected is None:
        return say("budget.total_so_far", messages=say.count("message", one.so_far))
    messages = say.count("message", one.total)
    return say("budget.total", messages=messages, so_far=one.so_far, expected=one.expected)


def _level(one: Budget, say: Say) -> str:
    rate = lines.percent(one.rate)
    if one.left < 0:
        return say(f"budget.{one.level}.over", more=say.count("more_missed", -one.left), rate=rate)
    if one.left == 0:
        return say(f"budget.{one.level}.none", rate=rate)
    return say(f"budget.{one.level}.left", n=one.left, rate=rate)


def _burn(one: Burn, zone: str, say: Say) -> str:
    level = say(f"budget.{one.budget.level}.name", rate=lines.percent(one.budget.rate))
    if one.ends_at is None:
        return say("budget.spent", level=level, lost=one.budget.lost)
    day = shift_times.day(one.ends_at, zone, say)
    return say("budget.burns", level=level, day=day, short=one.lost_short, long=one.lost_long)


def _what(metric: Metric, limits: Limits, say: Say) -> str:
    """What is below: "response rate below 90 %"."""
    limit = {
        "response_rate": lines.percent(limits.minimum),
        "average_time": duration(timedelta(hours=limits.average_hours), say),
        "closing_rate": lines.percent(limits.closing),
    }[metric]
    return say(f"streak.{metric}", limit=limit)


def _streak(one: Streak, standing: Standing, say: Say) -> str | None:
    limits, day = standing.limits, due_day(one, standing.limits)
    facts = {
        "store": lines.store(standing.store_name, say),
        "what": _what(one.metric, limits, say),
        "n": one.days,
        "first": _day(one.first, say),
    }
    if is_warning(one, limits):
        return say("streak.over", **facts)
    return say("streak.forecast", days=limits.days, day=_day(day, say), **facts) if day else None


def _day(day: date | None, say: Say) -> str:
    """A day of a store's: "Fri 27 Nov"."""
    return shift_times.day(day_at(day, "UTC"), "UTC", say) if day else ""


def warning(one: Warned, say: Say) -> Post:
    """To the managers and their channel: what is wrong, since when, by which rule."""
    store = shorten(one.store_name, 60)
    zone, now = escape(one.zone), when(one.at)
    if one.streak is not None:
        title = say("streak.title", store=store, n=one.streak.days)
        said = [_streak_said(one.streak, one, say), say("streak.do")]
        rule = say("streak.rule", zone=zone, now=now)
    elif one.burn is not None:
        title = say("budget.title" if one.burn.ends_at else "budget.title_spent", store=store)
        budget = one.burn.budget
        stands = say("budget.stands", total=_total(budget, say), level=_level(budget, say))
        said = [_burn(one.burn, one.zone, say), stands]
        rule = say("budget.rule", zone=zone, now=now)
    else:
        raise ValueError("a warning is about a streak or a budget")
    board = button(ids.HOME_BOARD, say("home.board"), "all", label=say("home.board_label"))
    return Post(
        lines.aloud([escape(title), *said], say),
        [header(title), section(*said), context(rule), actions(board)],
    )


def _streak_said(one: Streak, warned: Warned, say: Say) -> str:
    value = one.value or 0.0
    shown = duration(timedelta(seconds=value), say) if one.metric == "average_time" else lines.percent(value)
    return say(
        "streak.what",
        store=lines.store(warned.store_name, say),
        what=_what(one.metric, warned.limits, say),
        n=one.days,
        first=_day(one.first, say),
        last=_day(one.last, say),
        value=shown,
    )
