"""Reading Amazon's notifications: one thread a queue, in the one process that holds the queue's lease.

A message is deleted when its effect is committed, so a crash in between brings it once more, to the same effect. What
can't be read is left where it is: the queue gives it out again, and puts it to its dead letters if it has some; where
it has none, the message is deleted after GIVEN_UP_AFTER tries, with a line in the log. What fails in our own hands
is never deleted: it comes again until it is mended, or until the queue itself lets go of it.
"""

import threading
from datetime import timedelta

from bot.amazon.queue import WAIT_S, Queue, QueueAccess, QueueMessage
from bot.amazon.signature import AwsKey
from bot.clock import Clock, monotonic
from bot.desk import Desk, notifications
from bot.desk.notifications import Ending
from bot.domain.notifications import read
from bot.domain.pauses import reading_pause
from bot.errors import NotOurs, Outside, Refused
from bot.log import get_logger
from bot.settings.secrets import Secrets
from bot.settings.shape import Settings
from bot.work.lease import SPAN, Lease
from bot.work.metrics import NOTIFICATIONS

log = get_logger()

GIVEN_UP_AFTER = 10
_NOTHING_SECONDS = 0.2
_READ_SECONDS = 20.0
_LONGEST_LOOK = timedelta(minutes=8)
"""Ten messages and their deletions with all time-outs are done within this; so long the lease has to last."""


def open_queue(settings: Settings, name: str, secrets: Secrets, clock: Clock) -> Queue:
    """The queue `name` of the settings; nobody is asked yet. Raises ConfigError."""
    found = settings.amazon.queues[name]
    key = AwsKey(secrets.secret(found.key_id_env), secrets.secret(found.secret_env), found.region_name)
    return Queue(QueueAccess(name, found.url, key), clock)


class NotificationReader:
    """Reads one queue for as long as the program runs."""

    def __init__(self, desk: Desk, queue: Queue, owner: str, wait_s: int = WAIT_S) -> None:
        self._desk, self._queue, self._wait_s = desk, queue, wait_s
        self._lease = Lease(desk, f"queue:{queue.name}", owner, SPAN + _LONGEST_LOOK)
        self._failures = 0
        self._read_at = float("-inf")

    def run(self, stop: threading.Event) -> None:
        """Until `stop`: look, wait; after an error of our own wait longer and longer."""
        self._lease.repeat(stop, self.step, self._failed)

    def _failed(self, error: Exception) -> float:
        log.error("notifications_failed", name=self._queue.name, exc_info=error)
        return self._back_off()

    def step(self) -> float:
        """Look once, and deal with what is there; returns how many seconds to wait before the next look."""
        try:
            messages = self._queue.receive(self._wait_s)
        except Outside as why:
            return self._not_read(why)
        self._failures = 0
        if monotonic() >= self._read_at + _READ_SECONDS:
            notifications.was_read(self._desk, self._queue.name)
            self._read_at = monotonic()
        for message in messages:
            self._take(message)
        return 0.0 if messages else _NOTHING_SECONDS

    def _not_read(self, why: Outside) -> float:
        event = "queue_refused" if isinstance(why, Refused) else "queue_not_reached"
        reason = why.code if isinstance(why, Refused) else type(why).__name__
        log.warning(event, name=self._queue.name, reason=reason, attempts=self._failures + 1)
        self._read_at = float("-inf")
        return self._back_off()

    def _back_off(self) -> float:
        self._failures += 1
        return reading_pause(self._failures).total_seconds()

    def _take(self, message: QueueMessage) -> None:
        about = {"name": self._queue.name, "message": message.id, "attempts": message.times}
        said = read(message.body)
        try:
            ending = notifications.take(self._desk, said, message.id)
        except NotOurs:
            raise
        except Exception as error:
            self._count("failed")
            log.error("notification_failed", **about, exc_info=error)
            return
        self._count(ending)
        log.info("notification_read", **about, kind=type(said).__name__, state=ending)
        if ending is Ending.MALFORMED:
            if message.times <= GIVEN_UP_AFTER:
                log.warning("notification_malformed", **about)
                return
            self._count("given_up")
            log.error("notification_given_up", **about)
        self._delete(message)

    def _delete(self, message: QueueMessage) -> None:
        """What could not be deleted comes again, and changes nothing then."""
        try:
            self._queue.delete(message)
        except Outside as why:
            reason = why.code if isinstance(why, Refused) else type(why).__name__
            log.warning("notification_not_deleted", name=self._queue.name, message=message.id, reason=reason)

    def _count(self, ending: str) -> None:
        NOTIFICATIONS.labels(queue=self._queue.name, ending=ending).inc()
