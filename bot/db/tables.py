"""The tables (of the rota: tables_shifts.py, of templates: tables_templates.py). Where state lives: bot/README.md.

Columns marked `pii` are purged. Instants are aware UTC (`Instant`).
States are words; the words of a state machine stand beside it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Double, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.root import Base, OfBuyer, sealed, sealed_bytes

_IS_NEW, _IS_CLAIM = text("state = 'new'"), text("notice = 'a_to_z'")


class MailboxRow(Base):
    """How far each mailbox was read. `started_at`: when it was read for the first time."""

    __tablename__ = "mailboxes"
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    uid: Mapped[int] = mapped_column(BigInteger)
    started_at: Mapped[datetime]
    read_at: Mapped[datetime]


class MailRow(Base):
    """One mail as it came. state: new (stored, not yet taken in) -> done.

    `mailbox`: a mailbox, or a further folder of one; `fingerprint`: domain/fingerprint.py. A server that uses a
    number again has its second mail under a larger `uidvalidity` (queries/mails.py).
    """

    __tablename__ = "mails"
    __table_args__ = (
        UniqueConstraint("mailbox", "uidvalidity", "uid"),
        Index("ix_mails_new", "id", sqlite_where=_IS_NEW, postgresql_where=_IS_NEW),
        Index("ix_mails_claims", "store", "order_id", sqlite_where=_IS_CLAIM, postgresql_where=_IS_CLAIM),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    mailbox: Mapped[str] = mapped_column(String(100))
    uidvalidity: Mapped[int] = mapped_column(BigInteger)
    uid: Mapped[int] = mapped_column(BigInteger)
    arrived_at: Mapped[datetime]
    stored_at: Mapped[datetime]
    history: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10), default="new")
    raw: Mapped[bytes | None] = sealed_bytes("mails.raw")
    message_id: Mapped[str | None] = mapped_column(String(1000), index=True)
    kind: Mapped[str | None] = mapped_column(String(20))
    notice: Mapped[str | None] = mapped_column(String(20))
    why: Mapped[str | None] = sealed("mails.why")
    store: Mapped[str | None] = mapped_column(String(100))
    order_id: Mapped[str | None] = mapped_column(String(30))
    case: Mapped[int | None] = mapped_column(index=True)
    summary: Mapped[str | None] = sealed("mails.summary")
    fingerprint: Mapped[str | None] = mapped_column(String(64), index=True)


class CaseRow(OfBuyer, Base):
    """One conversation of one buyer with one store. kind: buyer, or review (a mail that a person must look at).

    state: open -> closed -> open again. `version` grows at each change that a person should know of.
    `assigned_by` is the assignee, or who gave it to them; `kept`: it stays theirs when their shift ends.
    An unclaimed case is offered (`offer_kind`, words of domain/routing.py) to one person, or waits for
    `planned_for`, who comes on at `planned_at`. `merged_into`: it is closed, and people work on that one
    instead (domain/merging.py). `split_from`: out of which case its first messages were taken. `purged_at`: its
    personal data were removed, and nothing was done or written in it since.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_store_amazon_case_id", "store", "amazon_case_id"),
        Index("ix_cases_store_order_id", "store", "order_id"),
        Index("ix_cases_store_buyer_base", "store", "buyer_base"),
        Index("ix_cases_store_buyer_mark", "store", "buyer_mark"),
        Index("ix_cases_state_assignee", "state", "assignee"),
        Index("ix_cases_merged_into", "merged_into"),
        Index(
            "ix_cases_unpurged",
            "opened_at",
            sqlite_where=text("purged_at IS NULL"),
            postgresql_where=text("purged_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    store: Mapped[str | None] = mapped_column(String(100))
    marketplace: Mapped[str | None] = mapped_column(String(5))
    channel: Mapped[str] = mapped_column(String(100))
    amazon_case_id: Mapped[str | None] = mapped_column(String(100))
    order_id: Mapped[str | None] = mapped_column(String(30))
    asin: Mapped[str | None] = mapped_column(String(10))
    subject: Mapped[str] = sealed("cases.subject", default="")
    lang: Mapped[str | None] = mapped_column(String(10))
    topic: Mapped[str | None] = mapped_column(String(30))
    risk: Mapped[str] = mapped_column(String(100), default="")
    needs_reply: Mapped[bool] = mapped_column(default=True)
    why: Mapped[str] = sealed("cases.why", default="")
    state: Mapped[str] = mapped_column(String(10), default="open")
    assignee: Mapped[str | None] = mapped_column(String(30))
    assigned_at: Mapped[datetime | None]
    assigned_by: Mapped[str | None] = mapped_column(String(30))
    kept: Mapped[bool] = mapped_column(default=False)
    offered_to: Mapped[str | None] = mapped_column(String(30))
    offered_at: Mapped[datetime | None]
    offer_kind: Mapped[str | None] = mapped_column(String(10))
    offer_reason: Mapped[str | None] = mapped_column(String(40))
    offer_facts: Mapped[dict[str, Any] | None]
    planned_for: Mapped[str | None] = mapped_column(String(30))
    planned_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    composing: Mapped[str | None] = mapped_column(String(30))
    composing_at: Mapped[datetime | None]
    merged_into: Mapped[int | None]
    merged_by: Mapped[str | None] = mapped_column(String(30))
    split_from: Mapped[int | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    acted_at: Mapped[datetime]
    purged_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class MessageRow(Base):
    """One message that a buyer sent. `case`: the one that it came to, though that may be merged into another.

    `salt`: of what the ledger says of its text (domain/commitments.py); it dies with the text.
    """

    __tablename__ = "messages"
    id: Mapped[int] = mapped_column(primary_key=True)
    case: Mapped[int] = mapped_column(ForeignKey("cases.number"), index=True)
    mail: Mapped[int] = mapped_column(ForeignKey("mails.id"))
    store: Mapped[str | None] = mapped_column(String(100))
    message_id: Mapped[str] = mapped_column(String(1000), index=True)
    received_at: Mapped[datetime]
    text: Mapped[str] = sealed("messages.text")
    full_text: Mapped[str] = sealed("messages.full_text")
    salt: Mapped[str | None] = sealed("messages.salt", 64)
    lang: Mapped[str | None] = mapped_column(String(10))
    topic: Mapped[str | None] = mapped_column(String(30))


class AttachmentRow(Base):
    """A file that came with a buyer message. `content` is None when it was over the cap.

    `danger`: a word of domain/files.py, "" for none.
    """

    __tablename__ = "attachments"
    id: Mapped[int] = mapped_column(primary_key=True)
    message: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    name: Mapped[str] = sealed("attachments.name", 255)
    content_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int]
    content: Mapped[bytes | None] = sealed_bytes("attachments.content")
    danger: Mapped[str] = mapped_column(String(20), default="")


class DeadlineRow(Base):
    """The 24-hour duty that one buyer message creates.

    state: open -> met (answered in time), missed (answered late) or excused (no answer owed);
    open again when the answer turns out not to have arrived. `counted` is False for history and
    for review cards: they are worked on, but are in no figure. `case`: the one that people work on; of a
    message of a merged case it is the one that stays. `shift`: the layer of the rota that whoever answered was
    on then, "" for off shift; None where nothing says so.
    """

    __tablename__ = "deadlines"
    __table_args__ = (
        Index(
            "ix_deadlines_open",
            "due_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_deadlines_store_anchor", "store", "anchor"),
        Index(
            "ix_deadlines_answered_at",
            "answered_at",
            sqlite_where=text("answered_at IS NOT NULL"),
            postgresql_where=text("answered_at IS NOT NULL"),
        ),
    )
    message: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    case: Mapped[int] = mapped_column(ForeignKey("cases.number"), index=True)
    store: Mapped[str | None] = mapped_column(String(100))
    anchor: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="open")
    counted: Mapped[bool] = mapped_column(default=True)
    late_on_arrival: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(60))
    shift: Mapped[str | None] = mapped_column(String(200))


