"""Pings and direct messages: one addressee, one sentence why, one thing to press.

Ladder and places: slack reference 4.5. A direct message shows no more than 120 characters of a buyer's
text (4.11).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.deadlines import OPEN
from bot.domain.peak import PREFIX
from bot.domain.snapshots import CaseSnapshot, QueueLine, ReplySnapshot
from bot.slack import ids
from bot.slack.blocks import Block, Post, actions, button, context, header, section
from bot.slack.inert import escape, mention, shorten, when
from bot.slack.texts import Say, left
from bot.slack.views import lines, peak_lines
from bot.slack.views.case_card import decide_buttons, facts_line, reply_button, retry_button

_PREVIEW = 120
_LISTED = 20


def ping(
    case: CaseSnapshot,
    stage: str,
    say: Say,
    mention_people: Sequence[str] = (),
    *,
    to: str | None = None,
    muted_until: datetime | None = None,
) -> Post:
    """The reminder of one stage, in the thread or to the person `to`; how much is left is counted afresh.

    `muted_until`: the assignee has do-not-disturb on until then.
    """
    key = "ping.overdue" if stage == "overdue" or _is_overdue(case) else "ping.owed"
    rest = left(case.due_at, case.as_of, say) if case.due_at else say("case.no_clock")
    buyer = lines.buyer(case.first_name, say)
    line = say(key, who=_who(mention_people), left=rest, case=case.number, buyer=buyer)
    if stage.startswith(PREFIX):
        line = peak_lines.ping(case, say, mention_people) or line
    if (ahead := _next_due(case)) is not None:
        line = say.joined((line, say("ping.next", left=left(ahead, case.as_of, say))))
    why = _why(case, say, (to,) if to else mention_people, muted_until)
    return _post(case, say, line, context(_due_date(case, say), why), *_act(case, say))


def _is_overdue(case: CaseSnapshot) -> bool:
    return case.due_at is not None and case.due_at < case.as_of


def _next_due(case: CaseSnapshot) -> datetime | None:
    """Of a case that is overdue: when the first message that can still be answered in time is due."""
    due = [one.due_at for one in case.messages if one.due_at and one.deadline_state == OPEN]
    return min((one for one in due if one > case.as_of), default=None) if _is_overdue(case) else None


def _why(case: CaseSnapshot, say: Say, people: Sequence[str], muted_until: datetime | None) -> str:
    if case.assignee is None:
        return say("ping.why.open")
    if case.assignee in people:
        return say("ping.why.assignee")
    who = mention(case.assignee)
    if muted_until is not None:
        return say("ping.why.muted", who=who, until=when(muted_until, case.as_of))
    if case.shifts is not None and case.shifts.assignee_off:
        return say("ping.why.off", who=who)
    return say("ping.why.other", who=who)


def unclaimed(case: CaseSnapshot, say: Say, mention_people: Sequence[str] = ()) -> Post:
    """Asks in the thread who takes a case that nobody has claimed."""
    line = say("ping.unclaimed", who=_who(mention_people))
    return _post(
        case, say, line, context(_due(case, say)), _claim(case.number, case.version, say), *_reply(case, say)
    )


def due_list(  # noqa: PLR0913 - what is listed, for whom and why; the last three have defaults
    queue: Sequence[QueueLine],
    stage: str,
    say: Say,
    now: datetime,
    mention_people: Sequence[str] = (),
    *,
    is_staffed: bool = False,
    ahead: Mapping[int, datetime] | None = None,
) -> Post:
    """One post for all cases of a channel that have reached a stage; the most urgent first.

    `is_staffed`: some have reached it by the time that is staffed before they are due, not by the clock. `ahead`: when
    what reached it is due, by case: of one that is overdue a newer message may be on time yet.
    """
    head = _due_head(stage, say.count("case", len(queue)), say, is_staffed=is_staffed)
    what = say("due.what", who=_who(mention_people))
    shown = [_listed(line, (ahead or {}).get(line.number), now, say) for line in queue[:_LISTED]]
    rest = len(queue) - len(shown)
    return Post(
        say("due.spoken", head=head, what=what, lines=lines.aloud(shown, say)),
        [
            header(head),
            section(what),
            *(section(text, accessory=_open(line, say)) for text, line in zip(shown, queue, strict=False)),
            *([context(say("due.more", cases=say.count("case", rest)))] if rest else []),
        ],
    )


def _listed(line: QueueLine, ahead: datetime | None, now: datetime, say: Say) -> str:
    shown = lines.queue_line(line, now, say)
    is_next = ahead is not None and line.due_at is not None and line.due_at < now < ahead
    return say.joined((shown, say("ping.next", left=left(ahead, now, say)))) if is_next and ahead else shown


def _due_head(stage: str, cases: str, say: Say, *, is_staffed: bool) -> str:
    if stage == "overdue":
        return say("due.head_overdue", cases=cases)
    key = "due.head_staffed" if is_staffed else "due.head"
    return say(key, stage=say.word("stage", stage), cases=cases)


def _open(line: QueueLine, say: Say) -> Block:
    """What a line of a list offers: take it if it is free, else look at it."""
    if line.assignee is None:
        return _claim(line.number, 0, say)
    return details_button(line.number, say)


def assigned(case: CaseSnapshot, say: Say) -> Post:
    """To somebody whom a case was given."""
    return _direct(case, say, say("dm.assigned", case=case.number), *_act(case, say))


def taken(case: CaseSnapshot, say: Say) -> Post:
    """To somebody whose case was given to another."""
    if case.assignee is None:
        return _direct(case, say, say("dm.released", case=case.number), details_button(case.number, say))
    line = say("dm.taken", case=case.number, who=mention(case.assignee))
    return _direct(case, say, line, details_button(case.number, say))


def woken(case: CaseSnapshot, say: Say) -> Post:
    """To whoever put the case aside until now."""
    return _direct(case, say, say("dm.woken", case=case.number), *_act(case, say))


def escalated(case: CaseSnapshot, say: Say, mention_people: Sequence[str] = ()) -> Post:
    """To the managers: an agent asks for help; the note of that instant says why."""
    line = _who(mention_people) + say("dm.escalated", case=case.number)
    note = next((one for one in case.notes if one.at == case.escalated_at), None)
    said = (
        f"{say('dm.escalated_note', who=mention(note.author))} {escape(shorten(note.text, 300))}"
        if note
        else None
    )
    buttons = (*_reply(case, say), _assign(case, say), details_button(case.number, say))
    post = _direct(case, say, line, *buttons)
    if said:
        post.blocks.insert(1, section(said))
    return Post(f"{post.text} {said}" if said else post.text, post.blocks)


def reply_failed(case: CaseSnapshot, reply: ReplySnapshot, say: Say) -> Post:
    """To the author of a reply that was refused."""
    return _about_reply(case, reply, say, "dm.failed", retry_button(case, reply.id, say))


def reply_unsure(case: CaseSnapshot, reply: ReplySnapshot, say: Say) -> Post:
    """To the author of a reply that may or may not have left."""
    return _about_reply(case, reply, say, "dm.unsure", *decide_buttons(case, reply.id, say))


def reply_bounced(case: CaseSnapshot, reply: ReplySnapshot, say: Say) -> Post:
    """To the author of a reply that came back."""
    return _about_reply(case, reply, say, "dm.bounced", retry_button(case, reply.id, say))


def reply_stuck(case: CaseSnapshot, reply: ReplySnapshot, say: Say) -> Post:
    """To the author of a reply that keeps waiting."""
    return _about_reply(case, reply, say, "dm.stuck")


def _about_reply(case: CaseSnapshot, reply: ReplySnapshot, say: Say, key: str, *buttons: Block) -> Post:
    line = say(key, case=case.number, at=when(reply.not_before, case.as_of))
    reason = lines.reason(reply, 300, say)
    text = f"{line}\n{reason}" if reason else line
    return _direct(case, say, text, *buttons, details_button(case.number, say))


def _direct(case: CaseSnapshot, say: Say, line: str, *buttons: Block) -> Post:
    """A direct message: the sentence, the beginning of what the buyer wrote, where it belongs, what to press."""
    last = case.last_message
    quoted = lines.quoted(last.text, _PREVIEW, say) if last else None
    where = context(
        facts_line(case, say), lines.buyer(case.first_name, say), lines.place(case, say), _due(case, say)
    )
    post = _post(case, say, line, where, *buttons)
    return Post(post.text, [post.blocks[0], *([quoted] if quoted else []), *post.blocks[1:]])


def _post(case: CaseSnapshot, say: Say, line: str, small: Block, *buttons: Block) -> Post:
    spoken = lines.spoken(case, say, lead=line.replace("*", ""), most=_PREVIEW)
    return Post(spoken, [section(line), small, actions(*buttons)])


def _who(people: Sequence[str]) -> str:
    return "".join(f"{mention(person)} " for person in people)


def _due(case: CaseSnapshot, say: Say) -> str | None:
    return lines.clock_of(case, say)


def _due_date(case: CaseSnapshot, say: Say) -> str | None:
    """Without the time left: the sentence above says it already."""
    return say("ping.due", due=when(case.due_at)) if case.due_at else None


def _act(case: CaseSnapshot, say: Say) -> list[Block]:
    """What ends a ping: an answer, or the word that none is needed; a case of nobody's can be claimed."""
    claim = [_claim(case.number, case.version, say)] if case.assignee is None else []
    return [*_reply(case, say), *claim, _no_response(case, say), details_button(case.number, say)]


def _reply(case: CaseSnapshot, say: Say) -> list[Block]:
    """A mail that is only to be looked at can't be answered from here."""
    return [reply_button(case, say)] if case.kind == "buyer" else []


def _claim(case: int, version: int, say: Say) -> Block:
    label = say("label.case", do=say("button.claim"), case=case)
    return button(ids.CASE_CLAIM, say("button.claim"), f"{case}:{version}", label=label)


def _assign(case: CaseSnapshot, say: Say) -> Block:
    label = say("label.case", do=say("button.assign"), case=case.number)
    return button(ids.CASE_ASSIGN, say("button.assign"), lines.reference(case), label=label)


def _no_response(case: CaseSnapshot, say: Say) -> Block:
    label = say("label.case", do=say("button.no_response"), case=case.number)
    return button(ids.CASE_NO_RESPONSE, say("button.no_response"), lines.reference(case), label=label)


def details_button(case: int, say: Say) -> Block:
    """The button that shows the whole history of a case."""
    label = say("label.case", do=say("button.details"), case=case)
    return button(ids.CASE_DETAILS, say("button.details"), f"{case}:0", label=label)
