"""What the words of a sentence are about, whatever its language: the notions that the sentence model counts.

"Leave us a review", "hinterlassen Sie eine Bewertung" and "留个好评" are all `write` and `review`. What the model
learnt of a pair of notions in one language it knows in all of them. The lists are data (`policy_notions.toml`).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

_WORD = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u9fff]+n't|[^\W\d_\u3040-\u30ff\u3400-\u9fff]+|[?%€$£@★]")
_SIGNS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SHORTEST_PREFIX = 2
# Two notions belong together when no more than so many words lie between their words.
_NEAR = 10
# Of Japanese and Chinese, two signs count as one word.
_SIGNS_OF_A_WORD = 2

Notions = frozenset[int]
_NONE: Notions = frozenset()


def folded(text: str) -> str:
    """Small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Numbers of notions by word, by beginning of a word, and by run of Japanese or Chinese signs.

    The runs are by their first two signs, the longest of each first; those of one sign are in all that begin with it.
    """

    count: int
    words: Mapping[str, Notions]
    beginnings: Mapping[str, Notions]
    signs: Mapping[str, Sequence[tuple[str, Notions]]]
    _known: dict[str, Notions] = field(default_factory=dict, repr=False, compare=False)

    @property
    def kinds(self) -> int:
        """How many different pieces there are: each notion, each pair in order, each pair in any order."""
        return self.count + 2 * self.count * self.count

    def pieces(self, line: str) -> list[int]:
        """The pieces of one sentence, each once: its notions and the pairs of those that stand near each other."""
        places = self.found(line)
        pieces: set[int] = set()
        for index, (place, here) in enumerate(places):
            pieces |= here
            for other, there in places[index + 1 :]:
                if other - place > _NEAR:
                    break
                pieces.update(self._pairs(here, there))
        return sorted(pieces)

    def _pairs(self, here: Notions, there: Notions) -> Iterable[int]:
        size = self.count
        for one in here:
            for two in there:
                yield size + one * size + two
                low, high = (one, two) if one < two else (two, one)
                yield size + size * size + low * size + high

    def found(self, line: str) -> list[tuple[float, Notions]]:
        """The words that mean something and their places, counted in words, in order."""
        places: list[tuple[float, Notions]] = [
            (number, notions)
            for number, match in enumerate(_WORD.finditer(line))
            if (notions := self._known.get(match[0]) or self._of(match[0]))
        ]
        if _SIGNS.search(line):
            places += self._of_signs(line)
            places.sort(key=lambda one: one[0])
        return places

    def _of(self, word: str) -> Notions:
        if word in self._known:
            return self._known[word]
        plain = folded(word)
        notions = self.words.get(plain, _NONE)
        for length in range(_SHORTEST_PREFIX, len(plain) + 1):
            notions |= self.beginnings.get(plain[:length], _NONE)
        if len(self._known) < 50_000:
            self._known[word] = notions
        return notions

    def _of_signs(self, line: str) -> list[tuple[float, Notions]]:
        places: list[tuple[float, Notions]] = []
        for start in range(len(line)):
            # Most places begin no run: one look at two signs tells.
            for entry, notions in self.signs.get(line[start : start + 2]) or self.signs.get(line[start], ()):
                if line.startswith(entry, start):
                    places.append((start / _SIGNS_OF_A_WORD, notions))
                    break
        return places


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
    return Lexicon(len(lists), _frozen(words), _frozen(beginnings), _by_first_signs(_frozen(signs)))


def _frozen(numbers: Mapping[str, set[int]]) -> dict[str, Notions]:
    return {entry: frozenset(found) for entry, found in numbers.items()}


def _by_first_signs(runs: Mapping[str, Notions]) -> dict[str, list[tuple[str, Notions]]]:
    found: dict[str, list[tuple[str, Notions]]] = {}
    longest_first = sorted(runs, key=len, reverse=True)
    for run in longest_first:
        found.setdefault(run[:2], []).append((run, runs[run]))
    for run in longest_first:
        if len(run) == 1:
            for start in found:
                if len(start) == 2 and start[0] == run:
                    found[start].append((run, runs[run]))
    return found
