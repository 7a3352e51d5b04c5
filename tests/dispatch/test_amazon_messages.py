"""Typed messages over real HTTP: each kind fits Amazon's model, files arrive whole, each ending is clear or Unsure."""

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.amazon.messages import SentMessage, allowed_kinds, buyer_locale, send
from bot.domain.typed_messages import FORMS, MessageFile, MessageKind, TypedMessage
from bot.errors import NeedsAuthorisation, Outside, Refused, Throttled, Unreachable, Unsure, WrongInput
from bot.sandbox.amazon.model import operations
from bot.sandbox.amazon.server import AmazonSandbox
from bot.sandbox.amazon.validation import faults_of
from tests.dispatch.amazon_clients import clients
from tests.dispatch.amazon_shop import BOTTLE, LAMP, US, open_shop

PDF = MessageFile("Rechnung 2026-11.pdf", "application/pdf", b"%PDF-1.7 \x00\xff invoice")
PROBLEM = TypedMessage(MessageKind.PROBLEM, "Your bottle is delayed by two days.")
INVOICE = TypedMessage(MessageKind.INVOICE, files=(PDF,))
CREATE, SEND = "createUploadDestinationForResource", "createUnexpectedProblem"


@pytest.fixture
def amazon() -> Iterator[AmazonSandbox]:
    with open_shop() as found:
        yield found


def whole(kind: MessageKind) -> TypedMessage:
    form = FORMS[kind]
    china = timezone(timedelta(hours=8))
    return TypedMessage(
        kind,
        "é" * form.text,
        tuple(
            MessageFile(f"{number}.pdf", "application/pdf", b"%d" % number) for number in range(form.files[1])
        ),
        datetime(2026, 11, 20, 8, tzinfo=china) if form.has_dates else None,
        datetime(2028, 11, 20, tzinfo=UTC) if form.has_dates else None,
    )


@pytest.mark.parametrize("kind", MessageKind)
def test_each_kind_at_its_limits_fits_the_model_and_arrives_once(amazon, kind) -> None:
    form, message = FORMS[kind], whole(kind)
    sent = send(clients(amazon).of("acme-us"), BOTTLE, "US", message)
    assert (sent.kind, len(sent.request_id)) == (kind, 36)
    [call] = amazon.calls(form.operation)
    operation = operations()[form.operation]
    assert list(faults_of(json.loads(call.body), operation.body, operation.definitions)) == []
    assert call.query == f"marketplaceIds={US}"
    [taken] = amazon.sent
    assert (taken.account, taken.order_id, taken.marketplace_id, taken.kind) == ("acme-us", BOTTLE, US, kind)
    assert taken.body.get("text", "") == message.text
    assert [one["fileName"] for one in taken.body.get("attachments", ())] == [
        one.name for one in message.files
    ]
    if form.has_dates:
        assert taken.body["coverageStartDate"] == "2026-11-20T00:00:00Z"
        assert taken.body["coverageEndDate"] == "2028-11-20T00:00:00Z"


def digest(content: bytes) -> str:
    return base64.b64encode(hashlib.md5(content).digest()).decode()


def test_files_arrive_byte_for_byte_whatever_their_checksum_looks_like(amazon) -> None:
    api = clients(amazon).of("acme-us")
    awkward = [
        next(b"%d" % number for number in range(10_000) if sign in digest(b"%d" % number)) for sign in "+/"
    ]
    contents = [*awkward, PDF.content, b"x" * 300_000]
    files = tuple(MessageFile(f"{number}.pdf", "application/pdf", one) for number, one in enumerate(contents))
    send(api, BOTTLE, "US", TypedMessage(MessageKind.INVOICE, files=files))
    [message] = amazon.sent
    ids = [one["uploadDestinationId"] for one in message.body["attachments"]]
    assert [amazon.uploaded(one) for one in ids] == contents
    for call in amazon.calls("upload"):
        assert "x-amz-access-token" not in call.headers
        assert call.headers["content-md5"] == digest(call.body)
    assert amazon.calls(CREATE)[0].path.endswith(
        f"/uploadDestinations/messaging/v1/orders/{BOTTLE}/messages/invoice"
    )


def test_what_an_order_allows_and_the_buyers_language_are_asked_of_amazon(amazon) -> None:
    api = clients(amazon)
    assert allowed_kinds(api.of("acme-us"), BOTTLE, "US") == tuple(MessageKind)
    assert set(MessageKind) - set(allowed_kinds(api.of("acme-eu"), LAMP, "DE")) == {MessageKind.WARRANTY}
    assert buyer_locale(api.of("acme-eu"), LAMP, "DE") == "de-DE"


