"""The figures of `/sla-status` by store, marketplace, topic, agent, shift or hour: as lines, and all of them as CSV."""

from collections.abc import Mapping
from dataclasses import asdict

from bot.domain.sheets import csv_lines
from bot.domain.sla import SELLER_CENTRAL, Figures
from bot.domain.snapshots import Board
from bot.slack.blocks import Block, section
from bot.slack.inert import escape, mention
from bot.slack.texts import Say, site
from bot.slack.views import board_cells as cells
from bot.slack.views.board_cells import Targets

_PERIOD = "7d"
_LINES = 24


def rows(board: Board, say: Say, targets: Targets) -> list[Block]:
    """A line a value, of the last seven days."""
    if not board.by:
        return []
    found = [(name, dict(periods)[_PERIOD]) for name, periods in board.breakdown]
    shown = [(name, one) for name, one in found if one.received]
    title = say("board.by_title", what=say(f"dimension.{board.by}"), period=say.word("period", _PERIOD))
    rest = len(shown) - _LINES
    more = say("board.by_more", n=rest) if rest > 0 else None
    lines = [_line(board, name, one, say, targets) for name, one in shown[:_LINES]]
    return [section(title, *(lines or [say("board.none")]), more)]


def _line(board: Board, name: str, one: Figures, say: Say, targets: Targets) -> str:
    rate = cells.light(one, targets) + cells.rate(one, say, targets)
    said = say("board.by_line", value=_value(board, name, say), received=one.received, rate=rate)
    if one.median_seconds is None:
        return said
    return f"{said} · {say('board.by_median', median=cells.span(one.median_seconds, say))}"


def _value(board: Board, name: str, say: Say) -> str:
    if board.by == "hour":
        return say("value.hour", hour=name)
    if name == "":
        return say(f"value.no_{board.by}")
    if board.by == "agent":
        return say("value.seller_central") if name == SELLER_CENTRAL else mention(name)
    if board.by == "topic":
        return say.word("topic", name)
    return site(name) if board.by == "marketplace" else escape(name)


def csv_of(board: Board, names: Mapping[str, str]) -> str:
    """Every figure of the board as CSV: a line for each value and period; rates are fractions, spans seconds.

    `names` are those of persons and stores, by id. No cell is one that a spreadsheet takes for a formula.
    """
    found = [("", "", board.periods), *((board.by, name, periods) for name, periods in board.breakdown)]
    header = ("store", "as_of", "by", "value", "period", *Figures.__dataclass_fields__)
    lines = [
        (board.store or "all", board.as_of, by, names.get(name, name), period, *asdict(one).values())
        for by, name, periods in found
        for period, one in periods
    ]
    return "".join(csv_lines(header, lines))
