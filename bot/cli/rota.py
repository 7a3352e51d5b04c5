"""`reply24 rota`: who is on, the shifts, the proof of coverage (in `rota_proof`), a person's calendar, the history.

What is over goes by the rules that were in force then, the future by those of now. A proof that begins today or later
is about the rules of now alone: whether they are good is no question of yesterday's. With `--rota FILE` nothing else is
read: no other configuration, no database, no network.
"""

import json
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import printing, rota_versions
from bot.cli.printing import iso, to_the_second
from bot.cli.rota_source import From, RotaFile, Source, Store, Until, source_of, write

if TYPE_CHECKING:
    from bot.domain.rota import Shift
    from bot.domain.rota_versions import Judges
    from bot.domain.timetable import Stint

_DAY = timedelta(days=1)
_PAST = timedelta(days=91)
"""How far back arrivals of this installation count: 13 whole weeks."""
_OVERRIDES = timedelta(days=30), timedelta(days=430)
"""How far around the beginning overrides are read: the festivals of the following year are proven too."""
_AROUND = (timedelta(days=14), timedelta(days=400))
"""How far to look for the ends of a stint and for who comes next: near first, for it is there nearly always."""


ArrivalsFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="When messages arrived: an instant a line, or lines of JSON with received_at."
    ),
]
PngFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Draw the first week of the window there.")
]


def register(app: typer.Typer) -> None:
    """Commands about who is on shift."""
    group = typer.Typer(no_args_is_help=True, help="Who is on shift, and whether somebody always is.")
    group.command()(who)
    group.command("list")(list_shifts)
    group.command()(prove)
    group.command()(ical)
    group.command()(rota_versions.history)
    app.add_typer(group, name="rota")


def who(
    at: Annotated[
        str | None, typer.Option(help="The instant, such as 2027-03-14T09:30Z; now without it.")
    ] = None,
    store: Store = "",
    lang: Annotated[str, typer.Option(help="Only those who answer in this language, such as de.")] = "",
    rota: RotaFile = None,
    as_json: printing.AsJson = False,
) -> None:
    """Who is on shift at an instant: all of them, in order of precedence."""
    from bot.cli.instants import instant_of
    from bot.clock import RealClock

    now = RealClock().now()
    instant = instant_of(at, "--at") if at is not None else now
    with source_of(rota, store) as source:
        for around in _AROUND:
            table = source.timetable(instant - around, instant + around)
            found = table.on(store or None, instant, lang or None)
            following = table.next_on(store or None, instant, lang or None)
            if following and all(table.start < one.start and one.end < table.end for one in found):
                break
        sources = _sources(table.of(store or None, lang or None), instant)
        answer = {
            "at": iso(instant),
            "store": store or None,
            "lang": lang or None,
            "on": [{**_stint_json(source, one), **sources[one.agent]} for one in found],
            "next": _stint_json(source, following) if following else None,
        }
        judges = source.judges(instant, instant + timedelta.resolution) if instant <= now else None
        if as_json:
            printing.as_json(answer | _by_rules(judges))
        else:
            _print_who(source, answer | {"at": to_the_second(instant)})
            _print_judges(judges)


def _print_judges(judges: "Judges | None") -> None:
    if judges is not None:
        printing.line(f"  {rota_versions.judges_line(judges)}")


def _by_rules(judges: "Judges | None") -> dict[str, Any]:
    return {"rota": rota_versions.judges_json(judges)} if judges is not None else {}


def _sources(shifts: "Sequence[Shift]", instant: datetime) -> dict[str, dict[str, Any]]:
    """By agent, where the shift that counts at `instant` comes from, and its stores."""
    running = [one for one in shifts if one.start <= instant < one.end]
    running.sort(key=lambda one: one.order, reverse=True)
    return {one.agent: {"source": one.source, "stores": _stores_json(one)} for one in running}


def _stores_json(shift: "Shift") -> list[str] | None:
    return None if shift.stores is None else sorted(shift.stores)


def _stint_json(source: Source, stint: "Stint") -> dict[str, Any]:
    name = source.names.get(stint.agent, stint.agent)
    return {"agent": stint.agent, "name": name, "since": iso(stint.start), "until": iso(stint.end)}


def _print_who(source: Source, answer: dict[str, Any]) -> None:
    what = f" for {answer['store']}" if answer["store"] else ""
    what += f" in {answer['lang']}" if answer["lang"] else ""
    count = len(answer["on"])
    people = "nobody is" if not count else "1 person is" if count == 1 else f"{count} people are"
    printing.line(f"{answer['at']}: {people} on{what}")
    for one in answer["on"]:
        stores = "" if one["stores"] is None else f", {', '.join(one['stores'])}"
        printing.line(
            f"  {source.name(one['agent'])}, since {one['since']}, until {one['until']}, by {one['source']}{stores}"
        )
    if answer["next"]:
        one = answer["next"]
        printing.line(f"  next: {source.name(one['agent'])}, from {one['since']} until {one['until']}")
    else:
        printing.line("  next: nobody within 400 days")


