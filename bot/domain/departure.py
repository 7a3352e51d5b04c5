"""A reply that waited to leave: whether its author would still send it, as far as that can be told.

While it waits, for hours if a mail server is down, the buyer may write again, and what is said of its text may change
with the order, the buyer's language or the settings. Who presses Send is asked about the same two things.
"""

from collections.abc import Collection, Iterable

from bot.domain.policy import Finding, for_manager, verdict

WROTE_AGAIN = "buyer_wrote_again"
SAID_ANEW = "said_anew"
NO_MANAGER = "no_manager_any_more"
REASONS = frozenset({WROTE_AGAIN, SAID_ANEW, NO_MANAGER})
"""Why such a reply went back to its author."""

STOPPED = "The program stopped while it was sending this reply"
NOT_LOOKED_AT = "It can't be looked at; the log has it under reply_not_looked_at"
"""Reasons of our own, as they are stored; those of mail servers are shown as they came."""


def is_said_anew(found: Iterable[Finding], known: Collection[str]) -> bool:
    """Whether something forbids a text now, or warns of it that its author was not warned of (`known`: the rules)."""
    found = tuple(found)
    return verdict(found) == "block" or not set(for_manager(found)) <= set(known)
