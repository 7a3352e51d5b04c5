"""Looking at what channels don't get to see of a buyer message: by name, with rights, in the ledger."""

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from bot.db.queries import ledger, merging
from bot.db.tables import LedgerRow, MessageRow
from bot.desk import Desk, access, read
from bot.domain.snapshots import CaseSnapshot, MessageSnapshot
from bot.errors import NotFound

REVEALED = "revealed"
ONCE = timedelta(hours=1)
"""Looking again within this time, or turning a page, is the same look."""


@dataclass(frozen=True, slots=True)
class Revealed:
    """A message as it came, for one person's eyes. `looks`: how often it was looked at so far, by whomever."""

    case: CaseSnapshot
    message: MessageSnapshot
    text: str = field(repr=False)
    looks: int


def reveal(desk: Desk, number: int, message: int, *, by: str) -> Revealed:
    """The whole message, nothing hidden; that `by` looked is recorded first. Raises NotFound, NotAllowed."""
    now = desk.now()
    with desk.database.writing() as tx:
        case = access.any_case_for(tx, desk, by, number)
        row = tx.get(MessageRow, message)
        if row is None or merging.working(tx, row.case) != merging.working(tx, number):
            raise NotFound(f"Case {number} has no message {message}.", key="no_such_case", case=number)
        mine = select(LedgerRow.facts).where(
            LedgerRow.case == case.number,
            LedgerRow.what == REVEALED,
            LedgerRow.who == by,
            LedgerRow.at > now - ONCE,
        )
        if not any(facts["message"] == message for facts in tx.scalars(mine)):
            ledger.record(tx, now, by, REVEALED, store=case.store, case=case.number, message=message)
        tx.flush()
        of_case = select(LedgerRow.facts).where(LedgerRow.case == case.number, LedgerRow.what == REVEALED)
        looks = sum(facts["message"] == message for facts in tx.scalars(of_case))
        snapshot = read.snapshot(tx, desk, number)
        shown = next(one for one in snapshot.messages if one.id == message)
        return Revealed(snapshot, shown, row.full_text or row.text, looks)
