"""The second road of urgent pings, as config/notify.yaml spells it: e-mail and webhooks, for when Slack fails."""

from typing import Literal

from pydantic import Field

from bot.settings.strict import Strict
from bot.settings.values import Address, EnvName, Name, StoreChoice


class NotifyEmailSettings(Strict):
    """Mails to the agents' own addresses, by a server of mailboxes.yaml."""

    outgoing: str
    sender: Address


class WebhookSettings(Strict):
    """A bot of a group chat, or any program that takes JSON. Its address is a secret."""

    name: Name
    kind: Literal["feishu", "dingtalk", "wecom", "generic"]
    url_env: EnvName
    secret_env: EnvName | None = None
    stores: StoreChoice = "all"
    language: Literal["en", "zh"] = "en"


class NotifySettings(Strict):
    """Where urgent pings go that Slack did not take in `after_minutes`."""

    after_minutes: int = Field(default=5, ge=1, le=1_000_000)
    email: NotifyEmailSettings | None = None
    webhooks: tuple[WebhookSettings, ...] = ()
