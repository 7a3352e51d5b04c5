"""Order messages: what Amazon allows is asked outside the acks, then form, preview, send; and what can be done after.

Amazon is reached through `Surface.ask_amazon`: this room knows nothing of its API.
"""

import json
import re
from dataclasses import replace
from datetime import date, datetime
from secrets import token_hex
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.desk import read, typed, typed_settle
from bot.desk.typed import TypedOutgoing
from bot.domain import zones
from bot.domain.snapshots import CaseSnapshot, towards
from bot.domain.typed_messages import MessageFile, MessageKind, TypedMessage, form_faults
from bot.domain.typed_snapshots import Allowed
from bot.errors import ConfigError, Outside, Refused, Stale, WrongInput
from bot.slack import ids, opening, uploads
from bot.slack.blocks import Block
from bot.slack.errands import Screen
from bot.slack.limits import fit
from bot.slack.payloads import Body, Click, click, files_in, person_of
from bot.slack.payloads import typed as entered
from bot.slack.post import call
from bot.slack.surface import Surface, open_then_fill
from bot.slack.views import typed as views
from bot.slack.views.typed_preview import News, faulty
from bot.slack.views.typed_preview import preview as preview_view

_STALE = frozenset(
    {"buyer_wrote_again", "answered_already", "typed_sent_already", "typed_manual_on", "said_anew"}
)
"""What is shown in the preview once more instead of as an error."""
_NO_FILES = frozenset({"missing_scope", "invalid_arguments"})
"""What Slack may say to a field for files of an app that may not read any."""


def register(app: App, surface: Surface) -> None:
    """Every button and modal of order messages."""
    _register_writing(app, surface)
    _register_after(app, surface)

    @app.view(ids.MODAL_TYPED_FORM)
    def form_submitted(ack: Ack, body: Body, client: WebClient) -> None:
        _submitted(surface, ack, client, body["view"], person_of(body))

    @app.view(ids.MODAL_TYPED_PREVIEW)
    def message_sent(ack: Ack, body: Body) -> None:
        ack(**_send(surface, body["view"], person_of(body)))


