"""Servers that are down, come back, go away without a word; a database that somebody holds."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import text, update

from bot.clock import RealClock
from bot.db.tables import MailRow, ReplyRow
from tests.e2e.dovecot import Dovecot
from tests.e2e.rig import Rig
from tests.e2e.rig import rig as running_rig
from tests.e2e.test_run_health import faults

pytestmark = pytest.mark.needs("dovecot")


def test_every_server_is_down_at_the_start_and_comes_back(tmp_path: Path) -> None:
    with Dovecot() as dovecot, running_rig(tmp_path, dovecot) as rig:
        dovecot.stop()
        rig.sandbox.stop()
        rig.relay.stop()
        program = rig.start()
        rig.until(lambda: program.events("mailbox_unreachable"), "the mailbox is missed")
        assert program.events("slack_not_connected")

        dovecot.start()
        case = rig.case_of(rig.write())
        rig.sandbox.start()
        rig.until(rig.sandbox.connections, "the bot connects", 60)
        card = rig.claim(case, by="anna")

        rig.send(card, by="anna")
        rig.until(lambda: rig.replies("queued"), "the reply waits")
        card.expect_reply("again", 30)
        rig.relay.start()
        rig.change(update(ReplyRow).values(not_before=RealClock().now()))
        assert len(rig.relay.wait_for_sent(1, 30)) == 1
        rig.until(lambda: rig.replies("accepted"), "the reply has left")

        slack_comes_back(rig)
        a_held_database_loses_nothing(rig)
        assert "Traceback" not in program.log


def slack_comes_back(rig: Rig) -> None:
    """It restarts, and then breaks the line: both times the next click is handled."""
    rig.sandbox.stop()
    case = rig.case_of(rig.write("Is Slack down?"))
    rig.sandbox.start()
    rig.until(rig.sandbox.connections, "the bot connects again", 60)
    card = rig.claim(case, by="anna")
    rig.sandbox.drop_connections()
    rig.until(rig.sandbox.connections, "the bot connects once more", 60)
    assert card.click("Release", by="anna").ok


def a_held_database_loses_nothing(rig: Rig) -> None:
    """Somebody copies it, or looks into it with a tool, for three seconds."""
    before = rig.count(MailRow)
    with rig.database.writing() as tx:
        tx.execute(text("UPDATE switches SET value = value"))
        buyer = rig.write("Is the database locked?")
        threading.Event().wait(3)
    rig.claim(rig.case_of(buyer), by="li.wei")
    assert rig.count(MailRow) == before + 1


def test_a_database_file_that_is_moved_away_takes_nothing_in_until_it_is_back(tmp_path: Path) -> None:
    """SQLite would go on with a file that nobody finds at the next start, and with it all that was done meanwhile."""
    with Dovecot() as dovecot, running_rig(tmp_path, dovecot) as rig:
        program = rig.start()
        rig.claim(rig.case_of(rig.write()), by="anna")
        files, away = sorted(rig.folder.glob("reply24.db*")), tmp_path / "away"
        away.mkdir()
        for file in files:
            file.rename(away / file.name)
        buyer = rig.write("Is it gone?")
        rig.until(lambda: program.events("database_file_gone"), "the log says so")
        assert set(faults(rig)) == {"database"}
        assert not list(rig.folder.glob("reply24.db*")), "no empty one in its place"
        for file in files:
            (away / file.name).rename(file)
        rig.claim(rig.case_of(buyer), by="li.wei")
        rig.until(lambda: not faults(rig), "the bot is well again")
