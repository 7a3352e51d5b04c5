"""The second road: which pings take it, each once on each road, until somebody answered. Both databases."""

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, update

from bot.clock import FixedClock
from bot.db.queries import outbox
from bot.db.tables import OutboxRow, PersonRow
from bot.db.tables_shifts import AlertRow
from bot.desk import Desk, alerts, assign, close, pings
from bot.errors import Refused, Unreachable
from bot.settings.notify import NotifyEmailSettings, NotifySettings, WebhookSettings
from tests.store.lived import HOUR, MINUTE, Inbox, told, walk
from tests.world import CHEN, LI_WEI, START, WANG

NOTIFY = NotifySettings(
    email=NotifyEmailSettings(outgoing="relay", sender="alerts@nordlicht.example"),
    webhooks=(
        WebhookSettings(name="all", kind="feishu", url_env="FEISHU_URL"),
        WebhookSettings(name="sunrise", kind="generic", url_env="HOOK_URL", stores=("sunrise",)),
    ),
)


@pytest.fixture
def inbox(staffed: Desk, clock: FixedClock) -> Inbox:
    return Inbox(staffed, clock)


@pytest.fixture
def reachable(staffed: Desk) -> Desk:
    """The desk with a second road: everybody but Chen Yu has an e-mail address, and there are two webhooks."""
    agents = {
        key: one.model_copy(update={"email": None if key == "chen-yu" else f"{key}@team.example"})
        for key, one in staffed.settings.agents.items()
    }
    return replace(staffed, settings=staffed.settings.model_copy(update={"agents": agents, "notify": NOTIFY}))


def rows(desk: Desk) -> dict[tuple[str, str], str]:
    """(key, road) -> state"""
    with desk.database.reading() as tx:
        return {(row.key, row.road): row.state for row in tx.scalars(select(AlertRow))}


def roads(desk: Desk) -> list[str]:
    return sorted(road for _key, road in rows(desk))


def ping(desk: Desk, inbox: Inbox, person: str = LI_WEI, *, late: timedelta = 20 * HOUR) -> int:
    """A case of somebody's, whose direct message waits in the outbox."""
    number = inbox.case(late=late)
    assign.claim(desk, number, by=person)
    told(desk)
    pings.ping_due(desk)
    return number


def mute(desk: Desk, person: str, since: datetime, until: datetime) -> None:
    with desk.database.writing() as tx:
        tx.add(
            PersonRow(
                person=person,
                name="x",
                zone="UTC",
                locale="en-US",
                fetched_at=START,
                quiet_from=since,
                quiet_until=until,
            )
        )


