"""Why answers were late: the facts of each missed deadline, from the tables and the ledger, and their cause.

The rules are in domain/causes.py. Who was on shift is what the rota said at that time: the version of its rules that
was in force then (domain/rota_versions.py; the oldest one that is kept, where that is younger) with the swaps and
overrides that were in force then. Each miss says which versions judged it.
Reports name people, so they are for managers; cards show the cause alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.db.queries import causes as queries
from bot.db.queries import rota as rota_queries
from bot.db.queries.causes import Duty, Given, Story
from bot.db.tables import DeadlineRow
from bot.desk import Desk, access, rota_history
from bot.desk.shifts import BACK
from bot.domain import causes, zones
from bot.domain.causes import Cause, CauseReport, Facts, Miss, Refusal, Sent
from bot.domain.deadlines import LIMIT, MISSED, OPEN
from bot.domain.holding import holds
from bot.domain.ledger import Record
from bot.domain.rota_versions import RotaHistory
from bot.domain.timetable import Span, Timetable

PERIODS: Mapping[str, int] = {"today": 1, "7d": 7, "30d": 30, "90d": 90}
"""Whole days of a store's zone, up to and including today: messages that came in then, as in every figure
(domain/sla.py). No message of today can be missed yet, so of today it is those whose 24 hours were over today.
"""
TODAY = "today"
_BATCH = 500


def report(desk: Desk, period: str, store: str | None = None, *, by: str) -> CauseReport:
    """The misses of one of PERIODS, of one store or of all that `by`, a manager, works for. Raises NotAllowed."""
    now = desk.now()
    with desk.database.reading() as tx:
        manager = access.require_manager(tx, desk, by, store)
        wanted = (
            [store] if store else [one for one in desk.settings.stores if access.may_manage(manager, one)]
        )
        ago = LIMIT if period == TODAY else timedelta(0)
        started = {key: day_start(desk, key, now, PERIODS[period]) - ago for key in wanted}
        misses = _missed(tx, desk, started, now + timedelta(microseconds=1), now)
    known = desk.settings.stores
    return CauseReport(
        as_of=now,
        period=period,
        stores=tuple((key, known[key].name, known[key].zone) for key in wanted),
        misses=misses,
        shares=causes.shares(misses),
    )


def day_start(desk: Desk, store: str, now: datetime, days: int) -> datetime:
    """When the period of `days` whole days of the store's zone began that ends with today."""
    return zones.day_start(now, desk.settings.stores[store].zone, days_ago=days - 1)


def missed(desk: Desk, started: Mapping[str, datetime], until: datetime) -> tuple[Miss, ...]:
    """The misses of messages that came before `until`, since an instant for each store; newest first."""
    with desk.database.reading() as tx:
        return _missed(tx, desk, started, until, desk.now())


def _missed(
    tx: Session, desk: Desk, started: Mapping[str, datetime], until: datetime, now: datetime
) -> tuple[Miss, ...]:
    found = [
        duty for store, start in started.items() for duty in queries.missed(tx, store, start, until, now)
    ]
    found.sort(key=lambda one: (one.due_at, one.message), reverse=True)
    return tuple(_judged(tx, desk, found))


def newest_of(tx: Session, desk: Desk, due: Sequence[DeadlineRow], now: datetime) -> Cause | None:
    """The cause of the newest miss among these deadlines; None if none is missed."""
    over = [one.message for one in due if one.state == MISSED or (one.state == OPEN and one.due_at < now)]
    found = queries.missed_of_messages(tx, over, now) if over else []
    return next((one.verdict.cause for one in _judged(tx, desk, found[:1])), None)


def _judged(tx: Session, desk: Desk, duties: Sequence[Duty]) -> Iterable[Miss]:
    if not duties:
        return
    rules, table = _shifts(tx, desk, duties)
    share = desk.settings.thresholds.ingest_late_share
    for first in range(0, len(duties), _BATCH):
        batch = duties[first : first + _BATCH]
        story = queries.story(tx, {case for duty in batch for case in (duty.thread, duty.case)})
        for duty in batch:
            yield Miss(
                message=duty.message,
                case=duty.case,
                store=duty.store,
                anchor=duty.anchor,
                due_at=duty.due_at,
                answered_at=duty.answered_at,
                late_on_arrival=duty.late_on_arrival,
                verdict=causes.cause_of(_facts(duty, story, table), share),
                judges=rules.judges(duty.anchor, duty.due_at) if rules else None,
            )


