"""How things look from outside at one instant: what views draw and commands print.

Persons are Slack user ids; instants are aware UTC; buyer text is never in a repr.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain import sla
from bot.domain.causes import Cause
from bot.domain.kept_orders import KeptOrder
from bot.domain.manual import ManualMode
from bot.domain.policy import Finding
from bot.domain.policy.rewrites import Rewrite
from bot.domain.privacy import first_name
from bot.domain.purge import Hold
from bot.domain.solutions import SolutionSnapshot
from bot.domain.standings import Standing
from bot.domain.typed_snapshots import TypedSnapshot


@dataclass(frozen=True, slots=True)
class MessageSnapshot:
    """One buyer message as a card or a modal shows it.

    What domain/privacy.py hides is hidden in both texts; `hidden` says how much of what.
    """

    id: int
    received_at: datetime
    text: str = field(repr=False)
    full_text: str = field(repr=False)
    lang: str | None
    attachments: tuple[tuple[str, int, str], ...]
    """(name, size in bytes, danger as in domain/files.py)"""
    due_at: datetime | None
    deadline_state: str | None
    thread: int = 0
    """The case that it came to; it may have been merged into another."""
    hidden: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ReplySnapshot:
    """One reply as a thread post, a modal or the timeline shows it."""

    id: int
    author: str
    state: str
    template: str | None
    text: str = field(repr=False)
    then_close: bool
    created_at: datetime
    not_before: datetime
    accepted_at: datetime | None
    ended_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class NoteSnapshot:
    """One internal note."""

    author: str
    text: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class WarningEvent:
    """A warning in a case's history. what, a word of the ledger: manager_asked, warning_overridden (it was sent)."""

    what: str
    who: str
    at: datetime
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseShifts:
    """What the rota says about a case at the instant of its snapshot: who could answer it, and when."""

    on: bool
    """Whether anybody who may take the case is on shift now."""
    staffed_left: timedelta  # of the time until it is due
    shifts_left: int
    """How many shifts, begun or to come, carry the case until it is due: 1 is the last one."""
    offered_to: str | None = None
    offered_until: datetime | None = None
    """When an offer that nobody claimed goes on to the next person; None if it stays."""
    reason: tuple[str, Mapping[str, object]] | None = None
    """Why this person: (key, facts) of `domain.routing`."""
    last_resort: bool = False
    """Whether `offered_to` is off shift, because nobody on shift can answer in time."""
    next_at: datetime | None = None
    """When somebody comes on who may take it, if nobody is on."""
    planned: tuple[str, datetime] | None = None
    """(name, from when): whom it waits for. A name, not an id: a card must not wake who sleeps."""
    assignee_off: bool = False
    assignee_back_at: datetime | None = None
    """When the assignee, who is off shift, is back; None if not before it is due."""


@dataclass(frozen=True, slots=True)
class ThreadSnapshot:
    """One of several conversations of a buyer that were merged into one case; `number` is its own case.

    `due_at` is its earliest open deadline; `is_next`: the next reply goes to it. `answered_with`: the threads
    with the same address, itself among them.
    """

    number: int
    order_id: str | None
    asin: str | None
    marketplace: str | None
    buyer_name: str | None = field(repr=False)
    subject: str = field(repr=False)
    lang: str | None
    topic: str | None
    risk: tuple[str, ...]
    needs_reply: bool
    due_at: datetime | None
    is_next: bool
    answered_with: tuple[int, ...]
    rma: str | None = None


