"""`reply24 templates`: check the files, write all templates to files, report how they do.

`check` needs no configuration: without templates and phrases of the team it takes the shipped ones.
"""

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import printing
from bot.cli.at_desk import at_desk
from bot.cli.checking import phrases_in_use
from bot.cli.files import write_whole
from bot.cli.printing import iso, to_the_second

if TYPE_CHECKING:
    from bot.domain.outcomes import TemplateFigures


def register(app: typer.Typer) -> None:
    """Commands about templates."""
    group = typer.Typer(no_args_is_help=True, help="Reply templates.")
    group.command()(check)
    group.command()(export)
    group.command()(report)
    app.add_typer(group, name="templates")


def check(
    templates: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="The templates; the team's, or the shipped ones, without it."),
    ] = None,
    as_json: printing.AsJson = False,
) -> None:
    """Fill every template in every language with sample orders, and check the replies that come out."""
    from bot.domain import template_check
    from bot.mail import language
    from bot.settings.phrases import load_phrases
    from bot.settings.templates import load_templates

    phrases = load_phrases(phrases_in_use())
    found, faults = load_templates(templates or _templates())
    known = {fault.file for fault in faults}
    lines = [*map(str, faults), *map(str, template_check.check_templates(found, known))]
    for template in found:
        lines += map(str, template_check.policy_flaws(template, phrases, language.of))
    if as_json:
        printing.as_json({"templates": len(found), "names": list(found.names), "faults": lines})
    else:
        for line in lines:
            printing.line(line)
        count = "1 fault" if len(lines) == 1 else f"{len(lines)} faults"
        printing.line(f"{len(found)} templates under {len(found.names)} names, {count}")
    if lines:
        raise typer.Exit(1)


def _templates() -> Path:
    """Where the program looks: beside the team's settings, else what came with it."""
    from bot.settings import config_folder, shipped

    beside = config_folder(os.environ).resolve().parent / "templates"
    return beside if beside.is_dir() else shipped("templates")


def export(
    folder: Annotated[Path, typer.Argument(help="Where the files go; made if it is not there.")],
    as_json: printing.AsJson = False,
) -> None:
    """Write every template as a file, with the changes that managers made in Slack.

    Files that are the same already are not touched. A retired template is not written; its file, if there is
    one, is named and left for you to delete.
    """
    from bot.desk.template_edits import exported
    from bot.errors import WrongInput

    with at_desk() as desk:
        files, retired = exported(desk)
    try:
        written = [path for path, text in files.items() if _write(folder / path, text)]
    except OSError as why:
        raise WrongInput(f"{why.filename}: can't be written ({why.strerror})") from why
    left = [path for path in retired if (folder / path).exists()]
    if as_json:
        printing.as_json({"templates": len(files), "written": written, "retired": left})
        return
    for path in written:
        printing.line(f"wrote    {path}")
    for path in left:
        printing.line(f"retired  {path}: delete it if nothing else needs it")
    printing.line(f"{len(files)} templates, {len(written)} files written, the others were the same")


def _write(path: Path, text: str) -> bool:
    """Write the file unless it holds this text already; says whether it was written."""
    raw = text.encode()
    if path.is_file() and path.read_bytes() == raw:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, [raw])
    return True


def report(
    days: Annotated[int, typer.Option(min=1, max=3660, help="Replies accepted in so many last days.")] = 90,
    as_json: printing.AsJson = False,
) -> None:
    """How the templates do: sent, changed, first-contact resolution, response time."""
    from bot.desk.template_report import report as report_of

    with at_desk() as desk:
        found = report_of(desk, days)
    if as_json:
        templates = [asdict(one) for one in found.figures]
        printing.as_json({"as_of": iso(found.as_of), "days": days, "templates": templates})
        return
    printing.line(f"Replies that began as a template, {days} days up to {to_the_second(found.as_of)}")
    head = ("template", "sent", "unchanged", "edited", "change", "resolved", "undecided", "average")
    printing.line(_columns(head))
    for one in found.figures:
        printing.line(_columns(_cells(one)))
    printing.line(
        "resolved: the buyer did not write again within 7 days; change: of an edited reply's characters"
    )


def _columns(cells: tuple[str, ...]) -> str:
    return f"  {cells[0]:<26}" + "".join(
        f"{cell:>16}" if place == 4 else f"{cell:>10}" for place, cell in enumerate(cells[1:])
    )


def _cells(one: "TemplateFigures") -> tuple[str, ...]:
    rate, change, took = one.first_contact_resolution, one.average_change, one.average_seconds
    decided = one.resolved + one.unresolved
    return (
        one.name,
        str(one.sent),
        str(one.unchanged),
        str(one.edited),
        "-" if change is None else f"{change:.1%}",
        "-" if rate is None else f"{rate:.1%} of {decided}",
        str(one.undecided),
        "-" if took is None else f"{took / 3600:.1f} h",
    )
