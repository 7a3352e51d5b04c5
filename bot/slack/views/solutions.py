"""What the team may give a buyer: the form, the preview in words, asking a second person, how it ended.

Whoever agrees sees numbers and our own words, nothing that the buyer wrote. The metadata of the form's
preview is what was typed, so that Change… brings it back.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.money import Money, digits
from bot.domain.snapshots import CaseSnapshot
from bot.domain.solutions import (
    KINDS,
    REASONS,
    RETURN,
    Judged,
    Limits,
    Need,
    SolutionSnapshot,
)
from bot.slack import ids
from bot.slack.blocks import (
    Block,
    Post,
    actions,
    button,
    context,
    divider,
    labelled,
    modal,
    radio,
    section,
    select,
    text_input,
)
from bot.slack.inert import escape, mention, shorten
from bot.slack.texts import Say
from bot.slack.views import lines
from bot.slack.views.case_card import facts_line
from bot.slack.views.solution_lines import press, reply_button, solution_line, what

LONGEST_NOTE = 300
_LONGEST_AMOUNT = 20
_LISTED = 5


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form."""

    kind: str = ""
    value: str = ""
    amount: str = ""
    reason: str = ""
    note: str = field(default="", repr=False)


def form(case: CaseSnapshot, limits: tuple[str, Limits], say: Say, typed: Typed | None = None) -> Block:
    """What the buyer gets; `limits`: the currency, and what the reader may decide alone."""
    entered, (currency, alone) = typed or Typed(), limits
    kinds = {kind: say(f"solution.kind.{kind}") for kind in (*KINDS, RETURN)}
    example = "500" if not digits(currency) else "12.50"
    return modal(
        ids.MODAL_SOLUTION,
        say("solution.title", case=case.number),
        [
            section(facts_line(case, say), lines.clock_of(case, say)),
            *_earlier(case, say),
            labelled(
                ids.SOLUTION_KIND, say("solution.kind"), radio(ids.SOLUTION_KIND, kinds, chosen=entered.kind)
            ),
            labelled(
                ids.SOLUTION_VALUE,
                say("solution.value", currency=currency),
                _short(ids.SOLUTION_VALUE, entered.value),
                hint=say("solution.value_hint"),
                optional=True,
            ),
            labelled(
                ids.SOLUTION_AMOUNT,
                say("solution.amount", currency=currency),
                _short(ids.SOLUTION_AMOUNT, entered.amount),
                hint=say("solution.amount_hint", example=example),
                optional=True,
            ),
            *_why_inputs(entered, say),
            context(_limits_line(alone, currency, say)),
        ],
        submit=say("do.preview"),
        close=say("do.cancel"),
        metadata=json.dumps({"case": case.number}),
    )


def _why_inputs(entered: Typed, say: Say) -> list[Block]:
    reasons = {reason: say.word("reason_given", reason) for reason in REASONS}
    picker = select(ids.SOLUTION_REASON, say("solution.reason_pick"), reasons, chosen=entered.reason or None)
    note = text_input(ids.SOLUTION_NOTE, value=entered.note, most=LONGEST_NOTE)
    return [
        labelled(ids.SOLUTION_REASON, say("solution.reason"), picker),
        labelled(
            ids.SOLUTION_NOTE, say("solution.note"), note, hint=say("solution.note_hint"), optional=True
        ),
    ]


def _short(action_id: str, value: str) -> Block:
    return text_input(action_id, value=value, most=_LONGEST_AMOUNT) | {"multiline": False}


def _limits_line(alone: Limits, currency: str, say: Say) -> str:
    amounts = {key: Money(getattr(alone, key), currency) for key in ("partial", "full", "resend")}
    return say("solution.limits", percent=f"{alone.percent.normalize():f}", **amounts)


def _earlier(case: CaseSnapshot, say: Say) -> list[Block]:
    if not case.solutions:
        return []
    shown = [solution_line(one, say) for one in case.solutions[-_LISTED:]]
    return [section(say("solution.earlier"), *shown)]


def preview(case: CaseSnapshot, found: Judged, typed: Typed, say: Say, *, meanwhile: bool = False) -> Block:
    """What was typed, in words, and who has to agree. `meanwhile`: another decision came in between."""
    rma = found.rma or say("solution.new_rma")
    wanted = what(found.solution, say) if found.solution else say("solution.what.return", rma=escape(rma))
    label = say("solution.change_label", case=case.number)
    change = button(ids.SOLUTION_CHANGE, say("solution.change"), str(case.number), label=label)
    return modal(
        ids.MODAL_SOLUTION_PREVIEW,
        say("solution.preview_title"),
        [
            section(say("solution.meanwhile")) if meanwhile else None,
            section(f"*{wanted}*", *_why_lines(typed.reason, typed.note, say)),
            section(facts_line(case, say)),
            *_earlier(case, say),
            divider(),
            section(*_consent(found, say)),
            context(say("solution.no_money")) if found.solution else None,
            actions(change),
        ],
        submit=say("do.ask" if found.needs else "do.grant"),
        close=say("do.cancel"),
        metadata=packed(case.number, found.seen, typed),
    )


def _why_lines(reason: str, note: str, say: Say) -> list[str | None]:
    return [
        say("solution.reason_line", reason=say.word("reason_given", reason)) if reason else None,
        say("solution.note_line", note=escape(shorten(note, LONGEST_NOTE))) if note.strip() else None,
    ]


