"""Amounts of money that a reply names, and whether they are what was decided for the buyer.

A sum of money counts with its currency beside it, before or behind, as people write it in our seven languages;
how its digits are grouped follows from the digits alone. Names of currencies: Unicode CLDR.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from bot.domain.money import Money, digits

# Full-width digits and signs, one for one, so that places in the text stay what they are.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0xFFE5: ord("¥"), 0xFFE1: ord("£")}
_NARROW |= {ord("\u00a0"): ord(" "), ord("\u202f"): ord(" ")}

_DOLLARS = frozenset(("USD", "CAD", "AUD", "SGD", "MXN"))
_NAMES = {
    **dict.fromkeys(("$", "dollar", "dollars", "dólar", "dólares", "dollari", "dollaro", "ドル"), _DOLLARS),
    **dict.fromkeys(("us$", "us-dollar", "美元", "米ドル"), frozenset(("USD",))),
    **dict.fromkeys(("ca$", "c$", "加元"), frozenset(("CAD",))),
    **dict.fromkeys(("au$", "a$", "澳元"), frozenset(("AUD",))),
    **dict.fromkeys(("mx$",), frozenset(("MXN",))),
    **dict.fromkeys(("€", "euro", "euros", "ユーロ", "欧元"), frozenset(("EUR",))),
    **dict.fromkeys(
        ("£", "pound", "pounds", "pfund", "libra", "libras", "livres", "sterline", "ポンド", "英镑"),
        frozenset(("GBP",)),
    ),
    **dict.fromkeys(("¥", "円", "yen", "日元", "日圆"), frozenset(("JPY",))),
    **dict.fromkeys(("zł", "zloty"), frozenset(("PLN",))),
    **dict.fromkeys(("kr", "kronor"), frozenset(("SEK",))),
    **dict.fromkeys(("r$",), frozenset(("BRL",))),
    **dict.fromkeys(("₹",), frozenset(("INR",))),
    **dict.fromkeys(("₺", "tl"), frozenset(("TRY",))),
}
_ANY = frozenset(("元", "块", "块钱"))
"""The Chinese word for the unit of whatever money is spoken of."""
_CODES = "EUR|USD|GBP|JPY|CAD|AUD|SGD|MXN|PLN|SEK|BRL|INR|TRY|AED|SAR|EGP|ZAR"
_MARKS = "|".join(re.escape(one) for one in sorted((*_NAMES, *_ANY), key=len, reverse=True)) + f"|{_CODES}"
_NUMBER = r"[0-9]{1,3}(?:[.,' ][0-9]{3})+(?:[.,][0-9]{1,2})?|[0-9]+(?:[.,][0-9]{1,2})?"
_END = r"(?![0-9]|[.,][0-9])"
_AMOUNT = re.compile(
    rf"(?<![A-Za-z])(?P<before>{_MARKS}) ?(?P<led>{_NUMBER}){_END}"
    rf"|(?<![0-9A-Za-z.,])(?<![0-9]{{3}}-)(?P<number>{_NUMBER}){_END}"
    rf"(?:[.,][-–—]{{1,2}})? ?(?P<after>{_MARKS})(?![A-Za-zà-ü])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money in a text, at `start:end`."""

    start: int
    end: int
    money: Money


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided for an order, in one currency.

    `given` is what the buyer gets, `known` what may be named besides (the order's value, the sum of what is
    given), `not_given` what was asked for and nobody has agreed to.
    """

    given: tuple[Money, ...] = ()
    known: frozenset[Money] = field(default_factory=frozenset)
    not_given: frozenset[Money] = field(default_factory=frozenset)


def amounts_in(text: str, currency: str) -> list[Amount]:
    """Every sum of money in `currency` that the text names, in order."""
    narrow = text.translate(_NARROW)
    found = []
    for match in _AMOUNT.finditer(narrow):
        mark = (match["before"] or match["after"]).lower()
        if mark in _ANY or currency in _NAMES.get(mark, {mark.upper()}):
            number = _number(match["led"] or match["number"], digits(currency))
            found.append(Amount(*match.span(), Money(number, currency)))
    return found


def _number(typed: str, cents: int) -> Decimal:
    """One or two digits behind the last separator are cents, three are thousands."""
    cut = re.fullmatch(r"(.{0,40}[0-9])[.,]([0-9]{1,2})", typed)
    whole, rest = (cut[1], cut[2]) if cut else (typed, "")
    plain = Decimal(re.sub(r"[^0-9]", "", whole) + (f".{rest}" if rest else ""))
    return plain.quantize(Decimal(1).scaleb(-max(cents, len(rest))))


def odd_amounts(text: str, currency: str, decided: Decided) -> list[Amount]:
    """The sums that are neither what was given nor known otherwise.

    Where nothing was given only what was asked for is odd: any other sum can be a price.
    """
    fine = {*decided.given, *decided.known}
    return [
        one
        for one in amounts_in(text, currency)
        if one.money not in fine and (decided.given or one.money in decided.not_given)
    ]
