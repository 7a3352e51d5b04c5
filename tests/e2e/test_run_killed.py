"""kill -9 at moments that the world outside chooses: while it does not answer, and during a burst."""

import os
import random
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.clock import RealClock
from bot.db.migrate import upgrade
from bot.db.tables import CaseRow, DeadlineRow, MailRow, MessageRow, OutboxRow, PostRow, ReplyRow
from tests.e2e.dovecot import Dovecot
from tests.e2e.rig import MANY_SITES, Rig
from tests.e2e.rig import rig as running_rig

pytestmark = pytest.mark.needs("dovecot")

ROUNDS = int(os.environ.get("REPLY24_KILL_ROUNDS", "3"))
BURST = 200


def test_a_reply_that_was_on_the_line_is_unsure_and_never_sent_twice(rig: Rig) -> None:
    program = rig.start()
    case = rig.case_of(rig.write())
    card = rig.claim(case, by="anna")
    rig.relay.next("hang")
    rig.send(card, by="anna")
    rig.relay.wait_for_sent(1, 30)  # the mail server has it all, and does not answer
    assert [reply.state for reply in rig.replies("sending", "queued", "accepted")] == ["sending"]
    program.kill()
    rig.let_leases_end()
    rig.change(update(ReplyRow).values(taken_at=RealClock().now() - timedelta(minutes=6)))

    rig.start()
    rig.until(lambda: rig.replies("unsure"), "the reply is unsure")
    notice = card.expect_reply("Nobody knows", 30)
    assert rig.count(DeadlineRow, DeadlineRow.state == "open") == 1
    assert notice.click("reply.arrived", by="anna").ok
    rig.until(lambda: rig.count(DeadlineRow, DeadlineRow.state == "met"), "a person has decided")
    card.expect("Answered", 30)
    assert len(rig.relay.sent) == 1


def test_what_slack_did_without_our_hearing_of_it_is_found_again(rig: Rig) -> None:
    # The buyer wrote twice before anything was told: the second message asks for the card it goes under.
    buyer = rig.write("Where is my parcel?")
    rig.relay.follow_up(buyer, "Hello? Is anybody there?")
    rig.carry()
    rig.sandbox.next_errors("chat.postMessage", "hang", after=True)
    program = rig.launch()
    rig.until(rig.cards, "the card is posted")
    program.kill()
    assert rig.count(PostRow) == 0  # we do not know of the card
    rig.relay.follow_up(buyer, "I am still waiting.")
    rig.carry()
    rig.let_leases_end()

    program = rig.start()
    case = rig.case_of(buyer)
    card = rig.card(case)
    card.expect_reply("Is anybody there?", 30)
    card.expect_reply("I am still waiting.", 30)
    rig.until(rig.is_quiet, "nothing waits")
    told = Counter(post.text for post in card.thread())
    assert len(rig.cards()) == 1
    assert set(told.values()) == {1}, told

    # The same in a running process: Slack takes it, and its answer is lost; meanwhile there is news.
    rig.sandbox.next_errors("chat.postMessage", 500, after=True, times=2)
    other = rig.write("Another question, please.")
    rig.relay.follow_up(other, "And one more.")
    rig.carry()
    rig.until(lambda: rig.count(PostRow, PostRow.key == f"card:{rig.case_of(other)}"), "the card is known")
    rig.until(rig.is_quiet, "nothing waits")
    assert len(rig.cards()) == 2
    assert len(rig.card(rig.case_of(other)).thread()) == 1
    assert program.is_alive


def progress(rig: Rig) -> int:
    """How far the burst has got: mails stored, mails taken in, cards known to be posted."""
    return rig.count(MailRow) + rig.taken_in() + rig.count(PostRow, PostRow.key.like("card:%"))


def test_a_burst_while_the_process_dies_again_and_again(tmp_path: Path, imap_server: Dovecot) -> None:
    moments = sorted(random.sample(range(3 * BURST - 20), ROUNDS))  # pytest-randomly prints the seed
    with running_rig(tmp_path, imap_server, sites=MANY_SITES) as rig:
        mails = rig.invent(BURST, MANY_SITES)
        rig.deliver(mails)
        upgrade(rig.database)  # so that we can look into it before the program has made it
        program = rig.launch()
        for moment in moments:
            rig.until(lambda at=moment: progress(rig) >= at, f"step {moment}", 60)
            program.kill()
            rig.let_leases_end()
            program = rig.launch()
        rig.until(rig.sandbox.connections, "the bot connects", 60)
        rig.silence()  # meanwhile; the SDK needs its time to see that
        rig.until(lambda: progress(rig) >= 3 * BURST and rig.is_quiet(), "everything is told", 90)

        assert {rig.count(table) for table in (MailRow, MessageRow, DeadlineRow, CaseRow)} == {BURST}
        stored = Counter(row.message_id for row in rig.rows(select(MessageRow.message_id)))
        assert stored == Counter(mail.message_id for mail in mails)
        assert rig.count(OutboxRow, OutboxRow.state == "dead") == 0
        cards = rig.cards(*(f"amz-{site.lower()}" for site in MANY_SITES))
        shown = Counter(
            next(number for number in range(BURST) if f"parcel {number}?" in card.plain) for card in cards
        )
        assert shown == Counter(range(BURST))

        rig.until(rig.sandbox.connections, "the bot sees that its connection is dead, and makes another", 60)
        assert cards[0].click("Claim", by="anna").ok
