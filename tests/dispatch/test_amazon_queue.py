"""The queue of notifications over HTTP: questions are signed, what was not deleted comes again, troubles differ."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.amazon.queue import HOLD_S, Queue, QueueAccess, QueueState
from bot.amazon.signature import AwsKey, signed
from bot.clock import FixedClock
from bot.errors import ConfigError, Refused, Throttled, Unreachable
from bot.sandbox.amazon.queue_server import KEY_ID, REGION, SECRET, QueueSandbox

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
HOLD = timedelta(seconds=HOLD_S)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def there(clock: FixedClock) -> Iterator[QueueSandbox]:
    with QueueSandbox(clock=clock, tries=3) as found:
        yield found


def queue_of(there: QueueSandbox, clock: FixedClock, **other: object) -> Queue:
    key = replace(AwsKey(KEY_ID, SECRET, REGION), **{k: v for k, v in other.items() if k != "timeout_s"})
    return Queue(QueueAccess("orders", there.url, key, float(str(other.get("timeout_s", 5)))), clock)


@pytest.mark.parametrize(
    ("key", "url", "target", "content", "signature"),
    [
        pytest.param(
            AwsKey("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1"),
            "https://sqs.us-east-1.amazonaws.com/",
            "AmazonSQS.ReceiveMessage",
            b'{"QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/reply24", "MaxNumberOfMessages": 10}',
            "1eabcbe357ba1d452950b5b15bc66719960eebfd5a72435bc99ae34402ea5221",
            id="Amazon's own host",
        ),
        pytest.param(
            AwsKey("AKIDEXAMPLE", "secret with spaces", "eu-west-1"),
            "http://127.0.0.1:9324/",
            "AmazonSQS.DeleteMessage",
            '{"QueueUrl": "http://127.0.0.1:9324/1/q", "ReceiptHandle": "ü"}'.encode(),
            "ebdd8d6a1bc478f04ce02f307fc0874f5dbf7c37e92ee2edeb86ce7c63986774",
            id="a host with a port, letters beyond ASCII",
        ),
    ],
)
def test_a_signature_is_the_one_that_amazons_own_library_makes(key, url, target, content, signature) -> None:
    """Expected values: botocore 1.44.8, SigV4Auth, at 2026-11-26 12:00 UTC."""
    headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": target}
    found = signed(key, url, headers, content, NOON)["authorization"]
    assert found.endswith(f"SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature={signature}")


def test_what_is_not_deleted_comes_again_when_its_time_is_over_and_says_how_often(there, clock) -> None:
    queue = queue_of(there, clock)
    number = there.put({"a": "ü"})
    (first,) = queue.receive(0)
    assert (first.id, first.body, first.times) == (number, '{"a": "\\u00fc"}', 1)
    assert queue.receive(0) == ()
    clock.advance(HOLD)
    (again,) = queue.receive(0)
    assert (again.id, again.times) == (number, 2)
    queue.delete(again)
    clock.advance(HOLD)
    assert (queue.receive(0), there.left) == ((), [])


def test_who_waits_gets_a_message_when_it_comes(there, clock) -> None:
    queue = queue_of(there, clock)
    there.put("one")
    assert [one.body for one in queue.receive(5)] == ["one"]


def test_a_message_that_nobody_can_use_goes_to_the_dead_letters_of_the_queue(there, clock) -> None:
    queue = queue_of(there, clock)
    number = there.put("no use")
    for _try in range(3):
        assert queue.receive(0) != ()
        clock.advance(HOLD)
    assert (queue.receive(0), there.dead_letters) == ((), [number])


def test_its_state_says_how_many_wait_and_when_they_are_given_up(there, clock) -> None:
    there.put("one")
    assert queue_of(there, clock).state() == QueueState(waiting=1, tries=3)
    assert there.left == ["message-1"]


@pytest.mark.parametrize("wrong", [{"secret": "another"}, {"key_id": "AKIDOTHER"}, {"region": "eu-west-1"}])
def test_a_wrong_key_is_refused(there, clock, wrong) -> None:
    if "region" in wrong:
        there.secret = "of another region"
    with pytest.raises(Refused) as why:
        queue_of(there, clock, **wrong).receive(0)
    assert why.value.code in ("SignatureDoesNotMatch", "UnrecognizedClientException")
    assert "another" not in str(why.value)


def test_a_clock_that_is_far_off_is_refused_too(there) -> None:
    with pytest.raises(Refused) as why:
        queue_of(there, FixedClock(NOON + timedelta(hours=1))).receive(0)
    assert why.value.code == "SignatureDoesNotMatch"


def test_a_queue_that_is_not_there_is_refused(there, clock) -> None:
    access = QueueAccess("orders", there.url + "x", AwsKey(KEY_ID, SECRET, REGION))
    with pytest.raises(Refused) as why:
        Queue(access, clock).receive(0)
    assert why.value.code == "QueueDoesNotExist"


@pytest.mark.parametrize(
    ("what", "error"),
    [
        ("throttled_bare", Throttled),
        ("denied", Refused),
        ("forbidden_bare", Refused),
        ("html", Unreachable),
        ("internal", Unreachable),
        ("page", Unreachable),
        ("cut", Unreachable),
        ("hang", Unreachable),
    ],
)
def test_troubles_are_told_apart(there, clock, what, error) -> None:
    there.next_errors("ReceiveMessage", what)
    with pytest.raises(error) as why:
        queue_of(there, clock, timeout_s=0.5).receive(0)
    assert type(why.value) is error
    assert queue_of(there, clock).receive(0) == ()


def test_a_queue_that_nobody_answers_for_is_unreachable(there, clock) -> None:
    queue = queue_of(there, clock)
    there.stop()
    with pytest.raises(Unreachable):
        queue.receive(0)
    there.start()


def test_a_key_is_needed_and_does_not_travel_in_the_clear() -> None:
    clock, key = FixedClock(NOON), AwsKey(KEY_ID, SECRET, REGION)
    with pytest.raises(ConfigError, match="no key"):
        Queue(
            QueueAccess("orders", "https://sqs.us-east-1.amazonaws.com/1/q", replace(key, secret="")), clock
        )
    with pytest.raises(ConfigError, match="https"):
        Queue(QueueAccess("orders", "http://sqs.us-east-1.amazonaws.com/1/q", key), clock)
    assert SECRET not in repr(QueueAccess("orders", "https://x/1/q", key))
