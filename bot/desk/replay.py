"""Replays of this installation's past: `reply24 replay`, and `/sla-report whatif` for managers.

The rota that was is the one of the settings with all overrides; how config/rota.yaml read in earlier weeks is
kept nowhere. Covers, swaps and days off that happened count in what is tried, too. The model: domain/replay.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.db.queries import replay as replay_queries
from bot.db.queries import rota as rota_queries
from bot.desk import Desk, access
from bot.desk.pings import ladder
from bot.desk.shifts import rota_of
from bot.domain import zones
from bot.domain.deadlines import LIMIT
from bot.domain.replay import replay
from bot.domain.replay_facts import Past, Question, Replay, Setup, observed_handle
from bot.domain.replay_rotas import moved, with_known_people, with_layer, without
from bot.domain.rota import Layer, Rota
from bot.domain.timetable import timetable
from bot.errors import WrongInput
from bot.settings.rota import with_calendars

_WARM_UP = timedelta(days=2)
"""How much earlier messages are work for the team: what was waiting when the period began."""
_AHEAD = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried. `rota`: other rules (None: those of the settings); the changes after it are made to them.

    `without`: the key of an agent. `layer` is the name of one that is `moved` by so much. `handle`: how long one
    reply takes, None: as observed.
    """

    rota: Rota | None = None
    without: str | None = None
    layer: str | None = None
    moved: timedelta = timedelta(0)
    added: Layer | None = None
    target: timedelta = LIMIT
    handle: timedelta | None = None
    speakers_only: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """The messages that came in [start, end); `starts`: of stores whose days begin later. None: all stores."""

    start: datetime
    end: datetime
    store: str | None = None
    starts: Mapping[str, datetime] = field(default_factory=dict)


def last_days(desk: Desk, days: int, store: str | None = None) -> Period:
    """Whole days of each store's own zone, up to and including today."""
    now = desk.now()
    starts = {
        key: zones.day_start(now, one.zone, days - 1)
        for key, one in desk.settings.stores.items()
        if store in (None, key)
    }
    return Period(min(starts.values()), now + timedelta.resolution, store, starts)


def run(desk: Desk, trial: Trial, period: Period) -> Replay:
    """The replay. Raises WrongInput without a rota, and for a person or layer that it does not have."""
    now = desk.now()
    with desk.database.reading() as tx:
        rules = rota_of(tx, desk)
        if rules is None:
            raise WrongInput("There is no rota: config/rota.yaml is missing.", key="no_rota")
        past = _past(tx, desk, period)
        start, end = period.start - 2 * _WARM_UP, now + _AHEAD
        overrides = rota_queries.overrides(tx, start, end)
        tried = _tried(tx, rules, trial)
    handle = observed_handle(past) or timedelta(minutes=desk.settings.shifts.handle_minutes)
    was = Setup(timetable(rules, start, end, overrides), handle)
    return replay(
        past,
        was,
        Setup(timetable(tried, start, end, overrides), trial.handle or handle, trial.speakers_only),
        Question(
            start=period.start,
            end=min(period.end, now + timedelta.resolution),
            now=now,
            stores=frozenset({period.store}) if period.store else None,
            target=trial.target,
            ladder=tuple(one for one in ladder(desk) if set(one.where) - {"badge"}),
            starts=period.starts,
        ),
    )


def run_for(desk: Desk, trial: Trial, period: Period, *, by: str) -> Replay:
    """The same for a manager. Raises NotAllowed."""
    check_may(desk, by)
    return run(desk, trial, period)


def check_may(desk: Desk, person: str) -> None:
    """That somebody may see what single people do. Raises NotAllowed."""
    with desk.database.reading() as tx:
        access.require_manager(tx, desk, person)


def rules_of(desk: Desk) -> Rota:
    """The rules that can be changed for a trial. Raises WrongInput without a rota."""
    with desk.database.reading() as tx:
        rules = rota_of(tx, desk)
    if rules is None:
        raise WrongInput("There is no rota: config/rota.yaml is missing.", key="no_rota")
    return rules


def _past(tx: Session, desk: Desk, period: Period) -> Sequence[Past]:
    """The messages, with people by their keys; who is no agent any more keeps the id."""
    key_of = {person: key for key, person in access.persons_by_key(tx, desk).items()}
    return [
        replace(
            one,
            agent=one.agent and key_of.get(one.agent, one.agent),
            calls=tuple(replace(each, agent=key_of.get(each.agent, each.agent)) for each in one.calls),
        )
        for one in replay_queries.past(tx, period.start - _WARM_UP, period.end)
    ]


def _tried(tx: Session, rules: Rota, trial: Trial) -> Rota:
    found = rules
    if trial.rota is not None:
        found = with_calendars(with_known_people(trial.rota, rules), rota_queries.calendars(tx))
    if trial.without is not None:
        if found.agent(trial.without) is None:
            raise WrongInput(f"The rota has no {trial.without}.", key="whatif_no_agent", agent=trial.without)
        found = without(found, trial.without)
    if trial.layer is not None:
        _check_layer(found, trial.layer)
        found = moved(found, trial.layer, trial.moved)
    return with_layer(found, trial.added) if trial.added is not None else found


def _check_layer(rota: Rota, name: str) -> None:
    layer = next((one for one in rota.layers if one.name == name), None)
    if layer is None:
        raise WrongInput(f"The rota has no layer {name}.", key="whatif_no_layer", layer=name)
    if layer.calendar is not None:
        raise WrongInput(
            f"The shifts of {name} stand in a calendar; another calendar can be tried with --rota FILE.",
            key="whatif_calendar",
            layer=name,
        )
