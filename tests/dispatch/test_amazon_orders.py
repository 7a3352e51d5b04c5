"""Orders from Amazon: read whole from the stand-in, from each example of the model, and from any nonsense."""

from collections.abc import Iterator
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.amazon import orders
from bot.amazon.orders import DATA_SETS, look_up, order_of
from bot.domain.money import Money
from bot.domain.orders import (
    Article,
    CancelRequest,
    FulfilledBy,
    LinkKind,
    Order,
    OrderLink,
    OrderStatus,
    Package,
    PackageStatus,
    Window,
)
from bot.errors import Refused
from bot.sandbox.amazon.model import operations
from bot.sandbox.amazon.orders import examples, invent
from bot.sandbox.amazon.server import AmazonSandbox
from tests.dispatch.amazon_clients import clients
from tests.dispatch.amazon_shop import BOTTLE, BOUGHT, LAMP, open_shop


@pytest.fixture
def amazon() -> Iterator[AmazonSandbox]:
    with open_shop() as found:
        yield found


def days(number: int) -> datetime:
    return BOUGHT + timedelta(days=number)


def test_an_order_is_read_whole(amazon) -> None:
    order = look_up(clients(amazon).of("acme-us"), BOTTLE)
    assert order == Order(
        order_id=BOTTLE,
        marketplace="US",
        status=OrderStatus.SHIPPED,
        fulfilled_by=FulfilledBy.MERCHANT,
        bought_at=BOUGHT,
        changed_at=BOUGHT,
        ship_by=Window(days(1), days(2)),
        deliver_by=Window(days(3), days(6)),
        articles=(
            Article(
                id="11122233345556",
                asin="B0EXAMPLE1",
                sku="BOTTLE-750",
                title="Steel water bottle, 750 ml",
                quantity=2,
                price=Money(Decimal("19.90"), "USD"),
            ),
        ),
        packages=(Package("1", "UPS", "1Z999", PackageStatus.IN_TRANSIT, "", days(1)),),
    )
    assert order.delivered_by == days(6)


def test_a_cancellation_request_and_the_order_that_is_replaced_are_seen(amazon) -> None:
    told = invent("111-1", "US", BOUGHT, cancel_reason="Ordered twice", original_order=BOTTLE)
    amazon.add_order(told)
    order = look_up(clients(amazon).of("acme-us"), "111-1")
    assert order.cancel_requests == (CancelRequest("BUYER", "Ordered twice"),)
    assert order.links == (OrderLink(BOTTLE, LinkKind.REPLACEMENT),)


def test_an_order_that_amazon_ships_has_no_packages(amazon) -> None:
    order = look_up(clients(amazon).of("acme-eu"), LAMP)
    assert (order.fulfilled_by, order.packages) == (FulfilledBy.AMAZON, ())


def test_no_data_set_is_asked_for_that_needs_a_restricted_role(amazon) -> None:
    look_up(clients(amazon).of("acme-us"), BOTTLE)
    [call] = amazon.calls("getOrder")
    assert call.query in (
        "includedData=FULFILLMENT%2CPACKAGES%2CCANCELLATION",
        "includedData=" + ",".join(DATA_SETS),
    )
    assert not set(DATA_SETS) & {"BUYER", "RECIPIENT", "TAX", "PAYMENT"}
    [parameter] = [one for one in operations()["getOrder"].parameters if one["name"] == "includedData"]
    assert set(DATA_SETS) <= set(parameter["items"]["enum"])


def test_the_words_are_those_of_the_model() -> None:
    schemas = operations()["getOrder"].definitions
    assert set(schemas["FulfillmentStatus"]["enum"]) == set(OrderStatus) - {"UNKNOWN"}
    assert set(schemas["PackageStatus"]["properties"]["status"]["enum"]) == set(PackageStatus) - {"UNKNOWN"}


def test_the_order_of_another_store_is_refused(amazon) -> None:
    with pytest.raises(Refused) as raised:
        look_up(clients(amazon).of("acme-eu"), BOTTLE)
    assert raised.value.code == "NotFound"


@pytest.mark.parametrize("order_id", ["../orders", "a/b", "?x=1", "ü %2F", "111-1#"])
def test_whatever_is_asked_for_stays_an_order_id(amazon, order_id) -> None:
    with pytest.raises(Refused):
        look_up(clients(amazon).of("acme-us"), order_id)
    assert [one.operation for one in amazon.calls() if one.operation != "token"] == ["getOrder"]


def every_example() -> list[dict[str, Any]]:
    found = [one.answer for one in operations()["searchOrders"].examples if one.status == 200]
    return [*examples(), *(order for answer in found for order in answer["orders"])]


@pytest.mark.parametrize("told", every_example(), ids=lambda told: told["orderId"])
def test_each_example_of_the_model_is_read(told) -> None:
    order = order_of(told, "")
    assert order.order_id == told["orderId"]
    assert order.marketplace
    assert order.bought_at is not None
    assert order.bought_at.tzinfo is UTC
    assert len(order.articles) == len(told["orderItems"])
    assert all(one.asin and one.title and one.quantity and one.price for one in order.articles)
    assert len(order.packages) == len(told.get("packages", ()))
    assert "UNKNOWN" not in {order.status, order.fulfilled_by, *(one.status for one in order.packages)}
    assert (order.deliver_by is not None) == ("deliverByWindow" in told["fulfillment"])
    # Nothing of the buyer's: the examples have names and addresses.
    words = repr(order)
    address = told.get("recipient", {}).get("deliveryAddress", {})
    for secret in (*told.get("buyer", {}).values(), address.get("name"), address.get("addressLine1")):
        assert not secret or secret not in words


NONSENSE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["SHIPPED", "NaN", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "1e400"]),
    lambda below: st.lists(below, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            [
                "orderId", "createdTime", "salesChannel", "marketplaceId", "fulfillment", "fulfillmentStatus",
                "shipByWindow", "earliestDateTime", "latestDateTime", "orderItems", "product", "price", "unitPrice",
                "amount", "currencyCode", "quantityOrdered", "packages", "packageStatus", "status", "shipTime",
                "associatedOrders", "associationType", "cancellation", "cancellationRequest",
            ]
        ),
        below,
        max_size=6,
    ),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(["orderId", "fulfillment", "orderItems", "packages", "createdTime",
                                        "salesChannel", "associatedOrders"]), NONSENSE))  # fmt: skip
def test_whatever_amazon_says_an_order_comes_out(told) -> None:
    order = order_of(told, "111-1")
    assert order.order_id
    # Fit for every database: no NUL, no half of a surrogate pair.
    texts = [
        word for one in (*order.articles, *order.packages) for word in astuple(one) if isinstance(word, str)
    ]
    assert all(word.isprintable() for word in (order.order_id, *texts))


def test_an_empty_answer_is_an_order_of_which_nothing_is_known() -> None:
    order = order_of({}, "111-1")
    assert (order.order_id, order.status, order.articles) == ("111-1", OrderStatus.UNKNOWN, ())
    assert order.delivered_by is None


def test_a_new_word_of_amazons_is_unknown_and_not_an_error() -> None:
    told = invent("111-1", "US", BOUGHT, tracking="1", status="TELEPORTED", package_status="LOST")
    order = order_of(told, "111-1")
    assert (order.status, order.packages[0].status) == (OrderStatus.UNKNOWN, PackageStatus.UNKNOWN)
    assert orders.order_of(told | {"salesChannel": {"marketplaceId": "A0"}}, "").marketplace == ""
