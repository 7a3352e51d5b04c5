"""The pages of a running process: well, then a mailbox server goes away, then it comes back."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from bot.clock import RealClock
from bot.db.tables import MailboxRow
from tests.e2e.dovecot import Dovecot
from tests.e2e.rig import NORDLICHT, Rig
from tests.e2e.rig import rig as running_rig

pytestmark = pytest.mark.needs("dovecot")


def test_a_mailbox_server_that_is_gone_makes_the_bot_unwell_until_it_is_back(tmp_path: Path) -> None:
    with Dovecot() as dovecot, running_rig(tmp_path, dovecot) as rig:
        program = rig.start()
        rig.case_of(rig.write())
        rig.until(lambda: not faults(rig), "the bot is well")
        its_metrics(rig)

        dovecot.stop()
        rig.until(lambda: program.events("mailbox_unreachable"), "the mailbox is missed")
        an_hour_ago = RealClock().now() - timedelta(hours=1)
        rig.change(update(MailboxRow).where(MailboxRow.name == NORDLICHT).values(read_at=an_hour_ago))
        found = rig.until(lambda: faults(rig), "the bot is unwell")
        assert found == {f"mailbox {NORDLICHT}": "not read for 60 min"}

        dovecot.start()
        rig.until(lambda: not faults(rig), "the bot is well again", 60)
        assert program.terminate() == 0
        with pytest.raises(httpx.ConnectError):
            page(rig, "healthz")


def page(rig: Rig, name: str) -> httpx.Response:
    config: dict[str, Any] = json.loads((rig.folder / "config" / "health.yaml").read_text(encoding="utf-8"))
    return httpx.get(f"http://127.0.0.1:{config['health']['port']}/{name}", timeout=10)


def faults(rig: Rig) -> dict[str, str]:
    """Part -> what was found; none when the page says ok."""
    answer = page(rig, "healthz")
    told = answer.json()
    assert (answer.status_code, told["status"]) == ((503, "unhealthy") if told["faults"] else (200, "ok"))
    return {one["part"]: one["found"] for one in told["faults"]}


def its_metrics(rig: Rig) -> None:
    values = {
        (one.name, *one.labels.values()): one.value
        for family in text_string_to_metric_families(page(rig, "metrics").text)
        for one in family.samples
    }
    assert values["reply24_healthy",] == 1
    assert values["reply24_deadlines_open", NORDLICHT] == 1
    assert values["reply24_deadline_seconds_left", NORDLICHT] > 86_000
    assert values["reply24_slack_pong_age_seconds",] < 60
    assert values["reply24_slack_answer_age_seconds",] < 60
    assert ("reply24_slack_failing_seconds",) not in values
    assert values["reply24_pings_total",] == 0
    assert values["reply24_lease_seconds_left", f"mailbox:{NORDLICHT}"] > 0
