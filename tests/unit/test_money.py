"""Money: what people type, what buyers read; exact, and never read in two ways."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.marketplaces import MARKETPLACES
from bot.domain.money import UNITS, Money, digits, of_minor, typed_money, written_money
from bot.errors import WrongInput

EUR, JPY = "EUR", "JPY"


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        pytest.param("12.50", EUR, "12.50", id="a point"),
        pytest.param("12,50", EUR, "12.50", id="a comma"),
        pytest.param("12,5", EUR, "12.50", id="one digit of cents"),
        pytest.param(" 12 ", EUR, "12.00", id="no cents"),
        pytest.param("1.234,56", EUR, "1234.56", id="German thousands"),
        pytest.param("1,234.56", "USD", "1234.56", id="American thousands"),
        pytest.param("1 234,56", EUR, "1234.56", id="French thousands"),
        pytest.param("1.234.567", EUR, "1234567.00", id="two marks alike part thousands"),
        pytest.param("€12.50", EUR, "12.50", id="a sign before"),
        pytest.param("12,50 €", EUR, "12.50", id="a sign behind"),
        pytest.param("12.50 eur", EUR, "12.50", id="a code behind"),
        pytest.param("$ 7", "CAD", "7.00", id="dollars of any country"),
        pytest.param("１２.５０", EUR, "12.50", id="full width"),
        pytest.param("1500", JPY, "1500", id="yen"),
        pytest.param("1,500円", JPY, "1500", id="yen with thousands"),
        pytest.param("¥1500", JPY, "1500", id="full-width yen sign"),
    ],
)
def test_what_is_read(text: str, currency: str, amount: str) -> None:
    assert typed_money(text, currency) == Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("text", "currency", "key"),
    [
        pytest.param("1.234", EUR, "amount_unreadable", id="a thousand, or one and a bit?"),
        pytest.param("1,234", "USD", "amount_unreadable", id="the same with a comma"),
        pytest.param("1.2.3", EUR, "amount_unreadable", id="no groups of three"),
        pytest.param("1,23.4", EUR, "amount_unreadable", id="odd groups"),
        pytest.param("1,234,56", EUR, "amount_unreadable", id="one mark for both"),
        pytest.param("-5", EUR, "amount_unreadable", id="less than nothing"),
        pytest.param("1e9", EUR, "amount_unreadable", id="an exponent"),
        pytest.param("12.50", JPY, "amount_unreadable", id="yen have no cents"),
        pytest.param("twelve", EUR, "amount_unreadable", id="words"),
        pytest.param("", EUR, "amount_unreadable", id="nothing"),
        pytest.param("99999999999", EUR, "amount_unreadable", id="more than any order"),
        pytest.param("12.50 USD", EUR, "amount_currency", id="another currency"),
        pytest.param("$12", EUR, "amount_currency", id="another sign"),
        pytest.param("£12", "USD", "amount_currency", id="pounds are no dollars"),
    ],
)
def test_what_is_refused(text: str, currency: str, key: str) -> None:
    with pytest.raises(WrongInput) as caught:
        typed_money(text, currency)
    assert caught.value.key == key


MINORS = st.integers(min_value=0, max_value=9_999_999)


@given(MINORS, st.sampled_from(sorted(UNITS)))
def test_the_smallest_coin_and_back(minor: int, currency: str) -> None:
    assert of_minor(minor, currency).minor == minor


@given(MINORS, st.sampled_from(sorted(UNITS)))
def test_what_we_print_for_the_team_can_be_typed_again(minor: int, currency: str) -> None:
    money = of_minor(minor, currency)
    assert typed_money(str(money), currency) == money


@given(st.text(alphabet="0123456789.,' €$EUR", max_size=20), st.sampled_from((EUR, JPY)))
def test_any_text_is_an_amount_or_a_mistake(text: str, currency: str) -> None:
    try:
        money = typed_money(text, currency)
    except WrongInput:
        return
    assert money.amount >= 0
    assert -money.amount.as_tuple().exponent == digits(currency)


@pytest.mark.parametrize(
    ("minor", "currency", "lang", "text"),
    [
        (123456, EUR, "de", "1.234,56 €"),
        (123456, EUR, "fr", "1 234,56 €"),
        (123456, "USD", "en", "$1,234.56"),
        (1250, "GBP", "en", "£12.50"),
        (1250, EUR, "en", "€12.50"),
        (1250, EUR, "ja", "€12.50"),
        (1500, JPY, "ja", "1,500円"),
        (1500, JPY, "zh", "1,500日元"),
        (1500, JPY, "en", "¥1,500"),
        (1250, "CAD", "en", "12.50 CAD"),
        (1250, "SEK", "sv", "12,50 SEK"),
    ],
)
def test_what_a_buyer_reads(minor: int, currency: str, lang: str, text: str) -> None:
    assert written_money(of_minor(minor, currency), lang) == text


def test_every_marketplace_has_a_currency_with_a_unit() -> None:
    assert {one.currency for one in MARKETPLACES.values()} == set(UNITS)
