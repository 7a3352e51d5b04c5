"""Where a store stands against its thresholds: this week's budget, its streaks, peak mode. What boards draw."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.budget import Budget, Burn
from bot.domain.peak import Peak
from bot.domain.streaks import Counts, Limits, Streak


@dataclass(frozen=True, slots=True)
class Standing:
    """One store at one instant; days and weeks are those of `zone`."""

    store: str
    store_name: str
    zone: str
    as_of: datetime
    limits: Limits
    week_start: datetime
    week_end: datetime
    week: Counts
    budgets: tuple[Budget, ...]
    burns: tuple[Burn, ...]
    """The levels whose budget ends before the week does, at the pace of the last hours."""
    streaks: tuple[Streak, ...]
    peak: Peak | None = None
    """What acts on messages that come in now."""


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning as it was recorded: one of `streak` and `burn` is there."""

    store_name: str
    zone: str
    at: datetime
    limits: Limits
    streak: Streak | None = None
    burn: Burn | None = None
