"""Writing an order message: what Amazon allows, why it could not be asked, the form of each kind.

The kinds that Amazon allowed stand in the modal's metadata, so that going back to the list asks nobody again.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.domain.snapshots import CaseSnapshot
from bot.domain.typed_messages import FORMS, Form, FormFault, MessageKind
from bot.errors import NeedsAuthorisation, Refused, Reply24Error, Throttled, Unreachable
from bot.slack import ids
from bot.slack.blocks import (
    Block,
    actions,
    button,
    context,
    date_input,
    divider,
    file_input,
    labelled,
    modal,
    section,
    text_input,
)
from bot.slack.inert import clean, escape, shorten
from bot.slack.texts import Say, window
from bot.slack.views import lines
from bot.slack.views.typed_lines import clock_warning, files, kind, largest

ENDINGS = ("pdf", "jpg", "jpeg", "png", "doc", "docx", "txt")
"""Of files that Amazon takes (domain/policy/attachments.py)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The order that it is about, and what Amazon allows for it; `to` is the conversation whose order it is."""

    case: CaseSnapshot
    to: int
    kinds: tuple[MessageKind, ...]
    draft: MessageKind | None = None


@dataclass(frozen=True, slots=True)
class TypedForm:
    """A form as it opens, with what is in the person's draft: text, days, files that are kept (name, bytes)."""

    choice: Choice
    kind: MessageKind
    zone: str
    text: str = field(default="", repr=False)
    kept: tuple[tuple[str, int], ...] = ()
    covers_from: date | None = None
    covers_until: date | None = None


def looking(case: CaseSnapshot, say: Say) -> Block:
    """What is shown while Amazon is asked."""
    return _modal(ids.MODAL_LOADING, case, [_about(case, say), section(say("typed.looking"))], say)


def choices(choice: Choice, say: Say) -> Block:
    """The kinds that are allowed now, each with what it is for."""
    case = choice.case
    if not choice.kinds:
        nothing = [_about(case, say), section(say("typed.none")), _again(case, say)]
        return _modal(ids.MODAL_TYPED, case, nothing, say)
    rest = [kind(one, say) for one in MessageKind if one not in choice.kinds]
    blocks: list[Block | None] = [
        _about(case, say),
        section(clock_warning(case, say)),
        divider(),
        section(say("typed.choose")),
        *(_choice(choice, one, say) for one in choice.kinds),
        context(say("typed.not_now", kinds=say.several(rest))) if rest else None,
    ]
    return _modal(ids.MODAL_TYPED, case, blocks, say, metadata=_metadata(choice))


def _choice(choice: Choice, one: MessageKind, say: Say) -> Block:
    key = "typed.kind_draft" if choice.draft == one else "typed.kind_line"
    what = say(f"typed_what.{one}")
    line = say(key, kind=kind(one, say), what=what, form=_form_in_words(FORMS[one], say))
    label = say("typed.write_label", kind=kind(one, say), case=choice.case.number)
    return section(line, accessory=button(f"{ids.TYPED_KIND}.{one}", say("typed.write"), one, label=label))


def _form_in_words(form: Form, say: Say) -> str:
    least, most = form.files
    parts = (
        say("typed.form_text", n=form.text) if form.text else None,
        say("typed.form_files", least=least, most=most) if least else None,
        say("typed.form_some_files", most=most) if most and not least else None,
        say("typed.form_dates") if form.has_dates else None,
    )
    return say.several([part for part in parts if part])


def problem(case: CaseSnapshot, why: Reply24Error | None, say: Say) -> Block:
    """Why Amazon could not be asked, and what to do next; None: too many others wait for its answer."""
    blocks = [_about(case, say), section(_why(why, say)), _again(case, say)]
    return _modal(ids.MODAL_TYPED, case, blocks, say)


def _why(why: Reply24Error | None, say: Say) -> str:
    if why is None:
        return say("typed.problem.busy")
    if isinstance(why, Throttled):
        return say("typed.problem.throttled", wait=window(max(1, math.ceil(why.retry_after or 60)), say))
    if isinstance(why, NeedsAuthorisation):
        return say("typed.problem.locked")
    if isinstance(why, Refused):
        return say("typed.problem.refused", reason=escape(shorten(why.code, 60)) or "–")
    if isinstance(why, Unreachable):
        return say("typed.problem.unreachable")
    return say("typed.problem.unset")


def _again(case: CaseSnapshot, say: Say) -> Block:
    label = say("typed.again_label", case=case.number)
    return actions(button(ids.TYPED_AGAIN, say("typed.again"), str(case.number), label=label))


