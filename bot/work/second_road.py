"""Telling urgent pings on the second road: e-mail to the person, a robot in a group chat. See desk/alerts.py."""

import httpx
from sqlalchemy import select

from bot.db.tables import PersonRow
from bot.db.trouble import is_trouble
from bot.desk import Desk, alerts
from bot.desk.alarms import stores_of
from bot.desk.alerts import Alert
from bot.domain import zones
from bot.domain.alarms import Alarm
from bot.errors import Outside
from bot.log import get_logger
from bot.notify import email, webhook
from bot.notify.notice import Notice
from bot.notify.webhook import Hook
from bot.settings.secrets import Secrets
from bot.slack.texts import Say, left, say_for, site
from bot.slack.views.alarms import title
from bot.work.replies import smtp_access

log = get_logger()


class SecondRoad:
    """Sends what Slack did not take."""

    def __init__(self, desk: Desk, secrets: Secrets) -> None:
        self._desk = desk
        self._secrets = secrets

    def go(self) -> int:
        """Write down what did not get through, and tell it; returns how many were told."""
        alerts.record(self._desk)
        due = alerts.due(self._desk)
        if not due:
            return 0
        with httpx.Client() as client:
            return sum(self._tell(one, client) for one in due)

    def _tell(self, alert: Alert, client: httpx.Client) -> bool:
        kind, _, name = alert.road.partition(":")
        try:
            (self._mail if kind == "email" else self._hook)(alert, name, client)
        except Exception as why:  # one that breaks our own code must not keep the others from being told
            if is_trouble(why):
                raise
            log.warning("second_road_failed", kind=kind, name=name, case=alert.case, exc_info=why)
            alerts.failed(self._desk, alert, why)
            return False
        log.info("second_road_taken", kind=kind, name=name, case=alert.case, stage=alert.stage)
        alerts.told(self._desk, alert)
        return True

    def _mail(self, alert: Alert, agent: str, _client: httpx.Client) -> None:
        settings = self._desk.settings
        person, road = settings.agents.get(agent), settings.notify.email
        if road is None or person is None or person.email is None:
            raise Outside("The settings name no e-mail for this person any more.")
        now = self._desk.now()
        notice = self._notice(alert, self._say_of(agent), person.zone)
        access = smtp_access(settings.outgoing[road.outgoing], self._secrets)
        email.send(access, notice, road.sender, person.email, now)

    def _hook(self, alert: Alert, name: str, client: httpx.Client) -> None:
        settings = self._desk.settings
        found = next((one for one in settings.notify.webhooks if one.name == name), None)
        if found is None:
            raise Outside("The settings name no such webhook any more.")
        secret = self._secrets.secret(found.secret_env) if found.secret_env else None
        hook = Hook(found.kind, self._secrets.secret(found.url_env), secret)
        zone = settings.stores[alert.store].zone if alert.store in settings.stores else "UTC"
        notice = self._notice(alert, say_for(found.language), zone)
        webhook.send(hook, notice, client, self._desk.now())

    def _say_of(self, agent: str) -> Say:
        """In the language that Slack has told us of; English else."""
        with self._desk.database.reading() as tx:
            locale = tx.scalar(select(PersonRow.locale).where(PersonRow.agent == agent))
        return say_for(locale or "en")

    def _notice(self, alert: Alert, say: Say, zone: str) -> Notice:
        if alert.alarm is not None:
            return self._of_alarm(alert.alarm, say)
        now, store = self._desk.now(), self._desk.settings.stores.get(alert.store or "")
        due_at = alert.due_at or now
        facts = {
            "case": alert.case,
            "left": left(due_at, now, say),
            "store": " · ".join(
                part for part in (store.name if store else "", site(alert.marketplace)) if part
            ),
            "due": f"{due_at:%Y-%m-%d %H:%M} UTC",
            "local": f"{zones.local(due_at, zone):%Y-%m-%d %H:%M} {zone}",
        }
        lines = [say(f"alert.{key}", **facts) for key in ("where", "due", "what")]
        return Notice(
            title=say("alert.title", **facts),
            lines=tuple(lines),
            at=now,
            stage=alert.stage,
            case=alert.case,
            store=alert.store or "",
            due_at=due_at,
        )

    def _of_alarm(self, alarm: Alarm, say: Say) -> Notice:
        stores = [self._desk.settings.stores[key].name for key in stores_of(self._desk, alarm)]
        lines = (
            say("alert.where", store=say.several(stores)),
            say("alarm.road.since", since=f"{alarm.since:%Y-%m-%d %H:%M} UTC"),
            say("alarm.road.what"),
        )
        return Notice(title(alarm, alarm.about, say), lines, self._desk.now(), stage=f"alarm_{alarm.kind}")
