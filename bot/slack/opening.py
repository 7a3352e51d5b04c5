"""Opening modals: what has to be looked up before a view can be drawn."""

from collections.abc import Callable

from slack_bolt import BoltContext
from slack_sdk import WebClient

from bot.desk import access, read, reply, reveal, solicitations
from bot.desk.shifts import staff_at
from bot.desk.suggest import filled, signature
from bot.domain import zones
from bot.domain.snapshots import CaseSnapshot, towards
from bot.errors import NotFound, WrongInput
from bot.slack.blocks import Block
from bot.slack.limits import fit
from bot.slack.payloads import Click, Shortcut
from bot.slack.post import call
from bot.slack.surface import Surface, open_then_fill, show
from bot.slack.telling import template_choices
from bot.slack.texts import Say
from bot.slack.views import modals as modal_views
from bot.slack.views.modals import Colleague
from bot.slack.views.reply_modal import ReplyForm
from bot.slack.views.reply_modal import reply_form as reply_form_view


def readable(surface: Surface, person: str, number: int) -> CaseSnapshot:
    """The case, for a person who may see it. Raises NotFound, NotAllowed."""
    return read.case_for(surface.desk, number, by=person)


def reply_form(
    surface: Surface,
    client: WebClient,
    context: BoltContext,
    click: Click,
    number: int,
    **chosen: str | None,
) -> None:
    """Open the reply modal: with a template or a text if one is given, else with one's own draft."""
    say = surface.say(click.person)
    show(client, context, click, say, lambda: draw_form(surface, click.person, number, say, **chosen))


def reply_form_for(
    surface: Surface,
    client: WebClient,
    context: BoltContext,
    taken: Shortcut,
    number: int,
    **chosen: str | None,
) -> None:
    """The same from a shortcut or a command."""
    say = surface.say(taken.person)
    open_then_fill(
        client,
        context,
        taken.trigger,
        say,
        lambda: draw_form(surface, taken.person, number, say, **chosen),
    )


def draw_form(
    surface: Surface,
    person: str,
    number: int,
    say: Say,
    *,
    template: str | None = None,
    text: str | None = None,
) -> Block:
    """The reply modal of a case. Raises NotFound, NotAllowed, WrongInput when there is nobody to answer to."""
    desk = surface.desk
    case = towards(readable(surface, person, number))
    if case.kind != "buyer":
        raise WrongInput(
            f"Case {number} has no buyer address to answer to.", key="no_buyer_address", case=number
        )
    composing = reply.compose(desk, number, by=person)
    draft = read.draft(desk, number, person)
    words, drafted_at, used = text, None, template
    if template is not None:
        words = filled(desk, case, template, agent_name(surface, person), by=person).text
    elif text is None and draft is not None:
        words, drafted_at, used = draft.text, draft.created_at, draft.template
    known = template_choices(desk, case, say)
    if used not in {one.name for one in known}:
        used = None
    return reply_form_view(
        ReplyForm(
            case=case,
            text=words or "",
            template=used,
            choices=known,
            draft_from=drafted_at,
            draft_kept=draft.created_at if draft and drafted_at is None else None,
            composing=composing,
        ),
        say,
    )


def agent_name(surface: Surface, person: str) -> str:
    """The name that an agent signs with: the first one in the settings."""
    with surface.desk.database.reading() as tx:
        return signature(tx, surface.desk, person)


def full_message(surface: Surface, client: WebClient, context: BoltContext, click: Click) -> None:
    """One buyer message whole, in pages; `click.value` is `case:message` or `case:message:page`."""
    say = surface.say(click.person)
    number, message_id, page = (*(int(part) for part in click.value.split(":")), 0)[:3]
    case = readable(surface, click.person, number)
    message = next((one for one in case.messages if one.id == message_id), None)
    if message is None:
        raise NotFound(f"Case {number} has no message {message_id}.", key="no_such_case", case=number)
    view = modal_views.full_message(case, message, page, say)
    if click.value.count(":") == 2:
        turn_page(client, click, view)
    else:
        show(client, context, click, say, lambda: view)


def reveal_message(surface: Surface, client: WebClient, context: BoltContext, click: Click) -> None:
    """One buyer message with nothing hidden; the value is as in `full_message`."""
    say = surface.say(click.person)
    number, message_id, page = (*(int(part) for part in click.value.split(":")), 0)[:3]

    def fill() -> Block:
        found = reveal.reveal(surface.desk, number, message_id, by=click.person)
        return modal_views.revealed(found.case, found.message, (found.text, page), found.looks, say)

    if click.value.count(":") == 2:
        turn_page(client, click, fill())
    else:
        show(client, context, click, say, fill)


def turn_page(client: WebClient, click: Click, view: Block) -> None:
    """Show another page in the modal that the click came from."""
    if click.view is not None:
        call(client.views_update, view_id=click.view["id"], hash=click.view["hash"], view=fit(view))


def _assign(surface: Surface, person: str, number: int, say: Say) -> Block:
    return modal_views.assign(readable(surface, person, number), colleagues(surface, number), say)


def colleagues(surface: Surface, number: int) -> list[Colleague]:
    """Who could take the case: agents of its store, whether they are on shift, their local time and open cases."""
    desk = surface.desk
    case = read.case(desk, number)
    board = read.board(desk, case.store)
    open_cases = {person: count for person, count, _answered in board.people}
    now = desk.now()
    with desk.database.reading() as tx:
        view = staff_at(tx, desk, now)
    ends = {view.person_of[one.agent]: one.end for one in view.stints_on(case.store)}
    found = []
    for key in access.keys_of(view.team, case.store):
        person, agent = view.team[key].person, view.team[key].agent
        until = ends.get(person)
        found.append(
            Colleague(
                person=person,
                name=agent.name,
                local_time=f"{zones.local(now, agent.zone):%H:%M}",
                open_cases=open_cases.get(person, 0),
                is_on=None if view.table is None else person in ends,
                until=f"{zones.local(until, agent.zone):%H:%M}" if until else None,
            )
        )
    return found


def _snooze(surface: Surface, person: str, number: int, say: Say) -> Block:
    return modal_views.snooze(readable(surface, person, number), say, surface.directory.person(person).zone)


def _no_response(surface: Surface, person: str, number: int, say: Say) -> Block:
    return modal_views.no_response(readable(surface, person, number), say)


def _escalate(surface: Surface, person: str, number: int, say: Say) -> Block:
    return modal_views.escalate(readable(surface, person, number), say)


def _note(surface: Surface, person: str, number: int, say: Say) -> Block:
    return modal_views.note(readable(surface, person, number), say)


def _details(surface: Surface, person: str, number: int, say: Say) -> Block:
    return modal_views.details(
        readable(surface, person, number), say, review=solicitations.panel(surface.desk, number, by=person)
    )


MODALS: dict[str, Callable[[Surface, str, int, Say], Block]] = {
    "assign": _assign,
    "snooze": _snooze,
    "no_response": _no_response,
    "escalate": _escalate,
    "note": _note,
    "details": _details,
}
"""What the menu of a card opens, by the word before the colon of its values."""
