"""Streaks and budgets from the tables: days of the store's zone, each warning once. Both databases.

START is Wednesday 2026-11-25, 09:00 UTC; Nordlicht is in Europe/Berlin, Sunrise in America/Los_Angeles.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from bot.clock import FixedClock
from bot.db.queries import days
from bot.db.tables import CaseRow, DeadlineRow, LedgerRow, MailRow, MessageRow, OutboxRow
from bot.db.tables_warnings import WarningRow
from bot.desk import Desk, figures, streaks
from bot.desk.standings import standings
from bot.domain import zones
from bot.domain.standings import Standing
from bot.domain.streaks import Counts, Day, due_day
from tests.store.lived import go_to, keys
from tests.world import LI_WEI, START, WANG, settings

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TODAY = START.date()
BERLIN = "Europe/Berlin"
History = Callable[..., None]


@pytest.fixture
def history(desk: Desk) -> History:
    """Writes messages down as if they had come in at an instant: how many were answered in time, late, not at all."""
    numbers = count(1)
    with desk.database.writing() as tx:
        tx.add(MailRow(mailbox="m", uidvalidity=1, uid=1, arrived_at=START, stored_at=START, state="done"))
        tx.add(CaseRow(kind="buyer", channel="amz", opened_at=START, acted_at=START))

    def write(at: datetime, store: str = "nordlicht", *, took: timedelta = HOUR, **states: int) -> None:
        special = {key: bool(states.pop(key)) for key in ("late_on_arrival", "uncounted") if key in states}
        every = [state for state, many in states.items() for _ in range(many)]
        with desk.database.writing() as tx:
            mail, case = tx.scalars(select(MailRow.id)).one(), tx.scalars(select(CaseRow.number)).one()
            for state in every:
                number = next(numbers)
                tx.add(
                    MessageRow(
                        id=number,
                        case=case,
                        mail=mail,
                        message_id=f"<{number}>",
                        received_at=at,
                        text="",
                        full_text="",
                    )
                )
                tx.flush()
                answered = {"met": at + took, "missed": at + DAY + took}.get(state)
                tx.add(
                    DeadlineRow(
                        message=number,
                        case=case,
                        store=store,
                        anchor=at,
                        due_at=at + DAY,
                        state=state,
                        answered_at=answered,
                        counted=not special.get("uncounted"),
                        late_on_arrival=bool(special.get("late_on_arrival")),
                    )
                )

    return write


def noon(day: date, zone: str = BERLIN) -> datetime:
    return zones.day_at(day, zone, 12)


def standing(desk: Desk, store: str = "nordlicht") -> Standing:
    with desk.database.reading() as tx:
        (found,) = standings(tx, desk, figures.pieces(tx, desk, store), desk.now(), store)
    return found


def recorded(desk: Desk) -> list[str]:
    with desk.database.reading() as tx:
        return list(tx.scalars(select(WarningRow.key).order_by(WarningRow.id)))


def slow_streak(desk: Desk, store: str = "nordlicht") -> int:
    return standing(desk, store).streaks[1].days


def slow_days(history: History, first: date, number: int) -> None:
    """Days on which every answer was in time, and took seven hours: no budget suffers."""
    for place in range(number):
        history(noon(first + place * DAY), took=7 * HOUR, met=3)


def test_day_six_day_seven_day_eight(desk: Desk, history: History, clock: FixedClock) -> None:
    """Seven bad days up to Wednesday; each is judged when it is over, at Berlin's midnight."""
    slow_days(history, TODAY - 6 * DAY, 7)
    assert slow_streak(desk) == 6
    assert due_day(standing(desk).streaks[1], standing(desk).limits) == TODAY
    assert streaks.warn(desk) == 0
    go_to(clock, zones.day_at(TODAY + DAY, BERLIN) - timedelta(seconds=1))
    assert streaks.warn(desk) == 0
    clock.advance(timedelta(seconds=1))
    assert streaks.warn(desk) == 1
    assert recorded(desk) == ["streak:nordlicht:average_time:2026-11-19"]
    assert streaks.warn(desk) == 0
    slow_days(history, TODAY + DAY, 1)
    clock.advance(DAY)
    assert slow_streak(desk) == 8
    assert streaks.warn(desk) == 0
    assert len(keys(desk, "warned")) == 2, "the managers' channel, and the manager"


