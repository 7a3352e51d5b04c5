"""How the bot is: one look at the database, within a time limit, and what this process knows of Slack.

A look runs in a thread of its own. While one hangs no other is begun, so a database that does not answer
costs one thread and one connection, however often it is asked.
"""

import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import monotonic
from bot.db.queries import vitals as vital_queries
from bot.desk import Desk
from bot.desk.alarms import reading_limit
from bot.domain.health import Contact, Fault, Limits, Vitals, no_database, slack_faults, vital_faults
from bot.slack.pulse import Pulse

PATIENCE_S = 3.0
_FRESH_S = 1.0


@dataclass(frozen=True, slots=True)
class Health:
    """What a look found. `vitals` is None when the database gave no answer; a bot without `faults` is well."""

    at: datetime
    vitals: Vitals | None
    contact: Contact
    faults: tuple[Fault, ...]


class Watch:
    """Looks when asked; an answer serves whoever asks within the next second."""

    def __init__(self, desk: Desk, pulse: Pulse, patience_s: float = PATIENCE_S) -> None:
        self.started_at = desk.now()
        self._desk = desk
        self._pulse = pulse
        self._patience_s = patience_s
        self._limits = limits_of(desk)
        self._lock = threading.Lock()
        self._running: Future[Vitals] | None = None
        self._begun = 0.0

    def look(self) -> Health:
        """How the bot is now; takes `patience_s` at most."""
        contact, vitals = self._pulse.contact(), None
        faults: list[Fault] = []
        try:
            vitals = self._current().result(self._patience_s)
            faults += vital_faults(vitals, self._limits, self.started_at)
        except NotInTime:
            faults.append(no_database(f"it gave no answer within {self._patience_s:g} s"))
        except Exception as why:  # noqa: BLE001 - the page must tell, not fall over
            faults.append(no_database(f"it can't be read ({type(why).__name__})"))
        now = self._desk.now()
        faults += slack_faults(contact, self._limits, now)
        return Health(now, vitals, contact, tuple(faults))

    def _current(self) -> "Future[Vitals]":
        with self._lock:
            answer = self._running
            if answer is None or (answer.done() and monotonic() - self._begun >= _FRESH_S):
                answer = self._running = Future()
                self._begun = monotonic()
                threading.Thread(target=self._ask, args=(answer,), name="health", daemon=True).start()
            return answer

    def _ask(self, answer: "Future[Vitals]") -> None:
        settings = self._desk.settings
        try:
            with self._desk.database.reading() as tx:
                vital_queries.answer_within(tx, int(self._patience_s * 1000))
                found = vital_queries.vitals(tx, settings.mailboxes, settings.stores, self._desk.now())
        except BaseException as why:  # noqa: BLE001 - told to whoever waits for the answer
            answer.set_exception(why)
        else:
            answer.set_result(found)


def limits_of(desk: Desk) -> Limits:
    """The limits of the settings. They guard real work, so they are in real minutes, whatever the clock's speed."""
    health, speed = desk.settings.health, desk.clock.speed
    minute = timedelta(minutes=1)
    return Limits(
        mailboxes={name: reading_limit(desk, name) for name in desk.settings.mailboxes},
        outbox=health.outbox_minutes * minute * speed,
        slack=health.slack_minutes * minute * speed,
    )
