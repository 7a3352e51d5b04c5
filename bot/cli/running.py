"""`reply24 run`: the bot."""

import os
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.records import database_answers

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.desk import Desk
    from bot.settings import Secrets


class Level(StrEnum):
    """From which urgency on something is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def register(app: typer.Typer) -> None:
    """Commands that start the bot."""
    app.command()(run)


def run(
    role: Annotated[
        str, typer.Option(help="What this process does: all, web, worker, clock; several with commas.")
    ] = "all",
    log: Annotated[Level, typer.Option(case_sensitive=False, help="What is logged.")] = Level.INFO,
) -> None:
    """Run the bot until it gets SIGTERM or Ctrl-C; it then finishes what is under way."""
    from bot import __version__
    from bot.errors import ConfigError
    from bot.log import set_up
    from bot.settings.secrets import missing_secrets
    from bot.work.run import ROLES, Bot, run_until_signal
    from bot.work.sentry import sentry_of

    unknown = [one for one in role.split(",") if one not in ROLES]
    if unknown:
        raise typer.BadParameter(
            f"unknown role {unknown[0]}; expected {', '.join(ROLES)}", param_hint="--role"
        )
    with ExitStack() as at_the_end:
        sentry = sentry_of(os.environ, __version__)
        if sentry:
            at_the_end.callback(sentry.close)
        set_up(log, report=sentry.take if sentry else None)
        with database_answers():
            desk, secrets = open_desk()
        if missing := missing_secrets(desk.settings, os.environ):
            raise ConfigError(*missing)
        run_until_signal(Bot(desk, secrets, tuple(role.split(","))))


def open_desk(clock: "Clock | None" = None) -> "tuple[Desk, Secrets]":
    """The desk of this installation, its database migrated. Raises ConfigError."""
    from bot.clock import RealClock
    from bot.db.engine import open_database
    from bot.db.keys import admit
    from bot.db.migrate import upgrade
    from bot.desk import Desk
    from bot.desk.knowledge import load_knowledge, when_asked
    from bot.mail import language
    from bot.settings import Secrets, config_folder, load_settings
    from bot.settings.data_keys import data_keys

    folder: Path = config_folder(os.environ)
    settings = load_settings(folder, os.environ)
    database = open_database(settings.database_url, data_keys(os.environ))
    upgrade(database)
    admit(database)
    phrases = phrases_folder(folder)
    knowledge = when_asked(lambda: load_knowledge(settings.templates_folder, phrases, language.of))
    return Desk(database, settings, clock or RealClock(), knowledge), Secrets(settings, os.environ)


def phrases_folder(folder: Path) -> Path:
    """Where policy phrases and topic rules are: in the team's own folder, or else the shipped ones."""
    from bot.settings import shipped

    return folder if (folder / "topics.yaml").is_file() else shipped("config")
