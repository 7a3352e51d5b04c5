"""`reply24 rota history`: the kept versions of the rota; and the line that says which of them judge the past."""

from typing import TYPE_CHECKING, Any

from bot.cli import printing
from bot.cli.printing import iso
from bot.cli.records import database_answers

if TYPE_CHECKING:
    from bot.domain.rota import Rota, Vacation, WeeklyShift
    from bot.domain.rota_changes import LayerChange
    from bot.domain.rota_versions import Judges


def judges_line(found: "Judges") -> str:
    """Which versions of the rota say who was on shift."""
    from bot.slack.inert import utc
    from bot.slack.texts import Say
    from bot.slack.views.judges import judged_by

    return judged_by(found, Say("en"), utc)


def judges_json(found: "Judges") -> dict[str, Any]:
    """The same for programs; `known_since` is null unless part of the time lies before all that is kept."""
    return {
        "versions": list(found.numbers),
        "in_force_from": iso(found.since) if found.since else None,
        "known_since": iso(found.known_since) if found.known_since else None,
    }


def history(as_json: printing.AsJson = False) -> None:
    """The versions of the rota: since when each is in force, and what it changed."""
    from bot.cli.rota_source import installation

    with database_answers(), installation() as (tx, settings):
        from bot.desk import rota_history

        kept = rota_history.all_of(tx)
        waiting = rota_history.not_in_force(tx, settings)
    before: Rota | None = None
    for known, rules in kept:
        told = f"can't be read any more: {rules}" if isinstance(rules, str) else change_line(before, rules)
        _print(known.number, iso(known.since), told, as_json=as_json)
        before = before if isinstance(rules, str) else rules
    if waiting is not None and before is not None:
        _print(None, None, change_line(before, waiting), as_json=as_json)
    if not kept and not as_json:
        printing.line("No version is kept yet. The bot keeps the first when it starts")


def _print(number: int | None, since: str | None, told: str, *, as_json: bool) -> None:
    if as_json:
        printing.as_json({"version": number, "in_force_from": since, "change": told})
    elif number is None:
        printing.line(f"not in force until the bot starts again: {told}")
    else:
        printing.line(f"{number:>4}  {since}  {told}")


def change_line(before: "Rota | None", after: "Rota") -> str:
    """What changed, in one line."""
    from bot.domain.rota_changes import change

    if before is None:
        shifts = sum(len(one.shifts) for one in after.layers)
        return f"the first: {len(after.layers)} layers, {shifts} shifts, {len(after.agents)} people"
    found = change(before, after)
    parts = [
        *(f"layer {name} added" for name in found.layers_added),
        *(f"layer {name} removed" for name in found.layers_removed),
        *(f"{one.name}: {_in_layer(one)}" for one in found.layers),
        *(["layers in another order"] if found.is_reordered else []),
        *(f"{key} is new" for key in found.people_added),
        *(f"{key} left" for key in found.people_removed),
        *(f"{key}: zone, stores, languages, skills or names" for key in found.people_changed),
        *(f"vacation added: {_away(one)}" for one in found.vacations_added),
        *(f"vacation removed: {_away(one)}" for one in found.vacations_removed),
    ]
    return "; ".join(parts) or "nothing that puts anybody on or off"


def _in_layer(one: "LayerChange") -> str:
    parts = [
        *(f"{_shift(shift)} added" for shift in one.added),
        *(f"{_shift(shift)} removed" for shift in one.removed),
        *(f"{_shift(old)} is now {_shift(new)}" for old, new in one.changed),
        *(f"{key} changed" for key in one.others),
    ]
    return ", ".join(parts)


def _shift(shift: "WeeklyShift") -> str:
    from bot.settings.rota_text import days_of, hours_of

    people = f" {'+'.join(shift.agents)}" if shift.agents else ""
    return f"{days_of(shift)} {hours_of(shift)}{people}"


def _away(one: "Vacation") -> str:
    return f"{one.agent} {one.first_day} to {one.last_day}"
