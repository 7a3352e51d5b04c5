"""What Amazon's notifications do: an order is asked again, a change of an account's status is told, once.

Whatever comes twice, or late, has the same effect as coming once: the queue gives out again what was not deleted.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from bot.db.queries import ledger, outbox
from bot.db.queries import manual as manual_queries
from bot.db.queries import notifications as queries
from bot.db.tables_notifications import AccountChangeRow
from bot.desk import ROBOT, Desk, access, automation, manual, orders
from bot.domain.accounts import AccountChange
from bot.domain.breaker import ACCOUNT, Trip
from bot.domain.notifications import (
    Malformed,
    Notification,
    OrderChange,
    OtherKind,
    Sender,
    StatusChange,
    is_news,
    is_worse,
    stores_of,
)
from bot.errors import NotFound


class Ending(StrEnum):
    """What became of a message: it had its effect, says nothing to us, is another seller's, or can't be read."""

    TAKEN = "taken"
    IGNORED = "ignored"
    FOREIGN = "foreign"
    MALFORMED = "malformed"


def senders(desk: Desk) -> Mapping[str, Sender]:
    """The stores whose notifications we know, and by what."""
    return {
        key: Sender(store.api.seller_id or "", frozenset(store.api.subscriptions))
        for key, store in desk.settings.stores.items()
        if store.api is not None and (store.api.seller_id or store.api.subscriptions)
    }


def was_read(desk: Desk, queue: str) -> None:
    """The queue answered."""
    with desk.database.writing() as tx:
        queries.was_read(tx, queue, desk.now())


def take(desk: Desk, said: Notification, message: str) -> Ending:
    """Let a notification have its effect, and say how it ended. `message` is the queue's id of it."""
    if isinstance(said, Malformed):
        return Ending.MALFORMED
    if isinstance(said, OtherKind):
        return Ending.IGNORED
    stores = stores_of(said.origin, senders(desk))
    if stores == ():
        return Ending.FOREIGN
    if isinstance(said, OrderChange):
        # An order of nobody knows whom is none that a case is about.
        return _order_changed(desk, stores, said) if stores else Ending.FOREIGN
    # A change that nobody can place is told all the same: it may be one of our accounts that is in danger.
    for store in stores or ("",):
        _status_changed(desk, store, replace(said, id=said.id or message))
    return Ending.TAKEN


def _order_changed(desk: Desk, stores: tuple[str, ...], said: OrderChange) -> Ending:
    """Of the orders of all buyers only those count that a case is about."""
    return Ending.TAKEN if orders.want_again(desk, stores, said.order_id) else Ending.IGNORED


def _status_changed(desk: Desk, store: str, said: StatusChange) -> None:
    now = desk.now()
    at = min(said.at or now, now)
    with desk.database.writing() as tx:
        manual_queries.seize(tx)
        last = queries.last_change(tx, store)
        row = queries.add_change(tx, store, said, at, now)
        if row is None or not is_news(said, at, (last.before, last.after, last.at) if last else None):
            return
        facts: dict[str, Any] = {"before": said.before, "after": said.after, "notification": said.id}
        ledger.record(tx, now, ROBOT, "account_status_changed", store=store or None, **facts)
        if store and is_worse(said.before, said.after) and desk.settings.thresholds.breaker.enabled:
            trip = Trip(ACCOUNT, 0, 0, at, at, before=said.before, after=said.after)
            switched = manual.trip_within(tx, desk, store, trip)
            row.mode = switched.mode.id if switched else None
        if row.mode is None:
            _tell(tx, desk, row, now)


def _tell(tx: Session, desk: Desk, row: AccountChangeRow, now: datetime) -> None:
    """To the managers' channel and to each manager. Where manual mode began by it, its runbook tells it."""
    outbox.put(tx, f"account:{row.id}", desk.settings.slack.escalation_channel, now, urgency=outbox.URGENT)
    for person in access.people_of(tx, desk, row.store or None, managers=True):
        outbox.put(tx, f"account:{row.id}:{person}", person, now, urgency=outbox.URGENT)


def change(desk: Desk, number: int) -> AccountChange:
    """A change of an account's status, as it is told. Raises NotFound."""
    with desk.database.reading() as tx:
        row = tx.get(AccountChangeRow, number)
        if row is None:
            raise NotFound(f"There is no change {number} of an account.")
        found = desk.settings.stores.get(row.store)
        name = found.name if found else row.store
        mode = automation.acting_on(tx, row.store) if row.store else None
        return AccountChange(row.id, name, row.before, row.after, row.at, row.subscription, mode)
