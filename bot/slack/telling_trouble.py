"""What the outbox's keys about trouble mean: what managers are told when the bot, or somebody, can't work."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.slack.views import trouble

if TYPE_CHECKING:  # telling reads this table; a cycle only for types
    from bot.slack.telling import Asked, Telling


def _trouble(asked: "Asked") -> "Telling":
    return asked.post(trouble.place(asked.parts[0], asked.say))


def _shared(asked: "Asked") -> "Telling":
    return asked.post(trouble.shared(asked.parts[0], asked.say))


def _team_group(asked: "Asked") -> "Telling":
    handle, code = asked.parts[:2]
    is_gate = handle == asked.desk.settings.slack.team_group
    return asked.post(trouble.team_group(handle, code, asked.say, is_gate=is_gate))


def _left(asked: "Asked") -> "Telling":
    """`left:<person>:<cases>:<shifts>:<instant>:<manager>`"""
    person, held, shifts = asked.parts[:3]
    names = asked.directory.names()
    return asked.post(trouble.left(names.get(person, person), int(held), int(shifts), asked.say))


def _missed(asked: "Asked") -> "Telling":
    return asked.post(trouble.missed(asked.parts[-1], asked.number, asked.say))


def _group(asked: "Asked") -> "Telling":
    handle = asked.desk.settings.slack.oncall_group or ""
    return asked.post(trouble.group(handle, asked.parts[0], asked.say))


KINDS: dict[str, Callable[["Asked"], "Telling | None"]] = {
    "trouble": _trouble,
    "missed": _missed,
    "group": _group,
    "shared": _shared,
    "teamgroup": _team_group,
    "left": _left,
}
