"""Big histories for benchmarks, made by SQL: five stores, months of days, and then a busy minute.

The rows are the same on both engines. n counts the messages; one in seven is written to a case of the day before;
one answer in twenty is late; of the last day a third is open. Who answered had claimed the case, which of the last
two weeks alone the ledger has.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, text

from bot.db.engine import Database
from bot.settings.shape import Settings
from tests import world

STORES = {
    "nordlicht": "Europe/Berlin",
    "morgenrot": "Europe/Berlin",
    "aurora": "Europe/London",
    "sunrise": "America/Los_Angeles",
    "hinode": "Asia/Tokyo",
}
_ROWS = {
    "sqlite": "WITH RECURSIVE s(n) AS (SELECT :low UNION ALL SELECT n + 1 FROM s WHERE n < :high)",
    "postgresql": "WITH s(n) AS (SELECT generate_series(CAST(:low AS INTEGER), CAST(:high AS INTEGER)))",
}
_INSTANT = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', :first, '+' || ({}) || ' seconds')",
    "postgresql": "(CAST(:first AS timestamptz) + ({}) * interval '1 second')",
}
_STORE = "CASE n % 5 " + " ".join(f"WHEN {n} THEN '{key}'" for n, key in enumerate(STORES)) + " END"
_AT = "n * :step"
_TOOK = "(CASE WHEN n % 20 = 0 THEN 90000 ELSE (n % 80000) * 7919 % 80000 END)"
_CASE = "CASE WHEN n % 7 = 0 AND n > :again THEN n - :again ELSE n END"
_TOPIC = "CASE n % 4 WHEN 0 THEN 'refund' WHEN 1 THEN 'return' WHEN 2 THEN 'invoice' ELSE 'delivery' END"
_OPEN = "(n > :settled AND n % 3 = 0)"
_AT_ONCE = 1_000_000


def settings() -> Settings:
    """The world's settings with five stores."""
    found = world.settings()
    one = found.stores["nordlicht"]
    stores = {key: one.model_copy(update={"name": key.title(), "zone": zone}) for key, zone in STORES.items()}
    return found.model_copy(update={"stores": stores})


def _statements(kind: str) -> list[str]:
    rows, instant = _ROWS[kind], _INSTANT[kind]
    at, answered = instant.format(_AT), instant.format(f"{_AT} + {_TOOK}")
    return [
        "INSERT INTO mails (id, mailbox, uidvalidity, uid, arrived_at, stored_at, history, state) "
        f"{rows} SELECT n, 'x', 1, n, {at}, {at}, false, 'done' FROM s",
        "INSERT INTO cases (number, kind, store, marketplace, subject, risk, why, state, channel, needs_reply, kept, "
        f"opened_at, acted_at, version) {rows} SELECT n, 'buyer', {_STORE}, CASE WHEN n % 3 = 0 THEN 'DE' ELSE 'FR' "
        f"END, '', '', 'why', 'open', 'amz', true, false, {at}, {at}, 1 FROM s",
        'INSERT INTO messages (id, "case", mail, store, message_id, received_at, text, full_text, topic) '
        f"{rows} SELECT n, {_CASE}, n, {_STORE}, '<' || n || '>', {at}, '', '', {_TOPIC} FROM s",
        'INSERT INTO replies (id, "case", answers, author, state, text, then_close, created_at, not_before, attempts, '
        f"accepted_at) {rows} SELECT n, {_CASE}, n, 'U' || (n % :people), 'accepted', '', true, {at}, {at}, 1, "
        f"{answered} FROM s WHERE NOT {_OPEN}",
        'INSERT INTO deadlines (message, "case", store, anchor, due_at, state, counted, late_on_arrival, answered_at, '
        f"closed_by, shift) {rows} SELECT n, {_CASE}, {_STORE}, {at}, {instant.format(f'{_AT} + 86400')}, "
        f"CASE WHEN {_OPEN} THEN 'open' WHEN n % 20 = 0 THEN 'missed' ELSE 'met' END, true, false, "
        f"CASE WHEN {_OPEN} THEN NULL ELSE {answered} END, CASE WHEN {_OPEN} THEN NULL ELSE 'reply:' || n END, "
        "'beijing' FROM s",
        'INSERT INTO ledger (seq, at, who, what, store, "case", facts, hash) '
        f"{rows} SELECT n, {instant.format(f'{_AT} + {_TOOK} / 2')}, 'U' || (n % :people), 'claimed', {_STORE}, "
        f"{_CASE}, '{{}}', '' FROM s WHERE n > :lately",
    ]


