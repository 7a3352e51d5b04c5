"""Modals: template picked, preview, send; assign, snooze, no response needed, escalate, note.

In a submission the desk comes first and the ack after it, because a refusal must be the ack's answer.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.desk import assign, close, read, reply
from bot.desk.reply import Outgoing
from bot.desk.suggest import filled
from bot.domain import zones
from bot.domain.seen import stands
from bot.domain.snapshots import CaseSnapshot, Preview, towards
from bot.errors import Stale, WrongInput
from bot.slack import ids, opening
from bot.slack.limits import fit
from bot.slack.news import news, standing_news
from bot.slack.payloads import Body, began_with, click, person_of, typed
from bot.slack.post import call
from bot.slack.surface import Surface
from bot.slack.telling import template_choices
from bot.slack.views.modals import MORNING
from bot.slack.views.reply_modal import ReplyForm, Sending, StaleNote
from bot.slack.views.reply_modal import preview as preview_view
from bot.slack.views.reply_modal import reply_form as reply_form_view

STALE = frozenset(
    {"buyer_wrote_again", "answered_already", "closed_meanwhile", "taken_meanwhile", "manual_on", "said_anew"}
)
"""What is shown in the preview once more instead of as an error."""


def register(app: App, surface: Surface) -> None:
    """Every modal and every input that acts at once."""
    _register_reply(app, surface)
    _register_small(app, surface)


def _register_reply(app: App, surface: Surface) -> None:
    @app.action(ids.FORM_TEMPLATE)
    def template_picked(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        pressed = click(body)
        _replace_text(surface, client, body["view"], pressed.person, pressed.value)

    @app.view(ids.MODAL_REPLY)
    def preview_wanted(ack: Ack, body: Body) -> None:
        ack(response_action="push", view=fit(_preview(surface, body["view"], person_of(body))))

    @app.view_closed(ids.MODAL_REPLY)
    def form_closed(ack: Ack, body: Body) -> None:
        ack()
        _keep_draft(surface, body["view"], person_of(body))

    @app.view(ids.MODAL_PREVIEW)
    def reply_submitted(ack: Ack, body: Body) -> None:
        ack(**_send(surface, body["view"], person_of(body)))


def _meta(view: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads(view["private_metadata"]))


def _replace_text(surface: Surface, client: WebClient, view: dict[str, Any], person: str, name: str) -> None:
    """Put the template's text into the form; what stood there before is kept as the draft."""
    _keep_draft(surface, view, person)
    meta, desk = _meta(view), surface.desk
    case = towards(opening.readable(surface, person, meta["case"]), meta["to"])
    say = surface.say(person)
    text = filled(desk, case, name, opening.agent_name(surface, person), by=person).text
    draft = read.draft(desk, meta["case"], person)
    form = ReplyForm(
        case=case,
        text=text,
        template=name,
        choices=template_choices(desk, case, say),
        draft_kept=draft.created_at if draft else None,
        round=meta["round"] + 1,
        stands=meta.get("stands"),
    )
    call(client.views_update, view_id=view["id"], hash=view["hash"], view=fit(reply_form_view(form, say)))


def _preview(surface: Surface, view: dict[str, Any], person: str) -> dict[str, Any]:
    meta, say = _meta(view), surface.say(person)
    text = typed(view).get(ids.FORM_TEXT) or ""
    shown = reply.preview(surface.desk, meta["case"], text, meta["template"], by=person, to=meta["to"])
    case = towards(read.case(surface.desk, meta["case"]), shown.to)
    seen, stood = int(meta["seen"]), meta.get("stands")
    if shown.seen > seen and case.last_message is not None:
        note: StaleNote | None = news("buyer", case)
        seen = shown.seen
    elif note := standing_news(case, stood, person):
        stood = stands(case.state, case.assignee)
    return preview_view(
        case, shown, say, _sending(meta, shown, (seen, meta["seen_reply"], stood), note), note
    )


def _sending(
    meta: dict[str, Any], shown: Preview, seen: tuple[int, int, str | None], note: StaleNote | None
) -> Sending:
    """What Send will say that the person has seen, of the buyer, of the team, and of how the case stands."""
    return Sending(
        seen=seen[0],
        seen_reply=seen[1],
        stands=seen[2],
        template=meta["template"],
        round=meta["round"],
        fingerprint=shown.fingerprint,
        stale=note.what if note else "",
        to=shown.to,
        asked_by=meta.get("asked_by"),
    )


def _keep_draft(surface: Surface, view: dict[str, Any], person: str) -> None:
    """Keep what was typed. A template that nobody touched does not take the place of a draft."""
    text, meta = typed(view).get(ids.FORM_TEXT), _meta(view)
    if not text:
        return
    is_touched = reply.exact(text) != reply.exact(began_with(view, ids.FORM_TEXT))
    if is_touched or read.draft(surface.desk, meta["case"], person) is None:
        reply.save_draft(surface.desk, meta["case"], text, meta["template"], by=person)


