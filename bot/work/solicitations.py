"""Asking Amazon for the reviews that managers want: a thread a store that has them switched on, any worker.

First it is asked whether Amazon offers the request for the order, then for the request itself: at most once for an
order. `sending` is committed just before; what a dead process left in it becomes unsure, never a second request.
"""

import threading

from bot.amazon.client import AmazonApi
from bot.amazon.solicitations import may_solicit, solicit
from bot.desk import Desk, solicitations
from bot.desk.solicitations import Taken
from bot.errors import NeedsAuthorisation, NotOurs, Refused, Unreachable, Unsure
from bot.log import get_logger

log = get_logger()

_LOOK_SECONDS = 2.0


class Solicitor:
    """Makes one store's requests for as long as the program runs."""

    def __init__(self, desk: Desk, store: str, amazon: AmazonApi) -> None:
        self._desk, self._store, self._amazon = desk, store, amazon

    def run(self, stop: threading.Event) -> None:
        """Until `stop`: look, ask. What is being asked then is finished."""
        while not stop.is_set():
            try:
                while not stop.is_set() and self.step():
                    pass
            except Exception as error:
                log.error("reviews_failed", store=self._store, exc_info=error)
            stop.wait(_LOOK_SECONDS)

    def step(self) -> bool:
        """Make the request that has waited longest; False if there is none."""
        one = solicitations.take(self._desk, self._store)
        if one is None:
            return False
        try:
            self._ask(one)
        except NotOurs:
            log.warning("review_not_ours", store=self._store)
        return True

    def _ask(self, one: Taken) -> None:
        """Ask and settle how it ended. An error of our own leaves it as after a crash. Raises NotOurs."""
        desk = self._desk
        try:
            api = self._amazon.of(one.store)
            if not may_solicit(api, one.order_id, one.marketplace):
                solicitations.not_offered(desk, one)
                return
            solicit(api, one.order_id, one.marketplace, lambda: solicitations.depart(desk, one))
        except Unreachable as why:
            solicitations.again(desk, one, why.retry_after)
        except NeedsAuthorisation as why:
            if solicitations.locked_out(desk, one, why.code, why):
                log.warning("amazon_locked_out", store=one.store, reason=why.code)
        except Refused as why:
            solicitations.refused(desk, one, why.code)
        except Unsure:
            solicitations.unsure(desk, one)
        else:
            solicitations.sent(desk, one)
        log.info("review_tried", store=one.store, attempts=one.attempts)
