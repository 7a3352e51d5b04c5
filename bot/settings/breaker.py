"""The circuit breaker as config/thresholds.yaml spells it. The rule: domain/breaker.py."""

from datetime import timedelta

from pydantic import Field

from bot.domain.breaker import BLOCKED, BOUNCED, FAILED, BreakerLimits
from bot.settings.strict import Strict


class BreakerSettings(Strict):
    """When a store is switched to manual mode by itself."""

    enabled: bool = True
    last_replies: int = Field(default=20, ge=5, le=200)
    burst_hours: float = Field(default=24, ge=1, le=168)
    blocked_replies: int = Field(default=4, ge=2, le=200)
    bounced_replies: int = Field(default=5, ge=2, le=200)
    failed_replies: int = Field(default=5, ge=2, le=200)
    rate_drop: float = Field(default=0.20, ge=0.05, le=1)
    rate_hours: float = Field(default=24, ge=6, le=168)
    rate_messages: int = Field(default=20, ge=10)
    pause_minutes: int = Field(default=60, ge=10, le=1440)

    @property
    def limits(self) -> BreakerLimits:
        """The same for the rules."""
        return BreakerLimits(
            bursts={
                BLOCKED: self.blocked_replies,
                BOUNCED: self.bounced_replies,
                FAILED: self.failed_replies,
            },
            of_last=self.last_replies,
            burst_window=timedelta(hours=self.burst_hours),
            drop=self.rate_drop,
            rate_window=timedelta(hours=self.rate_hours),
            messages=self.rate_messages,
            pause=timedelta(minutes=self.pause_minutes),
        )


def breaker_faults(tree: object) -> "list[tuple[tuple[str, ...], str]]":
    """A burst of more replies than are looked at could never come."""
    section = tree.get("thresholds") if isinstance(tree, dict) else None
    found = section.get("breaker") if isinstance(section, dict) else None
    if not isinstance(found, dict):
        return []
    most = found.get("last_replies", 20)
    keys = ("blocked_replies", "bounced_replies", "failed_replies")
    return [
        (("thresholds", "breaker", key), f"is more than last_replies ({most}), so it could never happen")
        for key in keys
        if isinstance(most, int) and isinstance(found.get(key, 0), int) and found.get(key, 0) > most
    ]
