"""What Amazon allows to be sent about an order, asked while a person waits: soon an answer, or soon a reason.

Clients of its own, less patient than those of the lanes; opened at the first question, so that a process without
the stores' credentials starts all the same.
"""

import threading
from dataclasses import replace

from bot.amazon.client import AmazonApi, Patience
from bot.amazon.messages import allowed_kinds
from bot.desk import Desk, orders
from bot.domain.typed_messages import MessageKind
from bot.errors import NeedsAuthorisation, NotFound, Refused
from bot.log import get_logger
from bot.settings.secrets import Secrets
from bot.work.amazon import access_of

log = get_logger()

TIMEOUT_SECONDS = 8.0
PATIENCE = Patience(tries=2, first_pause_s=0, longest_pause_s=0)
"""A second try at once, for a token that has ended or a line that broke; nobody sits before a modal for a pause."""


class TypedLookup:
    """Asks for all stores. Safe to share between threads."""

    def __init__(self, desk: Desk, secrets: Secrets, stop: threading.Event | None = None) -> None:
        self._desk, self._secrets, self._stop = desk, secrets, stop
        self._opened: AmazonApi | None = None
        self._lock = threading.Lock()

    def allowed(self, store: str, order_id: str, marketplace: str) -> tuple[MessageKind, ...]:
        """The kinds that Amazon allows now. A store that it does not let in is locked out, as for orders.

        Raises Unreachable, Throttled, Refused, NeedsAuthorisation; ConfigError when credentials are missing.
        """
        try:
            return allowed_kinds(self._api().of(store), order_id, marketplace)
        except NeedsAuthorisation as why:
            if orders.lock_out(self._desk, store, why.code, why):
                log.warning("amazon_locked_out", store=store, reason=why.code)
            raise
        except NotFound as why:
            raise Refused(str(why), code="no API access") from why

    def _api(self) -> AmazonApi:
        with self._lock:
            if self._opened is None:
                settings = self._desk.settings
                named = [name for name, store in settings.stores.items() if store.api is not None]
                stores = {
                    name: replace(
                        access_of(settings, name, self._secrets),
                        timeout_s=TIMEOUT_SECONDS,
                        token_timeout_s=TIMEOUT_SECONDS,
                    )
                    for name in named
                }
                self._opened = AmazonApi(stores, self._desk.clock, patience=PATIENCE, stop=self._stop)
            return self._opened
