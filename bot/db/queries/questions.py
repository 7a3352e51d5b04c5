"""Questions to managers about texts: those of a case, and what the ledger has about warnings."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import LedgerRow
from bot.db.tables_questions import QuestionRow

ABOUT_WARNINGS = ("manager_asked", "warning_overridden")


def of_cases(tx: Session, *cases: int) -> Sequence[QuestionRow]:
    """What was asked in these cases, oldest first."""
    return tx.scalars(select(QuestionRow).where(QuestionRow.case.in_(cases)).order_by(QuestionRow.id)).all()


def about_warnings(tx: Session, *cases: int) -> Sequence[LedgerRow]:
    """When managers were asked in these cases, and what was sent over a warning; oldest first."""
    query = select(LedgerRow).where(LedgerRow.case.in_(cases), LedgerRow.what.in_(ABOUT_WARNINGS))
    return tx.scalars(query.order_by(LedgerRow.seq)).all()
