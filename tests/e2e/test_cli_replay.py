"""`reply24 replay` in an installation: the record beside another rota, as JSON and as lines."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.db.engine import Database, open_database
from bot.db.migrate import upgrade
from bot.db.tables import CaseRow, DeadlineRow, MailRow, MessageRow, ReplyRow
from tests.e2e.cli_runs import reply24, small_team, write_settings
from tests.e2e.test_cli_rota import write_rota

MONDAY = datetime(2026, 10, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAYS = {"zone": "UTC", "shifts": [{"days": "all", "hours": "09:00-17:00", "agents": ["anna"]}]}
EVENINGS = {"zone": "UTC", "shifts": [{"days": "all", "hours": "18:00-22:00", "agents": ["bob"]}]}
WINDOW = ("--from", "2026-10-05", "--until", "2026-10-12")


def store_message(database: Database, number: int, came: datetime, answered: datetime) -> None:
    """A buyer message that Anna answered."""
    place = {"store": "nordlicht", "received_at": came, "message_id": f"<{number}@amazonses.example>"}
    with database.writing() as tx:
        tx.add(
            MailRow(
                id=number, mailbox="nordlicht", uidvalidity=1, uid=number, arrived_at=came, stored_at=came
            )
        )
        tx.add(
            CaseRow(
                number=number, kind="buyer", store="nordlicht", channel="amz", opened_at=came, acted_at=came
            )
        )
        tx.flush()
        tx.add(MessageRow(id=number, case=number, mail=number, text="", full_text="", **place))
        tx.flush()
        about = {"case": number, "author": "U0ANNA", "created_at": answered, "not_before": answered}
        tx.add(ReplyRow(id=number, state="accepted", text="", accepted_at=answered, **about))
        due = came + 24 * HOUR
        tx.add(
            DeadlineRow(
                message=number,
                case=number,
                store="nordlicht",
                anchor=came,
                due_at=due,
                state="met" if answered <= due else "missed",
                answered_at=answered,
                closed_by=f"reply:{number}",
            )
        )


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A team with one person by day, and two messages: of noon, and of an evening that was answered too late."""
    write_settings(tmp_path, **small_team())
    write_rota(tmp_path / "config" / "rota.yaml", agents={}, days=DAYS)
    write_rota(tmp_path / "evenings.yaml", agents={}, days=DAYS, evenings=EVENINGS)
    (tmp_path / "data").mkdir()
    database = open_database(f"sqlite:///{tmp_path / 'data' / 'reply24.db'}")
    upgrade(database)
    store_message(database, 1, MONDAY + 12 * HOUR, MONDAY + 13 * HOUR)
    store_message(database, 2, MONDAY + 18 * HOUR, MONDAY + 24 * HOUR + 18.5 * HOUR)
    database.close()
    return tmp_path


def test_another_rota_beside_the_record_for_programs(installed: Path) -> None:
    done = reply24("replay", "--rota", "evenings.yaml", *WINDOW, "--json", folder=installed)
    assert (done.code, done.err) == (0, "")
    found = done.json()
    assert (found["from"], found["until"]) == ("2026-10-05T00:00:00Z", "2026-10-12T00:00:00Z")
    assert (found["store"], found["target_hours"], found["handle_seconds"]) == (None, 24, 720)
    assert (found["saved"], found["lost"]) == (1, 0)
    was, tried = found["was"], found["tried"]
    assert (was["figures"]["response_rate"], tried["figures"]["response_rate"]) == (0.5, 1.0)
    assert was["causes"] == {"no_shift": 0, "no_capacity": 0, "not_answered": 1}
    assert [(one["agent"], one["answered"], one["hours"]) for one in tried["people"]] == [
        ("anna", 2, 56),
        ("bob", 0, 28),
    ]


def test_the_same_for_people_and_the_record_alone(installed: Path) -> None:
    words = reply24("replay", "--rota", "evenings.yaml", *WINDOW, folder=installed).out
    assert "as it was     what if" in words
    assert "response rate (24 h)              50.00%     100.00%" in words
    assert "1 would have been in time that were not, 0 the other way round" in words
    assert "bob                 0 answered, 0 pings, 28 h on shift, 0 h at night" in words
    same = reply24(
        "replay", *WINDOW, "--store", "nordlicht", "--target", "12", "--json", folder=installed
    ).json()
    assert same["was"] == same["tried"]
    assert same["was"]["at_target"]["response_rate"] == 0.5


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--store", "nowhere"), 2, "there is no store nowhere"),
        (("--without", "nobody"), 1, "The rota has no nobody."),
        (("--rota", "gone.yaml"), 2, "gone.yaml"),
        (("--target", "0"), 2, "--target"),
        (("--from", "2026-10-05", "--until", "2026-10-04"), 2, "is not after the beginning"),
    ],
)
def test_what_can_not_be_replayed_is_said(
    installed: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = reply24("replay", *arguments, folder=installed)
    assert done.code == code
    assert words in done.err
