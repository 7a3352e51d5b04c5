"""When the bot is unwell, why, and what to do: the rules behind /healthz. Nothing of a buyer is in here.

What one look at the database found is `Vitals`, the same in each process; what a process knows of Slack is
`Contact`. Every instant is aware UTC on the desk's clock.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.alarms import ACCESS, QUEUE, READING, SILENCE, Alarm

ONE_OF = {"slack": ("tells Slack anything", "worker"), "clock": ("pings or reminds", "clock")}
"""Leases that somebody must hold: what nobody does else, and the role that does it."""


@dataclass(frozen=True, slots=True)
class StoreVitals:
    """How a store stands: its newest buyer message, and its counted deadlines that are open."""

    last_message_at: datetime | None = None
    open: int = 0
    overdue: int = 0
    first_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Who does a one-of job, and until when if it is not renewed."""

    owner: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Audited:
    """How the last audit of a mailbox ended; `missed`: mails that audits had to fetch, all told."""

    at: datetime
    server: int
    stored: int
    left: int
    missed: int


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the database says at an instant.

    `mailboxes`: when each was last read, None for never. `outbox`: rows by (state, urgency); `outbox_since`:
    since when the oldest is due that Slack has not taken. `replies` by state: of unsure and failed ones those
    whose buyer still waits. `alarms`: those that stand; `audits`: the last one of each mailbox; `canaries`: within
    which time nine of ten test mails of the last day were here.
    """

    at: datetime
    mailboxes: Mapping[str, datetime | None] = field(default_factory=dict)
    stores: Mapping[str, StoreVitals] = field(default_factory=dict)
    outbox: Mapping[tuple[str, int], int] = field(default_factory=dict)
    outbox_since: datetime | None = None
    replies: Mapping[str, int] = field(default_factory=dict)
    typed: Mapping[str, int] = field(default_factory=dict)
    """Typed messages of which it is not known how they end, by state."""
    alerts: int = 0
    new_mails: int = 0
    new_mails_since: datetime | None = None
    leases: Mapping[str, Held] = field(default_factory=dict)
    ledger: int = 0
    manual: Mapping[str, datetime] = field(default_factory=dict)
    """Since when manual mode is on, by store or "all". It is no fault: somebody wants it so."""
    alarms: tuple[Alarm, ...] = ()
    audits: Mapping[str, Audited] = field(default_factory=dict)
    canaries: Mapping[str, timedelta] = field(default_factory=dict)
    queues: Mapping[str, datetime] = field(default_factory=dict)
    """When each queue of notifications was last read."""


@dataclass(frozen=True, slots=True)
class Contact:
    """What a process knows of Slack.

    `pong_at`: when its socket last heard Slack, None if it has no socket. `answered_at`: its last call that
    Slack answered. `failing_since`: its first call without an answer after that one.
    """

    pong_at: datetime | None = None
    answered_at: datetime | None = None
    failing_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """For how long something may be silent; each mailbox has its own limit."""

    mailboxes: Mapping[str, timedelta]
    outbox: timedelta
    slack: timedelta


@dataclass(frozen=True, slots=True)
class Fault:
    """A part that is unwell, what was found, what to do."""

    part: str
    found: str
    mend: str


def no_database(why: str) -> Fault:
    """The database gave no answer; nothing else can be said then."""
    mend = "check that the server runs, REPLY24_DATABASE_URL, and that nobody holds a lock: ./reply24 check"
    return Fault("database", why, mend)


def vital_faults(vitals: Vitals, limits: Limits, started_at: datetime) -> Iterator[Fault]:
    """What is wrong by the database. A mailbox that was never read counts from the start of the process."""
    for name, limit in limits.mailboxes.items():
        read_at = vitals.mailboxes.get(name)
        silent = vitals.at - (read_at or started_at)
        if silent >= limit:
            found = (
                f"not read for {_span(silent)}"
                if read_at
                else f"not read since the start {_span(silent)} ago"
            )
            mend = "./reply24 check says why; the log says mailbox_refused or mailbox_unreachable"
            yield Fault(f"mailbox {name}", found, mend)
    yield from _alarms(vitals)
    for name, (undone, role) in ONE_OF.items():
        held = vitals.leases.get(name)
        if held is None or held.until <= vitals.at:
            mend = f"start a process with the role {role} or all; if one runs, its log says lease_failed"
            yield Fault(f"lease {name}", f"no process holds it, so nobody {undone}", mend)
    if vitals.outbox_since is not None and vitals.at - vitals.outbox_since >= limits.outbox:
        found = f"something for Slack has been waiting for {_span(vitals.at - vitals.outbox_since)}"
        mend = "look for slack_not_reached, slack_refused, slack_lane_failed in the worker's log; ./reply24 check"
        yield Fault("outbox", found, mend)


def _alarms(vitals: Vitals) -> Iterator[Fault]:
    """Mailboxes that are not read have a fault already; without orders and notifications all else goes on."""
    for alarm in vitals.alarms:
        if alarm.kind in (READING, ACCESS, QUEUE):
            continue
        part = f"store {alarm.about}" if alarm.kind == SILENCE else f"mailbox {alarm.about}"
        span = _span(vitals.at - alarm.since)
        found = "no buyer has written" if alarm.kind == SILENCE else "a test mail did not arrive"
        mend = "look into Seller Central; check forwarding, the folder for junk and ./reply24 mail audit"
        yield Fault(part, f"{found} for {span}", mend)
    for name, audit in vitals.audits.items():
        if audit.left:
            mend = "open the mailbox; the server names mails that it does not give: ./reply24 mail audit"
            yield Fault(f"mailbox {name}", f"{audit.left} mails can't be fetched", mend)


def slack_faults(contact: Contact, limits: Limits, now: datetime) -> Iterator[Fault]:
    """What is wrong with Slack, as this process sees it."""
    mend = "check the network and status.slack.com; the log says slack_not_connected; ./reply24 check"
    if contact.pong_at is not None and now - contact.pong_at >= limits.slack:
        yield Fault("slack socket", f"Slack was not heard for {_span(now - contact.pong_at)}", mend)
    if contact.failing_since is not None and now - contact.failing_since >= limits.slack:
        found = f"no call was answered for {_span(now - contact.failing_since)}"
        yield Fault("slack calls", found, mend)


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"