def test_no_second_warning_before_the_streak_was_broken(
    desk: Desk, history: History, clock: FixedClock
) -> None:
    """Sixty bad days are one streak, though no look goes so far back; then a good day, and seven bad ones."""
    first = TODAY - 7 * DAY
    slow_days(history, first, 60)
    for _ in range(54):
        streaks.warn(desk)
        clock.advance(DAY)
    only = [key for key in recorded(desk) if key.startswith("streak")]
    assert only == ["streak:nordlicht:average_time:2026-11-18"]
    assert slow_streak(desk) > 50
    history(noon(first + 60 * DAY), met=10)
    slow_days(history, first + 61 * DAY, 7)
    go_to(clock, zones.day_at(first + 68 * DAY, BERLIN))
    assert slow_streak(desk) == 7
    streaks.warn(desk)
    assert f"streak:nordlicht:average_time:{first + 61 * DAY}" in recorded(desk)


def test_an_empty_day_does_nothing_and_a_good_one_breaks_it(desk: Desk, history: History) -> None:
    slow_days(history, TODAY - 10 * DAY, 3)
    slow_days(history, TODAY - 5 * DAY, 3)
    assert slow_streak(desk) == 6
    history(noon(TODAY - 6 * DAY), took=6 * HOUR, met=3)
    assert slow_streak(desk) == 3


def test_what_still_waits_is_waited_for(desk: Desk, history: History, clock: FixedClock) -> None:
    slow_days(history, TODAY - 7 * DAY, 7)
    history(noon(TODAY - DAY), open=1)
    found = standing(desk).streaks[1]
    assert (found.days, found.next_day) == (6, TODAY - DAY)
    assert streaks.warn(desk) == 0
    go_to(clock, noon(TODAY))
    assert streaks.warn(desk) == 0
    clock.advance(timedelta(seconds=1))
    assert streaks.warn(desk) == 1, "its 24 hours are over, and the day is judged"


@pytest.mark.parametrize(
    ("zone", "inside", "outside"),
    [
        pytest.param("Asia/Shanghai", "11-24 15:59", "11-24 16:00", id="Beijing"),
        pytest.param("Asia/Tokyo", "11-24 14:59", "11-24 15:00", id="Tokyo"),
        pytest.param("America/New_York", "11-25 04:59", "11-25 05:00", id="New York"),
    ],
)
def test_a_day_ends_at_the_stores_midnight(
    desk: Desk, history: History, zone: str, inside: str, outside: str
) -> None:
    for at, states in ((inside, {"met": 1}), (outside, {"missed": 1})):
        history(datetime.fromisoformat(f"2026-{at}").replace(tzinfo=UTC), **states)
    with desk.database.reading() as tx:
        found = days.days_of(tx, "nordlicht", zone, date(2026, 11, 24), date(2026, 11, 26), START)
    assert found == [
        Day(date(2026, 11, 24), Counts(in_time=1, took_seconds=3600)),
        Day(date(2026, 11, 25), Counts(late=1, took_seconds=25 * 3600)),
    ]


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 10, 25), 25), (date(2026, 3, 29), 23)])
def test_the_days_of_a_clock_change_have_25_and_23_hours(
    desk: Desk, history: History, day: date, hours: int
) -> None:
    start = zones.day_at(day, BERLIN)
    history(start - MINUTE, missed=1)
    for hour in range(hours):
        history(start + hour * HOUR, met=1)
    history(start + hours * HOUR, missed=1)
    with desk.database.reading() as tx:
        (found,) = days.days_of(tx, "nordlicht", BERLIN, day, day + DAY, START)
    assert found.counts == Counts(in_time=hours, took_seconds=hours * 3600)


