"""Who had the case of a buyer message, and when: the ledger, played again.

The tables say who has a case now; a miss is judged by who had it then. A message is worked on in the case
that it came to, or in the one that this was merged into (domain/merging.py), and may be split off into a new
one: its records are spread over all of these.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.ledger import Record

TAKEN = ("claimed", "reply_held", "no_response_needed")
"""By whoever did it. The latter two only where nobody had it: answering makes a case one's own."""
GIVEN_BACK = ("released", "handed_over", "returned")
MOVED = ("merged", "separated", "split_off")
KINDS = ("message_received", *TAKEN, "assigned", *GIVEN_BACK, *MOVED)
"""The records that `holds` reads; others do no harm."""


@dataclass(frozen=True, slots=True)
class Hold:
    """From `at` on `who` had the case of the message; None: nobody had."""

    at: datetime
    who: str | None


@dataclass(slots=True)
class _Desk:
    """The cases as the records left them."""

    thread: int
    message: int
    assignee: dict[int, str | None] = field(default_factory=dict)
    into: dict[int, int] = field(default_factory=dict)
    received: bool = False

    def working(self) -> int:
        case = self.thread
        while case in self.into:
            case = self.into[case]
        return case

    def play(self, case: int, one: Record) -> None:
        if one.what in ("claimed", "assigned"):
            self.assignee[case] = one.facts.get("to", one.who)
        elif one.what in TAKEN:
            self.assignee[case] = self.assignee.get(case) or one.who
        elif one.what in GIVEN_BACK:
            self.assignee[case] = None
        elif one.what in MOVED:
            self._move(case, one)
        elif one.what == "message_received" and one.facts.get("message") == self.message:
            self.received = True

    def _move(self, case: int, one: Record) -> None:
        if one.what == "merged":
            stays = self.into[case] = one.facts["into"]
            self.assignee[stays] = self.assignee.get(stays) or self.assignee.get(case)
        elif one.what == "separated":
            self.into.pop(case, None)
        else:
            self.assignee[case] = self.assignee.get(one.facts["other"])
            self.thread = case if self.message in one.facts["messages"] else self.thread


def linked(one: Record) -> tuple[int, ...]:
    """The other cases that a record speaks of, whose own records belong to the same story."""
    facts = one.facts
    return tuple(facts[key] for key in ("into", "other") if one.what in MOVED and key in facts)


def holds(
    records: Sequence[Record], message: int, thread: int, split_from: Mapping[int, int]
) -> tuple[Hold, ...]:
    """Each change of who had the case of `message`, in order; the first is how it was when the message came.

    `records`: those of every case of its story, in the order of the ledger. `thread`: the case that it belongs
    to now; `split_from`: the case that a case was split off. Empty if the ledger never saw the message come.
    """
    desk = _Desk(_first_thread(records, message, thread, split_from), message)
    found: list[Hold] = []
    for one in records:
        if one.case is None:
            continue
        desk.play(one.case, one)
        who = desk.assignee.get(desk.working())
        if desk.received and (not found or found[-1].who != who):
            found.append(Hold(one.at, who))
    return tuple(found)


def _first_thread(records: Sequence[Record], message: int, thread: int, split_from: Mapping[int, int]) -> int:
    """The case that the message came to, before it was split off into others."""
    moved = {
        one.case for one in records if one.what == "split_off" and message in one.facts.get("messages", ())
    }
    while thread in moved and thread in split_from:
        thread = split_from[thread]
    return thread
