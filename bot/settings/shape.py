"""What can be set. One frozen tree; the files in config/ explain each key, `load` reads and checks them.

Secrets are not in here: a key that ends in `_env` names the environment variable that holds one.
"""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, InstanceOf

from bot.domain import rights
from bot.domain.peak import Peak
from bot.domain.rota import Rota
from bot.settings.api import ApiSettings
from bot.settings.breaker import BreakerSettings
from bot.settings.digests import DigestSettings
from bot.settings.health import HealthSettings
from bot.settings.notify import NotifySettings
from bot.settings.peak import PeakSettings
from bot.settings.queues import QueueSettings
from bot.settings.reconcile import ReconcileSettings
from bot.settings.records import RecordSettings
from bot.settings.rota_shape import RotaSettings
from bot.settings.solutions import SolutionSettings
from bot.settings.strict import Strict
from bot.settings.values import (
    Address,
    BaseUrl,
    Channel,
    CommandName,
    CommandNames,
    EnvName,
    GroupHandle,
    Language,
    MarketplaceCode,
    Name,
    Skill,
    StoreChoice,
    Url,
    Zone,
)

Tls = Literal["ssl", "starttls", "none"]
Role = Literal["agent", "manager"]


class CanarySettings(Strict):
    """Test mails of our own to a mailbox: by which server, from and to which address, how often, when one is late."""

    outgoing: str
    sender: Address
    to: Address
    every_minutes: int = Field(default=30, ge=5, le=1440)
    late_minutes: int = Field(default=15, ge=2, le=1440)


class MailboxSettings(Strict):
    """One place that mail arrives at: an IMAP mailbox, or a folder (Maildir, or .eml files)."""

    kind: Literal["imap", "folder"]
    path: Path | None = None
    host: str | None = None
    port: int = Field(default=993, ge=1, le=65535)
    tls: Tls = "ssl"
    user: str | None = None
    password_env: EnvName | None = None
    token_env: EnvName | None = None
    folder: str = "INBOX"
    authserv_id: str | None = Field(default=None, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    further_folders: tuple[Annotated[str, Field(min_length=1, max_length=60)], ...] = ()
    poll_seconds: float = Field(default=60, gt=0, le=86_400)
    canary: CanarySettings | None = None


class OutgoingSettings(Strict):
    """One SMTP server that replies leave by."""

    host: str
    port: int = Field(default=465, ge=1, le=65535)
    tls: Tls = "ssl"
    user: str | None = None
    password_env: EnvName | None = None
    timeout_seconds: float = Field(default=30, gt=0, le=60)


class StoreSettings(Strict):
    """One Amazon seller account in one region."""

    name: str = Field(min_length=1, max_length=60)
    marketplaces: tuple[MarketplaceCode, ...] = Field(min_length=1)
    mailbox: str
    recipients: tuple[Address, ...] = ()
    sender: Address
    sender_name: str | None = None
    outgoing: str
    channel: Channel
    channels: dict[MarketplaceCode, Channel] = Field(default_factory=dict)
    zone: Zone
    quote_original: bool = False
    api: ApiSettings | None = None


class GroupSettings(Strict):
    """What a Slack user group gives its members: `manages` are those of `stores` where role manager counts."""

    role: Role = "agent"
    stores: StoreChoice = "all"
    manages: StoreChoice = "all"

    @property
    def grant(self) -> rights.Grant:
        """For the rules."""
        return rights.Grant(self.stores, self.manages if self.role == "manager" else ())


class AgentSettings(GroupSettings):
    """One person of the team. `slack` is the Slack user id; with `email` alone it is looked up."""

    name: str = Field(min_length=1)
    slack: str | None = Field(default=None, pattern=r"^[UW][A-Z0-9]+$")
    email: Address | None = None
    languages: tuple[Language, ...] = ()
    skills: tuple[Skill, ...] = ()
    zone: Zone


class SlackSettings(Strict):
    """How the bot talks to Slack (or to any server that speaks Slack's API)."""

    api_url: BaseUrl = "https://slack.com/api/"
    mode: Literal["socket", "http"] = "socket"
    bot_token_env: EnvName = "REPLY24_SLACK_BOT_TOKEN"  # noqa: S105 - the name of a variable
    app_token_env: EnvName = "REPLY24_SLACK_APP_TOKEN"  # noqa: S105 - the name of a variable
    signing_secret_env: EnvName = "REPLY24_SLACK_SIGNING_SECRET"  # noqa: S105 - the name of a variable
    team_id: str | None = None
    review_channel: Channel
    escalation_channel: Channel
    root_command: CommandName = "/reply24"
    command_names: CommandNames = Field(default_factory=dict)
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=3000, ge=1, le=65535)
    language: Literal["en", "zh"] = "en"
    oncall_group: GroupHandle | None = None
    team_group: GroupHandle | None = None
    guests_may_work: bool = False
    handler_threads: int = Field(default=64, ge=4, le=256)