def _register_writing(app: App, surface: Surface) -> None:
    @app.action(ids.TYPED_OPEN)
    @app.action(ids.TYPED_AGAIN)
    def message_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        look_up(surface, client, context, pressed, pressed.number)

    @app.action(re.compile(rf"^{re.escape(ids.TYPED_KIND)}\.\w+$"))
    def kind_chosen(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        _redraw(surface, client, context, click(body), MessageKind(click(body).value))

    @app.action(ids.TYPED_OTHERS)
    def others_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        _redraw(surface, client, context, click(body), None)


def _register_after(app: App, surface: Surface) -> None:
    desk = surface.desk

    @app.action(ids.TYPED_UNDO)
    def called_back(ack: Ack, body: Body) -> None:
        ack()
        typed.cancel(desk, click(body).number, by=person_of(body))

    @app.action(ids.TYPED_SENT)
    def seen_sent(ack: Ack, body: Body) -> None:
        ack()
        typed_settle.decide(desk, click(body).number, was_sent=True, by=person_of(body))

    @app.action(ids.TYPED_NOT_SENT)
    def seen_unsent(ack: Ack, body: Body) -> None:
        ack()
        typed_settle.decide(desk, click(body).number, was_sent=False, by=person_of(body))


def look_up(surface: Surface, client: WebClient, context: BoltContext, pressed: Click, number: int) -> None:
    """Ask Amazon what may be sent about the order, while a modal says so; in the modal that the click came from."""
    view = pressed.view if pressed.view and pressed.view.get("type") == "modal" else None
    if view is None:
        open_for(surface, client, context, pressed.person, pressed.trigger, number)
        return
    context["modal"] = view["id"]
    order = typed.allowed(surface.desk, number, by=pressed.person)
    looking = views.looking(_case(surface, pressed.person, order), surface.say(pressed.person))
    shown = call(client.views_update, view_id=view["id"], view=fit(looking))["view"]
    _ask(surface, Screen(client, shown["id"], seen=shown["hash"]), pressed.person, order)


def open_for(
    surface: Surface, client: WebClient, context: BoltContext, person: str, trigger: str, number: int
) -> None:
    """The same in a modal of its own. Raises what `desk.typed.allowed` does."""
    say = surface.say(person)
    orders: list[Allowed] = []

    def looking() -> Block:
        orders.append(typed.allowed(surface.desk, number, by=person))
        return views.looking(_case(surface, person, orders[0]), say)

    shown = open_then_fill(client, context, trigger, say, looking)
    _ask(surface, Screen(client, shown["id"], seen=shown["hash"]), person, orders[0])


def _case(surface: Surface, person: str, order: Allowed) -> CaseSnapshot:
    return towards(opening.readable(surface, person, order.case), order.to)


def _ask(surface: Surface, screen: Screen, person: str, order: Allowed) -> None:
    say, case = surface.say(person), _case(surface, person, order)

    def answered() -> Block:
        try:
            kinds = surface.ask_amazon(order.store, order.order_id, order.marketplace)
        except (Outside, ConfigError) as why:
            return views.problem(case, why, say)
        draft = typed.draft(surface.desk, order.case, by=person, to=order.to)
        return views.choices(views.Choice(case, order.to, kinds, draft.kind if draft else None), say)

    if not surface.errands.run(f"amazon:{order.store}", screen, say, answered):
        screen.show(views.problem(case, None, say))


def _redraw(
    surface: Surface, client: WebClient, context: BoltContext, pressed: Click, kind: MessageKind | None
) -> None:
    """The form of `kind`, or the list, in place of what is open; nobody is asked again."""
    view = pressed.view or {}
    context["modal"] = view["id"]
    choice = _choice(surface, view, pressed.person)
    say = surface.say(pressed.person)
    drawn = (
        views.choices(choice, say)
        if kind is None
        else views.form(_opened(surface, pressed, choice, kind), say)
    )
    try:
        call(client.views_update, view_id=view["id"], view=fit(drawn))
    except Refused as why:
        if why.code not in _NO_FILES:
            raise
        raise WrongInput("The app may not read files in Slack.", key="files_not_readable") from why


def _choice(surface: Surface, view: dict[str, Any], person: str) -> views.Choice:
    meta = _meta(view)
    number, to = int(meta["case"]), int(meta["to"])
    case = towards(opening.readable(surface, person, number), to)
    draft = typed.draft(surface.desk, number, by=person, to=to)
    kinds = tuple(MessageKind(one) for one in str(meta["kinds"]).split(",") if one)
    return views.Choice(case, to, kinds, draft.kind if draft else None)


def _opened(surface: Surface, pressed: Click, choice: views.Choice, kind: MessageKind) -> views.TypedForm:
    zone = _zone(surface, choice.case)
    opened = views.TypedForm(choice, kind, zone)
    draft = typed.draft(surface.desk, choice.case.number, by=pressed.person, to=choice.to)
    if draft is None or draft.kind != kind:
        return opened
    return replace(
        opened,
        text=draft.text,
        kept=tuple((one.name, len(one.content)) for one in draft.files),
        covers_from=_day(draft.covers_from, zone),
        covers_until=_day(draft.covers_until, zone),
    )


def _zone(surface: Surface, case: CaseSnapshot) -> str:
    return surface.desk.settings.stores[case.store or ""].zone


def _day(at: datetime | None, zone: str) -> date | None:
    return zones.local(at, zone).date() if at else None


def _meta(view: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads(view["private_metadata"]))


def _submitted(surface: Surface, ack: Ack, client: WebClient, view: dict[str, Any], person: str) -> None:
    """What can be seen to be wrong is said at its field; files are fetched after the ack."""
    meta, say = _meta(view), surface.say(person)
    case = towards(opening.readable(surface, person, int(meta["case"])), int(meta["to"]))
    message = _written(view, MessageKind(meta["kind"]), _zone(surface, case))
    chosen = files_in(view, ids.TYPED_FILES)
    kept = () if chosen or not meta["kept"] else _kept(surface, meta, person, message.kind)
    sizes = [(name, size) for _id, name, size in chosen] or [(one.name, len(one.content)) for one in kept]
    faults = form_faults(message, sizes)
    if faults:
        errors = {views.field_of(one, message.kind): views.fault_text(one, say) for one in faults}
        ack(response_action="errors", errors=errors)
    elif not chosen:
        ack(response_action="push", view=fit(_preview(surface, meta, person, replace(message, files=kept))))
    else:
        screen = Screen(client, external_id=f"typed-{token_hex(8)}")
        ack(response_action="push", view=fit(views.fetching(case, screen.external_id or "", say)))

        def fetched() -> Block:
            files = uploads.fetch(client, [id_ for id_, _name, _size in chosen])
            return _preview(surface, meta, person, replace(message, files=files))

        if not surface.errands.run(f"files:{person}", screen, say, fetched):
            screen.show(views.busy(case, say))


def _written(view: dict[str, Any], kind: MessageKind, zone: str) -> TypedMessage:
    """The message without its files; days begin in the store's zone."""
    answers = entered(view)
    start, end = (answers.get(name) for name in (ids.TYPED_FROM, ids.TYPED_UNTIL))
    return TypedMessage(
        kind,
        answers.get(ids.TYPED_TEXT) or "",
        covers_from=zones.day_at(date.fromisoformat(start), zone) if start else None,
        covers_until=zones.day_at(date.fromisoformat(end), zone) if end else None,
    )


def _kept(surface: Surface, meta: dict[str, Any], person: str, kind: MessageKind) -> tuple[MessageFile, ...]:
    draft = typed.draft(surface.desk, int(meta["case"]), by=person, to=int(meta["to"]))
    return draft.files if draft is not None and draft.kind == kind else ()


def _preview(surface: Surface, meta: dict[str, Any], person: str, message: TypedMessage) -> Block:
    number, say = int(meta["case"]), surface.say(person)
    shown = typed.preview(surface.desk, number, message, by=person, to=int(meta["to"]))
    case = towards(read.case(surface.desk, number), shown.to)
    if shown.faults:
        return faulty(case, shown, say)
    has_news = shown.seen > int(meta["seen"]) and case.last_message is not None
    news = News(case.last_message.text) if has_news and case.last_message else None
    return preview_view(case, shown, _zone(surface, case), say, news)


def _send(surface: Surface, view: dict[str, Any], person: str) -> dict[str, Any]:
    """Send what was previewed. If something came in between, the preview again, with what that was."""
    meta, by_hand = _meta(view), bool(entered(view).get(ids.BY_HAND))
    if meta["manual"] and not by_hand:
        return {"response_action": "errors", "errors": {ids.BY_HAND: surface.say(person)("typed.tick")}}
    out = TypedOutgoing(
        fingerprint=meta["fingerprint"],
        seen=int(meta["seen"]),
        seen_reply=int(meta["seen_reply"]),
        seen_typed=int(meta["seen_typed"]),
        to=int(meta["to"]),
        by_hand=by_hand,
        said=meta.get("said"),
    )
    try:
        typed.send(surface.desk, int(meta["case"]), out, by=person)
    except Stale as why:
        if why.key not in _STALE:
            raise
        return {"response_action": "update", "view": fit(_again(surface, person, meta, why))}
    return {"response_action": "clear"}


def _again(surface: Surface, person: str, meta: dict[str, Any], why: Stale) -> Block:
    """The preview once more, with what happened meanwhile: now it counts as seen."""
    number, to = int(meta["case"]), int(meta["to"])
    draft = typed.draft(surface.desk, number, by=person, to=to)
    if draft is None:
        raise why
    shown = typed.preview(surface.desk, number, draft, by=person, to=to)
    case = towards(read.case(surface.desk, number), shown.to)
    say = surface.say(person)
    return preview_view(case, shown, _zone(surface, case), say, _news(case, why))


def _news(case: CaseSnapshot, why: Stale) -> News | None:
    who, at = why.facts.get("who"), why.facts.get("at")
    if why.key in ("typed_manual_on", "said_anew"):
        return None
    if why.key == "buyer_wrote_again":
        return News(case.last_message.text if case.last_message else "")
    text = next((one.text for one in case.replies if one.id == why.facts.get("reply")), "")
    is_like = why.key == "typed_sent_already"
    return News(text, str(who), at if isinstance(at, datetime) else None, is_like=is_like)
