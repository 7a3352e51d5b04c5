"""The modals of `/shift`: opening them, reading what was entered, the preview, and Confirm.

In a submission the desk comes first and the ack after it; a mistake is said at the field it belongs to.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.desk import access, request_pages, requests
from bot.desk.shift_pages import name_of, shift_lines, zone_of
from bot.desk.shifts import FAR, Staff, staff_at
from bot.desk.wishes import Wish
from bot.domain.shift_snapshots import ShiftLine, ShiftRequest
from bot.errors import WrongInput
from bot.slack import ids
from bot.slack.blocks import Block
from bot.slack.limits import fit
from bot.slack.payloads import Body, click, person_of, typed
from bot.slack.post import call
from bot.slack.surface import Surface
from bot.slack.texts import error_text
from bot.slack.views import shift_modals
from bot.slack.views.shift_modals import Reader, SwapForm, Teammate


def register(app: App, surface: Surface) -> None:
    """Every modal of `/shift`, and the choice of a colleague in the swap modal."""
    for callback_id, wish in _WISHES.items():
        _register_form(app, surface, callback_id, wish)

    @app.action(ids.SHIFT_OTHER)
    def colleague_chosen(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        pressed, view = click(body), body["view"]
        form = draw_swap(surface, pressed.person, pressed.value)
        call(client.views_update, view_id=view["id"], hash=view["hash"], view=fit(form))

    @app.view(ids.MODAL_SHIFT_PREVIEW)
    def confirmed(ack: Ack, body: Body) -> None:
        _confirm(surface, json.loads(body["view"]["private_metadata"]), person_of(body))
        ack(response_action="clear")


def _register_form(
    app: App, surface: Surface, callback_id: str, wish: Callable[[dict[str, str | None], str], Wish]
) -> None:
    @app.view(callback_id)
    def submitted(ack: Ack, body: Body) -> None:
        view, person = body["view"], person_of(body)
        ack(**_answer(surface, view, person, lambda: wish(typed(view), person)))


def _answer(surface: Surface, view: dict[str, Any], person: str, wish: Callable[[], Wish]) -> dict[str, Any]:
    """The preview on top of the form, or the mistake at its field."""
    say = surface.say(person)
    try:
        shown = request_pages.preview(surface.desk, wish())
    except WrongInput as why:
        block = shift_modals.error_block(view, why.key)
        if block is None:
            raise
        return {"response_action": "errors", "errors": {block: error_text(why, say)}}
    return {"response_action": "push", "view": fit(draw_preview(surface, person, shown))}


def draw_preview(surface: Surface, person: str, shown: ShiftRequest) -> Block:
    """What would change, before anything is saved."""
    return shift_modals.preview(_located(surface, shown), _reader(surface, person), surface.say(person))


def _located(surface: Surface, shown: ShiftRequest) -> ShiftRequest:
    """With the id of the channel, which the view makes a link of."""
    return replace(shown, channel=surface.directory.channel(shown.channel)) if shown.channel else shown


def _reader(surface: Surface, person: str) -> Reader:
    return Reader(person, surface.directory.person(person).zone)


def _instant(text: str | None) -> datetime:
    if not text:
        raise WrongInput("Fill in both times.", key="shift_unchosen")
    return datetime.fromtimestamp(int(text), UTC)


def _chosen(text: str | None) -> tuple[datetime, datetime]:
    """The shift that a select's value `start:end` is."""
    if not text:
        raise WrongInput("Choose a shift first.", key="shift_unchosen")
    start, _, end = text.partition(":")
    return _instant(start), _instant(end)


def _cover(answers: dict[str, str | None], person: str) -> Wish:
    start, end = _chosen(answers.get(ids.SHIFT_MINE))
    first, last = answers.get(ids.SHIFT_FROM), answers.get(ids.SHIFT_UNTIL)
    if bool(first) != bool(last):
        raise WrongInput("Fill in both times, or neither.", key="shift_half_a_part")
    if first and last:
        part = _instant(first), _instant(last)
        if part[1] <= part[0]:
            raise WrongInput("The end is not after the start.", key="shift_ends_first")
        if part[0] < start or part[1] > end:
            raise WrongInput("That lies outside the shift.", key="shift_outside")
        start, end = part
    return Wish("cover", person, start, end, note=answers.get(ids.SHIFT_NOTE) or "")


def _swap(answers: dict[str, str | None], person: str) -> Wish:
    start, end = _chosen(answers.get(ids.SHIFT_MINE))
    other_start, other_end = _chosen(answers.get(ids.SHIFT_THEIRS))
    return Wish(
        "swap",
        person,
        start,
        end,
        other=answers.get(ids.SHIFT_OTHER),
        other_start=other_start,
        other_end=other_end,
        note=answers.get(ids.SHIFT_NOTE) or "",
    )


def _off(answers: dict[str, str | None], person: str) -> Wish:
    return Wish(
        "off",
        person,
        _instant(answers.get(ids.SHIFT_FROM)),
        _instant(answers.get(ids.SHIFT_UNTIL)),
        reason=answers.get(ids.SHIFT_REASON) or "other",
        asks_cover=bool(answers.get(ids.SHIFT_ASK)),
    )


