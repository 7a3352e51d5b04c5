"""The program as it really runs: processes of their own, between a real IMAP server and a real SMTP server.

A test says what people, servers and signals do, and looks at what came of it in the database, at the
SMTP server and in the workspace. Nothing is patched; what would take the real clock too long (a lease
that runs out, a deadline of tomorrow) is written into the database or into the mail's date.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any, Literal, TypeVar

from sqlalchemy import func, select, update

from bot.clock import Clock, RealClock, monotonic
from bot.db.engine import Database, open_database
from bot.db.root import Base
from bot.db.tables import CaseRow, LeaseRow, MailRow, OutboxRow, PostRow, ReplyRow
from bot.sandbox.relay import MailRelay
from bot.sandbox.relay_mails import BuyerMail, buyer_message
from bot.sandbox.relay_texts import RelayStore
from bot.sandbox.slack.driver import Post, Workspace
from bot.sandbox.slack.server import SlackSandbox
from bot.sandbox.slack.world import Channel, demo_world
from bot.settings import load_settings
from bot.settings.data_keys import data_keys
from bot.slack.manifest import manifest
from tests.e2e.cli_runs import Done, reply24
from tests.e2e.dovecot import PASSWORD, Dovecot
from tests.servers import free_port
from tests.world import ROOT

T = TypeVar("T")
NORDLICHT, CHANNEL = "nordlicht", "amz-nordlicht"
HELLO = "Hello, thank you for your message. I am sorry about the delay. It arrives on Friday."
MANY_SITES = ("UK", "IE", "DE", "FR", "IT", "ES", "NL", "BE", "SE", "PL", "TR", "AE", "SA", "EG", "IN", "ZA")
"""Sites of a store with a channel for each, so that a burst is told faster than one post a second."""
_LOOK_SECONDS = 0.05
_names = count(1)


class Program:
    """One process of `reply24 run`; what it wrote to standard error is in `log`."""

    def __init__(self, folder: Path, environ: dict[str, str], arguments: Sequence[str]) -> None:
        self._file = folder / f"log{next(_names)}.txt"
        with self._file.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", "run", *arguments],
                cwd=folder,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    @property
    def log(self) -> str:
        return self._file.read_text(encoding="utf-8", errors="replace")

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def events(self, name: str) -> list[dict[str, Any]]:
        """The lines of the log about this event. A line that is being written is left out."""
        lines = [line for line in self.log.splitlines() if f'"event": "{name}"' in line]
        return [json.loads(line) for line in lines if line.endswith("}")]

    def kill(self) -> None:
        """kill -9: it learns nothing of it."""
        self._process.kill()
        self._process.wait(10)

    def pause(self) -> None:
        """It stands still, as a machine does that sleeps; its connections stay open."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """It goes on, and learns nothing of the time that has passed."""
        self._process.send_signal(signal.SIGCONT)

    def terminate(self, patience_s: float = 10) -> int:
        """SIGTERM; returns the exit code. Ten seconds are what container platforms give."""
        self._process.terminate()
        try:
            return self._process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still there {patience_s} s after SIGTERM:\n{self.log[-3000:]}") from None

    def peak_mib(self) -> float:
        """The most memory that it had at once."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def resident_mib(self) -> float:
        """Memory that it occupies right now."""
        pages = Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20


@dataclass
class Ways:
    """The ports at which the program finds the mail servers; where the SMTP server really is, once it is there."""

    imap: int
    smtp: int
    smtp_server: int = 0


