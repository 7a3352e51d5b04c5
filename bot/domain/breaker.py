"""The circuit breaker: when what leaves a store goes wrong so often that automation is switched off.

The founding text: after an abnormal fluctuation, first pause automation and switch to manual mode. Five causes:

* blocked: the mail server or Amazon refused replies for good (5xx after the login: policy, sender, address);
* bounced: replies that had been taken came back, opt-out notices among them;
* failed: replies did not leave at all: no login, no answer, tried again and again;
* rate_drop: the response rate of the last hours lies far below that of the weeks before;
* account: Amazon says that the account is at risk or deactivated (notifications.py). That comes with a message, not
  by counting, so none of what follows is about it: each change for the worse trips once.

A burst is so many of a store's last endings, an ending being the newest thing known of one reply. A drop must
be deep, must rest on enough messages, and must be one that chance brings less than once in a thousand windows.

It does not flap: what led to a trip never leads to another, for only what happened after a manager ended it counts,
and not before a pause is over. Until things were seen to be calm since, it takes twice as much: whoever ended it
knew how things stood.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from math import exp, lgamma, log, log1p
from typing import Any

from bot.domain.sla import Rate

BLOCKED, BOUNCED, FAILED, RATE_DROP, ACCOUNT = "blocked", "bounced", "failed", "rate_drop", "account"
BURSTS = (BLOCKED, BOUNCED, FAILED)
CAUSES = (*BURSTS, RATE_DROP, ACCOUNT)
"""The one that is told, if several are found, is the first."""

CHANCE = 0.001
"""A drop that chance alone brings more often than this is none."""
HISTORY = 100
"""So many decided messages are needed before anything can be called usual."""
REMEMBERED = timedelta(days=7)
"""For so long an ended trip makes the breaker wait for more."""
_LOGIN = frozenset({"530", "534", "535", "538"})
"""Refusals of the login (RFC 4954), which say nothing about what was written."""
_EVIDENCE = 50


@dataclass(frozen=True, slots=True)
class BreakerLimits:
    """When it trips. `bursts`: so many of the `of_last` endings, by cause; `drop` is in fractions of 1."""

    bursts: Mapping[str, int] = field(default_factory=lambda: {BLOCKED: 4, BOUNCED: 5, FAILED: 5})
    of_last: int = 20
    burst_window: timedelta = timedelta(hours=24)
    drop: float = 0.20
    rate_window: timedelta = timedelta(hours=24)
    messages: int = 20
    pause: timedelta = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The newest thing known of one reply: `ending` is accepted, blocked, bounced or failed, known since `at`."""

    at: datetime
    reply: int
    ending: str


@dataclass(frozen=True, slots=True)
class Trip:
    """What the breaker saw. `bad` of `of` endings, or of decided messages that were not answered in time.

    `ids` are the newest of those replies, or messages; `usual` is the response rate of the weeks before. `before` and
    `after` are Amazon's words for the status of an account.
    """

    cause: str
    bad: int
    of: int
    first_at: datetime | None = None
    last_at: datetime | None = None
    ids: tuple[int, ...] = ()
    usual: float | None = None
    before: str = ""
    after: str = ""

    @property
    def rate(self) -> float:
        """The response rate that a drop is about."""
        return (self.of - self.bad) / self.of if self.of else 0.0


def ending_of(state: str, code: str | None) -> str:
    """What a reply that was tried counts as, by its state and by the mail server's code for a refusal."""
    if state in ("accepted", "bounced"):
        return state
    is_policy = code is not None and code.isdecimal() and code.startswith("5") and code not in _LOGIN
    return BLOCKED if state == "failed" and is_policy else FAILED


def burst(
    cause: str, outcomes: Sequence[Outcome], limits: BreakerLimits, now: datetime, ended: datetime | None
) -> Trip | None:
    """The trip that the endings of a store (in their order) call for, by one cause.

    `ended`: when its last trip was ended; None if there was none in the last week.
    """
    if rests(limits, now, ended) or sum(one.ending == cause for one in outcomes) < limits.bursts[cause]:
        return None
    fresh = [one for one in outcomes if one.at <= now and (ended is None or one.at > ended)]
    is_calm = ended is None or _was_calm(cause, fresh, limits)
    wanted = limits.bursts[cause] if is_calm else min(2 * limits.bursts[cause], limits.of_last)
    last = [one for one in fresh if one.at > now - limits.burst_window][-limits.of_last :]
    bad = [one for one in last if one.ending == cause]
    if len(bad) < wanted:
        return None
    ids = tuple(one.reply for one in bad)[-_EVIDENCE:]
    return Trip(cause, len(bad), len(last), bad[0].at, bad[-1].at, ids)


