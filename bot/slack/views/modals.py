"""The smaller modals: assign, snooze, no response needed, escalate, note; details, full message, picker, error."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import zones
from bot.domain.deadlines import OPEN, waiting_mark
from bot.domain.pings import asked_mark
from bot.domain.snapshots import (
    CaseSnapshot,
    MessageSnapshot,
    NoteSnapshot,
    QueueLine,
    ReplySnapshot,
    WarningEvent,
)
from bot.domain.solicitations import ReviewPanel
from bot.domain.solutions import SolutionSnapshot
from bot.domain.typed_snapshots import TypedSnapshot
from bot.slack import ids
from bot.slack.blocks import (
    Block,
    actions,
    button,
    context,
    datetime_input,
    divider,
    labelled,
    modal,
    radio,
    section,
    select,
    text_input,
)
from bot.slack.inert import clean, escape, mention, shorten, when
from bot.slack.texts import Say
from bot.slack.views import (
    causes,
    lines,
    merge_lines,
    order_lines,
    records,
    solicitations,
    triage_lines,
    typed_lines,
)
from bot.slack.views.case_card import facts_line, newest_message, rest_button
from bot.slack.views.privacy_lines import hidden, reveal_button
from bot.slack.views.solution_lines import solution_line

_Event = MessageSnapshot | ReplySnapshot | NoteSnapshot | SolutionSnapshot | WarningEvent | TypedSnapshot

PAGE_CHARACTERS = 2900
_EVENTS_A_PAGE = 20
_EVENT_TEXT = 600
_LISTED = 30
MORNING = 9
"""The hour at which a case that is put aside until the morning comes back."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who could take a case. Times are those of their place, ready to read: "02:10".

    `is_on`: whether they are on shift; None where no rota is set up. `until`: when their shift ends.
    """

    person: str
    name: str
    local_time: str
    open_cases: int
    is_on: bool | None = None
    until: str | None = None


def assign(case: CaseSnapshot, people: Sequence[Colleague], say: Say) -> Block:
    """Who shall take the case; everybody with the time at their place and their cases, who is on first."""
    title = say("modal.assign", case=case.number)
    if not people:
        return _form(ids.MODAL_ASSIGN, title, case, [section(say("assign.nobody"))], say)
    in_order = sorted(people, key=lambda one: one.is_on is False)
    choices = {one.person: _colleague(one, say) for one in in_order[:100]}
    picker = select(ids.ASSIGN_TO, say("assign.pick"), choices, chosen=case.assignee)
    blocks = [
        _case_lines(case, say),
        labelled(ids.ASSIGN_TO, say("assign.to"), picker, hint=say("assign.hint")),
    ]
    return _form(ids.MODAL_ASSIGN, title, case, blocks, say, submit="do.assign")


def _colleague(one: Colleague, say: Say) -> str:
    cases, name = say.count("open", one.open_cases), shorten(one.name, 24)
    if one.is_on and one.until:
        return say("assign.person_on", name=name, until=one.until, time=one.local_time, cases=cases)
    if one.is_on is False:
        return say("assign.person_off", name=name, time=one.local_time, cases=cases)
    return say("assign.person", name=name, time=one.local_time, cases=cases)


def snooze(case: CaseSnapshot, say: Say, zone: str) -> Block:
    """Until when the case is put aside; `zone` is the person's own."""
    mornings = ("today", "tomorrow") if zones.local(case.as_of, zone).hour < MORNING else ("tomorrow",)
    names = {word: say(f"snooze.{word}") for word in ("60", "180", "360")}
    names |= {day: say(f"snooze.{day}", zone=lines.zone_name(zone, say)) for day in mornings}
    quick = radio(ids.SNOOZE_FOR, names)
    exact = datetime_input(ids.SNOOZE_UNTIL)
    blocks = [
        _case_lines(case, say),
        labelled(ids.SNOOZE_FOR, say("snooze.for"), quick, optional=True),
        labelled(ids.SNOOZE_UNTIL, say("snooze.until"), exact, hint=say("snooze.until_hint"), optional=True),
        context(say("snooze.warning")),
    ]
    return _form(
        ids.MODAL_SNOOZE, say("modal.snooze", case=case.number), case, blocks, say, submit="do.snooze"
    )


