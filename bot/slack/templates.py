"""Templates for managers: writing, changing, history, report. What is a right text: desk/template_edits.py."""

import json
import re
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.desk import access, library, template_edits
from bot.desk.suggest import PERIOD
from bot.desk.template_report import report_for
from bot.domain.template_versions import SKELETON, Editable, Wording
from bot.errors import WrongInput
from bot.slack import boards, ids
from bot.slack.blocks import Block, Post
from bot.slack.inert import escape, shorten
from bot.slack.limits import fit
from bot.slack.payloads import Body, Click, click, person_of, typed
from bot.slack.post import call
from bot.slack.surface import Surface, show
from bot.slack.texts import Say, error_text
from bot.slack.views import lists, template_modals
from bot.slack.views.template_report import report as report_view

WORDS = ("new", "edit", "history", "report")
"""What may follow `/templates`, for managers; any other word is looked for."""
_LONGEST_PERIOD = 3660
_AT_FIELD = {
    "template_exists": "name",
    "template_name": "name",
    "template_language": "lang",
    "template_unchanged": "body",
}


def register(app: App, surface: Surface) -> None:
    """Every button and field about templates."""
    _register_list(app, surface)
    _register_form(app, surface)
    _register_history(app, surface)


def _register_list(app: App, surface: Surface) -> None:
    @app.action(ids.TEMPLATE_NEW)
    def new_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        say = surface.say(pressed.person)
        show(client, context, pressed, say, lambda: draw_new(surface, pressed.person, say))

    @app.action(ids.TEMPLATE_EDIT)
    def edit_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        say = surface.say(pressed.person)
        show(
            client,
            context,
            pressed,
            say,
            lambda: draw_edit(surface, pressed.person, pressed.value, None, say),
        )

    @app.action(ids.TEMPLATE_REPORT)
    def report_wanted(ack: Ack, body: Body, respond: Respond) -> None:
        ack()
        person = click(body).person
        post = fit(draw_report(surface, person, PERIOD.days, surface.say(person)))
        respond(text=post.text, blocks=post.blocks, replace_original=False, response_type="ephemeral")


