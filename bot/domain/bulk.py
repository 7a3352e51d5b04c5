"""Bulk replies: one template to many cases, each of which gets a reply of its own.

In it go cases of one store that owe an answer and are the agent's own or nobody's; never a case with a risk, never a
buyer who opted out. The most urgent come first, at most MOST at once: more than a person can look at in one go.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.domain.snapshots import ThreadSnapshot
from bot.domain.templates import written_date

MOST = 50
COMPOSING = timedelta(minutes=10)
FILLED = frozenset(
    {"buyer_name", "agent_name", "store_name", "order_id", "rma", "refund_amount"},
)
"""Variables that each case brings itself."""
SHARED = ("carrier", "ship_date", "promised_date", "replacement_date", "due_date", "answer")
"""Variables that can be the same for many cases; the agent types them once. All others belong to one order."""
DATES = frozenset(name for name in SHARED if name.endswith("_date"))
UNDER_WAY = ("held", "queued", "sending")
SENT = "accepted"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the agent chose. None: any topic, any language. `shared` goes from variable to value, days in ISO form."""

    store: str
    template: str
    topic: str | None = None
    lang: str | None = None
    only_mine: bool = False
    then_close: bool = True
    shared: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open case of a buyer's that owes an answer. `under_way`: a reply left and nobody knows yet how it ended."""

    case: int
    due_at: datetime
    topic: str | None = None
    lang: str | None = None
    has_risk: bool = False
    assignee: str | None = None
    opted_out: bool = False
    under_way: bool = False
    composing: str | None = None
    composing_at: datetime | None = None
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Cases that may be answered, most urgent first; those left out, each with its reason; how many were too many."""

    chosen: tuple[int, ...] = ()
    left_out: tuple[tuple[int, str], ...] = ()
    too_many: int = 0


def select(candidates: Iterable[Candidate], wanted: Wanted, by: str, now: datetime) -> Selection:
    """Which cases the agent `by` may answer at once with `wanted`."""
    fitting = sorted(
        (one for one in candidates if _fits(one, wanted, by)), key=lambda one: (one.due_at, one.case)
    )
    chosen, left_out = [], []
    for one in fitting:
        reason = left_out_because(one, by, now)
        if reason is None:
            chosen.append(one.case)
        else:
            left_out.append((one.case, reason))
    return Selection(tuple(chosen[:MOST]), tuple(left_out), max(0, len(chosen) - MOST))


def _fits(one: Candidate, wanted: Wanted, by: str) -> bool:
    return (
        wanted.topic in (None, one.topic)
        and wanted.lang in (None, one.lang)
        and (not wanted.only_mine or one.assignee == by)
    )


def left_out_because(one: Candidate, by: str, now: datetime) -> str | None:
    """Why a case may not be in a bulk reply of `by`: risk, opted_out, claimed, put_aside, under_way or composing."""
    if one.has_risk:
        return "risk"
    if one.opted_out:
        return "opted_out"
    if one.assignee not in (None, by):
        return "claimed"
    if one.snoozed_until is not None and one.snoozed_until > now:
        return "put_aside"  # somebody waits for something there; what all get is not meant for it
    if one.under_way:
        return "under_way"
    if one.composing not in (None, by) and one.composing_at and now - one.composing_at <= COMPOSING:
        return "composing"
    return None


def to_type(needs: Iterable[str]) -> tuple[str, ...] | None:
    """What the agent types once for a template with these needs; None if it can't be sent in bulk."""
    asked = set(needs) - FILLED
    return tuple(name for name in SHARED if name in asked) if asked <= set(SHARED) else None


def values_in(lang: str, shared: Mapping[str, str]) -> dict[str, str]:
    """The shared values as a reply in `lang` says them: days are written out."""
    return {
        name: written_date(date.fromisoformat(value), lang) if name in DATES else value
        for name, value in shared.items()
        if value
    }


@dataclass(frozen=True, slots=True)
class BulkCase:
    """One case of a bulk reply as it is looked at before it leaves; `text` is None if it is left out.

    `reason` with its `facts` says why it is left out, or why it was refused. `goes_to`: where several conversations
    were merged into it, the one that is answered, and how many other addresses wait.
    """

    case: int
    first_name: str | None
    order_id: str | None
    due_at: datetime | None
    buyer_text: str = field(repr=False)
    text: str | None = field(repr=False)
    reason: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    warns: tuple[str, ...] = ()
    goes_to: tuple[ThreadSnapshot, int] | None = None


@dataclass(frozen=True, slots=True)
class BulkPage:
    """One page of the preview. `left_out` has the cases that can't go, by reason; pages count from 0."""

    bulk: int
    by_name: str
    template: str
    store_name: str
    page: int
    pages: int
    cases: tuple[BulkCase, ...]
    ready: int
    left_out: tuple[tuple[int, str, Mapping[str, object]], ...]
    too_many: int
    then_close: bool
    as_of: datetime


@dataclass(frozen=True, slots=True)
class BulkProgress:
    """How a bulk reply stands. state: preview, running, stopped, done. `troubles`: (case, reason, facts)."""

    bulk: int
    by: str
    template: str
    store_name: str
    state: str
    sent: int
    leaving: int
    waiting: int
    called_back: int
    troubles: tuple[tuple[int, str, Mapping[str, object]], ...]
    stopped_by: str | None = None
    ended_at: datetime | None = None

    @property
    def total(self) -> int:
        """How many replies were confirmed."""
        return self.sent + self.leaving + self.waiting + self.called_back + len(self.troubles)

    @property
    def over(self) -> int:
        """How many of them are settled, one way or the other."""
        return self.sent + self.called_back + len(self.troubles)

    @property
    def steps(self) -> int:
        """Grows with all that happens to one of the cases."""
        return 2 * self.over + self.leaving
