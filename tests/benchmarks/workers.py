"""How many mails become cases in a second on PostgreSQL, with 1, 2 and 4 processes that take mail in.

    python -m tests.benchmarks.workers [MAILS]

The mails are stored before, as a reader stores them; then each process takes in what it gets, as `--role worker` does.
The server is PostgreSQL as it comes, but does not wait for the disk (`fsync=off`): on a disk of its own it does.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, func, select, text

from bot.clock import FixedClock
from bot.db.engine import Database, open_database
from bot.db.migrate import upgrade
from bot.db.tables import MailRow, MessageRow
from bot.desk import Desk, receive
from bot.log import set_up
from bot.mail import parse
from tests import servers, world
from tests.benchmarks.intake import BATCH, sample_mails

COUNTS = (1, 2, 4)


def measure(mails: int = 3000) -> Iterator[tuple[int, float]]:
    """(processes, mails a second), as they are measured."""
    raw = sample_mails(mails)
    with servers.postgresql() as url:
        for count in COUNTS:
            yield count, _rate(url, count, raw)


def _rate(url: str, count: int, raw: list[bytes]) -> float:
    with _filled(url, f"workers_{count}", raw) as (name, database):
        processes = [_start(name) for _ in range(count)]
        for one in processes:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        began = time.perf_counter()
        for one in processes:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        for one in processes:
            one.communicate()
        took = time.perf_counter() - began
        assert all(one.returncode == 0 for one in processes)
        with database.reading() as tx:
            assert tx.scalar(select(func.count()).select_from(MessageRow)) == len(raw)
    return len(raw) / took


@contextmanager
def _filled(url: str, name: str, raw: list[bytes]) -> Iterator[tuple[str, Database]]:
    """A new database in which these mails are stored and wait."""
    engine = create_engine(url + "postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    database = open_database(url + name)
    upgrade(database)
    desk = _desk(database)
    for start in range(0, len(raw), BATCH):
        batch = [
            receive.RawMail(start + place + 1, world.START, one)
            for place, one in enumerate(raw[start : start + BATCH])
        ]
        receive.store_raw(desk, "nordlicht", 1, batch[-1].uid, batch)
    try:
        yield url + name, database
    finally:
        database.close()


def _desk(database: Database) -> Desk:
    return Desk(database, world.settings_with_rota(), FixedClock(world.START), world.knowledge())


def _start(url: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.benchmarks.workers", "take-in", url]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _take_in(url: str) -> None:
    """One process: until nothing is left, which another may be at."""
    desk = _desk(open_database(url))
    parse.read(
        b"Subject: x\n\nHello, where is it?\n", world.START
    )  # the language model is loaded at the start
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    while _waits(desk):
        receive.take_in(desk, parse.read, 20)
    desk.database.close()


def _waits(desk: Desk) -> bool:
    with desk.database.reading() as tx:
        return tx.scalar(select(MailRow.id).where(MailRow.state == "new").limit(1)) is not None


def main() -> None:
    """Measure, or be one of the processes."""
    set_up("error")
    if sys.argv[1:2] == ["take-in"]:
        _take_in(sys.argv[2])
        return
    of_one = 0.0
    for count, rate in measure(*map(int, sys.argv[1:])):
        of_one = of_one or rate
        sys.stdout.write(
            f"{count} worker{'s' * (count > 1)}: {rate:.0f} messages/s, {rate / of_one:.2f} x one\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
