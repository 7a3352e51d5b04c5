"""Buttons and selects on cards, posts and lists: ack, read the click, one call to the desk.

Two tables: what changes something, and what opens a modal. Each id stands in one of them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.desk import assign, close, read, reply, settle, solicitations
from bot.errors import WrongInput
from bot.slack import ids, opening, typed
from bot.slack.payloads import Body, Click, click, first_number
from bot.slack.surface import Surface, show
from bot.slack.views import modals as modal_views


@dataclass(frozen=True, slots=True)
class Pressed:
    """A click, and what a handler needs to answer it with a modal."""

    surface: Surface
    client: WebClient
    context: BoltContext
    click: Click


def register(app: App, surface: Surface) -> None:
    """Every button of a card, a post or a list."""
    for action, work in (CHANGES | OPENINGS).items():
        _register_one(app, surface, action, work)


def _register_one(app: App, surface: Surface, action: str, work: Callable[[Pressed], object]) -> None:
    # A suffix tells twins in one view apart: case.template.0, case.template.1.
    @app.action(re.compile(rf"^{re.escape(action)}(\.\w+)?$"))
    def pressed(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        work(Pressed(surface, client, context, click(body)))


def _claim(pressed: Pressed) -> None:
    assign.claim(pressed.surface.desk, pressed.click.number, by=pressed.click.person)


def _release(pressed: Pressed) -> None:
    assign.release(pressed.surface.desk, pressed.click.number, by=pressed.click.person)


def _reopen(pressed: Pressed) -> None:
    close.reopen(pressed.surface.desk, pressed.click.number, by=pressed.click.person)


def _undo(pressed: Pressed) -> None:
    reply.undo(pressed.surface.desk, pressed.click.number, by=pressed.click.person)


def _send_now(pressed: Pressed) -> None:
    reply.send_now(pressed.surface.desk, pressed.click.number, by=pressed.click.person)


def _arrived(pressed: Pressed) -> None:
    settle.decide(pressed.surface.desk, pressed.click.number, arrived=True, by=pressed.click.person)


def _lost(pressed: Pressed) -> None:
    settle.decide(pressed.surface.desk, pressed.click.number, arrived=False, by=pressed.click.person)


CHANGES: dict[str, Callable[[Pressed], object]] = {
    ids.CASE_CLAIM: _claim,
    ids.CASE_RELEASE: _release,
    ids.CASE_REOPEN: _reopen,
    ids.REPLY_UNDO: _undo,
    ids.REPLY_NOW: _send_now,
    ids.REPLY_ARRIVED: _arrived,
    ids.REPLY_LOST: _lost,
}


def _form(pressed: Pressed, number: int, **chosen: str | None) -> None:
    opening.reply_form(pressed.surface, pressed.client, pressed.context, pressed.click, number, **chosen)


def _reply(pressed: Pressed) -> None:
    _form(pressed, pressed.click.number)


def _template(pressed: Pressed) -> None:
    _form(pressed, pressed.click.number, template=pressed.click.rest)


def _retry(pressed: Pressed) -> None:
    case, failed = read.case_of_reply(pressed.surface.desk, pressed.click.number)
    _form(pressed, case.number, text=failed.text)


def _modal(what: str) -> Callable[[Pressed], None]:
    return lambda pressed: _open(pressed, what, pressed.click.number)


def _menu(pressed: Pressed) -> None:
    """A line of the overflow menu: its value is `what:case`."""
    what, _, number = pressed.click.value.partition(":")
    _open(pressed, what, first_number(number))


def _open(pressed: Pressed, what: str, number: int) -> None:
    view = opening.MODALS.get(what)
    if view is None:
        raise WrongInput(f'The menu has no "{what}".', key="which_case")
    surface, clicked = pressed.surface, pressed.click
    say = surface.say(clicked.person)
    show(
        pressed.client,
        pressed.context,
        clicked,
        say,
        lambda: view(surface, clicked.person, number, say),
    )


def _full(pressed: Pressed) -> None:
    opening.full_message(pressed.surface, pressed.client, pressed.context, pressed.click)


def _reveal(pressed: Pressed) -> None:
    opening.reveal_message(pressed.surface, pressed.client, pressed.context, pressed.click)


def _details_page(pressed: Pressed) -> None:
    person = pressed.click.person
    case = opening.readable(pressed.surface, person, pressed.click.number)
    review = solicitations.panel(pressed.surface.desk, case.number, by=person)
    view = modal_views.details(case, pressed.surface.say(person), int(pressed.click.rest), review)
    opening.turn_page(pressed.client, pressed.click, view)


def _picked(pressed: Pressed) -> None:
    """A case chosen from a list: its value is `purpose:case`."""
    purpose, _, number = pressed.click.value.partition(":")
    if purpose == "reply":
        _form(pressed, first_number(number))
    elif purpose == "message":
        typed.look_up(pressed.surface, pressed.client, pressed.context, pressed.click, first_number(number))
    else:
        _open(pressed, purpose, first_number(number))


OPENINGS: dict[str, Callable[[Pressed], object]] = {
    ids.CASE_REPLY: _reply,
    ids.CASE_TEMPLATE: _template,
    ids.CASE_TEMPLATE_PICK: _template,
    ids.REPLY_RETRY: _retry,
    ids.CASE_MENU: _menu,
    ids.CASE_NOTE: _modal("note"),
    ids.CASE_DETAILS: _modal("details"),
    ids.CASE_ASSIGN: _modal("assign"),
    ids.CASE_NO_RESPONSE: _modal("no_response"),
    ids.CASE_FULL: _full,
    ids.FULL_PAGE: _full,
    ids.CASE_REVEAL: _reveal,
    ids.FULL_REVEALED: _reveal,
    ids.DETAILS_PAGE: _details_page,
    ids.CASE_PICK: _picked,
}
