"""SIGTERM: what is under way is finished or left for the next process, and that one goes on at once."""

import pytest
from sqlalchemy import select

from bot.db.tables import LeaseRow
from tests.e2e.rig import Rig

pytestmark = pytest.mark.needs("dovecot")


def test_a_process_ends_in_time_and_the_next_takes_over_at_once(rig: Rig) -> None:
    first = rig.start()
    held = {"slack", "clock", "mailbox:nordlicht", "mailbox:sunrise"}
    leases = select(LeaseRow.name, LeaseRow.owner)
    rig.until(lambda: {row.name for row in rig.rows(leases)} == held, "all leases are taken")
    card = rig.claim(rig.case_of(rig.write()), by="anna")
    owners = {row.owner for row in rig.rows(leases)}
    rig.relay.next("hang")
    rig.send(card, by="anna")
    rig.relay.wait_for_sent(1, 30)

    assert first.terminate() == 0  # although the mail server never answers
    assert rig.rows(leases) == []
    assert [event["left"] for event in first.events("bot_stopped")] == [1]

    rig.start()
    rig.until(lambda: {row.name for row in rig.rows(leases)} == held, "all leases are taken over", 10)
    assert not owners & {row.owner for row in rig.rows(leases)}
    other = rig.case_of(rig.write("Is anybody still there?"))
    rig.claim(other, by="li.wei")
    assert [reply.state for reply in rig.replies("sending", "queued", "accepted")] == ["sending"]
    assert len(rig.relay.sent) == 1
