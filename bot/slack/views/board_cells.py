"""Single figures as they are shown: a rate with its verdict, a span, a share."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.sla import Figures
from bot.slack.texts import Say, duration
from bot.slack.views.lines import percent

_LAMPS = {"below": "🔴 ", "between": "🟡 ", "on_target": "🟢 "}


@dataclass(frozen=True, slots=True)
class Targets:
    """What the figures are held against. Rates are fractions."""

    minimum: float = 0.90
    target: float = 0.95
    average_hours: float = 6
    closing: float = 0.85


def span(seconds: float | None, say: Say) -> str:
    """A span in words."""
    return say("board.none") if seconds is None else duration(timedelta(seconds=seconds), say)


def rate(one: Figures, say: Say, targets: Targets, *, lamp: bool = False) -> str:
    """The response rate, out of what it comes, and how it stands; `lamp` puts a colour before the words."""
    if one.response_rate is None:
        return say("board.none")
    decided = one.in_time + one.late + one.overdue
    verdict = _verdict(one.response_rate, targets)
    shown, words = percent(one.response_rate), say(f"board.{verdict}")
    return _lamp(verdict, lamp) + say(
        "board.rate_cell", rate=shown, done=one.in_time, all=decided, verdict=words
    )


def _lamp(verdict: str, lamp: bool) -> str:
    return _LAMPS[verdict] if lamp else ""


def _verdict(rate: float, targets: Targets) -> str:
    if rate < targets.minimum:
        return "below"
    return "between" if rate < targets.target else "on_target"


def late(one: Figures, say: Say) -> str:
    """The late-response rate."""
    return say("board.none") if one.late_response_rate is None else percent(one.late_response_rate, up=True)


def average(one: Figures, say: Say, targets: Targets) -> str:
    """The average response time, and how it stands."""
    if one.average_seconds is None:
        return say("board.none")
    is_excellent = one.average_seconds <= targets.average_hours * 3600
    verdict = (
        say("board.excellent") if is_excellent else say("board.slow", hours=f"{targets.average_hours:g}")
    )
    return say("board.average_cell", span=span(one.average_seconds, say), verdict=verdict)


def percentiles(one: Figures, say: Say) -> str:
    """Median and 90 %."""
    if one.median_seconds is None or one.p90_seconds is None:
        return say("board.none")
    return f"{span(one.median_seconds, say)} · {span(one.p90_seconds, say)}"


def closing(one: Figures, say: Say, targets: Targets, *, lamp: bool = False) -> str:
    """The closing rate, and how it stands."""
    if one.closing_rate is None:
        return say("board.none")
    verdict = "below" if one.closing_rate < targets.closing else "on_target"
    shown = percent(one.closing_rate)
    return _lamp(verdict, lamp) + say("board.closing_cell", rate=shown, verdict=say(f"board.{verdict}"))


def contact(one: Figures, say: Say) -> str:
    """First-contact resolution; undecided ones are not in it."""
    if one.first_contact_resolution is None:
        return say("board.none")
    shown = percent(one.first_contact_resolution)
    return say("board.contact_cell", rate=shown, done=one.resolved, all=one.resolved + one.unresolved)
