"""What a colleague did with a case while somebody wrote."""

from sqlalchemy.orm import Session

from bot.db.queries import cases as case_queries
from bot.db.tables import CaseRow
from bot.domain.seen import done_since
from bot.errors import Stale


def require_standing(tx: Session, case: CaseRow, stands: str | None, by: str) -> None:
    """That no colleague closed or took the case since `by` looked at it (`stands`: domain/seen.py). Raises Stale.

    What a reply closed is told as an answer (`require_fresh`), and what they closed themself is no news.
    """
    done = None if stands is None else done_since(stands, case.state, case.assignee, by)
    if done == "closed" and _closed_by(tx, case) in ("reply", f"person:{by}"):
        return
    if done is not None:
        raise Stale(
            f"Reply to case {case.number} was not sent: a colleague has {done} the case meanwhile. Your text is kept.",
            key=f"{done}_meanwhile",
            case=case.number,
        )


def _closed_by(tx: Session, case: CaseRow) -> str:
    """What ended its newest deadline: `reply`, `person:` and who, `copy` ..."""
    newest = max(case_queries.deadlines(tx, case.number), key=lambda one: one.message, default=None)
    kind, _, rest = ((newest.closed_by if newest else None) or "").partition(":")
    return f"{kind}:{rest.partition(':')[0]}" if kind == "person" else kind
