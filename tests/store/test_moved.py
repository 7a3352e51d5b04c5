"""A bot that starts on a copy of a database sends nothing by itself: the other one may. Both databases."""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from bot.clock import FixedClock
from bot.db.engine import open_database
from bot.db.queries import manual, switches
from bot.db.whereabouts import whereabouts
from bot.desk import Desk, moved, read, reply
from bot.desk import manual as manual_mode
from bot.desk.moved import STANDS_AT
from bot.desk.reply import Outgoing
from bot.domain.manual import ALL, CONSOLE
from tests.store.lived import Inbox, keys, told
from tests.store.test_restored import HELLO
from tests.world import LI_WEI


def scopes(desk: Desk) -> list[str]:
    with desk.database.reading() as tx:
        return [one.scope for one in manual.lasting(tx)]


def noted(desk: Desk, *, place: str | None = None, identity: str | None = None) -> None:
    """As if a bot had last started elsewhere."""
    with desk.database.writing() as tx:
        found = whereabouts(tx)
        assert found is not None
        switches.put(tx, STANDS_AT, json.dumps([place or found[0], identity or found[1]]))


def started_on(desk: Desk, file: Path) -> bool:
    there = replace(desk, database=open_database(f"sqlite:///{file}"))
    try:
        return moved.look(there)
    finally:
        there.database.close()


def test_a_copy_starts_in_manual_mode_and_calls_back_what_the_other_may_send(
    desk: Desk, clock: FixedClock
) -> None:
    case = Inbox(desk, clock).case()
    shown = reply.preview(desk, case, HELLO, by=LI_WEI)
    reply.send(desk, case, Outgoing(shown.text, shown.fingerprint, shown.seen, shown.seen_reply), by=LI_WEI)
    assert not moved.look(desk), "the first start ever"
    assert not moved.look(desk)
    told(desk)
    noted(desk, place="elsewhere", identity="another")
    assert moved.look(desk)
    assert scopes(desk) == ["all"]
    assert {one.state for one in read.case(desk, case).replies} == {"withdrawn", "draft"}
    assert keys(desk, "manual") == ["manual:1"]
    assert not moved.look(desk)


def test_who_ends_the_manual_mode_of_before_knows_of_the_copy(desk: Desk) -> None:
    manual_mode.switch_on(desk, ALL, "a restore", by=CONSOLE)
    moved.look(desk)
    noted(desk, place="elsewhere", identity="another")
    assert moved.look(desk)
    (mode,) = manual_mode.modes(desk)
    assert "elsewhere" in mode.reason
    assert len(keys(desk, "manual")) == 2


def test_what_was_moved_or_put_back_in_its_place_is_no_copy(desk: Desk) -> None:
    noted(desk, place="another name of this machine")
    assert not moved.look(desk)
    noted(desk, identity="that of before a restore")
    assert not moved.look(desk)
    assert scopes(desk) == []


def test_a_copied_file_is_a_copy_and_a_moved_one_is_not(desk: Desk, tmp_path: Path) -> None:
    if not desk.database.is_sqlite:
        pytest.skip("a server's dump can't be copied as a file")
    moved.look(desk)
    copy = tmp_path / "copy.db"
    with sqlite3.connect(desk.database.engine.url.database or "") as ours, sqlite3.connect(copy) as theirs:
        ours.backup(theirs)
    assert started_on(desk, copy)
    assert not started_on(desk, copy.rename(tmp_path / "renamed.db"))
    assert not moved.look(desk)
