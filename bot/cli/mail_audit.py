"""`reply24 mail audit`: each mailbox's server against what is stored."""

import os
import threading
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import printing
from bot.cli.at_desk import at_desk

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.domain.audit import Audit
    from bot.settings.secrets import Secrets


def audit(
    mailbox: Annotated[str, typer.Option(help="One mailbox; all of them without it.")] = "",
    days: Annotated[int | None, typer.Option(min=1, help="Only mails of the last days; else all.")] = None,
    as_json: printing.AsJson = False,
) -> None:
    """Is every mail of the server stored? What is missing is fetched at once and told; then the exit code is 1."""
    from bot.cli.printing import plain
    from bot.log import set_up
    from bot.settings.secrets import Secrets

    set_up("warning")
    with at_desk() as desk:
        secrets = Secrets(desk.settings, os.environ)
        names = _names(list(desk.settings.mailboxes), mailbox)
        ended = {name: _audit(desk, secrets, name, days) for name in names}
    for name, found in ended.items():
        if as_json:
            shown = {"error": found} if isinstance(found, str) else asdict(found)
            printing.as_json({"mailbox": name} | {key: plain(value) for key, value in shown.items()})
        else:
            _print(name, found)
    if any(isinstance(found, str) or not found.is_complete for found in ended.values()):
        raise typer.Exit(1)


def _names(known: list[str], wanted: str) -> list[str]:
    if wanted and wanted not in known:
        text = f"there is no mailbox {wanted}; expected one of {', '.join(known)}"
        raise typer.BadParameter(text, param_hint="--mailbox")
    return [wanted] if wanted else known


def _audit(desk: "Desk", secrets: "Secrets", name: str, days: int | None) -> "Audit | str":
    """How it ended, or why there is no answer."""
    from bot.errors import ConfigError, Outside
    from bot.work.audit import audit as held_against_server
    from bot.work.readers import open_mailbox

    try:
        with closing(open_mailbox(desk.settings.mailboxes[name], secrets)) as opened:
            opened.connect()
            found = held_against_server(desk, name, opened, threading.Event(), days)
    except (Outside, ConfigError) as why:
        return str(why)
    if found is None:
        return (
            "it was not read yet under the numbers that its server gives its mails now. Start `reply24 run`"
        )
    return found


def _print(name: str, found: "Audit | str") -> None:
    if isinstance(found, str):
        printing.line(f"{name}: {found}")
        return
    whole = "all mails" if found.days is None else f"mails of {found.days} days"
    verdict = "nothing is missing" if found.is_complete else "SOMETHING WAS MISSING"
    printing.line(f"{name}: {verdict} ({whole})")
    for number, what in _lines(found):
        printing.line(f"  {number:>8}  {what}")


def _lines(found: "Audit") -> list[tuple[Any, str]]:
    told = [(found.server, "mails on the server"), (found.stored, "of them were stored")]
    more = (
        (found.found, "were missing; they are stored now, and managers are told"),
        (found.left, "are named by the server, which does not give them: open the mailbox"),
        (found.waiting, "came since the last look and are read next"),
        (found.gone, "are stored, and no longer there: moved or deleted by somebody"),
        (found.gaps, "numbers are nowhere: skipped by the server, or taken away before we looked"),
    )
    return told + [(number, what) for number, what in more if number]
