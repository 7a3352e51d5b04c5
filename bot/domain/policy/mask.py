"""Blank out what looks like a forbidden number and is none: order ids, tracking numbers, dates, money.

Masking comes before searching; it avoids most false alarms. Forms: Amazon order ids (3-7-7), ASINs,
S10 of the postal union, UPS `1Z`, Amazon `TBA`, and the carriers that the table names.
"""

import re
from collections.abc import Iterator

BLANK = "\x7f"

_UNIT = (
    "mm|cm|km|m|kg|g|mg|ml|cl|l|oz|lbs?|ft|in|inch(?:es)?|zoll|pouces?|pulgadas|pollici|v|w|kw|wh|mah|ah|a|hz|khz|mhz|ghz|"
    "mb|gb|tb|lm|db|dpi|px|rpm|psi|bar|°c|°f|°|%|days?|tage?n?|jours?|d[ií]as|giorni|hours?|stunden|weeks?|"
    "個|枚|本|時間|日|天|小时|个|件|米|厘米|克|千克"
)
_MEASURE = r"[0-9]{1,5}(?:[.,][0-9]{1,6}){0,3}"
_CURRENCY = "eur|usd|gbp|jpy|cny|rmb|cad|aud|chf|pln|sek|mxn|euros?|dollars?|pounds?|yen|円|元|日元|美元|欧元|€|£|¥|[$]"

# The first group makes the search fast: nearly every place in a text fails it at once.
_FAST = r"(?=[0-9€£¥$]|(?<![A-Za-z0-9])[A-Za-z/]{1,5}[-:# ]{0,2}[0-9])(?:"
_IDS = (
    r"(?<![0-9])[0-9]{3}-?[ ]?[0-9]{7}-?[ ]?[0-9]{7}(?![0-9])(?<=[0-9])",
    r"\bB0[0-9A-Z]{8}\b",
    r"\b1Z ?(?:[0-9A-Z]{2,3} ?){5,7}[0-9A-Z]\b",
    r"\b(?:TBA|TBC|TBM)[0-9]{9,14}\b",
    # "al 936 114 507 si" is no parcel: with blanks, its letters are capitals.
    r"\b(?-i:[A-Z]{2} ?(?:[0-9] ?){9}[A-Z]{2})\b|\b[A-Z]{2}[0-9]{9}[A-Z]{2}\b",
    r"\b(?:SF|YT|JD|JJD|UPSMI|LP|ZTO|STO|4PX|CNUS|UUS|GM|LX|RB|RR)[0-9A-Z]{9,22}\b",
    r"\b(?:SF|YT|JD|ZTO|STO)[- ](?:[0-9]{3,5}[- ]){1,4}[0-9]{3,5}\b",
    r"\b(?:RMA|RET|CASE|SKU|FBA|INV|RE|SN|S/N|REF|PO|ID)[-:# ]{0,2}[0-9A-Z][0-9A-Z-]{3,24}\b",
    r"(?<![0-9])[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日?",
    r"(?<![0-9.])(?:[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}|[0-9]{1,2}[-./][0-9]{1,2}[-./](?:[0-9]{4}|[0-9]{2}))(?![0-9]|[-./][0-9])",
    r"(?<![0-9])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?",
)
_MEASURES = (
    r"(?:(?:[€£¥$]|\b(?:EUR|USD|GBP|JPY|CNY)\b) ?)[0-9][0-9.,]{0,20}",
    rf"(?<![0-9A-Za-z])[0-9][0-9.,]{{0,20}} ?(?:{_CURRENCY})(?![A-Za-z0-9])",
    # Nothing has a million of a unit: "+49 171 2345678 a casa" is a telephone.
    rf"(?<![0-9A-Za-z]){_MEASURE}(?: ?[-–~] ?{_MEASURE})? ?(?:{_UNIT})(?![A-Za-z0-9])",
    r"(?<![0-9A-Za-z])[0-9][0-9.,]{0,20} ?[x×*] ?[0-9][0-9.,]{0,20}(?: ?[x×*] ?[0-9][0-9.,]{0,20})?(?![A-Za-z0-9])",
)
_FLAGS = re.IGNORECASE | re.ASCII
_KNOWN_GOOD = re.compile(_FAST + "|".join((*_IDS, *_MEASURES)) + ")", _FLAGS)
_KNOWN_IDS = re.compile(_FAST + "|".join(_IDS) + ")", _FLAGS)


# Where a known-good number may begin: at one of these or at letters shortly before it, never between two digits.
_SIGN = re.compile(r"[0-9€£¥$](?:(?<=[0-9])[0-9]*)?")
_LED_BY = re.compile(r"(?<![A-Za-z0-9])[A-Za-z/]{1,5}[-:# ]{0,2}\Z")
_MOST_BEFORE = 7


def masked(text: str) -> str:
    """The text, as long as before, with every known-good number blanked."""
    return _blanked(_KNOWN_GOOD, text)


def ids_masked(text: str) -> str:
    """The same with ids, dates and times alone: "555-123-4567 in the evening" is no length in inches."""
    return _blanked(_KNOWN_IDS, text)


def _blanked(known: re.Pattern[str], text: str) -> str:
    pieces: list[str] = []
    last = 0
    for match in _matches(known, text):
        pieces += (text[last : match.start()], BLANK * len(match[0]))
        last = match.end()
    return "".join((*pieces, text[last:]))


def _matches(known: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """What `known` finds, looked for only where it may begin."""
    place = 0
    while sign := _SIGN.search(text, place):
        match = _led(known, text, place, sign.start()) or known.match(text, sign.start())
        if match:
            yield match
        place = match.end() if match else sign.end()


def _led(known: re.Pattern[str], text: str, place: int, sign: int) -> re.Match[str] | None:
    """What begins with letters before a sign, not before `place`."""
    start = max(place, sign - _MOST_BEFORE)
    if sign and not text[sign - 1].isdigit():
        while letters := _LED_BY.search(text, start, sign):
            if match := known.match(text, letters.start()):
                return match
            start = letters.start() + 1
    return None
