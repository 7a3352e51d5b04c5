"""Strips: a text as a row of units for the phrase search: words, or characters if Chinese or Japanese.

A strip knows where its sentences begin, because a phrase stands in one sentence; for the few that may cross
them every unit has a place, too.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from bot.domain.phrase_languages import absent_languages
from bot.domain.phrases import ACCENTS, SIGNS, UNSEEN

_LETTER = re.compile("[0-9A-Za-zÀ-ɏ]")
_PAST_ACCENTS = 0x250
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
# The set comes first, because the search for one is fast.
_SENTENCE_END = re.compile(
    r"[!?;。.\n\u3040-\u30ff\u3400-\u9fff]"
    rf"(?:(?<=[!?;。])|(?<=\.)(?=\s|$|[0-9A-Za-zÀ-ɏ{SIGNS}])|(?<=\n)\s*(?:\n|[-•*])"
    r"|(?<=[\u3040-\u30ff\u3400-\u9fff])[\u3040-\u30ff\u3400-\u9fff]*)"
)
_OF_NONE, _OF_WORDS, _OF_SIGNS = 0, 1, 2
# What each letter is part of, and letters without their accents, by number. Behind the last stands what is no part.
_KINDS = np.zeros(ord(SIGNS[-1]) + 2, dtype=np.uint8)
_KINDS[[code for code in range(_PAST_ACCENTS) if _LETTER.match(chr(code))]] = _OF_WORDS
_KINDS[[ord(sign) for sign in SIGNS[:-3]]] = _OF_SIGNS
_KINDS[ord(SIGNS[-3]) : ord(SIGNS[-1]) + 1] = _OF_SIGNS
_OF_CHARACTERS, _OF_ENDS = 1, 2
_KINDS_OF_CHARACTERS = np.ones(max(map(ord, UNSEEN)) + 2, dtype=np.uint8)
_KINDS_OF_CHARACTERS[[ord(sign) for sign in UNSEEN]] = _OF_NONE
_KINDS_OF_CHARACTERS[[ord(sign) for sign in "!?;。\n"]] = _OF_ENDS
_WITHOUT_ACCENT = np.array(
    [ord(ACCENTS.get(code, chr(code))) for code in range(_PAST_ACCENTS)], dtype=np.uint32
)
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
    """The Latin words, numbers and signs of a text.

    A unit begins and ends where one kind of letter follows on another; each sign is a unit.
    """
    letters = np.frombuffer(_lower(text).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    letters = np.where(letters < len(_WITHOUT_ACCENT), _WITHOUT_ACCENT.take(letters, mode="clip"), letters)
    low = letters.tobytes().decode("utf-32-le", "surrogatepass")
    kinds = _KINDS.take(letters, mode="clip")
    turns = np.ones(len(kinds) + 1, dtype=bool)
    turns[1:-1] = (kinds[1:] != kinds[:-1]) | (kinds[1:] == _OF_SIGNS)
    bounds = np.flatnonzero(turns)
    are_units = kinds[bounds[:-1]] != _OF_NONE
    first, last = bounds[:-1][are_units], bounds[1:][are_units]
    breaks = first.searchsorted([match.start() for match in _SENTENCE_END.finditer(low)]).tolist()
    starts, ends = first.tolist(), last.tolist()
    units = [low[start:end] for start, end in zip(starts, ends, strict=True)]
    if "ß" in low:
        units = [unit.replace("ß", "ss") for unit in units]
    return Strip(units, starts, ends, sorted({0, *breaks, len(units)}))


def read_characters(text: str) -> Strip:
    """The characters of a text without blanks and decoration; empty if none is Chinese or Japanese."""
    if not _CJK.search(text):
        return Strip("", [], [], [0])
    letters = np.frombuffer(_lower(text).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kinds = _KINDS_OF_CHARACTERS.take(letters, mode="clip")
    are_units = kinds == _OF_CHARACTERS
    starts = np.flatnonzero(are_units)
    units = letters[are_units].tobytes().decode("utf-32-le", "surrogatepass")
    breaks = starts.searchsorted(np.flatnonzero(kinds == _OF_ENDS)).tolist()
    return Strip(units, starts.tolist(), (starts + 1).tolist(), sorted({0, *breaks, len(units)}))


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
