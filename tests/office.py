"""The whole bot against the sandbox: real bolt over a real socket, real mails, a clock that tests move."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

import pytest
from slack_bolt.listener import CustomListener
from sqlalchemy import func, or_, select

from bot.clock import FixedClock, monotonic
from bot.db.engine import open_database
from bot.db.migrate import upgrade
from bot.db.queries import outbox
from bot.db.tables import MailRow, OutboxRow, ReplyRow
from bot.desk import Desk, bulk_sending, handover, pings, read, requests, route, settle
from bot.desk.knowledge import Knowledge
from bot.domain.rota import Rota
from bot.domain.snapshots import CaseSnapshot
from bot.sandbox.relay import MailRelay
from bot.sandbox.relay_mails import BuyerMail
from bot.sandbox.slack.driver import Modal, Outcome, Post, Workspace
from bot.sandbox.slack.server import SlackSandbox
from bot.settings import Secrets, load_settings
from bot.settings.data_keys import data_keys
from bot.settings.digests import DailySettings, DigestSettings, WeeklySettings
from bot.settings.rota_shape import RotaSettings
from bot.settings.shape import Settings, ThresholdSettings
from bot.slack.manifest import manifest
from bot.work.run import Bot
from tests import servers
from tests.finding import case_of
from tests.world import ROOT, START

T = TypeVar("T")
_LOOK_SECONDS = 0.02
_STILL_SECONDS = 25
_SLOWNESS = 4.0
"""How much longer than Slack the sandbox, and bolt, wait for an answer: the tests' machine is crowded."""
_ACK_SECONDS = 3
GAP_SECONDS = 0.02
"""Between two posts at one place. Slack wants a second; the sandbox does too, where a test has rate limits on."""
NO_DIGESTS = DigestSettings(daily=DailySettings(enabled=False), weekly=WeeklySettings(enabled=False))
HELLO = "Hello, thank you for your message. I am sorry about the delay. It arrives on Friday."


@dataclass(frozen=True, slots=True)
class Case:
    """A case, its buyer, and what people see of it."""

    office: "Office"
    number: int
    buyer: BuyerMail

    @property
    def now(self) -> CaseSnapshot:
        """How it stands in the database."""
        return read.case(self.office.desk, self.number)

    @property
    def card(self) -> Post:
        """Its card; waits until there is one."""
        channel, ts = self.office.until(self._place)
        posts = self.office.ws.channel(channel).messages()
        return next(post for post in posts if post.ts == ts)

    def _place(self) -> tuple[str, str] | None:
        with self.office.desk.database.reading() as tx:
            row = outbox.post_of(tx, f"card:{self.number}")
            return (row.channel, row.ts) if row else None

    def write_again(self, text: str) -> None:
        """The buyer writes once more; returns when the bot has told everybody."""
        self.office.relay.follow_up(self.buyer, text)
        self.office.quiet()

    def claim(self, by: str) -> None:
        """Somebody presses Claim; returns when the card shows it."""
        person = self.office.ws.user(by).id
        self.card.click("Claim", by=by)
        self.office.until(lambda: self.now.assignee == person)
        self.office.quiet()

    def preview(self, text: str = HELLO, *, by: str) -> Modal:
        """Write a reply up to its preview."""
        form = self.card.click("case.reply", by=by).modal
        form.fill("form.text", text)
        shown = form.submit().modal
        assert shown is not None
        return shown

    def send(self, text: str = HELLO, *, by: str) -> Post:
        """Write a reply and press Send; gives the post in the thread that says that it waits."""
        before = len(self.now.replies)
        shown = self.preview(text, by=by).submit()
        assert shown.closed, shown.modal and shown.modal.plain
        self.office.quiet()
        assert len(self.now.replies) >= before
        return self.card.expect_reply("Leaves in")

    def answer(self, *, by: str) -> None:
        """Write a reply and let it leave at once; returns when it is with the relay and all is told."""
        self.send(by=by).click("Send now", by=by)
        self.office.until(lambda: self.now.replies[-1].state == "accepted")
        self.office.quiet()


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
        route.route_waiting(self.desk)
        handover.shift_changes(self.desk)
        requests.expire(self.desk)
        pings.ping_due(self.desk)
        pings.ping_unclaimed(self.desk)
        settle.left_behind(self.desk)
        bulk_sending.send_due(self.desk)
        self.quiet()

    def new_case(self, text: str = "Where is my parcel?", **about: Any) -> Case:
        """A buyer writes for the first time (to Amazon.co.uk, unless told otherwise); waits for the case."""
        buyer = self.relay.write_as_buyer(text, **({"marketplace": "UK", "lang": "en"} | about))
        self.quiet()
        with self.desk.database.reading() as tx:
            number = case_of(tx, buyer.alias)
        assert number is not None, "the mail became no case"
        return Case(self, number, buyer)

    def opened(self, outcome: Outcome) -> Modal:
        """The modal that an act brought, once it has its content."""
        modal = outcome.modal
        self.ws.wait_for(lambda: modal.view["callback_id"] != "modal.loading")
        return modal

    def until(self, look: Callable[[], T], timeout_s: float = 20, why: Callable[[], object] = str) -> T:
        """The first truthy result of `look`. The database tells nobody of its changes: this looks again."""
        end = monotonic() + timeout_s
        while not (found := look()):
            assert monotonic() < end, f"nothing within {timeout_s} s {why()}"
            threading.Event().wait(_LOOK_SECONDS)
        return found

    def close_modals(self) -> None:
        """Close what earlier tests left open on anybody's screen."""
        for name in ("li.wei", "chen.yu", "anna", "bob", "wang.fang", "gus"):
            person = self.ws.user(name)
            while person.has_modal:
                person.modal().close()

    def quiet(self) -> None:
        """Until nothing is under way: every mail taken in, every reply that is due sent, Slack told all."""
        waiting, moved = self._under_way(), monotonic()
        while waiting:
            assert monotonic() - moved < _STILL_SECONDS, f"nothing moves: {waiting}"
            threading.Event().wait(_LOOK_SECONDS)
            before, waiting = waiting, self._under_way()
            moved = moved if waiting == before else monotonic()

    def _under_way(self) -> list[str]:
        files = sum(
            len(list((self.relay.folder_of(store) / name).iterdir()))
            for store in self.relay.stores
            for name in ("new", "cur")
        )
        now = self.desk.now()
        leaving = or_(
            ReplyRow.state == "sending", ReplyRow.state.in_(("held", "queued")) & (ReplyRow.not_before <= now)
        )
        with self.desk.database.reading() as tx:
            taken_in = tx.scalar(select(func.count()).where(MailRow.state == "done")) or 0
            rows = tx.scalars(select(OutboxRow).where(OutboxRow.state != "dead", OutboxRow.not_before <= now))
            waiting = [f"{row.key} {row.state} {row.attempts} {row.reason}" for row in rows]
            sending = [f"reply {number}" for number in tx.scalars(select(ReplyRow.id).where(leaving))]
        return ["mails"] * (files - taken_in) + waiting + sending


