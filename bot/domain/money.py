"""Money: an exact amount in one currency, how people type it, how a buyer reads it.

Decimal throughout, never float. Currencies and their digits: ISO 4217; how amounts are written: Unicode
CLDR, kept to spaces that survive in plain text. UNITS are round numbers for comparing limits, no rates.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from bot.errors import WrongInput

UNITS = {
    **dict.fromkeys(("EUR", "USD", "GBP"), Decimal(1)),
    **dict.fromkeys(("CAD", "AUD", "SGD"), Decimal("1.5")),
    **dict.fromkeys(("PLN", "AED", "SAR"), Decimal(4)),
    **dict.fromkeys(("MXN", "ZAR"), Decimal(20)),
    "BRL": Decimal(6),
    "SEK": Decimal(11),
    "TRY": Decimal(40),
    "EGP": Decimal(50),
    "INR": Decimal(90),
    "JPY": Decimal(150),
}
"""How much of a currency is about as much as one unit of a limit."""
MOST = Decimal(10_000_000)
"""No order is worth more: a longer number is a slip of the finger."""

_WITHOUT_CENTS = frozenset({"JPY"})
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
_NAMES = {"€": "EUR", "£": "GBP", "¥": "JPY", "円": "JPY"}
_DOLLARS = frozenset({"USD", "CAD", "AUD", "SGD", "MXN"})
_TYPED = re.compile(
    r"(?P<before>[A-Za-z]{3}|[€£¥$円])? ?(?P<number>[0-9][0-9.,' ]*)(?P<after>[A-Za-z]{3}|[€£¥$円])?"
)
_GROUPS = {
    **dict.fromkeys(("de", "es", "it", "nl", "tr", "pt"), (".", ",")),
    **dict.fromkeys(("fr", "sv", "pl"), (" ", ",")),
}
"""What parts thousands and what begins the cents, where it is not as in English."""


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount of a currency (ISO 4217 code)."""

    amount: Decimal
    currency: str

    @property
    def minor(self) -> int:
        """The amount in the smallest coin: cents, yen."""
        return int(self.amount.scaleb(digits(self.currency)))

    def __str__(self) -> str:
        return f"{self.amount:.{digits(self.currency)}f} {self.currency}"


def digits(currency: str) -> int:
    """How many digits stand behind the point."""
    return 0 if currency in _WITHOUT_CENTS else 2


def of_minor(minor: int, currency: str) -> Money:
    """The money that so many of the smallest coin are."""
    return Money(Decimal(minor).scaleb(-digits(currency)), currency)


def typed_money(text: str, currency: str) -> Money:
    """What somebody typed as an amount of `currency`: "12,50", "$1,234.56", "1500 JPY".

    Raises WrongInput where a person could read it in two ways ("1.234" of euros), and for another currency.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    found = _TYPED.fullmatch(plain)
    amount = _amount(found["number"].strip(), digits(currency)) if found else None
    if found is None or amount is None or amount > MOST:
        raise WrongInput(
            f'"{text[:30]}" is no amount of {currency}. Type it such as {_example(currency)}.',
            key="amount_unreadable",
            currency=currency,
            example=_example(currency),
        )
    for mark in (found["before"], found["after"]):
        if mark and not _means(mark.upper(), currency):
            raise WrongInput(
                f"This order is in {currency}; {mark} was typed.", key="amount_currency", currency=currency
            )
    return Money(amount, currency)


def _example(currency: str) -> str:
    return "1500" if currency in _WITHOUT_CENTS else "12.50"


def _means(mark: str, currency: str) -> bool:
    return currency in _DOLLARS if mark == "$" else _NAMES.get(mark, mark) == currency


def _amount(number: str, cents: int) -> Decimal | None:
    """The last separator begins the cents if at most `cents` digits follow it; the others part thousands."""
    whole, mark, rest = _parted(number, cents)
    groups = re.split(r"[.,' ]", whole)
    marks = set(re.findall(r"[.,' ]", whole))
    is_grouped = 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if len(marks) > 1 or mark in marks or (len(groups) > 1 and not is_grouped):
        return None
    if not mark and len(groups) == 2 and cents and marks & {".", ","}:
        # "1.234" of euros: a thousand to some, one and a bit to others.
        return None
    return Decimal("".join(groups) + (f".{rest}" if rest else "")).quantize(Decimal(1).scaleb(-cents))


def _parted(number: str, cents: int) -> tuple[str, str, str]:
    found = re.fullmatch(rf"(.*[0-9])([.,])([0-9]{{1,{cents}}})", number) if cents else None
    return (found[1], found[2], found[3]) if found else (number, "", "")


def written_money(money: Money, lang: str) -> str:
    """The amount as people write it in `lang`: "12,50 €", "$1,234.56", "1,500円"."""
    thousands, point = _GROUPS.get(lang, (",", "."))
    plain = f"{money.amount:,.{digits(money.currency)}f}"
    number = plain.translate({ord(","): thousands, ord("."): point})
    symbol = _SYMBOLS.get(money.currency)
    if symbol is None:
        return f"{number} {money.currency}"
    if lang in _GROUPS:
        return f"{number} {symbol}"
    if (money.currency, lang) in (("JPY", "ja"), ("JPY", "zh")):
        return f"{number}{'円' if lang == 'ja' else '日元'}"
    return f"{symbol}{number}"
