"""Pings: recording and queueing each reminder whose moment has come."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.db.engine import insert_once
from bot.db.queries import cases as case_queries
from bot.db.queries import outbox
from bot.db.tables import CaseRow, DeadlineRow, PingRow
from bot.desk import Desk, access
from bot.desk.change import show_card
from bot.domain.pings import Stage, stage_due

UNCLAIMED = "unclaimed"
_LOOK_BACK = timedelta(days=2)


def ladder(desk: Desk) -> tuple[Stage, ...]:
    """The stages as the domain wants them, most time left first."""
    return tuple(
        Stage(one.name, timedelta(minutes=one.minutes_left), one.where)
        for one in desk.settings.thresholds.pings
    )


def on_duty(tx: Session, desk: Desk, store: str | None, now: datetime) -> tuple[str, ...]:
    """Who can be asked to work for `store` at `now`: its agents. (The rota narrows this to those on shift.)"""
    return access.people_of(tx, desk, store)


def ping_due(desk: Desk) -> int:
    """Record and queue each ping whose moment has come; returns how many. Safe to run twice.

    The record comes first and its key is (message, stage, addressee): of two clocks that tick at
    once, one pings. After an outage only the most urgent stage that was reached is sent.
    """
    now = desk.now()
    stages = ladder(desk)
    count = 0
    with desk.database.writing() as tx:
        for deadline in case_queries.open_due(tx, now + stages[0].left):
            stage = stage_due(stages, deadline.due_at, now)
            case = tx.get(CaseRow, deadline.case)
            if stage is None or case is None or not _is_earliest(tx, deadline):
                continue
            count += _ping(tx, desk, case, deadline, stage, now)
    return count


def _is_earliest(tx: Session, deadline: DeadlineRow) -> bool:
    """Of two unanswered messages of a case the older one's clock pings; one reply answers both."""
    earlier = select(DeadlineRow.message).where(
        DeadlineRow.case == deadline.case,
        DeadlineRow.state == "open",
        (DeadlineRow.due_at < deadline.due_at)
        | ((DeadlineRow.due_at == deadline.due_at) & (DeadlineRow.message < deadline.message)),
    )
    return tx.scalar(earlier.limit(1)) is None


def _ping(tx: Session, desk: Desk, case: CaseRow, deadline: DeadlineRow, stage: Stage, now: datetime) -> int:
    count = 0
    for addressee, key, place in _addressees(tx, desk, case, deadline, stage, now):
        first = insert_once(
            tx,
            PingRow.__table__,  # type: ignore[arg-type]  # a declared table
            message=deadline.message,
            stage=stage.name,
            addressee=addressee,
            case=case.number,
            at=now,
        )
        if not first:
            continue
        count += 1
        if key:
            outbox.put(tx, key, place, now, urgency=outbox.URGENT)
        else:
            show_card(tx, case, now)
    if count:
        show_card(tx, case, now)
    return count


def _addressees(
    tx: Session, desk: Desk, case: CaseRow, deadline: DeadlineRow, stage: Stage, now: datetime
) -> Iterator[tuple[str, str, str]]:
    """(addressee, outbox key, place) of each ping of a stage. A badge has no key: the card shows it."""
    name = f"ping:{deadline.message}:{stage.name}"
    leads = desk.settings.slack.escalation_channel
    # One post for all that reach the stage at this look, and a new one at the next: an update calls nobody.
    at = int(now.timestamp())
    spots = {
        "badge": ("card", "", case.channel),
        "thread": ("thread", f"{name}:thread", case.channel),
        "channel": ("channel", f"due:{case.channel}:{stage.name}:{at}", case.channel),
        "escalation": ("escalation", f"due:{leads}:{stage.name}:{at}", leads),
    }
    yield from (spots[where] for where in stage.where if where in spots)
    people: set[str] = set()
    if "dm" in stage.where:
        people |= {case.assignee} if case.assignee else set(on_duty(tx, desk, case.store, now))
    if "manager_dm" in stage.where:
        people |= set(access.people_of(tx, desk, case.store, managers=True))
    yield from ((person, f"{name}:{person}", person) for person in sorted(people))


def ping_unclaimed(desk: Desk) -> int:
    """Ask in the thread, once, for somebody to take each case that nobody claimed in time."""
    now = desk.now()
    patience = timedelta(minutes=desk.settings.thresholds.unclaimed_minutes)
    count = 0
    with desk.database.writing() as tx:
        rows = tx.execute(
            select(DeadlineRow, CaseRow)
            .join(CaseRow, CaseRow.number == DeadlineRow.case)
            .where(
                DeadlineRow.state == "open",
                CaseRow.state == "open",
                CaseRow.assignee.is_(None),
                CaseRow.acted_at <= now - patience,
                DeadlineRow.due_at > now - _LOOK_BACK,
            )
            .where(~_was_asked())
        ).all()
        for deadline, case in rows:
            if case.snoozed_until is not None and case.snoozed_until > now:
                continue
            first = insert_once(
                tx,
                PingRow.__table__,  # type: ignore[arg-type]  # a declared table
                message=deadline.message,
                stage=UNCLAIMED,
                addressee="thread",
                case=case.number,
                at=now,
            )
            if first and _is_earliest(tx, deadline):
                outbox.put(tx, f"ping:{deadline.message}:{UNCLAIMED}:thread", case.channel, now)
                count += 1
    return count


def _was_asked() -> ColumnElement[bool]:
    return (
        select(PingRow.message)
        .where(PingRow.message == DeadlineRow.message, PingRow.stage == UNCLAIMED)
        .exists()
    )
