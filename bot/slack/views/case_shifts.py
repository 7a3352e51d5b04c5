"""What the card says of shifts: who is asked to take the case, when somebody is on, and that nobody is.

Source: issue 3 and peers reference N3, N4. The decisions are `domain.routing`'s. Who is off shift is named
and not mentioned, unless they are the last resort: a card must not wake anybody.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.snapshots import CaseShifts, CaseSnapshot
from bot.slack.inert import escape, mention, shorten, when
from bot.slack.texts import Say
from bot.slack.views import lines

_MINUTE = timedelta(minutes=1)
_OWN_LINE = frozenset({"open", "nobody_at_all"})
"""Reasons that are about nobody in particular."""


def shift_lines(case: CaseSnapshot, say: Say) -> list[str]:
    """What to know of shifts, the most alarming first; nothing without a rota or if no answer is owed."""
    if case.shifts is None or case.due_at is None or case.state != "open":
        return []
    found = (_alarm(case, say), _asked(case, say), _nobody_on(case, say), _assignee_off(case, say))
    return [line for line in found if line]


def spoken(case: CaseSnapshot, say: Say) -> str:
    """The same, to be read aloud."""
    return lines.aloud(shift_lines(case, say), say)


def why(reason: tuple[str, Mapping[str, object]] | None, now: datetime, say: Say) -> str:
    """Why this person, in brackets."""
    if reason is None or reason[0] in _OWN_LINE:
        return ""
    words = _reason(reason, now, say)
    return say("offer.why", why=words) if words else ""


def _reason(reason: tuple[str, Mapping[str, object]], now: datetime, say: Say) -> str:
    """The words of a reason; none if its key is new or lacks a fact, for a card must come out all the same."""
    facts = {name: _fact(name, value, now, say) for name, value in reason[1].items()}
    try:
        return say(f"offer.why.{reason[0]}", **facts)
    except KeyError:
        return ""


def _fact(name: str, value: object, now: datetime, say: Say) -> str:
    if isinstance(value, datetime):
        return when(value, now)
    if name == "queue" and isinstance(value, int):
        return say.count("open", value)
    if name == "lang":
        return lines.language(str(value), say)
    if name == "skills":
        return say.several([say.word("topic", one.strip()) for one in str(value).split(",")])
    return escape(shorten(str(value), 60))


def _is_unstaffed(case: CaseSnapshot, shifts: CaseShifts) -> bool:
    is_overdue = case.due_at is not None and case.due_at < case.as_of
    return shifts.staffed_left < _MINUTE and not is_overdue


def _alarm(case: CaseSnapshot, say: Say) -> str | None:
    """Nobody is on before it is due, and nobody was asked all the same."""
    shifts = case.shifts
    if shifts is None or shifts.offered_to or not _is_unstaffed(case, shifts):
        return None
    if shifts.reason and shifts.reason[0] == "nobody_at_all":
        return _reason(shifts.reason, case.as_of, say)
    following = say("offer.next", at=when(shifts.next_at, case.as_of)) if shifts.next_at else None
    return say.joined((say("offer.alarm_claimed" if case.assignee else "offer.alarm"), following))


def _asked(case: CaseSnapshot, say: Say) -> str | None:
    """Who was asked to take it, or for whom it waits."""
    shifts = case.shifts
    if shifts is None or case.assignee is not None:
        return None
    if shifts.offered_to:
        return _offer(shifts, case.as_of, say)
    if shifts.planned and shifts.on:
        name, at = shifts.planned
        waits = say("offer.waits", name=escape(shorten(name, 40)), at=when(at, case.as_of))
        return waits + why(shifts.reason, case.as_of, say)
    if shifts.reason and shifts.reason[0] == "open":
        return _reason(shifts.reason, case.as_of, say)
    return None


def _offer(shifts: CaseShifts, now: datetime, say: Say) -> str:
    key = "offer.last_resort" if shifts.last_resort else "offer.to"
    to = say(key, who=mention(shifts.offered_to or ""), why=why(shifts.reason, now, say))
    return " · ".join(part for part in (to, until(shifts, now, say)) if part)


def until(shifts: CaseShifts, now: datetime, say: Say) -> str | None:
    """How long the offer stands."""
    return say("offer.until", until=when(shifts.offered_until, now)) if shifts.offered_until else None


def _nobody_on(case: CaseSnapshot, say: Say) -> str | None:
    """Until when nobody is on, and who takes it then."""
    shifts = case.shifts
    if shifts is None or shifts.on or shifts.offered_to or _is_unstaffed(case, shifts):
        return None
    if shifts.next_at is None:
        return say("offer.nobody")
    parts = [say("offer.nobody_until", at=when(shifts.next_at, case.as_of)), *_planned(case, shifts, say)]
    return " · ".join(parts)


def _planned(case: CaseSnapshot, shifts: CaseShifts, say: Say) -> Sequence[str]:
    if shifts.planned is None or case.assignee is not None:
        return []
    name, at = escape(shorten(shifts.planned[0], 40)), shifts.planned[1]
    if at == shifts.next_at:
        return [say("offer.planned_then", name=name)]
    return [say("offer.planned", name=name, at=when(at, case.as_of))]


def _assignee_off(case: CaseSnapshot, say: Say) -> str | None:
    shifts = case.shifts
    if shifts is None or case.assignee is None or not shifts.assignee_off:
        return None
    who = mention(case.assignee)
    if shifts.assignee_back_at is None:
        return say("offer.off", who=who)
    return say("offer.off_until", who=who, at=when(shifts.assignee_back_at, case.as_of))
