"""`reply24 mail parse` and `reply24 mail import`; `audit` is in mail_audit.py."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import mail_audit, printing
from bot.cli.at_desk import at_desk, check_store

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.work.importing import Imported

_STDIN = "-"

Paths = Annotated[list[str], typer.Argument(help="Mails (.eml), mbox files, Maildirs, or folders of these.")]


def register(app: typer.Typer) -> None:
    """Commands about mails."""
    mails = typer.Typer(no_args_is_help=True, help="Read mails, and take them in.")
    mails.command("parse")(parse)
    mails.command("import")(take_in)
    mails.command("audit")(mail_audit.audit)
    app.add_typer(mails, name="mail")


def parse(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Mails; - is standard input.")],
    as_json: printing.AsJson = False,
) -> None:
    """Say what mails are, and what the buyer wrote. Needs no configuration; stores nothing."""
    from bot.clock import RealClock
    from bot.mail import parse as reading

    found, now = _Files(files), RealClock().now()
    for name, raw, _written in found:
        # When a file was written tells nothing: the mail may have been copied there long after or before.
        said = {"file": name, **reading.as_json(reading.read(raw, now))}
        if as_json:
            printing.as_json(said)
        else:
            _print_mail(said)
    found.tell()


def take_in(
    paths: Paths,
    mailbox: Annotated[str, typer.Option(help="The mailbox of the settings that they belong to.")] = "",
    store: Annotated[str, typer.Option(help="The store that they belong to, in place of its mailbox.")] = "",
    history: Annotated[bool, typer.Option("--history", help="Keep them, but make no work of them.")] = False,
    as_json: printing.AsJson = False,
) -> None:
    """Take mails in as if they had arrived in a mailbox. The same mail twice is one mail."""
    from bot.log import set_up
    from bot.work.importing import import_mails

    set_up("warning")
    with at_desk() as desk:
        place = _mailbox(desk.settings, mailbox, store)
        found = _Files(paths)
        done = import_mails(desk, place, ((raw, written) for _, raw, written in found), history=history)
    if as_json:
        errors = [{"file": name, "error": why} for name, why in found.errors]
        printing.as_json({"mailbox": place, **asdict(done), "errors": errors})
    else:
        _print_import(place, done)
    found.tell()


def _mailbox(settings: "Settings", mailbox: str, store: str) -> str:
    """The mailbox that the options mean; the only one, if they say nothing."""
    if mailbox and store:
        raise typer.BadParameter("give --mailbox or --store, not both")
    if store:
        check_store(store, settings.stores)
        return settings.stores[store].mailbox
    if not mailbox and len(settings.mailboxes) == 1:
        return next(iter(settings.mailboxes))
    if mailbox not in settings.mailboxes:
        what = f"there is no mailbox {mailbox}" if mailbox else "there are several mailboxes, so name one"
        known = ", ".join(settings.mailboxes)
        raise typer.BadParameter(f"{what}; expected one of {known}", param_hint="--mailbox")
    return mailbox


class _Files:
    """The mails of all paths; what can't be read is noted, and the others go on."""

    def __init__(self, paths: list[str]) -> None:
        self._paths = paths
        self.errors: list[tuple[str, str]] = []

    def __iter__(self) -> Iterator[tuple[str, bytes, datetime]]:
        from bot.errors import WrongInput
        from bot.mail.folder import read_paths

        for path in self._paths:
            try:
                yield from (_from_stdin() if path == _STDIN else read_paths([Path(path)], self._unreadable))
            except WrongInput as why:
                self.errors.append((path, str(why)))

    def _unreadable(self, name: str, reason: str) -> None:
        self.errors.append((name, f"{name}: can't be read ({reason})"))

    def tell(self) -> None:
        """Name what could not be read, and end with 1 then."""
        for _name, why in self.errors:
            sys.stderr.write(f"{why}\n")
        if self.errors:
            raise typer.Exit(1)


def _from_stdin() -> Iterator[tuple[str, bytes, datetime]]:
    from bot.clock import RealClock
    from bot.errors import WrongInput

    raw = sys.stdin.buffer.read()
    if not raw.strip():
        raise WrongInput("standard input: holds no mail. Give one mail, as it came")
    yield _STDIN, raw, RealClock().now()


_LINES = (
    ("kind", "kind"),
    ("because", "why"),
    ("notice", "notice"),
    ("subject", "subject"),
    ("marketplace", "marketplace"),
    ("order", "order_id"),
    ("product", "asin"),
    ("buyer", "buyer_name"),
    ("answer to", "buyer_alias"),
    ("Amazon's case", "amazon_case_id"),
    ("received", "received_at"),
    ("language", "lang"),
)


def _print_mail(said: dict[str, Any]) -> None:
    # What a stranger wrote must not steer the terminal.
    from bot.slack.inert import clean

    printing.line(said["file"])
    for label, key in _LINES:
        if said[key]:
            printing.line(f"  {label:<14}{' '.join(clean(str(said[key])).split())}")
    for file in said["attachments"]:
        shown = clean(f"{file['name']} ({file['content_type']}, {file['size']} bytes)")
        printing.line(f"  {'attachment':<14}{shown}")
    for line in clean(said["text"]).splitlines():
        printing.line(f"  | {line}")
    printing.line()


def _print_import(place: str, done: "Imported") -> None:
    printing.line(f"{done.read} mail{'' if done.read == 1 else 's'} read for mailbox {place}")
    for number, what in (
        (done.opened, "buyer messages opened a case"),
        (done.joined, "buyer messages joined a case"),
        (done.review, "need a person's look (review)"),
        (done.notices, "are notices, copies, bounces or automatic replies"),
        (done.history, "are kept as history, without work"),
        (done.known, "were known already"),
        (done.waiting, "are being taken in by the bot that runs"),
    ):
        if number:
            printing.line(f"  {number:>6}  {what}")
