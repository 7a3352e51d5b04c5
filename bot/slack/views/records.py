"""Holds of personal data: the form, the list, the line on a card; what is left of a purged post; anchors."""

import json
from collections.abc import Sequence
from datetime import datetime

from bot.domain.ledger import Anchor
from bot.domain.purge import REASONS, HoldLine
from bot.domain.snapshots import CaseSnapshot
from bot.slack import ids
from bot.slack.blocks import (
    Block,
    Post,
    button,
    confirm,
    context,
    date_input,
    labelled,
    modal,
    section,
    select,
)
from bot.slack.inert import mention, shorten, when
from bot.slack.texts import Say
from bot.slack.views import lines

_LISTED = 20


def hold_form(case: CaseSnapshot, people: Sequence[tuple[str, str]], days: int, say: Say) -> Block:
    """Why, by whom and until when the data of a case are kept; `people` are (Slack user id, name)."""
    reasons = {one: say(f"hold.reason.{one}") for one in REASONS}
    owners = {person: shorten(name, 60) for person, name in people[:100]}
    whose = select(ids.HOLD_OWNER, say("hold.owner_pick"), owners, chosen=case.assignee)
    return modal(
        ids.MODAL_HOLD,
        say("hold.title", case=case.number),
        [
            section(say("hold.what")),
            labelled(
                ids.HOLD_REASON, say("hold.why"), select(ids.HOLD_REASON, say("hold.why_pick"), reasons)
            ),
            labelled(ids.HOLD_OWNER, say("hold.owner"), whose),
            labelled(
                ids.HOLD_UNTIL,
                say("hold.until"),
                date_input(ids.HOLD_UNTIL),
                hint=say("hold.until_hint", days=days),
            ),
        ],
        submit=say("hold.do"),
        close=say("do.cancel"),
        metadata=json.dumps({"case": case.number}),
    )


def holds(found: Sequence[HoldLine], say: Say, command: str, *, may_end: bool) -> Post:
    """Every hold, the one that ends first at the top; who may end one gets a button."""
    if not found:
        text = say("hold.list_none", command=command)
        return Post(lines.aloud([text], say), [section(text)])
    head = say("hold.list", n=len(found))
    shown = found[:_LISTED]
    return Post(
        lines.aloud([head, *(_line(one, say) for one in shown)], say),
        [
            section(head),
            *(section(_line(one, say), accessory=_end(one, say) if may_end else None) for one in shown),
            *([context(say("hold.more", n=_LISTED))] if len(found) > _LISTED else []),
        ],
    )


def _line(one: HoldLine, say: Say) -> str:
    return say(
        "hold.line",
        case=one.hold.case,
        order=lines.order(one.order_id, say),
        reason=say(f"hold.reason.{one.hold.reason}"),
        owner=mention(one.hold.owner),
        until=when(one.hold.until),
    )


def _end(one: HoldLine, say: Say) -> Block:
    words = say("hold.end")
    sure = confirm(words, say("hold.end_sure", case=one.hold.case), say("confirm.yes"), say("confirm.no"))
    what = say("hold.end_what", reason=say(f"hold.reason.{one.hold.reason}"))
    label = say("label.case", do=what, case=one.hold.case)
    return button(ids.HOLD_END, words, str(one.hold.id), label=label, confirm=sure)


def on_card(case: CaseSnapshot, say: Say) -> str | None:
    """That the data of a case are gone, or who keeps them until when."""
    if case.purged_at is not None:
        return say("purge.card", at=when(case.purged_at, case.as_of))
    if case.hold is None:
        return None
    return say(
        "hold.card",
        until=when(case.hold.until),
        reason=say(f"hold.reason.{case.hold.reason}"),
        owner=mention(case.hold.owner),
    )


def stub(say: Say) -> Post:
    """In the place of a post that Slack does not let us delete."""
    return Post(say("purge.stub"), [context(say("purge.stub"))])


def anchor(one: Anchor, at: datetime, say: Say) -> Post:
    """The head of the ledger, to compare with later."""
    line = say("anchor.post", at=when(at), n=one.seq, anchor=str(one))
    return Post(lines.aloud([line], say), [section(line), context(say("anchor.how"))])
