"""Whom a reply of a case goes to, and which messages it answers: rules in domain/merging.py."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.db.queries import merging
from bot.db.queries import replies as reply_queries
from bot.db.tables import CaseRow
from bot.domain.merging import next_thread, same_address
from bot.errors import Stale


@dataclass(frozen=True, slots=True)
class Facing:
    """`case`: the one that people work on; `family`: it, and all that was merged into it.

    `to`: the case whose address, order and language count; `threads`: those with the same address.
    """

    case: CaseRow
    to: CaseRow
    threads: tuple[int, ...]
    family: tuple[int, ...]


def facing(tx: Session, case: CaseRow, to: int | None = None) -> Facing:
    """Whom a reply of `case` goes to: to the address of case `to`, or else to the one whose turn it is.

    Raises Stale if `to` does not belong to `case` any more.
    """
    family = tuple(merging.family(tx, case.number))
    if to is not None and to not in family:
        raise Stale(
            f"Case {to} does not belong to case {case.number} any more.",
            key="address_gone",
            case=case.number,
            other=to,
        )
    if len(family) == 1:
        return Facing(case, case, family, family)
    threads = merging.threads(tx, *family)
    number = to or next_thread(threads).number
    return Facing(case, tx.get_one(CaseRow, number), same_address(threads, number), family)


def require_still(tx: Session, *cases: int) -> None:
    """That no reply of these cases is on its way: what it answers must not move meanwhile. Raises Stale."""
    for reply in reply_queries.on_their_way(tx, *cases):
        raise Stale(
            f"A reply of case {reply.case} by {reply.author} is on its way.",
            key="reply_on_its_way",
            case=merging.working(tx, reply.case),
            who=reply.author,
        )
