"""Everything that a sandbox workspace knows at this moment. Touched only on the sandbox's own loop.

Shapes: docs.slack.dev/reference/events/message, .../interaction-payloads/view-interactions-payload.
"""

import copy
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from bot.clock import Clock
from bot.sandbox.slack.wire import Json, Refusal, new_id
from bot.sandbox.slack.world import Channel, Group, User, World

_MIME_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "csv": "text/csv",
    "txt": "text/plain",
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(slots=True)
class Message:
    """One post. `ephemeral_to` names the only person who sees it."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[Json] | None = None
    thread_ts: str = ""
    bot_id: str = ""
    username: str = ""
    metadata: Json | None = None
    ephemeral_to: str = ""
    edited_ts: str = ""
    is_broadcast: bool = False
    is_mrkdwn: bool = True
    is_tombstone: bool = False
    """A deleted root whose thread lives on."""
    files: list[str] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    values: Json = field(default_factory=dict)
    """What people chose in the message's own menus, as in `state.values`."""

    @property
    def is_reply(self) -> bool:
        """Whether it lives in a thread and is not its root."""
        return bool(self.thread_ts) and self.thread_ts != self.ts


@dataclass(slots=True)
class View:
    """One modal or Home tab; `content` is what the app gave, with all ids filled in."""

    id: str
    user: str
    content: Json
    hash: str
    values: Json
    root_id: str
    previous_id: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    is_loading: bool = False


@dataclass(slots=True)
class File:
    """One uploaded file; `channel` is set once it was shared."""

    id: str
    name: str
    size: int
    title: str = ""
    content: bytes | None = None
    is_complete: bool = False
    channel: str = ""
    user: str = ""
    """Who put it into a modal; "" for the bot's own."""

    @property
    def mimetype(self) -> str:
        """By the name's end."""
        return _MIME_TYPES.get(self.name.rpartition(".")[2].lower(), "application/octet-stream")


@dataclass(frozen=True, slots=True)
class Notice:
    """One notification: what would have made a person's phone ring. `muted`: do not disturb held it back."""

    id: str
    user: str
    channel: str
    ts: str
    text: str
    thread_ts: str
    reason: str
    muted: bool


@dataclass(frozen=True, slots=True)
class Change:
    """Something that the page or a waiting test may want to look at again.

    `what` empty: only tests care. `user` empty: everybody.
    """

    what: str
    user: str = ""
    channel: str = ""
    ts: str = ""


