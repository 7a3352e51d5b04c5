"""Typed messages on their way in a running bot: the lane sends when the window is over, Slack says how it ended."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.desk import typed
from bot.desk.typed import TypedOutgoing
from bot.domain.typed_messages import MessageFile, MessageKind, TypedMessage
from bot.sandbox.amazon.orders import invent
from bot.sandbox.amazon.server import AmazonSandbox
from tests.dispatch.amazon_shop import BOUGHT, open_shop
from tests.office import Case, Office

KETTLE, STORE = "302-1112223-3334445", "nordlicht"
PDF = b"%PDF-1.4 an invoice"
INVOICE = TypedMessage(MessageKind.INVOICE, files=(MessageFile("Rechnung 17.pdf", "application/pdf", PDF),))
SORRY = "Es tut uns leid, der Wasserkocher kommt am Montag."


@pytest.fixture
def amazon() -> Iterator[AmazonSandbox]:
    with open_shop() as found:
        found.add_order(invent(KETTLE, "DE", BOUGHT, title="Wasserkocher"), account="acme-eu")
        yield found


@pytest.fixture
def eu(opened: Callable[..., Any], amazon: AmazonSandbox) -> Iterator[Office]:
    with opened({STORE: amazon.url}, amazon.token_url) as office:
        yield office


def sent(office: Office, message: TypedMessage) -> Case:
    """A new case about which Anna has sent this; it waits for its undo window."""
    case = office.new_case("Wo ist mein Wasserkocher?", marketplace="DE", order_id=KETTLE)
    anna = office.ws.user("anna").id
    shown = typed.preview(office.desk, case.number, message, by=anna)
    out = TypedOutgoing(shown.fingerprint, shown.seen, shown.seen_reply, shown.seen_typed, shown.to)
    typed.send(office.desk, case.number, out, by=anna)
    office.quiet()
    return case


def test_it_leaves_by_itself_when_its_window_is_over_and_the_clock_goes_on(
    eu: Office, amazon: AmazonSandbox
) -> None:
    case = sent(eu, INVOICE)
    due_at = case.now.due_at
    assert amazon.sent == []
    eu.tick(minutes=1)
    (taken,) = amazon.wait_for_sent(1)
    assert (taken.account, taken.order_id, taken.kind) == ("acme-eu", KETTLE, "invoice")
    assert amazon.uploaded(taken.body["attachments"][0]["uploadDestinationId"]) == PDF
    eu.until(lambda: case.now.typed[-1].state == "accepted")
    assert (case.now.state, case.now.due_at) == ("open", due_at)
    case.card.expect_reply("the buyer's message still needs a reply")
    case.card.expect_reply("sent")


def test_what_amazon_answers_with_5xx_is_a_persons_to_decide_and_never_leaves_again(
    eu: Office, amazon: AmazonSandbox
) -> None:
    amazon.next_errors("createUnexpectedProblem", "html", after=True)
    case = sent(eu, TypedMessage(MessageKind.PROBLEM, SORRY))
    eu.tick(minutes=1)
    eu.until(lambda: case.now.typed[-1].state == "unsure")
    eu.tick(hours=2)
    assert len(amazon.calls("createUnexpectedProblem")) == 1
    assert len(amazon.sent) == 1
    assert case.now.typed[-1].state == "unsure"
