"""The second road: which urgent pings Slack did not take, or would not ring for, and where else they go.

A ping goes the second road when its row in the outbox is older than `notify.after_minutes`, was refused
for good, or is for somebody who has do-not-disturb on. Each (ping, road) once; who answered in between
is left in peace. An alarm that mail may not arrive goes there at once, beside Slack, to the managers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bot.clock import AHEAD
from bot.db.engine import insert_once
from bot.db.queries import outbox
from bot.db.queries.alarms import alarm, open_alarms
from bot.db.tables import CaseRow, DeadlineRow, OutboxRow, PersonRow, PingRow
from bot.db.tables_shifts import AlertRow
from bot.desk import Desk, access
from bot.desk.alarms import stores_of
from bot.desk.shifts import staff_at
from bot.domain.alarms import CERTAIN, Alarm
from bot.errors import Reply24Error, Unreachable

_MUTED_FOR = timedelta(hours=1)
_ATTEMPTS = 6
_PAUSE = timedelta(minutes=1)
_MOST = 20
_ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Alert:
    """One ping, or one alarm, to be told on one road: `email:<agent>` or `hook:<name>`."""

    key: str
    road: str
    attempts: int
    case: int | None = None
    store: str | None = None
    marketplace: str | None = None
    stage: str = ""
    due_at: datetime | None = None
    alarm: Alarm | None = None


@dataclass(frozen=True, slots=True)
class _Ping:
    """What did not get through: the outbox key, the message, the stage, and to whom; None for a channel."""

    key: str
    message: int
    stage: str
    person: str | None


def record(desk: Desk) -> int:
    """Write down what has to go the second road; returns how many are new. Nothing without config/notify.yaml."""
    notify = desk.settings.notify
    if notify.email is None and not notify.webhooks:
        return 0
    now = desk.now()
    with desk.database.writing() as tx:
        count = 0
        view = staff_at(tx, desk, now)
        for ping in (*_stuck(tx, now, timedelta(minutes=notify.after_minutes)), *_muted(tx, now)):
            deadline = tx.get(DeadlineRow, ping.message)
            if deadline is None or deadline.state != "open":
                continue
            agent = view.key_of.get(ping.person or "")
            for road in _roads(desk, (deadline.store,), (agent,)):
                count += _put(tx, ping.key, road, now)
        # A silence may be chance, orders are no deadlines, and Slack is there to tell of both.
        for standing in (one for one in open_alarms(tx) if one.kind in CERTAIN):
            for road in _roads(desk, stores_of(desk, standing), _managers(tx, desk, standing)):
                count += _put(tx, f"{_ALARM}:{standing.id}", road, now)
        return count


def _put(tx: Session, key: str, road: str, now: datetime) -> bool:
    return insert_once(
        tx,
        AlertRow,
        key=key,
        road=road,
        state="queued",
        attempts=0,
        made_at=now,
        not_before=now,
    )


def _managers(tx: Session, desk: Desk, standing: Alarm) -> tuple[str, ...]:
    people, stores = access.team(tx, desk), stores_of(desk, standing)
    return tuple(
        dict.fromkeys(key for store in stores for key in access.keys_of(people, store, managers=True))
    )


def _stuck(tx: Session, now: datetime, patience: timedelta) -> Iterator[_Ping]:
    """Personal pings that Slack did not take in time, or refused for good.

    Also those of before a clock was set back: nobody knows how long they have waited.
    """
    before = now - patience
    rows = tx.scalars(
        select(OutboxRow).where(
            OutboxRow.key.startswith("ping:"),
            OutboxRow.urgency <= outbox.URGENT,
            or_(
                OutboxRow.created_at <= before,
                OutboxRow.state == "dead",
                OutboxRow.created_at > now + AHEAD,
            ),
        )
    )
    for row in rows:
        _kind, message, stage, to = row.key.split(":")
        yield _Ping(row.key, int(message), stage, None if to == "thread" else to)


def _muted(tx: Session, now: datetime) -> Iterator[_Ping]:
    """Pings of the last hour for which Slack did not ring: do-not-disturb was on when they were made."""
    rows = tx.scalars(
        select(PingRow)
        .join(PersonRow, PersonRow.person == PingRow.addressee)
        .where(
            PingRow.at > now - _MUTED_FOR,
            PersonRow.quiet_from <= PingRow.at,
            PersonRow.quiet_until > PingRow.at,
        )
    )
    for row in rows:
        yield _Ping(f"ping:{row.message}:{row.stage}:{row.addressee}", row.message, row.stage, row.addressee)


def _roads(desk: Desk, stores: Sequence[str | None], agents: Sequence[str | None]) -> Iterator[str]:
    notify = desk.settings.notify
    for agent in agents:
        listed = desk.settings.agents.get(agent or "")
        if notify.email is not None and listed is not None and listed.email:
            yield f"email:{agent}"
    for hook in notify.webhooks:
        if hook.stores == "all" or set(stores) & set(hook.stores):
            yield f"hook:{hook.name}"


def due(desk: Desk) -> list[Alert]:
    """What is to be told now, with the attempt counted; what was answered meanwhile is dropped."""
    now = desk.now()
    pauses = (timedelta(0), *(_PAUSE * 2**tries for tries in range(1, _ATTEMPTS + 1)))
    set_back = (
        and_(AlertRow.attempts == tries, AlertRow.not_before > now + pause + AHEAD)
        for tries, pause in enumerate(pauses)
    )
    with desk.database.writing() as tx:
        rows = tx.scalars(
            select(AlertRow)
            .where(AlertRow.state == "queued", or_(AlertRow.not_before <= now, *set_back))
            .order_by(AlertRow.made_at, AlertRow.key, AlertRow.road)
            .limit(_MOST)
            .with_for_update(skip_locked=True)
        ).all()
        return [alert for row in rows if (alert := _taken(tx, row, now)) is not None]


def _taken(tx: Session, row: AlertRow, now: datetime) -> Alert | None:
    if row.key.startswith(f"{_ALARM}:"):
        return _taken_alarm(tx, row, now)
    _kind, message, stage, _to = row.key.split(":")
    deadline = tx.get_one(DeadlineRow, int(message))
    if deadline.state != "open":
        row.state = "dropped"
        return None
    _count_attempt(row, now)
    case = tx.get_one(CaseRow, deadline.case)
    return Alert(
        row.key, row.road, row.attempts, case.number, case.store, case.marketplace, stage, deadline.due_at
    )


def _taken_alarm(tx: Session, row: AlertRow, now: datetime) -> Alert | None:
    standing = alarm(tx, int(row.key.partition(":")[2]))
    if standing is None or standing.ended_at is not None:
        row.state = "dropped"
        return None
    _count_attempt(row, now)
    return Alert(row.key, row.road, row.attempts, stage=_ALARM, alarm=standing)


def _count_attempt(row: AlertRow, now: datetime) -> None:
    row.attempts += 1
    row.not_before = now + _PAUSE * 2**row.attempts


def told(desk: Desk, alert: Alert) -> None:
    """It got there."""
    _settle(desk, alert, "sent", None)


def failed(desk: Desk, alert: Alert, why: Exception) -> None:
    """It did not: tried again a few times, also after an error of our own, which a restart may mend."""
    ours = not isinstance(why, Reply24Error)
    again = (ours or isinstance(why, Unreachable)) and alert.attempts < _ATTEMPTS
    _settle(desk, alert, "queued" if again else "failed", type(why).__name__ if ours else str(why))


def _settle(desk: Desk, alert: Alert, state: str, reason: str | None) -> None:
    with desk.database.writing() as tx:
        row = tx.get(AlertRow, (alert.key, alert.road))
        if row is not None and row.attempts == alert.attempts:
            row.state, row.reason = state, reason
