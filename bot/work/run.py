"""The running bot: roles become threads, a signal ends them, what is under way is finished first.

`all` is everything in one process. `web` takes Slack's calls by HTTP, `worker` reads mailboxes, takes
mail in and sends, `clock` runs the ticks; these three share a PostgreSQL database.
"""

import gc
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.clock import monotonic
from bot.db.queries.leases import owner_name
from bot.desk import Desk, library, moved, rota_history, solicitations
from bot.log import get_logger
from bot.settings.secrets import Secrets
from bot.slack.groups import OncallGroup
from bot.slack.people import Directory
from bot.slack.post import ReadsAgain, Speaker
from bot.slack.pulse import HeardClient, Pulse
from bot.slack.team_groups import TeamGroups
from bot.work.health_pages import serve_pages
from bot.work.lanes import GAP_SECONDS, SlackLane
from bot.work.lease import RENEW_SECONDS, TRY_SECONDS, Held, Lease
from bot.work.readers import Intake, Reader
from bot.work.replies import MailLane
from bot.work.ticks import Clockwork, ticks

if TYPE_CHECKING:  # only a process that talks with people in Slack loads it
    from bot.slack.surface import AskAmazon

log = get_logger()

ROLES = ("all", "web", "worker", "clock")
PATIENCE_SECONDS = 8.0
"""How long an end may take: platforms kill a program ten seconds after they asked it to end."""


