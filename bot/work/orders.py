"""Asking Amazon for the orders of cases: one thread a store, in the one process that holds the store's lease.

A store that is slow, refused or locked out keeps this thread waiting and nothing else: cards, clicks and other stores
have threads of their own. What is to be asked stands in the database, so a crash loses no more than one answer.
"""

import threading
from datetime import timedelta

from bot.amazon.client import AmazonApi
from bot.amazon.orders import look_up
from bot.clock import monotonic
from bot.db.queries.orders import Due
from bot.desk import Desk, orders
from bot.desk.orders import NO_ROLE
from bot.domain.pauses import asking_pause, reading_pause
from bot.errors import NeedsAuthorisation, Outside, Refused, Throttled, Unreachable
from bot.log import get_logger
from bot.work.lease import SPAN, Lease

log = get_logger()

_LOOK_SECONDS = 2.0
_OLD_CASES_SECONDS = 600.0
_KNOCK_SECONDS = 300.0
_THROTTLED_SECONDS = 30.0
_SOON = timedelta(minutes=5)
"""Whether a right is there again only an order can tell."""
_LONGEST_LOOK = timedelta(minutes=3)
"""An order is asked for three times with all time-outs and pauses within this; so long the lease has to last."""
_UNKNOWN = frozenset(("NotFound", "404"))
_NO_RIGHT = frozenset(("Unauthorized", "403"))
_TIMES = 3
"""After so many refusals in a row that speak of rights it is not the order: the application lacks a role."""


class OrderReader:
    """Asks for one store's orders for as long as the program runs."""

    def __init__(self, desk: Desk, store: str, amazon: AmazonApi, owner: str) -> None:
        self._desk, self._store, self._amazon = desk, store, amazon
        self._lease = Lease(desk, f"orders:{store}", owner, SPAN + _LONGEST_LOOK)
        self._failures = self._without_right = 0
        self._old_cases_at = 0.0

    def run(self, stop: threading.Event) -> None:
        """Until `stop`: ask, wait; after an error of our own wait longer and longer."""
        self._lease.repeat(stop, self.step, self._failed)

    def _failed(self, error: Exception) -> float:
        log.error("orders_failed", store=self._store, exc_info=error)
        return self._back_off()

    def step(self) -> float:
        """Ask for one order, if one is due; returns how many seconds to wait before the next step."""
        if monotonic() >= self._old_cases_at:
            orders.want_all(self._desk, self._store)
            self._old_cases_at = monotonic() + _OLD_CASES_SECONDS
        locked = orders.locked_out_by(self._desk, self._store)
        if locked is not None and not self._is_let_in(locked):
            return _KNOCK_SECONDS
        due = orders.next_due(self._desk, self._store)
        return _LOOK_SECONDS if due is None else self._ask(due)

    def _is_let_in(self, code: str) -> bool:
        """Whether Login with Amazon opens its door again; of a role that is missing only an order can tell."""
        try:
            self._amazon.of(self._store).log_in()
        except Outside:
            return False
        if code != NO_ROLE:
            orders.let_in(self._desk, self._store)
            log.info("amazon_let_in", store=self._store)
        return True

    def _ask(self, due: Due) -> float:
        try:
            order = look_up(self._amazon.of(self._store), due.order_id)
        except Throttled as why:
            return max(1.0, why.retry_after or _THROTTLED_SECONDS)
        except Unreachable as why:
            log.warning("amazon_not_reached", store=self._store, attempts=self._failures + 1)
            return self._put_off(due, why)
        except NeedsAuthorisation as why:
            return self._locked_out(why.code, why)
        except Refused as why:
            return self._refused(due, why)
        self._failures = self._without_right = 0
        orders.take(self._desk, self._store, due.order_id, order, due.at)
        return 0.0

    def _refused(self, due: Due, why: Refused) -> float:
        if why.code in _UNKNOWN:
            self._failures = self._without_right = 0
            orders.take_missing(self._desk, self._store, due.order_id, due.at)
            return 0.0
        log.warning("amazon_refused", store=self._store, reason=why.code)
        if why.code not in _NO_RIGHT:
            self._without_right = 0
            return self._put_off(due, why)
        self._without_right += 1
        wait_s = self._put_off(due, why, most=_SOON)
        return self._locked_out(NO_ROLE, why) if self._without_right >= _TIMES else wait_s

    def _locked_out(self, code: str, why: Refused) -> float:
        if orders.lock_out(self._desk, self._store, code, why):
            log.warning("amazon_locked_out", store=self._store, reason=code)
        return _KNOCK_SECONDS

    def _put_off(self, due: Due, why: Outside, most: timedelta = timedelta.max) -> float:
        pause = min(asking_pause(due.attempts + 1), most)
        orders.put_off(self._desk, self._store, due.order_id, why, pause * self._desk.clock.speed)
        return self._back_off()

    def _back_off(self) -> float:
        self._failures += 1
        return reading_pause(self._failures).total_seconds()
