"""What the words of a sentence are about, whatever its language: the notions that the sentence model counts.

"Leave us a review", "hinterlassen Sie eine Bewertung" and "留个好评" are all `write` and `review`. What the model
learnt of a pair of notions in one language it knows in all of them. The lists are data (`settings/notions.toml`).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import numpy.typing as npt

from bot.domain.line_words import END, understood_words
from bot.domain.literals import Literals

_SIGNS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SHORTEST_PREFIX = 2
# Two notions belong together when no more than so many words lie between their words.
_NEAR = 10
# Of Japanese and Chinese, two signs count as one word.
_SIGNS_OF_A_WORD = 2
# How many words a lexicon remembers; a reply has about a hundred.
_REMEMBERED = 50_000

# More halves of a word than any line is long or near is wide, to keep the lines apart.
_APART = 1 << 32

Notions = frozenset[int]
Numbers = npt.NDArray[np.int64]
_NONE: Notions = frozenset()
# Stands among the notions of a text where a line ends.
_END_OF_LINE = -1


def folded(text: str) -> str:
    """Small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Numbers of notions by word, by beginning of a word, and by run of Japanese or Chinese signs."""

    count: int
    words: Mapping[str, Notions]
    beginnings: Mapping[str, Notions]
    signs: Mapping[str, Notions]
    _known: "_Known" = field(init=False, repr=False, compare=False)
    _runs: Literals = field(init=False, repr=False, compare=False)
    _of_runs: Sequence[Notions] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """What is known of words at first, the end of a line; and what finds all runs in one reading."""
        object.__setattr__(self, "_known", _Known(self.words, self.beginnings))
        object.__setattr__(self, "_runs", Literals(list(self.signs)))
        object.__setattr__(self, "_of_runs", list(self.signs.values()))

    @property
    def kinds(self) -> int:
        """How many different pieces there are: each notion, each pair in order, each pair in any order."""
        return self.count + 2 * self.count * self.count

    def pieces(self, lines: Sequence[str]) -> tuple[Numbers, Numbers]:
        """The pieces of each line, each once: its notions, the pairs of those that stand near each other.

        No line has a line's end in it.
        Two rows of the same length: the pieces, and the number of the line that each is of; in order of both.
        """
        owners, places, words, notions = self._rows(lines)
        first, second = _near_each_other(owners * _APART + places)
        of_two_words = words[first] != words[second]
        first, second = first[of_two_words], second[of_two_words]
        one, two = notions[first], notions[second]
        size = self.count
        unordered = size * size + np.minimum(one, two) * size + np.maximum(one, two)
        pieces = np.concatenate([notions, size + one * size + two, size + unordered])
        of_first = owners[first]
        once = _each_once(np.concatenate([owners, of_first, of_first]) * self.kinds + pieces)
        return once % self.kinds, once // self.kinds

    def _rows(self, lines: Sequence[str]) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """For each notion of each word: its line, its place there, the word's number, the notion; in order."""
        joined = "\n".join((*lines, ""))
        rows = self._rows_of_words(self._heard(joined))
        if joined.isascii() or not _SIGNS.search(joined):
            return rows
        owners, places, words, notions = map(
            np.concatenate, zip(rows, self._rows_of_signs(lines, joined), strict=True)
        )
        in_order = np.argsort(owners * _APART + places, kind="stable")
        return owners[in_order], places[in_order], words[in_order], notions[in_order]

    def _rows_of_words(self, heard: Sequence[Notions]) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        counts = np.fromiter(map(len, heard), dtype=np.int64, count=len(heard))
        words = np.repeat(np.arange(len(heard)), counts)
        notions = np.fromiter(chain.from_iterable(heard), dtype=np.int64, count=len(words))
        there = notions != _END_OF_LINE
        owners = np.cumsum(~there)[there]
        begins = np.append(0, words[~there] + 1)
        words = words[there]
        return owners, (words - begins[owners]) * _SIGNS_OF_A_WORD, words, notions[there]

    def _rows_of_signs(self, lines: Sequence[str], joined: str) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Of the runs that begin at a place the longest counts. Such words have numbers below zero."""
        longest = {start: number for number, start, _end in self._runs.found(joined)}
        starts = np.fromiter(longest.keys(), dtype=np.int64, count=len(longest))
        heard = [self._of_runs[number] for number in longest.values()]
        starts = starts.repeat(np.fromiter(map(len, heard), dtype=np.int64, count=len(heard)))
        notions = np.fromiter(chain.from_iterable(heard), dtype=np.int64, count=len(starts))
        begins = np.cumsum([0, *(len(line) + 1 for line in lines)])
        owners = begins.searchsorted(starts, side="right") - 1
        return owners, starts - begins[owners], -1 - starts, notions

    def _heard(self, text: str) -> list[Notions]:
        """The notions of each word."""
        return list(map(self._known.__getitem__, understood_words(text)))


class _Known(dict[str, Notions]):
    """The notions of each word that was met; a line's end stands for itself."""

    def __init__(self, words: Mapping[str, Notions], beginnings: Mapping[str, Notions]) -> None:
        super().__init__({END: frozenset({_END_OF_LINE})})
        self._words, self._beginnings = words, beginnings
        # A word may be as long as a text, and is looked up no further than this.
        self._longest = max(map(len, beginnings), default=0)

    def __missing__(self, word: str) -> Notions:
        """Those of a word that was not met yet."""
        plain = folded(word)
        notions = self._words.get(plain, _NONE)
        for length in range(_SHORTEST_PREFIX, min(len(plain), self._longest) + 1):
            notions |= self._beginnings.get(plain[:length], _NONE)
        if len(self) < _REMEMBERED:
            self[word] = notions
        return notions


def _each_once(numbers: Numbers) -> Numbers:
    """In order; np.unique does the same, and takes longer on so few, which are nearly in order."""
    ordered = np.sort(numbers, kind="stable")
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def _near_each_other(places: Numbers) -> tuple[Numbers, Numbers]:
    """The numbers of each two rows, of rows in order of their place, that are no more than `_NEAR` words apart."""
    last = np.searchsorted(places, places + _NEAR * _SIGNS_OF_A_WORD, side="right")
    followers = last - np.arange(len(places)) - 1
    first = np.repeat(np.arange(len(places)), followers)
    before = np.cumsum(followers) - followers
    return first, np.arange(len(first)) - before[first] + first + 1


def lexicon(lists: Mapping[str, Iterable[Sequence[str]]]) -> Lexicon:
    """The lexicon of lists of entries, by notion; `word*` is every word that begins so."""
    words: dict[str, set[int]] = {}
    beginnings: dict[str, set[int]] = {}
    signs: dict[str, set[int]] = {}
    for number, entries in enumerate(lists.values()):
        for entry in (one for of_language in entries for one in of_language):
            if _SIGNS.search(entry):
                signs.setdefault(unicodedata.normalize("NFKC", entry), set()).add(number)
            elif entry.endswith("*"):
                beginnings.setdefault(folded(entry[:-1]), set()).add(number)
            else:
                words.setdefault(folded(entry), set()).add(number)
    return Lexicon(len(lists), _frozen(words), _frozen(beginnings), _frozen(signs))


def _frozen(numbers: Mapping[str, set[int]]) -> dict[str, Notions]:
    return {entry: frozenset(found) for entry, found in numbers.items()}