def test_late_on_arrival_history_and_other_stores_are_in_no_day(desk: Desk, history: History) -> None:
    history(START - HOUR, missed=1, late_on_arrival=1)
    history(START - HOUR, missed=1, uncounted=1)
    history(START - HOUR, "sunrise", missed=1)
    found = standing(desk)
    assert (found.week, found.budgets[0].so_far) == (Counts(), 0)
    assert standing(desk, "sunrise").week.late == 1


def test_an_average_above_six_hours_and_a_closing_rate_below_85_percent(
    desk: Desk, history: History, clock: FixedClock
) -> None:
    for place in range(1, 8):
        history(noon(TODAY - place * DAY), took=6 * HOUR + timedelta(seconds=1), met=2)
        history(noon(TODAY - place * DAY, "America/Los_Angeles"), "sunrise", met=84, open=16)
    go_to(clock, zones.day_at(TODAY + DAY, "America/Los_Angeles"))
    streaks.warn(desk)
    assert {key.rpartition(":")[0] for key in recorded(desk) if key.startswith("streak")} == {
        "streak:nordlicht:average_time",
        "streak:sunrise:response_rate",
        "streak:sunrise:closing_rate",
    }


def test_random_histories_are_counted_as_a_naive_recount_does(desk: Desk, history: History) -> None:
    chance, rows = Random(24), []
    for _ in range(150):
        at = START - timedelta(minutes=chance.randrange(20 * 1440), microseconds=chance.randrange(10**6))
        state = chance.choice(("met", "missed", "open", "excused"))
        took = timedelta(seconds=chance.randrange(80_000), microseconds=chance.randrange(10**6))
        history(at, took=took, **{state: 1})
        rows.append((at, state, took))
    wanted: dict[date, Counter[str]] = {}
    for at, state, took in rows:
        mine = wanted.setdefault(zones.local(at, BERLIN).date(), Counter())
        if state == "open":
            mine["overdue" if at + DAY < START else "waiting"] += 1
        else:
            mine[{"met": "in_time", "missed": "late"}.get(state, state)] += 1
        if state in ("met", "missed"):
            answered = at + took + (DAY if state == "missed" else 0 * DAY)
            mine["took_seconds"] += int(answered.timestamp()) - int(at.timestamp())
    first = TODAY - 21 * DAY
    with desk.database.reading() as tx:
        found = days.days_of(tx, "nordlicht", BERLIN, first, TODAY + DAY, START)
    assert [one.day for one in found] == [first + place * DAY for place in range(22)]
    assert {one.day: one.counts for one in found if one.counts != Counts()} == {
        day: Counts(**mine) for day, mine in wanted.items()
    }


def four_weeks(history: History, rest: int, store: str = "nordlicht") -> None:
    """Each of the four weeks before: so many messages on the Thursday, all answered, and one on its Monday."""
    for week in range(1, 5):
        history(noon(TODAY + DAY - week * 7 * DAY), store, met=rest)
    history(noon(TODAY - 29 * DAY), store, met=1)


def test_this_week_4_of_212_may_still_be_missed(desk: Desk, history: History) -> None:
    four_weeks(history, 62)
    history(noon(TODAY - 2 * DAY), met=133, missed=17)
    minimum, target = standing(desk).budgets
    assert (minimum.total, minimum.so_far, minimum.expected, minimum.left) == (212, 150, 62, 4)
    assert target.left == 10 - 17


def test_without_four_whole_weeks_there_is_no_forecast(desk: Desk, history: History) -> None:
    history(noon(TODAY - 27 * DAY), met=30)
    history(noon(TODAY - DAY), met=18, missed=2)
    minimum = standing(desk).budgets[0]
    assert (minimum.expected, minimum.total, minimum.left) == (None, 20, 0)


