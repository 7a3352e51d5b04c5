"""Where the rota of a command comes from: this installation, or one file alone."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.domain.rota import Override, Rota
    from bot.domain.timetable import Timetable

Store = Annotated[str, typer.Option(help="One store; all of them without it.")]
From = Annotated[
    str | None, typer.Option("--from", help="Where the window begins, such as 2027-03-14T09:30Z.")
]
Until = Annotated[str | None, typer.Option(help="Where the window ends; the end itself is not in it.")]
RotaFile = Annotated[
    Path | None, typer.Option("--rota", metavar="FILE", help="This rota.yaml alone, and nothing else.")
]


@dataclass(frozen=True, slots=True)
class Source:
    """A rota and what goes with it: of this installation, or of one file.

    `stores`: those that are known. `overrides` of a stretch, and `arrivals` since an instant, come
    from the database; there are none with a file alone.
    """

    rota: "Rota"
    names: Mapping[str, str]
    stores: tuple[str, ...]
    target: float
    minimum_rest: timedelta
    overrides: "Callable[[datetime, datetime], Sequence[Override]]"
    arrivals: Callable[[datetime], Sequence[datetime]]

    def name(self, agent: str) -> str:
        """How people know this agent: li-wei (Li Wei)."""
        name = self.names.get(agent, agent)
        return agent if name == agent else f"{agent} ({name})"

    def check_agent(self, agent: str, option: str) -> None:
        """Raises BadParameter for somebody whom the rota does not know."""
        if self.rota.agent(agent) is None:
            known = ", ".join(one.key for one in self.rota.agents) or "nobody"
            raise typer.BadParameter(f"the rota has no {agent}; it has {known}", param_hint=option)

    def timetable(self, start: datetime, end: datetime) -> "Timetable":
        """The shifts of a stretch."""
        from bot.domain.timetable import timetable

        return timetable(self.rota, start, end, self.overrides(start, end))


@contextmanager
def source_of(file: Path | None, store: str) -> Iterator[Source]:
    """The rota of `file`, or of this installation. Raises ConfigError; BadParameter for an unknown store."""
    if file is not None:
        yield _alone(file)
        return
    from bot.cli.records import database_answers

    with database_answers(), _of_installation() as source:
        if store and store not in source.stores:
            known = ", ".join(source.stores)
            raise typer.BadParameter(
                f"there is no store {store}; expected one of {known}", param_hint="--store"
            )
        yield source


def _alone(file: Path) -> Source:
    from bot.settings.rota import load_rota
    from bot.settings.shape import ThresholdSettings

    rota, shifts, names = load_rota(file, os.environ)
    for layer, address in shifts.calendar_urls.items():
        sys.stderr.write(
            f"{file}: layer {layer} is left empty: its calendar is at {address}, and with --rota nothing is "
            "fetched. Save it as a file and name that\n"
        )
    chosen = [one.stores for one in rota.layers] + [one.stores for one in rota.agents]
    return Source(
        rota,
        names,
        tuple(sorted({store for stores in chosen for store in stores or ()})),
        ThresholdSettings().target_response_rate,
        timedelta(hours=shifts.minimum_rest_hours),
        overrides=lambda _start, _end: (),
        arrivals=lambda _since: (),
    )


@contextmanager
def _of_installation() -> Iterator[Source]:
    from bot.db.engine import open_database
    from bot.db.migrate import upgrade
    from bot.db.queries import rota as rota_queries
    from bot.errors import ConfigError
    from bot.settings import config_folder, load_settings
    from bot.settings.rota import with_calendars

    folder = config_folder(os.environ)
    settings = load_settings(folder, os.environ)
    if settings.rota is None:
        raise ConfigError(
            f"{folder / 'rota.yaml'}: there is no rota, so everybody counts as able to work at any time. "
            "Write its layers there, or name another file: --rota FILE"
        )
    database = open_database(settings.database_url)
    upgrade(database)
    with closing(database), database.reading() as tx:
        yield Source(
            with_calendars(settings.rota, rota_queries.calendars(tx)),
            {key: agent.name for key, agent in settings.agents.items()},
            tuple(settings.stores),
            settings.thresholds.target_response_rate,
            timedelta(hours=settings.shifts.minimum_rest_hours),
            overrides=lambda start, end: rota_queries.overrides(tx, start, end),
            arrivals=lambda since: rota_queries.arrivals(tx, since),
        )


def write(file: Path, content: bytes) -> None:
    """Raises BadParameter when it can't be written."""
    try:
        file.write_bytes(content)
    except OSError as why:
        raise typer.BadParameter(f"{file} can't be written ({why.strerror})", param_hint=str(file)) from why
