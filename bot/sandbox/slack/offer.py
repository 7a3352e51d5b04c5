"""What the app offers, read from its manifest: commands, shortcuts, events, scopes, Home tab.

Source: docs.slack.dev/reference/app-manifest. Without a manifest the sandbox takes everything.
"""

from dataclasses import dataclass

from bot.errors import ConfigError
from bot.sandbox.slack.wire import Json


@dataclass(frozen=True, slots=True)
class Command:
    """One slash command."""

    command: str
    usage_hint: str = ""
    description: str = ""
    should_escape: bool = False


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One entry of the lightning menu (global) or of a message's menu."""

    callback_id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What the manifest says; `everything` stands for an app whose manifest nobody gave."""

    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    events: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    has_home: bool = True
    is_interactive: bool = True
    everything: bool = True

    def has_command(self, name: str) -> bool:
        """Whether typing this command reaches the app."""
        return self.everything or any(offered.command == name for offered in self.commands)

    def escapes(self, name: str) -> bool:
        """Whether mentions in the command's text arrive as ids."""
        return any(offered.command == name and offered.should_escape for offered in self.commands)

    def has_shortcut(self, callback_id: str, kind: str) -> bool:
        """Whether the menu of this kind (global, message) has the entry."""
        return self.everything or any(
            (offered.callback_id, offered.kind) == (callback_id, kind) for offered in self.shortcuts
        )

    def wants(self, event: str) -> bool:
        """Whether the app subscribed to this event."""
        return self.everything or event in self.events


def manifest_of(
    *,
    commands: tuple[str, ...] = (),
    shortcuts: tuple[tuple[str, str], ...] = (),
    events: tuple[str, ...] = (),
    scopes: tuple[str, ...] = (),
) -> Json:
    """A small manifest for tests; a shortcut is (callback id, "global" or "message")."""
    return {
        "_metadata": {"major_version": 2},
        "display_information": {"name": "reply24"},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "bot_user": {"display_name": "reply24", "always_online": True},
            "shortcuts": [
                {"name": name, "type": kind, "callback_id": name, "description": name}
                for name, kind in shortcuts
            ],
            "slash_commands": [{"command": name, "description": name} for name in commands],
        },
        "oauth_config": {"scopes": {"bot": list(scopes)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(events)},
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": True,
        },
    }


def offer_from(manifest: Json | None) -> Offer:
    """Read a manifest. Raises ConfigError with everything in it that Slack would refuse."""
    if manifest is None:
        return Offer()
    features, settings = manifest.get("features", {}), manifest.get("settings", {})
    commands = tuple(_command(entry) for entry in features.get("slash_commands", []))
    shortcuts = tuple(_shortcut(entry) for entry in features.get("shortcuts", []))
    faults = _faults(manifest, commands, shortcuts)
    if faults:
        raise ConfigError(*faults)
    scopes = manifest.get("oauth_config", {}).get("scopes", {})
    return Offer(
        commands,
        shortcuts,
        frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
        frozenset(scopes.get("bot", [])) | frozenset(scopes.get("bot_optional", [])),
        bool(features.get("app_home", {}).get("home_tab_enabled", False)),
        bool(settings.get("interactivity", {}).get("is_enabled", False)),
        everything=False,
    )


def _command(entry: Json) -> Command:
    return Command(
        entry.get("command", ""),
        entry.get("usage_hint", ""),
        entry.get("description", ""),
        bool(entry.get("should_escape", False)),
    )


def _shortcut(entry: Json) -> Shortcut:
    return Shortcut(entry.get("callback_id", ""), entry.get("name", ""), entry.get("type", ""))


def _faults(manifest: Json, commands: tuple[Command, ...], shortcuts: tuple[Shortcut, ...]) -> list[str]:
    name = manifest.get("display_information", {}).get("name", "")
    checks = [
        (0 < len(name) <= 35, "display_information.name: 1 to 35 characters"),
        (len(commands) <= 50, "features.slash_commands: at most 50"),
    ]
    for command in commands:
        checks += [
            (command.command.startswith("/"), f"{command.command}: a command starts with /"),
            (len(command.command) <= 32, f"{command.command}: at most 32 characters"),
            (0 < len(command.description) <= 2000, f"{command.command}: description of 1 to 2000 characters"),
            (len(command.usage_hint) <= 1000, f"{command.command}: usage_hint of at most 1000 characters"),
        ]
    for kind in ("global", "message"):
        count = sum(shortcut.kind == kind for shortcut in shortcuts)
        checks.append((count <= 5, f"features.shortcuts: {count} of type {kind}, Slack takes 5"))
    checks += [
        (s.kind in ("global", "message"), f"{s.callback_id}: type is global or message") for s in shortcuts
    ]
    checks += [(0 < len(s.name) <= 24, f"{s.callback_id}: name of 1 to 24 characters") for s in shortcuts]
    return [f"manifest: {text}" for holds, text in checks if not holds]
