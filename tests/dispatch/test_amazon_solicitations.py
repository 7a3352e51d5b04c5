"""Amazon's request for a review: once for an order, tried once, and unsure when no answer came."""

from collections.abc import Iterator

import pytest

from bot.amazon.solicitations import may_solicit, solicit
from bot.errors import Refused, Unsure
from bot.sandbox.amazon.server import AmazonSandbox
from tests.dispatch.amazon_clients import clients
from tests.dispatch.amazon_shop import BOTTLE, US, open_shop

ASK = "createProductReviewAndSellerFeedbackSolicitation"


@pytest.fixture
def amazon() -> Iterator[AmazonSandbox]:
    with open_shop() as found:
        yield found


def test_it_goes_once_for_an_order_and_names_its_marketplace(amazon) -> None:
    api = clients(amazon).of("acme-us")
    assert may_solicit(api, BOTTLE, "US")
    solicit(api, BOTTLE, "US")
    assert not may_solicit(api, BOTTLE, "US")
    with pytest.raises(Refused):
        solicit(api, BOTTLE, "US")
    assert [(one.order_id, one.marketplace_id) for one in amazon.sent] == [(BOTTLE, US)]
    assert {(call.query, call.body) for call in amazon.calls(ASK)} == {(f"marketplaceIds={US}", b"")}


def test_without_an_answer_it_is_unsure_and_not_repeated(amazon) -> None:
    amazon.next_errors(ASK, "cut", after=True)
    with pytest.raises(Unsure):
        solicit(clients(amazon).of("acme-us"), BOTTLE, "US")
    assert len(amazon.calls(ASK)) == len(amazon.sent) == 1
