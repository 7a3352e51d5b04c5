"""Lines about order messages that several views share: which kind, which files, how one stands."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.passed_on import MOST_BYTES
from bot.domain.snapshots import CaseSnapshot
from bot.domain.typed_messages import MessageKind
from bot.domain.typed_snapshots import CODES, TypedSnapshot
from bot.domain.zones import local
from bot.slack import ids
from bot.slack.blocks import Block, button, context
from bot.slack.inert import escape, mention, shorten, when
from bot.slack.texts import Say
from bot.slack.views import lines

_NAME = 60
_REASON = 300
_SHOWN = 2


def kind(of: MessageKind, say: Say) -> str:
    """What the message is for, in two words."""
    return say.word("typed_kind", of)


def size(count: int) -> str:
    """How many bytes, as people read it: 12 KB, 3.4 MB."""
    return f"{count / 1024 / 1024:.1f} MB" if count >= 1024 * 1024 else f"{max(1, round(count / 1024))} KB"


def largest() -> str:
    """How large all files of a message may be."""
    return f"{MOST_BYTES // (1024 * 1024)} MB"


def files(of: Sequence[tuple[str, int]], say: Say) -> str:
    """Files by name and size."""
    shown = [say("typed.file", name=escape(shorten(name, _NAME)), size=size(count)) for name, count in of]
    return say.several(shown)


def dates(span: tuple[datetime | None, datetime | None], zone: str, say: Say) -> str | None:
    """From which day until which a warranty runs, as the store's zone counts days; None where nothing is said of it."""
    if span == (None, None):
        return None
    start, end = (f"{local(one, zone):%Y-%m-%d}" if one else say("typed.open_date") for one in span)
    return say("typed.dates", start=start, end=end, zone=lines.zone_name(zone, say))


def clock_warning(case: CaseSnapshot, say: Say) -> str:
    """Before it is sent: that it is no answer."""
    return say("typed.clock" if case.due_at else "typed.clock_free")


def clock(case: CaseSnapshot, say: Say) -> str:
    """That an order message is no answer, and whether one is owed."""
    owed = say("typed.post.owed" if case.due_at else "typed.post.free")
    return say("typed.post.clock", owed=owed)


def why(one: TypedSnapshot, say: Say) -> str | None:
    """Why it did not leave, or nobody knows: in words of our own, or in Amazon's."""
    reasons = [say.word("typed_code", one.code)] if one.code in CODES and one.code != "cancelled" else []
    reasons += [escape(shorten(one.reason, _REASON))] if one.reason else []
    return say("typed.reason", reason=": ".join(reasons)) if reasons else None


def on_card(case: CaseSnapshot, say: Say) -> list[Block]:
    """The newest order messages, a line each."""
    return [context(_line(one, case, say)) for one in case.typed[-_SHOWN:]]


def _line(one: TypedSnapshot, case: CaseSnapshot, say: Say) -> str:
    return say(
        "typed.card",
        kind=kind(one.kind, say),
        state=say.word("typed_state", one.state),
        who=mention(one.author),
        at=when(one.accepted_at or one.ended_at or one.created_at, case.as_of),
    )


def in_details(one: TypedSnapshot, say: Say) -> str:
    """One line, and what there is to add, for the whole history of a case."""
    line = say(
        "details.typed",
        kind=kind(one.kind, say),
        who=mention(one.author),
        at=when(one.accepted_at or one.created_at),
        state=say.word("typed_state", one.state),
    )
    listed = say("typed.file_list", files=files(one.files, say)) if one.files else None
    return "\n".join(
        part
        for part in (line, why(one, say), listed, dates((one.covers_from, one.covers_until), one.zone, say))
        if part
    )


def may_be_opened(case: CaseSnapshot) -> bool:
    """Whether there is an order that Amazon can be asked about."""
    known = any(one.order_id == case.order_id and one.state != "missing" for one in case.orders)
    return case.kind == "buyer" and case.merged_into is None and known


def is_on_card(case: CaseSnapshot) -> bool:
    """What is not known of an order takes no room on a card; details and the command lead there all the same."""
    known = any(one.order_id == case.order_id and one.order is not None for one in case.orders)
    return known and may_be_opened(case)


def open_button(case: CaseSnapshot, say: Say, key: str = "typed.button") -> Block:
    """Opens the modal that asks Amazon what may be sent about the order."""
    label = say("label.case", do=say(key), case=case.number)
    return button(ids.TYPED_OPEN, say(key), lines.reference(case), label=label)
