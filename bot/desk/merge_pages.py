"""Looking at merged cases: the conversations in one, what could be merged into what. Nothing is changed."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from bot.db.queries import cases as case_queries
from bot.db.queries import merging as queries
from bot.db.queries import solutions as solution_queries
from bot.db.tables import CaseRow
from bot.desk import Desk, access
from bot.domain import merging
from bot.domain.merging import Side
from bot.domain.privacy import hide
from bot.domain.snapshots import CaseSnapshot, Fitting, ThreadSnapshot

_MOST = 100


def risk_of(row: CaseRow) -> tuple[str, ...]:
    """The risks that a case's own newest message speaks of, and those that wait with it."""
    return tuple(row.risk.split(",")) if row.risk else ()


def side_of(row: CaseRow) -> Side:
    """What counts of a case that shall be merged."""
    return Side(row.number, row.kind, row.store, row.state, row.order_id, row.buyer_base)


def joined(tx: Session, case: CaseSnapshot, row: CaseRow, family: Sequence[int]) -> CaseSnapshot:
    """The case with what was merged into it. A risk, or a need for an answer, counts wherever it waits."""
    threads = _threads(tx, family)
    waiting = [one for one in threads if one.due_at is not None]
    return replace(
        case,
        merged_into=row.merged_into,
        merged_by=row.merged_by,
        split_from=row.split_from,
        threads=threads,
        rma=solution_queries.rma_of(tx, row.number, row.order_id),
        risk=tuple(dict.fromkeys([*case.risk, *(risk for one in waiting for risk in one.risk)])),
        needs_reply=case.needs_reply or any(one.needs_reply for one in waiting),
    )


def _threads(tx: Session, family: Sequence[int]) -> tuple[ThreadSnapshot, ...]:
    """The conversations that make up the case, itself among them; none if it is a single one."""
    if len(family) == 1:
        return ()
    found = queries.threads(tx, *family)
    first = merging.next_thread(found).number
    rows = queries.rows(tx, *family)  # of just these: who reads while it is split sees it as it was
    return tuple(
        ThreadSnapshot(
            number=one.number,
            order_id=rows[one.number].order_id,
            asin=rows[one.number].asin,
            marketplace=rows[one.number].marketplace,
            buyer_name=rows[one.number].buyer_name,
            subject=hide(rows[one.number].subject, rows[one.number].buyer_name).text,
            lang=rows[one.number].lang,
            topic=rows[one.number].topic,
            risk=risk_of(rows[one.number]),
            needs_reply=rows[one.number].needs_reply,
            due_at=one.due_at,
            is_next=one.number == first,
            answered_with=merging.same_address(found, one.number),
            rma=solution_queries.rma_of(tx, one.number, rows[one.number].order_id),
        )
        for one in found
    )


def fitting(desk: Desk, number: int, *, by: str) -> tuple[Fitting, ...]:
    """The open cases that case `number` could be merged into, the newest first. Raises NotFound, NotAllowed, Stale."""
    with desk.database.reading() as tx:
        case = access.case_to_read(tx, desk, by, number)
        found = [
            row for row in queries.related(tx, case) if merging.obstacle(side_of(case), side_of(row)) is None
        ][:_MOST]
        due = case_queries.earliest_open(tx, [row.number for row in found])
        words = {row.number: case_queries.messages(tx, *queries.family(tx, row.number)) for row in found}
        return tuple(
            Fitting(
                number=row.number,
                order_id=row.order_id,
                opened_at=row.opened_at,
                due_at=due.get(row.number),
                text=hide(words[row.number][-1].text, row.buyer_name).text if words[row.number] else "",
            )
            for row in found
        )
