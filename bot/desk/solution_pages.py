"""Looking at solutions: what one would be, how one stands, what is known of a case's. Nothing is changed."""

from sqlalchemy.orm import Session

from bot.db.queries import merging
from bot.db.queries import solutions as queries
from bot.db.tables import CaseRow
from bot.db.tables_solutions import CompensationRow
from bot.desk import Desk, access
from bot.desk.solutions import Wish, currency_of, judged, limits_of, solution_of
from bot.domain.solutions import Judged, Limits, Need, SolutionSnapshot
from bot.errors import NotFound


def snapshots(tx: Session, *cases: int) -> tuple[SolutionSnapshot, ...]:
    """The solutions of these cases, oldest first."""
    return tuple(_drawn(tx, row) for row in queries.of_case(tx, *cases))


def _drawn(tx: Session, row: CompensationRow) -> SolutionSnapshot:
    return SolutionSnapshot(
        id=row.id,
        case=merging.working(tx, row.case),
        solution=solution_of(row),
        state=row.state,
        reason=row.reason,
        note=row.note,
        needs=tuple(Need(key, *(str(one) for one in facts)) for key, facts in row.needs.items()),
        by=row.by,
        at=row.at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )


def solution(desk: Desk, number: int) -> SolutionSnapshot:
    """A solution as it stands now. Raises NotFound."""
    with desk.database.reading() as tx:
        row = tx.get(CompensationRow, number)
        if row is None:
            raise NotFound(f"There is no solution {number}.", key="no_such_solution")
        return _drawn(tx, row)


def limits(desk: Desk, number: int, *, by: str) -> tuple[str, Limits]:
    """(currency of the case, what `by` may decide alone). Raises NotFound, NotAllowed, WrongInput."""
    with desk.database.reading() as tx:
        case = _case(tx, desk, number, by)
        currency = currency_of(desk, case)
        return currency, limits_of(tx, desk, by, case.store, currency)


def preview(desk: Desk, number: int, wish: Wish, *, by: str) -> Judged:
    """What `wish` would be, and who would have to agree; nothing is stored. Raises NotAllowed, WrongInput."""
    with desk.database.reading() as tx:
        return judged(tx, desk, _case(tx, desk, number, by), wish, by)


def _case(tx: Session, desk: Desk, number: int, by: str) -> CaseRow:
    case = tx.get(CaseRow, number)
    if case is None:
        raise NotFound(f"There is no case {number}.", key="no_such_case", case=number)
    access.require_store(tx, desk, by, number, case.store)
    return case
