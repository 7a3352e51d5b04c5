"""Secrets: from the environment, or from a file that the environment names. Never kept in Settings.

`NAME` holds the secret itself; `NAME_FILE` the path of a file with it (Docker secrets, systemd
credentials). What is missing is told with the key that asked for it.
"""

from collections.abc import Mapping
from pathlib import Path

from bot.errors import ConfigError
from bot.settings.shape import Settings


class Secrets:
    """Hands out secrets by the name of their environment variable; shows none of them itself."""

    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        self._wanted = wanted_secrets(settings)
        self._environ = environ

    def __repr__(self) -> str:
        return f"Secrets({', '.join(sorted(self._wanted))})"

    def secret(self, name: str) -> str:
        """The secret called `name`. Raises ConfigError that says who needs it and how to set it."""
        value, fault = look_up(name, self._environ)
        if fault:
            raise ConfigError(_line(name, fault, self._wanted))
        return value


def missing_secrets(settings: Settings, environ: Mapping[str, str]) -> tuple[str, ...]:
    """One line for each secret that these settings need and the environment does not give."""
    wanted = wanted_secrets(settings)
    faults = ((name, look_up(name, environ)[1]) for name in wanted)
    return tuple(_line(name, fault, wanted) for name, fault in faults if fault)


def wanted_secrets(settings: Settings) -> dict[str, str]:
    """The names of all secrets that these settings need, each with the place of the key that asks for it."""
    asked = {**_asked_by_slack(settings), **_asked_by_mail(settings), **_asked_by_amazon(settings)}
    for index, hook in enumerate(settings.notify.webhooks):
        asked[f"notify.webhooks.{index}.url_env"] = hook.url_env
        asked[f"notify.webhooks.{index}.secret_env"] = hook.secret_env or ""
    wanted: dict[str, str] = {}
    for key, name in asked.items():
        if name:
            place = settings.places.get(key)
            wanted.setdefault(name, f"{place}: {key}" if place else f"{key} (its default)")
    return wanted


def _asked_by_slack(settings: Settings) -> dict[str, str]:
    slack = settings.slack
    asked = {"slack.bot_token_env": slack.bot_token_env}
    if slack.mode == "socket":
        asked["slack.app_token_env"] = slack.app_token_env
    else:
        asked["slack.signing_secret_env"] = slack.signing_secret_env
    return asked


def _asked_by_mail(settings: Settings) -> dict[str, str]:
    asked: dict[str, str] = {}
    for name, box in settings.mailboxes.items():
        if box.kind == "imap":
            asked[f"mailboxes.{name}.password_env"] = box.password_env or ""
            asked[f"mailboxes.{name}.token_env"] = box.token_env or ""
    for name, server in settings.outgoing.items():
        asked[f"outgoing.{name}.password_env"] = server.password_env or ""
    return asked


def _asked_by_amazon(settings: Settings) -> dict[str, str]:
    asked: dict[str, str] = {}
    for name, store in settings.stores.items():
        if store.api is not None:
            asked[f"stores.{name}.api.refresh_token_env"] = store.api.refresh_token_env
            asked[f"stores.{name}.api.client_id_env"] = store.api.client_id_env
            asked[f"stores.{name}.api.client_secret_env"] = store.api.client_secret_env
    for name, queue in settings.amazon.queues.items():
        asked[f"amazon.queues.{name}.key_id_env"] = queue.key_id_env
        asked[f"amazon.queues.{name}.secret_env"] = queue.secret_env
    return asked


def _line(name: str, fault: str, wanted: Mapping[str, str]) -> str:
    return f"environment: {name}: {fault}; needed by {wanted.get(name, 'the program')}"


def look_up(name: str, environ: Mapping[str, str]) -> tuple[str, str]:
    """The secret called `name`, and what is wrong with it; one of the two is empty."""
    direct, file = environ.get(name, ""), environ.get(f"{name}_FILE", "")
    if direct and file:
        return "", f"{name} and {name}_FILE are both set; unset one"
    if not direct and not file:
        return "", f"is not set; set it, or {name}_FILE to a file that holds it"
    if direct:
        return direct, ""
    try:
        value = Path(file).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as why:
        return "", f"{name}_FILE names a file that can't be read ({type(why).__name__}: {file})"
    return (value, "") if value else ("", f"{name}_FILE names an empty file ({file})")
