"""Peak mode in the ladder of pings: the target is called for in the thread, Amazon's clock goes on. Both databases.

START is Wednesday 2026-11-25, 09:00 UTC.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.clock import FixedClock
from bot.db.tables import PingRow
from bot.desk import Desk, assign, close, pings, read, shift_pages
from bot.settings.peak import PeakSettings
from tests.store.lived import keys, told
from tests.world import ANNA, LI_WEI, START, WANG, Post, buyer_mail

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def in_peak(desk: Desk, stores: object = "all") -> Desk:
    peak = PeakSettings.model_validate(
        {"first_day": "2026-11-20", "last_day": "2026-12-31", "stores": stores}
    )
    thresholds = desk.settings.thresholds.model_copy(update={"peak": (peak,)})
    return replace(desk, settings=desk.settings.model_copy(update={"thresholds": thresholds}))


@pytest.fixture(autouse=True)
def case(post: Post) -> None:
    post.deliver(buyer_mail())


def stages(desk: Desk) -> dict[str, float]:
    """Each stage that was pinged, and how many hours after the message that first was."""
    with desk.database.reading() as tx:
        rows = tx.scalars(select(PingRow).order_by(PingRow.at.desc()))
        return {row.stage: (row.at - START) / HOUR for row in rows}


def live(desk: Desk, clock: FixedClock, hours: int) -> None:
    for _ in range(hours * 2):
        clock.advance(30 * MINUTE)
        pings.ping_due(desk)


AMAZONS = ("12h", "6h", "3h", "1h", "15min", "overdue")


def test_the_targets_stages_come_first_and_amazons_all_the_same(desk: Desk, clock: FixedClock) -> None:
    peak = in_peak(desk)
    assign.claim(peak, 1001, by=LI_WEI)
    live(peak, clock, 25)
    found = stages(peak)
    assert {name: found[name] for name in ("peak_6h", "peak_3h", "12h", "6h", "3h", "1h")} == {
        "peak_6h": 6,
        "peak_3h": 9,
        "12h": 12,
        "6h": 18,
        "3h": 21,
        "1h": 23,
    }
    assert set(found) - set(AMAZONS) == {"peak_6h", "peak_3h"}
    assert found["overdue"] == 24


def test_the_target_calls_the_assignee_in_the_thread_and_nobody_directly(
    desk: Desk, clock: FixedClock
) -> None:
    peak = in_peak(desk)
    assign.claim(peak, 1001, by=LI_WEI)
    told(peak)
    live(peak, clock, 10)
    assert keys(peak, "ping", "due") == ["ping:1:peak_6h:thread", "ping:1:peak_3h:thread"]
    with desk.database.reading() as tx:
        assert pings.called(tx, 1, "peak_3h", "thread") == (LI_WEI,)


def test_other_stores_and_answered_messages_hear_nothing_of_it(desk: Desk, clock: FixedClock) -> None:
    other = in_peak(desk, ["sunrise"])
    live(other, clock, 10)
    assert stages(other) == {}
    peak = in_peak(desk)
    close.no_response_needed(peak, 1001, by=WANG)
    live(peak, clock, 1)
    assert stages(peak) == {}


def test_who_is_on_is_told_with_the_peak_mode_of_the_store(desk: Desk, clock: FixedClock) -> None:
    peak = in_peak(desk, ["sunrise"])
    (acting,) = peak.settings.thresholds.peaks
    assert [one.peak for one in shift_pages.oncall(peak, None, "UTC").stores] == [None, acting]
    clock.advance(timedelta(days=60))
    assert [one.peak for one in shift_pages.oncall(peak, None, "UTC").stores] == [None, None]


def test_after_an_outage_only_amazons_clock_speaks(desk: Desk, clock: FixedClock) -> None:
    peak = in_peak(desk)
    clock.advance(22 * HOUR)
    pings.ping_due(peak)
    assert set(stages(peak)) == {"3h"}


def test_the_targets_clock_is_the_staffed_one_and_nobody_off_shift_is_called(
    staffed: Desk, clock: FixedClock
) -> None:
    """On until 10:00 and from 17:00 UTC: until the target, 21:00, five hours are staffed."""
    peak = in_peak(staffed)
    live(peak, clock, 12)
    own = {stage: after for stage, after in stages(peak).items() if stage.startswith("peak")}
    assert own == {"peak_6h": 0.5, "peak_3h": 9}, "at 09:30, and at 18:00 with three hours to go"
    with peak.database.reading() as tx:
        assert ANNA not in pings.called(tx, 1, "peak_6h", "thread")
        assert ANNA in pings.called(tx, 1, "peak_3h", "thread")


def test_the_card_knows_both_times(desk: Desk) -> None:
    shown = read.case(in_peak(desk), 1001)
    assert shown.target == (START + 12 * HOUR, 12)
    assert shown.due_at == START + 24 * HOUR
    assert read.case(desk, 1001).target is None
