"""The preview of an order message: what would leave, what the check says, what happened meanwhile."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from bot.domain.said import said_mark
from bot.domain.snapshots import CaseSnapshot, Preview
from bot.domain.typed_messages import FormFault
from bot.domain.typed_snapshots import TypedPreview
from bot.slack import ids
from bot.slack.blocks import Block, checkbox, context, divider, exact_text, labelled, modal, section
from bot.slack.inert import escape, mention, shorten, when
from bot.slack.texts import Say, window
from bot.slack.views import lines, manual_lines
from bot.slack.views.findings import findings, text_with_places
from bot.slack.views.reply_modal import send_label
from bot.slack.views.typed import fault_text
from bot.slack.views.typed_lines import clock_warning, dates, files, kind

_WHOLE_TEXT = 2900
_QUOTE = 600


@dataclass(frozen=True, slots=True)
class News:
    """What the person has not seen: the buyer wrote again, a colleague answered (`who`), or sent the like."""

    text: str
    who: str | None = None
    at: datetime | None = None
    is_like: bool = False


@dataclass(frozen=True, slots=True)
class TypedSending:
    """What the preview remembers until Send: ids of what the person has been shown, and what exactly is sent."""

    case: int
    to: int
    fingerprint: str
    seen: int
    seen_reply: int
    seen_typed: int
    manual: bool = False
    said: str = ""


def sending(case: CaseSnapshot, shown: TypedPreview) -> TypedSending:
    """All that is there by now counts as seen: the preview shows what is new."""
    return TypedSending(
        case=case.number,
        to=shown.to,
        fingerprint=shown.fingerprint,
        seen=shown.seen,
        seen_reply=shown.seen_reply,
        seen_typed=shown.seen_typed,
        manual=shown.manual is not None,
        said=said_mark(shown.findings),
    )


def preview(case: CaseSnapshot, shown: TypedPreview, zone: str, say: Say, news: News | None = None) -> Block:
    """The exact message, its days as the store's `zone` counts them.

    What is blocked has no Send, nor has what only a manager may send.
    """
    judged = _as_reply(shown)
    return modal(
        ids.MODAL_TYPED_PREVIEW,
        say("modal.check"),
        [
            *_news(case, news, say),
            section(_to_line(case, shown, say), *_enclosed(shown, zone, say)),
            section(clock_warning(case, say)),
            *_manual(shown, say),
            section(say("typed.needs_manager")) if shown.needs_manager else None,
            *(_blocked(judged, say) if shown.verdict == "block" else _ready(judged, say)),
            *_last(shown, say),
        ],
        close=say("do.back"),
        submit=send_label(shown.seconds_to_undo, say) if shown.may_be_sent else None,
        metadata=json.dumps(asdict(sending(case, shown))),
    )


def faulty(case: CaseSnapshot, shown: TypedPreview, say: Say) -> Block:
    """What does not fit its form, as was seen only when the files were there."""
    told = [section(_fault(one, say)) for one in shown.faults]
    return modal(
        ids.MODAL_ERROR,
        say("error.title"),
        told,
        close=say("do.back"),
        metadata=json.dumps({"case": case.number}),
    )


def _fault(fault: FormFault, say: Say) -> str:
    return escape(fault_text(replace(fault, file=shorten(fault.file, 60)), say))


def _as_reply(shown: TypedPreview) -> Preview:
    """The same as the preview of a reply, whose blocks say what the check found; here nobody can be asked from it."""
    return Preview(
        text=shown.message.text,
        fingerprint=shown.fingerprint,
        findings=shown.findings,
        verdict=shown.verdict,
        seconds_to_undo=shown.seconds_to_undo,
        seen=shown.seen,
        over=() if shown.needs_manager else shown.over,
    )


def _news(case: CaseSnapshot, news: News | None, say: Say) -> list[Block]:
    if news is None:
        return []
    if news.who is None:
        return [section(say("stale.buyer")), lines.quoted(news.text, _QUOTE, say), divider()]
    key = "typed.like" if news.is_like else "stale.colleague"
    line = section(say(key, who=mention(news.who), at=when(news.at or case.as_of, case.as_of)))
    return [line, divider()] if news.is_like else [line, lines.quoted(news.text, _QUOTE, say), divider()]


def _to_line(case: CaseSnapshot, shown: TypedPreview, say: Say) -> str:
    return say(
        "typed.to",
        kind=kind(shown.message.kind, say),
        buyer=lines.buyer(case.first_name, say),
        order=lines.order(shown.order_id, say),
        place=lines.place(case, say),
    )


def _enclosed(shown: TypedPreview, zone: str, say: Say) -> list[str]:
    message = shown.message
    sizes = [(one.name, len(one.content)) for one in message.files]
    found = [say("typed.file_list", files=files(sizes, say))] if sizes else []
    span = dates((message.covers_from, message.covers_until), zone, say)
    return [*found, *([span] if span else [])]


def _blocked(judged: Preview, say: Say) -> list[Block]:
    text = [divider(), context(say("preview.as_it_stands")), text_with_places(judged)] if judged.text else []
    return [*findings(judged, say), *text]


def _ready(judged: Preview, say: Say) -> list[Block]:
    """A warning is news, the text is not: it comes first."""
    text = [context(say("typed.no_text"))]
    if judged.text:
        text = [context(say("typed.exact")), exact_text(shorten(judged.text, _WHOLE_TEXT))]
    found = findings(judged, say)
    return [*found, divider(), *text] if judged.findings else [*text, divider(), *found]


def _manual(shown: TypedPreview, say: Say) -> list[Block]:
    if shown.manual is None:
        return []
    at, why = when(shown.manual.since), manual_lines.why(shown.manual, say)
    return [section(say("typed.manual", at=at, why=why))]


def _last(shown: TypedPreview, say: Say) -> list[Block]:
    if not shown.may_be_sent:
        return []
    span = window(shown.seconds_to_undo, say)
    box = labelled(
        ids.BY_HAND, say("manual.anyway_label"), checkbox(ids.BY_HAND, say("typed.by_hand")), optional=True
    )
    return [*([box] if shown.manual else []), context(say("typed.undo", span=span))]