def test_kinds_that_were_removed_are_left_out_of_what_is_allowed(amazon) -> None:
    """Amazon's own example still names two."""
    found = allowed_kinds(clients(amazon).of("acme-us"), "123-1234567-1234567", "US")
    assert MessageKind.INVOICE not in found
    assert len(found) == 8


def test_what_the_order_does_not_allow_is_refused_with_the_reason(amazon) -> None:
    message = TypedMessage(MessageKind.WARRANTY, files=(PDF,))
    with pytest.raises(Refused, match="Invalid amazonOrderId and template combination") as raised:
        send(clients(amazon).of("acme-eu"), LAMP, "DE", message)
    assert raised.value.code == "Unauthorized"
    assert amazon.sent == []


def test_a_message_that_does_not_fit_its_form_asks_nobody(amazon) -> None:
    with pytest.raises(WrongInput, match="text: too_long"):
        send(clients(amazon).of("acme-us"), BOTTLE, "US", TypedMessage(MessageKind.PROBLEM, "x" * 2001))
    assert amazon.calls() == []


ENDINGS = [
    ("throttled", False, Throttled, "", 0),
    ("throttled_bare", False, Throttled, "", 0),
    ("forbidden_bare", False, Refused, "403", 0),
    ("denied", False, Refused, "Unauthorized", 0),
    ("html", False, Unsure, "", 0),
    ("html", True, Unsure, "", 1),
    ("gateway", True, Unsure, "", 1),
    ("internal", True, Unsure, "", 1),
    ("cut", True, Unsure, "", 1),
    ("hang", True, Unsure, "", 1),
]


@pytest.mark.parametrize(("what", "after", "kind", "code", "with_buyer"), ENDINGS)
def test_a_message_is_tried_once_and_its_ending_is_told_as_it_is(
    amazon, what, after, kind, code, with_buyer
) -> None:
    amazon.next_errors(SEND, what, after=after)
    api = clients(amazon, timeout_s=1 if what == "hang" else 20).of("acme-us")
    with pytest.raises(Outside) as raised:
        send(api, BOTTLE, "US", PROBLEM)
    assert type(raised.value) is kind
    assert getattr(raised.value, "code", "") == code
    assert len(amazon.calls(SEND)) == 1
    assert len(amazon.sent) == with_buyer
    assert PROBLEM.text not in str(raised.value)


def test_a_throttled_message_says_when_it_may_be_tried_again(amazon) -> None:
    amazon.set_rate(SEND, 0.2)
    amazon.next_errors(SEND, "throttled")
    api = clients(amazon).of("acme-us")
    with pytest.raises(Throttled) as raised:
        send(api, BOTTLE, "US", PROBLEM)
    assert raised.value.retry_after == pytest.approx(5.0)
    with pytest.raises(Throttled):
        send(api, BOTTLE, "US", PROBLEM)
    assert len(amazon.calls(SEND)) == 1


def test_a_secret_that_ended_sends_nothing_and_needs_a_person(amazon) -> None:
    amazon.change_secret("acme-us", "rotated")
    with pytest.raises(NeedsAuthorisation):
        send(clients(amazon).of("acme-us"), BOTTLE, "US", INVOICE)
    assert [one.operation for one in amazon.calls()] == ["token"]


@pytest.mark.parametrize("place", [CREATE, "upload"])
@pytest.mark.parametrize(
    ("what", "kind"), [("html", Unreachable), ("cut", Unreachable), ("forbidden_bare", Refused)]
)
def test_a_file_that_does_not_get_through_leaves_nothing_unsure(amazon, place, what, kind) -> None:
    amazon.next_errors(place, what, times=None)
    with pytest.raises(Outside) as raised:
        send(clients(amazon).of("acme-us"), BOTTLE, "US", INVOICE)
    assert type(raised.value) is kind
    assert amazon.calls("sendInvoice") == []


@pytest.mark.parametrize("place", [CREATE, "upload"])
def test_a_file_is_tried_again_and_the_message_then_sent_once(amazon, place) -> None:
    amazon.next_errors(place, "html")
    assert isinstance(send(clients(amazon).of("acme-us"), BOTTLE, "US", INVOICE), SentMessage)
    assert len(amazon.calls(place)) == 2
    assert len(amazon.calls("sendInvoice")) == 1


def test_what_the_last_look_raises_keeps_a_message_here_after_its_files(amazon) -> None:
    def no() -> None:
        raise Refused("manual mode")

    with pytest.raises(Refused, match="manual mode"):
        send(clients(amazon).of("acme-us"), BOTTLE, "US", INVOICE, no)
    assert len(amazon.calls("upload")) == 1
    assert amazon.calls("sendInvoice") == []
