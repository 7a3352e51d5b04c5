"""What a database error says, wherever it is printed: nothing of what was to be stored. Both databases."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, StatementError

from bot.cli.records import database_answers
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
