"""Pings: which reminder of a deadline is due. Stages are ordered, most time left first.

Two clocks run: the one of Amazon, and the staffed time that is left on it. The shorter one counts, so
what falls due while nobody is on is pinged to the last shift before. Overdue is by Amazon's clock alone.
After an outage only the most urgent stage that was reached counts; the earlier ones are never sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_OVER = timedelta(0)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stage:
    """One rung of the ladder: due when no more than `left` is on the clock."""

    name: str
    left: timedelta
    where: tuple[str, ...]


def stage_due(
    ladder: Sequence[Stage], due_at: datetime, now: datetime, staffed: timedelta | None = None
) -> Stage | None:
    """The most urgent stage that a deadline has reached at `now`; None before the first.

    `staffed` is how much of the time that is left somebody is on shift; None if that is all of it.
    """
    left = due_at - now
    shorter = left if staffed is None else min(left, staffed)
    reached = [stage for stage in ladder if (shorter if stage.left > _OVER else left) <= stage.left]
    return reached[-1] if reached else None


def asked_mark(at: datetime | None) -> str:
    """When the managers were asked to look at a case, in a word; "" for never."""
    return str((at - _EPOCH) // timedelta(microseconds=1)) if at else ""


def asked_at(mark: str) -> datetime:
    """The instant of such a word."""
    return _EPOCH + timedelta(microseconds=int(mark))
