"""Figures of days, and the marks that keep summed days right. Both databases."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import func, select, text, update

from bot.clock import FixedClock
from bot.db.queries import figure_spans
from bot.db.tables import CaseRow, DeadlineRow, MailRow, MessageRow
from bot.db.tables_figures import DutyMarkRow, SpanFiguresRow, SummedSpanRow
from bot.desk import Desk, assign, figures, read
from bot.desk.figure_sums import sum_up
from bot.domain import sla, zones
from bot.domain.sla import Figures
from bot.domain.sums import packed, unpacked
from bot.errors import NotAllowed
from tests.store.lived import go_to
from tests.store.test_figures_histories import broken_down, by_day, same_as_recount
from tests.store.test_merging import answer
from tests.world import ANNA, GUEST, LI_WEI, START, WANG, Post, buyer_mail

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
QUARTER = 15 * MINUTE


def put(desk: Desk, *anchors: datetime, store: str = "nordlicht", took: timedelta | None = HOUR) -> list[int]:
    """Duties that came in at these instants, each of a case of its own; answered after `took`, if at all."""
    made = []
    with desk.database.writing() as tx:
        for anchor in anchors:
            mail = MailRow(
                mailbox=store, uidvalidity=2, uid=_next(tx), arrived_at=anchor, stored_at=anchor, state="done"
            )
            case = CaseRow(kind="buyer", store=store, channel="amz", opened_at=anchor, acted_at=anchor)
            tx.add_all([mail, case])
            tx.flush()
            message = MessageRow(
                case=case.number, mail=mail.id, store=store, message_id=f"<{mail.id}@m.example>",
                received_at=anchor, text="", full_text="", topic="refund",
            )  # fmt: skip
            tx.add(message)
            tx.flush()
            state = "open" if took is None else "met" if took <= DAY else "missed"
            tx.add(
                DeadlineRow(
                    message=message.id,
                    case=case.number,
                    store=store,
                    anchor=anchor,
                    due_at=anchor + DAY,
                    state=state,
                    answered_at=None if took is None else anchor + took,
                )
            )
            made.append(message.id)
    return made


def _next(tx) -> int:
    return (tx.scalar(select(func.max(MailRow.uid))) or 0) + 1


def period(desk: Desk, name: str, store: str = "nordlicht") -> Figures:
    with desk.database.reading() as tx:
        return dict(figures.periods(tx, desk, store))[name]


def in_zone(desk: Desk, zone: str) -> Desk:
    store = desk.settings.stores["nordlicht"].model_copy(update={"zone": zone})
    stores = dict(desk.settings.stores) | {"nordlicht": store}
    return replace(desk, settings=desk.settings.model_copy(update={"stores": stores}))


@pytest.mark.parametrize(("in_time", "late"), [(89, 11), (90, 10), (95, 5)])
@pytest.mark.parametrize("summed", [False, True], ids=["from the duties", "from summed days"])
def test_the_thresholds_of_the_founding_text_are_met_to_the_message(
    desk: Desk, clock: FixedClock, in_time: int, late: int, summed: bool
) -> None:
    start = clock.now() - 5 * DAY
    put(desk, *(start + MINUTE * n for n in range(in_time)), took=DAY)
    put(desk, *(start + MINUTE * n for n in range(late)), took=DAY + timedelta(seconds=1))
    if summed:
        assert sum_up(desk) > 100
    found = period(desk, "7d")
    assert (found.response_rate, found.late_response_rate) == (in_time / 100, late / 100)
    assert (found.received, found.median_seconds, found.p90_seconds) == (
        100, 86_400.0, 86_400.0 if in_time >= 90 else 88_200.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        ("Asia/Shanghai", datetime(2026, 11, 24, 16, 0, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 25, 5, 0, tzinfo=UTC)),
        ("Asia/Tokyo", datetime(2026, 11, 24, 15, 0, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_the_midnight_of_the_store(
    desk: Desk, clock: FixedClock, zone: str, midnight: datetime
) -> None:
    here = in_zone(desk, zone)
    tick = timedelta(microseconds=1)
    put(here, midnight - tick, midnight)
    assert period(here, "today").received == 1
    put(here, midnight - 6 * DAY - tick, midnight - 6 * DAY)
    assert (period(here, "7d").received, period(here, "30d").received) == (3, 4)
    go_to(clock, midnight + 3 * DAY)
    sum_up(here)
    assert (period(here, "7d").received, period(here, "30d").received) == (2, 4)
    with here.database.reading() as tx:
        hours = {
            value: dict(found)["30d"].received for value, found in broken_down(tx, here, "nordlicht", "hour")
        }
    assert hours == {"0": 2, "23": 2}


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC), 23),
        (datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC), 25),
    ],
    ids=["the short day", "the long day"],
)  # fmt: skip
def test_a_day_of_a_clock_change_is_whole(desk: Desk, start: datetime, end: datetime, hours: int) -> None:
    """In Berlin."""
    put(desk, *(start + n * HOUR for n in range(-1, hours + 1)), took=MINUTE)
    with desk.database.reading() as tx:
        at = replace(desk, clock=FixedClock(end - timedelta(microseconds=1)))
        assert dict(figures.periods(tx, at, "nordlicht"))["today"].received == hours
    later = replace(desk, clock=FixedClock(end + 2 * DAY))
    sum_up(later)
    with desk.database.reading() as tx:
        found = by_day(figures.pieces(tx, later, "nordlicht"), "nordlicht")
    days = sla.local_days(later.now(), "Europe/Berlin", 5)
    assert [found[day.day].in_time for day in days if day.start == start] == [hours]
    assert sum(one.in_time for one in found.values()) == hours + 2


def test_what_came_too_late_is_in_no_other_figure_and_history_in_none(desk: Desk, clock: FixedClock) -> None:
    late, history = put(desk, clock.now() - 3 * DAY, clock.now() - 3 * DAY, took=26 * HOUR)
    with desk.database.writing() as tx:
        tx.execute(update(DeadlineRow).where(DeadlineRow.message == late).values(late_on_arrival=True))
        tx.execute(update(DeadlineRow).where(DeadlineRow.message == history).values(counted=False))
    for _ in range(2):
        found = period(desk, "7d")
        assert (found.late_on_arrival, found.received, found.response_rate, found.undecided) == (
            1,
            0,
            None,
            0,
        )
        sum_up(desk)


def test_a_first_contact_is_decided_when_the_day_is_over_in_which_its_week_ends(
    desk: Desk, clock: FixedClock
) -> None:
    """Answered 2026-11-20 10:00 UTC in Berlin: the week ends on the 27th, the day at 23:00 UTC."""
    put(desk, datetime(2026, 11, 20, 9, tzinfo=UTC))
    for instant, resolved, undecided in (
        (datetime(2026, 11, 25, 9, tzinfo=UTC), 0, 1),
        (datetime(2026, 11, 27, 22, 59, tzinfo=UTC), 0, 1),
        (datetime(2026, 11, 27, 23, 0, tzinfo=UTC), 1, 0),
    ):
        go_to(clock, instant)
        for _ in range(2):
            found = period(desk, "30d")
            assert (found.resolved, found.undecided) == (resolved, undecided), instant
            sum_up(desk)


def test_the_buyer_who_writes_again_within_a_week_unsettles_a_summed_day(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    clock.advance(-9 * DAY)
    post.deliver(buyer_mail("Where is it?"))
    answer(desk, clock, 1001)
    clock.advance(4 * DAY)
    sum_up(desk)
    assert period(desk, "30d").undecided == 1
    post.deliver(buyer_mail("Still not here"))
    found = period(desk, "30d")
    assert (found.unresolved, found.undecided) == (1, 0)


def test_handle_time_runs_from_the_last_claim_to_the_answer(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    post.deliver(buyer_mail())
    clock.advance(HOUR)
    assign.claim(desk, 1001, by=ANNA)
    clock.advance(20 * MINUTE)
    answer(desk, clock, 1001)
    found = period(desk, "today")
    assert found.handled == 1
    assert found.handle_seconds == pytest.approx(1200, abs=120)
    assert (found.average_seconds or 0) - (found.handle_seconds or 0) == 3600


RAW = {
    "an answer that came back": "UPDATE deadlines SET state = 'open', answered_at = NULL WHERE message = :one",
    "an excuse": "UPDATE deadlines SET state = 'excused', answered_at = NULL WHERE message = :one",
    "another store": "UPDATE deadlines SET store = 'sunrise' WHERE message = :one",
    "another day": "UPDATE deadlines SET anchor = (SELECT min(anchor) FROM deadlines) WHERE message = :one",
    "no more counted": "UPDATE deadlines SET counted = false WHERE message = :one",
    "too late": "UPDATE deadlines SET late_on_arrival = true WHERE message = :one",
    "another shift": "UPDATE deadlines SET shift = 'night' WHERE message = :one",
    "another topic": "UPDATE messages SET topic = 'return' WHERE id = :one",
    "another marketplace": "UPDATE cases SET marketplace = 'FR' WHERE number ="
    ' (SELECT "case" FROM messages WHERE id = :one)',
    "another case": 'UPDATE messages SET "case" = (SELECT min("case") FROM messages) WHERE id = :one',
    "gone": "DELETE FROM deadlines WHERE message = :one",
    "another answer": "UPDATE deadlines SET answered_at ="
    " (SELECT max(answered_at) FROM deadlines) WHERE message = :one",
}


def test_no_change_of_a_summed_day_is_missed_also_by_raw_sql(desk: Desk, clock: FixedClock) -> None:
    start = clock.now() - 25 * DAY
    duties = put(desk, *(start + n * 17 * HOUR for n in range(2 * len(RAW))))
    assert sum_up(desk) > 180
    for what, one in zip(RAW, duties[1::2], strict=True):
        assert sum_up(desk) == 0
        with desk.database.writing() as tx:
            tx.execute(text(RAW[what]), {"one": one})
        same_as_recount(desk, "", "topic")
        assert sum_up(desk) >= 1, what
    same_as_recount(desk, "", *sla.DIMENSIONS, "store")


def test_the_board_reads_summed_days_and_not_their_duties(desk: Desk, clock: FixedClock) -> None:
    """Else the tests that compare would only compare duties with duties."""
    put(desk, clock.now() - 10 * DAY)
    sum_up(desk)
    with desk.database.writing() as tx:
        (row,) = tx.scalars(select(SpanFiguresRow).where(SpanFiguresRow.by == ""))
        part = unpacked(row.names, row.counts, row.took)
        row.counts, _took = packed(replace(part, counts=part.counts * 5))
    assert period(desk, "30d").in_time == 5
    with desk.database.reading() as tx:
        past = dict(figures.periods(tx, desk, "nordlicht", clock.now()))["30d"]
    assert past.in_time == 1, "a past instant is worked out from the duties"


def spans(desk: Desk, store: str = "nordlicht") -> list[SummedSpanRow]:
    with desk.database.reading() as tx:
        wanted = select(SummedSpanRow).where(SummedSpanRow.store == store).order_by(SummedSpanRow.start)
        return list(tx.scalars(wanted))


def test_a_day_is_summed_by_quarters_then_by_hours_and_then_whole(desk: Desk, clock: FixedClock) -> None:
    """Of a store with many messages; at a day's end each of its lengths takes the place of the one before."""
    one = put(desk, *(clock.now() - n * timedelta(minutes=47) for n in range(40)))[-1]
    lengths = set()
    for days in (0, 1, 8, 1, 1):
        clock.advance(days * DAY)
        sum_up(desk, many=0)
        every = spans(desk)
        assert all(here.end == after.start for here, after in itertools.pairwise(every))
        assert clock.now() - every[-1].end < QUARTER
        lengths |= {span.end - span.start for span in every if span.start <= START < span.end}
        same_as_recount(desk, "", "hour")
        with desk.database.writing() as tx:
            tx.execute(update(DeadlineRow).where(DeadlineRow.message == one).values(shift=f"{days}"))
        assert sum_up(desk, many=0) == 1
    assert lengths == {QUARTER, HOUR, DAY}


