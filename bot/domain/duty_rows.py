"""One line a duty, for files that people take away: nothing in it says who the buyer is or what they wrote."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.sheets import Cell

HEADER = (
    *("case", "store", "marketplace", "topic", "anchor", "due_at", "answered_at", "state", "late_on_arrival"),
    "template",
)
ANSWERED_BY = "answered_by"


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One counted deadline. `answered_by`: a Slack id, Seller Central, or nobody yet."""

    case: int
    store: str | None
    marketplace: str | None
    topic: str | None
    anchor: datetime
    due_at: datetime
    answered_at: datetime | None
    state: str
    late_on_arrival: bool
    answered_by: str | None
    template: str | None


def header(*, with_people: bool) -> tuple[str, ...]:
    """The names of the columns."""
    return (*HEADER, ANSWERED_BY) if with_people else HEADER


def cells(row: DutyRow, agents: Mapping[str, str] | None) -> tuple[Cell, ...]:
    """The cells of a duty in the order of the header; with `agents` (Slack id -> key) also who answered."""
    plain: tuple[Cell, ...] = tuple(getattr(row, name) for name in HEADER)
    if agents is None:
        return plain
    person = row.answered_by or ""
    return (*plain, agents.get(person, person) or None)
