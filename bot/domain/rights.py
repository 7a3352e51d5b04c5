"""Rights: the stores that somebody works for, and those that they manage, from all that grants them.

A list (config/agents.yaml) and user groups each grant something; what they grant together counts. Who is a
guest, a bot or of another company gets nothing (slack reference: Slack Connect, guests).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Stores = tuple[str, ...] | Literal["all"]
MEMBER, GUEST, BOT, FOREIGN = "member", "guest", "bot", "foreign"
"""What an account of the workspace can be."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What one source gives: work for `stores`, and management of those of them that are in `manages`."""

    stores: Stores
    manages: Stores


NOTHING = Grant((), ())


def together(grants: Iterable[Grant]) -> Grant:
    """What all of them give: nobody loses by being named twice."""
    found = list(grants)
    return Grant(_union(one.stores for one in found), _union(managed(one) for one in found))


def _union(choices: Iterable[Stores]) -> Stores:
    found: dict[str, None] = {}
    for choice in choices:
        if choice == "all":
            return "all"
        found |= dict.fromkeys(choice)
    return tuple(found)


def managed(grant: Grant) -> Stores:
    """The stores that are managed: only among those that are worked for."""
    if grant.manages == "all":
        return grant.stores
    if grant.stores == "all":
        return grant.manages
    return tuple(one for one in grant.manages if one in grant.stores)


def works_for(grant: Grant, store: str | None) -> bool:
    """Whether the grant is good for `store`; what belongs to no store is everybody's who works for any."""
    return bool(grant.stores) if store is None else grant.stores == "all" or store in grant.stores


def manages(grant: Grant, store: str | None) -> bool:
    """Whether `store` is managed; what belongs to no store is looked after by every manager."""
    found = managed(grant)
    return bool(found) if store is None else found == "all" or store in found