@pytest.mark.parametrize("zone", ["Australia/Lord_Howe", "Asia/Kathmandu", "Europe/Berlin"])
def test_pieces_are_right_through_clock_changes_and_odd_zones(
    desk: Desk, clock: FixedClock, zone: str
) -> None:
    """Lord Howe's clocks go forward half an hour on 2026-10-04, Berlin's back an hour on 2026-10-25."""
    for change in (datetime(2026, 10, 3, 15, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 0, tzinfo=UTC)):
        here = replace(in_zone(desk, zone), clock=FixedClock(change + 30 * HOUR))
        put(here, *(change + n * timedelta(minutes=13) for n in range(-130, 130)), took=MINUTE)
        assert sum_up(here, many=0) > 200
        same_as_recount(here, "", "hour")
    assert {span.end - span.start for span in spans(desk)} >= {QUARTER, HOUR}


def test_a_message_marks_the_answers_of_the_week_before_it_alone(
    desk: Desk, clock: FixedClock, post: Post
) -> None:
    """Whoever writes again after months changes no figure: what was summed long ago stays."""
    post.deliver(buyer_mail())
    answer(desk, clock, 1001)
    clock.advance(20 * DAY)
    post.deliver(buyer_mail("Me again"))
    clock.advance(2 * DAY)
    sum_up(desk)
    with desk.database.reading() as tx:
        assert tx.scalar(select(func.count()).select_from(DutyMarkRow)) == 0
    post.deliver(buyer_mail("And again"))
    assert sum_up(desk) == 0, "of days that are over nothing changed"
    same_as_recount(desk, "", *sla.DIMENSIONS)


