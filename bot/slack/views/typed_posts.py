"""Order messages after Send: the post in the thread, how one ended, and what its author is told directly.

One message is one post, updated from "leaves in 45 s" to how it ended.
"""

from datetime import datetime, timedelta

from bot.domain.snapshots import CaseSnapshot
from bot.domain.typed_snapshots import NOT_LEFT, TypedSnapshot
from bot.slack import ids
from bot.slack.blocks import Block, Post, actions, button, confirm, context, section
from bot.slack.inert import at_second, escape, mention, when
from bot.slack.texts import Say, window
from bot.slack.views import lines
from bot.slack.views.pings import details_button
from bot.slack.views.typed_lines import clock, dates, files, kind, may_be_opened, open_button, why

_QUOTE = 1200
_ENDED = ("refused", "failed", "withdrawn")


def state(case: CaseSnapshot, one: TypedSnapshot, say: Say) -> Post:
    """One message as it stands, and what can still be done about it."""
    buttons = _buttons(case, one, say)
    small = (why(one, say), _request(one, say), clock(case, say))
    return Post(
        _spoken(case, one, say),
        [
            section(_line(case, one, say)),
            *([lines.quoted(one.text, _QUOTE, say)] if one.text else []),
            *([context(line)] if (line := _enclosed(one, say)) else []),
            context(*small),
            *([actions(*buttons)] if buttons else []),
        ],
    )


def told(case: CaseSnapshot, one: TypedSnapshot, what: str, say: Say) -> Post:
    """To one person: what went wrong with a message; `what` is refused, failed, unsure, stuck or held_back."""
    line = say(
        f"typed.told.{what}",
        kind=kind(one.kind, say),
        order=lines.order(one.order_id, say),
        case=case.number,
    )
    reason = why(one, say)
    shown = f"{line}\n{reason}" if reason else line
    return Post(
        say.joined((_spoken(case, one, say), reason)),
        [
            section(shown),
            context(lines.place(case, say), lines.buyer(case.first_name, say), clock(case, say)),
            actions(*_buttons(case, one, say), details_button(case.number, say)),
        ],
    )


def _spoken(case: CaseSnapshot, one: TypedSnapshot, say: Say) -> str:
    line = say(
        "typed.spoken",
        case=case.number,
        kind=kind(one.kind, say),
        who=mention(one.author),
        state=say.word("typed_state", one.state),
    )
    return say.joined((line, lines.due_spoken(case, say)))


def _line(case: CaseSnapshot, one: TypedSnapshot, say: Say) -> str:
    rest = max(timedelta(0), one.not_before - case.as_of)
    at = at_second(one.not_before) if one.state == "held" else when(_at(one), case.as_of)
    return say(
        f"typed.post.{_stage(one)}",
        kind=kind(one.kind, say),
        order=lines.order(one.order_id, say),
        who=mention(one.author),
        span=window(round(rest.total_seconds()), say),
        at=at,
    )


def _stage(one: TypedSnapshot) -> str:
    if one.state in NOT_LEFT and one.locked_since is not None:
        return "locked"
    return "again" if one.state == "queued" and one.reason else one.state


def _at(one: TypedSnapshot) -> datetime:
    return one.locked_since or one.accepted_at or one.not_before


def _enclosed(one: TypedSnapshot, say: Say) -> str | None:
    listed = say("typed.file_list", files=files(one.files, say)) if one.files else None
    span = dates(one.covers_from, one.covers_until, say)
    return "  ·  ".join(part for part in (listed, span) if part) or None


def _request(one: TypedSnapshot, say: Say) -> str | None:
    """What Amazon's support asks for."""
    return say("typed.request", id=escape(one.request_id)) if one.request_id else None


def _buttons(case: CaseSnapshot, one: TypedSnapshot, say: Say) -> tuple[Block, ...]:
    if one.state in NOT_LEFT:
        return (_press(ids.TYPED_UNDO, "typed.undo_button", one, say),)
    if one.state == "unsure":
        return (
            _press(ids.TYPED_SENT, "typed.was_sent", one, say, say("typed.confirm_sent")),
            _press(ids.TYPED_NOT_SENT, "typed.was_not_sent", one, say, say("typed.confirm_not_sent")),
        )
    if one.state in _ENDED and may_be_opened(case):
        return (open_button(case, say, "typed.rewrite"),)
    return ()


def _press(action_id: str, key: str, one: TypedSnapshot, say: Say, sure: str = "") -> Block:
    words = say(key)
    question = confirm(words, sure, say("confirm.yes"), say("confirm.no")) if sure else None
    label = say("typed.label", do=words, kind=kind(one.kind, say), case=one.case)
    return button(action_id, words, str(one.id), label=label, confirm=question)
