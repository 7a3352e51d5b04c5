"""Undisguise a text: what a reader sees, whatever letters were used to write it.

Full-width and styled letters, invisible characters, look-alikes from other alphabets and letters set
apart are turned into plain ones. Every character remembers where it came from, because findings are
shown in the text that the agent typed.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

_LOOKALIKES = dict(
    zip(
        "авеорсухіјѕԁԛԝһкмтнпгАВЕОРСУХІЈЅКМТНЗαορντικηχυΑΒΕΖΗΙΚΜΝΟΡΤΥΧɑɡɩⅼ",
        "abeopcyxijsdqwhkmthnrABEOPCYXIJSKMTH3aopvtiknxuABEZHIKMNOPTYXagil",
        strict=True,
    )
)
_SEPARATE = {
    "。": "。",
    "、": "、",
    "．": ".",
    "｡": "。",
    "…": "…",
    "\u2018": "'",
    "\u2019": "'",
    "\u2010": "-",
}
_SEPARATE |= {"\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u00a0": " "}
# Letters that Unicode calls small capitals, script, turned and the like, which NFKC leaves as they are.
_NAMED = re.compile(
    r"(?:LATIN (?:LETTER SMALL CAPITAL|SMALL LETTER (?:SCRIPT|DOTLESS|TURNED|REVERSED))"
    r"|REGIONAL INDICATOR SYMBOL LETTER) ([A-Z])$"
)
_KANA_MARKS = "\u3099\u309a"

# Single letters or digits with the same single blank between them: `w e c h a t`, `5 5 5 1 2 3 4`.
_APART = re.compile(r"(?<!\S)(?:[^\W_]|[@.]) (?:(?:[^\W_]|[@./]) ){2,60}(?:[^\W_]|[@.])(?![^\s.,;:!?)])")
_DOTTED = re.compile(r"(?<![0-9A-Za-z.])(?:[A-Za-zÀ-ÿ][-._*+~|/]){3,30}[A-Za-zÀ-ÿ](?![0-9A-Za-z])")
_BLANKS = re.compile(r" +")
_IN_CJK = re.compile(
    r"[./+&=|\u2022\u2661-\u2665\u2764](?<=[\u3040-\u30ff\u3400-\u9fff].)(?=[\u3040-\u30ff\u3400-\u9fff])"
)
_DOTS = re.compile(r"[-._*+~|/]+")


_ANY = re.compile(r".")
# What to draw together, at what, and what must occur for it to be worth the search.
_RUNS = (
    (_APART, _BLANKS, re.compile(r" [^\s] [^\s] [^\s]")),
    (_DOTTED, _DOTS, re.compile(r"[-._*+~|/][A-Za-zÀ-ÿ][-._*+~|/]")),
)


@dataclass(frozen=True, slots=True)
class Plain:
    """An undisguised text; `origin[i]` is where its character `i` stands in the text as given."""

    text: str
    origin: tuple[int, ...] | range

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `start:end` stands in the text as given."""
        if start >= end:
            return (0, 0)
        return (self.origin[start], self.origin[end - 1] + 1)

    def replaced(self, pattern: re.Pattern[str], by: str) -> "Plain":
        """The same text with every match replaced; `by` may hold at most as many characters as it."""
        pieces: list[str] = []
        origin: list[int] = []
        last = 0
        for match in pattern.finditer(self.text):
            start, end = match.span()
            if match[0] == by:
                continue
            pieces += (self.text[last:start], by)
            origin += self.origin[last:start]
            origin += self.origin[start : start + len(by)]
            last = end
        if not last:
            return self
        pieces.append(self.text[last:])
        origin += self.origin[last:]
        return Plain("".join(pieces), tuple(origin))


def undisguised(text: str) -> Plain:
    """What a reader sees: plain letters and digits, with letters set apart drawn together."""
    return _drawn_together(_plain_letters(text))


def _plain_letters(text: str) -> Plain:
    if text.isascii():
        return Plain(text, range(len(text)))
    plain_of = {letter: letter if letter < "\x7f" else _plain(letter) for letter in set(text)}
    if all(len(plain) == 1 for plain in plain_of.values()):
        return Plain(_exchanged(text, plain_of), range(len(text)))
    letters: list[str] = []
    origin: list[int] = []
    for place, letter in enumerate(text):
        if letter in _KANA_MARKS and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + letter)[0]
            continue
        for plain in plain_of[letter]:
            letters.append(plain)
            origin.append(place)
    return Plain("".join(letters), tuple(origin))


def _exchanged(text: str, plain_of: Mapping[str, str]) -> str:
    """The text with each letter exchanged for its plain one: few differ, and one after the other is fastest."""
    others = {letter: plain for letter, plain in plain_of.items() if letter != plain}
    if not others.keys().isdisjoint(others.values()):
        return text.translate({ord(letter): plain for letter, plain in others.items()})
    for letter, plain in others.items():
        text = text.replace(letter, plain)
    return text


@lru_cache(maxsize=20_000)
def _plain(letter: str) -> str:
    if letter in _SEPARATE:
        return _SEPARATE[letter]
    code = ord(letter)
    if 0x1F130 <= code <= 0x1F189:  # letters in circles and boxes, which NFKC leaves as they are
        return chr(ord("a") + (code - 0x1F130) % 32 % 26)
    if unicodedata.category(letter) in {"Cf", "Mn", "Me"}:
        return ""
    digit = unicodedata.digit(letter, None)
    if digit is not None:
        return str(digit)
    named = _NAMED.match(unicodedata.name(letter, ""))
    if named and letter not in _LOOKALIKES:
        return named[1].lower()
    composed = unicodedata.normalize("NFKC", letter)
    return "".join(_LOOKALIKES.get(part, part) for part in composed if not unicodedata.combining(part))


def _drawn_together(plain: Plain) -> Plain:
    """`w e c h a t` and `w.e.c.h.a.t` as one word."""
    for run, filler, sign in _RUNS if plain.text.isascii() else (*_RUNS, (_IN_CJK, _ANY, _IN_CJK)):
        if not sign.search(plain.text):
            continue
        keep: list[int] = []
        last = 0
        for match in run.finditer(plain.text):
            for blank in filler.finditer(plain.text, *match.span()):
                keep += range(last, blank.start())
                last = blank.end()
        if last:
            keep += range(last, len(plain.text))
            text = "".join(plain.text[place] for place in keep)
            plain = Plain(text, tuple(plain.origin[place] for place in keep))
    return plain
