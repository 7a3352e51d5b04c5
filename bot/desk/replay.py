"""Replays of this installation's past: `reply24 replay`, and `/sla-report whatif` for managers.

The rota that was is, at each instant, the version of its rules that was in force then (domain/rota_versions.py; the
oldest one that is kept, where that is younger), with all overrides. A change that is tried is made to each of these
versions; another rota that is tried stands for all of them. Covers, swaps and days off that happened count in what is
tried, too. The model: domain/replay.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.db.queries import replay as replay_queries
from bot.db.queries import rota as rota_queries
from bot.db.queries import rota_versions
from bot.desk import Desk, access, figures, rota_history
from bot.desk.pings import ladder
from bot.desk.rota_history import rota_of
from bot.domain import zones
from bot.domain.deadlines import LIMIT
from bot.domain.replay import replay
from bot.domain.replay_facts import Past, Question, Replay, Setup, observed_handle
from bot.domain.replay_rotas import moved, with_known_people, with_layer, without
from bot.domain.rota import Layer, Rota
from bot.domain.rota_versions import RotaHistory
from bot.errors import WrongInput
from bot.settings.rota import with_calendars

_WARM_UP = timedelta(days=2)
"""How much earlier messages are work for the team: what was waiting when the period began."""
_AHEAD = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried. `rota`: other rules (None: those that were); the changes after it are made to them.

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
        start, end = period.start - 2 * _WARM_UP, now + _AHEAD
        rules = rota_history.history(tx, desk.settings, start, now)
        if rules is None:
            raise _no_rota()
        past = _past(tx, desk, period)
        overrides = rota_queries.overrides(tx, start, end)
        tried = _tried(tx, rules, trial)
    handle = observed_handle(past) or timedelta(minutes=desk.settings.shifts.handle_minutes)
    found = replay(
        past,
        Setup(rules.timetable(start, end, overrides), handle),
        Setup(tried.timetable(start, end, overrides), trial.handle or handle, trial.speakers_only),
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
    return replace(found, judges=rules.judges(period.start, min(period.end + LIMIT, now)))


def run_for(desk: Desk, trial: Trial, period: Period, *, by: str) -> Replay:
    """The same for a manager of all stores that are in it. Raises NotAllowed."""
    check_may_see(desk, by, period.store)
    return run(desk, trial, period)


def stores_of(desk: Desk, person: str) -> dict[str, str]:
    """The stores of which somebody may see what single people do, from key to name. Raises NotAllowed."""
    with desk.database.reading() as tx:
        manager = access.require_manager(tx, desk, person)
    return {key: one.name for key, one in desk.settings.stores.items() if access.may_manage(manager, key)}


def check_may_see(desk: Desk, person: str, store: str | None) -> None:
    """The same of `store`; None: of each store that there is. Raises NotAllowed."""
    with desk.database.reading() as tx:
        figures.require_may_see(tx, desk, person, "agent", store)


def rules_of(desk: Desk) -> Rota:
    """The rules that can be changed for a trial. Raises WrongInput without a rota."""
    with desk.database.reading() as tx:
        rules = rota_of(tx, desk.settings)
    if rules is None:
        raise _no_rota()
    return rules


def names_of(desk: Desk) -> Mapping[str, str]:
    """How people are called, by the key of the agent, those who left included."""
    with desk.database.reading() as tx:
        return rota_history.names(tx, desk.settings)


def _no_rota() -> WrongInput:
    return WrongInput("There is no rota: config/rota.yaml is missing.", key="no_rota")


def _past(tx: Session, desk: Desk, period: Period) -> Sequence[Past]:
    """The messages, with people by their keys, also of those who left; whom nobody ever knew keeps the id."""
    key_of = rota_versions.agents_by_person(tx)
    key_of |= {person: key for key, person in access.persons_by_key(tx, desk).items()}
    return [
        replace(
            one,
            agent=one.agent and key_of.get(one.agent, one.agent),
            calls=tuple(replace(each, agent=key_of.get(each.agent, each.agent)) for each in one.calls),
        )
        for one in replay_queries.past(tx, period.start - _WARM_UP, period.end)
    ]


def _tried(tx: Session, rules: RotaHistory, trial: Trial) -> RotaHistory:
    found = rules
    if trial.rota is not None:
        rota = with_known_people(trial.rota, rules.agents())
        found = RotaHistory.of(with_calendars(rota, rota_queries.calendars(tx)))
    if (gone := trial.without) is not None:
        if gone not in {one.key for one in found.agents()}:
            raise WrongInput(f"The rota has no {gone}.", key="whatif_no_agent", agent=gone)
        found = found.changed(lambda rota: without(rota, gone))
    if (name := trial.layer) is not None:
        _check_layer(found, name)
        found = found.changed(lambda rota: moved(rota, name, trial.moved))
    if (added := trial.added) is not None:
        found = found.changed(lambda rota: with_layer(rota, added, rules.agents()))
    return found


def _check_layer(rules: RotaHistory, name: str) -> None:
    layers = [one for version in rules.versions for one in version.rota.layers if one.name == name]
    if not layers:
        raise WrongInput(f"The rota has no layer {name}.", key="whatif_no_layer", layer=name)
    if any(layer.calendar is not None for layer in layers):
        raise WrongInput(
            f"The shifts of {name} stand in a calendar; another calendar can be tried with --rota FILE.",
            key="whatif_calendar",
            layer=name,
        )