def _register_form(app: App, surface: Surface) -> None:
    @app.action(ids.TEMPLATE_LANG)
    def language_chosen(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed, view = click(body), body["view"]
        context["modal"] = view["id"]
        say, name = surface.say(pressed.person), _meta(view)["template"]
        form = draw_edit(surface, pressed.person, name, pressed.value, say)
        call(client.views_update, view_id=view["id"], hash=view["hash"], view=fit(form))

    @app.view(ids.MODAL_TEMPLATE)
    def template_submitted(ack: Ack, body: Body) -> None:
        ack(**_save(surface, body["view"], person_of(body)))

    @app.action(ids.TEMPLATE_HISTORY)
    def history_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        name, lang = pressed.value.split(":")
        say = surface.say(pressed.person)
        show(client, context, pressed, say, lambda: draw_history(surface, pressed.person, name, lang, say))


def _register_history(app: App, surface: Surface) -> None:
    @app.action(re.compile(rf"^{re.escape(ids.TEMPLATE_BACK)}\.\d+$"))
    def back_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        context["modal"] = body["view"]["id"]
        name, lang, seen, version = pressed.value.split(":")
        template_edits.restore(surface.desk, name, lang, int(version), seen=int(seen), by=pressed.person)
        _redraw(surface, client, pressed, name, lang)

    @app.action(ids.TEMPLATE_RETIRE)
    def retire_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        context["modal"] = body["view"]["id"]
        name, lang, seen = pressed.value.split(":")
        template_edits.retire(surface.desk, name, lang, seen=int(seen), by=pressed.person)
        _redraw(surface, client, pressed, name, lang)


def _redraw(surface: Surface, client: WebClient, pressed: Click, name: str, lang: str) -> None:
    """The history as it is now, and below it the form, which would otherwise save an old version's text."""
    view, say = pressed.view or {}, surface.say(pressed.person)
    shown = draw_history(surface, pressed.person, name, lang, say)
    call(client.views_update, view_id=view["id"], view=fit(shown))
    if view.get("previous_view_id"):
        form = draw_edit(surface, pressed.person, name, lang, say)
        call(client.views_update, view_id=view["previous_view_id"], view=fit(form))


def _meta(view: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads(view["private_metadata"]))


def draw_list(surface: Surface, person: str, word: str, say: Say) -> Post:
    """The list of `/templates`; managers can change them from there, and see what is broken. Raises NotAllowed."""
    desk = surface.desk
    with desk.database.reading() as tx:
        is_manager = access.require_agent(tx, desk, person).role == "manager"
    broken = [
        say(
            "template.broken_line",
            file=escape(fault.file),
            line=fault.line,
            why=escape(shorten(fault.text, 200)),
        )
        for fault in (library.faults(desk) if is_manager else ())
    ]
    found = boards.template_lines(desk, say, word)
    return lists.templates(found, say, lists.ForManagers(tuple(broken)) if is_manager else None)


def draw_new(surface: Surface, person: str, say: Say) -> Block:
    """The empty form. Raises NotAllowed."""
    with surface.desk.database.reading() as tx:
        access.require_manager(tx, surface.desk, person)
    return template_modals.template_form(Editable(Wording("", "en", body=SKELETON)), say)


def draw_edit(surface: Surface, person: str, name: str, lang: str | None, say: Say) -> Block:
    """The form of a template in one language. Raises NotAllowed, NotFound, WrongInput."""
    return template_modals.template_form(template_edits.editable(surface.desk, name, lang, by=person), say)


def draw_history(surface: Surface, person: str, name: str, lang: str | None, say: Say) -> Block:
    """Who changed what in a template; without `lang` in English or its first language. Raises NotAllowed, NotFound."""
    lang = lang or template_edits.written_in(surface.desk, name)
    versions = template_edits.history(surface.desk, name, lang, by=person)
    return template_modals.history(name, lang, versions, surface.desk.now(), say)


def draw_report(surface: Surface, person: str, days: int, say: Say) -> Post:
    """The figures of the templates. Raises NotAllowed."""
    found = report_for(surface.desk, days, by=person)
    titles = {name: pair[say.lang == "zh"] for name, pair in found.titles.items()}
    return report_view(found.figures, titles, days, found.as_of, say)


def days_named(word: str) -> int:
    """The period that somebody typed; 90 days without a word. Raises WrongInput."""
    if not word:
        return PERIOD.days
    number = word.lower().removesuffix("d").removesuffix("天")
    if not number.isdecimal() or not 1 <= int(number[:6]) <= _LONGEST_PERIOD:
        raise WrongInput(
            f'"{word[:20]}" is no number of days.', key="days_number", words=word[:20], most=_LONGEST_PERIOD
        )
    return int(number)


def _save(surface: Surface, view: dict[str, Any], person: str) -> dict[str, Any]:
    """Save what the form says, or say at its field what is wrong."""
    meta, say, desk = _meta(view), surface.say(person), surface.desk
    wording = _wording(typed(view), meta)
    try:
        if meta["template"]:
            done = template_edits.save(desk, wording, seen=meta["version"], by=person)
        else:
            done = template_edits.add(desk, wording, by=person)
    except WrongInput as why:
        faults = why.facts.get("faults")
        if isinstance(faults, tuple):
            return _errors(template_modals.field_errors(view, faults, say))
        if why.key not in _AT_FIELD:
            raise
        return _errors({template_modals.field_block(view, _AT_FIELD[why.key]): error_text(why, say)})
    return {"response_action": "update", "view": fit(template_modals.saved(done, say))}


def _errors(found: dict[str, str]) -> dict[str, Any]:
    return {"response_action": "errors", "errors": found}


def _wording(answers: dict[str, str | None], meta: dict[str, Any]) -> Wording:
    places = answers.get(ids.TEMPLATE_PLACES)
    return Wording(
        name=meta["template"] or (answers.get(ids.TEMPLATE_NAME) or "").strip(),
        lang=meta["lang"] if meta["template"] else answers.get(ids.TEMPLATE_LANG) or "",
        title=answers.get(ids.TEMPLATE_TITLE) or "",
        title_en=answers.get(ids.TEMPLATE_TITLE_EN) or "",
        title_zh=answers.get(ids.TEMPLATE_TITLE_ZH) or "",
        topic=answers.get(ids.TEMPLATE_TOPIC) or "",
        fulfilment=answers.get(ids.TEMPLATE_SHIPS) or "any",
        marketplaces=tuple(places.split(",")) if places else (),
        body=answers.get(ids.TEMPLATE_BODY) or "",
    )
