"""How many mails become cases with deadline and outbox rows in a second: one process, SQLite."""

import random
import sqlite3
import tempfile
import time
from datetime import timedelta
from itertools import islice
from pathlib import Path

from bot.clock import FixedClock
from bot.db.engine import open_database
from bot.db.migrate import upgrade
from bot.desk import Desk, receive
from bot.mail import parse
from bot.sandbox.relay import MailRelay
from bot.sandbox.relay_texts import SAMPLES
from bot.settings import Settings
from bot.settings.data_keys import DataKeys
from tests import world

BATCH = 50


def sample_mails(count: int, seed: int = 1) -> list[bytes]:
    """`count` different buyer mails as the relay writes them, in several languages."""
    with tempfile.TemporaryDirectory() as folder:
        relay = MailRelay(Path(folder), FixedClock(world.START), seed=seed)
        picks = random.Random(seed)
        topics = [SAMPLES[topic] for topic in SAMPLES]
        for _ in range(count):
            lang, place = picks.choice((("de", "DE"), ("fr", "FR"), ("en", "UK")))
            relay.write_as_buyer(picks.choice(topics)[lang], marketplace=place, lang=lang)
        paths = sorted((Path(folder) / "nordlicht" / "new").iterdir())
        return [path.read_bytes() for path in islice(paths, count)]


def new_desk(folder: Path, settings: Settings | None = None, keys: DataKeys | None = None) -> Desk:
    """A desk on an empty SQLite database in `folder`; without shifts, unless `settings` say who works when."""
    database = open_database(f"sqlite:///{folder / 'bench.db'}", keys)
    upgrade(database)
    clock = FixedClock(world.START + timedelta(minutes=5))
    return Desk(database, settings or world.settings(), clock, world.knowledge())


def take_all(desk: Desk, mails: list[bytes], first_uid: int = 1) -> float:
    """Store and take in `mails` as the reader and the intake do; returns the seconds it took."""
    began = time.perf_counter()
    for start in range(0, len(mails), BATCH):
        batch = [
            receive.RawMail(first_uid + start + place, world.START, raw)
            for place, raw in enumerate(mails[start : start + BATCH])
        ]
        receive.store_raw(desk, "nordlicht", 1, batch[-1].uid, batch)
        while receive.take_in(desk, parse.read, 20):
            pass
    return time.perf_counter() - began


def synced_transactions(folder: Path, count: int = 1000) -> float:
    """The floor: one-row transactions a second on this disk, without anything of ours."""
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
    for setting in ("journal_mode=wal", "synchronous=normal"):
        connection.execute(f"PRAGMA {setting}")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)")
    began = time.perf_counter()
    for number in range(count):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO t (text) VALUES (?)", (f"row {number}",))
        connection.execute("COMMIT")
    took = time.perf_counter() - began
    connection.close()
    return count / took


def measure(count: int = 1500) -> tuple[float, float, float]:
    """(mails a second, the same when each case is offered to somebody on shift, one-row transactions a second)."""
    mails = sample_mails(count)
    parse.read(mails[0], world.START)  # the language model is loaded once, at start
    bare, staffed = (_rate(mails, settings) for settings in (world.settings(), world.settings_with_rota()))
    with tempfile.TemporaryDirectory() as name:
        return bare, staffed, synced_transactions(Path(name))


def _rate(mails: list[bytes], settings: Settings) -> float:
    with tempfile.TemporaryDirectory() as name:
        desk = new_desk(Path(name), settings)
        took = take_all(desk, mails)
        desk.database.close()
    return len(mails) / took
