"""Amazon's report beside our own messages: what is lost here, unknown there, or on another clock.

A row and a message are one when they have the same case id of Amazon's, order id or buyer, and their times
of receipt are the nearest to each other, within a tolerance. Never across stores: what is compared belongs
to one. What counts and when it is late: deadlines.py; the probable cause of each difference: probable.py.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.domain.deadlines import LIMIT, MET, MISSED
from bot.domain.probable import SAME, Looking, is_late_here
from bot.domain.reconciliation import Ours, Own, Reconciliation, Scope
from bot.domain.report import Report, ReportRow, moved
from bot.domain.sla import Rate

_NEAR = 6
"""How many messages of one order, to either side in time, a row is compared with."""
_SAMPLE = 2000
_ENOUGH = 3
"""So many rows have to agree on a zone before it is believed."""


def scope_of(report: Report) -> Scope:
    """What a report covers, by its rows. Raises ValueError if there are none."""
    stamps = [row.received_at for row in report.rows]
    latest = max(max(row.received_at, row.answered_at or row.received_at) for row in report.rows)
    return Scope(
        start=min(stamps),
        end=max(stamps),
        latest=latest,
        overdue_only=all(is_late(row, latest) for row in report.rows),
        has_answers="answered_at" in report.fields,
    )


def is_late(row: ReportRow, latest: datetime) -> bool | None:
    """Whether a row is late there: as it says itself, or else by its times. None: it is not decided."""
    if row.overdue is not None:
        return row.overdue
    if row.answered_at is not None:
        return row.answered_at - row.received_at > LIMIT
    return True if latest - row.received_at > LIMIT else None


def likely_zone(rows: Sequence[ReportRow], own: Sequence[Own], zone: str, zones: Sequence[str]) -> str | None:
    """The one of `zones` in which more of the report's times agree with ours than in `zone`; None if none does.

    The first of equals counts. It has to agree in three rows, and in half of those that can be compared.
    """
    by_key = _Index(own)
    sample = [row for row in rows if not row.is_zoned and by_key.near(row)][:_SAMPLE]
    if len(sample) < _ENOUGH:
        return None

    def agreeing(other: str) -> int:
        return sum(by_key.has_at(row, moved(row.received_at, zone, other)) for row in sample)

    best = max(dict.fromkeys((zone, *zones)), key=agreeing)
    count = agreeing(best)
    return best if best != zone and count >= max(_ENOUGH, len(sample) / 2) else None


class _Index:
    """Our messages by order id, Amazon's case id and buyer; of each key in the order of time."""

    def __init__(self, own: Iterable[Own]) -> None:
        self._found: dict[tuple[str, str], list[Own]] = {}
        for one in sorted(own, key=lambda one: one.anchor):
            for key in _keys(one.order_id, one.amazon_case_id, one.buyer):
                self._found.setdefault(key, []).append(one)

    def near(self, row: ReportRow) -> list[Own]:
        """The messages that may be the row's, by its best key that is known here: the nearest in time."""
        for key in _keys(row.order_id, row.amazon_case_id, row.buyer):
            found = self._found.get(key)
            if found:
                place = bisect_left(found, row.received_at, key=lambda one: one.anchor)
                return found[max(0, place - _NEAR) : place + _NEAR]
        return []

    def has_at(self, row: ReportRow, instant: datetime) -> bool:
        """Whether a message that may be the row's came in at that instant."""
        for key in _keys(row.order_id, row.amazon_case_id, row.buyer):
            found = self._found.get(key)
            if found:
                place = bisect_left(found, instant - SAME, key=lambda one: one.anchor)
                return place < len(found) and found[place].anchor <= instant + SAME
        return False


def _keys(order_id: str | None, case_id: str | None, buyer: str | None) -> list[tuple[str, str]]:
    """The best first: a case id names one conversation, an order may have several."""
    named = (("case", case_id), ("order", order_id), ("buyer", _buyer_base(buyer)))
    return [(kind, value) for kind, value in named if value]


def _buyer_base(address: str | None) -> str:
    """The relay address without what stands after its plus sign (reference: labels)."""
    name, _, host = (address or "").strip().casefold().partition("@")
    return f"{name.partition('+')[0]}@{host}" if host else ""


def pairs_of(rows: Sequence[ReportRow], own: Sequence[Own], tolerance: timedelta) -> dict[int, Own]:
    """The message of each row, by the row's place: nearest first, each message once."""
    index = _Index(own)
    possible = [
        (abs(row.received_at - one.anchor), place, one.message, one)
        for place, row in enumerate(rows)
        for one in index.near(row)
        if abs(row.received_at - one.anchor) <= tolerance
    ]
    possible.sort(key=lambda pair: pair[:3])
    pairs: dict[int, Own] = {}
    taken: set[int] = set()
    for _distance, place, message, one in possible:
        if place not in pairs and message not in taken:
            pairs[place] = one
            taken.add(message)
    return pairs


def reconcile(
    report: Report, ours: Ours, scope: Scope, tolerance: timedelta, now: datetime
) -> Reconciliation:
    """Compare one store's report with what we have of that store."""
    rows = report.rows
    pairs = pairs_of(rows, ours.messages, tolerance)
    found = {one.message for one in pairs.values()}
    within = [one for one in ours.messages if one.counted and _is_within(one, scope)]
    missing = [one for one in within if one.message not in found]
    looking = Looking(rows, report.faults, ours, scope, tolerance)
    looking.leave(missing)
    if scope.overdue_only:
        missing = [one for one in missing if is_late_here(one, now)]
    late = [is_late(row, scope.latest) for row in rows]
    different = (
        looking.different(rows[place], one, late[place], now) for place, one in sorted(pairs.items())
    )
    return Reconciliation(
        scope=scope,
        matched=len(pairs),
        lost=tuple(looking.lost(row) for place, row in enumerate(rows) if place not in pairs),
        unknown=tuple(looking.unknown(one) for one in missing),
        different=tuple(one for one in different if one is not None),
        there=None if scope.overdue_only else Rate(late.count(False), len(late) - late.count(None)),
        here=_rate_here(within, now),
    )


def _is_within(one: Own, scope: Scope) -> bool:
    return scope.start - SAME <= one.anchor <= scope.end + SAME


def _rate_here(within: Iterable[Own], now: datetime) -> Rate:
    """As Amazon would count: late on arrival is late to it all the same."""
    states = Counter(MISSED if is_late_here(one, now) else one.state for one in within)
    return Rate(states[MET], states[MET] + states[MISSED])
