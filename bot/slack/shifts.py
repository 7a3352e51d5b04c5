"""Who is on shift, handovers, requests and gaps: commands and buttons. The modals: shift_forms.py."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.charts.week import Week, two_zones, week_chart
from bot.desk import access, coverage, handover, request_pages, requests, shift_pages
from bot.desk.shifts import staff_at
from bot.desk.wishes import Wish
from bot.domain.coverage import Need, gaps
from bot.errors import Outside, WrongInput
from bot.log import get_logger
from bot.slack import ids, shift_forms
from bot.slack.blocks import Block, Post, modal
from bot.slack.drawn import drawn
from bot.slack.limits import fit
from bot.slack.payloads import Body, Click, click, person_of, typed
from bot.slack.post import upload
from bot.slack.surface import Surface, open_then_fill, show
from bot.slack.texts import Say, say_for
from bot.slack.views import shift_gaps
from bot.slack.views.handover import note_modal
from bot.slack.views.oncall import oncall
from bot.slack.views.shift_gaps import Chart
from bot.slack.views.week_picture import alt_text

log = get_logger()

_ALL = "all"


def register(app: App, surface: Surface) -> None:
    """Every button about shifts, and the note of a handover."""
    for action, work in _CHANGES.items():
        _register_change(app, surface, action, work)
    _register_modals(app, surface)
    _register_answers(app, surface)
    _register_shortcuts(app, surface)
    shift_forms.register(app, surface)


def _register_change(
    app: App, surface: Surface, action: str, work: Callable[[Surface, Click], object]
) -> None:
    @app.action(action)
    def pressed(ack: Ack, body: Body) -> None:
        ack()
        work(surface, click(body))


_CHANGES: dict[str, Callable[[Surface, Click], object]] = {
    ids.HANDOVER_ACCEPT: lambda surface, one: handover.accept(surface.desk, one.number, by=one.person),
    ids.HANDOVER_GIVE: lambda surface, one: handover.hand_over_held(surface.desk, one.number, by=one.person),
    ids.HANDOVER_KEEP: lambda surface, one: handover.keep_held(surface.desk, one.number, by=one.person),
    ids.REQUEST_ACCEPT: lambda surface, one: requests.accept(surface.desk, one.number, by=one.person),
    ids.REQUEST_DECLINE: lambda surface, one: requests.decline(surface.desk, one.number, by=one.person),
    ids.REQUEST_WITHDRAW: lambda surface, one: requests.withdraw(surface.desk, one.number, by=one.person),
    ids.REQUEST_APPROVE: lambda surface, one: requests.approve(surface.desk, one.number, by=one.person),
    ids.REQUEST_REFUSE: lambda surface, one: requests.refuse(surface.desk, one.number, by=one.person),
}


def _register_modals(app: App, surface: Surface) -> None:
    @app.action(ids.HANDOVER_NOTE)
    def note_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        say = surface.say(pressed.person)
        show(client, context, pressed, say, lambda: note_modal(pressed.number, say))

    @app.view(ids.MODAL_HANDOVER_NOTE)
    def note_submitted(ack: Ack, body: Body) -> None:
        number = int(_meta(body)["handover"])
        text = typed(body["view"]).get(ids.HANDOVER_TEXT) or ""
        handover.add_note(surface.desk, number, text, by=person_of(body))
        ack(response_action="clear")

    @app.action(_suffixed(ids.SHIFT_OPEN))
    def form_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        say = surface.say(pressed.person)
        show(client, context, pressed, say, lambda: shift_forms.draw(surface, pressed.person, pressed.value))

    @app.action(ids.SHIFT_TAKE)
    def take_clicked(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        say = surface.say(pressed.person)
        show(client, context, pressed, say, lambda: _preview_of_taking(surface, pressed))


def _suffixed(action: str) -> Any:
    """The id itself, or with what tells twins in one view apart behind it."""
    return re.compile(rf"^{re.escape(action)}(\.\w+)?$")


def _meta(body: Body) -> dict[str, Any]:
    return dict(json.loads(body["view"]["private_metadata"]))


def _preview_of_taking(surface: Surface, pressed: Click) -> Block:
    """`cover:<request>`, or `gap:<store or all>:<start>:<end>`."""
    kind, *rest = pressed.value.split(":")
    if kind == "cover":
        shown = request_pages.preview_take(surface.desk, int(rest[0]), by=pressed.person)
    else:
        store, start, end = rest
        first, last = (datetime.fromtimestamp(int(one), UTC) for one in (start, end))
        stores = () if store == _ALL else (store,)
        wish = Wish("take", pressed.person, first, last, stores=stores)
        shown = request_pages.preview(surface.desk, wish)
    return shift_forms.draw_preview(surface, pressed.person, shown)


def _register_answers(app: App, surface: Surface) -> None:
    @app.action(ids.ONCALL_SHOW)
    def oncall_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        say = surface.say(pressed.person)
        show(client, context, pressed, say, lambda: oncall_modal(surface, pressed.person, say))

    @app.action(ids.GAPS_SHOW)
    def gaps_wanted(ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
        ack()
        pressed = click(body)
        store = None if pressed.value == _ALL else pressed.value
        post = fit(gaps_post(surface, client, pressed.person, store, surface.say(pressed.person)))
        respond(text=post.text, blocks=post.blocks, replace_original=False, response_type="ephemeral")

    @app.action(ids.GAPS_POST)
    def gaps_shared(ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
        ack()
        pressed = click(body)
        store = None if pressed.value == _ALL else pressed.value
        say = say_for(surface.desk.settings.slack.language)
        post = fit(gaps_post(surface, client, pressed.person, store, say, posted=True))
        respond(text=post.text, blocks=post.blocks, replace_original=False, response_type="in_channel")


def _register_shortcuts(app: App, surface: Surface) -> None:
    @app.shortcut(ids.GLOBAL_ONCALL)
    def oncall_shortcut(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        person = person_of(body)
        say = surface.say(person)
        open_then_fill(client, context, body["trigger_id"], say, lambda: oncall_modal(surface, person, say))

    @app.shortcut(ids.GLOBAL_COVER)
    def cover_shortcut(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        person = person_of(body)
        say = surface.say(person)
        draw = shift_forms.draw
        open_then_fill(client, context, body["trigger_id"], say, lambda: draw(surface, person, "cover"))


PARTS = {
    **{one: one for one in ("now", "next", "week")},
    **dict.fromkeys(("现在", "当前"), "now"),
    **dict.fromkeys(("下一个", "下一班"), "next"),
    **dict.fromkeys(("本周", "这周", "一周"), "week"),
}
"""What of the shifts `/oncall` can show, by the words for it; `week` is that of the next seven days."""


def oncall_post(surface: Surface, person: str, store: str | None, part: str, say: Say) -> Post:
    """What `/oncall` answers: who is on now, `next` or `week`."""
    zone = surface.directory.person(person).zone
    return oncall(shift_pages.oncall(surface.desk, store, zone), say, part)


def oncall_modal(surface: Surface, person: str, say: Say) -> Block:
    """The same as a modal, where there is no channel to answer in."""
    post = oncall_post(surface, person, None, "now", say)
    return modal(ids.MODAL_DETAILS, "reply24", post.blocks, close=say("do.close"))


def gaps_post(
    surface: Surface, client: WebClient, person: str, store: str | None, say: Say, *, posted: bool = False
) -> Post:
    """The gaps and the best reachable rates, with the picture of the week. Raises NotAllowed, WrongInput."""
    desk = surface.desk
    with desk.database.reading() as tx:
        access.require_agent(tx, desk, person)
    found = coverage.page(desk, store)
    return shift_gaps.gaps(
        found, say, zones(surface), chart(surface, client, store, person, say), posted=posted
    )


def zones(surface: Surface) -> tuple[str, ...]:
    """The zones of the rota's layers, each once, in the order of the file."""
    rota = surface.desk.settings.rota
    return tuple(dict.fromkeys(layer.zone for layer in rota.layers)) if rota else ()


def chart(surface: Surface, client: WebClient, store: str | None, person: str, say: Say) -> Chart | None:
    """The picture of the coming week, uploaded; None where Slack takes no files: all else works without."""
    desk = surface.desk
    now = desk.now()
    with desk.database.reading() as tx:
        view = staff_at(tx, desk, now)
    if view.table is None:
        raise WrongInput("There is no rota: config/rota.yaml is missing.", key="no_rota")
    words = drawn(say)
    open_ = gaps(view.table, Need(store), now, now + shift_pages.WEEK)
    week = Week(
        table=view.table,
        start=now,
        title=words(
            "week.title", store=desk.settings.stores[store].name if store else words("week.all_stores")
        ),
        zones=two_zones(view.table, store),
        say=words,
        store=store,
        gaps=open_,
        names={key: one.name for key, one in desk.settings.agents.items()},
    )
    alt = alt_text(week, words)
    try:
        return Chart(upload(client, "week.png", week_chart(week), alt), alt)
    except Outside as why:
        log.warning("picture_not_uploaded", person=person, exc_info=why)
        return None
