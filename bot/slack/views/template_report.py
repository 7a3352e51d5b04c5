"""How the templates do, as a table for managers. Definitions are printed with it (`domain.outcomes`)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.outcomes import TemplateFigures
from bot.slack.blocks import Block, Post, context, header, section, table
from bot.slack.inert import escape, shorten, utc, when
from bot.slack.texts import Say, duration
from bot.slack.views import lines
from bot.slack.views.lines import percent

_ROWS = 50
_SPOKEN = 10


def report(
    every: Sequence[TemplateFigures], titles: Mapping[str, str], days: int, as_of: datetime, say: Say
) -> Post:
    """The figures, the most used templates first; those that nobody used are named under the table.

    `titles` are in the reader's language, by name.
    """
    title = say("report.title", days=days)
    used = [one for one in every if one.sent]
    unused = [escape(shorten(titles.get(one.name, one.name), 60)) for one in every if not one.sent]
    spoken = [_spoken(one, titles, say) for one in used[:_SPOKEN]] or [say("report.nothing")]
    rest = len(used) - _ROWS
    return Post(
        lines.aloud([f"{title} · {utc(as_of)}", *spoken], say),
        [
            header(title),
            _table(used[:_ROWS], titles, say) if used else section(say("report.nothing")),
            *([context(say("report.more", n=rest))] if rest > 0 else []),
            *([context(say("report.unused", names=say.several(unused[:_ROWS])))] if unused else []),
            context(say("report.definitions", now=when(as_of))),
        ],
    )


def _table(used: Sequence[TemplateFigures], titles: Mapping[str, str], say: Say) -> Block:
    head = [
        say(f"report.{word}") for word in ("template", "sent", "unchanged", "edited", "resolved", "average")
    ]
    return table(head, [_row(one, titles, say) for one in used])


def _row(one: TemplateFigures, titles: Mapping[str, str], say: Say) -> tuple[str, ...]:
    return (
        shorten(titles.get(one.name, one.name), 60),
        str(one.sent),
        str(one.unchanged),
        _edited(one, say),
        _resolved(one, say),
        _average(one, say),
    )


def _spoken(one: TemplateFigures, titles: Mapping[str, str], say: Say) -> str:
    return say(
        "report.spoken",
        name=escape(shorten(titles.get(one.name, one.name), 60)),
        sent=one.sent,
        unchanged=one.unchanged,
        edited=_edited(one, say),
        resolved=_resolved(one, say),
        average=_average(one, say),
    )


def _edited(one: TemplateFigures, say: Say) -> str:
    if one.average_change is None:
        return str(one.edited)
    return say("report.edited_cell", n=one.edited, share=percent(one.average_change, up=True))


def _resolved(one: TemplateFigures, say: Say) -> str:
    if one.first_contact_resolution is None:
        return say("report.undecided_cell", n=one.undecided)
    decided = one.resolved + one.unresolved
    return say(
        "report.resolved_cell", rate=percent(one.first_contact_resolution), done=one.resolved, all=decided
    )


def _average(one: TemplateFigures, say: Say) -> str:
    return "–" if one.average_seconds is None else duration(timedelta(seconds=one.average_seconds), say)
