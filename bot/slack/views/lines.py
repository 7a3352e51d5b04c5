"""Lines that several views share: who wrote, about what, how long is left, and all of it read aloud."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.blank import is_blank
from bot.domain.departure import NOT_LOOKED_AT, STOPPED
from bot.domain.ranking import Ranked
from bot.domain.snapshots import (
    CaseShifts,
    CaseSnapshot,
    MessageSnapshot,
    QueueLine,
    ReplySnapshot,
    status,
)
from bot.domain.zones import local
from bot.slack.blocks import Block, Style, button, context, quote, section
from bot.slack.inert import clean, escape, excerpt, mention, shorten, utc, when
from bot.slack.texts import Say, duration, left, site

ZONES = ("Asia/Shanghai", "America/New_York")

_HALF = timedelta(hours=12)
_AT_RISK = timedelta(hours=3)
_NAME = 40
_MINUTE = timedelta(minutes=1)
_SECTION = 2800
_STORES = 3
_PEOPLE = 15
_TOKEN = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
_MARKUP = re.compile(r"[*`]|_(?=[(（])|(?<=[)）])_")


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


def clock(due_at: datetime, now: datetime, say: Say, staffed: str | None = None) -> str:
    """The deadline, and the time left at the moment of drawing; the date is right in every zone, always.

    `staffed` is how much of that time somebody is on shift, in words; None: all of it, or nobody knows.
    """
    facts = {
        "badge": say.word("badge", badge(due_at, now)),
        "due": when(due_at),
        "left": left(due_at, now, say),
        "now": when(now, now),
    }
    if due_at < now:
        return say("case.clock_over", **facts)
    return say("case.clock_staffed", staffed=staffed, **facts) if staffed else say("case.clock", **facts)


def staffed(case: CaseSnapshot, say: Say, spoken: str = "") -> str | None:
    """How much of the time left somebody is on shift; None if it is all of it, or there is no rota.

    `spoken` is "_spoken" for the words that are read aloud.
    """
    if case.shifts is None or case.due_at is None or case.due_at <= case.as_of:
        return None
    return _staffed(case.shifts, case.due_at - case.as_of, say, spoken)


def _staffed(shifts: CaseShifts, rest: timedelta, say: Say, spoken: str) -> str | None:
    if shifts.staffed_left < _MINUTE:
        return say(f"staffed.none{spoken}")
    if rest - shifts.staffed_left < _MINUTE:
        return None
    span = duration(shifts.staffed_left, say)
    return say(f"staffed.some{spoken}", span=span, shifts=say.count("shift", max(1, shifts.shifts_left)))


def no_clock(case: CaseSnapshot, say: Say) -> str | None:
    """Words for an open case in which no answer is owed."""
    return say("case.no_clock") if case.due_at is None and case.state == "open" else None


def clock_of(case: CaseSnapshot, say: Say) -> str | None:
    """The clock of the case, or that none runs."""
    if case.due_at is None:
        return no_clock(case, say)
    return clock(case.due_at, case.as_of, say, staffed(case, say))


def assignee(case: CaseSnapshot, say: Say) -> str:
    """Who has the case, and since when."""
    if case.assignee is None:
        return say("case.unassigned")
    since = when(case.assigned_at, case.as_of) if case.assigned_at else "–"
    return say("case.assignee", who=mention(case.assignee), since=since)


def quoted(text: str, limit: int, say: Say) -> Block:
    """The beginning of a text that somebody wrote, inert."""
    words = clean(text).strip()
    return context(say("case.no_words")) if is_blank(words) else quote(shorten(words, limit))


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
    if case.merged_into is not None:
        return say("merge.spoken", into=case.merged_into)
    if case.due_at is None:
        return say("spoken.no_due")
    due = say("spoken.due", due=local_times(case.due_at, zones, say))
    return say.joined((due, staffed(case, say, "_spoken")))


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


def queue_line(
    line: QueueLine, now: datetime, say: Say, *, with_assignee: bool = True, with_buyer: bool = True
) -> str:
    """One case in a list: number, time left, buyer, topic, place, assignee.

    Without the buyer where a list stays in Slack and nobody remembers where: it could not be purged.
    """
    who = mention(line.assignee) if line.assignee else say("case.unassigned")
    parts = (
        say("case.number", case=line.number),
        f"*{left(line.due_at, now, say)}*" if line.due_at else say("case.nothing_due"),
        _whose(line, say, with_buyer=with_buyer),
        topic(line.topic, say),
        store(line.store_name, say),
        site(line.marketplace) or None,
        who if with_assignee else None,
        _put_aside(line, now, say),
    )
    return " · ".join(part for part in parts if part)


def reason(reply: ReplySnapshot, most: int, say: Say) -> str | None:
    """Why a reply did not leave, or has to wait: a mail server's words are shown as they came."""
    if not reply.reason:
        return None
    ours = {STOPPED: "reply.stopped", NOT_LOOKED_AT: "reply.not_looked_at"}.get(reply.reason)
    return say("reply.reason", reason=say(ours) if ours else escape(shorten(reply.reason, most)))