def _for_tests(settings: Settings, slack: dict[str, Any], shifts: dict[str, Any]) -> Settings:
    """The demo's settings, which are made for a fast clock, for one that stands still; and mailboxes read often."""
    boxes = {name: box.model_copy(update={"poll_seconds": 0.2}) for name, box in settings.mailboxes.items()}
    return settings.model_copy(
        update={
            "slack": settings.slack.model_copy(update=slack),
            "mailboxes": boxes,
            "thresholds": ThresholdSettings(),
            "shifts": RotaSettings(**shifts),
            "digests": NO_DIGESTS,
            # Tests move the clock by hours, and no mailbox is read in between.
            "health": settings.health.model_copy(update={"mailbox_minutes": 1440}),
        }
    )


@contextmanager
def _patient_listeners() -> Iterator[None]:
    """Bolt gives up on a handler after Slack's three seconds; here it waits as long as the sandbox does."""
    with pytest.MonkeyPatch.context() as patch:
        patience = property(lambda _: _ACK_SECONDS * _SLOWNESS, lambda _, __: None)
        patch.setattr(CustomListener, "ack_timeout", patience, raising=False)
        yield


@contextmanager
def office(
    folder: Path,
    knowledge: Knowledge,
    *,
    mode: Literal["socket", "http"] = "socket",
    database_url: str = "",
    rate_limits: bool = False,
    start: datetime = START,
    slack: dict[str, Any] | None = None,
    rota: Callable[[Settings], Rota] | None = None,
    shifts: dict[str, Any] | None = None,
    **changes: Any,
) -> Iterator[Office]:
    """Start everything in `folder`; `changes` replace sections of the settings, `slack` keys of that one.

    `rota` makes the rota of these settings (none: nobody is ever off), `shifts` are numbers of config/rota.yaml.
    """
    clock = FixedClock(start)
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
        in_slack = {"mode": mode, "http_port": http_port} | (slack or {})
        settings = _for_tests(settings, in_slack, shifts or {}).model_copy(
            update={"rota": rota(settings) if rota else None} | changes
        )
        url = f"http://127.0.0.1:{http_port}/slack/events" if mode == "http" else None
        workspace = SlackSandbox(
            manifest=manifest(settings.slack, url),
            mode=mode,
            request_url=url,
            port=slack_port,
            clock=clock,
            rate_limits=rate_limits,
            slowness=_SLOWNESS,
        )
        database = open_database(settings.database_url, data_keys(environ))
        upgrade(database)
        desk = Desk(database, settings, clock, knowledge)
        bot = Bot(desk, Secrets(settings, environ), gap_s=GAP_SECONDS)
        with workspace, _patient_listeners():
            workspace.attach(relay)
            bot.start()
            running = Office(desk, clock, bot, workspace, relay)
            try:
                yield running
            finally:
                running.bot.stop(10)  # a test may have put another one in its place
                database.close()
