"""What stands in the thread under a card: new buyer messages, replies on their way, notes, notices.

Layout: slack reference 4.4. One reply is one post, updated from "leaves in 45 s" to how it ended.
"""

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.departure import NO_MANAGER, SAID_ANEW, WROTE_AGAIN
from bot.domain.manual import HELD_BACK
from bot.domain.sla import SELLER_CENTRAL
from bot.domain.snapshots import CaseSnapshot, MessageSnapshot, NoteSnapshot, NoticeSnapshot, ReplySnapshot
from bot.slack import ids
from bot.slack.blocks import Block, Post, actions, button, context, section
from bot.slack.inert import at_second, escape, mention, shorten, when
from bot.slack.texts import Say, window
from bot.slack.views import lines
from bot.slack.views.case_card import decide_buttons, reply_button, rest_button, retry_button
from bot.slack.views.privacy_lines import files_line, hidden, reveal_button

_QUOTE = 1200
_HELD = {
    HELD_BACK: "held_back",
    SELLER_CENTRAL: "answered_there",
    WROTE_AGAIN: "wrote_again",
    SAID_ANEW: "said_anew",
    NO_MANAGER: "no_manager",
}
"""Why a reply was held back, and the state that its post then shows."""


def buyer_message(
    case: CaseSnapshot, message: MessageSnapshot, say: Say, zones: Sequence[str] = lines.ZONES
) -> Post:
    """A further message of the buyer; the assignee is mentioned."""
    place = next((n for n, one in enumerate(case.messages, 1) if one.id == message.id), len(case.messages))
    who = f"{mention(case.assignee)} " if case.assignee else ""
    lead = who + say("thread.again_spoken", n=place)
    return Post(
        lines.spoken(case, say, zones, lead=lead, message=message),
        [
            section(say("thread.again", who=who, buyer=lines.buyer(case.first_name, say), n=place)),
            lines.quoted(message.text, _QUOTE, say),
            context(lines.clock_of(case, say), files_line(message, say), hidden(message, say)),
            actions(
                reply_button(case, say),
                rest_button(case, message, _QUOTE, say),
                reveal_button(case, message, say),
            ),
        ],
    )


def reply_state(case: CaseSnapshot, reply: ReplySnapshot, say: Say) -> Post:
    """One reply as it stands: who sends what to whom, and what can still be done about it."""
    buttons, reason = _reply_buttons(case, reply, say), _reason_line(reply, say)
    return Post(
        _reply_spoken(case, reply, say),
        [
            section(_reply_line(case, reply, say)),
            lines.quoted(reply.text, _QUOTE, say),
            *([context(reason)] if reason else []),
            *([actions(*buttons)] if buttons else []),
        ],
    )


def _reply_spoken(case: CaseSnapshot, reply: ReplySnapshot, say: Say) -> str:
    line = say(
        "reply.spoken",
        case=case.number,
        who=mention(reply.author),
        buyer=lines.buyer(case.first_name, say),
        state=say.word("reply", reply.state),
    )
    return say.joined(
        (line, lines.aloud([_reason_line(reply, say)], say) or None, lines.due_spoken(case, say))
    )


def _reply_line(case: CaseSnapshot, reply: ReplySnapshot, say: Say) -> str:
    state = "again" if reply.state == "queued" and reply.reason else reply.state
    state = _HELD.get(reply.reason or "", state)
    rest = max(timedelta(0), reply.not_before - case.as_of)
    is_held = reply.state == "held"
    template = say("reply.template", template=escape(reply.template)) if reply.template else ""
    return say(
        f"reply.{state}_line",
        who=mention(reply.author),
        buyer=lines.buyer(case.first_name, say),
        order=lines.order(case.order_id, say),
        span=window(round(rest.total_seconds()), say),
        at=at_second(reply.not_before)
        if is_held
        else when(reply.accepted_at or reply.not_before, case.as_of),
        template=template,
    )


def _reason_line(reply: ReplySnapshot, say: Say) -> str | None:
    return None if reply.reason in _HELD else lines.reason(reply, 300, say)


def _reply_buttons(case: CaseSnapshot, reply: ReplySnapshot, say: Say) -> tuple[Block, ...]:
    if reply.state == "held":
        return _reply_button(ids.REPLY_UNDO, "button.undo", case, reply, say), _reply_button(
            ids.REPLY_NOW, "button.now", case, reply, say
        )
    if reply.state == "queued":
        return (_reply_button(ids.REPLY_UNDO, "button.undo", case, reply, say),)
    if reply.state in ("failed", "bounced", "withdrawn"):
        return (retry_button(case, reply.id, say),)
    if reply.state == "unsure":
        return decide_buttons(case, reply.id, say)
    return ()


def _reply_button(action_id: str, key: str, case: CaseSnapshot, reply: ReplySnapshot, say: Say) -> Block:
    label = say("label.reply", do=say(key), case=case.number)
    return button(action_id, say(key), str(reply.id), label=label)


def note(case: CaseSnapshot, note: NoteSnapshot, say: Say) -> Post:
    """An internal note that was typed elsewhere than in the thread."""
    return Post(
        say("note.spoken", case=case.number, who=mention(note.author)),
        [
            section(say("note.line", who=mention(note.author))),
            lines.quoted(note.text, _QUOTE, say),
            context(say("note.inside")),
        ],
    )


def copy(case: CaseSnapshot, notice: NoticeSnapshot, say: Say) -> Post:
    """A reply was typed in Seller Central; Amazon's copy of it stopped the clock."""
    line = say("copy.open" if case.due_at else "copy.line", at=when(notice.arrived_at, case.as_of))
    return Post(f"{say('case.number', case=case.number)} · {line}".replace("*", ""), [section(line)])


def notice(notice: NoticeSnapshot, say: Say, mention_people: Sequence[str] = ()) -> Post:
    """A notice of Amazon's: what happened, and what to do about it. It never touches the clock."""
    what = _notice_word(notice)
    who = "".join(f"{mention(person)} " for person in mention_people)
    head = say("notice.head", what=say(f"notice.{what}"))
    numbers = (
        say("case.number", case=notice.case) if notice.case else None,
        lines.order(notice.order_id, say),
        lines.store(notice.store_name, say),
    )
    about = " · ".join(part for part in numbers if part)
    todo = say(f"notice.{what}.do")
    return Post(
        who + lines.aloud([head, about, todo], say),
        [
            section(f"{who}*{head}*", todo),
            context(about, _notice_subject(notice, say), say("notice.clock")),
            *([actions(_details_button(notice.case, say))] if notice.case else []),
        ],
    )


def _notice_word(notice: NoticeSnapshot) -> str:
    if notice.kind in ("auto_reply", "bounce"):
        return notice.kind
    known = ("cancel_request", "return_request", "refund", "a_to_z")
    return notice.notice if notice.notice in known else "other"


def _notice_subject(notice: NoticeSnapshot, say: Say) -> str | None:
    return say("notice.subject", subject=escape(shorten(notice.subject, 120))) if notice.subject else None


def _details_button(case: int, say: Say) -> Block:
    label = say("label.case", do=say("button.details"), case=case)
    return button(ids.CASE_DETAILS, say("button.details"), f"{case}:0", label=label)
