"""The figures of the board by period, as lines: a table of them was wider than a phone.

Periods with the same figures, as in a young installation, stand in one line.
"""

from collections.abc import Sequence

from bot.domain.sla import Figures
from bot.slack.blocks import Block, section
from bot.slack.texts import Say
from bot.slack.views import board_cells as cells
from bot.slack.views.board_cells import Targets
from bot.slack.views.lines import percent

Periods = Sequence[tuple[str, Figures]]


def rows(periods: Periods, say: Say, targets: Targets) -> list[Block]:
    """A paragraph a period: its rate and average, below them everything else."""
    return [section(*_lines(names, one, say, targets)) for names, one in _merged(periods)]


def spoken(periods: Periods, say: Say, targets: Targets) -> list[str]:
    """The same lines, to be read aloud."""
    return [line for names, one in _merged(periods) for line in _lines(names, one, say, targets)]


def in_short(periods: Periods, say: Say, targets: Targets) -> list[str]:
    """A line a period: rate and average."""
    return [_first(names, one, say, targets) for names, one in _merged(periods)]


def _merged(periods: Periods) -> list[tuple[list[str], Figures]]:
    found: list[tuple[list[str], Figures]] = []
    for name, one in periods:
        if found and found[-1][1] == one:
            found[-1][0].append(name)
        else:
            found.append(([name], one))
    return found


def _called(names: Sequence[str], say: Say) -> str:
    """ "Today", "7 days", and of several "7, 30, 90 days"."""
    days = [name.removesuffix("d") for name in names if name.endswith("d")]
    others = [say.word("period", name) for name in names if not name.endswith("d")]
    return say.several([*others, *([say("board.days", days=say.several(days))] if days else [])])


def _lines(names: Sequence[str], one: Figures, say: Say, targets: Targets) -> list[str]:
    parts = _further(one, say, targets)
    return [_first(names, one, say, targets), *([" · ".join(parts)] if parts else [])]


def _first(names: Sequence[str], one: Figures, say: Say, targets: Targets) -> str:
    period = _called(names, say)
    if not one.received:
        return say("board.period_none", period=period)
    parts = [say("board.rate", value=cells.rate(one, say, targets))]
    if one.average_seconds is not None:
        parts.append(say("board.average", value=cells.average(one.average_seconds, say, targets)))
    light = cells.light(one, targets)
    return say("board.period", light=light, period=period, parts=" · ".join(parts))


def _further(one: Figures, say: Say, targets: Targets) -> list[str]:
    said = [say("board.received", messages=say.count("message", one.received))] if one.received else []
    if one.late_response_rate is not None:
        said.append(say("board.late", value=percent(one.late_response_rate, up=True)))
    if one.median_seconds is not None and one.p90_seconds is not None:
        median, p90 = cells.span(one.median_seconds, say), cells.span(one.p90_seconds, say)
        said.append(say("board.percentiles", median=median, p90=p90))
    if one.closing_rate is not None:
        said.append(say("board.closing", value=cells.closing(one.closing_rate, say, targets)))
    if one.first_contact_resolution is not None:
        said.append(say("board.contact", value=cells.contact(one.first_contact_resolution, one, say)))
    if one.handle_seconds is not None:
        said.append(say("board.handle", value=cells.span(one.handle_seconds, say)))
    if one.late_on_arrival:
        said.append(say("board.too_late", n=one.late_on_arrival))
    return said
