"""The tables of the rota as it is lived: offers, requests, overrides, handovers, calendars, the second road."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.root import Base, sealed


class OfferRow(Base):
    """A case was offered to somebody. ended: claimed, lapsed (not claimed in time), passed (no more fitting)."""

    __tablename__ = "offers"
    id: Mapped[int] = mapped_column(primary_key=True)
    case: Mapped[int] = mapped_column(ForeignKey("cases.number"), index=True)
    person: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(String(40))
    ended: Mapped[str | None] = mapped_column(String(10))
    ended_at: Mapped[datetime | None]


class ShiftRequestRow(Base):
    """Somebody's wish to change the rota. kind: cover, swap, take, off, override.

    state: open (waits for a colleague) -> accepted (waits for a manager) -> done; from open and accepted
    also declined, cancelled, expired. `other` is who takes a cover, with whom a swap is, whom an override
    puts on. What a done one changed stands in `overrides`.
    """

    __tablename__ = "shift_requests"
    __table_args__ = (Index("ix_shift_requests_state_start", "state", "start"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    by: Mapped[str] = mapped_column(String(30))
    start: Mapped[datetime]
    end: Mapped[datetime]
    other: Mapped[str | None] = mapped_column(String(30))
    other_start: Mapped[datetime | None]
    other_end: Mapped[datetime | None]
    instead_of: Mapped[str | None] = mapped_column(String(30))
    stores: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(String(20), default="")
    asks_cover: Mapped[bool] = mapped_column(default=False)
    channel: Mapped[str] = mapped_column(String(100))
    needs_manager: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(String(30))
    decided_at: Mapped[datetime | None]


class OverrideRow(Base):
    """A one-off change of the rota: an agent (key in config/agents.yaml) is on, or off, in [start, end).

    Rows are only added: a change of mind is a later row. `stores`: names, separated by commas; empty for all.
    """

    __tablename__ = "overrides"
    __table_args__ = (Index("ix_overrides_end", "end"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    request: Mapped[int] = mapped_column(ForeignKey("shift_requests.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    agent: Mapped[str] = mapped_column(String(100))
    is_on: Mapped[bool]
    start: Mapped[datetime]
    end: Mapped[datetime]
    stores: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]


class HandoverRow(Base):
    """A change of shift at a channel's stores, and who took over. Lists are words separated by commas.

    `held_choice`: what `held_by` decided about the cases of those who left: give, or keep.
    """

    __tablename__ = "handovers"
    __table_args__ = (UniqueConstraint("channel", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime] = mapped_column(index=True)
    stores: Mapped[str] = mapped_column(Text)
    leaving: Mapped[str] = mapped_column(Text)
    accepted_by: Mapped[str | None] = mapped_column(String(30))
    accepted_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    held_choice: Mapped[str | None] = mapped_column(String(10))
    held_by: Mapped[str | None] = mapped_column(String(30))


class HandoverNoteRow(Base):
    """What somebody wants the next shift to know."""

    __tablename__ = "handover_notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    handover: Mapped[int] = mapped_column(ForeignKey("handovers.id"), index=True)
    person: Mapped[str] = mapped_column(String(30))
    text: Mapped[str] = sealed("handover_notes.text")
    at: Mapped[datetime]


class CalendarRow(Base):
    """The calendar behind a layer of the rota that is fetched from an address, as it was last read."""

    __tablename__ = "calendars"
    layer: Mapped[str] = mapped_column(String(100), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    fetched_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)


class RotaVersionRow(Base):
    """Rules of the rota as they came into force; a row for each change, never changed and never deleted.

    `rules`: the text of settings/rota_text.py, `digest` its fingerprint. `names`: how people were called, by the
    key of the agent; who leaves is in no file any more.
    """

    __tablename__ = "rota_versions"
    id: Mapped[int] = mapped_column(primary_key=True)
    in_force_from: Mapped[datetime] = mapped_column(index=True)
    digest: Mapped[str] = mapped_column(String(64))
    rules: Mapped[str] = mapped_column(Text)
    names: Mapped[dict[str, Any]]


class AlertRow(Base):
    """An urgent ping that went the second road, because Slack or the person could not be reached.

    `key` is the ping's key in the outbox, `road` email:<agent> or hook:<name>. state: queued -> sent, or failed.
    """

    __tablename__ = "alerts"
    key: Mapped[str] = mapped_column(String(150), primary_key=True)
    road: Mapped[str] = mapped_column(String(120), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    not_before: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(Text)
