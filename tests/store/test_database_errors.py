"""What a database error says, wherever it is printed: nothing of what was to be stored. Both databases.

And that of a SQLite file that is not where it was any more.
"""

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, StatementError

from bot.cli.records import database_answers
from bot.db.engine import open_database
from bot.db.trouble import is_trouble
from bot.desk import Desk
from bot.errors import Unreachable


def test_the_text_of_an_error_repeats_no_parameter(desk: Desk) -> None:
    statement = text("INSERT INTO nowhere (a) VALUES (:a)")
    with pytest.raises(DBAPIError) as failed, desk.database.writing() as tx:
        tx.execute(statement, {"a": "Katrin Sommer"})
    with pytest.raises(StatementError) as unbound, desk.database.writing() as tx:
        tx.execute(text("SELECT :a, :b"), {"a": "Katrin Sommer"})
    for why in (failed, unbound):
        assert "Katrin" not in f"{why.value} {why.value.__cause__}"


def test_a_command_tells_the_reason_without_the_row(desk: Desk) -> None:
    statement = text("INSERT INTO switches (name, value) VALUES ('Katrin Sommer', NULL)")
    with pytest.raises(Unreachable) as why, database_answers(), desk.database.writing() as tx:
        tx.execute(statement)
    assert "value" in str(why.value)
    assert "Katrin" not in str(why.value)


@pytest.mark.parametrize("is_replaced", [False, True], ids=["deleted", "replaced"])
def test_a_sqlite_file_that_is_not_there_any_more_is_written_by_nobody(
    tmp_path: Path, sqlite_ready: bytes, is_replaced: bool
) -> None:
    """SQLite goes on with a file that nobody finds again: what was sent meanwhile was sent once more."""
    path = tmp_path / "reply24.db"
    path.write_bytes(sqlite_ready)
    put = text("INSERT INTO switches (name, value) VALUES ('a', 'b')")
    with closing(open_database(f"sqlite:///{path}")) as database:
        with database.writing() as tx:
            tx.execute(put)
        for file in tmp_path.iterdir():
            file.rename(tmp_path.parent / f"{tmp_path.name}-{file.name}")
        if is_replaced:
            path.write_bytes(sqlite_ready)
        for _ in range(2):
            with pytest.raises(DBAPIError, match="moved or replaced") as why, database.writing() as tx:
                tx.execute(put)
            assert is_trouble(why.value), "mails wait"
            with pytest.raises(DBAPIError, match="moved or replaced"), database.reading() as tx:
                tx.execute(text("SELECT 1"))
            database.close()  # of the pool's connections none is free any more
        assert path.exists() is is_replaced, "no empty one in its place"