def _override(answers: dict[str, str | None], person: str) -> Wish:
    stores = answers.get(ids.SHIFT_STORES) or ""
    return Wish(
        "override",
        person,
        _instant(answers.get(ids.SHIFT_FROM)),
        _instant(answers.get(ids.SHIFT_UNTIL)),
        other=answers.get(ids.SHIFT_ON),
        instead_of=answers.get(ids.SHIFT_INSTEAD),
        stores=tuple(stores.split(",")) if stores else (),
        note=answers.get(ids.SHIFT_NOTE) or "",
    )


_WISHES: dict[str, Callable[[dict[str, str | None], str], Wish]] = {
    ids.MODAL_COVER: _cover,
    ids.MODAL_SWAP: _swap,
    ids.MODAL_OFF: _off,
    ids.MODAL_OVERRIDE: _override,
}


def _confirm(surface: Surface, packed: dict[str, Any], person: str) -> None:
    """Save what the preview showed; it is checked once more."""
    if packed["request"]:
        requests.accept(surface.desk, packed["request"], by=person)
        return
    start, end = (_instant(str(packed[key])) for key in ("start", "end"))
    theirs = [_instant(str(packed[key])) if packed[key] else None for key in ("other_start", "other_end")]
    wish = Wish(
        kind=packed["kind"],
        by=person,
        start=start,
        end=end,
        other=packed["other"],
        other_start=theirs[0],
        other_end=theirs[1],
        instead_of=packed["instead_of"],
        stores=tuple(packed["stores"]),
        note=packed["note"],
        reason=packed["reason"] or "",
        asks_cover=bool(packed["ask"]),
    )
    requests.ask(surface.desk, wish)


def draw(surface: Surface, person: str, kind: str) -> Block:
    """The modal of `/shift KIND`. Raises NotAllowed, WrongInput without a rota."""
    desk = surface.desk
    with desk.database.reading() as tx:
        (access.require_manager if kind == "override" else access.require_agent)(tx, desk, person)
    if desk.settings.rota is None:
        raise WrongInput("There is no rota: config/rota.yaml is missing.", key="no_rota")
    return _DRAWN[kind](surface, person)


def _staff(surface: Surface) -> Staff:
    desk = surface.desk
    with desk.database.reading() as tx:
        return staff_at(tx, desk, desk.now(), FAR)


def _shifts(view: Staff, person: str) -> list[ShiftLine]:
    end = view.now + request_pages.FORTNIGHT
    return shift_lines(view, view.now, end, list(view.desk.settings.stores), person)


def _team(view: Staff, person: str) -> tuple[Teammate, ...]:
    return tuple(
        Teammate(one, name_of(view, one), zone_of(view, one)) for one in view.key_of if one != person
    )


def _draw_cover(surface: Surface, person: str) -> Block:
    view = _staff(surface)
    zones = [one.zone for one in _team(view, person) if view.has_shifts(one.person)]
    return shift_modals.cover(_shifts(view, person), zones, _reader(surface, person), surface.say(person))


def draw_swap(surface: Surface, person: str, other: str | None = None) -> Block:
    """The swap modal, with the shifts of the colleague that was chosen."""
    view = _staff(surface)
    team = tuple(one for one in _team(view, person) if view.has_shifts(one.person))
    chosen = next((one for one in team if one.person == other), None)
    mine, theirs = (_not_begun(view, one) for one in (person, chosen.person if chosen else None))
    form = SwapForm(mine, team, chosen, theirs)
    return shift_modals.swap(form, _reader(surface, person), surface.say(person))


def _not_begun(view: Staff, person: str | None) -> tuple[ShiftLine, ...]:
    """A shift that runs already can be covered, and not swapped."""
    return tuple(one for one in _shifts(view, person) if one.start > view.now) if person else ()


def _draw_take(surface: Surface, person: str) -> Block:
    vacancies = request_pages.vacancies(surface.desk, person)
    return shift_modals.take(vacancies, _reader(surface, person), surface.say(person))


def _draw_off(surface: Surface, person: str) -> Block:
    return shift_modals.off(_reader(surface, person), surface.say(person))


def _draw_override(surface: Surface, person: str) -> Block:
    view = _staff(surface)
    manager = view.team[view.key_of[person]].agent
    stores = {
        key: one.name for key, one in surface.desk.settings.stores.items() if access.may_manage(manager, key)
    }
    team = [Teammate(one, name_of(view, one), zone_of(view, one)) for one in view.key_of]
    every = len(stores) == len(surface.desk.settings.stores)
    return shift_modals.override(team, stores, _reader(surface, person), surface.say(person), every=every)


_DRAWN: dict[str, Callable[[Surface, str], Block]] = {
    "cover": _draw_cover,
    "swap": draw_swap,
    "take": _draw_take,
    "off": _draw_off,
    "override": _draw_override,
}
KINDS = tuple(_DRAWN)
"""The words that `/shift` opens a modal for."""
