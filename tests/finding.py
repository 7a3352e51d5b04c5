"""Finding in tests what SQL can't compare, because it may be encrypted (bot/db/sealing.py)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import CaseRow


def case_of(tx: Session, alias: str) -> int | None:
    """The number of the case with this address of a buyer."""
    rows = tx.execute(select(CaseRow.buyer_alias, CaseRow.number))
    return {row.buyer_alias: row.number for row in rows}.get(alias)
