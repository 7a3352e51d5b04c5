"""Pings: which reminder of a deadline is due. Stages are ordered, most time left first.

After an outage only the most urgent stage that was reached counts; the earlier ones are never sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Stage:
    """One rung of the ladder: due when no more than `left` is on the clock."""

    name: str
    left: timedelta
    where: tuple[str, ...]


def stage_due(ladder: Sequence[Stage], due_at: datetime, now: datetime) -> Stage | None:
    """The most urgent stage that a deadline has reached at `now`; None before the first."""
    left = due_at - now
    reached = [stage for stage in ladder if left <= stage.left]
    return reached[-1] if reached else None