def test_another_zone_of_the_store_makes_summed_days_void(desk: Desk, clock: FixedClock) -> None:
    put(desk, datetime(2026, 11, 10, 22, 30, tzinfo=UTC))
    sum_up(desk)
    there = in_zone(desk, "Asia/Tokyo")
    with there.database.reading() as tx:
        since = clock.now() - 30 * DAY
        assert not figure_spans.summed(tx, {"nordlicht": "Asia/Tokyo"}, since, clock.now())
    same_as_recount(there, "", "hour")
    sum_up(there)
    same_as_recount(there, "", "hour")


def test_a_change_that_commits_while_a_day_is_summed_is_not_lost(desk: Desk, clock: FixedClock) -> None:
    """It is made before the summing reads, and committed after it wrote: its mark outlives the summing."""
    if desk.database.is_sqlite:
        pytest.skip("on SQLite there is one writer at a time")
    (one,) = put(desk, clock.now() - 10 * DAY)
    with desk.database.writing() as tx:
        tx.execute(
            update(DeadlineRow).where(DeadlineRow.message == one).values(state="excused", answered_at=None)
        )
        tx.flush()
        sum_up(desk)
        assert period(desk, "30d").in_time == 1
    assert period(desk, "30d").excused == 1
    assert sum_up(desk) == 1
    same_as_recount(desk, "", *sla.DIMENSIONS)


