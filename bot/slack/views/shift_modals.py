"""The modals of `/shift`: cover, swap, take, off, override, and the preview before anything is saved.

Times are those of the reader's own zone, as Slack's pickers show them; the other side's stand beside.
A form's answer is a pushed preview; the preview carries the wish in its metadata (`packed`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from bot.domain.shift_snapshots import ShiftLine, ShiftRequest, Vacancy
from bot.slack import ids
from bot.slack.blocks import (
    Block,
    button,
    checkbox,
    context,
    datetime_input,
    divider,
    labelled,
    modal,
    multi_select,
    noted_select,
    option,
    radio,
    section,
    text_input,
)
from bot.slack.inert import escape, mention, shorten
from bot.slack.texts import Say, duration
from bot.slack.views import lines, shift_times
from bot.slack.views.shift_effect import effect_blocks, wish_lines

LONGEST_NOTE = 300
_REASONS = ("vacation", "sick", "other")
_NOTE_OF_OPTION = 75
_LISTED = 25


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at a modal; times are those of their zone."""

    person: str
    zone: str


@dataclass(frozen=True, slots=True)
class Teammate:
    """Somebody who may work there."""

    person: str
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class SwapForm:
    """The swap modal: my shifts, whom I may ask, and once somebody is chosen, their shifts."""

    mine: tuple[ShiftLine, ...]
    team: tuple[Teammate, ...]
    other: Teammate | None = None
    theirs: tuple[ShiftLine, ...] = ()


def cover(shifts: Sequence[ShiftLine], zones: Sequence[str], reader: Reader, say: Say) -> Block:
    """Which of my shifts, or which part of it, shall somebody else work? `zones`: of those who could."""
    title = say("shift.cover.title")
    if not shifts:
        return _closed(ids.MODAL_COVER, title, say("shift.none_of_mine"), say)
    blocks = [
        _shift_select(ids.SHIFT_MINE, say("shift.which"), shifts, reader.zone, zones, say),
        _moment(ids.SHIFT_FROM, say("shift.part_from"), say, hint="shift.part_hint"),
        _moment(ids.SHIFT_UNTIL, say("shift.part_until"), say),
        _note(say),
        context(say("shift.cover.what")),
    ]
    return _form(ids.MODAL_COVER, title, blocks, say)


def swap(form: SwapForm, reader: Reader, say: Say) -> Block:
    """My shift for one of a colleague's; choosing the colleague brings their shifts."""
    title = say("shift.swap.title")
    if not form.mine or not form.team:
        words = say("shift.none_of_mine") if not form.mine else say("shift.nobody_else")
        return _closed(ids.MODAL_SWAP, title, words, say)
    zones = [form.other.zone] if form.other else list(dict.fromkeys(one.zone for one in form.team))
    picker = noted_select(ids.SHIFT_OTHER, say("shift.pick_person"), _people(form.team, say))
    blocks = [
        _shift_select(ids.SHIFT_MINE, say("shift.swap.mine"), form.mine, reader.zone, zones, say),
        labelled(ids.SHIFT_OTHER, say("shift.swap.other"), picker, dispatch=True),
        *_their_shifts(form, reader, say),
        _note(say),
        context(say("shift.swap.what")),
    ]
    return _form(ids.MODAL_SWAP, title, blocks, say)


def _their_shifts(form: SwapForm, reader: Reader, say: Say) -> list[Block]:
    """A block id of its own for each colleague: what was chosen of the last one's must not stay."""
    if form.other is None:
        return [section(say("shift.swap.choose_first"))]
    name = form.other.name
    if not form.theirs:
        return [section(say("shift.swap.none", who=escape(shorten(name, 40))))]
    label = say("shift.swap.theirs", who=shorten(name, 40))
    picker = _shift_select(ids.SHIFT_THEIRS, label, form.theirs, reader.zone, [form.other.zone], say)
    return [picker | {"block_id": f"{ids.SHIFT_THEIRS}.{form.other.person}"}]


def take(vacancies: Sequence[Vacancy], reader: Reader, say: Say) -> Block:
    """What others ask to be covered, and when nobody is on: each with a button to take it."""
    shown = [_vacancy(one, reader, say) for one in vacancies[:_LISTED]]
    rest = len(vacancies) - len(shown)
    blocks: list[Block | None] = [
        section(say("shift.take.what") if shown else say("shift.take.none")),
        *shown,
        context(say("shift.take.more", n=rest)) if rest else None,
    ]
    return modal(ids.MODAL_TAKE, say("shift.take.title"), blocks, close=say("do.close"))


