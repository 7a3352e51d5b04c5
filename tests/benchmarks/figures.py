"""How long boards take over a long history, in ratio to a bare hand-written SQL aggregate, and whether they are right.

`python -m tests.benchmarks.figures` measures 18 months of the reference load (300 a day) on SQLite.
`python -m tests.benchmarks.figures postgresql DAYS A_DAY` measures a load on a PostgreSQL server of its own, 100 x
the reference load for instance: 90 30000 (2.7 M messages; 4 GB, five minutes) or 540 30000 (16 M; 20 GB).
`python -m tests.benchmarks.figures sqlite DAYS A_DAY` measures another load on SQLite.

Each line says seconds, the fastest of five: the others say what else the machine did. "in a busy minute": a minute of
the busiest hour has passed since the spans were summed up, with answers, bounces and buyers who write again. The
recount is that of the tests (tests/store/figures_recount.py): of everything where 90 days are few messages, else of
some days; on PostgreSQL the percentiles of all are counted once more by SQL.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from bot.clock import FixedClock
from bot.db.engine import Database, open_database
from bot.db.migrate import upgrade
from bot.desk import Desk, causes, digests, figures, read, standings
from bot.desk.figure_sums import sum_up
from bot.domain import sla, zones
from bot.domain.digests import last_weekly
from tests import servers, world
from tests.benchmarks import history
from tests.store import figures_recount as recounting

BOARDS: dict[str, Callable[[Desk], object]] = {
    "board": read.board,
    **{f"board by {by}": lambda desk, by=by: read.board(desk, by=by) for by in ("store", *sla.DIMENSIONS)},
    **{f"board of {key}": lambda desk, key=key: read.board(desk, key) for key in history.STORES},
}
OTHERS: dict[str, Callable[[Desk], object]] = {
    "standings": standings.now,
    "daily digest": lambda desk: digests.day_of(desk, "nordlicht", (desk.now() - timedelta(days=1)).date()),
    "weekly digest": lambda desk: digests.week_of(desk, last_weekly(desk.now(), "Europe/Berlin", 9)),
    "causes of a week": lambda desk: causes.report(desk, "7d", by=world.WANG),
}
BARE = "bare aggregate"
_BARE = """SELECT store, state, count(*) FROM deadlines
WHERE counted AND store IN ('nordlicht', 'morgenrot', 'aurora', 'sunrise', 'hinode') AND anchor >= :since
GROUP BY store, state"""
_FEW = 60_000
"""Messages of 90 days that the plain recount can take at once."""


def measure(database: Database, days: int, a_day: int) -> dict[str, float]:
    """Seconds of each board, of what else reads figures and of the bare aggregate over 90 days; after checking."""
    clock = FixedClock(world.START)
    desk, found = _loaded(database, days, a_day, clock)
    recount(desk, a_day)
    found |= {name: _fastest(work, desk) for name, work in BOARDS.items()}
    found |= {name: _fastest(work, desk, 1) for name, work in OTHERS.items()}
    history.busy_minute(database, days, a_day)
    clock.advance(timedelta(minutes=1))
    found["board in a busy minute"] = _fastest(read.board, desk)
    found["board by agent in a busy minute"] = _fastest(BOARDS["board by agent"], desk)
    recount(desk, a_day)
    found["summing up after it"] = _once(lambda: _sum_all(desk))
    recount(desk, a_day)
    return found


def _loaded(database: Database, days: int, a_day: int, clock: FixedClock) -> tuple[Desk, dict[str, float]]:
    upgrade(database)
    history.fill(database, days, a_day)
    desk = Desk(database, history.settings(), clock, world.knowledge())
    summing = _once(lambda: _sum_all(desk))
    return desk, {"messages": days * a_day, "summing up 90 days": summing, BARE: _bare(database)}


def brief(database: Database, days: int, a_day: int) -> dict[str, float]:
    """Seconds of two boards and of the bare aggregate; nothing is checked."""
    desk, found = _loaded(database, days, a_day, FixedClock(world.START))
    return found | {name: _fastest(BOARDS[name], desk) for name in ("board", "board by topic")}


def _sum_all(desk: Desk) -> None:
    while sum_up(desk):
        pass


def _once(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _fastest(work: Callable[[Desk], object], desk: Desk, times: int = 5) -> float:
    return min(_once(lambda: work(desk)) for _ in range(times))


def _bare(database: Database) -> float:
    since = f"{world.START - timedelta(days=89):%Y-%m-%d %H:%M:%S}"
    facts = {"since": since if database.is_sqlite else since + "+00"}
    with database.reading() as tx:
        return min(_once(lambda: tx.execute(text(_BARE), facts).all()) for _ in range(5))


def recount(desk: Desk, a_day: int) -> None:
    """Compare the figures with a recount. Raises AssertionError."""
    zone_of = {key: one.zone for key, one in desk.settings.stores.items()}
    with desk.database.reading() as tx:
        if a_day * figures.ALL_DAYS <= _FEW:
            first = min(zones.day_start(desk.now(), zone, figures.ALL_DAYS) for zone in zone_of.values())
            raw = recounting.read_since(desk.database, first)
            for by in ("", "store", *sla.DIMENSIONS):
                recounting.compare(raw, zone_of, desk.now(), by, figures.broken_down(
                    figures.pieces(tx, desk, None, by), by))  # fmt: skip
            return
        found = figures.pieces(tx, desk, None)
    for store, zone in zone_of.items():
        for ago in (0, 1, 5, 8, 30, 89):
            day = zones.day_start(desk.now(), zone, ago), zones.day_start(desk.now(), zone, ago - 1)
            raw = recounting.read_since(desk.database, *day, store=store)
            recounting.compare_day(raw, zone_of, desk.now(), found.days[store][ago])
    if not desk.database.is_sqlite:
        _check_percentiles(desk)


_PERCENTILES = """SELECT percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (
  ORDER BY extract(epoch FROM date_trunc('second', answered_at) - date_trunc('second', anchor)))
