"""Web API: conversations.*, team.info.

Source: docs.slack.dev/reference/methods (conversations.list, .history ...), .../apis/web-api/pagination.
"""

import base64
from collections.abc import Sequence
from typing import TypeVar

from bot.sandbox.slack.api_chat import shown
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.store import Message
from bot.sandbox.slack.wire import Json, Refusal, truth, whole
from bot.sandbox.slack.world import Channel

T = TypeVar("T")
_TYPES = {"channel": "public_channel", "group": "private_channel", "im": "im"}


def page_of(found: Sequence[T], args: Json, default: int = 100) -> tuple[list[T], Json]:
    """One page of a list, and the `response_metadata` that leads to the next."""
    limit = whole(args.get("limit"), default)
    if not 1 <= limit <= 1000:
        raise Refusal("invalid_limit")
    start = 0
    if args.get("cursor"):
        try:
            start = int(base64.b64decode(str(args["cursor"])))
        except ValueError as error:
            raise Refusal("invalid_cursor") from error
    after = start + limit
    cursor = base64.b64encode(str(after).encode()).decode() if after < len(found) else ""
    return list(found[start:after]), {"response_metadata": {"next_cursor": cursor}}


def _known(core: Core, args: Json) -> Channel:
    """A channel that the bot may know of."""
    channel = core.store.channel(str(args.get("channel", "")))
    if channel.is_private and core.store.world.bot_user not in channel.members:
        raise Refusal("channel_not_found")
    return channel


def list_channels(core: Core, args: Json) -> Json:
    """Channels of the wanted types that the bot may see."""
    types = str(args.get("types") or "public_channel").split(",")
    bot = core.store.world.bot_user
    found = [
        channel.as_json(bot)
        for channel in core.store.channels.values()
        if _TYPES[channel.kind] in types
        and (not channel.is_private or bot in channel.members)
        and not (truth(args.get("exclude_archived")) and channel.is_archived)
    ]
    page, more = page_of(found, args)
    return {"channels": page} | more


def info(core: Core, args: Json) -> Json:
    """One channel."""
    return {"channel": _known(core, args).as_json(core.store.world.bot_user)}


def members(core: Core, args: Json) -> Json:
    """Who is in a channel."""
    page, more = page_of(sorted(_known(core, args).members), args)
    return {"members": page} | more


def open_direct(core: Core, args: Json) -> Json:
    """The direct conversation with one person."""
    users = [name for name in str(args.get("users", "")).split(",") if name]
    if not users and args.get("channel"):
        return {"channel": {"id": core.store.channel(str(args["channel"])).id}}
    if not users:
        raise Refusal("users_list_not_supplied")
    if len(users) > 1:
        raise Refusal("not_enough_users" if users[0] == users[1] else "mpim_not_in_sandbox")
    user = core.store.users.get(users[0])
    if user is None:
        raise Refusal("user_not_found")
    if user.deleted:
        raise Refusal("user_disabled")
    if user.id == core.store.world.bot_user:
        raise Refusal("cannot_dm_bot")
    already = any(channel.with_user == user.id for channel in core.store.channels.values())
    return {"channel": {"id": core.store.direct(user.id).id}, "already_open": already, "no_op": already}


def join(core: Core, args: Json) -> Json:
    """The bot joins a public channel."""
    channel = core.store.channel(str(args.get("channel", "")))
    if channel.is_private:
        raise Refusal("method_not_supported_for_channel_type")
    add_member(core, channel, core.store.world.bot_user)
    return {"channel": channel.as_json(core.store.world.bot_user)}


def add_member(core: Core, channel: Channel, user: str, inviter: str = "") -> None:
    """Somebody joins a channel, and the app hears of it."""
    if user in channel.members:
        return
    channel.members.add(user)
    event: Json = {
        "type": "member_joined_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": core.store.world.team_id,
        "event_ts": core.store.next_ts(),
    }
    if core.store.world.bot_user in channel.members:
        core.emit("member_joined_channel", event | ({"inviter": inviter} if inviter else {}))
    core.store.changed("state", user=user)


def share(core: Core, channel: Channel, team: str, *, pending: bool = False) -> None:
    """The channel is shared with another workspace, or (`pending`) that one is invited to it."""
    channel.is_ext_shared, channel.pending_shared = not pending, [team] if pending else []
    event: Json = {"channel": channel.id, "connected_team_id": team, "event_ts": core.store.next_ts()}
    if not pending:
        core.emit("channel_shared", event | {"type": "channel_shared"})
    core.store.changed("state")


def unshare(core: Core, channel: Channel) -> None:
    """No other workspace has the channel any more."""
    channel.is_ext_shared, channel.pending_shared = False, []
    event: Json = {"channel": channel.id, "is_ext_shared": False, "event_ts": core.store.next_ts()}
    core.emit("channel_unshared", event | {"type": "channel_unshared"})
    core.store.changed("state")


def history(core: Core, args: Json) -> Json:
    """Posts of a channel, newest first."""
    channel = _readable(core, args)
    posts = [m for m in core.store.timeline(channel.id, "") if _is_between(m, args)]
    page, more = page_of(posts[::-1], args)
    return {"messages": _shown(core, page, args), "has_more": bool(_cursor(more)), "pin_count": 0} | more


def replies(core: Core, args: Json) -> Json:
    """A thread with its root, oldest first."""
    channel, ts = _readable(core, args), str(args.get("ts", ""))
    root = core.store.messages[channel.id].get(ts)
    if root is None:
        raise Refusal("thread_not_found")
    posts = [root, *core.store.replies(channel.id, root.thread_ts or ts, "")]
    page, more = page_of([m for m in posts if m is root or _is_between(m, args)], args)
    return {"messages": _shown(core, page, args), "has_more": bool(_cursor(more))} | more


def _cursor(more: Json) -> str:
    return str(more["response_metadata"]["next_cursor"])


def _readable(core: Core, args: Json) -> Channel:
    channel = _known(core, args)
    if core.store.world.bot_user not in channel.members:
        raise Refusal("not_in_channel")
    return channel


def _is_between(message: Message, args: Json) -> bool:
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or 99_999_999_999)
    ts = float(message.ts)
    return oldest <= ts <= latest if truth(args.get("inclusive")) else oldest < ts < latest


def _shown(core: Core, posts: list[Message], args: Json) -> list[Json]:
    return [shown(core, post, with_metadata=truth(args.get("include_all_metadata"))) for post in posts]


def team_info(core: Core, _args: Json) -> Json:
    """The workspace."""
    world = core.store.world
    return {"team": {"id": world.team_id, "name": world.team_name, "domain": world.team_domain}}


METHODS = {
    "conversations.list": list_channels,
    "conversations.info": info,
    "conversations.members": members,
    "conversations.open": open_direct,
    "conversations.join": join,
    "conversations.history": history,
    "conversations.replies": replies,
    "team.info": team_info,
}
