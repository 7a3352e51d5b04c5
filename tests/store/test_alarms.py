"""Alarms about the arrival of mail: raised once, told in Slack and on the second road, ended by themselves."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from sqlalchemy import insert, select

from bot.clock import FixedClock
from bot.db.queries import alarms as alarm_queries
from bot.db.queries import ledger, mails, vitals
from bot.db.tables import CaseRow, DeadlineRow, MailRow, MessageRow, OutboxRow
from bot.db.tables_ingest import AlarmRow, CanaryRow
from bot.db.tables_shifts import AlertRow
from bot.desk import Desk, alarms, alerts, canaries, manual, receive
from bot.desk.silences import Habits, share
from bot.domain.alarms import CANARY, READING, SILENCE
from bot.domain.health import Limits, vital_faults
from bot.domain.peak import Peak
from bot.mail import parse
from bot.mail.canary import compose
from bot.settings.notify import NotifyEmailSettings, NotifySettings, WebhookSettings
from bot.settings.peak import PeakSettings
from bot.settings.shape import CanarySettings, ThresholdSettings
from tests.unit.silence_worlds import World, messages
from tests.world import START, WANG, Post, buyer_mail

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NORD = "nordlicht"
CANARIES = CanarySettings(
    outgoing="relay", sender="support@nordlicht.example", to="support@nordlicht.example"
)
NOTIFY = NotifySettings(
    email=NotifyEmailSettings(outgoing="relay", sender="alerts@nordlicht.example"),
    webhooks=(
        WebhookSettings(name="all", kind="feishu", url_env="FEISHU_URL"),
        WebhookSettings(name="sunrise", kind="generic", url_env="HOOK_URL", stores=("sunrise",)),
    ),
)


@dataclass
class Watching:
    """The desk, its clock, and the tick that raises alarms."""

    desk: Desk
    clock: FixedClock
    habits: Habits = field(init=False)

    def __post_init__(self) -> None:
        self.habits = Habits(self.desk)
        self.started_at = self.clock.now()

    def tick(self, span: timedelta = timedelta(0), *read: str) -> int:
        """Let time pass, look into some mailboxes, and let the tick run, twice as two clocks might."""
        self.clock.advance(span)
        with self.desk.database.writing() as tx:
            for name in read:
                mails.was_read(tx, name, self.clock.now())
        raised = alarms.watch(self.desk, self.habits, self.started_at)
        assert alarms.watch(self.desk, self.habits, self.started_at) == 0
        return raised

    def standing(self) -> list[tuple[str, str]]:
        with self.desk.database.reading() as tx:
            return [(one.kind, one.about) for one in alarm_queries.open_alarms(tx)]

    def keys(self) -> list[str]:
        with self.desk.database.reading() as tx:
            return sorted(key for key in tx.scalars(select(OutboxRow.key)) if key.startswith("alarm:"))

    def recorded(self) -> list[tuple[str, str]]:
        with self.desk.database.reading() as tx:
            found = [(one.what, one.facts.get("about")) for one, _hash in ledger.records(tx)]
        return [(what, about) for what, about in found if what.startswith("alarm_")]


def changed(desk: Desk, **changes: object) -> Desk:
    return replace(desk, settings=desk.settings.model_copy(update=changes))


@pytest.fixture
def watching(desk: Desk, clock: FixedClock) -> Watching:
    for name in desk.settings.mailboxes:
        receive.store_raw(desk, name, 1, 0, [])
    return Watching(desk, clock)


@pytest.fixture
def with_canary(watching: Watching) -> Watching:
    boxes = watching.desk.settings.mailboxes
    update = {**boxes, NORD: boxes[NORD].model_copy(update={"canary": CANARIES})}
    return Watching(changed(watching.desk, mailboxes=update), watching.clock)


def test_a_mailbox_that_is_not_read_is_told_once_and_it_ends_by_itself(watching: Watching) -> None:
    assert watching.tick(14 * MINUTE, "sunrise") == 0
    assert watching.tick(MINUTE, "sunrise") == 1
    assert watching.standing() == [(READING, NORD)]
    assert watching.keys() == ["alarm:1", f"alarm:1:{WANG}"]
    assert watching.tick(HOUR, "sunrise") == 0
    assert watching.tick(MINUTE, "sunrise", NORD) == 0
    assert watching.standing() == []
    assert watching.recorded() == [("alarm_raised", NORD), ("alarm_ended", NORD)]
    assert watching.tick(15 * MINUTE, "sunrise") == 1, "another time is another alarm"
    assert watching.keys() == ["alarm:1", f"alarm:1:{WANG}", "alarm:2", f"alarm:2:{WANG}"]


def test_no_new_mail_is_not_the_same_as_not_reading(watching: Watching) -> None:
    for _ in range(20):
        assert watching.tick(10 * MINUTE, NORD, "sunrise") == 0


def test_a_mailbox_that_was_never_read_counts_from_the_start(desk: Desk, clock: FixedClock) -> None:
    watching = Watching(desk, clock)
    assert watching.tick(14 * MINUTE) == 0
    assert watching.tick(MINUTE) == 2
    assert watching.standing() == [(READING, NORD), (READING, "sunrise")]


def test_managers_off_shift_hear_of_it_when_they_come_the_channel_at_once(
    staffed: Desk, clock: FixedClock
) -> None:
    clock.advance(2 * HOUR)  # Beijing is off; the manager works there
    watching = Watching(staffed, clock)
    watching.tick(15 * MINUTE)
    with staffed.database.reading() as tx:
        due = {row.place: row.not_before for row in tx.scalars(select(OutboxRow))}
    assert due["amz-leads"] == clock.now()
    assert due[WANG] == datetime(2026, 11, 26, 1, tzinfo=UTC)


def send(watching: Watching) -> list[canaries.Due]:
    return canaries.due(watching.desk)


def arrive(watching: Watching, due: canaries.Due, mailbox: str = NORD) -> None:
    """The test mail comes, byte for byte as it left, and is taken in."""
    raw = bytes(compose(due.token, CANARIES.sender, CANARIES.to, due.sent_at))
    uid = 100 + due.number
    receive.store_raw(
        watching.desk, mailbox, 1, uid, [receive.RawMail(uid, watching.clock.now(), b"Received: x\r\n" + raw)]
    )
    assert receive.take_in(watching.desk, parse.read) == 1


def test_in_manual_mode_no_test_mail_leaves_for_the_store(with_canary: Watching) -> None:
    desk = with_canary.desk
    manual.switch_on(desk, "sunrise", "another store's", by=WANG)
    assert len(send(with_canary)) == 1
    manual.switch_on(desk, NORD, "odd bounces", by=WANG)
    with_canary.clock.advance(HOUR)
    assert send(with_canary) == []
    manual.switch_off(desk, NORD, "mended", by=WANG)
    assert len(send(with_canary)) == 1


def test_a_test_mail_that_comes_is_no_case_and_its_delay_is_known(with_canary: Watching) -> None:
    desk = with_canary.desk
    (first,) = send(with_canary)
    assert send(with_canary) == []
    for delay in range(1, 11):
        with_canary.clock.advance(delay * MINUTE)
        arrive(with_canary, first)
        with_canary.clock.advance((30 - delay) * MINUTE)
        (first,) = send(with_canary)
    with desk.database.reading() as tx:
        found = vitals.vitals(tx, desk.settings.mailboxes, desk.settings.stores, desk.now())
        rows = tx.scalars(select(MailRow)).all()
        assert tx.scalars(select(CaseRow)).all() == []
    assert found.canaries == {NORD: 9 * MINUTE}
    assert {(row.kind, row.state, row.raw) for row in rows} == {("canary", "done", None)}


def test_a_test_mail_that_does_not_come_raises_an_alarm_until_one_does(with_canary: Watching) -> None:
    read = (NORD, "sunrise")
    send(with_canary)
    assert with_canary.tick(14 * MINUTE, *read) == 0
    assert with_canary.tick(MINUTE, *read) == 1
    assert with_canary.standing() == [(CANARY, NORD)]
    with_canary.tick(15 * MINUTE, *read)
    (second,) = send(with_canary)
    assert with_canary.tick(MINUTE, *read) == 0
    arrive(with_canary, second)
    with_canary.tick(MINUTE, *read)
    assert with_canary.standing() == []


def test_a_test_mail_that_can_not_be_sent_is_told_as_that(with_canary: Watching) -> None:
    (due,) = send(with_canary)
    canaries.not_sent(with_canary.desk, due.number, "Unreachable")
    with_canary.tick(15 * MINUTE, NORD, "sunrise")
    with with_canary.desk.database.reading() as tx:
        (alarm,) = alarm_queries.open_alarms(tx)
    assert alarm.facts == {"unsent": True}


@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(lambda token: token.partition(".")[0] + "." + "0" * 32, id="another key"),
        pytest.param(lambda token: "99." + token.partition(".")[2], id="another number"),
        pytest.param(lambda token: token + "0", id="another length"),
    ],
)
def test_a_forged_test_mail_is_a_mail_that_a_person_looks_at(
    with_canary: Watching, forge: Callable[[str], str]
) -> None:
    (due,) = send(with_canary)
    arrive(with_canary, replace(due, token=forge(due.token)))
    with with_canary.desk.database.reading() as tx:
        (mail,) = tx.scalars(select(MailRow)).all()
        assert mail.kind == "auto_reply"
        assert tx.scalars(select(OutboxRow.key)).all() == [f"notice:{mail.id}"]
        assert tx.scalars(select(CanaryRow.stored_at)).all() == [None]


def test_a_test_mail_in_another_mailbox_has_not_arrived(with_canary: Watching) -> None:
    (due,) = send(with_canary)
    arrive(with_canary, due, mailbox="sunrise")
    assert with_canary.tick(15 * MINUTE, NORD, "sunrise") == 1


def test_after_a_clock_was_set_back_test_mails_go_on_and_one_that_is_lost_is_noticed(
    with_canary: Watching,
) -> None:
    with_canary.clock.advance(24 * HOUR)
    (before,) = send(with_canary)
    arrive(with_canary, before)
    with_canary.clock.advance(-24 * HOUR)
    assert len(send(with_canary)) == 1
    assert send(with_canary) == []
    with_canary.tick(15 * MINUTE, NORD, "sunrise")
    assert with_canary.standing() == [(CANARY, NORD)]


def test_old_test_mails_are_forgotten(with_canary: Watching) -> None:
    send(with_canary)
    with_canary.clock.advance(31 * DAY)
    send(with_canary)
    with with_canary.desk.database.reading() as tx:
        assert tx.scalars(select(CanaryRow.sent_at)).all() == [START + 31 * DAY]


def lived(desk: Desk, store: str, came: list[datetime]) -> None:
    """Messages of the past, as they stand in the tables."""
    with desk.database.writing() as tx:
        mail = MailRow(mailbox=store, uidvalidity=9, uid=1, arrived_at=START, stored_at=START, state="done")
        case = CaseRow(kind="buyer", store=store, channel="amz", opened_at=START, acted_at=START)
        tx.add_all((mail, case))
        tx.flush()
        words = {"case": case.number, "mail": mail.id, "text": "", "full_text": ""}
        rows = [{**words, "message_id": f"<{n}@x>", "received_at": at} for n, at in enumerate(came)]
        ids = tx.scalars(
            insert(MessageRow).returning(MessageRow.id, sort_by_parameter_order=True), rows
        ).all()
        duties = {"case": case.number, "store": store, "state": "met", "counted": True}
        tx.execute(
            insert(DeadlineRow),
            [
                {**duties, "message": id_, "anchor": at, "due_at": at + DAY}
                for id_, at in zip(ids, came, strict=True)
            ],
        )


@cache
def past_of(store_zone: str, until: datetime, weeks: int = 8) -> list[datetime]:
    """What a store with a dozen messages a day got until an instant."""
    world = World(12, spread=0.05, zone=store_zone)
    came = messages(world, weeks * 7 + 2, 4)
    return [at for one in came if (at := one + (until - came[-1])) <= until]


def test_a_silent_store_is_told_once_and_the_next_message_ends_it(
    watching: Watching, post: Post, clock: FixedClock
) -> None:
    lived(watching.desk, NORD, past_of("Europe/Berlin", START))
    read = (NORD, "sunrise")
    hours = 0
    while not watching.tick(HOUR, *read):
        hours += 1
        assert hours < 36
    assert watching.standing() == [(SILENCE, NORD)]
    assert hours >= 1
    watching.tick(HOUR, *read)
    assert watching.keys() == ["alarm:1", f"alarm:1:{WANG}"]
    with watching.desk.database.reading() as tx:
        (alarm,) = alarm_queries.open_alarms(tx)
        found = vitals.vitals(
            tx, watching.desk.settings.mailboxes, watching.desk.settings.stores, clock.now()
        )
    assert alarm.facts["expected"] > 5
    limits = Limits({}, DAY, DAY)
    assert [one.part for one in vital_faults(found, limits, START) if "lease" not in one.part] == [
        f"store {NORD}"
    ]
    post.deliver(buyer_mail())
    watching.tick(MINUTE, *read)
    assert watching.standing() == []


def test_a_mailbox_that_is_not_read_explains_the_silence_of_its_store(watching: Watching) -> None:
    lived(watching.desk, NORD, past_of("Europe/Berlin", START))
    watching.tick(DAY, "sunrise")
    assert watching.standing() == [(READING, NORD)]


def test_a_new_store_and_one_without_such_alarms_stay_silent(watching: Watching) -> None:
    lived(watching.desk, NORD, past_of("Europe/Berlin", START, weeks=1))
    assert watching.tick(3 * DAY, NORD, "sunrise") == 0
    lived(watching.desk, "sunrise", past_of("America/Los_Angeles", START))
    off = changed(watching.desk, thresholds=ThresholdSettings(silence_false_alarms=0))
    assert Watching(off, watching.clock).tick(timedelta(0), NORD, "sunrise") == 0
    assert watching.tick(timedelta(0), NORD, "sunrise") == 1


def test_a_holiday_of_one_of_its_countries_makes_a_store_quieter(desk: Desk) -> None:
    christmas, usual = datetime(2026, 12, 25).date(), datetime(2026, 12, 15).date()
    assert [share(desk, store, christmas) for store in desk.settings.stores] == [0.25, 0.25]
    assert [share(desk, store, usual) for store in desk.settings.stores] == [1.0, 1.0]
    thanksgiving = datetime(2026, 11, 26).date()
    assert [share(desk, store, thanksgiving) for store in desk.settings.stores] == [1.0, 0.25]


def test_days_of_peak_mode_are_not_learnt_from(watching: Watching) -> None:
    past = past_of("Europe/Berlin", START)
    first, last = (START - 20 * DAY).date(), (START - 2 * DAY).date()
    lived(watching.desk, NORD, [at for at in past for _ in range(3 if first <= at.date() <= last else 1)])
    peak = PeakSettings(first_day=str(first), last_day=str(last))
    assert isinstance(peak.peak, Peak)
    calm = changed(watching.desk, thresholds=ThresholdSettings(peak=(peak,)))
    with watching.desk.database.reading() as tx:
        taught, usual = (Habits(desk)._of(tx, NORD, START) for desk in (watching.desk, calm))
    assert taught is not None
    assert usual is not None
    assert taught.monthly > 1.4 * usual.monthly


def test_an_alarm_takes_the_second_road_at_once_and_is_dropped_when_it_is_over(watching: Watching) -> None:
    agents = {
        key: one.model_copy(update={"email": f"{key}@team.example"})
        for key, one in watching.desk.settings.agents.items()
    }
    reachable = Watching(changed(watching.desk, agents=agents, notify=NOTIFY), watching.clock)
    reachable.tick(15 * MINUTE, "sunrise")
    assert alerts.record(reachable.desk) == 2
    assert alerts.record(reachable.desk) == 0
    due = alerts.due(reachable.desk)
    assert sorted(one.road for one in due) == ["email:wang-fang", "hook:all"]
    assert {(one.alarm.kind, one.alarm.about, one.case) for one in due if one.alarm} == {
        (READING, NORD, None)
    }
    alerts.told(reachable.desk, due[0])
    reachable.clock.advance(10 * MINUTE)
    reachable.tick(timedelta(0), NORD, "sunrise")
    assert alerts.due(reachable.desk) == []
    with reachable.desk.database.reading() as tx:
        assert sorted(tx.scalars(select(AlertRow.state))) == ["dropped", "sent"]


def test_a_silence_is_no_reason_for_the_second_road(watching: Watching) -> None:
    lived(watching.desk, NORD, past_of("Europe/Berlin", START))
    reachable = Watching(changed(watching.desk, notify=NOTIFY), watching.clock)
    assert reachable.tick(DAY, NORD, "sunrise") == 1
    assert alerts.record(reachable.desk) == 0


def test_two_alarms_of_one_kind_can_not_stand_for_one_mailbox(watching: Watching) -> None:
    watching.tick(15 * MINUTE, "sunrise")
    with watching.desk.database.reading() as tx:
        (alarm,) = alarm_queries.open_alarms(tx)
    trouble = alarms.Trouble(alarm.kind, alarm.about, alarm.since)
    with watching.desk.database.writing() as tx:
        assert alarm_queries.start(tx, trouble, watching.clock.now()) is None
        assert len(tx.scalars(select(AlarmRow)).all()) == 1