def test_an_alarm_comes_once_a_week_and_only_its_gravest_level_is_told(
    desk: Desk, history: History, clock: FixedClock
) -> None:
    four_weeks(history, 100)
    history(START - DAY - 3 * HOUR, missed=3)
    history(START - DAY - 20 * HOUR, missed=9)
    history(START - HOUR, met=20)
    found = standing(desk)
    assert [one.budget.level for one in found.burns] == ["minimum", "target"]
    assert found.burns[0].ends_at == START + 2 * HOUR
    assert streaks.warn(desk) == 1
    assert recorded(desk) == ["budget:nordlicht:minimum:2026-11-23", "budget:nordlicht:target:2026-11-23"]
    for _ in range(3):
        clock.advance(HOUR)
        assert streaks.warn(desk) == 0
    with desk.database.reading() as tx:
        entries = tx.scalars(select(LedgerRow).where(LedgerRow.what == "warned")).all()
    assert [(one.store, one.facts["of"], one.facts["lost"]) for one in entries] == [
        ("nordlicht", "minimum", 12),
        ("nordlicht", "target", 12),
    ]


def test_what_was_recorded_is_what_is_told(desk: Desk, history: History) -> None:
    slow_days(history, TODAY - 7 * DAY, 7)
    streaks.warn(desk)
    history(noon(TODAY - 4 * DAY), met=100)
    assert slow_streak(desk) == 3
    told_of = streaks.warned(desk, 1).streak
    assert told_of is not None
    assert (told_of.days, told_of.first, told_of.last) == (7, TODAY - 7 * DAY, TODAY - DAY)
    assert told_of.value == 7 * 3600


def test_two_clocks_at_once_warn_once(desk: Desk, history: History) -> None:
    slow_days(history, TODAY - 7 * DAY, 7)
    told_each: list[int] = []
    start = Barrier(4)

    def tick() -> None:
        start.wait()
        told_each.append(streaks.warn(desk))

    threads = [Thread(target=tick) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told_each) == [0, 0, 0, 1]
    assert len(recorded(desk)) == 1


def test_a_manager_who_is_off_hears_of_it_when_the_next_shift_begins(
    desk: Desk, staffed: Desk, history: History, clock: FixedClock
) -> None:
    slow_days(history, TODAY - 7 * DAY, 7)
    clock.advance(2 * HOUR)  # Beijing has gone home; it comes back at 01:00 UTC
    streaks.warn(staffed)
    with desk.database.reading() as tx:
        rows = {row.place: row.not_before for row in tx.scalars(select(OutboxRow))}
    assert rows == {"amz-leads": clock.now(), WANG: datetime(2026, 11, 26, 1, tzinfo=UTC)}


def test_a_manager_of_other_stores_hears_nothing(desk: Desk, history: History) -> None:
    agents = dict(desk.settings.agents)
    agents["wang-fang"] = agents["wang-fang"].model_copy(update={"stores": ("sunrise",)})
    agents["li-wei"] = agents["li-wei"].model_copy(update={"role": "manager"})
    other = replace(desk, settings=desk.settings.model_copy(update={"agents": agents}))
    slow_days(history, TODAY - 7 * DAY, 7)
    streaks.warn(other)
    assert [key.split(":")[2:] for key in keys(other, "warned")] == [[], [LI_WEI]]


def test_another_threshold_and_another_number_of_days(desk: Desk, history: History) -> None:
    slow_days(history, TODAY - 3 * DAY, 3)

    def warned_with(**rules: float) -> int:
        return streaks.warn(replace(desk, settings=settings(thresholds=rules)))

    assert warned_with(warning_days=3, excellent_average_hours=7) == 0, "7 h are not above 7 h"
    assert warned_with(warning_days=4) == 0
    assert warned_with(warning_days=3) == 1
