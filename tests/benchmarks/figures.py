"""How long a board takes, on a load of many days, against one hand-written aggregate over the raw duties.

The rows are made by SQL, the same on both engines; the days are summed up by the tick, as in production.
`python -m tests.benchmarks.figures [DAYS [A_DAY]]` prints 18 months of 500 a day on SQLite, and on PostgreSQL a load of
as many messages a day for as many days as are given (100 x the reference load: 90 30000). Some summed days are
counted once more from their duties, and must come to the same.
"""

import os
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from bot.clock import FixedClock
from bot.db.engine import Database, open_database
from bot.db.migrate import upgrade
from bot.desk import Desk, figures, read
from bot.desk.figure_sums import sum_up
from tests import servers, world

# n counts the messages, :step is the time between two of them in seconds. One case in seven has two messages; one
# answer in twenty is late; of the last day a third is open.
_FILL = {
    "sqlite": (
        "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < :count)",
        "strftime('%Y-%m-%d %H:%M:%f000', :first, '+' || ({}) || ' seconds')",
    ),
    "postgresql": (
        "WITH s(n) AS (SELECT generate_series(1, CAST(:count AS INTEGER)))",
        "(CAST(:first AS timestamptz) + ({}) * interval '1 second')",
    ),
}
_STORE = "CASE WHEN n % 2 = 0 THEN 'nordlicht' ELSE 'sunrise' END"
_AT = "n * :step"
_TOOK = "(CASE WHEN n % 20 = 0 THEN 90000 ELSE (n % 80000) * 7919 % 80000 END)"
_CASE = "n - CASE WHEN n % 7 = 0 THEN 2 ELSE 0 END"


def _statements(kind: str) -> list[str]:
    rows, instant = _FILL[kind]
    at, answered = instant.format(_AT), instant.format(f"{_AT} + {_TOOK}")
    fixed = "'', '', 'why', 'open', 'amz'"
    is_open = "n > :settled AND n % 3 = 0"
    return [
        "INSERT INTO mails (id, mailbox, uidvalidity, uid, arrived_at, stored_at, history, state) "
        f"{rows} SELECT n, 'x', 1, n, {at}, {at}, false, 'done' FROM s",
        "INSERT INTO cases (number, kind, store, marketplace, subject, risk, why, state, channel, needs_reply, kept, "
        f"opened_at, acted_at, version) {rows} SELECT n, 'buyer', {_STORE}, CASE WHEN n % 3 = 0 THEN 'DE' ELSE 'FR' "
        f"END, {fixed}, true, false, {at}, {at}, 1 FROM s",
        'INSERT INTO messages (id, "case", mail, store, message_id, received_at, text, full_text, topic) '
        f"{rows} SELECT n, {_CASE}, n, {_STORE}, '<' || n || '>', {at}, '', '', CASE n % 4 WHEN 0 THEN 'refund' WHEN 1 "
        "THEN 'return' WHEN 2 THEN 'invoice' ELSE 'delivery' END FROM s",
        'INSERT INTO replies (id, "case", answers, author, state, text, then_close, created_at, not_before, attempts, '
        f"accepted_at) {rows} SELECT n, {_CASE}, n, 'U' || (n % :people), 'accepted', '', true, {at}, {at}, 1, "
        f"{answered} FROM s",
        'INSERT INTO deadlines (message, "case", store, anchor, due_at, state, counted, late_on_arrival, answered_at, '
        f"closed_by, shift) {rows} SELECT n, {_CASE}, {_STORE}, {at}, {instant.format(f'{_AT} + 86400')}, "
        f"CASE WHEN {is_open} THEN 'open' WHEN n % 20 = 0 THEN 'missed' ELSE 'met' END, true, false, "
        f"CASE WHEN {is_open} THEN NULL ELSE {answered} END, CASE WHEN {is_open} THEN NULL ELSE 'reply:' || n END, "
        "'beijing' FROM s",
    ]


