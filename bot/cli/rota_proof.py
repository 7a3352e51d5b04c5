"""What `reply24 rota prove` says of a proof: as JSON, as lines, and as a picture. Imported by that command alone."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from bot.charts.week import WEEK, Week, length, two_zones, week_chart
from bot.cli import printing
from bot.cli.printing import iso, percent
from bot.cli.rota_source import Source
from bot.domain import zones
from bot.domain.coverage import MARGIN, Coverage, Gap, Need, Proof, Stress, gaps
from bot.slack.texts import say_for

_ENGLISH = say_for("en")
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def is_ok(proof: Proof, target: float) -> bool:
    """Whether there is no fatal gap, and every store and language can reach the target."""
    return not proof.fatal and proof.reachable >= target


def proof_json(proof: Proof, target: float) -> dict[str, Any]:
    """All of it. Rates are fractions; a gap's start, end and hours are what of it lies in the window."""
    return {
        "from": iso(proof.start),
        "until": iso(proof.end),
        "edition": proof.edition,
        "rules": proof.rules,
        "certificate": proof.certificate,
        "ok": is_ok(proof, target),
        "target": target,
        "needs": [_need_json(proof, one) for one in proof.coverage],
        "loads": [asdict(one) for one in proof.loads],
        "short_rests": [
            {"agent": one.agent, "end": iso(one.end), "start": iso(one.start), "hours": one.rest / _HOUR}
            for one in proof.short_rests
        ],
        "stress": [_stress_json(one) for one in proof.stress],
    }


def _need_json(proof: Proof, coverage: Coverage) -> dict[str, Any]:
    return {
        "store": coverage.need.store,
        "lang": coverage.need.lang,
        "gaps": [_gap_json(one, proof.start, proof.end) for one in coverage.gaps],
        "fatal": len(coverage.fatal),
        "reachable": coverage.reachable,
        "reachable_observed": coverage.reachable_observed,
    }


def _stress_json(stress: Stress) -> dict[str, Any]:
    return {
        "name": stress.name,
        "start": iso(stress.start),
        "end": iso(stress.end),
        "away": list(stress.away),
        "agents": list(stress.agents),
        "reachable": stress.reachable,
        "fatal": [
            {"store": one.need.store, **_gap_json(one, stress.start, stress.end)} for one in stress.fatal
        ],
    }


def _gap_json(gap: Gap, start: datetime, end: datetime) -> dict[str, Any]:
    """`hours` lie in the window, `whole_hours` is how long the gap is in truth: that is what may be fatal."""
    first, last = max(gap.start, start), min(gap.end, end)
    return {
        "start": iso(first),
        "end": iso(last),
        "hours": (last - first) / _HOUR,
        "whole_hours": gap.length / _HOUR,
        "fatal": gap.is_fatal,
    }


def picture(source: Source, proof: Proof, store: str | None) -> bytes:
    """The first week of the proof, as PNG."""
    around = source.timetable(proof.start - MARGIN, proof.start + WEEK + MARGIN)
    axes = two_zones(around, store)
    start = zones.day_start(proof.start, axes[0])
    found = gaps(around, Need(store), start, start + WEEK)
    return week_chart(
        Week(
            around, start, store or "All stores", axes, _ENGLISH, store=store, gaps=found, names=source.names
        )
    )


def print_proof(source: Source, proof: Proof) -> None:
    """The report for people."""
    for line in (
        f"Coverage from {_minute(proof.start)} until {_minute(proof.end)} UTC",
        *_need_lines(proof),
        *_load_lines(source, proof),
        *_rest_lines(source, proof),
        *_stress_lines(proof),
        f"Time zones {proof.edition}, rules {proof.rules[:16]}, certificate {proof.certificate}",
        _verdict(proof, source.target),
    ):
        printing.line(line)


def _verdict(proof: Proof, target: float) -> str:
    if is_ok(proof, target):
        return (
            f"OK: no gap is fatal, and {percent(proof.reachable, 2)} of all messages can be answered in 24 h."
        )
    worst = min(proof.coverage, key=lambda one: one.reachable)
    count = len(proof.fatal)
    return (
        f"NOT OK: {count} fatal {'gap' if count == 1 else 'gaps'}; {_called(worst.need)} can reach "
        f"{percent(worst.reachable, 2)} at most, and the target is {target * 100:g}%."
    )


