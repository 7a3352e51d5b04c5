"""Typed messages leave over real HTTP, each at most once, whatever Amazon or the machine does. Both databases."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.amazon.client import AmazonApi, Patience
from bot.clock import FixedClock
from bot.desk import Desk, manual, orders, typed, typed_settle
from bot.domain.typed_messages import MessageKind, TypedMessage
from bot.errors import NotOurs
from bot.sandbox.amazon.server import AmazonSandbox
from bot.work.typed import TypedLane
from tests.dispatch.amazon_clients import access_of
from tests.dispatch.amazon_shop import BOTTLE, LAMP, SECRET, open_shop
from tests.store.lived import keys
from tests.store.test_orders import other, with_api
from tests.store.typed_words import INVOICE, LATE, PDF, send, state, stored
from tests.world import LI_WEI, ROOT, WANG, Post, buyer_mail

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SEND, CREATE = "createUnexpectedProblem", "createUploadDestinationForResource"
ACCOUNTS = {"nordlicht": "acme-eu", "sunrise": "acme-us"}


@pytest.fixture
def amazon() -> Iterator[AmazonSandbox]:
    with open_shop() as found:
        yield found


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return with_api(desk, "nordlicht", "sunrise")


@pytest.fixture(autouse=True)
def cases(post: Post) -> None:
    post.deliver(buyer_mail(order_id=LAMP))
    post.deliver(other(order_id=BOTTLE), mailbox="sunrise")


def api_of(desk: Desk, amazon: AmazonSandbox, *stores: str, **changes: object) -> AmazonApi:
    """Clients that try once, with short time-outs."""
    short = {"timeout_s": 1.0, "token_timeout_s": 1.0}
    access = {
        store: replace(access_of(amazon, ACCOUNTS[store]), store=store, **(short | changes))
        for store in stores or ACCOUNTS
    }
    return AmazonApi(access, desk.clock, patience=Patience(tries=1))


@pytest.fixture
def lane(desk: Desk, amazon: AmazonSandbox) -> TypedLane:
    return TypedLane(desk, api_of(desk, amazon))


def held(desk: Desk, clock: FixedClock, message: TypedMessage = LATE, case: int = 1001) -> int:
    """A message whose undo window is over."""
    number = send(desk, message, case)
    clock.advance(MINUTE)
    return number


def test_what_was_previewed_is_what_the_buyer_gets_with_its_file(
    desk: Desk, lane: TypedLane, amazon: AmazonSandbox, clock: FixedClock
) -> None:
    number = held(desk, clock, INVOICE)
    assert (lane.send_next("nordlicht"), lane.send_next("nordlicht")) == (True, False)
    assert state(desk, number) == ("accepted", "")
    [sent] = amazon.sent
    assert (sent.account, sent.order_id, sent.kind) == ("acme-eu", LAMP, "invoice")
    [file] = sent.body["attachments"]
    assert file["fileName"] == PDF.name
    assert amazon.uploaded(file["uploadDestinationId"]) == PDF.content
    assert len(stored(desk, number).request_id) == 36


ENDINGS = [
    ("throttled", False, ("queued", ""), 0),
    ("throttled_bare", False, ("queued", ""), 0),
    ("forbidden_bare", False, ("refused", "403"), 0),
    ("denied", False, ("refused", "Unauthorized"), 0),
    ("html", False, ("unsure", ""), 0),
    ("html", True, ("unsure", ""), 1),
    ("gateway", True, ("unsure", ""), 1),
    ("cut", True, ("unsure", ""), 1),
    ("hang", True, ("unsure", ""), 1),
]


@pytest.mark.parametrize(("what", "after", "expected", "with_buyer"), ENDINGS)
def test_each_answer_of_amazons_has_its_end_and_none_is_a_second_message(
    desk: Desk, lane: TypedLane, amazon: AmazonSandbox, clock: FixedClock, what, after, expected, with_buyer
) -> None:
    number = held(desk, clock)
    amazon.next_errors(SEND, what, after=after)
    lane.send_next("nordlicht")
    assert state(desk, number) == expected
    assert len(amazon.sent) == with_buyer
    clock.advance(HOUR)
    typed_settle.left_behind(desk)
    while lane.send_next("nordlicht"):
        pass
    is_again = expected[0] == "queued"
    assert len(amazon.calls(SEND)) == (2 if is_again else 1)
    assert len(amazon.sent) == (1 if is_again else with_buyer)
    assert state(desk, number) == (("accepted", "") if is_again else expected)


def test_a_refusal_tells_its_author_amazons_reason_and_gives_the_message_back(
    desk: Desk, lane: TypedLane, amazon: AmazonSandbox, clock: FixedClock
) -> None:
    message = TypedMessage(MessageKind.WARRANTY, files=(PDF,))
    number = held(desk, clock, message)
    lane.send_next("nordlicht")
    assert state(desk, number) == ("refused", "Unauthorized")
    assert "Invalid amazonOrderId and template combination" in (stored(desk, number).reason or "")
    assert f"typed_told:{number}:refused:{LI_WEI}" in keys(desk, "typed_told")
    assert typed.draft(desk, 1001, by=LI_WEI) == message


def test_one_that_breaks_our_own_code_waits_and_holds_up_no_other(
    desk: Desk, lane: TypedLane, clock: FixedClock
) -> None:
    odd, other = held(desk, clock), send(desk, LATE, 1001)

    def fail(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        if "FROM compensations" in statement:
            event.remove(desk.database.engine, "before_cursor_execute", fail)
            raise ValueError("what nobody thought of")

    event.listen(desk.database.engine, "before_cursor_execute", fail)
    clock.advance(HOUR)
    assert not lane.send_next("nordlicht")
    assert state(desk, odd)[0] == "queued"
    assert stored(desk, odd).attempts == 1
    assert lane.send_next("nordlicht")
    assert state(desk, other) == ("accepted", "")


def test_nothing_waits_until_a_clock_that_was_set_back_has_caught_up(desk: Desk, clock: FixedClock) -> None:
    clock.advance(8 * HOUR)
    number = send(desk, LATE, 1001)
    assert typed_settle.take(desk, "nordlicht") is None, "its undo window"
    clock.advance(-3 * HOUR)
    first = typed_settle.take(desk, "nordlicht")
    assert first is not None
    assert typed_settle.take(desk, "nordlicht") is None, "its files go up"
    clock.advance(-2 * HOUR)
    second = typed_settle.take(desk, "nordlicht")
    assert second is not None
    with pytest.raises(NotOurs):
        typed_settle.depart(desk, first)
    typed_settle.depart(desk, second)
    assert typed_settle.left_behind(desk) == 0
    clock.advance(-2 * HOUR)
    assert (typed_settle.left_behind(desk), state(desk, number)) == (1, ("unsure", "stopped"))


def test_who_is_throttled_waits_as_long_as_amazon_says(
    desk: Desk, lane: TypedLane, amazon: AmazonSandbox, clock: FixedClock
) -> None:
    amazon.set_rate(SEND, 0.1)
    number = held(desk, clock)
    amazon.next_errors(SEND, "throttled")
    lane.send_next("nordlicht")
    assert stored(desk, number).not_before - clock.now() == timedelta(seconds=10)


@pytest.mark.parametrize("place", [CREATE, "upload"])
def test_a_file_that_does_not_get_through_is_tried_again_and_the_message_sent_once(
    desk: Desk, lane: TypedLane, amazon: AmazonSandbox, clock: FixedClock, place: str
) -> None:
    number = held(desk, clock, INVOICE)
    amazon.next_errors(place, "html")
    lane.send_next("nordlicht")
    assert state(desk, number) == ("queued", "")
    clock.advance(MINUTE)
    lane.send_next("nordlicht")
    assert (state(desk, number), len(amazon.sent)) == (("accepted", ""), 1)


def test_a_store_whose_secret_has_ended_waits_for_a_person_and_sends_then(
    desk: Desk, lane: TypedLane, amazon: AmazonSandbox, clock: FixedClock
) -> None:
    number = held(desk, clock)
    amazon.change_secret("acme-eu", "another")
    lane.send_next("nordlicht")
    assert (state(desk, number), orders.locked_out_by(desk, "nordlicht")) == (
        ("queued", ""),
        "invalid_client",
    )
    clock.advance(HOUR)
    assert lane.send_next("nordlicht") is False
    amazon.change_secret("acme-eu", SECRET)
    orders.let_in(desk, "nordlicht")
    lane.send_next("nordlicht")
    assert (state(desk, number), len(amazon.sent)) == (("accepted", ""), 1)


def test_what_is_called_back_or_held_back_while_its_file_goes_up_stays_here(
    desk: Desk, amazon: AmazonSandbox, clock: FixedClock
) -> None:
    """The place for files does not answer until somebody has decided."""
    lane = TypedLane(desk, api_of(desk, amazon, timeout_s=60))
    for step in ("cancelled", "manual_mode"):
        number = held(desk, clock, INVOICE)
        before = len(amazon.calls("upload"))
        amazon.next_errors("upload", "hang", after=True)
        sending = threading.Thread(target=lane.send_next, args=("nordlicht",))
        sending.start()
        waiting = threading.Event()
        while len(amazon.calls("upload")) == before:
            waiting.wait(0.02)
        if step == "cancelled":
            typed.cancel(desk, number, by=LI_WEI)
        else:
            manual.switch_on(desk, "nordlicht", "odd", by=WANG)
        amazon.stop()
        sending.join()
        amazon.start()
        assert state(desk, number) == ("withdrawn", step)
    assert amazon.sent == []


def test_two_workers_send_each_message_once(desk: Desk, amazon: AmazonSandbox, clock: FixedClock) -> None:
    numbers = [
        send(desk, TypedMessage(kind, "It arrives on Friday."))
        for kind in (MessageKind.PROBLEM, MessageKind.ORDER)
    ]
    numbers.append(held(desk, clock, INVOICE))
    stop = threading.Event()
    lanes = [TypedLane(desk, api_of(desk, amazon, timeout_s=20)) for _ in range(2)]
    threads = [threading.Thread(target=one.run, args=(stop,)) for one in lanes]
    for one in threads:
        one.start()
    amazon.wait_for_sent(3, 30)
    stop.set()
    for one in threads:
        one.join()
    assert [state(desk, number) for number in numbers] == [("accepted", "")] * 3
    assert sorted(one.kind for one in amazon.sent) == ["confirmOrderDetails", "invoice", "unexpectedProblem"]


def test_a_store_whose_api_hangs_keeps_no_other_waiting(
    desk: Desk, amazon: AmazonSandbox, clock: FixedClock
) -> None:
    hung, free, stop = held(desk, clock), held(desk, clock, case=1002), threading.Event()
    with open_shop() as hanging:
        hanging.next_errors(SEND, "hang", times=None)
        access = {
            "nordlicht": replace(access_of(hanging, "acme-eu"), store="nordlicht", timeout_s=60),
            "sunrise": replace(access_of(amazon, "acme-us"), store="sunrise", timeout_s=60),
        }
        lane = TypedLane(desk, AmazonApi(access, desk.clock, patience=Patience(tries=1)))
        running = threading.Thread(target=lane.run, args=(stop,))
        running.start()
        hanging.wait_for_call(SEND)
        amazon.wait_for_sent(1)
        assert state(desk, hung) == ("sending", "")
        stop.set()
    running.join()
    assert (state(desk, hung), state(desk, free)) == (("unsure", ""), ("accepted", ""))


@pytest.mark.parametrize(("operation", "after"), [(SEND, True), ("upload", False)])
def test_a_worker_that_is_killed_sends_nothing_twice(
    desk: Desk,
    lane: TypedLane,
    amazon: AmazonSandbox,
    clock: FixedClock,
    url: str,
    operation: str,
    after: bool,
) -> None:
    """kill -9 between the request and its answer; or while a file goes up, of which the buyer sees nothing."""
    number = held(desk, clock, LATE if after else INVOICE)
    amazon.next_errors(operation, "hang", after=after)
    command = [sys.executable, "-m", "tests.store.typed_worker", url, amazon.url, amazon.token_url]
    worker = subprocess.Popen([*command, clock.now().isoformat()], cwd=ROOT)
    amazon.wait_for_call(operation, 60)
    worker.kill()
    worker.wait()
    assert state(desk, number) == (("sending", "") if after else ("preparing", ""))
    assert lane.send_next("nordlicht") is False
    clock.advance(HOUR)
    typed_settle.left_behind(desk)
    lane.send_next("nordlicht")
    assert state(desk, number) == (("unsure", "stopped") if after else ("accepted", ""))
    assert len(amazon.sent) == 1