@dataclass
class Rig:
    """Everything around the program, and what a test does with it."""

    folder: Path
    dovecot: Dovecot
    relay: MailRelay
    sandbox: SlackSandbox
    environ: dict[str, str]
    programs: list[Program]

    @property
    def ws(self) -> Workspace:
        """The workspace, in the words of the driver."""
        return self.sandbox.workspace

    @cached_property
    def database(self) -> Database:
        """The program's own database, looked at from outside."""
        return open_database(self.environ["REPLY24_DATABASE_URL"], data_keys(self.environ))

    def launch(self, role: str = "all") -> Program:
        """Start `reply24 run`, and do not wait for it."""
        program = Program(self.folder, self.environ, ["--role", role])
        self.programs.append(program)
        return program

    def start(self, role: str = "all") -> Program:
        """Start `reply24 run`; returns when it says that it has started."""
        program = self.launch(role)
        self.until(lambda: program.events("bot_started") or not program.is_alive, "the program starts")
        assert program.is_alive, program.log
        return program

    def command(self, *arguments: object) -> Done:
        """Another command of the program, such as `sla status --json`."""
        given = {name: value for name, value in self.environ.items() if name not in ("PATH", "PYTHONPATH")}
        return reply24(*arguments, folder=self.folder, **given)

    def until(self, look: Callable[[], T], what: str, timeout_s: float = 30) -> T:
        """The first truthy result of `look`. Processes tell nobody of their changes: this looks again."""
        end = monotonic() + timeout_s
        while not (found := look()):
            if monotonic() > end:
                logs = "\n".join(program.log[-3000:] for program in self.programs)
                raise AssertionError(f"not within {timeout_s} s: {what}\n{logs}")
            threading.Event().wait(_LOOK_SECONDS)
        return found

    # Mail

    def write(self, words: str = "Where is my parcel?", **about: Any) -> BuyerMail:
        """A buyer writes; the mail lies in the IMAP mailbox when this returns."""
        buyer = self.relay.write_as_buyer(words, **({"marketplace": "UK", "lang": "en"} | about))
        self.carry()
        return buyer

    def carry(self) -> None:
        """What the relay wrote into its folder, into the IMAP mailbox."""
        files = sorted((self.relay.folder_of(NORDLICHT) / "new").iterdir())
        self.dovecot.deliver(*(file.read_bytes() for file in files))
        for file in files:
            file.unlink()

    def invent(self, how_many: int, sites: Sequence[str] = ("UK",)) -> list[BuyerMail]:
        """Mails of different buyers that nobody has got yet."""
        patterns = [self.relay.write_as_buyer("", marketplace=site, lang="en") for site in sites]
        for file in (self.relay.folder_of(NORDLICHT) / "new").iterdir():
            file.unlink()
        return [_another(patterns[number % len(sites)], number) for number in range(how_many)]

    def deliver(self, mails: Sequence[BuyerMail], ago: timedelta = timedelta()) -> None:
        """Put mails into the IMAP mailbox that arrived some time ago."""
        at = RealClock().now() - ago
        self.deliver_raw([buyer_message(replace(mail, at=at)) for mail in mails], at)

    def deliver_raw(self, mails: Sequence[bytes], at: datetime) -> None:
        """Any mails, byte for byte; many in one command, because the server syncs after each."""
        client = self.dovecot.client()
        for start in range(0, len(mails), 100):
            some = [{"msg": raw, "flags": [], "date": at} for raw in mails[start : start + 100]]
            client.multiappend("INBOX", some)
        client.shutdown()

    # The database

    def rows(self, query: Any) -> list[Any]:
        """What a query finds."""
        with self.database.reading() as tx:
            return list(tx.execute(query))

    def count(self, table: type[Base], *where: Any) -> int:
        """How many rows of a table there are."""
        return int(self.rows(select(func.count()).select_from(table).where(*where))[0][0])

    def change(self, statement: Any) -> None:
        """Change the database behind the program's back."""
        with self.database.writing() as tx:
            tx.execute(statement)

    def let_leases_end(self) -> None:
        """What time does with the leases of a process that is dead, done at once."""
        long_ago = RealClock().now() - timedelta(hours=1)
        self.change(update(LeaseRow).values(until=long_ago))
        self.change(update(OutboxRow).where(OutboxRow.state == "sending").values(lease_until=long_ago))

    def taken_in(self) -> int:
        """How many mails were taken in."""
        return self.count(MailRow, MailRow.state == "done")

    def is_quiet(self) -> bool:
        """Whether nothing waits: no mail to be taken in, nothing to be told."""
        return not self.count(MailRow, MailRow.state == "new") and not self.count(OutboxRow)

    def case_of(self, buyer: BuyerMail) -> int:
        """The number of the case that this buyer's mail opened; waits for it."""
        query = select(CaseRow.buyer_alias, CaseRow.number)  # the address may be encrypted: SQL finds none
        return int(
            self.until(lambda: dict(map(tuple, self.rows(query))).get(buyer.alias), "the mail becomes a case")
        )

    def replies(self, *states: str) -> list[Any]:
        """The replies in these states: id, state, text."""
        return self.rows(select(ReplyRow.id, ReplyRow.state, ReplyRow.text).where(ReplyRow.state.in_(states)))

    # Slack

    def silence(self) -> None:
        """Every connection to the bot dies without a word: nothing is answered, nothing comes, none is closed."""

        self.sandbox.freeze_connections()

    def cards(self, *channels: str) -> list[Post]:
        """Every post that stands in these channels themselves."""
        return [post for name in channels or (CHANNEL,) for post in self.ws.channel(name).messages()]

    def card(self, case: int) -> Post:
        """The card of a case, once it is posted and noted."""
        query = select(PostRow.ts).where(PostRow.key == f"card:{case}")
        ts = self.until(lambda: self.rows(query), f"the card of case {case} is posted")[0][0]
        return next(post for post in self.cards() if post.ts == ts)

    def claim(self, case: int, by: str) -> Post:
        """Press Claim; returns the card when it shows who has it."""
        person = self.ws.user(by).id
        card = self.card(case)
        assert card.click("Claim", by=by).ok
        query = select(CaseRow.number).where(CaseRow.number == case, CaseRow.assignee == person)
        self.until(lambda: self.rows(query), "the claim is stored")
        return card

    def send(self, card: Post, words: str = HELLO, *, by: str) -> str:
        """Write a reply and send it; returns what the preview showed."""
        form = card.click("case.reply", by=by).modal
        form.fill("form.text", words)
        preview = form.submit().modal
        assert preview is not None
        shown = preview.plain
        ended = preview.submit()
        assert ended.closed, ended.modal and ended.modal.plain
        return shown


