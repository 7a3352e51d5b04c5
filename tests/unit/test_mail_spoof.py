"""Mails that only pretend to be Amazon's: never a buyer message, never lost, always with the reason."""

from datetime import UTC, datetime

import pytest

from bot.domain.mail import Kind, proven
from bot.mail import parse

ARRIVED = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
RELAY = "k7qp3m9x2v4bn+case-1@marketplace.amazon.de"
OURS = "mx.acme.example"
GOOD = f"Authentication-Results: {OURS}; dkim=pass header.d=amazon.de; dmarc=pass header.from=marketplace.amazon.de\n"


def mail(sender: str = f"Ann <{RELAY}>", head: str = "") -> bytes:
    return (
        f"{head}From: {sender}\nTo: us@acme.example\nMessage-ID: <1@x.example>\n"
        "Subject: Inquiry from Amazon customer Ann (Order: 305-1234567-1234567)\n"
        "Date: Mon, 23 Nov 2026 15:00:00 +0000\n\n"
        "------------- Begin message -------------\n\nWhere is it?\n\n------------- End message -------------\n"
    ).encode()


@pytest.mark.parametrize(
    "sender",
    [
        "Ann <x@marketplace.amazon.de.evil.example>",
        "Ann <x@marketplace-amazon.de>",
        "Ann <x@amazon.evil>",
        "Ann <x@amazon-support.com>",
        "Ann <x@amaz0n.de>",
        "Ann <x@arnazon.de>",
        "Ann <x@amazom.de>",
        "Ann <x@amzaon.de>",
        "Ann <x@marketplace.amazn.de>",
        "Ann <x@marketplace.amazzon.de>",
        "Ann <x@marketplace.xn--mazon-3ve.com>",
        "Ann <x@marketplace.xn--amazn-mye.de>",
        "Ann <x@marketplace.аmazon.de>",
        "Ann <x@marketplace.ɑmazon.de>",
        "Ann <x@marketplace.amázon.de>",
        "Ann <x@marketplace.ａｍａｚｏｎ.de>",
        "Amazon Customer Service <help@shop.example>",
        "Аmazon.de <help@shop.example>",
        '"Ann - Amazon Marketplace" <ann@shop.example>',
    ],
)
def test_who_looks_like_amazon_is_a_spoof_with_a_reason_and_without_identity(sender: str) -> None:
    found = parse.read(mail(sender, GOOD), ARRIVED)
    assert found.kind is Kind.SPAM_OR_SPOOF
    assert "looks like Amazon" in found.why
    assert (found.buyer_alias, found.order_id, found.marketplace, found.amazon_case_id) == (None,) * 4
    assert "Where is it?" in found.full_text, "whoever looks at the review card sees what was written"


@pytest.mark.parametrize("host", ["amazonas.example", "amazonia.example", "amazing.example", "mason.example"])
def test_other_words_are_no_imitation(host: str) -> None:
    assert parse.read(mail(f"Ann <ann@{host}>"), ARRIVED).kind is Kind.OTHER


@pytest.mark.parametrize(
    "head",
    [
        "X-Space-Notification-Type: BBC_MESSAGE_SENT_TO_MERCHANT\nX-Marketplace-ID: A1PA6795UKMFR9\n",
        "X-Space-Notification-Type: BUYER_OPTED_OUT_BSM_MESSAGES\n",
        "x-SPACE-notification-type:\n BBC_MESSAGE_CONFIRMATION_TO_MERCHANT\n",
    ],
)
def test_amazons_own_headers_are_worth_nothing_from_elsewhere(head: str) -> None:
    found = parse.read(mail("Ann <ann@shop.example>", head + GOOD), ARRIVED)
    assert found.kind is Kind.SPAM_OR_SPOOF
    assert "type header" in found.why
    assert found.marketplace is None


@pytest.mark.parametrize(
    "stamp",
    [
        "dkim=fail header.d=amazon.de",
        "dkim=pass header.d=evil.example; dkim=fail header.d=amazon.de",
        "dmarc=fail header.from=marketplace.amazon.de; dkim=pass header.d=evil.example",
        "spf=fail smtp.mailfrom=amazon.de",
        "spf=fail smtp.mailfrom=amazon.de; dkim=pass header.d=evil.example; dmarc=pass header.from=evil.example",
        "dmarc=fail (p=none; dkim=pass in a comment) header.from=amazon.de",
    ],
)
def test_a_check_of_amazons_domain_that_failed_is_not_healed_by_one_of_another_domain(stamp: str) -> None:
    found = parse.read(mail(head=f"Authentication-Results: {OURS}; {stamp}\n"), ARRIVED)
    assert found.kind is Kind.SPAM_OR_SPOOF
    assert "=fail" in found.why


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        pytest.param(GOOD, "", id="our server vouches"),
        pytest.param(GOOD.replace(OURS, OURS.upper()), "", id="its name in capitals"),
        pytest.param(GOOD.replace(OURS, f"{OURS} 1"), "", id="with a version"),
        pytest.param("", "has not checked", id="no server has looked"),
        pytest.param(GOOD.replace(OURS, "mx.evil.example"), "has not checked", id="another server vouches"),
        pytest.param(
            f"Authentication-Results: {OURS}; dkim=none; dmarc=none\n{GOOD}",
            "did not find",
            id="a forged one below ours",
        ),
        pytest.param(
            f"Authentication-Results: {OURS}; dkim=pass header.d=evil.example; dmarc=pass header.from=evil.example\n",
            "did not find",
            id="a signature of somebody else",
        ),
        pytest.param(
            f"Authentication-Results: {OURS}; dkim=pass header.d=amazonses.com; spf=pass smtp.mailfrom=amazonses.com\n",
            "did not find",
            id="any customer of Amazon's mail service",
        ),
        pytest.param(
            f"Authentication-Results: {OURS}; dkim=pass header.d=amazon.de.evil.example\n",
            "did not find",
            id="a longer domain",
        ),
        pytest.param(
            f"Authentication-Results: {OURS}; spf=pass smtp.mailfrom=amazon.de\n",
            "did not find",
            id="spf alone",
        ),
    ],
)
def test_with_the_name_of_our_server_amazons_mail_has_to_be_proven(head: str, reason: str) -> None:
    read = parse.read(mail(head=head), ARRIVED)
    assert read.kind is Kind.BUYER_MESSAGE, "without that name it is as before"
    assert proven(read, None) == read
    found = proven(read, OURS)
    assert reason in found.why
    if not reason:
        assert found == read
        return
    assert found.kind is Kind.SPAM_OR_SPOOF
    whose = (found.buyer_alias, found.buyer_base, found.order_id, found.marketplace, found.amazon_case_id)
    assert whose == (None,) * 5
    assert found.text == "Where is it?"


def test_a_copy_or_an_opt_out_that_is_not_proven_changes_nothing_either() -> None:
    head = "X-Space-Notification-Type: BBC_MESSAGE_CONFIRMATION_TO_MERCHANT\n"
    read = parse.read(mail("Amazon <no-reply@amazon.de>", head), ARRIVED)
    assert read.kind is Kind.REPLY_COPY
    assert proven(read, OURS).kind is Kind.SPAM_OR_SPOOF


def test_what_does_not_say_to_be_amazons_needs_no_proof() -> None:
    read = parse.read(mail("Ann <ann@shop.example>"), ARRIVED)
    assert proven(read, OURS) == read
