"""The search for phrases in a text (bot/domain/phrases.py says what a phrase is).

A text is read as a row of words, and as a row of characters if it is Chinese or Japanese. An index
from words to the phrases that begin with them makes one reading do for all phrases of a book.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from bot.domain.phrases import ACCENTS, CHARACTER_LANGUAGES, SIGNS, UNSEEN, Hit, Phrase, Step

# How many different words a book remembers; a text of a buyer has about a hundred.
_REMEMBERED = 50_000
_TOKEN = re.compile(rf"[0-9A-Za-zÀ-ɏ]+|[{SIGNS}]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SENTENCE_END = re.compile(r"[!?;。]|\.(?=\s|$)|\n\s*(?:\n|[-•*])")
_CHARACTER_RUN = re.compile(rf"(?P<end>[!?;。\n]+)|[^!?;。\n{UNSEEN}]+")
# Words that only one of our languages has, or characters that tell Japanese and Chinese apart. A text
# longer than LONG is searched only for the phrases of the languages that it has MARKS words of.
_MARKS_OF = {
    lang: marks.split()
    for lang, marks in {
        "en": "the and you your is for with we our please this have it",
        "de": "und der die das ist wir sie nicht ein eine ihre uns bitte wenn auf",
        "fr": "le les vous nous est votre et une pour dans pas des sur",
        "es": "el los que y su por para nos con del una",
        "it": "il che di per non e la le ci suo del",
        "ja": "の を に は が で い す ま",
        "zh": "的 您 们 了 请 我 这 会 是",
    }.items()
}
_LONG, _MARKS = 120, 4
_LEET = str.maketrans("013457@$", "oleastas")


@dataclass(frozen=True, slots=True)
class Strip:
    """A text as a row of units: words, or characters for Chinese and Japanese."""

    units: Sequence[str]
    starts: list[int]
    ends: list[int]
    sentences: list[int]


def read_words(text: str) -> Strip:
    """The Latin words, numbers and signs of a text."""
    low = text.lower()
    if len(low) != len(text):
        low = text
    if not low.isascii():
        low = low.translate(ACCENTS)
    units, starts, ends, sentences = [], [], [], []
    sentence = last = 0
    for match in _TOKEN.finditer(low):
        start, end = match.span()
        if start - last != 1 or low[last] != " ":
            sentence += bool(last) and _ends_sentence(text[last:start], text[start])
        last = end
        units.append(match[0])
        starts.append(start)
        ends.append(end)
        sentences.append(sentence)
    if "ß" in low:
        units = [unit.replace("ß", "ss") for unit in units]
    return Strip(units, starts, ends, sentences)


def _ends_sentence(between: str, following: str) -> bool:
    if _SENTENCE_END.search(between):
        return True
    return between == "." and following.isupper()


def read_characters(text: str) -> Strip:
    """The characters of a text without blanks and decoration; empty if none is Chinese or Japanese."""
    if not _CJK.search(text):
        return Strip("", [], [], [])
    low = text.lower()
    if len(low) != len(text):
        low = text
    units: list[str] = []
    starts: list[int] = []
    sentences: list[int] = []
    sentence = 0
    for match in _CHARACTER_RUN.finditer(low):
        if match.lastgroup == "end":
            sentence += 1
            continue
        units.append(match[0])
        starts += range(*match.span())
        sentences += [sentence] * len(match[0])
    return Strip("".join(units), starts, [start + 1 for start in starts], sentences)


def fits(form: str, unit: str) -> bool:
    """Whether a word has the form: `word`, `head*`, `*tail` or `*inner*`; `#` is any number."""
    if form == "#":
        return unit.isdigit()
    literal = form.strip("*")
    if form.startswith("*"):
        return literal in unit if form.endswith("*") else unit.endswith(literal)
    return unit.startswith(literal) if form.endswith("*") else unit == form


Spans = list[tuple[int, int]]
Chain = tuple[tuple[int, int], ...]
Clean = dict[str, list[tuple[int, int]]]
Choice = tuple[int, tuple[str, ...]]


class _Words:
    """The pieces of all phrases that are read by words."""

    def __init__(self) -> None:
        self.exact: dict[str, list[Choice]] = {}
        self.heads: dict[str, list[tuple[str, Choice]]] = {}
        self.inner: list[tuple[str, Choice]] = []
        self.known: dict[str, tuple[Choice, ...]] = {}

    def add(self, piece: int, choices: frozenset[tuple[str, ...]]) -> None:
        for first, *rest in choices:
            choice = (piece, tuple(rest))
            if first.startswith("*"):
                self.inner.append((first, choice))
            elif first.endswith("*"):
                self.heads.setdefault(first[:2], []).append((first[:-1], choice))
            else:
                self.exact.setdefault(first, []).append(choice)

    def occurring(self, strip: Strip) -> dict[int, list[tuple[list[int], tuple[str, ...]]]]:
        """For each piece that may occur: where its first word stands, and what has to follow there."""
        places: dict[str, list[int]] = {}
        for place, unit in enumerate(strip.units):
            places.setdefault(unit, []).append(place)
        found: dict[int, list[tuple[list[int], tuple[str, ...]]]] = {}
        for unit, where in places.items():
            for piece, rest in self._begun_by(unit):
                if not rest or rest[0] in places or rest[0][-1] == "*" or rest[0][0] in "*#":
                    found.setdefault(piece, []).append((where, rest))
        return found

    def _begun_by(self, unit: str) -> tuple[Choice, ...]:
        """The choices that begin with this word; remembered, because people use the same words again."""
        known = self.known.get(unit)
        if known is None:
            if len(self.known) >= _REMEMBERED:
                self.known.clear()
            known = self.known[unit] = tuple(self._look_up(unit))
        return known

    def _look_up(self, unit: str) -> list[Choice]:
        if unit.isdigit():
            return self.exact.get(unit, []) + self.exact.get("#", [])
        found = list(self.exact.get(unit, ()))
        found += [choice for head, choice in self.heads.get(unit[:2], ()) if unit.startswith(head)]
        found += [choice for form, choice in self.inner if fits(form, unit)]
        if len(unit) > 4 and not unit.isalpha() and (plain := unit.translate(_LEET)).isalpha():
            found += self._look_up(plain)
        return found

    def spans(self, strip: Strip, found: list[tuple[list[int], tuple[str, ...]]]) -> Spans:
        """All places of one piece, in order."""
        spans: Spans = []
        for places, rest in found:
            length = 1 + len(rest)
            spans += [(place, place + length) for place in places if not rest or _follows(strip, place, rest)]
        return sorted(spans) if len(found) > 1 else spans


def _follows(strip: Strip, place: int, rest: tuple[str, ...]) -> bool:
    last = place + len(rest)
    units = strip.units
    if last >= len(units) or strip.sentences[last] != strip.sentences[place]:
        return False
    return all(
        form == units[place + step] or (("*" in form or form == "#") and fits(form, units[place + step]))
        for step, form in enumerate(rest, start=1)
    )


class _Characters:
    """The pieces of all phrases that are read by characters."""

    def __init__(self) -> None:
        self.literals: dict[str, dict[str, list[int]]] = {}

    def add(self, piece: int, choices: frozenset[tuple[str, ...]]) -> None:
        for (literal,) in choices:
            self.literals.setdefault(literal[:2], {}).setdefault(literal, []).append(piece)

    def occurring(self, strip: Strip) -> dict[int, list[str]]:
        """For each piece that occurs: the literals that stand for it."""
        text = strip.units if isinstance(strip.units, str) else "".join(strip.units)
        found: dict[int, list[str]] = {}
        starts = set(map("".join, pairwise(text))) | set(text) | {"#"}
        for start in starts & self.literals.keys():
            for literal, pieces in self.literals[start].items():
                if literal == "#" or literal in text:
                    for piece in pieces:
                        found.setdefault(piece, []).append(literal)
        return found

    def spans(self, strip: Strip, found: list[str]) -> Spans:
        """All places of one piece, in order."""
        text = strip.units if isinstance(strip.units, str) else "".join(strip.units)
        spans: Spans = []
        for literal in found:
            if literal == "#":
                spans += [match.span() for match in re.finditer(r"[0-9]+", text)]
                continue
            place = text.find(literal)
            while place >= 0:
                spans.append((place, place + len(literal)))
                place = text.find(literal, place + 1)
        return sorted(spans) if len(found) > 1 else spans


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
        words = _Search(self._words, read_words(text), self.once)
        characters = _Search(self._characters, read_characters(text), self.once)
        # Most texts hold little of anything: clean phrases are only looked for where it matters.
        tags = {hit.phrase.tag for hit in words.hits() + characters.hits()}
        clean, also_clean = words.take_clean(tags), characters.take_clean(tags)
        # `LINE` is a word and a piece of a Japanese sentence: each half's clean phrases count in both.
        found = [hit for hit in words.hits() if not _is_taken(hit, also_clean)]
        found += [hit for hit in characters.hits() if not _is_taken(hit, clean)]
        hits: dict[str, list[Hit]] = {}
        for hit in sorted(found, key=lambda hit: (hit.start, hit.end)):
            hits.setdefault(hit.phrase.tag, []).append(hit)
        return hits


def _is_taken(hit: Hit, clean: Clean) -> bool:
    return any(start < hit.end and hit.start < end for start, end in clean.get(hit.phrase.tag, ()))


class _Half:
    """The phrases of one way of reading: by words, or by characters."""

    def __init__(self, phrases: Sequence[Phrase], *, characters: bool) -> None:
        self.pieces: _Words | _Characters = _Characters() if characters else _Words()
        self.rows: list[tuple[Phrase, tuple[int, ...]]] = []
        self.by_first: dict[int, list[int]] = {}
        ids: dict[frozenset[tuple[str, ...]], int] = {}
        for phrase in phrases:
            if (phrase.lang in CHARACTER_LANGUAGES) is characters:
                for step in phrase.steps:
                    if step.choices not in ids:
                        ids[step.choices] = len(ids)
                        self.pieces.add(ids[step.choices], step.choices)
                row = tuple(ids[step.choices] for step in phrase.steps)
                self.by_first.setdefault(row[0], []).append(len(self.rows))
                self.rows.append((phrase, row))

    def candidates(self, found: Collection[int], absent: set[str]) -> list[tuple[Phrase, tuple[int, ...]]]:
        """The phrases all of whose pieces may occur, in the order of the files, without absent languages."""
        numbers = sorted(number for piece in found for number in self.by_first.get(piece, ()))
        rows = [self.rows[number] for number in numbers]
        if absent:
            rows = [row for row in rows if row[0].lang not in absent]
        return [row for row in rows if len(row[1]) == 1 or all(piece in found for piece in row[1])]


def _absent(strip: Strip) -> set[str]:
    """The languages that a long text does not seem to be in; nothing is said of a short one."""
    if len(strip.units) < _LONG:
        return set()
    counts = Counter(strip.units)
    return {lang for lang, marks in _MARKS_OF.items() if sum(counts[mark] for mark in marks) < _MARKS}


class _Search:
    """One search of one half of a book through one strip."""

    def __init__(self, half: _Half, strip: Strip, once: frozenset[str]) -> None:
        self.half, self.strip, self.once = half, strip, once
        self.found: dict[int, Any] = dict(half.pieces.occurring(strip)) if strip.units else {}
        self.rows: dict[str, list[tuple[Phrase, tuple[int, ...]]]] = {}
        for row in half.candidates(self.found, _absent(strip)):
            self.rows.setdefault(row[0].tag, []).append(row)
        self.spans: dict[int, Spans] = {}
        self.taken: dict[str, set[int]] = {}
        self.known: dict[str, list[Hit]] = {}

    def take_clean(self, tags: set[str]) -> Clean:
        """Take away the words of clean phrases of these tags; where they stand in the text, by tag."""
        for tag in tags & self.rows.keys():
            gone: set[int] = set()
            for phrase, ids in self.rows[tag]:
                for chain in self._matches(phrase, ids, gone) if phrase.clean else ():
                    gone.update(place for start, end in chain for place in range(start, end))
            if gone:
                self.taken[tag] = gone
                self.known.pop(tag, None)
        starts, ends = self.strip.starts, self.strip.ends
        return {tag: [(starts[place], ends[place]) for place in gone] for tag, gone in self.taken.items()}

    def hits(self) -> list[Hit]:
        """All hits but those of clean phrases; one at most for the tags of which one is enough."""
        for tag in self.rows.keys() - self.known.keys():
            self.known[tag] = list(self._hits_of(tag))
        return [hit for tag in self.rows for hit in self.known[tag]]

    def _hits_of(self, tag: str) -> Iterator[Hit]:
        strip = self.strip
        for phrase, ids in self.rows[tag]:
            if phrase.clean:
                continue
            for chain in self._matches(phrase, ids, self.taken.get(tag, set())):
                start, end = chain[0][0], chain[-1][1]
                yield Hit(phrase, strip.starts[start], strip.ends[end - 1], strip.sentences[start])
                if tag in self.once:
                    return

    def _matches(self, phrase: Phrase, ids: tuple[int, ...], gone: set[int]) -> list[Chain]:
        for piece in ids:
            if piece not in self.spans:
                self.spans[piece] = self.half.pieces.spans(self.strip, self.found[piece])
            if not self.spans[piece]:
                return []
        return _matches(phrase, ids, self.strip, self.spans, gone)


def _matches(
    phrase: Phrase, ids: tuple[int, ...], strip: Strip, spans: Mapping[int, Spans], gone: set[int]
) -> list[Chain]:
    """Where the pieces stand in their order; walks forward once, so time is linear in the spans."""
    live: dict[int, Chain] = {}
    for number, (step, piece) in enumerate(zip(phrase.steps, ids, strict=True)):
        ahead: dict[int, Chain] = {}
        for span in spans[piece]:
            if gone and not gone.isdisjoint(range(*span)):
                continue
            before = () if number == 0 else _closest(live, strip, step, span[0])
            if before is not None:
                ahead[span[1]] = (*before, span)
        if not ahead:
            return []
        live = ahead
    return list(live.values())


def _closest(live: dict[int, Chain], strip: Strip, step: Step, start: int) -> Chain | None:
    """The chain whose last piece ended closest before `start`, within the step's gap."""
    for end in range(start, max(start - step.gap, 1) - 1, -1):
        if end in live and (step.across or strip.sentences[end - 1] == strip.sentences[start]):
            return live[end]
    return None
