"""One installation under test: its database, the servers around it, a network that can be cut, and its programs.

The mail server is Dovecot, the SMTP server is the sandbox's relay, Slack is the sandbox's; the programs reach all of
them, and PostgreSQL, through proxies. The programs run on a clock sixty times as fast as the real one.
"""

import itertools
import json
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from bot.clock import monotonic
from tests.e2e.dovecot import Dovecot
from tests.e2e.rig import Rig, Ways, rig
from tests.faults.nursery import Child, Nursery
from tests.faults.proxy import Proxy
from tests.faults.shared import Shared, SharedClock
from tests.faults.sql import Sql, open_sql
from tests.faults.steps import STEP_IN_LOG, STRUCK_IN_LOG

T = TypeVar("T")
SPEED = 60.0
STARTS = datetime(2026, 10, 6, 6, tzinfo=UTC)
"""In the past: Dovecot takes no mail that arrived in the future."""
UNDO_SECONDS = 20
ALL, APART = ("all",), ("web", "web", "worker", "worker", "clock", "clock")
"""One process that does everything; or two of each kind: for Slack's calls, to read and send, to look at the clock."""

_ROTA = {
    "rota": {
        "zone": "UTC",
        "claim_minutes": 60,
        "layers": [
            {
                "name": f"turn-{start:02d}",
                "shifts": [{"days": "all", "hours": f"{start:02d}:00-{start + 4:02d}:00", "agents": agents}],
            }
            for start, agents in zip(
                range(0, 24, 4),
                itertools.cycle([["li-wei", "anna", "wang-fang"], ["chen-yu", "anna", "bob"]]),
            )
        ],
    }
}


class Stuck(AssertionError):
    """Nothing moves any more, and what was waited for has not happened."""


@dataclass
class Site:
    """What a round of the rig works with."""

    rig: Rig
    nursery: Nursery
    shared: Shared
    clock: SharedClock
    sql: Sql
    roles: tuple[str, ...]
    has_rota: bool
    proxies: Mapping[str, Proxy]
    started: int = 0
    programs: list[Child] = field(default_factory=list)
    dead: list[Child] = field(default_factory=list)

    @property
    def is_sqlite(self) -> bool:
        return self.rig.environ["REPLY24_DATABASE_URL"].startswith("sqlite")

    # Programs

    def start_missing(self) -> None:
        """Start a program for each role that nobody has; does not wait."""
        self.bury()
        has = [one.role for one in self.programs]
        for role in self.roles:
            if role in has:
                has.remove(role)
                continue
            self.started += 1
            log = self.rig.folder / f"program{self.started:04d}-{role}.log"
            folder, environ = self.rig.folder, self.rig.environ
            self.programs.append(self.nursery.start(folder, environ, folder / "shared", role, log))

    def bury(self) -> list[Child]:
        """The programs that have died since the last look."""
        living = [one for one in self.programs if one.is_alive]
        gone = [one for one in self.programs if one not in living]
        self.programs = living
        self.dead += gone
        return gone

    def works(self) -> bool:
        """Whether every role is there, says that it has started, and is connected to Slack."""
        if self.bury() or len(self.programs) != len(self.roles):
            self.start_missing()
            return False
        if not all(one.has_started for one in self.programs):
            return False
        return self.roles != ALL or bool(self.rig.sandbox.connections())

    def until(self, look: Callable[[], T], what: str, timeout_s: float = 60) -> T:
        """The first truthy result of `look`."""
        end = monotonic() + timeout_s
        while not (found := look()):
            if monotonic() > end:
                raise Stuck(f"not within {timeout_s} s: {what}")
            threading.Event().wait(0.02)
        return found

    def let_leases_end(self) -> None:
        """What half a minute of waiting does with what the dead held, done at once. The living keep theirs."""
        living = {one.pid for one in self.programs}
        long_ago = self.sql.instant(STARTS)
        for name, owner in self.sql.rows("SELECT name, owner FROM leases"):
            if int(owner.split(":")[1]) not in living:
                self.sql.change(
                    "UPDATE leases SET until = ? WHERE name = ? AND owner = ?", long_ago, name, owner
                )

    def let_claims_end(self) -> None:
        """The same with rows and replies that were taken by those who died; nobody living may be at one."""
        long_ago = self.sql.instant(STARTS - timedelta(days=1))
        self.sql.change("UPDATE outbox SET lease_until = ? WHERE state = 'sending'", long_ago)
        self.sql.change("UPDATE replies SET taken_at = ? WHERE state = 'sending'", long_ago)

    # What they wrote

    def struck(self) -> list[str]:
        """The steps at which programs were struck down so far, as they said themselves: `die smtp:dot`."""
        return [line.removeprefix(STRUCK_IN_LOG) for line in self._lines(STRUCK_IN_LOG)]

    def steps(self) -> set[str]:
        """The steps that were reached so far."""
        return {line.removeprefix(STEP_IN_LOG) for line in self._lines(STEP_IN_LOG)}

    def _lines(self, start: str) -> Iterator[str]:
        for file in sorted(self.rig.folder.glob("program*.log")):
            for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
                if line.startswith(start):
                    yield line

    def heal(self) -> None:
        """Everything around the programs works again."""
        self.shared.withdraw()
        for proxy in self.proxies.values():
            proxy.heal()


