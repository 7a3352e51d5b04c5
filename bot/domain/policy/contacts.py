"""phone_number, and the wording of messaging_app and contact_off_amazon.

A number is a telephone number because of the word before it, or because of its form (a plus sign, or
separators and a number plan that knows it). Bare digits without such a word are left alone: case ids
and serial numbers have the same length.
"""

import re
from collections.abc import Iterable
from functools import cache

import phonenumbers

from bot.domain.phrase_strips import read_words
from bot.domain.phrases import fold
from bot.domain.policy.finding import Finding, Reading, found_in_plain
from bot.domain.policy.mask import BLANK, masked
from bot.domain.policy.normalise import Plain
from bot.domain.policy.vocabulary import DIGIT_WORDS, NUMBER_JOINTS

_REGIONS = ("US", "GB", "DE", "FR", "IT", "ES", "JP", "CN")
_REACH = 45
_FAR = _REACH + 1
_DIGITS_AFTER_A_WORD = range(6, 16)
_DIGITSALONE = range(7, 16)
NUMBER = re.compile(
    r"[+(0-9](?<![0-9A-Za-z].)(?:(?<=\+)\(?[0-9]|(?<=\()(?:\+\(?)?[0-9]|(?<=[0-9]))(?:[\s().\-/_~,*|·'+の]{0,3}[0-9])+(?![0-9A-Za-z])"
)
_VANITY = re.compile(
    r"(?<![0-9A-Za-z])1?[- .]?\(?8(?:00|33|44|55|66|77|88)\)?[- .][A-Z]{3,8}(?:-[A-Z0-9]{2,6})?(?![A-Za-z])"
)
_VANITY_SIGN = re.compile(r"8(?:00|33|44|55|66|77|88)[^0-9]")
# Forms that are telephone numbers without any word: a trunk prefix, the groups of the USA and of Spain,
# a Chinese mobile. Part numbers and customs codes have other ones.
ALONE = re.compile(
    r"(?:\(?0[0-9]{1,5}\)?|\(0\)[0-9]+)[\s().\-/_~*|·'の][0-9\s().\-/_~*|·'の]+|\(?[2-9][0-9]{2}\)?[\s.*|-]{1,3}[2-9][0-9]{2}[\s.*|-][0-9]{4}"
    r"|[6-9][0-9]{2}(?:[\s.-][0-9]{3}){2}|[6-9][0-9]{2}(?:[\s.-][0-9]{2}){3}|9[0-9][\s.-][0-9]{3}[\s.-][0-9]{2}[\s.-][0-9]{2}|1[3-9][0-9][\s.-][0-9]{4}[\s.-][0-9]{4}"
    r"|1[-. ]\(?[2-9][0-9]{2}\)?[-. ][2-9][0-9]{2}[-. ][0-9]{4}"
)
# As France, Spain and China write them.
_IN_GROUPS = re.compile(
    r"0[1-9](?:[\s.][0-9]{2}){4}|[89][0-9]{2}(?:[\s.][0-9]{2}){3}|1[3-9][0-9][\s-][0-9]{4}[\s-][0-9]{4}"
)
# `3.0.5.5.5.5.0.1.8.8`: no version and no serial number is written so.
_ONE_BY_ONE = re.compile(r"[0-9](?P<sign>[.\-_~*|·])(?:[0-9](?P=sign)){5,13}[0-9]")
# `3-5-0 0-0-0-0 1-1-8`: the same in groups.
_ONES_IN_GROUPS = re.compile(
    r"[0-9](?P<sign>[.\-_~*|·])[0-9](?:(?P=sign)[0-9])+(?:[\s,/]{1,2}[0-9](?:(?P=sign)[0-9])+){1,4}"
)
_ONES_LEAST = 8
_MIXED = re.compile(r"[0-9](?:(?<=[oO].)|[oOlI|])")
_HOME_NETWORK = re.compile(r"(?:192\.168|10\.[0-9]{1,3}|172\.(?:1[6-9]|2[0-9]|3[01]))(?:\.[0-9]{1,3}){2}")
_OH = re.compile(r"(?<=[0-9])[oO](?=[0-9 oO-])|(?<=[0-9][oO])[oO](?=[0-9 -])|(?<=[ +(-])[oO](?=[0-9]{2})")
_ELL = re.compile(r"(?<=[0-9])[lI|](?=[0-9])")
_SPELLED_LEAST = 3
_REMEMBERED = 50_000
# "020 7946 0317, reference GT-2281": the word behind a stop is said of the id that follows.
_STOP = re.compile(r"[,;.、，。；]")
_ID_FOLLOWS = re.compile(r"\W{0,3}[A-Z0-9-]{0,8}[0-9]")
# `07 stop 99 stop 00 stop 12`: the same word again and again between short numbers.
_SET_APART = re.compile(
    r"[0-9](?<![0-9].)[0-9]{0,3}(?P<apart>[\s,.-]{1,2}[A-Za-zÀ-ɏ]{2,12}[\s,.-]{1,2})[0-9]{1,4}(?:(?P=apart)[0-9]{1,4}){2,}(?![0-9])"
)
_CHINESE_NUMBER = re.compile(
    r"(?:[〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖ゼロ0-9][\s\-ー・の、,.]?){7,15}"
)
_CHINESE_DIGIT = re.compile("[〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]")
_CHINESE_OR_KANA = re.compile(r"[\u3005-\u30ff\u3400-\u9fff]")


