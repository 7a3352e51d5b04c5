"""Peak mode: on some days of the year we answer faster than Amazon asks, by an internal target.

Amazon asked for 12 hours before Christmas once (2015), and buyers wait less patiently then; the founding text's
24 hours stay what counts. So the target is a second, earlier clock: it is shown beside Amazon's deadline and never
in its place, is in no figure, and wakes nobody: it pings in threads, and only until Amazon's ladder begins to call.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain import zones
from bot.domain.pings import Stage

PREFIX = "peak_"
"""What the stages of the target's own ladder are called, before the name of the stage."""


@dataclass(frozen=True, slots=True)
class Peak:
    """Store-local days, both included, and how soon messages of those days are to be answered. None: all stores."""

    first_day: date
    last_day: date
    target_hours: float
    stores: frozenset[str] | None = None

    def is_for(self, store: str, day: date) -> bool:
        """Whether it acts on messages that come in on a day."""
        return self.first_day <= day <= self.last_day and (self.stores is None or store in self.stores)


def peak_on(peaks: Iterable[Peak], store: str, day: date) -> Peak | None:
    """What acts on a store-local day; of several the one with the shortest target."""
    acting = [one for one in peaks if one.is_for(store, day)]
    return min(acting, key=lambda one: one.target_hours, default=None)


def target_at(peaks: Iterable[Peak], store: str, zone: str, anchor: datetime) -> datetime | None:
    """When a message that came in at `anchor` is to be answered by our own target; None outside of peak mode."""
    found = peak_on(peaks, store, zones.local(anchor, zone).date())
    return anchor + timedelta(hours=found.target_hours) if found else None


def own_ladder(ladder: Sequence[Stage]) -> tuple[Stage, ...]:
    """The stages that count down to the target: those that speak in the thread, and only there.

    Direct messages, channels and managers are for Amazon's clock. The stages have names of their own: what was
    pinged for the target is pinged for the deadline all the same.
    """
    return tuple(
        replace(stage, name=PREFIX + stage.name, where=("thread",))
        for stage in ladder
        if "thread" in stage.where
    )
