"""A day and more of scaled time: whether memory, threads, files or connections of the programs grow.

    nice python -m tests.benchmarks.soak --hours 24 --speed 60 [--database sqlite]

Two processes of each kind on PostgreSQL (or one on SQLite) between Dovecot, an SMTP server and the simulated Slack,
with a rota of six; buyers write every two minutes and more, agents work all the time. A line an hour: of each program
resident memory and the files, threads it has; connections of all to the database. At the end the slope of each over
the second half, per day of scaled time, and what the checker of the crash rig finds. Exit 1 if a program died,
anything grows without end, or something is lost or doubled.
"""

import argparse
import random
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.clock import monotonic
from tests.faults.checks import violations
from tests.faults.rounds import Figures, Kind, Rounds, new_database, peers
from tests.faults.site import ALL, APART, Site, site
from tests.faults.town import AGENTS

WRITES_EVERY = timedelta(minutes=2)
ACTS_EVERY = timedelta(minutes=1)
MOST_A_DAY = {"MiB": 40.0, "threads": 4.0, "files": 4.0, "connections": 4.0}
"""What a program may grow by in a day of the second half: what varies, not what leaks."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What one program held; `hour` of scaled time, connections are those of all programs."""

    hour: float
    program: str
    held: dict[str, float]


def _held(pid: int) -> dict[str, float]:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    found = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    files = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    return {
        "MiB": int(found["VmRSS"].split()[0]) / 1024,
        "threads": float(found["Threads"]),
        "files": float(files),
    }


def _connections(here: Site) -> float:
    if here.is_sqlite:
        return 0.0
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    return float(here.sql.one(query))


def sample(here: Site, hour: float) -> list[Sample]:
    """What each program holds now."""
    found = [
        Sample(hour, f"{one.role} {number}", _held(one.pid)) for number, one in enumerate(here.programs, 1)
    ]
    return [*found, Sample(hour, "all", {"connections": _connections(here)})]


def slope_a_day(points: Sequence[tuple[float, float]]) -> float:
    """Of the line through (hour, value) by least squares, per 24 hours."""
    hours = sum(hour for hour, _value in points) / len(points)
    values = sum(value for _hour, value in points) / len(points)
    below = sum((hour - hours) ** 2 for hour, _value in points)
    return 24 * sum((hour - hours) * (value - values) for hour, value in points) / below if below else 0.0


@dataclass
class Soak:
    """People at work for so many hours, and what the programs held meanwhile."""

    rounds: Rounds
    hours: float

    def run(self) -> list[Sample]:
        """Until the hours are over."""
        here, stop, found = self.rounds.site, threading.Event(), list[Sample]()
        rng = random.Random(1)
        people = [
            threading.Thread(target=self._agent, args=(stop, who, random.Random(rng.random())), daemon=True)
            for who in AGENTS
        ]
        people.append(
            threading.Thread(target=self._buyers, args=(stop, random.Random(rng.random())), daemon=True)
        )
        for one in people:
            one.start()
        start = here.clock.now()
        steps = max(8, round(self.hours))
        for step in range(steps + 1):
            at = self.hours * step / steps
            here.clock.wait(stop, start + timedelta(hours=at) - here.clock.now())
            if here.bury():
                break
            found += sample(here, at)
            _print_hour(at, found[-len(here.programs) - 1 :], here)
        stop.set()
        for one in people:
            one.join(60)
        return found

    def _buyers(self, stop: threading.Event, rng: random.Random) -> None:
        while not self.rounds.site.clock.wait(stop, WRITES_EVERY * rng.uniform(0.2, 1.8)):
            self.rounds.town.write(rng)

    def _agent(self, stop: threading.Event, who: str, rng: random.Random) -> None:
        while not self.rounds.site.clock.wait(stop, ACTS_EVERY * rng.uniform(0.2, 1.8)):
            self.rounds.town.work(rng, who)


def _print_hour(hour: float, held: Sequence[Sample], here: Site) -> None:
    parts = [
        f"{one.program} " + " ".join(f"{value:.0f} {unit}" for unit, value in one.held.items())
        for one in held
    ]
    waiting = here.sql.one("SELECT count(*) FROM outbox WHERE state <> 'dead'")
    mails = here.sql.one("SELECT count(*) FROM mails")
    _say(f"{hour:6.1f} h  {mails} mails, {waiting} waiting | {' | '.join(parts)}")


def grown(found: Sequence[Sample]) -> list[str]:
    """Lines about the slopes of the second half; those that grow without end begin with an exclamation mark."""
    half, lines = max(one.hour for one in found) / 2, []
    for program in dict.fromkeys(one.program for one in found):
        later = [one for one in found if one.program == program and one.hour >= half]
        for unit in later[0].held:
            points = [(one.hour, one.held[unit]) for one in later]
            slope, values = slope_a_day(points), [value for _hour, value in points]
            # A few hours of a short run say little of a day: it has to be more than what varies within them.
            is_growing = slope > MOST_A_DAY[unit] and values[-1] - values[0] > MOST_A_DAY[unit] / 2
            mark = "!" if is_growing else " "
            lines.append(
                f"{mark} {program:<10} {unit:<12} {min(values):7.0f} to {max(values):.0f}, {slope:+.1f} a day"
            )
    return lines


def soak(kind: Kind, hours: float, speed: float) -> int:
    """Run and print; returns the exit code."""
    figures = Figures()
    with ExitStack() as open_things:
        folder = Path(open_things.enter_context(tempfile.TemporaryDirectory(prefix="reply24-soak-")))
        folder.chmod(0o755)
        servers = open_things.enter_context(peers(kind))
        here = open_things.enter_context(
            site(
                folder / "soak",
                dovecot=servers.dovecot,
                nursery=servers.nursery,
                database_url=new_database(servers, "soak"),
                roles=APART if kind == "postgresql" else ALL,
                has_rota=True,
                speed=speed,
            )
        )
        rounds = Rounds(here, "soak", figures)
        rounds.start()
        began = monotonic()
        found = Soak(rounds, hours).run()
        _say(f"{hours:g} h of scaled time in {monotonic() - began:.0f} s; did: {dict(rounds.town.did)}")
        lines = grown(found)
        if here.dead:
            lines.append(f"! died: {[one.log_file.name for one in here.dead]}")
        _say("\n".join(lines))
        rounds.settle()
        lost = violations(here, rounds.town)
        _say("\n".join(f"! {fault}" for fault in lost) or "  nothing is lost or doubled")
    return int(bool(lost) or any(line.startswith("!") for line in lines))


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.soak")
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--speed", type=float, default=60.0)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    given = parser.parse_args()
    return soak(given.database, given.hours, given.speed)


if __name__ == "__main__":
    sys.exit(main())
