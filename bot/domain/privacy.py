"""What of a buyer's words a channel does not get to see: telephone numbers, addresses, e-mails, card numbers.

A channel has more readers, and a longer memory, than an answer needs. Order ids, tracking numbers, articles,
amounts and dates stay readable: agents work with them. In doubt a number with a telephone's form is hidden, for
whoever may answer can look at it (desk/reveal.py). Languages: those of the marketplaces, en de fr es it ja zh.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile
from unicodedata import category

from bot.domain.policy.contacts import ALONE, NUMBER, is_in_a_plan
from bot.domain.policy.mask import ids_masked
from bot.domain.policy.personal import POSTCODE, STREETS, accounts

HIDDEN = "▒▒▒▒▒"
KINDS = ("phone", "email", "address", "account", "name", "rest")
LONGEST = 8_000
"""Characters: what follows them is hidden without a look."""

# Emojis with what changes their look, and the letters of a flag that nobody sees; "°" is of a house number.
_PICTURE = re.compile("[\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f\ufe0f]")
_JOINER = "\u200d"
_EMAIL = re.compile(
    r"[\w.+%'-]{1,64}\s?(?:[@＠]|[(\[]\s?(?:at|arroba)\s?[)\]])\s?[\w-]+(?:\s?[.．]\s?[\w-]{2,}){1,4}"
)
_SPELLED_EMAIL = re.compile(
    r"[\w.+%'-]{1,64}\s(?:at|arroba|chiocciola|arobase)\s"
    r"(?:gmail|googlemail|yahoo|hotmail|outlook|icloud|aol|gmx|web|t-online|orange|libero|qq|163)"
    r"(?:\s?[.]\s?|\s(?:dot|punkt|point|punto)\s)[a-z]{2,4}",
    re.IGNORECASE,
)
_PHONE_WORD = re.compile(
    r"(?:\b(?:phone|tel|telephone|mobile|cell|whats ?app|call|telefon|telefonnummer|handy|handynummer|"
    r"mobil|rufnummer|anrufen|t[ée]l[ée]phone|portable|appele[rz]|tel[ée]fono|m[óo]vil|llam\w{2,6}|cellulare|"
    r"chiam\w{2,6}|wechat|fax)\b|电话|手机|微信|電話|携帯|致电)[^\n0-9+]{0,25}$",
    re.IGNORECASE,
)
# What has none of these has no e-mail address, or no number: most texts are done with that.
_AT = re.compile(r"[@＠]|[(\[]\s?(?:at|arroba)\s?[)\]]|\s(?:at|arroba|chiocciola|arobase)\s", re.IGNORECASE)
_DIGIT = re.compile(r"[0-9０-９]")
# "my number" means a telephone; "tracking number" does not.
_NUMBER_WORD = re.compile(
    r"(?:\b(?:number|nummer|num[ée]ro|n[úu]mero)\b|号码|番号)[^\n0-9+]{0,25}$", re.IGNORECASE
)
_ID_WORD = re.compile(
    r"(?:\b(?:order|tracking|track|shipment|parcel|package|serial|model|part|invoice|item|asin|sku|ticket|case|"
    r"reference|ref|return|bestell\w*|auftrag\w*|sendung\w*|paket\w*|tracking\w*|serien\w*|artikel\w*|rechnung\w*|"
    r"commande|suivi|colis|facture|r[ée]f[ée]rence|s[ée]rie|article|pedido|seguimiento|env[íi]o|paquete|factura|"
    r"serie|ordine|spedizione|tracciamento|pacco|fattura|seriale|codice|dhl|ups|fedex|usps|gls|hermes|dpd|"
    r"no\.?)\b|注文|追跡|伝票|お問い合わせ番号|シリアル|型番|订单|快递|物流|运单|单号|序列号|型号)[^\n0-9+]{0,25}$",
    re.IGNORECASE,
)
# Numbers that are telephones' by form although nothing parts their digits: with a trunk zero, or a Chinese mobile.
_SOLID = re.compile(r"0[1-9][0-9]{8,10}|1[3-9][0-9]{9}|00[1-9][0-9]{8,12}")
_DIGITS_AFTER_A_WORD = range(6, 16)
_DIGITS = range(8, 16)
_GROUP = re.compile(r"\S+\s*")
_ONE_NUMBER = re.compile(r"\(?\+?\(?[0-9](?:[^\n+]*[0-9])?")

# Streets as buyers type them: any case, and the number in front or behind.
_LOOSE_STREETS = (
    re.compile(
        r"(?<![\w-])[0-9]{1,5}[a-z]?,?\s(?:[a-z][\w.'’-]{1,20}\s){1,3}"
        r"(?:street|avenue|road|lane|drive|court|boulevard|terrace|rue)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b[a-zäöü][\wäöüß-]{2,25}(?:\s?stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|damm|ufer)\s[0-9]{1,4}\s?[a-z]?\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?<![\w-])[0-9]{1,4}(?:\s?bis|\s?ter)?,?\s(?:rue|avenue|boulevard|place|chemin|impasse|all[ée]e|route|quai)\s"
        r"(?:(?:de|du|des|la|le|les|l'|l’)\s?){0,3}[\w'’-]{2,20}(?:\s[A-ZÀ-Ý][\w'’-]{1,20}){0,2}",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:calle|c/|avenida|avda\.?|plaza|paseo|camino|via|viale|corso|piazza|vicolo)\s"
        r"[\wà-ý'’. -]{2,40}?,?\s(?:n[.º°]?\s?)?[0-9]{1,4}\b",
        re.IGNORECASE,
    ),
    re.compile(r"(?:p\.?\s?o\.?\s?box|postfach|apartado|casella postale)\s?[0-9]{1,8}", re.IGNORECASE),
)
_TOWN = re.compile(r"[ ,、\n]{0,3}(?:[\w'’.-]{2,30}[ ,\n]{1,3}){0,3}$")
_AFTER_POSTCODE = re.compile(
    r"[ ,]{1,2}[A-ZÄÖÜÀ-Ý][\w'’äöüßéèàñ-]{1,30}(?:[ -][A-ZÄÖÜÀ-Ý][\w'’äöüßéèàñ-]{1,30}){0,2}"
)
_BRITISH_POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][ABD-HJLNP-UW-Z]{2}\b")
_JAPANESE_POSTCODE = re.compile(r"〒\s?[0-9]{3}[-－]?[0-9]{4}")
_TITLE_WORDS = (
    "dr dra prof dott dott.ssa dipl.-ing mr mrs ms miss mx herr frau mme mlle monsieur madame mademoiselle sr sra srta "
    "señor señora señorita sig sig.ra signor signora"
)
_TITLES = frozenset(_TITLE_WORDS.split())
_INITIAL = re.compile(r"[A-Za-zÀ-ɏΑ-Яа-я]")
# "Mr and Mrs Smith" are two.
_BOTH = frozenset(("and", "und", "et", "y", "e", "&", "+"))
_HOUSE = re.compile(r"(?:[0-9０-９]+|[-－丁目番地号室])+")
_NEAR = 60


@dataclass(frozen=True, slots=True)
class Hidden:
    """A text of which some is hidden; `counts` says how much of which of KINDS."""

    text: str
    counts: tuple[tuple[str, int], ...] = ()


@lru_cache(maxsize=2000)
def hide(text: str, name: str | None = None) -> Hidden:
    """The text with HIDDEN for what a channel does not get to see. Of `name`, the buyer's, the first word stays."""
    spans = _apart(sorted(_spans(text[:LONGEST], name)))
    if len(text) > LONGEST:
        spans.append((max(LONGEST, spans[-1][1] if spans else 0), len(text), "rest"))
    if not spans:
        return Hidden(text)
    pieces, last = [], 0
    for start, end, _kind in spans:
        pieces += [text[last:start], HIDDEN]
        last = end
    counts = Counter(kind for _start, _end, kind in spans)
    shown = tuple((kind, counts[kind]) for kind in KINDS if counts[kind])
    return Hidden("".join([*pieces, text[last:]]), shown)


