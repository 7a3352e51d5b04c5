"""What can go wrong with a call, on demand: what Amazon, the servers before it, and the line in between do."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, get_args

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from bot.errors import WrongInput

What = Literal[
    "throttled",  # 429 with the rate in a header
    "throttled_bare",  # 429, no header, no body
    "forbidden_bare",  # 403 without a body
    "denied",  # 403 as Amazon says it
    "html",  # 503 with a page of HTML
    "gateway",  # 502 with {"message"}
    "internal",  # 500 as Amazon says it
    "page",  # 200 with a page of HTML, as a proxy's login
    "hang",  # no answer
    "cut",  # the line breaks within the answer
]
WHATS: tuple[What, ...] = get_args(What)
_PAGE = "<html><body><h1>Service Unavailable</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Trouble:
    """`after`: the call is carried out first, only its answer is lost."""

    what: What
    after: bool = False


@dataclass(slots=True)
class Troubles:
    """What goes wrong next, operation by operation; `token` is the token server's only one."""

    _once: dict[str, deque[Trouble]] = field(default_factory=lambda: defaultdict(deque))
    _always: dict[str, Trouble] = field(default_factory=dict)

    def plan(self, operation: str, trouble: Trouble, times: int | None) -> None:
        """The next `times` calls go wrong; None: each one until `clear`. Raises WrongInput for another word."""
        if trouble.what not in WHATS:
            raise WrongInput(f"The stand-in can't do {trouble.what!r}. It can do: {', '.join(WHATS)}")
        if times is None:
            self._always[operation] = trouble
        else:
            self._once[operation].extend([trouble] * times)

    def clear(self) -> None:
        """Everything works again."""
        self._once.clear()
        self._always.clear()

    def take(self, operation: str) -> Trouble | None:
        """What happens to this call."""
        if self._once[operation]:
            return self._once[operation].popleft()
        return self._always.get(operation)


class Cut(Response):
    """Begins an answer and ends the connection before it is complete."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]}
        await send(start)
        await send({"type": "http.response.body", "body": b"{", "more_body": True})


def error(status: int, code: str, message: str, details: str = "") -> JSONResponse:
    """An answer in the shape of Amazon's errors."""
    return JSONResponse({"errors": [{"code": code, "message": message, "details": details}]}, status)


def quota_exceeded(rate: float | None) -> JSONResponse:
    """429, with the rate in the header if there is one."""
    answer = error(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")
    if rate is not None:
        answer.headers["x-amzn-RateLimit-Limit"] = f"{rate:g}"
    return answer


async def gone_wrong(what: What, rate: float | None, stopping: asyncio.Event) -> Response:
    """The answer to a call that something happens to."""
    if what == "hang":
        await stopping.wait()
        return Response(status_code=504)
    answers: dict[str, Callable[[], Response]] = {
        "throttled": lambda: quota_exceeded(rate or 1.0),
        "throttled_bare": lambda: Response(status_code=429),
        "forbidden_bare": lambda: Response(status_code=403),
        "denied": lambda: error(403, "Unauthorized", "Access to requested resource is denied."),
        "html": lambda: Response(_PAGE, 503, media_type="text/html"),
        "gateway": lambda: JSONResponse({"message": "Bad Gateway"}, 502),
        "internal": lambda: error(500, "InternalFailure", "We encountered an internal error."),
        "page": lambda: Response(_PAGE, 200, media_type="text/html"),
        "cut": Cut,
    }
    return answers[what]()
