"""`reply24 manual on|off|status`: stopping automation from the command line, for when Slack can't be reached."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import printing
from bot.cli.at_desk import at_desk, check_store

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.desk.manual import Switched
    from bot.domain.manual import ManualMode


class Do(StrEnum):
    """What is to be done."""

    ON = "on"
    OFF = "off"
    STATUS = "status"


def register(app: typer.Typer) -> None:
    """The one command."""
    app.command()(manual)


def manual(
    do: Annotated[Do, typer.Argument(help="on, off, or status.")],
    *,
    store: Annotated[str, typer.Option(help="One store; all of them without it.")] = "",
    reason: Annotated[str, typer.Option(help="Why; it stays in the ledger. Needed to end it.")] = "",
    as_json: printing.AsJson = False,
) -> None:
    """Stop automation, end that, or say where it is stopped; when `on` returns, nothing leaves by itself."""
    from bot.desk import manual as modes
    from bot.domain.manual import ALL, CONSOLE

    with at_desk() as desk:
        check_store(store, desk.settings.stores)
        if do is Do.OFF and not reason.strip():
            raise typer.BadParameter("say why it ends", param_hint="--reason")
        if do is Do.ON:
            _print_on(modes.switch_on(desk, store or ALL, reason, by=CONSOLE), as_json=as_json)
        elif do is Do.OFF:
            _print(modes.switch_off(desk, store or ALL, reason, by=CONSOLE), as_json=as_json)
        else:
            _print_all(desk, store, as_json=as_json)


def _print_on(done: "Switched", *, as_json: bool) -> None:
    if as_json:
        more = {"new": done.is_new, "held_back": list(done.held_back), "being_sent": list(done.being_sent)}
        printing.as_json(_json(done.mode) | more)
        return
    _print(done.mode, as_json=False)
    if done.held_back:
        printing.line(f"Held back, in the cases {', '.join(map(str, done.held_back))}.")
    if done.being_sent:
        cases = ", ".join(map(str, done.being_sent))
        printing.line(f"What was being handed over in the cases {cases} can't be called back any more.")


def _print_all(desk: "Desk", store: str, *, as_json: bool) -> None:
    from bot.desk import manual as modes

    found = [one for one in modes.modes(desk) if not store or one.acts_on(store)]
    for one in found:
        _print(one, as_json=as_json)
    if not found and not as_json:
        printing.line("Manual mode is off: automation works.")


def _print(mode: "ManualMode", *, as_json: bool) -> None:
    if as_json:
        printing.as_json(_json(mode))
        return
    why = f": {mode.reason}" if mode.reason else ""
    if mode.ended_at is None:
        printing.line(
            f"Manual mode is on for {mode.scope} since {mode.since:%Y-%m-%d %H:%M} UTC, by {mode.by}{why}"
        )
    else:
        printing.line(f"Manual mode is over for {mode.scope}: {mode.end_reason}")


def _json(mode: "ManualMode") -> dict[str, Any]:
    """A mode, with times in ISO 8601 UTC; `cause` is the breaker's."""
    from bot.cli.printing import plain

    shown = {
        "scope": mode.scope,
        "on": mode.ended_at is None,
        "since": mode.since,
        "by": mode.by,
        "reason": mode.reason,
        "cause": mode.trip.cause if mode.trip else None,
        "ended_at": mode.ended_at,
        "ended_by": mode.ended_by,
        "end_reason": mode.end_reason,
    }
    return {key: plain(value) for key, value in shown.items()}
