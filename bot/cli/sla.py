"""`reply24 sla`: where the stores stand, the comparison with Amazon's report, and duties in a file."""

import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import printing, reconcile_printing
from bot.cli.at_desk import at_desk, check_store
from bot.cli.causes import sla_causes
from bot.cli.figures import sla_status
from bot.cli.files import write_whole
from bot.cli.printing import iso
from bot.cli.warnings import warnings

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk import Desk
    from bot.domain.sheets import Cell


class Format(StrEnum):
    """What a file of duties can be."""

    CSV = "csv"
    XLSX = "xlsx"


Store = Annotated[str, typer.Option(help="One store; all of them without it.")]
From = Annotated[
    str | None, typer.Option("--from", help="Where the period begins, such as 2027-03-01T00:00Z.")
]
Until = Annotated[str | None, typer.Option(help="Where the period ends; the end itself is not in it.")]


def register(app: typer.Typer) -> None:
    """Commands about figures."""
    group = typer.Typer(no_args_is_help=True, help="Where the stores stand.")
    group.command("status")(sla_status)
    group.command("causes")(sla_causes)
    group.command()(warnings)
    group.command()(reconcile)
    group.command()(export)
    app.add_typer(group, name="sla")


def _period(since: str | None, until: str | None) -> "tuple[datetime | None, datetime | None]":
    """What was typed of --from and --until. Raises BadParameter, also if the end is not after the beginning."""
    from bot.cli.instants import instant_of, require_order

    start = None if since is None else instant_of(since, "--from")
    end = None if until is None else instant_of(until, "--until")
    if start is not None and end is not None:
        require_order(start, end)
    return start, end


def reconcile(
    file: Annotated[Path, typer.Argument(help="The report: CSV, TSV or XLSX.")],
    *,
    store: Annotated[str, typer.Option(help="Whose report it is; needed where there are several.")] = "",
    zone: Annotated[str, typer.Option(help="Zone of its times, in the place of the one that is set.")] = "",
    since: From = None,
    until: Until = None,
    as_json: printing.AsJson = False,
) -> None:
    """Compare Amazon's report of messages with ours: lost here, unknown there, on another clock."""
    from bot.desk.reconcile import Asked, compare
    from bot.domain.zones import is_zone
    from bot.errors import WrongInput

    if zone and not is_zone(zone):
        raise typer.BadParameter(f"{zone} is no time zone of the IANA database", param_hint="--zone")
    start, end = _period(since, until)
    content = _content(file)
    with at_desk() as desk:
        check_store(store, desk.settings.stores)
        asked = Asked(store or _only_store(desk), zone or None, start, end)
        try:
            comparison = compare(desk, content, asked)
        except WrongInput as why:
            raise typer.BadParameter(f"{file}: {why}", param_hint="FILE") from why
    shown = reconcile_printing.comparison_json(comparison, str(file), asked.store)
    if as_json:
        printing.as_json(shown)
    else:
        reconcile_printing.print_comparison(shown)
    if not shown["ok"]:
        raise typer.Exit(1)


def _only_store(desk: "Desk") -> str:
    known = tuple(desk.settings.stores)
    if len(known) > 1:
        raise typer.BadParameter(
            f"whose report is it? A report belongs to one store: say which of {', '.join(known)}",
            param_hint="--store",
        )
    return known[0]


def _content(file: Path) -> bytes:
    from bot.domain.sheet_reading import LARGEST

    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as why:
        raise typer.BadParameter(f"{file} can't be read ({why.strerror})", param_hint="FILE") from why


def export(  # noqa: PLR0913 - one argument an option
    *,
    store: Store = "",
    since: From = None,
    until: Until = None,
    kind: Annotated[Format, typer.Option("--format", help="CSV is UTF-8, with CRLF.")] = Format.CSV,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Standard output without it.")
    ] = None,
    people: Annotated[bool, typer.Option("--people", help="Also who answered: for managers.")] = False,
    bom: Annotated[bool, typer.Option("--bom", help="CSV with a byte order mark, for Excel.")] = False,
    as_json: printing.AsJson = False,
) -> None:
    """Each counted deadline as a row, without anything of a buyer's."""
    from bot.desk import exports
    from bot.domain import duty_rows

    start, end = _period(since, until)
    header = duty_rows.header(with_people=people)
    with at_desk() as desk:
        check_store(store, desk.settings.stores)
        rows = exports.duties(desk, store=store or None, start=start, end=end, with_people=people)
        if as_json:
            for row in rows:
                printing.as_json({name: _plain(cell) for name, cell in zip(header, row, strict=True)})
        else:
            _write(output, _pieces(kind, header, rows, bom), is_private=people)


def _plain(cell: "Cell") -> str | int | float | bool | None:
    from datetime import datetime

    return iso(cell) if isinstance(cell, datetime) else cell


def _pieces(
    kind: Format, header: tuple[str, ...], rows: "Iterable[tuple[Cell, ...]]", bom: bool
) -> Iterator[bytes]:
    from bot.domain import sheets

    if kind is Format.XLSX:
        yield sheets.xlsx(header, rows)
    else:
        yield from (line.encode() for line in sheets.csv_lines(header, rows, bom=bom))


def _write(output: Path | None, pieces: Iterable[bytes], *, is_private: bool) -> None:
    """Raises BadParameter when the file can't be written."""
    if output is None:
        sys.stdout.buffer.writelines(pieces)
        return
    try:
        write_whole(output, pieces, is_private=is_private)
    except OSError as why:
        raise typer.BadParameter(f"{output} can't be written ({why.strerror})", param_hint="-o") from why
