"""One question and its answer over HTTP: with time-outs, with bounds, and without a word in any log.

Every call has a connection of its own: a kept one may have died unnoticed, and a message that was written into a
dead line could not be told from one that Amazon took.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.clock import monotonic

ANSWER_BYTES = 4 * 1024 * 1024
NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
"""What happens before the first byte of a request has left."""


@dataclass(frozen=True, slots=True)
class Question:
    """A request, as the line takes it. Headers and body hold secrets and buyers' data: they are never shown."""

    method: str
    url: str
    query: Mapping[str, Any] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, complete; `is_odd` when it is not one of JSON."""

    status: int
    headers: httpx.Headers = field(repr=False)
    content: bytes = field(repr=False)

    @property
    def json(self) -> dict[str, Any]:
        """The body as an object; {} if it is none."""
        try:
            found = json.loads(self.content)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def is_odd(self) -> bool:
        """Whether the body is no JSON object, as a proxy's page is none."""
        return not self.json and self.content.strip() != b"{}"


class Line:
    """Asks, one question after the other. Not for several threads."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._client = httpx.Client(
            timeout=timeout_s, follow_redirects=False, limits=httpx.Limits(max_keepalive_connections=0)
        )

    def ask(self, question: Question) -> Answer:
        """The whole answer. Raises httpx.HTTPError; NOT_SENT are those that came before anything was sent."""
        # httpx writes each address into its log, and an address can be a signed one.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        until = monotonic() + 2 * self._timeout_s
        with self._client.stream(
            question.method,
            question.url,
            params=dict(question.query) or None,
            headers=dict(question.headers),
            content=question.content,
        ) as response:
            return Answer(response.status_code, response.headers, _bounded(response, until))

    def close(self) -> None:
        """Let go of the line."""
        self._client.close()


def _bounded(response: httpx.Response, until: float) -> bytes:
    """The body, unless it is too long or drips: both can be without end."""
    content = b""
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > ANSWER_BYTES or monotonic() > until:
            raise httpx.ReadTimeout("the answer did not end", request=response.request)
    return content
