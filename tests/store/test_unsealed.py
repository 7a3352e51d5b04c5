"""The way back from encrypted to plain: `plain` before the keys, then `reply24 keys rotate`. Both databases."""

import os
import signal
import subprocess
import sys
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import select

from bot.clock import FixedClock
from bot.db import keys
from bot.db.engine import Database
from bot.db.tables import MessageRow
from bot.desk import Desk, close, read
from bot.errors import ConfigError
from tests import world
from tests.store.encrypted import NEW, OLD, reopened, stored
from tests.store.test_sealed import FOUND, bounce, live, looked_up, tamper, three_cases
from tests.world import ANNA, Post, buyer_mail

DIES_IN_ITS_SECOND_BATCH = """
import os, signal
from itertools import count
from sqlalchemy import event
from bot.db import keys
from bot.db.engine import open_database
from bot.settings.data_keys import data_keys

database, written = open_database(os.environ["REPLY24_DATABASE_URL"], data_keys(os.environ)), count(1)

@event.listens_for(database.engine, "after_cursor_execute")
def die(_connection, _cursor, statement, *_rest):
    if statement.startswith("UPDATE") and next(written) == 3:
        os.kill(os.getpid(), signal.SIGKILL)

keys.rotate(database, lambda _table, _rows: None, batch=2)
"""


def rows_by_key(database: Database) -> dict[str, int]:
    """Rows under each key, "" for unencrypted ones, in all tables together."""
    counts = keys.status(database).values()
    return {one: sum(found[one] for found in counts) for one in {one for found in counts for one in found}}


def of_ledger(database: Database) -> list[str]:
    return [value for place, value in stored(database) if place.startswith("ledger.")]


def as_read(database: Database) -> dict[str, list[Any]]:
    """All personal data of each table, decrypted, by primary key."""
    with database.reading() as tx:
        return {
            table.name: tx.execute(
                select(*table.primary_key.columns, *columns).order_by(*table.primary_key.columns)
            ).all()
            for table, columns in keys.sealed_columns().items()
        }


def test_a_decryption_that_was_killed_goes_on_and_the_bot_goes_on_meanwhile(
    sealed: Desk, clock: FixedClock, url: str
) -> None:
    live(sealed, clock)
    close.note(sealed, 1001, "~r24:1:old:AAAA, Katrin wrote", by=ANNA, post_ts="2.1")
    before, recorded, encrypted = (
        as_read(sealed.database),
        of_ledger(sealed.database),
        rows_by_key(sealed.database),
    )
    environ = os.environ | {"REPLY24_DATABASE_URL": url, "REPLY24_DATA_KEYS": f"plain {OLD}"}
    killed = subprocess.run(
        [sys.executable, "-c", DIES_IN_ITS_SECOND_BATCH], env=environ, cwd=world.ROOT, timeout=120
    )
    assert killed.returncode == -signal.SIGKILL
    assert rows_by_key(sealed.database) == {"": 1, "old": encrypted["old"] - 1}, (
        "the first batch, and no more"
    )
    assert (as_read(sealed.database), of_ledger(sealed.database)) == (before, recorded)

    with closing(reopened(sealed, "plain", OLD)) as database:
        keys.admit(database)
        done = keys.rotate(database, lambda _table, _rows: None, batch=2)
        assert (done.rows, done.left, done.unreadable) == (encrypted["old"] - 1, 0, [])
        assert (as_read(database), of_ledger(database)) == (before, recorded)
        # Another process has not been restarted yet: what it writes is found by the next rotation.
        close.note(sealed, 1001, "Katrin called", by=ANNA, post_ts="2.2")
        assert rows_by_key(database)["old"] == 1
        assert keys.rotate(database, lambda _table, _rows: None).rows == 1
        assert keys.rotate(database, lambda _table, _rows: None).rows == 0
        before, recorded = as_read(database), of_ledger(database)
    with closing(reopened(sealed)) as database:
        keys.admit(database)
        assert [place for place, value in stored(database) if value.startswith("~r24:")] == ["notes.text"]
        assert [value for place, value in stored(database) if place == "cases.buyer_mark"] == ["None"] * 2
        assert (as_read(database), of_ledger(database)) == (before, recorded)
        found = Desk(database, sealed.settings, clock, sealed.knowledge)
        assert read.case(found, 1001).buyer_name == "Katrin Muster"


def test_with_plain_before_the_keys_all_that_is_found_by_buyer_is_found(
    unsealed: Desk, sealed: Desk, clock: FixedClock
) -> None:
    three_cases(sealed, clock)
    bounce(sealed, 1002)
    with closing(reopened(sealed, "plain", NEW, OLD)) as database:
        keys.admit(database)
        plain = Desk(database, sealed.settings, clock, sealed.knowledge)
        assert looked_up(plain) == FOUND
        later = Post(plain, clock)
        later._uids = iter(range(70, 80))
        later.deliver(buyer_mail(order_id="305-0000004-0000000", amazon_case_id="case-4"))
        forms = [value[:8] for place, value in stored(database) if place == "cases.buyer_base"]
        assert sorted(forms) == ["katrin00", *["~r24:1:o"] * 4]
        for one in (plain, sealed):
            assert looked_up(one)["joins"] == [1001, 1002, 1003, 1005]
            assert looked_up(one)["case"] == [1005, 1003, 1002, 1001]
        keys.rotate(database, lambda _table, _rows: None)
        for one in (plain, sealed, unsealed):
            assert looked_up(one)["joins"] == [1001, 1002, 1003, 1005]
            assert looked_up(one)["case"] == [1005, 1003, 1002, 1001]


def test_what_cannot_be_decrypted_stays_and_is_named_and_its_key_may_not_be_taken_away(
    sealed: Desk, clock: FixedClock
) -> None:
    live(sealed, clock)
    tamper(sealed, MessageRow.text, 1)
    with closing(reopened(sealed, "plain", OLD)) as database:
        done = keys.rotate(database, lambda _table, _rows: None)
        assert (done.left, done.unreadable) == (1, ["messages.text, row 1"])
        assert rows_by_key(database)["old"] == 1
    with (
        closing(reopened(sealed)) as database,
        pytest.raises(ConfigError, match="values under it are in messages"),
    ):
        keys.admit(database)
