"""The mail reader as a whole: never fails, always the same answer, never slow, never a false identity."""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.mail import Kind, Mail
from bot.mail import parse

MAILS = Path(__file__).parent.parent / "data" / "mails"
RAW = {path.stem: path.read_bytes() for path in sorted(MAILS.glob("*.eml"))}
ARRIVED = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
RELAY = b'From: "Ann" <k7qp3m9x2v4bn@marketplace.amazon.com>\nSubject: Inquiry\n'

patient = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def is_sound(mail: Mail) -> bool:
    """What holds for every mail: it can be printed, stored, and its id and time are there."""
    json.dumps(parse.as_json(mail), ensure_ascii=False).encode("utf-8")
    stored = (mail.text, mail.full_text, mail.subject, mail.buyer_name or "")
    assert not any("\x00" in text for text in stored)
    assert mail.message_id.startswith("<")
    assert mail.message_id.endswith(">")
    assert mail.received_at is not None
    assert mail.received_at.utcoffset() is not None
    return bool(mail.why)


@patient
@given(st.binary(max_size=3_000))
def test_no_bytes_break_it(raw):
    assert is_sound(parse.interpret(raw, ARRIVED))


@patient
@given(st.binary(max_size=600), st.sampled_from(["plain", "html", "x-gbk", "delivery-status"]))
def test_no_body_behind_a_relay_address_breaks_it(body, subtype):
    head = RELAY + b"Content-Type: text/" + subtype.encode() + b"; charset=iso-2022-jp\n\n"
    assert is_sound(parse.interpret(head + body, ARRIVED))


@patient
@given(st.data())
def test_no_change_to_a_mail_breaks_it(data):
    raw = RAW[data.draw(st.sampled_from(sorted(RAW)))][:20_000]
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw)))
        end = data.draw(st.integers(start, min(len(raw), start + 200)))
        raw = raw[:start] + data.draw(st.binary(max_size=60)) * data.draw(st.integers(0, 3)) + raw[end:]
    assert is_sound(parse.interpret(raw, ARRIVED))


@patient
@given(st.text(max_size=400))
def test_a_text_between_markers_comes_out_as_it_went_in(text):
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    words = "\n".join(f"a {line} z" for line in lines if line.isprintable()) or "a z"
    body = f"------------- Message: -------------\n\n{words}\n\n------------- End message -------------\n"
    raw = RELAY + b"Content-Type: text/plain; charset=utf-8\n\n" + body.encode()
    assert parse.interpret(raw, ARRIVED).text == words


@pytest.mark.parametrize("name", sorted(RAW))
def test_the_same_mail_says_the_same_twice(name):
    assert parse.read(RAW[name], ARRIVED) == parse.read(RAW[name], ARRIVED)


@pytest.mark.parametrize("name", sorted(RAW))
def test_half_a_mail_is_read_as_far_as_it_goes(name):
    for end in range(0, len(RAW[name]), max(1, len(RAW[name]) // 7)):
        assert is_sound(parse.interpret(RAW[name][:end], ARRIVED))


@pytest.mark.parametrize("name", sorted(RAW))
def test_a_mail_whose_authentication_failed_has_no_identity(name):
    raw = b"Authentication-Results: mx.sunrise.example; dmarc=fail\n" + RAW[name]
    mail = parse.read(raw, ARRIVED)
    if mail.kind is Kind.SPAM_OR_SPOOF:
        whose = (mail.buyer_alias, mail.buyer_base, mail.order_id, mail.marketplace, mail.amazon_case_id)
        assert whose == (None,) * 5
        assert mail.asins == ()
    else:
        assert b"amazon.com>\n" not in raw.lower() or mail.kind in {Kind.OTHER, Kind.AUTO_REPLY, Kind.BOUNCE}


HUGE = {
    "five thousand quoted lines": b"> a line of an older mail\n" * 5_000,
    "five thousand From lines": b"From: a\n" * 5_000,
    "five thousand attributions": b"On 1.1.2026 x wrote:\n" * 5_000,
    "five thousand markers": b"------------- Message: -------------\n" * 5_000,
    "a megabyte of >": b">" * 1_000_000,
    "a megabyte of -": b"-" * 1_000_000,
    "a megabyte of <": b"<" * 1_000_000,
    "a megabyte of blanks": b" " * 1_000_000,
    "a megabyte of empty lines": b"\n" * 1_000_000,
    "a megabyte of links": b"https://sellercentral.amazon.com/" * 30_000,
    "nested elements": b"<div>" * 100_000,
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("subtype", ["plain", "html"])
@pytest.mark.parametrize("what", sorted(HUGE))
def test_a_huge_mail_ends(what, subtype):
    # The time-out of the test stands for "not quadratic": those would take minutes.
    raw = RELAY + b"Content-Type: text/" + subtype.encode() + b"; charset=utf-8\n\n" + HUGE[what]
    assert is_sound(parse.interpret(raw, ARRIVED))


@pytest.mark.timeout(20)
def test_ten_thousand_parts_are_cut_and_it_says_so():
    body = b"--x\nContent-Type: text/plain\n\nhello\n" * 10_000
    mail = parse.interpret(RELAY + b"Content-Type: multipart/mixed; boundary=x\n\n" + body, ARRIVED)
    assert "only the first 300 parts were read" in mail.why


def test_deep_nesting_is_cut_and_it_says_so():
    body = b"hello"
    for depth in range(200):
        edge = b"b%d" % depth
        body = b"Content-Type: multipart/mixed; boundary=%b\n\n--%b\n%b\n--%b--\n" % (edge, edge, body, edge)
    mail = parse.interpret(RELAY + body, ARRIVED)
    assert "nested deeper than 20" in mail.why
    assert mail.kind is Kind.BUYER_MESSAGE


def test_a_text_over_the_limit_is_cut_and_it_says_so():
    assert "bytes of the text were read" in parse.interpret(RELAY + b"\n" + b"word " * 200_000, ARRIVED).why


def test_threads_may_read_at_once():
    raw = RAW["golden_de"]
    found: list[Mail] = []
    threads = [threading.Thread(target=lambda: found.append(parse.read(raw, ARRIVED))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [parse.read(raw, ARRIVED)] * 8


def test_the_json_has_exactly_the_promised_keys():
    promised = (
        "kind marketplace order_id asin buyer_alias buyer_name subject text received_at lang attachments why "
        "notice amazon_case_id message_id"
    )
    assert set(parse.as_json(parse.read(RAW["golden_us"], ARRIVED))) == set(promised.split())


def test_a_mail_that_was_sent_in_a_leap_second_has_its_time() -> None:
    raw = (
        b"Received: from amazonses.com by mx.example; Fri, 1 Jan 2027 03:00:05 +0000\n"
        b"From: Ann <abc123@marketplace.amazon.de>\nDate: Fri, 1 Jan 2027 00:59:60 +0100\n\nHello"
    )
    mail = parse.read(raw, datetime(2027, 1, 1, 3, 1, tzinfo=UTC))
    assert mail.received_at == datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
