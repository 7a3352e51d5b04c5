"""Errors to Sentry, for teams that use it: off unless `REPLY24_SENTRY_DSN` is set (needs `reply24[sentry]`).

What is sent is the line of the log and no more: an event's name, ids, the class of an exception and the places
in our code (log.py has taken the rest away). No exception, no local variable, no request is ever handed to the
SDK; `_only_ours` is a second wall, should a later SDK add something of its own.
"""

from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from bot.clock import monotonic
from bot.errors import ConfigError
from bot.settings.secrets import look_up

if TYPE_CHECKING:  # an extra: not everybody has it
    from sentry_sdk.types import Event, Hint

NAME = "REPLY24_SENTRY_DSN"
QUIET_SECONDS = 60.0
"""The same trouble is reported once in this time: a database that is down fails every second."""
_KEPT = frozenset(
    {
        "event_id",
        "timestamp",
        "level",
        "logger",
        "message",
        "fingerprint",
        "release",
        "platform",
        "extra",
        "sdk",
    }
)
_FLUSH_SECONDS = 2.0


class Sentry:
    """Takes lines of the log and reports those that tell of an error."""

    def __init__(self, dsn: str, version: str) -> None:
        """Raises ConfigError when the address can't be used or the SDK is not installed."""
        if find_spec("sentry_sdk") is None:
            raise ConfigError(
                f"environment: {NAME}: is set, but sentry-sdk is missing. Install reply24[sentry]"
            )
        import sentry_sdk
        from sentry_sdk.utils import BadDsn

        self._told: dict[str, float] = {}
        try:
            self._client = sentry_sdk.Client(
                dsn=dsn,
                release=f"reply24@{version}",
                default_integrations=False,
                auto_enabling_integrations=False,
                include_local_variables=False,
                include_source_context=False,
                max_breadcrumbs=0,
                auto_session_tracking=False,
                before_send=_only_ours,
            )
        except BadDsn:
            raise ConfigError(
                f"environment: {NAME}: is no address of a Sentry project. Expected https://KEY@HOST/NUMBER"
            ) from None

    def take(self, line: Mapping[str, Any]) -> None:
        """Report a line of the log if it tells of an error that was not told in the last minute."""
        if line.get("level") not in ("error", "critical"):
            return
        name = str(line.get("event", ""))
        places = line.get("exception") or ()
        fingerprint = [name, str(line.get("why_class", "")), *places[-1:]]
        key, now = "\0".join(fingerprint), monotonic()
        if now - self._told.get(key, -QUIET_SECONDS) < QUIET_SECONDS:
            return
        self._told[key] = now
        extra = {key: value for key, value in line.items() if key not in ("event", "level", "timestamp")}
        with suppress(Exception):  # nobody could be told; the log has it
            self._client.capture_event(
                {"message": name, "level": "error", "fingerprint": fingerprint, "extra": extra}
            )

    def close(self) -> None:
        """Send what waits, for two seconds at most."""
        self._client.close(timeout=_FLUSH_SECONDS)


def sentry_of(environ: Mapping[str, str], version: str) -> Sentry | None:
    """Where this installation reports errors, if it does. Raises ConfigError."""
    if not environ.get(NAME) and not environ.get(f"{NAME}_FILE"):
        return None
    dsn, fault = look_up(NAME, environ)
    if fault:
        raise ConfigError(f"environment: {NAME}: {fault}")
    return Sentry(dsn, version)


def _only_ours(event: "Event", _hint: "Hint") -> "Event":
    for key in [key for key in event if key not in _KEPT]:
        del event[key]  # type: ignore[misc]  # a key of this dictionary
    return event
