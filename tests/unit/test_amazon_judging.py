"""Whatever Amazon, or whoever stands before it, answers: it is a yes only where it says so, else one of our errors."""

import json

import httpx
from hypothesis import given
from hypothesis import strategies as st

from bot.amazon.judging import Asking, fault_of_read, fault_of_send
from bot.amazon.line import Answer
from bot.errors import Outside, Refused, Throttled, Unreachable, Unsure

ASKING = Asking("acme-us", "createUnexpectedProblem", 1.0)
ERRORS = b'{"errors":[{"code":"InvalidInput","message":"No"}]}'
BODIES = st.one_of(
    st.sampled_from(
        [b"", b"{}", b" {} ", b"[]", b"null", b"true", b'{"a":1}', ERRORS, b"<html>", b"[" * 5000]
    ),
    st.sampled_from(
        [b'{"errors":[]}', b'{"errors":{"code":1}}', b'{"errors":[5]}', b'{"message":"Bad Gateway"}']
    ),
    st.binary(max_size=30),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3).map(
        lambda value: json.dumps(value).encode()
    ),
)
RATES = st.sampled_from([None, "1.0", "0", "-1", "nan", "inf", "x", "1e-9"])


def answer(status: int, body: bytes, rate: str | None = None, after: str | None = None) -> Answer:
    given_headers = {"x-amzn-ratelimit-limit": rate, "retry-after": after}
    return Answer(status, httpx.Headers({k: v for k, v in given_headers.items() if v is not None}), body)


def is_clean(body: bytes) -> bool:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and not found.get("errors")


@given(st.integers(100, 599), BODIES, RATES, RATES)
def test_a_yes_is_a_yes_alone(status: int, body: bytes, rate: str | None, after: str | None) -> None:
    told = answer(status, body, rate, after)
    read, sent = fault_of_read(ASKING, told), fault_of_send(ASKING, told)
    assert (read is None) == (200 <= status < 300 and is_clean(body))
    assert (sent is None) == (status == 201 and is_clean(body))
    for fault in (read, sent):
        assert fault is None or isinstance(fault, Outside)
        if isinstance(fault, Throttled):
            assert fault.retry_after is not None
            assert 0 < fault.retry_after < 1e9
    # Nothing was sent only where Amazon said so.
    is_no = 400 <= status < 500 and status not in (408, 425)
    assert sent is None or isinstance(sent, Refused | Unreachable) == is_no
    assert sent is None or isinstance(sent, Unsure) != is_no


def test_how_long_to_wait_is_said_or_follows_from_the_rate() -> None:
    def wait(rate: str | None, after: str | None, known: float | None) -> float | None:
        fault = fault_of_read(Asking("s", "o", known), answer(429, b"", rate, after))
        assert isinstance(fault, Throttled)
        return fault.retry_after

    assert wait("0.5", "7", 1.0) == 7
    assert wait("0.5", None, 1.0) == 2
    assert wait(None, None, 0.1) == 10
    assert wait(None, None, None) is None


def test_a_refusal_is_one_line_of_bounded_length() -> None:
    long = {"errors": [{"code": "C" * 999, "message": "a\nb\r\n" + "x" * 999, "details": "d\x00" * 999}]}
    fault = fault_of_send(ASKING, answer(400, json.dumps(long).encode()))
    assert isinstance(fault, Refused)
    assert str(fault).isprintable()
    assert len(str(fault)) < 800
