"""Rounds: people work, a fault strikes, everything settles, and the checker looks. Several rounds share a database."""

import random
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from sqlalchemy import create_engine, text

from bot.clock import monotonic
from tests.e2e.dovecot import Dovecot
from tests.faults.checks import violations
from tests.faults.nursery import Nursery
from tests.faults.site import ALL, APART, Site, Stuck, site
from tests.faults.strikes import IN_BULK, REACHED_SECONDS, Fault, die_at_each
from tests.faults.town import AGENTS, Town
from tests.servers import postgresql

Kind = Literal["sqlite", "postgresql"]
ROUNDS_A_DATABASE = 20
_STILL_SECONDS = 45.0
"""So long may nothing move before that is a fault; each sign of progress starts it anew."""
_RECONNECTS_SECONDS = 8.0
"""A bot that has lost its socket has this long to make another before Slack tries again."""
_UNDELIVERED = "events that Slack has not delivered yet"
_LOOKS = 3
_SOON = timedelta(minutes=5)
"""What is to be told later than that is not waited for."""
_STEPS_A_ROUND = 8
_WORK_SECONDS = 4.0
"""So long an agent tries to get something done in a round."""
_SLOW_SECONDS = 5.0
_TICKS_SECONDS = 1.2
"""Two looks at the clock by everything that looks at it."""
_FROZEN_SECONDS = 0.5


class Violation(AssertionError):
    """Something that must always hold did not. `folder` has the logs."""

    def __init__(self, faults: Sequence[str], where: str) -> None:
        super().__init__("\n".join([where, *faults]))
        self.faults, self.where = list(faults), where


@dataclass
class Figures:
    """What happened in all rounds."""

    rounds: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    struck: Counter[str] = field(default_factory=Counter)
    steps: set[str] = field(default_factory=set)
    mails: int = 0
    replies: int = 0
    pings: int = 0
    unsure: int = 0
    deaths: int = 0
    given_up: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Peers:
    """The servers that outlive a database."""

    dovecot: Dovecot
    nursery: Nursery
    database: str


@contextmanager
def peers(kind: Kind) -> Iterator[Peers]:
    """Started once for all rounds."""
    with ExitStack() as servers:
        url = servers.enter_context(postgresql()) if kind == "postgresql" else ""
        yield Peers(servers.enter_context(Dovecot()), servers.enter_context(Nursery()), url)


