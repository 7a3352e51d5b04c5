"""A manager's text over a warning, whose author is no manager any more when it would leave. Both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.clock import FixedClock
from bot.db.tables import OutboxRow, ReplyRow
from bot.desk import Desk, read, reply, solutions
from bot.desk.reply import Outgoing
from bot.desk.solutions import Wish
from bot.domain.departure import NO_MANAGER
from bot.domain.policy import for_manager
from bot.sandbox.relay import MailRelay
from bot.settings import Secrets
from bot.work.replies import send_next
from tests.store.test_merging import TEXT
from tests.world import ANNA, LI_WEI, WANG, Post, buyer_mail

OVER = TEXT.replace("It arrives on Friday.", "It arrives on Friday, and we refund 7.00 EUR.")
"""Five were granted."""


@pytest.fixture(autouse=True)
def case(desk: Desk, post: Post) -> None:
    post.deliver(buyer_mail())
    solutions.grant(desk, 1001, Wish("partial_refund", "50", "5"), by=ANNA, seen=0)


def as_agent(lane: Desk) -> Desk:
    """The same desk, in which Wang Fang is an agent like the others."""
    agents = lane.settings.agents
    demoted = agents["wang-fang"].model_copy(update={"role": "agent"})
    return replace(
        lane, settings=lane.settings.model_copy(update={"agents": agents | {"wang-fang": demoted}})
    )


def send(lane: Desk, text: str) -> None:
    shown = reply.preview(lane, 1001, text, by=WANG)
    assert bool(for_manager(shown.findings)) == (text == OVER)
    reply.send(lane, 1001, Outgoing(shown.text, shown.fingerprint, shown.seen), by=WANG)


def leave(lane: Desk, clock: FixedClock) -> str:
    """What becomes of the reply when its undo window is over."""
    clock.advance(timedelta(minutes=1))
    send_next(lane, Secrets(lane.settings, {}))
    return next(one.state for one in read.case(lane, 1001).replies if one.state != "draft")


def test_it_does_not_leave_and_becomes_their_draft(lane: Desk, clock: FixedClock, relay: MailRelay) -> None:
    send(lane, OVER)
    assert leave(as_agent(lane), clock) == "withdrawn"
    assert list(relay.sent) == []
    draft = read.draft(lane, 1001, WANG)
    assert draft is not None
    assert draft.text == OVER
    assert read.case(lane, 1001).due_at is not None
    with lane.database.reading() as tx:
        told = set(tx.scalars(select(OutboxRow.place).where(OutboxRow.key.startswith("held_back:"))))
        (gone,) = tx.scalars(select(ReplyRow.reason).where(ReplyRow.state == "withdrawn"))
    assert gone == NO_MANAGER
    assert WANG in told, "nobody else would tell them that the buyer still waits"


def test_a_text_that_anybody_may_send_leaves(lane: Desk, clock: FixedClock) -> None:
    send(lane, TEXT)
    assert leave(as_agent(lane), clock) == "accepted"


def test_so_does_that_of_who_is_a_manager_still(lane: Desk, clock: FixedClock) -> None:
    send(lane, OVER)
    assert leave(lane, clock) == "accepted"


def test_what_an_agent_sends_after_a_managers_is_judged_by_itself(lane: Desk, clock: FixedClock) -> None:
    send(lane, OVER)
    assert leave(as_agent(lane), clock) == "withdrawn"
    shown = reply.preview(lane, 1001, TEXT, by=LI_WEI)
    out = Outgoing(shown.text, shown.fingerprint, shown.seen, shown.seen_reply)
    number = reply.send(lane, 1001, out, by=LI_WEI)
    clock.advance(timedelta(minutes=1))
    assert send_next(lane, Secrets(lane.settings, {}))
    assert next(one for one in read.case(lane, 1001).replies if one.id == number).state == "accepted"
