"""What a tick does for many rows: one that breaks our own code holds up no other, and is done later. Both databases."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError

from bot.clock import FixedClock
from bot.db.queries import ledger, switches
from bot.db.tables import CaseRow, PingRow, ReplyRow
from bot.db.tables_records import HoldRow
from bot.db.trouble import apart
from bot.desk import Desk, assign, holds, pings, reply, route, settle
from bot.desk.reply import Outgoing
from bot.domain.ledger import first_fault
from bot.work.replies import _claim
from tests.store.lived import DAY, HOUR, MINUTE, Inbox
from tests.world import ANNA, WANG

TEXT = "Hello,\n\nthank you for your message. Your parcel arrives on Friday.\n\nKind regards"
Breaking = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def breaking(desk: Desk) -> Breaking:
    """While it lasts, whatever is stored by a statement that begins so for case 1001 breaks."""

    @contextmanager
    def breaks(beginning: str) -> Iterator[None]:
        def fail(_conn: object, _cursor: object, statement: str, parameters: object, *_more: object) -> None:
            if statement.startswith(beginning) and "1001" in str(parameters):
                raise ValueError("what nobody thought of")

        engine = desk.database.engine
        event.listen(engine, "before_cursor_execute", fail)
        yield
        event.remove(engine, "before_cursor_execute", fail)

    return breaks


def two(desk: Desk, clock: FixedClock) -> list[int]:
    """Two cases that nobody has."""
    inbox = Inbox(desk, clock)
    return [inbox.case() for _ in range(2)]


def pinged(desk: Desk) -> set[tuple[int, str]]:
    with desk.database.reading() as tx:
        return {(row.case, row.stage) for row in tx.scalars(select(PingRow))}


def test_a_case_that_can_not_be_pinged_leaves_the_others_their_pings(
    desk: Desk, clock: FixedClock, breaking: Breaking
) -> None:
    odd, other = two(desk, clock)
    clock.advance(DAY - 15 * MINUTE)
    with breaking("INSERT INTO pings"):
        pings.ping_due(desk)
        pings.ping_unclaimed(desk)
    assert pinged(desk) == {(other, "15min"), (other, pings.UNCLAIMED)}
    pings.ping_due(desk)
    assert (odd, "15min") in pinged(desk)


def test_a_case_that_can_not_be_offered_leaves_the_others_their_offers(
    staffed: Desk, clock: FixedClock, breaking: Breaking
) -> None:
    odd, other = two(staffed, clock)
    before = {number: _case(staffed, number).offered_to for number in (odd, other)}
    clock.advance(21 * MINUTE)
    with breaking("INSERT INTO ledger"):
        route.route_waiting(staffed)
    assert _case(staffed, odd).offered_to == before[odd], "nothing of it is half done"
    assert _case(staffed, other).offered_to != before[other]
    route.route_waiting(staffed)
    assert _case(staffed, odd).offered_to != before[odd]


def _case(desk: Desk, number: int) -> CaseRow:
    with desk.database.reading() as tx:
        return tx.get_one(CaseRow, number)


def test_of_replies_that_a_dead_process_left_each_becomes_unsure_by_itself(
    desk: Desk, clock: FixedClock, breaking: Breaking
) -> None:
    for number in two(desk, clock):
        assign.claim(desk, number, by=ANNA)
        shown = reply.preview(desk, number, TEXT, by=ANNA)
        out = Outgoing(shown.text, shown.fingerprint, shown.seen, shown.seen_reply, to=shown.to)
        reply.send(desk, number, out, by=ANNA)
    clock.advance(MINUTE)
    assert [_claim(desk) is not None for _ in range(2)] == [True, True]
    clock.advance(HOUR)
    with breaking("INSERT INTO ledger"):
        settle.left_behind(desk)
    assert _states(desk) == ["sending", "unsure"]
    settle.left_behind(desk)
    assert _states(desk) == ["unsure", "unsure"]
    with desk.database.reading() as tx:
        assert first_fault(ledger.records(tx)) is None


def _states(desk: Desk) -> list[str]:
    with desk.database.reading() as tx:
        return list(tx.scalars(select(ReplyRow.state).order_by(ReplyRow.id)))


def test_of_holds_whose_date_has_come_each_ends_by_itself(
    desk: Desk, clock: FixedClock, breaking: Breaking
) -> None:
    for number in two(desk, clock):
        holds.hold(desk, number, "legal", WANG, clock.now() + DAY, by=WANG)
    clock.advance(2 * DAY)
    with breaking("INSERT INTO ledger"):
        holds.end_due(desk)
    with desk.database.reading() as tx:
        rows = tx.scalars(select(HoldRow).order_by(HoldRow.case)).all()
        assert [row.ended_at is None for row in rows] == [True, False]


def _fill(desk: Desk, name: str) -> None:
    """Three rows, for the second of which there is no room."""
    with desk.database.writing() as tx:
        tx.execute(text(f"PRAGMA max_page_count = {tx.scalar(text('PRAGMA page_count'))}"))
        for number in range(3):
            with apart(tx, "row_failed", which=number):
                switches.put(tx, f"{name}:{number}", "x" * 1_000_000 if number == 1 else "small")


def test_a_full_database_is_no_odd_row(desk: Desk) -> None:
    """SQLite undoes the whole transaction then: what came before is lost, what came behind would be kept by itself."""
    if not desk.database.is_sqlite:
        pytest.skip("PostgreSQL undoes the savepoint alone")
    with pytest.raises(DBAPIError):
        _fill(desk, "row")
    with desk.database.reading() as tx:
        assert [switches.get(tx, f"row:{number}") for number in range(3)] == [None, None, None]
