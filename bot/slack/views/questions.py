"""Asking a manager to send a text over a warning: the post in the thread, and what the asker reads."""

import json
from collections.abc import Sequence

from bot.domain.snapshots import CaseSnapshot, Question
from bot.slack import ids
from bot.slack.blocks import Block, Post, actions, button, context, modal, section
from bot.slack.inert import mention, when
from bot.slack.texts import Say
from bot.slack.views import lines
from bot.slack.views.findings import text_with_places, told


def post(case: CaseSnapshot, one: Question, say: Say, calls: Sequence[str] = ()) -> Post:
    """Under the card: who asks, over what, the text, and the way to look at it. One line when it is over."""
    if one.state != "asked":
        line = _over_line(case, one, say)
        return Post(lines.aloud((line,), say), [section(line)])
    people = "".join(f"{mention(person)} " for person in calls)
    line = say("question.post", people=people, who=mention(one.by), case=case.number)
    warnings = told(one.findings, say)
    label = say("question.look_label", case=case.number, id=one.id)
    return Post(
        lines.aloud((line, *warnings, lines.due_spoken(case, say)), say),
        [
            section(line),
            *(section(warning) for warning in warnings),
            context(say("question.text")),
            text_with_places(one),
            context(lines.clock_of(case, say), None if one.called else say("question.nobody_called")),
            actions(
                button(ids.QUESTION_LOOK, say("question.look"), str(one.id), label=label, style="primary")
            ),
        ],
    )


def _over_line(case: CaseSnapshot, one: Question, say: Say) -> str:
    return say(
        f"question.{one.state}",
        who=mention(one.by),
        at=when(one.at, case.as_of),
        answerer=mention(one.answered_by or one.by),
    )


def asked(case: CaseSnapshot, one: Question, say: Say, *, is_new: bool) -> Block:
    """To whoever asked: who was called, and what to do until somebody looks."""
    who = say.several([mention(person) for person in one.called])
    return modal(
        ids.MODAL_DETAILS,
        say("question.asked_title"),
        [
            None if is_new else section(say("question.already", at=when(one.at, case.as_of))),
            section(say("question.called", who=who) if who else say("question.nobody")),
            section(say("question.clock"), lines.clock_of(case, say)),
        ],
        close=say("do.back"),
        metadata=json.dumps({"case": case.number}),
    )
