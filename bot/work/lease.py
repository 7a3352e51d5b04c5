"""Holding a one-of job: one process of many does it; when that one dies, another takes over.

A lease is only as good as the clocks of those who look at its end: a process whose clock is far from the database's
takes none, and gives up those it has.
"""

import os
import secrets
import socket
import threading
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.clock import RealClock
from bot.db.queries import leases
from bot.desk import Desk
from bot.log import get_logger

log = get_logger()

SPAN = timedelta(seconds=30)
RENEW_SECONDS = 10.0
TRY_SECONDS = 2.0
WARN_APART, MOST_APART = timedelta(seconds=2), timedelta(seconds=10)


def owner_name() -> str:
    """A name for this process that no other process has."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"


class Lease:
    """A lease that is taken when it is free, renewed while we live, given back when we stop."""

    def __init__(self, desk: Desk, name: str, owner: str, span: timedelta = SPAN) -> None:
        self._desk = desk
        self._span = span * desk.clock.speed
        self._name = name
        self._owner = owner
        self._held = False
        self._warned = 0

    def hold(self) -> bool:
        """Take or renew it; says whether it is ours now."""
        with self._desk.database.writing() as tx:
            apart = self._apart(tx)
            is_off = apart > MOST_APART
            if is_off:
                leases.give_back(tx, self._name, self._owner)
            held = not is_off and leases.take(tx, self._name, self._owner, self._desk.now(), self._span)
        self._warn(apart)
        if held != self._held:
            log.info("lease_taken" if held else "lease_lost", lease=self._name)
        self._held = held
        return held

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

    def give_back(self) -> None:
        if self._held:
            with self._desk.database.writing() as tx:
                leases.give_back(tx, self._name, self._owner)
            self._held = False
