"""What managers have before them while manual mode is on: what happened, what was seen, what to write to Amazon.

The founding text: look at Account Health first, pause automation, then open a case by Contact Us that tells what
happened, and ask for a grace period. Nothing of a buyer is in here but the numbers of orders.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import floor

from bot.domain.breaker import RATE_DROP
from bot.domain.contact_texts import TEXTS, ContactText
from bot.domain.manual import HealthLook, ManualMode

ORDERS = 20
"""So many orders are named; a form of Amazon's has room for no more than a few thousand letters."""


@dataclass(frozen=True, slots=True)
class Concerned:
    """An order that something went wrong with: when that became known, and what (an ending, or "late")."""

    order_id: str
    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Runbook:
    """One time in manual mode with all that its card needs. `stores`: those that it stops, from key to name.

    `looks`: what was seen in Seller Central since a day before, the newest first, each with the one before it.
    `since`: how the store's replies ended since it is on. `held_back`: how many replies it held back.
    """

    mode: ManualMode
    as_of: datetime
    stores: Mapping[str, str]
    minimum: float
    looks: tuple[tuple[HealthLook, HealthLook | None], ...] = ()
    since: Mapping[str, int] | None = None
    held_back: int = 0
    open_cases: int = 0

    @property
    def name(self) -> str:
        """The store's name; "" if it is for all of them."""
        return self.stores.get(self.mode.scope, "")


def contact_text(
    mode: ManualMode, store_name: str, orders: Sequence[Concerned], language: str, *, now: datetime
) -> tuple[str, str]:
    """(subject, text) for Contact Us in a language of TEXTS: what happened, what we did, what we ask for."""
    words: ContactText = TEXTS[language]
    trip = mode.trip
    facts = {
        "store": store_name,
        "since": _utc(mode.since),
        "now": _utc(now),
        "bad": trip.bad if trip else 0,
        "of": trip.of if trip else 0,
        "first": _utc(trip.first_at or mode.since) if trip else _utc(mode.since),
        "last": _utc(trip.last_at or mode.since) if trip else _utc(mode.since),
        "rate": _percent(trip.rate) if trip else "",
        "before": (trip.before if trip else "") or "?",
        "after": (trip.after if trip else "") or "?",
        "usual": _percent(trip.usual or 0) if trip and trip.cause == RATE_DROP else "",
    }
    what = words.what[trip.cause if trip else "person"]
    listed = [f"- {one.order_id}  {_utc(one.at)}  {words.endings[one.what]}" for one in orders[-ORDERS:]]
    parts = [
        words.hello,
        what.format(**facts),
        words.did.format(**facts),
        words.asks,
        "\n".join([words.orders, *listed]) if listed else None,
        words.bye.format(**facts),
    ]
    return words.subject.format(**facts), "\n\n".join(part for part in parts if part)


def _percent(rate: float) -> str:
    """Never rounded to the better side."""
    return f"{floor(round(rate * 1000, 6)) / 10:.1f} %"


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
