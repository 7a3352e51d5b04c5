"""How Amazon thinks of a seller's account, for the posts that tell of it."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.manual import ManualMode


@dataclass(frozen=True, slots=True)
class AccountChange:
    """Another status of an account. `name` is the store's; "" where nobody knows whose it is.

    `manual` is the mode that the store is in now. `subscription`: by what the notification came, "" if it does not say.
    """

    id: int
    name: str
    before: str
    after: str
    at: datetime
    subscription: str
    manual: ManualMode | None = None
