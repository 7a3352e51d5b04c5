"""Warning managers of streaks below a threshold and of budgets that end early: each recorded once, then told.

The rules: domain/streaks.py, domain/budget.py. A warning goes to the managers' channel and to each manager of
the store, to those who are off shift when their next shift begins.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.db.queries import figure_spans, ledger, outbox, warnings
from bot.db.tables_warnings import WarningRow
from bot.desk import ROBOT, Desk, access, figures
from bot.desk.shifts import Staff, staff_at
from bot.desk.standings import STREAK, limits, standings, warned_day
from bot.domain import zones
from bot.domain.budget import Budget, Burn
from bot.domain.standings import Standing, Warned
from bot.domain.streaks import Streak, is_news
from bot.errors import NotFound

BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class _Due:
    """A warning that is due. `quiet`: it is recorded and not told, because a graver one says the same."""

    key: str
    about: str
    store: str
    facts: Mapping[str, Any]
    quiet: bool = False


def warn(desk: Desk) -> int:
    """Record and tell each warning that is due; returns how many were told. Safe to run twice.

    The record comes first and its key says what it is about: of two clocks that tick at once, one warns.
    """
    now = desk.now()
    with desk.database.reading() as tx:
        figure_spans.at_one_instant(tx)
        found = standings(tx, desk, figures.pieces(tx, desk, None), now)
        due = [one for standing in found for one in _due(tx, standing)]
    if not due:
        return 0
    with desk.database.writing() as tx:
        view = staff_at(tx, desk, now)
        return sum(_warn(tx, view, one) for one in due)


def _due(tx: Session, standing: Standing) -> Iterator[_Due]:
    store = standing.store
    for one in standing.streaks:
        if is_news(one, standing.limits, warned_day(tx, store, one.metric)):
            key = f"{STREAK}:{store}:{one.metric}:{one.first}"
            yield _Due(key, one.metric, store, _streak_facts(one))
    monday = zones.local(standing.week_start, standing.zone).date()
    for place, burning in enumerate(standing.burns):
        level = burning.budget.level
        key = f"{BUDGET}:{store}:{level}:{monday}"
        yield _Due(key, level, store, _burn_facts(burning), quiet=place > 0)


def _warn(tx: Session, view: Staff, due: _Due) -> int:
    now, desk, store = view.now, view.desk, due.store
    row = warnings.add(tx, due.key, now, due.facts)
    if row is None:
        return 0
    ledger.record(tx, now, ROBOT, "warned", store=store, of=due.about, **due.facts)
    if due.quiet:
        return 0
    outbox.put(tx, f"warned:{row.id}", desk.settings.slack.escalation_channel, now)
    for person in access.people_of(tx, desk, store, managers=True):
        outbox.put(tx, f"warned:{row.id}:{person}", person, now, not_before=view.hears_at(person))
    return 1


def _streak_facts(one: Streak) -> dict[str, Any]:
    return {
        "days": one.days,
        "first": str(one.first),
        "last": str(one.last),
        "value": one.value,
        "next": str(one.next_day),
    }


def _burn_facts(one: Burn) -> dict[str, Any]:
    return {
        "rate": one.budget.rate,
        "so_far": one.budget.so_far,
        "lost": one.budget.lost,
        "expected": one.budget.expected,
        "lost_short": one.lost_short,
        "lost_long": one.lost_long,
        "ends_at": one.ends_at.isoformat() if one.ends_at else None,
    }


def warned(desk: Desk, number: int) -> Warned:
    """A warning as it was recorded. Raises NotFound."""
    with desk.database.reading() as tx:
        row = tx.get(WarningRow, number)
    if row is None or row.store not in desk.settings.stores:
        raise NotFound(f"There is no warning {number} of a store that is still set up.")
    store = desk.settings.stores[row.store]
    return Warned(
        store_name=store.name,
        zone=store.zone,
        at=row.at,
        limits=limits(desk),
        streak=_streak(row) if row.kind == STREAK else None,
        burn=_burn(row) if row.kind == BUDGET else None,
    )


def _streak(row: WarningRow) -> Streak:
    facts = row.facts
    first, last, following = (date.fromisoformat(facts[key]) for key in ("first", "last", "next"))
    return Streak(row.about, facts["days"], first, last, facts["value"], following)  # type: ignore[arg-type]  # as it was written


def _burn(row: WarningRow) -> Burn:
    facts = row.facts
    budget = Budget(row.about, facts["rate"], facts["so_far"], facts["lost"], facts["expected"])  # type: ignore[arg-type]  # as it was written
    ends_at = datetime.fromisoformat(facts["ends_at"]) if facts["ends_at"] else None
    return Burn(budget, facts["lost_short"], facts["lost_long"], ends_at)
