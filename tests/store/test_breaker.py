"""The breaker at work: what it finds in the tables, that it switches once, and does not flap. Both databases.

START is Wednesday 2026-11-25, 09:00 UTC; Nordlicht is in Europe/Berlin.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import event, select

from bot.clock import FixedClock
from bot.db.queries import breaker as queries
from bot.db.tables import CaseRow, DeadlineRow, LedgerRow, MailRow, MessageRow, ReplyRow
from bot.desk import ROBOT, Desk, breaker, manual, read, reply, settle
from bot.desk.reply import Outgoing
from bot.domain.breaker import BOUNCED
from bot.domain.mail import Kind, Mail
from bot.domain.sla import Rate
from bot.settings.breaker import BreakerSettings
from bot.settings.shape import ThresholdSettings
from tests.store.lived import Inbox, keys
from tests.store.test_manual import TEXT, at_once, take
from tests.world import LI_WEI, START, WANG

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_NUMBERS = count(1)


def case(desk: Desk, store: str) -> int:
    with desk.database.writing() as tx:
        made = CaseRow(kind="buyer", store=store, channel="amz", opened_at=START, acted_at=START)
        tx.add(made)
        tx.flush()
        return made.number


def ended(desk: Desk, state: str, many: int = 1, store: str = "nordlicht", **about: object) -> None:
    """So many replies of the store that ended so, a second after each other, up to now."""
    number, now = case(desk, store), desk.now()
    with desk.database.writing() as tx:
        for place in range(many):
            at = now - timedelta(seconds=many - 1 - place)
            when = {"accepted": {"accepted_at": at}, "queued": {"taken_at": at}}.get(state, {"ended_at": at})
            facts = {"taken_at": at - MINUTE, **when, **about}
            tx.add(
                ReplyRow(
                    case=number, author=LI_WEI, state=state, text="", created_at=at, not_before=at, **facts
                )
            )


def messages(desk: Desk, at: datetime, store: str = "nordlicht", **states: int) -> None:
    """Messages that came at `at`, so many of each state; met ones were answered after an hour."""
    number = case(desk, store)
    with desk.database.writing() as tx:
        uid = next(_NUMBERS)
        mail = MailRow(mailbox=store, uidvalidity=1, uid=uid, arrived_at=at, stored_at=at, state="done")
        tx.add(mail)
        tx.flush()
        for state in (state for state, many in states.items() for _ in range(many)):
            row = MessageRow(
                case=number,
                mail=mail.id,
                store=store,
                message_id=f"<{next(_NUMBERS)}>",
                received_at=at,
                text="",
                full_text="",
            )
            tx.add(row)
            tx.flush()
            answered = {"met": at + HOUR, "missed": at + 25 * HOUR}.get(state)
            duty = DeadlineRow(
                message=row.id, case=number, store=store, anchor=at, due_at=at + DAY, state=state
            )
            duty.answered_at = answered
            tx.add(duty)


def causes(desk: Desk) -> dict[str, str]:
    return {one.scope: one.trip.cause for one in manual.modes(desk) if one.trip}


@pytest.mark.parametrize(
    ("state", "many", "about", "cause"),
    [
        pytest.param("bounced", 5, {}, "bounced", id="bounces"),
        pytest.param("bounced", 4, {}, None, id="too few"),
        pytest.param("failed", 4, {"code": "554"}, "blocked", id="refused by policy"),
        pytest.param("failed", 4, {"code": "535"}, None, id="four that could not log in"),
        pytest.param("failed", 5, {"code": "535"}, "failed", id="five that could not log in"),
        pytest.param("unsure", 5, {}, "failed", id="no answer after the mail"),
        pytest.param("queued", 5, {"attempts": 3}, "failed", id="tried three times"),
        pytest.param("queued", 5, {"attempts": 2}, None, id="tried twice"),
        pytest.param("accepted", 20, {}, None, id="all is well"),
    ],
)
def test_bursts_are_found(
    desk: Desk, state: str, many: int, about: dict[str, object], cause: str | None
) -> None:
    ended(desk, "accepted", 10)
    ended(desk, state, many, **about)
    assert breaker.watch(desk) == (cause is not None)
    assert causes(desk) == ({"nordlicht": cause} if cause else {})
    assert breaker.watch(desk) == 0, "it is on already"


def test_a_trip_names_the_replies_and_calls_the_managers(desk: Desk) -> None:
    ended(desk, "accepted", 3)
    ended(desk, "bounced", 5)
    ended(desk, "accepted", 9, "sunrise")
    assert breaker.watch(desk) == 1
    (mode,) = manual.modes(desk)
    assert mode.by == ROBOT
    assert mode.trip is not None
    assert (mode.trip.bad, mode.trip.of, len(mode.trip.ids)) == (5, 8, 5)
    assert keys(desk, "manual") == [f"manual:{mode.id}"]
    assert keys(desk, "manual_told") == [f"manual_told:{mode.id}:on:{WANG}"]
    with desk.database.reading() as tx:
        (line,) = tx.scalars(select(LedgerRow).where(LedgerRow.what == "manual_on"))
    assert (line.who, line.store) == (ROBOT, "nordlicht")
    assert {key: line.facts[key] for key in ("cause", "bad", "of")} == {"cause": "bounced", "bad": 5, "of": 8}


def test_what_was_long_ago_or_elsewhere_trips_nothing(desk: Desk, clock: FixedClock) -> None:
    ended(desk, "bounced", 4)
    ended(desk, "bounced", 4, "sunrise")
    clock.advance(DAY + MINUTE)
    ended(desk, "bounced", 4)
    assert breaker.watch(desk) == 0


def test_a_breaker_that_is_off_trips_nothing(desk: Desk) -> None:
    thresholds = ThresholdSettings(breaker=BreakerSettings(enabled=False))
    quiet = replace(desk, settings=desk.settings.model_copy(update={"thresholds": thresholds}))
    ended(desk, "bounced", 20)
    assert breaker.watch(quiet) == 0
    assert breaker.watch(desk) == 1


def test_it_does_not_flap(desk: Desk, clock: FixedClock) -> None:
    """A manager ends it and nothing is mended: a pause, then it takes twice as many; after a calm run five again."""
    ended(desk, "bounced", 20)
    assert breaker.watch(desk) == 1
    clock.advance(MINUTE)
    manual.switch_off(desk, "nordlicht", "mended, I think", by=WANG)
    assert breaker.watch(desk) == 0
    clock.advance(30 * MINUTE)
    ended(desk, "bounced", 9)
    assert breaker.watch(desk) == 0, "the pause"
    clock.advance(31 * MINUTE)
    assert breaker.watch(desk) == 0, "nine are not twice five"
    ended(desk, "bounced")
    assert breaker.watch(desk) == 1
    manual.switch_off(desk, "nordlicht", "mended at last", by=WANG)
    clock.advance(2 * HOUR)
    ended(desk, "accepted", 20)
    clock.advance(MINUTE)
    ended(desk, "bounced", 5)
    assert breaker.watch(desk) == 1


def test_of_two_clocks_that_see_the_same_one_switches(desk: Desk) -> None:
    ended(desk, "bounced", 5)
    found: list[int] = []
    assert at_once(*[lambda: found.append(breaker.watch(desk))] * 3) == []
    assert sorted(found) == [0, 0, 1]
    assert len(manual.modes(desk)) == 1


def test_a_drop_of_the_response_rate(desk: Desk, clock: FixedClock) -> None:
    """95 % in four weeks; yesterday 20 of 40 were not answered in time."""
    for days in range(3, 29):
        messages(desk, START - days * DAY, met=19, missed=1)
    assert breaker.watch(desk) == 0
    messages(desk, START - 26 * HOUR, open=10, missed=10)
    messages(desk, START - 3 * HOUR, met=20)
    assert breaker.watch(desk) == 1
    (mode,) = manual.modes(desk)
    assert mode.trip is not None
    assert (mode.trip.cause, mode.trip.bad, mode.trip.of) == ("rate_drop", 20, 40)
    assert mode.trip.usual == pytest.approx(0.95)
    assert len(mode.trip.ids) == 20
    manual.switch_off(desk, "nordlicht", "we were ill", by=WANG)
    clock.advance(2 * HOUR)
    assert breaker.watch(desk) == 0, "what led to it is not looked at again"


@pytest.mark.parametrize(
    ("days", "lost", "trips"),
    [
        pytest.param(26, 5, 0, id="a small drop"),
        pytest.param(4, 20, 0, id="nothing is usual yet"),
        pytest.param(26, 20, 1, id="a deep one"),
    ],
)
def test_when_a_drop_is_none(desk: Desk, days: int, lost: int, trips: int) -> None:
    for ago in range(3, 3 + days):
        messages(desk, START - ago * DAY, met=19, missed=1)
    messages(desk, START - 26 * HOUR, open=lost)
    messages(desk, START - 3 * HOUR, met=25)
    assert breaker.watch(desk) == trips


def test_a_message_is_decided_when_it_is_answered_or_when_its_time_is_over(desk: Desk) -> None:
    messages(desk, START - 30 * HOUR, missed=2, open=3)  # lost 6 hours ago
    messages(desk, START - 23 * HOUR, met=4, open=5)
    messages(desk, START - 80 * HOUR, missed=7)
    with desk.database.reading() as tx:
        assert queries.decided(tx, "nordlicht", START - DAY, START) == Rate(4, 9)
        assert queries.decided(tx, "nordlicht", START - DAY, START - 6 * HOUR) == Rate(4, 4)
        assert len(queries.lost(tx, "nordlicht", START - DAY, START)) == 5
        assert queries.decided(tx, "sunrise", START - DAY, START) == Rate(0, 0)


def test_bounces_of_real_replies_switch_and_hold_the_next_one_back(desk: Desk, clock: FixedClock) -> None:
    inbox = Inbox(desk, clock)
    cases = [inbox.case() for _ in range(6)]

    def send(number: int) -> int:
        shown = reply.preview(desk, number, TEXT, by=LI_WEI)
        return reply.send(desk, number, Outgoing(shown.text, shown.fingerprint, shown.seen), by=LI_WEI)

    for number in cases[:5]:
        one = send(number)
        clock.advance(MINUTE)
        assert take(desk) == [one]
        with desk.database.writing() as tx:
            tx.get_one(ReplyRow, one).message_id = f"<reply-{one}@nordlicht.example>"
        settle.accepted(desk, one, code=250)
        bounce = Mail(kind=Kind.BOUNCE, why="a test", message_id=f"<bounce-{one}@mail.example>")
        inbox.deliver(replace(bounce, failed_message_id=f"<reply-{one}@nordlicht.example>"))
    waits = send(cases[5])
    assert breaker.watch(desk) == 1
    assert causes(desk) == {"nordlicht": BOUNCED}
    clock.advance(HOUR)
    assert take(desk) == []
    draft = read.draft(desk, cases[5], LI_WEI)
    assert draft is not None
    assert (draft.text, waits) == (TEXT, waits)


def test_no_look_walks_through_all_replies_or_cases(desk: Desk) -> None:
    if not desk.database.is_sqlite:
        pytest.skip("SQLite tells its plan whatever is in the tables")
    ended(desk, "bounced", 4)
    asked: list[tuple[str, object]] = []

    def listen(_c: object, _cursor: object, statement: str, values: object, *_more: object) -> None:
        asked.append((statement, values))

    event.listen(desk.database.engine, "before_cursor_execute", listen)
    breaker.watch(desk)
    event.remove(desk.database.engine, "before_cursor_execute", listen)
    with desk.database.engine.connect() as connection:
        plans = [
            row[3]
            for statement, values in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    assert len([plan for plan in plans if "replies" in plan]) >= 5
    assert [
        plan for plan in plans if plan.startswith(("SCAN replies", "SCAN cases")) and "USING" not in plan
    ] == []
