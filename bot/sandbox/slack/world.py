"""The people, rooms and groups that a sandbox starts with. All of it is invented.

Shapes: docs.slack.dev/reference/objects (user, conversation, usergroup).
"""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox.slack.wire import Json

_COLORS = ("4bbe2e", "e7392d", "3c989f", "9f69e7", "e96699", "674b1b")


@dataclass(slots=True)
class User:
    """One person or bot; tests may change any of it while the sandbox runs."""

    id: str
    name: str
    real_name: str
    title: str = ""
    zone: str = "UTC"
    locale: str = "en-US"
    email: str = ""
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    """A guest of one channel; Slack then sets `is_restricted` too."""
    is_admin: bool = False
    deleted: bool = False
    presence: str = "active"
    team_id: str = "T0DEMO"
    quiet: tuple[float, float] | None = None
    """Do not disturb, from and until (epoch seconds)."""

    def is_quiet(self, now: float) -> bool:
        """Whether Slack holds this person's notifications back."""
        return self.quiet is not None and self.quiet[0] <= now < self.quiet[1]

    def color(self) -> str:
        """A colour for the page, the same one each time."""
        return _COLORS[sum(self.id.encode()) % len(_COLORS)]

    def as_json(self, now: datetime, *, with_locale: bool = True, with_email: bool = True) -> Json:
        """Slack's user object."""
        offset = now.astimezone(ZoneInfo(self.zone)).utcoffset()
        profile = {
            "title": self.title,
            "real_name": self.real_name,
            "display_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name_normalized": self.real_name,
            "team": self.team_id,
        }
        if with_email and self.email:
            profile["email"] = self.email
        user: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "color": self.color(),
            "real_name": self.real_name,
            "tz": self.zone,
            "tz_label": self.zone_label(now),
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "profile": profile,
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "is_restricted": self.is_restricted or self.is_ultra_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            "updated": int(now.timestamp()),
        }
        return user | ({"locale": self.locale} if with_locale else {})

    def zone_label(self, now: datetime) -> str:
        """What people call the zone at this time of the year, such as CET."""
        return now.astimezone(ZoneInfo(self.zone)).tzname() or self.zone


@dataclass(slots=True)
class Channel:
    """One room: a public or private channel, or a direct conversation (`with_user`) with the bot."""

    id: str
    name: str = ""
    is_private: bool = True
    members: set[str] = field(default_factory=set)
    with_user: str = ""
    is_archived: bool = False
    is_ext_shared: bool = False
    pending_shared: list[str] = field(default_factory=list)
    """Teams that were invited to share it and have not answered."""

    @property
    def is_im(self) -> bool:
        """Whether this is a direct conversation."""
        return bool(self.with_user)

    @property
    def kind(self) -> str:
        """Slack's `channel_type`."""
        if self.is_im:
            return "im"
        return "group" if self.is_private else "channel"

    def as_json(self, bot: str) -> Json:
        """Slack's conversation object as the app sees it."""
        common: Json = {"id": self.id, "created": 1_760_000_000, "is_archived": self.is_archived}
        if self.is_im:
            return common | {"is_im": True, "user": self.with_user, "is_user_deleted": False}
        return common | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": False,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.is_private,
            "is_general": self.name == "general",
            "is_member": bot in self.members,
            "is_shared": self.is_ext_shared,
            "is_ext_shared": self.is_ext_shared,
            "is_pending_ext_shared": bool(self.pending_shared),
            "pending_shared": list(self.pending_shared),
            "is_org_shared": False,
            "num_members": len(self.members),
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }


@dataclass(slots=True)
class Group:
    """One user group, such as @amz-oncall."""

    id: str
    handle: str
    name: str
    users: list[str] = field(default_factory=list)
    is_disabled: bool = False


@dataclass(slots=True)
class World:
    """What a sandbox is filled with."""

    users: list[User]
    channels: list[Channel]
    groups: list[Group] = field(default_factory=list)
    team_id: str = "T0DEMO"
    team_name: str = "Nordlicht & Sunrise"
    team_domain: str = "nordlicht-sunrise"
    app_id: str = "A0REPLY24"
    app_name: str = "reply24"
    bot_user: str = "U0REPLY24"
    bot_id: str = "B0REPLY24"


def demo_world() -> World:
    """Two stores, agents in Beijing and the US, one manager, one guest."""
    users = [
        User("U0LIWEI", "li.wei", "Li Wei", "agent Beijing", "Asia/Shanghai", "zh-CN"),
        User("U0CHENYU", "chen.yu", "Chen Yu", "agent Beijing", "Asia/Shanghai", "zh-CN"),
        User("U0ANNA", "anna", "Anna Kowalski", "agent New York", "America/New_York"),
        User("U0BOB", "bob", "Bob Rivera", "agent Los Angeles", "America/Los_Angeles"),
        User("U0WANG", "wang.fang", "Wang Fang", "manager Beijing", "Asia/Shanghai", "zh-CN", is_admin=True),
        User("U0GUEST", "gus", "Gus Guest", "guest", "Europe/Berlin", is_restricted=True),
    ]
    for user in users:
        user.email = f"{user.name}@team.example"
    bot = User("U0REPLY24", "reply24", "reply24", is_bot=True)
    desk = {"U0LIWEI", "U0CHENYU", "U0ANNA", "U0BOB", "U0WANG", bot.id}
    channels = [
        Channel("C0NORD", "amz-nordlicht", members=set(desk)),
        Channel("C0SUNRISE", "amz-sunrise", members=set(desk)),
        Channel("C0LEADS", "amz-leads", members={"U0WANG", "U0ANNA", bot.id}),
        Channel("C0REVIEW", "amz-review", members=set(desk)),
        Channel("C0GENERAL", "general", is_private=False, members=desk | {"U0GUEST"}),
    ]
    groups = [Group("S0ONCALL", "amz-oncall", "On call for buyer messages", ["U0LIWEI"])]
    return World([*users, bot], channels, groups)
