"""`reply24 check`: looks at everything that the bot needs. Changes nothing, sends nothing, posts nothing.

What can't be reached is wrong, with the reason; what can't be looked at because of that is skipped.
The outside is asked side by side, and the answers come in a fixed order.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.clock import RealClock
from bot.domain.template_check import check_templates
from bot.errors import ConfigError, Reply24Error
from bot.settings import Secrets, Settings, load_settings, missing_secrets, shipped
from bot.settings.health import OFFSETS
from bot.settings.phrases import load_phrases, load_topics
from bot.settings.secrets import wanted_secrets
from bot.settings.templates import load_templates
from bot.work.check_amazon import amazon_api, notifications
from bot.work.check_database import database
from bot.work.check_keys import encryption
from bot.work.check_mail import mailbox, outgoing
from bot.work.check_shifts import peak_mode, rota, second_road
from bot.work.check_slack import slack
from bot.work.finding_out import Check, ok, skipped, warn, wrong

__all__ = ["Check", "look"]

_AT_ONCE = 8


def look(folder: Path, environ: Mapping[str, str]) -> Iterator[Check]:
    """One Check after the other, for the settings in `folder`. Never raises for what it finds."""
    try:
        settings = load_settings(folder, environ)
    except ConfigError as why:
        yield from (wrong("settings", fault) for fault in why.faults)
        yield skipped("everything else", "needs settings without faults")
        return
    yield ok("settings", f"{settings.folder}: {_counts(settings)}")
    yield from _secrets(settings, environ)
    secrets = Secrets(settings, environ)
    with ThreadPoolExecutor(_AT_ONCE) as side_by_side:
        running = [
            side_by_side.submit(_told, name, part)
            for name, part in _parts(settings, secrets, folder, environ)
        ]
        for one in running:
            yield from one.result()


def _parts(
    settings: Settings, secrets: Secrets, folder: Path, environ: Mapping[str, str]
) -> Iterator[tuple[str, Callable[[], Iterable[Check]]]]:
    yield "database", lambda: database(settings.database_url)
    yield "data keys", lambda: encryption(settings.database_url, environ)
    yield "templates", lambda: _templates(settings)
    yield "policy", lambda: _phrases(folder)
    yield "time zones", lambda: _zones(settings)
    yield "rota", lambda: rota(settings, RealClock().now())
    yield "peak mode", lambda: peak_mode(settings, RealClock().now())
    yield "second road", lambda: second_road(settings, secrets)
    for name, box in settings.mailboxes.items():
        yield f"mailbox {name}", lambda name=name, box=box: mailbox(name, box, secrets)  # type: ignore[misc]  # bound now
    for name, server in settings.outgoing.items():
        yield f"outgoing {name}", lambda name=name, server=server: outgoing(name, server, secrets)  # type: ignore[misc]  # bound now
    for name, store in settings.stores.items():
        if store.api is not None:
            yield f"amazon api {name}", lambda name=name: amazon_api(name, settings, secrets)  # type: ignore[misc]  # bound now
    for name in settings.amazon.queues:
        yield f"notifications {name}", lambda name=name: notifications(name, settings, secrets)  # type: ignore[misc]  # bound now
    yield "health pages", lambda: _pages(settings)
    yield "slack", lambda: slack(settings, secrets)


def _told(name: str, part: Callable[[], Iterable[Check]]) -> list[Check]:
    """What a part found; also when it stumbles, because then the rest is still worth knowing."""
    found: list[Check] = []
    try:
        found.extend(part())
    except Reply24Error as why:
        found.append(wrong(name, str(why)))
    except Exception as why:  # noqa: BLE001 - a check must tell, not fall over
        found.append(wrong(name, f"could not be looked at ({type(why).__name__}: {str(why)[:200]})"))
    return found


def _counts(settings: Settings) -> str:
    return (
        f"stores {', '.join(settings.stores)}; agents {', '.join(settings.agents)}; Slack in mode "
        f"{settings.slack.mode}"
    )


def _secrets(settings: Settings, environ: Mapping[str, str]) -> Iterator[Check]:
    missing = missing_secrets(settings, environ)
    for line in missing:
        yield wrong("secrets", line)
    if not missing:
        yield ok("secrets", f"all are set: {', '.join(sorted(wanted_secrets(settings)))}")


def _templates(settings: Settings) -> Iterator[Check]:
    found, faults = load_templates(settings.templates_folder)
    every = [*map(str, faults), *map(str, check_templates(found, {fault.file for fault in faults}))]
    for line in every:
        yield wrong("templates", line, "change it there; reply24 templates check says more")
    if not every:
        yield ok("templates", f"{settings.templates_folder}: {len(found)} under {len(found.names)} names")


def _phrases(folder: Path) -> Iterator[Check]:
    place = folder if (folder / "topics.yaml").is_file() else shipped("config")
    for name, read in (
        ("policy", lambda: load_phrases(place)),
        ("topics", lambda: load_topics(place / "topics.yaml")),
    ):
        try:
            read()
        except ConfigError as why:
            yield from (wrong(name, fault, "change it there") for fault in why.faults)
        else:
            yield ok(name, f"the phrases in {place}")


def _pages(settings: Settings) -> Iterator[Check]:
    health = settings.health
    if not health.port:
        yield ok("health pages", "switched off (health.port is 0)")
        return
    found = f"/healthz and /metrics at {health.host}, ports {health.port} to {health.port + max(OFFSETS.values())}"
    if health.host in ("127.0.0.1", "::1", "localhost"):
        yield ok("health pages", f"{found}, while the bot runs")
    else:
        mend = "let only your monitoring reach these ports; they hold no buyers' data, but no password either"
        yield warn("health pages", f"{found}: not for this machine alone", mend)


def _zones(settings: Settings) -> Iterator[Check]:
    zones = {store.zone for store in settings.stores.values()}
    zones |= {agent.zone for agent in settings.agents.values()}
    yield ok("time zones", f"known: {', '.join(sorted(zones))}")