def list_shifts(
    since: From = None,
    until: Until = None,
    store: Store = "",
    agent: Annotated[str, typer.Option(help="One person, by key; everybody without it.")] = "",
    rota: RotaFile = None,
    as_json: printing.AsJson = False,
) -> None:
    """The shifts that touch a window, whole: the next seven days unless told otherwise."""
    from bot.cli.instants import window
    from bot.clock import RealClock

    now = RealClock().now()
    start, end = window(since, until, now, timedelta(days=7))
    with source_of(rota, store) as source:
        if agent:
            source.check_agent(agent, "--agent")
        found = source.timetable(start, end).of(store or None)
        for shift in (one for one in found if agent in ("", one.agent)):
            if as_json:
                printing.as_json(_shift_json(shift))
            else:
                stores = "all stores" if shift.stores is None else ", ".join(sorted(shift.stores))
                printing.line(
                    f"{iso(shift.start)}  {iso(shift.end)}  {source.name(shift.agent)}, {shift.source}, {stores}"
                )
        if start < now and not as_json:
            _print_judges(source.judges(start, min(end, now)))


def _shift_json(shift: "Shift") -> dict[str, Any]:
    return {
        "agent": shift.agent,
        "start": iso(shift.start),
        "end": iso(shift.end),
        "source": shift.source,
        "stores": _stores_json(shift),
    }


def prove(  # noqa: PLR0913 - one argument an option
    *,
    since: From = None,
    until: Until = None,
    store: Store = "",
    rota: RotaFile = None,
    arrivals: ArrivalsFile = None,
    png: PngFile = None,
    as_json: printing.AsJson = False,
) -> None:
    """Find every gap, and the best response rate that the rota can reach. From today on, 8 weeks or more."""
    from bot.cli import rota_proof
    from bot.domain.coverage import MARGIN
    from bot.domain.coverage import prove as prove_coverage

    with source_of(rota, store) as found:
        start, end = _window(found, since, until)
        judges = found.judges(start, end) if start < _today() else None
        source = found if judges is not None else found.of_now()
        seen = _arrivals_in(arrivals) if arrivals else source.arrivals(start - _PAST)
        proof = prove_coverage(
            source.rules(start - MARGIN),
            start,
            end,
            source.overrides(start - _OVERRIDES[0], start + _OVERRIDES[1]),
            stores=(store,) if store else source.stores,
            minimum_rest=source.minimum_rest,
            arrivals=seen,
        )
        if png:
            write(png, rota_proof.picture(source, proof, store or None))
    if as_json:
        printing.as_json(rota_proof.proof_json(proof, source.target) | _by_rules(judges))
    else:
        rota_proof.print_proof(source, proof)
        _print_judges(judges)
    if not rota_proof.is_ok(proof, source.target):
        raise typer.Exit(1)


def _window(source: Source, since: str | None, until: str | None) -> tuple[datetime, datetime]:
    from bot.cli.instants import window
    from bot.domain.coverage import horizon

    today = _today()
    start, _end = window(since, None, today, _DAY)
    return window(since, until, today, horizon(source.rota, start) - start)


def _today() -> datetime:
    from bot.clock import RealClock

    return RealClock().now().replace(hour=0, minute=0, second=0, microsecond=0)


def _arrivals_in(file: Path) -> list[datetime]:
    """Raises BadParameter with the line that is none."""
    from bot.cli.instants import instant_of

    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as why:
        raise typer.BadParameter(f"{file} can't be read as text: {why}", param_hint="--arrivals") from why
    return [
        instant_of(_typed(line), f"--arrivals {file}:{number}")
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]


def _typed(line: str) -> str:
    """The instant on a line: all of it, or `received_at` of the object that it is."""
    try:
        found = json.loads(line)
    except ValueError:
        return line
    received = found.get("received_at") if isinstance(found, dict) else None
    return received if isinstance(received, str) else line


def ical(
    agent: Annotated[str, typer.Argument(help="The person, by key.")],
    since: From = None,
    until: Until = None,
    rota: RotaFile = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Standard output without it.")
    ] = None,
) -> None:
    """One person's shifts as an iCalendar file: the next eight weeks unless told otherwise."""
    from bot.cli.instants import window
    from bot.clock import RealClock
    from bot.domain.calendars import feed

    now = RealClock().now()
    start, end = window(since, until, now, timedelta(weeks=8))
    with source_of(rota, "") as source:
        source.check_agent(agent, "AGENT")
        name = source.names.get(agent, agent)
        own = [one for one in source.timetable(start, end).shifts if one.agent == agent]
        text = feed([(name, one.start, one.end) for one in own], name, now)
    if output is None:
        sys.stdout.write(text)
    else:
        write(output, text.encode())