class _Kinds(dict[str, str]):
    """Each word as one letter: `w` a number in words, `0` one in digits, `j` what may join two, a blank all others."""

    def __missing__(self, word: str) -> str:
        kind = "0" if word.isdigit() else " "
        if len(self) < _REMEMBERED:
            self[word] = kind
        return kind


_KINDS = _Kinds({fold(word): "j" for word in NUMBER_JOINTS} | {fold(word): "w" for word in DIGIT_WORDS})
_SIDE_BY_SIDE = re.compile("wj?[w0]|0j?w")
_KANA_DIGITS = (
    "ゼロ|れい|いち|に|さん|よん|ごー?|ろく|なな|はち|きゅう|"
    "レイ|イチ|ニー?|サン|ヨン|ゴー?|ロク|ナナ|ハチ|キュー|キュウ"
)
_KANA_NUMBER = re.compile(rf"(?:(?:{_KANA_DIGITS}|[0-9])[\s・、の-]?){{7,15}}")
# Each with its digits in words, and how many of those there must be.
_SPELLED_IN_CJK = (
    (_CHINESE_NUMBER, _CHINESE_DIGIT, 1),
    (_KANA_NUMBER, re.compile(_KANA_DIGITS), _SPELLED_LEAST),
)


def check_numbers(reading: Reading) -> list[Finding]:
    """Telephone numbers in digits or in words."""
    plain = reading.plain
    if _MIXED.search(plain.text):
        plain = plain.replaced(_OH, "0").replaced(_ELL, "1")
    text = masked(plain.text)
    spans = [match.span() for match in NUMBER.finditer(text) if _is_phone(reading, plain, match)]
    spans += [match.span() for match in _VANITY.finditer(text)] if _VANITY_SIGN.search(text) else []
    words = reading.words if plain is reading.plain else read_words(plain.text)
    spelled = _spelled(plain.text, may_be_words=_may_be_spelled(words.units))
    spans += [span for span in spelled if not any(s < span[1] and span[0] < e for s, e in spans)]
    return [found_in_plain(reading, plain, "phone_number", *span) for span in spans]


