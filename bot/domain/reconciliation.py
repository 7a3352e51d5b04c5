"""What a comparison with Amazon's report is made of, and what it finds (the comparison: reconcile.py)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.report import ReportRow
from bot.domain.sla import Rate


@dataclass(frozen=True, slots=True)
class Own:
    """One buyer message of ours with its deadline. `case`: the one that people work on.

    `anchor` is when its clock started; `arrived_at` when its mail came. `closed_by`: see DeadlineRow.
    """

    message: int
    case: int
    order_id: str | None
    amazon_case_id: str | None
    buyer: str | None
    anchor: datetime
    arrived_at: datetime
    due_at: datetime
    state: str
    answered_at: datetime | None
    closed_by: str
    counted: bool
    late_on_arrival: bool
    is_merged: bool


@dataclass(frozen=True, slots=True)
class OtherMail:
    """A mail that became no buyer message: a notice, an automatic reply, a spoof, a review card (`case`)."""

    order_id: str | None
    kind: str
    arrived_at: datetime
    mail: int
    case: int | None


@dataclass(frozen=True, slots=True)
class Ours:
    """What we have of one store around a period. `undelivered`: case -> bounced or opted_out.

    `since`: when its mailbox was read for the first time.
    """

    messages: Sequence[Own]
    mails: Sequence[OtherMail]
    undelivered: Mapping[int, str]
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Lost:
    """A row of Amazon's without a message of ours."""

    row: ReportRow
    cause: str
    why: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A message of ours without a row of Amazon's."""

    own: Own
    cause: str
    why: str


@dataclass(frozen=True, slots=True)
class Different:
    """A row and its message that disagree. `about`: received, answered, verdict."""

    row: ReportRow
    own: Own
    about: tuple[str, ...]
    cause: str
    why: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What a report covers: receipt in [start, end]. `latest`: the last instant that it knows of.

    `overdue_only`: it has late messages and no others. `has_answers`: it says when they were answered.
    """

    start: datetime
    end: datetime
    latest: datetime
    overdue_only: bool
    has_answers: bool


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Both sides compared. `there` is None where a report of late messages alone can't say a rate."""

    scope: Scope
    matched: int
    lost: tuple[Lost, ...]
    unknown: tuple[Unknown, ...]
    different: tuple[Different, ...]
    there: Rate | None
    here: Rate

    @property
    def is_equal(self) -> bool:
        """Whether nothing was found."""
        return not (self.lost or self.unknown or self.different)
