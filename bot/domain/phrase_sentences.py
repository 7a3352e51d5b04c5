"""What a book's phrases are found to be in one sentence, which is remembered.

Several threads share what is remembered: it may be emptied at any time, and nothing is put there half done.
"""

from collections.abc import Iterable, Mapping, Sequence, Set

from bot.domain.phrase_chains import Across, Chain, Row, chains
from bot.domain.phrase_languages import is_common
from bot.domain.phrase_pieces import Characters, Starts, Words
from bot.domain.phrases import CHARACTER_LANGUAGES, Phrase

# How many sentences are remembered, and of how many units: some paste whole pages without a full stop.
_REMEMBERED, _LONGEST = 2_000, 60


class Stretch:
    """Some units in a row, and the phrases all of whose pieces are in them.

    It is a sentence, or the whole text for the phrases that may cross sentences. `crossing` are the pieces of such
    phrases. Places count from the first unit.
    """

    def __init__(
        self, found: Mapping[int, Starts], rows: Iterable[Row], crossing: Set[int], across: Across
    ) -> None:
        self.found, self.crossing = found, crossing
        self.rows: dict[str, list[Row]] = {}
        for row in rows:
            self.rows.setdefault(row.phrase.tag, []).append(row)
        self._across = across
        self._hits: dict[tuple[str, int], list[tuple[Phrase, int, int]]] = {}
        self._clean: dict[tuple[str, int], int] = {}

    def clean(self, tag: str, gone: int) -> int:
        """A bit for each place that is gone or whose unit a clean phrase of this tag takes away."""
        if (tag, gone) not in self._clean:
            taken = gone
            for row in self.rows.get(tag, ()):
                for chain in self._chains(row, taken) if row.phrase.clean else ():
                    for start, end in chain:
                        taken |= (1 << end) - (1 << start)
            self._clean[tag, gone] = taken
        return self._clean[tag, gone]

    def hits(self, tag: str, gone: int) -> list[tuple[Phrase, int, int]]:
        """The places of all but clean phrases, without units that are gone."""
        if (tag, gone) not in self._hits:
            self._hits[tag, gone] = [
                (row.phrase, chain[0][0], chain[-1][1])
                for row in self.rows.get(tag, ())
                if not row.phrase.clean
                for chain in self._chains(row, gone)
            ]
        return self._hits[tag, gone]

    def _chains(self, row: Row, gone: int) -> list[Chain]:
        return chains(row, self.found, gone, self._across)


def _nowhere(_ends: int, _gap: int) -> int:
    """What may cross sentences is not found in one."""
    return 0


# A sentence in which there is no phrase.
EMPTY = Stretch({}, (), frozenset(), _nowhere)


def _rarest(row: Row) -> int:
    """The piece that one meets least: by its words that are common, then by all."""

    def commonness(number: int) -> tuple[int, int]:
        choices = row.phrase.steps[number].choices
        return sum(is_common(first) for first, *_rest in choices), len(choices)

    return row.pieces[min(range(len(row.pieces)), key=commonness)]


class Half:
    """The phrases of one way of reading: by words, or by characters."""

    def __init__(self, phrases: Sequence[Phrase], *, characters: bool, remembers: bool) -> None:
        self._longest = _LONGEST if remembers else 0
        self.pieces: Words | Characters = Characters() if characters else Words()
        self.crossing: list[tuple[Row, frozenset[int]]] = []
        self._rows: list[Row] = []
        self._ids: dict[frozenset[tuple[str, ...]], int] = {}
        for phrase in phrases:
            if (phrase.lang in CHARACTER_LANGUAGES) is characters:
                self._add(phrase)
        self._crossing_pieces = frozenset().union(*[pieces for _row, pieces in self.crossing])
        self._by_rarest: dict[int, list[tuple[int, frozenset[int]]]] = {}
        for number, row in enumerate(self._rows):
            self._by_rarest.setdefault(_rarest(row), []).append((number, frozenset(row.pieces)))
        self.pieces.leading = self._by_rarest.keys() | self._crossing_pieces
        self.known: dict[tuple[frozenset[str], str], Stretch] = {}

    def _add(self, phrase: Phrase) -> None:
        for step in phrase.steps:
            if step.choices not in self._ids:
                self._ids[step.choices] = len(self._ids)
                self.pieces.add(self._ids[step.choices], step.choices)
        row = Row(phrase, tuple(self._ids[step.choices] for step in phrase.steps))
        for piece in row.pieces:
            self.pieces.langs.setdefault(piece, set()).add(phrase.lang)
        if any(step.across for step in phrase.steps):
            self.crossing.append((row, frozenset(row.pieces)))
        else:
            self._rows.append(row)

    def sentence(self, units: Sequence[str], absent: frozenset[str]) -> Stretch:
        """The phrases of languages that are not absent in a sentence; EMPTY if there are none."""
        if len(units) > self._longest:
            return self._searched(units, absent)
        key = absent, units if isinstance(units, str) else " ".join(units)
        known = self.known.get(key)
        if known:
            return known
        found = self._searched(units, absent)
        if len(self.known) >= _REMEMBERED:
            self.known.clear()
        self.known[key] = found
        return found

    def _searched(self, units: Sequence[str], absent: frozenset[str]) -> Stretch:
        found = self.pieces.occurring(units, absent)
        if found is None:
            return EMPTY
        present = found.present
        numbers = [
            number
            for piece in self._by_rarest.keys() & present
            for number, pieces in self._by_rarest[piece]
            if pieces <= present
        ]
        crossing = self._crossing_pieces & present
        if not numbers and not crossing:
            return EMPTY
        rows = [self._rows[number] for number in sorted(numbers)]
        rows = [row for row in rows if row.phrase.lang not in absent]
        return Stretch(found, rows, crossing, _nowhere) if rows or crossing else EMPTY