class PingStage(Strict):
    """One rung of the ladder: with `minutes_left` on the clock, tell these people at these places."""

    name: str = Field(pattern=r"^[a-z0-9_]{1,15}$")
    minutes_left: int = Field(ge=0, le=1440)
    where: tuple[Literal["badge", "thread", "dm", "channel", "escalation", "manager_dm"], ...]


_LADDER = (
    PingStage(name="12h", minutes_left=720, where=("badge",)),
    PingStage(name="6h", minutes_left=360, where=("thread",)),
    PingStage(name="3h", minutes_left=180, where=("thread", "dm")),
    PingStage(name="1h", minutes_left=60, where=("channel", "dm")),
    PingStage(name="15min", minutes_left=15, where=("escalation", "manager_dm", "dm")),
    PingStage(name="overdue", minutes_left=0, where=("escalation", "manager_dm", "dm")),
)


class ThresholdSettings(Strict):
    """The numbers of the job. Defaults are the founding text's, or Amazon's where it has one."""

    minimum_response_rate: float = Field(default=0.90, ge=0, le=1)
    target_response_rate: float = Field(default=0.95, ge=0, le=1)
    excellent_average_hours: float = Field(default=6, gt=0)
    minimum_closing_rate: float = Field(default=0.85, ge=0, le=1)
    warning_days: int = Field(default=7, ge=2, le=30)
    undo_seconds: int = Field(default=45, ge=0, le=300)
    undo_skip_minutes_left: int = Field(default=10, ge=0, le=1_000_000)
    unclaimed_minutes: int = Field(default=30, ge=1, le=1_000_000)
    ingest_late_share: float = Field(default=0.25, ge=0, le=1)
    history_hours: int = Field(default=24, ge=0, le=87_600)
    max_mail_megabytes: int = Field(default=40, ge=1, le=200)
    silence_false_alarms: float = Field(default=1, ge=0, le=30)
    pings: tuple[PingStage, ...] = _LADDER
    peak: tuple[PeakSettings, ...] = ()
    breaker: BreakerSettings = BreakerSettings()

    @property
    def undo(self) -> timedelta:
        """The undo window of a reply."""
        return timedelta(seconds=self.undo_seconds)

    @property
    def max_mail_bytes(self) -> int:
        """Above this a mail is too large."""
        return self.max_mail_megabytes * 1024 * 1024

    @property
    def peaks(self) -> tuple[Peak, ...]:
        """Peak mode, for the rules."""
        return tuple(one.peak for one in self.peak)


class AmazonSettings(Strict):
    """Where Amazon's APIs are. Order look-ups are off until a store has credentials."""

    endpoint: Url | None = None
    token_url: Url = "https://api.amazon.com/auth/o2/token"  # noqa: S105 - an address
    relay_hosts: tuple[str, ...] = ()
    queues: dict[Name, QueueSettings] = Field(default_factory=dict)


class Settings(Strict):
    """Everything that can be set, checked. `folder` is where the files were read from.

    `places` says where each written `_env` key stands ("config/slack.yaml:12"), for what is said
    about a missing secret. `rota` is what rota.yaml says, worked out for these agents; None if there is
    no rota: everybody counts as able to work at any time. `shifts` are the numbers of that file.
    """

    folder: Path
    database_url: str = Field(repr=False)
    templates_folder: Path
    mailboxes: dict[Name, MailboxSettings]
    outgoing: dict[Name, OutgoingSettings]
    stores: dict[Name, StoreSettings]
    agents: dict[Name, AgentSettings]
    groups: dict[GroupHandle, GroupSettings] = Field(default_factory=dict)
    slack: SlackSettings
    thresholds: ThresholdSettings = ThresholdSettings()
    amazon: AmazonSettings = AmazonSettings()
    shifts: RotaSettings = Field(default=RotaSettings(), validation_alias="rota")
    rota: InstanceOf[Rota] | None = Field(default=None, validation_alias="worked_out", repr=False)
    notify: NotifySettings = NotifySettings()
    solutions: SolutionSettings = SolutionSettings()
    digests: DigestSettings = DigestSettings()
    reconcile: ReconcileSettings = ReconcileSettings()
    health: HealthSettings = HealthSettings()
    records: RecordSettings = RecordSettings()
    places: dict[str, str] = Field(default_factory=dict, repr=False)

    def channel_of(self, store: str | None, marketplace: str | None) -> str:
        """The channel that cards of this store and marketplace go to; the review channel if none is known."""
        if store is None or store not in self.stores:
            return self.slack.review_channel
        found = self.stores[store]
        return found.channels.get(marketplace or "", found.channel)