@dataclass(slots=True)
class Bot:
    """One process of the bot. `start` returns at once; `stop` finishes what is under way.

    `gap_s` is the pause between two posts at one place; Slack wants a second.
    """

    desk: Desk
    secrets: Secrets
    roles: tuple[str, ...] = ("all",)
    gap_s: float = GAP_SECONDS
    stopping: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _closers: list[Callable[[], None]] = field(default_factory=list)

    def start(self) -> None:
        """Look at the templates now, not when the first agent opens a reply; start the threads of this role.

        The rules of the rota are in force from here on. On a copied database nothing leaves by itself.
        """
        moved.look(self.desk)
        library.faults(self.desk)
        rota_history.keep_rules(self.desk)
        pulse = Pulse(self.desk.clock)
        self._closers.append(serve_pages(self.desk, pulse, self.roles))
        client = web_client(self.desk, self.secrets, pulse)
        directory = Directory(self.desk, client)
        if self._is("worker"):
            self._start_worker(client, directory)
        if self._is("clock"):
            self._start_clock(client, directory)
        if self._is("web"):
            self._start_slack(directory, pulse)
        log.info("bot_started", role=",".join(self.roles))

    def _is(self, role: str) -> bool:
        return "all" in self.roles or role in self.roles

    def _start_worker(self, client: HeardClient, directory: Directory) -> None:
        owner, arrived = owner_name(), threading.Event()
        for name in self.desk.settings.mailboxes:
            reader = Reader(self.desk, name, self.secrets, owner, arrived)
            self._thread(f"mailbox-{name}", lambda reader=reader: reader.run(self.stopping))  # type: ignore[misc]  # bound now
        self._thread("intake", lambda: Intake(self.desk, arrived).run(self.stopping))
        replies = MailLane(self.desk, self.secrets)
        self._thread("mail-lane", lambda: replies.run(self.stopping))
        self._speak_with_amazon(owner)
        self._read_notifications(owner)
        may_speak = self._hold("slack", owner)
        lane = SlackLane(self.desk, Speaker(client), directory, self.gap_s)
        self._thread("slack-lane", lambda: lane.run(self.stopping, may_speak))

    def _speak_with_amazon(self, owner: str) -> None:
        """A thread a store asks; sending begins others as needed: a store whose API hangs keeps no other waiting."""
        if not any(store.api for store in self.desk.settings.stores.values()):
            return
        from bot.work.amazon import open_amazon  # Amazon's library is large
        from bot.work.orders import OrderReader
        from bot.work.solicitations import Solicitor
        from bot.work.typed import TypedLane

        amazon = open_amazon(self.desk.settings, self.secrets, self.desk.clock, self.stopping)
        for name in amazon.stores:
            reader = OrderReader(self.desk, name, amazon, owner)
            self._thread(f"orders-{name}", lambda reader=reader: reader.run(self.stopping))  # type: ignore[misc]  # bound now
            if solicitations.is_on(self.desk, name):
                asker = Solicitor(self.desk, name, amazon)
                self._thread(f"reviews-{name}", lambda asker=asker: asker.run(self.stopping))  # type: ignore[misc]  # bound now
        lane = TypedLane(self.desk, amazon)
        self._thread("typed-lane", lambda: lane.run(self.stopping))

    def _read_notifications(self, owner: str) -> None:
        """A thread a queue, if there are some."""
        if not self.desk.settings.amazon.queues:
            return
        from bot.work.notifications import NotificationReader, open_queue

        for name in self.desk.settings.amazon.queues:
            queue = open_queue(self.desk.settings, name, self.secrets, self.desk.clock)
            reader = NotificationReader(self.desk, queue, owner)
            self._thread(f"queue-{name}", lambda reader=reader: reader.run(self.stopping))  # type: ignore[misc]  # bound now

    def _start_clock(self, client: HeardClient, directory: Directory) -> None:
        group, team = OncallGroup(self.desk, client), TeamGroups(self.desk, client, directory)
        clockwork = Clockwork(ticks(self.desk, self.secrets, directory, group, team), self.desk.clock.speed)
        clockwork.start(self._hold("clock", owner_name(), clockwork.all_due, clockwork.mind_the_clock))
        self._closers.append(clockwork.stop)

    def _start_slack(self, directory: Directory, pulse: Pulse) -> None:
        from bot.slack.app import build_app, connect

        with ThreadPoolExecutor(1) as once:  # bolt and its handlers take a while to import
            app = once.submit(build_app, self.desk, self.secrets, directory, self._ask_amazon()).result()
        self._closers.insert(0, connect(app, self.desk, self.secrets, pulse))

    def _ask_amazon(self) -> "AskAmazon | None":
        """How a handler learns what may be sent about an order; None where no store has Amazon's API."""
        if not any(store.api for store in self.desk.settings.stores.values()):
            return None
        from bot.work.typed_lookup import TypedLookup  # Amazon's library is large

        return TypedLookup(self.desk, self.secrets, self.stopping).allowed

    def _hold(
        self,
        name: str,
        owner: str,
        begin: Callable[[], object] = lambda: None,
        go_on: Callable[[], object] = lambda: None,
    ) -> Held:
        """Keep the lease `name` in a thread of its own; the event is set while it is ours.

        `begin` is called whenever it has become ours, `go_on` whenever it was renewed.
        """
        lease = Lease(self.desk, name, owner)
        held = Held(lease)

        def keep() -> None:
            while not self.stopping.is_set():
                try:
                    had, has = held.is_set(), lease.hold()
                    (held.set if has else held.clear)()
                    if has:
                        (go_on if had else begin)()
                except Exception as error:
                    held.clear()
                    log.error("lease_failed", lease=name, exc_info=error)
                self.stopping.wait(RENEW_SECONDS if held.is_set() else TRY_SECONDS)
            lease.give_back()

        self._thread(f"lease-{name}", keep)
        return held

    def _thread(self, name: str, work: Callable[[], object]) -> None:
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def stop(self, patience_s: float = PATIENCE_SECONDS) -> bool:
        """Take no new work, finish what is under way for `patience_s` in all, give the leases back.

        Says whether all was finished. What is not is as after a crash: a reply that the mail server has
        not answered by then becomes unsure.
        """
        self.stopping.set()
        end = monotonic() + patience_s
        closers = [threading.Thread(target=_quietly, args=(close,), daemon=True) for close in self._closers]
        for closer in closers:
            closer.start()
        for thread in (*closers, *self._threads):
            thread.join(max(0.0, end - monotonic()))
        left = sum(thread.is_alive() for thread in (*closers, *self._threads))
        log.info("bot_stopped", role=",".join(self.roles), left=left)
        return left == 0


def web_client(desk: Desk, secrets: Secrets, pulse: Pulse | None = None) -> HeardClient:
    """A client of Slack's Web API for work that may wait; whoever calls it handles rate limits."""
    slack = desk.settings.slack
    client = HeardClient(
        pulse or Pulse(desk.clock),
        token=secrets.secret(slack.bot_token_env),
        base_url=slack.api_url,
        timeout=20,
    )
    client.retry_handlers = [ReadsAgain()]
    return client


def run_until_signal(bot: Bot) -> None:
    """Run until SIGTERM or SIGINT, then stop cleanly."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    bot.start()
    # Counting through all phrases and models again would stop every thread for some 200 ms, each time.
    gc.collect()
    gc.freeze()
    ended.wait()
    if not bot.stop():
        os._exit(0)  # else Python waits for the threads of pools, and the platform's patience is over


def _quietly(work: Callable[[], object]) -> None:
    try:
        work()
    except Exception as error:
        log.error("step_failed", exc_info=error)
