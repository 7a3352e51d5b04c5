"""`reply24 sla causes`, on a database of its own."""

import json

from bot.clock import FixedClock
from bot.db.engine import open_database
from bot.db.migrate import upgrade
from bot.desk import Desk
from tests import world
from tests.e2e.cli_runs import reply24, small_team, write_settings
from tests.store.lived import Inbox


def test_every_miss_is_printed_with_its_cause(tmp_path):
    write_settings(tmp_path, **small_team())
    (tmp_path / "data").mkdir()
    database = open_database(f"sqlite:///{tmp_path / 'data' / 'reply24.db'}")
    upgrade(database)
    clock = FixedClock(world.START.replace(year=2024))
    Inbox(Desk(database, world.settings(), clock, world.knowledge()), clock).case()
    database.close()

    window = ("--from", "2024-11-25", "--until", "2024-11-26")
    (found,) = reply24("sla", "causes", *window, "--json", folder=tmp_path).json_lines()
    assert {key: found[key] for key in ("case", "store", "cause", "founding", "due_at", "answered_at")} == {
        "case": 1001,
        "store": "nordlicht",
        "cause": "not_claimed",
        "founding": "no_reply",
        "due_at": "2024-11-26T09:00:00Z",
        "answered_at": None,
    }
    assert found["evidence"].startswith("Nobody had it when it was due at 2024-11-26 09:00 UTC.")
    assert "Katrin" not in json.dumps(found)
    shown = reply24("sla", "causes", "--store", "nordlicht", *window, folder=tmp_path)
    assert "not_claimed            1  100.0%" in shown.out
    assert "no answer in time      1  100.0% (61%)" in shown.out
    before = reply24("sla", "causes", "--from", "2024-11-20", "--until", "2024-11-25", folder=tmp_path)
    assert before.out == "No answer was late.\n"
    wrong = reply24("sla", "causes", "--store", "nosuch", folder=tmp_path)
    assert (wrong.code, "nosuch" in wrong.err) == (2, True)
