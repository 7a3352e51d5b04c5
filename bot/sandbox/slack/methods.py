"""Web API methods that the sandbox knows: scope and rate tier of each.

Source: docs.slack.dev/reference/methods. Tiers are calls a minute: docs.slack.dev/apis/web-api/rate-limits.
"""

from dataclasses import dataclass

TIER_PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}


@dataclass(frozen=True, slots=True)
class Method:
    """`scopes`: any one of them is enough. `tier` 0 has no limit a minute. `caller` is bot, app or anyone."""

    scopes: tuple[str, ...] = ()
    tier: int = 0
    caller: str = "bot"


_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
_READ = ("channels:read", "groups:read", "im:read", "mpim:read")

METHODS: dict[str, Method] = {
    "api.test": Method(caller="anyone"),
    "auth.test": Method(),
    # Two sources differ (1 and 3); 3 lets a client reconnect as often as the real one lets it in practice.
    "apps.connections.open": Method((), 3, "app"),
    "chat.postMessage": Method(("chat:write",)),
    "chat.update": Method(("chat:write",), 3),
    "chat.delete": Method(("chat:write",), 3),
    "chat.postEphemeral": Method(("chat:write",), 4),
    "chat.getPermalink": Method(),
    "conversations.list": Method(_READ, 2),
    "conversations.info": Method(_READ, 3),
    "conversations.members": Method(_READ, 4),
    "conversations.open": Method(("im:write", "mpim:write"), 3),
    "conversations.history": Method(_HISTORY, 3),
    "conversations.replies": Method(_HISTORY, 3),
    "conversations.join": Method(("channels:join",), 3),
    "users.info": Method(("users:read",), 4),
    "users.list": Method(("users:read",), 2),
    "users.lookupByEmail": Method(("users:read.email",), 3),
    "users.getPresence": Method(("users:read",), 3),
    "team.info": Method(("team:read",), 3),
    "dnd.info": Method(("dnd:read",), 3),
    "dnd.teamInfo": Method(("dnd:read",), 2),
    "usergroups.list": Method(("usergroups:read",), 2),
    "usergroups.users.list": Method(("usergroups:read",), 2),
    "usergroups.users.update": Method(("usergroups:write",), 2),
    "views.open": Method((), 4),
    "views.push": Method((), 4),
    "views.update": Method((), 4),
    "views.publish": Method((), 4),
    "reactions.add": Method(("reactions:write",), 3),
    "reactions.remove": Method(("reactions:write",), 2),
    "files.getUploadURLExternal": Method(("files:write",), 4),
    "files.completeUploadExternal": Method(("files:write",), 4),
    "files.info": Method(("files:read",), 4),
}

ALL_SCOPES = frozenset(scope for method in METHODS.values() for scope in method.scopes) | {
    "commands",
    "chat:write.public",
    "chat:write.customize",
    "reactions:read",
}
