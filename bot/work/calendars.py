"""Fetching the calendars that layers of the rota name by address. What was fetched last stays until the next works."""

from datetime import datetime

import httpx

from bot.clock import monotonic
from bot.db.queries import outbox
from bot.db.tables_shifts import CalendarRow
from bot.desk import Desk, access, rota_history
from bot.desk.shifts import staff_at
from bot.domain import calendars
from bot.errors import Outside, Refused, Unreachable
from bot.log import get_logger

log = get_logger()

LARGEST = 5_000_000
SECONDS = 15.0


def fetch_calendars(desk: Desk, client: httpx.Client | None = None, patience_s: float = SECONDS) -> int:
    """Fetch every calendar that has an address; returns how many changed. Failures are told once a day.

    Each may take `patience_s` from its first byte to its last.
    """
    addresses = desk.settings.shifts.calendar_urls
    if not addresses:
        return 0
    count = 0
    with client or httpx.Client(timeout=SECONDS, follow_redirects=True) as http:
        for layer, url in addresses.items():
            try:
                text = fetched(http, url, patience_s)
            except Outside as why:
                log.warning("calendar_not_fetched", name=layer, exc_info=why)
                _failed(desk, layer, str(why))
            else:
                count += _stored(desk, layer, text)
    return count


def fetched(http: httpx.Client, url: str, patience_s: float = SECONDS) -> str:
    """The text of a calendar. Raises Unreachable, Refused; neither text names the address, which may hold a secret."""
    until = monotonic() + patience_s
    try:
        with http.stream("GET", url) as answer:
            if answer.status_code != 200:
                raise Unreachable(f"The calendar's server answered {answer.status_code}; expected 200.")
            body = b""
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > LARGEST:
                    raise Refused(f"The calendar is larger than {LARGEST // 1_000_000} MB.")
                if monotonic() > until:
                    raise Unreachable(f"The calendar did not arrive within {patience_s:.0f} seconds.")
    except (httpx.HTTPError, httpx.InvalidURL) as why:
        raise Unreachable(f"The calendar's server can't be reached ({type(why).__name__}).") from None
    text = body.decode("utf-8", "replace")
    faults = calendars.check(text)
    if faults:
        raise Refused(f"The calendar can't be read: {faults[0]}")
    return text


def _stored(desk: Desk, layer: str, text: str) -> bool:
    now = desk.now()
    with desk.database.writing() as tx:
        row = tx.get(CalendarRow, layer) or CalendarRow(layer=layer, text="")
        is_new = row.text != text
        row.text, row.fetched_at, row.failed_at, row.reason = text, now, None, None
        tx.add(row)
        tx.flush()
        if is_new:
            rota_history.keep(tx, desk)
    return is_new


def _failed(desk: Desk, layer: str, why: str) -> None:
    now = desk.now()
    with desk.database.writing() as tx:
        row = tx.get(CalendarRow, layer) or CalendarRow(layer=layer, text="")
        told: datetime | None = row.failed_at
        row.failed_at, row.reason = told or now, why
        tx.add(row)
        view = staff_at(tx, desk, now)
        for manager in access.people_of(tx, desk, None, managers=True):
            key = f"calendar:{layer}:{now:%Y-%m-%d}:{manager}"
            if outbox.post_of(tx, key) is None:
                outbox.put(tx, key, manager, now, not_before=view.hears_at(manager))
