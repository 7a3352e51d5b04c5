"""Manual mode in a line: on cards, boards, home pages, who is on shift, and in the preview of a reply."""

from collections.abc import Iterable

from bot.domain.manual import CONSOLE, ManualMode
from bot.domain.snapshots import CaseSnapshot, Preview
from bot.slack import ids
from bot.slack.blocks import Block, checkbox, context, labelled, section
from bot.slack.inert import escape, mention, shorten, when
from bot.slack.texts import Say
from bot.slack.views import lines

_STORES = 10
_REASON = 120
_ROBOT = "reply24"


def who(person: str, say: Say) -> str:
    """Who switched: a person, the breaker, or somebody at the command line."""
    if person in (_ROBOT, CONSOLE):
        return say("manual.console") if person == CONSOLE else _ROBOT
    return mention(person)


def status_words(before: str, after: str) -> dict[str, str]:
    """Amazon's words for the status of an account, before and after a change."""
    return {"before": escape(before or "?"), "after": escape(after or "?")}


def why(mode: ManualMode, say: Say) -> str:
    """Who switched it on, and for what."""
    if mode.trip is not None:
        trip = mode.trip
        facts = {"bad": trip.bad, "of": trip.of, **status_words(trip.before, trip.after)}
        found = say(f"manual.short.{trip.cause}", **facts)
        return say("manual.why_reason", who=who(mode.by, say), reason=found)
    if not mode.reason:
        return say("manual.why_person", who=who(mode.by, say))
    return say("manual.why_reason", who=who(mode.by, say), reason=reason(mode.reason))


def reason(text: str, limit: int = _REASON) -> str:
    """What somebody typed as a reason, harmless, without a full stop of its own."""
    return escape(shorten(text, limit)).rstrip(".。")


def scope(mode: ManualMode, say: Say) -> str:
    """The store's name, or that it is all of them."""
    return lines.store(mode.name, say) if mode.name else say("manual.all")


def rows(modes: Iterable[ManualMode], say: Say) -> list[str]:
    """Where it is on, a line each, for boards."""
    return [
        say("manual.line", store=scope(one, say), at=when(one.since), why=why(one, say))
        for one in list(modes)[:_STORES]
    ]


def banner(modes: Iterable[ManualMode], say: Say) -> list[Block]:
    """The same as blocks, for the top of a page."""
    return lines.sections(rows(modes, say))


def on_card(case: CaseSnapshot, say: Say) -> str | None:
    """That nobody is asked to take the case, and nothing suggested."""
    if case.manual is None or case.due_at is None:
        return None
    return say("manual.card", at=when(case.manual.since, case.as_of))


def in_preview(shown: Preview, say: Say) -> list[Block]:
    """Above the text: that manual mode is on."""
    if shown.manual is None:
        return []
    return [section(say("manual.preview", at=when(shown.manual.since), why=why(shown.manual, say)))]


def tick(shown: Preview, say: Say) -> list[Block]:
    """The box without which nothing is sent."""
    if shown.manual is None:
        return []
    box = checkbox(ids.BY_HAND, say("manual.anyway"))
    return [labelled(ids.BY_HAND, say("manual.anyway_label"), box, optional=True)]


def small(modes: Iterable[ManualMode], say: Say) -> list[Block]:
    """In small letters, for pages that are about something else."""
    return [context(line) for line in rows(modes, say)]
