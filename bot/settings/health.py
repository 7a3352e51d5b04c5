"""The pages for machines that watch the bot, as config/health.yaml spells them: where, and what counts as unwell."""

from typing import Annotated

from pydantic import Field

from bot.settings.strict import Strict

Minutes = Annotated[float, Field(ge=1, le=1440)]

OFFSETS = {"all": 0, "web": 0, "worker": 1, "clock": 2}
"""Which port above `port` a process has, by what it does: three of one machine do not get in each other's way."""


class HealthSettings(Strict):
    """Where /healthz and /metrics are served, and for how long something may be silent. `port` 0: nowhere."""

    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=9824, ge=0, le=65533)
    mailbox_minutes: Minutes = 15
    outbox_minutes: Minutes = 10
    slack_minutes: Minutes = 10

    def port_of(self, role: str) -> int:
        """The port of a process that does `role`; 0 if there is none."""
        return self.port and self.port + OFFSETS[role]
