"""Where the rota of a command comes from: this installation, or one file alone."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.at_desk import check_store
from bot.cli.files import write_whole

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from bot.domain.rota import Override, Rota
    from bot.domain.rota_versions import Judges, RotaHistory
    from bot.domain.timetable import Timetable
    from bot.settings.shape import Settings

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

    `rota`: the rules of now; `rules`: those through time from an instant on, with a file alone the same for all time.
    `names`: of everybody, those who left included. `stores`: those that are known. `overrides` of a stretch, and
    `arrivals` since an instant, come from the database; there are none with a file alone.
    """

    rota: "Rota"
    names: Mapping[str, str]
    stores: tuple[str, ...]
    target: float
    minimum_rest: timedelta
    overrides: "Callable[[datetime, datetime], Sequence[Override]]"
    arrivals: Callable[[datetime], Sequence[datetime]]
    rules: "Callable[[datetime], RotaHistory]"
    is_file: bool = False

    def name(self, agent: str) -> str:
        """How people know this agent: li-wei (Li Wei)."""
        name = self.names.get(agent, agent)
        return agent if name == agent else f"{agent} ({name})"

    def check_agent(self, agent: str, option: str) -> None:
        """Raises BadParameter for somebody whom the rota does not know."""
        if agent not in self.names:
            known = ", ".join(one.key for one in self.rota.agents) or "nobody"
            raise typer.BadParameter(f"the rota has no {agent}; it has {known}", param_hint=option)

    def timetable(self, start: datetime, end: datetime) -> "Timetable":
        """The shifts of a stretch, by the rules of the time."""
        return self.rules(start).timetable(start, end, self.overrides(start, end))

    def of_now(self) -> "Source":
        """The same with the rules of now for all time."""
        from bot.domain.rota_versions import RotaHistory

        return replace(self, rules=lambda _start: RotaHistory.of(self.rota))

    def judges(self, start: datetime, end: datetime) -> "Judges | None":
        """The kept versions of the rules that say who was on in a stretch; None with a file alone."""
        return None if self.is_file else self.rules(start).judges(start, end)


@contextmanager
def source_of(file: Path | None, store: str) -> Iterator[Source]:
    """The rota of `file`, or of this installation. Raises ConfigError; BadParameter for an unknown store."""
    if file is not None:
        yield _alone(file)
        return
    from bot.cli.records import database_answers

    with database_answers(), _of_installation() as source:
        check_store(store, source.stores)
        yield source


def _alone(file: Path) -> Source:
    from bot.domain.rota_versions import RotaHistory
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
        rules=lambda _start: RotaHistory.of(rota),
        is_file=True,
    )


@contextmanager
def installation() -> "Iterator[tuple[Session, Settings]]":
    """The database of this installation, migrated, and its settings. Raises ConfigError, also without a rota."""
    from bot.db.engine import open_database
    from bot.db.keys import admit
    from bot.db.migrate import upgrade
    from bot.errors import ConfigError
    from bot.settings import config_folder, load_settings
    from bot.settings.data_keys import data_keys

    folder = config_folder(os.environ)
    settings = load_settings(folder, os.environ)
    if settings.rota is None:
        raise ConfigError(
            f"{folder / 'rota.yaml'}: there is no rota, so everybody counts as able to work at any time. "
            "Write its layers there, or name another file: --rota FILE"
        )
    database = open_database(settings.database_url, data_keys(os.environ))
    upgrade(database)
    admit(database)
    with closing(database), database.reading() as tx:
        yield tx, settings


@contextmanager
def _of_installation() -> Iterator[Source]:
    from bot.clock import RealClock
    from bot.db.queries import rota as rota_queries
    from bot.desk import rota_history
    from bot.domain.rota import Rota
    from bot.domain.rota_versions import RotaHistory

    now = RealClock().now()
    with installation() as (tx, settings):
        yield Source(
            rota_history.rota_of(tx, settings) or Rota((), ()),
            rota_history.names(tx, settings),
            tuple(settings.stores),
            settings.thresholds.target_response_rate,
            timedelta(hours=settings.shifts.minimum_rest_hours),
            overrides=lambda start, end: rota_queries.overrides(tx, start, end),
            arrivals=lambda since: rota_queries.arrivals(tx, since),
            rules=lambda start: (
                rota_history.history(tx, settings, start, now) or RotaHistory.of(Rota((), ()))
            ),
        )


def write(file: Path, content: bytes) -> None:
    """Raises BadParameter when it can't be written."""
    try:
        write_whole(file, [content])
    except OSError as why:
        raise typer.BadParameter(f"{file} can't be written ({why.strerror})", param_hint=str(file)) from why