def fill(database: Database, days: int, a_day: int) -> int:
    """`days` days of `a_day` messages up to world.START; returns how many messages that are."""
    count, step = days * a_day, 86_400 / a_day
    kind = database.engine.dialect.name
    facts = {
        "count": count,
        "step": step,
        "first": f"{world.START - timedelta(days=days):%Y-%m-%d %H:%M:%S}"
        + ("" if kind == "sqlite" else "+00"),
        "settled": count - a_day,
        "people": max(6, a_day // 100),
    }
    with database.engine.begin() as connection:
        if (
            kind == "postgresql"
        ):  # No triggers and no checks of keys: no day is summed yet that could be stale.
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in _statements(kind):
            known = {name: value for name, value in facts.items() if f":{name}" in statement}
            connection.execute(text(statement), known)
    if kind == "postgresql":  # As its autovacuum does. On SQLite nobody does.
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    return count


_BARE = """SELECT store, state, count(*) FROM deadlines
WHERE counted AND store IN ('nordlicht', 'sunrise') AND anchor >= :since GROUP BY store, state"""


def measure(database: Database, days: int, a_day: int) -> dict[str, float]:
    """Seconds (median of five) of boards and of the bare aggregate over 90 days, and the number of messages."""
    upgrade(database)
    count = fill(database, days, a_day)
    desk = Desk(database, world.settings(), FixedClock(world.START), world.knowledge())
    began, days_summed = time.perf_counter(), 0
    while done := sum_up(desk, 14):
        days_summed += done
    summed = time.perf_counter() - began
    recount(desk)
    since = world.START - timedelta(days=89)
    with database.reading() as tx:
        bare = _median(lambda: tx.execute(text(_BARE), {"since": f"{since:%Y-%m-%d %H:%M:%S}+00"}).all())
    return {
        "messages": count,
        "a day summed": summed / max(1, days_summed),
        "board": _median(lambda: read.board(desk)),
        "board by topic": _median(lambda: read.board(desk, by="topic")),
        "board by agent": _median(lambda: read.board(desk, by="agent")),
        "one store": _median(lambda: read.board(desk, "nordlicht")),
        "bare aggregate": bare,
    }


_RECOUNT = """SELECT count(*) FILTER (WHERE state = 'met'), count(*) FILTER (WHERE state = 'missed') FROM deadlines
WHERE counted AND store = :store AND anchor >= :start AND anchor < :end"""


def recount(desk: Desk) -> None:
    """Compare some days of each store with their duties."""
    with desk.database.reading() as tx:
        for store in desk.settings.stores:
            for day, found in figures.by_day(tx, desk, store, figures.ALL_DAYS)[:-1:9]:
                bounds = {name: f"{getattr(day, name):%Y-%m-%d %H:%M:%S}+00" for name in ("start", "end")}
                expected = tx.execute(text(_RECOUNT), {"store": store, **bounds}).one()
                assert (found.in_time, found.late) == tuple(expected), f"{store} {day}"


def _median(work) -> float:
    took = []
    for _ in range(5):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def on_sqlite(days: int = 540, a_day: int = 300) -> dict[str, float]:
    """The reference load: 18 months of 300 a day are 162 000; of 500 a day, 270 000."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'figures.db'}")
        try:
            return measure(database, days, a_day)
        finally:
            database.close()


def on_postgresql(days: int, a_day: int) -> dict[str, float]:
    """A load on a PostgreSQL server of its own."""
    with servers.postgresql() as url:
        database = open_database(url + "postgres")
        try:
            return measure(database, days, a_day)
        finally:
            database.close()


def _print(what: str, found: dict[str, float]) -> None:
    ratio = found["board"] / found["bare aggregate"]
    load = os.getloadavg()[0]
    words = ", ".join(f"{name} {value:.3f} s" for name, value in found.items() if name != "messages")
    sys.stdout.write(
        f"{what}, {found['messages']:.0f} messages: {words}; board / bare {ratio:.1f}; load {load:.1f}\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    _print("SQLite", on_sqlite(540, 500))
    _days, _a_day = (int(one) for one in (sys.argv[1:] + ["20", "30000"][len(sys.argv) - 1 :]))
    _print("PostgreSQL", on_postgresql(_days, _a_day))
