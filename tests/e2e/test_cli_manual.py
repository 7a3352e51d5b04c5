"""`reply24 manual`: on, off and status in words and as JSON, and that check and the ledger know of it."""

from tests.e2e.cli_runs import reply24, small_team, write_settings


def test_on_status_off(tmp_path):
    write_settings(tmp_path, **small_team())
    assert reply24("db", "upgrade", folder=tmp_path).code == 0
    assert "automation works" in reply24("manual", "status", folder=tmp_path).out
    on = reply24("manual", "on", "--store", "nordlicht", "--reason", "odd bounces", "--json", folder=tmp_path)
    assert on.code == 0
    (line,) = on.json_lines()
    wanted = {
        "scope": "nordlicht",
        "on": True,
        "new": True,
        "by": "console",
        "held_back": [],
        "being_sent": [],
    }
    assert {key: line[key] for key in wanted} == wanted
    (again,) = reply24("manual", "on", "--store", "nordlicht", "--json", folder=tmp_path).json_lines()
    assert (again["new"], again["since"], again["reason"]) == (False, line["since"], "odd bounces")
    assert "is on for nordlicht" in reply24("manual", "status", folder=tmp_path).out
    off = reply24("manual", "off", "--store", "nordlicht", "--reason", "mended", folder=tmp_path)
    assert (off.code, "mended" in off.out) == (0, True)
    assert reply24("manual", "status", "--json", folder=tmp_path).json_lines() == []
    assert reply24("ledger", "verify", folder=tmp_path).code == 0


def test_wrong_usage(tmp_path):
    write_settings(tmp_path, **small_team())
    assert reply24("manual", "on", "--store", "moon", folder=tmp_path).code == 2
    assert reply24("manual", "off", folder=tmp_path).code == 2
    assert reply24("manual", "maybe", folder=tmp_path).code == 2
    off = reply24("manual", "off", "--reason", "mended", folder=tmp_path)
    assert off.code == 1
    assert "not on there" in off.err
