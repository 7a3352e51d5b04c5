"""Boards and lists: `/sla-status` with its buttons, who can work now, which templates there are."""

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.desk import Desk, access, assign, figures, read
from bot.desk.library import templates
from bot.domain import zones
from bot.errors import NotFound
from bot.settings.shape import SlackSettings
from bot.settings.values import COMMANDS
from bot.slack import ids, naming
from bot.slack.blocks import Block, Post, modal
from bot.slack.home import home_of, targets
from bot.slack.inert import escape, when
from bot.slack.limits import fit
from bot.slack.payloads import Body, click, shortcut
from bot.slack.post import Speaker, call, upload
from bot.slack.surface import Surface, show
from bot.slack.texts import Say, say_for
from bot.slack.views.board import sla_board
from bot.slack.views.board_breakdown import csv_of
from bot.slack.views.lists import TemplateLine
from bot.slack.views.lists import help as help_list

_ALL = "all"


def register(app: App, surface: Surface) -> None:
    """The buttons of the board."""

    @app.action(ids.BOARD_REFRESH)
    @app.action(ids.BOARD_STORE)
    @app.action(ids.BOARD_BY)
    def board_wanted(ack: Ack, body: Body, respond: Respond) -> None:
        ack()
        pressed = click(body)
        store, by = _chosen(pressed.value)
        post = fit(draw(surface, pressed.person, store, surface.say(pressed.person), by=by))
        respond(text=post.text, blocks=post.blocks, replace_original=True, response_type="ephemeral")

    @app.action(ids.BOARD_POST)
    def board_shared(ack: Ack, body: Body, respond: Respond) -> None:
        ack()
        pressed = click(body)
        say = say_for(surface.desk.settings.slack.language)
        store, by = _chosen(pressed.value)
        by = "" if by == "agent" else by
        post = fit(draw(surface, pressed.person, store, say, public=True, by=by))
        respond(text=post.text, blocks=post.blocks, replace_original=False, response_type="in_channel")

    @app.action(ids.BOARD_FILE)
    def file_wanted(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        pressed = click(body)
        _send_file(surface, client, pressed.person, *_chosen(pressed.value))

    _register_home(app, surface)


def _register_home(app: App, surface: Surface) -> None:
    desk = surface.desk

    @app.action(ids.HOME_CLAIM_NEXT)
    def claim_next_clicked(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        pressed = click(body)
        assign.claim_next(desk, by=pressed.person)
        _republish(surface, client, pressed.person)

    @app.action(ids.HOME_REFRESH)
    def refresh_clicked(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        _republish(surface, client, click(body).person)

    @app.action(ids.HOME_HELP)
    def help_clicked(ack: Ack, body: Body, client: WebClient, context: BoltContext) -> None:
        ack()
        pressed = click(body)
        say = surface.say(pressed.person)
        show(client, context, pressed, say, lambda: _help(surface, pressed.person, say))

    @app.action(ids.HOME_BOARD)
    def board_clicked(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        _send_board(surface, client, click(body).person)

    @app.shortcut(ids.GLOBAL_BOARD)
    def board_shortcut(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        _send_board(surface, client, shortcut(body).person)


def _republish(surface: Surface, client: WebClient, person: str) -> None:
    call(client.views_publish, user_id=person, view=home_of(surface.desk, surface.directory, person))


def _help(surface: Surface, person: str, say: Say) -> Block:
    desk = surface.desk
    with desk.database.reading() as tx:
        agent = access.agent_of(tx, desk, person)
    post = help_list(say, agent.role if agent else None, names(desk.settings.slack))
    return modal(ids.MODAL_DETAILS, "reply24", post.blocks[1:], close=say("do.close"))


def _send_board(surface: Surface, client: WebClient, person: str) -> None:
    """By direct message: tables can't stand in modals, and a home page has no ephemeral posts."""
    post = fit(draw(surface, person, None, surface.say(person)))
    Speaker(client).post(surface.directory.channel(person), post)


def names(slack: SlackSettings) -> dict[str, str]:
    """What people type, by command: its own name unless the settings rename it."""
    return {command: slack.command_names.get(command, f"/{command}") for command in COMMANDS}


def _chosen(value: str) -> tuple[str | None, str]:
    """The store (None: all) and the dimension that a button of the board stands for."""
    store, _, by = value.partition(":")
    return None if store == _ALL else store, by


def _send_file(surface: Surface, client: WebClient, person: str, store: str | None, by: str) -> None:
    """By direct message: what only managers see must not lie in a channel."""
    desk, say = surface.desk, surface.say(person)
    with desk.database.reading() as tx:
        is_manager = figures.require_may_see(tx, desk, person, by, store)
    board = read.board(desk, store, with_people=is_manager, by=by)
    names = surface.directory.names() | {key: one.name for key, one in desk.settings.stores.items()}
    content = csv_of(board, names).encode("utf-8-sig")  # with its mark, or spreadsheets guess the charset
    words = say("board.file_words", store=escape(board.store_name or say("board.all")), now=when(board.as_of))
    file = f"sla-{store or _ALL}-{board.as_of:%Y%m%d-%H%M}.csv"
    upload(client, file, content, words, to=surface.directory.channel(person), words=words)


def draw(
    surface: Surface, person: str, store: str | None, say: Say, *, public: bool = False, by: str = ""
) -> Post:
    """The board of one store, or of all. Figures of single people are for managers, and never for a channel."""
    desk = surface.desk
    with desk.database.reading() as tx:
        is_manager = figures.require_may_see(tx, desk, person, by, store)
    board = read.board(desk, store, with_people=is_manager and not public, by=by)
    stores = [(key, one.name) for key, one in desk.settings.stores.items()]
    return sla_board(board, say, stores, targets(desk), local_times(desk))


def local_times(desk: Desk) -> dict[str, str]:
    """The time at each agent's place, "02:10", by Slack user id."""
    now = desk.now()
    with desk.database.reading() as tx:
        return {
            one.person: f"{zones.local(now, one.agent.zone):%H:%M}" for one in access.team(tx, desk).values()
        }


def store_named(desk: Desk, words: str) -> str:
    """Key of the store that a person means, by key or name in any case. Raises NotFound."""
    found = store_meant(desk, words)
    if found is not None:
        return found
    raise NotFound(
        f'There is no store "{words[:40]}". These are: {", ".join(desk.settings.stores)}.',
        key="no_such_store",
        store=words[:40],
        stores=tuple(desk.settings.stores),
    )


def store_meant(desk: Desk, words: str) -> str | None:
    """The same; None when no store is called so."""
    wanted = naming.plain(words).casefold()
    for key, store in desk.settings.stores.items():
        if wanted in (naming.plain(key).casefold(), naming.plain(store.name).casefold()):
            return key
    return None


def template_lines(desk: Desk, say: Say, word: str) -> list[TemplateLine]:
    """Templates whose name, title or topic holds `word`, once each, with the languages they are in."""
    wanted = word.strip().casefold()
    found = []
    known = templates(desk)
    for name in known.names:
        every = [one for one in known if one.name == name]
        title = every[0].title_zh if say.lang == "zh" else every[0].title_en
        searched = " ".join((name, every[0].topic, *(one.title for one in every), every[0].title_en, title))
        if wanted in searched.casefold():
            langs = tuple(one.lang for one in every)
            found.append(TemplateLine(name, title, every[0].topic, langs))
    return found
