"""What may be given alone: by share, amount and value, counted over an order; splitting changes nothing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money import Money, of_minor
from bot.domain.solutions import (
    FULL,
    PARTIAL,
    RESEND,
    Limits,
    Need,
    Solution,
    made,
    needs,
    rma_code,
    rma_number,
)
from bot.errors import WrongInput

LIMITS = Limits(percent=Decimal(20), partial=Decimal(15), full=Decimal(30), resend=Decimal(40))


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def partial(amount: str, value: str = "50") -> Solution:
    return made(PARTIAL, eur(value), eur(amount))


def full(value: str) -> Solution:
    return made(FULL, eur(value), None)


def resend(value: str) -> Solution:
    return made(RESEND, eur(value), None)


def keys(wanted: Solution, earlier: tuple[Solution, ...] = (), stated: tuple[str, ...] = ()) -> list[str]:
    values = [*(one.value for one in earlier), *map(eur, stated)]
    return [need.key for need in needs(wanted, earlier, values, LIMITS)]


@pytest.mark.parametrize(
    ("wanted", "earlier", "stated", "expected"),
    [
        pytest.param(partial("10"), (), (), [], id="the share itself is allowed"),
        pytest.param(partial("10.01"), (), (), ["percent"], id="a cent more is not"),
        pytest.param(partial("15", "100"), (), (), [], id="the amount itself is allowed"),
        pytest.param(partial("15.01", "100"), (), (), ["amount"], id="a cent more is not either"),
        pytest.param(partial("16", "50"), (), (), ["percent", "amount"], id="both are said"),
        pytest.param(partial("5"), (partial("5"),), (), [], id="two that together stay below"),
        pytest.param(partial("5.01"), (partial("5"),), (), ["percent"], id="two that together do not"),
        pytest.param(partial("10", "500"), (), ("40",), ["percent"], id="a value that grew helps nobody"),
        pytest.param(full("30"), (), (), [], id="a full refund of a cheap order"),
        pytest.param(full("30.01"), (), (), ["full_value"], id="of a dearer one"),
        pytest.param(full("20"), (), ("45",), ["full_value"], id="which was said to be dearer before"),
        pytest.param(full("15"), (full("15"),), (), ["over_order"], id="the same money twice"),
        pytest.param(resend("40"), (), (), [], id="cheap goods once more"),
        pytest.param(resend("40.01"), (), (), ["resend_value"], id="dear ones"),
        pytest.param(resend("25"), (resend("25"),), (), ["resend_value"], id="cheap ones twice"),
        pytest.param(resend("20"), (partial("1", "20"),), (), ["another_kind"], id="goods after money"),
        pytest.param(
            full("20"), (partial("1", "20"),), (), ["over_order", "another_kind"], id="all after a part"
        ),
    ],
)
def test_who_has_to_be_asked(wanted, earlier, stated, expected):
    assert keys(wanted, earlier, stated) == expected


def test_a_reason_says_what_it_comes_to_and_what_is_allowed():
    found = needs(partial("6"), [partial("10.25")], [eur("50")], LIMITS)
    assert found == (Need("percent", "32.5", "20"), Need("amount", "16.25 EUR", "15.00 EUR"))


def test_limits_of_nothing_leave_nothing_to_decide_alone():
    nothing = Limits(Decimal(0), Decimal(0), Decimal(0), Decimal(0))
    for wanted in (partial("0.01"), full("0.01"), resend("0.01")):
        assert needs(wanted, [], [], nothing) != ()


def test_another_currency_for_the_same_order_is_nobodys_own_decision():
    dollars = Solution(PARTIAL, Money(Decimal(50), "USD"), Money(Decimal(1), "USD"))
    assert needs(partial("1"), [dollars], [], LIMITS) == (Need("other_currency"),)


CENTS = st.integers(min_value=1, max_value=2_000)


@given(st.lists(CENTS, min_size=1, max_size=6), st.integers(min_value=2_001, max_value=20_000))
def test_pieces_that_need_nobody_stay_below_the_limit_together(pieces, worth):
    """The naive twin: add up what was given alone, and look at the sum."""
    value, given_alone = of_minor(worth, "EUR"), []
    for piece in pieces:
        wanted = Solution(PARTIAL, value, of_minor(piece, "EUR"))
        if not needs(wanted, given_alone, [value], LIMITS):
            given_alone.append(wanted)
    total = sum(one.amount.minor for one in given_alone)
    assert total <= 1_500
    assert total * 100 <= worth * 20


@given(st.lists(st.integers(min_value=101, max_value=50_000), min_size=1, max_size=5))
def test_whatever_order_values_are_typed_the_lowest_bounds_the_share(values):
    """A partial refund of one euro, with each of the values typed before: alone only if the lowest bears it."""
    stated = [of_minor(one, "EUR") for one in values]
    wanted = Solution(PARTIAL, of_minor(50_000, "EUR"), eur("1"))
    assert (needs(wanted, [], stated, LIMITS) == ()) == (min(values) * 20 >= 100 * 100)


@pytest.mark.parametrize(
    ("kind", "value", "amount", "key"),
    [
        (PARTIAL, "50", "50", "solution_not_partial"),
        (PARTIAL, "50", "60", "solution_not_partial"),
        (PARTIAL, "50", "0", "solution_no_amount"),
        (PARTIAL, "50", None, "solution_no_amount"),
        (PARTIAL, "0", "5", "solution_no_value"),
        (FULL, "0", None, "solution_no_value"),
        (RESEND, "0", None, "solution_no_value"),
    ],
)
def test_what_makes_no_sense(kind, value, amount, key):
    with pytest.raises(WrongInput) as caught:
        made(kind, eur(value), eur(amount) if amount else None)
    assert caught.value.key == key


def test_rma_numbers():
    assert rma_code("acme-us") == "ACMEUS"
    assert rma_number("US", 7) == "RMA-US-000007"
    assert rma_number("US", 1_234_567) == "RMA-US-1234567"
