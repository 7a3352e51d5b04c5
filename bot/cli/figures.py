"""`reply24 sla status`: the figures of `/sla-status`, broken down if wanted, each with its definition."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import instants, printing
from bot.cli.at_desk import at_desk, check_store
from bot.cli.printing import iso, plain, to_the_second

if TYPE_CHECKING:
    from bot.domain.sla import Figures
    from bot.domain.snapshots import Board


def sla_status(
    store: Annotated[str, typer.Option(help="One store; all of them without it.")] = "",
    as_of: Annotated[str, typer.Option(help="An instant such as 2026-11-25T09:00:00Z; now without it.")] = "",
    by: Annotated[
        str, typer.Option(help="Break down by store, marketplace, topic, agent, shift or hour.")
    ] = "",
    as_json: printing.AsJson = False,
) -> None:
    """The figures of /sla-status."""
    from bot.desk import access, read

    instant = instants.instant_of(as_of, "--as-of") if as_of else None
    _check_dimension(by)
    with at_desk() as desk:
        check_store(store, desk.settings.stores)
        board = read.board(desk, store or None, instant, by=by)
        with desk.database.reading() as tx:
            names = {one.person: one.agent.name for one in access.team(tx, desk).values()}
    if as_json:
        printing.as_json(board_json(board))
    else:
        _print_board(board, names)


def _check_dimension(by: str) -> None:
    from bot.domain.sla import DIMENSIONS

    known = ("store", *DIMENSIONS)
    if by and by not in known:
        raise typer.BadParameter(
            f'"{by}" is nothing to break down by; expected one of {", ".join(known)}', param_hint="--by"
        )


def board_json(board: "Board") -> dict[str, Any]:
    """All of the board. Rates are fractions, spans are seconds, times are ISO 8601 UTC."""
    shown = {
        **asdict(board),
        "by_time_left": dict(zip(_bands(), board.by_time_left, strict=True)),
        "periods": {name: asdict(figures) for name, figures in board.periods},
        "people": [
            {
                "person": person,
                "open_cases": waiting,
                "answered_today": answered,
                "median_seconds_today": board.medians.get(person),
                "pings_7d": board.pings.get(person, 0),
            }
            for person, waiting, answered in board.people
        ],
    }
    shown["zones"] = dict(board.zones)
    shown["breakdown"] = {
        value: {name: asdict(figures) for name, figures in periods} for value, periods in board.breakdown
    }
    del shown["pings"], shown["medians"]
    return {key: plain(value) for key, value in shown.items()}


def _bands() -> list[str]:
    from bot.domain.sla import BANDS

    return ["overdue", *(f"{band // timedelta(hours=1)}h" for band in BANDS)]


def _time_left(board: "Board") -> str:
    """2 overdue, 0 up to 1 h, 1 up to 3 h ..."""
    bands = ["overdue", *(f"up to {band.removesuffix('h')} h" for band in _bands()[1:])]
    return ", ".join(f"{count} {band}" for band, count in zip(bands, board.by_time_left, strict=True))


def _print_board(board: "Board", names: Mapping[str, str]) -> None:
    now = to_the_second(board.as_of)
    printing.line(f"{board.store_name or 'All stores'} as of {now} (days in {_days_in(board)})")
    printing.line(f"  open cases      {board.open_cases}, of which {board.unclaimed} unclaimed")
    printing.line(f"  time left       {_time_left(board)}")
    printing.line(f"  mails waiting   {board.waiting_mails}")
    printing.line(f"  replies stuck   {board.stuck_replies}")
    for case in board.at_risk:
        due = iso(case.due_at) if case.due_at else "-"
        who = names.get(case.assignee, case.assignee) if case.assignee else "nobody"
        printing.line(f"  at risk         case {case.number}, due {due}, with {who}")
    for name, figures in board.periods:
        printing.line(f"  {name:<16}{_figures_line(figures)}")
    _print_breakdown(board, names)
    for person, waiting, answered in board.people:
        pinged = board.pings.get(person, 0)
        times = "once" if pinged == 1 else f"{pinged} times"
        printing.line(
            f"  {names.get(person, person):<16}{waiting} open, {answered} answered today, pinged {times} in 7 days"
        )
    _print_definitions()


def _days_in(board: "Board") -> str:
    return board.zone or ", ".join(f"{zone} for {name}" for name, zone in board.zones)


def _print_breakdown(board: "Board", names: Mapping[str, str]) -> None:
    for value, periods in board.breakdown:
        printing.line(f"  {board.by} {names.get(value, value) or '-'}")
        for name, figures in periods:
            if figures.received or figures.late_on_arrival:
                printing.line(f"    {name:<14}{_figures_line(figures)}")


def _print_definitions() -> None:
    """What each figure is, in the words that Slack has too."""
    from bot.domain.sla import DEFINITIONS
    from bot.slack.texts import say_for
    from bot.slack.views.lines import aloud

    say = say_for("en-US")
    printing.line()
    for key in DEFINITIONS:
        printing.line(aloud([say(f"define.{key}")], say))


def _figures_line(figures: "Figures") -> str:
    parts = [
        f"{figures.received} received",
        f"{figures.in_time} in time",
        f"{figures.late} late",
        f"{figures.overdue} overdue",
        f"{figures.waiting} waiting",
        f"{figures.excused} excused",
        f"{figures.late_on_arrival} late on arrival",
        f"response rate {_percent(figures.response_rate)}",
        f"late-response rate {_percent(figures.late_response_rate, up=True)}",
        f"closing rate {_percent(figures.closing_rate)}",
        f"solved at first contact {_percent(figures.first_contact_resolution)}",
        f"average {_hours(figures.average_seconds)}",
        f"median {_hours(figures.median_seconds)}",
        f"90 % {_hours(figures.p90_seconds)}",
        f"handle time {_hours(figures.handle_seconds)}",
    ]
    return ", ".join(parts)


def _percent(rate: float | None, *, up: bool = False) -> str:
    return "-" if rate is None else printing.percent(rate, up=up)


def _hours(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds / 3600:.1f} h"
