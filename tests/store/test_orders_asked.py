"""Orders are asked of Amazon for one store at a time; whatever Amazon answers has its own end. Both databases."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.amazon.client import AmazonApi, Patience
from bot.clock import FixedClock
from bot.db.queries import alarms as alarm_queries
from bot.db.queries import mails
from bot.desk import Desk, alarms, orders
from bot.desk.orders import NO_ROLE
from bot.desk.silences import Habits
from bot.domain.alarms import ACCESS, Alarm
from bot.domain.kept_orders import FAILED, KNOWN, MISSING
from bot.domain.orders import OrderStatus
from bot.sandbox.amazon.server import AmazonSandbox
from bot.work.orders import OrderReader
from tests.dispatch.amazon_clients import access_of
from tests.dispatch.amazon_shop import BOTTLE, LAMP, SECRET, open_shop
from tests.store.lived import keys, told
from tests.store.test_orders import kept, other, with_api
from tests.world import WANG, Post, buyer_mail

MINUTE = timedelta(minutes=1)
NOWHERE = "302-0000000-0000000"


@pytest.fixture
def amazon() -> Iterator[AmazonSandbox]:
    with open_shop() as found:
        yield found


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return with_api(desk, "nordlicht", "sunrise")


def reader_of(
    desk: Desk, amazon: AmazonSandbox, store: str = "nordlicht", owner: str = "me", **changes: object
) -> OrderReader:
    """Asks once, with short time-outs."""
    account = {"nordlicht": "acme-eu", "sunrise": "acme-us"}[store]
    short = {"store": store, "timeout_s": 0.5, "token_timeout_s": 0.5}
    access = replace(access_of(amazon, account), **(short | changes))
    api = AmazonApi({store: access}, desk.clock, patience=Patience(tries=1))
    return OrderReader(desk, store, api, owner)


@pytest.fixture
def reader(desk: Desk, amazon: AmazonSandbox) -> OrderReader:
    return reader_of(desk, amazon)


def watched(desk: Desk) -> list[Alarm]:
    """What stands after the tick has looked; mailboxes were just read."""
    with desk.database.writing() as tx:
        for name in desk.settings.mailboxes:
            mails.was_read(tx, name, desk.now())
    alarms.watch(desk, Habits(desk), desk.now())
    with desk.database.reading() as tx:
        return alarm_queries.open_alarms(tx)


def test_what_amazon_says_is_kept_and_the_card_shows_it(
    desk: Desk, reader: OrderReader, amazon: AmazonSandbox
) -> None:
    Post(desk, desk.clock).deliver(buyer_mail(order_id=LAMP))
    told(desk)
    assert reader.step() == 0
    found = kept(desk, LAMP)
    assert found.order is not None
    assert (found.state, found.order.status) == (KNOWN, OrderStatus.SHIPPED)
    assert found.order.articles[0].title == "Lampe"
    assert keys(desk, "card") == ["card:1001"]
    assert reader.step() > 0
    assert [one.operation for one in amazon.calls()] == ["token", "getOrder"]


def test_an_order_that_amazon_does_not_know_is_not_asked_again_at_once(
    desk: Desk, reader: OrderReader, clock: FixedClock
) -> None:
    Post(desk, clock).deliver(buyer_mail(order_id=NOWHERE))
    assert (reader.step(), kept(desk, NOWHERE).state) == (0, MISSING)
    assert reader.step() > 0
    clock.advance(orders.AGAIN)
    assert (reader.step(), kept(desk, NOWHERE).state) == (0, MISSING)


@pytest.mark.parametrize(
    "what", ["html", "internal", "gateway", "page", "hang", "cut", "denied", "forbidden_bare"]
)
def test_what_is_no_answer_is_asked_again_later_and_breaks_nothing(
    desk: Desk, reader: OrderReader, amazon: AmazonSandbox, clock: FixedClock, what: str
) -> None:
    Post(desk, clock).deliver(buyer_mail(order_id=LAMP))
    amazon.next_errors("getOrder", what)
    assert reader.step() >= 1
    assert (kept(desk, LAMP).state, orders.next_due(desk, "nordlicht")) == (FAILED, None)
    clock.advance(MINUTE)
    assert (reader.step(), kept(desk, LAMP).state) == (0, KNOWN)


def test_who_asks_too_often_waits_as_long_as_amazon_says_and_no_order_has_failed(
    desk: Desk, reader: OrderReader, amazon: AmazonSandbox, clock: FixedClock
) -> None:
    Post(desk, clock).deliver(buyer_mail(order_id=LAMP))
    amazon.next_errors("getOrder", "throttled")
    assert reader.step() == 2
    assert kept(desk, LAMP).is_late is False
    clock.advance(MINUTE)
    assert (reader.step(), kept(desk, LAMP).state) == (0, KNOWN)


def test_pauses_grow_while_there_is_no_answer(
    desk: Desk, reader: OrderReader, amazon: AmazonSandbox, clock: FixedClock
) -> None:
    Post(desk, clock).deliver(buyer_mail(order_id=LAMP))
    amazon.next_errors("getOrder", "html", times=None)
    waits, minutes = [], []
    for _round in range(5):
        waits.append(reader.step())
        before = clock.now()
        while orders.next_due(desk, "nordlicht") is None:
            clock.advance(MINUTE)
        minutes.append((clock.now() - before) // MINUTE)
    assert waits == [1, 2, 5, 10, 30]
    assert minutes == [1, 5, 15, 60, 240]


def test_a_store_that_is_locked_out_is_told_to_managers_once_and_it_is_over_by_itself(
    desk: Desk, reader: OrderReader, amazon: AmazonSandbox, clock: FixedClock
) -> None:
    Post(desk, clock).deliver(buyer_mail(order_id=LAMP))
    amazon.revoke("acme-eu")
    assert reader.step() == 300
    assert reader.step() == 300
    [standing] = watched(desk)
    assert (standing.kind, standing.about, standing.facts) == (
        ACCESS,
        "nordlicht",
        {"secret": False, "role": False},
    )
    assert keys(desk, "alarm") == ["alarm:1", f"alarm:1:{WANG}"]
    told(desk)
    clock.advance(30 * MINUTE)
    assert [one.id for one in watched(desk)] == [1]
    assert keys(desk, "alarm") == []
    renewed = reader_of(desk, amazon, refresh_token="renewed")
    amazon.add_account("acme-eu", refresh_token="renewed", client_id="app", client_secret=SECRET)
    assert (renewed.step(), kept(desk, LAMP).state) == (0, KNOWN)
    assert watched(desk) == []
    assert keys(desk, "alarm") == ["alarm:1", f"alarm:1:{WANG}"]


def test_a_secret_that_has_ended_says_so_and_a_store_without_orders_is_let_in_too(
    desk: Desk, reader: OrderReader, amazon: AmazonSandbox, clock: FixedClock
) -> None:
    Post(desk, clock).deliver(buyer_mail(order_id=LAMP))
    amazon.change_secret("acme-eu", "another")
    assert reader.step() == 300
    assert [one.facts for one in watched(desk)] == [{"secret": True, "role": False}]
    orders.take_missing(desk, "nordlicht", LAMP)
    orders.lock_out(desk, "nordlicht", "invalid_client", ValueError("ended"))
    amazon.change_secret("acme-eu", SECRET)
    assert reader.step() < 300
    assert (orders.locked_out_by(desk, "nordlicht"), watched(desk)) == (None, [])


def test_an_application_without_the_role_is_told_after_three_refusals_not_after_one(
    desk: Desk, reader: OrderReader, amazon: AmazonSandbox, clock: FixedClock
) -> None:
    Post(desk, clock).deliver(buyer_mail(order_id=LAMP))
    amazon.next_errors("getOrder", "denied", times=3)
    for _time in range(2):
        assert reader.step() < 300
        clock.advance(5 * MINUTE)
    assert watched(desk) == []
    assert (reader.step(), orders.locked_out_by(desk, "nordlicht")) == (300, NO_ROLE)
    assert [one.facts for one in watched(desk)] == [{"secret": False, "role": True}]
    clock.advance(5 * MINUTE)
    assert (reader.step(), kept(desk, LAMP).state, watched(desk)) == (0, KNOWN, [])


def test_a_store_that_lost_its_access_in_the_settings_alarms_nobody(
    desk: Desk, amazon: AmazonSandbox
) -> None:
    orders.lock_out(desk, "nordlicht", "invalid_grant", ValueError("ended"))
    assert len(watched(desk)) == 1
    assert watched(with_api(desk, "sunrise")) == []


def test_of_two_processes_one_asks_and_a_hanging_store_keeps_no_other_waiting(
    desk: Desk, amazon: AmazonSandbox, clock: FixedClock
) -> None:
    """Nordlicht's API takes connections and never answers; each of two processes has a thread for each store."""
    inbox, stop = Post(desk, clock), threading.Event()
    inbox.deliver(buyer_mail(order_id=LAMP))
    inbox.deliver(other(order_id=BOTTLE), mailbox="sunrise")
    with open_shop() as hanging:
        hanging.next_errors("getOrder", "hang", times=None)
        readers = [
            reader_of(desk, api, store, owner, timeout_s=60)
            for owner in ("one", "two")
            for store, api in (("nordlicht", hanging), ("sunrise", amazon))
        ]
        threads = [threading.Thread(target=one.run, args=(stop,), daemon=True) for one in readers]
        for one in threads:
            one.start()
        waiting = threading.Event()
        while kept(desk, BOTTLE, "sunrise").state != KNOWN:
            waiting.wait(0.02)
        while not [one for one in hanging.calls() if one.operation == "getOrder"]:
            waiting.wait(0.02)
        assert kept(desk, LAMP).state == "wanted"
        stop.set()
    for one in threads:
        one.join(30)
    assert len([one for one in amazon.calls() if one.operation == "getOrder"]) == 1
    assert len([one for one in hanging.calls() if one.operation == "getOrder"]) == 1
