"""The figures once more, in plain Python over the raw rows: what domain/sla.py and the queries must come to.

Nothing is shared with them but the edges of the buckets. Local days are those that zoneinfo shows.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.db.engine import Database
from bot.db.tables import CaseRow, DeadlineRow, LedgerRow, MessageRow, ReplyRow
from bot.domain.sla import BEYOND, STEPS, Tally

WEEK = timedelta(days=7)
DAYS = {"today": 1, "7d": 7, "30d": 30, "90d": 90}
EDGES = sorted({edge for most, width in STEPS for edge in range(width, most + 1, width)} | {BEYOND})

TAKEN = ("claimed", "assigned", "merged", "split_off")
Numbers = dict[str, Any]


@dataclass
class Raw:
    """All rows that matter, read at once."""

    duties: list[DeadlineRow]
    messages: dict[int, MessageRow]
    cases: dict[int, CaseRow]
    replies: dict[int, ReplyRow]
    ledger: list[LedgerRow]
    of_case: dict[int, tuple[list[DeadlineRow], list[MessageRow]]] = field(init=False)
    of_ledger: dict[int, list[LedgerRow]] = field(init=False)

    def duties_counted(self) -> list[DeadlineRow]:
        """Those that are in figures."""
        return [one for one in self.duties if one.counted]

    def __post_init__(self) -> None:
        self.of_case = {number: ([], []) for number in self.cases}
        for message in self.messages.values():
            self.of_case[message.case][1].append(message)
        for duty in self.duties:
            self.of_case[self.messages[duty.message].case][0].append(duty)
        self.of_ledger = defaultdict(list)
        for row in self.ledger:
            self.of_ledger[row.case or 0].append(row)


def read_all(database: Database) -> Raw:
    """The tables as they are."""
    with database.reading() as tx:
        return Raw(
            list(tx.scalars(select(DeadlineRow))),
            {row.id: row for row in tx.scalars(select(MessageRow))},
            {row.number: row for row in tx.scalars(select(CaseRow))},
            {row.id: row for row in tx.scalars(select(ReplyRow))},
            list(tx.scalars(select(LedgerRow).where(LedgerRow.what.in_(TAKEN)))),
        )


def read_since(
    database: Database, start: datetime, end: datetime | None = None, store: str | None = None
) -> Raw:
    """All rows that matter for the duties of [start, end), of a store if one is given."""
    with database.reading() as tx:
        duties = select(MessageRow.case).join(DeadlineRow, DeadlineRow.message == MessageRow.id)
        duties = duties.where(DeadlineRow.anchor >= start)
        if end is not None:
            duties = duties.where(DeadlineRow.anchor < end)
        if store is not None:
            duties = duties.where(DeadlineRow.store == store)
        of_cases = MessageRow.case.in_(duties)
        ids = select(MessageRow.id).where(of_cases)
        raw = Raw(
            list(tx.scalars(select(DeadlineRow).where(DeadlineRow.message.in_(ids)))),
            {row.id: row for row in tx.scalars(select(MessageRow).where(of_cases))},
            {row.number: row for row in tx.scalars(select(CaseRow).where(CaseRow.number.in_(duties)))},
            {row.id: row for row in tx.scalars(select(ReplyRow).where(ReplyRow.answers.in_(ids)))},
            list(tx.scalars(select(LedgerRow).where(LedgerRow.what.in_(TAKEN), LedgerRow.case.in_(duties)))),
        )
    wanted = (one for one in raw.duties if one.anchor >= start and (end is None or one.anchor < end))
    raw.duties = [one for one in wanted if store in (None, one.store)]
    return raw


def compare(raw: Raw, zones: dict[str, str], now: datetime, by: str, found: Sequence[Any]) -> None:
    """Compare values with their periods with the recount of all of them. Raises AssertionError."""
    expected = recount(raw, zones, now, by)
    mine = {value: {name: asdict(one) for name, one in periods} for value, periods in found}
    assert mine == expected, f"by {by}"


def compare_day(raw: Raw, zones: dict[str, str], now: datetime, found: Tally) -> None:
    """Compare what a day of a store adds up to, response times apart, with its duties. Raises AssertionError."""
    expected = _numbers(raw, raw.duties_counted(), zones, now)
    for name, mine in asdict(found).items():
        if name in expected and name != "handle_seconds":
            assert mine == expected[name], f"{name}: {mine} instead of {expected[name]}"


def recount(raw: Raw, zones: dict[str, str], now: datetime, by: str = "") -> dict[str, dict[str, Numbers]]:
    """value -> period -> numbers, for the stores in `zones` (store -> zone)."""
    found: dict[str, dict[str, list[DeadlineRow]]] = defaultdict(lambda: {name: [] for name in DAYS})
    for duty in raw.duties:
        if not duty.counted or duty.store not in zones:
            continue
        zone = ZoneInfo(zones[duty.store])
        ago = (now.astimezone(zone).date() - duty.anchor.astimezone(zone).date()).days
        for name, days in DAYS.items():
            if 0 <= ago < days:
                found[VALUES[by](raw, duty, zone)][name].append(duty)
    return {
        value: {name: _numbers(raw, duties, zones, now) for name, duties in periods.items()}
        for value, periods in found.items()
        if any(periods.values())
    }


def _agent(raw: Raw, duty: DeadlineRow, _zone: ZoneInfo) -> str:
    how = duty.closed_by or ""
    if duty.state not in ("met", "missed"):
        return ""
    if how.startswith("reply:"):
        return raw.replies[int(how.split(":")[1])].author
    return "seller_central" if how.startswith("copy:") else ""


VALUES: dict[str, Callable[[Raw, DeadlineRow, ZoneInfo], str]] = {
    "": lambda _raw, _duty, _zone: "",
    "store": lambda _raw, duty, _zone: duty.store or "",
    "marketplace": lambda raw, duty, _zone: raw.cases[raw.messages[duty.message].case].marketplace or "",
    "topic": lambda raw, duty, _zone: raw.messages[duty.message].topic or "",
    "agent": _agent,
    "shift": lambda _raw, duty, _zone: (duty.shift or "") if duty.state in ("met", "missed") else "",
    "hour": lambda _raw, duty, zone: str(duty.anchor.astimezone(zone).hour),
}


def _whole(start: datetime, end: datetime) -> int:
    return int(end.replace(microsecond=0).timestamp() - start.replace(microsecond=0).timestamp())


def _numbers(raw: Raw, duties: list[DeadlineRow], zones: dict[str, str], now: datetime) -> Numbers:
    on_time = [one for one in duties if not one.late_on_arrival]
    states = defaultdict(int)
    for one in on_time:
        states[one.state] += 1
    overdue = sum(one.state == "open" and one.due_at < now for one in on_time)
    answered = [one for one in on_time if one.state in ("met", "missed")]
    took = [_whole(one.anchor, one.answered_at) for one in answered if one.answered_at]
    decided = len(answered) + overdue
    handled = [span for one in answered if (span := _handled(raw, one)) is not None]
    contacts = [_contact(raw, one, zones, now) for one in answered]
    good, bad = contacts.count("resolved"), contacts.count("unresolved")
    return {
        "received": len(on_time),
        "in_time": states["met"],
        "late": states["missed"],
        "excused": states["excused"],
        "overdue": overdue,
        "waiting": states["open"] - overdue,
        "late_on_arrival": len(duties) - len(on_time),
        "response_rate": states["met"] / decided if decided else None,
        "late_response_rate": (states["missed"] + overdue) / decided if decided else None,
        "average_seconds": sum(took) / len(took) if took else None,
        "median_seconds": _rank(took, 50),
        "p90_seconds": _rank(took, 90),
        "closing_rate": (len(answered) + states["excused"]) / len(on_time) if on_time else None,
        "resolved": good,
        "unresolved": bad,
        "undecided": contacts.count("undecided"),
        "first_contact_resolution": good / (good + bad) if good + bad else None,
        "handled": len(handled),
        "handle_seconds": sum(handled) / len(handled) if handled else None,
    }


def _rank(took: list[int], percent: int) -> float | None:
    if not took:
        return None
    exact = sorted(took)[ceil(len(took) * percent / 100) - 1]
    return float(next((edge for edge in EDGES if exact <= edge), BEYOND))


def _handled(raw: Raw, duty: DeadlineRow) -> int | None:
    if not (duty.closed_by or "").startswith("reply:") or duty.answered_at is None:
        return None
    case = raw.messages[duty.message].case
    taken = [row.at for row in raw.of_ledger.get(case, ()) if row.at < duty.answered_at]
    return _whole(max(taken), duty.answered_at) if taken else None


def _contact(raw: Raw, duty: DeadlineRow, zones: dict[str, str], now: datetime) -> str | None:
    case, answered = raw.messages[duty.message].case, duty.answered_at
    assert answered is not None
    duties, messages = raw.of_case[case]
    answers = sorted((one.answered_at, one.message) for one in duties if one.answered_at)
    if answers[0][1] != duty.message:
        return None
    for message in messages:
        if message.received_at > answered and _whole(answered, message.received_at) <= WEEK.total_seconds():
            return "unresolved"
    zone = ZoneInfo(zones[duty.store or ""])
    return (
        "resolved" if (answered + WEEK).astimezone(zone).date() < now.astimezone(zone).date() else "undecided"
    )
