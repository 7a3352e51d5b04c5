"""A preview of a bulk reply beside people who merge its cases: neither waits for the other in a circle. PostgreSQL."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bot.clock import FixedClock
from bot.db.tables import CaseRow
from bot.desk import Desk, bulk
from bot.domain.bulk import Wanted
from tests.store.bulk_words import FRIDAY, Buyers
from tests.world import ANNA

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


@pytest.fixture
def pool(desk: Desk) -> Iterator[ThreadPoolExecutor]:
    if desk.database.is_sqlite:
        pytest.skip("on SQLite one transaction writes at a time")
    with ThreadPoolExecutor(1) as found:
        yield found


def _until_somebody_waits(desk: Desk) -> None:
    for _ in range(2000):
        with desk.database.reading() as tx:
            if tx.scalar(_WAITING):
                return
        threading.Event().wait(0.01)
    raise AssertionError("nobody waits")


def test_a_preview_holds_its_cases_in_the_order_of_their_numbers(
    desk: Desk, clock: FixedClock, pool: ThreadPoolExecutor
) -> None:
    """So does whoever merges two: 1001, then 1002. The preview has the more urgent one first."""
    buyers = Buyers(desk, clock)
    buyers.case()
    clock.advance(timedelta(hours=-1))
    buyers.case()
    clock.advance(timedelta(hours=1))
    wanted = Wanted("nordlicht", "holding_reply", shared=FRIDAY)
    with desk.database.writing() as tx:
        tx.scalars(select(CaseRow).where(CaseRow.number == 1001).with_for_update()).one()
        made = pool.submit(bulk.prepare, desk, wanted, by=ANNA)
        _until_somebody_waits(desk)
        tx.scalars(select(CaseRow).where(CaseRow.number == 1002).with_for_update(nowait=True)).one()
    page = bulk.page(desk, made.result(), 0, by=ANNA)
    assert [one.case for one in page.cases] == [1002, 1001]