def first_name(name: str | None) -> str | None:
    """A buyer's first name; None if none is known ("Dr. Muster"), or if it is an address or a number."""
    first = _names(name)[0]
    return first if first and not hide(first).counts else None


def _names(name: str | None) -> tuple[str | None, list[str]]:
    """The first name, and the others. "Muster, Katrin" has the family name in front, "Dr. Muster" has no other."""
    words = _words(name)
    joint = next((number for number, word in enumerate(words) if word.casefold() in _BOTH), 0)
    if joint and all(map(_is_title, words[:joint])):
        return None, [word for word in words[joint + 1 :] if not _is_title(word)]
    comma = next((number for number, word in enumerate(words[:-1]) if word.endswith(",")), None)
    family = [] if comma is None else words[: comma + 1]
    given = list(dropwhile(_is_title, words[len(family) :]))
    is_family_alone = not family and len(given) == 1 and len(words) > 1
    others = [word.rstrip(",;") for word in (*family, *(given if is_family_alone else given[1:]))]
    first = None if is_family_alone or not given else given[0].rstrip(",;")
    return first or None, [word for word in others if not _is_title(word)]


def _is_title(word: str) -> bool:
    """Whether nobody is greeted by it: a title, an initial, whatever is cut short by a full stop."""
    bare = word.rstrip(",;")
    return bare.endswith(".") or bare.casefold() in _TITLES or _INITIAL.fullmatch(bare) is not None


