"""`reply24 templates export` and `report`, on a database of their own."""

import sqlite3
from pathlib import Path

import pytest

from tests.e2e.cli_runs import reply24, small_team, write_settings
from tests.world import ROOT

SHIPPED = {
    path.relative_to(ROOT / "templates"): path.read_bytes() for path in (ROOT / "templates").rglob("*.txt")
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_settings(tmp_path, **small_team())
    assert reply24("db", "upgrade", folder=tmp_path).code == 0
    return tmp_path


def versions(folder: Path, *rows: tuple[str, str, int, bytes, bool]) -> None:
    database = sqlite3.connect(folder / "data" / "reply24.db")
    with database:
        database.executemany(
            "INSERT INTO template_versions (name, lang, version, text, author, at, retired)"
            " VALUES (?, ?, ?, ?, 'U0WANG', '2026-11-25 09:00:00.000000', ?)",
            [(name, lang, version, text.decode(), retired) for name, lang, version, text, retired in rows],
        )
    database.close()


def exported(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.txt")}


def test_all_templates_are_written_byte_for_byte_and_the_second_time_nothing(folder: Path) -> None:
    done = reply24("templates", "export", "out", "--json", folder=folder).json()
    assert (done["templates"], len(done["written"]), done["retired"]) == (161, 161, [])
    assert exported(folder / "out") == SHIPPED
    again = reply24("templates", "export", "out", folder=folder)
    assert again.out == "161 templates, 0 files written, the others were the same\n"


def test_the_newest_version_is_written_and_a_retired_file_is_named_not_deleted(folder: Path) -> None:
    german = SHIPPED[Path("damaged/de.txt")]
    changed = german.replace(b"{% block problem %}\n", b"{% block problem %}\nDas bedauern wir. ")
    versions(
        folder,
        ("damaged", "de", 1, b"nonsense", False),
        ("damaged", "de", 2, changed, False),
        ("thanks", "fr", 1, SHIPPED[Path("thanks/fr.txt")], True),
    )
    (folder / "out" / "thanks").mkdir(parents=True)
    (folder / "out" / "thanks" / "fr.txt").write_bytes(b"old")
    done = reply24("templates", "export", "out", "--json", folder=folder).json()
    assert (done["templates"], done["retired"]) == (160, ["thanks/fr.txt"])
    assert exported(folder / "out") == SHIPPED | {
        Path("damaged/de.txt"): changed,
        Path("thanks/fr.txt"): b"old",
    }
    told = reply24("templates", "export", "out", folder=folder)
    assert "retired  thanks/fr.txt" in told.out
    checked = reply24("templates", "check", "--templates", "out", "--json", folder=folder).json()
    assert [line for line in checked["faults"] if "damaged" in line] == []


def test_a_folder_that_can_not_be_written_is_told(folder: Path) -> None:
    (folder / "out").write_text("a file")
    done = reply24("templates", "export", "out", folder=folder)
    assert (done.code, done.out) == (1, "")
    assert "can't be written" in done.err


def test_the_report_of_nothing_has_every_template_and_no_rates(folder: Path) -> None:
    found = reply24("templates", "report", "--days", "30", "--json", folder=folder).json()
    assert (found["days"], len(found["templates"])) == (30, 23)
    assert found["as_of"].endswith("Z")
    assert found["templates"][0] == {
        "name": "address_change",
        "sent": 0,
        "unchanged": 0,
        "edited": 0,
        "average_change": None,
        "resolved": 0,
        "unresolved": 0,
        "undecided": 0,
        "first_contact_resolution": None,
        "average_seconds": None,
    }
    words = reply24("templates", "report", folder=folder)
    assert words.code == 0
    assert "90 days up to" in words.out
    assert reply24("templates", "report", "--days", "0", folder=folder).code == 2