def _vacancy(one: Vacancy, reader: Reader, say: Say) -> Block:
    """When, in the reader's own time; for whom or why; and what rest it would leave."""
    when = shift_times.span(one.start, one.end, reader.zone, say)
    if one.request is not None:
        value, what = f"cover:{one.request}", say("shift.take.cover", who=mention(one.by or ""))
    else:
        value = f"gap:{one.store or 'all'}:{_epoch(one.start)}:{_epoch(one.end)}"
        what = say("shift.take.fatal") if one.fatal else say("shift.take.gap")
    stores = escape(_names(one.store_names, say))
    label = shorten(say("shift.take.label", when=when, stores=_names(one.store_names, say)), 75)
    return section(
        say("shift.take.line", when=when, length=shift_times.length(one.start, one.end, say), stores=stores),
        what,
        say("shift.take.night") if shift_times.is_night(one.start, one.end, reader.zone) else None,
        *_rest_lines(one, say),
        say("shift.note_line", note=escape(shorten(one.note, 200))) if one.note else None,
        accessory=button(ids.SHIFT_TAKE, say("shift.take.do"), value, label=label),
    )


def _rest_lines(one: Vacancy, say: Say) -> list[str]:
    """What would be too short a night."""
    rests = {"before": one.rest_before, "after": one.rest_after}
    return [
        say(f"shift.take.rest_{side}", rest=duration(rest, say))
        for side, rest in rests.items()
        if rest is not None
    ]


def off(reader: Reader, say: Say) -> Block:
    """I can't work then."""
    reasons = {reason: say.word("reason", reason) for reason in _REASONS}
    blocks = [
        _moment(ids.SHIFT_FROM, say("shift.from"), say, required=True),
        _moment(ids.SHIFT_UNTIL, say("shift.until"), say, required=True),
        labelled(
            ids.SHIFT_REASON, say("shift.off.reason"), radio(ids.SHIFT_REASON, reasons, chosen="vacation")
        ),
        labelled(
            ids.SHIFT_ASK,
            say("shift.off.ask_label"),
            checkbox(ids.SHIFT_ASK, say("shift.off.ask")),
            optional=True,
        ),
        context(say("shift.zone", zone=lines.zone_name(reader.zone, say))),
        context(say("shift.off.what")),
    ]
    return _form(ids.MODAL_OFF, say("shift.off.title"), blocks, say)


def override(
    team: Sequence[Teammate], stores: Mapping[str, str], reader: Reader, say: Say, *, every: bool = True
) -> Block:
    """A manager says who works; `stores` are theirs, from key to name. Who has not `every` store has to choose."""
    title = say("shift.override.title")
    if not team:
        return _closed(ids.MODAL_OVERRIDE, title, say("shift.nobody_else"), say)
    people = _people(team, say)
    who = noted_select(ids.SHIFT_ON, say("shift.pick_person"), people)
    instead = noted_select(ids.SHIFT_INSTEAD, say("shift.override.nobody"), people)
    blocks = [
        _choice(ids.SHIFT_ON, "shift.override.who", who, "shift.override.off_hint", say),
        _choice(ids.SHIFT_INSTEAD, "shift.override.instead", instead, "shift.override.hint", say),
        _moment(ids.SHIFT_FROM, say("shift.from"), say, required=True),
        _moment(ids.SHIFT_UNTIL, say("shift.until"), say, required=True),
        _stores(stores, say, required=not every) if len(stores) > 1 or not every else None,
        _note(say),
        context(say("shift.zone", zone=lines.zone_name(reader.zone, say))),
    ]
    return _form(ids.MODAL_OVERRIDE, title, blocks, say)


def _choice(action_id: str, label: str, element: Block, hint: str, say: Say) -> Block:
    return labelled(action_id, say(label), element, hint=say(hint), optional=True)


def _stores(stores: Mapping[str, str], say: Say, *, required: bool = False) -> Block:
    names = {key: shorten(name, 75) for key, name in stores.items()}
    picker = multi_select(ids.SHIFT_STORES, say("shift.stores" if required else "shift.every_store"), names)
    return labelled(ids.SHIFT_STORES, say("shift.stores"), picker, optional=not required)


def preview(request: ShiftRequest, reader: Reader, say: Say) -> Block:
    """What would change, before anything is saved; Confirm saves what the metadata holds."""
    return modal(
        ids.MODAL_SHIFT_PREVIEW,
        say("shift.preview.title"),
        [
            section(*wish_lines(request, reader.zone, say)),
            *effect_blocks(request, reader.zone, say),
            divider(),
            section(say("shift.preview.manager")) if request.needs_manager else None,
            section(_told_line(request, say)),
            context(say("shift.zone", zone=lines.zone_name(reader.zone, say))),
        ],
        submit=say("do.confirm"),
        close=say("do.back"),
        metadata=packed(request),
    )


def _told_line(request: ShiftRequest, say: Say) -> str:
    people = [mention(one) for one in request.told[:20]]
    if len(request.told) > len(people):
        people.append(say("shift.preview.others", n=len(request.told) - len(people)))
    told = say("shift.preview.told", who=say.several(people)) if people else None
    asked = say("shift.preview.asked", channel=f"<#{request.channel}>") if request.channel else None
    return say.joined((asked, told)) or say("shift.preview.nobody_told")


