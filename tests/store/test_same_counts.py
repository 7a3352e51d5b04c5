"""One history, made through the desk: every place that counts messages comes to the same counts. Both databases.

The week is Monday 2026-11-30 to Sunday 2026-12-06 in Berlin; it is looked at on its last evening. What was late on
arrival is kept apart everywhere; in the rate beside Amazon's report alone it is late, as it is to Amazon.
"""

from datetime import date, timedelta

import pytest

from bot.clock import FixedClock
from bot.db.queries import days
from bot.db.queries import reconcile as reconcile_queries
from bot.desk import Desk, causes, close, digests, exports, figures, read, replay
from bot.desk.figure_sums import sum_up
from bot.domain import duty_rows, sla, zones
from bot.domain.causes import Cause
from bot.domain.probable import is_late_here
from bot.domain.replay_facts import Replay
from bot.domain.sla import Duty, Figures
from bot.domain.streaks import Counts
from tests.store.lived import DAY, HOUR, MINUTE, Inbox, go_to
from tests.store.test_figures_histories import by_day
from tests.store.test_merging import answer
from tests.world import ANNA, WANG

STORE, ZONE = "nordlicht", "Europe/Berlin"
FIRST, LAST = date(2026, 11, 30), date(2026, 12, 6)
MONDAY = zones.day_at(FIRST, ZONE)
EVENING = MONDAY + 7 * DAY - HOUR

WEEK = Counts(4, 1, 2, 2, 2, 120 + (25 * 3600 + 120) + (3600 + 120) + 86_400 + 120)
TODAY = Counts(1, 0, 0, 1, 1, 120)
LATE_ON_ARRIVAL = 3


@pytest.fixture
def lived(staffed: Desk, clock: FixedClock) -> Desk:
    """A week in which messages ended in every way, with history and another store beside it.

    An answer leaves two minutes after it was given.
    """
    inbox = Inbox(staffed, clock)
    inbox.case(late=30 * HOUR)  # older than the first look into the mailbox: history
    go_to(clock, MONDAY - timedelta(seconds=1))
    inbox.case()  # of the week before
    go_to(clock, MONDAY + 10 * HOUR)
    answer(staffed, clock, inbox.case())
    late, _overdue = inbox.case(), inbox.case()
    clock.advance(25 * HOUR)
    answer(staffed, clock, late)
    go_to(clock, MONDAY + 3 * DAY + 10 * HOUR)
    inbox.case(late=26 * HOUR)
    answer(staffed, clock, inbox.case(late=24 * HOUR))
    to_the_second = inbox.case()
    answer(staffed, clock, inbox.case(late=HOUR))
    clock.advance(DAY - 4 * MINUTE)
    answer(staffed, clock, to_the_second)
    close.no_response_needed(staffed, inbox.case(), by=ANNA)
    _weekend(staffed, clock, inbox)
    go_to(clock, EVENING)
    return staffed


def _weekend(desk: Desk, clock: FixedClock, inbox: Inbox) -> None:
    go_to(clock, EVENING - DAY - HOUR)
    inbox.case()  # overdue for an hour
    go_to(clock, EVENING - DAY + HOUR / 2)
    inbox.case()  # still of Saturday, half an hour left
    go_to(clock, EVENING - 13 * HOUR)
    answer(desk, clock, inbox.case())
    close.no_response_needed(desk, inbox.case(), by=ANNA)
    inbox.case()
    inbox.case(late=25 * HOUR)
    inbox.case("sunrise")


def counts(one: Figures) -> Counts:
    """Figures as streaks and budgets have them."""
    seconds = round((one.average_seconds or 0) * (one.in_time + one.late))
    return Counts(one.in_time, one.late, one.overdue, one.waiting, one.excused, seconds)


