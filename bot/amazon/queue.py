"""A queue of Amazon's (SQS) that notifications arrive in: looking into it, and deleting what was dealt with.

SQS gives a message out again unless it is deleted within HOLD_S: whoever takes messages must stand the same one twice.
Its JSON protocol: Amazon SQS developer guide, "Making Query API requests using AWS JSON protocol".
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.amazon.access import check_address
from bot.amazon.line import Answer, Line, Question
from bot.amazon.signature import AwsKey, signed
from bot.amazon.words import one_line
from bot.clock import Clock
from bot.errors import ConfigError, Outside, Refused, Throttled, Unreachable

WAIT_S = 5
"""A look waits so long for a message: short enough that a program that is to end does so in time, and half a million
looks a month."""
AT_ONCE = 10
HOLD_S = 120
_THROTTLED = frozenset(("RequestThrottled", "ThrottlingException", "OverLimit", "KmsThrottled"))
_LATER = frozenset((408, 425))


@dataclass(frozen=True, slots=True)
class QueueAccess:
    """One queue's door. `url` is the queue's own, as the console shows it."""

    name: str
    url: str
    key: AwsKey
    timeout_s: float = 20


@dataclass(frozen=True, slots=True)
class QueueMessage:
    """A message as it was given out; `times`: how often it was, this time included."""

    id: str
    receipt: str = field(repr=False)
    body: str = field(repr=False)
    times: int


@dataclass(frozen=True, slots=True)
class QueueState:
    """How a queue stands: about how many messages wait, and after how many tries a message goes to its dead letters."""

    waiting: int
    tries: int | None


class Queue:
    """One queue, for one thread."""

    def __init__(self, access: QueueAccess, clock: Clock) -> None:
        check_address(f"queue {access.name}", access.url)
        if not access.key.key_id or not access.key.secret:
            raise ConfigError(f"amazon: the queue {access.name} has no key. Set it, or take the queue out")
        self.name = access.name
        self._access, self._clock = access, clock
        self._line = Line(access.timeout_s)

    def receive(self, wait_s: int = WAIT_S) -> tuple[QueueMessage, ...]:
        """Messages, if some come within `wait_s`. Raises Unreachable, Throttled, Refused."""
        told = self._ask(
            "ReceiveMessage",
            MaxNumberOfMessages=AT_ONCE,
            WaitTimeSeconds=wait_s,
            VisibilityTimeout=HOLD_S,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        )
        messages = told.get("Messages")
        found = (
            [_message(one) for one in messages if isinstance(one, dict)] if isinstance(messages, list) else []
        )
        return tuple(one for one in found if one.receipt)

    def delete(self, message: QueueMessage) -> None:
        """The message was dealt with. Raises Unreachable, Throttled, Refused."""
        self._ask("DeleteMessage", ReceiptHandle=message.receipt)

    def state(self) -> QueueState:
        """How it stands; takes nothing out. Raises Unreachable, Throttled, Refused."""
        told = self._ask(
            "GetQueueAttributes", AttributeNames=["ApproximateNumberOfMessages", "RedrivePolicy"]
        ).get("Attributes")
        attributes = told if isinstance(told, dict) else {}
        return QueueState(
            _number(attributes.get("ApproximateNumberOfMessages")) or 0,
            _tries(attributes.get("RedrivePolicy")),
        )

    def _ask(self, operation: str, **what: object) -> dict[str, Any]:
        content = json.dumps({"QueueUrl": self._access.url, **what}).encode()
        place = str(httpx.URL(self._access.url).copy_with(path="/", query=None, fragment=None))
        headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": f"AmazonSQS.{operation}"}
        proven = signed(self._access.key, place, headers, content, self._clock.now())
        asking = f"The queue {self.name} ({operation})"
        try:
            answer = self._line.ask(Question("POST", place, {}, proven, content))
        except httpx.HTTPError as why:
            raise Unreachable(f"{asking} could not be reached ({type(why).__name__})") from why
        fault = _fault_of(asking, answer)
        if fault is not None:
            raise fault
        return answer.json


def _message(told: Mapping[str, Any]) -> QueueMessage:
    attributes = told.get("Attributes")
    times = attributes.get("ApproximateReceiveCount") if isinstance(attributes, dict) else None
    body = told.get("Body")
    return QueueMessage(
        id=one_line(told.get("MessageId"), 100),
        receipt=str(told.get("ReceiptHandle") or ""),
        body=body if isinstance(body, str) else "",
        times=_number(times) or 1,
    )


def _fault_of(asking: str, answer: Answer) -> Outside | None:
    code = one_line(answer.json.get("__type"), 100).rpartition("#")[2] or str(answer.status)
    if answer.status == 429 or code in _THROTTLED:
        return Throttled(f"{asking} was asked too often")
    if 400 <= answer.status < 500 and answer.status not in _LATER:
        return Refused(f"{asking} refused: {code}. reply24 check says what to look at", code=code)
    # A deletion is answered with nothing at all.
    if answer.status == 200 and (answer.json or answer.content.strip() in (b"", b"{}")):
        return None
    return Unreachable(f"{asking} answered {answer.status} with something that is not Amazon's")


def _tries(told: object) -> int | None:
    try:
        policy = json.loads(told) if isinstance(told, str) else {}
    except (ValueError, RecursionError):
        return None
    return _number(policy.get("maxReceiveCount")) if isinstance(policy, dict) else None


def _number(told: object) -> int | None:
    text = str(told) if isinstance(told, (int, str)) else ""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else None
