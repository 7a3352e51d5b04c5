"""An order is the same after it was kept, and nothing that stands in the table can break its reading."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.kept_orders import read, written
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

INSTANTS = st.none() | st.datetimes(timezones=st.just(UTC))
TEXTS = st.text(max_size=8)
AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False)
ASKED = st.none() | st.builds(CancelRequest, TEXTS, TEXTS)
MONEY = st.none() | st.builds(Money, AMOUNTS, TEXTS)
ARTICLES = st.builds(Article, TEXTS, TEXTS, TEXTS, TEXTS, st.none() | st.integers(0, 99), MONEY, ASKED)
PACKAGES = st.builds(Package, TEXTS, TEXTS, TEXTS, st.sampled_from(PackageStatus), TEXTS, INSTANTS)
LINKS = st.builds(OrderLink, TEXTS, st.sampled_from(LinkKind))
WINDOWS = st.none() | st.builds(Window, INSTANTS, INSTANTS).filter(lambda one: one.earliest or one.latest)
ORDERS = st.builds(
    Order,
    TEXTS,
    TEXTS,
    st.sampled_from(OrderStatus),
    st.sampled_from(FulfilledBy),
    INSTANTS,
    INSTANTS,
    WINDOWS,
    WINDOWS,
    st.lists(ARTICLES, max_size=2).map(tuple),
    st.lists(PACKAGES, max_size=2).map(tuple),
    st.lists(LINKS, max_size=2).map(tuple),
)
PLAIN = Order(
    "111-2223334-5556667",
    "US",
    OrderStatus.SHIPPED,
    FulfilledBy.MERCHANT,
    datetime(2026, 11, 20, tzinfo=UTC),
    None,
    None,
    Window(None, datetime(2026, 12, 1, tzinfo=UTC)),
    (Article("1", "B0TEST0001", "BOTTLE", "A bottle", 2, Money(Decimal("19.90"), "USD")),),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@given(ORDERS)
def test_an_order_is_the_same_after_it_was_kept(order: Order):
    assert read(json.loads(json.dumps(written(order)))) == order


@given(st.dictionaries(st.sampled_from(sorted(written(PLAIN))), JSON))
def test_whatever_stands_there_is_read(told: dict[str, Any]):
    assert read(told | {"order_id": "1"}).order_id == "1"


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("status", "TELEPORTED"),
        ("fulfilled_by", 7),
        ("bought_at", "2026-11-20T00:00:00"),
        ("deliver_by", [None, None]),
        ("articles", [{"price": ["1,90", "USD"]}, 7]),
    ],
)
def test_what_this_program_does_not_understand_is_not_known(part: str, told: object):
    found = read(written(PLAIN) | {part: told})
    assert found.order_id == PLAIN.order_id
    assert getattr(found, part) in ("UNKNOWN", None, (Article("", "", "", "", None, None),))