@dataclass(frozen=True, slots=True)
class CaseSnapshot:
    """A case at one instant, with all that any view needs. Persons are Slack user ids."""

    number: int
    kind: str
    store: str | None
    store_name: str
    marketplace: str | None
    channel: str
    order_id: str | None
    asin: str | None
    buyer_name: str | None = field(repr=False)
    buyer_alias: str | None = field(repr=False)
    subject: str = field(repr=False)
    lang: str | None
    topic: str | None
    risk: tuple[str, ...]
    needs_reply: bool
    why: str
    state: str
    closed_by: str | None
    assignee: str | None
    assigned_at: datetime | None
    snoozed_until: datetime | None
    escalated_at: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    version: int
    messages: tuple[MessageSnapshot, ...]
    replies: tuple[ReplySnapshot, ...]
    notes: tuple[NoteSnapshot, ...]
    as_of: datetime
    composing: tuple[str, datetime] | None = None
    shifts: CaseShifts | None = None
    """None where no rota is set up."""
    solutions: tuple[SolutionSnapshot, ...] = ()
    rma: str | None = None
    warnings: tuple[WarningEvent, ...] = ()
    merged_into: int | None = None
    merged_by: str | None = None
    split_from: int | None = None
    threads: tuple[ThreadSnapshot, ...] = ()
    """The conversations that were merged into this case, with its own; none if it is a single one."""
    to: int | None = None
    """The conversation that a reply goes to, when the snapshot is one `towards` it."""
    target: tuple[datetime, float] | None = None
    """In peak mode: until when our own target wants an answer, and how many hours that is."""
    missed: Cause | None = None
    """Why its newest missed deadline was missed."""
    purged_at: datetime | None = None
    hold: Hold | None = None
    """The hold that keeps its personal data longest."""
    manual: ManualMode | None = None
    """What stops automation for its store, if something does."""
    orders: tuple[KeptOrder, ...] = ()
    typed: tuple[TypedSnapshot, ...] = ()
    excused_by: str | None = None  # who said that its newest message needs no answer

    @property
    def due_at(self) -> datetime | None:
        """The earliest open deadline, or None when no answer is owed (here: a merged case owes none itself)."""
        if self.merged_into is not None:
            return None
        open_ones = [one.due_at for one in self.messages if one.due_at and one.deadline_state == "open"]
        return min(open_ones, default=None)

    @property
    def last_message(self) -> MessageSnapshot | None:
        """What the buyer wrote last."""
        return self.messages[-1] if self.messages else None

    @property
    def first_name(self) -> str | None:
        """All of the buyer's name that a channel gets to see."""
        return first_name(self.buyer_name)

    @property
    def last_reply(self) -> ReplySnapshot | None:
        """The newest reply that got further than a draft."""
        sent = [one for one in self.replies if one.state not in ("draft", "withdrawn")]
        return sent[-1] if sent else None


def status(case: CaseSnapshot) -> str:
    """The one word that tells how a case stands; the most alarming one wins.

    One of: merged, unsure, failed, bounced, sending, overdue, snoozed, claimed, new, no_response_needed,
    answered, closed.
    """
    if case.merged_into is not None:
        return "merged"
    last = case.last_reply
    if last and last.state in ("unsure", "failed", "bounced") and case.state == "open":
        return last.state
    if last and last.state in ("held", "queued", "sending"):
        return "sending"
    if case.state == "closed":
        return _closed_status(case)
    if case.due_at is not None and case.due_at < case.as_of:
        return "overdue"
    if case.snoozed_until is not None and case.snoozed_until > case.as_of:
        return "snoozed"
    if case.due_at is None and last and last.state == "accepted":
        return "answered"
    return "claimed" if case.assignee else "new"


def _closed_status(case: CaseSnapshot) -> str:
    if case.closed_by == "no_response_needed":
        return "no_response_needed"
    return "answered" if case.closed_by == "reply" else "closed"


@dataclass(frozen=True, slots=True)
class Fitting:
    """An open case that another one could be merged into; `text` is what the buyer wrote last there."""

    number: int
    order_id: str | None
    opened_at: datetime
    due_at: datetime | None
    text: str = field(repr=False)


def towards(case: CaseSnapshot, to: int | None = None) -> CaseSnapshot:
    """The case as who writes a reply needs it: order, language and messages of the conversation that it goes to.

    `to` is the case of that conversation; None: the one whose turn it is. A case that is a single one stays
    as it is.
    """
    found = [one for one in case.threads if one.number == to or (to is None and one.is_next)]
    if not found:
        return case
    one = found[0]
    return replace(
        case,
        order_id=one.order_id,
        asin=one.asin,
        marketplace=one.marketplace,
        buyer_name=one.buyer_name,
        subject=one.subject,
        lang=one.lang,
        topic=one.topic,
        rma=one.rma,
        to=one.number,
        messages=tuple(message for message in case.messages if message.thread in one.answered_with),
    )


