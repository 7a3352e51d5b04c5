"""What changes the rota from day to day, and what shows how it is lived: overrides, requests, handovers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case as sql_case
from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from bot.db.tables import CaseRow, DeadlineRow, PingRow
from bot.db.tables_shifts import (
    CalendarRow,
    HandoverNoteRow,
    HandoverRow,
    OfferRow,
    OverrideRow,
    ShiftRequestRow,
)
from bot.domain.rota import Override

_LOCK = 2426


def listed(text: str) -> tuple[str, ...]:
    """The words of a column that holds several, separated by commas."""
    return tuple(text.split(",")) if text else ()


def overrides(tx: Session, start: datetime, end: datetime) -> list[Override]:
    """The overrides that touch [start, end), oldest first."""
    return [_override(row, row.start) for row in _touching(tx, start, end)]


def overrides_in_force(tx: Session, start: datetime, end: datetime) -> list[Override]:
    """The overrides that touch [start, end), oldest first, each from when it was made: it changed no hour before."""
    rows = _touching(tx, start, end)
    return [_override(row, max(row.start, row.made_at)) for row in rows if row.made_at < row.end]


def _touching(tx: Session, start: datetime, end: datetime) -> Sequence[OverrideRow]:
    return tx.scalars(
        select(OverrideRow).where(OverrideRow.end > start, OverrideRow.start < end).order_by(OverrideRow.id)
    ).all()


def _override(row: OverrideRow, start: datetime) -> Override:
    return Override(
        id=row.id,
        kind=row.kind,
        agent=row.agent,
        is_on=row.is_on,
        start=start,
        end=row.end,
        stores=frozenset(listed(row.stores)) or None,
    )


def calendars(tx: Session) -> dict[str, str]:
    """The fetched calendars, by the layer that they stand for."""
    rows = tx.execute(select(CalendarRow.layer, CalendarRow.text))
    return {layer: text for layer, text in rows}  # noqa: C416 - a row is no pair to mypy


def arrivals(tx: Session, since: datetime) -> list[datetime]:
    """When buyer messages arrived, by Amazon's clock; those that no rota could have answered in time are left out."""
    rows = tx.scalars(
        select(DeadlineRow.anchor)
        .where(DeadlineRow.anchor >= since, DeadlineRow.counted, ~DeadlineRow.late_on_arrival)
        .order_by(DeadlineRow.anchor)
    )
    return list(rows)


def queues(tx: Session) -> dict[str, int]:
    """How many open cases that owe an answer each person has, is offered, or is planned for."""
    who = func.coalesce(CaseRow.assignee, CaseRow.offered_to, CaseRow.planned_for)
    owed = select(DeadlineRow.case).where(DeadlineRow.state == "open")
    rows = tx.execute(
        select(who, func.count())
        .where(CaseRow.state == "open", who.is_not(None), CaseRow.number.in_(owed))
        .group_by(who)
    )
    return {person: count for person, count in rows}  # noqa: C416 - a row is no pair to mypy


def given(tx: Session, since: datetime) -> dict[str, int]:
    """How many cases each person was offered since an instant."""
    rows = tx.execute(
        select(OfferRow.person, func.count()).where(OfferRow.at >= since).group_by(OfferRow.person)
    )
    return {person: count for person, count in rows}  # noqa: C416 - a row is no pair to mypy


def silent(tx: Session, since: datetime) -> frozenset[str]:
    """Who let the last two offers of the time since an instant lapse."""
    rows = tx.execute(
        select(OfferRow.person, OfferRow.ended)
        .where(OfferRow.at >= since, OfferRow.ended.in_(("lapsed", "claimed")))
        .order_by(OfferRow.id)
    )
    endings: dict[str, list[str]] = {}
    for person, ended in rows:
        endings.setdefault(person, []).append(str(ended))
    return frozenset(person for person, how in endings.items() if how[-2:] == ["lapsed", "lapsed"])


def lapsed(tx: Session, case: int, since: datetime) -> set[str]:
    """Who was offered the case since an instant, and did not claim it in time."""
    rows = tx.scalars(
        select(OfferRow.person).where(
            OfferRow.case == case, OfferRow.at >= since, OfferRow.ended.in_(("lapsed", "declined"))
        )
    )
    return set(rows)


def offer_open(tx: Session, case: int) -> OfferRow | None:
    """The offer of the case that is still out."""
    return tx.scalars(
        select(OfferRow).where(OfferRow.case == case, OfferRow.ended.is_(None)).order_by(OfferRow.id.desc())
    ).first()


def lock(tx: Session) -> None:
    """Let no other change of the rota be decided until this transaction ends: two that each fit may not fit together.

    SQLite's writing transactions exclude each other anyway.
    """
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def request_locked(tx: Session, number: int) -> ShiftRequestRow | None:
    """The request, locked until the transaction ends."""
    return tx.scalars(
        select(ShiftRequestRow).where(ShiftRequestRow.id == number).with_for_update()
    ).one_or_none()


def requests_open(tx: Session, now: datetime) -> Sequence[ShiftRequestRow]:
    """Requests that wait for a colleague and are not over, the earliest first."""
    return tx.scalars(
        select(ShiftRequestRow)
        .where(ShiftRequestRow.state == "open", ShiftRequestRow.end > now)
        .order_by(ShiftRequestRow.start, ShiftRequestRow.id)
    ).all()


def handover_locked(tx: Session, number: int) -> HandoverRow | None:
    """The handover, locked until the transaction ends."""
    return tx.scalars(select(HandoverRow).where(HandoverRow.id == number).with_for_update()).one_or_none()


def handover_notes(tx: Session, number: int) -> Sequence[HandoverNoteRow]:
    """Notes of the handover, oldest first."""
    return tx.scalars(
        select(HandoverNoteRow).where(HandoverNoteRow.handover == number).order_by(HandoverNoteRow.id)
    ).all()


def handovers_since(tx: Session, since: datetime, *, lock: bool = True) -> Sequence[HandoverRow]:
    """Handovers since an instant, oldest first; with `lock`, locked until the transaction ends."""
    query = select(HandoverRow).where(HandoverRow.at >= since).order_by(HandoverRow.at, HandoverRow.id)
    return tx.scalars(query.with_for_update() if lock else query).all()


def pings_of(tx: Session, since: datetime, until: datetime | None = None) -> dict[str, int]:
    """How many times each person was pinged since an instant, by mention or directly: the ledger of fairness.

    One post in a channel that calls for several cases is one ping. `until`: the last instant that counts.
    """
    in_channel = PingRow.addressee.like("channel:%")
    shared = or_(in_channel, PingRow.addressee.like("escalation:%"))
    posts = (
        select(
            PingRow.addressee,
            PingRow.stage,
            sql_case((in_channel, CaseRow.channel)).label("channel"),
            sql_case((shared, PingRow.at)).label("at"),
            sql_case((~shared, PingRow.message)).label("message"),
        )
        .join(CaseRow, CaseRow.number == PingRow.case)
        .where(PingRow.at >= since, *([PingRow.at <= until] if until else []))
        .distinct()
        .subquery()
    )
    found: dict[str, int] = {}
    for addressee, count in tx.execute(select(posts.c.addressee, func.count()).group_by(posts.c.addressee)):
        person = addressee.rpartition(":")[2]
        if person[:1] in "UW" and person.isupper():
            found[person] = found.get(person, 0) + count
    return found
