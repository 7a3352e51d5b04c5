"""Finding cases by who the buyer is, though addresses and names may be encrypted (db/sealing.py).

An address is found by its mark, a keyed hash; rows of before there were keys by the address itself. Pieces of names
have no mark: they are read and compared here, over the cases that can be meant. A purged case has no name.
"""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import ColumnElement, Text, func, select, type_coerce
from sqlalchemy.orm import Session

from bot.db.sealing import Lost, vault_of
from bot.db.tables import CaseRow

_AT_A_TIME = 2000


def alike(tx: Session, case: type[CaseRow], bases: Collection[str]) -> list[ColumnElement[bool]]:
    """Conditions of which one holds if `case` is of a buyer with one of these addresses; each has its index."""
    wanted = [base for base in bases if not isinstance(base, Lost)]
    if not wanted:
        return []
    marks = [
        mark for base in wanted for mark in vault_of(tx.get_bind().dialect).marks("cases.buyer_base", base)
    ]
    found: list[ColumnElement[bool]] = [type_coerce(case.buyer_base, Text).in_(wanted)]
    return [*found, type_coerce(case.buyer_mark, Text).in_(marks)] if marks else found


def named(
    tx: Session, where: Sequence[ColumnElement[bool]], name: str, *, whole: bool = False
) -> Iterator[int]:
    """Cases whose buyer's name is `name` (`whole`) or has it in it, in any case of letters; newest first."""
    wanted = name.lower()
    query = select(CaseRow.number, CaseRow.buyer_name).where(*where, CaseRow.buyer_name.is_not(None))
    if not vault_of(tx.get_bind().dialect).ids:
        plain = func.lower(type_coerce(CaseRow.buyer_name, Text))
        query = query.where(plain == wanted if whole else plain.contains(wanted, autoescape=True))
        yield from (row.number for row in tx.execute(query.order_by(CaseRow.number.desc())))
        return
    rows = tx.execute(query.order_by(CaseRow.number.desc()).execution_options(yield_per=_AT_A_TIME))
    try:
        for number, stored in rows:
            lowered = (stored or "").lower()
            if lowered == wanted if whole else wanted in lowered:
                yield number
    finally:
        rows.close()
