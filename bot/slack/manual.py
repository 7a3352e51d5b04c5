"""`/manual-mode`, and the runbook's buttons and modals: look at Account Health, write to Amazon, end it."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from itertools import product
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.desk import Desk, access, automation, manual, manual_pages
from bot.desk.manual import Switched
from bot.desk.manual_pages import Seen
from bot.domain import rights
from bot.domain.manual import ALL, ManualMode
from bot.errors import WrongInput
from bot.slack import boards, ids, naming
from bot.slack.blocks import Block
from bot.slack.inert import when
from bot.slack.payloads import Body, click, person_of, typed
from bot.slack.surface import Surface, show
from bot.slack.texts import Say, error_text
from bot.slack.views import manual as views
from bot.slack.views.manual_lines import scope as scope_words

if TYPE_CHECKING:  # commands reads this module
    from bot.slack.commands import Call

_NEARLY = 0.75
"""How like a store's name a word is that is taken for a slip, from 0 to 1."""
_OPENED, _CLOSED = '"“‘「', '"”’」'
# "lumen-de和lumen-us", "lumen-de的邮箱": Chinese has no blanks.
_JOINED = "和与及跟的"
_AND = re.compile(r"^(?:(?:and|und|plus)\b|[&+/;；和与及跟])\s{0,9}", re.IGNORECASE)
# What follows may begin with a sign of its own: a store's name, a person, a case.
_FIRST_WORD = re.compile(
    rf"[\s{_OPENED}]{{0,9}}(?P<word>[A-Za-zＡ-Ｚａ-ｚ]{{0,10}})[{_CLOSED}]?(?:[\s:：,，。、]{{1,9}}(?P<rest>.*))?",
    re.DOTALL,
)


def register(app: App, surface: Surface) -> None:
    """Every button and modal of manual mode."""
    _register_openings(app, surface)

    @app.view(ids.MODAL_MANUAL_ON)
    def on_submitted(ack: Ack, body: Body) -> None:
        answers, person = typed(body["view"]), person_of(body)
        scope = answers.get(ids.MANUAL_SCOPE) or ALL
        manual.switch_on(surface.desk, scope, answers.get(ids.MANUAL_REASON) or "", by=person)
        ack(response_action="clear")

    @app.view(ids.MODAL_MANUAL_OFF)
    def off_submitted(ack: Ack, body: Body) -> None:
        mode = manual.mode(surface.desk, _number(body["view"]))
        reason = typed(body["view"]).get(ids.MANUAL_REASON) or ""
        manual.switch_off(surface.desk, mode.scope, reason, by=person_of(body))
        ack(response_action="clear")

    @app.view(ids.MODAL_HEALTH_LOOK)
    def look_submitted(ack: Ack, body: Body) -> None:
        ack(**_looked(surface, body["view"], person_of(body)))


def _register_openings(app: App, surface: Surface) -> None:
    desk = surface.desk

    @app.action(ids.MANUAL_BEGIN)
    def form_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        say = surface.say(pressed.person)
        show(client, context, pressed, say, lambda: draw_form(surface, pressed.person, say))

    @app.action(ids.MANUAL_LOOK)
    def look_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        say = surface.say(pressed.person)

        def look() -> Block:
            _require_manager(desk, pressed.person)
            return views.look_form(manual_pages.runbook(desk, pressed.number), say)

        show(client, context, pressed, say, look)

    @app.action(ids.MANUAL_CONTACT)
    def contact_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        say = surface.say(pressed.person)
        show(client, context, pressed, say, lambda: _contact(surface, pressed.person, pressed.number, say))

    # A suffix tells the buttons of several modes in one list apart.
    @app.action(re.compile(rf"^{re.escape(ids.MANUAL_END)}(\.\w+)?$"))
    def end_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        say = surface.say(pressed.person)
        show(client, context, pressed, say, lambda: draw_end(surface, pressed.person, pressed.number, say))


def _number(view: dict[str, Any]) -> int:
    return int(json.loads(view["private_metadata"])["manual"])


def _require_manager(desk: Desk, person: str) -> None:
    with desk.database.reading() as tx:
        access.require_manager(tx, desk, person)


def draw_form(surface: Surface, person: str, say: Say) -> Block:
    """The form to switch it on, with the stores of a manager. Raises NotAllowed."""
    desk = surface.desk
    with desk.database.reading() as tx:
        agent = access.require_manager(tx, desk, person)
        on = automation.shown(tx, desk)
    stores = {key: one.name for key, one in desk.settings.stores.items() if access.may_manage(agent, key)}
    return views.form(on, stores, say, may_all=rights.managed(agent.grant) == "all")


def draw_end(surface: Surface, person: str, number: int, say: Say) -> Block:
    """The form to end one. Raises NotAllowed, NotFound."""
    _require_manager(surface.desk, person)
    return views.end_form(manual_pages.runbook(surface.desk, number), say)


def _contact(surface: Surface, person: str, number: int, say: Say) -> Block:
    """The text of the mode's store; if it is for all stores, that of each."""
    desk = surface.desk
    _require_manager(desk, person)
    stores = manual_pages.stores_of(desk, manual.mode(desk, number).scope)
    texts = {name: manual_pages.contact(desk, number, key, by=person) for key, name in stores.items()}
    return views.contact(number, texts, say)


