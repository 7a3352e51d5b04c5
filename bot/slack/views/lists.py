"""What commands answer with: templates, found cases, usage, help."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from bot.domain.snapshots import QueueLine
from bot.domain.triage import TOPICS
from bot.settings.values import COMMANDS
from bot.slack import ids
from bot.slack.blocks import Block, Post, actions, button, context, header, section, select
from bot.slack.inert import escape, shorten
from bot.slack.texts import Say
from bot.slack.views import lines

_FOUND = 20
_BROKEN = 5


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """One template in the list; `title` is in the reader's language, `langs` what it is written in."""

    name: str
    title: str
    topic: str
    langs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ForManagers:
    """What managers have in the list besides: buttons, and what is left out because it is `broken`, in words."""

    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """What somebody typed behind a command that is no word of it and no store, and the stores there are."""

    words: str
    stores: tuple[str, ...]


def templates(every: Sequence[TemplateLine], say: Say, managers: ForManagers | None = None) -> Post:
    """The templates by topic."""
    title = say("templates.title", n=len(every))
    below = _for_managers(managers, every, say) if managers else []
    if not every:
        return Post(say("templates.empty"), [section(say("templates.empty")), *below])
    order = {topic: place for place, topic in enumerate(TOPICS)}
    topics = sorted({one.topic for one in every}, key=lambda topic: order.get(topic, len(order)))
    groups = [block for topic in topics for block in _topic_group(topic, every, say)]
    spoken = say.several([escape(shorten(one.title, 60)) for one in every])
    return Post(lines.aloud([title, spoken], say), [header(title), *groups, *below])


def _for_managers(managers: ForManagers, every: Sequence[TemplateLine], say: Say) -> list[Block]:
    names = {one.name: shorten(one.title, 75) for one in every[:100]}
    broken = say("template.broken", which=say.several(list(managers.broken[:_BROKEN])))
    label = say("template.report_label")
    return [
        *([section(broken)] if managers.broken else []),
        actions(
            select(ids.TEMPLATE_EDIT, say("template.edit"), names) if names else None,
            button(ids.TEMPLATE_NEW, say("template.new"), "new", label=say("template.new_label")),
            button(ids.TEMPLATE_REPORT, say("template.report"), "report", label=label),
        ),
    ]


def _topic_group(topic: str, every: Sequence[TemplateLine], say: Say) -> list[Block]:
    rows = [_template_line(one, say) for one in every if one.topic == topic]
    return lines.sections([f"*{say.word('topic', topic)}*", *rows])


def _template_line(one: TemplateLine, say: Say) -> str:
    langs = say.several([lines.language(lang, say) for lang in one.langs])
    title = escape(shorten(one.title, 100))
    return say("templates.line", name=escape(shorten(one.name, 60)), title=title, langs=langs)


def search_results(found: Sequence[QueueLine], say: Say, now: datetime, words: str) -> Post:
    """Cases that fit what somebody typed."""
    typed = escape(shorten(words, 60))
    if not found:
        return Post(say("search.empty", words=typed), [section(say("search.empty", words=typed))])
    head = f"{say('search.title', cases=say.count('case', len(found)))} {say('search.words', words=typed)}"
    shown = [(lines.queue_line(line, now, say), line.number) for line in found[:_FOUND]]
    return Post(
        lines.aloud([head, *(text for text, _number in shown)], say),
        [
            section(head),
            *(section(text, accessory=_details(number, say)) for text, number in shown),
            *([context(say("search.more", n=_FOUND))] if len(found) > _FOUND else []),
        ],
    )


def _details(case: int, say: Say) -> Block:
    return lines.case_button(ids.CASE_DETAILS, "details", case, say)


def usage(
    command: str, say: Say, names: Mapping[str, str], store: str, unknown: Unknown | None = None
) -> Post:
    """Two examples of a command, one of COMMANDS, with a store of this team; `names` goes to what people type."""
    typed = _typed(command, names)
    examples = [
        say(
            "usage.line",
            example=say(f"usage.{command}.{place}", command=typed, store=store),
            what=say(f"usage.{command}.{place}.what", store=store),
        )
        for place in (1, 2)
    ]
    wrong = [_unknown(unknown, say)] if unknown else []
    text = "\n".join((*wrong, say("usage.head", command=typed), *examples))
    return Post(text.replace("*", "").replace("`", ""), [section(text)])


def _unknown(one: Unknown, say: Say) -> str:
    stores = escape(shorten(say.several(list(one.stores)), 500))
    return say("usage.unknown", words=escape(shorten(one.words, 60)), stores=stores)


def help(say: Say, role: str | None, names: Mapping[str, str], unknown: str = "") -> Post:
    """What the bot does and what can be typed; `role` is None for somebody who is no agent.

    `unknown` is what somebody typed for the name of a command.
    """
    wrong = _no_command(unknown, say, names) if unknown else None
    commands = [
        say("help.line", command=_typed(command, names), what=say(f"help.{command}")) for command in COMMANDS
    ]
    you = say("help.role", role=say.word("role", role)) if role else say("help.stranger")
    return Post(
        lines.aloud([wrong or say("help.title"), say("help.what"), *commands, you], say),
        [
            section(wrong) if wrong else header(say("help.title")),
            section(say("help.what")),
            section(say("help.commands"), *commands),
            section(say("help.shortcuts")),
            context(you),
        ],
    )


def _no_command(unknown: str, say: Say, names: Mapping[str, str]) -> str:
    words = escape(shorten(unknown, 40))
    near = get_close_matches(unknown, COMMANDS, n=1)
    if not near:
        return say("help.unknown", words=words)
    return say("help.near", words=words, command=_typed(near[0], names))


def _typed(command: str, names: Mapping[str, str]) -> str:
    return escape(names.get(command, f"/{command}"))
