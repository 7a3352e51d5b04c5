"""Manual mode: automation is off for a store, or for all of them; people go on working.

What stops: offering and passing on cases, taking them back after a shift, suggested templates and rewrites, bulk
replies, digests, test mails, sending again by itself, and every reply or typed message that waits to leave.

What goes on: taking mail in, cards, deadlines, the policy check, every ping of a deadline with its second road,
briefs and handovers, warnings to managers, and what a person sends by hand. Amazon's clock does not stop, so what
tells people of it must not either; nothing of it reaches a buyer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.breaker import Trip

ALL = "all"
"""The scope that is every store, and what belongs to none."""
CONSOLE = "console"
"""Who it was that switched by the command line: whoever may run it may do more than that."""
HELD_BACK = "manual mode"
"""Why a reply was withdrawn that nobody called back."""


@dataclass(frozen=True, slots=True)
class ManualMode:
    """One time in manual mode, as long as it lasts and after. `by`: a Slack user id, `reply24`, or CONSOLE.

    `trip` says what the breaker saw, if it was the breaker. `scope` is the key of a store, or ALL.
    """

    id: int
    scope: str
    since: datetime
    by: str
    reason: str
    trip: Trip | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    end_reason: str = ""
    name: str = ""
    """The store's name for people, where whoever shows it has not said it; "" for all stores."""

    def acts_on(self, store: str | None) -> bool:
        """Whether it stops automation for `store`; None is what belongs to no store."""
        return self.ended_at is None and self.scope in (ALL, store)


def acting(modes: Iterable[ManualMode], store: str | None) -> ManualMode | None:
    """The one that a store is in: its own, or else that of all stores."""
    found = [one for one in modes if one.acts_on(store)]
    return min(found, key=lambda one: (one.scope == ALL, one.since), default=None)


@dataclass(frozen=True, slots=True)
class Paused:
    """The scopes in which nothing may happen by itself."""

    scopes: frozenset[str] = frozenset()

    def has(self, store: str | None) -> bool:
        """Whether `store` is among them; None is what belongs to no store."""
        return ALL in self.scopes or store in self.scopes


@dataclass(frozen=True, slots=True)
class HealthLook:
    """What a person read on Seller Central's Account Health page. Rates are fractions; None: not read.

    `standing` is one of STANDINGS. `warnings` is what they typed.
    """

    store: str
    at: datetime
    by: str
    response_rate: float | None = None
    defect_rate: float | None = None
    standing: str | None = None
    warnings: str = ""


STANDINGS = ("healthy", "at_risk", "critical")
DEFECTS = 0.01
"""Amazon wants an order defect rate below 1 % (Seller Central help, "Order Defect Rate")."""


def alarms(look: HealthLook, before: HealthLook | None, minimum: float) -> tuple[str, ...]:
    """What is bad about a look, in words of the views: rate_low, rate_fell, defects_high, defects_rose, standing."""
    found = []
    if look.response_rate is not None and look.response_rate < minimum:
        found.append("rate_low")
    if look.defect_rate is not None and look.defect_rate >= DEFECTS:
        found.append("defects_high")
    if before is not None and _rose(before.defect_rate, look.defect_rate):
        found.append("defects_rose")
    if before is not None and _rose(look.response_rate, before.response_rate):
        found.append("rate_fell")
    if look.standing in ("at_risk", "critical"):
        found.append("standing")
    return tuple(found)


def _rose(before: float | None, after: float | None) -> bool:
    return before is not None and after is not None and after > before
