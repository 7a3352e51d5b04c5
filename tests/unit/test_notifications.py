"""What Amazon's notifications say, in both of its spellings, and what is none."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.notifications import (
    Malformed,
    OrderChange,
    Origin,
    OtherKind,
    Sender,
    StatusChange,
    is_news,
    is_worse,
    read,
    stores_of,
)
from tests.notifications import ORDER, account_status, order_change

AT = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
STORES = {
    "acme-us": Sender("A1SELLERUS", frozenset({"sub-us"})),
    "acme-ca": Sender("A1SELLERUS"),
    "acme-eu": Sender("A2SELLEREU", frozenset({"sub-eu"})),
    "acme-jp": Sender("", frozenset({"sub-jp"})),
}


def test_an_order_that_changed_as_amazons_schema_has_it() -> None:
    assert read(json.dumps(order_change())) == OrderChange(Origin("A1SELLERUS", "sub-order"), ORDER)


def test_an_account_that_changed_as_sellers_get_it_without_seller_and_site() -> None:
    found = read(json.dumps(account_status("NORMAL", "AT_RISK", id="n-1", at=AT)))
    assert found == StatusChange(Origin("", "sub-us"), "NORMAL", "AT_RISK", "n-1", AT)


def turned(told: object) -> object:
    """The same with the other spelling of each key."""
    if isinstance(told, dict):
        return {key[0].swapcase() + key[1:]: turned(value) for key, value in told.items()}
    return [turned(one) for one in told] if isinstance(told, list) else told


@pytest.mark.parametrize("told", [order_change(), account_status("NORMAL", "DEACTIVATED", id="n-1", at=AT)])
def test_either_spelling_is_read_the_same(told) -> None:
    assert read(json.dumps(turned(told))) == read(json.dumps(told))


def test_the_seller_may_be_called_merchant() -> None:
    told = account_status("NORMAL", "AT_RISK", merchantId="A2SELLEREU")
    found = read(json.dumps(told))
    assert isinstance(found, StatusChange)
    assert found.origin == Origin("A2SELLEREU", "sub-us")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no json",
        "[]",
        "null",
        "12",
        "{}",
        '{"NotificationType": 5}',
        '{"NotificationType": "ORDER_CHANGE"}',
        '{"NotificationType": "ORDER_CHANGE", "Payload": []}',
        json.dumps(order_change(AmazonOrderId="x'; --")),
        '{"notificationType": "ACCOUNT_STATUS_CHANGED", "payload": {}}',
        json.dumps(account_status("NORMAL", "<b>")),
        "[" * 10_000,
    ],
)
def test_what_says_nothing_is_malformed(body: str) -> None:
    assert isinstance(read(body), Malformed)


@pytest.mark.parametrize(
    "kind", ["PRICING_HEALTH", "B2B_ANY_OFFER_CHANGED", "LISTINGS_ITEM_MFN_QUANTITY_CHANGE"]
)
def test_other_kinds_are_named(kind: str) -> None:
    assert read(json.dumps({"notificationType": kind, "payload": {}})) == OtherKind(kind)


@given(
    st.recursive(
        st.none() | st.text() | st.integers(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)
    )
)
def test_reading_never_fails(told: object) -> None:
    for kind in ("ORDER_CHANGE", "ACCOUNT_STATUS_CHANGED"):
        body = {"NotificationType": kind, "Payload": told, "EventTime": told, "NotificationMetadata": told}
        assert isinstance(read(json.dumps(body)), Malformed)


@pytest.mark.parametrize(
    ("origin", "stores"),
    [
        pytest.param(Origin("A1SELLERUS", ""), ("acme-us", "acme-ca"), id="an account may be several stores"),
        pytest.param(Origin("", "sub-eu"), ("acme-eu",), id="by the subscription alone"),
        pytest.param(Origin("A9", "sub-eu"), ("acme-eu",), id="its subscription is ours"),
        pytest.param(Origin("A9", "sub-9"), (), id="another seller's"),
        pytest.param(Origin("", "sub-9"), None, id="nobody knows whose"),
        pytest.param(Origin(), None, id="it says nothing"),
    ],
)
def test_whose_it_is(origin, stores) -> None:
    assert stores_of(origin, STORES) == stores


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        ("NORMAL", "AT_RISK", True),
        ("NORMAL", "DEACTIVATED", True),
        ("AT_RISK", "DEACTIVATED", True),
        ("DEACTIVATED", "AT_RISK", False),
        ("AT_RISK", "NORMAL", False),
        ("", "AT_RISK", True),
        ("NORMAL", "UNDER_REVIEW", False),
    ],
)
def test_what_is_worse(before, after, worse) -> None:
    assert is_worse(before, after) is worse


@pytest.mark.parametrize(
    ("before", "after", "last", "news"),
    [
        pytest.param("NORMAL", "AT_RISK", None, True, id="the first one"),
        pytest.param("NORMAL", "NORMAL", None, False, id="no change"),
        pytest.param("NORMAL", "AT_RISK", ("NORMAL", "AT_RISK", AT), False, id="told for another site"),
        pytest.param("NORMAL", "AT_RISK", ("NORMAL", "AT_RISK", AT - HOUR), True, id="once more, later"),
        pytest.param("AT_RISK", "NORMAL", ("NORMAL", "AT_RISK", AT), True, id="back at once"),
        pytest.param("NORMAL", "AT_RISK", ("AT_RISK", "NORMAL", AT + HOUR), False, id="late, and over"),
    ],
)
def test_what_is_news(before, after, last, news) -> None:
    assert is_news(StatusChange(Origin(), before, after), AT, last) is news