class ReplyRow(Base):
    """What an agent sends to the buyer.

    state: draft -> held (undo window) -> sending -> accepted -> bounced; from held also withdrawn;
    queued = the window is over, or another try is due; from sending also queued (it did not get
    there), failed (refused) or unsure (nobody knows: never repeated by itself). `edited` is the share
    of its template's text that was changed (domain/edits.py). `case`: the one whose address it goes to.
    `code` is the mail server's for a refusal; `by_hand`: its author knew of manual mode and sent it all the same.
    """

    __tablename__ = "replies"
    __table_args__ = (
        Index(
            "ix_replies_ready",
            "not_before",
            sqlite_where=text("state IN ('held', 'queued', 'sending')"),
            postgresql_where=text("state IN ('held', 'queued', 'sending')"),
        ),
        Index(
            "uq_replies_draft",
            "case",
            "author",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
        Index(
            "ix_replies_stuck",
            "case",
            sqlite_where=text("state IN ('failed', 'unsure', 'bounced')"),
            postgresql_where=text("state IN ('failed', 'unsure', 'bounced')"),
        ),
        Index(
            "ix_replies_accepted_at",
            "accepted_at",
            sqlite_where=text("state = 'accepted'"),
            postgresql_where=text("state = 'accepted'"),
        ),
        Index(
            "ix_replies_ended_at",
            "ended_at",
            sqlite_where=text("state IN ('failed', 'unsure', 'bounced')"),
            postgresql_where=text("state IN ('failed', 'unsure', 'bounced')"),
        ),
        Index(
            "ix_replies_from_template",
            "accepted_at",
            sqlite_where=text("template IS NOT NULL AND state = 'accepted'"),
            postgresql_where=text("template IS NOT NULL AND state = 'accepted'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    case: Mapped[int] = mapped_column(ForeignKey("cases.number"), index=True)
    answers: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    author: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(10))
    template: Mapped[str | None] = mapped_column(String(100))
    edited: Mapped[float | None] = mapped_column(Double)
    text: Mapped[str] = sealed("replies.text")
    salt: Mapped[str | None] = sealed("replies.salt", 64)
    then_close: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    taken_at: Mapped[datetime | None]
    message_id: Mapped[str | None] = mapped_column(String(300), index=True)
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str | None] = sealed("replies.reason")
    code: Mapped[str | None] = mapped_column(String(20))
    by_hand: Mapped[bool] = mapped_column(default=False)


class NoteRow(Base):
    """Internal text of the team about a case. Never leaves the house."""

    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    case: Mapped[int] = mapped_column(ForeignKey("cases.number"), index=True)
    author: Mapped[str] = mapped_column(String(30))
    text: Mapped[str] = sealed("notes.text")
    post_ts: Mapped[str | None] = mapped_column(String(30))
    at: Mapped[datetime]


class OutboxRow(Base):
    """Something that Slack has to be told. The key says what; the words are rendered when it is sent.

    state: queued -> sending -> (deleted when done), or dead: refused for good, kept for a person.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "uq_outbox_key_queued",
            "key",
            unique=True,
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index("ix_outbox_due", "state", "not_before"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(150))
    place: Mapped[str] = mapped_column(String(100))
    urgency: Mapped[int] = mapped_column(default=5)
    state: Mapped[str] = mapped_column(String(10), default="queued")
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(Text)


class PostRow(Base):
    """Where in Slack the thing named `key` stands (`card:1042`, `reply:88` ...)."""

    __tablename__ = "posts"
    __table_args__ = (
        Index("ix_posts_channel_ts", "channel", "ts"),
        Index("ix_posts_posted_at", "posted_at"),
    )
    key: Mapped[str] = mapped_column(String(150), primary_key=True)
    channel: Mapped[str] = mapped_column(String(30))
    ts: Mapped[str] = mapped_column(String(30))
    case: Mapped[int | None] = mapped_column(index=True)
    posted_at: Mapped[datetime]


class PingRow(Base):
    """One reminder of one deadline at one stage to one addressee; the key is the guarantee."""

    __tablename__ = "pings"
    __table_args__ = (Index("ix_pings_at", "at"),)
    message: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    stage: Mapped[str] = mapped_column(String(20), primary_key=True)
    addressee: Mapped[str] = mapped_column(String(100), primary_key=True)
    case: Mapped[int]
    at: Mapped[datetime]


class LeaseRow(Base):
    """Who does a one-of job, until when."""

    __tablename__ = "leases"
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    owner: Mapped[str] = mapped_column(String(100))
    until: Mapped[datetime]


class SwitchRow(Base):
    """Small facts of this installation: its id, drawn once; later, what is switched off."""

    __tablename__ = "switches"
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class PersonRow(Base):
    """What Slack says about a person; a cache. `agent` is the key in config/agents.yaml.

    kind: member, guest, bot, foreign (domain/rights.py). `has_access`: had rights when we last looked, so that
    losing them is noticed (desk/membership.py). In [quiet_from, quiet_until) Slack rings for nothing:
    do-not-disturb, as it was last seen.
    """

    __tablename__ = "people"
    person: Mapped[str] = mapped_column(String(30), primary_key=True)
    agent: Mapped[str | None] = mapped_column(String(100), index=True)
    name: Mapped[str] = mapped_column(String(200))
    zone: Mapped[str] = mapped_column(String(60))
    locale: Mapped[str] = mapped_column(String(20))
    gone: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str] = mapped_column(String(10), default="member")
    has_access: Mapped[bool] = mapped_column(default=False)
    fetched_at: Mapped[datetime]
    home_opened_at: Mapped[datetime | None]
    quiet_from: Mapped[datetime | None]
    quiet_until: Mapped[datetime | None]


class LedgerRow(Base):
    """Append-only record of who did what when. Holds ids and numbers, no buyer text."""

    __tablename__ = "ledger"
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(30))
    what: Mapped[str] = mapped_column(String(40))
    store: Mapped[str | None] = mapped_column(String(100))
    case: Mapped[int | None] = mapped_column(index=True)
    facts: Mapped[dict[str, Any]]
    hash: Mapped[str] = mapped_column(String(64))
