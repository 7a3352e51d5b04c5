"""`reply24 sla reconcile` and `sla export`: what people and other programs see of them."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.workbook import read_workbook
from tests.e2e.cli_runs import reply24, small_team, write_settings
from tests.world import ROOT

MAILS = ROOT / "tests" / "data" / "mails"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One store, which has had one message, and a report of it."""
    write_settings(tmp_path, **small_team())
    (tmp_path / "one.eml").write_bytes((MAILS / "apple_french.eml").read_bytes())
    assert reply24("mail", "import", "one.eml", folder=tmp_path).code == 0
    return tmp_path


ORDER, ANCHOR = "111-5550001-5550002", "2026-11-23T14:05:10Z"
"""Of that message."""


def report(folder: Path, *lines: str, header: str = "Numéro de commande;Reçu le;En retard") -> None:
    (folder / "rapport.csv").write_bytes("\n".join((header, *lines)).encode("cp1252"))


def test_a_report_that_agrees_ends_with_0_and_one_that_does_not_with_1(folder: Path) -> None:
    report(folder, f"{ORDER};{ANCHOR};")
    same = reply24("sla", "reconcile", "rapport.csv", "--json", folder=folder)
    assert same.code == 0, same.out + same.err
    found = same.json()
    assert (found["ok"], found["rows"], found["matched"], found["store"]) == (True, 1, 1, "nordlicht")

    later = datetime.fromisoformat(ANCHOR).astimezone(UTC) + timedelta(hours=1, minutes=7)
    report(
        folder,
        f"{ORDER};{later.isoformat()};non",
        f"302-1111111-1111111;{ANCHOR};oui",
        "Total;2;non",
    )
    other = reply24("sla", "reconcile", "rapport.csv", "--store", "nordlicht", "--json", folder=folder)
    assert other.code == 1
    found = other.json()
    assert [one["order_id"] for one in found["lost_here"]] == ["302-1111111-1111111"]
    assert [(one["line"], one["about"]) for one in found["different_clock"]] == [(2, ["received", "verdict"])]
    assert [(one["line"], one["column"]) for one in found["unreadable"]] == [(4, "Numéro de commande")]
    shown = reply24("sla", "reconcile", "rapport.csv", folder=folder)
    assert (shown.code, "Lost here" in shown.out, "rapport.csv:4" in shown.out) == (1, True, True)
    assert "our response rate, counted as Amazon does:" in shown.out
    assert "boards and digests leave it out" in shown.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing.csv",), "can't be read"),
        (("rapport.csv", "--store", "sunrise"), "there is no store sunrise"),
        (("rapport.csv", "--zone", "Beijing"), "Beijing is no time zone"),
        (("rapport.csv", "--from", "yesterday"), "no date and time"),
        (("one.eml",), "No row at its top has the name of a column"),
        (("neu.csv",), 'line 2 has "Vorgang", "Wann". Say in config/reconcile.yaml which column is which'),
    ],
)
def test_what_can_t_be_compared_ends_with_2(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    write_settings(tmp_path, **small_team())
    report(tmp_path)
    (tmp_path / "neu.csv").write_text("Nachrichten\nVorgang;Wann\n1;2\n", encoding="utf-8")
    (tmp_path / "one.eml").write_bytes((MAILS / "apple_french.eml").read_bytes())
    done = reply24("sla", "reconcile", *arguments, folder=tmp_path)
    assert done.code == 2
    assert said in " ".join(done.err.replace("│", " ").split())


def test_with_several_stores_it_has_to_be_said_whose_report_it_is(tmp_path: Path) -> None:
    team = small_team()
    other = {**team["stores"]["nordlicht"], "mailbox": "sunrise", "sender": "support@sunrise.example"}
    team["stores"]["sunrise"] = other
    team["mailboxes"]["sunrise"] = {"kind": "folder", "path": "sun"}
    write_settings(tmp_path, **team)
    report(tmp_path)
    done = reply24("sla", "reconcile", "rapport.csv", folder=tmp_path)
    assert done.code == 2
    assert "nordlicht, sunrise" in " ".join(done.err.replace("│", " ").split())
    empty = reply24("sla", "reconcile", "rapport.csv", "--store", "sunrise", "--json", folder=tmp_path)
    assert (empty.code, empty.json()["rows"], empty.json()["ok"]) == (1, 0, False)


def test_duties_come_as_csv_workbook_and_json(folder: Path) -> None:
    assert reply24("sla", "export", "--bom", "-o", "out.csv", folder=folder).code == 0
    written = (folder / "out.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbfcase,store,")
    (row,) = csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline=""))
    assert (row["case"], row["store"], row["state"]) == ("1001", "nordlicht", "open")
    assert reply24("sla", "export", "--format", "xlsx", "-o", "out.xlsx", folder=folder).code == 0
    header, cells = read_workbook((folder / "out.xlsx").read_bytes()).rows
    assert dict(zip(header[1], cells[1], strict=False)) == {
        name: row[name] for name in header[1][: len(cells[1])]
    }
    plain = reply24("sla", "export", "--store", "nordlicht", "--people", "--json", folder=folder).json()
    assert (plain["case"], plain["anchor"], plain["answered_by"]) == (1001, ANCHOR, None)
    assert reply24("sla", "export", "-o", "no/such/folder.csv", folder=folder).code == 2
