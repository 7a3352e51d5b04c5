"""Amounts in a reply: found as people write them in seven languages, and compared with what was decided."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.amounts import Decided, amounts_in, odd_amounts
from bot.domain.money import Money, written_money
from bot.settings.phrases import LANGUAGES


def money(amount: str, currency: str = "EUR") -> Money:
    return Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("text", "currency", "amount", "as_written"),
    [
        ("We refund $12 today.", "USD", "12.00", "$12"),
        ("We refund $1,234.56.", "USD", "1234.56", "$1,234.56"),
        ("We refund 12.5 dollars.", "USD", "12.50", "12.5 dollars"),
        ("We refund USD 12.00", "USD", "12.00", "USD 12.00"),
        ("Refund: US$12.00", "USD", "12.00", "US$12.00"),
        ("We refund £7.50 of it", "GBP", "7.50", "£7.50"),
        ("We refund 20 pounds", "GBP", "20.00", "20 pounds"),
        ("Wir erstatten 12,00 €.", "EUR", "12.00", "12,00 €"),
        ("Wir erstatten 12,- € zurück", "EUR", "12.00", "12,- €"),
        ("Wir erstatten 1.200,50 Euro.", "EUR", "1200.50", "1.200,50 Euro"),
        ("EUR 15.", "EUR", "15.00", "EUR 15"),
        ("un remboursement de 12,00\u00a0€", "EUR", "12.00", "12,00\u00a0€"),
        ("1\u202f200,50 € remboursés", "EUR", "1200.50", "1\u202f200,50 €"),
        ("le reembolsamos 12 euros", "EUR", "12.00", "12 euros"),
        ("rimborsiamo 12,50€", "EUR", "12.50", "12,50€"),
        ("1,200円を返金いたします", "JPY", "1200", "1,200円"),
        ("１，２００円を返金いたします", "JPY", "1200", "１，２００円"),
        ("￥1,200を返金", "JPY", "1200", "￥1,200"),
        ("我们退您12元", "USD", "12.00", "12元"),
        ("退款15.50美元", "USD", "15.50", "15.50美元"),
        ("退款15欧元", "EUR", "15.00", "15欧元"),
        ("zwracamy 40 zł", "PLN", "40.00", "40 zł"),
        ("vi betalar 120 kr", "SEK", "120.00", "120 kr"),
    ],
)
def test_an_amount_is_found_at_its_place(text, currency, amount, as_written):
    (found,) = amounts_in(text, currency)
    assert (found.money, text[found.start : found.end]) == (money(amount, currency), as_written)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("Order 203-1234567-1234567 has 12 pieces, 20 % off since 12.11.2026.", "EUR"),
        ("We refund $12.", "EUR"),
        ("Wir erstatten 12,00 €.", "USD"),
        ("it takes 12 eurozone days", "EUR"),
        ("size 12.5 cm, 1,200 mAh", "JPY"),
        ("订单 114-1234567-7654321 共 3 件", "USD"),
    ],
)
def test_what_is_no_amount_of_this_currency_is_left_alone(text, currency):
    assert amounts_in(text, currency) == []


@given(
    minor=st.integers(min_value=1, max_value=99_999_999),
    currency=st.sampled_from(("EUR", "USD", "GBP", "JPY")),
    lang=st.sampled_from(LANGUAGES),
)
def test_what_we_write_ourselves_is_read_as_the_same(minor, currency, lang):
    amount = Money(Decimal(minor) if currency == "JPY" else Decimal(minor).scaleb(-2), currency)
    (found,) = amounts_in(f"({written_money(amount, lang)})", currency)
    assert found.money == amount


GIVEN = Decided((money("12.00"),), frozenset((money("49.90"),)), frozenset((money("30.00"),)))
ASKED = Decided((), frozenset((money("49.90"),)), frozenset((money("30.00"),)))


@pytest.mark.parametrize(
    ("text", "decided", "odd"),
    [
        pytest.param(
            "Wir erstatten 12,00 € von 49,90 €.", GIVEN, [], id="what was granted, of the order's value"
        ),
        pytest.param("Wir erstatten 12 €.", GIVEN, [], id="written shorter"),
        pytest.param("Wir erstatten 15,00 €.", GIVEN, ["15.00"], id="more than was granted"),
        pytest.param("Erst 12 €, dann 30 €.", GIVEN, ["30.00"], id="what was refused besides"),
        pytest.param("Wir erstatten 30,00 €.", ASKED, ["30.00"], id="asked for, and nobody has agreed"),
        pytest.param(
            "Das Kabel kostet 15,00 €.", ASKED, [], id="nothing was granted: any sum can be a price"
        ),
        pytest.param("Wir erstatten 15,00 $.", GIVEN, [], id="another currency is another matter"),
    ],
)
def test_amounts_are_compared_with_what_was_decided(text, decided, odd):
    assert [one.money for one in odd_amounts(text, "EUR", decided)] == [money(one) for one in odd]
