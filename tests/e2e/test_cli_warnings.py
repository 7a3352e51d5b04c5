"""`reply24 sla warnings`: a line a store, in words and as JSON, from a database that has nothing yet."""

from tests.e2e.cli_runs import reply24, small_team, write_settings


def test_each_store_has_a_line(tmp_path):
    write_settings(tmp_path, **small_team())
    assert reply24("db", "upgrade", folder=tmp_path).code == 0
    done = reply24("sla", "warnings", "--json", folder=tmp_path)
    assert done.code == 0
    lines = {one["store"]: one for one in done.json_lines()}
    assert "nordlicht" in lines
    one = lines["nordlicht"]
    assert [(each["level"], each["left"], each["expected"]) for each in one["budgets"]] == [
        ("minimum", 0, None),
        ("target", 0, None),
    ]
    assert {each["metric"]: each["days"] for each in one["streaks"]} == {
        "response_rate": 0,
        "average_time": 0,
        "closing_rate": 0,
    }
    assert (one["burns"], one["peak"]) == ([], None)
    assert "nothing came in yet" in reply24("sla", "warnings", folder=tmp_path).out
    assert reply24("sla", "warnings", "--store", "moon", folder=tmp_path).code == 2
