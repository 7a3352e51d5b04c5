"""What goes over the wire: JSON objects, refusals with Slack's error codes, and bodies in Slack's two forms.

Source: docs.slack.dev/apis/web-api (form and JSON bodies, `ok`/`error` answers, 429 with Retry-After).
"""

import json
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.errors import Refused

# Block Kit and Slack's payloads are open JSON: this alias is the one place that says so.
Json = dict[str, Any]
_STRUCTURED = frozenset({"attachments", "blocks", "files", "metadata", "view"})


class Refusal(Refused):
    """Slack would refuse this; `code` is Slack's error word, `extra` the rest of the answer."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(f"Slack refuses this: {code}", code=code)
        self.extra = extra


class BadBlocks(Refusal):
    """The blocks or the view break Slack's rules; one message a fault, with its JSON pointer."""

    def __init__(self, code: str, faults: list[str]) -> None:
        super().__init__(code, response_metadata={"messages": faults})
        self.faults = faults


async def arguments(request: Request) -> Json:
    """The arguments of a Web API call, from query string and form or JSON body."""
    found: Json = dict(request.query_params)
    body = await request.body()
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            given = json.loads(body or b"{}")
        except ValueError as error:
            raise Refusal("invalid_json") from error
        if not isinstance(given, dict):
            raise Refusal("json_not_object")
        return found | given
    pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True)
    return found | {name: _decoded(value) if name in _STRUCTURED else value for name, value in pairs}


def _decoded(value: str) -> Any:
    """A form carries lists and objects as JSON text; what is no JSON stays text, for the method to refuse."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def parts_of(value: Any) -> Iterator[Json]:
    """Every object inside, itself included."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from parts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from parts_of(inner)


def truth(value: object) -> bool:
    """Slack takes 1, true and "true" for yes."""
    return str(value).lower() in ("1", "true")


def whole(value: object, default: int) -> int:
    """A number argument, which a form sends as text."""
    try:
        return int(str(value))
    except ValueError:
        return default


def new_id(prefix: str) -> str:
    """An id in Slack's shape: a letter for its kind, then capitals and digits."""
    return prefix + uuid.uuid4().hex[:10].upper()