def test_a_ping_that_slack_takes_needs_no_second_road(
    reachable: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    ping(reachable, inbox)
    told(reachable)
    clock.advance(6 * MINUTE)
    assert alerts.record(reachable) == 0


def test_while_slack_is_down_each_personal_ping_goes_each_road_once_after_five_minutes(
    reachable: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    ping(reachable, inbox)
    clock.advance(5 * MINUTE - timedelta(seconds=1))
    assert alerts.record(reachable) == 0
    clock.advance(timedelta(seconds=1))
    assert alerts.record(reachable) == 2
    assert rows(reachable) == {
        (f"ping:1:1h:{LI_WEI}", "email:li-wei"): "queued",
        (f"ping:1:1h:{LI_WEI}", "hook:all"): "queued",
    }
    for _ in range(3):
        clock.advance(MINUTE)
        assert alerts.record(reachable) == 0


def test_a_mention_in_the_thread_that_is_stuck_goes_to_the_group_chats_only(
    reachable: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    """Three hours left: a post in the thread, and a direct message."""
    clock.advance(-7 * HOUR)
    ping(reachable, inbox, late=21 * HOUR)
    clock.advance(6 * MINUTE)
    alerts.record(reachable)
    assert sorted(rows(reachable)) == [
        (f"ping:1:3h:{LI_WEI}", "email:li-wei"),
        (f"ping:1:3h:{LI_WEI}", "hook:all"),
        ("ping:1:3h:thread", "hook:all"),
    ]


def test_who_has_no_address_is_told_by_the_group_chats(
    reachable: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    ping(reachable, inbox, CHEN)
    clock.advance(6 * MINUTE)
    alerts.record(reachable)
    assert roads(reachable) == ["hook:all"]


def test_a_webhook_for_some_stores_gets_theirs_only(reachable: Desk, clock: FixedClock, inbox: Inbox) -> None:
    number = inbox.case("sunrise", late=20 * HOUR)
    assign.claim(reachable, number, by=LI_WEI)
    pings.ping_due(reachable)
    clock.advance(6 * MINUTE)
    alerts.record(reachable)
    assert roads(reachable) == ["email:li-wei", "hook:all", "hook:sunrise"]


def test_a_ping_that_slack_refused_for_good_goes_at_once(reachable: Desk, inbox: Inbox) -> None:
    ping(reachable, inbox)
    with reachable.database.writing() as tx:
        tx.execute(update(OutboxRow).where(OutboxRow.key.startswith("ping:")).values(state="dead"))
    assert alerts.record(reachable) == 2
    assert alerts.record(reachable) == 0


def test_a_muted_person_is_told_at_once_and_who_mutes_after_the_ping_is_not(
    reachable: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    for person in (LI_WEI, CHEN, WANG):
        mute(reachable, person, START - HOUR, START + 9 * HOUR)
    ping(reachable, inbox)
    told(reachable)
    assert alerts.record(reachable) == 2
    assert roads(reachable) == ["email:li-wei", "hook:all"]


def test_who_mutes_after_the_ping_has_heard_it(reachable: Desk, clock: FixedClock, inbox: Inbox) -> None:
    ping(reachable, inbox)
    told(reachable)
    clock.advance(10 * MINUTE)
    mute(reachable, LI_WEI, clock.now(), START + 9 * HOUR)
    assert alerts.record(reachable) == 0


def test_the_stand_in_of_a_muted_assignee_is_rung_by_slack_and_nobody_needs_the_second_road(
    reachable: Desk, inbox: Inbox
) -> None:
    mute(reachable, LI_WEI, START - HOUR, START + 9 * HOUR)
    ping(reachable, inbox)
    told(reachable)
    assert alerts.record(reachable) == 0


def test_nobody_is_told_of_what_was_answered(reachable: Desk, clock: FixedClock, inbox: Inbox) -> None:
    before, between = ping(reachable, inbox), ping(reachable, inbox)
    pings.ping_due(reachable)
    with reachable.database.writing() as tx:
        outbox.put(tx, f"ping:1:1h:{LI_WEI}", LI_WEI, clock.now(), urgency=outbox.URGENT)
    clock.advance(6 * MINUTE)
    close.no_response_needed(reachable, before, by=LI_WEI)
    assert alerts.record(reachable) == 2
    close.no_response_needed(reachable, between, by=LI_WEI)
    assert alerts.due(reachable) == []
    assert set(rows(reachable).values()) == {"dropped"}
    clock.advance(HOUR)
    assert (alerts.record(reachable), alerts.due(reachable)) == (0, [])


def test_without_a_second_road_nothing_is_written_down(
    staffed: Desk, clock: FixedClock, inbox: Inbox
) -> None:
    ping(staffed, inbox)
    clock.advance(6 * MINUTE)
    assert alerts.record(staffed) == 0


@pytest.fixture
def waiting(reachable: Desk, clock: FixedClock, inbox: Inbox) -> Desk:
    """One ping of Chen Yu's, to go one road."""
    ping(reachable, inbox, CHEN)
    clock.advance(6 * MINUTE)
    assert alerts.record(reachable) == 1
    return reachable


def test_what_is_told_is_told_once(waiting: Desk, clock: FixedClock) -> None:
    (one,) = alerts.due(waiting)
    assert (one.road, one.stage, one.case, one.store, one.attempts) == (
        "hook:all",
        "1h",
        1001,
        "nordlicht",
        1,
    )
    assert alerts.due(waiting) == [], "it is being told"
    alerts.told(waiting, one)
    clock.advance(HOUR)
    assert (alerts.record(waiting), alerts.due(waiting)) == (0, [])
    assert set(rows(waiting).values()) == {"sent"}


def test_who_can_not_be_reached_is_tried_again_after_longer_and_longer_pauses_six_times(
    waiting: Desk, clock: FixedClock
) -> None:
    began, tried = clock.now(), []

    def look() -> None:
        for one in alerts.due(waiting):
            tried.append((clock.now() - began) / MINUTE)
            alerts.failed(waiting, one, Unreachable("nobody answers"))

    look()
    walk(clock, began + 3 * HOUR, MINUTE, look)
    assert tried == [0, 2, 6, 14, 30, 62]
    with waiting.database.reading() as tx:
        row = tx.scalars(select(AlertRow)).one()
    assert (row.state, row.attempts, row.reason) == ("failed", 6, "nobody answers")


def test_after_a_clock_was_set_back_nothing_waits_until_it_is_as_late_again(
    reachable: Desk, inbox: Inbox, clock: FixedClock
) -> None:
    ping(reachable, inbox)
    clock.advance(-4 * HOUR)
    assert alerts.record(reachable) > 0
    clock.advance(-6 * MINUTE)
    for one in alerts.due(reachable):
        alerts.failed(reachable, one, Unreachable("nobody answers"))
    assert alerts.due(reachable) == []
    clock.advance(-6 * MINUTE)
    assert alerts.due(reachable)


def test_what_is_refused_is_not_tried_again(waiting: Desk, clock: FixedClock) -> None:
    (one,) = alerts.due(waiting)
    alerts.failed(waiting, one, Refused("wrong secret"))
    clock.advance(HOUR)
    assert alerts.due(waiting) == []
    assert set(rows(waiting).values()) == {"failed"}


def test_an_error_of_our_own_is_tried_again_a_few_times_and_its_words_are_not_kept(
    waiting: Desk, clock: FixedClock
) -> None:
    for _ in range(6):
        (one,) = alerts.due(waiting)
        assert set(rows(waiting).values()) == {"queued"}
        alerts.failed(waiting, one, KeyError("katrin0000001"))
        clock.advance(HOUR)
    assert alerts.due(waiting) == []
    assert set(rows(waiting).values()) == {"failed"}
    with waiting.database.reading() as tx:
        assert tx.scalars(select(AlertRow.reason)).all() == ["KeyError"]


def test_a_program_that_died_while_telling_tells_again_and_the_late_one_changes_nothing(
    waiting: Desk, clock: FixedClock
) -> None:
    (lost,) = alerts.due(waiting)
    clock.advance(2 * MINUTE)
    (again,) = alerts.due(waiting)
    assert again.attempts == 2
    alerts.failed(waiting, lost, Refused("too late"))
    assert set(rows(waiting).values()) == {"queued"}
    alerts.told(waiting, again)
    assert set(rows(waiting).values()) == {"sent"}


def test_of_two_that_look_at_once_one_tells(waiting: Desk) -> None:
    start, taken = Barrier(4), []

    def look() -> None:
        start.wait()
        taken.extend(alerts.due(waiting))

    clocks = [Thread(target=look) for _ in range(4)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()
    assert len(taken) == 1
