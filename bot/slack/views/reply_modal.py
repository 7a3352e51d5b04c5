"""The reply modal: write with or without a template, look at the exact text, send.

Layout: slack reference 4.3. Block ids end in the round: a changed block id is the only way to replace
what stands in a field (slackapi/bolt-python 1064), and a template change is a new round.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from bot.domain.answers import newest_settled
from bot.domain.said import said_mark
from bot.domain.seen import stands
from bot.domain.snapshots import CaseSnapshot, Preview, goes_to
from bot.slack import ids
from bot.slack.blocks import (
    Block,
    TemplateChoice,
    actions,
    button,
    checkbox,
    context,
    divider,
    exact_text,
    labelled,
    modal,
    noted_select,
    option,
    radio,
    section,
    text_input,
)
from bot.slack.inert import mention, shorten, when
from bot.slack.texts import Say, window
from bot.slack.views import lines, manual_lines, merge_lines
from bot.slack.views.case_card import facts_line, newest_message
from bot.slack.views.findings import findings, text_with_places

LONGEST = 3000
"""As much as a field of Slack's takes."""
_QUOTE = 600
_WHOLE_TEXT = 3900


@dataclass(frozen=True, slots=True)
class ReplyForm:
    """What the modal opens with. `draft_from` is when the draft in it was kept, `composing` who else writes.

    `draft_kept` is when a draft was that is not in it, because a template or another text is.
    `round` is 0 at first and one more with each template change; `error` is mrkdwn (`error_text`). `stands`: how the
    case stood when it was opened first (domain/seen.py); None: it is being opened.
    """

    case: CaseSnapshot
    text: str = field(default="", repr=False)
    template: str | None = None
    choices: tuple[TemplateChoice, ...] = ()
    draft_from: datetime | None = None
    draft_kept: datetime | None = None
    composing: tuple[str, datetime] | None = None
    round: int = 0
    error: str | None = None
    stands: str | None = None


@dataclass(frozen=True, slots=True)
class StaleNote:
    """What happened while somebody wrote, and by whom; `text` is what was said then, if something was.

    what: buyer (wrote again), colleague (answered), closed, copied (answered in Seller Central), taken.
    """

    text: str = field(default="", repr=False)
    who: str | None = None
    at: datetime | None = None
    what: str = "buyer"


@dataclass(frozen=True, slots=True)
class Sending:
    """What the preview must remember until Send: the newest buyer message and reply the person has seen.

    `fingerprint` is that of the text on the screen: nothing else is sent by this Send. `stale` says what came in
    while they wrote (as in `StaleNote`), so that sending needs a tick; `rewritten` that a suggestion of ours
    is in the text. `to`: the conversation it goes to. `asked_by`: whose question a manager looks at; then there is
    no form below the preview. `manual`: they see that manual mode is on, and sending needs another tick. `said`: the
    mark of what the preview says about the text. `stands`: how the case stood (domain/seen.py).
    """

    seen: int
    template: str | None = None
    round: int = 0
    fingerprint: str = ""
    seen_reply: int = 0
    stale: str = ""
    to: int | None = None
    rewritten: bool = False
    asked_by: str | None = None
    manual: bool = False
    said: str = ""
    stands: str | None = None


def loading(say: Say) -> Block:
    """What opens at once, because a trigger lives three seconds."""
    return modal(ids.MODAL_LOADING, say("modal.loading"), [section(say("loading"))], close=say("do.back"))


def reply_form(form: ReplyForm, say: Say) -> Block:
    """What the buyer wrote, a template, and the field to write in."""
    case = form.case
    return modal(
        ids.MODAL_REPLY,
        say("modal.reply", case=case.number),
        [
            section(say("form.error", text=form.error)) if form.error else None,
            section(_composing_line(form, say)) if form.composing else None,
            section(
                _from_line(case, say), lines.clock_of(case, say), merge_lines.to_line(goes_to(case), say)
            ),
            *newest_message(case, say, _QUOTE),
            context(_language_line(case, say), facts_line(case, say), _draft_line(form, say)),
            _template_input(form, say) if form.choices else None,
            _text_field(form, say),
        ],
        submit=say("do.preview"),
        close=say("do.keep_draft"),
        metadata=_metadata(
            case,
            Sending(
                _newest(case),
                form.template,
                form.round,
                seen_reply=newest_settled(case.replies),
                to=case.to,
                stands=form.stands or stands(case.state, case.assignee),
            ),
        ),
    ) | {"notify_on_close": True}


def _newest(case: CaseSnapshot) -> int:
    return case.last_message.id if case.last_message else 0


def _metadata(case: CaseSnapshot, sending: Sending) -> str:
    """Ids only: everybody's browser can read it."""
    return json.dumps({"case": case.number} | asdict(sending))


def _from_line(case: CaseSnapshot, say: Say) -> str:
    return say("form.to", buyer=lines.buyer(case.first_name, say), place=lines.place(case, say))


def _composing_line(form: ReplyForm, say: Say) -> str | None:
    if form.composing is None:
        return None
    who, since = form.composing
    return say("form.composing", who=mention(who), since=when(since, form.case.as_of))


def _language_line(case: CaseSnapshot, say: Say) -> str:
    if case.lang is None:
        return say("form.any_language")
    return say("form.in_language", lang=lines.language(case.lang, say))


def _draft_line(form: ReplyForm, say: Say) -> str | None:
    if form.draft_kept:
        return say("form.draft_kept", at=when(form.draft_kept, form.case.as_of))
    return say("form.draft", at=when(form.draft_from, form.case.as_of)) if form.draft_from else None


