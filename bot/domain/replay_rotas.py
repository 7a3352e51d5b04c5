"""Small changes of a rota that one may want to try: without a person, a layer at other hours, one layer more."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from bot.domain.rota import Layer, Rota, RotaAgent, WeeklyShift

_MINUTE = timedelta(minutes=1)


def without(rota: Rota, agent: str) -> Rota:
    """The rota as if this person had never been there; their covers and swaps are void with them."""
    return replace(rota, agents=tuple(one for one in rota.agents if one.key != agent))


def moved(rota: Rota, layer: str, by: timedelta) -> Rota:
    """The rota with the shifts of a layer, and the turns of its rotation, that much later (earlier if negative).

    Days off stay tied to the day that a shift belonged to. Events of a calendar stay where they are.
    """
    return replace(rota, layers=tuple(_later(one, by) if one.name == layer else one for one in rota.layers))


def _later(layer: Layer, by: timedelta) -> Layer:
    minutes, turns = by // _MINUTE, layer.rotation
    return replace(
        layer,
        shifts=tuple(
            WeeklyShift(one.days, one.start + minutes, one.end + minutes, one.agents) for one in layer.shifts
        ),
        rotation=turns and replace(turns, anchor=turns.anchor + by),
    )


def with_layer(rota: Rota, layer: Layer, known: Iterable[RotaAgent] = ()) -> Rota:
    """The rota with one more layer, last in precedence. Who works in it is among `known`, if not in the rota."""
    people = {agent for shift in layer.shifts for agent in shift.agents}
    new = tuple(one for one in known if one.key in people and rota.agent(one.key) is None)
    return replace(rota, layers=(*rota.layers, layer), agents=(*rota.agents, *new))


def with_known_people(rota: Rota, known: Iterable[RotaAgent]) -> Rota:
    """The rota, for other people: who is in both has the zone, stores and languages of `known`."""
    people = {one.key: one for one in rota.agents} | {one.key: one for one in known}
    return replace(rota, agents=tuple(people.values()))
