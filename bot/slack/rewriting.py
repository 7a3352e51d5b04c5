"""Accepting a suggestion in the preview: the text changes, and the preview shows what it is now."""

import json
import re
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.desk import read, reply
from bot.domain.snapshots import Preview, towards
from bot.slack import ids
from bot.slack.limits import fit
from bot.slack.news import news
from bot.slack.payloads import Body, Click, click
from bot.slack.post import call
from bot.slack.surface import Surface
from bot.slack.telling import template_choices
from bot.slack.views.reply_modal import ReplyForm, Sending
from bot.slack.views.reply_modal import preview as preview_view
from bot.slack.views.reply_modal import reply_form as reply_form_view


def register(app: App, surface: Surface) -> None:
    """The button beside a finding."""

    @app.action(re.compile(rf"^{re.escape(ids.PREVIEW_REWRITE)}\.\w+$"))
    def rewrite_accepted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        _rewrite(surface, client, context, click(body))


def _rewrite(surface: Surface, client: WebClient, context: BoltContext, pressed: Click) -> None:
    """Both modals of the stack change; the form first, so that Back never leads to the old text."""
    view = pressed.view or {}
    meta: dict[str, Any] = json.loads(view["private_metadata"])
    number, say = int(meta["case"]), surface.say(pressed.person)
    context["modal"] = view["id"]
    shown = reply.rewrite(
        surface.desk, number, pressed.value, meta["fingerprint"], by=pressed.person, to=meta["to"]
    )
    case = towards(read.case(surface.desk, number), shown.to)
    sending = _sending(meta, shown)
    if view.get("previous_view_id"):
        form = ReplyForm(
            case=case,
            text=shown.text,
            template=sending.template,
            choices=template_choices(surface.desk, case, say),
            round=sending.round,
            stands=sending.stands,
        )
        call(client.views_update, view_id=view["previous_view_id"], view=fit(reply_form_view(form, say)))
    fresh = preview_view(case, shown, say, sending, news(sending.stale, case) if sending.stale else None)
    call(client.views_update, view_id=view["id"], hash=view["hash"], view=fit(fresh))


def _sending(meta: dict[str, Any], shown: Preview) -> Sending:
    """As before, but for the text: what was not seen before is not seen now either."""
    return Sending(
        seen=meta["seen"],
        seen_reply=meta["seen_reply"],
        template=meta["template"],
        round=meta["round"] + 1,
        fingerprint=shown.fingerprint,
        stale=meta["stale"],
        rewritten=True,
        to=shown.to,
        asked_by=meta.get("asked_by"),
        stands=meta.get("stands"),
    )
