"""A process that is paused in the middle of a transaction (PostgreSQL) loses it, and nobody waits for it for ever."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from bot.db import engine
from bot.db.engine import Database, open_database
from bot.db.queries import switches


@pytest.fixture
def url(database: Database) -> str:
    if database.is_sqlite:
        pytest.skip("SQLite is for processes of one machine, which sleep together")
    return database.engine.url.render_as_string(hide_password=False)


def test_transactions_may_stand_still_for_some_minutes(url: str) -> None:
    opened = open_database(url)
    with opened.reading() as tx:
        assert tx.scalar(text("SHOW idle_in_transaction_session_timeout")) == engine.PAUSED_FOR
    opened.close()


def _pauses_while_another_waits(paused: Database, other: Database) -> None:
    with paused.writing() as tx:
        switches.replace(tx, "held", "by the paused one")
        tx.execute(text("SELECT pg_advisory_xact_lock(77)"))
        with other.writing() as theirs:
            # Waits until PostgreSQL has let the first one go.
            theirs.execute(text("SELECT pg_advisory_xact_lock(77)"))
            switches.replace(theirs, "held", "by the other")


def test_what_it_held_is_free_and_what_it_did_is_undone(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PAUSED_FOR", "300ms")
    paused, other = open_database(url), open_database(url)
    with pytest.raises(DBAPIError):
        _pauses_while_another_waits(paused, other)
    with paused.reading() as tx:  # and it goes on with a new connection
        assert switches.get(tx, "held") == "by the other"
        assert tx.scalar(select(func.count()).select_from(text("switches")).where(text("name = 'held'"))) == 1
    paused.close()
    other.close()
