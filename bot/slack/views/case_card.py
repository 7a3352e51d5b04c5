"""The card of a case: who wrote, about what, how long is left, what to press.

Layout: slack reference 4.2. All readers see the same card; who may press what is checked when it is
pressed.
"""

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.blank import is_blank
from bot.domain.snapshots import CaseSnapshot, MessageSnapshot, status
from bot.slack import ids
from bot.slack.blocks import (
    Block,
    Post,
    TemplateChoice,
    actions,
    button,
    confirm,
    context,
    header,
    overflow,
    section,
    select,
)
from bot.slack.inert import clean, escape, mention, shorten, when
from bot.slack.texts import Say, site
from bot.slack.views import (
    causes,
    lines,
    manual_lines,
    merge_lines,
    order_lines,
    peak_lines,
    privacy_lines,
    records,
    solution_lines,
    typed_lines,
)
from bot.slack.views.case_shifts import shift_lines
from bot.slack.views.case_shifts import spoken as shifts_spoken

_SIGNS = {
    "new": "📩",
    "claimed": "👤",
    "sending": "📤",
    "answered": "✅",
    "closed": "☑️",
    "overdue": "🔴",
    "failed": "❌",
    "unsure": "❓",
    "bounced": "↩️",
    "no_response_needed": "☑️",
    "snoozed": "💤",
    "review": "🔎",
    "merged": "🔗",
}
_FOLDED = frozenset({"answered", "closed", "no_response_needed"})
_QUOTE = 700
_FRESH_DRAFT = timedelta(minutes=30)
_WRITING = timedelta(minutes=10)


def card(
    case: CaseSnapshot,
    say: Say,
    suggested: Sequence[TemplateChoice] = (),
    more: Sequence[TemplateChoice] = (),
    zones: Sequence[str] = lines.ZONES,
) -> Post:
    """The card as the channel sees it; `zones` are the ones whose time is read aloud."""
    spoken = lines.spoken(case, say, zones, lead=shifts_spoken(case, say))
    text = say.joined([spoken, lines.aloud([order_lines.on_card(case, say)], say) or None])
    if case.merged_into is not None:
        return Post(text, merge_lines.merged_card(case, _short_facts(case, say), say))
    if case.state == "closed" and status(case) in _FOLDED:
        return Post(text, _folded(case, say))
    if case.kind == "review":
        return Post(text, _review(case, say))
    return Post(text, _open(case, say, suggested, more))


def _open(
    case: CaseSnapshot, say: Say, suggested: Sequence[TemplateChoice], more: Sequence[TemplateChoice]
) -> list[Block]:
    return [
        header(_title(case, say)),
        section(
            lines.clock_of(case, say),
            peak_lines.on_card(case, say),
            _buyer_line(case, say),
            facts_line(case, say),
            order_lines.on_card(case, say),
        ),
        *_shifts(case, say),
        *_advice(case, say),
        *newest_message(case, say),
        *solution_lines.on_card(case, say),
        *typed_lines.on_card(case, say),
        context(*_small_print(case, say)),
        actions(*_buttons(case, say, suggested, more)),
    ]


def _review(case: CaseSnapshot, say: Say) -> list[Block]:
    return [
        header(_title(case, say)),
        section(
            lines.clock_of(case, say), _subject_line(case, say), _why_line(case, say), say("review.check")
        ),
        *_shifts(case, say),
        *newest_message(case, say),
        context(*_small_print(case, say)),
        actions(
            _claim_or_release(case, say),
            _case_button(ids.CASE_NO_RESPONSE, "button.no_response", case, say),
            _case_button(ids.CASE_NOTE, "button.note", case, say),
            _menu(case, say),
        ),
    ]


def _folded(case: CaseSnapshot, say: Say) -> list[Block]:
    """Two lines and two buttons, so that the channel stays readable."""
    reminder = say("case.seller_central") if _is_excused_message(case) else None
    return [
        section(
            f"{_sign(case)} *{say.word('status', status(case))}* · {_end_line(case, say)}",
            _short_facts(case, say),
            causes.on_card(case, say),
        ),
        *([context(reminder)] if reminder else []),
        *([context(kept)] if (kept := records.on_card(case, say)) else []),
        actions(
            _case_button(ids.CASE_REOPEN, "button.reopen", case, say),
            _case_button(ids.CASE_DETAILS, "button.details", case, say),
        ),
    ]


def _is_excused_message(case: CaseSnapshot) -> bool:
    return case.kind == "buyer" and case.closed_by == "no_response_needed"


def _sign(case: CaseSnapshot) -> str:
    return _SIGNS[lines.state_of(case)]


def _title(case: CaseSnapshot, say: Say) -> str:
    """State in words, store, marketplace. A header is plain text: nothing in it needs escaping."""
    state = say.word("status", lines.state_of(case))
    store = shorten(case.store_name, 60) or say("case.store_unknown")
    return " · ".join(part for part in (f"{_sign(case)} {state}", store, site(case.marketplace)) if part)


