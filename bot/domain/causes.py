"""Why an answer was late: one cause for every miss, and what shows it.

An answer leaves in time when each link of a chain holds: the message reaches us, somebody is on shift, takes
it, writes a reply that the check lets through, and the reply arrives. The cause is the link that broke. Read
top down, the first that fits is the cause; one always does:

1. ingest_late        Too little of the 24 hours was left when it reached us, or none. First, because nothing
                      that people did after that can be held against them.
2. send_failed        A reply was given to be sent in time and did not arrive in time: refused by the mail
                      server, bounced, unsure, or still waiting. People had done everything, so no cause that
                      lies before it in the chain can be right.
3. blocked_by_policy  Somebody wrote, the check refused it, and nothing else was given to be sent in time.
                      Somebody did work on it, on shift or not.
4. no_shift           From when it reached us until it was due nobody of the store was on shift. Above the two
                      below, because who is off shift owes nothing, not even for a case that is theirs.
5. claimed_not_sent   Somebody had it when it fell due.
6. not_claimed        Nobody had it when it fell due; also if somebody had given it back before.

The founding text names three causes: no answer in time 61 %, forbidden content 28 %, and misused templates,
which leaves 11 % (seed, "why replies fail"). `founding_of` says which of them ours belongs to.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.holding import Hold
from bot.domain.rota_versions import Judges, together
from bot.domain.timetable import Span, total, within


class Cause(StrEnum):
    """The six, in the order in which they are asked for."""

    INGEST_LATE = "ingest_late"
    SEND_FAILED = "send_failed"
    BLOCKED_BY_POLICY = "blocked_by_policy"
    NO_SHIFT = "no_shift"
    CLAIMED_NOT_SENT = "claimed_not_sent"
    NOT_CLAIMED = "not_claimed"


NO_REPLY, CONTENT, TEMPLATE = "no_reply", "content", "template"
FOUNDING: Mapping[str, float] = {NO_REPLY: 0.61, CONTENT: 0.28, TEMPLATE: 0.11}
"""The founding text's causes with their shares; the last is what is left of the other two."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A reply to the message that somebody gave to be sent.

    `leaves_at`: when its undo window was over. `tried_at`: its first try that did not get there, if there was one.
    """

    by: str
    given_at: datetime
    leaves_at: datetime
    state: str
    tried_at: datetime | None = None

    def was_due_to_leave(self, due_at: datetime) -> bool:
        """Whether it would have been in time, had nothing gone wrong on its way."""
        if self.tried_at is not None and self.tried_at < due_at:
            return True
        return self.state != "withdrawn" and self.leaves_at < due_at


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reply that the check refused, in the preview or when it was to be sent."""

    by: str
    at: datetime
    rules: tuple[str, ...]
    from_template: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one missed deadline. Tuples are in the order of time; `staffed` is of its store."""

    anchor: datetime
    reached_at: datetime
    due_at: datetime
    staffed: tuple[Span, ...] = ()
    holds: tuple[Hold, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    replies: tuple[Sent, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The cause, and the facts of the one sentence that shows it.

    `at` and `who`: of what decided. `words`: the rules that were broken, or the state of the reply. `span`: how much
    time was left when it reached us (negative: how long it was over), or how much of the time was staffed.
    """

    cause: Cause
    at: datetime
    who: str | None = None
    words: tuple[str, ...] = ()
    span: timedelta = timedelta(0)
    from_template: bool = False


@dataclass(frozen=True, slots=True)
class Miss:
    """One missed deadline with its cause. `answered_at` None: still not answered.

    `judges`: the versions of the rota that said who was on shift; None without a rota.
    """

    message: int
    case: int
    store: str | None
    anchor: datetime
    due_at: datetime
    answered_at: datetime | None
    late_on_arrival: bool
    verdict: Verdict
    judges: Judges | None = None


def cause_of(facts: Facts, ingest_share: float) -> Verdict:
    """The cause of one miss. `ingest_share`: with less than this share of its time left, a message reached us late."""
    late = _ingest_late(facts, ingest_share)
    if late is not None:
        return late
    return next(verdict for rule in _RULES if (verdict := rule(facts)) is not None)