def rests(limits: BreakerLimits, now: datetime, ended: datetime | None) -> bool:
    """Whether the pause after an ended trip is not over yet."""
    return ended is not None and now < ended + limits.pause


def _was_calm(cause: str, fresh: Sequence[Outcome], limits: BreakerLimits) -> bool:
    """Whether at some time since, a whole run of endings had no more than half of what trips."""
    so_far = [0, *accumulate(one.ending == cause for one in fresh)]
    runs = zip(so_far, so_far[limits.of_last :], strict=False)
    return any(2 * (after - before) <= limits.bursts[cause] for before, after in runs)


def rate_drop(
    recent: Rate, usual: Rate, limits: BreakerLimits, *, rearmed: bool = True
) -> tuple[float, float] | None:
    """(rate, usual rate) of a drop that is one; `rearmed` False: nothing was calm since the last one."""
    if recent.decided < limits.messages or usual.decided < HISTORY:
        return None
    before = usual.in_time / usual.decided
    rate = recent.in_time / recent.decided
    if _below(before, rate) < limits.drop * (1 if rearmed else 2):
        return None
    # One more of each, so that a team that never missed a message is not thought to be unable to.
    expected = (usual.in_time + 1) / (usual.decided + 2)
    return (rate, before) if at_most(recent.in_time, recent.decided, expected) <= CHANCE else None


def may_drop(recent: Rate, limits: BreakerLimits) -> bool:
    """Whether the last hours alone could be a drop, whatever was usual: only then that is worth working out."""
    return recent.decided >= limits.messages and _below(1.0, recent.in_time / recent.decided) >= limits.drop


def is_calm(since: Rate, usual: Rate, limits: BreakerLimits) -> bool:
    """Whether the rate since an ended drop, on enough messages, is back at half the drop or better."""
    if since.decided < limits.messages or not usual.decided:
        return False
    return _below(usual.in_time / usual.decided, since.in_time / since.decided) <= limits.drop / 2


def _below(usual: float, rate: float) -> float:
    """How far a rate lies below another one; rounded, because 0.95 - 0.75 is a little less than 0.2 to a machine."""
    return round(usual - rate, 9)


def at_most(hits: int, tries: int, chance: float) -> float:
    """How probable it is that of `tries`, each a hit with `chance`, no more than `hits` are."""
    if chance >= 1:
        return 1.0 if hits >= tries else 0.0
    if chance <= 0:
        return 1.0
    return min(1.0, sum(_exactly(count, tries, chance) for count in range(hits + 1)))


def _exactly(hits: int, tries: int, chance: float) -> float:
    ways = lgamma(tries + 1) - lgamma(hits + 1) - lgamma(tries - hits + 1)
    return exp(ways + hits * log(chance) + (tries - hits) * log1p(-chance))


def facts_of(trip: Trip) -> dict[str, Any]:
    """A trip as it is stored: numbers, ids, Amazon's words for a status."""
    status = {"before": trip.before, "after": trip.after} if trip.cause == ACCOUNT else {}
    return {
        "bad": trip.bad,
        "of": trip.of,
        "first_at": trip.first_at.isoformat() if trip.first_at else None,
        "last_at": trip.last_at.isoformat() if trip.last_at else None,
        "ids": list(trip.ids),
        "usual": trip.usual,
        **status,
    }


def trip_of(cause: str, facts: Mapping[str, Any]) -> Trip:
    """The trip that was stored so."""
    first, last = (
        datetime.fromisoformat(at) if (at := facts[key]) else None for key in ("first_at", "last_at")
    )
    return Trip(
        cause,
        facts["bad"],
        facts["of"],
        first,
        last,
        tuple(facts["ids"]),
        facts["usual"],
        facts.get("before", ""),
        facts.get("after", ""),
    )