FROM deadlines WHERE counted AND NOT late_on_arrival AND state IN ('met', 'missed')
AND store = :store AND anchor >= :since AND anchor <= :now"""


def _check_percentiles(desk: Desk) -> None:
    for store, one in desk.settings.stores.items():
        facts = {"store": store, "since": zones.day_start(desk.now(), one.zone, 89), "now": desk.now()}
        with desk.database.reading() as tx:
            exact = tx.execute(text(_PERCENTILES), facts).scalar_one()
            mine = dict(figures.periods(tx, desk, store))["90d"]
        assert [mine.median_seconds, mine.p90_seconds] == [sla.bucket(int(took)) for took in exact], store


@contextmanager
def _sqlite():
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'figures.db'}"


@contextmanager
def _postgresql():
    with servers.postgresql() as url:
        yield url + "postgres"


def on(kind: str, days: int, a_day: int, work: Callable[..., dict[str, float]] = measure) -> dict[str, float]:
    """Measure a load on a database of its own, `sqlite` or `postgresql`."""
    with {"sqlite": _sqlite, "postgresql": _postgresql}[kind]() as url:
        database = open_database(url)
        try:
            return work(database, days, a_day)
        finally:
            database.close()


def main(kind: str = "sqlite", days: str = "540", a_day: str = "300") -> None:
    """Print a line for each figure."""
    found = on(kind, int(days), int(a_day))
    count = found.pop("messages")
    sys.stdout.write(f"{kind}, {count} messages in {days} days; load {os.getloadavg()[0]:.1f}\n")
    for name, took in found.items():
        sys.stdout.write(f"{name:<34}{took:>9.3f} s{took / found[BARE]:>9.1f} x bare\n")
    sys.stdout.write("equal to the recount, before, in and after the busy minute\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
