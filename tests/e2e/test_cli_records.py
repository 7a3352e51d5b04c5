"""From mail import to the figures and the ledger, on a database of its own."""

import sqlite3

import pytest

from bot.db.migrate import newest
from tests.e2e.cli_runs import reply24, small_team, write_settings
from tests.world import ROOT

MAILS = ROOT / "tests" / "data" / "mails"


@pytest.fixture
def folder(tmp_path):
    write_settings(tmp_path, **small_team())
    mails = tmp_path / "old"
    mails.mkdir()
    first = (MAILS / "apple_french.eml").read_bytes()
    (mails / "first.eml").write_bytes(first)
    again = first.replace(b"Message-ID: <", b"Message-ID: <again-").replace(
        b"Oui, je confirme", b"Oui, je reconfirme"
    )
    (mails / "second.eml").write_bytes(again)
    (mails / "note.eml").write_bytes(
        b"From: a@b.example\nSubject: Hello\nMessage-ID: <n@b.example>\n\nWho are you?"
    )
    return tmp_path


def test_imported_mails_make_cases_once_and_show_in_the_figures_and_the_ledger(folder):
    done = reply24("mail", "import", "old", "gone.eml", "--json", folder=folder)
    assert done.code == 1
    found = done.json()
    assert found["errors"][0]["file"] == "gone.eml"
    assert {key: found[key] for key in ("mailbox", "read", "opened", "review", "joined", "known")} == {
        "mailbox": "nordlicht",
        "read": 3,
        "opened": 1,
        "review": 1,
        "joined": 1,
        "known": 0,
    }
    again = reply24("mail", "import", "old", "--store", "nordlicht", "--json", folder=folder).json()
    assert (again["known"], again["opened"], again["review"]) == (3, 0, 0)

    status = reply24("sla", "status", "--store", "nordlicht", "--json", folder=folder).json()
    assert (status["store"], status["open_cases"], status["unclaimed"]) == ("nordlicht", 2, 2)
    assert sum(status["by_time_left"].values()) == 2
    assert status["as_of"].endswith("Z")
    assert set(status["periods"]) == {"today", "7d", "30d", "90d"}
    # Both mails are older than a day: they came too late to be answered, and are in no rate.
    assert (status["periods"]["90d"]["received"], status["periods"]["90d"]["late_on_arrival"]) == (0, 2)

    intact = reply24("ledger", "verify", "--json", folder=folder)
    assert intact.code == 0
    assert (intact.json()["ok"], intact.json()["records"]) == (True, 3)
    with sqlite3.connect(folder / "data" / "reply24.db") as database:
        database.execute("UPDATE ledger SET who = 'nobody' WHERE seq = 2")
    database.close()
    broken = reply24("ledger", "verify", "--json", folder=folder)
    assert broken.code == 1
    assert (broken.json()["ok"], broken.json()["first_fault"]) == (False, 2)


def test_the_store_must_be_known_and_history_makes_no_work(folder):
    wrong = reply24("mail", "import", "old", "--store", "sunrise", folder=folder)
    assert wrong.code == 2
    assert "nordlicht" in wrong.err
    shelved = reply24("mail", "import", "old/first.eml", "--history", "--json", folder=folder).json()
    assert (shelved["history"], shelved["opened"]) == (1, 0)
    assert "open cases      0" in reply24("sla", "status", folder=folder).out
    assert reply24("sla", "status", "--as-of", "yesterday", folder=folder).code == 2


def test_a_database_is_made_by_upgrade_and_by_no_look(tmp_path):
    nothing = reply24("ledger", "verify", folder=tmp_path)
    assert nothing.code == 1
    assert "db upgrade" in nothing.err
    assert not (tmp_path / "data").exists()
    assert reply24("db", "upgrade", "--json", folder=tmp_path).json() == {"before": None, "after": newest()}
    assert reply24("ledger", "verify", "--json", folder=tmp_path).json()["ok"] is True
    away = reply24(
        *("db", "upgrade"), folder=tmp_path, REPLY24_DATABASE_URL="postgresql://me:secret@127.0.0.1:9/x"
    )
    assert away.code == 1
    assert "does not answer" in away.err
    assert "secret" not in away.err