class Store:
    """Team, people, channels, messages, views, files, notices; and who listens for changes."""

    def __init__(self, world: World, clock: Clock) -> None:
        self.world = world
        self.clock = clock
        self.url = ""
        self.users = {user.id: user for user in world.users}
        self.channels = {channel.id: channel for channel in world.channels}
        self.groups = {group.id: group for group in world.groups}
        self.messages: dict[str, dict[str, Message]] = defaultdict(dict)
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[View]] = defaultdict(list)
        self.homes: dict[str, View] = {}
        self.files: dict[str, File] = {}
        self.notices: dict[str, deque[Notice]] = defaultdict(lambda: deque(maxlen=5000))
        self.read_until: dict[tuple[str, str], str] = {}
        self.shown: dict[str, int] = defaultdict(int)
        """How often the app has put something on this person's screen (modal or Home)."""
        self.listeners: list[Callable[[Change], None]] = []
        self._last_ts = 0

    def now(self) -> float:
        """Seconds since 1970 of the sandbox's clock."""
        return self.clock.now().timestamp()

    def next_ts(self) -> str:
        """A message timestamp: this instant, and never the same twice."""
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def changed(self, what: str, *, user: str = "", channel: str = "", ts: str = "") -> None:
        """Tell everybody who listens."""
        for listener in list(self.listeners):
            listener(Change(what, user, channel, ts))

    def user(self, name: str) -> User:
        """A person by id, name or @name."""
        wanted = name.removeprefix("@")
        for user in self.users.values():
            if wanted in (user.id, user.name):
                return user
        raise Refusal("user_not_found")

    def channel(self, name: str) -> Channel:
        """A channel by id, name or #name."""
        wanted = name.removeprefix("#")
        for channel in self.channels.values():
            if wanted == channel.id or (wanted and wanted == channel.name):
                return channel
        raise Refusal("channel_not_found")

    def direct(self, user: str) -> Channel:
        """The direct conversation of this person with the bot, opened when there is none yet."""
        for channel in self.channels.values():
            if channel.with_user == user:
                return channel
        members = {user, self.world.bot_user}
        opened = Channel(new_id("D"), members=members, with_user=user)
        self.channels[opened.id] = opened
        self.changed("state", user=user)
        return opened

    def group(self, id_or_handle: str) -> Group:
        """A user group by id or handle."""
        for group in self.groups.values():
            if id_or_handle.removeprefix("@") in (group.id, group.handle):
                return group
        raise Refusal("no_such_subteam")

    def message(self, channel: str, ts: str) -> Message:
        """One post; raises `message_not_found`."""
        found = self.messages[channel].get(ts)
        if found is None or found.is_tombstone:
            raise Refusal("message_not_found")
        return found

    def timeline(self, channel: str, viewer: str) -> Iterator[Message]:
        """What this person sees in the channel itself, oldest first."""
        for message in self.messages[channel].values():
            in_channel = not message.is_reply or message.is_broadcast
            if in_channel and message.ephemeral_to in ("", viewer):
                yield message

    def replies(self, channel: str, ts: str, viewer: str) -> list[Message]:
        """What this person sees in the thread, without its root."""
        return [
            message
            for message in self.messages[channel].values()
            if message.is_reply and message.thread_ts == ts and message.ephemeral_to in ("", viewer)
        ]

    def message_json(self, message: Message) -> Json:
        """Slack's message object."""
        found: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
        found["team"] = self.world.team_id
        if message.bot_id:
            found |= {
                "bot_id": message.bot_id,
                "app_id": self.world.app_id,
                "bot_profile": self._bot_profile(),
            }
        if message.blocks:
            found["blocks"] = copy.deepcopy(message.blocks)
        if message.edited_ts:
            found["edited"] = {"user": message.user, "ts": message.edited_ts}
        if message.files:
            found["files"] = [self.file_json(self.files[name]) for name in message.files]
        if message.reactions:
            found["reactions"] = [
                {"name": name, "users": list(users), "count": len(users)}
                for name, users in message.reactions.items()
            ]
        if message.is_tombstone:
            found["subtype"] = "tombstone"
        return found | self._thread_json(message)

    def _thread_json(self, message: Message) -> Json:
        if message.is_reply:
            root = self.messages[message.channel].get(message.thread_ts)
            found: Json = {"thread_ts": message.thread_ts}
            if root is not None:
                found["parent_user_id"] = root.user
            return found | ({"subtype": "thread_broadcast"} if message.is_broadcast else {})
        replies = self.replies(message.channel, message.ts, "")
        if not replies:
            return {}
        return {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users": list(dict.fromkeys(reply.user for reply in replies)),
            "reply_users_count": len({reply.user for reply in replies}),
            "latest_reply": replies[-1].ts,
        }

    def _bot_profile(self) -> Json:
        world = self.world
        return {
            "id": world.bot_id,
            "app_id": world.app_id,
            "name": world.app_name,
            "deleted": False,
            "team_id": world.team_id,
        }

    def file_json(self, file: File) -> Json:
        """Slack's file object."""
        return {
            "id": file.id,
            "name": file.name,
            "title": file.title or file.name,
            "mimetype": file.mimetype,
            "filetype": file.name.rpartition(".")[2],
            "size": file.size,
            "user": file.user or self.world.bot_user,
            "mode": "hosted",
            "is_external": False,
            "url_private": f"{self.url}/files/{file.id}/{quote(file.name)}",
            "url_private_download": f"{self.url}/files/{file.id}/download/{quote(file.name)}",
            "permalink": f"{self.url}/files/{file.id}/{quote(file.name)}",
            "channels": [file.channel] if file.channel else [],
            "is_public": False,
        }

    def view_json(self, view: View) -> Json:
        """Slack's view object."""
        defaults: Json = {
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            "close": None,
            "submit": None,
        }
        owner = self.world
        frame = {
            "id": view.id,
            "team_id": owner.team_id,
            "app_id": owner.app_id,
            "app_installed_team_id": owner.team_id,
            "bot_id": owner.bot_id,
            "hash": view.hash,
            "state": {"values": copy.deepcopy(view.values)},
            "root_view_id": view.root_id,
            "previous_view_id": view.previous_id,
        }
        return defaults | copy.deepcopy(view.content) | frame


def with_ids(blocks: list[Json]) -> list[Json]:
    """The blocks as Slack keeps them: each block and each control has an id."""
    kept = copy.deepcopy(blocks)
    for block in kept:
        block.setdefault("block_id", new_id("b")[:6])
        for control in controls(block):
            control.setdefault("action_id", new_id("a")[:6])
        for inner in block.get("child_blocks", []):
            inner.setdefault("block_id", new_id("b")[:6])
    return kept


def controls(block: Json) -> list[Json]:
    """Everything in a block that people can press, choose in or type in."""
    found: list[Any] = [block.get("element"), block.get("accessory")]
    if block.get("type") in ("actions", "context_actions"):
        found += block["elements"]
    if block.get("type") == "card":
        found += block.get("actions", [])
    inner = block.get("child_blocks", []) or (block["elements"] if block.get("type") == "carousel" else [])
    nested = [control for child in inner for control in controls(child)]
    return [c for c in found if isinstance(c, dict) and c.get("type") != "image"] + nested


def flat_blocks(blocks: list[Json] | None) -> Iterator[Json]:
    """The blocks and those inside containers and carousels."""
    for block in blocks or []:
        yield block
        inner = block.get("child_blocks", [])
        yield from flat_blocks(
            inner if inner else block["elements"] if block.get("type") == "carousel" else []
        )
