"""How a database is opened, and what a transaction is.

SQLite: WAL, foreign keys, a busy timeout, and BEGIN IMMEDIATE: with the driver's own deferred
transactions two writers lose each other's changes without any error. PostgreSQL: as it comes.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import DateTime, Engine, Table, create_engine, event, literal_column, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from bot.db.sealing import Vault, give_keys, vault_of
from bot.log import get_logger
from bot.settings.data_keys import DataKeys

log = get_logger()

# As many connections as there can be threads that want one at once: handlers, lanes, readers, ticks.
_POOL: dict[str, Any] = {"pool_size": 20, "max_overflow": 80}
# The text of an error would repeat what was to be stored: buyers' words, in whatever prints it.
_QUIET: dict[str, Any] = {"hide_parameters": True}
_SQLITE_SETTINGS = (
    "PRAGMA journal_mode=wal",
    "PRAGMA synchronous=normal",
    "PRAGMA busy_timeout=10000",
    "PRAGMA foreign_keys=on",
    # What was purged, or was there before it was encrypted, is overwritten in the file.
    "PRAGMA secure_delete=on",
)


IN_BINARY = "reply24_in_binary"
"""Execution option of a query whose answer is many bytes: PostgreSQL would send each of them as two letters."""

_fence: ContextVar[Callable[[Session], None] | None] = ContextVar("fence", default=None)


@contextmanager
def fenced(check: Callable[[Session], None]) -> Iterator[None]:
    """In this block `check` is asked before each commit of this thread; what it raises undoes the transaction."""
    before = _fence.set(check)
    try:
        yield
    finally:
        _fence.reset(before)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime. Naive values are refused: SQLite would drop the zone silently."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: instants are aware UTC")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


PAUSED_FOR = "5min"
"""So long PostgreSQL lets a transaction stand still. Whoever is paused in the middle of one (a machine that sleeps)
holds locks that all others wait for, and would do so until it wakes up; so it finds its transaction undone."""


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. `writing` and `reading` give sessions; nothing else touches the engine."""

    engine: Engine

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: all of it is stored, or, when an error leaves the block, none of it."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session
            if (check := _fence.get()) is not None:
                check(session)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for looking only. On SQLite it takes no write lock."""
        looking = self.engine.execution_options(reply24_reading=True)
        with Session(looking, expire_on_commit=False) as session:
            yield session

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @property
    def vault(self) -> Vault:
        """What encrypts and decrypts personal data here."""
        return vault_of(self.engine.dialect)

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str, keys: DataKeys | None = None) -> Database:
    """Open the database at `url`; makes the folder of a SQLite file. Does not migrate.

    With `keys` personal data are encrypted; whether they are the right ones, `db.keys.admit` says.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        in_memory = parsed.database in (None, "", ":memory:")
        if not in_memory:
            Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            parsed,
            connect_args={"timeout": 10, "check_same_thread": False},
            **_QUIET,
            **({} if in_memory else _POOL),
        )
        event.listen(engine, "connect", _set_up_sqlite)
        if not in_memory:
            file = _File(Path(str(parsed.database)))
            event.listen(engine, "do_connect", lambda *_about: file.require_same())
            event.listen(engine, "connect", lambda *_about: file.opened())
            event.listen(engine, "begin", lambda _connection: file.require_same())
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(parsed, pool_pre_ping=True, **_QUIET, **_POOL)
        event.listen(engine, "connect", _set_up_postgresql)
        event.listen(engine, "before_cursor_execute", _choose_format)
    if keys is not None:
        give_keys(engine.dialect, keys)
    return Database(engine)


class _File:
    """The file of a SQLite database, which must stay where it was opened.

    SQLite does not notice that it was deleted, moved or replaced: it goes on writing to what nobody finds any more, and
    after the next start all of that is gone, also what was sent.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._identity: tuple[int, int] | None = None
        self._was_same = True

    def opened(self) -> None:
        self._identity = self._identity or self._found()

    def require_same(self) -> None:
        """Raises OperationalError, so that all waits until somebody has looked; the log says it once."""
        is_same = self._identity in (None, self._found())
        if self._was_same and not is_same:
            log.error("database_file_gone")
        self._was_same = is_same
        if not is_same:
            why = sqlite3.OperationalError(
                f"the file {self._path} was deleted, moved or replaced while it was open: move it back; if it was "
                "deleted, copy it from /proc/PID/fd before you stop the process (config/README.md: database_file_gone)"
            )
            why.sqlite_errorname = "SQLITE_READONLY_DBMOVED"
            raise OperationalError("BEGIN", None, why)

    def _found(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for setting in _SQLITE_SETTINGS:
        connection.execute(setting)


def _set_up_postgresql(connection: Any, _record: object) -> None:
    # Compiling a board's statement takes PostgreSQL ten times as long as answering it does.
    connection.execute("SET jit = off")
    connection.execute(f"SET idle_in_transaction_session_timeout = '{PAUSED_FOR}'")
    connection.commit()


def _choose_format(
    _connection: Connection, cursor: Any, _statement: str, _parameters: object, context: Any, _many: bool
) -> None:
    from psycopg.pq import Format  # 60 ms that a start on SQLite does not need

    if context is not None and context.execution_options.get(IN_BINARY):
        cursor.format = Format.BINARY


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reply24_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def insert_once(session: Session, row: type[DeclarativeBase], **values: object) -> bool:
    """Insert a row unless its key is there already; says whether it was inserted."""
    maker = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    table = cast("Table", row.__table__)  # SQLAlchemy says FromClause: it also maps what is no table
    statement = maker(table).values(**values).on_conflict_do_nothing()
    # A row comes back only when one went in; `rowcount` is no proof, PostgreSQL's driver says -1 here.
    return session.execute(statement.returning(literal_column("1"))).first() is not None