def new_database(peers: Peers, name: str) -> str:
    """The URL of an empty PostgreSQL database; nothing for SQLite."""
    if not peers.database:
        return ""
    engine = create_engine(peers.database + "postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return peers.database + name


class Rounds:
    """Rounds at one installation. What people and faults do follows from the seed; when, from the machine."""

    def __init__(self, here: Site, seed: str, figures: Figures) -> None:
        self.site, self.figures = here, figures
        self._rng = random.Random(seed)
        self.town = Town(here)

    def run(self, fault: Fault) -> str:
        """One round; returns a line about it. Raises Violation."""
        began, rng, before = monotonic(), self._rng, self._counts()
        self.fault = fault.name
        self._let_time_pass(rng)
        self.town.end_manual_mode()
        people = [
            threading.Thread(target=self._agent, args=(who, random.Random(rng.random())), daemon=True)
            for who in AGENTS
        ]
        people.append(threading.Thread(target=self._buyers, args=(random.Random(rng.random()),), daemon=True))
        striking = threading.Thread(
            target=self._strike, args=(fault, random.Random(rng.random())), daemon=True
        )
        self._is_striking = striking.is_alive
        self._failed: list[BaseException] = []
        self._slow = ""
        for one in (striking, *people):
            one.start()
        while any(one.is_alive() for one in (striking, *people)):
            self._supervise()
            threading.Event().wait(0.03)
        if self._failed:
            raise self._failed[0]
        for _ in range(_LOOKS):
            self.settle()
            # Time goes on while the checker looks: what an offer's or a shift's end has just begun is no fault.
            if not (found := violations(self.site, self.town)):
                break
        else:
            raise Violation(found, f"after {fault.name}")
        return self._note(fault, before, monotonic() - began)

    # While the fault strikes

    def _strike(self, fault: Fault, rng: random.Random) -> None:
        try:
            fault.strike(self.site, rng)
        except BaseException as why:  # noqa: BLE001 - told by the thread that waits
            self._failed.append(why)

    def _agent(self, who: str, rng: random.Random) -> None:
        end, left = monotonic() + _WORK_SECONDS, rng.randrange(2, 6)
        while (left > 0 and monotonic() < end) or (self._is_striking() and not self._failed):
            left -= self._safely(lambda: self.town.work(rng, who))
            threading.Event().wait(rng.random() * 0.1)

    def _buyers(self, rng: random.Random) -> None:
        left = rng.randrange(2, 6)
        while left > 0 or self._is_striking():
            left -= 1
            self._safely(lambda: self.town.write(rng))
            threading.Event().wait(rng.random() * (0.3 if left > 0 else 3.0))

    def _safely(self, act: Callable[[], bool]) -> bool:
        try:
            return act()
        except BaseException as why:  # noqa: BLE001 - told by the thread that waits
            self._failed.append(why)
            return False

    def _supervise(self) -> None:
        """What an installation's supervisor does: start again what died. What is frozen wakes up after a while."""
        here = self.site
        if gone := here.bury():
            self.figures.deaths += len(gone)
            if not here.programs:
                here.let_claims_end()
            here.let_leases_end()
            here.start_missing()
        for one in here.programs:
            if _is_frozen(one.pid):
                threading.Event().wait(_FROZEN_SECONDS)
                one.signal(signal.SIGCONT)

    def _let_time_pass(self, rng: random.Random) -> None:
        """Hours without anything, as at night: deadlines come near. Leases are kept up meanwhile."""
        if rng.random() < 0.5:
            return
        here, span = self.site, timedelta(minutes=rng.choice((10, 45, 100, 200, 400)))
        for name, until in here.sql.rows("SELECT name, until FROM leases"):
            later = here.sql.instant(here.sql.read_instant(until) + span)
            here.sql.change("UPDATE leases SET until = ? WHERE name = ?", later, name)
        here.shared.move(span)

    # Afterwards

    def settle(self) -> None:
        """All faults are over: wait until nothing is left to be done, for as long as there is progress."""
        here = self.site
        here.rig.dovecot.thaw()
        here.rig.relay.next("none")
        for proxy in here.proxies.values():
            proxy.heal()
        moved = quiet_since = monotonic()
        last: object = None
        while True:
            self._supervise()
            self.town.carry()
            if (signs := self._signs()) != last:
                last, moved, quiet_since = signs, monotonic(), monotonic()
            if waits := self._waits():
                self._help(waits, monotonic() - moved)
                quiet_since = monotonic()
                self._say_if_slow(waits, quiet_since - moved)
            elif monotonic() - quiet_since > _TICKS_SECONDS:
                if not here.shared.order_number:
                    return
                here.shared.withdraw()
            threading.Event().wait(0.05)

    def _say_if_slow(self, waits: list[str], still_s: float) -> None:
        if still_s > _SLOW_SECONDS:
            if not self._slow:
                for one in self.site.programs:
                    one.signal(signal.SIGUSR1)
            self._slow = "; ".join(waits)
        if still_s > _STILL_SECONDS:
            raise Stuck(f"after {self.fault} nothing has moved for {_STILL_SECONDS} s: {waits}")

    def _help(self, waits: list[str], still_s: float) -> None:
        """What time and people do: what the dead held is free, somebody decides what is unsure."""
        here = self.site
        here.let_leases_end()
        if still_s > 1.0:
            here.let_claims_end()
        is_time = min(still_s, monotonic() - self._skipped_at) > _RECONNECTS_SECONDS
        if len(waits) == 1 and _UNDELIVERED in waits[0] and is_time:
            # Slack's pause until it delivers again is a minute, and then five. Its wait for an answer is skipped with
            # it: whoever did this again at once would use up all its tries before anybody could answer one.
            here.rig.sandbox.skip(301)
            self._skipped_at = monotonic()
        if here.sql.one("SELECT count(*) FROM replies WHERE state = 'unsure'"):
            self.figures.unsure += self.town.decide()

    def _waits(self) -> list[str]:
        """What is left to be done."""
        sql, found = self.site.sql, [] if self.site.works() else ["the programs start"]
        stored = {row[0] for row in sql.rows("SELECT message_id FROM mails WHERE state = 'done'")}
        missing = [mail.message_id for mail in self.town.mails if mail.message_id not in stored]
        if missing:
            found.append(f"{len(missing)} mails: {missing[:3]}")
        if undelivered := self.site.rig.sandbox.call(lambda core: len(core._tasks)):
            found.append(f"{undelivered} {_UNDELIVERED}")
        soon = sql.instant(self.site.clock.now() + _SOON)
        due = "SELECT key, state, attempts FROM outbox WHERE state <> 'dead' AND not_before <= ? LIMIT 5"
        if rows := sql.rows(due, soon):
            found.append(f"outbox: {rows}")
        leaving = "SELECT id, state FROM replies WHERE state IN ('held', 'queued', 'sending', 'unsure')"
        if rows := sql.rows(leaving):
            found.append(f"replies: {rows}")
        return found

    def _signs(self) -> object:
        """What changes when there is progress."""
        sql = self.site.sql
        return (
            sql.rows("SELECT id, attempts, state FROM outbox"),
            sql.one("SELECT count(*) FROM mails WHERE state = 'done'"),
            sql.one("SELECT max(seq) FROM ledger"),
            sql.rows("SELECT id, state FROM replies WHERE state NOT IN ('draft', 'accepted', 'failed')"),
            len(self.site.rig.relay.sent),
        )

    # What is told of it

    def _counts(self) -> tuple[int, int, int]:
        pings = self.site.sql.one("SELECT count(*) FROM pings")
        return len(self.town.mails), len(self.site.rig.relay.sent), pings

    def _note(self, fault: Fault, before: tuple[int, int, int], seconds: float) -> str:
        figures = self.figures
        mails, replies, pings = (now - then for now, then in zip(self._counts(), before, strict=True))
        struck = self.site.struck()[sum(figures.struck.values()) - self._struck_before :]
        figures.rounds += 1
        figures.faults[fault.name] += 1
        figures.struck.update(struck)
        figures.steps |= self.site.steps()
        figures.mails += mails
        figures.replies += replies
        figures.pings += pings
        figures.seconds += seconds
        figures.given_up.update(self.town.given_up)
        self.town.given_up.clear()
        at = f" at {', '.join(struck)}" if struck else ""
        if self._slow:
            at += f" (waited long for {self._slow[:300]})"
        return f"{fault.name}{at}: {mails} mails, {replies} replies, {pings} pings, {seconds:.1f} s"

    fault = ""
    _slow = ""
    _skipped_at = 0.0

    def run_until_struck(
        self, steps: Mapping[str, str], most: int = 12, enough: float = 1.0
    ) -> Iterator[str]:
        """Rounds until a program has died at each of these named steps; lines about them. Raises Violation, Stuck.

        After `most` rounds a share of `enough` of them is enough: whether people come to a step is up to chance.
        """
        left = dict(steps)
        for number in range(1, most + 1):
            some = self._rng.sample(sorted(left), min(_STEPS_A_ROUND, len(left)))
            before = len(self.site.struck())
            self.town.prefers_bulk = any(name in IN_BULK for name in some)
            yield self.run(
                Fault("named steps", die_at_each([left[name] for name in some], number * REACHED_SECONDS))
            )
            for step in self.site.struck()[before:]:
                reached = [name for name, pattern in left.items() if fnmatchcase(step, f"die {pattern}")]
                for name in reached[:1]:
                    del left[name]
            if not left:
                return
        if len(left) > (1 - enough) * len(steps):
            raise Stuck(f"never reached: {', '.join(left)}")
        yield f"not reached in {most} rounds: {', '.join(left)}"

    _struck_before = 0

    def start(self) -> None:
        """The programs of a new installation; its database is made by them."""
        self._struck_before = sum(self.figures.struck.values())
        self.site.until(self.site.works, "the programs start")


def _is_frozen(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "T"
    except OSError:
        return False


@contextmanager
def installation(
    folder: Path,
    name: str,
    peers: Peers,
    figures: Figures,
    seed: str,
    *,
    has_rota: bool | None = None,
    apart: bool | None = None,
) -> Iterator[Rounds]:
    """A new database, with programs that run. By chance it has a rota, and on PostgreSQL its roles apart."""
    rng = random.Random(f"{seed} {name}")
    by_chance = bool(peers.database) and rng.random() < 0.5, rng.random() < 0.5
    apart = by_chance[0] if apart is None else apart
    has_rota = by_chance[1] if has_rota is None else has_rota
    with site(
        folder / name,
        dovecot=peers.dovecot,
        nursery=peers.nursery,
        database_url=new_database(peers, name),
        roles=APART if apart else ALL,
        has_rota=has_rota,
    ) as here:
        rounds = Rounds(here, f"{seed} {name} rounds", figures)
        rounds.start()
        yield rounds
