"""Peak mode on cards and in pings: the internal target, always beside Amazon's deadline and never in its place."""

from collections.abc import Sequence

from bot.domain.snapshots import CaseSnapshot
from bot.slack.inert import mention, when
from bot.slack.texts import Say, left
from bot.slack.views import lines


def on_card(case: CaseSnapshot, say: Say) -> str | None:
    """Until when our own target wants an answer; nothing outside of peak mode or if no answer is owed."""
    if case.target is None or case.due_at is None or case.state != "open":
        return None
    at, hours = case.target
    key = "peak.card" if at >= case.as_of else "peak.card_over"
    return say(key, at=when(at, case.as_of), hours=f"{hours:g}")


def ping(case: CaseSnapshot, say: Say, people: Sequence[str]) -> str | None:
    """The sentence of a ping that the target makes; None if there is none (any more)."""
    if case.target is None or case.due_at is None:
        return None
    at = case.target[0]
    return say(
        "peak.ping" if at >= case.as_of else "peak.ping_over",
        who="".join(f"{mention(person)} " for person in people),
        at=when(at, case.as_of),
        case=case.number,
        buyer=lines.buyer(case.first_name, say),
        left=left(case.due_at, case.as_of, say),
    )