def _put_aside(line: QueueLine, now: datetime, say: Say) -> str | None:
    until = line.snoozed_until
    return say("line.snoozed", until=when(until, now)) if until is not None and until > now else None


def _whose(line: QueueLine, say: Say, *, with_buyer: bool) -> str | None:
    if line.kind != "buyer":
        return say("status.review")
    return buyer(line.first_name, say) if with_buyer else None


def case_button(action_id: str, word: str, case: int, say: Say, style: Style | None = None) -> Block:
    """The button of a case in a list; it has seen no version of it."""
    name = say(f"button.{word}")
    return button(action_id, name, f"{case}:0", label=say("label.case", do=name, case=case), style=style)


def why_suggested(one: Ranked, say: Say) -> str:
    """Why a template is suggested, as short as a note in a list must be."""
    parts = (
        say("suggest.fits", topic=say.word("topic", one.template.topic)),
        None if one.in_language else say("suggest.english"),
        say("suggest.past", resolved=one.resolved, decided=one.decided) if one.decided else None,
        say("suggest.fill", n=len(one.to_fill)) if one.to_fill else None,
    )
    return " · ".join(part for part in parts if part)


def sections(rows: Iterable[str]) -> list[Block]:
    """Lines in as few sections as their limit allows."""
    blocks: list[list[str]] = []
    size = _SECTION
    for row in rows:
        if size + len(row) + 1 > _SECTION:
            blocks.append([])
            size = 0
        blocks[-1].append(row)
        size += len(row) + 1
    return [section(*group) for group in blocks]


def stores(names: Sequence[str], say: Say) -> str:
    """Stores by name if they are few, else how many there are; none means all of them."""
    if not names:
        return say("shift.all_stores")
    if len(names) > _STORES:
        return say("shift.many_stores", n=len(names))
    return say.several([store(name, say) for name in names])


def people(persons: Sequence[str], say: Say) -> str:
    """Several people, called by mentions; of very many, the first."""
    return few([mention(person) for person in persons], say)


def few(words: Sequence[str], say: Say) -> str:
    """The first of many words about people, and how many more there are."""
    rest = len(words) - _PEOPLE
    more = [say("shift.more_people", n=rest)] if rest > 0 else []
    return say.several([*words[:_PEOPLE], *more])


def named(person: str, names: Mapping[str, str]) -> str:
    """A person by name, who is not called; by a mention if nobody knows the name."""
    return escape(shorten(names[person], _NAME)) if person in names else mention(person)


def aloud(said: Iterable[str | None], say: Say) -> str:
    """Lines as one text to be read aloud: no markup, instants in UTC, each line a sentence."""
    return say.joined(_sentence(line, say) for line in said if line)


def _sentence(line: str, say: Say) -> str:
    plain = _MARKUP.sub("", _TOKEN.sub(r"\1", line)).replace("\n", " ").strip()
    if plain.endswith((".", "!", "?", ":", "。", "！", "？", "：", "…", "”")):
        return plain
    return plain + ("。" if say.lang == "zh" else ".")


def percent(rate: float, *, up: bool = False) -> str:
    """A fraction in percent, one decimal. Never rounded to the better side: 94.96 % is not 95.0 %."""
    tenths = round(rate * 1000, 6)
    shown = (math.ceil(tenths) if up else math.floor(tenths)) / 10
    return f"{shown:g} %"
