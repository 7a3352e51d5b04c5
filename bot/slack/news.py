"""What came in while somebody wrote a reply, as its preview shows it: one thing at a time."""

from bot.domain.seen import done_since
from bot.domain.snapshots import CaseSnapshot
from bot.slack.views.reply_modal import StaleNote


def standing_news(case: CaseSnapshot, mark: str | None, person: str) -> StaleNote | None:
    """That a colleague closed or took the case since `person` looked at it (`mark`: domain/seen.py)."""
    done = None if mark is None else done_since(mark, case.state, case.assignee, person)
    if done == "closed" and (case.closed_by == "reply" or case.excused_by == person):
        return None  # an answer is told as one, and what they did themself is no news
    return news(done, case) if done else None


def news(what: str, case: CaseSnapshot) -> StaleNote:
    """The newest thing of that kind; `what` is as in `StaleNote`."""
    answer = case.last_reply
    if what == "colleague" and answer is not None:
        return StaleNote(answer.text, answer.author, answer.created_at, what)
    if what == "taken":
        return StaleNote(who=case.assignee, at=case.assigned_at, what=what)
    if what in ("closed", "copied"):
        how = "copied" if case.closed_by == "copy" else "closed"
        return StaleNote(who=case.excused_by, at=case.closed_at, what=how)
    return StaleNote(case.last_message.text if case.last_message else "")
