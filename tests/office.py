"""The whole bot against the sandbox: real bolt over a real socket, real mails, a clock that tests move."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from bot.clock import FixedClock
from bot.db.engine import open_database
from bot.db.migrate import upgrade
from bot.desk import Desk, pings, settle
from bot.desk.knowledge import Knowledge
from bot.sandbox.relay import MailRelay
from bot.sandbox.slack.driver import Workspace
from bot.sandbox.slack.server import SlackSandbox
from bot.settings import Secrets, load_settings
from bot.settings.shape import ThresholdSettings
from bot.slack.manifest import manifest
from bot.work.run import Bot
from tests import servers
from tests.world import ROOT, START


@dataclass(slots=True)
class Office:
    """A running bot and the world around it."""

    desk: Desk
    clock: FixedClock
    bot: Bot
    sandbox: SlackSandbox
    relay: MailRelay

    @property
    def ws(self) -> Workspace:
        """The workspace, in the words of the driver."""
        return self.sandbox.workspace

    def tick(self, **span: float) -> None:
        """Move the clock (`hours=3`), and let the ticks that look at it run once."""
        self.clock.advance(timedelta(**span))
        pings.ping_due(self.desk)
        pings.ping_unclaimed(self.desk)
        settle.left_behind(self.desk)


@contextmanager
def office(
    folder: Path,
    knowledge: Knowledge,
    *,
    mode: Literal["socket", "http"] = "socket",
    database_url: str = "",
    rate_limits: bool = False,
    **changes: Any,
) -> Iterator[Office]:
    """Start everything in `folder`; `changes` replace sections of the settings (thresholds={...})."""
    clock = FixedClock(START)
    slack_port, http_port = servers.free_port(), servers.free_port()
    environ = dict(os.environ) | {
        "REPLY24_DATABASE_URL": database_url or f"sqlite:///{folder / 'reply24.db'}",
        "REPLY24_DEMO_DATA": str(folder),
        "REPLY24_DEMO_SLACK_URL": f"http://127.0.0.1:{slack_port}/api/",
        "REPLY24_SLACK_BOT_TOKEN": "xoxb-sandbox",
        "REPLY24_SLACK_APP_TOKEN": "xapp-sandbox",
        "REPLY24_SLACK_SIGNING_SECRET": "sandbox-signing-secret",
    }
    with MailRelay(folder / "mail", clock) as relay:
        environ["REPLY24_DEMO_SMTP_PORT"] = str(relay.port)
        settings = load_settings(ROOT / "config" / "demo", environ)
        slack = settings.slack.model_copy(update={"mode": mode, "http_port": http_port})
        # The demo's undo window is made for a fast clock; this one stands still.
        settings = settings.model_copy(update={"slack": slack, "thresholds": ThresholdSettings()} | changes)
        url = f"http://127.0.0.1:{http_port}/slack/events" if mode == "http" else None
        workspace = SlackSandbox(
            manifest=manifest(settings.slack, url),
            mode=mode,
            request_url=url,
            port=slack_port,
            clock=clock,
            rate_limits=rate_limits,
        )
        database = open_database(settings.database_url)
        upgrade(database)
        desk = Desk(database, settings, clock, knowledge)
        bot = Bot(desk, Secrets(settings, environ))
        with workspace:
            workspace.attach(relay)
            bot.start()
            try:
                yield Office(desk, clock, bot, workspace, relay)
            finally:
                bot.stop(10)
                database.close()
