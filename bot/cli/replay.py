"""`reply24 replay`: what another rota, routing or target would have reached on past messages."""

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import printing
from bot.cli.at_desk import at_desk, check_store
from bot.cli.printing import iso, to_the_second
from bot.cli.rota_source import From, Store, Until
from bot.cli.rota_versions import judges_json, judges_line

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.desk.replay import Period
    from bot.domain.replay_facts import Replay, Side
    from bot.domain.rota import Rota
    from bot.domain.sla import Figures

_DAYS = 30

RotaFile = Annotated[
    Path | None,
    typer.Option("--rota", metavar="FILE", help="The rota.yaml to try; that of the time without it."),
]
Without = Annotated[str, typer.Option(metavar="AGENT", help="As if this person had not been there.")]
Target = Annotated[
    float, typer.Option(min=0.1, max=168, metavar="HOURS", help="Another target than Amazon's 24 hours.")
]
Handle = Annotated[
    float | None, typer.Option(min=0.1, max=240, metavar="MINUTES", help="How long one reply is to take.")
]
Speakers = Annotated[
    bool, typer.Option("--only-speakers", help="Only who speaks the buyer's language answers.")
]


def register(app: typer.Typer) -> None:
    """The command."""
    app.command("replay")(replay)


def replay(  # noqa: PLR0913 - one argument an option
    *,
    rota: RotaFile = None,
    since: From = None,
    until: Until = None,
    store: Store = "",
    without: Without = "",
    target: Target = 24,
    handle: Handle = None,
    speakers: Speakers = False,
    as_json: printing.AsJson = False,
) -> None:
    """What another rota would have made of the last 30 days: rates, misses, load and pings, side by side."""
    from bot.desk.replay import Trial, run

    tried = _rota_in(rota) if rota else None
    with at_desk() as desk:
        trial = Trial(
            rota=tried,
            without=without or None,
            target=timedelta(hours=target),
            handle=timedelta(minutes=handle) if handle else None,
            speakers_only=speakers,
        )
        found = run(desk, trial, _period(desk, since, until, store))
    if as_json:
        printing.as_json(replay_json(found, store))
    else:
        _print(found, store)


def _rota_in(file: Path) -> "Rota":
    import os

    from bot.settings.rota import load_rota

    found, _shifts, _names = load_rota(file, os.environ)
    return found


def _period(desk: "Desk", since: str | None, until: str | None, store: str) -> "Period":
    """Raises BadParameter."""
    from bot.cli.instants import window
    from bot.desk.replay import Period, last_days

    check_store(store, desk.settings.stores)
    usual = last_days(desk, _DAYS, store or None)
    if since is None and until is None:
        return usual
    start, end = window(since, until, usual.start, usual.end - usual.start)
    return Period(start, end, store or None)


def replay_json(found: "Replay", store: str) -> dict[str, Any]:
    """All of it. Rates are fractions, spans seconds; `was` is history, `tried` what would have been."""
    question = found.question
    return {
        "from": iso(question.start),
        "until": iso(question.end),
        "as_of": iso(question.now),
        "store": store or None,
        "starts": {key: iso(start) for key, start in question.starts.items()},
        "target_hours": question.target / timedelta(hours=1),
        "rota": judges_json(found.judges),
        "handle_seconds": found.handle.total_seconds(),
        "saved": found.saved,
        "lost": found.lost,
        "was": _side_json(found.was),
        "tried": _side_json(found.tried),
    }


def _side_json(side: "Side") -> dict[str, Any]:
    return {
        "figures": asdict(side.figures),
        "at_target": asdict(side.at_target),
        "late_on_arrival": side.late_on_arrival,
        "causes": dict(side.causes),
        "people": [asdict(one) for one in side.people],
    }


def _print(found: "Replay", store: str) -> None:
    printing.line(judges_line(found.judges))
    question, hours = found.question, found.question.target / timedelta(hours=1)
    printing.line(
        f"{store or 'All stores'}: messages from {to_the_second(question.start)} until {to_the_second(question.end)}, "
        f"as of {to_the_second(question.now)}; one reply takes {found.handle.total_seconds() / 60:.1f} min"
    )
    _row("", "as it was", "what if")
    for name, was, tried in _figure_rows(found, f"{hours:g}"):
        _row(name, was, tried)
    for cause, count in found.was.causes.items():
        _row(f"missed: {cause}", str(count), str(found.tried.causes[cause]))
    _row("late on arrival", str(found.was.late_on_arrival), str(found.tried.late_on_arrival))
    printing.line(f"  {found.saved} would have been in time that were not, {found.lost} the other way round")
    for name, side in (("as it was", found.was), ("what if", found.tried)):
        printing.line(f"  people, {name}")
        for one in side.people:
            printing.line(
                f"    {one.agent:<20}{one.answered} answered, {one.pings} pings, {one.hours:.0f} h on shift, "
                f"{one.night_hours:.0f} h at night"
            )


def _row(name: str, was: str, tried: str) -> None:
    printing.line(f"  {name:<28}{was:>12}{tried:>12}")


def _figure_rows(found: "Replay", hours: str) -> list[tuple[str, str, str]]:
    def both(name: str, shown: "Any") -> tuple[str, str, str]:
        return name, shown(found.was), shown(found.tried)

    return [
        both("received", lambda side: str(side.figures.received)),
        both("response rate (24 h)", lambda side: _percent(side.figures)),
        both(f"answered within {hours} h", lambda side: _percent(side.at_target)),
        both("late", lambda side: str(side.at_target.late)),
        both("overdue", lambda side: str(side.at_target.overdue)),
        both("waiting", lambda side: str(side.at_target.waiting)),
        both("average response time", lambda side: _hours(side.figures.average_seconds)),
        both("median response time", lambda side: _hours(side.figures.median_seconds)),
    ]


def _percent(figures: "Figures") -> str:
    return "-" if figures.response_rate is None else f"{figures.response_rate:.2%}"


def _hours(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds / 3600:.1f} h"
