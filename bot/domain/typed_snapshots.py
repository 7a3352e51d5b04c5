"""Typed messages as they look from outside: what can be asked of Amazon, a preview, and how one stands."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.manual import ManualMode
from bot.domain.policy import Finding
from bot.domain.typed_messages import FormFault, MessageKind, TypedMessage

HELD, QUEUED, PREPARING, SENDING = "held", "queued", "preparing", "sending"
ACCEPTED, REFUSED, FAILED, UNSURE, WITHDRAWN = "accepted", "refused", "failed", "unsure", "withdrawn"
STATES = (HELD, QUEUED, PREPARING, SENDING, ACCEPTED, REFUSED, FAILED, UNSURE, WITHDRAWN)
NOT_LEFT = (HELD, QUEUED, PREPARING)
"""Until then a person can call it back."""
ON_ITS_WAY = (*NOT_LEFT, SENDING, UNSURE)
CODES = (
    "cancelled",
    "manual_mode",
    "author_left",
    "too_old",
    "unreadable",
    "said_anew",
    "stopped",
    "not_sent",
)
"""Words of our own for why one ended, or is unsure; other codes are Amazon's."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """An order about which it makes sense to ask Amazon what it allows.

    `case` is the one that people work on, `to` the one whose order it is, where several were merged. `marketplace`
    is the order's code (DE). `manual`: what stops automation for the store; a person may send all the same.
    """

    case: int
    to: int
    store: str
    order_id: str
    marketplace: str
    manual: ManualMode | None = None


@dataclass(frozen=True, slots=True)
class TypedSnapshot:
    """One typed message, as a thread post, a card or the timeline shows it. `files`: (name, size in bytes).

    state: held (undo window) -> queued -> preparing (its files go up; nothing has left) -> sending (the request may
    be with Amazon) -> accepted; refused (Amazon said no: `reason`), failed (it was not sent), unsure (nobody knows:
    a person decides); until preparing also withdrawn. `code`: a word of CODES, or Amazon's for a refusal.
    `locked_since`: it waits because Amazon does not let the store in.
    """

    id: int
    case: int
    kind: MessageKind
    order_id: str
    marketplace: str
    author: str
    state: str
    text: str = field(repr=False)
    files: tuple[tuple[str, int], ...] = field(repr=False)
    covers_from: datetime | None
    covers_until: datetime | None
    created_at: datetime
    not_before: datetime
    attempts: int
    accepted_at: datetime | None
    ended_at: datetime | None
    code: str
    reason: str
    request_id: str
    locked_since: datetime | None = None
    zone: str = "UTC"
    """The store's, in which the days of a warranty begin."""


@dataclass(frozen=True, slots=True)
class TypedPreview:
    """The exact message that would leave, and what is said about it.

    With `faults` it does not fit its form: then nothing else was checked, and nothing was kept. `seen`, `seen_reply`,
    `seen_typed`: the newest buyer message, reply and typed message there is; `over`: the rules over whose warnings
    only a manager may send it, `needs_manager`: whether who looks at it is none.
    """

    message: TypedMessage
    order_id: str
    to: int
    faults: tuple[FormFault, ...] = ()
    fingerprint: str = ""
    findings: tuple[Finding, ...] = ()
    verdict: str = "clean"
    over: tuple[str, ...] = ()
    needs_manager: bool = False
    seconds_to_undo: int = 0
    seen: int = 0
    seen_reply: int = 0
    seen_typed: int = 0
    manual: ManualMode | None = None

    @property
    def may_be_sent(self) -> bool:
        """Whether who looks at it may send it as it is."""
        return not self.faults and self.verdict != "block" and not self.needs_manager