def _shifts(tx: Session, desk: Desk, duties: Sequence[Duty]) -> tuple[RotaHistory | None, Timetable | None]:
    """The shifts around all of these; None without a rota: then everybody counts as able to work at any time."""
    start, end = min(one.anchor for one in duties) - BACK, max(one.due_at for one in duties) + BACK
    rules = rota_history.history(tx, desk.settings, start, desk.now())
    if rules is None:
        return None, None
    return rules, rules.timetable(start, end, rota_queries.overrides_in_force(tx, start, end))


def _facts(duty: Duty, story: Story, table: Timetable | None) -> Facts:
    around = story.around(duty.thread, duty.case)
    records = sorted((one for case in around for one in story.records.get(case, ())), key=lambda one: one.seq)
    came = (one.at for one in records if one.what == "message_received" and _is_about(one, duty))
    reached_at = next(came, duty.stored_at)
    alike = {case for case in around if _same_address(story, case, duty.thread)}
    split_from = {
        case: row.split_from
        for case in around
        if (row := story.cases.get(case)) is not None and row.split_from is not None
    }
    return Facts(
        anchor=duty.anchor,
        reached_at=reached_at,
        due_at=duty.due_at,
        staffed=_staffed(duty, reached_at, table),
        holds=holds(records, duty.message, duty.thread, split_from),
        refusals=_refusals(records, duty, alike),
        replies=_sent(story, records, duty, alike),
    )


def _staffed(duty: Duty, reached_at: datetime, table: Timetable | None) -> tuple[Span, ...]:
    if table is None:
        return (Span(duty.anchor, duty.due_at),)
    return tuple(table.staffed(duty.store, reached_at, duty.due_at))


def _is_about(one: Record, duty: Duty) -> bool:
    return one.facts.get("message") == duty.message


def _same_address(story: Story, one: int, other: int) -> bool:
    """Whether a reply to case `one` answers what came to case `other`. Where one is purged, the id in it decides."""
    if one == other:
        return True
    here, there = story.cases.get(one), story.cases.get(other)
    if here is None or there is None:
        return False
    if here.buyer_alias and there.buyer_alias:
        return bool(here.buyer_alias == there.buyer_alias)
    # Amazon's id of the conversation is what tells the addresses of one buyer apart.
    return bool(here.amazon_case_id == there.amazon_case_id)


def _refusals(records: Sequence[Record], duty: Duty, alike: set[int]) -> tuple[Refusal, ...]:
    """What the check refused of replies to the message; a bulk reply's is told by its own record."""
    found = []
    for one in records:
        if one.what == queries.BLOCKED:
            counts = one.facts["to"] in alike and one.facts["answers"] >= duty.message
            from_template = one.facts["template"] is not None
        else:
            counts = one.what == queries.BULK_REFUSED and one.facts["reason"] == "blocked"
            from_template = True
        if counts:
            found.append(Refusal(one.who, one.at, tuple(one.facts.get("rules", ())), from_template))
    return tuple(found)


def _sent(story: Story, records: Sequence[Record], duty: Duty, alike: set[int]) -> tuple[Sent, ...]:
    """The replies to the message that somebody gave to be sent."""
    tried: dict[int, datetime] = {}
    for one in records:
        if one.what == queries.AGAIN:
            tried.setdefault(one.facts["reply"], one.at)
    rows = [
        row
        for case in alike
        for row in story.replies.get(case, ())
        if row.answers is not None and row.answers >= duty.message
    ]
    return tuple(_as_sent(row, tried.get(row.id)) for row in sorted(rows, key=lambda one: one.id))


def _as_sent(row: Given, tried_at: datetime | None) -> Sent:
    return Sent(row.author, row.created_at, row.not_before, row.state, tried_at)