def exported(desk: Desk) -> Figures:
    """What somebody counts who takes the file of these days away."""
    header = duty_rows.header(with_people=False)
    rows = exports.duties(desk, store=STORE, start=MONDAY, end=MONDAY + 7 * DAY)
    fields = ("anchor", "due_at", "state", "answered_at", "late_on_arrival")
    duties = [Duty(**{key: row[header.index(key)] for key in fields}) for row in rows]
    return sla.figures(duties, desk.now())


def tried(desk: Desk) -> Replay:
    return replay.run(desk, replay.Trial(), replay.last_days(desk, 7, STORE))


@pytest.mark.parametrize("summed", [False, True], ids=["from the duties", "from summed days"])
def test_the_week_has_the_same_counts_everywhere(lived: Desk, summed: bool) -> None:
    if summed:
        assert sum_up(lived) > 7
    periods = dict(read.board(lived, STORE).periods)
    week = digests.week_of(lived, LAST + DAY).stores[0]
    found = {
        "board": periods["7d"],
        "digest": week.figures,
        "export": exported(lived),
        "replay": tried(lived).was.figures,
    }
    assert {name: counts(one) for name, one in found.items()} == dict.fromkeys(found, WEEK)
    apart = [found[name].late_on_arrival for name in ("board", "digest", "export")]
    assert (apart, tried(lived).was.late_on_arrival) == ([LATE_ON_ARRIVAL] * 3, LATE_ON_ARRIVAL)
    assert {one.response_rate for one in found.values()} == {4 / 7}
    assert read.board(lived, STORE).standings[0].week == WEEK


def test_each_day_has_the_same_counts_everywhere(lived: Desk) -> None:
    with lived.database.reading() as tx:
        streak_days = days.days_of(tx, STORE, ZONE, FIRST, LAST + DAY, lived.now())
        board_days = by_day(figures.pieces(tx, lived, STORE), STORE)
    each = {one.day: one.counts for one in streak_days}
    assert each == {day: counts(sla.figures_of(board_days[day])) for day in each}
    told = {day: digests.day_of(lived, STORE, day).stores[0].figures for day in each}
    assert each == {day: counts(one) for day, one in told.items()}
    assert (each[LAST], counts(dict(read.board(lived, STORE).periods)["today"])) == (TODAY, TODAY)
    assert sum(one.late_on_arrival for one in told.values()) == LATE_ON_ARRIVAL


def test_a_day_that_is_not_summed_is_told_where_a_later_one_is(lived: Desk) -> None:
    """The newest are summed first."""
    before = digests.day_of(lived, STORE, FIRST)
    assert sum_up(lived, limit=1) == 1
    assert digests.day_of(lived, STORE, FIRST) == before


def test_the_causes_are_of_the_misses_in_the_rate(lived: Desk) -> None:
    shares = causes.report(lived, "7d", STORE, by=WANG).shares
    assert (shares.total, shares.after_due) == (WEEK.lost, LATE_ON_ARRIVAL)
    assert shares.counts[Cause.INGEST_LATE] == 0
    week = digests.week_of(lived, LAST + DAY)
    assert week.shares == shares, "Sunrise's message is not due yet"
    assert week.standings == read.board(lived).standings


def test_the_charts_of_the_week_are_of_the_same_messages(lived: Desk) -> None:
    week = digests.week_of(lived, LAST + DAY)
    received = WEEK.received + 1  # Sunrise's
    assert sum(count for _topic, count in week.topics) == week.total.received == received
    assert sum(week.volume.staffed) + sum(week.volume.unstaffed) == received
    assert (sum(week.answers), week.answers[-2], week.answers[-1]) == (WEEK.decided, WEEK.late, WEEK.overdue)


def test_to_amazon_what_was_late_on_arrival_is_late(lived: Desk) -> None:
    with lived.database.reading() as tx:
        own = list(reconcile_queries.messages_of(tx, STORE, MONDAY, MONDAY + 7 * DAY))
    late = [one for one in own if one.counted and is_late_here(one, lived.now())]
    assert len(late) == WEEK.lost + LATE_ON_ARRIVAL
    assert len(own) == WEEK.received + LATE_ON_ARRIVAL
