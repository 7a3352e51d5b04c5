"""The program's database, looked at with the drivers alone: no code of the program is asked what it holds."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg


class Sql:
    """Plain SQL with `?` for values, on either database. Instants come as aware UTC, from text or as they are."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self._place = url.removeprefix("sqlite:///") if self.is_sqlite else url.replace("+psycopg", "")
        self._connection: Any = None

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a query finds."""
        found: list[tuple[Any, ...]] = self._run(query, values).fetchall()
        self._connection.rollback()
        return found

    def one(self, query: str, *values: Any) -> Any:
        """The first value of the first row."""
        return self.rows(query, *values)[0][0]

    def change(self, statement: str, *values: Any) -> None:
        """Change something behind the program's back."""
        self._run(statement, values)
        self._connection.commit()

    def instant(self, at: datetime) -> Any:
        """As the database stores an instant."""
        return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if self.is_sqlite else at

    def read_instant(self, stored: Any) -> datetime:
        """What the database stored."""
        at = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _run(self, statement: str, values: tuple[Any, ...]) -> Any:
        try:
            return self._execute(statement, values)
        except psycopg.OperationalError:  # it was restarted
            self.close()
            return self._execute(statement, values)

    def _execute(self, statement: str, values: tuple[Any, ...]) -> Any:
        if self._connection is None:
            self._connection = (
                sqlite3.connect(self._place, timeout=20, check_same_thread=False)
                if self.is_sqlite
                else psycopg.connect(self._place)
            )
        if self.is_sqlite:
            return self._connection.execute(statement, values)
        if not values:
            return self._connection.execute(statement)
        return self._connection.execute(statement.replace("%", "%%").replace("?", "%s"), values)


@contextmanager
def open_sql(url: str) -> Iterator[Sql]:
    """Connected at the first look."""
    sql = Sql(url)
    try:
        yield sql
    finally:
        sql.close()
