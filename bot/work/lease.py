"""Holding a one-of job: one process of many does it; when that one dies, another takes over.

A lease is only as good as the clocks of those who look at its end: a process whose clock is far from the database's
takes none, and gives up those it has. A process that was paused past the end of its lease sees that by the stop-watch
before it does anything more (`Held`); what it was in the middle of does not commit (`Lease.fence`).
"""

import threading
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.clock import RealClock, monotonic
from bot.db.engine import fenced
from bot.db.queries import leases
from bot.desk import Desk
from bot.errors import NotOurs
from bot.log import get_logger

log = get_logger()

SPAN = timedelta(seconds=30)
RENEW_SECONDS = 10.0
TRY_SECONDS = 2.0
_BELIEVED = 3
"""So many spans a lease may seem to last: no clock that may act is that far ahead."""
WARN_APART, MOST_APART = timedelta(seconds=2), timedelta(seconds=10)


class Lease:
    """A lease that is taken when it is free, renewed while we live, given back when we stop."""

    def __init__(self, desk: Desk, name: str, owner: str, span: timedelta = SPAN) -> None:
        self._desk = desk
        self._span = span * desk.clock.speed
        self._lasts_s = span.total_seconds()
        self._name = name
        self._owner = owner
        self._times = 0
        self._token = owner
        self._held = False
        self._ends_at = 0.0
        self._warned = 0

    def hold(self) -> bool:
        """Take or renew it; says whether it is ours now."""
        began = monotonic()
        with self._desk.database.writing() as tx:
            apart = self._apart(tx)
            is_off = apart > MOST_APART
            if is_off:
                leases.give_back(tx, self._name, self._token)
            held = not is_off and self._take(tx)
        self._warn(apart)
        if held != self._held:
            log.info("lease_taken" if held else "lease_lost", lease=self._name)
        if self._held and not held:
            self._ended()
        elif held:
            self._held, self._ends_at = True, began + self._lasts_s
        return held

    def _take(self, tx: Session) -> bool:
        now, span = self._desk.now(), self._span
        return leases.take(tx, self._name, self._token, now, span, at_most=_BELIEVED * span)

    def _ended(self) -> None:
        """When it becomes ours again it is another: what was begun before stays undone."""
        self._held, self._ends_at = False, 0.0
        self._times += 1
        self._token = f"{self._owner}:{self._times}"

    def is_ours(self) -> bool:
        """Whether it surely is: by the stop-watch, from before it was last renewed."""
        return monotonic() < self._ends_at

    def fence(self) -> Callable[[Session], None]:
        """What lets a transaction commit only while the lease is held as it is held now (`db.engine.fenced`).

        It raises NotOurs. Until the commit nobody else gets the lease.
        """
        token = self._token

        def check(tx: Session) -> None:
            if not leases.is_held(tx, self._name, token):
                raise NotOurs(f"The lease {self._name} went to another process; this is undone.")

        return check

    def _apart(self, tx: Session) -> timedelta:
        """How far our clock is from the database's, at least. Clocks of the demo and of tests are nobody's."""
        before, there, after = self._desk.now(), leases.clock_of(tx), self._desk.now()
        if there is None or not isinstance(self._desk.clock, RealClock):
            return timedelta(0)
        return max(there - after, before - there, timedelta(0))

    def _warn(self, apart: timedelta) -> None:
        level = (apart > WARN_APART) + (apart > MOST_APART)
        if level > self._warned:
            (log.error if level > 1 else log.warning)("clock_is_off", lease=self._name, count=apart.seconds)
        self._warned = level

    def wait_until_held(self, stop: threading.Event) -> bool:
        """Until it is ours; False if `stop` came first. A database that does not answer is asked again."""
        while not stop.is_set():
            try:
                if self.hold():
                    return True
            except Exception as error:
                log.error("lease_failed", lease=self._name, exc_info=error)
            stop.wait(TRY_SECONDS)
        return False

    def repeat(
        self, stop: threading.Event, step: Callable[[], float], failed: Callable[[Exception], float]
    ) -> None:
        """Do `step` whenever it is ours, until `stop`; then give it back. What is begun when it ends does not commit.

        `step` returns how many seconds to wait before the next, `failed` how many after an error of our own.
        """
        while self.wait_until_held(stop):
            try:
                while not stop.is_set() and self.hold():
                    # Who was paused within a step must not write over what another has heard since.
                    with fenced(self.fence()):
                        wait_s = step()
                    stop.wait(wait_s)
            except NotOurs:
                continue
            except Exception as error:  # noqa: BLE001 - `failed` says it in the log
                stop.wait(failed(error))
        self.give_back()

    def give_back(self) -> None:
        if self._held:
            with self._desk.database.writing() as tx:
                leases.give_back(tx, self._name, self._token)
            self._ended()


class Held(threading.Event):
    """Set while a lease is ours. When its time is over it is not, whether or not somebody has cleared it."""

    def __init__(self, lease: Lease) -> None:
        super().__init__()
        self.lease = lease

    def is_set(self) -> bool:
        return super().is_set() and self.lease.is_ours()
