"""The board of `/sla-status`: where the stores stand now, over time, and what to answer first.

Layout: slack reference 4.9. Disputes begin with definitions, so they are printed (`domain.sla`).
"""

from collections.abc import Mapping, Sequence

from bot.domain.sla import DEFINITIONS, DIMENSIONS
from bot.domain.snapshots import Board
from bot.slack import ids
from bot.slack.blocks import Block, Post, actions, button, context, divider, header, section, select
from bot.slack.inert import escape, mention, shorten, utc, when
from bot.slack.texts import Say
from bot.slack.views import board_breakdown, board_periods, lines, manual_lines, warnings
from bot.slack.views import board_cells as cells
from bot.slack.views.board_cells import Targets
from bot.slack.views.lines import percent

ALL = "all"
_AT_RISK = 15
_PEOPLE = 20
_SPOKEN = 5


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
            *manual_lines.banner(board.manual, say),
            section(*_now_lines(board, say)),
            *board_periods.rows(board.periods, say, targets),
            *board_breakdown.rows(board, say, targets),
            *_first(board, say),
            *warnings.on_board(board.standings, say),
            *_people(board, say, local_times or {}),
            divider(),
            _definitions(board, say, targets),
            context(say("board.as_of", now=when(board.as_of)), *_days_in(board, say)),
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
    return [*_now_lines(board, say), *board_periods.in_short(shown, say, targets)]


def _spoken(board: Board, say: Say, targets: Targets) -> str:
    said = [lines.aloud([line], say) for line in manual_lines.rows(board.manual, say)]
    said.append(
        lines.aloud([*_now_lines(board, say), *board_periods.spoken(board.periods, say, targets)], say)
    )
    if board.standings:
        said.append(lines.aloud(warnings.standing_lines(board.standings[:_SPOKEN], say), say))
    title = f"{say('board.title', store=escape(_name(board, say)))} · {utc(board.as_of)}"
    return say.joined((lines.aloud([title], say), *said))


def _first(board: Board, say: Say) -> list[Block]:
    """What is overdue, then what is due soon; the queue comes in that order."""
    if not board.at_risk:
        return [section(say("board.no_risk"))]
    listed = [
        section(
            lines.queue_line(line, board.as_of, say, with_buyer=False), accessory=_details(line.number, say)
        )
        for line in board.at_risk[:_AT_RISK]
    ]
    rest = sum(board.by_time_left[:3]) - _AT_RISK
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
            median=_person_median(board, person, say),
            pings=say.count("ping", pings) if (pings := board.pings.get(person, 0)) else "",
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


def _person_median(board: Board, person: str, say: Say) -> str:
    seconds = board.medians.get(person)
    return say("board.person_median", span=cells.span(seconds, say)) if seconds is not None else ""


def _definitions(board: Board, say: Say, targets: Targets) -> Block:
    """What each figure means: a section, because Slack folds a long one behind "See more"."""
    wanted = say(
        "board.targets",
        minimum=percent(targets.minimum),
        target=percent(targets.target),
        hours=f"{targets.average_hours:g}",
        closing=percent(targets.closing),
    )
    budgets = say("standing.note") if board.standings else None
    return section(say("board.defined"), wanted, *(say(f"define.{key}") for key in DEFINITIONS), budgets)


def _days_in(board: Board, say: Say) -> list[str]:
    """Where the days begin: a report that does not say so can't be compared with another."""
    if board.zone:
        return [say("board.zone", zone=_zone(board.zone, say))]
    each = [say("board.zones_one", store=escape(name), zone=_zone(zone, say)) for name, zone in board.zones]
    return [say("board.zones", zones=say.several(each))] if each else []


def _buttons(board: Board, say: Say, stores: Sequence[tuple[str, str]]) -> list[Block | None]:
    store, by = board.store or ALL, board.by
    here = value(store, by)
    choices = {value(ALL, by): say("board.all")}
    choices |= {value(key, by): shorten(name, 70) for key, name in stores[:99]}
    picker = select(ids.BOARD_STORE, say("board.store"), choices, chosen=here) if len(stores) > 1 else None
    # Figures of single people are offered to those who see them already.
    offered = [one for one in ("store", *DIMENSIONS) if one != "agent" or board.people]
    ways = {value(store, ""): say("dimension.none")}
    ways |= {value(store, one): say(f"dimension.{one}") for one in offered}
    return [
        button(ids.BOARD_REFRESH, say("board.refresh"), here, label=say("board.refresh_label")),
        button(ids.BOARD_POST, say("board.post"), here, label=say("board.post_label")),
        button(ids.BOARD_FILE, say("board.file"), here, label=say("board.file_label")),
        picker,
        select(ids.BOARD_BY, say("board.by"), ways, chosen=here),
    ]


def value(store: str, by: str) -> str:
    """What stands behind a button of the board: the store, and what its figures are broken down by."""
    return f"{store}:{by}" if by else store
