"""How long personal data are kept, and where the ledger is anchored, as config/records.yaml spells it."""

from pydantic import Field

from bot.settings.strict import Strict
from bot.settings.values import Channel


class RecordSettings(Strict):
    """Days until buyers' personal data go, the longest holds, and the channel that anchors are posted to."""

    purge_days: int = Field(default=30, ge=1, le=30)
    claim_hold_days: int = Field(default=90, ge=1, le=540)
    longest_hold_days: int = Field(default=365, ge=1, le=540)
    anchor_channel: Channel | None = None
