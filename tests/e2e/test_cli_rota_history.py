"""`reply24 rota` about the past of an installation whose rules have changed, and `rota history`."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import FixedClock
from bot.db.engine import open_database
from bot.db.migrate import upgrade
from bot.desk import Desk, rota_history
from bot.settings import load_settings
from tests.e2e.cli_runs import reply24, small_team, write_settings
from tests.e2e.test_cli_rota import write_rota
from tests.world import knowledge

MONDAY = datetime(2024, 11, 25, tzinfo=UTC)
BEGAN, CHANGED = MONDAY + timedelta(hours=8), MONDAY + timedelta(hours=32)
DAYS = {"zone": "UTC", "shifts": [{"days": "all", "hours": "09:00-17:00", "agents": ["wen"]}]}
LATER = {"zone": "UTC", "shifts": [{"days": "all", "hours": "10:00-18:00", "agents": ["anna"]}]}
WEN = {"name": "Wen Ho", "slack": "U0WEN", "zone": "Asia/Shanghai"}


def start_bot(folder: Path, at: datetime) -> int | None:
    """What a start keeps, at an instant of the past."""
    environ = {"REPLY24_DATABASE_URL": f"sqlite:///{folder / 'data' / 'reply24.db'}"}
    database = open_database(environ["REPLY24_DATABASE_URL"])
    upgrade(database)
    desk = Desk(database, load_settings(folder / "config", environ), FixedClock(at), knowledge())
    number = rota_history.keep_rules(desk)
    database.close()
    return number


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Wen Ho worked until Tuesday, 08:00; then she left, and Anna works later hours."""
    team = small_team()
    write_settings(tmp_path, **team | {"agents": team["agents"] | {"wen": WEN}})
    write_rota(tmp_path / "config" / "rota.yaml", agents={}, days=DAYS)
    (tmp_path / "data").mkdir()
    assert start_bot(tmp_path, BEGAN) == 1
    write_settings(tmp_path, **team)
    write_rota(tmp_path / "config" / "rota.yaml", agents={}, days=LATER)
    assert start_bot(tmp_path, CHANGED) == 2
    return tmp_path


def test_the_past_is_that_of_the_rules_of_the_time(installed: Path) -> None:
    then = reply24("rota", "who", "--at", "2024-11-25T12:00Z", "--json", folder=installed).json()
    assert [(one["agent"], one["name"]) for one in then["on"]] == [("wen", "Wen Ho")]
    assert then["rota"] == {"versions": [1], "in_force_from": "2024-11-25T08:00:00Z", "known_since": None}
    later = reply24("rota", "who", "--at", "2024-11-26T12:00Z", folder=installed).out.splitlines()
    assert later[1].startswith("  anna (Anna Kowalski), since 2024-11-26T10:00:00Z")
    assert later[-1] == (
        "  Who was on shift is told by version 2 of the rota, in force since 2024-11-26 08:00 UTC, with the changes of "
        "that time."
    )
    before = reply24("rota", "who", "--at", "2024-11-01T12:00Z", folder=installed).out
    assert "wen (Wen Ho)" in before
    assert (
        "The rota before 2024-11-25 08:00 UTC is not known: that time is judged by the oldest one kept."
        in before
    )
    future = reply24("rota", "who", "--at", "2060-11-26T12:00Z", "--json", folder=installed).json()
    assert ([one["agent"] for one in future["on"]], "rota" in future) == (["anna"], False)


def test_lists_go_over_a_change_and_know_who_left(installed: Path) -> None:
    window = ("--from", "2024-11-25", "--until", "2024-11-27")
    listed = reply24("rota", "list", *window, folder=installed).out.splitlines()
    assert listed[:2] == [
        "2024-11-25T09:00:00Z  2024-11-25T17:00:00Z  wen (Wen Ho), days, all stores",
        "2024-11-26T10:00:00Z  2024-11-26T18:00:00Z  anna (Anna Kowalski), days, all stores",
    ]
    assert "versions 1 to 2, the newest in force since 2024-11-26 08:00 UTC" in listed[2]
    alone = reply24("rota", "list", *window, "--agent", "wen", "--json", folder=installed).json_lines()
    assert [one["start"] for one in alone] == ["2024-11-25T09:00:00Z"]
    file = ("--rota", "config/rota.yaml")
    tried = reply24("rota", "list", *window, *file, folder=installed).out.splitlines()
    assert [line.split("  ")[2] for line in tried] == ["anna, days, all stores"] * 2, (
        "a file alone has no past"
    )


def test_a_past_window_is_proven_by_the_rules_of_the_time_and_the_future_by_those_of_now(
    installed: Path,
) -> None:
    window = ("rota", "prove", "--from", "2024-11-25", "--until", "2024-11-27")
    past = reply24(*window, "--json", folder=installed).json()
    first = {"start": "2024-11-25T00:00:00Z", "end": "2024-11-25T09:00:00Z"}
    found = past["needs"][0]["gaps"]
    assert {key: found[0][key] for key in first} == first
    assert [one["agent"] for one in past["loads"] if one["hours"]] == ["anna", "wen"]
    assert past["rota"]["versions"] == [1, 2]
    told = reply24(*window, folder=installed).out.splitlines()[-1]
    assert "versions 1 to 2, the newest in force since 2024-11-26 08:00 UTC" in told
    by_file = reply24(*window, "--rota", "config/rota.yaml", "--json", folder=installed).json()
    assert [one["agent"] for one in by_file["loads"] if one["hours"]] == ["anna"]
    assert "rota" not in by_file
    future = reply24("rota", "prove", "--json", folder=installed).json()
    assert [one["agent"] for one in future["loads"] if one["hours"]] == ["anna"]
    assert "rota" not in future


def test_the_history_says_what_changed_and_what_waits_for_a_start(installed: Path) -> None:
    shown = reply24("rota", "history", folder=installed)
    change = "days: mon-sun 09:00-17:00 wen is now mon-sun 10:00-18:00 anna; wen left"
    assert (shown.code, shown.out.splitlines()) == (
        0,
        [
            "   1  2024-11-25T08:00:00Z  the first: 1 layers, 1 shifts, 2 people",
            f"   2  2024-11-26T08:00:00Z  {change}",
        ],
    )
    write_rota(
        installed / "config" / "rota.yaml", agents={}, days=LATER, nights=DAYS | {"shifts": LATER["shifts"]}
    )
    *_kept, waiting = reply24("rota", "history", "--json", folder=installed).json_lines()
    assert waiting == {"version": None, "in_force_from": None, "change": "layer nights added"}
    text = reply24("rota", "history", folder=installed).out.splitlines()[-1]
    assert text == "not in force until the bot starts again: layer nights added"


def test_nothing_kept_and_no_rota_are_said(tmp_path: Path) -> None:
    write_settings(tmp_path, **small_team())
    (tmp_path / "data").mkdir()
    none = reply24("rota", "history", folder=tmp_path)
    assert (none.code, "there is no rota" in none.err) == (2, True)
    rules = {"layers": [{"name": "days", **LATER}]}
    (tmp_path / "config" / "rota.yaml").write_text(json.dumps({"rota": rules}), encoding="utf-8")
    empty = reply24("rota", "history", folder=tmp_path)
    assert (empty.code, empty.out) == (0, "No version is kept yet. The bot keeps the first when it starts\n")
    asked = reply24("rota", "who", "--at", "2024-11-25T12:00Z", folder=tmp_path).out
    assert "is worked out from today's rota, with the changes of that time: no earlier one is kept." in asked
