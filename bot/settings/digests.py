"""Digests as config/digests.yaml spells them: which are sent, when, and to which channel."""

from typing import Annotated

from pydantic import Field

from bot.settings.strict import Strict
from bot.settings.values import Channel, Zone

Hour = Annotated[int, Field(ge=0, le=23)]


class DailySettings(Strict):
    """The digest of each store's day. `channel` None: each store's own."""

    enabled: bool = True
    channel: Channel | None = None
    hour: Hour = 18


class WeeklySettings(Strict):
    """The digest of Mondays. `channel` None: the escalation channel; `zone` None: that of the first store."""

    enabled: bool = True
    channel: Channel | None = None
    zone: Zone | None = None
    hour: Hour = 9


class DigestSettings(Strict):
    """Both digests, and whether Slack draws the charts itself."""

    daily: DailySettings = DailySettings()
    weekly: WeeklySettings = WeeklySettings()
    slack_charts: bool = False
