"""Holding a one-of job: one process of many does it; when that one dies, another takes over."""

import os
import secrets
import socket
import threading
from datetime import timedelta

from bot.db.queries import leases
from bot.desk import Desk
from bot.log import get_logger

log = get_logger()

SPAN = timedelta(seconds=30)
RENEW_SECONDS = 10.0
TRY_SECONDS = 2.0


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

    def hold(self) -> bool:
        """Take or renew it; says whether it is ours now."""
        with self._desk.database.writing() as tx:
            held = leases.take(tx, self._name, self._owner, self._desk.now(), self._span)
        if held != self._held:
            log.info("lease_taken" if held else "lease_lost", lease=self._name)
        self._held = held
        return held

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
