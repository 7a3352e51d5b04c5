"""Asking the Selling Partner API for one store: reads with some patience, messages exactly once.

How it can end is at the top of bot/errors.py; `judging` says when. Tokens and rates are shared by all threads of the
process; a client is for one store and one thread.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from bot.amazon.access import ApiAccess, check_access, check_address
from bot.amazon.judging import Asking, fault_of_read, fault_of_send, says_token_ended, unsure
from bot.amazon.library import Ask
from bot.amazon.line import NOT_SENT, Answer, Line, Question
from bot.amazon.rates import Rates
from bot.amazon.tokens import Tokens
from bot.clock import Clock
from bot.errors import NotFound, Throttled, Unreachable

Json = dict[str, Any]

_USER_AGENT = "reply24 (Language=Python)"


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a read is tried within one call, and the longest pause before the next try, in real seconds."""

    tries: int = 3
    first_pause_s: float = 1.0
    longest_pause_s: float = 8.0


class StoreApi:
    """One store's client, for one thread: `read` what can be asked again, `send` what a buyer sees."""

    def __init__(
        self,
        access: ApiAccess,
        tokens: Tokens,
        rates: Rates,
        clock: Clock,
        *,
        patience: Patience = Patience(),
        stop: threading.Event | None = None,
    ) -> None:
        check_access(access)
        self.store = access.store
        self._access, self._tokens, self._rates, self._clock = access, tokens, rates, clock
        self._patience, self._stop = patience, stop or threading.Event()
        self._line = Line(access.timeout_s)

    def log_in(self) -> None:
        """Get a token and ask nothing. Raises NeedsAuthorisation, Unreachable, Throttled, Refused."""
        self._tokens.token_for(self._access)

    def read(self, operation: str, call: Callable[[Ask], Answer]) -> Json:
        """Ask what can be asked again; the answer's object.

        Raises Unreachable, Throttled (not now: both may say after how many seconds), Refused, NeedsAuthorisation.
        """
        return self._patiently(lambda: self._read_once(operation, call))

    def send(
        self, operation: str, call: Callable[[Ask], Answer], last_look: Callable[[], None] = lambda: None
    ) -> Answer:
        """Ask for something that a buyer sees: at most one request leaves, whatever happens.

        `last_look` is called just before; what it raises keeps the message here. Raises Unreachable, Throttled,
        Refused, NeedsAuthorisation (nothing was sent), Unsure (it may have been).
        """
        asking = self._asking(operation)
        self._take_turn(asking)
        token = self._tokens.token_for(self._access)

        def ask(verb: str, path: str, query: Json, body: Json | None) -> Answer:
            question = self._question(token, verb, path, query, body)
            last_look()
            try:
                return self._line.ask(question)
            except NOT_SENT as why:
                raise _unreachable(asking, why) from why
            except httpx.HTTPError as why:
                raise unsure(asking, f"no answer came ({type(why).__name__})") from why

        answer = call(ask)
        if self._heard(asking, token, answer):
            raise _token_ended(asking)
        fault = fault_of_send(asking, answer)
        if fault is not None:
            raise fault
        return answer

    def put_file(self, url: str, headers: Mapping[str, str], content: bytes) -> None:
        """A file to the signed address that Amazon gave for it. Raises Unreachable, Refused.

        The store's token does not travel along: the address is all that the place wants.
        """
        check_address(self.store, url)
        asking = Asking(self.store, "place for files")
        self._patiently(lambda: self._put_once(asking, Question("PUT", url, {}, headers, content)))

    def _read_once(self, operation: str, call: Callable[[Ask], Answer]) -> Json:
        asking = self._asking(operation)
        self._take_turn(asking)
        token = self._tokens.token_for(self._access)

        def ask(verb: str, path: str, query: Json, body: Json | None) -> Answer:
            return self._asked(asking, self._question(token, verb, path, query, body))

        answer = call(ask)
        if self._heard(asking, token, answer):
            raise _token_ended(asking)
        fault = fault_of_read(asking, answer)
        if fault is not None:
            raise fault
        return answer.json

    def _put_once(self, asking: Asking, question: Question) -> Json:
        answer = self._asked(asking, question)
        if 200 <= answer.status < 300:
            return {}
        raise fault_of_read(asking, answer) or _unreachable(asking, None)

    def _asked(self, asking: Asking, question: Question) -> Answer:
        try:
            return self._line.ask(question)
        except httpx.HTTPError as why:
            raise _unreachable(asking, why) from why

    def _patiently(self, once: Callable[[], Json]) -> Json:
        """`once`, some times: what says "later" is asked again, if that is soon."""
        pause = self._patience.first_pause_s
        for _try in range(self._patience.tries - 1):
            try:
                return once()
            except Unreachable as why:
                wait = pause if why.retry_after is None else why.retry_after
                if wait > self._patience.longest_pause_s or self._waited(wait):
                    raise
                pause = min(2 * pause, self._patience.longest_pause_s)
        return once()

    def _waited(self, seconds: float) -> bool:
        """Wait for `seconds` of real time; says whether the program is to end."""
        return self._clock.wait(self._stop, timedelta(seconds=seconds) * self._clock.speed)

    def _asking(self, operation: str) -> Asking:
        return Asking(self.store, operation, self._rates.rate_of(self.store, operation))

    def _take_turn(self, asking: Asking) -> None:
        wait = self._rates.seconds_to_wait(self.store, asking.operation)
        if wait:
            raise Throttled(f"{asking} would be asked too often. It is asked again later", retry_after=wait)

    def _heard(self, asking: Asking, token: str, answer: Answer) -> bool:
        """Remember what an answer says about rates and about the token; whether the token has ended."""
        self._rates.learn(self.store, asking.operation, answer.headers.get("x-amzn-ratelimit-limit"))
        if answer.status == 429:
            self._rates.empty(self.store, asking.operation)
        has_ended = says_token_ended(answer)
        if has_ended:
            self._tokens.forget(self.store, token)
        return has_ended

    def _question(self, token: str, verb: str, path: str, query: Json, body: Json | None) -> Question:
        headers = {
            "x-amz-access-token": token,
            "x-amz-date": self._clock.now().strftime("%Y%m%dT%H%M%SZ"),
            "user-agent": _USER_AGENT,
            "accept": "application/json, application/hal+json",
            "accept-encoding": "identity",
        }
        content = None
        if body is not None:
            headers["content-type"] = "application/json"
            content = json.dumps(body).encode()
        return Question(verb, self._access.endpoint.rstrip("/") + path, query, headers, content)


