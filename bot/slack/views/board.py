"""The board of `/sla-status`: where the stores stand now, over time, and what to answer first.

Layout: slack reference 4.9. Disputes begin with definitions, so they are printed (`domain.sla`).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.sla import Figures
from bot.domain.snapshots import Board
from bot.slack import ids
from bot.slack.blocks import Block, Post, actions, button, context, divider, header, section, select, table
from bot.slack.inert import escape, mention, shorten, utc, when
from bot.slack.texts import Say, duration
from bot.slack.views import lines

ALL = "all"
_AT_RISK = 15
_PEOPLE = 20


@dataclass(frozen=True, slots=True)
class Targets:
    """What the figures are held against. Rates are fractions."""

    minimum: float = 0.90
    target: float = 0.95
    average_hours: float = 6
    closing: float = 0.85


def sla_board(
    board: Board,
    say: Say,
    stores: Sequence[tuple[str, str]],
    targets: Targets,
    local_times: Mapping[str, str] | None = None,
) -> Post:
    """The whole board. `stores` are (key, name); `local_times` goes from person to "02:10"."""
    return Post(
        _spoken(board, say, targets),
        [
            header(_title(board, say)),
            section(*_now_lines(board, say)),
            _period_table(board, say, targets),
            *_first(board, say),
            *_people(board, say, local_times or {}),
            divider(),
            context(_definitions(board, say, targets)),
            context(say("board.as_of", now=when(board.as_of))),
            actions(*_buttons(board, say, stores)),
        ],
    )


def _name(board: Board, say: Say) -> str:
    return board.store_name or say("board.all")


def _title(board: Board, say: Say) -> str:
    return say("board.title", store=shorten(_name(board, say), 100))


def _now_lines(board: Board, say: Say) -> tuple[str | None, ...]:
    overdue, h1, h3, h6, h12, h24 = board.by_time_left
    return (
        say(
            "board.now",
            open=say.count("open", board.open_cases),
            unclaimed=board.unclaimed,
            overdue=f"🔴 {overdue}" if overdue else overdue,
        ),
        say("board.left", h1=h1, h3=h3, h6=h6, h12=h12, h24=h24),
        _unstaffed_line(board, say),
        say("board.waiting", mails=say.count("mail", board.waiting_mails)) if board.waiting_mails else None,
        say("board.stuck", replies=say.count("reply", board.stuck_replies)) if board.stuck_replies else None,
    )


def _unstaffed_line(board: Board, say: Say) -> str | None:
    """The stores that nobody is on shift for, and until when."""
    every = [
        say("board.unstaffed_until", store=lines.store(name, say), at=when(until, board.as_of))
        if until
        else say("board.unstaffed_open", store=lines.store(name, say))
        for name, until in board.unstaffed
    ]
    return say("board.unstaffed", stores=say.several(every)) if every else None


def state_lines(board: Board, say: Say, targets: Targets, periods: Sequence[str]) -> list[str | None]:
    """The board in a few lines, for the home page, with the rates of some of its periods."""
    shown = [(name, one) for name, one in board.periods if name in periods]
    return [*_now_lines(board, say), *(_period_short(name, one, say, targets) for name, one in shown)]


def _period_short(name: str, one: Figures, say: Say, targets: Targets) -> str:
    period = say.word("period", name)
    if one.response_rate is None:
        return say("board.period_none", period=period)
    rate, average = _rate_cell(one, say, targets), _average_cell(one, say, targets)
    return say("board.period_short", period=period, rate=rate, average=average)


def _spoken(board: Board, say: Say, targets: Targets) -> str:
    said = [lines.aloud([line], say) for line in _now_lines(board, say)]
    said += [_period_spoken(name, one, say, targets) for name, one in board.periods]
    return " ".join((f"{say('board.title', store=escape(_name(board, say)))}, {utc(board.as_of)}.", *said))


def _period_spoken(name: str, one: Figures, say: Say, targets: Targets) -> str:
    return say(
        "board.period_spoken",
        period=say.word("period", name),
        rate=_rate_cell(one, say, targets),
        late=_late_cell(one, say),
        average=_average_cell(one, say, targets),
        closing=_closing_cell(one, say, targets),
    )


def _period_table(board: Board, say: Say, targets: Targets) -> Block:
    head = [say(f"board.{word}") for word in ("period", "rate", "late", "average", "closing")]
    rows = [
        (
            say.word("period", name),
            _rate_cell(one, say, targets),
            _late_cell(one, say),
            _average_cell(one, say, targets),
            _closing_cell(one, say, targets),
        )
        for name, one in board.periods
    ]
    return table(head, rows)


def percent(rate: float, *, up: bool = False) -> str:
    """A fraction in percent, one decimal. Never rounded to the better side: 94.96 % is not 95.0 %."""
    tenths = round(rate * 1000, 6)
    shown = (math.ceil(tenths) if up else math.floor(tenths)) / 10
    return f"{shown:g} %"


def _rate_cell(one: Figures, say: Say, targets: Targets) -> str:
    if one.response_rate is None:
        return say("board.none")
    decided = one.in_time + one.late + one.overdue
    verdict = _verdict(one.response_rate, targets)
    rate = percent(one.response_rate)
    return say("board.rate_cell", rate=rate, done=one.in_time, all=decided, verdict=say(f"board.{verdict}"))


def _verdict(rate: float, targets: Targets) -> str:
    if rate < targets.minimum:
        return "below"
    return "between" if rate < targets.target else "on_target"


def _late_cell(one: Figures, say: Say) -> str:
    return say("board.none") if one.late_response_rate is None else percent(one.late_response_rate, up=True)


def _average_cell(one: Figures, say: Say, targets: Targets) -> str:
    if one.average_seconds is None:
        return say("board.none")
    is_excellent = one.average_seconds <= targets.average_hours * 3600
    verdict = (
        say("board.excellent") if is_excellent else say("board.slow", hours=f"{targets.average_hours:g}")
    )
    return say(
        "board.average_cell", span=duration(timedelta(seconds=one.average_seconds), say), verdict=verdict
    )


def _closing_cell(one: Figures, say: Say, targets: Targets) -> str:
    if one.closing_rate is None:
        return say("board.none")
    verdict = say("board.below" if one.closing_rate < targets.closing else "board.on_target")
    return say("board.closing_cell", rate=percent(one.closing_rate), verdict=verdict)


def _first(board: Board, say: Say) -> list[Block]:
    """What is overdue, then what is due soon; the queue comes in that order."""
    if not board.at_risk:
        return [section(say("board.no_risk"))]
    listed = [
        section(lines.queue_line(line, board.as_of, say), accessory=_details(line.number, say))
        for line in board.at_risk[:_AT_RISK]
    ]
    rest = len(board.at_risk) - _AT_RISK
    return [
        section(say("board.risk")),
        *listed,
        *([context(say("home.more", n=rest))] if rest > 0 else []),
    ]


def _details(case: int, say: Say) -> Block:
    return lines.case_button(ids.CASE_DETAILS, "details", case, say)


def _zone(zone: str, say: Say) -> str:
    """A zone as people call it, and its exact name where that differs."""
    name, exact = lines.zone_name(zone, say), escape(zone)
    return name if name == exact else f"{name} ({exact})"


def _people(board: Board, say: Say, local_times: Mapping[str, str]) -> list[Block]:
    rows = [
        say(
            "board.person",
            who=mention(person),
            time=_person_time(board, person, local_times, say),
            open=say.count("open", open_cases),
            answered=answered,
            pings=say.count("ping", board.pings.get(person, 0)),
        )
        for person, open_cases, answered in board.people[:_PEOPLE]
    ]
    return [section(say("board.people"), *rows)] if rows else []


def _person_time(board: Board, person: str, local_times: Mapping[str, str], say: Say) -> str:
    """What time it is for them, and whether they are on shift."""
    time = say("board.person_time", time=escape(local_times[person])) if person in local_times else ""
    if board.off_shift is None:
        return time
    return time + say("board.person_off" if person in board.off_shift else "board.person_on")


def _definitions(board: Board, say: Say, targets: Targets) -> str:
    return say(
        "board.definitions",
        minimum=percent(targets.minimum),
        target=percent(targets.target),
        hours=f"{targets.average_hours:g}",
        closing=percent(targets.closing),
        zone=_zone(board.zone, say),
    )


def _buttons(board: Board, say: Say, stores: Sequence[tuple[str, str]]) -> list[Block | None]:
    chosen = board.store or ALL
    choices = {ALL: say("board.all")} | {key: shorten(name, 70) for key, name in stores[:99]}
    picker = select(ids.BOARD_STORE, say("board.store"), choices, chosen=chosen) if len(stores) > 1 else None
    return [
        button(ids.BOARD_REFRESH, say("board.refresh"), chosen, label=say("board.refresh_label")),
        button(ids.BOARD_POST, say("board.post"), chosen, label=say("board.post_label")),
        picker,
    ]
