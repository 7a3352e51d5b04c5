"""What /healthz and /metrics say of a database, on both kinds; how they bear a database that does not answer."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from wsgiref.util import setup_testing_defaults

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event, func, select, text, update

from bot.clock import FixedClock, ScaledClock
from bot.db.engine import Database, open_database
from bot.db.queries import leases, mails, vitals
from bot.db.tables import CaseRow, DeadlineRow, OutboxRow, ReplyRow
from bot.desk import Desk, manual, receive
from bot.domain.health import Held, Vitals
from bot.slack.pulse import Pulse
from bot.work.check_database import database as check_database
from bot.work.health import Health, Watch, limits_of
from bot.work.health_pages import Pages
from bot.work.metrics import Metrics
from tests.world import ANNA, START, WANG, Post, buyer_mail

HOUR = timedelta(hours=1)
STORES = ("nordlicht", "sunrise")


def seen(desk: Desk) -> Vitals:
    with desk.database.reading() as tx:
        return vitals.vitals(tx, desk.settings.mailboxes, desk.settings.stores, desk.now())


def hold_leases(desk: Desk) -> None:
    with desk.database.writing() as tx:
        for name in ("slack", "clock"):
            leases.take(tx, name, "host:1", desk.now(), HOUR)


@pytest.fixture
def lived(desk: Desk, post: Post, clock: FixedClock) -> Desk:
    """Two messages of an hour ago and one of 25 hours ago; a reply that nobody knows of; a mail to be taken in."""
    first = buyer_mail()
    post.deliver(
        first, buyer_mail("And?", buyer_base="other@m.example", amazon_case_id=None, order_id=None), late=HOUR
    )
    clock.advance(25 * HOUR)
    post.deliver(
        buyer_mail("Again", buyer_base="third@m.example", amazon_case_id=None, order_id=None), late=HOUR
    )
    receive.store_raw(desk, "nordlicht", 1, 90, [receive.RawMail(90, clock.now(), b"Subject: x\r\n\r\nx")])
    with desk.database.writing() as tx:
        more = {
            "case": tx.scalar(select(func.min(CaseRow.number))),
            "author": ANNA,
            "text": "Hello",
            "created_at": START,
            "not_before": START,
        }
        tx.add_all(ReplyRow(state=state, **more) for state in ("unsure", "held", "queued"))
    hold_leases(desk)
    return desk


def test_an_empty_database_is_told_as_what_it_is(desk: Desk) -> None:
    found = seen(desk)
    assert found.mailboxes == {"nordlicht": None, "sunrise": None}
    assert (found.new_mails, found.outbox, found.outbox_since, found.ledger) == (0, {}, None, 0)
    assert set(found.stores) == set(STORES)
    assert set(found.replies.values()) == {0}


def test_all_that_waits_is_counted(lived: Desk) -> None:
    found = seen(lived)
    now = lived.now()
    nordlicht, sunrise = (found.stores[name] for name in STORES)
    assert (nordlicht.open, nordlicht.overdue, sunrise.open) == (3, 2, 0)
    assert nordlicht.first_due_at == START - HOUR + timedelta(days=1)
    assert (nordlicht.last_message_at, sunrise.last_message_at) == (now - HOUR, None)
    assert (found.new_mails, found.new_mails_since) == (1, now)
    assert found.mailboxes["nordlicht"] == now
    assert found.replies == {"held": 1, "queued": 1, "sending": 0, "unsure": 1, "failed": 0}
    assert found.leases["slack"] == Held("host:1", now + HOUR)
    assert {state for state, _urgency in found.outbox} == {"queued"}
    assert found.outbox_since == START
    assert found.ledger > 0


def test_an_unsure_reply_counts_while_its_buyer_waits(lived: Desk) -> None:
    with lived.database.writing() as tx:
        tx.execute(
            update(DeadlineRow)
            .where(DeadlineRow.case == select(func.min(CaseRow.number)).scalar_subquery())
            .values(state="met")
        )
    assert seen(lived).replies["unsure"] == 0


def test_what_is_planned_for_later_does_not_wait(lived: Desk) -> None:
    later = lived.now() + HOUR
    with lived.database.writing() as tx:
        tx.execute(update(OutboxRow).values(not_before=later))
    assert seen(lived).outbox_since is None
    with lived.database.writing() as tx:
        tx.execute(update(OutboxRow).values(not_before=lived.now() - timedelta(minutes=2), state="dead"))
    assert seen(lived).outbox_since is None
    with lived.database.writing() as tx:
        tx.execute(update(OutboxRow).values(state="sending"))
    assert seen(lived).outbox_since == lived.now() - timedelta(minutes=2)


def test_a_mailbox_without_new_mail_counts_as_read(lived: Desk, clock: FixedClock) -> None:
    clock.advance(HOUR)
    with lived.database.writing() as tx:
        mails.was_read(tx, "nordlicht", lived.now())
    assert seen(lived).mailboxes["nordlicht"] == lived.now()


def test_no_look_reads_a_table_of_history_through(lived: Desk) -> None:
    if not lived.database.is_sqlite:
        pytest.skip("SQLite tells its plan whatever is in the tables")
    asked: list[tuple[str, object]] = []

    def listen(_c: object, _cursor: object, statement: str, values: object, *_more: object) -> None:
        asked.append((statement, values))

    event.listen(lived.database.engine, "before_cursor_execute", listen)
    seen(lived)
    event.remove(lived.database.engine, "before_cursor_execute", listen)
    assert len(asked) >= 9
    with lived.database.engine.connect() as connection:
        plans = [
            f"{row[3]}\n    {statement}"
            for statement, values in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    small = ("mailboxes", "leases", "outbox", "alerts", "audits", "queues")
    scans = [plan for plan in plans if plan.startswith("SCAN") and plan.split()[1] not in small]
    assert [plan for plan in scans if "USING" not in plan.splitlines()[0]] == []


def families(desk: Desk) -> dict[str, dict[tuple[str, ...], float]]:
    page = Metrics(Watch(desk, Pulse(desk.clock)), "all").text().decode()
    return {
        family.name: {tuple(one.labels.values()): one.value for one in family.samples}
        for family in text_string_to_metric_families(page)
    }


def test_the_metrics_are_prometheus_and_hold_nothing_of_a_buyer(lived: Desk) -> None:
    found = families(lived)
    assert found["reply24_deadlines_overdue"] == {("nordlicht",): 2, ("sunrise",): 0}
    assert found["reply24_deadline_seconds_left"] == {("nordlicht",): -7200}
    assert found["reply24_replies"][("unsure",)] == 1
    assert set(found["reply24_typed_messages"].values()) == {0}
    assert ("unsure",) in found["reply24_typed_messages"]
    assert found["reply24_lease_held"] == {("slack", "host:1"): 1, ("clock", "host:1"): 1}
    assert found["reply24_mailbox_read_age_seconds"] == {("nordlicht",): 0}
    assert found["reply24_outbox_oldest_seconds"][()] == 25 * 3600
    assert found["reply24_database_up"][()] == 1
    assert "process_resident_memory_bytes" in found
    page = Metrics(Watch(lived, Pulse(lived.clock)), "all").text().decode().lower()
    for word in ("katrin", "parcel", "305-1234567", "@", ANNA.lower()):
        assert word not in page


def ask(pages: Pages, path: str, method: str = "GET") -> tuple[int, bytes]:
    environ: dict[str, object] = {"REQUEST_METHOD": method, "PATH_INFO": path}
    setup_testing_defaults(environ)
    status: list[str] = []
    body = b"".join(pages(environ, lambda line, _headers: status.append(line)))  # no writer is given
    return int(status[0].split()[0]), body


def test_the_page_says_ok_or_each_reason(desk: Desk, clock: FixedClock) -> None:
    hold_leases(desk)
    for name in desk.settings.mailboxes:
        receive.store_raw(desk, name, 1, 0, [])
    code, body = ask(Pages(Watch(desk, Pulse(clock)), "all"), "/healthz")
    assert (code, json.loads(body)["status"], json.loads(body)["faults"]) == (200, "ok", [])
    clock.advance(HOUR)
    code, body = ask(Pages(Watch(desk, Pulse(clock)), "all"), "/healthz")
    told = json.loads(body)
    assert (code, told["status"], told["version"]) == (503, "unhealthy", "0.1.0")
    expected = ["mailbox nordlicht", "mailbox sunrise", "lease slack", "lease clock"]
    assert [one["part"] for one in told["faults"]] == expected
    assert all(one["mend"] for one in told["faults"])


def test_manual_mode_is_told_and_is_no_fault(desk: Desk, database: Database) -> None:
    hold_leases(desk)
    manual.switch_on(desk, "sunrise", "odd bounces", by=WANG)
    assert seen(desk).manual == {"sunrise": START}
    watch = Watch(desk, Pulse(desk.clock))
    assert watch.look().faults == ()
    _code, body = ask(Pages(watch, "all"), "/healthz")
    assert json.loads(body)["manual_mode"] == {"sunrise": START.isoformat()}
    told = Metrics(watch, "all").text().decode()
    assert 'reply24_manual_mode{scope="sunrise"} 1.0' in told
    assert 'reply24_manual_mode{scope="nordlicht"} 0.0' in told
    url = database.engine.url.render_as_string(hide_password=False)
    (found,) = [one for one in check_database(url) if one.name == "manual mode"]
    assert (found.state, "on for sunrise since 2026-11-25 09:00 UTC" in found.found) == ("warn", True)
    manual.switch_off(desk, "sunrise", "mended", by=WANG)
    (found,) = [one for one in check_database(url) if one.name == "manual mode"]
    assert found.state == "ok"


def test_other_pages_and_other_verbs_are_refused(desk: Desk) -> None:
    pages = Pages(Watch(desk, Pulse(desk.clock)), "all")
    assert ask(pages, "/")[0] == 404
    assert ask(pages, "/metrics", "POST")[0] == 405
    assert ask(pages, "/metrics", "HEAD") == (200, b"")


@pytest.fixture
def held(desk: Desk) -> Iterator[Desk]:
    """Somebody has changed things and does not commit; on PostgreSQL they hold a whole table."""
    other = open_database(desk.database.engine.url.render_as_string(hide_password=False))
    with other.writing() as tx:
        tx.execute(text("UPDATE switches SET value = value"))
        if not other.is_sqlite:
            tx.execute(text("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE"))
        yield desk
    other.close()


def test_a_database_that_is_held_is_told_in_time_and_costs_one_look(held: Desk) -> None:
    watch = Watch(held, Pulse(held.clock), patience_s=0.3)
    looks: list[Health] = [watch.look() for _ in range(3)]
    if held.database.is_sqlite:  # a reader waits for no writer
        assert all(look.vitals is not None for look in looks)
        return
    assert [[fault.part for fault in look.faults] for look in looks] == [["database"]] * 3
    page = Metrics(watch, "all").text().decode()
    assert "reply24_database_up 0.0" in page
    assert "reply24_healthy 0.0" in page


def test_a_database_that_is_gone_is_told_with_the_reason(desk: Desk) -> None:
    empty = replace(desk, database=open_database("sqlite://"))
    found = Watch(empty, Pulse(desk.clock)).look()
    assert found.vitals is None
    assert [fault.part for fault in found.faults] == ["database"]
    assert "can't be read" in found.faults[0].found
    empty.database.close()


def test_limits_are_real_minutes_and_no_shorter_than_two_looks(desk: Desk) -> None:
    boxes = dict(desk.settings.mailboxes)
    boxes["sunrise"] = boxes["sunrise"].model_copy(update={"poll_seconds": 3600})
    rare = replace(desk, settings=desk.settings.model_copy(update={"mailboxes": boxes}))
    minute = timedelta(minutes=1)
    assert limits_of(rare).mailboxes == {"nordlicht": 15 * minute, "sunrise": 120 * minute}
    fast = replace(desk, clock=ScaledClock(20, START))
    assert limits_of(fast).outbox == 200 * minute
