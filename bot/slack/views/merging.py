"""Merging and splitting cases: the two forms, and the posts under the cards of both cases."""

import json
from collections.abc import Sequence
from datetime import timedelta

from bot.domain.snapshots import CaseSnapshot, Fitting, MessageSnapshot
from bot.slack import ids
from bot.slack.blocks import (
    Block,
    Post,
    actions,
    checkboxes,
    context,
    labelled,
    modal,
    multi_select,
    noted_select,
    option,
    section,
)
from bot.slack.inert import clean, mention, shorten
from bot.slack.texts import Say, duration, left
from bot.slack.views import lines
from bot.slack.views.case_card import facts_line
from bot.slack.views.merge_lines import holds, open_button, separate_button

_WORDS = 60
_CHOICE = 74
_BOXES = 10


def merge_form(case: CaseSnapshot, fitting: Sequence[Fitting], say: Say) -> Block:
    """Into which case the case is to be merged; only those that fit are offered."""
    metadata = json.dumps({"case": case.number})
    head = section(facts_line(case, say), lines.clock_of(case, say))
    title = say("merge.title", case=case.number)
    if not fitting:
        blocks = [head, section(say("merge.none"))]
        return modal(ids.MODAL_MERGE, title, blocks, close=say("do.close"), metadata=metadata)
    choices = [option(_choice(one, case, say), str(one.number), _words(one.text)) for one in fitting]
    picker = noted_select(ids.MERGE_INTO, say("merge.pick"), choices)
    return modal(
        ids.MODAL_MERGE,
        title,
        [
            head,
            section(say("merge.what", case=case.number)),
            labelled(ids.MERGE_INTO, say("merge.into"), picker),
            context(say("merge.addresses")),
        ],
        submit=say("merge.do"),
        close=say("do.cancel"),
        metadata=metadata,
    )


def _choice(one: Fitting, case: CaseSnapshot, say: Say) -> str:
    due = left(one.due_at, case.as_of, say) if one.due_at else say("case.nothing_due")
    age = duration(max(timedelta(0), case.as_of - one.opened_at), say)
    text = say("merge.choice", case=one.number, due=due, age=age, order=one.order_id or "–")
    return shorten(text, _CHOICE)


def _words(text: str) -> str:
    return shorten(" ".join(clean(text).split()), _WORDS)


def split_form(case: CaseSnapshot, say: Say) -> Block:
    """Which messages become a case of their own."""
    shown = case.messages[-100:]
    choices = [option(_message(one, case, say), str(one.id), _words(one.text)) for one in shown]
    is_short = len(choices) <= _BOXES
    picker = (
        checkboxes(ids.SPLIT_OUT, choices)
        if is_short
        else multi_select(
            ids.SPLIT_OUT, say("split.pick"), {one["value"]: one["text"]["text"] for one in choices}
        )
    )
    return modal(
        ids.MODAL_SPLIT,
        say("split.title", case=case.number),
        [
            section(facts_line(case, say), lines.clock_of(case, say)),
            section(say("split.what")),
            labelled(ids.SPLIT_OUT, say("split.out"), picker),
            context(say("split.after")),
        ],
        submit=say("split.do"),
        close=say("do.cancel"),
        metadata=json.dumps({"case": case.number}),
    )


def _message(one: MessageSnapshot, case: CaseSnapshot, say: Say) -> str:
    number = case.messages.index(one) + 1
    waits = one.due_at is not None and one.deadline_state == "open"
    due = left(one.due_at, case.as_of, say) if waits and one.due_at else say("split.waits_not")
    age = duration(max(timedelta(0), case.as_of - one.received_at), say)
    return shorten(say("split.choice", n=number, age=age, due=due), _CHOICE)


def post(case: CaseSnapshot, what: str, other: int, who: str, say: Say) -> Post:
    """Under a card: what happened to the case; `what` is a word of the ledger, `other` the other case."""
    called = f"{mention(case.assignee)} " if case.assignee else ""
    line = say(f"merge.post.{what}", case=case.number, other=other, who=mention(who))
    is_in = what == "took_in" and any(one.number == other for one in case.threads)
    more = holds(case, say) if is_in else None
    return Post(
        say.joined((f"{called}{lines.aloud((line, more), say)}", lines.due_spoken(case, say))),
        [
            section(f"{called}{line}", more),
            context(lines.clock_of(case, say))
            if lines.clock_of(case, say)
            else section(facts_line(case, say)),
            actions(open_button(other, say), separate_button(other, say) if is_in else None),
        ],
    )
