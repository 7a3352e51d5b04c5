"""What Amazon's API says about the orders of cases: wanted with a message, kept when it comes, shown on the card.

An order never keeps a case waiting: whatever is missing here, cards, pings and replies go on as they are.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.db.queries import orders as queries
from bot.db.queries import outbox
from bot.db.queries.orders import Due
from bot.db.tables import CaseRow
from bot.db.tables_orders import AuthorisationRow, OrderRow
from bot.desk import Desk
from bot.desk.change import show_cards
from bot.domain import kept_orders
from bot.domain.kept_orders import FAILED, KNOWN, MISSING, KeptOrder
from bot.domain.orders import Order

AGAIN = timedelta(hours=4)
"""After so long an order of an open case is asked again: parcels move, orders are cancelled."""
_FRESH = timedelta(minutes=15)
"""What was asked so recently is not asked again because the buyer wrote again."""
NO_ROLE = "no_role"
"""Why a store is locked out whose authorisation is good: Amazon refuses orders to the application all the same."""
_BEHIND = outbox.NORMAL + 1
"""What an order says on a card comes after what people and buyers did."""


def has_access(desk: Desk, store: str | None) -> bool:
    """Whether Amazon's API can be asked for the store's orders."""
    found = desk.settings.stores.get(store or "")
    return found is not None and found.api is not None


def want(tx: Session, desk: Desk, cases: Sequence[CaseRow], now: datetime) -> None:
    """These cases have news: their orders are to be asked, unless that was done just now."""
    wanted = [
        (case.store, case.order_id)
        for case in cases
        if case.store and case.order_id and has_access(desk, case.store)
    ]
    queries.want(tx, wanted, now, now - _FRESH)


def want_all(desk: Desk, store: str) -> int:
    """Want the orders of open cases that nobody asked for yet; returns how many."""
    now = desk.now()
    with desk.database.writing() as tx:
        found = queries.unwanted(tx, store)
        queries.want(tx, [(store, one) for one in found], now, now - _FRESH)
        return len(found)


def want_again(desk: Desk, stores: Sequence[str], order_id: str) -> bool:
    """The order has changed: it is asked again at once while a case of it is open. Says whether we keep it."""
    with desk.database.writing() as tx:
        return queries.want_again(tx, stores, order_id, desk.now()) > 0


def next_due(desk: Desk, store: str) -> Due | None:
    """The order of the store that is to be asked now, the most urgent first; None if there is none."""
    with desk.database.reading() as tx:
        return queries.next_due(tx, store, desk.now())


def take(desk: Desk, store: str, order_id: str, order: Order, began: datetime | None = None) -> None:
    """Keep what Amazon said; cards show it if it is news. The store has access, whatever was thought before.

    `began`: since when it was being asked. What has changed after that is asked again at once.
    """
    now, said = desk.now(), kept_orders.written(order)
    with desk.database.writing() as tx:
        queries.let_in(tx, store)
        row = queries.locked(tx, store, order_id)
        if row is None:
            return
        is_news = row.state != KNOWN or row.known != said
        row.state, row.known, row.known_at, row.delivered_by = KNOWN, said, now, order.delivered_by
        _asked(row, now, began)
        if is_news:
            _show(tx, row, now)


def take_missing(desk: Desk, store: str, order_id: str, began: datetime | None = None) -> None:
    """Amazon does not know the order, at least not as one of this store's. The store has access. `began`: see take."""
    now = desk.now()
    with desk.database.writing() as tx:
        queries.let_in(tx, store)
        row = queries.locked(tx, store, order_id)
        if row is None:
            return
        is_news = row.state != MISSING
        row.state, row.known, row.known_at, row.delivered_by = MISSING, None, None, None
        _asked(row, now, began)
        if is_news:
            _show(tx, row, now)


def _asked(row: OrderRow, now: datetime, began: datetime | None) -> None:
    row.wanted_at = min(row.wanted_at, now)  # a clock that was set back since may have wanted it
    is_old = began is not None and row.wanted_at > began
    row.asked_at, row.next_at, row.attempts, row.reason = now, now if is_old else now + AGAIN, 0, ""


def _show(tx: Session, row: OrderRow, now: datetime) -> None:
    show_cards(tx, queries.cases_showing(tx, row.store, row.order_id), now, _BEHIND)


def put_off(desk: Desk, store: str, order_id: str, why: Exception, wait: timedelta) -> None:
    """It could not be asked; it is asked again after `wait`. What was known before stays."""
    now = desk.now()
    with desk.database.writing() as tx:
        row = queries.locked(tx, store, order_id)
        if row is None:
            return
        row.state = row.state if row.state in (KNOWN, MISSING) else FAILED
        row.wanted_at = min(row.wanted_at, now)
        row.asked_at, row.next_at, row.reason = now, now + wait, str(why)
        row.attempts += 1


def lock_out(desk: Desk, store: str, code: str, why: Exception) -> bool:
    """Amazon does not let the store in until a person renews something; says whether that is news."""
    with desk.database.writing() as tx:
        return queries.lock_out(tx, store, desk.now(), code, str(why))


def let_in(desk: Desk, store: str) -> None:
    """Amazon lets the store in again."""
    with desk.database.writing() as tx:
        queries.let_in(tx, store)


def locked_out_by(desk: Desk, store: str) -> str | None:
    """What keeps the store out, in Amazon's word or NO_ROLE; None if Amazon lets it in."""
    with desk.database.reading() as tx:
        lock = queries.locked_out(tx).get(store)
        return lock.code if lock else None


def keeps_out(lock: AuthorisationRow | None) -> bool:
    """Whether a store with this lock can send nothing. An application that may not read orders may write messages."""
    return lock is not None and lock.code != NO_ROLE


def of_cases(tx: Session, desk: Desk, store: str | None, ids: Sequence[str | None]) -> tuple[KeptOrder, ...]:
    """What is known of these orders, each once; nothing where Amazon can't be asked."""
    named = list(dict.fromkeys(one for one in ids if one))
    if not named or store is None or not has_access(desk, store):
        return ()
    rows = queries.kept(tx, store, named)
    lock = queries.locked_out(tx).get(store)
    since = lock.since if lock else None
    return tuple(_kept(one, rows.get(one), since) for one in named)


def _kept(order_id: str, row: OrderRow | None, locked_since: datetime | None) -> KeptOrder:
    if row is None:
        return KeptOrder(order_id, kept_orders.WANTED, locked_since=locked_since)
    return KeptOrder(
        order_id=order_id,
        state=row.state,
        # What can't be decrypted, or was purged, is not known.
        order=kept_orders.read(row.known) if isinstance(row.known, dict) else None,
        asked_at=row.asked_at,
        known_at=row.known_at,
        is_late=row.attempts > 0,
        locked_since=locked_since,
    )
