"""Two processes of each kind on PostgreSQL, Slack calls by HTTP: any of them may go, and no click counts twice."""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import select

from bot.clock import RealClock
from bot.db.tables import CaseRow, LeaseRow, LedgerRow
from tests.e2e.dovecot import Dovecot
from tests.e2e.rig import Program, Rig
from tests.e2e.rig import rig as running_rig

pytestmark = [pytest.mark.needs("dovecot", "postgresql"), pytest.mark.timeout(400)]

ROLES = ("web", "web", "worker", "worker", "clock", "clock")
START_S = 120
REPEATS = 24


@pytest.fixture
def rig(tmp_path: Path, imap_server: Dovecot, new_postgresql: Callable[[], str]) -> Iterator[Rig]:
    with running_rig(tmp_path, imap_server, database_url=new_postgresql(), mode="http") as made:
        yield made


def start(rig: Rig, *roles: str) -> list[Program]:
    """These processes, all at once; returns when all have started."""
    programs = [rig.launch(role) for role in roles]
    rig.until(lambda: all(one.events("bot_started") for one in programs), f"{roles} start", START_S)
    return programs


def http_port(rig: Rig) -> int:
    tree = json.loads((rig.folder / "config" / "slack.yaml").read_text(encoding="utf-8"))
    return int(tree["slack"]["http_port"])


def claim_again_and_again(rig: Rig, case: int) -> Counter[int]:
    """The same signed command, each time on a connection of its own: the system deals them out to both processes."""
    form = {"command": "/claim", "text": str(case), "user_id": "U0ANNA", "channel_id": "C0NORD"}
    more = {"team_id": "T0DEMO", "trigger_id": "recorded", "response_url": f"{rig.sandbox.url}/response/x"}
    body = urlencode(form | more).encode()
    stamp = str(int(RealClock().now().timestamp()))
    made = hmac.new(b"sandbox-signing-secret", f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={made}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    url = f"http://127.0.0.1:{http_port(rig)}/slack/events"
    return Counter(
        httpx.post(url, content=body, headers=headers, timeout=30, trust_env=False).status_code
        for _ in range(REPEATS)
    )


def claims(rig: Rig, case: int) -> int:
    return rig.count(LedgerRow, LedgerRow.case == case, LedgerRow.what == "claimed")


def test_a_command_that_is_repeated_to_another_process_counts_once(rig: Rig) -> None:
    first, second, _worker = start(rig, "web", "web", "worker")
    case = rig.case_of(rig.write())
    card = rig.card(case)
    assert claim_again_and_again(rig, case) == {200: REPEATS}
    rig.until(lambda: claims(rig, case), "the claim is stored")
    rig.until(lambda: "Claimed" in rig.card(case).text, "the card shows the claim")
    assert card.click("case.release", by="anna").ok
    free = select(CaseRow.number).where(CaseRow.number == case, CaseRow.assignee.is_(None))
    rig.until(lambda: rig.rows(free), "the case is free again")
    assert claim_again_and_again(rig, case) == {200: REPEATS}
    assert first.terminate(20) == 0
    assert claim_again_and_again(rig, case) == {200: REPEATS}, "the other one serves the port"
    assert second.terminate(20) == 0
    assert claims(rig, case) == 1


def test_any_process_may_be_killed_and_all_end_in_time_with_nothing_left(rig: Rig) -> None:
    programs = start(rig, *ROLES)
    rig.claim(rig.case_of(rig.write("Before")), by="anna")
    for dead in programs[::2]:  # one of each kind: whoever holds a lease is among them, or the other has it
        dead.kill()
    rig.let_leases_end()
    case = rig.case_of(rig.write("After"))
    rig.send(rig.claim(case, by="li.wei"), by="li.wei")
    rig.relay.wait_for_sent(1, 60)
    rig.until(lambda: rig.replies("accepted"), "the reply is accepted")
    last = rig.send(rig.claim(rig.case_of(rig.write("At the end")), by="anna"), by="anna")
    assert last
    left = programs[1::2]
    assert [one.terminate(20) for one in left] == [0, 0, 0]
    assert rig.replies("sending") == []
    jobs = select(LeaseRow.name).where(LeaseRow.name.not_like("heard:%"))
    assert rig.rows(jobs) == []
    assert all(one.events("bot_stopped") for one in left)
