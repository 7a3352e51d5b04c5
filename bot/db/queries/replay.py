"""What a replay asks the tables: past deadlines, who answered them, who was called about them."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import CaseRow, DeadlineRow, PingRow, ReplyRow
from bot.domain.replay_facts import Call, Past

_REPLY = "reply:"
_SHARED = ("channel", "escalation")
"""Spots where one post calls for several cases."""


def past(tx: Session, start: datetime, end: datetime) -> list[Past]:
    """The counted deadlines whose messages came in [start, end). People are Slack user ids."""
    rows = tx.execute(
        select(
            DeadlineRow.message,
            DeadlineRow.store,
            CaseRow.lang,
            DeadlineRow.anchor,
            DeadlineRow.due_at,
            DeadlineRow.state,
            DeadlineRow.answered_at,
            DeadlineRow.closed_by,
            DeadlineRow.late_on_arrival,
        )
        .join(CaseRow, CaseRow.number == DeadlineRow.case)
        .where(DeadlineRow.counted, DeadlineRow.anchor >= start, DeadlineRow.anchor < end)
        .order_by(DeadlineRow.message)
    ).all()
    authors, calls = _authors(tx, start), _calls(tx, start)
    shared = Counter((row.closed_by, row.answered_at) for row in rows)
    return [_past(row, authors, calls, shared) for row in rows]


def _past(
    row: Any,
    authors: dict[str, str],
    calls: dict[int, tuple[Call, ...]],
    shared: Counter[tuple[str | None, datetime | None]],
) -> Past:
    return Past(
        id=row.message,
        store=row.store,
        lang=row.lang,
        anchor=row.anchor,
        due_at=row.due_at,
        state=row.state,
        answered_at=row.answered_at,
        agent=authors.get(row.closed_by or ""),
        shared=shared[row.closed_by, row.answered_at] if row.answered_at is not None else 1,
        late_on_arrival=row.late_on_arrival,
        calls=calls.get(row.message, ()),
    )


def _authors(tx: Session, since: datetime) -> dict[str, str]:
    """Who wrote each reply that was accepted since an instant, by what a deadline that it closed says."""
    rows = tx.execute(select(ReplyRow.id, ReplyRow.author).where(ReplyRow.accepted_at >= since))
    return {f"{_REPLY}{number}": author for number, author in rows}


def _calls(tx: Session, since: datetime) -> dict[int, tuple[Call, ...]]:
    """Who was called about each message, and by which post; the same posts as `rota.pings_of` counts."""
    rows = tx.execute(
        select(PingRow.message, PingRow.stage, PingRow.addressee, PingRow.at, CaseRow.channel)
        .join(CaseRow, CaseRow.number == PingRow.case)
        .where(PingRow.at >= since)
        .order_by(PingRow.message, PingRow.stage, PingRow.addressee)
    )
    found: dict[int, list[Call]] = {}
    for row in rows:
        spot, _, person = row.addressee.rpartition(":")
        if not (person[:1] in "UW" and person.isupper()):
            continue
        place = (
            f"{row.channel if spot == 'channel' else ''}:{row.at}" if spot in _SHARED else str(row.message)
        )
        found.setdefault(row.message, []).append(Call(row.stage, person, f"{spot}:{row.stage}:{place}"))
    return {message: tuple(every) for message, every in found.items()}
