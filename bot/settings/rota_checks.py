"""What one key of rota.yaml can't say alone: people, stores, days, hours and calendars have to fit together.

Like `checks`, these look at the plain values; a layer of the wrong shape is passed over: it has its own fault.
Beside agents.yaml everybody must be listed there; a rota that stands alone may name whom it likes.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path

from pydantic import ValidationError

from bot.domain import calendars, zones
from bot.settings.hints import did_you_mean
from bot.settings.positions import Keys
from bot.settings.rota_shape import LayerSettings, ShiftSettings
from bot.settings.rota_values import MINUTES_OF_DAY, WEEKDAYS

Tree = Mapping[str, object]
Found = Iterator[tuple[Keys, str]]

_WEEK = 7 * MINUTES_OF_DAY


def rota_faults(tree: Tree) -> list[tuple[Keys, str]]:
    """All that does not fit together in the section `rota`, as (keys, text)."""
    found = [*_people(tree), *_layer_names(tree), *_vacations(tree)]
    for keys, layer in _layers(tree):
        for check in (_days, _is_filled, _who_works, _anchor, _overlaps, _stores):
            found += check(tree, keys, layer)
    return found


def calendar_texts(tree: Tree, base: Path, faults: list[tuple[Keys, str]]) -> dict[str, str]:
    """The calendars that are files, by the name of their layer; what is wrong with them is added to `faults`.

    A relative path starts at `base`.
    """
    texts: dict[str, str] = {}
    for keys, layer in _layers(tree):
        if layer.calendar is None or layer.is_fetched:
            continue
        try:
            text = (base / Path(layer.calendar).expanduser()).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as why:
            reason = why.strerror if isinstance(why, OSError) else "it is not UTF-8 text"
            faults.append(((*keys, "calendar"), f"{base / layer.calendar} can't be read: {reason}"))
            continue
        texts[layer.name] = text
        flaws = calendars.check(text) or _strangers(tree, text)
        faults += [((*keys, "calendar"), f"{layer.calendar}: {flaw}") for flaw in flaws]
    return texts


def _strangers(tree: Tree, text: str) -> list[str]:
    """A calendar whose every event names somebody else would be a layer that nobody works in."""
    names = {name.casefold() for key, agent in _agents(tree).items() for name in _names(key, agent)}
    names |= {name.casefold() for _keys, name in _named(tree)}
    people = calendars.people(text)
    if not people or any(who.casefold() in names for who in people):
        return []
    return [
        "none of its events names one of your agents. An event has to carry an agent's key, name or mail address "
        "as its summary, or the address among its attendees"
    ]


def _names(key: str, agent: Tree) -> list[str]:
    return [key, *(value for part in ("name", "email") if isinstance(value := agent.get(part), str))]


def _section(tree: Tree) -> Tree:
    found = tree.get("rota")
    return found if isinstance(found, Mapping) else {}


def _listed(tree: Tree, key: str) -> Iterator[tuple[Keys, Tree]]:
    found = _section(tree).get(key)
    for index, entry in enumerate(found if isinstance(found, list) else ()):
        if isinstance(entry, Mapping):
            yield ("rota", key, index), entry


def _layers(tree: Tree) -> Iterator[tuple[Keys, LayerSettings]]:
    for keys, entry in _listed(tree, "layers"):
        try:
            yield keys, LayerSettings.model_validate(entry)
        except ValidationError:
            continue


def _agents(tree: Tree) -> Mapping[str, Tree]:
    """The people who can be named: those of agents.yaml; in a rota that stands alone, its own."""
    found = tree.get("agents", _section(tree).get("agents"))
    entries = found.items() if isinstance(found, Mapping) else ()
    return {key: agent for key, agent in entries if isinstance(agent, Mapping)}


def _people(tree: Tree) -> Found:
    """Nobody is named whom agents.yaml does not list."""
    agents = tree.get("agents")
    if not isinstance(agents, Mapping) or not agents:
        return
    for keys, name in _named(tree):
        if name not in agents:
            hint = did_you_mean(name, agents)
            yield keys, f'there is no agent "{name}" in agents.yaml.{hint} (expected: {", ".join(agents)})'


def _named(tree: Tree) -> Iterator[tuple[Keys, str]]:
    for keys, layer in _listed(tree, "layers"):
        shifts, rotation = layer.get("shifts"), layer.get("rotation")
        for index, shift in enumerate(shifts if isinstance(shifts, list) else ()):
            if isinstance(shift, Mapping):
                yield from _texts((*keys, "shifts", index, "agents"), shift.get("agents"))
        if isinstance(rotation, Mapping):
            yield from _texts((*keys, "rotation", "turns"), rotation.get("turns"))
    for keys, vacation in _listed(tree, "vacations"):
        yield from _texts((*keys, "agent"), vacation.get("agent"))
    own = _section(tree).get("agents")
    yield from ((("rota", "agents", key), key) for key in (own if isinstance(own, Mapping) else ()))


def _texts(keys: Keys, value: object) -> Iterator[tuple[Keys, str]]:
    """The texts in a value, or in lists in it, each with its place."""
    if isinstance(value, str):
        yield keys, value
    for index, inner in enumerate(value if isinstance(value, list) else ()):
        yield from _texts((*keys, index), inner)


def _layer_names(tree: Tree) -> Found:
    first: dict[str, Keys] = {}
    for keys, layer in _listed(tree, "layers"):
        name = layer.get("name")
        if isinstance(name, str) and first.setdefault(name, keys) != keys:
            yield (*keys, "name"), f'an earlier layer is called "{name}" too; each needs a name of its own'


def _vacations(tree: Tree) -> Found:
    for keys, vacation in _listed(tree, "vacations"):
        first, last = vacation.get("first_day"), vacation.get("last_day")
        if isinstance(first, str) and isinstance(last, str) and last < first:
            yield (*keys, "last_day"), f"{last} is before the first_day, {first}"


def _days(_tree: Tree, keys: Keys, layer: LayerSettings) -> Found:
    if layer.first_day and layer.last_day and layer.last_day < layer.first_day:
        yield (*keys, "last_day"), f"{layer.last_day} is before the first_day, {layer.first_day}"
    for day in sorted({*layer.closed_on} & {*layer.open_on}):
        yield (*keys, "open_on"), f"{day} stands in closed_on too; keep one"


def _is_filled(_tree: Tree, keys: Keys, layer: LayerSettings) -> Found:
    if not layer.shifts and not layer.calendar:
        yield keys, "nobody works in this layer; expected `shifts` or a `calendar`"
    if layer.rotation and not layer.shifts:
        yield (*keys, "rotation"), "takes turns at nothing; expected `shifts` that say when"
    for index, shift in enumerate(layer.shifts):
        if not shift.agents and not layer.rotation:
            text = "nobody works this shift; expected `agents`, or a `rotation` in this layer"
            yield (*keys, "shifts", index), text
        if shift.agents and layer.rotation:
            text = "the rotation of this layer says who works; remove `agents`, or give this shift a layer of its own"
            yield (*keys, "shifts", index, "agents"), text


def _who_works(tree: Tree, keys: Keys, layer: LayerSettings) -> Found:
    """Nobody twice at once; nobody who works for other stores only."""
    shifts = [((*keys, "shifts", index, "agents"), shift.agents) for index, shift in enumerate(layer.shifts)]
    turns = layer.rotation.turns if layer.rotation else ()
    together = [*shifts, *(((*keys, "rotation", "turns", index), turn) for index, turn in enumerate(turns))]
    for inner, people in together:
        for name in dict.fromkeys(people):
            if people.count(name) > 1:
                yield inner, f'"{name}" is named twice; once is enough'
            yield from _works_elsewhere(tree, inner, name, layer)


def _works_elsewhere(tree: Tree, keys: Keys, name: str, layer: LayerSettings) -> Found:
    choice, known = _agents(tree).get(name, {}).get("stores", "all"), tree.get("stores")
    if layer.stores == "all" or not isinstance(choice, list):
        return
    stores = {store for store in choice if isinstance(store, str)}
    has_fault = isinstance(known, Mapping) and not stores | {*layer.stores} <= known.keys()
    if not has_fault and not stores & {*layer.stores}:
        here = ", ".join(layer.stores)
        text = f'"{name}" works for none of the stores of this layer ({here}); see `stores` of this agent'
        yield keys, text


def _anchor(tree: Tree, keys: Keys, layer: LayerSettings) -> Found:
    zone = layer.zone or _section(tree).get("zone", "UTC")
    if layer.rotation and isinstance(zone, str) and zones.is_zone(zone):
        try:
            zones.strict_instant(layer.rotation.anchor, zone)
        except ValueError as why:
            yield (*keys, "rotation", "anchor"), f"{why}; choose another time"


def _stores(tree: Tree, keys: Keys, layer: LayerSettings) -> Found:
    known = tree.get("stores")
    if isinstance(known, Mapping) and known and layer.stores != "all":
        for index, name in enumerate(layer.stores):
            if name not in known:
                text = (
                    f'there is no store "{name}".{did_you_mean(name, known)} (expected: {", ".join(known)})'
                )
                yield (*keys, "stores", index), text


def _overlaps(_tree: Tree, keys: Keys, layer: LayerSettings) -> Found:
    """No person has two shifts at once in a layer, nor one that runs into its own next day."""
    for index, shift in enumerate(layer.shifts):
        day = _common_day(shift, shift)
        if day is not None:
            text = f"runs into the same shift of a later day ({WEEKDAYS[day]}); end it by the time it begins again"
            yield (*keys, "shifts", index, "hours"), text
    for (first, one), (second, other) in combinations(enumerate(layer.shifts), 2):
        both = sorted({*one.agents} & {*other.agents}) or (["whoever has the turn"] if layer.rotation else [])
        day = _common_day(one, other) if both else None
        if day is not None:
            text = f"puts {both[0]} on at hours of {WEEKDAYS[day]} at which shift {first + 1} of this layer does so"
            yield (*keys, "shifts", second), f"{text} already"


def _common_day(one: ShiftSettings, other: ShiftSettings) -> int | None:
    """The weekday on which two shifts, or a shift and itself on another day, first overlap in a week without end."""
    for day in sorted(other.days):
        for earlier in one.days:
            for week in (-_WEEK, 0, _WEEK):
                if one is other and (earlier, week) == (day, 0):
                    continue
                begins = week + (earlier - day) * MINUTES_OF_DAY
                latest = max(begins + one.hours[0], other.hours[0])
                if latest < min(begins + one.hours[1], other.hours[1]):
                    return (day + latest // MINUTES_OF_DAY) % 7
    return None
