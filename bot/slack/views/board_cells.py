"""Single figures as they are shown: a rate with its verdict, a span, a share."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.sla import Figures
from bot.slack.texts import Say, duration
from bot.slack.views.lines import percent

_LIGHTS = {"below": "🔴 ", "between": "🟡 ", "on_target": "🟢 "}


@dataclass(frozen=True, slots=True)
class Targets:
    """What the figures are held against. Rates are fractions."""

    minimum: float = 0.90
    target: float = 0.95
    average_hours: float = 6
    closing: float = 0.85


def span(seconds: float, say: Say) -> str:
    """A span in words."""
    return duration(timedelta(seconds=seconds), say)


def rate(one: Figures, say: Say, targets: Targets) -> str:
    """The response rate, out of what it comes, and how it stands; or that no message is decided yet."""
    if one.response_rate is None:
        return say("board.undecided")
    decided = one.in_time + one.late + one.overdue
    shown, words = percent(one.response_rate), say(f"board.{_verdict(one.response_rate, targets)}")
    return say("board.rate_cell", rate=shown, done=one.in_time, all=decided, verdict=words)


def light(one: Figures, targets: Targets) -> str:
    """A colour for the response rate, to stand before its words; nothing where there is no rate."""
    return _LIGHTS[_verdict(one.response_rate, targets)] if one.response_rate is not None else ""


def _verdict(rate: float, targets: Targets) -> str:
    if rate < targets.minimum:
        return "below"
    return "between" if rate < targets.target else "on_target"


def average(seconds: float, say: Say, targets: Targets) -> str:
    """An average response time, and how it stands."""
    is_excellent = seconds <= targets.average_hours * 3600
    verdict = (
        say("board.excellent") if is_excellent else say("board.slow", hours=f"{targets.average_hours:g}")
    )
    return say("board.average_cell", span=span(seconds, say), verdict=verdict)


def closing(rate: float, say: Say, targets: Targets) -> str:
    """A closing rate, and how it stands."""
    verdict = "below" if rate < targets.closing else "on_target"
    return say("board.closing_cell", rate=percent(rate), verdict=say(f"board.{verdict}"))


def contact(rate: float, one: Figures, say: Say) -> str:
    """First-contact resolution, and out of what it comes; undecided cases are not in it."""
    everyone = one.resolved + one.unresolved
    return say("board.contact_cell", rate=percent(rate), done=one.resolved, all=everyone)
