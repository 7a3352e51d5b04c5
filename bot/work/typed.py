"""Sending typed messages by Amazon's API: any worker, each message at most once.

One thread looks; it starts another for a store that has something to send, so a store whose API hangs keeps nobody
else waiting, and stores that send nothing cost nothing. Putting up files is done again after a crash;
`sending` is committed just before the one request that a buyer sees, and what a dead process left in it becomes
unsure, never a second message. Endings: accepted, again (it did not get there), refused, unsure (a person decides).
"""

import threading
from functools import partial

from bot.amazon.client import AmazonApi
from bot.amazon.messages import send
from bot.db.trouble import is_trouble
from bot.desk import Desk, typed_settle
from bot.desk.typed_settle import Taken
from bot.errors import NeedsAuthorisation, NotOurs, Refused, Unreachable, Unsure, WrongInput
from bot.log import get_logger
from bot.work.busy import Busy

log = get_logger()

_LOOK_SECONDS = 1.0


class TypedLane:
    """Sends the typed messages of all stores for as long as the program runs."""

    def __init__(self, desk: Desk, amazon: AmazonApi) -> None:
        self._desk, self._amazon = desk, amazon
        self._busy = Busy()

    def run(self, stop: threading.Event) -> None:
        """Until `stop`: look which stores have something to send. What is being sent then is finished."""
        while not stop.is_set():
            try:
                for store in typed_settle.stores_ready(self._desk, self._amazon.stores):
                    self._busy.begin(f"typed-{store}", partial(self._send_all, store, stop))
            except Exception as error:
                log.error("typed_lane_failed", exc_info=error)
            stop.wait(_LOOK_SECONDS)
        self._busy.join()

    def _send_all(self, store: str, stop: threading.Event) -> None:
        try:
            while not stop.is_set() and self.send_next(store):
                pass
        except Exception as error:
            log.error("typed_lane_failed", store=store, exc_info=error)

    def send_next(self, store: str) -> bool:
        """Send the store's message that has waited longest since its undo window was over; False if there is none."""
        one = self._take(store)
        if one is not None:
            try:
                self._send(one)
            except NotOurs:
                log.warning("typed_not_ours", typed=one.id, store=store)
        return one is not None

    def _take(self, store: str) -> Taken | None:
        """One that breaks our own code while it is looked at waits, and holds up no other."""
        looked_at: list[int] = []
        try:
            return typed_settle.take(self._desk, store, looked_at)
        except Exception as error:
            if not looked_at or is_trouble(error):
                raise
            log.error("typed_not_looked_at", typed=looked_at[0], exc_info=error)
        typed_settle.put_off(
            self._desk, looked_at[0], "It can't be looked at; the log has it under typed_not_looked_at"
        )
        return None

    def _send(self, one: Taken) -> None:
        """Send it and settle how it ended. An error of our own leaves it as after a crash. Raises NotOurs."""
        desk = self._desk
        try:
            api = self._amazon.of(one.store)
            sent = send(
                api, one.order_id, one.marketplace, one.message, lambda: typed_settle.depart(desk, one)
            )
        except Unreachable as why:
            typed_settle.again(desk, one, str(why), why.retry_after)
        except NeedsAuthorisation as why:
            if typed_settle.locked_out(desk, one, why.code, why):
                log.warning("amazon_locked_out", store=one.store, reason=why.code)
        except (Refused, WrongInput) as why:
            typed_settle.refused(desk, one, str(why), getattr(why, "code", ""))
        except Unsure as why:
            typed_settle.unsure(desk, one, str(why))
        else:
            typed_settle.accepted(desk, one, sent.request_id)
        log.info("typed_tried", typed=one.id, store=one.store, kind=one.message.kind, attempts=one.attempts)
