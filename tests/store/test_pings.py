"""Pings and the outbox: recorded before they are sent, each once, the most urgent after an outage. Both databases."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import event, select

from bot.clock import FixedClock
from bot.db.queries import leases, outbox
from bot.db.queries import ledger as ledger_queries
from bot.db.tables import LedgerRow, OutboxRow, PingRow
from bot.desk import Desk, assign, close, pings
from bot.domain.ledger import first_fault
from bot.settings.peak import PeakSettings
from tests.world import ANNA, CHEN, LI_WEI, START, WANG, Post, buyer_mail

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def pinged(desk: Desk) -> set[tuple[str, str]]:
    with desk.database.reading() as tx:
        rows = tx.scalars(select(PingRow))
        return {(row.stage, row.addressee) for row in rows if ":" not in row.addressee}


@pytest.fixture(autouse=True)
def case(post: Post) -> None:
    post.deliver(buyer_mail())


def test_the_ladder_goes_to_the_assignee_then_to_the_channel_then_to_the_managers(
    desk: Desk, clock: FixedClock
) -> None:
    assign.claim(desk, 1001, by=LI_WEI)
    expected: set[tuple[str, str]] = set()
    for hours_left, stage, addressees in (
        (12, "12h", {"card"}),
        (6, "6h", {"thread"}),
        (3, "3h", {"thread", LI_WEI}),
        (1, "1h", {"channel", LI_WEI}),
        (0.25, "15min", {"escalation", WANG, LI_WEI}),
        (0, "overdue", {"escalation", WANG, LI_WEI}),
    ):
        clock.advance(START + DAY - timedelta(hours=hours_left) - clock.now() - timedelta(seconds=1))
        pings.ping_due(desk)
        assert pinged(desk) == expected, f"nothing before {stage}"
        clock.advance(timedelta(seconds=1))
        pings.ping_due(desk)
        expected |= {(stage, one) for one in addressees}
        assert pinged(desk) == expected


@pytest.mark.parametrize("peak_days", [(), ("2026-11-25",)], ids=["plain", "in peak mode"])
def test_without_a_ladder_nobody_is_pinged(desk: Desk, clock: FixedClock, peak_days: tuple[str, ...]) -> None:
    peak = tuple(PeakSettings(first_day=day, last_day=day, target_hours=4) for day in peak_days)
    thresholds = desk.settings.thresholds.model_copy(update={"pings": (), "peak": peak})
    without = replace(desk, settings=desk.settings.model_copy(update={"thresholds": thresholds}))
    clock.advance(DAY + HOUR)
    assert pings.ping_due(without) == 0
    assert pinged(without) == set()


def test_without_an_assignee_everybody_of_the_store_is_asked(desk: Desk, clock: FixedClock) -> None:
    clock.advance(21 * HOUR)
    pings.ping_due(desk)
    assert pinged(desk) == {("3h", one) for one in ("thread", LI_WEI, CHEN, ANNA, WANG)}


def test_after_an_outage_only_the_most_urgent_stage_is_sent(desk: Desk, clock: FixedClock) -> None:
    assign.claim(desk, 1001, by=LI_WEI)
    clock.advance(23 * HOUR + 30 * MINUTE)
    assert pings.ping_due(desk) == 2
    assert {stage for stage, _who in pinged(desk)} == {"1h"}


def test_ticking_again_pings_nobody_again(desk: Desk, clock: FixedClock) -> None:
    clock.advance(23 * HOUR)
    assert pings.ping_due(desk) > 0
    assert pings.ping_due(desk) == 0


def test_two_clocks_that_tick_at_once_ping_once(desk: Desk, clock: FixedClock) -> None:
    assign.claim(desk, 1001, by=LI_WEI)
    clock.advance(21 * HOUR)
    counts: list[int] = []
    start = Barrier(4)

    def tick() -> None:
        start.wait()
        counts.append(pings.ping_due(desk))

    clocks = [Thread(target=tick) for _ in range(4)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()
    assert sum(counts) == 2


def test_an_answered_case_is_not_pinged(desk: Desk, clock: FixedClock) -> None:
    close.no_response_needed(desk, 1001, by=LI_WEI)
    clock.advance(23 * HOUR)
    assert pings.ping_due(desk) == 0


def test_of_two_messages_the_older_one_pings(desk: Desk, clock: FixedClock, post: Post) -> None:
    clock.advance(HOUR)
    post.deliver(buyer_mail("and another thing"))
    clock.advance(20 * HOUR)
    pings.ping_due(desk)
    with desk.database.reading() as tx:
        assert set(tx.scalars(select(PingRow.message))) == {1}


def test_when_the_older_one_is_overdue_the_next_one_pings(desk: Desk, clock: FixedClock, post: Post) -> None:
    assign.claim(desk, 1001, by=LI_WEI)
    clock.advance(20 * HOUR)
    post.deliver(buyer_mail("Hello?"))
    expected: set[tuple[int, str]] = set()
    for hours, message, stage in (
        (21, 1, "3h"),
        (24, 1, "overdue"),
        (32, 2, "12h"),
        (41, 2, "3h"),
        (44, 2, "overdue"),
    ):
        clock.advance(START + hours * HOUR - clock.now())
        pings.ping_due(desk)
        expected |= {(message, stage)}
        with desk.database.reading() as tx:
            assert {(row.message, row.stage) for row in tx.scalars(select(PingRow))} == expected


def test_of_several_that_are_overdue_after_an_outage_the_newest_one_pings(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    for _ in range(3):
        clock.advance(HOUR)
        post.deliver(buyer_mail("Hello?"))
    clock.advance(23 * HOUR + 30 * MINUTE)
    pings.ping_due(desk)
    with desk.database.reading() as tx:
        found = {(row.message, row.stage) for row in tx.scalars(select(PingRow))}
    assert found == {(3, "overdue"), (4, "1h")}


def test_an_unclaimed_case_is_asked_for_once(desk: Desk, clock: FixedClock) -> None:
    clock.advance(29 * MINUTE)
    assert pings.ping_unclaimed(desk) == 0
    clock.advance(2 * MINUTE)
    assert (pings.ping_unclaimed(desk), pings.ping_unclaimed(desk)) == (1, 0)


def test_ten_changes_of_a_card_are_one_row_and_a_change_while_it_is_sent_is_another(
    desk: Desk, clock: FixedClock
) -> None:
    for _ in range(10):
        close.note(desk, 1001, "x", by=LI_WEI)
    with desk.database.writing() as tx:
        row = outbox.claim_due(tx, "amz-nordlicht", clock.now())
        assert row is not None
        assert row.key == "card:1001"
    close.note(desk, 1001, "y", by=LI_WEI)
    with desk.database.writing() as tx:
        outbox.done(tx, row)
        left = tx.scalars(select(OutboxRow.key).where(OutboxRow.key == "card:1001")).all()
    assert left == ["card:1001"], "the change that came while it was sent is still to be shown"


def test_a_row_whose_worker_died_is_taken_again_and_the_late_worker_changes_nothing(
    desk: Desk, clock: FixedClock
) -> None:
    with desk.database.writing() as tx:
        first = outbox.claim_due(tx, "amz-nordlicht", clock.now())
        assert outbox.claim_due(tx, "amz-nordlicht", clock.now()) is None
    clock.advance(outbox.LEASE)
    with desk.database.writing() as tx:
        second = outbox.claim_due(tx, "amz-nordlicht", clock.now())
    assert first is not None
    assert second is not None
    assert (second.id, second.attempts) == (first.id, 2)
    with desk.database.writing() as tx:
        outbox.done(tx, first)
        assert tx.get(OutboxRow, second.id) is not None


def test_one_of_two_holds_a_lease_until_it_runs_out_or_is_given_back(desk: Desk, clock: FixedClock) -> None:
    span = timedelta(seconds=30)

    def take(owner: str) -> bool:
        with desk.database.writing() as tx:
            return leases.take(tx, "slack", owner, clock.now(), span)

    assert (take("a"), take("b"), take("a")) == (True, False, True)
    clock.advance(span)
    assert (take("b"), take("a")) == (True, False)
    with desk.database.writing() as tx:
        leases.give_back(tx, "slack", "b")
    assert take("a")


def test_the_ledger_is_one_chain_whoever_writes(desk: Desk) -> None:
    start = Barrier(4)

    def write(number: int) -> None:
        start.wait()
        for count in range(5):
            close.note(desk, 1001, f"{number}.{count}", by=LI_WEI)

    people = [Thread(target=write, args=(number,)) for number in range(4)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    with desk.database.reading() as tx:
        assert first_fault(ledger_queries.records(tx)) is None
        assert len(tx.scalars(select(LedgerRow.seq)).all()) == 21


def test_a_look_holds_no_card_that_others_wait_for_before_all_is_recorded(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    """Else who changes the cards of several cases and the look wait for each other: PostgreSQL ends one of the two."""
    post.deliver(
        buyer_mail(
            order_id="305-7654321-7654321",
            amazon_case_id="case-2",
            buyer_alias="ann0000000001+case-2@marketplace.amazon.de",
            buyer_base="ann0000000001@marketplace.amazon.de",
        )
    )
    clock.advance(23 * HOUR)
    stored: list[str] = []

    def listen(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        stored.append(" ".join(statement.split()[:3]))

    event.listen(desk.database.engine, "before_cursor_execute", listen)
    assert pings.ping_due(desk) > 2
    event.remove(desk.database.engine, "before_cursor_execute", listen)
    kinds = [one.removeprefix("INSERT INTO ") for one in stored if one.startswith("INSERT INTO ")]
    assert "outbox" not in kinds[: len(kinds) - kinds[::-1].index("pings")]
    with desk.database.reading() as tx:
        cards = set(tx.scalars(select(OutboxRow.key).where(OutboxRow.key.startswith("card:"))))
    assert cards == {"card:1001", "card:1002"}
