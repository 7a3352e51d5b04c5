"""Quiet hours: nobody off shift is called, unless nobody is on before the deadline; do-not-disturb; who stands in.

The property tests decide by the bare hours of each layer who is on, without the rota's own evaluator.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from bot.clock import FixedClock
from bot.db.engine import open_database
from bot.db.queries import rota as rota_queries
from bot.db.tables import CaseRow, DeadlineRow, OutboxRow, PersonRow, PingRow
from bot.desk import Desk, assign, close, handover, pings, route
from bot.desk.knowledge import Knowledge
from bot.desk.shifts import staff_at
from bot.domain.rota import Vacation
from bot.domain.timetable import Stint, Timetable
from tests import world
from tests.store.lived import DAY, HOUR, MINUTE, Inbox, go_to, layer, rota_of, walk, with_rota
from tests.world import ANNA, BOB, CHEN, LI_WEI, START, WANG

AGENTS = {"li-wei": LI_WEI, "chen-yu": CHEN, "anna": ANNA, "bob": BOB, "wang-fang": WANG}
ONLY = {"chen-yu": "nordlicht", "bob": "sunrise"}
STEP = 30 * MINUTE
DM_STAGES = {"3h", "1h", "15min", "overdue"}


@dataclass(frozen=True)
class Turn:
    """Hours that some people work every day, UTC."""

    start_h: float
    hours: float
    agents: tuple[str, ...]

    def is_on(self, at: datetime) -> bool:
        """Begun today, or yesterday and not over yet."""
        hour = at.hour + at.minute / 60 + at.second / 3600
        return any(self.start_h <= hour + more < self.start_h + self.hours for more in (0, 24))


@dataclass
class Team:
    """Who is on by the bare hours, in Slack user ids."""

    turns: list[Turn]

    def on(self, store: str, at: datetime) -> set[str]:
        keys = {key for turn in self.turns if turn.is_on(at) for key in turn.agents}
        return {AGENTS[key] for key in keys if ONLY.get(key, store) == store}

    def any_store(self, at: datetime) -> set[str]:
        return self.on("nordlicht", at) | self.on("sunrise", at)

    def works_ever(self, person: str) -> bool:
        return any(AGENTS[key] == person for turn in self.turns for key in turn.agents)

    def is_fatal(self, store: str, now: datetime, due: datetime) -> bool:
        """Nobody is on at any moment from now until it is due. Turns begin and end on half hours."""
        moments, at = [now], now.replace(minute=0, second=0)
        while at < due:
            moments += [at] if at > now else []
            at += 30 * MINUTE
        return now < due and not any(self.on(store, moment) for moment in moments)


@dataclass
class Seen:
    """What the desk did, watched tick by tick."""

    desk: Desk
    team: Team
    faults: list[str] = field(default_factory=list)
    put: Counter[str] = field(default_factory=Counter)
    pinged: list[tuple[datetime, int, str, str]] = field(default_factory=list)
    """(when, message, stage, person)"""
    _known: set[tuple[int, str, str]] = field(default_factory=set)

    def look(self) -> None:
        now = self.desk.now()
        with self.desk.database.writing() as tx:
            due = {row.message: row.due_at for row in tx.scalars(select(DeadlineRow))}
            stores = {row.message: row.store for row in tx.scalars(select(DeadlineRow))}
            for row in tx.scalars(select(PingRow)):
                key = (row.message, row.stage, row.addressee)
                if key in self._known:
                    continue
                self._known.add(key)
                person = row.addressee.rpartition(":")[2]
                if person.startswith("U"):
                    self.pinged.append((now, row.message, row.stage, person))
                    self._check(person, str(stores[row.message]), now, due[row.message], str(key))
            for told in tx.scalars(select(OutboxRow)):
                self._dm(told, now, due, stores)
                tx.delete(told)

    def _dm(self, row: OutboxRow, now: datetime, due: dict[int, datetime], stores: dict[int, str]) -> None:
        kind = row.key.partition(":")[0]
        if not row.place.startswith("U") or kind == "home":
            return
        self.put[row.key] += 1
        if kind == "ping":
            message = int(row.key.split(":")[1])
            self._check(row.place, stores[message], now, due[message], row.key)
            return
        fatal = any(self.team.is_fatal(stores[one], now, at) for one, at in due.items())
        if kind == "unstaffed" and not fatal:
            self.faults.append(f"{now} {row.key}: nothing dies")
        if kind == "unstaffed" or (kind == "offer" and fatal):  # the last resort
            return
        if row.place not in self.team.any_store(now) and self.team.works_ever(row.place):
            self.faults.append(f"{now} {row.key}: off shift")

    def _check(self, person: str, store: str, now: datetime, due: datetime, what: str) -> None:
        if person in self.team.on(store, now) or not self.team.works_ever(person):
            return
        if not self.team.is_fatal(store, now, due):
            self.faults.append(f"{now} {what}: {person} is off shift, due {due}")


_NUMBERS = count(1)


Life = Callable[[list[Turn]], AbstractContextManager[Desk]]


@pytest.fixture
def life(sqlite_ready: bytes, knowledge: Knowledge, tmp_path: Path) -> Life:
    """Opens desks of their own, on SQLite, with the turns that they are given."""

    @contextmanager
    def opened(turns: list[Turn]) -> Iterator[Desk]:
        path = tmp_path / f"lived_{next(_NUMBERS)}.db"
        path.write_bytes(sqlite_ready)
        database = open_database(f"sqlite:///{path}")
        layers = [
            layer(f"l{n}", one.start_h, one.start_h + one.hours, *one.agents) for n, one in enumerate(turns)
        ]
        found = world.settings_with_rota().model_copy(update={"rota": rota_of(*layers)})
        try:
            yield Desk(database, found, FixedClock(START), knowledge)
        finally:
            database.close()

    return opened


turn = st.builds(
    Turn,
    st.integers(0, 47).map(lambda n: n / 2),
    st.integers(2, 20).map(lambda n: n / 2),
    st.lists(st.sampled_from(sorted(AGENTS)), min_size=1, max_size=3, unique=True).map(tuple),
)
arrival = st.tuples(
    st.integers(0, 40).map(lambda n: n * 15 * MINUTE),
    st.sampled_from(["nordlicht", "sunrise"]),
    st.sampled_from([None, *sorted(AGENTS)]),
)
SOME = settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def live(desk: Desk, team: Team, arrivals: list[tuple[timedelta, str, str | None]]) -> Seen:
    """A day and a half: messages come in, some are claimed, none is answered."""
    clock = desk.clock
    assert isinstance(clock, FixedClock)
    inbox, seen, todo = Inbox(desk, clock), Seen(desk, team), sorted(arrivals, key=str)
    handover.shift_changes(desk)

    def come() -> None:
        for one in [one for one in todo if START + one[0] <= clock.now()]:
            todo.remove(one)
            number = inbox.case(one[1])
            if one[2] is not None and ONLY.get(one[2], one[1]) == one[1]:
                assign.claim(desk, number, by=AGENTS[one[2]])

    walk(
        clock,
        START + 36 * HOUR,
        STEP,
        come,
        lambda: route.route_waiting(desk),
        lambda: handover.shift_changes(desk),
        lambda: pings.ping_due(desk),
        lambda: pings.ping_unclaimed(desk),
        seen.look,
    )
    return seen


@SOME
@given(turns=st.lists(turn, min_size=1, max_size=3), arrivals=st.lists(arrival, min_size=1, max_size=5))
def test_nobody_off_shift_is_called_unless_it_is_fatal_and_nobody_twice(
    turns: list[Turn],
    arrivals: list[tuple[timedelta, str, str | None]],
    life: Life,
) -> None:
    team = Team(turns)
    with life(turns) as desk:
        seen = live(desk, team, arrivals)
        assert seen.faults == []
        assert {key: times for key, times in seen.put.items() if times > 1} == {}
        _check_the_last_shift(desk, team, seen)


def _check_the_last_shift(desk: Desk, team: Team, seen: Seen) -> None:
    """What fell due while nobody was on had been pinged to somebody of the last shift before, if there was one."""
    with desk.database.reading() as tx:
        duties = tx.scalars(select(DeadlineRow)).all()
        whose = {row.number: row.assignee for row in tx.scalars(select(CaseRow))}
    for duty in duties:
        store, assignee = str(duty.store), whose[duty.case]
        if duty.due_at > START + 35 * HOUR or team.on(store, duty.due_at):
            continue
        if assignee is not None and not team.works_ever(assignee):
            continue  # never off: called themselves, whenever it is
        ticks, at = [], START
        while at < duty.due_at:
            if at > duty.anchor and team.on(store, at):
                ticks.append(at)
            at += STEP
        if not ticks:
            continue
        last = ticks[-1]
        rung = {
            person
            for at, message, stage, person in seen.pinged
            if message == duty.message and last - 3 * HOUR <= at <= last and stage in DM_STAGES
        }
        assert rung & team.on(store, last), f"{duty.message} due {duty.due_at}, last staffed {last}"


@pytest.fixture
def inbox(staffed: Desk, clock: FixedClock) -> Inbox:
    return Inbox(staffed, clock)


def called(desk: Desk, *stages: str) -> set[tuple[str, str]]:
    """(stage, person) of everybody who was called, by mention or directly."""
    with desk.database.reading() as tx:
        rows = tx.scalars(select(PingRow)).all()
    found = {(row.stage, row.addressee.rpartition(":")[2]) for row in rows}
    return {one for one in found if one[1].startswith("U") and (not stages or one[0] in stages)}


def mute(desk: Desk, person: str, until: datetime, since: datetime = START) -> None:
    with desk.database.writing() as tx:
        row = tx.get(PersonRow, person) or PersonRow(
            person=person, name=person.title(), zone="UTC", locale="en-US", fetched_at=since
        )
        row.quiet_from, row.quiet_until = since, until
        tx.add(row)


def test_by_the_staffed_clock_the_last_shift_is_called_before_its_end(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    """Due at 13:00, when nobody is on; Beijing ends at 10:00. By Amazon's clock three hours are left then."""
    number = inbox.case(late=20 * HOUR)
    assign.claim(staffed, number, by=LI_WEI)
    expected = {START: "1h", START + 45 * MINUTE: "15min"}
    for at, stage in expected.items():
        go_to(clock, at)
        pings.ping_due(staffed)
        assert (stage, LI_WEI) in called(staffed)
    assert ("15min", WANG) in called(staffed)
    before = called(staffed)
    walk(clock, START + 8 * HOUR - MINUTE, 10 * MINUTE, lambda: pings.ping_due(staffed))
    assert called(staffed) == before, "at night nobody is called again, not even when it is overdue"
    clock.advance(MINUTE)
    pings.ping_due(staffed)
    assert called(staffed) - before == {("overdue", ANNA)}