def _facts(kind: str, days: int, a_day: int) -> dict[str, Any]:
    count = days * a_day
    first = f"{world.START - timedelta(days=days):%Y-%m-%d %H:%M:%S}"
    return {
        "step": 86_400 / a_day,
        "first": first if kind == "sqlite" else first + "+00",
        "again": a_day * 13 // 10 // 35 * 35 + 10,
        "settled": count - a_day,
        "lately": count - 14 * a_day,
        "people": max(6, a_day // 100),
    }


def fill(database: Database, days: int, a_day: int) -> int:
    """`days` days of `a_day` messages up to world.START; returns how many messages that are.

    On PostgreSQL the mails of messages older than 100 days are left out: no figure reads them.
    """
    kind, count = database.engine.dialect.name, days * a_day
    facts = _facts(kind, days, a_day)
    indexes = _without_indexes(database) if kind == "postgresql" else ()
    for low in range(1, count + 1, _AT_ONCE):
        high = min(count, low + _AT_ONCE - 1)
        with database.engine.begin() as connection:
            if (
                kind == "postgresql"
            ):  # No triggers and no checks of keys: nothing is summed yet that could be stale.
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            for statement in _statements(kind)[high <= count - 100 * a_day and kind == "postgresql" :]:
                _run(connection, statement, facts | {"low": low, "high": high})
    if kind == "sqlite":
        with database.engine.begin() as connection:
            connection.execute(text("DELETE FROM duty_marks"))
        return count
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in ("SET maintenance_work_mem = '512MB'", *indexes, "VACUUM ANALYZE"):
            connection.execute(text(statement))  # Vacuumed as its autovacuum does. On SQLite nobody does.
    return count


def _without_indexes(database: Database) -> list[str]:
    """Drop what no constraint needs of the tables that are filled; returns what makes it again."""
    query = """SELECT i.relname, pg_get_indexdef(x.indexrelid) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
    WHERE x.indrelid IN ('mails'::regclass, 'cases'::regclass, 'messages'::regclass, 'replies'::regclass,
    'deadlines'::regclass) AND x.indexrelid NOT IN (SELECT conindid FROM pg_constraint)"""
    with database.engine.begin() as connection:
        found = connection.execute(text(query)).all()
        for name, _definition in found:
            connection.execute(text(f"DROP INDEX {name}"))
    return [definition for _name, definition in found]


def _run(connection: Connection, statement: str, facts: dict[str, Any]) -> None:
    connection.execute(
        text(statement), {name: value for name, value in facts.items() if f":{name}" in statement}
    )


def busy_minute(database: Database, days: int, a_day: int) -> None:
    """A minute of the busiest hour after world.START (two and a half times the mean), with all triggers.

    New messages, a seventh of them of cases that were answered in the last week; as many answers; and two replies
    of two weeks ago bounce.
    """
    kind, count = database.engine.dialect.name, days * a_day
    new = max(1, a_day // 400)
    facts = _facts(kind, days, a_day) | {"low": count + 1, "high": count + new, "settled": count}
    facts |= {"again": a_day * 3 // 35 * 35 + 10, "now": count * facts["step"], "new": new}
    answered = _INSTANT[kind].format(":now + message % 60")
    open_ones = (
        "SELECT message FROM deadlines WHERE state = 'open' ORDER BY message % 1009, message LIMIT :new"
    )
    with database.engine.begin() as connection:
        mails, cases, messages, _replies, duties, _ledger = _statements(kind)
        opened = duties.replace(_OPEN, "(1 = 1)")
        for statement in (mails, cases, messages, opened):
            _run(connection, statement, facts)
        answer = (
            f"UPDATE deadlines SET state = 'met', answered_at = {answered}, closed_by = 'copy:1' "
            f"WHERE message IN ({open_ones})"
        )
        _run(connection, answer, facts)
        bounced = "UPDATE deadlines SET state = 'open', answered_at = NULL, closed_by = NULL WHERE message IN (:a, :b)"
        connection.execute(text(bounced), {"a": count - 14 * a_day, "b": count - 14 * a_day - a_day // 2})