def _buyer_line(case: CaseSnapshot, say: Say) -> str:
    who = f"*{lines.buyer(case.first_name, say)}*"
    parts = (who, lines.topic(case.topic, say), lines.language(case.lang, say))
    return " · ".join(part for part in parts if part)


def facts_line(case: CaseSnapshot, say: Say) -> str:
    """Case, order, article, RMA number."""
    asin = say("case.asin", asin=escape(shorten(case.asin, 20))) if case.asin else None
    parts = (f"*{say('case.number', case=case.number)}*", lines.order(case.order_id, say), asin, case.rma)
    return " · ".join(part for part in parts if part)


def _short_facts(case: CaseSnapshot, say: Say) -> str:
    who = lines.buyer(case.first_name, say) if case.kind == "buyer" else None
    parts = (facts_line(case, say), who, lines.topic(case.topic, say), lines.place(case, say))
    return " · ".join(part for part in parts if part)


def _subject_line(case: CaseSnapshot, say: Say) -> str:
    subject = escape(shorten(case.subject, 150)) or say("review.no_subject")
    return say("review.what", subject=subject)


def _why_line(case: CaseSnapshot, say: Say) -> str | None:
    return say("review.why", why=escape(shorten(case.why, 300))) if case.why else None


def _end_line(case: CaseSnapshot, say: Say) -> str:
    """How it ended: who answered, or who said that no answer is needed."""
    at = when(case.closed_at or case.as_of, case.as_of)
    last = case.last_reply
    if case.closed_by == "no_response_needed" and case.excused_by:
        return say("case.excused_by", who=mention(case.excused_by), at=at)
    if case.closed_by == "copy":
        return say("case.closed_copy")
    if case.closed_by == "reply" and last:
        return say(
            "case.closed_by",
            who=mention(last.author),
            at=when(last.accepted_at or last.created_at, case.as_of),
        )
    return say("case.closed_at", at=at)


def _shifts(case: CaseSnapshot, say: Say) -> list[Block]:
    """Who is asked, and whether anybody is on."""
    found = shift_lines(case, say)
    return [section(*found)] if found else []


def _advice(case: CaseSnapshot, say: Say) -> list[Block]:
    """What must not be overlooked, each on a line of its own."""
    state = status(case)
    risk = say.several([say.word("risk", one) for one in case.risk])
    found = (
        causes.on_card(case, say),
        say(f"case.{state}") if state in ("unsure", "failed", "bounced", "sending") else None,
        say("case.risk", risk=risk) if case.risk else None,
        say("case.quiet") if is_quiet(case) else None,
        manual_lines.on_card(case, say),
        merge_lines.holds(case, say),
    )
    return [section(line) for line in found if line]


def is_quiet(case: CaseSnapshot) -> bool:
    """Whether an answer is owed that nobody seems to expect."""
    return not case.needs_reply and case.due_at is not None


def newest_message(case: CaseSnapshot, say: Say, limit: int = _QUOTE) -> list[Block]:
    """What the buyer wrote last, and a button for the rest if it is long, or for the whole mail if it says nothing."""
    last = case.last_message
    if last is None:
        return []
    full = rest_button(case, last, limit, say)
    return [lines.quoted(last.text, limit, say), *hidden_blocks(case, last, say, full)]


def rest_button(case: CaseSnapshot, message: MessageSnapshot, limit: int, say: Say) -> Block | None:
    """The whole mail of a message that a quote of `limit` characters cuts short, or that says nothing."""
    words = clean(message.text).strip()
    is_whole = len(words) <= limit and (not is_blank(words) or case.purged_at is not None)
    return None if is_whole else full_button(case, message.id, say)


def hidden_blocks(
    case: CaseSnapshot, message: MessageSnapshot, say: Say, *buttons: Block | None
) -> list[Block]:
    """Under a message: what of it is hidden, the button that shows it, and other buttons of the message."""
    line = privacy_lines.hidden(message, say)
    files = privacy_lines.files_line(message, say) if any(one[2] for one in message.attachments) else None
    every = [one for one in (*buttons, privacy_lines.reveal_button(case, message, say)) if one]
    under = [context(one) for one in (files, line) if one]
    return [*under, *([actions(*every)] if every else [])]


def full_button(case: CaseSnapshot, message: int, say: Say) -> Block:
    """The button that shows one message whole; its value is `case:message`."""
    label = say("label.message", do=say("button.full"), message=message, case=case.number)
    return button(ids.CASE_FULL, say("button.full"), f"{case.number}:{message}", label=label)


def _small_print(case: CaseSnapshot, say: Say) -> list[str | None]:
    unanswered = sum(one.deadline_state == "open" for one in case.messages)
    files = sum(len(one.attachments) for one in case.messages)
    snoozed = case.snoozed_until if case.snoozed_until and case.snoozed_until > case.as_of else None
    return [
        lines.assignee(case, say),
        say.count("message", len(case.messages)),
        say("case.waiting", n=unanswered) if unanswered > 1 else None,
        say.count("attachment", files) if files else None,
        say("case.snoozed", until=when(snoozed, case.as_of)) if snoozed else None,
        merge_lines.split_line(case, say),
        say("case.escalated", at=when(case.escalated_at, case.as_of)) if case.escalated_at else None,
        records.on_card(case, say),
        _composing(case, say),
    ]