def _is_phone(reading: Reading, plain: Plain, match: re.Match[str]) -> bool:
    number = match[0]
    digits = sum(letter.isdigit() for letter in number)
    if digits not in _DIGITS_AFTER_A_WORD or _HOME_NETWORK.fullmatch(number):
        return False
    if _ONE_BY_ONE.fullmatch(number) or (digits >= _ONES_LEAST and _ONES_IN_GROUPS.fullmatch(number)):
        return True
    has_form = bool(ALONE.fullmatch(number)) and digits in _DIGITSALONE and is_in_a_plan(number)
    has_plus = number.lstrip("(").startswith("+")
    phone_word = _nearest(reading, plain, match, "phone_word")
    if not (has_form or has_plus or phone_word < _FAR):
        return False
    if _nearest(reading, plain, match, "id_word") < phone_word:
        # "SMS with the serial number to 0151 ..." and a carrier's line: no parcel's number is in such groups.
        return has_form and (phone_word < _FAR or bool(_IN_GROUPS.fullmatch(number)))
    return not has_plus or digits in _DIGITSALONE


def _nearest(reading: Reading, plain: Plain, match: re.Match[str], tag: str) -> int:
    """How far from the number a word of this kind stands, before it or right behind it; _FAR if none is close."""
    start, end = plain.span(*match.span())
    nearest = _FAR
    for hit in reading.hits.get(tag, ()):
        first, last = reading.plain.span(hit.start, hit.end)
        away = start - last if last <= start else (first - end) + _REACH // 2
        if not 0 <= away < nearest or BLANK in reading.text[last:start]:
            continue
        is_of_another = _STOP.search(reading.text, end, max(first, end)) and _ID_FOLLOWS.match(
            reading.text, last
        )
        if tag != "id_word" or not is_of_another:
            nearest = away
    return nearest


def is_in_a_plan(number: str) -> bool:
    """Whether the number plan of a country that we sell in has such a number."""
    for region in _REGIONS:
        try:
            parsed = phonenumbers.parse(number.replace("の", "-"), region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return True
    return False


def _spelled(text: str, *, may_be_words: bool) -> list[tuple[int, int]]:
    """Runs of at least six digits of which three or more are written as words, or set apart by a word."""
    spans = [match.span() for match in _SET_APART.finditer(text) if _digits(match[0]) >= 7]
    if not text.isascii() and _CHINESE_OR_KANA.search(text):
        for number, digit, least in _SPELLED_IN_CJK:
            if len(digit.findall(text)) >= least:
                found = number.finditer(text)
                spans += [match.span() for match in found if len(digit.findall(match[0])) >= least]
    low = text.lower()
    if not may_be_words or len(low) != len(text):
        return spans
    for run in _spelled_run().finditer(low):
        words = len(_spelled_word().findall(run[0]))
        if words >= _SPELLED_LEAST and words + _digits(run[0]) >= 6:
            spans.append(run.span())
    return spans


def _may_be_spelled(words: Iterable[str]) -> bool:
    """Whether it is worth the search: two numbers side by side, one at least in words, and enough of those."""
    kinds = "".join(map(_KINDS.__getitem__, words))
    return kinds.count("w") >= _SPELLED_LEAST and bool(_SIDE_BY_SIDE.search(kinds))


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


@cache
def _spelled_word() -> re.Pattern[str]:
    return re.compile("|".join(sorted(DIGIT_WORDS, key=len, reverse=True)))


@cache
def _spelled_run() -> re.Pattern[str]:
    """Numbers in words and digits, with separators or a joint between them: `tre tre tre, zero uno, 92`."""
    number = rf"(?:(?:{_spelled_word().pattern})+|[0-9]{{1,5}})"
    gap = rf"[\s,.\-/()]{{0,3}}(?<![0-9a-zÀ-ɏ])(?:(?:{'|'.join(sorted(NUMBER_JOINTS))})[\s-])?"
    return re.compile(rf"(?<![0-9a-zÀ-ɏ]){number}(?:{gap}{number}){{2,20}}(?![0-9a-zÀ-ɏ])")