def test_at_night_the_card_shows_at_once_that_it_is_overdue_and_is_drawn_once_for_it(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    number = inbox.case(late=20 * HOUR)
    pings.ping_due(staffed)
    go_to(clock, START + 4 * HOUR)
    with staffed.database.writing() as tx:
        tx.execute(delete(OutboxRow))
    drawn = []
    for _look in range(3):
        pings.ping_due(staffed)
        with staffed.database.writing() as tx:
            drawn.append(list(tx.scalars(select(OutboxRow.key))))
            tx.execute(delete(OutboxRow))
        clock.advance(MINUTE)
    assert drawn == [[f"card:{number}"], [], []]
    assert not called(staffed, "overdue")


def test_what_comes_at_night_and_can_be_answered_in_the_morning_calls_nobody(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    """Due at 09:00; somebody is on from 08:00."""
    desk = with_rota(staffed, layer("a", 8, 9.5, "li-wei"), layer("b", 8, 9.5, "wang-fang"))
    clock.advance(HOUR)
    inbox.case(late=HOUR)
    walk(clock, START + 23 * HOUR - MINUTE, 30 * MINUTE, lambda: pings.ping_due(desk))
    assert called(desk) == set()
    clock.advance(MINUTE)
    pings.ping_due(desk)
    assert {who for _stage, who in called(desk)} == {LI_WEI, WANG}


def test_a_case_without_any_staffed_minute_left_calls_its_assignee_and_the_managers_wherever_they_are(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    number = inbox.case(late=20 * HOUR)
    assign.claim(staffed, number, by=ANNA)
    go_to(clock, START + 90 * MINUTE)
    pings.ping_due(staffed)
    assert called(staffed) == {("15min", ANNA), ("15min", WANG)}


def test_who_is_on_is_called_for_an_assignee_who_sleeps(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    number = inbox.case(late=12 * HOUR)
    assign.assign(staffed, number, LI_WEI, by=WANG)
    go_to(clock, START + 9 * HOUR)
    pings.ping_due(staffed)
    assert called(staffed) == {("3h", ANNA)}


def test_a_stage_that_is_reached_while_nobody_is_on_waits_for_the_next_shift(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    """Due at 19:30; the last 2 h 30 min of it are staffed. Beijing has gone when three hours are left."""
    clock.advance(HOUR)
    inbox.case(late=14.5 * HOUR)
    walk(clock, START + 8 * HOUR - MINUTE, 10 * MINUTE, lambda: pings.ping_due(staffed))
    assert called(staffed) == set()
    clock.advance(MINUTE)
    pings.ping_due(staffed)
    assert called(staffed) == {("3h", ANNA)}


def test_a_shift_that_comes_on_is_called_itself_for_a_stage_that_the_last_one_heard(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    desk = with_rota(staffed, layer("a", 8, 10, "li-wei"), layer("b", 10, 16, "anna"))
    inbox.case(late=21.5 * HOUR)
    pings.ping_due(desk)
    assert called(desk) == {("3h", LI_WEI)}
    go_to(clock, START + HOUR)
    pings.ping_due(desk)
    assert called(desk) == {("3h", LI_WEI), ("3h", ANNA)}


def test_managers_without_shifts_are_never_off(staffed: Desk, clock: FixedClock, inbox: Inbox) -> None:
    desk = with_rota(staffed, layer("a", 0, 24, "li-wei"))
    inbox.case(late=23.8 * HOUR)
    pings.ping_due(desk)
    assert ("15min", WANG) in called(desk)
    asleep = with_rota(staffed, layer("a", 0, 24, "li-wei"), layer("b", 0, 1, "wang-fang"))
    inbox.case(late=23.8 * HOUR)
    with asleep.database.writing() as tx:
        for row in tx.scalars(select(PingRow)):
            tx.delete(row)
    pings.ping_due(asleep)
    assert called(asleep, "15min") == {("15min", LI_WEI)}


def test_weeks_of_vacation_make_nobody_reachable(staffed: Desk, clock: FixedClock, inbox: Inbox) -> None:
    """Whoever has shifts at all is off until they come back, though that is beyond what is worked out."""
    desk = with_rota(staffed, layer("a", 0, 24, "li-wei"), layer("b", 0, 24, "chen-yu"))
    rota = replace(
        desk.settings.rota, vacations=(Vacation("chen-yu", date(2026, 11, 1), date(2027, 1, 20), "UTC"),)
    )
    desk = replace(desk, settings=desk.settings.model_copy(update={"rota": rota}))
    assign.assign(desk, inbox.case(late=21.5 * HOUR), CHEN, by=WANG)
    pings.ping_due(desk)
    assert called(desk) == {("3h", LI_WEI)}


def test_a_muted_assignee_is_stood_in_for_by_the_next_who_is_on(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    number = inbox.case(late=21.5 * HOUR)
    assign.claim(staffed, number, by=LI_WEI)
    mute(staffed, LI_WEI, START + 2 * HOUR)
    pings.ping_due(staffed)
    ((_stage, one),) = called(staffed)
    assert one in (CHEN, WANG)


def test_when_all_on_shift_are_muted_they_are_called_all_the_same(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    number = inbox.case(late=21.5 * HOUR)
    for person in (LI_WEI, CHEN, WANG):
        mute(staffed, person, START + 2 * HOUR)
    pings.ping_due(staffed)
    assert called(staffed) == {("1h", LI_WEI), ("1h", CHEN), ("1h", WANG)}
    assign.claim(staffed, number, by=CHEN)
    go_to(clock, START + 45 * MINUTE)
    pings.ping_due(staffed)
    assert called(staffed, "15min") == {("15min", CHEN), ("15min", WANG)}


def test_muted_people_are_left_out_when_a_case_of_nobodys_calls_all(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    inbox.case(late=21.5 * HOUR)
    mute(staffed, CHEN, START + 2 * HOUR)
    mute(staffed, WANG, START - HOUR, since=START - 2 * HOUR)
    pings.ping_due(staffed)
    assert called(staffed) == {("1h", LI_WEI), ("1h", WANG)}


def test_nobody_is_asked_at_night_who_takes_it_and_everybody_on_shift_once(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    desk = with_rota(staffed, layer("a", 8, 10, "li-wei", "chen-yu"), layer("b", 18, 23, "anna"))
    inbox.case()
    ticks: tuple[Callable[[], object], ...] = (
        lambda: route.route_waiting(desk),
        lambda: pings.ping_unclaimed(desk),
    )
    walk(clock, START + 59 * MINUTE, MINUTE, *ticks)
    asked = called(desk, pings.UNCLAIMED)
    assert asked <= {(pings.UNCLAIMED, LI_WEI), (pings.UNCLAIMED, CHEN)}
    walk(clock, START + 8 * HOUR, 10 * MINUTE, *ticks)
    assert called(desk, pings.UNCLAIMED) == asked


def test_the_ledger_of_pings_counts_each_call_once_and_a_post_for_many_cases_once(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    """At 1 h: one post in the channel for two cases, and a direct message for each."""
    for _ in range(2):
        assign.claim(staffed, inbox.case(late=23.2 * HOUR), by=LI_WEI)
    assign.claim(staffed, inbox.case("sunrise", late=23.2 * HOUR), by=LI_WEI)
    pings.ping_due(staffed)
    with staffed.database.reading() as tx:
        assert rota_queries.pings_of(tx, START - DAY) == {LI_WEI: 2 + 3}
        assert rota_queries.pings_of(tx, START + MINUTE) == {}


def test_answered_cases_and_people_who_left_are_never_called(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    number = inbox.case(late=21.5 * HOUR)
    with staffed.database.writing() as tx:
        tx.add(
            PersonRow(
                person=CHEN, agent="chen-yu", name="x", zone="UTC", locale="en", gone=True, fetched_at=START
            )
        )
    pings.ping_due(staffed)
    assert CHEN not in {who for _stage, who in called(staffed)}
    close.no_response_needed(staffed, number, by=LI_WEI)
    go_to(clock, START + 50 * MINUTE)
    assert pings.ping_due(staffed) == 0


def test_the_desk_of_these_tests_is_the_one_of_the_rota(staffed: Desk) -> None:
    """The twin of the property test and the evaluator agree at every half hour of a day."""
    turns = [Turn(1, 9, ("li-wei", "chen-yu", "wang-fang")), Turn(17, 8, ("anna", "bob"))]
    team = Team(turns)
    for half in range(48):
        at = START + half * 30 * MINUTE
        desk = replace(staffed, clock=FixedClock(at))
        with desk.database.reading() as tx:
            assert set(staff_at(tx, desk, at).on("nordlicht")) == team.on("nordlicht", at)


def test_a_look_at_many_deadlines_works_out_once_who_is_on(
    staffed: Desk, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for store in ("nordlicht", "sunrise") * 4:
        inbox.case(store, late=21.5 * HOUR)
    asked: list[str | None] = []
    found = Timetable.on

    def counted(table: Timetable, store: str | None, at: datetime, lang: str | None = None) -> list[Stint]:
        asked.append(store)
        return found(table, store, at, lang)

    monkeypatch.setattr(Timetable, "on", counted)
    assert pings.ping_due(staffed) > 0
    assert sorted(asked, key=str) == sorted(set(asked), key=str)
