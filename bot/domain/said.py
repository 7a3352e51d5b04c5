"""What was said about a text when somebody looked at it, as a mark: to tell that nothing was added since."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple

from bot.domain.policy import Finding


def said_mark(findings: Iterable[Finding]) -> str:
    """The same for the same findings; "" if there are none, because then nobody has to be told."""
    said = [astuple(one) for one in findings]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16] if said else ""
