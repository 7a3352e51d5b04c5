"""Merging and splitting cases: the two forms, what they do, and the way back."""

import json
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.desk import merge_pages, merging
from bot.errors import WrongInput
from bot.slack import ids, opening
from bot.slack.blocks import Block
from bot.slack.payloads import Body, click, person_of, typed
from bot.slack.surface import Surface, show
from bot.slack.views import merging as views


def register(app: App, surface: Surface) -> None:
    """Every button and modal about merging and splitting."""
    desk = surface.desk

    @app.action(ids.CASE_MERGE)
    def merge_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        say = surface.say(pressed.person)
        show(client, context, pressed, say, lambda: _merge_form(surface, pressed.person, pressed.number))

    @app.action(ids.CASE_SPLIT)
    def split_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        say = surface.say(pressed.person)
        show(client, context, pressed, say, lambda: _split_form(surface, pressed.person, pressed.number))

    @app.action(ids.CASE_SEPARATE)
    def separate_wanted(ack: Ack, body: Body) -> None:
        ack()
        pressed = click(body)
        merging.separate(desk, pressed.number, by=pressed.person)

    @app.view(ids.MODAL_MERGE)
    def merge_submitted(ack: Ack, body: Body) -> None:
        number, chosen = _chosen(body["view"], ids.MERGE_INTO)
        merging.merge(desk, number, chosen[0], by=person_of(body))
        ack(response_action="clear")

    @app.view(ids.MODAL_SPLIT)
    def split_submitted(ack: Ack, body: Body) -> None:
        number, chosen = _chosen(body["view"], ids.SPLIT_OUT)
        merging.split(desk, number, chosen, by=person_of(body))
        ack(response_action="clear")


def _chosen(view: dict[str, Any], field: str) -> tuple[int, list[int]]:
    """The case that the form is about, and what was chosen in it. Raises WrongInput if it was nothing."""
    answer = typed(view).get(field)
    if not answer:
        raise WrongInput("Nothing was chosen.", key="merge_unchosen")
    return int(json.loads(view["private_metadata"])["case"]), [int(one) for one in answer.split(",")]


def _merge_form(surface: Surface, person: str, number: int) -> Block:
    case = opening.readable(surface, person, number)
    return views.merge_form(case, merge_pages.fitting(surface.desk, number, by=person), surface.say(person))


def _split_form(surface: Surface, person: str, number: int) -> Block:
    return views.split_form(opening.readable(surface, person, number), surface.say(person))
