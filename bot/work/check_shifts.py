"""The part of `reply24 check` that looks at the rota and the second road. Sends nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import httpx

from bot.domain.coverage import prove
from bot.domain.rota_versions import RotaHistory
from bot.domain.zones import local
from bot.errors import ConfigError, Reply24Error
from bot.notify.webhook import Hook, check_hook
from bot.settings import Secrets, Settings
from bot.settings.rota import with_calendars
from bot.work.calendars import fetched
from bot.work.finding_out import Check, ok, warn, wrong

_SECONDS = 10.0
_LISTED = 3


def rota(settings: Settings, now: datetime) -> Iterator[Check]:
    """Whether there is a rota, whether its calendars can be read, and what it leaves uncovered."""
    found = settings.rota
    if found is None:
        yield ok("rota", "there is none (config/rota.yaml): everybody counts as able to work at any time")
        return
    texts: dict[str, str] = {}
    with httpx.Client(timeout=_SECONDS, follow_redirects=True) as http:
        for layer, url in settings.shifts.calendar_urls.items():
            try:
                texts[layer] = fetched(http, url)
            except Reply24Error as why:
                yield wrong(f"rota {layer}", str(why), "mend the address in config/rota.yaml")
    proof = prove(
        RotaHistory.of(with_calendars(found, texts)),
        now,
        stores=tuple(settings.stores),
        minimum_rest=timedelta(hours=settings.shifts.minimum_rest_hours),
    )
    fatal = [gap for gap in proof.fatal if gap.need.lang is None]
    for gap in fatal[:_LISTED]:
        text = f"nobody is on for {gap.need.store} from {gap.start:%Y-%m-%d %H:%M} to {gap.end:%Y-%m-%d %H:%M} UTC"
        yield warn("rota", f"{text}: longer than 24 h", "reply24 rota prove lists all gaps")
    if not fatal:
        yield ok(
            "rota",
            f"{len(found.layers)} layers, no fatal gap until {proof.end:%Y-%m-%d}; time zones {proof.edition}",
        )


def peak_mode(settings: Settings, now: datetime) -> Iterator[Check]:
    """Whether an internal target acts today, or when one will."""
    peaks = settings.thresholds.peaks
    for one in peaks:
        stores = [key for key in settings.stores if one.stores is None or key in one.stores]
        days = {store: local(now, settings.stores[store].zone).date() for store in stores}
        acts = any(one.is_for(store, day) for store, day in days.items())
        over = all(one.last_day < day for day in days.values())
        state = "acts now" if acts else "is over" if over else "is to come"
        target = f"internal target {one.target_hours:g} h for {', '.join(stores)}"
        yield ok("peak mode", f"{one.first_day} to {one.last_day}: {target}; {state}")
    if not peaks:
        yield ok("peak mode", "there is none (thresholds.peak): Amazon's 24 hours are the only clock")


def second_road(settings: Settings, secrets: Secrets) -> Iterator[Check]:
    """Whether urgent pings have a way besides Slack, and whether its settings hold together."""
    notify = settings.notify
    if notify.email is None and not notify.webhooks:
        yield ok("second road", "there is none (config/notify.yaml): urgent pings go through Slack alone")
        return
    if notify.email is not None:
        lacking = [key for key, agent in settings.agents.items() if agent.email is None]
        if lacking:
            yield wrong(
                "second road", f"no e-mail address: {', '.join(lacking)}", "add `email` in agents.yaml"
            )
        else:
            yield ok("second road", f"e-mail from {notify.email.sender} to every agent")
    for one in notify.webhooks:
        name = f"second road {one.name}"
        try:
            secret = secrets.secret(one.secret_env) if one.secret_env else None
            check_hook(Hook(one.kind, secrets.secret(one.url_env), secret))
        except ConfigError as why:
            yield wrong(name, str(why))
        else:
            yield ok(name, f"a robot of {one.kind}; whether it takes notices shows when one is sent")
