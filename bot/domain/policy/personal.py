"""personal_data: the buyer's address, birthday, card or account number, repeated without need."""

import re

from bot.domain.policy.finding import Finding, Reading, found, found_in_plain

# Each form with the words of which one must occur for it to be worth the search.
STREETS = (
    (
        re.compile(
            r"[0-9](?<![0-9].)[0-9]{0,4}[a-z]?,? (?:[A-Z][\w.'’-]{1,20} ){1,3}"
            r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Court|Ct|Boulevard|Blvd|Way|Close|Terrace)\b"
        ),
        ("",),
    ),
    (
        re.compile(
            r"[0-9](?<![0-9].)[0-9]{0,3}(?: ?bis| ?ter)?,? "
            r"(?:rue|avenue|av\.|boulevard|bd|place|chemin|impasse|all[ée]e|route|quai) [\w'’ -]{3,40}"
        ),
        ("rue", "av", "boulevard", "bd", "place", "chemin", "impasse", "all", "route", "quai"),
    ),
    (
        re.compile(
            r"\b[A-ZÄÖÜ][\wäöüß-]{2,25}"
            r"(?: ?[Ss]tra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ring|damm|ufer) [0-9]{1,4}[a-z]?\b"
        ),
        ("straße ", "strasse ", "str. ", "weg ", "platz ", "allee ", "gasse ", "ring ", "damm ", "ufer "),
    ),
    (
        re.compile(
            r"\b(?:[Cc]alle|C/|[Aa]venida|Avda\.?|[Pp]laza|[Pp]aseo|[Cc]amino|"
            r"[Vv]ia|[Vv]iale|[Cc]orso|[Pp]iazza|[Vv]icolo) "
            r"[A-ZÀ-Ý\w][\w'’. -]{2,40}?,? (?:n[.º°]? ?)?[0-9]{1,4}\b"
        ),
        (
            "calle",
            "c/",
            "avenida",
            "avda",
            "plaza",
            "paseo",
            "camino",
            "via ",
            "viale",
            "corso",
            "piazza",
            "vicolo",
        ),
    ),
    (
        re.compile(
            r"(?:東京都|北海道|(?:京都|大阪)府|[一-龥]{2,3}県)[^\s、。,]{2,30}[0-9]+(?:-|丁目|番)"
            r"|[一-龥]{2,7}[省市区县][^\s,。;]{2,24}(?:路|街|道|巷|弄|村)[0-9]+[号弄栋]"
        ),
        ("都", "道", "府", "県", "省", "市", "区", "县"),
    ),
)
POSTCODE = re.compile(
    r"(?<![0-9])\d{5}(?:-\d{4})?(?![0-9])|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|〒?\d{3}-\d{4}|(?<![0-9])\d{6}(?![0-9])"
)
_IBAN = re.compile(r"[A-Z](?<![0-9A-Za-z].)[A-Z][0-9]{2}(?: ?[0-9A-Z]{4}){3,7}(?: ?[0-9A-Z]{1,3})?\b")
_CARD = re.compile(r"[0-9](?<![0-9-].)[0-9]{3}[ -]?(?:[0-9]{4}[ -]?){2}[0-9]{3,4}(?![0-9-])")
_DATE = re.compile(
    r"\d{1,4}[-./年] ?\d{1,2}[-./月] ?\d{1,4}日?"
    r"|\d{1,2}\.? ?[A-Za-zéûäçó]{3,10},? (?:de )?\d{4}|[A-Z][a-z]{2,8} \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
)
_FOUR_DIGITS = re.compile(r"[0-9]{4}")
_BETWEEN = 60


def check_personal_data(reading: Reading) -> list[Finding]:
    """Facts of the buyer that the reply repeats."""
    findings = [found(reading, "personal_data", *span) for span in _known_facts(reading)]
    plain = reading.plain
    spans = _addresses(reading) + _birthdays(reading) + accounts(plain.text)
    return findings + [found_in_plain(reading, plain, "personal_data", *span) for span in spans]


def _known_facts(reading: Reading) -> list[tuple[int, int]]:
    text = reading.text.lower()
    spans = []
    for fact in reading.context.buyer_facts:
        needle = fact.strip().lower()
        place = text.find(needle) if len(needle) >= 5 else -1
        if place >= 0:
            spans.append((place, place + len(needle)))
    return spans


def _addresses(reading: Reading) -> list[tuple[int, int]]:
    """A street with a postcode near it, or after words such as "your address"; not where returns go."""
    text = reading.plain.text
    low = text.lower()
    forms = [form for form, words in STREETS if any(word in low for word in words)]
    spans = []
    for match in (match for form in forms for match in form.finditer(text)):
        around = text[max(match.start() - _BETWEEN, 0) : match.end() + _BETWEEN]
        has_postcode = POSTCODE.search(around.replace(match[0], " "))
        is_theirs = has_postcode or _is_behind(reading, "address_word", match.start())
        if is_theirs and not _is_behind(reading, "our_address_word", match.start()):
            spans.append(match.span())
    return spans


def _is_behind(reading: Reading, tag: str, place: int, reach: int = _BETWEEN) -> bool:
    """Whether a word of the helper list `tag` ends at most `reach` characters before `place`."""
    return any(0 <= place - hit.end <= reach for hit in reading.hits.get(tag, ()))


def _birthdays(reading: Reading) -> list[tuple[int, int]]:
    if "birthday_word" not in reading.hits:
        return []
    matches = _DATE.finditer(reading.plain.text)
    return [match.span() for match in matches if _is_behind(reading, "birthday_word", match.start(), 30)]


def accounts(text: str) -> list[tuple[int, int]]:
    """Where card numbers and IBANs stand."""
    if not _FOUR_DIGITS.search(text):
        return []
    cards = [match.span() for match in _CARD.finditer(text) if _is_card(match[0])]
    ibans = [match.span() for match in _IBAN.finditer(text) if _is_iban(match[0])]
    return cards + ibans


def _is_card(number: str) -> bool:
    """Luhn's sum, and a first digit that card companies use; a tracking number seldom has both."""
    digits = [int(letter) for letter in number if letter.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return digits[0] in {3, 4, 5, 6} and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_iban(number: str) -> bool:
    compact = number.replace(" ", "")
    turned = compact[4:] + compact[:4]
    return 15 <= len(compact) <= 34 and int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1
