"""Requests for a review, as people see them: a line in the details of a case, the form, and how one ended."""

import json

from bot.domain.solicitations import FAILED, REFUSED, SENT, UNSURE, ReviewPanel, Solicitation
from bot.slack import ids
from bot.slack.blocks import Block, Post, actions, button, modal, section
from bot.slack.inert import escape, mention, shorten, when
from bot.slack.texts import Say
from bot.slack.views import lines

_WORD = 40


def panel(one: ReviewPanel | None, say: Say) -> list[Block]:
    """How the request for the case's order stands, and the button for who may ask."""
    if one is None:
        return []
    blocks = [section(_line(one.last, say))] if one.last else []
    return [*blocks, actions(_button(one, say))] if one.may_ask else blocks


def _line(one: Solicitation, say: Say) -> str:
    return say("solicit.asked", who=mention(one.by), at=when(one.at), state=_state(one, say))


def _state(one: Solicitation, say: Say) -> str:
    if one.state == FAILED:
        return say("solicit.failed", why=say.word("solicit_why", one.code))
    if one.state == REFUSED:
        return say("solicit.refused", code=escape(shorten(one.code or "–", _WORD)))
    return say(f"solicit.{one.state}")


def _button(one: ReviewPanel, say: Say) -> Block:
    label = say("solicit.button_label", order=shorten(one.order_id, _WORD))
    return button(ids.CASE_SOLICIT, say("solicit.button"), f"{one.case}:0", label=label)


def form(case: int, order_id: str, say: Say) -> Block:
    """What happens when it is asked for; nothing to fill in."""
    return modal(
        ids.MODAL_SOLICIT,
        say("solicit.title"),
        [
            section(say("solicit.what", order=escape(shorten(order_id, _WORD)))),
            section(say("solicit.rules")),
        ],
        submit=say("solicit.do"),
        close=say("do.cancel"),
        metadata=json.dumps({"case": case}),
    )


def told(one: Solicitation, say: Say) -> Post:
    """To who asked for it: how it ended."""
    facts = {"case": one.case, "order": escape(shorten(one.order_id, _WORD))}
    if one.state in (SENT, UNSURE):
        line = say(f"solicit.told.{one.state}", **facts)
    else:
        line = say("solicit.told.not", **facts, why=_state(one, say))
    return Post(lines.aloud([line], say), [section(line)])