class AmazonApi:
    """The clients of all stores that have API access: one for each store and thread."""

    def __init__(
        self,
        stores: Mapping[str, ApiAccess],
        clock: Clock,
        *,
        patience: Patience = Patience(),
        stop: threading.Event | None = None,
    ) -> None:
        for access in stores.values():
            check_access(access)
        self._stores, self._clock, self._patience, self._stop = dict(stores), clock, patience, stop
        self._tokens, self._rates = Tokens(clock), Rates(clock)
        self._mine = threading.local()

    @property
    def stores(self) -> tuple[str, ...]:
        """The stores that have API access."""
        return tuple(self._stores)

    def of(self, store: str) -> StoreApi:
        """This thread's client of `store`. Raises NotFound when the store has no API access."""
        if store not in self._stores:
            raise NotFound(
                f"The store {store} has no access to Amazon's API; stores.yaml says how to give it"
            )
        clients: dict[str, StoreApi] = self._mine.__dict__.setdefault("clients", {})
        if store not in clients:
            clients[store] = StoreApi(
                self._stores[store],
                self._tokens,
                self._rates,
                self._clock,
                patience=self._patience,
                stop=self._stop,
            )
        return clients[store]


def _unreachable(asking: Asking, why: Exception | None) -> Unreachable:
    how = f" ({type(why).__name__})" if why else ""
    return Unreachable(f"{asking} could not be reached{how}. It is tried again later")


def _token_ended(asking: Asking) -> Unreachable:
    return Unreachable(
        f"{asking}: the access token had ended, nothing was done. It is asked again with another"
    )
