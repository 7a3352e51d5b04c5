"""The rules of the rota as a text that says all of them: what is kept of them, and read again later.

It is JSON, and so YAML: below `rota` stands what the reader of config/rota.yaml reads, with all people and with
every zone. Calendars and the days off of countries are in it as they were known: files, servers and libraries
change. Of a calendar at an address the address is not in it, for it may be a secret. Two rotas that put the same
people on at all times, as far as their own words go, have the same text.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from bot.domain import calendars
from bot.domain.holidays import KnownDays, known_days
from bot.domain.rota import Layer, Rota, RotaAgent, Rotation, Vacation, WeeklyShift
from bot.errors import ConfigError
from bot.settings.positions import dotted
from bot.settings.rota import Person, rota_of
from bot.settings.rota_shape import RotaSettings
from bot.settings.rota_values import MINUTES_OF_DAY, WEEKDAYS
from bot.settings.wording import shape_faults

_KEPT = "kept"
Years = tuple[int, int]
"""The first and the last year whose holidays are in a text."""


@dataclass(frozen=True, slots=True)
class RulesText:
    """A rota in words; `digest` is the same for the same words only."""

    text: str
    digest: str


def written(rota: Rota, people: Mapping[str, Person], years: Years) -> RulesText:
    """The rules. `people` are asked how calendars call them, if there is one."""
    tree = _tree(rota, people, years)
    text = json.dumps(tree, ensure_ascii=False, separators=(",", ":"))
    return RulesText(text, sha256(text.encode()).hexdigest())


def _tree(rota: Rota, people: Mapping[str, Person], years: Years) -> dict[str, Any]:
    texts = {one.name: calendars.essence(one.calendar) for one in rota.layers if one.calendar}
    countries = sorted({country for layer in rota.layers for country in layer.countries})
    named = people if texts else {}
    agents = sorted(rota.agents, key=lambda one: one.key)
    vacations = sorted(rota.vacations, key=lambda one: (one.agent, one.first_day, one.last_day, one.zone))
    return {
        "rota": {
            "layers": [_layer(one) for one in rota.layers],
            "vacations": [_vacation(one) for one in vacations],
            "agents": {one.key: _agent(one, named.get(one.key)) for one in agents},
        },
        "calendars": texts,
        "years": list(years),
        "holidays": {one: _days(known_days(one, *years)) for one in countries},
    }


def _layer(layer: Layer) -> dict[str, Any]:
    turns = layer.rotation
    shifts = sorted(layer.shifts, key=lambda one: (one.start, one.end, sorted(one.days), one.agents))
    found = {
        "name": layer.name,
        "zone": layer.zone,
        "stores": _choice(layer.stores),
        "first_day": layer.first_day and layer.first_day.isoformat(),
        "last_day": layer.last_day and layer.last_day.isoformat(),
        "holidays": sorted(layer.countries),
        "closed_on": [day.isoformat() for day in sorted(layer.closed_on)],
        "open_on": [day.isoformat() for day in sorted(layer.open_on)],
        "rotation": turns and _rotation(turns),
        "shifts": [_shift(one) for one in shifts],
        "calendar": None if layer.calendar is None else _KEPT,
    }
    return {key: value for key, value in found.items() if value not in (None, [])}


def _choice(stores: frozenset[str] | None) -> list[str] | str:
    return "all" if stores is None else sorted(stores)


def _rotation(rotation: Rotation) -> dict[str, Any]:
    return {
        "turns": [sorted(turn) for turn in rotation.turns],
        "every": f"{rotation.days} days",
        "anchor": f"{rotation.anchor:%Y-%m-%d %H:%M}",
    }


def _shift(shift: WeeklyShift) -> dict[str, Any]:
    found = {"days": days_of(shift).split(", "), "hours": hours_of(shift), "agents": sorted(shift.agents)}
    return {key: value for key, value in found.items() if value}


def days_of(shift: WeeklyShift) -> str:
    """The days of a shift as rota.yaml spells them, such as `mon-fri` or `mon, wed, sat`."""
    days = sorted(shift.days)
    if len(days) > 1 and days[-1] - days[0] == len(days) - 1:
        return f"{WEEKDAYS[days[0]]}-{WEEKDAYS[days[-1]]}"
    return ", ".join(WEEKDAYS[day] for day in days)


def hours_of(shift: WeeklyShift) -> str:
    """The hours of a shift as rota.yaml spells them, such as `09:00-18:00` or `22:00-06:00+1`."""
    later, end = divmod(shift.end - 1, MINUTES_OF_DAY)
    end += 1
    spelled = f"{shift.start // 60:02}:{shift.start % 60:02}-{end // 60:02}:{end % 60:02}"
    return f"{spelled}+{later}" if later else spelled


def _vacation(one: Vacation) -> dict[str, Any]:
    first, last = one.first_day.isoformat(), one.last_day.isoformat()
    return {"agent": one.agent, "first_day": first, "last_day": last, "zone": one.zone}


def _agent(agent: RotaAgent, person: Person | None) -> dict[str, Any]:
    found = {
        "name": person and person.name,
        "email": person and person.email,
        "zone": agent.zone,
        "stores": _choice(agent.stores),
        "languages": sorted(agent.languages),
        "skills": sorted(agent.skills),
    }
    return {key: value for key, value in found.items() if value not in (None, [])}


def _days(known: KnownDays) -> dict[str, list[str]]:
    return {
        "off": [day.isoformat() for day in sorted(known.off)],
        "made_up": [day.isoformat() for day in sorted(known.made_up)],
    }


def read(text: str) -> Rota:
    """The rules of a text that `written` made. Raises ConfigError: a later program may know other words."""
    try:
        tree = json.loads(text)
        shape = RotaSettings.model_validate(tree["rota"])
        rota = rota_of(shape, shape.agents, tree["calendars"])
        known = [_known(country, tree["years"], days) for country, days in tree["holidays"].items()]
    except ValidationError as error:
        faults = shape_faults(error, ("rota",))
        raise ConfigError(*(f"{dotted(keys)}: {fault}" for keys, fault in faults)) from None
    except (ValueError, KeyError, TypeError, AttributeError) as why:
        raise ConfigError(f"this is no text that keeps a rota ({type(why).__name__})") from None
    if rota is None:
        return Rota((), ())
    return replace(
        rota,
        layers=tuple(
            replace(layer, known_days=tuple(one for one in known if one.country in layer.countries))
            for layer in rota.layers
        ),
    )


def _known(country: str, years: Years, days: Mapping[str, list[str]]) -> KnownDays:
    off, made_up = (frozenset(date.fromisoformat(day) for day in days[key]) for key in ("off", "made_up"))
    return KnownDays(country, *years, off, made_up)
