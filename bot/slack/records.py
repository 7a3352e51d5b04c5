"""Holding the personal data of a case: `/case hold`, its form, the list of holds, and ending one."""

import json
from datetime import date, datetime, timedelta
from typing import Any

from slack_bolt import Ack, App

from bot.desk import access, holds
from bot.domain import zones
from bot.errors import WrongInput
from bot.slack import ids, opening
from bot.slack.blocks import Block, Post
from bot.slack.payloads import Body, click, person_of, typed
from bot.slack.surface import Surface
from bot.slack.texts import Say
from bot.slack.views import records as views


def register(app: App, surface: Surface) -> None:
    """The form's submission, and the button that ends a hold."""
    desk = surface.desk

    @app.view(ids.MODAL_HOLD)
    def hold_submitted(ack: Ack, body: Body) -> None:
        person, view = person_of(body), body["view"]
        answers = typed(view)
        reason, owner = answers.get(ids.HOLD_REASON) or "", answers.get(ids.HOLD_OWNER) or ""
        until = _until(view, desk.settings.records.longest_hold_days, surface.directory.person(person).zone)
        holds.hold(desk, int(json.loads(view["private_metadata"])["case"]), reason, owner, until, by=person)
        ack(response_action="clear")

    @app.action(ids.HOLD_END)
    def end_wanted(ack: Ack, body: Body) -> None:
        ack()
        pressed = click(body)
        holds.end(desk, pressed.number, by=pressed.person)


def _until(view: dict[str, Any], days: int, zone: str) -> datetime:
    """The end of the day that was chosen, where the person is. Raises WrongInput."""
    day = typed(view).get(ids.HOLD_UNTIL)
    if not day:
        raise WrongInput("Choose a day.", key="hold_until", days=days)
    return zones.day_at(date.fromisoformat(day) + timedelta(days=1), zone)


def draw_form(surface: Surface, person: str, number: int, say: Say) -> Block:
    """The form of a hold. Raises NotFound, NotAllowed."""
    desk = surface.desk
    case = opening.readable(surface, person, number)
    with desk.database.reading() as tx:
        access.require_manager(tx, desk, person, case.store)
        team = access.team(tx, desk)
    people = [(team[key].person, team[key].agent.name) for key in access.keys_of(team, case.store)]
    return views.hold_form(case, people, desk.settings.records.longest_hold_days, say)


def draw_list(surface: Surface, person: str, say: Say, command: str) -> Post:
    """Every hold of a person's stores. Raises NotAllowed."""
    desk = surface.desk
    found = holds.standing(desk, by=person)
    with desk.database.reading() as tx:
        may_end = access.require_agent(tx, desk, person).role == "manager"
    return views.holds(found, say, command, may_end=may_end)
