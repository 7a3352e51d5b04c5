"""A stand-in for the Selling Partner API, its token server and the place for files: one server on loopback.

Routes, parameters, limits, rates and examples come from Amazon's models. Tests and the demo put accounts and
orders in, and count what was sent: `amazon.add_account("acme-us", ...)`, `amazon.add_order(invent(...))`.
"""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.clock import Clock, RealClock
from bot.sandbox.amazon import orders, uploads
from bot.sandbox.amazon.answers import Asked, answer
from bot.sandbox.amazon.core import Core
from bot.sandbox.amazon.model import Json
from bot.sandbox.amazon.rates import Rates
from bot.sandbox.amazon.tokens import Tokens
from bot.sandbox.amazon.troubles import Trouble, Troubles, What, gone_wrong
from bot.sandbox.amazon.world import MESSAGE_TAILS, ROLES, Account, KnownOrder, SentMessage, World
from bot.sandbox.serving import LoopbackServer
from bot.sandbox.slack.stopwatch import Stopwatch


@dataclass(frozen=True, slots=True)
class Call:
    """One request that came in. `operation` is Amazon's name, "token" or "upload"; "" for an unknown path."""

    operation: str
    method: str
    path: str
    query: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class AmazonSandbox:
    """Amazon, as the bot reaches it in demo and tests; a context manager."""

    def __init__(self, *, port: int = 0, clock: Clock | None = None, rate_limits: bool = True) -> None:
        stopwatch, world = Stopwatch(), World()
        tokens, rates = Tokens(world, stopwatch), Rates(stopwatch, rate_limits)
        self._core = Core(world, tokens, rates, Troubles(), clock or RealClock())
        self._changed = threading.Condition(threading.RLock())
        self._server = LoopbackServer("amazon-sandbox", port)
        self._calls: list[Call] = []
        for order in orders.examples():
            self.add_order(order)

    @property
    def url(self) -> str:
        """The endpoint of the Selling Partner API."""
        return self._server.url

    @property
    def token_url(self) -> str:
        """Where access tokens come from."""
        return self.url + "/auth/o2/token"

    def start(self) -> Self:
        """Listen on 127.0.0.1; after a stop, again on the same port and with the same state."""
        self._stopping = asyncio.Event()
        self._server.start(
            [
                Route("/auth/o2/token", self._token, methods=["POST"]),
                Route("/upload/{id}", self._upload, methods=["PUT"]),
                Route("/{path:path}", self._operation, methods=["GET", "POST", "PUT", "DELETE"]),
            ]
        )
        return self

    def stop(self) -> None:
        """Hang up on everybody and stop listening."""
        self._server.stop(self._stopping.set)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # What tests and the demo say

    def add_account(
        self,
        name: str,
        *,
        refresh_token: str,
        client_id: str = "client",
        client_secret: str = "secret",  # noqa: S107 - a made-up secret for loopback
        roles: frozenset[str] = ROLES,
    ) -> None:
        """A seller who gave an application these credentials."""
        with self._changed:
            account = Account(name, refresh_token, client_id, client_secret, roles)
            self._core.world.accounts[refresh_token] = account

    def revoke(self, name: str) -> None:
        """The seller takes the authorisation back: the refresh token and all access tokens end."""
        with self._changed:
            for account in self._core.world.accounts.values():
                account.is_revoked = account.is_revoked or account.name == name

    def change_secret(self, name: str, client_secret: str) -> None:
        """The application's secret is another one from now on, as after its 180 days."""
        with self._changed:
            for account in self._core.world.accounts.values():
                if account.name == name:
                    account.client_secret = client_secret

    def expire_tokens(self) -> None:
        """All access tokens that were handed out are too old from now on."""
        with self._changed:
            self._core.tokens.expire()

    def add_order(
        self,
        order: Json,
        *,
        account: str | None = None,
        actions: tuple[str, ...] = MESSAGE_TAILS,
        locale: str = "en-US",
    ) -> None:
        """An order in the form of the model (see `orders.invent`), seen by `account` alone, or by all.

        `actions`: the messages that it allows. Raises WrongInput for what the model does not allow.
        """
        with self._changed:
            self._core.world.orders[order["orderId"]] = orders.known(order, account, actions, locale)

    def look_up_in(self, shop: Callable[[str], KnownOrder | None]) -> None:
        """Where the orders come from that nobody has put in."""
        with self._changed:
            self._core.world.look_up = shop

    def offer_reviews(self, order_id: str, *, offered: bool) -> None:
        """Whether a review of the order can be asked for, as from 5 to 30 days after its delivery."""
        with self._changed:
            orders_without = self._core.world.without_reviews
            (orders_without.discard if offered else orders_without.add)(order_id)

    def subscribe(self, account: str, kind: str, subscription: str) -> None:
        """The account is subscribed to a kind of notification."""
        with self._changed:
            self._core.world.subscriptions[account, kind] = subscription

    def next_errors(self, operation: str, what: What, *, times: int | None = 1, after: bool = False) -> None:
        """Make the next calls of an operation (or "token", "upload") go wrong; `times` None: until cleared.

        `after`: the call is carried out, only its answer is lost. Raises WrongInput for an unknown word.
        """
        with self._changed:
            self._core.troubles.plan(operation, Trouble(what, after), times)

    def clear_errors(self) -> None:
        """Everything works again."""
        with self._changed:
            self._core.troubles.clear()

    def set_rate(self, operation: str, per_second: float) -> None:
        """All accounts get another rate for an operation, as Amazon does for large sellers."""
        with self._changed:
            self._core.rates.own[operation] = per_second

    def skip(self, seconds: float) -> None:
        """Jump ahead in the time of rates and of tokens."""
        self._server.loop.call_soon_threadsafe(self._core.rates.stopwatch.skip, seconds)

    @property
    def sent(self) -> list[SentMessage]:
        """The messages and solicitations that buyers got, oldest first."""
        with self._changed:
            return list(self._core.world.sent)

    def wait_for_sent(self, n: int, timeout_s: float = 10) -> list[SentMessage]:
        """The messages, as soon as there are `n`. Raises TimeoutError, naming how many came."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._core.world.sent) >= n, timeout_s):
                raise TimeoutError(f"{len(self._core.world.sent)} messages in {timeout_s} s, expected {n}")
            return list(self._core.world.sent)

    def wait_for_call(self, operation: str, timeout_s: float = 10) -> Call:
        """The first request of this operation, as soon as there is one. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.calls(operation), timeout_s):
                raise TimeoutError(f"nobody asked for {operation} in {timeout_s} s")
            return self.calls(operation)[0]

    def uploaded(self, destination_id: str) -> bytes | None:
        """The file that came to this place; None if none did."""
        with self._changed:
            place = self._core.world.destinations.get(destination_id)
            return None if place is None else place.content

    def calls(self, operation: str = "") -> list[Call]:
        """The requests so far, oldest first; those of one operation, or all."""
        with self._changed:
            return [one for one in self._calls if operation in ("", one.operation)]

    # What comes over the line

    async def _token(self, request: Request) -> Response:
        return await self._with_trouble("token", request, self._core.tokens.answer)

    async def _upload(self, request: Request) -> Response:
        place = request.path_params["id"]
        return await self._with_trouble(
            "upload", request, lambda content: uploads.take(self._core.world, place, request.headers, content)
        )

    async def _operation(self, request: Request) -> Response:
        asked = Asked.of(request, self.url)
        name = asked.found[0].name if asked.found else ""
        return await self._with_trouble(name, request, lambda body: answer(self._core, asked, body))

    async def _with_trouble(self, name: str, request: Request, done: Any) -> Response:
        body = await request.body()
        with self._changed:
            call = Call(
                name, request.method, request.url.path, request.url.query, dict(request.headers), body
            )
            self._calls.append(call)
            trouble = self._core.troubles.take(name)
            response: Response | None = done(body) if trouble is None or trouble.after else None
            self._changed.notify_all()
        if trouble is not None:
            return await gone_wrong(trouble.what, self._core.rate_of(name), self._stopping)
        return response if response is not None else Response(status_code=500)
