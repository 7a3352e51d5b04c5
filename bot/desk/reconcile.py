"""Compares a report of Amazon's with what is stored of one store. Nothing is changed by it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.db.queries import reconcile as queries
from bot.desk import Desk
from bot.domain.marketplaces import MARKETPLACES
from bot.domain.reconcile import likely_zone, reconcile, scope_of
from bot.domain.reconciliation import Ours, Reconciliation, Scope
from bot.domain.report import Report, in_zone, read_report
from bot.domain.sheet_reading import read_sheet
from bot.errors import WrongInput

_LONGEST = timedelta(days=400)
_ZONES = timedelta(hours=26)
"""How far apart the same wall time can be in two zones."""
_FIXED_ZONES = tuple(f"Etc/GMT{hours:+d}" for hours in range(-14, 13) if hours)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to compare. `zone`: of the report's times, in the place of the one that is set.

    Only rows of [start, end) count; without them, all.
    """

    store: str
    zone: str | None = None
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A report as it was read, and what was found; None if no row of it could be compared.

    `zone` is what its times were taken for in the end; `zone_set` what the settings, or the person, said.
    """

    report: Report
    zone: str
    zone_set: str
    found: Reconciliation | None


def compare(desk: Desk, content: bytes, asked: Asked) -> Comparison:
    """Compare the file with `content`. Raises WrongInput if it can't be read as a report."""
    layout = desk.settings.reconcile.layout(asked.zone)
    sheet = read_sheet(content, layout.names())
    report = _narrowed(read_report(sheet, layout), asked)
    if not report.rows:
        return Comparison(report, layout.zone, layout.zone, None)
    tolerance = timedelta(hours=desk.settings.reconcile.tolerance_hours)
    scope = _scope(report, asked)
    ours = _ours(desk, asked.store, scope, tolerance)
    zone = likely_zone(report.rows, ours.messages, layout.zone, _zones(desk, asked.store)) or layout.zone
    if zone != layout.zone:
        rows = tuple(in_zone(row, layout.zone, zone) for row in report.rows)
        report = replace(report, rows=rows)
        scope = _scope(report, asked)
    return Comparison(report, zone, layout.zone, reconcile(report, ours, scope, tolerance, desk.now()))


def _narrowed(report: Report, asked: Asked) -> Report:
    rows = tuple(
        row
        for row in report.rows
        if (asked.start is None or row.received_at >= asked.start)
        and (asked.end is None or row.received_at < asked.end)
    )
    return replace(report, rows=rows)


def _scope(report: Report, asked: Asked) -> Scope:
    """Raises WrongInput for a report of years: one wrong date is enough for that."""
    found = scope_of(report)
    found = replace(found, start=asked.start or found.start, end=asked.end or found.end)
    if found.end - found.start > _LONGEST:
        first = min(report.rows, key=lambda row: row.received_at)
        last = max(report.rows, key=lambda row: row.received_at)
        raise WrongInput(
            f"It covers {(found.end - found.start).days} days, from {first.received_at:%Y-%m-%d} (line {first.line}) "
            f"to {last.received_at:%Y-%m-%d} (line {last.line}); expected {_LONGEST.days} at most. Say which "
            "part counts with --from and --until"
        )
    return found


def _ours(desk: Desk, store: str, scope: Scope, tolerance: timedelta) -> Ours:
    start = scope.start - tolerance - _ZONES
    end = scope.end + tolerance + _ZONES
    with desk.database.reading() as tx:
        return Ours(
            messages=tuple(queries.messages_of(tx, store, start, end)),
            mails=queries.other_mails(tx, store, start, end),
            undelivered=queries.undelivered(tx, store, start),
            since=queries.first_read(tx, desk.settings.stores[store].mailbox),
        )


def _zones(desk: Desk, store: str) -> list[str]:
    """The zones that a report may be written in, likely ones first: a fixed offset only if no place has it."""
    own = desk.settings.stores[store]
    return [
        own.zone,
        *(MARKETPLACES[code].zone for code in own.marketplaces),
        "UTC",
        "America/Los_Angeles",
        *(agent.zone for agent in desk.settings.agents.values()),
        *(one.zone for one in MARKETPLACES.values()),
        *_FIXED_ZONES,
    ]
