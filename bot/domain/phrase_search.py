"""The search for phrases in a text (bot/domain/phrases.py says what a phrase is).

A text is read as a row of words, and as a row of characters if it is Chinese or Japanese. An index
from words to the pieces that begin with them makes one reading do for all phrases of a book. A phrase
stands in one sentence, so each is searched by itself and remembered: people write the same ones again,
and a reply is checked each time that a word of it is changed. The few phrases that may cross sentences
are put together from what their pieces were found to be in each.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

from bot.domain.phrase_pieces import Starts
from bot.domain.phrase_sentences import EMPTY, Half, Stretch
from bot.domain.phrase_strips import Strip, places_of, read_characters, read_words
from bot.domain.phrases import Hit, Phrase

# The first unit of a sentence, the one behind its last, and what is found in it.
_Sentence = tuple[int, int, Stretch]


class Book:
    """Phrases of all tags and languages, indexed so that a text is read once for all of them.

    Our own sentences are worth remembering; what buyers write hardly comes again, and is nothing to keep.
    """

    def __init__(self, phrases: Sequence[Phrase], *, remembers: bool = True) -> None:
        self.phrases = tuple(phrases)
        self.halves = (
            Half(phrases, characters=False, remembers=remembers),
            Half(phrases, characters=True, remembers=remembers),
        )

    def search(self, text: str) -> dict[str, list[Hit]]:
        """Every tag that occurs in the text, with its hits in order of their place."""
        return dict(self.search_lazily(text))

    def search_lazily(self, text: str) -> "Hits":
        """The same, for who needs some of the tags only."""
        return self.search_strips(read_words(text), read_characters(text))

    def search_strips(self, words: Strip, characters: Strip) -> "Hits":
        """The same of a text that was read before."""
        by_words, by_characters = self.halves
        return Hits(_Search(by_words, words), _Search(by_characters, characters))

    def which(self, tags: Iterable[str], words: Strip, characters: Strip) -> frozenset[str]:
        """Those of the tags that occur, read by words or by characters: only as far as it takes to know."""
        sought = set(tags)
        for half, strip in zip(self.halves, (words, characters), strict=True):
            for _first, _last, stretch in _sentences(half, strip):
                there = sought & stretch.rows.keys()
                sought -= {tag for tag in there if stretch.hits(tag, stretch.clean(tag, 0))}
                if not sought:
                    return frozenset(tags)
        hits = self.search_strips(words, characters)
        return frozenset(tag for tag in tags if tag not in sought or tag in hits)


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
        tags = dict.fromkeys(tag for half in self._halves for tag in half.stretches)
        return (tag for tag in tags if tag in self)

    def __len__(self) -> int:
        return sum(1 for _tag in self)

    def _found(self, tag: str) -> list[Hit]:
        """A text holds little of most tags: clean phrases are only looked for where there is a hit."""
        words, characters = self._halves
        if not any(tag in half.stretches and half.hits(tag, 0) for half in self._halves):
            return []
        gone, also_gone = words.clean(tag), characters.clean(tag)
        # `LINE` is a word and a piece of a Japanese sentence: each half's clean phrases count in both.
        spans, also_spans = words.spans(gone), characters.spans(also_gone)
        hits = [hit for hit in words.hits(tag, gone) if not _is_taken(hit, also_spans)]
        return hits + [hit for hit in characters.hits(tag, also_gone) if not _is_taken(hit, spans)]


def _is_taken(hit: Hit, clean: list[tuple[int, int]]) -> bool:
    return any(start < hit.end and hit.start < end for start, end in clean)


def _sentences(half: Half, strip: Strip) -> Iterator[_Sentence]:
    """The sentences in which there may be phrases, each with its first unit and the one behind its last."""
    for first, last in pairwise(strip.bounds):
        stretch = half.sentence(strip.units[first:last], strip.absent)
        if stretch is not EMPTY:
            yield first, last, stretch


class _Search:
    """One search of one half of a book through one strip. `stretches` are those that may hold a tag, by tag."""

    def __init__(self, half: Half, strip: Strip) -> None:
        self.strip = strip
        self.stretches: dict[str, list[tuple[int, int, Stretch]]] = {}
        self.known: dict[tuple[str, int], list[Hit]] = {}
        sentences = list(_sentences(half, strip))
        for first, last, stretch in sentences:
            where = (self.places[first], last - first, stretch)
            for tag in stretch.rows:
                self.stretches.setdefault(tag, []).append(where)
        if half.crossing:
            self._add_crossing(half, sentences)

    def _add_crossing(self, half: Half, sentences: Sequence[_Sentence]) -> None:
        """The whole text is searched for the phrases that may cross sentences, if all their pieces are in it."""
        present = frozenset().union(*[stretch.crossing for _first, _last, stretch in sentences])
        rows = [
            row
            for row, pieces in half.crossing
            if pieces <= present and row.phrase.lang not in self.strip.absent
        ]
        if not rows:
            return
        found: dict[int, Starts] = {}
        for piece in {piece for row in rows for piece in row.pieces}:
            starts = found[piece] = {}
            for first, _last, stretch in sentences:
                for length, mask in stretch.found[piece].items() if piece in stretch.crossing else ():
                    starts[length] = starts.get(length, 0) | mask << self.places[first]
        whole = Stretch(found, rows, frozenset(), self._across)
        for tag in whole.rows:
            self.stretches.setdefault(tag, []).append((0, self.places[-1] + 1, whole))

    @cached_property
    def places(self) -> list[int]:
        """Those of the units; most strips of characters are empty, and hold none."""
        return self.strip.places()

    def clean(self, tag: str) -> int:
        """A bit for each place whose unit a clean phrase of this tag takes away."""
        gone = 0
        for begin, length, stretch in self.stretches.get(tag, ()):
            gone |= stretch.clean(tag, _part(gone, begin, length)) << begin
        return gone

    def spans(self, gone: int) -> list[tuple[int, int]]:
        """Where these places stand in the text."""
        return [self._span(place, place + 1) for place in places_of(gone)]

    def hits(self, tag: str, gone: int) -> list[Hit]:
        """The hits of all but clean phrases, without units that are gone."""
        if (tag, gone) not in self.known:
            self.known[tag, gone] = list(self._hits_of(tag, gone))
        return self.known[tag, gone]

    def _hits_of(self, tag: str, gone: int) -> Iterator[Hit]:
        for begin, length, stretch in self.stretches.get(tag, ()):
            for phrase, start, end in stretch.hits(tag, _part(gone, begin, length)):
                yield Hit(phrase, *self._span(begin + start, begin + end))

    def _span(self, start: int, end: int) -> tuple[int, int]:
        """Where the places `start:end` stand in the text."""
        strip = self.strip
        return strip.starts[self._unit_at(start)], strip.ends[self._unit_at(end - 1)]

    def _unit_at(self, place: int) -> int:
        return bisect_left(self.places, place)

    def _across(self, ends: int, gap: int) -> int:
        """The places of the next `gap` units and one, whatever sentences they are in."""
        window = 0
        for end in places_of(ends):
            following = self._unit_at(end)
            if following < len(self.places):
                last = self.places[min(following + gap, len(self.places) - 1)]
                window |= (1 << (last + 1)) - (1 << self.places[following])
        return window


def _part(gone: int, begin: int, length: int) -> int:
    """The bits of a stretch, counted from its beginning."""
    return gone >> begin & (1 << length) - 1 if gone else 0
