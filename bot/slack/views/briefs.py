"""Direct messages about shifts: a shift begins, it ends, nobody is on, a case is offered.

Each tells one person what they have to know at that moment, and has the buttons to act on it. In a direct
message a mention calls nobody but the reader.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.shift_snapshots import Brief, Unstaffed
from bot.domain.snapshots import CaseSnapshot, QueueLine
from bot.slack import ids
from bot.slack.blocks import Block, Post, actions, context, section
from bot.slack.inert import escape, excerpt, mention, shorten, when
from bot.slack.texts import Say
from bot.slack.views import case_shifts, lines
from bot.slack.views.case_card import facts_line, reply_button
from bot.slack.views.handover import notes_of, who_button
from bot.slack.views.shift_posts import open_button

_LISTED = 10
_PREVIEW = 120


def shift_begins(brief: Brief, say: Say) -> Post:
    """To somebody whose shift begins: until when, with whom, what waits, what the last shift left to say."""
    stores = lines.stores(brief.store_names, say)
    head = say("brief.start", until=when(brief.end, brief.as_of), stores=stores)
    beside = _with(brief, say)
    mine = say("brief.mine", n=len(brief.mine)) if brief.mine else say("brief.no_mine")
    others = _not_mine(brief)
    due = say("brief.due", n=len(others)) if others else say("brief.no_due")
    noted = [
        say("handover.note_spoken", who=escape(shorten(by, 40)), note=excerpt(text, 200))
        for by, text in brief.notes
    ]
    return Post(
        lines.aloud(
            [
                head,
                beside,
                mine,
                *_spoken(brief.mine, brief, say),
                due,
                *_spoken(others, brief, say),
                *noted,
            ],
            say,
        ),
        [
            section(head, beside),
            *_listed(mine, brief.mine, brief.as_of, say),
            *_listed(due, others, brief.as_of, say),
            *([section(say("brief.notes")), *notes_of(brief.notes, say)] if brief.notes else []),
            actions(who_button(say), open_button("cover", say)),
        ],
    )


def _not_mine(brief: Brief) -> list[QueueLine]:
    """What is due besides the reader's own cases, which are listed above it."""
    own = {line.number for line in brief.mine}
    return [line for line in brief.due if line.number not in own]


def _with(brief: Brief, say: Say) -> str:
    together = (
        say("brief.with", who=lines.people(brief.with_me, say)) if brief.with_me else say("brief.alone")
    )
    return f"{together} · {_next(brief, say)}"


def _next(brief: Brief, say: Say) -> str:
    if brief.next_at is None or not brief.next_on:
        return say("brief.no_next")
    return say("brief.next", who=lines.people(brief.next_on, say), at=when(brief.next_at, brief.as_of))


def shift_ends(brief: Brief, say: Say) -> Post:
    """To somebody whose shift ends soon: what to answer before they go, the most urgent first."""
    until, following = when(brief.end, brief.as_of), _next(brief, say)
    waiting = sorted([*brief.mine, *_not_mine(brief)], key=lambda line: line.due_at or brief.end)
    if not waiting:
        line = say("brief.end_clear", until=until)
        return Post(lines.aloud([line, following], say), [section(line), context(following)])
    line = say("brief.end", until=until, cases=say.count("case", len(waiting)))
    why = say("brief.end_why")
    return Post(
        lines.aloud([line, why, following, *_spoken(waiting, brief, say)], say),
        [
            section(line, why),
            *_rows(waiting, brief.as_of, say),
            context(following),
        ],
    )


def nobody_on(warning: Unstaffed, say: Say) -> Post:
    """To the managers: nobody is on, and cases are due before anybody comes."""
    stores, cases = lines.stores(warning.store_names, say), say.count("case", len(warning.due))
    line = say("brief.unstaffed", stores=stores, cases=cases)
    following = (
        say(
            "brief.unstaffed_next",
            who=lines.people(warning.next_on, say),
            at=when(warning.next_at, warning.as_of),
        )
        if warning.next_at and warning.next_on
        else say("brief.unstaffed_no_next")
    )
    what = say("brief.unstaffed_do")
    spoken = [lines.queue_line(one, warning.as_of, say) for one in warning.due[:_LISTED]]
    return Post(
        lines.aloud([line, following, what, *spoken], say),
        [
            section(line, following, what),
            *_rows(warning.due, warning.as_of, say, assign=True),
            actions(who_button(say)),
        ],
    )


def _spoken(queue: Sequence[QueueLine], brief: Brief, say: Say) -> list[str]:
    return [lines.queue_line(line, brief.as_of, say) for line in queue[:_LISTED]]


def _listed(title: str, queue: Sequence[QueueLine], now: datetime, say: Say) -> list[Block]:
    return [section(title), *_rows(queue, now, say)]


def _rows(queue: Sequence[QueueLine], now: datetime, say: Say, *, assign: bool = False) -> list[Block]:
    """Each case with what to press: Assign, or Reply, or Details where there is nobody to reply to."""
    rest = len(queue) - _LISTED
    return [
        *(
            section(lines.queue_line(line, now, say), accessory=_press(line, say, assign=assign))
            for line in queue[:_LISTED]
        ),
        *([context(say("home.more", n=rest))] if rest > 0 else []),
    ]


def _press(line: QueueLine, say: Say, *, assign: bool) -> Block:
    if assign:
        return lines.case_button(ids.CASE_ASSIGN, "assign", line.number, say)
    if line.kind == "buyer":
        return lines.case_button(ids.CASE_REPLY, "reply", line.number, say)
    return lines.case_button(ids.CASE_DETAILS, "details", line.number, say)


def offered(case: CaseSnapshot, say: Say) -> Post:
    """To somebody whom a case is offered after its card was posted."""
    shifts = case.shifts
    reason = shifts.reason if shifts else None
    line = say(
        "offer.dm",
        who=mention(shifts.offered_to) if shifts and shifts.offered_to else "",
        case=case.number,
        why=case_shifts.why(reason, case.as_of, say),
    ).strip()
    stands = case_shifts.until(shifts, case.as_of, say) if shifts else None
    if stands:
        line = f"{line} · {stands}"
    last = case.last_message
    return Post(
        lines.spoken(case, say, lead=lines.aloud([line], say), most=_PREVIEW),
        [
            section(line),
            *([lines.quoted(last.text, _PREVIEW, say)] if last else []),
            context(facts_line(case, say), lines.place(case, say), lines.clock_of(case, say)),
            actions(
                lines.case_button(ids.CASE_CLAIM, "claim", case.number, say),
                reply_button(case, say) if case.kind == "buyer" else None,
                lines.case_button(ids.CASE_DETAILS, "details", case.number, say),
            ),
        ],
    )