def _another(mail: BuyerMail, number: int) -> BuyerMail:
    """The same words of another buyer about another order."""
    unique = f"{next(_names):06d}"
    case_id = mail.amazon_case_id[:-6] + unique
    base = unique + mail.base
    return replace(
        mail,
        base=base,
        amazon_case_id=case_id,
        alias=base.replace("@", f"+{case_id}@"),
        order_id=f"{(mail.order_id or '')[:-6]}{unique}",
        message_id=mail.message_id.replace("-000000@", f"-{unique}@"),
        text=f"Where is parcel {number}?",
    )


@contextmanager
def rig(
    folder: Path,
    dovecot: Dovecot,
    *,
    database_url: str = "",
    mode: Literal["socket", "http"] = "socket",
    sites: Sequence[str] = ("DE", "FR", "UK"),
    slack_url: str = "",
    ways: Ways | None = None,
    clock: Clock | None = None,
) -> Iterator[Rig]:
    """Servers and settings; the test starts the program. At the end every process is killed.

    With more than the usual `sites` each has a channel of its own; `slack_url` is another way to the
    workspace than its own address, `ways` are others to the mail servers. `clock` is that of workspace and relay.
    """
    clock = clock or RealClock()
    dovecot.user = f"nordlicht{next(_names)}@nordlicht.example"
    dovecot.client().shutdown()  # makes the mailbox
    http_port = free_port()
    stores = (
        RelayStore(NORDLICHT, "Nordlicht", "support@nordlicht.example", tuple(sites), NORDLICHT),
        RelayStore("sunrise", "Sunrise", "support@sunrise.example", ("US",), "sunrise"),
    )
    with MailRelay(folder / "mail", clock, stores=stores) as relay:
        sandbox_port = free_port()
        slack = {
            "api_url": slack_url or f"http://127.0.0.1:{sandbox_port}/api/",
            "team_id": "T0DEMO",
            "review_channel": "amz-review",
            "escalation_channel": "amz-leads",
            "mode": mode,
            "http_port": http_port,
        }
        environ = _environ(folder, database_url)
        if ways is not None:
            ways.smtp_server = relay.port
        _write_settings(folder, dovecot, ways or Ways(dovecot.port, relay.port), slack, sites)
        url = f"http://127.0.0.1:{http_port}/slack/events" if mode == "http" else None
        world = demo_world()
        world.channels += [
            Channel(f"C0{site}", f"amz-{site.lower()}", members={"U0ANNA", world.bot_user})
            for site in _channels_of(sites)
        ]
        sandbox = SlackSandbox(
            manifest=manifest(load_settings(folder / "config", environ).slack, url),
            mode=mode,
            request_url=url,
            port=sandbox_port,
            world=world,
            clock=clock,
        )
        with sandbox:
            made = Rig(folder, dovecot, relay, sandbox, environ, [])
            try:
                yield made
            finally:
                for program in made.programs:
                    program.kill()
                made.database.close()