def _send(surface: Surface, view: dict[str, Any], person: str) -> dict[str, Any]:
    """Send what was previewed. If something came in between, the preview again, with what that was."""
    meta = _meta(view)
    if meta["stale"] and not typed(view).get(ids.ANYWAY):
        return {"response_action": "errors", "errors": {ids.ANYWAY: surface.say(person)("stale.tick")}}
    if meta["manual"] and not typed(view).get(ids.BY_HAND):
        return {"response_action": "errors", "errors": {ids.BY_HAND: surface.say(person)("manual.tick")}}
    out = outgoing(surface, view, person)
    try:
        reply.send(surface.desk, int(meta["case"]), out, by=person)
    except Stale as why:
        if why.key not in STALE:
            raise
        return {"response_action": "update", "view": fit(stale_preview(surface, person, out, meta, why))}
    return {"response_action": "clear"}


def outgoing(surface: Surface, view: dict[str, Any], person: str) -> Outgoing:
    """What the preview shows, to be sent or asked about. Raises WrongInput if the draft is gone."""
    meta, answers = _meta(view), typed(view)
    draft = read.draft(surface.desk, int(meta["case"]), person)
    if draft is None:
        raise WrongInput(
            "The text is not the one that was previewed.", key="not_previewed", case=int(meta["case"])
        )
    return Outgoing(
        text=draft.text,
        fingerprint=meta["fingerprint"],
        seen=meta["seen"],
        seen_reply=meta["seen_reply"],
        template=meta["template"],
        then_close=answers.get(ids.FORM_AFTER) != "wait",
        anyway=bool(answers.get(ids.ANYWAY)),
        to=meta["to"],
        by_hand=bool(answers.get(ids.BY_HAND)),
        said=meta.get("said"),
        stands=meta.get("stands"),
    )


def stale_preview(
    surface: Surface, person: str, out: Outgoing, meta: dict[str, Any], why: Stale
) -> dict[str, Any]:
    """The preview once more: what happened meanwhile, and a box to send it anyway.

    Only what is shown counts as seen: if the buyer wrote and a colleague answered, each is asked about.
    """
    number = int(meta["case"])
    shown = reply.preview(surface.desk, number, out.text, out.template, by=person, to=out.to)
    case = towards(read.case(surface.desk, number), out.to)
    seen, note = _since(case, shown, out, why, person)
    return preview_view(case, shown, surface.say(person), _sending(meta, shown, seen, note), note)


def _since(
    case: CaseSnapshot, shown: Preview, out: Outgoing, why: Stale, person: str
) -> tuple[tuple[int, int, str | None], StaleNote | None]:
    """What counts as seen when the preview shows the note, and the note."""
    now = stands(case.state, case.assignee)
    if why.key == "buyer_wrote_again":
        return (shown.seen, out.seen_reply, out.stands), news("buyer", case)
    if why.key == "answered_already":
        answer = next(one for one in case.replies if one.id == why.facts["reply"])
        note = StaleNote(answer.text, answer.author, answer.created_at, "colleague")
        return (out.seen, shown.seen_reply, now), note  # who answered has the case, and closed it
    if found := standing_news(case, out.stands, person):
        return (out.seen, out.seen_reply, now), found
    return (out.seen, out.seen_reply, out.stands), None


def _register_small(app: App, surface: Surface) -> None:
    desk = surface.desk

    @app.view(ids.MODAL_ASSIGN)
    def assign_submitted(ack: Ack, body: Body) -> None:
        to = typed(body["view"]).get(ids.ASSIGN_TO) or ""
        assign.assign(desk, _meta(body["view"])["case"], to, by=person_of(body))
        ack(response_action="clear")

    @app.view(ids.MODAL_SNOOZE)
    def snooze_submitted(ack: Ack, body: Body) -> None:
        person = person_of(body)
        until = _until(typed(body["view"]), desk.now(), surface.directory.person(person).zone)
        assign.snooze(desk, _meta(body["view"])["case"], until, by=person)
        ack(response_action="clear")

    @app.view(ids.MODAL_NO_RESPONSE)
    def no_response_submitted(ack: Ack, body: Body) -> None:
        reason, meta = typed(body["view"]).get(ids.REASON) or "", _meta(body["view"])
        seen = meta.get("waiting")
        close.no_response_needed(desk, meta["case"], reason, by=person_of(body), seen=seen)
        ack(response_action="clear")

    @app.view(ids.MODAL_ESCALATE)
    def escalate_submitted(ack: Ack, body: Body) -> None:
        reason, meta = typed(body["view"]).get(ids.REASON) or "", _meta(body["view"])
        assign.escalate(desk, meta["case"], reason, by=person_of(body), seen=meta.get("asked"))
        ack(response_action="clear")

    @app.view(ids.MODAL_NOTE)
    def note_submitted(ack: Ack, body: Body) -> None:
        text = typed(body["view"]).get(ids.NOTE_TEXT) or ""
        close.note(desk, _meta(body["view"])["case"], text, by=person_of(body))
        ack(response_action="clear")


def _until(answers: dict[str, str | None], now: datetime, zone: str) -> datetime:
    """The instant that a snooze ends. Raises WrongInput if nothing was chosen."""
    exact, quick = answers.get(ids.SNOOZE_UNTIL), answers.get(ids.SNOOZE_FOR)
    if exact:
        return datetime.fromtimestamp(int(exact), UTC)
    if quick == "today":
        return zones.day_at(zones.local(now, zone).date(), zone, MORNING)
    if quick == "tomorrow":
        return zones.tomorrow_at(now, zone, MORNING)
    if quick:
        return now + timedelta(minutes=int(quick))
    raise WrongInput("Choose for how long, or until when.", key="snooze_unset")
