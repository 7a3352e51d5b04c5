"""How often an account may call an operation: Amazon's token buckets, by the plans in its models."""

from dataclasses import dataclass, field

from bot.sandbox.amazon.model import Operation
from bot.sandbox.slack.stopwatch import Stopwatch


@dataclass(slots=True)
class Rates:
    """One bucket an account and operation. `own` are rates that an account was given instead of the usual."""

    stopwatch: Stopwatch
    is_on: bool = True
    own: dict[str, float] = field(default_factory=dict)
    _left: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    def rate_of(self, operation: Operation) -> float | None:
        """Calls a second; None where Amazon states none."""
        return self.own.get(operation.name, operation.rate)

    def may_pass(self, account: str, operation: Operation) -> bool:
        """Whether this call is within the plan; then it is counted."""
        rate, now, key = self.rate_of(operation), self.stopwatch.now(), (account, operation.name)
        if not self.is_on or rate is None:
            return True
        left, at = self._left.get(key, (float(operation.burst), now))
        left = min(float(operation.burst), left + (now - at) * rate)
        self._left[key] = (left - 1 if left >= 1 else left, now)
        return left >= 1
