"""Requests for a review: the button in the details of a case, what it says first, and the request itself."""

import json

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.desk import solicitations
from bot.slack import ids, opening
from bot.slack.blocks import Block
from bot.slack.payloads import Body, click, person_of
from bot.slack.surface import Surface, show
from bot.slack.views import solicitations as views


def register(app: App, surface: Surface) -> None:
    """The button and its modal."""

    @app.action(ids.CASE_SOLICIT)
    def review_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        say = surface.say(pressed.person)
        show(client, context, pressed, say, lambda: _form(surface, pressed.person, pressed.number))

    @app.view(ids.MODAL_SOLICIT)
    def review_submitted(ack: Ack, body: Body) -> None:
        number = int(json.loads(body["view"]["private_metadata"])["case"])
        solicitations.ask(surface.desk, number, by=person_of(body))
        ack(response_action="clear")


def _form(surface: Surface, person: str, number: int) -> Block:
    """What is asked for, before it is. Raises NotFound, NotAllowed, WrongInput, Stale."""
    case = opening.readable(surface, person, number)
    solicitations.require_may_ask(surface.desk, number, by=person)
    return views.form(case.number, case.order_id or "", surface.say(person))
