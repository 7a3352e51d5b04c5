"""Lines that several views share: who wrote, about what, how long is left, and all of it read aloud."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.snapshots import CaseSnapshot, MessageSnapshot, QueueLine, status
from bot.domain.zones import local
from bot.slack.blocks import Block, context, quote
from bot.slack.inert import clean, escape, excerpt, mention, shorten, utc, when
from bot.slack.texts import Say, left, site

ZONES = ("Asia/Shanghai", "America/New_York")

_HALF = timedelta(hours=12)
_AT_RISK = timedelta(hours=3)
_NAME = 40


def reference(case: CaseSnapshot) -> str:
    """What a button of the case carries: `case:version`."""
    return f"{case.number}:{case.version}"


def state_of(case: CaseSnapshot) -> str:
    """`status`, but an untouched review card says that somebody shall look."""
    found = status(case)
    return "review" if case.kind == "review" and found == "new" else found


def buyer(name: str | None, say: Say) -> str:
    """The buyer's first name, harmless, or words for a buyer without one."""
    return escape(shorten(name, _NAME)) if name else say("case.buyer_unknown")


def store(name: str, say: Say) -> str:
    """The store's name, or words for a mail that fits none."""
    return escape(shorten(name, 60)) if name else say("case.store_unknown")


def place(case: CaseSnapshot, say: Say) -> str:
    """Store and marketplace."""
    return " · ".join(_places(case, say))


def _places(case: CaseSnapshot, say: Say) -> list[str]:
    return [part for part in (store(case.store_name, say), site(case.marketplace)) if part]


def order(order_id: str | None, say: Say) -> str:
    """The order, or words for a message without one."""
    return say("case.order", order=escape(shorten(order_id, 40))) if order_id else say("case.order_unknown")


def topic(name: str | None, say: Say) -> str | None:
    """What the message seems to be about; said to be a guess."""
    return say("case.guess", topic=say.word("topic", name)) if name else None


def language(code: str | None, say: Say) -> str:
    """The name of a language."""
    return say.word("lang", code) if code else say("case.lang_unknown")


def badge(due_at: datetime, now: datetime) -> str:
    """How urgent it is in a word: on_track, half, at_risk or overdue."""
    rest = due_at - now
    if rest < timedelta(0):
        return "overdue"
    if rest <= _AT_RISK:
        return "at_risk"
    return "half" if rest <= _HALF else "on_track"


def clock(due_at: datetime, now: datetime, say: Say) -> str:
    """The deadline, and the time left at the moment of drawing; the date is right in every zone, always."""
    return say(
        "case.clock" if due_at >= now else "case.clock_over",
        badge=say.word("badge", badge(due_at, now)),
        due=when(due_at),
        left=left(due_at, now, say),
        now=when(now, now),
    )


def no_clock(case: CaseSnapshot, say: Say) -> str | None:
    """Words for an open case in which no answer is owed."""
    return say("case.no_clock") if case.due_at is None and case.state == "open" else None


def clock_of(case: CaseSnapshot, say: Say) -> str | None:
    """The clock of the case, or that none runs."""
    return clock(case.due_at, case.as_of, say) if case.due_at else no_clock(case, say)


def assignee(case: CaseSnapshot, say: Say) -> str:
    """Who has the case, and since when."""
    if case.assignee is None:
        return say("case.unassigned")
    since = when(case.assigned_at, case.as_of) if case.assigned_at else "–"
    return say("case.assignee", who=mention(case.assignee), since=since)


def quoted(text: str, limit: int, say: Say) -> Block:
    """The beginning of a text that somebody wrote, inert."""
    words = clean(text).strip()
    return quote(shorten(words, limit)) if words else context(say("case.no_words"))


def local_times(instant: datetime, zones: Sequence[str], say: Say) -> str:
    """2026-11-24 07:40 UTC (15:40 Beijing, 02:40 New York); another local day is named."""
    day = utc(instant)[:10]
    times = []
    for zone in zones:
        there = local(instant, zone)
        shape = "%H:%M" if f"{there:%Y-%m-%d}" == day else "%m-%d %H:%M"
        times.append(say("zone.time", time=f"{there:{shape}}", zone=zone_name(zone, say)))
    return say("zone.times", utc=utc(instant), times=say.several(times)) if times else utc(instant)


def zone_name(zone: str, say: Say) -> str:
    """A zone by the name of its city."""
    found = say.word("zone", zone)
    return found if found != escape(zone.replace("_", " ")) else found.rpartition("/")[2]


def due_spoken(case: CaseSnapshot, say: Say, zones: Sequence[str] = ZONES) -> str:
    """When the answer is due, in words."""
    if case.due_at is None:
        return say("spoken.no_due")
    return say("spoken.due", due=local_times(case.due_at, zones, say))


def spoken(
    case: CaseSnapshot,
    say: Say,
    zones: Sequence[str] = ZONES,
    *,
    lead: str = "",
    message: MessageSnapshot | None = None,
    most: int = 300,
) -> str:
    """All that matters about a case, as one text for notifications and screen readers.

    `most` characters of the message are read.
    """
    shown = message or case.last_message
    facts = say(
        "spoken.review" if case.kind == "review" else "spoken.case",
        case=case.number,
        state=say.word("status", state_of(case)),
        place=say.several(_places(case, say)),
        buyer=buyer(case.first_name, say),
        order=order(case.order_id, say),
    )
    parts = (
        lead,
        facts,
        due_spoken(case, say, zones),
        f"“{excerpt(shown.text, most)}”" if shown and shown.text.strip() else None,
    )
    return say.joined(parts)


def queue_line(line: QueueLine, now: datetime, say: Say, *, with_assignee: bool = True) -> str:
    """One case in a list: number, time left, buyer, topic, place, assignee."""
    who = mention(line.assignee) if line.assignee else say("case.unassigned")
    parts = (
        say("case.number", case=line.number),
        f"*{left(line.due_at, now, say)}*" if line.due_at else say("case.nothing_due"),
        buyer(line.first_name, say) if line.kind == "buyer" else say("status.review"),
        topic(line.topic, say),
        store(line.store_name, say),
        site(line.marketplace) or None,
        who if with_assignee else None,
    )
    return " · ".join(part for part in parts if part)
