"""The outbox after an answer was lost or a process died: one key is one post, and its row can be found by id."""

from datetime import timedelta

from sqlalchemy import select

from bot.clock import FixedClock
from bot.db.engine import Database
from bot.db.queries import outbox
from bot.db.tables import OutboxRow, PostRow

PLACE, CARD = "amz-nordlicht", "card:1001"


def take(database: Database, clock: FixedClock, key: str | None = None) -> OutboxRow | None:
    with database.writing() as tx:
        return outbox.claim_due(tx, PLACE, clock.now(), key=key)


def put(database: Database, clock: FixedClock, key: str = CARD, urgency: int = outbox.NORMAL) -> None:
    with database.writing() as tx:
        outbox.put(tx, key, PLACE, clock.now(), urgency=urgency)


def places(database: Database, clock: FixedClock) -> list[str]:
    with database.reading() as tx:
        return outbox.places_due(tx, clock.now())


def test_a_key_that_is_being_told_waits_until_that_is_settled(database, clock):
    put(database, clock)
    first = take(database, clock)
    put(database, clock, urgency=outbox.URGENT)  # news, while the first is under way
    assert take(database, clock) is None
    assert places(database, clock) == []
    with database.writing() as tx:
        outbox.done(tx, first)
    second = take(database, clock)
    assert (second.key, second.attempts) == (CARD, 1)


def test_after_a_crash_the_row_that_may_have_been_told_comes_first(database, clock):
    put(database, clock)
    left = take(database, clock)
    put(database, clock, urgency=outbox.URGENT)
    clock.advance(outbox.LEASE + timedelta(seconds=1))
    again = take(database, clock)
    assert (again.id, again.attempts) == (left.id, 2)


def test_a_row_that_is_due_again_takes_the_place_of_news_about_the_same_thing(database, clock):
    put(database, clock)
    first = take(database, clock)
    put(database, clock, urgency=outbox.URGENT)
    with database.writing() as tx:
        outbox.again(tx, first, clock.now(), "its answer was lost")
    again = take(database, clock)
    assert (again.id, again.attempts, again.urgency) == (first.id, 2, outbox.URGENT)
    assert take(database, clock) is None


def test_a_worker_that_woke_too_late_puts_nothing_back(database, clock):
    put(database, clock)
    late = take(database, clock)
    clock.advance(outbox.LEASE + timedelta(seconds=1))
    now = take(database, clock)
    put(database, clock)
    with database.writing() as tx:
        outbox.again(tx, late, clock.now(), "too late")
        outbox.done(tx, now)
    assert take(database, clock).attempts == 1  # what came meanwhile is still to be told


def test_what_died_before_a_clock_was_set_back_is_told_at_once(database, clock):
    put(database, clock)
    clock.advance(timedelta(hours=8))
    left = take(database, clock)
    put(database, clock, urgency=outbox.URGENT)
    assert take(database, clock) is None
    clock.advance(-timedelta(hours=7))
    assert places(database, clock) == [PLACE]
    assert take(database, clock).id == left.id


def test_what_slack_did_not_take_before_a_clock_was_set_back_is_told_at_once(database, clock):
    put(database, clock)
    row = take(database, clock)
    with database.writing() as tx:
        outbox.again(tx, row, row.not_before, "nobody answers")
    clock.advance(-timedelta(hours=1))
    assert take(database, clock).id == row.id
    clock.advance(-timedelta(hours=1))
    assert take(database, clock).id == row.id, "its worker died, and the clock went back once more"


def test_one_key_can_be_taken_by_name(database, clock):
    put(database, clock, "message:7", outbox.URGENT)
    put(database, clock)
    assert take(database, clock, CARD).key == CARD
    assert take(database, clock, CARD) is None
    assert take(database, clock).key == "message:7"


def test_what_was_put_before_a_clock_was_set_back_is_told_at_once_and_what_shall_wait_waits(database, clock):
    put(database, clock)
    with database.writing() as tx:
        morning = clock.now() + timedelta(hours=9)
        outbox.put(tx, "digest:1", PLACE, clock.now(), not_before=morning)
    clock.advance(-timedelta(hours=1))
    assert places(database, clock) == [PLACE]
    first = take(database, clock)
    assert first.key == CARD
    with database.writing() as tx:
        outbox.again(tx, first, clock.now() + timedelta(minutes=2), "Slack says: later")
    assert take(database, clock) is None, "what was tried by the new time waits by it"
    clock.advance(timedelta(minutes=2))
    assert take(database, clock).key == CARD


def test_a_card_that_a_late_answer_brought_back_to_where_it_was_deleted_can_be_posted_anew(database, clock):
    """It could not for good, nor could anything under it: the old place had been noted already."""
    old, new = ("C1", "1700000000.000001"), ("C1", "1700000009.000001")
    for post in (old, new):
        with database.writing() as tx:
            outbox.posted(tx, CARD, old, 1001, clock.now())
            outbox.moved_away(tx, CARD, f"gone:{old[1]}")
        with database.writing() as tx:
            outbox.posted(tx, CARD, old, 1001, clock.now())
            outbox.posted(tx, CARD, post, 1001, clock.now())
    with database.writing() as tx:
        outbox.moved_away(tx, "card:1", f"gone:{old[1]}")
        assert {(row.key, row.ts) for row in tx.scalars(select(PostRow))} == {
            (CARD, new[1]),
            (f"gone:{old[1]}", old[1]),
        }
