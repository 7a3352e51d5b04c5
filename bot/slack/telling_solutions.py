"""What the outbox's keys about solutions mean: the post in the thread, the question to managers, the answer."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.db.queries import outbox
from bot.desk import read, solution_pages
from bot.domain.snapshots import CaseSnapshot
from bot.domain.solutions import SolutionSnapshot
from bot.slack.views import solutions

if TYPE_CHECKING:  # telling reads this table; a cycle only for types
    from bot.slack.telling import Asked, Telling


def _found(asked: "Asked") -> tuple[CaseSnapshot, SolutionSnapshot]:
    one = solution_pages.solution(asked.desk, asked.number)
    return read.case(asked.desk, one.case), one


def _solution(asked: "Asked") -> "Telling":
    """`solution:<id>`: under the card; whoever acted is not called by it."""
    case, one = _found(asked)
    return asked.under_card(
        asked.uncalled(solutions.post(case, one, asked.say), one.decided_by or one.by), case
    )


def _asked(asked: "Asked") -> "Telling | None":
    """`solution_asked:<id>:<manager>`; nothing if it was decided before this manager heard of it."""
    case, one = _found(asked)
    with asked.desk.database.reading() as tx:
        is_known = outbox.post_of(tx, f"solution_asked:{one.id}:{asked.parts[1]}") is not None
    if one.state != "asked" and not is_known:
        return None
    return replace(asked.post(solutions.approval(case, one, asked.say)), case=case.number)


def _told(asked: "Asked") -> "Telling | None":
    """`solution_told:<id>:<state>`: to whoever asked; nothing if it has gone further meanwhile."""
    case, one = _found(asked)
    if one.state != asked.parts[1]:
        return None
    return replace(asked.post(solutions.told(case, one, asked.say)), case=case.number)


KINDS: dict[str, Callable[["Asked"], "Telling | None"]] = {
    "solution": _solution,
    "solution_asked": _asked,
    "solution_told": _told,
}
