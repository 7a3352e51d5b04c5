"""Strips: a text as a row of units for the phrase search: words, or characters if Chinese or Japanese.

A strip knows where its sentences begin, because a phrase stands in one sentence; for the few that may cross
them every unit has a place, too.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from bot.domain.phrase_languages import absent_languages
from bot.domain.phrases import ACCENTS, SIGNS, UNSEEN

_TOKEN = re.compile(rf"([0-9A-Za-zÀ-ɏ]+|[{SIGNS}])")
# The same for texts in ASCII.
_ASCII_TOKEN = re.compile(r"([0-9A-Za-z]+|[%$])")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
# The set comes first, because the search for one is fast.
_SENTENCE_END = re.compile(
    r"[!?;。.\n\u3040-\u30ff\u3400-\u9fff]"
    rf"(?:(?<=[!?;。])|(?<=\.)(?=\s|$|[0-9A-Za-zÀ-ɏ{SIGNS}])|(?<=\n)\s*(?:\n|[-•*])"
    r"|(?<=[\u3040-\u30ff\u3400-\u9fff])[\u3040-\u30ff\u3400-\u9fff]*)"
)
_CHARACTER_RUN = re.compile(rf"(?P<end>[!?;。\n]+)|[^!?;。\n{UNSEEN}]+")
# Many bits are set, and those of a large number read, through a string of digits: one by one each costs the whole.
_FEW, _LARGE = 8, 1 << 64
# More than the widest gap inside a sentence, of words and of characters.
_FREE = 20


@dataclass(frozen=True, slots=True)
class Strip:
    """A text as a row of units. `bounds` are the units with which sentences begin, and behind them how many there are.

    No sentence is empty. `starts` and `ends` are where the units stand in the text. `absent` are the languages that it
    does not seem to be in.
    """

    units: Sequence[str]
    starts: list[int]
    ends: list[int]
    bounds: list[int]
    absent: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Tell the languages apart once, for all that is searched for."""
        object.__setattr__(self, "absent", absent_languages(self.units))

    def places(self) -> list[int]:
        """A number for each unit, so that a gap that must not cross a sentence never does: more are left free there."""
        places: list[int] = []
        for number, (first, last) in enumerate(pairwise(self.bounds)):
            places += range(first + _FREE * number, last + _FREE * number)
        return places

    def within(self, spans: Sequence[tuple[int, int]]) -> "Strip":
        """Only the units that begin in these parts of the text, which are in order."""
        kept = [range(bisect_left(self.starts, start), bisect_left(self.starts, end)) for start, end in spans]
        numbers = [number for part in kept for number in part]
        if len(numbers) == len(self.starts):
            return self
        units = [self.units[number] for number in numbers]
        return Strip(
            "".join(units) if isinstance(self.units, str) else units,
            [self.starts[number] for number in numbers],
            [self.ends[number] for number in numbers],
            sorted({bisect_left(numbers, bound) for bound in self.bounds}),
        )


def read_words(text: str) -> Strip:
    """The Latin words, numbers and signs of a text."""
    low = _lower(text)
    if not low.isascii():
        low = low.translate(ACCENTS)
    parts = (_ASCII_TOKEN if low.isascii() else _TOKEN).split(
        low
    )  # what is between units, and units, by turns
    units = parts[1::2]
    bounds = list(accumulate(map(len, parts)))
    starts = bounds[:-1:2]
    breaks = {bisect_left(starts, match.start()) for match in _SENTENCE_END.finditer(low)}
    if "ß" in low:
        units = [unit.replace("ß", "ss") for unit in units]
    return Strip(units, starts, bounds[1::2], sorted({0, *breaks, len(units)}))


def read_characters(text: str) -> Strip:
    """The characters of a text without blanks and decoration; empty if none is Chinese or Japanese."""
    if not _CJK.search(text):
        return Strip("", [], [], [0])
    units: list[str] = []
    starts: list[int] = []
    bounds = {0}
    for match in _CHARACTER_RUN.finditer(_lower(text)):
        if match.lastgroup == "end":
            bounds.add(len(starts))
            continue
        units.append(match[0])
        starts += range(*match.span())
    return Strip("".join(units), starts, [start + 1 for start in starts], sorted({*bounds, len(starts)}))


def _lower(text: str) -> str:
    low = text.lower()
    return low if len(low) == len(text) else text


def bits(places: Sequence[int]) -> int:
    """The number with these bits."""
    if len(places) <= _FEW:
        mask = 0
        for place in places:
            mask |= 1 << place
        return mask
    digits = bytearray(b"0") * (places[-1] + 1)
    for place in places:
        digits[-1 - place] = 49
    return int(digits, 2)


def places_of(mask: int) -> list[int]:
    """The bits of a number, ascending."""
    places = []
    if mask < _LARGE:
        while mask:
            lowest = mask & -mask
            places.append(lowest.bit_length() - 1)
            mask ^= lowest
        return places
    digits = bin(mask)[:1:-1]
    place = digits.find("1")
    while place >= 0:
        places.append(place)
        place = digits.find("1", place + 1)
    return places


def spread(mask: int, gap: int) -> int:
    """The bits, and the `gap` next ones after each."""
    width = 1
    while width <= gap:
        step = min(width, gap + 1 - width)
        mask |= mask << step
        width += step
    return mask