def _template_input(form: ReplyForm, say: Say) -> Block:
    offered = [option(one.title, one.name, one.note) for one in form.choices[:100]]
    return labelled(
        f"{ids.FORM_TEMPLATE}.{form.round}",
        say("form.template"),
        noted_select(ids.FORM_TEMPLATE, say("form.template_pick"), offered, chosen=form.template),
        hint=say("form.template_hint"),
        optional=True,
        dispatch=True,
    )


def _text_field(form: ReplyForm, say: Say) -> Block:
    return labelled(
        f"{ids.FORM_TEXT}.{form.round}",
        say("form.text"),
        text_input(ids.FORM_TEXT, value=form.text, most=LONGEST, placeholder=say("form.text_placeholder")),
        hint=say("form.text_hint"),
    )


def preview(
    case: CaseSnapshot, shown: Preview, say: Say, sending: Sending, stale: StaleNote | None = None
) -> Block:
    """The exact text, and what the policy check says about it.

    A text that is blocked has no Send; who may not send it over a warning has "Ask a manager" instead.
    """
    is_blocked = shown.verdict == "block"
    return modal(
        ids.MODAL_ASK if _is_to_ask(shown) else ids.MODAL_PREVIEW,
        say("modal.check"),
        [
            *_stale(case, stale, say),
            *(_asked(case, sending.asked_by, stale, say) if sending.asked_by else ()),
            section(_to_line(case, say), merge_lines.to_line(goes_to(case), say)),
            section(say("preview.rewritten")) if sending.rewritten else None,
            *manual_lines.in_preview(shown, say),
            *(_blocked(shown, say) if is_blocked else _ready(shown, say, stale)),
            actions(_edit_button(case, say)) if sending.asked_by else None,
        ],
        submit=None if is_blocked else _send_label(shown, say),
        close=say("do.keep_draft" if sending.asked_by else "do.back"),
        metadata=_metadata(
            case, replace(sending, manual=shown.manual is not None, said=said_mark(shown.findings))
        ),
    )


def _is_to_ask(shown: Preview) -> bool:
    return shown.needs_manager and shown.verdict != "block"


def _asked(case: CaseSnapshot, asked_by: str, stale: StaleNote | None, say: Say) -> list[Block]:
    """Who asks, and what the text answers: whoever looks may never have seen the case."""
    line = section(say("question.asked_by", who=mention(asked_by)))
    return [line] if stale else [line, *newest_message(case, say, _QUOTE)]


def _edit_button(case: CaseSnapshot, say: Say) -> Block:
    label = say("label.case", do=say("button.edit"), case=case.number)
    return button(ids.PREVIEW_EDIT, say("button.edit"), str(case.number), label=label)


def _blocked(shown: Preview, say: Say) -> list[Block]:
    """What forbids sending comes before the text: nobody should have to look for it."""
    return [*findings(shown, say), divider(), context(say("preview.as_it_stands")), text_with_places(shown)]


def _ready(shown: Preview, say: Say, stale: StaleNote | None) -> list[Block]:
    """A warning is news, the text is not: it comes first, because Send is in sight without scrolling."""
    text = [context(say("preview.exact")), exact_text(shorten(shown.text, _WHOLE_TEXT))]
    found = findings(shown, say)
    return [
        *([*found, divider(), *text] if shown.findings else [*text, divider(), *found]),
        *_last_questions(shown, say, stale),
    ]


def _to_line(case: CaseSnapshot, say: Say) -> str:
    return say("preview.to", buyer=lines.buyer(case.first_name, say), place=lines.place(case, say))


def _stale(case: CaseSnapshot, stale: StaleNote | None, say: Say) -> list[Block]:
    if stale is None:
        return []
    who = mention(stale.who) if stale.who else say("stale.somebody")
    line = say(f"stale.{stale.what}", who=who, at=when(stale.at or case.as_of, case.as_of))
    said = lines.quoted(stale.text, _QUOTE, say) if stale.what in ("buyer", "colleague") else None
    return [section(line), *([said] if said else ()), divider()]


def _last_questions(shown: Preview, say: Say, stale: StaleNote | None) -> list[Block]:
    """What happens after, whether it still fits, and how long one can change one's mind."""
    if _is_to_ask(shown):
        return [context(say("question.what"))]
    choices: Sequence[str] = ("close", "wait")
    after = radio(ids.FORM_AFTER, {word: say(f"after.{word}") for word in choices}, chosen="close")
    anyway = checkbox(ids.ANYWAY, say("stale.anyway"))
    span = window(shown.seconds_to_undo, say)
    return [
        labelled(ids.FORM_AFTER, say("after.label"), after),
        *([labelled(ids.ANYWAY, say("stale.label"), anyway, optional=True)] if stale else []),
        *manual_lines.tick(shown, say),
        context(say("preview.undo", span=span) if shown.seconds_to_undo else say("preview.no_undo")),
    ]


def _send_label(shown: Preview, say: Say) -> str:
    return say("do.ask_manager") if _is_to_ask(shown) else send_label(shown.seconds_to_undo, say)


def send_label(seconds: int, say: Say) -> str:
    """What the button says that sends: after how long it leaves."""
    if not seconds:
        return say("do.send_now")
    if seconds < 120:
        return say("do.send_in", seconds=seconds)
    return say("do.send_later", span=window(seconds, say))