def test_of_two_clocks_that_sum_at_once_each_day_is_summed_by_one(desk: Desk, clock: FixedClock) -> None:
    put(desk, *(clock.now() - n * DAY for n in range(2, 30)))
    begin, sums = Event(), []

    def run() -> None:
        begin.wait(10)
        sums.append(sum_up(desk))

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    begin.set()
    for thread in threads:
        thread.join()
    with desk.database.reading() as tx:
        spans = tx.scalar(select(func.count()).select_from(SummedSpanRow)) or 0
    assert sum(sums) == spans
    same_as_recount(desk, "", *sla.DIMENSIONS)


def test_what_nobody_reads_any_more_is_dropped(desk: Desk, clock: FixedClock) -> None:
    put(desk, clock.now() - 89 * DAY, clock.now() - 5 * DAY)
    sum_up(desk)
    clock.advance(30 * DAY)
    sum_up(desk)
    with desk.database.reading() as tx:
        oldest = tx.scalar(select(func.min(SummedSpanRow.start)).where(SummedSpanRow.store == "nordlicht"))
        marks = tx.scalar(select(func.count()).select_from(DutyMarkRow))
    assert oldest == zones.day_start(clock.now(), "Europe/Berlin", 92)
    assert marks == 0


def test_figures_of_single_agents_are_for_managers(desk: Desk) -> None:
    with desk.database.reading() as tx:
        assert figures.require_may_see(tx, desk, WANG, "agent", None)
        assert not figures.require_may_see(tx, desk, ANNA, "topic", None)
        for person, by in ((ANNA, "agent"), (LI_WEI, "agent"), (GUEST, "")):
            with pytest.raises(NotAllowed):
                figures.require_may_see(tx, desk, person, by, None)