def _consent(found: Judged, say: Say) -> list[str]:
    if not found.needs:
        return [say("solution.alone")]
    who = say.several([mention(one) for one in found.approvers])
    return [say("solution.second", who=who), *_need_lines(found.needs, say)]


def _need_lines(needs: Sequence[Need], say: Say) -> list[str]:
    return [say("solution.need", why=say(f"need.{one.key}", found=one.found, most=one.most)) for one in needs]


def packed(case: int, seen: int, typed: Typed) -> str:
    """What the preview has to remember, as JSON for `private_metadata`."""
    entered = {
        "kind": typed.kind,
        "value": typed.value,
        "amount": typed.amount,
        "reason": typed.reason,
        "note": typed.note,
    }
    return json.dumps({"case": case, "seen": seen} | entered, ensure_ascii=False)


def unpacked(metadata: Mapping[str, object]) -> Typed:
    """What was typed, from the preview's metadata."""
    keys = ("kind", "value", "amount", "reason", "note")
    return Typed(*(str(metadata[key]) for key in keys))


_PLACES = {
    "solution_unchosen": ids.SOLUTION_KIND,
    "solution_no_value": ids.SOLUTION_VALUE,
    "solution_no_amount": ids.SOLUTION_AMOUNT,
    "solution_not_partial": ids.SOLUTION_AMOUNT,
}


def error_block(key: str, part: object) -> str | None:
    """The field at which a mistake is said; `part` is value or amount where both could have it."""
    if key in ("amount_unreadable", "amount_currency"):
        return ids.SOLUTION_VALUE if part == "value" else ids.SOLUTION_AMOUNT
    return _PLACES.get(key)


def asked(case: CaseSnapshot, found: Judged, say: Say) -> Block:
    """The question is on its way; what to do until it is answered."""
    who = say.several([mention(one) for one in found.approvers])
    return modal(
        ids.MODAL_DETAILS,
        say("solution.asked_title"),
        [section(say("solution.asked", who=who)), section(say("solution.clock"), lines.clock_of(case, say))],
        close=say("do.close"),
        metadata=json.dumps({"case": case.number}),
    )


def post(case: CaseSnapshot, one: SolutionSnapshot, say: Say) -> Post:
    """In the thread of the card: how it stands, and what can be done about it.

    Any other manager may agree here: who was asked can be asleep.
    """
    line = solution_line(one, say)
    do_it = say("solution.no_money") if one.is_given else None
    buttons = [
        *(_decisions(one, say) if one.state == "asked" else ()),
        reply_button(one, say) if one.is_given and case.state == "open" else None,
        press(ids.SOLUTION_WITHDRAW, "solution.withdraw", one, say, sure="solution.withdraw_sure")
        if one.state not in ("refused", "withdrawn")
        else None,
    ]
    return _post(
        [
            section(line, *_why_lines(one.reason, one.note, say)),
            context(do_it) if do_it else None,
            actions(*buttons) if any(buttons) else None,
        ],
        lines.aloud((line, do_it), say),
    )


def approval(case: CaseSnapshot, one: SolutionSnapshot, say: Say) -> Post:
    """To a manager: what is asked, why they are, and the clock. One line once somebody has decided."""
    if one.state != "asked":
        line = solution_line(one, say)
        return _post([section(say("case.number", case=case.number), line)], lines.aloud((line,), say))
    ask = say("solution.approval", who=mention(one.by), case=case.number)
    reasons = _need_lines(one.needs, say)
    wanted = f"*{what(one.solution, say)}*"
    return _post(
        [
            section(ask, wanted, *_why_lines(one.reason, one.note, say)),
            section(*reasons) if reasons else None,
            *_earlier_but(case, one, say),
            context(facts_line(case, say), lines.place(case, say), lines.topic(case.topic, say)),
            context(lines.clock_of(case, say)),
            actions(*_decisions(one, say), _details(case, say)),
        ],
        lines.aloud((ask, wanted, *reasons, lines.due_spoken(case, say)), say),
    )


def _decisions(one: SolutionSnapshot, say: Say) -> tuple[Block, Block]:
    return (
        press(ids.SOLUTION_APPROVE, "solution.approve", one, say, style="primary"),
        press(ids.SOLUTION_REFUSE, "solution.refuse", one, say, style="danger"),
    )


def _earlier_but(case: CaseSnapshot, one: SolutionSnapshot, say: Say) -> list[Block]:
    rest = [solution_line(other, say) for other in case.solutions if other.id != one.id][-_LISTED:]
    return [section(say("solution.earlier"), *rest)] if rest else []


def _details(case: CaseSnapshot, say: Say) -> Block:
    label = say("label.case", do=say("button.details"), case=case.number)
    return button(ids.CASE_DETAILS, say("button.details"), lines.reference(case), label=label)


def told(case: CaseSnapshot, one: SolutionSnapshot, say: Say) -> Post:
    """To whoever asked: what was decided, and what to do now."""
    line = say(
        f"solution.told.{one.state}",
        decider=mention(one.decided_by or one.by),
        case=case.number,
        what=what(one.solution, say),
    )
    return _post(
        [
            section(line),
            context(lines.clock_of(case, say)),
            actions(reply_button(one, say)) if one.is_given else None,
        ],
        lines.aloud((line, lines.due_spoken(case, say)), say),
    )


def _post(blocks: Sequence[Block | None], text: str) -> Post:
    return Post(text, [block for block in blocks if block])
