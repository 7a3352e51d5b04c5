"""Processes that start at once keep one version of the rota's rules, and a restart with others keeps the next."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.db.tables_shifts import RotaVersionRow
from tests.e2e.dovecot import Dovecot
from tests.e2e.rig import Rig
from tests.e2e.rig import rig as running_rig

pytestmark = [pytest.mark.needs("dovecot", "postgresql"), pytest.mark.timeout(600)]


def write_rules(rig: Rig, hours: str) -> None:
    shift = {"days": "all", "hours": hours, "agents": ["anna"]}
    rules = {"zone": "UTC", "layers": [{"name": "days", "shifts": [shift]}]}
    (rig.folder / "config" / "rota.yaml").write_text(json.dumps({"rota": rules}), encoding="utf-8")


def test_two_processes_that_start_at_once_keep_one_version(
    tmp_path: Path, imap_server: Dovecot, new_postgresql: Callable[[], str]
) -> None:
    with running_rig(tmp_path, imap_server, database_url=new_postgresql()) as rig:
        for number, hours in enumerate(("09:00-17:00", "10:00-18:00"), start=1):
            write_rules(rig, hours)
            programs = [rig.launch(role) for role in ("worker", "clock")]
            for program in programs:
                rig.until(lambda one=program: one.events("bot_started"), "both have started", 120)  # type: ignore[misc]  # bound now
            kept = [one["version"] for program in programs for one in program.events("rota_version_kept")]
            assert kept == [number]
            assert [row.id for row in rig.rows(select(RotaVersionRow.id))] == [*range(1, number + 1)]
            assert [program.terminate() for program in programs] == [0, 0]
        told = [one["change"] for one in rig.command("rota", "history", "--json").json_lines()]
        assert told[1] == "days: mon-sun 09:00-17:00 anna is now mon-sun 10:00-18:00 anna"