def form(opened: TypedForm, say: Say) -> Block:
    """The fields of one kind."""
    case, shape = opened.choice.case, FORMS[opened.kind]
    what = say("typed.kind_head", kind=kind(opened.kind, say), what=say(f"typed_what.{opened.kind}"))
    blocks = [
        _about(case, say),
        section(what, accessory=_others(case, say)),
        section(clock_warning(case, say)),
        _text_field(opened, shape, say) if shape.text else None,
        context(say("typed.kept", files=files(opened.kept, say))) if opened.kept else None,
        _file_field(opened, shape, say) if shape.files[1] else None,
        *(_date_fields(opened, say) if shape.has_dates else ()),
    ]
    more = {"kind": opened.kind, "kept": bool(opened.kept), "seen": _newest(case)}
    return _modal(
        ids.MODAL_TYPED_FORM,
        case,
        blocks,
        say,
        metadata=_metadata(opened.choice, **more),
        submit=say("do.preview"),
    )


def _newest(case: CaseSnapshot) -> int:
    return case.last_message.id if case.last_message else 0


def _others(case: CaseSnapshot, say: Say) -> Block:
    label = say("typed.others_label", case=case.number)
    return button(ids.TYPED_OTHERS, say("typed.others"), str(case.number), label=label)


def _text_field(opened: TypedForm, shape: Form, say: Say) -> Block:
    entry = text_input(ids.TYPED_TEXT, value=clean(opened.text), most=shape.text)
    lang = lines.language(opened.choice.case.lang, say)
    hint = say("typed.text_hint", n=shape.text, lang=lang)
    return labelled(block_of(ids.TYPED_TEXT, opened.kind), say("typed.text"), entry, hint=hint)


def _file_field(opened: TypedForm, shape: Form, say: Say) -> Block:
    least, most = shape.files
    return labelled(
        block_of(ids.TYPED_FILES, opened.kind),
        say("typed.files"),
        file_input(ids.TYPED_FILES, ENDINGS, most),
        hint=say("typed.files_hint", size=largest()),
        optional=not least or bool(opened.kept),
    )


def _date_fields(opened: TypedForm, say: Say) -> list[Block]:
    days = {ids.TYPED_FROM: opened.covers_from, ids.TYPED_UNTIL: opened.covers_until}
    hint = say("typed.dates_hint", zone=lines.zone_name(opened.zone, say))
    return [
        labelled(
            block_of(name, opened.kind),
            say(name),
            date_input(name, chosen=day.isoformat() if day else ""),
            hint=hint,
            optional=True,
        )
        for name, day in days.items()
    ]


def block_of(name: str, of: MessageKind) -> str:
    """The block id of a field in the form of one kind."""
    return f"{name}.{of}"


def field_of(fault: FormFault, of: MessageKind) -> str:
    """The block at which a fault is shown."""
    names = {"text": ids.TYPED_TEXT, "files": ids.TYPED_FILES, "dates": ids.TYPED_UNTIL}
    return block_of(names[fault.field], of)


def fault_text(fault: FormFault, say: Say) -> str:
    """What is wrong at a field, as Slack shows it: plain text."""
    facts = {"limit": fault.limit, "file": fault.file, "size": largest()}
    try:
        return say(f"typed.fault.{fault.field}.{fault.rule}", **facts)
    except KeyError:
        return say("typed.fault.other")


def fetching(case: CaseSnapshot, name: str, say: Say) -> Block:
    """What is shown while files are fetched; `name` is the external id by which it is found again."""
    view = _modal(ids.MODAL_LOADING, case, [_about(case, say), section(say("typed.fetching"))], say)
    return view | {"external_id": name}


def busy(case: CaseSnapshot, say: Say) -> Block:
    """That this person's files are being fetched already, twice."""
    return _modal(ids.MODAL_ERROR, case, [section(say("typed.busy"))], say)


def _about(case: CaseSnapshot, say: Say) -> Block:
    return section(
        say(
            "typed.about",
            order=lines.order(case.order_id, say),
            place=lines.place(case, say),
            buyer=lines.buyer(case.first_name, say),
        ),
        lines.clock_of(case, say),
    )


def _metadata(choice: Choice, **more: object) -> str:
    """Ids and words of ours only: everybody's browser can read it."""
    kinds = ",".join(choice.kinds)
    return json.dumps({"case": choice.case.number, "to": choice.to, "kinds": kinds} | more)


def _modal(
    callback_id: str,
    case: CaseSnapshot,
    blocks: Sequence[Block | None],
    say: Say,
    *,
    metadata: str = "",
    submit: str | None = None,
) -> Block:
    return modal(
        callback_id,
        say("typed.title", case=case.number),
        blocks,
        close=say("do.cancel" if submit else "do.close"),
        submit=submit,
        metadata=metadata or json.dumps({"case": case.number}),
    )