@contextmanager
def site(
    folder: Path,
    *,
    dovecot: Dovecot,
    nursery: Nursery,
    database_url: str = "",
    roles: tuple[str, ...] = ALL,
    has_rota: bool = False,
    speed: float = SPEED,
    sites: Sequence[str] = ("DE", "FR", "UK"),
) -> Iterator[Site]:
    """An installation in `folder`; no program runs yet. At the end all are killed. `speed` is that of its clock."""
    folder.mkdir(parents=True)
    shared = Shared(folder / "shared")
    shared.set_clock(STARTS, speed)
    clock = SharedClock(shared)
    with ExitStack() as open_things:
        proxies = {name: open_things.enter_context(Proxy(0)) for name in ("imap", "smtp", "slack")}
        proxies["imap"].target = dovecot.port
        if database_url:
            proxies["database"] = open_things.enter_context(Proxy(urlsplit(database_url).port or 0))
        ways = Ways(proxies["imap"].port, proxies["smtp"].port)
        made = open_things.enter_context(
            rig(
                folder,
                dovecot,
                database_url=_by_way_of(proxies.get("database"), database_url),
                mode="socket" if roles == ALL else "http",
                slack_url=f"http://127.0.0.1:{proxies['slack'].port}/api/",
                ways=ways,
                clock=clock,
                sites=sites,
            )
        )
        proxies["smtp"].target = ways.smtp_server
        proxies["slack"].target = urlsplit(made.sandbox.url).port or 0
        made.sandbox.call(
            lambda core: setattr(core.store, "url", f"http://127.0.0.1:{proxies['slack'].port}")
        )
        made.sandbox.set_rate_limits(False)
        _write_settings(folder / "config", has_rota=has_rota)
        sql = open_things.enter_context(open_sql(database_url or made.environ["REPLY24_DATABASE_URL"]))
        here = Site(made, nursery, shared, clock, sql, roles, has_rota, proxies)
        try:
            yield here
        finally:
            here.heal()
            for program in here.programs:
                program.kill()


def _by_way_of(proxy: Proxy | None, url: str) -> str:
    return url if proxy is None else url.replace(f":{proxy.target}/", f":{proxy.port}/")


def _write_settings(config: Path, *, has_rota: bool) -> None:
    """What differs from the settings of the other tests of running programs."""
    sections: dict[str, Any] = {"thresholds.yaml": {"thresholds": {"undo_seconds": UNDO_SECONDS}}}
    if has_rota:
        sections["rota.yaml"] = _ROTA
    for name, tree in sections.items():
        (config / name).write_text(json.dumps(tree), encoding="utf-8")


def keep(folder: Path, at: Path, files: Sequence[str] = ("*.log", "*.txt", "*.db*", "config")) -> None:
    """Copy what is needed to understand a fault."""
    at.mkdir(parents=True, exist_ok=True)
    for pattern in files:
        for found in folder.glob(pattern):
            if found.is_dir():
                shutil.copytree(found, at / found.name, dirs_exist_ok=True)
            else:
                shutil.copy2(found, at / found.name)