def no_response(case: CaseSnapshot, say: Say) -> Block:
    """Asks once more, because a wrong click would cost the response rate; with the words that it is about."""
    is_mail = case.kind == "review"
    risk = say.several([say.word("risk", one) for one in case.risk])
    blocks = [
        _case_lines(case, say),
        section(say("no_response.risk", risk=risk)) if risk else None,
        section(say("no_response.review") if is_mail else say("no_response.what")),
        None if is_mail else section(say("case.seller_central")),
        *(() if is_mail else newest_message(case, say)),
        labelled(ids.REASON, say("reason.label"), text_input(ids.REASON), optional=True),
    ]
    form = _form(ids.MODAL_NO_RESPONSE, say("modal.no_response"), case, blocks, say, submit="do.confirm")
    waiting = waiting_mark(one.id for one in case.messages if one.deadline_state == OPEN)
    return form | {"private_metadata": json.dumps({"case": case.number, "waiting": waiting})}


def escalate(case: CaseSnapshot, say: Say) -> Block:
    """What the managers shall decide."""
    blocks = [
        _case_lines(case, say),
        section(say("escalate.what")),
        context(say("case.escalated", at=when(case.escalated_at, case.as_of))) if case.escalated_at else None,
        labelled(ids.REASON, say("escalate.reason"), text_input(ids.REASON), optional=True),
    ]
    title = say("modal.escalate", case=case.number)
    form = _form(ids.MODAL_ESCALATE, title, case, blocks, say, submit="do.escalate")
    return form | {
        "private_metadata": json.dumps({"case": case.number, "asked": asked_mark(case.escalated_at)})
    }


def note(case: CaseSnapshot, say: Say, text: str = "") -> Block:
    """An internal note; `text` stands in the field at first."""
    field = text_input(ids.NOTE_TEXT, value=clean(text))
    blocks = [
        _case_lines(case, say),
        labelled(ids.NOTE_TEXT, say("note.label"), field, hint=say("note.hint")),
    ]
    return _form(ids.MODAL_NOTE, say("modal.note", case=case.number), case, blocks, say, submit="do.save")


def _form(
    callback_id: str,
    title: str,
    case: CaseSnapshot,
    blocks: Sequence[Block | None],
    say: Say,
    submit: str = "",
) -> Block:
    return modal(
        callback_id,
        title,
        blocks,
        submit=say(submit) if submit else None,
        close=say("do.cancel" if submit else "do.close"),
        metadata=json.dumps({"case": case.number}),
    )


def _case_lines(case: CaseSnapshot, say: Say) -> Block:
    who = lines.buyer(case.first_name, say) if case.kind == "buyer" else say("status.review")
    return section(f"{facts_line(case, say)} · {who}", lines.clock_of(case, say))


