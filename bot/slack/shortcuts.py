"""Shortcuts: on messages (in threads too, where slash commands do not work) and global ones."""

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.desk import access, read
from bot.slack import ids, opening
from bot.slack.payloads import Body, Shortcut, shortcut
from bot.slack.surface import Surface, open_then_fill
from bot.slack.typed_text import as_typed
from bot.slack.views import modals as modal_views


def register(app: App, surface: Surface) -> None:
    """Every shortcut."""

    @app.shortcut(ids.SHORTCUT_REPLY)
    def reply_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        taken = shortcut(body)
        number = _case_of(surface, taken)
        opening.reply_form_for(surface, client, context, taken, number)

    @app.shortcut(ids.SHORTCUT_SEND_THIS)
    def send_this_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        taken = shortcut(body)
        number = _case_of(surface, taken)
        opening.reply_form_for(surface, client, context, taken, number, text=_words(surface, taken))

    _register_case_modals(app, surface)
    _register_global(app, surface)


def _register_case_modals(app: App, surface: Surface) -> None:
    @app.shortcut(ids.SHORTCUT_NOTE)
    def note_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        taken = shortcut(body)
        say = surface.say(taken.person)

        def draw() -> dict[str, Any]:
            case = opening.readable(surface, taken.person, _case_of(surface, taken))
            return modal_views.note(case, say, _words(surface, taken) or "")

        open_then_fill(client, context, taken.trigger, say, draw)

    @app.shortcut(ids.SHORTCUT_ASSIGN)
    def assign_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        _open(surface, client, context, shortcut(body), "assign")

    @app.shortcut(ids.SHORTCUT_DETAILS)
    def details_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        _open(surface, client, context, shortcut(body), "details")


def _open(surface: Surface, client: WebClient, context: BoltContext, taken: Shortcut, what: str) -> None:
    say, view = surface.say(taken.person), opening.MODALS[what]
    open_then_fill(
        client,
        context,
        taken.trigger,
        say,
        lambda: view(surface, taken.person, _case_of(surface, taken), say),
    )


def _words(surface: Surface, taken: Shortcut) -> str | None:
    """What a person typed in that message; None for a post of the bot, which is nothing to send or to keep."""
    return as_typed(taken.text, surface.directory.names()) if taken.by_person else None


def _case_of(surface: Surface, taken: Shortcut) -> int:
    """Number of the case whose card, or a post in whose thread, the shortcut was taken on."""
    return surface.case_at(taken.channel, taken.ts, taken.thread_ts).number


def _register_global(app: App, surface: Surface) -> None:
    @app.shortcut(ids.GLOBAL_QUEUE)
    def queue_wanted(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        taken = shortcut(body)
        say, desk = surface.say(taken.person), surface.desk
        with desk.database.reading() as tx:
            access.require_agent(tx, desk, taken.person)
        open_then_fill(
            client,
            context,
            taken.trigger,
            say,
            lambda: modal_views.case_picker(
                read.queue(desk, assignee=taken.person), say, "details", desk.now()
            ),
        )
