"""How a case ended, and what a colleague did with it while somebody wrote."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.db.queries import cases as case_queries
from bot.db.tables import CaseRow, DeadlineRow
from bot.domain.seen import done_since
from bot.errors import Stale


def require_standing(tx: Session, case: CaseRow, stands: str | None, by: str) -> None:
    """That no colleague closed or took the case since `by` looked at it (`stands`: domain/seen.py). Raises Stale.

    What a reply closed is told as an answer (`require_fresh`), and what they closed themself is no news.
    """
    done = None if stands is None else done_since(stands, case.state, case.assignee, by)
    due = case_queries.deadlines(tx, case.number)
    if done == "closed" and (newest_end(due).startswith("reply:") or who_excused(due) == by):
        return
    if done is not None:
        raise Stale(
            f"Reply to case {case.number} was not sent: a colleague has {done} the case meanwhile. Your text is kept.",
            key=f"{done}_meanwhile",
            case=case.number,
        )


def newest_end(due: Sequence[DeadlineRow]) -> str:
    """What ended the newest message's deadline: `reply:` and which, `person:` and who, `copy` ...; "" for nothing."""
    last = max(due, key=lambda one: one.message, default=None)
    return (last.closed_by if last else None) or ""


def who_excused(due: Sequence[DeadlineRow]) -> str | None:
    """Who said that the newest message needs no answer."""
    kind, _, who = newest_end(due).partition(":")
    return who.partition(":")[0] if kind == "person" else None
