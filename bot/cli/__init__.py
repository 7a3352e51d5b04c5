"""Every command that a person can type. Parses and prints; decides nothing.

Exit codes: 0 done, 1 found a problem that it printed, 2 wrong usage or configuration. Imports of
the other rooms stand inside the commands: `reply24 --help` must not wait for a database library.
"""

import sys
from typing import Annotated

import typer

from bot import __version__
from bot.cli import (
    checking,
    demo,
    evidence,
    keys,
    mail,
    manual,
    purge,
    records,
    replay,
    rota,
    running,
    sla,
    templates,
)

app = typer.Typer(
    name="reply24",
    help="Gets every Amazon buyer message answered inside 24 hours, from Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
demo.register(app)
running.register(app)
checking.register(app)
mail.register(app)
records.register(app)
purge.register(app)
evidence.register(app)
keys.register(app)
manual.register(app)
replay.register(app)
sla.register(app)
rota.register(app)
templates.register(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"reply24 {__version__}\n")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options of the program itself."""


def main() -> None:
    """Run the command line; our own errors become a sentence and an exit code, never a traceback."""
    from bot.cli import streams
    from bot.errors import ConfigError, Reply24Error

    streams.set_up()
    try:
        with streams.told():
            app(prog_name="reply24")
    except ConfigError as why:
        sys.stderr.write(f"{why}\n")
        sys.exit(2)
    except Reply24Error as why:
        sys.stderr.write(f"{why}\n")
        sys.exit(1)
