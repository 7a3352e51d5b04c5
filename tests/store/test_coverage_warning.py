"""The warning of fatal gaps: once for each that opens, whatever else changes. Both databases.

The rota: Beijing 01:00-10:00 UTC and Los Angeles 17:00-01:00 UTC, every day; Li Wei, Wang Fang and Anna serve both
stores, Chen Yu Nordlicht, Bob Sunrise. Nobody from 10:00 to 17:00, which is not fatal. START is a Wednesday, 09:00 UTC.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from bot.clock import FixedClock
from bot.db.engine import Database
from bot.db.tables import OutboxRow
from bot.desk import Desk, coverage, requests
from bot.desk.knowledge import Knowledge
from bot.desk.wishes import Wish
from bot.domain.rota import Rota
from tests import world
from tests.store.request_words import at, told
from tests.world import ANNA, BOB, CHEN, LI_WEI, WANG

MINUTE, HOUR, DAY, WEEK = (timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days", "weeks"))
EVERYBODY = (LI_WEI, CHEN, WANG, ANNA, BOB)
WEEKDAYS = frozenset(range(5))
DeskOf = Callable[[Rota], Desk]


@pytest.fixture
def desk_of(database: Database, clock: FixedClock, knowledge: Knowledge) -> DeskOf:
    """The same installation with other rules, as after an edit of config/rota.yaml."""

    def make(rota: Rota) -> Desk:
        settings = world.settings_with_rota().model_copy(update={"rota": rota})
        return Desk(database, settings, clock, knowledge)

    return make


def weekdays_only() -> Rota:
    """Friday 17:00 Los Angeles to Monday 09:00 Beijing: 48 hours in winter, every week."""
    rota = world.rota()
    layers = [
        replace(layer, shifts=tuple(replace(one, days=WEEKDAYS) for one in layer.shifts))
        for layer in rota.layers
    ]
    return replace(rota, layers=tuple(layers))


def ended(day: date) -> Rota:
    """Everybody's last day."""
    rota = world.rota()
    return replace(rota, layers=tuple(replace(one, last_day=day) for one in rota.layers))


def warnings(desk: Desk) -> int:
    """How many posts wait; they are then taken away, as if they had been sent."""
    count = sum(key.startswith("gaps:") for key in told(desk))
    with desk.database.writing() as tx:
        tx.execute(delete(OutboxRow))
    return count


def off(desk: Desk, start: str, end: str, *people: str) -> None:
    for person in people:
        requests.ask(desk, Wish("off", person, at(start), at(end), reason="sick"))


def take(desk: Desk, person: str, start: str, end: str) -> None:
    requests.ask(desk, Wish("override", WANG, at(start), at(end), other=person))


def test_without_a_fatal_gap_nothing_is_said(staffed: Desk, clock: FixedClock) -> None:
    for _ in range(3):
        assert coverage.warn(staffed) == 0
        clock.advance(10 * MINUTE)
    assert warnings(staffed) == 0
    assert coverage.new_gaps(staffed).gaps == ()


def test_without_a_rota_there_is_nothing_to_look_at(desk: Desk) -> None:
    assert coverage.warn(desk) == 0
    assert told(desk) == set()


def test_a_gap_of_every_week_is_told_once_however_long_the_rota_stays(
    desk_of: DeskOf, clock: FixedClock
) -> None:
    desk = desk_of(weekdays_only())
    assert coverage.warn(desk) > 0
    assert warnings(desk) == 1
    # Past the changes of the clocks on 14 March, which comes into sight on the way.
    for _ in range(20):
        clock.advance(WEEK + 7 * HOUR)
        assert coverage.warn(desk) == 0, f"on {clock.now()}"
    assert warnings(desk) == 0


def test_one_post_tells_of_all_gaps_that_are_new(desk_of: DeskOf) -> None:
    desk = desk_of(weekdays_only())
    coverage.warn(desk)
    with desk.database.reading() as tx:
        (row,) = tx.scalars(select(OutboxRow))
    assert row.place == "amz-leads"
    stores = {gap[0] for gap in coverage.new_gaps(desk).gaps}
    assert stores == {"Nordlicht", "Sunrise"}
    first = coverage.new_gaps(desk).gaps[0]
    assert first[2:] == (
        datetime(2026, 11, 28, 1, 0, tzinfo=UTC),
        datetime(2026, 11, 30, 1, 0, tzinfo=UTC),
        True,
    )


