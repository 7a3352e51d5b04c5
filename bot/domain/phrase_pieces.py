"""The pieces of all phrases of a book, and where in a sentence each of them begins."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import partial
from typing import NamedTuple

from bot.domain.literals import Literals
from bot.domain.phrase_strips import bits
from bot.domain.phrases import CHARACTER_LANGUAGES

# How many different words a book remembers of a set of languages, and of how many sets: a text of a buyer has about a
# hundred words, is of one of a dozen sets, and new words never end.
_REMEMBERED, _SETS = 5_000, 16
_DIGIT = re.compile("[0-9]")
_LEET = str.maketrans("013457@$", "oleastas")

# A piece's number, and the forms that follow its first word.
Choice = tuple[int, tuple[str, ...]]
# What to look for: literals, the pieces of each; and patterns of those with a number, with their pieces.
_Ready = tuple[Literals, list[tuple[int, ...]], list[tuple[re.Pattern[str], tuple[int, ...]]]]
# Where a piece begins, by how many units long it is there: a bit for each place.
Starts = dict[int, int]


def fits(unit: str, form: str) -> bool:
    """Whether a word has the form."""
    if form == "#":
        return unit.isdigit()
    if len(form) == 1 or "*" not in form:
        return unit == form
    literal = form.strip("*")
    if form.startswith("*") and form.endswith("*"):
        return literal in unit
    return unit.endswith(literal) if form.startswith("*") else unit.startswith(literal)


class Occurring(dict[int, Starts]):
    """Which pieces are `present` in a sentence, and where each of those begins that is asked for.

    Most phrases lack one of their pieces: where the others stand is worked out only when it matters.
    """

    def __init__(self, longer: dict[int, Starts], alone: Sequence[frozenset[int]] = ()) -> None:
        """`alone` are the pieces that each unit alone stands for."""
        super().__init__()
        self.present = frozenset().union(longer, *alone)
        self._longer, self._alone = longer, alone

    def __missing__(self, piece: int) -> Starts:
        """Where a piece begins, by how many units long it is there."""
        starts = dict(self._longer.get(piece, {}))
        places = [place for place, pieces in enumerate(self._alone) if piece in pieces]
        if places:
            starts[1] = starts.get(1, 0) | bits(places)
        self[piece] = starts
        return starts


class Begun(NamedTuple):
    """The pieces that a word alone stands for, and those that it begins, by the form of the word behind it."""

    alone: frozenset[int]
    before: dict[str, list[Choice]]
    before_forms: list[Choice]

    def pieces(self) -> Iterator[int]:
        """All of them."""
        yield from self.alone
        for choices in (*self.before.values(), self.before_forms):
            yield from (piece for piece, _rest in choices)


# Most words of a text; they share it.
_NOTHING = Begun(frozenset(), {}, [])


class _Known(dict[str, Begun]):
    """What each word begins; remembered, because people use the same words again.

    `idle` are those that begin no `leading` piece: in a sentence of such words there is no phrase.
    """

    def __init__(self, begun_by: Callable[[str], Begun], leading: Set[int]) -> None:
        super().__init__()
        self.idle: set[str] = set()
        self._begun_by, self._leading = begun_by, leading

    def __missing__(self, unit: str) -> Begun:
        """What a word begins that was not asked for yet."""
        begun = self[unit] = self._begun_by(unit)
        if self._leading.isdisjoint(begun.pieces()):
            self.idle.add(unit)
        return begun


class Words:
    """The pieces of all phrases that are read by words. Every phrase has one that is `leading`."""

    def __init__(self) -> None:
        self.leading: Set[int] = frozenset()
        self.exact: dict[str, list[Choice]] = {}
        self.heads: dict[str, list[tuple[str, Choice]]] = {}
        self.inner: list[tuple[str, Choice]] = []
        self.langs: dict[int, set[str]] = {}
        self.known: dict[frozenset[str], _Known] = {}

    def add(self, piece: int, choices: frozenset[tuple[str, ...]]) -> None:
        for first, *rest in choices:
            choice = (piece, tuple(rest))
            if first.startswith("*"):
                self.inner.append((first, choice))
            elif first.endswith("*"):
                self.heads.setdefault(first[:2], []).append((first[:-1], choice))
            else:
                self.exact.setdefault(first, []).append(choice)

    def occurring(self, units: Sequence[str], absent: frozenset[str]) -> Occurring | None:
        """Which pieces occur that are used in a language that is not absent; None if none do."""
        known = self._known(absent)
        if known.idle.issuperset(units):
            return None
        alone: list[frozenset[int]] = []
        longer: dict[int, Starts] = {}
        for place, (pieces, before, before_forms) in enumerate(map(known.__getitem__, units)):
            alone.append(pieces)
            for piece, rest in _longer(before, before_forms, units, place) if before or before_forms else ():
                starts = longer.setdefault(piece, {})
                starts[1 + len(rest)] = starts.get(1 + len(rest), 0) | 1 << place
        return Occurring(longer, alone)

    def _known(self, absent: frozenset[str]) -> _Known:
        absent = absent - CHARACTER_LANGUAGES
        known = self.known.get(absent)
        if known is None or len(known) >= _REMEMBERED:
            if len(self.known) >= _SETS:
                self.known.clear()
            known = self.known[absent] = _Known(partial(self._begun_by, absent), self.leading)
        return known

    def _begun_by(self, absent: frozenset[str], unit: str) -> Begun:
        """Pieces that this word alone stands for, and those that it begins."""
        choices = [choice for choice in self._look_up(unit) if not self.langs[choice[0]] <= absent]
        if not choices:
            return _NOTHING
        before: dict[str, list[Choice]] = {}
        before_forms: list[Choice] = []
        for piece, rest in choices:
            if rest and (rest[0] == "#" or "*" in rest[0]):
                before_forms.append((piece, rest))
            elif rest:
                before.setdefault(rest[0], []).append((piece, rest))
        return Begun(frozenset(piece for piece, rest in choices if not rest), before, before_forms)

    def _look_up(self, unit: str) -> list[Choice]:
        if unit.isdigit():
            return self.exact.get(unit, []) + self.exact.get("#", [])
        found = list(self.exact.get(unit, ()))
        found += [choice for head, choice in self.heads.get(unit[:2], ()) if unit.startswith(head)]
        found += [choice for form, choice in self.inner if fits(unit, form)]
        if len(unit) > 4 and not unit.isalpha() and (plain := unit.translate(_LEET)).isalpha():
            found += self._look_up(plain)
        return found


def _longer(
    before: Mapping[str, Sequence[Choice]], before_forms: Sequence[Choice], units: Sequence[str], place: int
) -> list[Choice]:
    """The pieces of several words that the word at a place begins there."""
    if place + 1 == len(units):
        return []
    begins = (*before.get(units[place + 1], ()), *before_forms)
    return [choice for choice in begins if _follow(choice[1], units, place + 1)]


def _follow(forms: Sequence[str], units: Sequence[str], place: int) -> bool:
    """Whether words of these forms stand there in a row."""
    return place + len(forms) <= len(units) and all(map(fits, units[place : place + len(forms)], forms))


class Characters:
    """The pieces of all phrases that are read by characters; in a literal, `#` is any number."""

    def __init__(self) -> None:
        self.leading: Set[int] = frozenset()
        self._known: dict[frozenset[str], _Ready] = {}
        self.literals: dict[str, list[int]] = {}
        self.langs: dict[int, set[str]] = {}

    def add(self, piece: int, choices: frozenset[tuple[str, ...]]) -> None:
        for (literal,) in choices:
            self.literals.setdefault(literal, []).append(piece)

    def occurring(self, units: Sequence[str], absent: frozenset[str]) -> Occurring | None:
        """Which pieces occur that are used in a language that is not absent; None if none do."""
        text = "".join(units)
        literals, pieces_of, with_numbers = self._ready(absent)
        masks: dict[tuple[tuple[int, ...], int], int] = {}
        for number, start, end in literals.found(text):
            literal = pieces_of[number], end - start
            masks[literal] = masks.get(literal, 0) | 1 << start
        for pattern, pieces in with_numbers if _DIGIT.search(text) else ():
            for match in pattern.finditer(text):
                literal = pieces, len(match[0])
                masks[literal] = masks.get(literal, 0) | 1 << match.start()
        found: dict[int, Starts] = {}
        for (pieces, length), mask in masks.items():
            for piece in pieces:
                starts = found.setdefault(piece, {})
                starts[length] = starts.get(length, 0) | mask
        return None if self.leading.isdisjoint(found) else Occurring(found)

    def _ready(self, absent: frozenset[str]) -> _Ready:
        absent = absent & CHARACTER_LANGUAGES
        if absent not in self._known:
            self._known[absent] = self._made_ready(absent)
        return self._known[absent]

    def _made_ready(self, absent: frozenset[str]) -> _Ready:
        plain: dict[str, tuple[int, ...]] = {}
        with_numbers = []
        for literal, pieces in self.literals.items():
            used = tuple(piece for piece in pieces if not self.langs[piece] <= absent)
            if used and "#" in literal:
                parts = map(re.escape, literal.split("#"))
                with_numbers.append((re.compile(r"(?<![0-9])[0-9]+".join(parts)), used))
            elif used:
                plain[literal] = used
        return Literals(list(plain)), list(plain.values()), with_numbers
