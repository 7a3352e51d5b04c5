"""Digests: told once for each place and day, after an outage the last one only; what their figures count.

The rota: Beijing 01:00-10:00 UTC and Los Angeles 17:00-01:00 UTC, every day; Li Wei, Wang Fang and Anna serve both
stores, Chen Yu Nordlicht (Berlin), Bob Sunrise (Los Angeles). START is Wednesday 2026-11-25, 09:00 UTC.
In Berlin the last shift that begins on a day ends at 01:00 UTC, in Los Angeles (night from 17:00 there) at 10:00 UTC.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import delete

from bot.clock import FixedClock
from bot.db.queries import switches
from bot.db.tables import CaseRow, DeadlineRow, MailboxRow, MailRow, MessageRow, OutboxRow, ReplyRow
from bot.desk import Desk, digests
from bot.domain.digests import Period, TemplateUse
from bot.errors import NotFound
from bot.settings.digests import DailySettings, DigestSettings, WeeklySettings
from tests.store.lived import go_to, keys
from tests.world import LI_WEI, START

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEDNESDAY = date(2026, 11, 25)
LONG_AGO = START - 60 * DAY
_NUMBERS = count(1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


def with_digests(desk: Desk, **changes: object) -> Desk:
    """The same desk with other digests."""
    found = DigestSettings.model_validate(changes)
    return replace(desk, settings=desk.settings.model_copy(update={"digests": found}))


def daily_only(desk: Desk, **changes: object) -> Desk:
    return with_digests(desk, daily=DailySettings(**changes), weekly=WeeklySettings(enabled=False))


@pytest.fixture
def running(staffed: Desk) -> Desk:
    """A desk whose mailboxes have been read for two months."""
    with staffed.database.writing() as tx:
        for name in staffed.settings.mailboxes:
            tx.add(MailboxRow(name=name, uidvalidity=1, uid=0, started_at=LONG_AGO, read_at=LONG_AGO))
    return staffed


def message(
    desk: Desk, anchor: datetime, answered: float | None = None, store: str = "nordlicht", **deadline: object
) -> int:
    """A case of one message that came at `anchor`, and was answered after so many hours; its number."""
    number = next(_NUMBERS)
    state = "open" if answered is None else "met" if answered <= 24 else "missed"
    with desk.database.writing() as tx:
        mail = MailRow(
            mailbox=store, uidvalidity=1, uid=number, arrived_at=anchor, stored_at=anchor, state="done"
        )
        case = CaseRow(kind="buyer", store=store, channel=f"amz-{store}", opened_at=anchor, acted_at=anchor)
        tx.add_all((mail, case))
        tx.flush()
        topic = str(deadline.pop("topic", "delivery"))
        row = MessageRow(
            case=case.number,
            mail=mail.id,
            store=store,
            message_id=f"<{number}>",
            received_at=anchor,
            text="",
            full_text="",
            topic=topic,
        )
        tx.add(row)
        tx.flush()
        facts = {"state": state, "answered_at": None if answered is None else anchor + answered * HOUR}
        tx.add(
            DeadlineRow(
                message=row.id,
                case=case.number,
                store=store,
                anchor=anchor,
                due_at=anchor + DAY,
                **{**facts, **deadline},
            )
        )
        return case.number


def reply(desk: Desk, case: int, accepted: datetime, template: str | None, edited: float = 0.0) -> None:
    with desk.database.writing() as tx:
        tx.add(
            ReplyRow(
                case=case,
                author=LI_WEI,
                state="accepted",
                template=template,
                edited=edited,
                text="",
                created_at=accepted,
                not_before=accepted,
                accepted_at=accepted,
            )
        )


def told(desk: Desk) -> list[str]:
    """The digests that wait to be told; they are then taken away, as if they had been."""
    found = keys(desk, "digest")
    with desk.database.writing() as tx:
        tx.execute(delete(OutboxRow))
    return found


def places(desk: Desk) -> dict[str, str]:
    with desk.database.reading() as tx:
        return {row.key: row.place for row in tx.query(OutboxRow) if row.key.startswith("digest:")}


def test_each_day_is_told_when_its_last_shift_ends_once(running: Desk, clock: FixedClock) -> None:
    desk = daily_only(running)
    digests.put_due(desk)
    assert sorted(told(desk)) == ["digest:daily:nordlicht:2026-11-24", "digest:daily:sunrise:2026-11-23"]
    go_to(clock, at("11-25T09:59"))
    assert digests.put_due(desk) == 0
    go_to(clock, at("11-25T10:00"))
    assert digests.put_due(desk) == 1
    assert places(desk) == {"digest:daily:sunrise:2026-11-24": "amz-sunrise"}
    assert digests.put_due(desk) == 0
    told(desk)
    go_to(clock, at("11-26T00:59"))
    assert digests.put_due(desk) == 0
    go_to(clock, at("11-26T01:00"))
    digests.put_due(desk)
    assert places(desk) == {"digest:daily:nordlicht:2026-11-25": "amz-nordlicht"}


def test_without_a_rota_it_comes_at_the_hour_of_the_settings(running: Desk, clock: FixedClock) -> None:
    settings = running.settings.model_copy(update={"rota": None})
    desk = daily_only(replace(running, settings=settings), hour=20)
    digests.put_due(desk)
    told(desk)
    go_to(clock, at("11-25T18:59"))
    assert digests.put_due(desk) == 0
    go_to(clock, at("11-25T19:00"))
    digests.put_due(desk)
    assert told(desk) == ["digest:daily:nordlicht:2026-11-25"]


def test_after_an_outage_the_last_one_only(running: Desk, clock: FixedClock) -> None:
    digests.put_due(running)
    assert len(told(running)) == 3
    clock.advance(23 * DAY)
    digests.put_due(running)
    assert sorted(told(running)) == [
        "digest:daily:nordlicht:2026-12-17",
        "digest:daily:sunrise:2026-12-16",
        "digest:weekly:2026-12-14",
    ]


def test_two_clocks_at_once_tell_it_once(running: Desk) -> None:
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: digests.put_due(running), range(4)))
    assert sum(counts) == 3
    assert len(told(running)) == 3


def test_a_later_day_is_never_followed_by_an_earlier_one(running: Desk) -> None:
    with running.database.writing() as tx:
        assert switches.advance(tx, "digest:weekly", "2026-11-23")
        assert not switches.advance(tx, "digest:weekly", "2026-11-23")
        assert not switches.advance(tx, "digest:weekly", "2026-11-16")
        assert switches.advance(tx, "digest:weekly", "2026-11-30")
    digests.put_due(running)
    assert "digest:weekly:2026-11-23" not in told(running)


def test_what_was_over_before_the_first_mail_was_read_is_not_told(staffed: Desk, clock: FixedClock) -> None:
    assert digests.put_due(staffed) == 0
    with staffed.database.writing() as tx:
        box = MailboxRow(name="nordlicht", uidvalidity=1, uid=0, started_at=START, read_at=START)
        tx.add(box)
    assert digests.put_due(staffed) == 0
    go_to(clock, at("11-26T10:00"))
    digests.put_due(staffed)
    assert told(staffed) == ["digest:daily:nordlicht:2026-11-25"], "nothing was ever read for Sunrise"
    go_to(clock, at("11-30T08:00"))
    digests.put_due(staffed)
    assert "digest:weekly:2026-11-30" in told(staffed), "one of the stores is enough"


def test_each_kind_can_be_off(running: Desk) -> None:
    off = with_digests(running, daily=DailySettings(enabled=False), weekly=WeeklySettings(enabled=False))
    assert digests.put_due(off) == 0
    weekly = with_digests(
        running, daily=DailySettings(enabled=False), weekly=WeeklySettings(zone="Asia/Shanghai", hour=7)
    )
    assert digests.put_due(weekly) == 1
    assert places(weekly) == {"digest:weekly:2026-11-23": "amz-leads"}


def test_stores_of_one_zone_share_the_post_of_a_channel(running: Desk) -> None:
    stores = {
        key: one.model_copy(update={"zone": "Europe/Berlin"}) for key, one in running.settings.stores.items()
    }
    settings = running.settings.model_copy(update={"stores": stores})
    desk = daily_only(replace(running, settings=settings), channel="amz-all")
    assert digests.put_due(desk) == 1
    assert places(desk) == {"digest:daily:nordlicht:2026-11-24": "amz-all"}
    found = digests.day_of(desk, "nordlicht", WEDNESDAY)
    assert [one.name for one in found.stores] == ["Nordlicht", "Sunrise"]


def test_a_day_counts_what_came_on_it_by_the_clock_of_the_store(running: Desk) -> None:
    midnight = at("11-24T23:00")  # in Berlin
    message(running, midnight - timedelta(seconds=1), 1)
    message(running, midnight, 1)
    message(running, at("11-25T05:00"), 3)
    message(running, at("11-25T08:00"))
    message(running, at("11-25T06:00"), 1, late_on_arrival=True)
    message(running, at("11-25T06:00"), 1, counted=False)
    message(running, at("11-25T06:00"), 1, "sunrise")
    overdue = message(running, at("11-22T06:00"))
    found = digests.day_of(running, "nordlicht", WEDNESDAY)
    (store,) = found.stores
    figures = store.figures
    assert (figures.received, figures.in_time, figures.waiting, figures.late_on_arrival) == (3, 2, 1, 1)
    assert figures.average_seconds == 2 * 3600
    assert (store.open_cases, store.overdue) == (2, 1), overdue
    assert found.period == Period("Europe/Berlin", WEDNESDAY, WEDNESDAY)


def test_a_day_tells_when_nobody_is_on_tomorrow(running: Desk) -> None:
    found = digests.day_of(running, "nordlicht", WEDNESDAY)
    assert [(one.store, one.start, one.end, one.is_fatal) for one in found.gaps] == [
        ("Nordlicht", at("11-26T10:00"), at("11-26T17:00"), False)
    ]
    settings = running.settings.model_copy(update={"rota": None})
    assert digests.day_of(replace(running, settings=settings), "nordlicht", WEDNESDAY).gaps == ()


def test_of_a_store_that_is_no_more_nothing_is_told(running: Desk) -> None:
    with pytest.raises(NotFound):
        digests.day_of(running, "gone", WEDNESDAY)


def test_a_week_counts_each_store_by_its_own_days(running: Desk) -> None:
    monday = date(2026, 11, 23)  # 09:00 in Berlin is 00:00 in Los Angeles: its Sunday has just ended
    message(running, at("11-16T00:30"), 2, topic="refund")
    message(running, at("11-22T22:59"), 30, topic="refund")
    message(running, at("11-22T23:00"), 1)  # the next week in Berlin
    message(running, at("11-14T12:00"), 1)
    message(running, at("11-13T12:00"), 25)
    message(running, at("11-23T07:00"), 1, "sunrise")  # still Sunday there
    message(running, at("11-20T12:00"), None, "sunrise")
    found = digests.week_of(running, monday)
    nordlicht, sunrise = found.stores
    assert (nordlicht.period.first, nordlicht.period.last) == (date(2026, 11, 16), date(2026, 11, 22))
    assert (sunrise.period.first, sunrise.period.last) == (date(2026, 11, 16), date(2026, 11, 22))
    assert (nordlicht.figures.in_time, nordlicht.figures.late, nordlicht.before) == (1, 1, 0.5)
    assert (sunrise.figures.in_time, sunrise.figures.overdue, sunrise.before) == (1, 1, None)
    assert (found.total.received, found.total.response_rate, found.before) == (4, 0.5, 0.5)
    assert found.answers == (1, 1, 0, 0, 0, 1, 1)
    assert found.topics == (("delivery", 2), ("refund", 2))


def test_a_week_shows_the_hours_of_both_clocks_and_who_met_nobody(running: Desk) -> None:
    message(running, at("11-17T02:30"), 1)  # 03:30 in Berlin: Beijing is on
    message(running, at("11-17T12:30"), 1)  # 13:30 in Berlin: nobody
    message(running, at("11-17T12:40"), 1, "sunrise")
    volume = digests.week_of(running, date(2026, 11, 23)).volume
    assert volume.zones == ("Europe/Berlin", "Asia/Shanghai")
    assert (volume.staffed[3], volume.unstaffed[13]) == (1, 2)
    assert sum(volume.staffed) + sum(volume.unstaffed) == 3
    assert volume.other == ("7", "13", "19", "1")
    chosen = with_digests(running, weekly=WeeklySettings(zone="Asia/Shanghai"))
    assert digests.week_of(chosen, date(2026, 11, 23)).volume.zones == (
        "Asia/Shanghai",
        "America/Los_Angeles",
    )
    no_rota = replace(running, settings=running.settings.model_copy(update={"rota": None}))
    assert sum(digests.week_of(no_rota, date(2026, 11, 23)).volume.unstaffed) == 0


def test_a_week_counts_the_templates_of_its_accepted_replies(running: Desk) -> None:
    case, other = message(running, at("11-17T02:30"), 1), message(running, at("11-17T02:30"), 1, "sunrise")
    for number, template, edited in ((case, "late", 0.0), (case, "late", 0.2), (other, "late", 0.0)):
        reply(running, number, at("11-17T03:30"), template, edited)
    reply(running, case, at("11-17T03:30"), "refund")
    reply(running, case, at("11-17T03:30"), None)
    reply(running, case, at("11-09T03:30"), "late")
    found = digests.week_of(running, date(2026, 11, 23))
    assert found.templates == (TemplateUse("late", 3, 1), TemplateUse("refund", 1, 0))


def test_a_week_without_anything(running: Desk) -> None:
    found = digests.week_of(running, date(2026, 11, 23))
    assert (found.total.received, found.topics, found.templates) == (0, (), ())
    assert sum(found.volume.staffed) == 0