def packed(request: ShiftRequest) -> str:
    """The wish as JSON for `private_metadata`: what nobody has entered is null, instants are epoch seconds."""
    return json.dumps(
        {
            "request": request.id or None,
            "kind": request.kind,
            "start": _epoch(request.start),
            "end": _epoch(request.end),
            "other": request.other,
            "other_start": _epoch(request.other_start),
            "other_end": _epoch(request.other_end),
            "instead_of": request.instead_of,
            "stores": [key for key, _name in request.stores],
            "reason": request.reason or None,
            "ask": request.asks_cover,
            "note": shorten(request.note, LONGEST_NOTE),
        },
        ensure_ascii=False,
    )


def _epoch(instant: datetime | None) -> int | None:
    return int(instant.timestamp()) if instant is not None else None


# For each kind of mistake the inputs at which it may be said, the best first.
_PLACES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "shift_half_a_part": (ids.SHIFT_UNTIL,),
        "shift_ends_first": (ids.SHIFT_UNTIL, ids.SHIFT_MINE),
        "shift_in_past": (ids.SHIFT_FROM, ids.SHIFT_MINE),
        "shift_too_long": (ids.SHIFT_UNTIL,),
        "shift_too_far": (ids.SHIFT_FROM,),
        "shift_with_self": (ids.SHIFT_INSTEAD, ids.SHIFT_OTHER),
        "shift_unchosen": (ids.SHIFT_THEIRS, ids.SHIFT_OTHER, ids.SHIFT_ON, ids.SHIFT_FROM),
        "shift_nothing_there": (ids.SHIFT_INSTEAD, ids.SHIFT_FROM),
        "shift_outside": (ids.SHIFT_FROM, ids.SHIFT_THEIRS, ids.SHIFT_MINE),
        "shift_overridden": (ids.SHIFT_MINE, ids.SHIFT_FROM),
        "shift_asked_already": (ids.SHIFT_MINE, ids.SHIFT_FROM),
        "shift_overlap": (ids.SHIFT_ON, ids.SHIFT_THEIRS, ids.SHIFT_FROM, ids.SHIFT_MINE),
    }
)
MISTAKES = tuple(_PLACES)
"""Keys of errors that belong to an input; their texts have neither mentions nor dates, which Slack would not draw."""


def error_block(view: Block, key: str) -> str | None:
    """The block of `view` at which to say the mistake `key`; None if it belongs to no input there."""
    inputs = {
        block["element"]["action_id"]: str(block["block_id"])
        for block in view["blocks"]
        if block["type"] == "input"
    }
    return next((inputs[place] for place in _PLACES.get(key, ()) if place in inputs), None)


def _form(callback_id: str, title: str, blocks: Sequence[Block | None], say: Say) -> Block:
    return modal(callback_id, title, blocks, submit=say("do.preview"), close=say("do.cancel"))


def _closed(callback_id: str, title: str, words: str, say: Say) -> Block:
    """A modal in which there is nothing to choose."""
    return modal(callback_id, title, [section(words)], close=say("do.close"))


def _shift_select(
    action_id: str, label: str, shifts: Sequence[ShiftLine], zone: str, zones: Sequence[str], say: Say
) -> Block:
    """Shifts in the reader's own time; under each, what time that is at the other places."""
    others = [one for one in dict.fromkeys(zones) if one != zone]
    found: dict[str, Block] = {}
    for one in shifts:
        text = say(
            "shift.option",
            when=shift_times.span(one.start, one.end, zone, say),
            stores=_names(one.stores, say),
        )
        value = f"{_epoch(one.start)}:{_epoch(one.end)}"
        found.setdefault(value, option(shorten(text, 75), value, _beside(one, others, say)))
    return labelled(action_id, label, noted_select(action_id, say("shift.pick"), list(found.values())))


def _beside(shift: ShiftLine, zones: Sequence[str], say: Say) -> str:
    """As many other places as there is room for."""
    for count in range(len(zones), 0, -1):
        text = shift_times.at_places(shift.start, shift.end, zones[:count], say)
        if len(text) <= _NOTE_OF_OPTION:
            return text
    return ""


def _people(team: Sequence[Teammate], say: Say) -> list[Block]:
    return [
        option(shorten(one.name, 75) or one.person, one.person, lines.zone_name(one.zone, say))
        for one in team
    ]


def _moment(action_id: str, label: str, say: Say, *, hint: str = "", required: bool = False) -> Block:
    words = say(hint) if hint else None
    return labelled(action_id, label, datetime_input(action_id), hint=words, optional=not required)


def _note(say: Say) -> Block:
    field = text_input(ids.SHIFT_NOTE, most=LONGEST_NOTE)
    return labelled(ids.SHIFT_NOTE, say("shift.note"), field, hint=say("shift.note_hint"), optional=True)


def _names(stores: Sequence[str], say: Say) -> str:
    """As plain text."""
    return say.several([shorten(name, 40) for name in stores]) or say("board.all")
