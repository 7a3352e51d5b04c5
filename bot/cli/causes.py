"""`reply24 sla causes`: every miss with its cause, one line each."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import instants, printing
from bot.cli.at_desk import at_desk, check_store
from bot.cli.rota_versions import judges_json, judges_line

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.domain.causes import Miss, Shares

_DAYS = 7


def sla_causes(
    store: Annotated[str, typer.Option(help="One store; all of them without it.")] = "",
    since: Annotated[
        str | None, typer.Option("--from", help=f"An instant or day; {_DAYS} days of each store without it.")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", help="An instant or day; now without it.")] = None,
    as_json: printing.AsJson = False,
) -> None:
    """Why answers were late: each miss with its one cause, and the shares. By when the messages came in."""
    from bot.desk import causes as desk_causes
    from bot.domain.causes import shares
    from bot.domain.rota_versions import together

    with at_desk() as desk:
        started, end = _window(desk, store, since, until)
        misses = desk_causes.missed(desk, started, end)
    for miss in misses:
        _print_miss(miss, as_json=as_json)
    if not as_json:
        _print_shares(shares(misses))
        if judges := together(one.judges for one in misses):
            printing.line(judges_line(judges))


def _window(
    desk: "Desk", store: str, since: str | None, until: str | None
) -> tuple[dict[str, datetime], datetime]:
    """From when on each store is looked at, and until when all are. Raises BadParameter."""
    from bot.desk import causes as desk_causes

    known = desk.settings.stores
    check_store(store, known)
    now = desk.now()
    end = instants.instant_of(until, "--until") if until is not None else now + timedelta(microseconds=1)
    wanted = [store] if store else list(known)
    if since is None:
        return {key: desk_causes.day_start(desk, key, min(now, end), _DAYS) for key in wanted}, end
    start, end = instants.window(since, end.isoformat(), now, timedelta(0))
    return dict.fromkeys(wanted, start), end


def miss_json(miss: "Miss") -> dict[str, Any]:
    """One miss. Times are ISO 8601 UTC, spans seconds; `founding` is the founding text's cause that it belongs to.

    `rota`: the versions of the rota that say who was on shift; null without a rota.
    """
    from bot.cli.printing import iso
    from bot.domain.causes import founding_of

    verdict = miss.verdict
    return {
        "case": miss.case,
        "message": miss.message,
        "store": miss.store,
        "received_at": iso(miss.anchor),
        "due_at": iso(miss.due_at),
        "answered_at": iso(miss.answered_at) if miss.answered_at else None,
        "late_on_arrival": miss.late_on_arrival,
        "cause": str(verdict.cause),
        "founding": founding_of(verdict),
        "evidence": _evidence(miss),
        "at": iso(verdict.at),
        "person": verdict.who,
        "words": list(verdict.words),
        "span_seconds": verdict.span.total_seconds(),
        "rota": judges_json(miss.judges) if miss.judges else None,
    }


def _evidence(miss: "Miss") -> str:
    from bot.slack.inert import utc
    from bot.slack.texts import Say
    from bot.slack.views.causes import Manner, evidence

    return evidence(miss, Say("en"), Manner(utc, str))


def _print_miss(miss: "Miss", *, as_json: bool) -> None:
    if as_json:
        printing.as_json(miss_json(miss))
        return
    from bot.slack.inert import utc

    printing.line(
        f"case {miss.case}  {miss.store}  due {utc(miss.due_at)}  {miss.verdict.cause}: {_evidence(miss)}"
    )


def _print_shares(found: "Shares") -> None:
    from bot.domain.causes import FOUNDING
    from bot.slack.texts import Say

    if found.after_due:
        printing.line(f"{found.after_due} late on arrival: in no rate, and not counted below")
    if not found.total:
        printing.line("No answer was late.")
        return
    printing.line(f"{found.total} misses")
    for cause, count in found.counts.items():
        printing.line(f"  {cause:<18}{count:>6}  {count / found.total:.1%}")
    printing.line("beside the founding text's shares")
    for wider, guide in FOUNDING.items():
        count = found.founding[wider]
        name = Say("en").word("founding", wider)
        printing.line(f"  {name:<18}{count:>6}  {count / found.total:.1%} ({guide:.0%})")
