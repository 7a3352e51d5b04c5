"""What managers have to know of about the arrival of mail, and of what Amazon tells by its API, until it has ended.

reading   a mailbox was not looked into for too long: nobody can say whether there is mail
canary    a test mail of ours did not arrive in a mailbox, or could not be sent to it
silence   a store gets no mail of buyers though its mailbox is read, and chance does not explain it (silence.py)
access    Amazon's API does not let a store in any more until somebody renews its authorisation or a secret
queue     a queue of Amazon's notifications can't be read: nobody hears of it when an account is at risk
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

READING, CANARY, SILENCE, ACCESS, QUEUE = "reading", "canary", "silence", "access", "queue"
OF_STORES = (SILENCE, ACCESS)
"""These are about a store; QUEUE about a queue, all others about a mailbox."""
CERTAIN = (READING, CANARY)
"""Mail does surely not arrive as it should: these are told also where Slack does not reach."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something of this kind stands now. `about`: a mailbox, a queue, or a store; `facts` are numbers only."""

    kind: str
    about: str
    since: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alarm:
    """A trouble as it was recorded. It has ended once `ended_at` is set."""

    id: int
    kind: str
    about: str
    since: datetime
    raised_at: datetime
    ended_at: datetime | None
    facts: Mapping[str, Any]
