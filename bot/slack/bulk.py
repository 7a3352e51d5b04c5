"""`/bulk`: the form, the pages of the preview, Send, and Stop."""

import json
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.desk import bulk
from bot.desk.library import templates
from bot.domain.bulk import Wanted
from bot.errors import NotFound, WrongInput
from bot.slack import ids
from bot.slack.blocks import Block, TemplateChoice
from bot.slack.limits import fit
from bot.slack.payloads import Body, Click, click, person_of, typed
from bot.slack.post import call
from bot.slack.surface import Surface
from bot.slack.telling import template_choice, template_title
from bot.slack.texts import Say, error_text
from bot.slack.views import bulk as views
from bot.slack.views.bulk import ANY, BulkForm


def register(app: App, surface: Surface) -> None:
    """Every button and modal of bulk replies."""
    _register_preview(app, surface)

    @app.action(ids.BULK_TEMPLATE)
    def template_picked(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        pressed, view = click(body), body["view"]
        form = _entered(surface, pressed.person, typed(view))
        shown = views.form(form, surface.say(pressed.person))
        call(client.views_update, view_id=view["id"], hash=view["hash"], view=fit(shown))

    @app.view(ids.MODAL_BULK)
    def preview_wanted(ack: Ack, body: Body) -> None:
        ack(**_prepare(surface, typed(body["view"]), person_of(body)))

    @app.action(ids.BULK_STOP)
    def stop_pressed(ack: Ack, body: Body) -> None:
        ack()
        pressed = click(body)
        bulk.stop(surface.desk, pressed.number, by=pressed.person)


def _register_preview(app: App, surface: Surface) -> None:
    @app.action(ids.BULK_TURN)
    def case_turned(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        number, case, page = (int(part) for part in pressed.value.split(":"))
        bulk.turn(surface.desk, number, case, by=pressed.person)
        _show_page(surface, client, pressed, number, page)

    @app.action(ids.BULK_BACK)
    def back_pressed(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        pressed = click(body)
        _show_page(surface, client, pressed, pressed.number, int(pressed.rest))

    @app.view(ids.MODAL_BULK_PREVIEW)
    def page_submitted(ack: Ack, body: Body) -> None:
        ack(response_action="update", view=fit(_go_on(surface, body["view"], person_of(body))))


def draw_form(surface: Surface, person: str, say: Say, store: str | None = None) -> Block:
    """The empty form; with `store`, or with one's only store, in it. Raises NotAllowed."""
    if store is not None:
        bulk.check_store(surface.desk, store, by=person)
    empty = _entered(surface, person, {})
    only = next(iter(empty.stores)) if len(empty.stores) == 1 else None
    return views.form(replace(empty, store=store or only), say)


def _entered(surface: Surface, person: str, answers: dict[str, str | None]) -> BulkForm:
    """What stands in the form; the fields that follow from the template are new with it."""
    desk, say = surface.desk, surface.say(person)
    offered = bulk.offered(desk)
    template = answers.get(ids.BULK_TEMPLATE)
    asks = offered.get(template or "", ())
    values = {name: answers.get(f"{ids.BULK_VALUE}.{name}") for name in asks}
    return BulkForm(
        stores=bulk.stores(desk, by=person),
        templates=_choices(surface, offered, say),
        store=answers.get(ids.BULK_STORE),
        template=template,
        topic=answers.get(ids.BULK_TOPIC) or ANY,
        lang=answers.get(ids.BULK_LANG) or ANY,
        whose=answers.get(ids.BULK_WHOSE) or "free",
        after=answers.get(ids.FORM_AFTER) or "close",
        asks=asks,
        values={name: value for name, value in values.items() if value},
    )


def _choices(surface: Surface, offered: dict[str, tuple[str, ...]], say: Say) -> list[TemplateChoice]:
    every = {one.name: template_choice(one, say) for one in templates(surface.desk) if one.name in offered}
    return sorted(every.values(), key=lambda one: one.title)


def _prepare(surface: Surface, answers: dict[str, str | None], person: str) -> dict[str, Any]:
    """The first page of the preview; or why there is none, at the field that decides most."""
    entered, desk, say = _entered(surface, person, answers), surface.desk, surface.say(person)
    wanted = Wanted(
        store=entered.store or "",
        template=entered.template or "",
        topic=None if entered.topic == ANY else entered.topic,
        lang=None if entered.lang == ANY else entered.lang,
        only_mine=entered.whose == "mine",
        then_close=entered.after != "wait",
        shared=entered.values,
    )
    try:
        number = bulk.prepare(desk, wanted, by=person)
    except WrongInput as why:
        return {"response_action": "errors", "errors": {ids.BULK_TOPIC: error_text(why, say)}}
    return {"response_action": "update", "view": fit(_page(surface, person, number, 0))}


def _page(surface: Surface, person: str, number: int, page: int) -> Block:
    shown, say = bulk.page(surface.desk, number, page, by=person), surface.say(person)
    return views.preview(shown, template_title(surface.desk, shown.template, say), say)


def _show_page(surface: Surface, client: WebClient, pressed: Click, number: int, page: int) -> None:
    if pressed.view is None:
        raise NotFound("This preview is no longer there.", key="bulk_gone")
    view = fit(_page(surface, pressed.person, number, page))
    call(client.views_update, view_id=pressed.view["id"], hash=pressed.view["hash"], view=view)


def _go_on(surface: Surface, view: dict[str, Any], person: str) -> Block:
    """The next page; from the last one, the start."""
    meta = json.loads(view["private_metadata"])
    number, page = int(meta["bulk"]), int(meta["page"])
    shown = _page(surface, person, number, page + 1)
    if json.loads(shown["private_metadata"])["page"] > page:
        return shown
    return views.started(bulk.start(surface.desk, number, by=person), surface.say(person))