def test_who_manages_one_store_sees_single_people_of_that_one_alone(desk: Desk) -> None:
    anna = desk.settings.agents["anna"].model_copy(update={"role": "manager", "manages": ("sunrise",)})
    agents = dict(desk.settings.agents) | {"anna": anna}
    desk = replace(desk, settings=desk.settings.model_copy(update={"agents": agents}))
    with desk.database.reading() as tx:
        assert figures.require_may_see(tx, desk, ANNA, "agent", "sunrise")
        assert [figures.require_may_see(tx, desk, ANNA, "", store) for store in ("nordlicht", None)] == [
            False,
            False,
        ]
        for store in ("nordlicht", None):
            with pytest.raises(NotAllowed) as why:
                figures.require_may_see(tx, desk, ANNA, "agent", store)
            assert why.value.facts["who"] == (WANG,), "not themselves"


def test_the_shift_of_an_answer_is_the_layer_of_who_answered(staffed: Desk, clock: FixedClock) -> None:
    """At 09:00 UTC Li Wei is on in Beijing, and Anna is asleep."""
    post = Post(staffed, clock)
    post.deliver(buyer_mail(amazon_case_id="a", order_id="305-1", buyer_base="a@m.example"))
    post.deliver(buyer_mail(amazon_case_id="b", order_id="305-2", buyer_base="b@m.example"))
    answer(staffed, clock, 1001, by=LI_WEI)
    answer(staffed, clock, 1002, by=ANNA)
    with staffed.database.reading() as tx:
        assert tx.scalars(select(DeadlineRow.shift).order_by(DeadlineRow.message)).all() == ["beijing", ""]
        found = broken_down(tx, staffed, None, "shift")
    assert {value: dict(periods)["today"].in_time for value, periods in found} == {"beijing": 1, "": 1}


def test_a_board_counts_the_queue_and_who_answered_today(desk: Desk, clock: FixedClock, post: Post) -> None:
    post.deliver(buyer_mail(amazon_case_id="a", order_id="305-1", buyer_base="a@m.example"), late=22 * HOUR)
    post.deliver(buyer_mail(amazon_case_id="b", order_id="305-2", buyer_base="b@m.example"), late=2 * HOUR)
    answer(desk, clock, 1002, by=ANNA)
    board = read.board(desk, by="store")
    assert (board.open_cases, board.unclaimed, board.by_time_left) == (1, 1, (0, 0, 1, 0, 0, 0))
    assert [line.number for line in board.at_risk] == [1001]
    assert {who: n for who, _open, n in board.people}[ANNA] == 1
    assert 7200 <= board.medians[ANNA] <= 7500
    assert (board.zone, dict(board.zones)) == (
        "", {"Nordlicht": "Europe/Berlin", "Sunrise": "America/Los_Angeles"},
    )  # fmt: skip
    assert [value for value, _periods in board.breakdown] == ["nordlicht"]