def _looked(surface: Surface, view: dict[str, Any], person: str) -> dict[str, Any]:
    """Keep what was seen; a number that is none is told at its field."""
    answers, say = typed(view), surface.say(person)
    numbers: dict[str, float | None] = {}
    for field in (ids.LOOK_RATE, ids.LOOK_DEFECTS):
        try:
            numbers[field] = _fraction(answers.get(field))
        except WrongInput as why:
            return {"response_action": "errors", "errors": {field: error_text(why, say)}}
    seen = Seen(
        numbers[ids.LOOK_RATE],
        numbers[ids.LOOK_DEFECTS],
        answers.get(ids.LOOK_STANDING),
        answers.get(ids.LOOK_WARNINGS) or "",
    )
    store = answers.get(ids.LOOK_STORE) or ""
    try:
        manual_pages.looked(surface.desk, _number(view), store, seen, by=person)
    except WrongInput as why:
        return {"response_action": "errors", "errors": {ids.LOOK_RATE: error_text(why, say)}}
    return {"response_action": "clear"}


def _fraction(text: str | None) -> float | None:
    """A percentage as people type it: 93.5, "93,5 %". Raises WrongInput."""
    words = (text or "").replace("%", "").replace("％", "").replace(",", ".").strip()
    if not words:
        return None
    try:
        number = float(words)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 100:
        raise WrongInput(f'"{words[:20]}" is no percentage.', key="look_number")
    return number / 100


def command(call: "Call") -> None:
    """`/manual-mode`, `status`, `on [store] [reason]`, `off [store] [reason]`."""
    word, rest = first_word(call.words)
    desk = call.surface.desk
    if word not in ("on", "off"):
        with desk.database.reading() as tx:
            access.require_agent(tx, desk, call.person)
            on = automation.shown(tx, desk)
        if word not in ("", "status"):
            raise WrongInput("on, off or status", key="which_case")
        call.answer(views.status(on, call.say, boards.names(desk.settings.slack)["manual-mode"]))
        return
    _require_manager(desk, call.person)
    named, reason = store_and_reason({key: one.name for key, one in desk.settings.stores.items()}, rest)
    if word == "on":
        call.answer(_done(manual.switch_on(desk, named or ALL, reason, by=call.person), desk, call.say))
    else:
        _off(call, named, reason)


def _off(call: "Call", named: str | None, reason: str) -> None:
    """Without a reason the form asks for one; without a store there must be only one to end."""
    desk, say = call.surface.desk, call.say
    on = manual.modes(desk)
    scope = named or (on[0].scope if len(on) == 1 else None)
    if scope is None and len(on) > 1:
        stores = tuple(one.scope for one in on)
        raise WrongInput(f"Which of {stores}?", key="manual_which", stores=stores, first=on[0].scope)
    mode = next((one for one in on if one.scope == scope), None)
    if mode is not None and not reason:
        call.open(lambda: draw_end(call.surface, call.person, mode.id, say))
        return
    ended = manual.switch_off(desk, scope or ALL, reason, by=call.person)
    left = [_words(desk, one, say) for one in manual.modes(desk)]
    rest = say("manual.still_on", stores=say.several(left)) if left else None
    call.answer(say.joined((say("manual.done_off", store=_words(desk, ended, say)), rest)))


def first_word(words: str) -> tuple[str, str]:
    """`on`, `off`, ... in small letters, whatever keyboard it was typed with, and what follows."""
    found = _FIRST_WORD.fullmatch(words)
    return (naming.half_width(found["word"]).lower(), found["rest"] or "") if found else (words, "")


def store_and_reason(names_of: Mapping[str, str], words: str) -> tuple[str | None, str]:
    """The store that the first words name, by key or name, or ALL; and what follows, which is the reason.

    Words that nearly name one are no reason: a slip would stop, or set free, all stores. Nor is a second store, which
    would go on while people believe that it stands. Raises WrongInput.
    """
    names = {"all": ALL, **{key: key for key in names_of}, **{name: key for key, name in names_of.items()}}
    bare = words.lstrip(_OPENED)
    if found := _named(names, words):
        second = _named(names, _AND.sub("", found[1]))
        if second and ALL not in (found[0], second[0]) and second[0] != found[0]:
            raise WrongInput(
                f"One store at a time: {found[0]}, then {second[0]}.",
                key="manual_two",
                first=found[0],
                second=second[0],
            )
        return found
    for name in (one for one in names if one != "all"):
        head = " ".join(bare.split()[: len(name.split())])
        if get_close_matches(_same(head), [_same(name)], cutoff=_NEARLY):
            raise WrongInput(
                f'There is no store "{head[:40]}".', key="manual_near", words=head[:40], store=names[name]
            )
    return None, words.strip()


def _named(names: Mapping[str, str], words: str) -> tuple[str, str] | None:
    """The store that `words` begin with, and what follows."""
    for name, said in product(
        sorted(names, key=len, reverse=True), dict.fromkeys((words, words.lstrip(_OPENED)))
    ):
        after = said[len(name) :]
        ends_here = not after or not after[0].isalnum() or after[0] in _JOINED
        if _same(said[: len(name)]) == _same(name) and ends_here:
            return names[name], after.strip(f" :,-：，、。{_CLOSED}")
    return None


def _same(words: str) -> str:
    """Whatever keyboard they were typed with."""
    return naming.half_width(words).casefold()


def _words(desk: Desk, mode: ManualMode, say: Say) -> str:
    store = desk.settings.stores.get(mode.scope)
    return scope_words(replace(mode, name=store.name if store else ""), say)


def _done(done: Switched, desk: Desk, say: Say) -> str:
    """What the answer says after the commit: this is the ack."""
    store = _words(desk, done.mode, say)
    if not done.is_new:
        return say("manual.done_already", store=store, at=when(done.mode.since))
    held = say.several([str(one) for one in done.held_back])
    sending = say.several([str(one) for one in done.being_sent])
    return "\n".join(
        line
        for line in (
            say("manual.done_on", store=store),
            say("manual.done_held", cases=held) if held else None,
            say("manual.done_sending", cases=sending) if sending else None,
        )
        if line
    )
