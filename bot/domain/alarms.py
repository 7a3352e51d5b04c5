"""What managers have to know of about the arrival of mail, until it has ended.

reading   a mailbox was not looked into for too long: nobody can say whether there is mail
canary    a test mail of ours did not arrive in a mailbox, or could not be sent to it
silence   a store gets no mail of buyers though its mailbox is read, and chance does not explain it (silence.py)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

READING, CANARY, SILENCE = "reading", "canary", "silence"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something of this kind stands now. `about`: a mailbox, or for a silence a store; `facts` are numbers only."""

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
