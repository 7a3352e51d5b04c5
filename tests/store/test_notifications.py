"""Amazon's notifications have their effect once, whatever happens to queue and process. Both databases."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.amazon.queue import HOLD_S
from bot.clock import FixedClock
from bot.db.queries import alarms as alarm_queries
from bot.db.tables import LedgerRow, OutboxRow
from bot.db.tables_notifications import AccountChangeRow, QueueRow
from bot.desk import Desk, alarms, close, manual, notifications, orders
from bot.desk.silences import Habits
from bot.domain.alarms import QUEUE
from bot.domain.breaker import ACCOUNT
from bot.domain.kept_orders import KNOWN
from bot.domain.manual import ALL, CONSOLE
from bot.errors import NotFound
from bot.sandbox.amazon.queue_server import KEY_ID, REGION, SECRET, QueueSandbox
from bot.settings import Secrets
from bot.settings.api import ApiSettings
from bot.settings.breaker import BreakerSettings
from bot.settings.queues import QueueSettings
from bot.work.metrics import NOTIFICATIONS
from bot.work.notifications import GIVEN_UP_AFTER, NotificationReader, open_queue
from tests.notifications import AT, ORDER, account_status, order_change
from tests.store.lived import keys, told
from tests.store.test_orders import LAMP, due, kept
from tests.store.test_orders_asked import watched
from tests.world import LI_WEI, START, WANG, Post, buyer_mail

HOLD, MINUTE, HOUR = timedelta(seconds=HOLD_S), timedelta(minutes=1), timedelta(hours=1)
ENVIRON = {"KEY_ID": KEY_ID, "SECRET": SECRET}


@pytest.fixture
def there(clock: FixedClock) -> Iterator[QueueSandbox]:
    with QueueSandbox(clock=clock) as found:
        yield found


@pytest.fixture
def desk(desk: Desk, there: QueueSandbox) -> Desk:
    """Nordlicht is seller A1SELLERUS with a subscription for its account; Sunrise is A2SELLEREU and has none."""
    return with_queue(desk, there.url, nordlicht=("A1SELLERUS", ("sub-us",)), sunrise=("A2SELLEREU", ()))


def with_queue(desk: Desk, url: str, **sellers: tuple[str, tuple[str, ...]]) -> Desk:
    settings = desk.settings
    queue = QueueSettings(url=url, region=REGION, key_id_env="KEY_ID", secret_env="SECRET")
    stores = dict(settings.stores)
    for store, (seller, subscriptions) in sellers.items():
        names = {"refresh_token_env": "A_TOKEN", "client_id_env": "AN_ID", "client_secret_env": "A_SECRET"}
        api = ApiSettings(**names, seller_id=seller, subscriptions=subscriptions)
        stores[store] = stores[store].model_copy(update={"api": api})
    amazon = settings.amazon.model_copy(update={"queues": {"main": queue}})
    return replace(desk, settings=settings.model_copy(update={"stores": stores, "amazon": amazon}))


def reader_of(desk: Desk, **environ: str) -> NotificationReader:
    secrets = Secrets(desk.settings, ENVIRON | environ)
    return NotificationReader(desk, open_queue(desk.settings, "main", secrets, desk.clock), "me", wait_s=0)


@pytest.fixture
def reader(desk: Desk) -> NotificationReader:
    return reader_of(desk)


def rows(desk: Desk, table: type) -> list[Any]:
    with desk.database.reading() as tx:
        return list(tx.scalars(select(table)))


def ledger(desk: Desk, what: str) -> list[LedgerRow]:
    return [one for one in rows(desk, LedgerRow) if one.what == what]


def counted(ending: str) -> float:
    return NOTIFICATIONS.labels(queue="main", ending=ending)._value.get()


def known_order(desk: Desk, clock: FixedClock) -> None:
    """A case whose order was asked just now."""
    Post(desk, clock).deliver(buyer_mail(order_id=ORDER))
    orders.take(desk, "nordlicht", ORDER, LAMP)
    told(desk)


def test_an_order_that_changed_is_asked_again_at_once(desk, reader, there, clock) -> None:
    known_order(desk, clock)
    clock.advance(MINUTE)
    assert due(desk) is None
    there.put(order_change())
    assert reader.step() == 0
    assert (due(desk), kept(desk).state, there.left) == (ORDER, KNOWN, [])


def test_only_orders_that_a_case_is_about_are_asked_and_only_while_it_is_open(
    desk, reader, there, clock
) -> None:
    known_order(desk, clock)
    there.put(order_change(AmazonOrderId="305-7654321-7654321"))
    before = counted("ignored")
    reader.step()
    assert (due(desk), there.left, counted("ignored")) == (None, [], before + 1)
    with desk.database.reading() as tx:
        assert len(orders.of_cases(tx, desk, "nordlicht", ["305-7654321-7654321"])) == 1
    there.put(order_change())
    close.no_response_needed(desk, 1001, by=LI_WEI)
    reader.step()
    assert (due(desk), there.left) == (None, []), "nobody works on it"


def test_a_change_while_amazon_is_being_asked_is_not_lost(desk, reader, there, clock) -> None:
    known_order(desk, clock)
    there.put(order_change())
    reader.step()
    asked = orders.next_due(desk, "nordlicht")
    assert asked is not None
    clock.advance(MINUTE)
    there.put(order_change())
    reader.step()
    orders.take(desk, "nordlicht", ORDER, LAMP, asked.at)
    assert due(desk) == ORDER, "what was heard is older than the change"
    clock.advance(MINUTE)
    orders.take(desk, "nordlicht", ORDER, LAMP, clock.now())
    assert due(desk) is None


def test_an_account_at_risk_switches_its_store_to_manual_mode_and_the_runbook_says_why(
    desk, reader, there
) -> None:
    there.put(account_status("NORMAL", "AT_RISK"))
    reader.step()
    [mode] = manual.modes(desk)
    assert (mode.scope, mode.by, mode.since) == ("nordlicht", "reply24", START)
    assert mode.trip is not None
    assert (mode.trip.cause, mode.trip.before, mode.trip.after) == (ACCOUNT, "NORMAL", "AT_RISK")
    assert keys(desk, "manual", "manual_told", "account") == [
        f"manual:{mode.id}",
        f"manual_told:{mode.id}:on:{WANG}",
    ]
    [entry], [on] = ledger(desk, "account_status_changed"), ledger(desk, "manual_on")
    assert (entry.store, entry.facts["before"], entry.facts["after"]) == ("nordlicht", "NORMAL", "AT_RISK")
    assert (on.facts["cause"], on.facts["before"], on.facts["after"]) == (ACCOUNT, "NORMAL", "AT_RISK")
    assert there.left == []


def test_the_same_message_twice_has_the_effect_of_one(desk, reader, there, clock) -> None:
    there.next_errors("DeleteMessage", "internal")
    there.put(account_status("NORMAL", "AT_RISK"))
    reader.step()
    assert there.left == ["message-1"], "it could not be deleted"
    manual.switch_off(desk, "nordlicht", "it was nothing", by=WANG)
    told(desk)
    clock.advance(HOLD)
    reader.step()
    assert (there.left, manual.modes(desk), keys(desk, "manual", "account")) == ([], (), [])
    assert len(rows(desk, AccountChangeRow)) == 1


def test_a_crash_between_effect_and_deletion_changes_nothing(desk, reader, there, clock) -> None:
    there.put(account_status("NORMAL", "DEACTIVATED"))
    there.next_errors("DeleteMessage", "cut")
    reader.step()
    clock.advance(HOLD)
    reader_of(desk).step()
    assert (there.left, len(manual.modes(desk)), len(rows(desk, AccountChangeRow))) == ([], 1, 1)


def test_what_fails_in_our_hands_is_not_deleted_and_comes_again(desk, reader, there, clock) -> None:
    there.put(account_status("NORMAL", "AT_RISK"))
    before = counted("failed")
    broken = replace(desk, settings=desk.settings.model_copy(update={"thresholds": None}))
    reader_of(broken).step()
    assert (there.left, rows(desk, AccountChangeRow), counted("failed")) == (["message-1"], [], before + 1)
    clock.advance(HOLD)
    reader.step()
    assert (there.left, len(manual.modes(desk))) == ([], 1)


def test_an_account_that_is_well_again_is_told_and_ends_nothing(desk, reader, there, clock) -> None:
    there.put(account_status("NORMAL", "AT_RISK"))
    reader.step()
    told(desk)
    clock.advance(HOUR)
    there.put(account_status("AT_RISK", "NORMAL", id="account-2", at=AT + HOUR))
    reader.step()
    [_worse, better] = rows(desk, AccountChangeRow)
    assert keys(desk, "account", "manual") == [f"account:{better.id}", f"account:{better.id}:{WANG}"]
    assert len(manual.modes(desk)) == 1
    shown = notifications.change(desk, better.id)
    assert (shown.name, shown.after, shown.manual) == ("Nordlicht", "NORMAL", manual.modes(desk)[0])
    with pytest.raises(NotFound):
        notifications.change(desk, 99)


@pytest.mark.parametrize("scope", [ALL, "nordlicht"])
def test_in_manual_mode_a_change_is_told_by_itself(desk, reader, there, scope) -> None:
    manual.switch_on(desk, scope, "odd", by=CONSOLE)
    told(desk)
    there.put(account_status("NORMAL", "AT_RISK"))
    reader.step()
    assert len(manual.modes(desk)) == 1
    assert {key.partition(":")[0] for key in keys(desk, "account", "manual", "manual_told")} == {"account"}
    urgent = {row.urgency for row in rows(desk, OutboxRow) if row.key.startswith("account")}
    assert urgent == {1}


def test_without_the_breaker_it_is_told_and_nothing_is_switched(desk, there) -> None:
    thresholds = desk.settings.thresholds.model_copy(update={"breaker": BreakerSettings(enabled=False)})
    desk = replace(desk, settings=desk.settings.model_copy(update={"thresholds": thresholds}))
    there.put(account_status("NORMAL", "AT_RISK"))
    reader_of(desk).step()
    assert manual.modes(desk) == ()
    assert len(keys(desk, "account")) == 2


def test_one_change_that_comes_for_several_sites_or_late_is_told_once(desk, reader, there, clock) -> None:
    there.put(account_status("NORMAL", "AT_RISK"))
    there.put(account_status("NORMAL", "AT_RISK", id="account-2", at=AT + MINUTE))
    there.put(account_status("AT_RISK", "NORMAL", id="account-0", at=AT - HOUR))
    reader.step()
    assert len(rows(desk, AccountChangeRow)) == 3
    assert len(manual.modes(desk)) == 1
    assert len(ledger(desk, "account_status_changed")) == 1
    assert keys(desk, "account") == []


def test_a_change_that_names_nobody_is_told_without_a_name(desk, reader, there) -> None:
    there.put(account_status("NORMAL", "AT_RISK", subscription="sub-new"))
    reader.step()
    [row] = rows(desk, AccountChangeRow)
    assert (row.store, row.subscription, manual.modes(desk)) == ("", "sub-new", ())
    assert keys(desk, "account") == [f"account:{row.id}", f"account:{row.id}:{WANG}"]
    assert notifications.change(desk, row.id).name == ""


def test_another_sellers_are_no_business_of_ours(desk, reader, there, clock) -> None:
    known_order(desk, clock)
    before = counted("foreign")
    there.put(order_change(SellerId="A9OTHER"))
    there.put(account_status("NORMAL", "AT_RISK", subscription="sub-9", sellerId="A9OTHER"))
    there.put({**order_change("sub-9"), "Payload": {"OrderChangeNotification": {"AmazonOrderId": ORDER}}})
    reader.step()
    assert (due(desk), manual.modes(desk), there.left) == (None, (), [])
    assert counted("foreign") == before + 3


def test_other_kinds_are_deleted_unread(desk, reader, there) -> None:
    there.put({"notificationType": "PRICING_HEALTH", "payload": {}})
    reader.step()
    assert (there.left, rows(desk, AccountChangeRow)) == ([], [])


def test_what_cant_be_read_is_left_for_the_dead_letters(desk, there, clock) -> None:
    with QueueSandbox(clock=clock, tries=3) as strict:
        strict.put("no notification")
        reader = reader_of(with_queue(desk, strict.url))
        for _look in range(4):
            reader.step()
            clock.advance(HOLD)
        assert (strict.left, strict.dead_letters) == ([], ["message-1"])


def test_without_dead_letters_it_is_given_up_and_said_so(desk, reader, there, clock) -> None:
    before = counted("given_up")
    there.put("no notification")
    for _look in range(GIVEN_UP_AFTER):
        reader.step()
        clock.advance(HOLD)
    assert (there.left, counted("given_up")) == (["message-1"], before)
    reader.step()
    assert (there.left, counted("given_up")) == ([], before + 1)


@pytest.mark.parametrize("what", ["denied", "internal", "page", "throttled_bare"])
def test_a_queue_that_cant_be_read_is_asked_less_and_less_often_and_read_again(
    desk, reader, there, what
) -> None:
    there.put(account_status("NORMAL", "AT_RISK"))
    there.next_errors("ReceiveMessage", what, times=3)
    assert [reader.step() for _look in range(3)] == [1, 2, 5]
    assert reader.step() == 0
    assert len(manual.modes(desk)) == 1


def test_managers_are_told_when_nobody_reads_the_queue_and_when_that_is_over(
    desk, reader, there, clock
) -> None:
    reader.step()
    assert [row.name for row in rows(desk, QueueRow)] == ["main"]
    there.next_errors("ReceiveMessage", "denied", times=None)
    reader.step()
    assert watched(desk) == []
    clock.advance(timedelta(minutes=desk.settings.health.mailbox_minutes))
    reader.step()
    [alarm] = watched(desk)
    assert (alarm.kind, alarm.about, alarm.since) == (QUEUE, "main", START)
    assert keys(desk, "alarm") == [f"alarm:{alarm.id}", f"alarm:{alarm.id}:{WANG}"]
    assert alarms.stores_of(desk, alarm) == ("nordlicht", "sunrise")
    there.clear_errors()
    reader.step()
    assert watched(desk) == []


def test_a_queue_that_was_never_read_counts_from_the_start(desk, clock) -> None:
    clock.advance(HOUR)
    assert alarms.watch(desk, Habits(desk), START) > 0
    assert QUEUE in {one.kind for one in watched_since(desk)}


def watched_since(desk: Desk) -> list[Any]:
    with desk.database.reading() as tx:
        return alarm_queries.open_alarms(tx)


def test_the_thread_reads_what_comes_and_ends_when_it_is_told_to(desk, there) -> None:
    secrets = Secrets(desk.settings, ENVIRON)
    reader = NotificationReader(desk, open_queue(desk.settings, "main", secrets, desk.clock), "me")
    stop = threading.Event()
    thread = threading.Thread(target=reader.run, args=(stop,), daemon=True)
    thread.start()
    there.put(json.dumps(account_status("NORMAL", "AT_RISK")))
    assert there.wait_until_empty(20)
    stop.set()
    there.put("wake up")
    thread.join(20)
    assert not thread.is_alive()
    assert len(manual.modes(desk)) == 1
