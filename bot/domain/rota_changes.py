"""What is other in one rota than in another, named as config/rota.yaml names it."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from bot.domain import calendars
from bot.domain.rota import Layer, Rota, RotaAgent, Vacation, WeeklyShift


@dataclass(frozen=True, slots=True)
class LayerChange:
    """What is other in a layer that both have. `changed`: shifts that have hours, days or people in common.

    `others`: keys of the layer, such as rotation; `days_off` are holidays that are known otherwise now.
    """

    name: str
    added: tuple[WeeklyShift, ...] = ()
    removed: tuple[WeeklyShift, ...] = ()
    changed: tuple[tuple[WeeklyShift, WeeklyShift], ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RotaChange:
    """Everything that is other. People and layers are named by their keys."""

    layers_added: tuple[str, ...] = ()
    layers_removed: tuple[str, ...] = ()
    layers: tuple[LayerChange, ...] = ()
    is_reordered: bool = False
    people_added: tuple[str, ...] = ()
    people_removed: tuple[str, ...] = ()
    people_changed: tuple[str, ...] = ()
    vacations_added: tuple[Vacation, ...] = ()
    vacations_removed: tuple[Vacation, ...] = ()


_KEYS: dict[str, Callable[[Layer], object]] = {
    "zone": lambda layer: layer.zone,
    "stores": lambda layer: layer.stores,
    "first_day": lambda layer: layer.first_day,
    "last_day": lambda layer: layer.last_day,
    "holidays": lambda layer: frozenset(layer.countries),
    "closed_on": lambda layer: layer.closed_on,
    "open_on": lambda layer: layer.open_on,
    "rotation": lambda layer: layer.rotation,
    "calendar": lambda layer: layer.calendar and calendars.essence(layer.calendar),
}


def change(before: Rota, after: Rota) -> RotaChange:
    """What is other in `after`."""
    old, new = ({one.name: one for one in rota.layers} for rota in (before, after))
    both = [name for name in new if name in old]
    found = [_in_layer(old[name], new[name]) for name in both]
    is_called = all(any(one.calendar for one in rota.layers) for rota in (before, after))
    then, now = ({one.key: _person(one, is_called) for one in rota.agents} for rota in (before, after))
    return RotaChange(
        layers_added=tuple(name for name in new if name not in old),
        layers_removed=tuple(name for name in old if name not in new),
        layers=tuple(one for one in found if one != LayerChange(one.name)),
        is_reordered=both != [name for name in old if name in new],
        people_added=tuple(key for key in now if key not in then),
        people_removed=tuple(key for key in then if key not in now),
        people_changed=tuple(key for key in now if key in then and now[key] != then[key]),
        vacations_added=tuple(one for one in after.vacations if one not in before.vacations),
        vacations_removed=tuple(one for one in before.vacations if one not in after.vacations),
    )


def _person(agent: RotaAgent, is_called: bool) -> RotaAgent:
    """What counts of a person; how calendars call them does only where there are some."""
    return agent if is_called else replace(agent, names=frozenset())


def _in_layer(old: Layer, new: Layer) -> LayerChange:
    others = [key for key, value in _KEYS.items() if value(old) != value(new)]
    if _known_otherwise(old, new):
        others.append("days_off")
    then, now = Counter(map(_plain, old.shifts)), Counter(map(_plain, new.shifts))
    removed, added = list((then - now).elements()), list((now - then).elements())
    changed = []
    for one in list(removed):
        other = max(added, key=lambda each: _alike(one, each), default=None)
        if other is not None and _alike(one, other):
            removed.remove(one)
            added.remove(other)
            changed.append((one, other))
    return LayerChange(new.name, tuple(added), tuple(removed), tuple(changed), tuple(others))


def _plain(shift: WeeklyShift) -> WeeklyShift:
    """The shift with its people in an order of no meaning."""
    return WeeklyShift(shift.days, shift.start, shift.end, tuple(sorted(shift.agents)))


def _alike(one: WeeklyShift, other: WeeklyShift) -> int:
    """How much two shifts have in common: days, hours, people."""
    same_hours = (one.start, one.end) == (other.start, other.end)
    same_people = bool(one.agents) and one.agents == other.agents
    return (one.days == other.days) + same_hours + same_people


def _known_otherwise(old: Layer, new: Layer) -> bool:
    """Whether the days off of a country, in years that both know, are other days."""
    for then in old.known_days:
        for now in new.known_days:
            years = range(max(then.first_year, now.first_year), min(then.last_year, now.last_year) + 1)
            if then.country == now.country and (
                _of(then.off, years) != _of(now.off, years)
                or _of(then.made_up, years) != _of(now.made_up, years)
            ):
                return True
    return False


def _of(days: Iterable[date], years: range) -> set[date]:
    return {day for day in days if day.year in years}
