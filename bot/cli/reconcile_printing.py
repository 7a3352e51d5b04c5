"""What `reply24 sla reconcile` prints: for programs all of it, for people the first of each kind and the sums."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from bot.cli import printing
from bot.cli.printing import iso

if TYPE_CHECKING:
    from datetime import datetime

    from bot.desk.reconcile import Comparison
    from bot.domain.reconciliation import Different, Lost, Reconciliation, Unknown
    from bot.domain.report import RowFault
    from bot.domain.sla import Rate

_SHOWN = 20
"""So many of each kind people are shown."""
_TITLES = {
    "lost_here": "Lost here (in Amazon's report, no message of ours)",
    "unknown_there": "Unknown there (ours, not in the report)",
    "different_clock": "On another clock",
    "unreadable": "Rows that can't be read",
}


def comparison_json(comparison: "Comparison", file: str, store: str) -> dict[str, Any]:
    """All of a comparison. Rates are fractions, times ISO 8601 UTC; `ok`: nothing was found."""
    found, report = comparison.found, comparison.report
    wrong_zone = comparison.zone != comparison.zone_set
    return {
        "ok": found is not None and found.is_equal and not report.faults and not wrong_zone,
        "file": file,
        "store": store,
        "zone": comparison.zone_set,
        "zone_looks_like": comparison.zone if wrong_zone else None,
        "notes": list(report.notes),
        "rows": len(report.rows),
        **(_empty() if found is None else _found_json(found)),
        "unreadable": [_fault_json(one) for one in report.faults],
    }


def _empty() -> dict[str, Any]:
    sums = {"period": None, "overdue_only": None, "matched": 0, "rate_there": None, "rate_here": None}
    return {**sums, "lost_here": [], "unknown_there": [], "different_clock": []}


def _found_json(found: "Reconciliation") -> dict[str, Any]:
    return {
        "period": {"start": iso(found.scope.start), "end": iso(found.scope.end)},
        "overdue_only": found.scope.overdue_only,
        "matched": found.matched,
        "rate_there": _rate_json(found.there),
        "rate_here": _rate_json(found.here),
        "lost_here": [_lost_json(one) for one in found.lost],
        "unknown_there": [_unknown_json(one) for one in found.unknown],
        "different_clock": [_different_json(one) for one in found.different],
    }


def _rate_json(rate: "Rate | None") -> dict[str, Any] | None:
    if rate is None:
        return None
    return {"in_time": rate.in_time, "decided": rate.decided, "response_rate": rate.share}


def _lost_json(one: "Lost") -> dict[str, Any]:
    row = one.row
    return {
        "line": row.line,
        "order_id": row.order_id,
        "received_at": iso(row.received_at),
        "answered_at": _iso(row.answered_at),
        "overdue": row.overdue,
        "cause": one.cause,
        "why": one.why,
    }


def _unknown_json(one: "Unknown") -> dict[str, Any]:
    return {
        "case": one.own.case,
        "order_id": one.own.order_id,
        "received_at": iso(one.own.anchor),
        "answered_at": _iso(one.own.answered_at),
        "state": one.own.state,
        "cause": one.cause,
        "why": one.why,
    }


def _different_json(one: "Different") -> dict[str, Any]:
    return {
        "line": one.row.line,
        "case": one.own.case,
        "order_id": one.row.order_id or one.own.order_id,
        "about": list(one.about),
        "received_there": iso(one.row.received_at),
        "received_here": iso(one.own.anchor),
        "answered_there": _iso(one.row.answered_at),
        "answered_here": _iso(one.own.answered_at),
        "overdue_there": one.row.overdue,
        "state": one.own.state,
        "cause": one.cause,
        "why": one.why,
    }


def _fault_json(fault: "RowFault") -> dict[str, Any]:
    return {"line": fault.line, "column": fault.column, "reason": fault.reason}


def _iso(instant: "datetime | None") -> str | None:
    return None if instant is None else iso(instant)


def print_comparison(shown: dict[str, Any]) -> None:
    """The same for people, from what `comparison_json` made of it."""
    period = shown["period"]
    when = f", {period['start']} to {period['end']}" if period else ""
    printing.line(f"{shown['file']}: {shown['rows']} rows of {shown['store']}{when}")
    if shown["zone_looks_like"]:
        zone = shown["zone_looks_like"]
        printing.line(
            f"  The report's times look like {_spoken(zone)}, not {shown['zone']}; compared as such. "
            f"Set zone: {zone} in config/reconcile.yaml, or give --zone {zone}"
        )
    for note in shown["notes"]:
        printing.line(f"  {note}")
    if shown["overdue_only"]:
        printing.line("  Every row is late: taken for a report of overdue messages alone")
    for key, title in _TITLES.items():
        _print_found(title, shown[key], shown["file"])
    printing.line(
        f"  {shown['matched']} matched, {len(shown['different_clock'])} of them on another clock; "
        f"{len(shown['lost_here'])} lost here, {len(shown['unknown_there'])} unknown there, "
        f"{len(shown['unreadable'])} unreadable"
    )
    printing.line(f"  Amazon's response rate: {_rate(shown['rate_there'])}")
    printing.line(
        f"  our response rate, counted as Amazon does: {_rate(shown['rate_here'])}; what was late when it reached us "
        "is late in it, while boards and digests leave it out"
    )


def _spoken(zone: str) -> str:
    """The signs of Etc/GMT-8 are turned round: its clocks are 8 hours ahead."""
    name = zone.removeprefix("Etc/GMT")
    return zone if name == zone else f"UTC{'-' if name[0] == '+' else '+'}{name[1:]}"


def _rate(rate: dict[str, Any] | None) -> str:
    if rate is None or rate["response_rate"] is None:
        return "-"
    return f"{printing.percent(rate['response_rate'])} ({rate['in_time']} of {rate['decided']})"


def _print_found(title: str, found: list[dict[str, Any]], file: str) -> None:
    if not found:
        return
    printing.line(f"  {title}: {len(found)}")
    for one in found[:_SHOWN]:
        printing.line(f"    {_place(one, file)}{one.get('why') or one['reason']}")
    if len(found) > _SHOWN:
        causes = Counter(one.get("cause", "unreadable") for one in found)
        sums = ", ".join(f"{count} {cause}" for cause, count in causes.most_common())
        printing.line(f"    … {len(found) - _SHOWN} more; all of them with --json. By cause: {sums}")


def _place(one: dict[str, Any], file: str) -> str:
    parts = [f"{file}:{one['line']}"] if "line" in one else []
    parts += [f'"{one["column"]}"'] if one.get("column") else []
    parts += [f"order {one['order_id']}"] if one.get("order_id") else []
    parts += [f"case {one['case']}"] if "case" in one else []
    parts += [f"received {one['received_at']}"] if "received_at" in one else []
    if "about" in one:
        parts += [
            f"{what} {one[f'{what}_there'] or '-'} there, {one[f'{what}_here'] or '-'} here"
            for what in ("received", "answered")
            if what in one["about"]
        ]
        parts += (
            [f"overdue there: {one['overdue_there']}, {one['state']} here"]
            if "verdict" in one["about"]
            else []
        )
    return f"{', '.join(parts)}: "
