"""The pieces of all phrases of a book, and where in a text each of them begins."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from types import MappingProxyType

import ahocorasick

from bot.domain.phrase_strips import Strip, bits

# How many different words a book remembers; a text of a buyer has about a hundred.
_REMEMBERED = 50_000
_LEET = str.maketrans("013457@$", "oleastas")

# A piece's number, and the forms that follow its first word.
Choice = tuple[int, tuple[str, ...]]
# The pieces that a word alone stands for, and those that it only begins.
Begun = tuple[frozenset[int], list[Choice]]
# Where a piece begins, by how many units long it is there: a bit for each place.
Starts = dict[int, int]
_NOTHING: Begun = (frozenset(), [])


def fitting(form: str, units: Iterable[str]) -> list[str]:
    """Those of the words that have the form."""
    if form == "#":
        return [unit for unit in units if unit.isdigit()]
    literal = form.strip("*")
    if form.startswith("*") and form.endswith("*"):
        return [unit for unit in units if literal in unit]
    if form.startswith("*"):
        return [unit for unit in units if unit.endswith(literal)]
    return [unit for unit in units if unit.startswith(literal)]


class Where:
    """The places of each different unit of a strip."""

    def __init__(self, strip: Strip) -> None:
        self.strip = strip
        self.places: dict[str, list[int]] = {}
        self.masks: dict[str, int] = {}
        for unit, place in zip(strip.units, strip.places, strict=True):
            if unit in self.places:
                self.places[unit].append(place)
            else:
                self.places[unit] = [place]

    def mask(self, form: str) -> int:
        """A bit for each place where a unit of this form stands."""
        mask = self.masks.get(form)
        if mask is None:
            places = self.places.get(form, [])
            if form == "#" or (len(form) > 1 and "*" in form):
                places = sorted(place for unit in fitting(form, self.places) for place in self.places[unit])
            mask = self.masks[form] = bits(places)
        return mask

    def followed(self, unit: str, rest: Sequence[str]) -> int:
        """The places of a unit behind which units of these forms stand, in the same sentence."""
        mask = self.mask(unit)
        for step, form in enumerate(rest, start=1):
            mask &= self.mask(form) >> step
            if not mask:
                break
        return mask


class Occurring(dict[int, Starts]):
    """Which pieces are `present` in a strip, and where each of those begins that were asked for.

    Most phrases lack one of their pieces: where the others stand is worked out only when it matters.
    """

    def __init__(
        self,
        longer: dict[int, Starts],
        begun: Mapping[str, frozenset[int]] = MappingProxyType({}),
        mask: Callable[[str], int] = lambda _word: 0,
    ) -> None:
        super().__init__()
        self.present = longer.keys() | frozenset().union(*begun.values())
        self._longer, self._begun, self._mask = longer, begun, mask
        self._words: dict[int, list[str]] = {}

    def ask_for(self, pieces: Set[int]) -> None:
        """These are to be known."""
        for word, begun in self._begun.items():
            for piece in begun & pieces:
                self._words.setdefault(piece, []).append(word)

    def __missing__(self, piece: int) -> Starts:
        """Where a piece begins that was asked for, by how many units long it is there."""
        starts = self[piece] = self._longer.get(piece, {})
        for word in self._words.get(piece, ()):
            starts[1] = starts.get(1, 0) | self._mask(word)
        return starts


class Words:
    """The pieces of all phrases that are read by words."""

    def __init__(self) -> None:
        self.exact: dict[str, list[Choice]] = {}
        self.heads: dict[str, list[tuple[str, Choice]]] = {}
        self.inner: list[tuple[str, Choice]] = []
        self.langs: dict[int, set[str]] = {}
        self.known: dict[frozenset[str], dict[str, Begun]] = {}

    def add(self, piece: int, choices: frozenset[tuple[str, ...]]) -> None:
        for first, *rest in choices:
            choice = (piece, tuple(rest))
            if first.startswith("*"):
                self.inner.append((first, choice))
            elif first.endswith("*"):
                self.heads.setdefault(first[:2], []).append((first[:-1], choice))
            else:
                self.exact.setdefault(first, []).append(choice)

    def occurring(self, where: Where, absent: frozenset[str]) -> Occurring:
        """For each piece that occurs, and is used in a language that is not absent: where it begins."""
        known = self._known(absent)
        alone: dict[str, frozenset[int]] = {}
        longer: dict[int, Starts] = {}
        for unit in where.places:
            begun = known.get(unit) or known.setdefault(unit, self._begun_by(unit, absent))
            if begun is _NOTHING:
                continue
            pieces, choices = begun
            if pieces:
                alone[unit] = pieces
            for piece, rest in choices:
                if rest[0] in where.places or rest[0][-1] == "*" or rest[0][0] in "*#":
                    mask = where.followed(unit, rest)
                    if mask:
                        starts = longer.setdefault(piece, {})
                        starts[1 + len(rest)] = starts.get(1 + len(rest), 0) | mask
        return Occurring(longer, alone, where.mask)

    def _known(self, absent: frozenset[str]) -> dict[str, Begun]:
        """What each word begins; remembered, because people use the same words again."""
        known = self.known.setdefault(absent, {})
        if len(known) >= _REMEMBERED:
            known.clear()
        return known

    def _begun_by(self, unit: str, absent: frozenset[str]) -> Begun:
        """Pieces that this word alone stands for, and those that it begins."""
        choices = [choice for choice in self._look_up(unit) if not self.langs[choice[0]] <= absent]
        if not choices:
            return _NOTHING
        alone = frozenset(piece for piece, rest in choices if not rest)
        return alone, [choice for choice in choices if choice[1]]

    def _look_up(self, unit: str) -> list[Choice]:
        if unit.isdigit():
            return self.exact.get(unit, []) + self.exact.get("#", [])
        found = list(self.exact.get(unit, ()))
        found += [choice for head, choice in self.heads.get(unit[:2], ()) if unit.startswith(head)]
        found += [choice for form, choice in self.inner if fitting(form, (unit,))]
        if len(unit) > 4 and not unit.isalpha() and (plain := unit.translate(_LEET)).isalpha():
            found += self._look_up(plain)
        return found


class Characters:
    """The pieces of all phrases that are read by characters; in a literal, `#` is any number."""

    def __init__(self) -> None:
        self.literals: dict[str, list[int]] = {}
        self.langs: dict[int, set[str]] = {}

    def add(self, piece: int, choices: frozenset[tuple[str, ...]]) -> None:
        for (literal,) in choices:
            self.literals.setdefault(literal, []).append(piece)

    def occurring(self, where: Where, absent: frozenset[str]) -> Occurring:
        """For each piece that occurs, and is used in a language that is not absent: where it begins."""
        strip = where.strip
        places: dict[tuple[str, int], list[int]] = {}
        for literal, first, last in self._matches("".join(strip.units)):
            start = strip.places[first]
            # What begins in one sentence and ends in the next is no word.
            if strip.places[last] - start == last - first:
                places.setdefault((literal, 1 + last - first), []).append(start)
        found: dict[int, Starts] = {}
        for (literal, length), starts in places.items():
            present = [piece for piece in self.literals[literal] if not self.langs[piece] <= absent]
            mask = bits(starts) if present else 0
            for piece in present:
                of_piece = found.setdefault(piece, {})
                of_piece[length] = of_piece.get(length, 0) | mask
        return Occurring(found)

    def _matches(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Each literal that occurs, and its first and last character."""
        automaton, with_numbers = self._ready
        # An automaton without words refuses to search.
        for end, literal in automaton.iter(text) if automaton else ():
            yield literal, end - len(literal) + 1, end
        for literal, pattern in with_numbers:
            for match in pattern.finditer(text):
                yield literal, match.start(), match.end() - 1

    @cached_property
    def _ready(self) -> tuple[ahocorasick.Automaton, list[tuple[str, re.Pattern[str]]]]:
        automaton = ahocorasick.Automaton()
        with_numbers = [literal for literal in self.literals if "#" in literal]
        for literal in self.literals.keys() - set(with_numbers):
            automaton.add_word(literal, literal)
        automaton.make_automaton()
        return automaton, [
            (literal, re.compile(r"(?<![0-9])[0-9]+".join(map(re.escape, literal.split("#")))))
            for literal in with_numbers
        ]