def waiting_at(case: CaseSnapshot) -> set[tuple[int, ...]]:
    """The addresses at which a message waits, each as the conversations that have it."""
    return {one.answered_with for one in case.threads if one.due_at is not None}


def goes_to(case: CaseSnapshot) -> tuple[ThreadSnapshot, int] | None:
    """Which of several conversations a reply goes to, and how many other addresses wait; None for a single one."""
    to = next((one for one in case.threads if one.number == case.to), None)
    return None if to is None else (to, len(waiting_at(case) - {to.answered_with}))


@dataclass(frozen=True, slots=True)
class Preview:
    """The exact text that would leave, and what the policy check says about it."""

    text: str = field(repr=False)
    fingerprint: str
    findings: tuple[Finding, ...]
    verdict: str
    seconds_to_undo: int
    seen: int
    seen_reply: int = 0
    to: int | None = None
    """The case whose address it goes to, where several were merged."""
    rewrites: tuple[Rewrite, ...] = ()
    """What one click would change."""
    over: tuple[str, ...] = ()  # the rules over whose warnings only a manager may send it
    needs_manager: bool = False
    """Whether who looks at it may not send it for that reason."""
    manual: ManualMode | None = None
    """What stops automation for the store: it leaves only if its sender says so once more."""


@dataclass(frozen=True, slots=True)
class Question:
    """A text that somebody asked the managers to send over warnings. `findings` are these, as they were asked about.

    state: asked; answered (`answered_by` has answered the buyer since); renewed (the same person asked about
    another text since). `called`: the managers whom its post calls. `seen`, `seen_reply`: the newest buyer message
    and reply that the asker had seen.
    """

    id: int
    case: int
    by: str
    at: datetime
    text: str = field(repr=False)
    template: str | None
    findings: tuple[Finding, ...] = field(repr=False)
    called: tuple[str, ...]
    state: str
    seen: int
    seen_reply: int
    answered_by: str | None = None


@dataclass(frozen=True, slots=True)
class NoticeSnapshot:
    """An Amazon notice, a copy of a reply or an auto-reply, as it is shown."""

    mail: int
    kind: str
    notice: str | None
    store_name: str
    order_id: str | None
    subject: str
    case: int | None
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One case in a list. `due_at` is its earliest open deadline."""

    number: int
    kind: str
    store: str | None
    store_name: str
    marketplace: str | None
    first_name: str | None
    topic: str | None
    assignee: str | None
    due_at: datetime | None
    channel: str
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """What `/sla-status` shows. `periods` holds (name, figures).

    `zone` is where all its days begin; "" where stores differ: `zones` has (store name, zone) of each."""

    as_of: datetime
    zone: str
    store: str | None
    store_name: str
    open_cases: int
    unclaimed: int
    by_time_left: tuple[int, ...]
    at_risk: tuple[QueueLine, ...]
    periods: tuple[tuple[str, sla.Figures], ...]
    people: tuple[tuple[str, int, int], ...]
    waiting_mails: int
    stuck_replies: int
    unstaffed: tuple[tuple[str, datetime | None], ...] = ()
    """(store name, until when) of stores without anybody on shift now; None: nobody is planned."""
    off_shift: frozenset[str] | None = None
    """Who of `people` is off shift now; None where no rota is set up."""
    pings: Mapping[str, int] = field(default_factory=dict)
    """How often each person was pinged in the last seven days, by mention or directly."""
    medians: Mapping[str, float] = field(default_factory=dict)
    """The median response time, in seconds, of what each person answered today."""
    zones: tuple[tuple[str, str], ...] = ()
    by: str = ""
    """What `breakdown` is by: a dimension of `sla.DIMENSIONS`, "store", or nothing."""
    breakdown: tuple[tuple[str, tuple[tuple[str, sla.Figures], ...]], ...] = ()
    """(value, its periods); the value is a word or an id, "" for none."""
    standings: tuple[Standing, ...] = ()
    """Error budget, streaks and peak mode of each store of the board."""
    manual: tuple[ManualMode, ...] = ()
    """Where manual mode is on, of the stores of the board."""
