"""Solutions: the menu, its preview, Confirm, a second person's answer, and the reply that tells the buyer."""

import json
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.desk import solution_pages, solutions
from bot.desk.solutions import Wish
from bot.desk.suggest import choices
from bot.domain.solutions import RETURN, TEMPLATES
from bot.errors import Stale, WrongInput
from bot.slack import ids, opening
from bot.slack.blocks import Block
from bot.slack.limits import fit
from bot.slack.payloads import Body, Click, click, person_of, typed
from bot.slack.post import call
from bot.slack.surface import Surface, show
from bot.slack.texts import error_text
from bot.slack.views import solutions as views
from bot.slack.views.solutions import Typed


def register(app: App, surface: Surface) -> None:
    """Every button and modal about solutions."""
    _register_decisions(app, surface)

    @app.action(ids.CASE_SOLUTION)
    def solution_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        say = surface.say(pressed.person)
        show(client, context, pressed, say, lambda: _form(surface, pressed.person, pressed.number))

    @app.view(ids.MODAL_SOLUTION)
    def preview_wanted(ack: Ack, body: Body) -> None:
        ack(**_preview(surface, body["view"], person_of(body)))

    @app.action(ids.SOLUTION_CHANGE)
    def change_wanted(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        pressed, view = click(body), body["view"]
        form = _form(surface, pressed.person, pressed.number, views.unpacked(_meta(view)))
        call(client.views_update, view_id=view["id"], hash=view["hash"], view=fit(form))

    @app.view(ids.MODAL_SOLUTION_PREVIEW)
    def confirmed(ack: Ack, body: Body) -> None:
        ack(response_action="update", view=fit(_confirm(surface, body["view"], person_of(body))))


def _register_decisions(app: App, surface: Surface) -> None:
    desk = surface.desk

    @app.action(ids.SOLUTION_APPROVE)
    def approved(ack: Ack, body: Body) -> None:
        ack()
        pressed = click(body)
        solutions.approve(desk, pressed.number, by=pressed.person)

    @app.action(ids.SOLUTION_REFUSE)
    def refused(ack: Ack, body: Body) -> None:
        ack()
        pressed = click(body)
        solutions.refuse(desk, pressed.number, by=pressed.person)

    @app.action(ids.SOLUTION_WITHDRAW)
    def withdrawn(ack: Ack, body: Body) -> None:
        ack()
        pressed = click(body)
        solutions.withdraw(desk, pressed.number, by=pressed.person)

    @app.action(ids.SOLUTION_REPLY)
    def reply_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        say = surface.say(pressed.person)
        show(client, context, pressed, say, lambda: _reply(surface, pressed))


def _meta(view: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads(view["private_metadata"]))


def _form(surface: Surface, person: str, number: int, entered: Typed | None = None) -> Block:
    case = opening.readable(surface, person, number)
    limits = solution_pages.limits(surface.desk, number, by=person)
    return views.form(case, limits, surface.say(person), entered)


def _preview(surface: Surface, view: dict[str, Any], person: str) -> dict[str, Any]:
    """What was entered, in words; or the mistake at its field."""
    answers, number = typed(view), int(_meta(view)["case"])
    entered = Typed(
        kind=answers.get(ids.SOLUTION_KIND) or "",
        value=answers.get(ids.SOLUTION_VALUE) or "",
        amount=answers.get(ids.SOLUTION_AMOUNT) or "",
        reason=answers.get(ids.SOLUTION_REASON) or "",
        note=answers.get(ids.SOLUTION_NOTE) or "",
    )
    try:
        found = solution_pages.preview(surface.desk, number, _wish(entered), by=person)
    except WrongInput as why:
        block = views.error_block(why.key, why.facts.get("part"))
        if block is None:
            raise
        return {"response_action": "errors", "errors": {block: error_text(why, surface.say(person))}}
    shown = views.preview(opening.readable(surface, person, number), found, entered, surface.say(person))
    return {"response_action": "update", "view": fit(shown)}


def _wish(entered: Typed) -> Wish:
    return Wish(entered.kind, entered.value, entered.amount, entered.reason, entered.note)


def _confirm(surface: Surface, view: dict[str, Any], person: str) -> Block:
    """Do what the preview showed. What comes next: the reply, or who was asked, or the preview once more."""
    meta, desk, say = _meta(view), surface.desk, surface.say(person)
    number, entered = int(meta["case"]), views.unpacked(meta)
    if entered.kind == RETURN:
        solutions.rma_for(desk, number, by=person)
        return _written(surface, person, number, RETURN)
    found = solution_pages.preview(desk, number, _wish(entered), by=person)
    try:
        _id, state = solutions.grant(desk, number, _wish(entered), by=person, seen=int(meta["seen"]))
    except Stale as why:
        if why.key != "solution_changed":
            raise
        return _once_more(surface, person, number, entered)
    if state == "asked":
        return views.asked(opening.readable(surface, person, number), found, say)
    return _written(surface, person, number, entered.kind)


def _once_more(surface: Surface, person: str, number: int, entered: Typed) -> Block:
    found = solution_pages.preview(surface.desk, number, _wish(entered), by=person)
    case = opening.readable(surface, person, number)
    return views.preview(case, found, entered, surface.say(person), meanwhile=True)


def _reply(surface: Surface, pressed: Click) -> Block:
    one = solution_pages.solution(surface.desk, pressed.number)
    opening.readable(surface, pressed.person, one.case)
    if not one.is_given:
        raise WrongInput("This was not decided, or was undone.", key="solution_not_given")
    return _written(surface, pressed.person, one.case, one.solution.kind)


def _written(surface: Surface, person: str, number: int, kind: str) -> Block:
    """The reply modal with the template that tells the buyer; sending stays the person's own click."""
    case = opening.readable(surface, person, number)
    name = TEMPLATES[kind]
    is_there = name in {one.name for one in choices(surface.desk, case)}
    say = surface.say(person)
    return opening.draw_form(surface, person, number, say, template=name if is_there else None)
