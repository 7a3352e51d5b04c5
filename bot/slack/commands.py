"""Slash commands: each on its own, and all of them under the root command. They can't be used in threads.

A command never raises at what people type: nonsense gets a short usage with two examples.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.desk import access, assign, close, read, replay
from bot.errors import WrongInput
from bot.settings.values import COMMANDS
from bot.slack import (
    boards,
    bulk,
    manual,
    naming,
    opening,
    records,
    reports,
    shift_forms,
    shifts,
    templates,
    typed,
    whatif,
)
from bot.slack.blocks import Post
from bot.slack.inert import escape, mention
from bot.slack.limits import fit
from bot.slack.payloads import Body
from bot.slack.surface import Surface, open_then_fill
from bot.slack.texts import Say, left
from bot.slack.typed_text import as_typed
from bot.slack.views import causes as cause_views
from bot.slack.views import lists, shift_posts
from bot.slack.views import modals as modal_views

_TEMPLATE = re.compile(r"(?:^|\s)template:(\S*)", re.IGNORECASE)
_NEXT = re.compile(r"(?:next\b|下一个)", re.IGNORECASE)
_FIND = re.compile(r"(?:find\b|查找|搜索)\s*+(?P<words>.*)", re.IGNORECASE | re.DOTALL)
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


_ASKS = ("help", "?", "？", "帮助")
"""Alone behind a command, one of these asks how it is used."""


class UnknownWord(WrongInput):
    """What was typed is no word of the command and no store; `words` is what."""

    def __init__(self, message: str, *, words: str) -> None:
        super().__init__(message, key="which_case")
        self.words = words


@dataclass(frozen=True, slots=True)
class Call:
    """One command as it was typed. `words` is what follows its name."""

    surface: Surface
    say: Say
    person: str
    words: str
    channel: str
    trigger: str
    client: WebClient
    context: BoltContext
    respond: Respond

    @property
    def plain(self) -> str:
        """`words`, for a command that knows all that can stand behind it."""
        return naming.plain(self.words)

    def answer(self, post: Post | str, *, public: bool = False) -> None:
        """Answer only to the person, or to the whole channel."""
        shown = fit(Post(post, []) if isinstance(post, str) else post)
        self.respond(
            text=shown.text,
            blocks=shown.blocks or None,
            response_type="in_channel" if public else "ephemeral",
            replace_original=False,
            unfurl_links=False,
        )

    def open(self, fill: Callable[[], dict[str, Any]]) -> None:
        """Open a modal."""
        open_then_fill(self.client, self.context, self.trigger, self.say, fill)

    def number(self, word: str | None = None) -> int:
        """The case that `word`, or else the first word, names. Raises WrongInput, NotFound."""
        named = naming.first_and_rest(self.words)[0] if word is None else word
        return naming.case_named(self.surface, self.person, named)

    def seen(self, words: str) -> str:
        """`words` as the person saw them while typing."""
        return as_typed(words, self.surface.directory.names())


def register(app: App, surface: Surface) -> None:
    """Every command, and the root command that leads to them all."""
    slack = surface.desk.settings.slack
    for command, name in boards.names(slack).items():
        _register_one(app, surface, name, command)

    @app.command(slack.root_command)
    def root_commanded(
        ack: Ack, body: Body, client: WebClient, context: BoltContext, respond: Respond
    ) -> None:
        ack()
        command, _, rest = str(body.get("text") or "").strip().partition(" ")
        call = _call(surface, body | {"text": rest}, client, context, respond)
        _run(call, command.lower().removeprefix("/"))


def _register_one(app: App, surface: Surface, name: str, command: str) -> None:
    @app.command(name)
    def commanded(ack: Ack, body: Body, client: WebClient, context: BoltContext, respond: Respond) -> None:
        ack()
        _run(_call(surface, body, client, context, respond), command)


def _call(surface: Surface, body: Body, client: WebClient, context: BoltContext, respond: Respond) -> Call:
    return Call(
        surface=surface,
        say=surface.say(body["user_id"]),
        person=body["user_id"],
        words=naming.typed(str(body.get("text") or "")),
        channel=body["channel_id"],
        trigger=body["trigger_id"],
        client=client,
        context=context,
        respond=respond,
    )


def _run(call: Call, command: str) -> None:
    work = _COMMANDS.get(command)
    if work is None:
        _help(call, command)
        return
    if call.words.lower() in _ASKS:
        _usage(call, command)
        return
    try:
        work(call)
    except UnknownWord as why:
        _usage(call, command, why.words)
    except WrongInput as why:
        if why.key != "which_case":
            raise
        _usage(call, command)


def _usage(call: Call, command: str, unknown: str = "") -> None:
    """How `command` is used; `unknown` is what somebody typed that is no word of it and no store."""
    settings = call.surface.desk.settings
    names, stores = boards.names(settings.slack), tuple(settings.stores)
    if command == "shift":
        _shift_usage(call, unknown)
        return
    about = lists.Unknown(unknown, stores) if unknown else None
    call.answer(lists.usage(command, call.say, names, stores[0], about))


def _reply(call: Call) -> None:
    """`/reply`, `/reply 1042`, `/reply <order id>`, `/reply 1042 template:delivery_delay`, `/reply 1042 text`."""
    if not call.words:
        _pick(call, "reply")
        return
    number, rest = call.number(), naming.first_and_rest(call.words)[1]
    named = _TEMPLATE.search(rest)
    template = named[1] if named else None
    text = call.seen(rest) if rest and not named else None
    call.open(
        lambda: opening.draw_form(call.surface, call.person, number, call.say, template=template, text=text)
    )


def _pick(call: Call, purpose: str) -> None:
    desk = call.surface.desk
    with desk.database.reading() as tx:
        access.require_agent(tx, desk, call.person)
    mine = read.queue(desk, assignee=call.person)
    call.open(lambda: modal_views.case_picker(mine, call.say, purpose, desk.now()))


def _claim(call: Call) -> None:
    """`/claim 1042`, `/claim next`."""
    desk = call.surface.desk
    if _NEXT.match(call.plain):
        number = assign.claim_next(desk, by=call.person)
    else:
        number = call.number(naming.only_case(call.words))
        assign.claim(desk, number, by=call.person)
    case = read.case(desk, number)
    if case.due_at is None:
        call.answer(call.say("done.claimed_quiet", case=number))
    else:
        call.answer(call.say("done.claimed", case=number, due=left(case.due_at, case.as_of, call.say)))


def _assign(call: Call) -> None:
    """`/assign 1042 @anna`, `/assign 1042`."""
    number = call.number(naming.only_case(_MENTION.sub(" ", call.words)))
    named = _MENTION.search(call.words)
    if named is None:
        call.open(lambda: opening.MODALS["assign"](call.surface, call.person, number, call.say))
        return
    assign.assign(call.surface.desk, number, named[1], by=call.person)
    call.answer(call.say("done.assigned", case=number, who=mention(named[1])))


def _note(call: Call) -> None:
    """`/note 1042 text`, `/note 1042`."""
    number, text = call.number(), call.seen(naming.first_and_rest(call.words)[1])
    if not text:
        call.open(lambda: opening.MODALS["note"](call.surface, call.person, number, call.say))
        return
    close.note(call.surface.desk, number, text, by=call.person)
    call.answer(call.say("done.noted", case=number))


def _case(call: Call) -> None:
    """`/case 1042`, `/case <order id>`, `/case [find] katrin`, `/case`, `/case hold 1042`, `/case holds`."""
    first, *rest = call.words.split(maxsplit=1) or [""]
    find = _FIND.fullmatch(call.words)
    if not call.words:
        _pick(call, "details")
    elif naming.half_width(first).lower() in ("hold", "holds"):
        _holds(call, "".join(rest))
    elif naming.names_a_case(call.words):
        number = call.number()
        call.open(lambda: opening.MODALS["details"](call.surface, call.person, number, call.say))
    elif find and not find["words"]:
        raise WrongInput("Find what?", key="which_case")
    else:
        _search(call, call.seen(find["words"] if find else call.words))


def _holds(call: Call, named: str) -> None:
    """`/case hold 1042`, and `/case holds` or `/case hold`, which list them."""
    if not named:
        command = boards.names(call.surface.desk.settings.slack)["case"]
        call.answer(records.draw_list(call.surface, call.person, call.say, command))
        return
    held = call.number(naming.only_case(named))
    call.open(lambda: records.draw_form(call.surface, call.person, held, call.say))


def _search(call: Call, words: str) -> None:
    desk = call.surface.desk
    found = read.lines(desk, naming.find(call.surface, call.person, words))
    if not found:
        call.answer(call.say("done.nothing_found", words=escape(words[:80])))
        return
    call.answer(lists.search_results(found, call.say, desk.now(), words))


def _templates(call: Call) -> None:
    """`/templates`, `/templates refund`; for managers `new`, `edit NAME [lang]`, `history NAME [lang]`, `report`."""
    word, name, lang = (*call.plain.lower().split(), "", "", "")[:3]
    surface, person, say = call.surface, call.person, call.say
    if word not in templates.WORDS or (word in ("edit", "history") and not name):
        wanted = "" if word in templates.WORDS else call.plain
        call.answer(templates.draw_list(surface, person, wanted, say))
    elif word == "new":
        call.open(lambda: templates.draw_new(surface, person, say))
    elif word == "edit":
        call.open(lambda: templates.draw_edit(surface, person, name, lang or None, say))
    elif word == "history":
        call.open(lambda: templates.draw_history(surface, person, name, lang or None, say))
    else:
        call.answer(templates.draw_report(surface, person, templates.days_named(name), say))


def _bulk(call: Call) -> None:
    """`/bulk`, `/bulk <store>`."""
    desk = call.surface.desk
    with desk.database.reading() as tx:
        access.require_agent(tx, desk, call.person)
    store = boards.store_named(desk, call.words) if call.words else None
    call.open(lambda: bulk.draw_form(call.surface, call.person, call.say, store))


def _message(call: Call) -> None:
    """`/message`, `/message 1042`, `/message <order id>`."""
    if not call.words:
        _pick(call, "message")
        return
    number = call.number()
    typed.open_for(call.surface, call.client, call.context, call.person, call.trigger, number)


def _oncall(call: Call) -> None:
    """`/oncall`, `/oncall next`, `/oncall week`, each also with a store."""
    words = call.plain.split()
    parts = [shifts.PARTS[word.lower()] for word in words if word.lower() in shifts.PARTS]
    named = " ".join(word for word in words if word.lower() not in shifts.PARTS)
    store = _store(call, named)
    call.answer(shifts.oncall_post(call.surface, call.person, store, (parts or ["now"])[0], call.say))


def _shift(call: Call) -> None:
    """`/shift cover`, `swap`, `take`, `off`, `override`, `gaps [store]`."""
    kind, _, rest = call.plain.lower().partition(" ")
    desk = call.surface.desk
    if kind in shift_forms.KINDS:
        call.open(lambda: shift_forms.draw(call.surface, call.person, kind))
    elif kind == "gaps":
        store = boards.store_named(desk, rest) if rest.strip() else None
        call.answer(shifts.gaps_post(call.surface, call.client, call.person, store, call.say))
    else:
        _shift_usage(call, call.words)


def _shift_usage(call: Call, typed: str) -> None:
    desk = call.surface.desk
    with desk.database.reading() as tx:
        is_manager = access.require_agent(tx, desk, call.person).role == "manager"
    names = boards.names(desk.settings.slack)
    call.answer(shift_posts.usage(call.say, names, is_manager=is_manager, typed=typed))


def _store(call: Call, named: str) -> str | None:
    """The store that is named, None if none is. Raises UnknownWord for words that are no store."""
    store = boards.store_meant(call.surface.desk, named) if named else None
    if named and store is None:
        raise UnknownWord(f'"{named[:40]}" is no word of this command, and no store.', words=named)
    return store


def _sla_status(call: Call) -> None:
    """`/sla-status`, `/sla-status <store>`, `/sla-status <store> public`."""
    words = call.plain.split()
    named = " ".join(word for word in words if word.lower() != "public")
    public, store = len(words) > len(named.split()), _store(call, named)
    call.answer(boards.draw(call.surface, call.person, store, call.say, public=public), public=public)


def _sla_report(call: Call) -> None:
    """`/sla-report today`, `week`, `30d`, `90d`, `whatif`, `reconcile`, each also with a store; `help`."""
    replay.stores_of(call.surface.desk, call.person)
    what, _, named = call.plain.partition(" ")
    if what.lower() == "help":
        call.answer(reports.usage(call.surface, call.say))
        return
    if what.lower() not in ("whatif", "reconcile"):
        call.answer(reports.draw(call.surface, call.person, call.plain, call.say))
        return
    store = boards.store_named(call.surface.desk, named) if named.strip() else None
    if what.lower() == "reconcile":
        call.answer(cause_views.comparison(store, call.say))
    else:
        call.open(lambda: whatif.draw_form(call.surface, call.person, store, call.say))


def _help(call: Call, unknown: str = "") -> None:
    """`help`, and `help claim` for one command; `unknown` is what somebody typed for a command's name."""
    asked = call.words.lower().removeprefix("/")
    if asked in COMMANDS and not unknown:
        _usage(call, asked)
        return
    desk = call.surface.desk
    with desk.database.reading() as tx:
        agent = access.agent_of(tx, desk, call.person)
    names = boards.names(desk.settings.slack)
    call.answer(lists.help(call.say, agent.role if agent else None, names, unknown))


_COMMANDS: dict[str, Callable[[Call], None]] = {
    "reply": _reply,
    "claim": _claim,
    "assign": _assign,
    "note": _note,
    "case": _case,
    "templates": _templates,
    "bulk": _bulk,
    "message": _message,
    "oncall": _oncall,
    "shift": _shift,
    "sla-status": _sla_status,
    "sla-report": _sla_report,
    "manual-mode": manual.command,
    "": _help,
    **dict.fromkeys(_ASKS, _help),
}