def test_a_change_that_leaves_the_gaps_as_they_were_is_no_news(desk_of: DeskOf) -> None:
    desk = desk_of(weekdays_only())
    coverage.warn(desk)
    warnings(desk)
    requests.ask(desk, Wish("take", LI_WEI, at("26 11:00"), at("26 12:00")))
    off(desk, "27 00:00", "27 12:00", LI_WEI)
    warnings(desk)
    assert coverage.warn(desk) == 0
    assert warnings(desk) == 0


def test_a_gap_that_opens_is_told_once_and_again_when_it_was_closed_in_between(staffed: Desk) -> None:
    coverage.warn(staffed)
    off(staffed, "26 10:00", "28 10:00", *EVERYBODY)
    warnings(staffed)
    assert coverage.warn(staffed) == 2
    assert coverage.warn(staffed) == 0
    assert warnings(staffed) == 1
    gaps = coverage.new_gaps(staffed).gaps
    assert [(gap[0], gap[2], gap[3]) for gap in gaps] == [
        (store, at("26 10:00"), at("28 17:00")) for store in ("Nordlicht", "Sunrise")
    ]
    take(staffed, ANNA, "27 17:00", "27 21:00")
    warnings(staffed)
    assert coverage.warn(staffed) == 0, "what is left of it is shorter, and known"
    take(staffed, ANNA, "26 17:00", "26 21:00")
    assert coverage.warn(staffed) == 0
    warnings(staffed)
    off(staffed, "26 12:00", "27 10:00", ANNA)
    warnings(staffed)
    assert coverage.warn(staffed) == 2
    assert warnings(staffed) == 1
    assert {gap[2] for gap in coverage.new_gaps(staffed).gaps} == {at("26 10:00")}


def test_a_gap_of_the_same_hours_in_another_week_is_another_gap(staffed: Desk) -> None:
    off(staffed, "26 10:00", "28 10:00", *EVERYBODY)
    assert coverage.warn(staffed) == 2
    off(staffed, "33 10:00", "35 10:00", *EVERYBODY)
    assert coverage.warn(staffed) == 2
    assert {gap[2] for gap in coverage.new_gaps(staffed).gaps} == {at("33 10:00")}


def test_a_known_gap_that_grows_by_a_shift_is_told_again(staffed: Desk) -> None:
    off(staffed, "26 10:00", "28 10:00", *EVERYBODY)
    coverage.warn(staffed)
    off(staffed, "28 10:00", "29 01:00", ANNA, BOB)
    assert coverage.warn(staffed) == 2


def test_a_gap_of_one_store_is_told_for_that_store_only(staffed: Desk) -> None:
    off(staffed, "26 10:00", "28 10:00", ANNA, LI_WEI, WANG, BOB)
    assert coverage.warn(staffed) == 1
    assert {gap[0] for gap in coverage.new_gaps(staffed).gaps} == {"Sunrise"}


def test_a_rota_that_ends_is_told_once_and_not_at_every_look(desk_of: DeskOf, clock: FixedClock) -> None:
    desk = desk_of(ended(date(2026, 12, 1)))
    assert coverage.warn(desk) == 2
    for span in (10 * MINUTE, DAY, 6 * DAY, 10 * DAY, 30 * DAY):
        clock.advance(span)
        assert coverage.warn(desk) == 0, f"on {clock.now()}"
    assert warnings(desk) == 1
    assert len(coverage.new_gaps(desk).gaps) == 2


def test_a_gap_that_has_passed_is_forgotten(staffed: Desk, clock: FixedClock) -> None:
    off(staffed, "26 10:00", "28 10:00", *EVERYBODY)
    coverage.warn(staffed)
    clock.advance(4 * DAY)
    assert coverage.warn(staffed) == 0
    assert coverage.new_gaps(staffed).gaps == ()


def test_new_rules_are_looked_at_at_once(desk_of: DeskOf) -> None:
    assert coverage.warn(desk_of(world.rota())) == 0
    assert coverage.warn(desk_of(weekdays_only())) > 0
    assert coverage.warn(desk_of(world.rota())) == 0
    assert coverage.warn(desk_of(weekdays_only())) > 0, "it was gone, and is back"
