"""Small changes of a rota that one may want to try: without a person, a layer at other hours, one layer more."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.rota import Layer, Rota, WeeklyShift

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


def with_layer(rota: Rota, layer: Layer) -> Rota:
    """The rota with one more layer, last in precedence."""
    return replace(rota, layers=(*rota.layers, layer))


def with_known_people(rota: Rota, known: Rota) -> Rota:
    """The rota, for the people of another: who is in both has the zone, stores and languages of `known`."""
    people = {one.key: one for one in rota.agents} | {one.key: one for one in known.agents}
    return replace(rota, agents=tuple(people.values()))
