"""What managers look at while manual mode is on, and writing down what they saw in Seller Central."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.queries import ledger, outbox
from bot.db.queries import manual as queries
from bot.db.tables import CaseRow, MessageRow, ReplyRow
from bot.db.tables_manual import HealthLookRow, ManualModeRow
from bot.desk import Desk, access, automation, breaker
from bot.desk.reply import exact
from bot.domain.breaker import RATE_DROP, ending_of
from bot.domain.contact_texts import TEXTS
from bot.domain.manual import ALL, HELD_BACK, STANDINGS, HealthLook, ManualMode
from bot.domain.marketplaces import MARKETPLACES
from bot.domain.runbook import ORDERS, Concerned, Runbook, contact_text
from bot.errors import NotFound, WrongInput

_LOOKS = 3
_BEFORE = timedelta(days=1)
LONGEST = 500


def runbook(desk: Desk, number: int) -> Runbook:
    """One time in manual mode, with all that its card shows. Raises NotFound."""
    with desk.database.reading() as tx:
        row = tx.get(ManualModeRow, number)
        if row is None:
            raise NotFound(f"There is no manual mode {number}.", key="no_such_manual")
        mode = automation.mode_of(row)
        stores = stores_of(desk, mode.scope)
        looks = [pair for store in stores for pair in _looks(tx, store, mode)]
        held = select(func.count()).select_from(ReplyRow).join(CaseRow, CaseRow.number == ReplyRow.case)
        held = held.where(
            ReplyRow.reason == HELD_BACK, ReplyRow.ended_at >= mode.since, CaseRow.store.in_(stores)
        )
        if mode.ended_at is not None:
            held = held.where(ReplyRow.ended_at <= mode.ended_at)
        held_back = tx.scalar(held) or 0
        open_cases = len(queries.open_cases(tx, mode.scope))
    since = breaker.endings_since(desk, mode.scope, mode.since) if mode.scope != ALL else None
    return Runbook(
        mode=mode,
        as_of=desk.now(),
        stores=stores,
        minimum=desk.settings.thresholds.minimum_response_rate,
        looks=tuple(sorted(looks, key=lambda pair: pair[0].at, reverse=True)[:_LOOKS]),
        since=since,
        held_back=held_back,
        open_cases=open_cases,
    )


def stores_of(desk: Desk, scope: str) -> dict[str, str]:
    """The stores of a scope that are still set up, from key to name."""
    return {key: one.name for key, one in desk.settings.stores.items() if scope in (ALL, key)}


def _looks(tx: Session, store: str, mode: ManualMode) -> list[tuple[HealthLook, HealthLook | None]]:
    rows = [_look(row) for row in queries.looks(tx, store, _LOOKS + 1)]
    pairs = zip(rows, [*rows[1:], None], strict=False)
    return [(one, before) for one, before in pairs if one.at >= mode.since - _BEFORE]


def _look(row: HealthLookRow) -> HealthLook:
    return HealthLook(
        store=row.store,
        at=row.at,
        by=row.by,
        response_rate=row.response_rate,
        defect_rate=row.defect_rate,
        standing=row.standing,
        warnings=row.warnings,
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """What a manager typed of the Account Health page. Rates are fractions; None: not read."""

    response_rate: float | None = None
    defect_rate: float | None = None
    standing: str | None = None
    warnings: str = ""


def looked(desk: Desk, number: int, store: str, seen: Seen, *, by: str) -> None:
    """`by` looked at Account Health of a store and says what is there. Raises NotAllowed, NotFound, WrongInput."""
    now, words = desk.now(), exact(seen.warnings).strip()[:LONGEST]
    with desk.database.writing() as tx:
        access.require_manager(tx, desk, by)
        row = tx.get(ManualModeRow, number)
        if row is None or store not in stores_of(desk, row.scope):
            raise NotFound(f"There is no manual mode {number} of that store.", key="no_such_manual")
        access.require_store_manager(tx, desk, by, store)
        if (seen.response_rate, seen.defect_rate, seen.standing, words) == (None, None, None, ""):
            raise WrongInput("Enter at least one thing that you saw.", key="look_empty")
        if seen.standing is not None and seen.standing not in STANDINGS:
            raise WrongInput("There is no such state.", key="look_empty")
        tx.add(
            HealthLookRow(
                store=store,
                at=now,
                by=by,
                response_rate=seen.response_rate,
                defect_rate=seen.defect_rate,
                standing=seen.standing,
                warnings=words,
            )
        )
        facts: dict[str, Any] = {
            "response_rate": seen.response_rate,
            "defect_rate": seen.defect_rate,
            "standing": seen.standing,
        }
        ledger.record(tx, now, by, "health_looked_at", store=store, mode=number, **facts)
        outbox.put(tx, f"manual:{number}", desk.settings.slack.escalation_channel, now)


def contact(desk: Desk, number: int, store: str, *, by: str) -> list[tuple[str, str, str]]:
    """(language, subject, text) for Contact Us: in English, and in the store's own language. For its managers.

    Raises NotAllowed, NotFound.
    """
    with desk.database.reading() as tx:
        access.require_store_manager(tx, desk, by, store)
        row = tx.get(ManualModeRow, number)
        if row is None or store not in stores_of(desk, row.scope):
            raise NotFound(f"There is no manual mode {number} of that store.", key="no_such_manual")
        mode = automation.mode_of(row)
        orders = _orders(tx, mode)
    name = desk.settings.stores[store].name
    languages = dict.fromkeys(("en", language_of(desk, store)))
    return [(lang, *contact_text(mode, name, orders, lang, now=desk.now())) for lang in languages]


def language_of(desk: Desk, store: str) -> str:
    """The language of the store's first marketplace, if we have the text in it; else English."""
    found = MARKETPLACES[desk.settings.stores[store].marketplaces[0]].language
    return found if found in TEXTS else "en"


def _orders(tx: Session, mode: ManualMode) -> list[Concerned]:
    """The orders that the breaker's evidence is about, in order of time, each once."""
    if mode.trip is None:
        return []
    found = _late(tx, mode.trip.ids) if mode.trip.cause == RATE_DROP else _ended(tx, mode.trip.ids)
    newest = {one.order_id: one for one in sorted(found, key=lambda one: one.at)}
    return sorted(newest.values(), key=lambda one: one.at)[-ORDERS:]


def _ended(tx: Session, replies: tuple[int, ...]) -> list[Concerned]:
    rows = tx.execute(
        select(CaseRow.order_id, ReplyRow.ended_at, ReplyRow.taken_at, ReplyRow.state, ReplyRow.code)
        .join(CaseRow, CaseRow.number == ReplyRow.case)
        .where(ReplyRow.id.in_(replies), CaseRow.order_id.is_not(None))
    )
    found: list[Concerned] = []
    for order_id, ended_at, taken_at, state, code in rows:
        at: datetime | None = ended_at or taken_at
        what = ending_of(state, code)
        if at is not None and what != "accepted":
            found.append(Concerned(str(order_id), at, what))
    return found


def _late(tx: Session, messages: tuple[int, ...]) -> list[Concerned]:
    rows = tx.execute(
        select(CaseRow.order_id, MessageRow.received_at)
        .join(CaseRow, CaseRow.number == MessageRow.case)
        .where(MessageRow.id.in_(messages), CaseRow.order_id.is_not(None))
    )
    return [Concerned(str(row.order_id), row.received_at, "late") for row in rows]