def _environ(folder: Path, database_url: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "REPLY24_DATABASE_URL": database_url or f"sqlite:///{folder / 'reply24.db'}",
        "REPLY24_SLACK_BOT_TOKEN": "xoxb-sandbox",
        "REPLY24_SLACK_APP_TOKEN": "xapp-sandbox",
        "REPLY24_SLACK_SIGNING_SECRET": "sandbox-signing-secret",
        "IMAP_PASSWORD": PASSWORD,
    }


def _channels_of(sites: Sequence[str]) -> Sequence[str]:
    return sites if len(sites) > 3 else ()


def _write_settings(
    folder: Path, dovecot: Dovecot, ways: Ways, slack: dict[str, Any], sites: Sequence[str]
) -> None:
    """The demo's settings, but for where the servers are, and without shifts: here the clock is the real one.

    JSON is YAML as well.
    """
    config = folder / "config"
    shutil.copytree(ROOT / "config" / "demo", config, ignore=shutil.ignore_patterns("rota.yaml"))
    imap = {"kind": "imap", "host": "127.0.0.1", "port": ways.imap, "tls": "none"}
    imap |= {"user": dovecot.user, "password_env": "IMAP_PASSWORD"}
    sections: dict[str, dict[str, Any]] = {
        "mailboxes.yaml": {
            "mailboxes": {
                NORDLICHT: imap,
                "sunrise": {"kind": "folder", "path": "mail/sunrise", "poll_seconds": 1},
            },
            "outgoing": {
                "relay": {"host": "127.0.0.1", "port": ways.smtp, "tls": "none", "timeout_seconds": 5}
            },
        },
        "slack.yaml": {"slack": slack},
        "thresholds.yaml": {"thresholds": {"undo_seconds": 1}},
        # When a digest is due depends on the time of day at which the tests run.
        "digests.yaml": {"digests": {"daily": {"enabled": False}, "weekly": {"enabled": False}}},
        "health.yaml": {"health": {"port": free_port()}},
    }
    for name, tree in sections.items():
        (config / name).write_text(json.dumps(tree), encoding="utf-8")
    stores = config / "stores.yaml"
    channels = {site: f"amz-{site.lower()}" for site in _channels_of(sites)}
    found = stores.read_text(encoding="utf-8").replace(
        "marketplaces: [DE, FR, UK]",
        f"marketplaces: {json.dumps(sites)}\n    channels: {json.dumps(channels)}",
    )
    stores.write_text(found, encoding="utf-8")