def details(case: CaseSnapshot, say: Say, page: int = 0, review: ReviewPanel | None = None) -> Block:
    """Everything that happened to the case, oldest first; pages count from 0. `review`: that of its order."""
    events = sorted(_events(case), key=lambda one: one[0])
    pages = max(1, -(-len(events) // _EVENTS_A_PAGE))
    page = min(max(page, 0), pages - 1)
    shown = events[page * _EVENTS_A_PAGE : (page + 1) * _EVENTS_A_PAGE]
    return modal(
        ids.MODAL_DETAILS,
        say("modal.details", case=case.number),
        [
            _case_lines(case, say),
            context(*_about(case, say)),
            *([section(found)] if (found := merge_lines.holds(case, say)) else []),
            *merge_lines.doors(case, say),
            *(_order(case, say) if page == 0 else ()),
            *(solicitations.panel(review, say) if page == 0 else ()),
            divider(),
            *(block for _at, event in shown for block in _event(case, event, say)),
            None if shown else section(say("details.empty")),
            *_paging(ids.DETAILS_PAGE, str(case.number), case.number, (page, pages), say),
        ],
        close=say("do.close"),
        metadata=json.dumps({"case": case.number}),
    )


def _order(case: CaseSnapshot, say: Say) -> list[Block]:
    """What is known of the order, and the way to write about it."""
    door = [actions(typed_lines.open_button(case, say))] if typed_lines.may_be_opened(case) else []
    return [*order_lines.panel(case, say), *door]


def _events(case: CaseSnapshot) -> list[tuple[datetime, _Event]]:
    replies = [one for one in case.replies if one.state != "draft"]
    return [
        *((one.received_at, one) for one in case.messages),
        *((one.created_at, one) for one in replies),
        *((one.at, one) for one in case.notes),
        *((one.at, one) for one in case.solutions),
        *((one.at, one) for one in case.warnings),
        *((one.created_at, one) for one in case.typed),
    ]


def _about(case: CaseSnapshot, say: Say) -> tuple[str | None, ...]:
    return (
        lines.place(case, say),
        lines.assignee(case, say),
        causes.on_card(case, say),
        say("details.opened", at=when(case.opened_at)),
        say("merge.into_line", into=case.merged_into) if case.merged_into else None,
        merge_lines.split_line(case, say),
        records.on_card(case, say),
        say("details.subject", subject=escape(shorten(case.subject, 120))) if case.subject else None,
        say("details.why", why=triage_lines.why(case.why, say)) if case.why else None,
    )


def _event(case: CaseSnapshot, event: _Event, say: Say) -> list[Block]:
    if isinstance(event, MessageSnapshot):
        return _message(case, event, say)
    if isinstance(event, ReplySnapshot):
        return [section(_reply_line(event, say)), lines.quoted(event.text, _EVENT_TEXT, say)]
    if isinstance(event, SolutionSnapshot):
        return [section(solution_line(event, say))]
    if isinstance(event, WarningEvent):
        return [section(_warning_line(event, say))]
    if isinstance(event, TypedSnapshot):
        text = [lines.quoted(event.text, _EVENT_TEXT, say)] if event.text else []
        return [section(typed_lines.in_details(event, say)), *text]
    line = say("details.note", who=mention(event.author), at=when(event.at))
    return [section(line), lines.quoted(event.text, _EVENT_TEXT, say)]


def _message(case: CaseSnapshot, message: MessageSnapshot, say: Say) -> list[Block]:
    full = rest_button(case, message, _EVENT_TEXT, say) or reveal_button(case, message, say)
    return [
        section(_message_line(case, message, say), accessory=full),
        lines.quoted(message.text, _EVENT_TEXT, say),
    ]


def _message_line(case: CaseSnapshot, message: MessageSnapshot, say: Say) -> str:
    buyer, at = lines.buyer(case.first_name, say), when(message.received_at)
    if message.due_at is None or message.deadline_state is None:
        return say("details.message_free", buyer=buyer, at=at)
    state = say.word("deadline", message.deadline_state)
    return say("details.message", buyer=buyer, at=at, due=when(message.due_at), state=state)


def _reply_line(reply: ReplySnapshot, say: Say) -> str:
    template = say("reply.template", template=escape(reply.template)) if reply.template else ""
    line = say(
        "details.reply",
        who=mention(reply.author),
        at=when(reply.accepted_at or reply.created_at),
        state=say.word("reply", reply.state),
        template=template,
    )
    return "\n".join(part for part in (line, lines.reason(reply, 200, say)) if part)


def _warning_line(event: WarningEvent, say: Say) -> str:
    rules = say.several([say.word("rule", rule) for rule in event.rules])
    return say(f"details.{event.what}", who=mention(event.who), at=when(event.at), rules=rules)


def full_message(case: CaseSnapshot, message: MessageSnapshot, page: int, say: Say) -> Block:
    """All that a buyer wrote, in pages that count from 0; what they quoted is in it, what is hidden is not."""
    line, reveal = hidden(message, say), reveal_button(case, message, say)
    under = [*([context(line)] if line else []), *([actions(reveal)] if reveal else [])]
    head = say("full.line", buyer=lines.buyer(case.first_name, say), at=when(message.received_at))
    return _whole(case, message, (message.full_text, page), (ids.FULL_PAGE, [section(head), *under]), say)


def revealed(
    case: CaseSnapshot, message: MessageSnapshot, shown: tuple[str, int], looks: int, say: Say
) -> Block:
    """The same with nothing hidden, for who may look; `shown` is (the whole text, page)."""
    head = say("full.line", buyer=lines.buyer(case.first_name, say), at=when(message.received_at))
    blocks = [section(head), context(say("full.revealed", n=looks))]
    return _whole(case, message, shown, (ids.FULL_REVEALED, blocks), say)


def _whole(
    case: CaseSnapshot,
    message: MessageSnapshot,
    shown: tuple[str, int],
    around: tuple[str, list[Block]],
    say: Say,
) -> Block:
    """One page of a text; `around` is (id of the buttons that turn pages, what stands above the text)."""
    text = clean(shown[0]).strip()
    pages = max(1, -(-len(text) // PAGE_CHARACTERS))
    page = min(max(shown[1], 0), pages - 1)
    part = text[page * PAGE_CHARACTERS : (page + 1) * PAGE_CHARACTERS]
    return modal(
        ids.MODAL_FULL,
        say("modal.full", case=case.number),
        [
            *around[1],
            lines.quoted(part, PAGE_CHARACTERS, say),
            *_paging(around[0], f"{case.number}:{message.id}", case.number, (page, pages), say),
        ],
        close=say("do.close"),
        metadata=json.dumps({"case": case.number, "message": message.id}),
    )


def _paging(action_id: str, value: str, case: int, at: tuple[int, int], say: Say) -> list[Block]:
    """Back and next, as far as there is something; `at` is (page, pages), counted from 0."""
    page, pages = at
    if pages == 1:
        return []
    turns = {"back": page - 1, "next": page + 1}
    buttons = [
        button(
            f"{action_id}.{way}",
            say(f"page.{way}"),
            f"{value}:{there}",
            label=say(f"page.label_{way}", case=case),
        )
        for way, there in turns.items()
        if 0 <= there < pages
    ]
    return [context(say("page.of", page=page + 1, pages=pages)), actions(*buttons)]


def error(title: str, text: str, say: Say) -> Block:
    """What went wrong; `text` is mrkdwn, as `error_text` gives it."""
    return modal(ids.MODAL_ERROR, title, [section(text)], close=say("do.close"))


def case_picker(queue: Sequence[QueueLine], say: Say, purpose: str, now: datetime) -> Block:
    """The person's own cases, to choose one for `purpose`: reply, claim, note, assign or details."""
    listed = [
        section(lines.queue_line(line, now, say), accessory=_choose(line.number, purpose, say))
        for line in queue[:_LISTED]
    ]
    return modal(
        ids.MODAL_PICK,
        say("modal.pick"),
        [
            section(say(f"pick.what.{purpose}") if queue else say("pick.empty")),
            *listed,
            context(say("pick.more", n=_LISTED)) if len(queue) > _LISTED else None,
        ],
        close=say("do.close"),
    )


def _choose(case: int, purpose: str, say: Say) -> Block:
    return button(ids.CASE_PICK, say("pick.do"), f"{purpose}:{case}", label=say("pick.label", case=case))
