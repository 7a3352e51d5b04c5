"""What the program makes of config/rota.yaml: the rota of `domain.rota`, beside the other files or alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, Protocol

from pydantic import ValidationError

from bot.domain import calendars
from bot.domain.rota import Layer, Rota, RotaAgent, Rotation, Vacation, WeeklyShift
from bot.errors import ConfigError
from bot.settings.environment import Environ, filled_in
from bot.settings.positions import Document, Fault, Keys, read_yaml
from bot.settings.rota_checks import calendar_texts, rota_faults
from bot.settings.rota_shape import LayerSettings, RotaAgentSettings, RotaSettings, ShiftSettings
from bot.settings.wording import shape_faults

__all__ = ["RotaSettings", "load_rota", "one_more_layer", "rota_of", "with_calendars"]


class Person(Protocol):
    """What the rota asks of an entry of agents.yaml, or of its own `agents`."""

    @property
    def name(self) -> str | None: ...
    @property
    def email(self) -> str | None: ...
    @property
    def zone(self) -> str | None: ...
    @property
    def stores(self) -> tuple[str, ...] | Literal["all"]: ...
    @property
    def languages(self) -> tuple[str, ...]: ...
    @property
    def skills(self) -> tuple[str, ...]: ...


def rota_of(shape: RotaSettings, agents: Mapping[str, Person], texts: Mapping[str, str]) -> Rota | None:
    """The rules, for these agents, with the texts of calendars by layer; None if there are no layers."""
    if not shape.layers:
        return None
    people = tuple(_agent(key, agent, shape.zone) for key, agent in agents.items())
    zones = {agent.key: agent.zone for agent in people}
    return Rota(
        layers=tuple(_layer(layer, layer.zone or shape.zone, texts) for layer in shape.layers),
        agents=people,
        vacations=tuple(
            Vacation(one.agent, one.first_day, one.last_day, one.zone or zones.get(one.agent, shape.zone))
            for one in shape.vacations
        ),
    )


def with_calendars(rota: Rota, texts: Mapping[str, str]) -> Rota:
    """The rota with fetched calendars, by the name of their layer; other layers stay as they are.

    A text that is no calendar at all is passed over; `domain.calendars.check` says so to whoever fetches.
    """
    layers = tuple(
        replace(layer, calendar=texts[layer.name])
        if layer.calendar is not None and calendars.is_calendar(texts.get(layer.name, ""))
        else layer
        for layer in rota.layers
    )
    return replace(rota, layers=layers)


def _layer(layer: LayerSettings, zone: str, texts: Mapping[str, str]) -> Layer:
    turns = layer.rotation
    return Layer(
        name=layer.name,
        zone=zone,
        shifts=tuple(WeeklyShift(one.days, *one.hours, one.agents) for one in layer.shifts),
        rotation=Rotation(turns.turns, turns.every, turns.anchor) if turns else None,
        stores=_chosen(layer.stores),
        first_day=layer.first_day,
        last_day=layer.last_day,
        countries=layer.holidays,
        closed_on=frozenset(layer.closed_on),
        open_on=frozenset(layer.open_on),
        calendar=None if layer.calendar is None else texts.get(layer.name, ""),
    )


def _agent(key: str, agent: Person, zone: str) -> RotaAgent:
    return RotaAgent(
        key=key,
        zone=agent.zone or zone,
        stores=_chosen(agent.stores),
        languages=frozenset(agent.languages),
        skills=frozenset(agent.skills),
        names=frozenset(name.casefold() for name in (key, agent.name, agent.email) if name),
    )


def _chosen(stores: tuple[str, ...] | Literal["all"]) -> frozenset[str] | None:
    return None if stores == "all" else frozenset(stores)


def one_more_layer(name: str, zone: str, when: tuple[str, str], agents: Sequence[str]) -> Layer:
    """A layer of one shift; `when` are days and hours as rota.yaml spells them. Raises ValueError."""
    days, hours = when
    shift = ShiftSettings.model_validate({"days": days, "hours": hours, "agents": tuple(agents)})
    return _layer(LayerSettings(name=name, zone=zone, shifts=(shift,)), zone, {})


def load_rota(path: Path, environ: Environ) -> tuple[Rota, RotaSettings, dict[str, str]]:
    """The rota in the file at `path`, without any other configuration; and its agents' names, by key.

    Who is named in a layer only may work for all stores, in any language. A calendar at an address is
    not fetched: its layer is empty (`calendar_urls` tells). Raises ConfigError with a line for each fault.
    """
    document = read_yaml(path, str(path))
    faults = list(document.faults)
    tree = _alone(document, environ, faults)
    if tree is None:
        raise ConfigError(*map(str, sorted(faults)))
    found = rota_faults(tree)
    texts = calendar_texts(tree, path.resolve().parent.parent, found)
    try:
        shape = RotaSettings.model_validate(tree["rota"])
    except ValidationError as error:
        shape = RotaSettings()
        found += shape_faults(error, ("rota",))
    faults += [document.fault(keys, text) for keys, text in found]
    rota = rota_of(shape, _everybody(shape), texts)
    if rota is None and not faults:
        faults.append(document.fault(("rota", "layers"), "is empty; expected at least one layer"))
    if rota is None or faults:
        raise ConfigError(*map(str, sorted(faults)))
    return rota, shape, {key: agent.name or key for key, agent in _everybody(shape).items()}


def _alone(document: Document, environ: Environ, faults: list[Fault]) -> dict[str, Any] | None:
    """What the file holds below its one key."""
    given = document.value
    if given is None:
        return None
    if not isinstance(given, dict) or "rota" not in given:
        faults.append(document.fault((), "expected the key rota, with all else below it"))
        return None
    for key in given:
        if key != "rota":
            faults.append(document.fault((key,), "unknown key (expected: rota)"))
    found: list[tuple[Keys, str]] = []
    tree = {"rota": filled_in(given["rota"], ("rota",), environ, found)}
    faults += [document.fault(keys, text) for keys, text in found]
    return tree


def _everybody(shape: RotaSettings) -> dict[str, RotaAgentSettings]:
    """The agents of a file that stands alone: those it lists, then those whom its layers and vacations name."""
    found = dict(shape.agents)
    for layer in shape.layers:
        people = [agent for shift in layer.shifts for agent in shift.agents]
        for agent in (*people, *(layer.rotation.people if layer.rotation else ())):
            found.setdefault(agent, RotaAgentSettings(zone=layer.zone))
    for vacation in shape.vacations:
        found.setdefault(vacation.agent, RotaAgentSettings())
    return found
