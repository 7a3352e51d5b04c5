"""What the page shows to one person, as JSON: the read half of the page's contract."""

from typing import Any

from bot.sandbox.slack.core import Core
from bot.sandbox.slack.store import Message, View
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.world import Channel

_NOTICES = 50


def boot(core: Core, links: list[dict[str, str]]) -> Json:
    """Team, clock, people of the switch, links."""
    world, now = core.store.world, core.store.clock.now()
    users = [
        {
            "id": user.id,
            "name": user.name,
            "real_name": user.real_name,
            "title": user.title,
            "tz": user.zone,
            "tz_label": user.zone_label(now),
            "locale": user.locale,
            "is_bot": user.is_bot,
            "color": user.color(),
        }
        for user in core.store.users.values()
        if not user.deleted
    ]
    speed = float(getattr(core.store.clock, "speed", 1.0))
    team = {"id": world.team_id, "name": world.team_name}
    return {"team": team, "now": now.timestamp(), "speed": speed, "users": users, "links": links}


def state(core: Core, user: str) -> Json:
    """Side bar, modals, Home and notices of one person."""
    store, offer = core.store, core.offer
    if not store.users[user].is_bot:
        store.direct(user)
    seen = [channel for channel in store.channels.values() if user in channel.members]
    notices = [notice for notice in store.notices[user] if not notice.muted]
    home = store.homes.get(user)
    world = store.world
    return {
        "now": store.now(),
        "channels": [_channel(core, user, channel) for channel in seen if not channel.is_im],
        "dms": [_direct(core, user, channel) for channel in seen if channel.is_im],
        "apps": [{"id": world.app_id, "name": world.app_name, "bot_user": world.bot_user}],
        "commands": [
            {"command": one.command, "usage_hint": one.usage_hint, "description": one.description}
            for one in offer.commands
        ],
        "shortcuts": {
            kind: [
                {"callback_id": one.callback_id, "name": one.name}
                for one in offer.shortcuts
                if one.kind == kind
            ]
            for kind in ("global", "message")
        },
        "modals": [_view(core, view) for view in store.stacks[user]],
        "home": _view(core, home) if home else None,
        "notices": [
            {
                "id": one.id,
                "ts": one.ts,
                "channel": one.channel,
                "text": one.text,
                "thread_ts": one.thread_ts or None,
            }
            for one in notices[-_NOTICES:]
        ],
    }


def _view(core: Core, view: View) -> Json:
    return core.store.view_json(view) | {"errors": view.errors, "loading": view.is_loading}


def _unread(core: Core, user: str, channel: Channel) -> int:
    read = core.store.read_until.get((user, channel.id), "")
    return sum(post.ts > read and post.user != user for post in core.store.timeline(channel.id, user))


def _channel(core: Core, user: str, channel: Channel) -> Json:
    read = core.store.read_until.get((user, channel.id), "")
    notices = core.store.notices[user]
    return {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.is_private,
        "unread": _unread(core, user, channel),
        "mentions": sum(one.channel == channel.id and one.ts > read and not one.muted for one in notices),
    }


def _direct(core: Core, user: str, channel: Channel) -> Json:
    world = core.store.world
    unread = _unread(core, user, channel)
    return {"id": channel.id, "user": world.bot_user, "name": world.app_name, "unread": unread}


def message(core: Core, user: str, post: Message) -> Json:
    """One message as the page draws it."""
    author: Any = core.store.users.get(post.user)
    read = core.store.read_until.get((user, post.channel), "")
    found: Json = {"reply_count": 0, "reply_users": [], "latest_reply": ""} | core.store.message_json(post)
    found["username"] = post.username or (author.real_name if author else post.user)
    found["reactions"] = [{"name": name, "count": len(who)} for name, who in post.reactions.items()]
    found["files"] = [
        {
            "id": one["id"],
            "name": one["name"],
            "mimetype": one["mimetype"],
            "url": f"/files/{one['id']}/{one['name']}",
        }
        for one in found.get("files", [])
    ]
    return found | {"ephemeral": bool(post.ephemeral_to), "is_new": post.ts > read and post.user != user}


def messages(core: Core, user: str, channel: str) -> Json:
    """The channel itself, oldest first."""
    return {"messages": [message(core, user, post) for post in core.store.timeline(channel, user)]}


def thread(core: Core, user: str, channel: str, ts: str) -> Json:
    """One thread with its root."""
    root = core.store.messages[channel].get(ts)
    posts = ([root] if root else []) + core.store.replies(channel, ts, user)
    return {"messages": [message(core, user, post) for post in posts]}
