"""A stand-in for one queue of Amazon's (SQS), over HTTP in its JSON protocol, on loopback.

It takes only what is signed with its key, computed here anew from what came over the line. A message that was given
out is hidden until its time is over on the given clock, then it is given out again; after `tries` it goes to the dead
letters, if there are some.
"""

import asyncio
import hashlib
import hmac
import json
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from types import TracebackType
from typing import Any, Self

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.clock import Clock, RealClock
from bot.sandbox.amazon.troubles import Trouble, Troubles, What, gone_wrong
from bot.sandbox.serving import LoopbackServer

Json = dict[str, Any]

KEY_ID, SECRET, REGION = "AKIDEXAMPLE", "not-so-secret", "us-east-1"
_LATE = timedelta(minutes=15)
_PROOF = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<scope>\d{8}/[^/]+/sqs/aws4_request), ?"
    r"SignedHeaders=(?P<names>[a-z0-9;-]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)


@dataclass(slots=True)
class Waiting:
    """A message in the queue. `hidden_until` is on the queue's clock."""

    id: str
    body: str = field(repr=False)
    hidden_until: datetime
    times: int = 0
    receipt: str = ""


class SqsRefusal(Exception):
    """The queue says no, in SQS's way."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


class QueueSandbox:
    """One queue; a context manager. `tries`: after so many a message goes to the dead letters."""

    def __init__(self, *, port: int = 0, clock: Clock | None = None, tries: int | None = None) -> None:
        self._clock, self._tries = clock or RealClock(), tries
        self._server = LoopbackServer("queue-sandbox", port)
        self._lock = threading.Condition(threading.RLock())
        self._numbers = count(1)
        self._waiting: list[Waiting] = []
        self._troubles = Troubles()
        self._is_open = False
        self.secret = SECRET
        self.dead_letters: list[str] = []
        self.calls: list[str] = []

    @property
    def url(self) -> str:
        """The queue's own URL, as settings name it."""
        return f"{self._server.url}/123456789012/reply24"

    def start(self) -> Self:
        """Listen on 127.0.0.1; after a stop, again on the same port and with the same messages."""
        self._stopping, self._arrived = asyncio.Event(), asyncio.Event()
        self._server.start([Route("/{path:path}", self._asked, methods=["POST"])])
        self._is_open = True
        return self

    def stop(self) -> None:
        """Hang up on everybody and stop listening."""

        def let_go() -> None:
            self._stopping.set()
            self._arrived.set()

        self._server.stop(let_go)
        self._is_open = False

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # What tests and the demo say

    def put(self, body: Json | str) -> str:
        """A message arrives; its id."""
        with self._lock:
            id_ = f"message-{next(self._numbers)}"
            text = body if isinstance(body, str) else json.dumps(body)
            self._waiting.append(Waiting(id_, text, self._clock.now()))
        if self._is_open:
            self._server.loop.call_soon_threadsafe(self._arrived.set)
        return id_

    @property
    def left(self) -> list[str]:
        """Ids of the messages that nobody has deleted."""
        with self._lock:
            return [one.id for one in self._waiting]

    def wait_until_empty(self, timeout_s: float = 10) -> bool:
        """Until every message was deleted; False if that takes longer."""
        with self._lock:
            return self._lock.wait_for(lambda: not self._waiting, timeout_s)

    def next_errors(self, operation: str, what: What, *, times: int | None = 1, after: bool = False) -> None:
        """Make the next calls of an operation go wrong; `after`: they are carried out, only the answer is lost."""
        with self._lock:
            self._troubles.plan(operation, Trouble(what, after), times)

    def clear_errors(self) -> None:
        """Everything works again."""
        with self._lock:
            self._troubles.clear()

    # What comes over the line

    async def _asked(self, request: Request) -> Response:
        content = await request.body()
        operation = request.headers.get("x-amz-target", "").removeprefix("AmazonSQS.")
        with self._lock:
            self.calls.append(operation)
            trouble = self._troubles.take(operation)
        try:
            self._require_signature(request, content)
            answer: Json | None = None
            if trouble is None or trouble.after:
                answer = await self._done(operation, json.loads(content))
        except SqsRefusal as why:
            return JSONResponse({"__type": f"com.amazonaws.sqs#{why.code}", "message": why.code}, why.status)
        if trouble is not None:
            return await gone_wrong(trouble.what, None, self._stopping)
        return Response(json.dumps(answer) if answer else "", media_type="application/x-amz-json-1.0")

    async def _done(self, operation: str, asked: Json) -> Json:
        known: dict[str, Callable[[Json], Json]] = {
            "ReceiveMessage": self._give_out,
            "DeleteMessage": self._delete,
            "GetQueueAttributes": self._attributes,
        }
        if operation not in known:
            raise SqsRefusal(400, "InvalidAction")
        if asked.get("QueueUrl") != self.url:
            raise SqsRefusal(400, "QueueDoesNotExist")
        answer = known[operation](asked)
        if answer or not asked.get("WaitTimeSeconds"):
            return answer
        self._arrived.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._arrived.wait(), asked["WaitTimeSeconds"])
        return known[operation](asked)

    def _give_out(self, asked: Json) -> Json:
        now, given = self._clock.now(), []
        with self._lock:
            self._bury(now)
            for one in [one for one in self._waiting if one.hidden_until <= now][
                : asked["MaxNumberOfMessages"]
            ]:
                one.times += 1
                one.receipt = f"{one.id}:{one.times}"
                one.hidden_until = now + timedelta(seconds=asked["VisibilityTimeout"])
                counted = {"ApproximateReceiveCount": str(one.times)}
                given.append(
                    {
                        "MessageId": one.id,
                        "ReceiptHandle": one.receipt,
                        "Body": one.body,
                        "Attributes": counted,
                    }
                )
        return {"Messages": given} if given else {}

    def _bury(self, now: datetime) -> None:
        if self._tries is None:
            return
        dead = [one for one in self._waiting if one.hidden_until <= now and one.times >= self._tries]
        self.dead_letters += [one.id for one in dead]
        self._waiting = [one for one in self._waiting if one not in dead]

    def _delete(self, asked: Json) -> Json:
        with self._lock:
            self._waiting = [one for one in self._waiting if one.receipt != asked["ReceiptHandle"]]
            self._lock.notify_all()
        return {}

    def _attributes(self, _asked: Json) -> Json:
        with self._lock:
            found = {"ApproximateNumberOfMessages": str(len(self._waiting))}
        if self._tries is not None:
            found["RedrivePolicy"] = json.dumps({"maxReceiveCount": self._tries})
        return {"Attributes": found}

    def _require_signature(self, request: Request, content: bytes) -> None:
        proof = _PROOF.fullmatch(request.headers.get("authorization", ""))
        if proof is None or proof["key"] != KEY_ID:
            raise SqsRefusal(403, "UnrecognizedClientException")
        names = proof["names"].split(";")
        if not {"host", "x-amz-date"} <= set(names) or names != sorted(names):
            raise SqsRefusal(403, "IncompleteSignature")
        stamp = request.headers.get("x-amz-date", "")
        signed_at = datetime.strptime(stamp + "+0000", "%Y%m%dT%H%M%SZ%z")
        if abs(self._clock.now() - signed_at) > _LATE:
            raise SqsRefusal(403, "SignatureDoesNotMatch")
        if not hmac.compare_digest(proof["signature"], self._signature(request, proof, names, content)):
            raise SqsRefusal(403, "SignatureDoesNotMatch")

    def _signature(self, request: Request, proof: re.Match[str], names: list[str], content: bytes) -> str:
        wanted = [request.method, request.url.path, request.url.query]
        wanted += [f"{name}:{request.headers.get(name, '').strip()}" for name in names]
        wanted += ["", ";".join(names), hashlib.sha256(content).hexdigest()]
        digest = hashlib.sha256("\n".join(wanted).encode()).hexdigest()
        to_sign = f"AWS4-HMAC-SHA256\n{request.headers['x-amz-date']}\n{proof['scope']}\n{digest}"
        key = ("AWS4" + self.secret).encode()
        for part in proof["scope"].split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.digest(key, to_sign.encode(), "sha256").hex()