def _ingest_late(facts: Facts, share: float) -> Verdict | None:
    left = facts.due_at - facts.reached_at
    if left > timedelta(0) and left >= (facts.due_at - facts.anchor) * share:
        return None
    return Verdict(Cause.INGEST_LATE, facts.reached_at, span=left)


def _send_failed(facts: Facts) -> Verdict | None:
    tried = [one for one in facts.replies if one.was_due_to_leave(facts.due_at)]
    if not tried:
        return None
    return Verdict(Cause.SEND_FAILED, tried[-1].given_at, tried[-1].by, (tried[-1].state,))


def _blocked(facts: Facts) -> Verdict | None:
    refused = [one for one in facts.refusals if facts.reached_at <= one.at < facts.due_at]
    if not refused:
        return None
    last = refused[-1]
    return Verdict(
        Cause.BLOCKED_BY_POLICY, last.at, last.by, tuple(sorted(last.rules)), from_template=last.from_template
    )


def _no_shift(facts: Facts) -> Verdict | None:
    if _staffed(facts):
        return None
    return Verdict(Cause.NO_SHIFT, facts.reached_at)


def _claimed(facts: Facts) -> Verdict | None:
    before = [one for one in facts.holds if one.at < facts.due_at]
    if not before or before[-1].who is None:
        return None
    return Verdict(Cause.CLAIMED_NOT_SENT, before[-1].at, before[-1].who, span=_staffed(facts))


def _not_claimed(facts: Facts) -> Verdict:
    before = [one for one in facts.holds if one.at < facts.due_at]
    last = before[-2].who if len(before) > 1 else None
    at = before[-1].at if last is not None else facts.reached_at
    return Verdict(Cause.NOT_CLAIMED, at, last, span=_staffed(facts))


def _staffed(facts: Facts) -> timedelta:
    """How much of the time that was left somebody of the store was on shift."""
    return total(within(facts.staffed, facts.reached_at, facts.due_at))


_RULES: tuple[Callable[[Facts], Verdict | None], ...] = (
    _send_failed,
    _blocked,
    _no_shift,
    _claimed,
    _not_claimed,
)


def founding_of(verdict: Verdict) -> str:
    """Which of the founding text's three causes it is.

    Nothing reached the buyer in time, whatever held it up: no_reply. The check refused what somebody wrote: content,
    or, where it was made from a template, template.
    """
    if verdict.cause is not Cause.BLOCKED_BY_POLICY:
        return NO_REPLY
    return TEMPLATE if verdict.from_template else CONTENT


@dataclass(frozen=True, slots=True)
class Shares:
    """How many misses have which cause; every cause is in it.

    `after_due` more were late on arrival: they are in no rate (domain/sla.py), and in none of these counts.
    """

    total: int
    counts: Mapping[Cause, int]
    founding: Mapping[str, int]
    after_due: int

    def share(self, count: int) -> float | None:
        """A count as a fraction of all; None where there is no miss."""
        return count / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class CauseReport:
    """The misses of a period, newest first. `stores`: (key, name, zone of its days) of each store in it."""

    as_of: datetime
    period: str
    stores: tuple[tuple[str, str, str], ...]
    misses: tuple[Miss, ...]
    shares: Shares

    @property
    def judges(self) -> Judges | None:
        """The versions of the rota that judged any of the misses; None without a rota or a miss."""
        return together(one.judges for one in self.misses)


def shares(misses: Iterable[Miss]) -> Shares:
    """The misses counted by cause, and by the founding text's causes."""
    listed = list(misses)
    every = [one for one in listed if not one.late_on_arrival]
    causes = Counter(one.verdict.cause for one in every)
    founding = Counter(founding_of(one.verdict) for one in every)
    return Shares(
        total=len(every),
        counts={cause: causes[cause] for cause in Cause},
        founding={cause: founding[cause] for cause in FOUNDING},
        after_due=len(listed) - len(every),
    )