def _words(name: str | None) -> list[str]:
    """The words of a name without emojis, which a greeting must not have: Amazon forbids them in replies."""
    bare = (
        "".join(one for one in word if one == "°" or category(one) != "So").strip(_JOINER)
        for word in _PICTURE.sub("", name or "").split()
    )
    return [word for word in bare if any(map(str.isalpha, word))]


def _apart(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """The spans without overlaps: what begins first counts, and is made as long as what overlaps it."""
    found: list[tuple[int, int, str]] = []
    for start, end, kind in spans:
        if found and start < found[-1][1]:
            before = found[-1]
            found[-1] = (before[0], max(before[1], end), before[2])
        elif end > start:
            found.append((start, end, kind))
    return found


def _spans(text: str, name: str | None) -> Iterator[tuple[int, int, str]]:
    if _AT.search(text):
        for form in (_EMAIL, _SPELLED_EMAIL):
            yield from ((*match.span(), "email") for match in form.finditer(text))
    if _DIGIT.search(text):
        yield from ((*span, "address") for span in _addresses(text))
        yield from ((*span, "account") for span in accounts(text))
        yield from ((*span, "phone") for span in _phones(text))
    yield from ((*span, "name") for span in _surnames(text, name))


def _phones(text: str) -> Iterator[tuple[int, int]]:
    searched = ids_masked(text)
    for match in NUMBER.finditer(searched):
        for start, end in _numbers(match):
            if _is_phone(text, start, end):
                yield start, end


def _numbers(match: re.Match[str]) -> list[tuple[int, int]]:
    """The numbers in a row of digits: one on each line, and each plus sign begins another.

    What is longer than any telephone number, as with a postcode behind it, is taken as far as one can be.
    """
    parts = ((match.start() + one.start(), one[0]) for one in _ONE_NUMBER.finditer(match[0]))
    return [(start, start + len(_longest(part))) for start, part in parts]


def _longest(number: str) -> str:
    groups = _GROUP.findall(number)
    while len(groups) > 1 and sum(map(str.isdigit, "".join(groups))) >= _DIGITS.stop:
        groups.pop()
    return "".join(groups).rstrip()


def _is_phone(text: str, start: int, end: int) -> bool:
    number = text[start:end]
    count = sum(letter.isdigit() for letter in number)
    before = text[max(0, start - _NEAR) : start]
    if number.lstrip("(").startswith("+"):
        return count >= _DIGITS.start  # of "+49 171 2345678 75002 Paris" nobody can tell where it ends
    said, id_word = _PHONE_WORD.search(before), _ID_WORD.search(before)
    if id_word and (said is None or id_word.start() >= said.start()):
        return False
    if (said or _NUMBER_WORD.search(before)) and count in _DIGITS_AFTER_A_WORD:
        return True
    if _SOLID.fullmatch(number):
        return True
    return count in _DIGITS and bool(ALONE.fullmatch(number)) and is_in_a_plan(number)


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    low = text.lower()
    forms = [form for form, words in STREETS if any(word in low for word in words)]
    for match in (match for form in (*forms, *_LOOSE_STREETS) for match in form.finditer(text)):
        yield match.start(), _with_town(text, match.end())
    for form in (_BRITISH_POSTCODE, _JAPANESE_POSTCODE):
        yield from (match.span() for match in form.finditer(text))


def _with_town(text: str, end: int) -> int:
    """Where an address ends whose street ends at `end`: with postcode and town, if they follow."""
    house = _HOUSE.match(text, end)
    end = house.end() if house else end
    after = text[end : end + _NEAR]
    postcode = POSTCODE.search(after)
    if postcode is None or not _TOWN.fullmatch(after[: postcode.start()]):
        return end
    town = _AFTER_POSTCODE.match(after, postcode.end())
    return end + (town.end() if town else postcode.end())


def _surnames(text: str, name: str | None) -> Iterator[tuple[int, int]]:
    """The buyer's other names, where they stand as words of their own; letters without case are left alone."""
    for word in _names(name)[1]:
        if len(word) >= 3 and word.isalpha() and word[0].isupper():
            yield from (match.span() for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text))
