"""A text that only a manager may send: asking from the preview, and a manager's look at it."""

import json
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.desk import questions, read
from bot.domain.seen import stands
from bot.domain.snapshots import CaseSnapshot, Preview, Question, towards
from bot.errors import Stale
from bot.slack import ids, opening
from bot.slack.blocks import Block
from bot.slack.limits import fit
from bot.slack.modals import STALE, outgoing, stale_preview
from bot.slack.news import news
from bot.slack.payloads import Body, Click, click, person_of
from bot.slack.post import call
from bot.slack.surface import Surface, show
from bot.slack.telling import template_choices
from bot.slack.views import questions as views
from bot.slack.views.reply_modal import ReplyForm, Sending, StaleNote
from bot.slack.views.reply_modal import preview as preview_view
from bot.slack.views.reply_modal import reply_form as reply_form_view


def register(app: App, surface: Surface) -> None:
    """The modal to ask from, the button to look, and the way from there to the form."""

    @app.view(ids.MODAL_ASK)
    def manager_asked(ack: Ack, body: Body) -> None:
        ack(response_action="update", view=fit(_ask(surface, body["view"], person_of(body))))

    @app.action(ids.QUESTION_LOOK)
    def question_looked_at(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        say = surface.say(pressed.person)
        show(client, context, pressed, say, lambda: _look(surface, pressed))

    @app.action(ids.PREVIEW_EDIT)
    def edit_wanted(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        _edit(surface, client, click(body))


def _ask(surface: Surface, view: dict[str, Any], person: str) -> Block:
    """Who was called; or, if something came in between, the preview again, with what that was."""
    meta: dict[str, Any] = json.loads(view["private_metadata"])
    out = outgoing(surface, view, person)
    try:
        asked, is_new = questions.ask(surface.desk, int(meta["case"]), out, by=person)
    except Stale as why:
        if why.key not in STALE:
            raise
        return stale_preview(surface, person, out, meta, why)
    return views.asked(read.case(surface.desk, asked.case), asked, surface.say(person), is_new=is_new)


def _look(surface: Surface, pressed: Click) -> Block:
    """The ordinary preview of the text that was asked about, with what neither of them has seen."""
    asked, shown = questions.look(surface.desk, pressed.number, by=pressed.person)
    case = towards(read.case(surface.desk, asked.case), shown.to)
    note, seen = _news(case, asked, shown)
    sending = Sending(
        seen=seen[0],
        seen_reply=seen[1],
        template=asked.template,
        fingerprint=shown.fingerprint,
        stale=note.what if note else "",
        to=shown.to,
        asked_by=asked.by,
        stands=stands(case.state, case.assignee),
    )
    return preview_view(case, shown, surface.say(pressed.person), sending, note)


def _news(case: CaseSnapshot, asked: Question, shown: Preview) -> tuple[StaleNote | None, tuple[int, int]]:
    """What came since it was asked, and what counts as seen when that is shown: one thing at a time."""
    if shown.seen > asked.seen and case.last_message is not None:
        return news("buyer", case), (shown.seen, asked.seen_reply)
    if asked.answered_by and case.last_reply is not None:
        return news("colleague", case), (asked.seen, shown.seen_reply)
    if case.state == "closed" and case.closed_at is not None and case.closed_at >= asked.at:
        return news("closed", case), (asked.seen, asked.seen_reply)
    return None, (asked.seen, asked.seen_reply)


def _edit(surface: Surface, client: WebClient, pressed: Click) -> None:
    """The form takes the place of the preview: nothing lies below one that a button in a thread opened."""
    view = pressed.view or {}
    meta: dict[str, Any] = json.loads(view["private_metadata"])
    number, say = pressed.number, surface.say(pressed.person)
    case = towards(opening.readable(surface, pressed.person, number), meta["to"])
    draft = read.draft(surface.desk, number, pressed.person)
    form = ReplyForm(
        case=case,
        text=draft.text if draft else "",
        template=meta["template"],
        choices=template_choices(surface.desk, case, say),
        round=meta["round"] + 1,
        stands=meta.get("stands"),
    )
    call(client.views_update, view_id=view["id"], hash=view["hash"], view=fit(reply_form_view(form, say)))