def _composing(case: CaseSnapshot, say: Say) -> str | None:
    """Who is writing right now, or else whose draft waits."""
    if case.composing and case.as_of - case.composing[1] <= _WRITING:
        who, since = case.composing
        return say("case.writing", who=mention(who), since=when(since, case.as_of))
    drafts = [
        one for one in case.replies if one.state == "draft" and case.as_of - one.created_at <= _FRESH_DRAFT
    ]
    if not drafts:
        return None
    return say(
        "case.composing", who=mention(drafts[-1].author), since=when(drafts[-1].created_at, case.as_of)
    )


def _buttons(
    case: CaseSnapshot, say: Say, suggested: Sequence[TemplateChoice], more: Sequence[TemplateChoice]
) -> list[Block | None]:
    note, menu = _case_button(ids.CASE_NOTE, "button.note", case, say), _menu(case, say)
    state, last = status(case), case.last_reply
    if state == "unsure" and last:
        return [*decide_buttons(case, last.id, say), note, menu]
    if state == "sending":
        return [note, menu]
    claim, reply = _claim_or_release(case, say), reply_button(case, say, primary=state != "answered")
    if state == "failed" and last:
        return [claim, retry_button(case, last.id, say), note, menu]
    if is_quiet(case) and not case.risk:
        return [claim, _case_button(ids.CASE_NO_RESPONSE, "button.no_response", case, say), reply, note, menu]
    solution = _case_button(ids.CASE_SOLUTION, "button.solution", case, say)
    written = typed_lines.open_button(case, say) if typed_lines.is_on_card(case) else None
    return [claim, reply, *_templates(case, say, suggested, more), solution, written, note, menu]


def _templates(
    case: CaseSnapshot, say: Say, suggested: Sequence[TemplateChoice], more: Sequence[TemplateChoice]
) -> list[Block]:
    """Ready-made texts, but none where a standard answer could do harm."""
    if case.risk:
        return []
    buttons = [_template_button(case, say, choice, place) for place, choice in enumerate(suggested[:2])]
    choices = {f"{case.number}:{choice.name}": choice.title for choice in more[:100]}
    return [*buttons, *([select(ids.CASE_TEMPLATE_PICK, say("pick.templates"), choices)] if choices else [])]


def _template_button(case: CaseSnapshot, say: Say, choice: TemplateChoice, place: int) -> Block:
    return button(
        f"{ids.CASE_TEMPLATE}.{place}",
        choice.title,
        f"{lines.reference(case)}:{choice.name}",
        label=say("label.template", template=shorten(choice.title, 30), case=case.number),
    )


def _claim_or_release(case: CaseSnapshot, say: Say) -> Block:
    if case.assignee is None:
        return _case_button(ids.CASE_CLAIM, "button.claim", case, say)
    return _case_button(ids.CASE_RELEASE, "button.release", case, say)


def reply_button(case: CaseSnapshot, say: Say, *, primary: bool = True) -> Block:
    """The button that opens the reply modal."""
    label = say("label.case", do=say("button.reply"), case=case.number)
    return button(
        ids.CASE_REPLY,
        say("button.reply"),
        lines.reference(case),
        label=label,
        style="primary" if primary else None,
    )


def retry_button(case: CaseSnapshot, reply: int, say: Say) -> Block:
    """The button that opens the reply modal with the text of a reply that did not leave."""
    name = say("button.retry")
    label = say("label.reply", do=name, case=case.number)
    return button(ids.REPLY_RETRY, name, str(reply), label=label, style="primary")


def decide_buttons(case: CaseSnapshot, reply: int, say: Say) -> tuple[Block, Block]:
    """It arrived, it did not arrive: each asks once more, because each has a consequence."""
    return (
        _decide_button(ids.REPLY_ARRIVED, "arrived", case, reply, say),
        _decide_button(ids.REPLY_LOST, "lost", case, reply, say),
    )


def _decide_button(action_id: str, word: str, case: CaseSnapshot, reply: int, say: Say) -> Block:
    name = say(f"button.{word}")
    question = confirm(name, say(f"confirm.{word}", case=case.number), say("confirm.yes"), say("confirm.no"))
    label = say("label.reply", do=name, case=case.number)
    return button(action_id, name, str(reply), label=label, confirm=question)


def _case_button(action_id: str, key: str, case: CaseSnapshot, say: Say) -> Block:
    label = say("label.case", do=say(key), case=case.number)
    return button(action_id, say(key), lines.reference(case), label=label)


def _menu(case: CaseSnapshot, say: Say) -> Block:
    words = ("assign", "snooze", "no_response", "escalate", "details")
    return overflow(ids.CASE_MENU, {f"{word}:{case.number}": say(f"menu.{word}") for word in words})
