"""From mail import to the figures and the ledger, on a database of its own."""

import sqlite3
import subprocess
import sys
import zipfile

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

    told = reply24("sla", "status", folder=folder).out
    assert "  Anna Kowalski   0 open, 0 answered today" in told
    assert ", 0 up to 1 h, 0 up to 3 h, " in told

    intact = reply24("ledger", "verify", "--json", folder=folder)
    assert intact.code == 0
    assert (intact.json()["ok"], intact.json()["records"]) == (True, 3)
    head = "{last_seq}:{last_hash}".format(**intact.json())
    assert reply24("ledger", "verify", "--anchor", head, folder=folder).code == 0
    assert reply24("ledger", "verify", "--anchor", "3:ab", folder=folder).code == 2
    tamper(folder, "DELETE FROM ledger WHERE seq = 3")
    cut = reply24("ledger", "verify", "--json", folder=folder)
    assert (cut.code, cut.json()["fault"], cut.json()["first_fault"]) == (1, "cut", 3)
    tamper(folder, "DELETE FROM switches WHERE name = 'ledger:head'")
    assert reply24("ledger", "verify", folder=folder).code == 0, (
        "who removes every trace is found by an anchor alone"
    )
    anchored = reply24("ledger", "verify", "--anchor", head, "--json", folder=folder)
    assert (anchored.code, anchored.json()["fault"]) == (1, "cut")
    tamper(folder, "UPDATE ledger SET who = 'nobody' WHERE seq = 2")
    broken = reply24("ledger", "verify", "--json", folder=folder)
    assert broken.code == 1
    assert (broken.json()["ok"], broken.json()["fault"], broken.json()["first_fault"]) == (False, "broken", 2)


def tamper(folder, statement):
    """What somebody does who owns the file; the locks are theirs to take away."""
    with sqlite3.connect(folder / "data" / "reply24.db") as database:
        for event in ("update", "delete"):
            database.execute(f"DROP TRIGGER IF EXISTS tr_ledger_locked_{event}")
        database.execute(statement)
    database.close()


def test_a_dry_run_names_what_would_go_and_a_purge_makes_it_go(folder):
    reply24("mail", "import", "old", folder=folder)
    assert reply24("purge", "--json", folder=folder).json()["cases"] == []
    with sqlite3.connect(folder / "data" / "reply24.db") as database:
        for change in (
            "UPDATE messages SET received_at = '2020-01-01 00:00:00.000000'",
            "UPDATE cases SET opened_at = '2020-01-01 00:00:00.000000'",
            "UPDATE deadlines SET state = 'excused'",
        ):
            database.execute(change)
    database.close()
    looked = reply24("purge", "--dry-run", "--json", folder=folder).json()
    assert (looked["dry_run"], looked["cases"], looked["rows"]["messages"]) == (True, [1001, 1002], 3)
    told = reply24("purge", "--dry-run", folder=folder)
    assert "would be removed: 2 cases" in told.out
    assert "Message retention" in told.out
    done = reply24("purge", "--json", folder=folder).json()
    assert done | {"dry_run": True, "as_of": looked["as_of"]} == looked
    assert reply24("ledger", "verify", folder=folder).code == 0
    assert reply24("purge", "--json", folder=folder).json()["cases"] == []


def test_an_evidence_pack_is_checked_by_its_own_verifier(folder):
    reply24("mail", "import", "old", folder=folder)
    missing = reply24("evidence", "305-0000000-0000000", "-o", "pack.zip", folder=folder)
    assert (missing.code, (folder / "pack.zip").exists()) == (1, False)
    made = reply24("evidence", "1001", "-o", "pack.zip", "--json", folder=folder).json()
    assert (made["cases"], made["records"], made["texts"]) == ([1001], 2, 2)
    with zipfile.ZipFile(folder / "pack.zip") as pack:
        pack.extractall(folder / "open")
    verifier = [sys.executable, "-I", "-S", folder / "open" / "verify.py"]
    assert subprocess.run([*verifier, folder / "pack.zip"], check=False, capture_output=True).returncode == 0
    verified = reply24("ledger", "verify", "--json", folder=folder).json()
    assert (verified["ok"], verified["records"]) == (True, 4), "that it was made is recorded"
    unwritable = reply24("evidence", "1001", "-o", "nowhere/pack.zip", folder=folder)
    assert unwritable.code == 2


def test_the_store_must_be_known_and_history_makes_no_work(folder):
    wrong = reply24("mail", "import", "old", "--store", "sunrise", folder=folder)
    assert wrong.code == 2
    assert "nordlicht" in wrong.err
    shelved = reply24("mail", "import", "old/first.eml", "--history", "--json", folder=folder).json()
    assert (shelved["history"], shelved["opened"]) == (1, 0)
    assert "open cases      0" in reply24("sla", "status", folder=folder).out
    for wrong_time in ("yesterday", "9999-12-31T23:59:59Z", "2026-11-25T09:00:00"):
        assert reply24("sla", "status", "--as-of", wrong_time, folder=folder).code == 2
    turned = reply24("sla", "export", "--from", "2026-12-01", "--until", "2026-11-01", folder=folder)
    assert (turned.code, turned.out) == (2, "")


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
