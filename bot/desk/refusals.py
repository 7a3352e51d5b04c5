"""That the check refused a reply, for the ledger: who wrote, answering what, against which rules. Never the text."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.db.queries import cases as case_queries
from bot.db.queries import ledger
from bot.db.queries.causes import BLOCKED
from bot.desk.facing import Facing
from bot.domain.policy import Finding


def record_refusal(
    tx: Session, whom: Facing, found: Sequence[Finding], template: str | None, *, by: str, now: datetime
) -> None:
    """Record that `by` wrote what may not leave. `answers`: the newest buyer message that it would have answered."""
    ledger.record(
        tx,
        now,
        by,
        BLOCKED,
        store=whom.case.store,
        case=whom.case.number,
        to=whom.to.number,
        answers=case_queries.last_message_id(tx, *whom.threads) or 0,
        rules=sorted({one.rule for one in found if one.severity == "block"}),
        template=template,
    )
