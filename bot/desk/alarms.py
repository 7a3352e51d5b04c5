"""Raising alarms about mail and orders, and ending them: each is told once, and its post says when it was over."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.db.queries import alarms, ledger, notifications, orders, outbox
from bot.desk import ROBOT, Desk, access
from bot.desk.notifications import senders
from bot.desk.orders import NO_ROLE, has_access
from bot.desk.shifts import staff_at
from bot.desk.silences import Habits
from bot.domain.alarms import ACCESS, CANARY, OF_STORES, QUEUE, READING, Alarm, Trouble
from bot.domain.canary import overdue

_MINUTE = timedelta(minutes=1)
_REMEMBERED = timedelta(days=2)


def reading_limit(desk: Desk, mailbox: str) -> timedelta:
    """For how long a mailbox may go unread, in real minutes, whatever the clock's speed: it guards real work."""
    poll = timedelta(seconds=2 * desk.settings.mailboxes[mailbox].poll_seconds)
    return max(desk.settings.health.mailbox_minutes * _MINUTE, poll) * desk.clock.speed


def queue_limit(desk: Desk) -> timedelta:
    """For how long a queue of notifications may go unread, in real minutes too."""
    return desk.settings.health.mailbox_minutes * _MINUTE * desk.clock.speed


def watch(desk: Desk, habits: Habits, started_at: datetime) -> int:
    """Raise each alarm that is due and end those that are over; returns how many were raised. Safe to run twice.

    A mailbox or a queue that was never read counts from `started_at`, when the program began.
    """
    now = desk.now()
    with desk.database.reading() as tx:
        found = {(one.kind, one.about): one for one in _troubles(tx, desk, habits, started_at, now)}
        standing = {(one.kind, one.about): one for one in alarms.open_alarms(tx)}
    raised = [trouble for key, trouble in found.items() if key not in standing]
    over = [alarm for key, alarm in standing.items() if key not in found]
    if not raised and not over:
        return 0
    with desk.database.writing() as tx:
        for alarm in over:
            _end(tx, desk, alarm, now)
        return sum(_raise(tx, desk, trouble, now) for trouble in raised)


def _troubles(
    tx: Session, desk: Desk, habits: Habits, started_at: datetime, now: datetime
) -> Iterator[Trouble]:
    """A store whose mailbox is not read, or not reached, is no riddle: its silence raises no alarm of its own."""
    explained = set()
    read_at = alarms.read_at(tx)
    for name, box in desk.settings.mailboxes.items():
        since = read_at.get(name, started_at)
        if now - since >= reading_limit(desk, name):
            explained.add(name)
            yield Trouble(READING, name, since)
        if box.canary is not None:
            late = box.canary.late_minutes * _MINUTE * desk.clock.speed
            lost = overdue(alarms.canaries(tx, name, now - _REMEMBERED - late), now, late)
            if lost is not None:
                explained.add(name)
                yield Trouble(CANARY, name, lost.sent_at, {"unsent": lost.reason is not None})
    for trouble in habits.silences(tx, now):
        if desk.settings.stores[trouble.about].mailbox not in explained:
            yield trouble
    yield from _locked_out(tx, desk)
    yield from _unread_queues(tx, desk, started_at, now)


def _locked_out(tx: Session, desk: Desk) -> Iterator[Trouble]:
    """Stores that Amazon's API does not let in; `facts`: whether a secret has ended, or a role is missing."""
    for store, lock in orders.locked_out(tx).items():
        if has_access(desk, store):
            facts = {"secret": lock.code == "invalid_client", "role": lock.code == NO_ROLE}
            yield Trouble(ACCESS, store, lock.since, facts)


def _unread_queues(tx: Session, desk: Desk, started_at: datetime, now: datetime) -> Iterator[Trouble]:
    read_at = notifications.read_at(tx)
    for name in desk.settings.amazon.queues:
        since = read_at.get(name, started_at)
        if now - since >= queue_limit(desk):
            yield Trouble(QUEUE, name, since)


def stores_of(desk: Desk, alarm: Alarm | Trouble) -> tuple[str, ...]:
    """The stores that an alarm is about."""
    if alarm.kind in OF_STORES:
        return (alarm.about,)
    if alarm.kind == QUEUE:
        return tuple(senders(desk))
    return tuple(key for key, store in desk.settings.stores.items() if store.mailbox == alarm.about)


def managers_of(tx: Session, desk: Desk, alarm: Alarm | Trouble) -> tuple[str, ...]:
    """The managers of its stores, each once."""
    people = (
        person
        for store in stores_of(desk, alarm)
        for person in access.people_of(tx, desk, store, managers=True)
    )
    return tuple(dict.fromkeys(people))


def _raise(tx: Session, desk: Desk, trouble: Trouble, now: datetime) -> int:
    number = alarms.start(tx, trouble, now)
    if number is None:
        return 0
    facts = {"kind": trouble.kind, "about": trouble.about, **trouble.facts}
    ledger.record(tx, now, ROBOT, "alarm_raised", store=_store(desk, trouble), **facts)
    outbox.put(tx, f"alarm:{number}", desk.settings.slack.escalation_channel, now, urgency=outbox.URGENT)
    view = staff_at(tx, desk, now)
    for person in managers_of(tx, desk, trouble):
        outbox.put(
            tx,
            f"alarm:{number}:{person}",
            person,
            now,
            urgency=outbox.URGENT,
            not_before=view.hears_at(person),
        )
    return 1


def _end(tx: Session, desk: Desk, alarm: Alarm, now: datetime) -> None:
    if not alarms.end(tx, alarm.id, now):
        return
    ledger.record(
        tx, now, ROBOT, "alarm_ended", store=_store(desk, alarm), kind=alarm.kind, about=alarm.about
    )
    outbox.put(tx, f"alarm:{alarm.id}", desk.settings.slack.escalation_channel, now)
    for person in managers_of(tx, desk, alarm):
        # Who was not told yet need not be told any more: telling.py leaves it out.
        outbox.put(tx, f"alarm:{alarm.id}:{person}", person, now)


def _store(desk: Desk, alarm: Alarm | Trouble) -> str | None:
    stores = stores_of(desk, alarm)
    return stores[0] if len(stores) == 1 else None
