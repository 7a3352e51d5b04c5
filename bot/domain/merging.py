"""Merging and splitting cases: what may be joined, whom a reply goes to, what may be taken out.

A buyer may write about one matter in two conversations of Amazon's, each with its own relay address (amazon
reference 2.3). A merged case keeps its messages, replies and notes; people work on them in the case that
stays, and the earliest open deadline of all counts. A reply goes to ONE address and answers only what came to
that address: Amazon counts each conversation by itself, so the other one's clock runs on until it is answered
too. Which address comes next is `next_thread`. Splitting again gives everything back to where it came.

A split takes messages of one address out into a case of its own. Both have the same address then, but neither
answers for the other: they are two matters.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Side:
    """What counts of a case that shall be merged."""

    number: int
    kind: str
    store: str | None
    state: str
    order_id: str | None
    buyer_base: str | None = field(repr=False)


def obstacle(one: Side, into: Side) -> str | None:
    """Why `one` can't be merged into `into`, as the key of a text; None if it can.

    Never across stores. The buyer is the same when the relay's base address or the order is. Each message
    keeps the address that it came to, so nothing that is joined by order reaches anybody else.
    """
    found = (
        ("merge_itself", one.number == into.number),
        ("merge_review", one.kind != "buyer" or into.kind != "buyer"),
        ("merge_other_store", one.store is None or one.store != into.store),
        ("merge_closed", one.state != "open" or into.state != "open"),
        (
            "merge_other_buyer",
            not (_same(one.buyer_base, into.buyer_base) or _same(one.order_id, into.order_id)),
        ),
    )
    return next((key for key, is_so in found if is_so), None)


def _same(one: str | None, other: str | None) -> bool:
    return bool(one) and one == other


@dataclass(frozen=True, slots=True)
class Thread:
    """The messages of one case that came to one case: to its address. `due_at`: their earliest open deadline."""

    number: int
    alias: str | None = field(repr=False)
    newest: int
    due_at: datetime | None


def next_thread(threads: Sequence[Thread]) -> Thread:
    """Whom the next reply goes to: whose clock ends first; if none runs, who wrote last."""
    waiting = [one for one in threads if one.due_at is not None]
    if waiting:
        return min(waiting, key=lambda one: (one.due_at, one.number))
    return max(threads, key=lambda one: (one.newest, -one.number))


def same_address(threads: Sequence[Thread], number: int) -> tuple[int, ...]:
    """The threads that a reply to `number` answers: itself, and those with the very same address."""
    alias = next((one.alias for one in threads if one.number == number), None)
    return tuple(one.number for one in threads if one.number == number or _same(one.alias, alias))


@dataclass(frozen=True, slots=True)
class Piece:
    """A message that could be taken out: the case that it came to, and whether it waits for an answer."""

    message: int
    thread: int
    is_open: bool


def split_obstacle(pieces: Sequence[Piece], chosen: Collection[int]) -> str | None:
    """Why `chosen` can't become a case of their own, as the key of a text; None if they can.

    Something must stay behind in the case that they came to: a whole case that was merged is split again.
    """
    out = [one for one in pieces if one.message in chosen]
    threads = {one.thread for one in out}
    stay = [one for one in pieces if one.message not in chosen and one.thread in threads]
    found = (
        ("split_nothing", not chosen),
        ("split_gone", len(out) != len(set(chosen))),
        ("split_addresses", len(threads) > 1),
        ("split_all", not stay),
        ("split_answered", not any(one.is_open for one in out)),
    )
    return next((key for key, is_so in found if is_so), None)