def _called(need: Need) -> str:
    name = need.store or "all stores"
    return f"{name} in {need.lang}" if need.lang else name


def _need_lines(proof: Proof) -> Iterator[str]:
    seen: dict[tuple[tuple[datetime, datetime], ...], str] = {}
    for one in proof.coverage:
        name = _called(one.need)
        observed = one.reachable_observed
        rates = f"{percent(one.reachable, 2)} if messages arrive evenly"
        if observed is not None:
            rates += f", {percent(observed, 2)} if they arrive as they did"
        yield f"{name}: best response rate {rates}"
        spans = tuple((gap.start, gap.end) for gap in one.gaps)
        if not spans:
            yield "  somebody is on at every moment"
        elif spans[0][0] <= proof.start and spans[0][1] >= proof.end:
            yield "  FATAL  nobody is ever on" if one.fatal else "  nobody is on"
        elif spans in seen:
            yield f"  the same gaps as {seen[spans]}"
        else:
            seen[spans] = name
            yield from (f"  {line}" for line in gap_lines(one.gaps))


def gap_lines(gaps: Sequence[Gap]) -> Iterator[str]:
    """The gaps for people: those of equal hours on one line, in order of the first of them."""
    alike: dict[tuple[timedelta, timedelta], list[Gap]] = {}
    for gap in gaps:
        midnight = gap.start.replace(hour=0, minute=0, second=0, microsecond=0)
        alike.setdefault((gap.start - midnight, gap.length), []).append(gap)
    for group in alike.values():
        first, last = group[0], group[-1]
        mark = "FATAL  " if first.is_fatal else ""
        span = f"{first.start:%H:%M}-{first.end:%H:%M} UTC"
        if first.length >= _DAY:
            span = f"from {first.start:%H:%M} UTC"
        span += f", {length(first.length, _ENGLISH)}"
        if len(group) < 3:
            yield from (f"{mark}{one.start:%a %Y-%m-%d} {span}" for one in group)
        else:
            yield (
                f"{mark}{_rhythm([one.start for one in group])} {span}, {len(group)} times "
                f"from {first.start:%Y-%m-%d} to {last.start:%Y-%m-%d}"
            )


def _rhythm(starts: Sequence[datetime]) -> str:
    """On which days of the week, if it is on all of those between the first and the last."""
    days = {one.weekday() for one in starts}
    between = [starts[0] + number * _DAY for number in range((starts[-1] - starts[0]).days + 1)]
    if len(between) == len(starts):
        return "every day"
    if sum(one.weekday() in days for one in between) != len(starts):
        return "on some days"
    names = [_WEEKDAYS[day] for day in sorted(days)]
    in_a_row = len(days) > 2 and max(days) - min(days) == len(days) - 1
    return f"every {names[0]}-{names[-1]}" if in_a_row else f"every {', '.join(names)}"


def _load_lines(source: Source, proof: Proof) -> Iterator[str]:
    yield "Hours of each person, how many of them at night and on weekends, and the share of all:"
    for one in proof.loads:
        yield (
            f"  {one.hours:>8.1f}{one.night_hours:>8.1f}{one.weekend_hours:>8.1f}{one.share:>8.1%}"
            f"  {source.name(one.agent)}"
        )


def _rest_lines(source: Source, proof: Proof) -> Iterator[str]:
    least = length(source.minimum_rest, _ENGLISH)
    if not proof.short_rests:
        yield f"Nobody has less than {least} between two working days"
        return
    yield f"Less than {least} between two working days:"
    for agent in dict.fromkeys(one.agent for one in proof.short_rests):
        own = [one for one in proof.short_rests if one.agent == agent]
        times = "once" if len(own) == 1 else f"{len(own)} times"
        yield (
            f"  {source.name(agent)}, {times}: {length(own[0].rest, _ENGLISH)} from {_minute(own[0].end)} UTC"
            + (" and later" if len(own) > 1 else "")
        )


def _stress_lines(proof: Proof) -> Iterator[str]:
    yield "With everybody away on their festivals:"
    for one in proof.stress:
        count = len(one.fatal)
        yield (
            f"  {one.name:<16}{one.start:%Y-%m-%d} to {one.end:%Y-%m-%d}, {len(one.agents)} away: "
            f"{percent(one.reachable, 2)} at best, {count or 'no'} fatal {'gap' if count == 1 else 'gaps'}"
        )


def _minute(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M}"
