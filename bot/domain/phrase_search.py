"""The search for phrases in a text (bot/domain/phrases.py says what a phrase is).

A text is read as a row of words, and as a row of characters if it is Chinese or Japanese. An index
from words to the pieces that begin with them makes one reading do for all phrases of a book. Where
a piece stands is a number with a bit for each place, so that "a piece at most eight words behind
another" is a few operations on two numbers, whatever the length of the text.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from bot.domain.phrase_pieces import Characters, Occurring, Starts, Where, Words
from bot.domain.phrase_strips import Strip, places_of, read_characters, read_words, spread
from bot.domain.phrases import CHARACTER_LANGUAGES, Hit, Phrase

# Words that few of our languages have, or characters that tell Japanese and Chinese apart. A text
# is searched only for the phrases of the languages that it seems to be in: of a text longer than LONG
# those with MARKS of these words, because a part of it may be in another language; of a shorter one with
# at least a third as many as the language that has the most; of one with fewer than FEW all.
_MARKS_OF = {
    "en": "the and you your is for with we our please this have it of to are will can my by in no not",
    "de": "und der die das ist wir sie nicht ein eine ihre uns bitte wenn auf zu den dem ihnen im in es",
    "fr": "le les vous nous est votre et une pour dans pas des sur du au ce je qui avec la de un en se",
    "es": "el los que y su por para nos con del una usted se lo como esta le ya la de en un no es las al",
    "it": "il che di per non e la le ci suo del un sono una alla della lo gli si in al con i da",
    "ja": "の を に は が で い す ま",
    "zh": "的 您 们 了 请 我 这 会 是",
}
_MARKED = {
    mark: [lang for lang, marks in _MARKS_OF.items() if mark in marks.split()]
    for mark in " ".join(_MARKS_OF.values()).split()
}
_LONG, _MARKS, _FEW = 120, 4, 3

Chain = tuple[tuple[int, int], ...]


class Book:
    """Phrases of all tags and languages, indexed so that a text is read once for all of them.

    Of a tag in `once` one hit is enough to know, and no more are looked for.
    """

    def __init__(self, phrases: Sequence[Phrase], once: Iterable[str] = ()) -> None:
        self.phrases = tuple(phrases)
        self.once = frozenset(once)
        self._words = _Half(phrases, characters=False)
        self._characters = _Half(phrases, characters=True)

    def search(self, text: str) -> dict[str, list[Hit]]:
        """Every tag that occurs in the text, with its hits in order of their place."""
        return dict(self.search_lazily(text))

    def search_lazily(self, text: str) -> "Hits":
        """The same, for who needs some of the tags only."""
        return self.search_strips(read_words(text), read_characters(text))

    def search_strips(self, words: Strip, characters: Strip) -> "Hits":
        """The same of a text that was read before."""
        return Hits(_Search(self._words, words, self.once), _Search(self._characters, characters, self.once))


class Hits(Mapping[str, list[Hit]]):
    """The hits of each tag that occurs; a tag is only searched for when somebody asks for it."""

    def __init__(self, words: "_Search", characters: "_Search") -> None:
        self._halves = (words, characters)
        self._known: dict[str, list[Hit]] = {}

    def __getitem__(self, tag: str) -> list[Hit]:
        """The hits of one tag; KeyError if it does not occur."""
        if tag not in self._known:
            self._known[tag] = sorted(self._found(tag), key=lambda hit: (hit.start, hit.end))
        if not self._known[tag]:
            raise KeyError(tag)
        return self._known[tag]

    def __iter__(self) -> Iterator[str]:
        tags = dict.fromkeys(tag for half in self._halves for tag in half.rows)
        return (tag for tag in tags if tag in self)

    def __len__(self) -> int:
        return sum(1 for _tag in self)

    def _found(self, tag: str) -> list[Hit]:
        """A text holds little of most tags: clean phrases are only looked for where there is a hit."""
        words, characters = self._halves
        if not words.hits(tag, 0) and not characters.hits(tag, 0):
            return []
        gone, also_gone = words.clean(tag), characters.clean(tag)
        # `LINE` is a word and a piece of a Japanese sentence: each half's clean phrases count in both.
        spans, also_spans = words.spans(gone), characters.spans(also_gone)
        hits = [hit for hit in words.hits(tag, gone) if not _is_taken(hit, also_spans)]
        return hits + [hit for hit in characters.hits(tag, also_gone) if not _is_taken(hit, spans)]


def _is_taken(hit: Hit, clean: list[tuple[int, int]]) -> bool:
    return any(start < hit.end and hit.start < end for start, end in clean)


@dataclass(frozen=True, slots=True)
class _Row:
    """A phrase as the search needs it: the numbers of its pieces."""

    phrase: Phrase
    pieces: tuple[int, ...]


class _Half:
    """The phrases of one way of reading: by words, or by characters."""

    def __init__(self, phrases: Sequence[Phrase], *, characters: bool) -> None:
        self.pieces: Words | Characters = Characters() if characters else Words()
        self.rows: list[_Row] = []
        self.by_first: dict[int, list[tuple[int, frozenset[int]]]] = {}
        ids: dict[frozenset[tuple[str, ...]], int] = {}
        for phrase in phrases:
            if (phrase.lang in CHARACTER_LANGUAGES) is characters:
                for step in phrase.steps:
                    if step.choices not in ids:
                        ids[step.choices] = len(ids)
                        self.pieces.add(ids[step.choices], step.choices)
                pieces = tuple(ids[step.choices] for step in phrase.steps)
                for piece in pieces:
                    self.pieces.langs.setdefault(piece, set()).add(phrase.lang)
                self.by_first.setdefault(pieces[0], []).append((len(self.rows), frozenset(pieces)))
                self.rows.append(_Row(phrase, pieces))

    def candidates(self, present: Set[int], absent: frozenset[str]) -> list[_Row]:
        """The phrases all of whose pieces occur, in the order of the files, without absent languages."""
        numbers = [
            number
            for piece in self.by_first.keys() & present
            for number, pieces in self.by_first[piece]
            if pieces <= present
        ]
        rows = [self.rows[number] for number in sorted(numbers)]
        return [row for row in rows if row.phrase.lang not in absent] if absent else rows


def _absent(where: Where) -> frozenset[str]:
    """The languages that a text does not seem to be in."""
    marks = dict.fromkeys(_MARKS_OF, 0)
    for mark in where.places.keys() & _MARKED.keys():
        for lang in _MARKED[mark]:
            marks[lang] += len(where.places[mark])
    most = max(marks.values())
    least = _MARKS if len(where.strip.units) >= _LONG else (most + 2) // 3 * (most >= _FEW)
    return frozenset(lang for lang, number in marks.items() if number < least)


class _Search:
    """One search of one half of a book through one strip."""

    def __init__(self, half: _Half, strip: Strip, once: frozenset[str]) -> None:
        self.strip, self.once = strip, once
        self.rows: dict[str, list[_Row]] = {}
        self.found: Mapping[int, Starts] = self._found(half) if strip.units else {}
        self.known: dict[tuple[str, int], list[Hit]] = {}
        self.behind: dict[tuple[int, int], int] = {}

    def _found(self, half: _Half) -> Occurring:
        where = Where(self.strip)
        absent = _absent(where)
        found = half.pieces.occurring(where, absent)
        rows = half.candidates(found.present, absent)
        for row in rows:
            self.rows.setdefault(row.phrase.tag, []).append(row)
        found.ask_for({piece for row in rows for piece in row.pieces})
        return found

    def clean(self, tag: str) -> int:
        """A bit for each place whose word a clean phrase of this tag takes away."""
        gone = 0
        for row in self.rows.get(tag, ()):
            for chain in self._matches(row, gone) if row.phrase.clean else ():
                for start, end in chain:
                    gone |= (1 << end) - (1 << start)
        return gone

    def spans(self, gone: int) -> list[tuple[int, int]]:
        """Where these places stand in the text."""
        return [self._span(place, place + 1) for place in places_of(gone)]

    def hits(self, tag: str, gone: int) -> list[Hit]:
        """The hits of all but clean phrases, without words that are gone."""
        if (tag, gone) not in self.known:
            self.known[tag, gone] = list(self._hits_of(tag, gone))
        return self.known[tag, gone]

    def _hits_of(self, tag: str, gone: int) -> Iterator[Hit]:
        for row in self.rows.get(tag, ()):
            for chain in () if row.phrase.clean else self._matches(row, gone, once=tag in self.once):
                first = self.strip.unit_at(chain[0][0])
                yield Hit(row.phrase, *self._span(chain[0][0], chain[-1][1]), self.strip.sentences[first])
                if tag in self.once:
                    return

    def _span(self, start: int, end: int) -> tuple[int, int]:
        """Where the places `start:end` stand in the text."""
        strip = self.strip
        return strip.starts[strip.unit_at(start)], strip.ends[strip.unit_at(end - 1)]

    def _matches(self, row: _Row, gone: int, *, once: bool = False) -> list[Chain]:
        """Where the pieces stand in their order, without words that are gone; a chain for each end."""
        if not gone and len(row.pieces) > 1 and not self._begins(row):
            return []
        steps: list[Starts] = []
        ends = 0
        for number, piece in enumerate(row.pieces):
            starts = self.found[piece]
            if gone:
                starts = {length: mask & ~_overlapping(gone, length) for length, mask in starts.items()}
            if number:
                window = self._window(row, number, ends, gone)
                starts = {length: mask & window for length, mask in starts.items()}
            ends = 0
            for length, mask in starts.items():
                ends |= mask << length
            if not ends:
                return []
            steps.append(starts)
        if once:
            first = ends & -ends
            steps[-1] = {length: mask & (first >> length) for length, mask in steps[-1].items()}
        return _chains(steps)

    def _begins(self, row: _Row) -> bool:
        """Whether the second piece ever stands behind the first: most phrases end here."""
        window = self.behind.get((row.pieces[0], row.phrase.steps[1].gap))
        if window is None or row.phrase.steps[1].across:
            return True
        return any(mask & window for mask in self.found[row.pieces[1]].values())

    def _window(self, row: _Row, number: int, ends: int, gone: int) -> int:
        """Where the next piece may begin. What follows a first piece is remembered: many phrases share it."""
        step = row.phrase.steps[number]
        if step.across:
            return self._across(ends, step.gap)
        if number > 1 or gone:
            return spread(ends, step.gap)
        key = (row.pieces[0], step.gap)
        if key not in self.behind:
            self.behind[key] = spread(ends, step.gap)
        return self.behind[key]

    def _across(self, ends: int, gap: int) -> int:
        """The places of the next `gap` units and one, whatever sentences they are in."""
        places = self.strip.places
        window = 0
        for end in places_of(ends):
            following = self.strip.unit_at(end)
            if following < len(places):
                last = places[min(following + gap, len(places) - 1)]
                window |= (1 << (last + 1)) - (1 << places[following])
        return window


def _overlapping(gone: int, length: int) -> int:
    """Where a piece of this length would begin that has a word that is gone."""
    mask = gone
    for step in range(1, length):
        mask |= gone >> step
    return mask


def _chains(steps: list[Starts]) -> list[Chain]:
    """For each end of the last piece: the chain of closest pieces that leads there."""
    ends_of = [_shortest(starts) for starts in steps]
    rows = [sorted(ends) for ends in ends_of]
    chains = []
    for end in rows[-1]:
        chain = [(ends_of[-1][end], end)]
        for number in range(len(steps) - 2, -1, -1):
            place = rows[number][bisect_right(rows[number], chain[0][0]) - 1]
            chain.insert(0, (ends_of[number][place], place))
        chains.append(tuple(chain))
    return chains


def _shortest(starts: Starts) -> dict[int, int]:
    """For each end of a piece: the latest place where it begins."""
    return {
        start + length: start
        for length in sorted(starts, reverse=True)
        for start in places_of(starts[length])
    }
